#pragma once

#include <cstdint>
#include <optional>

#include "absl/time/civil_time.h"
#include "services/participants/domain/case.h"

namespace teilhabe::participants {

// What the case itself says to a decision on its day, beside the application's own days.
struct Grounds {
  // Sequences of the newest for this application; 0: none.
  std::int64_t determination = 0;
  std::int64_t teilhabeplan = 0;
  std::int64_t gesamtplan = 0;
  bool bbb_statement = false;
  bool fachausschuss = false;
  // Nothing, where the case has nothing of the stage: it may lie before the network.
  std::optional<bool> ev_done;
  std::optional<bool> bbb_done;
  // Months of the first grant of the stage: of this decision, unless one was granted before.
  std::optional<int> initial_months;
  friend bool operator==(const Grounds&, const Grounds&) = default;
};
Grounds GroundsOf(const Case& folded, const Decision& decision, absl::CivilDay day);

}  // namespace teilhabe::participants
