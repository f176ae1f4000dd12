#pragma once

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/reference/reference.h"

namespace teilhabe::law {

// Where an office acts: its municipality, whose holidays count (Land law, at the place of the acting body).
// A working day is neither Saturday, Sunday nor a gesetzlicher Feiertag there (§ 26 Abs. 3 SGB X).
// Errors: kFailedPrecondition, HOLIDAYS_UNKNOWN (no data for the year), HOLIDAY_UNDECIDED (a holiday only in parts of
// the place, which the data do not list); both with field `day`.
absl::StatusOr<bool> IsWorkingDay(const reference::Reference& reference, reference::PlaceIndex office,
                                  absl::CivilDay day);

// The first working day on or after `day`: where a period ends that would end on `day` (§ 26 Abs. 3 SGB X).
absl::StatusOr<absl::CivilDay> FirstWorkingDayFrom(const reference::Reference& reference, reference::PlaceIndex office,
                                                   absl::CivilDay day);

}  // namespace teilhabe::law
