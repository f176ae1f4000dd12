#include "services/participants/domain/roles.h"

#include <algorithm>
#include <set>

#include "services/participants/domain/rest.h"

namespace teilhabe::participants {
namespace {

void AddDays(const Case& folded, std::set<absl::CivilDay>& days) {
  days.insert(folded.opened);
  for (const Tenure& tenure : folded.tenures) days.insert(tenure.from);
  for (const Outside& outside : folded.outsides) {
    if (outside.received) days.insert(*outside.received);
  }
  for (const auto& application : folded.applications) days.insert(application.what.eingang);
  for (const auto& decision : folded.decisions) {
    days.insert(decision.day);
    if (decision.what.last_day) days.insert(*decision.what.last_day + 1);
  }
  for (const auto& service : folded.services) days.insert(service.what.first_day);
  for (const auto& end : folded.ends) days.insert(end.what.last_day + 1);
  for (const auto& closing : folded.closings) {
    days.insert(closing.day);
    days.insert(closing.day + 1);
  }
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
  // What is given in kind expires with the person (§ 59 SGB I).
  const bool dead = IsDead(folded) && folded.end->day < day;
  for (const auto& application : folded.applications) {
    const auto* const decision = DecisionOn(folded, application.sequence);
    const auto* const closing = WithdrawalOf(folded, application.sequence);
    if (application.what.eingang > day || (decision != nullptr && decision->day <= day)) continue;
    if (closing != nullptr && closing->day <= day) continue;
    roles.leistende.push_back({DeciderOf(folded, application, day), application.sequence, application.what.stage});
  }
  std::set<std::string> issuers;
  for (const auto& decision : folded.decisions) {
    if (decision.day > day) continue;
    const auto* const service = ServiceOf(folded, decision.sequence);
    if (service != nullptr && !dead && Runs(folded, *service, day)) {
      roles.leistende.push_back({decision.what.leistender_traeger, service->sequence, decision.what.stage});
    }
    // Granted, and not begun yet: who granted it stands for it.
    const bool waits = decision.what.granted && (service == nullptr || day < service->what.first_day);
    if (waits && !dead && ClosingOf(folded, decision.sequence) == nullptr) {
      roles.leistende.push_back({decision.what.leistender_traeger, decision.what.application, decision.what.stage});
    }
    const auto* const end = service == nullptr ? nullptr : EndOf(folded, service->sequence);
    const bool past =
        (end != nullptr && end->what.last_day < day) || (decision.what.last_day && *decision.what.last_day < day);
    if (!past) issuers.insert(decision.author);
  }
  roles.issuers.assign(issuers.begin(), issuers.end());
  return roles;
}

std::vector<RolePeriod> RolesOf(const Case& folded) {
  std::set<absl::CivilDay> days;
  AddDays(folded, days);
  std::vector<RolePeriod> periods;
  for (const absl::CivilDay day : days) {
    Roles roles = RolesOn(folded, day);
    if (!periods.empty() && periods.back().roles == roles) continue;
    if (!periods.empty()) periods.back().last = day - 1;
    periods.push_back({day, std::nullopt, std::move(roles)});
  }
  return periods;
}

}  // namespace teilhabe::participants
