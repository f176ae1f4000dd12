#include "common/reference/jurisdictions.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/reference/agency_words.h"
#include "common/reference/table_reader.h"

namespace teilhabe::reference {
namespace {

constexpr std::array<Keyword<Jurisdiction>, 2> kBaLevels = {
    {{"RD", Jurisdiction::kBaRegional}, {"AA", Jurisdiction::kBaAgency}}};

bool Fits(Jurisdiction jurisdiction, AgencyKind kind) {
  switch (jurisdiction) {
    case Jurisdiction::kEgh:
      return kind == AgencyKind::kEghUeberoertlich || kind == AgencyKind::kEghOertlich;
    case Jurisdiction::kBaRegional:
      return kind == AgencyKind::kBaRegionaldirektion;
    case Jurisdiction::kBaAgency:
      return kind == AgencyKind::kBaAgentur;
    case Jurisdiction::kDrv:
      return kind == AgencyKind::kDrv;
    case Jurisdiction::kIntegrationsamt:
      return kind == AgencyKind::kIntegrationsamt;
  }
  return false;
}

// Whether `outer` holds every day of `inner`, at its end.
bool EndsNoLater(const DayRange& inner, const DayRange& outer) {
  return !outer.to || (inner.to && *inner.to <= *outer.to);
}
bool StartsNoEarlier(const DayRange& inner, const DayRange& outer) {
  return !outer.from || (inner.from && *inner.from >= *outer.from);
}

}  // namespace

DataTable TableOf(Jurisdiction jurisdiction) {
  switch (jurisdiction) {
    case Jurisdiction::kEgh:
      return DataTable::kEghJurisdiction;
    case Jurisdiction::kBaRegional:
    case Jurisdiction::kBaAgency:
      return DataTable::kBaJurisdiction;
    case Jurisdiction::kDrv:
      return DataTable::kDrvJurisdiction;
    case Jurisdiction::kIntegrationsamt:
      break;
  }
  return DataTable::kIntegrationsamtJurisdiction;
}

std::optional<JurisdictionHit> Jurisdictions::Resolve(Jurisdiction jurisdiction, PlaceIndex place,
                                                      absl::CivilDay day) const {
  const Level& level = At(jurisdiction);
  const Candidates& candidates = level.of_place[static_cast<std::size_t>(place)];
  for (std::uint32_t at = candidates.begin; at < candidates.end; ++at) {
    const JurisdictionRow& row = level.rows[level.candidates[at]];
    if (row.valid.Contains(day)) return JurisdictionHit{row.agency, row.basis, row.row};
  }
  return std::nullopt;
}

const JurisdictionRow* Jurisdictions::Row(Jurisdiction jurisdiction, std::uint16_t row) const {
  const std::vector<JurisdictionRow>& rows = At(jurisdiction).rows;
  const auto found = std::lower_bound(rows.begin(), rows.end(), row,
                                      [](const JurisdictionRow& at, std::uint16_t wanted) { return at.row < wanted; });
  return found != rows.end() && found->row == row ? &*found : nullptr;
}

absl::StatusOr<Jurisdictions> Jurisdictions::Load(const ReferenceTexts& texts, const Places& places,
                                                  const Agencies& agencies) {
  Jurisdictions jurisdictions;
  for (const DataTable table : {DataTable::kEghJurisdiction, DataTable::kBaJurisdiction, DataTable::kDrvJurisdiction,
                                DataTable::kIntegrationsamtJurisdiction}) {
    TEILHABE_RETURN_IF_ERROR(jurisdictions.LoadRows(table, texts[table], places, agencies));
  }
  for (Level& level : jurisdictions.levels_) BuildCandidates(places, level);
  return jurisdictions;
}

absl::Status Jurisdictions::LoadRows(DataTable table, std::string_view text, const Places& places,
                                     const Agencies& agencies) {
  const bool has_level = table == DataTable::kBaJurisdiction;
  std::vector<std::string_view> columns = {"prefix", "carrier_id", "valid_from", "valid_to", "basis", "source"};
  if (has_level) columns.insert(columns.begin() + 1, "level");
  const std::size_t shift = has_level ? 1 : 0;
  const std::size_t prefix = 0;
  const std::size_t carrier = 1 + shift;
  const std::size_t from = 2 + shift;
  const std::size_t to = 3 + shift;
  const std::size_t basis = 4 + shift;
  const std::size_t source = 5 + shift;
  TEILHABE_ASSIGN_OR_RETURN(const TableReader reader, TableReader::Read(FileName(table), text, columns));
  absl::flat_hash_map<std::pair<Jurisdiction, std::string>, std::vector<DayRange>> taken;
  for (std::size_t at = 0; at < reader.size(); ++at) {
    Jurisdiction jurisdiction = table == DataTable::kEghJurisdiction   ? Jurisdiction::kEgh
                                : table == DataTable::kDrvJurisdiction ? Jurisdiction::kDrv
                                                                       : Jurisdiction::kIntegrationsamt;
    if (has_level) {
      TEILHABE_ASSIGN_OR_RETURN(jurisdiction, reader.OneOf(at, 1, kBaLevels));
    }
    JurisdictionRow row;
    row.row = TableReader::RowNumber(at);
    row.prefix = reader.Cell(at, prefix);
    if (!IsDigits(row.prefix, row.prefix.size()) || !places.KnowsPrefix(row.prefix)) {
      return reader.Error(at, prefix, "is not 2, 3, 5 or 8 digits that begin the key of a place");
    }
    const std::optional<AgencyIndex> agency = agencies.Lookup(reader.Cell(at, carrier));
    if (!agency) return reader.Error(at, carrier, "is not in carriers.csv");
    if (!Fits(jurisdiction, agencies.at(*agency).kind)) return reader.Error(at, carrier, "is of a kind not fit for it");
    row.agency = *agency;
    TEILHABE_ASSIGN_OR_RETURN(row.valid, reader.Range(at, from));
    if (!StartsNoEarlier(row.valid, agencies.at(*agency).valid)) return reader.Error(at, from, "is before its carrier");
    if (!EndsNoLater(row.valid, agencies.at(*agency).valid)) return reader.Error(at, to, "outlives its carrier");
    TEILHABE_ASSIGN_OR_RETURN(row.basis, reader.OneOf(at, basis, kBases));
    row.source = reader.Cell(at, source);
    if (row.source.empty() && !MayLackSource(row.basis)) return reader.Error(at, source, "is empty");
    std::vector<DayRange>& others = taken[{jurisdiction, row.prefix}];
    for (const DayRange& other : others) {
      if (other.Overlaps(row.valid)) return reader.Error(at, from, "overlaps with another row of this prefix");
    }
    others.push_back(row.valid);
    At(jurisdiction).rows.push_back(std::move(row));
  }
  return absl::OkStatus();
}

void Jurisdictions::BuildCandidates(const Places& places, Level& level) {
  absl::flat_hash_map<std::string, std::vector<std::uint16_t>> by_prefix;
  bool any_of_one_place = false;
  for (std::size_t at = 0; at < level.rows.size(); ++at) {
    by_prefix[level.rows[at].prefix].push_back(static_cast<std::uint16_t>(at));
    any_of_one_place = any_of_one_place || level.rows[at].prefix.size() == 8;
  }
  const auto add = [&](std::string_view prefix) {
    const auto found = by_prefix.find(ToAbsl(prefix));
    if (found == by_prefix.end()) return;
    level.candidates.insert(level.candidates.end(), found->second.begin(), found->second.end());
  };
  const auto build = [&](std::string_view key, std::initializer_list<std::size_t> lengths) {
    Candidates made{static_cast<std::uint32_t>(level.candidates.size()), 0};
    for (const std::size_t length : lengths) add(key.substr(0, length));
    made.end = static_cast<std::uint32_t>(level.candidates.size());
    return made;
  };
  // Places are in the order of their keys, so those of a district stand together.
  std::string_view district;
  Candidates of_district;
  level.of_place.reserve(places.all().size());
  for (const Place& place : places.all()) {
    if (place.ags5() != district) {
      district = place.ags5();
      of_district = build(district, {5, 3, 2});
    }
    const bool own = any_of_one_place && by_prefix.contains(place.ags8);
    level.of_place.push_back(own ? build(place.ags8, {8, 5, 3, 2}) : of_district);
  }
}

}  // namespace teilhabe::reference
