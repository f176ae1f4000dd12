#include "services/providers/convert.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/rpc/convert.h"
#include "services/providers/domain/input.h"

namespace teilhabe::providers {
namespace {

namespace carriers = teilhabe::carriers::v1;

constexpr std::string_view kProvider = "PROVIDER_MALFORMED";
constexpr std::string_view kVereinbarung = "VEREINBARUNG_MALFORMED";

absl::Status Malformed(std::string_view reason, std::string_view field, std::string_view message) {
  return FieldError(absl::StatusCode::kInvalidArgument, reason, field, message);
}

constexpr bool IsStage(int stage) {
  return stage >= carriers::STAGE_EINGANGSVERFAHREN && stage <= carriers::STAGE_ARBEITSBEREICH;
}
constexpr Stage ToStage(int stage) { return static_cast<Stage>(stage - carriers::STAGE_EINGANGSVERFAHREN); }
constexpr carriers::Stage ToProto(Stage stage) {
  return static_cast<carriers::Stage>(static_cast<int>(stage) + carriers::STAGE_EINGANGSVERFAHREN);
}

absl::StatusOr<std::set<Stage>> ToStages(const google::protobuf::RepeatedField<int>& stages, std::string_view reason,
                                         std::string_view field) {
  std::set<Stage> made;
  for (const int stage : stages) {
    if (!IsStage(stage)) return Malformed(reason, field, "there is no such stage");
    if (!made.insert(ToStage(stage)).second) return Malformed(reason, field, "name each stage once");
  }
  return made;
}

absl::StatusOr<absl::CivilDay> ToDay(const google::type::Date& day, std::string_view field) {
  const auto made = rpc::FromProto(day, field);
  if (!made.ok()) return Malformed(kVereinbarung, field, "there is no such day");
  return *made;
}

}  // namespace

absl::StatusOr<Provider> FromProto(const v1::Provider& provider) {
  Provider made;
  made.id = provider.id();
  made.name = provider.name();
  if (provider.type() != carriers::PROVIDER_TYPE_WFBM && provider.type() != carriers::PROVIDER_TYPE_ALA) {
    return Malformed(kProvider, "provider.type", "a provider is a WfbM or an anderer Leistungsanbieter");
  }
  made.type = provider.type() == carriers::PROVIDER_TYPE_ALA ? ProviderType::kAla : ProviderType::kWfbm;
  TEILHABE_ASSIGN_OR_RETURN(made.stages, ToStages(provider.stages(), kProvider, "provider.stages"));
  made.catchment = {provider.catchment().begin(), provider.catchment().end()};
  made.seat = provider.seat();
  TEILHABE_RETURN_IF_ERROR(CheckInput(made));
  return made;
}

absl::StatusOr<Vereinbarung> FromProto(const v1::Vereinbarung& vereinbarung) {
  Vereinbarung made;
  made.id = vereinbarung.id();
  if (vereinbarung.kind() != v1::VEREINBARUNG_KIND_SGB9_125 &&
      vereinbarung.kind() != v1::VEREINBARUNG_KIND_REHA_EV_BBB) {
    return Malformed(kVereinbarung, "vereinbarung.kind", "there is no such kind");
  }
  made.kind = vereinbarung.kind() == v1::VEREINBARUNG_KIND_SGB9_125 ? VereinbarungKind::kSgb9Paragraph125
                                                                    : VereinbarungKind::kRehaEvBbb;
  made.contracting_traeger = vereinbarung.contracting_traeger();
  TEILHABE_ASSIGN_OR_RETURN(made.stages, ToStages(vereinbarung.stages(), kVereinbarung, "vereinbarung.stages"));
  if (vereinbarung.has_from_day()) {
    TEILHABE_ASSIGN_OR_RETURN(made.valid.from, ToDay(vereinbarung.from_day(), "vereinbarung.from_day"));
  }
  if (vereinbarung.has_to_day()) {
    TEILHABE_ASSIGN_OR_RETURN(made.valid.to, ToDay(vereinbarung.to_day(), "vereinbarung.to_day"));
  }
  made.basismodul = vereinbarung.basismodul();
  TEILHABE_RETURN_IF_ERROR(CheckInput(made));
  return made;
}

absl::StatusOr<Question> FromProto(const v1::CheckProviderRequest& request) {
  if (!IsStage(request.stage())) {
    return Malformed("STAGE_MISSING", "stage", "name the stage");
  }
  TEILHABE_ASSIGN_OR_RETURN(const absl::CivilDay day, rpc::FromProto(request.event_day(), "event_day"));
  if (day < kFirstDay) {
    return Malformed("DAY_INVALID", "event_day",
                     absl::StrCat("the rules are known from ", FormatDay(kFirstDay), " on"));
  }
  if (!request.municipality().empty() && !IsMunicipalityKey(request.municipality())) {
    return Malformed("MUNICIPALITY_MALFORMED", "municipality", "a municipality key has 8 digits");
  }
  return Question{ToStage(request.stage()), request.municipality(), day};
}

v1::Provider ToProto(const Provider& provider) {
  v1::Provider made;
  made.set_id(provider.id);
  made.set_name(provider.name);
  made.set_type(provider.type == ProviderType::kAla ? carriers::PROVIDER_TYPE_ALA : carriers::PROVIDER_TYPE_WFBM);
  for (const Stage stage : provider.stages) made.add_stages(ToProto(stage));
  for (const std::string& place : provider.catchment) made.add_catchment(place);
  made.set_seat(provider.seat);
  return made;
}

v1::Vereinbarung ToProto(const Vereinbarung& vereinbarung) {
  v1::Vereinbarung made;
  made.set_id(vereinbarung.id);
  made.set_kind(vereinbarung.kind == VereinbarungKind::kSgb9Paragraph125 ? v1::VEREINBARUNG_KIND_SGB9_125
                                                                         : v1::VEREINBARUNG_KIND_REHA_EV_BBB);
  made.set_contracting_traeger(vereinbarung.contracting_traeger);
  for (const Stage stage : vereinbarung.stages) made.add_stages(ToProto(stage));
  if (vereinbarung.valid.from) *made.mutable_from_day() = rpc::ToProto(*vereinbarung.valid.from);
  if (vereinbarung.valid.to) *made.mutable_to_day() = rpc::ToProto(*vereinbarung.valid.to);
  made.set_basismodul(vereinbarung.basismodul);
  return made;
}

v1::CheckProviderResponse ToProto(const Answer& answer, const Entry* entry) {
  v1::CheckProviderResponse made;
  for (const Finding& finding : answer.findings) {
    teilhabe::law::v1::Finding& row = *made.add_findings();
    row.set_rule_id(std::string(finding.rule));
    row.set_verdict(finding.verdict == law::Truth::kYes  ? teilhabe::law::v1::VERDICT_YES
                    : finding.verdict == law::Truth::kNo ? teilhabe::law::v1::VERDICT_NO
                                                         : teilhabe::law::v1::VERDICT_UNKNOWN);
    row.set_force(static_cast<teilhabe::law::v1::Force>(static_cast<int>(finding.force) + 1));
    row.set_citation(std::string(finding.citation));
    row.set_text(finding.text);
  }
  for (const std::string_view rule : answer.breaches) made.add_breaches(std::string(rule));
  if (answer.vereinbarung != nullptr) {
    made.set_contracting_traeger(answer.vereinbarung->contracting_traeger);
    made.set_vereinbarung(answer.vereinbarung->id);
    made.set_basismodul(answer.vereinbarung->basismodul);
  }
  if (entry != nullptr) made.set_type(ToProto(entry->provider).type());
  made.set_in_catchment(answer.in_catchment);
  return made;
}

}  // namespace teilhabe::providers
