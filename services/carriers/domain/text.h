#pragma once

#include <string>
#include <vector>

#include "services/carriers/domain/competence.h"

namespace teilhabe::carriers {

// The German sentence of one rule that spoke; "" where it has nothing to say for that verdict.
std::string FindingText(const CompetenceRules& rules, const Question& question, const Competence& answer,
                        const law::RuleVerdict& verdict);

// The whole answer in German, one sentence an entry: the result first, then what it rests on, then what is missing.
std::vector<std::string> AnswerText(const CompetenceRules& rules, const Question& question, const Competence& answer);

}  // namespace teilhabe::carriers
