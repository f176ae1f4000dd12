#include "common/dossier/desk.h"

#include <algorithm>

#include "common/audit/audit.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/dossier/corrections.h"
#include "common/dossier/days.h"
#include "common/dossier/relations.h"

namespace teilhabe::dossier {
namespace {

absl::Status Refuse(std::string_view reason, std::string_view field, std::string_view message) {
  return FieldError(absl::StatusCode::kFailedPrecondition, reason, field, message);
}

std::vector<NewSection> ToSections(const google::protobuf::RepeatedPtrField<v1::SectionDraft>& drafts) {
  std::vector<NewSection> sections;
  for (const v1::SectionDraft& draft : drafts) sections.push_back({draft.name(), draft.category(), draft.payload()});
  return sections;
}

v1::DossierHead HeadOf(const v1::LogState& log) {
  v1::DossierHead head;
  head.set_dossier(log.dossier());
  head.set_sequence(log.sequence());
  head.set_hash(log.head());
  return head;
}

const v1::SectionRef* FindRef(const Event& event, const std::string& name) {
  for (const v1::SectionRef& ref : event.header.sections()) {
    if (ref.name() == name) return &ref;
  }
  return nullptr;
}

// A release goes no further than the party's relation: the table, and § 76 SGB X for what is medical.
absl::Status CheckRelease(const v1::LogState& log, const std::string& member, const Event& event,
                          const std::string& name) {
  const v1::Party* const party = FindParty(log, member);
  const v1::SectionRef* const ref = FindRef(event, name);
  if (party == nullptr || ref == nullptr) return absl::OkStatus();  // The log's own rules say what is wrong.
  if (MostOf(party->grant().relation(), ref->category()) == Share::kNo) {
    return Refuse("GRANT_INVALID", "released.sections", "the party's relation does not have this category");
  }
  if (ref->category() == v1::CATEGORY_MEDICAL && party->grant().medical_basis().empty()) {
    return Refuse("MEDICAL_BASIS_MISSING", "released.sections", "medical data need a basis under § 76 SGB X");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::LogState> Desk::Known(Unit& unit, const std::string& dossier) const {
  TEILHABE_ASSIGN_OR_RETURN(v1::LogState log, ledger_.ports().store.State(unit.tx, dossier));
  if (log.sequence() == 0) {
    return FieldError(absl::StatusCode::kNotFound, "DOSSIER_UNKNOWN", "dossier", "this node has no such dossier");
  }
  return log;
}

absl::StatusOr<std::optional<v1::StoredAnswer>> Desk::Before(Unit& unit, const Request& request,
                                                             const std::string& dossier) const {
  if (request.id.empty() || request.id.size() > 64) {
    return FieldError(absl::StatusCode::kInvalidArgument, "REQUEST_ID_MISSING", "request_id",
                      "a request has an id of 1 to 64 characters, made before the first try");
  }
  return ledger_.ports().store.AnswerTo(unit.tx, dossier, request.id, request.body);
}

absl::Status Desk::Note(Unit& unit, const Caller& caller, std::string_view action, std::string_view dossier) const {
  audit::Entry entry;
  entry.time = ledger_.ports().clock.Now();
  entry.actor = caller.actor;
  entry.agency = ledger_.ports().member;
  entry.action = std::string(action);
  entry.purpose = caller.purpose;
  entry.legal_basis = caller.legal_basis;
  entry.dossier = std::string(dossier);
  return audit::Append(unit.tx, entry).status();
}

absl::StatusOr<v1::StoredAnswer> Desk::After(Unit& unit, const Caller& caller, const Request& request,
                                             std::string_view action, const v1::LogState& log,
                                             const std::string& statement_hash) const {
  v1::StoredAnswer answer;
  *answer.mutable_head() = HeadOf(log);
  answer.set_statement_hash(statement_hash);
  *answer.mutable_answered_time() = ToTimestamp(ledger_.ports().clock.Now());
  TEILHABE_RETURN_IF_ERROR(ledger_.ports().store.AddAnswer(unit.tx, log.dossier(), request.id, request.body, answer));
  TEILHABE_RETURN_IF_ERROR(Note(unit, caller, action, log.dossier()));
  return answer;
}

absl::StatusOr<v1::StoredAnswer> Desk::Open(Unit& unit, const Caller& caller, const Request& request,
                                            const std::string& dossier, const v1::EventDraft& draft) const {
  TEILHABE_ASSIGN_OR_RETURN(const auto answered, Before(unit, request, dossier));
  if (answered) return *answered;
  TEILHABE_ASSIGN_OR_RETURN(const v1::LogState known, ledger_.ports().store.State(unit.tx, dossier));
  if (known.sequence() > 0) {
    return FieldError(absl::StatusCode::kAlreadyExists, "DOSSIER_EXISTS", "dossier", "this dossier has been opened");
  }
  if (!ledger_.ports().members.MayHold(ledger_.ports().member, draft.header().class_())) {
    return Refuse("HOLDER_WRONG_KIND", "class", "a member of this kind cannot hold such a dossier");
  }
  v1::EventHeader header = draft.header();
  header.set_kind(v1::EVENT_KIND_OPENED);
  header.set_official(caller.official);
  TEILHABE_ASSIGN_OR_RETURN(const v1::LogState log,
                            ledger_.Append(unit, known, dossier, std::move(header), ToSections(draft.sections())));
  return After(unit, caller, request, "open", log, "");
}

absl::StatusOr<v1::StoredAnswer> Desk::AppendAll(Unit& unit, const Caller& caller, const Request& request,
                                                 const std::string& dossier, const std::string& expected_head,
                                                 const std::vector<v1::EventDraft>& drafts) const {
  TEILHABE_ASSIGN_OR_RETURN(const auto answered, Before(unit, request, dossier));
  if (answered) return *answered;
  TEILHABE_ASSIGN_OR_RETURN(const v1::LogState before, Known(unit, dossier));
  if (before.head() != expected_head) {
    return FieldError(absl::StatusCode::kAborted, "HEAD_MOVED", "expected_head",
                      "the log has a newer event; read it and decide anew");
  }
  v1::LogState log = before;
  for (const v1::EventDraft& draft : drafts) {
    TEILHABE_ASSIGN_OR_RETURN(log, AppendOne(unit, caller, dossier, log, draft));
  }
  TEILHABE_ASSIGN_OR_RETURN(log, ledger_.TakeContributions(unit, std::move(log)));
  return After(unit, caller, request, "append", log, "");
}

absl::StatusOr<v1::LogState> Desk::AppendOne(Unit& unit, const Caller& caller, const std::string& dossier,
                                             const v1::LogState& before, const v1::EventDraft& draft) const {
  v1::EventHeader header = draft.header();
  const v1::EventKind kind = header.kind();
  if (kind == v1::EVENT_KIND_CONTRIBUTION_TAKEN || kind == v1::EVENT_KIND_ACCEPTED ||
      kind == v1::EVENT_KIND_OFFER_CLOSED || kind == v1::EVENT_KIND_OPENED) {
    return Refuse("EVENT_NOT_DRAFTED", "event.kind", "the node writes events of this kind itself");
  }
  header.set_official(caller.official);
  if (header.has_forwarded() && !before.forwarded_accepted_hash().empty()) {
    TEILHABE_ASSIGN_OR_RETURN(const auto consents, ledger_.ports().store.StatementsAbout(
                                                       unit.tx, dossier, v1::StatementHeader::kConsent,
                                                       before.forwarded_accepted_hash(), header.forwarded().to()));
    if (!consents.empty()) *header.mutable_forwarded()->mutable_consent() = consents[0].bytes;
  }
  if (header.has_released()) {
    for (const v1::ReleasedSection& released : header.released().sections()) {
      TEILHABE_ASSIGN_OR_RETURN(const Event older,
                                ledger_.ports().store.EventAt(unit.tx, dossier, released.sequence()));
      TEILHABE_RETURN_IF_ERROR(
          ledger_.ports().store.SectionOf(unit.tx, dossier, older.hash.bytes(), released.name()).status());
      TEILHABE_RETURN_IF_ERROR(CheckRelease(before, header.released().member(), older, released.name()));
    }
  }
  if (header.has_corrected() && header.corrected().sequence() <= before.sequence()) {
    TEILHABE_ASSIGN_OR_RETURN(const Event wrong,
                              ledger_.ports().store.EventAt(unit.tx, dossier, header.corrected().sequence()));
    if (!header.corrected().name().empty() && FindRef(wrong, header.corrected().name()) == nullptr) {
      return Refuse("SECTION_NOT_FOUND", "corrected.name", "the event has no such section");
    }
  }
  TEILHABE_ASSIGN_OR_RETURN(v1::LogState log,
                            ledger_.Append(unit, before, dossier, std::move(header), ToSections(draft.sections())));
  if (kind == v1::EVENT_KIND_CORRECTED) TEILHABE_RETURN_IF_ERROR(TellCorrection(ledger_, unit, log));
  return log;
}

absl::Status Desk::CheckOffer(Unit& unit, const v1::LogState& log, const std::string& offer_hash) const {
  const std::string& self = ledger_.ports().member;
  TEILHABE_ASSIGN_OR_RETURN(
      const auto decided,
      ledger_.ports().store.StatementsAbout(unit.tx, log.dossier(), v1::StatementHeader::kDecision, offer_hash, self));
  if (ledger_.ports().rules.decline_is_durable && FindDecline(decided, log.holder()) != nullptr) {
    return Refuse("OFFER_DECLINED", "offer_hash", "this offer was declined, which is final");
  }
  if (!log.has_offer()) return Refuse("OFFER_NOT_OPEN", "offer_hash", "no offer is open");
  if (log.offer().hash() != offer_hash) return Refuse("OFFER_MISMATCH", "offer_hash", "another offer is open");
  if (log.offer().to() != self) return Refuse("NOT_ADDRESSEE", "offer_hash", "it was offered to another agency");
  return absl::OkStatus();
}

absl::StatusOr<v1::StoredAnswer> Desk::Accept(Unit& unit, const Caller& caller, const Request& request,
                                              const std::string& dossier, const std::string& offer_hash,
                                              const std::string& legal_basis) const {
  TEILHABE_ASSIGN_OR_RETURN(const auto answered, Before(unit, request, dossier));
  if (answered) return *answered;
  TEILHABE_ASSIGN_OR_RETURN(const v1::LogState before, Known(unit, dossier));
  TEILHABE_RETURN_IF_ERROR(CheckOffer(unit, before, offer_hash));
  TEILHABE_ASSIGN_OR_RETURN(v1::LogState log, ledger_.AcceptOffer(unit, before, caller.official, legal_basis));
  TEILHABE_ASSIGN_OR_RETURN(log, ledger_.TakeContributions(unit, std::move(log)));
  return After(unit, caller, request, "accept", log, "");
}

absl::StatusOr<v1::StoredAnswer> Desk::Decline(Unit& unit, const Caller& caller, const Request& request,
                                               const std::string& dossier, const std::string& offer_hash,
                                               const std::string& legal_basis, const v1::Decision& reasons) const {
  TEILHABE_ASSIGN_OR_RETURN(const auto answered, Before(unit, request, dossier));
  if (answered) return *answered;
  TEILHABE_ASSIGN_OR_RETURN(const v1::LogState log, Known(unit, dossier));
  TEILHABE_RETURN_IF_ERROR(CheckOffer(unit, log, offer_hash));
  if (log.offer().forwarded()) {
    return Refuse("FORWARD_NOT_DECLINABLE", "offer_hash", "a forwarding cannot be declined (§ 14 SGB IX)");
  }
  if (std::count(reasons.reasons().begin(), reasons.reasons().end(), static_cast<int>(v1::DECLINE_REASON_WITHDRAWN)) >
      0) {
    return Refuse("REASON_INVALID", "reasons", "only the agency that offered withdraws");
  }
  v1::StatementHeader draft;
  draft.set_to(log.holder());
  draft.set_official(caller.official);
  draft.set_legal_basis(legal_basis);
  *draft.mutable_event_day() = ToDate(ledger_.Today());
  *draft.mutable_decision() = reasons;
  draft.mutable_decision()->set_offer_hash(offer_hash);
  draft.mutable_decision()->set_outcome(v1::OUTCOME_DECLINED);
  TEILHABE_ASSIGN_OR_RETURN(const Statement statement, ledger_.State(unit, log, std::move(draft), {}));
  return After(unit, caller, request, "decline", log, std::string(statement.hash.bytes()));
}

absl::StatusOr<v1::StoredAnswer> Desk::Sign(Unit& unit, const Caller& caller, const Request& request,
                                            const std::string& dossier, const v1::StatementDraft& draft) const {
  TEILHABE_ASSIGN_OR_RETURN(const auto answered, Before(unit, request, dossier));
  if (answered) return *answered;
  v1::StatementHeader header = draft.header();
  const std::string& self = ledger_.ports().member;
  TEILHABE_ASSIGN_OR_RETURN(v1::LogState log, ledger_.ports().store.State(unit.tx, dossier));
  if (log.sequence() == 0 && header.has_consent()) {
    // A third agency consents (§ 14 Abs. 3 SGB IX) before it is a party: class and addressee are the draft's.
    if (!ledger_.ports().members.Key(header.to())) {
      return Refuse("ADDRESSEE_UNKNOWN", "statement.to", "the directory has no such member");
    }
    header.set_dossier(dossier);
    header.set_official(caller.official);
    TEILHABE_ASSIGN_OR_RETURN(const Statement consent, ledger_.State(unit, log, std::move(header), {}));
    log.set_dossier(dossier);
    return After(unit, caller, request, "consent", log, std::string(consent.hash.bytes()));
  }
  TEILHABE_ASSIGN_OR_RETURN(log, Known(unit, dossier));
  if (header.has_decision() || header.has_eingang() || header.has_wirksam() || header.has_rejection() ||
      header.has_correction()) {
    return Refuse("STATEMENT_NOT_DRAFTED", "statement.detail", "the node signs statements of this kind itself");
  }
  header.set_to(log.holder());
  if (header.has_withdrawal()) {
    const bool offers = log.holder() == self || ledger_.SuccessorOf(log.holder()) == self;
    if (!offers || !log.has_offer() || log.offer().hash() != header.withdrawal().offer_hash()) {
      return Refuse("OFFER_NOT_OPEN", "statement.withdrawal.offer_hash", "this agency has no such open offer");
    }
    if (log.offer().forwarded()) {
      return Refuse("FORWARD_NOT_WITHDRAWABLE", "statement.withdrawal.offer_hash",
                    "a forwarding cannot be withdrawn (§ 14 SGB IX)");
    }
    header.set_to(log.offer().to());
  } else if (header.has_consent()) {
    if (log.forwarded_accepted_hash() != header.consent().accepted_hash() || log.holder() == self) {
      return Refuse("CONSENT_INVALID", "statement.consent.accepted_hash", "no forwarding can follow that");
    }
  } else if (log.holder() == self) {
    if (!log.has_offer()) {
      return Refuse("CONTRIBUTION_OWN", "statement.detail", "the holder records it in the log itself");
    }
    header.set_to(log.offer().to());  // While its log is frozen it signs what cannot wait, for whoever holds next.
  }
  TEILHABE_RETURN_IF_ERROR(CheckReferences(log, header, self));
  if (header.has_contribution()) header.mutable_contribution()->set_after_hash(log.head());
  header.set_official(caller.official);
  TEILHABE_ASSIGN_OR_RETURN(const Statement statement,
                            ledger_.State(unit, log, std::move(header), ToSections(draft.sections())));
  return After(unit, caller, request, "sign", log, std::string(statement.hash.bytes()));
}

absl::StatusOr<View> Desk::Show(Unit& unit, const Caller& caller, const std::string& dossier,
                                int klaerung_after_days) const {
  View view;
  TEILHABE_ASSIGN_OR_RETURN(view.log, Known(unit, dossier));
  const std::string& self = ledger_.ports().member;
  bool declined = false;
  if (view.log.has_offer()) {
    TEILHABE_ASSIGN_OR_RETURN(const auto decided,
                              ledger_.ports().store.StatementsAbout(unit.tx, dossier, v1::StatementHeader::kDecision,
                                                                    view.log.offer().hash(), self));
    declined = FindDecline(decided, view.log.holder()) != nullptr;
  }
  view.standing = StandingOf(view.log, self, declined);
  view.klaerung = InKlaerung(view.log, ledger_.Today(), klaerung_after_days);
  TEILHABE_ASSIGN_OR_RETURN(view.pending, ledger_.Pending(unit.tx, view.log));
  TEILHABE_ASSIGN_OR_RETURN(view.unconfirmed, ledger_.ports().store.AllUnconfirmed(unit.tx, dossier));
  TEILHABE_RETURN_IF_ERROR(Note(unit, caller, "show", dossier));
  return view;
}

absl::StatusOr<std::vector<Event>> Desk::ListEvents(Unit& unit, const Caller& caller, const std::string& dossier,
                                                    std::int64_t from, int limit) const {
  TEILHABE_RETURN_IF_ERROR(Known(unit, dossier).status());
  TEILHABE_ASSIGN_OR_RETURN(auto events, ledger_.ports().store.EventsFrom(unit.tx, dossier, from, limit));
  TEILHABE_RETURN_IF_ERROR(Note(unit, caller, "list-events", dossier));
  return events;
}

absl::StatusOr<std::vector<Statement>> Desk::ListStatements(Unit& unit, const Caller& caller,
                                                            const std::string& dossier, const std::string& after,
                                                            int limit) const {
  TEILHABE_RETURN_IF_ERROR(Known(unit, dossier).status());
  TEILHABE_ASSIGN_OR_RETURN(auto statements, ledger_.ports().store.StatementsAfter(unit.tx, dossier, after, limit));
  TEILHABE_RETURN_IF_ERROR(Note(unit, caller, "list-statements", dossier));
  return statements;
}

absl::Status Desk::BeginAttachment(Unit& unit, const Caller& caller, const std::string& dossier,
                                   const crypto::Digest& digest, const Attachment& attachment) const {
  TEILHABE_RETURN_IF_ERROR(ledger_.ports().attachments.Begin(unit.tx, dossier, digest, attachment));
  return Note(unit, caller, "add-attachment", dossier);
}

absl::StatusOr<Attachment> Desk::FindAttachment(Unit& unit, const Caller& caller, const std::string& dossier,
                                                const crypto::Digest& digest) const {
  TEILHABE_RETURN_IF_ERROR(Known(unit, dossier).status());
  TEILHABE_ASSIGN_OR_RETURN(Attachment attachment, ledger_.ports().attachments.Find(unit.tx, dossier, digest));
  TEILHABE_RETURN_IF_ERROR(Note(unit, caller, "read-attachment", dossier));
  return attachment;
}

absl::StatusOr<v1::Section> Desk::ReadSection(Unit& unit, const Caller& caller, const std::string& dossier,
                                              const std::string& hash, const std::string& name) const {
  TEILHABE_RETURN_IF_ERROR(Known(unit, dossier).status());
  TEILHABE_ASSIGN_OR_RETURN(v1::Section section, ledger_.ports().store.SectionOf(unit.tx, dossier, hash, name));
  TEILHABE_RETURN_IF_ERROR(Note(unit, caller, "read-section", dossier));
  return section;
}

absl::StatusOr<v1::Evidence> Desk::Export(Unit& unit, const Caller& caller, const std::string& dossier) const {
  constexpr int kPage = 1000;
  const Ports& ports = ledger_.ports();
  TEILHABE_ASSIGN_OR_RETURN(const v1::LogState log, Known(unit, dossier));
  v1::Evidence evidence;
  evidence.set_format("teilhabe/evidence/v1");
  evidence.set_dossier(dossier);
  evidence.set_exporter(ports.member);
  *evidence.mutable_exported_time() = ToTimestamp(ports.clock.Now());
  for (std::int64_t from = 1; from <= log.sequence(); from += kPage) {
    TEILHABE_ASSIGN_OR_RETURN(const auto events, ports.store.EventsFrom(unit.tx, dossier, from, kPage));
    for (const Event& event : events) {
      TEILHABE_ASSIGN_OR_RETURN(*evidence.add_events(), ledger_.Masked(unit.tx, log, event, ports.member));
    }
  }
  TEILHABE_ASSIGN_OR_RETURN(const auto statements, ports.store.Statements(unit.tx, dossier));
  for (const Statement& statement : statements) {
    // One about an offer that this log does not have does nothing and proves nothing.
    const v1::StatementHeader& header = statement.header;
    if ((header.has_decision() || header.has_withdrawal() || header.has_consent() || header.has_wirksam()) &&
        !ports.store.EventByHash(unit.tx, dossier, AboutHash(header)).ok()) {
      continue;
    }
    TEILHABE_ASSIGN_OR_RETURN(*evidence.add_statements(), ledger_.Masked(unit.tx, log, statement, ports.member));
  }
  TEILHABE_RETURN_IF_ERROR(Note(unit, caller, "export-evidence", dossier));
  return evidence;
}

}  // namespace teilhabe::dossier
