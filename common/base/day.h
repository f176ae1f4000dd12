#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"

namespace teilhabe {

// Reads a day written as YYYY-MM-DD. Rejects days that do not exist: absl would turn 30 February into 2 March.
// Errors: kInvalidArgument, DAY_INVALID with `field`.
absl::StatusOr<absl::CivilDay> ParseDay(std::string_view text, std::string_view field = "day");

// Builds a day from its parts with the same check. `year` 1 to 9999.
absl::StatusOr<absl::CivilDay> MakeDay(int year, int month, int day, std::string_view field = "day");

// Writes YYYY-MM-DD.
std::string FormatDay(absl::CivilDay day);
// Writes DD.MM.YYYY, as German texts have it.
std::string FormatDayGerman(absl::CivilDay day);

// First and last day of validity, both inclusive; an absent bound is open.
struct DayRange {
  std::optional<absl::CivilDay> from;
  std::optional<absl::CivilDay> to;

  bool Contains(absl::CivilDay day) const { return !(from && day < *from) && !(to && day > *to); }
  bool Overlaps(const DayRange& other) const {
    return !(to && other.from && *to < *other.from) && !(other.to && from && *other.to < *from);
  }
};

// Reads a range from two cells; an empty cell is an open bound.
// Errors: kInvalidArgument, DAY_INVALID; DAY_RANGE_REVERSED.
absl::StatusOr<DayRange> ParseDayRange(std::string_view from, std::string_view to);

}  // namespace teilhabe
