#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/base/day.h"
#include "common/reference/agencies.h"
#include "common/reference/holidays.h"
#include "common/reference/jurisdictions.h"
#include "common/reference/land.h"
#include "common/reference/places.h"
#include "common/reference/tables.h"

namespace teilhabe::reference {

// The Träger der Eingliederungshilfe of a frozen competence, with what it rests on.
struct FrozenEghHit {
  AgencyIndex agency{};              // Who holds it on the day asked for.
  JurisdictionHit origin;            // The row that fixed it.
  absl::CivilDay origin_day;         // The day on which that row was read.
  std::uint16_t succession_row = 0;  // Of successions.csv, of the last step; 0: no succession.
};

// Places, agencies, jurisdictions and holidays: one set of data, immutable after Load, safe to share between threads.
// A PlaceIndex or AgencyIndex must come from the same Reference.
class Reference {
 public:
  // Reads and checks all tables: headers, keys, words, days, references between tables, overlapping validity.
  // Errors: kInvalidArgument, REFERENCE_INVALID with the details file, row, column.
  static absl::StatusOr<Reference> Load(const ReferenceTexts& texts);

  // Places. See Places for the errors MUNICIPALITY_*.
  absl::StatusOr<PlaceIndex> FindPlace(std::string_view ags8, absl::CivilDay day,
                                       std::string_view field = "municipality") const {
    return places_.Find(ags8, day, field);
  }
  const Place& place(PlaceIndex place) const { return places_.at(place); }
  const District& DistrictOf(PlaceIndex place) const { return places_.DistrictOf(place); }
  // All, former ones too, ascending by key; the PlaceIndex of each is its position.
  std::span<const Place> places() const { return places_.all(); }
  std::span<const District> districts() const { return places_.districts(); }
  // For questions that are not about a day.
  const Places& place_table() const { return places_; }

  // Agencies. Errors: kNotFound, AGENCY_UNKNOWN with `field`.
  absl::StatusOr<AgencyIndex> FindAgency(std::string_view id, std::string_view field = "agency") const {
    return agencies_.Find(id, field);
  }
  const Agency& agency(AgencyIndex agency) const { return agencies_.at(agency); }
  std::span<const Agency> agencies() const { return agencies_.all(); }
  // See Agencies::SuccessionsOf, Agencies::Successor and Agencies::On.
  std::span<const Succession> SuccessionsOf(AgencyIndex agency) const { return agencies_.SuccessionsOf(agency); }
  std::optional<SuccessionHit> Successor(AgencyIndex agency, PlaceIndex place, absl::CivilDay day) const {
    return agencies_.Successor(agency, place, day, places_);
  }
  std::optional<SuccessionHit> AgencyOn(AgencyIndex agency, PlaceIndex place, absl::CivilDay day) const {
    return agencies_.On(agency, place, day, places_);
  }
  // Errors: kInvalidArgument, AREA_NUMBER_MALFORMED; kNotFound, AREA_NUMBER_UNKNOWN; with `field`.
  absl::StatusOr<AreaNumber> FindAreaNumber(std::string_view number, std::string_view field = "area_number") const {
    return agencies_.FindAreaNumber(number, field);
  }

  // Who is competent at a place on a day by residence alone. See Jurisdictions::Resolve.
  std::optional<JurisdictionHit> Resolve(Jurisdiction jurisdiction, PlaceIndex place, absl::CivilDay day) const {
    return jurisdictions_.Resolve(jurisdiction, place, day);
  }
  const JurisdictionRow* RowOf(Jurisdiction jurisdiction, std::uint16_t row) const {
    return jurisdictions_.Row(jurisdiction, row);
  }

  // Who holds, on `day`, the competence of Eingliederungshilfe that a residence at `ags8` in the past had fixed. The
  // place may be a former one: read is the row of `day`, or of the last day on which the key is attested, and from
  // there the successions up to `day`. Nothing where the table has no row (before 2020 outside NRW and Thüringen) or
  // no successor for the place. Whether a competence is frozen at all is for the caller (§ 98 Abs. 1, 5 SGB IX).
  // Errors, with `field`: MUNICIPALITY_MALFORMED, _UNKNOWN; _NOT_YET, _UNCERTAIN where `day` is before the place.
  absl::StatusOr<std::optional<FrozenEghHit>> FrozenEgh(std::string_view ags8, absl::CivilDay day,
                                                        std::string_view field = "municipality") const;
  // The same with the day of the first application: its row is read, and the place must have been in force on it
  // (errors as FindPlace). Nothing where `day` is before it.
  absl::StatusOr<std::optional<FrozenEghHit>> FrozenEgh(std::string_view ags8, absl::CivilDay application_day,
                                                        absl::CivilDay day,
                                                        std::string_view field = "municipality") const;

  // Holidays. See Holidays::On.
  HolidayAnswer HolidayOn(PlaceIndex place, absl::CivilDay day) const { return holidays_.On(places_.at(place), day); }
  HolidayAnswer HolidayOn(Land land, absl::CivilDay day) const { return holidays_.On(land, day); }
  HolidayState IsHoliday(PlaceIndex place, absl::CivilDay day) const { return HolidayOn(place, day).state; }
  HolidayState IsHoliday(Land land, absl::CivilDay day) const { return HolidayOn(land, day).state; }
  std::string_view HolidayName(PlaceIndex place, absl::CivilDay day) const { return HolidayOn(place, day).name; }
  std::string_view HolidayName(Land land, absl::CivilDay day) const { return HolidayOn(land, day).name; }

  // Which data these are: file, digest, state, reach, licence of each table.
  const TableVersions& Versions() const { return versions_; }
  const TableVersion& VersionOf(DataTable table) const { return versions_[static_cast<std::size_t>(table)]; }
  const DayRange& ReachOf(DataTable table) const { return VersionOf(table).reach; }
  // OK where the table can answer for `day`. Errors: kFailedPrecondition with `field` and the detail table:
  // BEYOND_DATA (after the reach, detail reach_to), BEFORE_DATA (before it, detail reach_from).
  absl::Status CheckReach(DataTable table, absl::CivilDay day, std::string_view field = "event_day") const;

 private:
  std::optional<FrozenEghHit> FrozenFrom(PlaceIndex place, absl::CivilDay origin_day, absl::CivilDay day) const;

  TableVersions versions_;
  Places places_;
  Agencies agencies_;
  Jurisdictions jurisdictions_;
  Holidays holidays_;
};

// The texts inside this program, and what they say. EmbeddedReference is read at its first use (some tens of
// milliseconds: a program calls it at its start) and ends the process if they are invalid, which a test rules out.
const ReferenceTexts& EmbeddedTexts();
const Reference& EmbeddedReference();

}  // namespace teilhabe::reference
