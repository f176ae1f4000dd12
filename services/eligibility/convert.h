#pragma once

#include "absl/status/statusor.h"
#include "services/eligibility/domain/admission.h"
#include "teilhabe/eligibility/v1/admission.pb.h"

namespace teilhabe::eligibility {

// Reads a question. Errors, all kInvalidArgument with field: STAGE_MISSING, PROVIDER_TYPE_MISSING, LAND_UNKNOWN,
// DAY_INVALID and those of law::SetFact.
absl::StatusOr<Question> FromProto(const v1::AdmissionQuestion& question);

// Writes an answer into `proto`, which is empty.
void ToProto(const AdmissionRules& rules, const Question& question, const Admission& answer, bool with_text,
             v1::Admission* proto);

}  // namespace teilhabe::eligibility
