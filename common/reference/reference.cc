#include "common/reference/reference.h"

#include <algorithm>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "common/base/check.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "embedded/reference_data.h"

namespace teilhabe::reference {

absl::StatusOr<Reference> Reference::Load(const ReferenceTexts& texts) {
  Reference reference;
  TEILHABE_ASSIGN_OR_RETURN(reference.versions_, LoadVersions(texts));
  TEILHABE_ASSIGN_OR_RETURN(reference.places_, Places::Load(texts));
  TEILHABE_ASSIGN_OR_RETURN(reference.agencies_, Agencies::Load(texts, reference.places_));
  TEILHABE_ASSIGN_OR_RETURN(reference.jurisdictions_,
                            Jurisdictions::Load(texts, reference.places_, reference.agencies_));
  TEILHABE_ASSIGN_OR_RETURN(reference.holidays_,
                            Holidays::Load(texts, reference.places_, reference.ReachOf(DataTable::kHolidays)));
  return reference;
}

std::optional<FrozenEghHit> Reference::FrozenFrom(PlaceIndex place, absl::CivilDay origin_day,
                                                  absl::CivilDay day) const {
  const std::optional<JurisdictionHit> origin = Resolve(Jurisdiction::kEgh, place, origin_day);
  if (!origin || day < origin_day) return std::nullopt;
  const std::optional<SuccessionHit> holder = AgencyOn(origin->agency, place, day);
  if (!holder) return std::nullopt;
  return FrozenEghHit{holder->agency, *origin, origin_day, holder->row};
}

absl::StatusOr<std::optional<FrozenEghHit>> Reference::FrozenEgh(std::string_view ags8, absl::CivilDay day,
                                                                 std::string_view field) const {
  TEILHABE_ASSIGN_OR_RETURN(const PlaceIndex place, places_.Parse(ags8, field));
  const DayRange& certain = places_.at(place).certain;
  const absl::CivilDay origin_day = certain.to ? std::min(day, *certain.to) : day;
  TEILHABE_RETURN_IF_ERROR(places_.CheckInForce(place, origin_day, field));
  return FrozenFrom(place, origin_day, day);
}

absl::StatusOr<std::optional<FrozenEghHit>> Reference::FrozenEgh(std::string_view ags8, absl::CivilDay application_day,
                                                                 absl::CivilDay day, std::string_view field) const {
  TEILHABE_ASSIGN_OR_RETURN(const PlaceIndex place, places_.Find(ags8, application_day, field));
  return FrozenFrom(place, application_day, day);
}

absl::Status Reference::CheckReach(DataTable table, absl::CivilDay day, std::string_view field) const {
  const DayRange& reach = ReachOf(table);
  if (reach.Contains(day)) return absl::OkStatus();
  const bool before = day < *reach.from;
  const std::string_view file = FileName(table);
  const std::string bound = FormatDay(before ? *reach.from : *reach.to);
  absl::Status status = FieldError(
      absl::StatusCode::kFailedPrecondition, before ? "BEFORE_DATA" : "BEYOND_DATA", field,
      absl::StrCat(ToAbsl(file), before ? " starts on " : " ends on ", bound,
                   before ? "; earlier days cannot be answered" : "; install newer reference data for later days"));
  status = WithDetail(std::move(status), "table", file);
  return WithDetail(std::move(status), before ? "reach_from" : "reach_to", bound);
}

const ReferenceTexts& EmbeddedTexts() {
  static const ReferenceTexts texts = [] {
    namespace data = embedded::reference_data;
    ReferenceTexts made;
    made[DataTable::kDistricts] = data::districts_csv();
    made[DataTable::kMunicipalities] = data::municipalities_csv();
    made[DataTable::kMunicipalitiesFormer] = data::municipalities_former_csv();
    made[DataTable::kMunicipalitySnapshots] = data::municipality_snapshots_csv();
    made[DataTable::kMunicipalityDays] = data::municipality_days_csv();
    made[DataTable::kCarriers] = data::carriers_csv();
    made[DataTable::kSuccessions] = data::successions_csv();
    made[DataTable::kEghJurisdiction] = data::egh_jurisdiction_csv();
    made[DataTable::kBaJurisdiction] = data::ba_jurisdiction_csv();
    made[DataTable::kDrvJurisdiction] = data::drv_jurisdiction_csv();
    made[DataTable::kIntegrationsamtJurisdiction] = data::integrationsamt_jurisdiction_csv();
    made[DataTable::kDrvAreaNumbers] = data::drv_area_numbers_csv();
    made[DataTable::kHolidays] = data::holidays_csv();
    made.manifest = data::manifest_csv();
    return made;
  }();
  return texts;
}

const Reference& EmbeddedReference() {
  // Never destroyed, so that other statics may use it until the end.
  static const Reference* const reference = [] {
    absl::StatusOr<Reference> loaded = Reference::Load(EmbeddedTexts());
    if (!loaded.ok()) std::fprintf(stderr, "%s\n", loaded.status().ToString().c_str());
    TEILHABE_CHECK(loaded.ok());
    return new Reference(*std::move(loaded));
  }();
  return *reference;
}

}  // namespace teilhabe::reference
