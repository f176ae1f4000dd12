#include "services/participants/domain/replacement.h"

#include <string>

#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "services/participants/domain/grounds.h"
#include "services/participants/domain/rest.h"
#include "services/participants/domain/steps.h"

namespace teilhabe::participants {
namespace {

absl::Status RestedOn(std::int64_t later) {
  return WithDetail(FieldError(absl::StatusCode::kFailedPrecondition, "STEP_RESTED_ON", "sequence",
                               "a later step rests on it; correct that one first"),
                    "sequence", std::to_string(later));
}

// Whether a later step, which could be recorded before, could not be now.
bool IsUpset(const Case& was, const Case& now, const Step& later) {
  if (CheckStep(was, later, later.day).ok() && !CheckStep(now, later, later.day).ok()) return true;
  const auto* const decision = std::get_if<Decision>(&later.what);
  if (decision == nullptr) return false;
  const auto* const old_application = Find(was.applications, decision->application);
  const auto* const new_application = Find(now.applications, decision->application);
  const bool same_stage = old_application == nullptr || new_application == nullptr ||
                          old_application->what.stage == new_application->what.stage;
  return !same_stage || GroundsOf(was, *decision, later.day) != GroundsOf(now, *decision, later.day);
}

// What went to another agency for an application of this stage.
absl::Status CheckSent(const Case& folded, std::int64_t application) {
  for (const Tenure& tenure : folded.tenures) {
    if (tenure.request == application) return RestedOn(tenure.sequence);
  }
  for (const Outside& outside : folded.outsides) {
    if (outside.application == application) return RestedOn(outside.sequence);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckReplacement(const Case& folded, const std::vector<Step>& steps, std::int64_t sequence,
                              const std::optional<Step>& replacement, absl::CivilDay today) {
  Case was;
  was.id = folded.id;
  was.opened = folded.opened;
  was.birth_day = folded.birth_day;
  was.tenures = folded.tenures;
  was.outsides = folded.outsides;
  Case now = was;
  auto at = steps.begin();
  for (; at != steps.end() && at->sequence < sequence; ++at) {
    Apply(was, *at);
    Apply(now, *at);
  }
  if (replacement) {
    TEILHABE_RETURN_IF_ERROR(CheckStep(now, *replacement, today));
    Apply(now, *replacement);
  }
  if (at != steps.end() && at->sequence == sequence) Apply(was, *at++);
  const auto* const before = Find(was.applications, sequence);
  const auto* const after = Find(now.applications, sequence);
  if (before != nullptr && (after == nullptr || after->what.stage != before->what.stage)) {
    TEILHABE_RETURN_IF_ERROR(CheckSent(folded, sequence));
  }
  for (; at != steps.end(); ++at) {
    if (IsUpset(was, now, *at)) return RestedOn(at->sequence);
    Apply(was, *at);
    Apply(now, *at);
  }
  if (RestOf(now, today).kind != RestKind::kNothing) return absl::OkStatus();
  return FieldError(absl::StatusCode::kFailedPrecondition, "CASE_WOULD_DROP_OUT", "step",
                    "nothing would follow: record first an individual solution or what goes on (N-10)");
}

}  // namespace teilhabe::participants
