#include "common/law/calendar.h"

#include "absl/strings/str_cat.h"
#include "common/base/day.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"

namespace teilhabe::law {

absl::StatusOr<bool> IsWorkingDay(const reference::Reference& reference, reference::PlaceIndex office,
                                  absl::CivilDay day) {
  const absl::Weekday weekday = absl::GetWeekday(day);
  if (weekday == absl::Weekday::saturday || weekday == absl::Weekday::sunday) return false;
  switch (reference.IsHoliday(office, day)) {
    case reference::HolidayState::kNo:
      return true;
    case reference::HolidayState::kYes:
      return false;
    case reference::HolidayState::kUndecided:
      return FieldError(absl::StatusCode::kFailedPrecondition, "HOLIDAY_UNDECIDED", "day",
                        absl::StrCat(FormatDay(day), " is a holiday in parts of ", reference.place(office).name,
                                     " only; an official decides"));
    case reference::HolidayState::kUnknown:
      break;
  }
  return FieldError(absl::StatusCode::kFailedPrecondition, "HOLIDAYS_UNKNOWN", "day",
                    absl::StrCat("no holidays are known for ", reference.place(office).name, " on ", FormatDay(day)));
}

absl::StatusOr<absl::CivilDay> FirstWorkingDayFrom(const reference::Reference& reference, reference::PlaceIndex office,
                                                   absl::CivilDay day) {
  for (;; ++day) {  // Ends: an unknown year is an error, and no year is free of working days.
    TEILHABE_ASSIGN_OR_RETURN(const bool working, IsWorkingDay(reference, office, day));
    if (working) return day;
  }
}

}  // namespace teilhabe::law
