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

// Whether an application still asks for the same of the same agency.
bool IsSameRequest(const Application& one, const Application& other) {
  return one.stage == other.stage && one.received_by == other.received_by;
}

// Whether a later step, which could be recorded before, could not be now.
bool IsUpset(const Case& was, const Case& now, const Step& later) {
  if (CheckStep(was, later, later.day).ok() && !CheckStep(now, later, later.day).ok()) return true;
  const auto* const decision = std::get_if<Decision>(&later.what);
  if (decision == nullptr) return false;
  const auto* const old_application = Find(was.applications, decision->application);
  const auto* const new_application = Find(now.applications, decision->application);
  const bool same = old_application == nullptr || new_application == nullptr ||
                    IsSameRequest(old_application->what, new_application->what);
  return !same || GroundsOf(was, *decision, later.day) != GroundsOf(now, *decision, later.day);
}

// What went to another agency for a request, an application or a Gesamtplan finding, on which it rests: all of it, or
// what went before `from`.
absl::Status CheckSent(const Case& folded, std::int64_t request, absl::CivilDay from) {
  for (const Tenure& tenure : folded.tenures) {
    if (tenure.request == request && tenure.from < from) return RestedOn(tenure.sequence);
  }
  for (const Outside& outside : folded.outsides) {
    if (outside.application == request && outside.posted < from) return RestedOn(outside.sequence);
  }
  return absl::OkStatus();
}

// The same of what is replaced, where it is such a request.
absl::Status CheckRequest(const Case& folded, const Case& was, const Case& now, std::int64_t sequence) {
  if (const auto* const before = Find(was.applications, sequence)) {
    const auto* const after = Find(now.applications, sequence);
    const bool same = after != nullptr && IsSameRequest(before->what, after->what);
    return CheckSent(folded, sequence, same ? after->what.eingang : absl::CivilDay::max());
  }
  if (const auto* const before = Find(was.findings, sequence)) {
    const auto* const after = Find(now.findings, sequence);
    if (after == nullptr || after->what.stage != before->what.stage) {
      return CheckSent(folded, sequence, absl::CivilDay::max());
    }
  }
  return absl::OkStatus();
}

// No service begins after death.
absl::Status CheckDeath(const Case& now) {
  if (!IsDead(now)) return absl::OkStatus();
  for (const auto& service : now.services) {
    if (service.what.first_day > now.end->day) return RestedOn(now.end->sequence);
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
  TEILHABE_RETURN_IF_ERROR(CheckRequest(folded, was, now, sequence));
  for (; at != steps.end(); ++at) {
    if (IsUpset(was, now, *at)) return RestedOn(at->sequence);
    Apply(was, *at);
    Apply(now, *at);
  }
  TEILHABE_RETURN_IF_ERROR(CheckDeath(now));
  if (RestOf(now, today).kind != RestKind::kNothing) return absl::OkStatus();
  return FieldError(absl::StatusCode::kFailedPrecondition, "CASE_WOULD_DROP_OUT", "step",
                    "nothing would follow: record first an individual solution or what goes on (N-10)");
}

}  // namespace teilhabe::participants
