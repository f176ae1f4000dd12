#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/base/day.h"
#include "common/reference/land.h"
#include "common/reference/places.h"
#include "common/reference/tables.h"

namespace teilhabe::reference {

// Whether a day is a gesetzlicher Feiertag.
enum class HolidayState : std::uint8_t {
  kNo,
  kYes,
  kUndecided,  // In some places there only, and the data do not list them; for a Land: not in all of its places alike.
  kUnknown,    // No data for the year or the Land; not "no".
};

struct HolidayAnswer {
  HolidayState state = HolidayState::kUnknown;
  std::string_view name;  // German; of what decided. Empty for kNo and kUnknown. Lives as long as the tables.
  std::uint16_t row = 0;  // Of holidays.csv, counted with the header as row 1; 0 where the name is empty.
};

// Holidays per place and day. Sundays are not listed, save where Land law names them (Brandenburg). Immutable.
class Holidays {
 public:
  // `reach`: the days that the manifest claims; every year in it must have nationwide rows. Errors: REFERENCE_INVALID.
  static absl::StatusOr<Holidays> Load(const ReferenceTexts& texts, const Places& places, const DayRange& reach);

  // For a place: of each name the row with the longest scope decides; any full: kYes; else any partial: kUndecided.
  // Whether the place was in force on that day is not asked. Allocates nothing.
  HolidayAnswer On(const Place& place, absl::CivilDay day) const;
  // For a whole Land: kYes where it holds everywhere in it.
  HolidayAnswer On(Land land, absl::CivilDay day) const;

 private:
  enum class Coverage : std::uint8_t { kFull, kPartial, kNone };
  struct Row {
    absl::CivilDay day;
    std::uint16_t name = 0;  // Position in names_.
    std::uint8_t land = 0;   // 0: nationwide.
    Coverage coverage{};
    std::string prefix;  // Empty: everywhere.
    std::uint16_t row = 0;
  };

  std::span<const Row> RowsOn(absl::CivilDay day) const;
  bool Knows(Land land, absl::CivilDay day) const;
  absl::Status LoadRows(std::string_view text, const Places& places);

  std::vector<Row> rows_;  // By day, then name, then longest prefix first.
  std::vector<std::string> names_;
  absl::CivilDay first_;              // 1 January of the first year with rows.
  std::vector<std::uint16_t> begin_;  // By days since first_: position in rows_; one more than there are days.
  std::vector<bool> years_;           // By years since first_: whether there are nationwide rows.
  std::array<bool, kLandCount + 1> laender_{};  // Whether the Land has rows at all.
};

}  // namespace teilhabe::reference
