#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "services/participants/domain/case.h"

// Who may apply for a person (law.md 8a.3): § 11 SGB X, § 36 SGB I, § 13 SGB X, §§ 1626 ff., 1789, 1814 ff. BGB.
namespace teilhabe::participants {

// Whether the application may be recorded as one of this applicant, on the day on which it arrived. Where this
// agency does not see who acts or when the person was born, nothing is said. Errors, kFailedPrecondition
// with field:
//   APPLICANT_WITHOUT_CAPACITY  the person is under 15 (§ 36 SGB I), or acts alone in a matter for which an
//                               Einwilligungsvorbehalt or an exclusive declaration holds (§ 11 SGB X)
//   REPRESENTATION_MISSING      no such entry
//   REPRESENTATION_NOT_VALID    the entry was not in force that day, does not cover the matter, was not proved, or
//                               is of a kind that applies for nothing; of parents or Betreuer who act jointly another
//                               one is missing. In danger a Betreuer acts alone, too (§ 1817 Abs. 3 BGB): that is
//                               not modelled, the agency acts ex officio then
absl::Status CheckApplicant(const Case& folded, const Application& application);

// Whether an entry may be recorded. Errors: kInvalidArgument STEP_MALFORMED with field.
absl::Status CheckRepresentation(const Representation& who);

}  // namespace teilhabe::participants
