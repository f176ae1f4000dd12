#include "services/participants/domain/roles.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace teilhabe::participants {
namespace {

// From a day to a day; without a last one it goes on.
struct Days {
  absl::CivilDay first;
  absl::CivilDay last = absl::CivilDay::max();
  bool Has(absl::CivilDay day) const { return first <= day && day <= last; }
};
template <typename What>
struct Span {
  Days days;
  What what;
};

// Everything that somebody is, over all days: in the order in which roles are told.
struct Spans {
  std::vector<Span<Leistender>> leistende;
  std::vector<Span<std::string>> issuers;
};

// Of entries that name another one, the first by what they name.
template <typename What, typename Named>
std::map<std::int64_t, const Recorded<What>*> ByNamed(const std::vector<Recorded<What>>& list, Named named) {
  std::map<std::int64_t, const Recorded<What>*> found;
  for (const auto& entry : list) found.try_emplace(entry.what.*named, &entry);
  return found;
}
template <typename Map>
typename Map::mapped_type Look(const Map& map, std::int64_t sequence) {
  const auto found = map.find(sequence);
  return found == map.end() ? nullptr : found->second;
}

// Who decides on an application while it waits: anew from each day on which that changes.
void AddWaiting(const Case& folded, const Recorded<Application>& application, Days days, Spans& spans) {
  std::set<absl::CivilDay> from = {days.first};
  for (const Tenure& tenure : folded.tenures) {
    if (tenure.from > days.first && days.Has(tenure.from)) from.insert(tenure.from);
  }
  for (const Outside& outside : folded.outsides) {
    if (outside.application == application.sequence && outside.received && days.Has(*outside.received))
      from.insert(*outside.received);
  }
  for (auto at = from.begin(); at != from.end(); ++at) {
    const auto next = std::next(at);
    spans.leistende.push_back({{*at, next == from.end() ? days.last : *next - 1},
                               {DeciderOf(folded, application, *at), application.sequence, application.what.stage}});
  }
}

// Who pays what an agency granted: itself, and from its first day on who succeeds it.
void AddGranted(const Case& folded, Leistender payer, Days days, Spans& spans) {
  const Tenure* before = nullptr;
  for (const Tenure& tenure : folded.tenures) {
    const bool succeeds = tenure.succeeded && before != nullptr && before->holder == payer.agency;
    before = &tenure;
    if (!succeeds || tenure.from > days.last) continue;
    spans.leistende.push_back({{days.first, tenure.from - 1}, payer});
    days.first = std::max(days.first, tenure.from);
    payer.agency = tenure.holder;
  }
  spans.leistende.push_back({days, payer});
}

Spans SpansOf(const Case& folded) {
  const auto decisions = ByNamed(folded.decisions, &Decision::application);
  const auto services = ByNamed(folded.services, &ServiceStarted::decision);
  const auto ends = ByNamed(folded.ends, &ServiceEnded::service);
  Spans spans;
  for (const auto& application : folded.applications) {
    Days days{application.what.eingang};
    if (const auto* const decision = Look(decisions, application.sequence)) days.last = decision->day - 1;
    const auto* const closing = WithdrawalOf(folded, application.sequence);
    if (closing != nullptr) days.last = std::min(days.last, closing->day - 1);
    if (days.first <= days.last) AddWaiting(folded, application, days, spans);
  }
  // What is given in kind expires with the person (§ 59 SGB I).
  const absl::CivilDay alive = IsDead(folded) ? folded.end->day : absl::CivilDay::max();
  for (const auto& decision : folded.decisions) {
    const Decision& what = decision.what;
    const auto* const service = Look(services, decision.sequence);
    const auto* const end = service == nullptr ? nullptr : Look(ends, service->sequence);
    Days issued{decision.day};
    if (what.last_day) issued.last = *what.last_day;
    if (end != nullptr) issued.last = std::min(issued.last, end->what.last_day);
    spans.issuers.push_back({issued, decision.author});
    if (service != nullptr) {
      const absl::CivilDay last = end == nullptr ? alive : std::min(alive, end->what.last_day);
      AddGranted(folded, {what.leistender_traeger, service->sequence, what.stage},
                 {std::max(decision.day, service->what.first_day), last}, spans);
    }
    // Granted, and not begun yet: who granted it stands for it.
    if (!what.granted) continue;
    absl::CivilDay last = service == nullptr ? alive : std::min(alive, service->what.first_day - 1);
    const auto* const closing = ClosingOf(folded, decision.sequence);
    if (closing != nullptr && closing->what.reason != EndReason::kDeath) last = std::min(last, closing->day - 1);
    AddGranted(folded, {what.leistender_traeger, what.application, what.stage}, {decision.day, last}, spans);
  }
  return spans;
}

// What begins on which day and ends after which.
using Changes = std::map<absl::CivilDay, std::pair<std::vector<std::size_t>, std::vector<std::size_t>>>;
template <typename What>
Changes ChangesOf(const std::vector<Span<What>>& spans, std::set<absl::CivilDay>& days) {
  Changes changes;
  for (std::size_t at = 0; at < spans.size(); ++at) {
    const Days& span = spans[at].days;
    if (span.last < span.first) continue;
    changes[span.first].first.push_back(at);
    days.insert(span.first);
    if (span.last == absl::CivilDay::max()) continue;
    changes[span.last + 1].second.push_back(at);
    days.insert(span.last + 1);
  }
  return changes;
}
void Change(const Changes& changes, absl::CivilDay day, std::set<std::size_t>& active) {
  const auto found = changes.find(day);
  if (found == changes.end()) return;
  for (const std::size_t ended : found->second.second) active.erase(ended);
  active.insert(found->second.first.begin(), found->second.first.end());
}

}  // namespace

