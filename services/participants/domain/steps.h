#pragma once

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "services/participants/domain/case.h"

namespace teilhabe::participants {

// Whether a step may be recorded next: the state machine of a case. Nobody drops out (N-10): after the step, and after
// the last day of a service that it ends, the case rests on something. `today`: the network's. What a log holds already
// is folded, never checked again. Errors, kFailedPrecondition with field unless said otherwise:
//   STEP_MALFORMED (kInvalidArgument)  a day or name that contradicts itself
//   STEP_UNKNOWN      names a step that the case has not, or of another kind
//   CASE_ENDED        only an application follows an end; of the dead what waits is decided or closed, nothing else
//                     follows death or `joined`
//   GRANT_AFTER_DEATH services expire with the person
//   APPLICATION_OPEN  an application for this stage waits; APPLICATION_DECIDED
//   APPLICANT_WITHOUT_CAPACITY, REPRESENTATION_MISSING, REPRESENTATION_NOT_VALID  see representation.h
//   ASSESSMENT_MISSING, DETERMINATION_MISSING  Bedarfsermittlung, Bedarfsfeststellung, plan: in this order (N-04)
//   PLAN_VERSION      not the next one; GESAMTPLAN_MISSING: the finding of § 108 Abs. 2 SGB IX rests on a Gesamtplan
//   REVIEW_MISSING, REVIEW_TOO_LATE  a plan or individual solution is reviewed within two years (§ 121 Abs. 2; N-10)
//   NOT_GRANTED, START_BEFORE_DECISION, START_BEFORE_GRANT, START_AFTER_GRANT, SERVICE_RUNS, SERVICE_ENDED,
//   END_BEFORE_START, END_AFTER_GRANT, FOLLOW_TWICE (a solution and an end), CASE_WOULD_DROP_OUT, JOIN_NOT_LATER
absl::Status CheckStep(const Case& folded, const Step& step, absl::CivilDay today);

}  // namespace teilhabe::participants
