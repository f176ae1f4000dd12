#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "services/participants/domain/case.h"

namespace teilhabe::participants {

// Whether the step at `sequence` may be replaced by another of its kind (none: it is void), which takes its place and
// its day (Art. 16 GDPR; law.md 8a.4). `steps`: all of the case, ascending, as they count today. Everything may be
// replaced on which nothing rests: a death, too. The day of arrival of an application that was decided may be, though
// it was a fact of the decision: the decision stays and its clocks are derived anew. What a log holds that the
// rules never allowed stands in nobody's way. Errors, kFailedPrecondition with field:
//   those of CheckStep for the replacement
//   STEP_RESTED_ON  a later step could not be recorded then, or was decided on other grounds, or the application went
//                   to another agency; detail `sequence`
//   CASE_WOULD_DROP_OUT  nothing would follow (N-10)
absl::Status CheckReplacement(const Case& folded, const std::vector<Step>& steps, std::int64_t sequence,
                              const std::optional<Step>& replacement, absl::CivilDay today);

}  // namespace teilhabe::participants