// Who received it, until somebody else became leistender Träger: the agency that it was forwarded to (Satz 4), that
// took the case for it, that succeeded, or that it was sent to outside.
std::string DeciderOf(const Case& folded, const Recorded<Application>& application, absl::CivilDay day) {
  std::string decider = application.what.received_by;
  absl::CivilDay since = application.what.eingang;
  const auto take = [&](const std::string& agency, absl::CivilDay from) {
    if (from > day || from < since) return;
    decider = agency;
    since = from;
  };
  for (const Tenure& tenure : folded.tenures) {
    const bool for_it = tenure.request == application.sequence || (tenure.forwarded && tenure.request == 0);
    if (for_it || tenure.succeeded) take(tenure.holder, tenure.from);
  }
  for (const Outside& outside : folded.outsides) {
    if (outside.received && outside.application == application.sequence) take(outside.addressee, *outside.received);
  }
  return decider;
}

Roles RolesOn(const Case& folded, absl::CivilDay day) {
  Roles roles;
  for (const Tenure& tenure : folded.tenures) {
    if (tenure.from <= day) roles.holder = tenure.holder;
  }
  const Spans spans = SpansOf(folded);
  for (const auto& span : spans.leistende) {
    if (span.days.Has(day)) roles.leistende.push_back(span.what);
  }
  std::set<std::string> issuers;
  for (const auto& span : spans.issuers) {
    if (span.days.Has(day)) issuers.insert(span.what);
  }
  roles.issuers.assign(issuers.begin(), issuers.end());
  return roles;
}

std::vector<RolePeriod> RolesOf(const Case& folded) {
  const Spans spans = SpansOf(folded);
  std::set<absl::CivilDay> days = {folded.opened};
  const Changes leistende = ChangesOf(spans.leistende, days);
  const Changes issuers = ChangesOf(spans.issuers, days);
  for (const Tenure& tenure : folded.tenures) days.insert(tenure.from);
  std::set<std::size_t> paying;
  std::set<std::size_t> issuing;
  std::vector<RolePeriod> periods;
  for (const absl::CivilDay day : days) {
    Change(leistende, day, paying);
    Change(issuers, day, issuing);
    Roles roles;
    for (const Tenure& tenure : folded.tenures) {
      if (tenure.from <= day) roles.holder = tenure.holder;
    }
    for (const std::size_t at : paying) roles.leistende.push_back(spans.leistende[at].what);
    std::set<std::string> names;
    for (const std::size_t at : issuing) names.insert(spans.issuers[at].what);
    roles.issuers.assign(names.begin(), names.end());
    if (!periods.empty() && periods.back().roles == roles) continue;
    if (!periods.empty()) periods.back().last = day - 1;
    periods.push_back({day, std::nullopt, std::move(roles)});
  }
  return periods;
}

}  // namespace teilhabe::participants
