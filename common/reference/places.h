#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/base/day.h"
#include "common/reference/land.h"
#include "common/reference/tables.h"

namespace teilhabe::reference {

enum class DistrictKind : std::uint8_t { kKreisfreieStadt, kStadtkreis, kKreis, kLandkreis, kRegionalverband };

// A Kreis or kreisfreie Stadt, present or former.
struct District {
  std::string ags5;  // Kreisschlüssel, 5 digits.
  std::string name;  // As the statistical offices write it.
  DistrictKind kind{};
  Land land{};
  std::string regbez;  // 3 digits; empty outside NW, HE, BW, BY.
  std::string regbez_name;
  DayRange valid;
};

enum class PlaceKind : std::uint8_t {
  kUnknown,  // The sources name none.
  kGemeinde,
  kStadt,
  kMarkt,
  kGrosseKreisstadt,
  kKreisfreieStadt,
  kStadtkreis,
  kGemeindefreiBewohnt,
  kGemeindefreiUnbewohnt,
};

// A place in this process's tables. Never stored or sent: the next version of the data numbers anew; store the ags8.
enum class PlaceIndex : std::uint16_t {};

// A municipality, present or former. The sources are four snapshots, so the days between two of them can be open.
struct Place {
  std::string ags8;   // Gemeindeschlüssel, 8 digits.
  std::string ars12;  // Regionalschlüssel, 12 digits; empty for former places.
  std::string name;
  PlaceKind kind = PlaceKind::kUnknown;
  Land land{};
  std::uint16_t district = 0;                    // Position in Places::districts().
  std::string association;                       // Verwaltungsgemeinschaft, Amt and the like; mostly empty.
  std::optional<std::uint32_t> population_2022;  // Census of 2022-05-15.
  std::optional<std::uint32_t> population_2019;  // 2019-12-31.
  DayRange certain;                              // Days on which the key was in force for certain.
  std::optional<absl::CivilDay> not_yet_until;   // Last day on which it was certainly not yet; absent: no such day.
  std::optional<absl::CivilDay> gone_from;       // First day on which it was certainly gone; absent: not gone.
  std::optional<PlaceIndex> successor;           // Who took the whole of it over, where recorded.

  std::string_view ags5() const { return std::string_view(ags8).substr(0, 5); }
};

enum class Existence : std::uint8_t { kInForce, kNotYet, kGone, kUncertain };
Existence ExistenceOn(const Place& place, absl::CivilDay day);

// All districts and municipalities. Immutable; safe to share between threads.
class Places {
 public:
  // Reads districts, municipalities (present, former), snapshots and known days. Errors: REFERENCE_INVALID.
  static absl::StatusOr<Places> Load(const ReferenceTexts& texts);

  // Ascending by key; a PlaceIndex is a position here.
  std::span<const Place> all() const { return places_; }
  std::span<const District> districts() const { return districts_; }
  const Place& at(PlaceIndex place) const { return places_[static_cast<std::size_t>(place)]; }
  const District& DistrictOf(PlaceIndex place) const { return districts_[at(place).district]; }

  // The place with this key, in force or not; nothing where the key is unknown or malformed.
  std::optional<PlaceIndex> Lookup(std::string_view ags8) const;

  // The same with the reasons. Errors, all with `field`: kInvalidArgument MUNICIPALITY_MALFORMED (not 8 digits);
  // kNotFound MUNICIPALITY_UNKNOWN.
  absl::StatusOr<PlaceIndex> Parse(std::string_view ags8, std::string_view field = "municipality") const;

  // The place with this key if it was in force on `day`. Further errors, all with `field`:
  // kNotFound MUNICIPALITY_NOT_YET, detail first_seen; kNotFound MUNICIPALITY_DISSOLVED, details last_seen and, where
  // recorded, successor; kFailedPrecondition MUNICIPALITY_UNCERTAIN: the key came or went between two snapshots and
  // nobody recorded the day.
  absl::StatusOr<PlaceIndex> Find(std::string_view ags8, absl::CivilDay day,
                                  std::string_view field = "municipality") const;

  // OK where the place was in force on `day`, else as Find.
  absl::Status CheckInForce(PlaceIndex place_index, absl::CivilDay day, std::string_view field = "municipality") const;

  // Whether `prefix` (2 digits: Land, 3: Regierungsbezirk or what was one, 5: district, 8: municipality) begins the
  // key of a place that is known.
  bool KnowsPrefix(std::string_view prefix) const;

 private:
  absl::Status LoadDistricts(std::string_view text);
  absl::Status LoadPresent(std::string_view text, const std::vector<absl::CivilDay>& snapshots);
  absl::Status LoadFormer(std::string_view text, const std::vector<absl::CivilDay>& snapshots);
  absl::Status LoadDays(std::string_view text);
  absl::Status Index();
  std::optional<std::uint16_t> FindDistrict(std::string_view ags5) const;

  std::vector<District> districts_;  // Ascending by key.
  std::vector<Place> places_;
  std::vector<std::uint32_t> keys_;  // Of places_, as numbers.
};

}  // namespace teilhabe::reference
