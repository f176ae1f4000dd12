#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "services/participants/domain/case.h"

// The three roles that are never mixed (DESIGN 1, law.md 8a.0): holder, leistender Träger, issuer.
namespace teilhabe::participants {

// Who decides and pays for one application or service.
struct Leistender {
  std::string agency;
  std::int64_t of = 0;  // Sequence of the application or of service_started.
  Stage stage{};
  friend bool operator==(const Leistender&, const Leistender&) = default;
};

struct Roles {
  std::string holder;  // At the end of the day.
  std::vector<Leistender> leistende;
  std::vector<std::string> issuers;  // Of the decisions in force, ascending.
  friend bool operator==(const Roles&, const Roles&) = default;
};

// Who must decide on an application on a day, outwardly (§ 14 Abs. 2 SGB IX).
std::string DeciderOf(const Case& folded, const Recorded<Application>& application, absl::CivilDay day);

Roles RolesOn(const Case& folded, absl::CivilDay day);

struct RolePeriod {
  absl::CivilDay first;
  std::optional<absl::CivilDay> last;  // Absent: goes on.
  Roles roles;
};

// From the first day of the case, without gaps; a new period wherever somebody's role changes.
std::vector<RolePeriod> RolesOf(const Case& folded);

}  // namespace teilhabe::participants
