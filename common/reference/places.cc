#include "common/reference/places.h"

#include <algorithm>
#include <array>
#include <limits>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/reason.h"
#include "common/base/strings.h"
#include "common/reference/table_reader.h"

namespace teilhabe::reference {
namespace {

std::uint32_t Number(std::string_view digits) {
  std::uint32_t number = 0;
  for (const char digit : digits) number = number * 10 + static_cast<std::uint32_t>(digit - '0');
  return number;
}

// What people type instead of a key, and what to do about it. The text itself is not repeated: it may be anything.
std::string_view HowToWrite(std::string_view typed) {
  if (IsDigits(typed, 5)) {
    return "this is a Kreisschlüssel or a postal code; send the 8 digits of the municipality (a kreisfreie Stadt has "
           "000 after its five: 05711000)";
  }
  if (IsDigits(typed, 7)) return "a leading zero is missing (a spreadsheet drops it); send 8 digits, e.g. 05711000";
  if (IsDigits(typed, 12)) {
    return "this is a Regionalschlüssel; send the 8 digits of the municipality: its digits 1 to 5 and 10 to 12";
  }
  return "send the 8 digits of the Gemeindeschlüssel (AGS), not a name, e.g. 05711000 for Bielefeld";
}

}  // namespace

Existence ExistenceOn(const Place& place, absl::CivilDay day) {
  if (place.certain.Contains(day)) return Existence::kInForce;
  if (place.not_yet_until && day <= *place.not_yet_until) return Existence::kNotYet;
  if (place.gone_from && day >= *place.gone_from) return Existence::kGone;
  return Existence::kUncertain;
}

std::optional<PlaceIndex> Places::Lookup(std::string_view ags8) const {
  if (!IsDigits(ags8, 8)) return std::nullopt;
  const std::uint32_t key = Number(ags8);
  const auto found = std::lower_bound(keys_.begin(), keys_.end(), key);
  if (found == keys_.end() || *found != key) return std::nullopt;
  return static_cast<PlaceIndex>(found - keys_.begin());
}

absl::StatusOr<PlaceIndex> Places::Parse(std::string_view ags8, std::string_view field) const {
  if (!IsDigits(ags8, 8)) {
    return FieldError(absl::StatusCode::kInvalidArgument, "MUNICIPALITY_MALFORMED", field, HowToWrite(ags8));
  }
  if (const std::optional<PlaceIndex> place = Lookup(ags8)) return *place;
  const std::optional<std::uint16_t> district = FindDistrict(ags8.substr(0, 5));
  return FieldError(absl::StatusCode::kNotFound, "MUNICIPALITY_UNKNOWN", field,
                    district
                        ? absl::StrCat("no municipality ", ToAbsl(ags8), " in ", districts_[*district].name,
                                       "; check the last three digits")
                        : absl::StrCat("no municipality ", ToAbsl(ags8), "; its first five digits are no district"));
}

absl::Status Places::CheckInForce(PlaceIndex place_index, absl::CivilDay day, std::string_view field) const {
  const Place& place = at(place_index);
  const std::string which = absl::StrCat(place.ags8, " (", place.name, ")");
  switch (ExistenceOn(place, day)) {
    case Existence::kInForce:
      return absl::OkStatus();
    case Existence::kNotYet:
      return WithDetail(FieldError(absl::StatusCode::kNotFound, "MUNICIPALITY_NOT_YET", field,
                                   absl::StrCat(which, " did not exist on ", FormatDay(day), "; it is attested from ",
                                                FormatDay(*place.certain.from), "; send the key of that day")),
                        "first_seen", FormatDay(*place.certain.from));
    case Existence::kGone: {
      std::string message = absl::StrCat(which, " no longer existed on ", FormatDay(day), "; it is attested to ",
                                         FormatDay(*place.certain.to));
      absl::StrAppend(&message, place.successor ? absl::StrCat("; ", at(*place.successor).ags8, " (",
                                                               at(*place.successor).name, ") took over: send that key")
                                                : "; who took over is not recorded: send the key of that day");
      absl::Status status =
          WithDetail(FieldError(absl::StatusCode::kNotFound, "MUNICIPALITY_DISSOLVED", field, message), "last_seen",
                     FormatDay(*place.certain.to));
      return place.successor ? WithDetail(std::move(status), "successor", at(*place.successor).ags8) : status;
    }
    case Existence::kUncertain:
      break;
  }
  // Open at one end only: a key is attested at least on one snapshot, and this day is before or after it.
  const bool before = place.certain.from && day < *place.certain.from;
  return FieldError(
      absl::StatusCode::kFailedPrecondition, "MUNICIPALITY_UNCERTAIN", field,
      absl::StrCat(which, before ? " came" : " went", " on a day between ",
                   FormatDay(before ? *place.not_yet_until : *place.certain.to), " and ",
                   FormatDay(before ? *place.certain.from : *place.gone_from),
                   " that the data do not hold; ask the municipality which key held on ", FormatDay(day)));
}

absl::StatusOr<PlaceIndex> Places::Find(std::string_view ags8, absl::CivilDay day, std::string_view field) const {
  absl::StatusOr<PlaceIndex> place = Parse(ags8, field);
  if (!place.ok()) return place;
  if (ExistenceOn(at(*place), day) == Existence::kInForce) return place;
  return CheckInForce(*place, day, field);
}

std::optional<std::uint16_t> Places::FindDistrict(std::string_view ags5) const {
  const auto found =
      std::lower_bound(districts_.begin(), districts_.end(), ags5,
                       [](const District& district, std::string_view key) { return district.ags5 < key; });
  if (found == districts_.end() || found->ags5 != ags5) return std::nullopt;
  return static_cast<std::uint16_t>(found - districts_.begin());
}

bool Places::KnowsPrefix(std::string_view prefix) const {
  if (prefix.size() == 8) return Lookup(prefix).has_value();
  if (prefix.size() != 2 && prefix.size() != 3 && prefix.size() != 5) return false;
  const auto found =
      std::lower_bound(districts_.begin(), districts_.end(), prefix,
                       [](const District& district, std::string_view key) { return district.ags5 < key; });
  return found != districts_.end() && found->ags5.starts_with(prefix);
}

}  // namespace teilhabe::reference
