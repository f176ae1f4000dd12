#include "services/participants/domain/rest.h"

#include <algorithm>

namespace teilhabe::participants {
namespace {

class Found {
 public:
  void Add(RestKind kind, std::optional<absl::CivilDay> due) {
    if (rest_.kind == RestKind::kNothing || kind < rest_.kind) rest_.kind = kind;
    if (due && (!rest_.due || *due < *rest_.due)) rest_.due = due;
  }
  const Rest& rest() const { return rest_; }

 private:
  Rest rest_;
};

// The review day of the newest plan.
std::optional<absl::CivilDay> PlanReview(const Case& folded) {
  return folded.plans.empty() ? std::nullopt : folded.plans.back().what.review;
}

void AddDecisions(const Case& folded, absl::CivilDay day, Found& found) {
  for (const auto& decision : folded.decisions) {
    if (!decision.what.granted) continue;
    const Recorded<ServiceStarted>* const service = ServiceOf(folded, decision.sequence);
    if (service == nullptr) {
      // Granted and not begun: it waits, until an individual solution or an end says that nothing comes of it.
      const bool lapsed = folded.last_solution > decision.sequence || ClosingOf(folded, decision.sequence) != nullptr;
      if (!lapsed) found.Add(RestKind::kGranted, decision.what.first_day);
      continue;
    }
    const Recorded<ServiceEnded>* const end = EndOf(folded, service->sequence);
    if (end != nullptr && end->what.last_day < day) continue;
    // Without a recorded end it rests on the service even after its last day, and is overdue.
    found.Add(RestKind::kService, decision.what.last_day);
    found.Add(RestKind::kService, PlanReview(folded));
    if (end != nullptr) found.Add(RestKind::kService, end->what.last_day);
  }
}

}  // namespace

Rest RestOf(const Case& folded, absl::CivilDay day) {
  if (folded.end && !IsDead(folded)) return {RestKind::kEnded, std::nullopt};
  Found found;
  if (!folded.end) AddDecisions(folded, day, found);
  for (const auto& application : folded.applications) {
    if (!IsOpen(folded, application)) continue;
    // The newest: to send it again sets the review anew.
    const auto sent = std::find_if(folded.outsides.rbegin(), folded.outsides.rend(),
                                   [&](const Outside& outside) { return outside.application == application.sequence; });
    if (sent != folded.outsides.rend()) {
      found.Add(RestKind::kOutside, sent->review);
    } else {
      found.Add(RestKind::kApplication, application.what.eingang + kDecisionDays);
    }
  }
  // Of the dead what is applied for waits, and nothing else.
  if (folded.end && found.rest().kind == RestKind::kNothing) return {RestKind::kEnded, std::nullopt};
  if (folded.solution) found.Add(RestKind::kSolution, folded.solution->what.review);
  const bool untouched = folded.applications.empty() && folded.decisions.empty();
  if (found.rest().kind == RestKind::kNothing && untouched) {
    found.Add(RestKind::kOpened, folded.opened + kDecisionDays);
  }
  return found.rest();
}

}  // namespace teilhabe::participants
