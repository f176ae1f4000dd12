// Parties, and how a case goes to another agency.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/dossier/days.h"
#include "common/dossier/relations.h"
#include "services/participants/cases.h"
#include "services/participants/domain/handover_list.h"
#include "services/participants/package.h"

namespace teilhabe::participants {
namespace {

namespace wire = dossier::v1;
using Drafts = absl::StatusOr<std::vector<wire::EventDraft>>;

constexpr char kNextStage[] = "next_stage";
constexpr char kPackageSection[] = "paket/p1";

absl::Status Refuse(std::string_view reason, std::string_view field, std::string_view message) {
  return FieldError(absl::StatusCode::kFailedPrecondition, reason, field, message);
}

wire::EventDraft DraftOf(wire::EventKind kind, absl::CivilDay day, std::string_view legal_basis) {
  wire::EventDraft draft;
  draft.mutable_header()->set_kind(kind);
  *draft.mutable_header()->mutable_event_day() = dossier::ToDate(day);
  draft.mutable_header()->set_legal_basis(std::string(legal_basis));
  return draft;
}

// What the table gives without a choice; with a basis under § 76 SGB X also what is medical.
wire::Grant WholeGrant(std::string_view relation, const std::string& medical_basis = "") {
  wire::Grant grant;
  grant.set_relation(std::string(relation));
  grant.set_medical_basis(medical_basis);
  for (int category = wire::CATEGORY_IDENTITY; category < wire::CATEGORY_PUBLIC; ++category) {
    const bool whole = dossier::MostOf(grant.relation(), static_cast<wire::Category>(category)) == dossier::Share::kYes;
    if (whole || (category == wire::CATEGORY_MEDICAL && !grant.medical_basis().empty())) {
      grant.add_categories(static_cast<wire::Category>(category));
    }
  }
  return grant;
}

// An objection to the transfer of medical data holds them back; everything else goes on (§ 76 Abs. 2 Nr. 1 SGB X).
bool ObjectsToMedical(const CaseFile& file) {
  return !file.folded.hints.empty() && file.folded.hints.back().what.objection;
}

absl::Status CheckMedical(const CaseFile& file, const std::string& basis, std::string_view field) {
  if (basis.empty()) return absl::OkStatus();
  if (file.folded.hints.empty()) {
    return Refuse("MEDICAL_HINT_MISSING", field,
                  "the hint on the right to object is given first, at the start of the procedure (§ 76 SGB X)");
  }
  if (ObjectsToMedical(file)) {
    return Refuse("MEDICAL_OBJECTION", field,
                  "the person objects: medical data are held back (§ 76 Abs. 2 Nr. 1 SGB X)");
  }
  return absl::OkStatus();
}

void AddNextStage(Stage stage, wire::EventDraft& draft) {
  v1::Procedure procedure;
  procedure.mutable_next_stage()->set_stage(ToProto(stage));
  AddPart(MakePart("verfahren", wire::CATEGORY_PROCEDURE, procedure), *draft.add_sections());
}

// Which application goes to another agency.
void AddSent(std::int64_t application, wire::EventDraft& draft) {
  v1::Procedure procedure;
  procedure.mutable_sent()->set_application(application);
  AddPart(MakePart("verfahren", wire::CATEGORY_PROCEDURE, procedure), *draft.add_sections());
}

// Nothing goes on after death, or once the case has gone into another. Errors: CASE_ENDED.
absl::Status CheckGoesOn(const CaseFile& file) {
  if (!IsClosedForGood(file.folded)) return absl::OkStatus();
  return Refuse("CASE_ENDED", "case", "the case has ended for good");
}

// Releases a section, unless this node was not given it or it was deleted: nobody passes on what is not here.
absl::Status AddReleased(dossier::Unit& unit, const dossier::Store& store, const CaseFile& file,
                         const dossier::Event& event, const std::string& name, wire::Released& released) {
  const auto here = store.SectionOf(unit.tx, file.log.dossier(), std::string(event.hash.bytes()), name);
  if (absl::IsNotFound(here.status())) return absl::OkStatus();
  if (!here.ok()) return here.status();
  wire::ReleasedSection& section = *released.add_sections();
  section.set_sequence(event.header.sequence());
  section.set_name(name);
  return absl::OkStatus();
}

// What of the course goes with the next stage: the final statements, not the daily record (law.md 8a.5 b2).
absl::Status AddStatements(dossier::Unit& unit, const dossier::Store& store, const CaseFile& file,
                           wire::Released& released) {
  std::set<std::int64_t> statements;
  for (const auto& report : file.folded.reports) {
    if (report.what.kind == "fachliche_stellungnahme") statements.insert(report.sequence);
  }
  for (const dossier::Event& event : file.events) {
    for (const wire::SectionRef& ref : event.header.sections()) {
      if (ref.category() != wire::CATEGORY_COURSE || !statements.contains(event.header.sequence())) continue;
      TEILHABE_RETURN_IF_ERROR(AddReleased(unit, store, file, event, ref.name(), released));
    }
  }
  return absl::OkStatus();
}

// The stage that an application or a Gesamtplan finding asks for.
absl::StatusOr<Stage> StageOfRequest(const Case& folded, std::int64_t request) {
  if (const auto* const application = Find(folded.applications, request)) return application->what.stage;
  if (const auto* const finding = Find(folded.findings, request)) return finding->what.stage;
  return Refuse("REQUEST_MISSING", "request",
                "the next stage needs the person's application or the Gesamtplan finding (§ 108 SGB IX)");
}

}  // namespace

std::set<std::string> PresentIn(const CaseFile& file) {
  std::set<std::string> present;
  for (const dossier::Event& event : file.events) {
    if (file.voided.contains(event.header.sequence())) continue;
    const std::string record = event.header.kind() == wire::EVENT_KIND_OPENED ? "opened" : event.header.record();
    for (const wire::SectionRef& ref : event.header.sections()) present.insert(absl::StrCat(record, " ", ref.name()));
  }
  for (const auto& report : file.folded.reports) present.insert(absl::StrCat("report:", report.what.kind));
  return present;
}

absl::StatusOr<v1::GetHandoverListResponse> Cases::HandoverList(const v1::GetHandoverListRequest& request) const {
  TEILHABE_ASSIGN_OR_RETURN(const Stage stage, ToStage(request.stage(), "stage"));
  TEILHABE_ASSIGN_OR_RETURN(const absl::CivilDay day, ToDay(request.day(), "day"));
  v1::GetHandoverListResponse response;
  for (const HandoverItem& item : HandoverListFor(stage, day)) {
    v1::HandoverItem& listed = *response.add_items();
    listed.set_id(item.id);
    listed.set_text(item.text);
    listed.set_record(item.present);
    listed.set_legal_basis(item.legal_basis);
  }
  return response;
}

absl::StatusOr<std::vector<std::string>> Cases::MissingAt(const std::string& member, Stage stage,
                                                          const CaseFile& file) {
  v1::GetHandoverListRequest request;
  request.set_stage(ToProto(stage));
  *request.mutable_day() = dossier::ToDate(Today());
  // A receiver that does not answer now is asked for no more than everybody publishes.
  auto published = peers_.GetHandoverList(member, request);
  if (absl::IsUnavailable(published.status())) published = HandoverList(request);
  if (!published.ok()) return published.status();
  std::vector<HandoverItem> list;
  for (const v1::HandoverItem& item : published->items()) {
    list.push_back({item.id(), item.record(), item.text(), item.legal_basis()});
  }
  return MissingItems(list, PresentIn(file));
}

absl::StatusOr<v1::WriteAnswer> Cases::Involve(const Actor& actor, const v1::InvolvePartyRequest& request) {
  return Write(actor, ToRequest("InvolveParty", request), request.case_(), request.expected_head(),
               [&](dossier::Unit& unit, const CaseFile& file) -> Drafts {
                 TEILHABE_RETURN_IF_ERROR(CheckMedical(file, request.medical_basis(), "medical_basis"));
                 wire::EventDraft draft = DraftOf(wire::EVENT_KIND_PARTY_ADMITTED, Today(), "§ 69 Abs. 1 Nr. 1 SGB X");
                 wire::PartyAdmitted& admitted = *draft.mutable_header()->mutable_party_admitted();
                 admitted.set_member(request.member());
                 *admitted.mutable_grant() = WholeGrant(request.relation(), request.medical_basis());
                 if (!request.categories().empty()) {
                   admitted.mutable_grant()->clear_categories();
                   std::set<int> categories(request.categories().begin(), request.categories().end());
                   categories.erase(wire::CATEGORY_PROCEDURE);  // Every party has it.
                   for (const int category : categories) {
                     admitted.mutable_grant()->add_categories(static_cast<wire::Category>(category));
                   }
                 }
                 *admitted.mutable_from_day() = request.has_from_day() ? request.from_day() : dossier::ToDate(Today());
                 if (request.has_to_day()) *admitted.mutable_to_day() = request.to_day();
                 const std::set<int> given(admitted.grant().categories().begin(), admitted.grant().categories().end());
                 std::vector<wire::EventDraft> drafts = {std::move(draft)};
                 if (!request.release_older()) return drafts;
                 wire::EventDraft release = DraftOf(wire::EVENT_KIND_RELEASED, Today(), "§ 69 Abs. 1 Nr. 1 SGB X");
                 wire::Released& released = *release.mutable_header()->mutable_released();
                 released.set_member(request.member());
                 for (const dossier::Event& event : file.events) {
                   for (const wire::SectionRef& ref : event.header.sections()) {
                     if (!given.contains(ref.category())) continue;
                     TEILHABE_RETURN_IF_ERROR(
                         AddReleased(unit, dossiers_.ledger().ports().store, file, event, ref.name(), released));
                   }
                 }
                 if (!released.sections().empty()) drafts.push_back(std::move(release));
                 return drafts;
               });
}

absl::StatusOr<v1::WriteAnswer> Cases::EndParty(const Actor& actor, const v1::EndPartyRequest& request) {
  return Write(actor, ToRequest("EndParty", request), request.case_(), request.expected_head(),
               [&](dossier::Unit&, const CaseFile&) -> Drafts {
                 wire::EventDraft draft = DraftOf(wire::EVENT_KIND_PARTY_ENDED, Today(), "§ 67c SGB X");
                 draft.mutable_header()->mutable_party_ended()->set_member(request.member());
                 return std::vector{draft};
               });
}

absl::StatusOr<v1::WriteAnswer> Cases::Announce(const Actor& actor, const v1::AnnounceCaseRequest& request) {
  return Write(actor, ToRequest("AnnounceCase", request), request.case_(), request.expected_head(),
               [&](dossier::Unit&, const CaseFile& file) -> Drafts {
                 TEILHABE_RETURN_IF_ERROR(CheckGoesOn(file));
                 TEILHABE_ASSIGN_OR_RETURN(const Stage stage, ToStage(request.stage(), "stage"));
                 wire::EventDraft draft =
                     DraftOf(wire::EVENT_KIND_ANNOUNCED, Today(), "§ 19 SGB IX; § 69 Abs. 1 Nr. 1 SGB X");
                 draft.mutable_header()->mutable_announced()->set_to(request.to());
                 *draft.mutable_header()->mutable_announced()->mutable_grant() = WholeGrant(kNextStage);
                 AddNextStage(stage, draft);
                 return std::vector{draft};
               });
}

absl::StatusOr<v1::WriteAnswer> Cases::Offer(const Actor& actor, const v1::OfferCaseRequest& request) {
  // The receiver is asked outside a transaction; its list is compared with the case as it is at the expected head.
  std::vector<std::string> missing;
  std::optional<CaseFile> seen;
  const absl::Status read = dossiers_.Commit([&](dossier::Unit& unit) -> absl::Status {
    TEILHABE_ASSIGN_OR_RETURN(seen, Read(unit.tx, request.case_()));
    return absl::OkStatus();
  });
  if (!read.ok()) return read;
  // Without a request, or where another agency holds, the reason is said when the offer is composed.
  if (const auto stage = StageOfRequest(seen->folded, request.request());
      stage.ok() && !request.incomplete() && seen->log.holder() == self()) {
    TEILHABE_ASSIGN_OR_RETURN(missing, MissingAt(request.to(), *stage, *seen));
  }
  return Write(
      actor, ToRequest("OfferCase", request), request.case_(), request.expected_head(),
      [&](dossier::Unit& unit, const CaseFile& file) -> Drafts {
        TEILHABE_RETURN_IF_ERROR(CheckGoesOn(file));
        TEILHABE_ASSIGN_OR_RETURN(const Stage stage, StageOfRequest(file.folded, request.request()));
        if (!missing.empty()) {
          return WithDetail(Refuse("HANDOVER_INCOMPLETE", "to", "the receiver's published list is not complete"),
                            "missing", absl::StrJoin(missing, " "));
        }
        TEILHABE_RETURN_IF_ERROR(CheckMedical(file, request.medical_basis(), "medical_basis"));
        std::vector<wire::EventDraft> drafts;
        wire::EventDraft release = DraftOf(wire::EVENT_KIND_RELEASED, Today(), "§ 69 Abs. 1 Nr. 1 SGB X; § 119 SGB IX");
        wire::Released& released = *release.mutable_header()->mutable_released();
        released.set_member(request.to());
        TEILHABE_RETURN_IF_ERROR(AddStatements(unit, dossiers_.ledger().ports().store, file, released));
        const wire::Party* const party = dossier::FindParty(file.log, request.to());
        const bool active = party != nullptr && !party->ended();
        const bool announced = active && party->grant().relation() == kNextStage;
        if (!released.sections().empty()) {
          // Whoever was a party for something else begins anew as the next stage's agency.
          if (active && !announced) {
            wire::EventDraft ended = DraftOf(wire::EVENT_KIND_PARTY_ENDED, Today(), "§ 67c SGB X");
            ended.mutable_header()->mutable_party_ended()->set_member(request.to());
            drafts.push_back(std::move(ended));
          }
          if (!announced) {
            wire::EventDraft announce = DraftOf(wire::EVENT_KIND_ANNOUNCED, Today(), "§ 69 Abs. 1 Nr. 1 SGB X");
            announce.mutable_header()->mutable_announced()->set_to(request.to());
            *announce.mutable_header()->mutable_announced()->mutable_grant() = WholeGrant(kNextStage);
            AddNextStage(stage, announce);
            drafts.push_back(std::move(announce));
          }
          drafts.push_back(std::move(release));
        }
        wire::EventDraft offer = DraftOf(wire::EVENT_KIND_OFFERED, Today(), "§ 108 SGB IX; § 69 Abs. 1 Nr. 1 SGB X");
        wire::Offered& offered = *offer.mutable_header()->mutable_offered();
        offered.set_to(request.to());
        *offered.mutable_grant() = WholeGrant(kNextStage, request.medical_basis());
        offered.set_request_sequence(request.request());
        offered.set_place(request.place());
        AddNextStage(stage, offer);
        drafts.push_back(std::move(offer));
        return drafts;
      });
}

absl::StatusOr<v1::WriteAnswer> Cases::Answer(const Actor& actor, const v1::AnswerCaseRequest& request) {
  TEILHABE_RETURN_IF_ERROR(MayWrite(actor.role, actor.caller.purpose));
  v1::WriteAnswer answer;
  const absl::Status answered = dossiers_.Commit([&](dossier::Unit& unit) -> absl::Status {
    const dossier::Request asked = ToRequest("AnswerCase", request);
    const dossier::Store& store = dossiers_.ledger().ports().store;
    TEILHABE_ASSIGN_OR_RETURN(const wire::LogState log, store.State(unit.tx, request.case_()));
    if (RelationTo(log) == Relation::kNone) {
      return FieldError(absl::StatusCode::kNotFound, "CASE_UNKNOWN", "case", "this agency has no such case");
    }
    wire::StoredAnswer stored;
    if (request.accept()) {
      TEILHABE_ASSIGN_OR_RETURN(stored, dossiers_.desk().Accept(unit, actor.caller, asked, request.case_(),
                                                                request.offer_hash(), "§ 14 Abs. 2 SGB IX"));
    } else {
      // What is named as missing must be on the own published list, and not be there.
      if (log.has_offer() && !request.missing().empty()) {
        TEILHABE_ASSIGN_OR_RETURN(const CaseFile file, ReadCase(unit.tx, dossiers_.ledger(), log));
        const auto stage = StageOfRequest(file.folded, file.events.back().header.offered().request_sequence());
        if (stage.ok()) {
          const auto missing = MissingItems(HandoverListFor(*stage, Today()), PresentIn(file));
          for (const std::string& item : request.missing()) {
            if (std::find(missing.begin(), missing.end(), item) == missing.end()) {
              return Refuse("NOT_MISSING", "missing", "it is not on the own published list, or it is there");
            }
          }
        }
      }
      wire::Decision reasons;
      *reasons.mutable_reasons() = request.reasons();
      *reasons.mutable_missing() = request.missing();
      TEILHABE_ASSIGN_OR_RETURN(stored, dossiers_.desk().Decline(unit, actor.caller, asked, request.case_(),
                                                                 request.offer_hash(), "§ 14 SGB IX", reasons));
    }
    answer = ToAnswer(stored);
    return absl::OkStatus();
  });
  if (!answered.ok()) return answered;
  return answer;
}

absl::StatusOr<v1::WriteAnswer> Cases::Forward(const Actor& actor, const v1::ForwardCaseRequest& request) {
  return Write(actor, ToRequest("ForwardCase", request), request.case_(), request.expected_head(),
               [&](dossier::Unit&, const CaseFile& file) -> Drafts {
                 const auto* const application = Find(file.folded.applications, request.application());
                 if (application == nullptr) {
                   return Refuse("STEP_UNKNOWN", "application", "the case has no such application");
                 }
                 if (!IsOpen(file.folded, *application)) {
                   return Refuse("APPLICATION_DECIDED", "application", "it was decided; nothing is left to forward");
                 }
                 wire::EventDraft draft = DraftOf(wire::EVENT_KIND_FORWARDED, Today(), "§ 14 Abs. 1 Satz 2 SGB IX");
                 wire::Forwarded& forwarded = *draft.mutable_header()->mutable_forwarded();
                 forwarded.set_to(request.to());
                 *forwarded.mutable_grant() = WholeGrant("forwarding");
                 forwarded.set_place(request.place());
                 *forwarded.mutable_eingang_day() = dossier::ToDate(application->what.eingang);
                 AddSent(request.application(), draft);
                 return std::vector{draft};
               });
}

absl::StatusOr<v1::SendOutsideResponse> Cases::SendOutside(const Actor& actor, const v1::SendOutsideRequest& request) {
  v1::SendOutsideResponse response;
  TEILHABE_RETURN_IF_ERROR(CheckText(request.addressee(), 200, "STEP_MALFORMED", "addressee"));
  auto written =
      Write(actor, ToRequest("SendOutside", request), request.case_(), request.expected_head(),
            [&](dossier::Unit&, const CaseFile& file) -> Drafts {
              if (dossiers_.ledger().ports().members.HasNode(request.addressee())) {
                return Refuse("ADDRESSEE_HAS_NODE", "addressee", "it has a node; offer or forward the case to it");
              }
              const auto* const application = Find(file.folded.applications, request.application());
              if (application == nullptr) {
                return Refuse("STEP_UNKNOWN", "application", "the case has no such application");
              }
              if (!IsOpen(file.folded, *application)) {
                return Refuse("APPLICATION_DECIDED", "application", "it was decided or withdrawn");
              }
              if (!request.has_review_day())
                return Refuse("REVIEW_MISSING", "review_day", "say when it is looked at again");
              TEILHABE_ASSIGN_OR_RETURN(const absl::CivilDay posted, ToDay(request.event_day(), "event_day"));
              TEILHABE_ASSIGN_OR_RETURN(const absl::CivilDay review, ToDay(request.review_day(), "review_day"));
              if (review <= posted) return Refuse("REVIEW_MISSING", "review_day", "it lies after the day of posting");
              if (review > absl::CivilDay(posted.year() + 2, posted.month(), posted.day())) {
                return Refuse("REVIEW_TOO_LATE", "review_day", "it is looked at again within two years (N-10)");
              }
              TEILHABE_ASSIGN_OR_RETURN(*response.mutable_package(),
                                        MakePackage(file, request, self(), dossiers_.ledger().ports().signer));
              wire::EventDraft draft = DraftOf(wire::EVENT_KIND_SENT_OUTSIDE, posted, "§ 14 Abs. 1 Satz 2 SGB IX");
              wire::SentOutside& sent = *draft.mutable_header()->mutable_sent_outside();
              draft.mutable_header()->set_backdating_evidence(request.backdating_evidence());
              sent.set_addressee(request.addressee());
              sent.set_package_hash(std::string(crypto::Hasher("package").Raw(response.package()).Finish().bytes()));
              *sent.mutable_review_day() = request.review_day();
              AddSent(request.application(), draft);
              Part copy{kPackageSection, wire::CATEGORY_IDENTITY, {}};
              copy.payload.set_type("text/plain");
              copy.payload.set_content(response.package());
              AddPart(copy, *draft.add_sections());
              return std::vector{draft};
            });
  if (!written.ok()) return written.status();
  *response.mutable_answer() = *written;
  if (!response.package().empty()) return response;
  // A repeated request: the package that was posted.
  const absl::Status found = dossiers_.Commit([&](dossier::Unit& unit) -> absl::Status {
    const dossier::Store& store = dossiers_.ledger().ports().store;
    for (std::int64_t at = written->head().sequence(); at > 0; --at) {
      TEILHABE_ASSIGN_OR_RETURN(const dossier::Event event, store.EventAt(unit.tx, request.case_(), at));
      if (event.header.sent_outside().addressee() != request.addressee()) continue;
      TEILHABE_ASSIGN_OR_RETURN(const wire::Section section,
                                store.SectionOf(unit.tx, request.case_(), event.hash.bytes(), kPackageSection));
      wire::SectionPayload payload;
      if (payload.ParseFromString(section.payload())) response.set_package(payload.content());
      return absl::OkStatus();
    }
    return absl::OkStatus();
  });
  if (!found.ok()) return found;
  return response;
}

absl::StatusOr<v1::WriteAnswer> Cases::RecordArrival(const Actor& actor, const v1::RecordArrivalRequest& request) {
  return Write(actor, ToRequest("RecordArrival", request), request.case_(), request.expected_head(),
               [&](dossier::Unit&, const CaseFile&) -> Drafts {
                 TEILHABE_RETURN_IF_ERROR(ToDay(request.received_day(), "received_day").status());
                 wire::EventDraft draft = DraftOf(wire::EVENT_KIND_RECEIVED_OUTSIDE, Today(), "§ 14 Abs. 2 SGB IX");
                 wire::ReceivedOutside& received = *draft.mutable_header()->mutable_received_outside();
                 received.set_sent_hash(request.sent_hash());
                 *received.mutable_received_day() = request.received_day();
                 received.set_evidence(request.evidence());
                 return std::vector{draft};
               });
}

}  // namespace teilhabe::participants
