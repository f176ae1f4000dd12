#pragma once

#include <optional>

#include "absl/time/civil_time.h"
#include "services/participants/domain/case.h"

// Nobody drops out (N-10): a case always rests on a service, on something that leads to one, on an individual solution
// with a review day, or on a documented end. What rests on a day that has passed is overdue and surfaces by itself.
namespace teilhabe::participants {

// In order of strength: what a case rests on is the first that it has.
enum class RestKind { kNothing, kEnded, kService, kGranted, kOutside, kApplication, kSolution, kOpened };

struct Rest {
  RestKind kind = RestKind::kNothing;
  // The first day by which somebody must act, of all that the case rests on; absent: none, as in an open-ended service.
  std::optional<absl::CivilDay> due;
};

// How long a case that was opened may wait for its first step, and an application for its decision where nothing else
// is known: § 14 Abs. 2 Satz 2 SGB IX. The clocks of §§ 14 to 18 refine it.
constexpr int kDecisionDays = 21;

// On what the case rests on `day`.
Rest RestOf(const Case& folded, absl::CivilDay day);

}  // namespace teilhabe::participants
