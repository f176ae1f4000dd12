#pragma once

#include <string>
#include <vector>

#include "services/eligibility/domain/admission.h"

namespace teilhabe::eligibility {

// The German sentence of one rule that spoke; "" where it has nothing to say for that verdict.
const std::string& FindingText(const AdmissionRules& rules, const law::RuleVerdict& verdict);

// The whole answer in German, one sentence an entry: the result first, then what it rests on, then what is missing.
std::vector<std::string> AnswerText(const AdmissionRules& rules, const Question& question, const Admission& answer);

}  // namespace teilhabe::eligibility
