#include "common/base/day.h"

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"

namespace teilhabe {
namespace {

absl::Status Invalid(std::string_view field, std::string_view text) {
  return FieldError(absl::StatusCode::kInvalidArgument, "DAY_INVALID", field,
                    absl::StrCat("'", ToAbsl(text.substr(0, 32)), "' is not a day; write YYYY-MM-DD, e.g. 2025-03-10"));
}

}  // namespace

absl::StatusOr<absl::CivilDay> MakeDay(int year, int month, int day, std::string_view field) {
  const absl::CivilDay made(year, month, day);
  if (year < 1 || year > 9999 || made.year() != year || made.month() != month || made.day() != day) {
    return Invalid(field, absl::StrFormat("%04d-%02d-%02d", year, month, day));
  }
  return made;
}

absl::StatusOr<absl::CivilDay> ParseDay(std::string_view text, std::string_view field) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return Invalid(field, text);
  for (const std::size_t at : {0, 1, 2, 3, 5, 6, 8, 9}) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(text[at]))) return Invalid(field, text);
  }
  const auto number = [&text](std::size_t at, std::size_t length) {
    int value = 0;
    for (const char digit : text.substr(at, length)) value = value * 10 + (digit - '0');
    return value;
  };
  return MakeDay(number(0, 4), number(5, 2), number(8, 2), field);
}

std::string FormatDay(absl::CivilDay day) {
  return absl::StrFormat("%04d-%02d-%02d", day.year(), day.month(), day.day());
}

std::string FormatDayGerman(absl::CivilDay day) {
  return absl::StrFormat("%02d.%02d.%04d", day.day(), day.month(), day.year());
}

absl::StatusOr<DayRange> ParseDayRange(std::string_view from, std::string_view to) {
  DayRange range;
  if (!from.empty()) {
    TEILHABE_ASSIGN_OR_RETURN(range.from, ParseDay(from, "valid_from"));
  }
  if (!to.empty()) {
    TEILHABE_ASSIGN_OR_RETURN(range.to, ParseDay(to, "valid_to"));
  }
  if (range.from && range.to && *range.to < *range.from) {
    return FieldError(absl::StatusCode::kInvalidArgument, "DAY_RANGE_REVERSED", "valid_to",
                      absl::StrCat(ToAbsl(to), " lies before ", ToAbsl(from)));
  }
  return range;
}

}  // namespace teilhabe
