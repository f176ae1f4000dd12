#pragma once

#include "absl/status/statusor.h"
#include "teilhabe/eligibility/v1/admission.pb.h"

namespace teilhabe::eligibility {

// What EligibilityService.EvaluateAdmission answers, by the embedded rules: for use cases in the same process, which
// run without gRPC. Pure; safe from any thread. Errors: see the rpc.
absl::StatusOr<v1::EvaluateAdmissionResponse> EvaluateAdmission(const v1::EvaluateAdmissionRequest& request);

}  // namespace teilhabe::eligibility
