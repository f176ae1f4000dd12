#include "common/reference/agencies.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/reference/agency_words.h"
#include "common/reference/table_reader.h"

namespace teilhabe::reference {
namespace {

constexpr std::array<Keyword<AgencyKind>, 10> kKinds = {{{"EGH_UEBEROERTLICH", AgencyKind::kEghUeberoertlich},
                                                         {"EGH_OERTLICH", AgencyKind::kEghOertlich},
                                                         {"BA_REGIONALDIREKTION", AgencyKind::kBaRegionaldirektion},
                                                         {"BA_AGENTUR", AgencyKind::kBaAgentur},
                                                         {"DRV", AgencyKind::kDrv},
                                                         {"UV", AgencyKind::kUv},
                                                         {"SER", AgencyKind::kSer},
                                                         {"JUGENDHILFE", AgencyKind::kJugendhilfe},
                                                         {"INTEGRATIONSAMT", AgencyKind::kIntegrationsamt},
                                                         {"OBSERVER", AgencyKind::kObserver}}};

constexpr std::array<Keyword<AreaClass>, 4> kAreaClasses = {{{"REGIONAL", AreaClass::kRegional},
                                                             {"BUND", AreaClass::kBund},
                                                             {"KBS", AreaClass::kKbs},
                                                             {"ZULAGENUMMER", AreaClass::kZulagenummer}}};

bool IsId(std::string_view text) {
  const auto fits = [](char c) { return ('a' <= c && c <= 'z') || ('0' <= c && c <= '9') || c == '-'; };
  return !text.empty() && text.front() != '-' && text.back() != '-' && text.find("--") == std::string_view::npos &&
         std::all_of(text.begin(), text.end(), fits);
}

// Whether one of the prefixes begins the key of the place or of one that followed it. Load made the chain end.
bool AreaHolds(const std::vector<std::string>& area, PlaceIndex place, const Places& places) {
  for (std::optional<PlaceIndex> at = place; at; at = places.at(*at).successor) {
    const std::string& key = places.at(*at).ags8;
    if (std::any_of(area.begin(), area.end(), [&key](const std::string& prefix) { return key.starts_with(prefix); })) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::string_view BasisName(Basis basis) { return KeywordText(basis, kBases); }
std::string_view AgencyKindName(AgencyKind kind) { return KeywordText(kind, kKinds); }

std::optional<AgencyIndex> Agencies::Lookup(std::string_view id) const {
  const auto found = by_id_.find(ToAbsl(id));
  if (found == by_id_.end()) return std::nullopt;
  return found->second;
}

absl::StatusOr<AgencyIndex> Agencies::Find(std::string_view id, std::string_view field) const {
  if (const std::optional<AgencyIndex> agency = Lookup(id)) return *agency;
  return FieldError(absl::StatusCode::kNotFound, "AGENCY_UNKNOWN", field,
                    "no agency has this id; ids are as in carriers.csv, e.g. lvr, egh-16051, aa-bielefeld");
}

std::span<const Succession> Agencies::SuccessionsOf(AgencyIndex agency) const {
  const auto found = successions_.find(agency);
  return found == successions_.end() ? std::span<const Succession>() : found->second;
}

std::optional<SuccessionHit> Agencies::Successor(AgencyIndex agency, PlaceIndex place, absl::CivilDay day,
                                                 const Places& places) const {
  SuccessionHit hit{agency, 0};
  while (at(hit.agency).valid.to && *at(hit.agency).valid.to < day) {
    const auto found = successions_.find(hit.agency);
    if (found == successions_.end()) return std::nullopt;
    const auto step = std::find_if(found->second.begin(), found->second.end(), [&](const Succession& succession) {
      return AreaHolds(succession.area, place, places);
    });
    if (step == found->second.end()) return std::nullopt;
    hit = {step->successor, step->row};
  }
  if (hit.row == 0) return std::nullopt;
  return hit;
}

std::optional<SuccessionHit> Agencies::On(AgencyIndex agency, PlaceIndex place, absl::CivilDay day,
                                          const Places& places) const {
  if (at(agency).valid.Contains(day)) return SuccessionHit{agency, 0};
  return Successor(agency, place, day, places);
}

absl::StatusOr<AreaNumber> Agencies::FindAreaNumber(std::string_view number, std::string_view field) const {
  if (!IsDigits(number, 2)) {
    return FieldError(absl::StatusCode::kInvalidArgument, "AREA_NUMBER_MALFORMED", field,
                      "send the two digits of the Bereichsnummer, e.g. 11");
  }
  if (const auto found = area_numbers_.find(ToAbsl(number)); found != area_numbers_.end()) {
    return AreaNumber{found->second.area_class, found->second.agency, found->second.region};
  }
  return FieldError(absl::StatusCode::kNotFound, "AREA_NUMBER_UNKNOWN", field,
                    absl::StrCat("no Bereichsnummer ", ToAbsl(number), " in the Anlage to the VKVV; check the number"));
}

absl::StatusOr<Agencies> Agencies::Load(const ReferenceTexts& texts, const Places& places) {
  Agencies agencies;
  TEILHABE_RETURN_IF_ERROR(agencies.LoadCarriers(texts[DataTable::kCarriers], places));
  TEILHABE_RETURN_IF_ERROR(agencies.LoadSuccessions(texts[DataTable::kSuccessions], places));
  TEILHABE_RETURN_IF_ERROR(agencies.LoadAreaNumbers(texts[DataTable::kDrvAreaNumbers]));
  return agencies;
}

absl::Status Agencies::LoadCarriers(std::string_view text, const Places& places) {
  enum Column : std::size_t {
    kId,
    kName,
    kKind,
    kLand,
    kScope,
    kSeat,
    kSeatBasis,
    kOffice,
    kPartOf,
    kFrom,
    kTo,
    kBasis,
    kSource
  };
  TEILHABE_ASSIGN_OR_RETURN(const TableReader reader,
                            TableReader::Read("carriers.csv", text,
                                              {"id", "name", "kind", "land", "scope", "seat", "seat_basis",
                                               "office_ags8", "part_of", "valid_from", "valid_to", "basis", "source"}));
  for (std::size_t at = 0; at < reader.size(); ++at) {
    Agency agency;
    agency.id = reader.Cell(at, kId);
    if (!IsId(agency.id)) return reader.Error(at, kId, "is not an id (a-z, 0-9 and single hyphens)");
    if (!by_id_.emplace(agency.id, static_cast<AgencyIndex>(at)).second) return reader.Error(at, kId, "has two rows");
    agency.name = reader.Cell(at, kName);
    if (agency.name.empty()) return reader.Error(at, kName, "is empty");
    TEILHABE_ASSIGN_OR_RETURN(agency.kind, reader.OneOf(at, kKind, kKinds));
    if (reader.Cell(at, kLand) != "00") {
      for (const absl::string_view code : absl::StrSplit(reader.Cell(at, kLand), ' ')) {
        const absl::StatusOr<Land> land = ParseLand(ToStd(code));
        if (!land.ok()) return reader.Error(at, kLand, "is not Länder with a blank between, nor 00");
        agency.lands.push_back(*land);
      }
    }
    agency.scope = reader.Cell(at, kScope);
    agency.seat = reader.Cell(at, kSeat);
    if (!reader.Cell(at, kSeatBasis).empty()) {
      TEILHABE_ASSIGN_OR_RETURN(agency.seat_basis, reader.OneOf(at, kSeatBasis, kBases));
    }
    if (agency.seat.empty() == agency.seat_basis.has_value()) return reader.Error(at, kSeatBasis, "must go with seat");
    if (!reader.Cell(at, kOffice).empty()) {
      agency.office = places.Lookup(reader.Cell(at, kOffice));
      if (!agency.office || places.at(*agency.office).gone_from) {
        return reader.Error(at, kOffice, "is no municipality of today");
      }
    }
    if (agency.seat.empty() == agency.office.has_value()) return reader.Error(at, kOffice, "must go with seat");
    TEILHABE_ASSIGN_OR_RETURN(agency.valid, reader.Range(at, kFrom));
    TEILHABE_ASSIGN_OR_RETURN(agency.basis, reader.OneOf(at, kBasis, kBases));
    agency.source = reader.Cell(at, kSource);
    if (agency.source.empty() && !MayLackSource(agency.basis)) return reader.Error(at, kSource, "is empty");
    agencies_.push_back(std::move(agency));
  }
  for (std::size_t at = 0; at < reader.size(); ++at) {
    if (reader.Cell(at, kPartOf).empty()) continue;
    agencies_[at].part_of = Lookup(reader.Cell(at, kPartOf));
    if (!agencies_[at].part_of || *agencies_[at].part_of == static_cast<AgencyIndex>(at)) {
      return reader.Error(at, kPartOf, "is not another carrier");
    }
  }
  return absl::OkStatus();
}

absl::Status Agencies::LoadSuccessions(std::string_view text, const Places& places) {
  enum Column : std::size_t { kOld, kNew, kDay, kArea, kAct, kBasis, kSource };
  TEILHABE_ASSIGN_OR_RETURN(
      const TableReader reader,
      TableReader::Read("successions.csv", text, {"old_id", "new_id", "day", "area", "act", "basis", "source"}));
  for (std::size_t at = 0; at < reader.size(); ++at) {
    const std::optional<AgencyIndex> old = Lookup(reader.Cell(at, kOld));
    if (!old) return reader.Error(at, kOld, "is not in carriers.csv");
    const std::optional<AgencyIndex> successor = Lookup(reader.Cell(at, kNew));
    if (!successor) return reader.Error(at, kNew, "is not in carriers.csv");
    Succession succession{*successor, {}, std::string(reader.Cell(at, kAct)), TableReader::RowNumber(at)};
    TEILHABE_ASSIGN_OR_RETURN(const absl::CivilDay day, reader.Day(at, kDay));
    // The old one ends the day before and the new one exists on the day, so a chain moves forward and ends.
    const std::optional<absl::CivilDay>& ended = this->at(*old).valid.to;
    if (!ended || *ended + 1 != day) return reader.Error(at, kDay, "is not the day after the old one ended");
    if (!this->at(*successor).valid.Contains(day)) {
      return reader.Error(at, kNew, "does not exist on the day");
    }
    if (this->at(*old).kind != this->at(*successor).kind) return reader.Error(at, kNew, "is of another kind");
    for (const absl::string_view prefix : absl::StrSplit(reader.Cell(at, kArea), ' ')) {
      if (!places.KnowsPrefix(ToStd(prefix))) return reader.Error(at, kArea, "holds a prefix of no place");
      for (const Succession& other : successions_[*old]) {
        for (const std::string& area : other.area) {
          if (ToStd(prefix).starts_with(area) || area.starts_with(ToStd(prefix))) {
            return reader.Error(at, kArea, "overlaps with another row of this carrier");
          }
        }
      }
      succession.area.emplace_back(prefix);
    }
    if (succession.act.empty()) return reader.Error(at, kAct, "is empty");
    TEILHABE_ASSIGN_OR_RETURN(const Basis basis, reader.OneOf(at, kBasis, kBases));
    if (reader.Cell(at, kSource).empty() && !MayLackSource(basis)) return reader.Error(at, kSource, "is empty");
    successions_[*old].push_back(std::move(succession));
  }
  for (std::size_t agency = 0; agency < agencies_.size(); ++agency) {
    if (!agencies_[agency].valid.to || successions_.contains(static_cast<AgencyIndex>(agency))) continue;
    return ReferenceInvalid("successions.csv", reader.size() + 2, "old_id",
                            absl::StrCat("no row for ", agencies_[agency].id, ", which has ended"));
  }
  return absl::OkStatus();
}

absl::Status Agencies::LoadAreaNumbers(std::string_view text) {
  enum Column : std::size_t { kNumber, kClass, kCarrier, kRegion };
  TEILHABE_ASSIGN_OR_RETURN(
      const TableReader reader,
      TableReader::Read("drv_area_numbers.csv", text, {"area_number", "class", "carrier_id", "region", "source"}));
  for (std::size_t at = 0; at < reader.size(); ++at) {
    TEILHABE_RETURN_IF_ERROR(reader.CheckDigits(at, kNumber, 2));
    StoredAreaNumber number;
    TEILHABE_ASSIGN_OR_RETURN(number.area_class, reader.OneOf(at, kClass, kAreaClasses));
    number.agency = Lookup(reader.Cell(at, kCarrier));
    if (number.area_class == AreaClass::kZulagenummer) {
      if (!reader.Cell(at, kCarrier).empty()) return reader.Error(at, kCarrier, "must be empty for ZULAGENUMMER");
    } else if (!number.agency || this->at(*number.agency).kind != AgencyKind::kDrv) {
      return reader.Error(at, kCarrier, "is no DRV carrier");
    }
    number.region = reader.Cell(at, kRegion);
    if (!area_numbers_.emplace(reader.Cell(at, kNumber), std::move(number)).second) {
      return reader.Error(at, kNumber, "has two rows");
    }
  }
  return absl::OkStatus();
}

}  // namespace teilhabe::reference
