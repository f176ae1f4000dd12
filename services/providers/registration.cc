#include "services/providers/registration.h"

#include <algorithm>
#include <utility>

#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/dossier/days.h"
#include "services/providers/convert.h"
#include "services/providers/sections.h"

namespace teilhabe::providers {
namespace {

namespace wire = dossier::v1;

// Träger work together, so each may know who provides what.
constexpr char kObserverBasis[] = "§ 86 SGB X";
constexpr char kObserver[] = "observer";

// The body of a request is all of it, so that a request id stands for one request.
template <typename Message>
dossier::Request ToRequest(const char* method, const Message& request) {
  return {request.request_id(), crypto::Hasher("request").Field(method).Raw(request.SerializeAsString()).Finish()};
}

template <typename Message>
wire::EventDraft Draft(const char* section, const char* type, const Message& content) {
  wire::EventDraft draft;
  wire::SectionDraft& made = *draft.add_sections();
  made.set_name(section);
  made.set_category(wire::CATEGORY_PUBLIC);
  made.mutable_payload()->set_type(type);
  made.mutable_payload()->set_content(content.SerializeAsString());
  return draft;
}

absl::Status Refuse(std::string_view reason, std::string_view field, std::string_view message) {
  return FieldError(absl::StatusCode::kFailedPrecondition, reason, field, message);
}

absl::Status CheckDossier(const std::string& dossier) {
  if (dossier::IsDossierId(dossier)) return absl::OkStatus();
  return FieldError(absl::StatusCode::kInvalidArgument, "DOSSIER_INVALID", "dossier",
                    "a dossier id is 32 lower-case hex digits");
}

}  // namespace

absl::Status Registration::CheckMember(const Provider& provider) const {
  const auto directory = dossiers_.setup().directory->Get();
  const trust::Directory::Entry* const entry = directory->Find(provider.id);
  if (entry == nullptr) {
    return Refuse("PROVIDER_UNKNOWN", "provider.id", "the directory has no such member");
  }
  const trust::v1::Member& member = entry->member;
  const int role = provider.type == ProviderType::kAla ? trust::v1::ROLE_ALA : trust::v1::ROLE_WFBM;
  const bool body = member.kind() == trust::v1::MEMBER_KIND_BODY || member.kind() == trust::v1::MEMBER_KIND_GUEST;
  if (!body || std::find(member.roles().begin(), member.roles().end(), role) == member.roles().end()) {
    return Refuse("PROVIDER_WRONG_KIND", "provider.type", "the directory does not name the member as such a provider");
  }
  return absl::OkStatus();
}

absl::Status Registration::CheckFree(dossier::Unit& unit, const std::string& dossier,
                                     const std::string& provider) const {
  TEILHABE_ASSIGN_OR_RETURN(const auto rows, register_.Find(unit.tx, provider));
  if (rows.empty() || rows[0].entry.dossier() == dossier) return absl::OkStatus();
  return WithDetail(FieldError(absl::StatusCode::kAlreadyExists, "PROVIDER_REGISTERED", "provider.id",
                               "another dossier is about this provider"),
                    "dossier", rows[0].entry.dossier());
}

absl::Status Registration::AdmitAll(dossier::Unit& unit, const dossier::Caller& caller,
                                    const wire::StoredAnswer& answer) const {
  const dossier::Ledger& ledger = dossiers_.ledger();
  const std::string& dossier = answer.head().dossier();
  TEILHABE_ASSIGN_OR_RETURN(wire::LogState log, ledger.ports().store.State(unit.tx, dossier));
  if (log.head() != answer.head().hash()) return absl::OkStatus();
  const auto directory = dossiers_.setup().directory->Get();
  for (const trust::Directory::Entry& entry : directory->entries()) {
    const std::string& member = entry.member.id();
    if (entry.member.endpoint().empty() || member == log.holder() || dossier::FindParty(log, member) != nullptr) {
      continue;
    }
    wire::EventHeader header;
    header.set_kind(wire::EVENT_KIND_PARTY_ADMITTED);
    header.set_official(caller.official);
    header.set_legal_basis(kObserverBasis);
    *header.mutable_event_day() = dossier::ToDate(ledger.Today());
    wire::PartyAdmitted& admitted = *header.mutable_party_admitted();
    admitted.set_member(member);
    admitted.mutable_grant()->set_relation(kObserver);
    admitted.mutable_grant()->add_categories(wire::CATEGORY_PUBLIC);
    *admitted.mutable_from_day() = header.event_day();
    TEILHABE_ASSIGN_OR_RETURN(log, ledger.Append(unit, log, dossier, std::move(header), {}));
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::RegisteredProvider> Registration::RegisterProvider(const dossier::Caller& caller,
                                                                      const v1::RegisterProviderRequest& request) {
  TEILHABE_RETURN_IF_ERROR(CheckDossier(request.dossier()));
  TEILHABE_ASSIGN_OR_RETURN(const Provider provider, FromProto(request.provider()));
  wire::EventDraft draft = Draft(kProviderSection, kProviderType, ToProto(provider));
  draft.mutable_header()->set_class_(wire::DOSSIER_CLASS_PROVIDER);
  draft.mutable_header()->set_legal_basis(provider.type == ProviderType::kAla ? "§ 60 Abs. 1 SGB IX"
                                                                              : "§ 219 Abs. 1 SGB IX");
  *draft.mutable_header()->mutable_event_day() = request.event_day();
  draft.mutable_header()->set_backdating_evidence(request.backdating_evidence());
  const absl::Status done = dossiers_.Commit([&](dossier::Unit& unit) -> absl::Status {
    TEILHABE_ASSIGN_OR_RETURN(const wire::LogState known,
                              dossiers_.ledger().ports().store.State(unit.tx, request.dossier()));
    if (known.sequence() == 0) {  // Else it is a repeated request, or the dossier exists: Open says which.
      TEILHABE_RETURN_IF_ERROR(CheckMember(provider));
      TEILHABE_RETURN_IF_ERROR(CheckFree(unit, request.dossier(), provider.id));
    }
    TEILHABE_ASSIGN_OR_RETURN(
        const auto answer,
        dossiers_.desk().Open(unit, caller, ToRequest("register-provider", request), request.dossier(), draft));
    return AdmitAll(unit, caller, answer);
  });
  if (!done.ok()) return done;
  return register_.OfDossier(request.dossier());
}

absl::StatusOr<v1::RegisteredProvider> Registration::RecordVereinbarung(const dossier::Caller& caller,
                                                                        const v1::RecordVereinbarungRequest& request) {
  TEILHABE_RETURN_IF_ERROR(CheckDossier(request.dossier()));
  TEILHABE_ASSIGN_OR_RETURN(const Vereinbarung vereinbarung, FromProto(request.vereinbarung()));
  const bool egh = vereinbarung.kind == VereinbarungKind::kSgb9Paragraph125;
  wire::EventDraft draft = Draft(kVereinbarungSection, kVereinbarungType, ToProto(vereinbarung));
  draft.mutable_header()->set_kind(wire::EVENT_KIND_RECORDED);
  draft.mutable_header()->set_record(kVereinbarungRecord);
  draft.mutable_header()->set_legal_basis(egh ? "§ 125 Abs. 1 SGB IX" : "§ 63 Abs. 1 SGB IX");
  *draft.mutable_header()->mutable_event_day() = request.event_day();
  draft.mutable_header()->set_backdating_evidence(request.backdating_evidence());
  TEILHABE_RETURN_IF_ERROR(register_.OfDossier(request.dossier()).status());
  const absl::Status done = dossiers_.Commit([&](dossier::Unit& unit) -> absl::Status {
    if (!MayContract(vereinbarung.kind,
                     RolesIn(*dossiers_.setup().directory->Get(), vereinbarung.contracting_traeger))) {
      return Refuse("CONTRACTING_WRONG_KIND", "vereinbarung.contracting_traeger",
                    egh ? "only a Träger der Eingliederungshilfe concludes it (§ 123 SGB IX)"
                        : "only BA, DRV or UV conclude it (§ 63 SGB IX)");
    }
    TEILHABE_ASSIGN_OR_RETURN(const auto answer,
                              dossiers_.desk().Append(unit, caller, ToRequest("record-vereinbarung", request),
                                                      request.dossier(), request.expected_head(), draft));
    return AdmitAll(unit, caller, answer);
  });
  if (!done.ok()) return done;
  return register_.OfDossier(request.dossier());
}

}  // namespace teilhabe::providers
