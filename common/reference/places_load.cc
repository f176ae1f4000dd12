// How the tables of places are read; what they answer is in places.cc.
#include <algorithm>
#include <array>
#include <limits>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/reference/places.h"
#include "common/reference/table_reader.h"

namespace teilhabe::reference {
namespace {

constexpr std::array<Keyword<DistrictKind>, 5> kDistrictKinds = {{{"Kreisfreie Stadt", DistrictKind::kKreisfreieStadt},
                                                                  {"Stadtkreis", DistrictKind::kStadtkreis},
                                                                  {"Kreis", DistrictKind::kKreis},
                                                                  {"Landkreis", DistrictKind::kLandkreis},
                                                                  {"Regionalverband", DistrictKind::kRegionalverband}}};

constexpr std::array<Keyword<PlaceKind>, 9> kPlaceKinds = {
    {{"Gemeinde", PlaceKind::kGemeinde},
     {"Stadt", PlaceKind::kStadt},
     {"Markt", PlaceKind::kMarkt},
     {"Große Kreisstadt", PlaceKind::kGrosseKreisstadt},
     {"Kreisfreie Stadt", PlaceKind::kKreisfreieStadt},
     {"Stadtkreis", PlaceKind::kStadtkreis},
     {"Gemeindefreies Gebiet (bewohnt)", PlaceKind::kGemeindefreiBewohnt},
     {"Gemeindefreies Gebiet (unbewohnt)", PlaceKind::kGemeindefreiUnbewohnt},
     {"", PlaceKind::kUnknown}}};

using Snapshots = std::vector<absl::CivilDay>;

absl::StatusOr<Snapshots> LoadSnapshots(std::string_view text) {
  constexpr std::size_t kDay = 0;
  constexpr std::string_view kFile = "municipality_snapshots.csv";
  TEILHABE_ASSIGN_OR_RETURN(const TableReader reader, TableReader::Read(kFile, text, {"day", "source"}));
  Snapshots snapshots;
  for (std::size_t at = 0; at < reader.size(); ++at) {
    TEILHABE_ASSIGN_OR_RETURN(const absl::CivilDay day, reader.Day(at, kDay));
    if (!snapshots.empty() && day <= snapshots.back()) return reader.Error(at, kDay, "is not after the row above");
    snapshots.push_back(day);
  }
  if (snapshots.empty()) return ReferenceInvalid(kFile, 1, "day", "there is no snapshot");
  return snapshots;
}

// The position of the snapshot in this cell.
absl::StatusOr<std::size_t> SnapshotAt(const TableReader& reader, std::size_t at, std::size_t column,
                                       const Snapshots& snapshots) {
  TEILHABE_ASSIGN_OR_RETURN(const absl::CivilDay day, reader.Day(at, column));
  const auto found = std::lower_bound(snapshots.begin(), snapshots.end(), day);
  if (found == snapshots.end() || *found != day) return reader.Error(at, column, "is no day of a snapshot");
  return static_cast<std::size_t>(found - snapshots.begin());
}

// In the first snapshot: it existed before as far as known. Else it came after the snapshot before.
void SetFirstSeen(std::size_t first_seen, const Snapshots& snapshots, Place& place) {
  if (first_seen == 0) return;
  place.certain.from = snapshots[first_seen];
  place.not_yet_until = snapshots[first_seen - 1];
}

// The key itself, the Land and the district of a place; the columns ags5 and land repeat what the key says.
absl::Status ReadKey(const TableReader& reader, std::size_t at, std::size_t ags8, std::size_t ags5, std::size_t land,
                     Place& place) {
  TEILHABE_RETURN_IF_ERROR(reader.CheckDigits(at, ags8, 8));
  place.ags8 = reader.Cell(at, ags8);
  if (reader.Cell(at, ags5) != place.ags5()) return reader.Error(at, ags5, "does not begin the key");
  if (reader.Cell(at, land) != place.ags5().substr(0, 2)) return reader.Error(at, land, "does not begin the key");
  return absl::OkStatus();
}

absl::StatusOr<std::optional<std::uint32_t>> Population(const TableReader& reader, std::size_t at, std::size_t column) {
  const std::string& cell = reader.Cell(at, column);
  if (cell.empty()) return std::nullopt;
  std::uint32_t persons = 0;
  if (!IsDigits(cell, cell.size()) || !absl::SimpleAtoi(cell, &persons)) {
    return reader.Error(at, column, "is no number of persons");
  }
  return persons;
}

}  // namespace

absl::StatusOr<Places> Places::Load(const ReferenceTexts& texts) {
  TEILHABE_ASSIGN_OR_RETURN(const Snapshots snapshots, LoadSnapshots(texts[DataTable::kMunicipalitySnapshots]));
  Places places;
  TEILHABE_RETURN_IF_ERROR(places.LoadDistricts(texts[DataTable::kDistricts]));
  TEILHABE_RETURN_IF_ERROR(places.LoadPresent(texts[DataTable::kMunicipalities], snapshots));
  TEILHABE_RETURN_IF_ERROR(places.LoadFormer(texts[DataTable::kMunicipalitiesFormer], snapshots));
  TEILHABE_RETURN_IF_ERROR(places.Index());
  TEILHABE_RETURN_IF_ERROR(places.LoadDays(texts[DataTable::kMunicipalityDays]));
  return places;
}

absl::Status Places::LoadDistricts(std::string_view text) {
  enum Column : std::size_t { kAgs5, kName, kKind, kLand, kLandName, kRegbez, kRegbezName, kFrom };
  TEILHABE_ASSIGN_OR_RETURN(const TableReader reader,
                            TableReader::Read("districts.csv", text,
                                              {"ags5", "name", "kind", "land", "land_name", "regbez", "regbez_name",
                                               "valid_from", "valid_to"}));
  for (std::size_t at = 0; at < reader.size(); ++at) {
    District district;
    TEILHABE_RETURN_IF_ERROR(reader.CheckDigits(at, kAgs5, 5));
    district.ags5 = reader.Cell(at, kAgs5);
    if (!districts_.empty() && district.ags5 <= districts_.back().ags5) {
      return reader.Error(at, kAgs5, "is not after the row above");
    }
    district.name = reader.Cell(at, kName);
    if (district.name.empty()) return reader.Error(at, kName, "is empty");
    TEILHABE_ASSIGN_OR_RETURN(district.kind, reader.OneOf(at, kKind, kDistrictKinds));
    const absl::StatusOr<Land> land = ParseLand(reader.Cell(at, kLand));
    if (!land.ok()) return reader.Error(at, kLand, "is not a Land");
    if (!district.ags5.starts_with(LandCode(*land))) return reader.Error(at, kLand, "does not begin the key");
    if (reader.Cell(at, kLandName) != LandName(*land)) {
      return reader.Error(at, kLandName, "is not the name of the Land");
    }
    district.land = *land;
    district.regbez = reader.Cell(at, kRegbez);
    if (!district.regbez.empty() && (!IsDigits(district.regbez, 3) || !district.ags5.starts_with(district.regbez))) {
      return reader.Error(at, kRegbez, "is not the first three digits of the key");
    }
    district.regbez_name = reader.Cell(at, kRegbezName);
    if (district.regbez.empty() != district.regbez_name.empty()) {
      return reader.Error(at, kRegbezName, "must go with regbez");
    }
    TEILHABE_ASSIGN_OR_RETURN(district.valid, reader.Range(at, kFrom));
    districts_.push_back(std::move(district));
  }
  return absl::OkStatus();
}

absl::Status Places::LoadPresent(std::string_view text, const Snapshots& snapshots) {
  enum Column : std::size_t { kAgs8, kArs12, kName, kKind, kAgs5, kLand, kAssociation, k2022, k2019, kFirstSeen };
  TEILHABE_ASSIGN_OR_RETURN(const TableReader reader,
                            TableReader::Read("municipalities.csv", text,
                                              {"ags8", "ars12", "name", "kind", "ags5", "land", "association",
                                               "population_2022", "population_2019", "first_seen"}));
  places_.reserve(reader.size() + 256);
  std::vector<bool> inhabited(districts_.size());
  for (std::size_t at = 0; at < reader.size(); ++at) {
    Place place;
    TEILHABE_RETURN_IF_ERROR(ReadKey(reader, at, kAgs8, kAgs5, kLand, place));
    if (!places_.empty() && place.ags8 <= places_.back().ags8) {
      return reader.Error(at, kAgs8, "is not after the row above");
    }
    TEILHABE_RETURN_IF_ERROR(reader.CheckDigits(at, kArs12, 12));
    place.ars12 = reader.Cell(at, kArs12);
    if (place.ars12.compare(0, 5, place.ags8, 0, 5) != 0 || place.ars12.compare(9, 3, place.ags8, 5, 3) != 0) {
      return reader.Error(at, kArs12, "does not agree with ags8");
    }
    place.name = reader.Cell(at, kName);
    if (place.name.empty()) return reader.Error(at, kName, "is empty");
    TEILHABE_ASSIGN_OR_RETURN(place.kind, reader.OneOf(at, kKind, kPlaceKinds));
    const std::optional<std::uint16_t> district = FindDistrict(place.ags5());
    if (!district) return reader.Error(at, kAgs5, "is not in districts.csv");
    if (districts_[*district].valid.to) return reader.Error(at, kAgs5, "is a district that has ended");
    place.district = *district;
    place.land = districts_[*district].land;
    inhabited[*district] = true;
    place.association = reader.Cell(at, kAssociation);
    TEILHABE_ASSIGN_OR_RETURN(place.population_2022, Population(reader, at, k2022));
    TEILHABE_ASSIGN_OR_RETURN(place.population_2019, Population(reader, at, k2019));
    TEILHABE_ASSIGN_OR_RETURN(const std::size_t first_seen, SnapshotAt(reader, at, kFirstSeen, snapshots));
    SetFirstSeen(first_seen, snapshots, place);
    places_.push_back(std::move(place));
  }
  for (std::size_t at = 0; at < districts_.size(); ++at) {
    if (inhabited[at] || districts_[at].valid.to) continue;
    return ReferenceInvalid("municipalities.csv", reader.size() + 2, "ags5",
                            absl::StrCat("no row for district ", districts_[at].ags5));
  }
  return absl::OkStatus();
}

absl::Status Places::LoadFormer(std::string_view text, const Snapshots& snapshots) {
  enum Column : std::size_t { kAgs8, kName, kKind, kAgs5, kLand, kFirstSeen, kLastSeen };
  TEILHABE_ASSIGN_OR_RETURN(const TableReader reader,
                            TableReader::Read("municipalities_former.csv", text,
                                              {"ags8", "name", "kind", "ags5", "land", "first_seen", "last_seen"}));
  const std::size_t present = places_.size();
  for (std::size_t at = 0; at < reader.size(); ++at) {
    Place place;
    TEILHABE_RETURN_IF_ERROR(ReadKey(reader, at, kAgs8, kAgs5, kLand, place));
    if (places_.size() > present && place.ags8 <= places_.back().ags8) {
      return reader.Error(at, kAgs8, "is not after the row above");
    }
    const auto found =
        std::lower_bound(places_.begin(), places_.begin() + static_cast<std::ptrdiff_t>(present), place.ags8,
                         [](const Place& a, const std::string& key) { return a.ags8 < key; });
    if (found != places_.begin() + static_cast<std::ptrdiff_t>(present) && found->ags8 == place.ags8) {
      return reader.Error(at, kAgs8, "is also in municipalities.csv");
    }
    place.name = reader.Cell(at, kName);
    if (place.name.empty()) return reader.Error(at, kName, "is empty");
    TEILHABE_ASSIGN_OR_RETURN(place.kind, reader.OneOf(at, kKind, kPlaceKinds));
    const std::optional<std::uint16_t> district = FindDistrict(place.ags5());
    if (!district) return reader.Error(at, kAgs5, "is not in districts.csv");
    place.district = *district;
    place.land = districts_[*district].land;
    TEILHABE_ASSIGN_OR_RETURN(const std::size_t first_seen, SnapshotAt(reader, at, kFirstSeen, snapshots));
    TEILHABE_ASSIGN_OR_RETURN(const std::size_t last_seen, SnapshotAt(reader, at, kLastSeen, snapshots));
    if (last_seen < first_seen) return reader.Error(at, kLastSeen, "is before first_seen");
    if (last_seen + 1 == snapshots.size()) return reader.Error(at, kLastSeen, "is the last snapshot: not former");
    SetFirstSeen(first_seen, snapshots, place);
    place.certain.to = snapshots[last_seen];
    place.gone_from = snapshots[last_seen + 1];
    places_.push_back(std::move(place));
  }
  return absl::OkStatus();
}

absl::Status Places::Index() {
  if (places_.size() > std::numeric_limits<std::uint16_t>::max()) {
    return ReferenceInvalid("municipalities.csv", 0, "", "has too many rows");
  }
  std::sort(places_.begin(), places_.end(), [](const Place& a, const Place& b) { return a.ags8 < b.ags8; });
  keys_.reserve(places_.size());
  for (const Place& place : places_) {
    std::uint32_t key = 0;
    if (!absl::SimpleAtoi(place.ags8, &key)) return ReferenceInvalid("municipalities.csv", 0, "ags8", "no number");
    keys_.push_back(key);
  }
  return absl::OkStatus();
}

absl::Status Places::LoadDays(std::string_view text) {
  enum Column : std::size_t { kAgs8, kFrom, kTo, kSuccessor, kSource };
  TEILHABE_ASSIGN_OR_RETURN(
      const TableReader reader,
      TableReader::Read("municipality_days.csv", text, {"ags8", "valid_from", "valid_to", "successor", "source"}));
  std::vector<bool> seen(places_.size());
  for (std::size_t at = 0; at < reader.size(); ++at) {
    const std::optional<PlaceIndex> index = Lookup(reader.Cell(at, kAgs8));
    if (!index) return reader.Error(at, kAgs8, "is no known municipality");
    if (seen[static_cast<std::size_t>(*index)]) return reader.Error(at, kAgs8, "has two rows");
    seen[static_cast<std::size_t>(*index)] = true;
    if (reader.Cell(at, kSource).empty()) return reader.Error(at, kSource, "is empty");
    Place& place = places_[static_cast<std::size_t>(*index)];
    TEILHABE_ASSIGN_OR_RETURN(const DayRange legal, reader.Range(at, kFrom));
    // A legal day closes the gap between two snapshots, so it must lie in it.
    if (legal.from) {
      if (!place.not_yet_until || *legal.from <= *place.not_yet_until || *legal.from > *place.certain.from) {
        return reader.Error(at, kFrom, "is not between the snapshots without and with this key");
      }
      place.certain.from = legal.from;
      place.not_yet_until = *legal.from - 1;
    }
    if (legal.to) {
      if (!place.gone_from || *legal.to < *place.certain.to || *legal.to >= *place.gone_from) {
        return reader.Error(at, kTo, "is not between the snapshots with and without this key");
      }
      place.certain.to = legal.to;
      place.gone_from = *legal.to + 1;
    }
  }
  // After all days are known: who follows is there the day after, so a chain of successors moves forward and ends.
  for (std::size_t at = 0; at < reader.size(); ++at) {
    if (reader.Cell(at, kSuccessor).empty()) continue;
    Place& place = places_[static_cast<std::size_t>(*Lookup(reader.Cell(at, kAgs8)))];
    place.successor = Lookup(reader.Cell(at, kSuccessor));
    if (!place.successor) return reader.Error(at, kSuccessor, "is no known municipality");
    if (reader.Cell(at, kTo).empty()) return reader.Error(at, kSuccessor, "needs the day in valid_to");
    const Existence next_day = ExistenceOn(this->at(*place.successor), *place.certain.to + 1);
    if (next_day == Existence::kNotYet || next_day == Existence::kGone) {
      return reader.Error(at, kSuccessor, "did not exist on the day after valid_to");
    }
  }
  return absl::OkStatus();
}

}  // namespace teilhabe::reference
