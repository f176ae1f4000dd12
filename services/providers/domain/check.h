#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/civil_time.h"
#include "common/law/truth.h"
#include "services/providers/domain/entry.h"

namespace teilhabe::providers {

// One rule that spoke, with a German sentence.
struct Finding {
  std::string_view rule;
  law::Truth verdict = law::Truth::kUnknown;
  law::Force force = law::Force::kMust;
  std::string_view citation;
  std::string text;
};

// May this body provide this service on this day, and who contracted for it?
struct Question {
  Stage stage = Stage::kArbeitsbereich;
  std::string_view municipality;  // Where the person lives; empty: not known.
  absl::CivilDay event_day;       // First day of the service.
};

struct Answer {
  std::vector<Finding> findings;
  std::vector<std::string_view> breaches;      // Rules that bind and do not hold; what is not known is none.
  const Vereinbarung* vereinbarung = nullptr;  // In force; points into the entry.
  bool in_catchment = false;                   // Of a WfbM.
};

// What the directory says of a member.
using RolesOf = std::function<MemberRoles(std::string_view member)>;

// Before it neither § 60 SGB IX nor its chapter on Vereinbarungen was in force (Art. 26 BTHG).
inline constexpr absl::CivilDay kFirstDay{2018, 1, 1};

// `entry`: null where the provider is in no register; then nothing more is said. A Vereinbarung counts only if its
// contracting Träger is of the kind that may conclude it. Of several in force the one that began last counts, of these
// the first by id. Precondition: event_day >= kFirstDay.
Answer Check(const Entry* entry, const Question& question, const RolesOf& roles_of);

}  // namespace teilhabe::providers
