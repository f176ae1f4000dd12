#include "services/ctl/network/start_folder.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/reference/reference.h"
#include "common/rpc/convert.h"
#include "common/trust/identity.h"

namespace teilhabe::ctl {
namespace {

namespace v1 = trust::v1;
using nlohmann::json;

absl::Status Invalid(std::string_view field, std::string_view why) {
  return FieldError(absl::StatusCode::kInvalidArgument, "START_FOLDER_INVALID", field,
                    absl::StrCat("network.json: ", ToAbsl(field), " ", ToAbsl(why)));
}

std::string Text(const json& object, const char* key) {
  const auto value = object.value(key, json());
  return value.is_string() ? value.get<std::string>() : "";
}

// `wfbm` for ROLE_WFBM.
template <typename Enum>
absl::StatusOr<Enum> FindEnum(const google::protobuf::EnumDescriptor* type, std::string_view prefix,
                              const std::string& word, std::string_view field) {
  const auto* value = type->FindValueByName(absl::StrCat(ToAbsl(prefix), absl::AsciiStrToUpper(word)));
  if (value == nullptr || value->number() == 0) return Invalid(field, absl::StrCat("has no value '", word, "'"));
  return static_cast<Enum>(value->number());
}

v1::Role RoleOf(reference::AgencyKind kind) {
  switch (kind) {
    case reference::AgencyKind::kEghUeberoertlich:
      return v1::ROLE_EGH_UEBEROERTLICH;
    case reference::AgencyKind::kEghOertlich:
      return v1::ROLE_EGH_OERTLICH;
    case reference::AgencyKind::kBaRegionaldirektion:
    case reference::AgencyKind::kBaAgentur:
      return v1::ROLE_BA;
    case reference::AgencyKind::kDrv:
      return v1::ROLE_DRV;
    case reference::AgencyKind::kUv:
      return v1::ROLE_UV;
    case reference::AgencyKind::kIntegrationsamt:
      return v1::ROLE_INTEGRATIONSAMT;
    case reference::AgencyKind::kObserver:
      return v1::ROLE_OBSERVER;
    default:
      return v1::ROLE_UNSPECIFIED;
  }
}

void AddJurisdictions(const reference::Reference& data, reference::AgencyIndex agency, v1::Member& member) {
  constexpr std::pair<reference::Jurisdiction, const char*> kTables[] = {
      {reference::Jurisdiction::kEgh, "egh"},
      {reference::Jurisdiction::kBaRegional, "ba"},
      {reference::Jurisdiction::kDrv, "drv"},
      {reference::Jurisdiction::kIntegrationsamt, "integrationsamt"}};
  for (const auto& [table, name] : kTables) {
    for (std::uint16_t at = 2; data.RowOf(table, at) != nullptr; ++at) {  // Row 1 is the header.
      const reference::JurisdictionRow& row = *data.RowOf(table, at);
      if (row.agency != agency && data.agency(row.agency).part_of != agency) continue;
      v1::Jurisdiction* made = member.add_jurisdictions();
      made->set_table(name);
      made->set_prefix(row.prefix);
      if (row.valid.from) *made->mutable_valid_from() = rpc::ToProto(*row.valid.from);
      if (row.valid.to) *made->mutable_valid_to() = rpc::ToProto(*row.valid.to);
    }
  }
}

// Offices name the body that they are part of; an Agentur für Arbeit belongs to the Regionaldirektion of its Land.
bool IsOfficeOf(const reference::Agency& office, const reference::Agency& agency, reference::AgencyIndex index) {
  if (office.part_of == index) return true;
  if (agency.kind != reference::AgencyKind::kBaRegionaldirektion || office.kind != reference::AgencyKind::kBaAgentur) {
    return false;
  }
  return std::find_first_of(office.lands.begin(), office.lands.end(), agency.lands.begin(), agency.lands.end()) !=
         office.lands.end();
}

// What the reference data know of an agency.
absl::Status FillFromReference(v1::Member& member) {
  const reference::Reference& data = reference::EmbeddedReference();
  TEILHABE_ASSIGN_OR_RETURN(const reference::AgencyIndex index, data.FindAgency(member.id(), "members.id"));
  const reference::Agency& agency = data.agency(index);
  member.set_name(agency.name);
  if (agency.office) member.set_seat(data.place(*agency.office).ags8);
  member.add_roles(RoleOf(agency.kind));
  for (const reference::Agency& office : data.agencies()) {
    if (!IsOfficeOf(office, agency, index)) continue;
    v1::Office* made = member.add_offices();
    made->set_id(office.id);
    made->set_name(office.name);
    if (RoleOf(office.kind) != member.roles(0)) member.add_roles(RoleOf(office.kind));
  }
  AddJurisdictions(data, index, member);
  for (const reference::Succession& succession : data.SuccessionsOf(index)) {
    v1::Succession* made = member.add_successions();
    made->set_successor(data.agency(succession.successor).id);
    *made->mutable_day() = rpc::ToProto(*agency.valid.to + 1);
    made->set_act(succession.act);
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::Member> ReadMember(const json& entry) {
  if (!entry.is_object()) return Invalid("members", "holds something that is no object");
  v1::Member member;
  member.set_id(Text(entry, "id"));
  if (!trust::IsIdentityPart(member.id())) return Invalid("members.id", "is missing or holds other letters");
  TEILHABE_ASSIGN_OR_RETURN(const auto kind, FindEnum<v1::MemberKind>(v1::MemberKind_descriptor(), "MEMBER_KIND_",
                                                                      Text(entry, "kind"), "members.kind"));
  member.set_kind(kind);
  if (kind == v1::MEMBER_KIND_AGENCY || kind == v1::MEMBER_KIND_OBSERVER) {
    TEILHABE_RETURN_IF_ERROR(FillFromReference(member));
    return member;
  }
  // Bodies are invented and say so.
  member.set_name(Text(entry, "name"));
  member.set_seat(Text(entry, "seat"));
  member.set_host(Text(entry, "host"));
  TEILHABE_ASSIGN_OR_RETURN(const auto role,
                            FindEnum<v1::Role>(v1::Role_descriptor(), "ROLE_", Text(entry, "role"), "members.role"));
  member.add_roles(role);
  if (member.name().empty()) return Invalid("members.name", "is missing");
  if (kind == v1::MEMBER_KIND_GUEST ? !trust::IsIdentityPart(member.host()) : !member.host().empty()) {
    return Invalid("members.host", "names the node of a guest, and nobody else's");
  }
  return member;
}

}  // namespace

absl::StatusOr<StartFolder> StartFolder::Read(const std::filesystem::path& folder) {
  std::ifstream file(folder / "network.json");
  if (!file) return Invalid("folder", absl::StrCat(folder.string(), " has no network.json"));
  const json root = json::parse(file, nullptr, false);
  if (!root.is_object()) return Invalid("file", "is no JSON object");
  StartFolder made;
  made.network = Text(root, "network");
  if (!trust::IsIdentityPart(made.network)) return Invalid("network", "is missing or holds other letters");
  made.training = root.value("training", json()) == json(true);
  made.first_day = Text(root, "first_day");
  for (const json& entry : root.value("members", json::array())) {
    TEILHABE_ASSIGN_OR_RETURN(v1::Member member, ReadMember(entry));
    for (const v1::Member& other : made.members) {
      if (other.id() == member.id()) return Invalid("members.id", absl::StrCat("names ", member.id(), " twice"));
    }
    made.members.push_back(std::move(member));
  }
  if (made.members.empty()) return Invalid("members", "is empty");
  if (!made.training || !trust::IsTrainingNetwork(made.network)) {
    return Invalid("training",
                   "must be true and the name begin with schulung: keys of a real network are not made here");
  }
  return made;
}

}  // namespace teilhabe::ctl
