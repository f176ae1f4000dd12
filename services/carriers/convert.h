#pragma once

#include "absl/status/statusor.h"
#include "services/carriers/domain/competence.h"
#include "teilhabe/carriers/v1/competence.pb.h"

namespace teilhabe::carriers {

// How much of an answer is sent.
enum class Detail { kAnswer, kFindings, kText };

// Reads a question. The result points into `question`. Errors: kInvalidArgument FIELD_REQUIRED, DAY_INVALID and those
// of law::SetFact, each with its field.
absl::StatusOr<Question> FromProto(const v1::CompetenceQuestion& question, const reference::Reference& reference);

// Writes an answer into `proto`, which is empty.
void ToProto(const CompetenceRules& rules, const Question& question, const Competence& answer, Detail detail,
             v1::Competence* proto);

}  // namespace teilhabe::carriers
