#include "common/dossier/intake.h"

#include <algorithm>
#include <set>

#include "common/audit/audit.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/dossier/corrections.h"
#include "common/dossier/days.h"

namespace teilhabe::dossier {
namespace {

constexpr char kForwardedBasis[] = "§ 14 Abs. 2 SGB IX";
constexpr char kReceiptBasis[] = "§ 14 und § 15 SGB IX";

bool IsReceipt(const v1::StatementHeader& header) {
  return header.has_eingang() || header.has_wirksam() || header.has_rejection();
}

}  // namespace

// The envelope at work.
struct Intake::Batch {
  std::string from;
  absl::Time sent;
  absl::Status fault;  // Of the item at hand; OK: it is valid.
  struct Arrived {
    std::int64_t first_sequence = 0;  // From which on the receipt says what was left out.
    v1::Eingang eingang;
  };
  std::map<std::string, Arrived> arrived;  // By dossier: what the events of this envelope add up to.
  std::set<std::string> touched;
  v1::DeliveryAnswer answer;
};

std::vector<Arrival> OpenArrivals(const std::vector<std::string>& items, std::int64_t first_sequence,
                                  const Ports& ports) {
  std::vector<Arrival> arrivals;
  for (const std::string& bytes : items) {
    Arrival& arrival = arrivals.emplace_back();
    arrival.link_sequence = first_sequence + static_cast<std::int64_t>(arrivals.size()) - 1;
    v1::DeliveryItem item;
    if (!item.ParseFromString(bytes)) {
      arrival.fault =
          FieldError(absl::StatusCode::kInvalidArgument, "ITEM_MALFORMED", "items", "the item cannot be read");
    } else if (item.has_event()) {
      auto opened = OpenEvent(item.event(), ports.training, ports.members, ports.verifier);
      arrival.fault = opened.status();
      if (!opened.ok()) opened = ReadEvent(std::move(*item.mutable_event()));
      if (opened.ok()) arrival.item = *std::move(opened);
    } else if (item.has_statement()) {
      auto opened = OpenStatement(item.statement(), ports.training, ports.members, ports.verifier);
      arrival.fault = opened.status();
      if (!opened.ok()) opened = ReadStatement(std::move(*item.mutable_statement()));
      if (opened.ok()) arrival.item = *std::move(opened);
    } else if (item.has_chunk()) {
      arrival.item = std::move(*item.mutable_chunk());
    }
  }
  return arrivals;
}

absl::StatusOr<v1::DeliveryAnswer> Intake::Take(Unit& unit, const std::string& from,
                                                const std::vector<Arrival>& arrivals, absl::Time sent) const {
  Batch batch{.from = from, .sent = sent, .fault = {}, .arrived = {}, .touched = {}, .answer = {}};
  for (const Arrival& arrival : arrivals) {
    batch.fault = arrival.fault;
    if (batch.fault.ok()) TEILHABE_RETURN_IF_ERROR(TakeOne(unit, batch, arrival));
    if (!batch.fault.ok()) TEILHABE_RETURN_IF_ERROR(Reject(unit, batch, arrival, batch.fault));
    batch.answer.set_expected_sequence(arrival.link_sequence + 1);
  }
  for (const auto& [dossier, arrived] : batch.arrived) {
    TEILHABE_ASSIGN_OR_RETURN(const v1::LogState log, ledger_.ports().store.State(unit.tx, dossier));
    v1::Eingang eingang = arrived.eingang;
    TEILHABE_RETURN_IF_ERROR(AddLeftOut(unit, dossier, arrived.first_sequence, eingang));
    TEILHABE_RETURN_IF_ERROR(SignEingang(unit, batch, log, eingang));
  }
  for (const std::string& dossier : batch.touched) {
    TEILHABE_ASSIGN_OR_RETURN(const v1::LogState log, ledger_.ports().store.State(unit.tx, dossier));
    if (FindParty(log, from) != nullptr || Concerned(log).contains(from)) {
      v1::DossierHead& head = *batch.answer.add_heads();
      head.set_dossier(dossier);
      head.set_sequence(log.sequence());
      head.set_hash(log.head());
    }
    audit::Entry entry;
    entry.time = ledger_.ports().clock.Now();
    entry.actor = from;
    entry.agency = from;
    entry.action = "deliver";
    entry.purpose = "handover";
    entry.legal_basis = "§ 69 Abs. 1 Nr. 1 SGB X";
    entry.dossier = dossier;
    TEILHABE_RETURN_IF_ERROR(audit::Append(unit.tx, entry).status());
  }
  return std::move(batch.answer);
}

absl::Status Intake::TakeOne(Unit& unit, Batch& batch, const Arrival& arrival) const {
  if (const auto* event = std::get_if<Event>(&arrival.item)) return TakeEvent(unit, batch, *event);
  if (const auto* statement = std::get_if<Statement>(&arrival.item)) return TakeStatement(unit, batch, *statement);
  if (const auto* chunk = std::get_if<v1::AttachmentChunk>(&arrival.item)) return TakeChunk(unit, batch, *chunk);
  return absl::OkStatus();
}

absl::Status Intake::TakeEvent(Unit& unit, Batch& batch, const Event& event) const {
  const Ports& ports = ledger_.ports();
  const std::string& dossier = event.header.dossier();
  batch.touched.insert(dossier);
  TEILHABE_ASSIGN_OR_RETURN(const v1::LogState before, ports.store.State(unit.tx, dossier));
  if (event.header.sequence() <= before.sequence()) return TakeKnown(unit, batch, before, event);
  if (event.header.has_forwarded() && event.header.forwarded().to() == ports.member &&
      !ports.members.MayHold(ports.member, event.header.class_())) {
    batch.fault = FieldError(absl::StatusCode::kFailedPrecondition, "ADDRESSEE_WRONG_KIND", "forwarded.to",
                             "this member cannot hold such a dossier; it is no arrival");
    return absl::OkStatus();
  }
  const auto next = Next(before, event, ledger_.StepFor(false));
  if (!next.ok()) {
    batch.fault = next.status();
    return absl::OkStatus();
  }
  if (const absl::Status kept = ledger_.Keep(unit, before, *next, event); !kept.ok()) {
    if (GetReason(kept).starts_with("ATTACHMENT_")) batch.fault = kept;
    return batch.fault.ok() ? kept : absl::OkStatus();
  }
  TEILHABE_RETURN_IF_ERROR(NoteGiven(ledger_, unit, dossier, event, batch.from));
  Batch::Arrived& arrived =
      batch.arrived.try_emplace(dossier, Batch::Arrived{event.header.sequence(), {}}).first->second;
  arrived.eingang.set_hash(std::string(event.hash.bytes()));
  arrived.eingang.set_sequence(event.header.sequence());
  // The receipt of a handover says what was left out of the whole file.
  if (next->has_offer() && next->offer().to() == ports.member) arrived.first_sequence = 1;
  v1::LogState log = *next;
  if (event.header.has_accepted() && before.holder() == ports.member) {
    v1::StatementHeader wirksam;  // The former holder says that it knows.
    wirksam.set_to(log.holder());
    wirksam.set_legal_basis(event.header.legal_basis());
    *wirksam.mutable_event_day() = ToDate(ledger_.Today());
    wirksam.mutable_wirksam()->set_accepted_hash(log.head());
    TEILHABE_RETURN_IF_ERROR(ledger_.State(unit, log, std::move(wirksam), {}).status());
  }
  if (event.header.has_corrected()) TEILHABE_RETURN_IF_ERROR(PassOn(ledger_, unit, log, event, batch.from));
  if (log.has_offer() && log.offer().forwarded() && log.offer().to() == ports.member) {
    // Rule 7: arrival is acceptance, in this transaction.
    TEILHABE_RETURN_IF_ERROR(ledger_.AcceptOffer(unit, log, "", kForwardedBasis).status());
  }
  return absl::OkStatus();
}

// Table 3: any known event again changes nothing and sends the same answers.
absl::Status Intake::TakeKnown(Unit& unit, Batch& batch, const v1::LogState& log, const Event& event) const {
  const Ports& ports = ledger_.ports();
  const std::string& dossier = log.dossier();
  TEILHABE_ASSIGN_OR_RETURN(const Event known, ports.store.EventAt(unit.tx, dossier, event.header.sequence()));
  if (known.hash != event.hash) {
    batch.fault =
        FieldError(absl::StatusCode::kFailedPrecondition, "DIVERGED", "sequence", "this node has another event there");
    return absl::OkStatus();
  }
  const std::string hash(event.hash.bytes());
  if (const absl::Status kept = ledger_.KeepSections(unit, dossier, hash, event.bytes.sections()); !kept.ok()) {
    if (GetReason(kept).starts_with("ATTACHMENT_")) batch.fault = kept;
    return batch.fault.ok() ? kept : absl::OkStatus();
  }
  TEILHABE_RETURN_IF_ERROR(NoteGiven(ledger_, unit, dossier, event, batch.from));
  for (const int detail : {v1::StatementHeader::kEingang, v1::StatementHeader::kDecision}) {
    TEILHABE_ASSIGN_OR_RETURN(const auto answers,
                              ports.store.StatementsAbout(unit.tx, dossier, detail, hash, ports.member));
    for (const Statement& answer : answers) {
      if (answer.header.to() == batch.from)
        TEILHABE_RETURN_IF_ERROR(ledger_.FeedStatement(unit, log, batch.from, answer));
    }
  }
  return absl::OkStatus();
}

absl::Status Intake::TakeStatement(Unit& unit, Batch& batch, const Statement& statement) const {
  const Ports& ports = ledger_.ports();
  const std::string& dossier = statement.header.dossier();
  batch.touched.insert(dossier);
  TEILHABE_ASSIGN_OR_RETURN(const v1::LogState log, ports.store.State(unit.tx, dossier));
  // May be here before the log: a withdrawal, and a receipt of the consent that this agency gave.
  bool overtaking = statement.header.has_withdrawal();
  if (log.sequence() == 0 && statement.header.has_eingang()) {
    overtaking = ports.store.StatementByHash(unit.tx, dossier, statement.header.eingang().hash()).ok();
  }
  if (log.sequence() == 0 && !overtaking) {
    batch.fault = FieldError(absl::StatusCode::kFailedPrecondition, "SEQUENCE_GAP", "dossier",
                             "the log that it is about is not here yet");
    return absl::OkStatus();
  }
  if (log.sequence() > 0 && log.class_() != statement.header.class_()) {
    batch.fault = FieldError(absl::StatusCode::kFailedPrecondition, "DOSSIER_MISMATCH", "class",
                             "the dossier is of another class");
    return absl::OkStatus();
  }
  const std::string& author = statement.header.author();
  const v1::StatementHeader& header = statement.header;
  if (header.has_withdrawal() && log.has_offer() && log.offer().hash() == header.withdrawal().offer_hash() &&
      author != log.holder() && author != ledger_.SuccessorOf(log.holder())) {
    batch.fault = FieldError(absl::StatusCode::kFailedPrecondition, "NOT_HOLDER", "author",
                             "only who offered withdraws the offer");
    return absl::OkStatus();
  }
  if (log.sequence() > 0) {
    TEILHABE_RETURN_IF_ERROR(CheckStatement(unit, batch, log, header));
    if (!batch.fault.ok()) return absl::OkStatus();
  }
  if (const absl::Status whole = ledger_.CheckAttachments(unit.tx, dossier, statement.bytes.sections()); !whole.ok()) {
    if (GetReason(whole).starts_with("ATTACHMENT_")) batch.fault = whole;
    return batch.fault.ok() ? whole : absl::OkStatus();
  }
  TEILHABE_ASSIGN_OR_RETURN(const bool fresh, ports.store.AddStatement(unit.tx, statement));
  TEILHABE_RETURN_IF_ERROR(ledger_.KeepSections(unit, dossier, statement.hash.bytes(), statement.bytes.sections()));
  for (const v1::Section& section : statement.bytes.sections()) {
    TEILHABE_RETURN_IF_ERROR(
        ports.store.AddGiven(unit.tx, dossier, statement.hash.bytes(), section.name(), batch.from));
  }
  if (header.has_eingang()) {
    TEILHABE_RETURN_IF_ERROR(ports.store.Confirm(unit.tx, dossier, author, header.eingang()));
  }
  if (fresh && !IsReceipt(header) && log.sequence() > 0) {
    v1::Eingang arrived;
    arrived.set_hash(std::string(statement.hash.bytes()));
    TEILHABE_RETURN_IF_ERROR(SignEingang(unit, batch, log, arrived));
  }
  if (statement.header.decision().outcome() == v1::OUTCOME_DECLINED) return TakeDecision(unit, log, statement);
  if (statement.header.has_withdrawal() && statement.header.to() == ports.member) {
    return TakeWithdrawal(unit, log, statement);
  }
  if (header.has_correction()) return PassOn(ledger_, unit, log, statement, batch.from);
  if (!MayDecide(log, ports.member) && statement.header.to() == ports.member && log.sequence() > 0) {
    return ledger_.HandOnContributions(unit, log);  // Its author did not know yet who holds, or that the log is frozen.
  }
  return ledger_.TakeContributions(unit, log).status();
}

// Who may say what: a party or former party, or a third agency that consents; about what is in the log.
absl::Status Intake::CheckStatement(Unit& unit, Batch& batch, const v1::LogState& log,
                                    const v1::StatementHeader& header) const {
  const Store& store = ledger_.ports().store;
  const auto fault = [&batch](std::string_view reason, std::string_view field, std::string_view message) {
    batch.fault = FieldError(absl::StatusCode::kFailedPrecondition, reason, field, message);
    return absl::OkStatus();
  };
  const std::string& author = header.author();
  if (header.has_consent()) {
    // Signed before it is a party, and for one forwarding only.
    if (log.forwarded_accepted_hash() == header.consent().accepted_hash()) return absl::OkStatus();
    return fault("CONSENT_INVALID", "consent.accepted_hash", "no forwarding can follow that");
  }
  if (header.has_eingang()) {
    // Who was told something answers, party or not: an agency whose offer was closed, a successor.
    const auto told = store.StatementByHash(unit.tx, log.dossier(), header.eingang().hash());
    if (told.ok() && told->header.author() == ledger_.ports().member &&
        (told->header.to() == author || ledger_.SuccessorOf(told->header.to()) == author)) {
      return absl::OkStatus();
    }
  }
  if (FindParty(log, author) == nullptr && !Concerned(log).contains(author) &&
      author != ledger_.SuccessorOf(log.holder())) {
    return fault("PARTY_UNKNOWN", "author", "its author is no party to the dossier");
  }
  batch.fault = CheckReferences(log, header, author);
  if (!batch.fault.ok()) return absl::OkStatus();
  const std::string about = AboutHash(header);
  const auto event = store.EventByHash(unit.tx, log.dossier(), about);
  if (!event.ok() && !absl::IsNotFound(event.status())) return event.status();
  if (header.has_decision()) {
    // One of another hash is kept and does nothing (protocol, table 3).
    const bool offered = event.ok() && event->header.has_offered();
    const bool forwarded = event.ok() && event->header.has_forwarded();
    if ((offered && event->header.offered().to() != author) ||
        (forwarded && event->header.forwarded().to() != author)) {
      return fault("NOT_ADDRESSEE", "author", "it was offered to another agency");
    }
  }
  if (header.has_correction()) {
    batch.fault = CheckCorrection(ledger_, unit.tx, log, header);
    return absl::OkStatus();
  }
  if (header.has_wirksam() && !(event.ok() && event->header.has_accepted())) {
    return fault("OFFER_MISMATCH", "wirksam.accepted_hash", "the log has no acceptance of this hash");
  }
  if (header.has_eingang() && !event.ok()) {
    const auto statement = store.StatementByHash(unit.tx, log.dossier(), about);
    if (absl::IsNotFound(statement.status())) {
      return fault("RECEIPT_UNKNOWN", "eingang.hash", "nothing of this hash is here");
    }
    return statement.status();
  }
  return absl::OkStatus();
}

absl::Status Intake::TakeDecision(Unit& unit, const v1::LogState& log, const Statement& decline) const {
  const Ports& ports = ledger_.ports();
  // An agency that has ended closes nothing: its successor does.
  if (!ledger_.SuccessorOf(ports.member).empty()) return absl::OkStatus();
  const std::string& closer = ledger_.SuccessorOf(log.holder()) == ports.member ? log.holder() : ports.member;
  if (ReceiveDecline(log, decline, closer, ports.rules) != OnDecline::kClose) return absl::OkStatus();
  v1::EventHeader closed;
  closed.set_kind(v1::EVENT_KIND_OFFER_CLOSED);
  closed.set_legal_basis(decline.header.legal_basis());
  *closed.mutable_event_day() = ToDate(ledger_.Today());
  *closed.mutable_offer_closed()->mutable_decline() = decline.bytes;
  TEILHABE_ASSIGN_OR_RETURN(v1::LogState thawed, ledger_.Append(unit, log, log.dossier(), std::move(closed), {}));
  return ledger_.TakeContributions(unit, std::move(thawed)).status();
}

absl::Status Intake::TakeWithdrawal(Unit& unit, const v1::LogState& log, const Statement& withdrawal) const {
  const Ports& ports = ledger_.ports();
  const std::string& offer = withdrawal.header.withdrawal().offer_hash();
  const std::string& dossier = withdrawal.header.dossier();
  TEILHABE_ASSIGN_OR_RETURN(
      const auto decided,
      ports.store.StatementsAbout(unit.tx, dossier, v1::StatementHeader::kDecision, offer, ports.member));
  // A successor asks for the agency that offered; the decline is addressed to that.
  const std::string& author = withdrawal.header.author();
  const std::string& offerer = ledger_.SuccessorOf(log.holder()) == author ? log.holder() : author;
  const Statement* const declined = FindDecline(decided, offerer);
  const bool accepted = std::any_of(decided.begin(), decided.end(), [](const Statement& decision) {
    return decision.header.decision().outcome() == v1::OUTCOME_ACCEPTED;
  });
  // A forwarding was accepted as it arrived, so it never stands open here.
  switch (ReceiveWithdrawal(declined != nullptr, accepted)) {
    case OnWithdrawal::kAnswerWithLog:
      return absl::OkStatus();  // `accepted` is on its way to every party, the former holder among them.
    case OnWithdrawal::kAnswerStored:
      return ledger_.FeedStatement(unit, log, author, *declined);
    case OnWithdrawal::kDecline:
      break;
  }
  v1::StatementHeader draft;
  draft.set_dossier(dossier);
  draft.set_class_(withdrawal.header.class_());
  draft.set_to(offerer);
  draft.set_legal_basis(withdrawal.header.legal_basis());
  *draft.mutable_event_day() = ToDate(ledger_.Today());
  draft.mutable_decision()->set_offer_hash(offer);
  draft.mutable_decision()->set_outcome(v1::OUTCOME_DECLINED);
  draft.mutable_decision()->add_reasons(v1::DECLINE_REASON_WITHDRAWN);
  return ledger_.State(unit, log, std::move(draft), {}).status();
}

absl::Status Intake::TakeChunk(Unit& unit, Batch& batch, const v1::AttachmentChunk& chunk) const {
  const Attachments& attachments = ledger_.ports().attachments;
  const auto digest = crypto::Digest::FromBytes(chunk.digest());
  if (!digest.ok() || !IsDossierId(chunk.dossier())) {
    batch.fault = FieldError(absl::StatusCode::kInvalidArgument, "ITEM_MALFORMED", "items", "the chunk is malformed");
    return absl::OkStatus();
  }
  const Store& store = ledger_.ports().store;
  const absl::Status taken = unit.tx.Savepoint([&](storage::Transaction& tx) -> absl::Status {
    TEILHABE_ASSIGN_OR_RETURN(const bool may, store.AddArriving(tx, batch.from, chunk.dossier(), *digest));
    if (!may) {
      return FieldError(absl::StatusCode::kResourceExhausted, "ATTACHMENT_LIMIT", "items",
                        "too many unfinished attachments of dossiers that are unknown here");
    }
    TEILHABE_RETURN_IF_ERROR(
        attachments.Begin(tx, chunk.dossier(), *digest,
                          {chunk.size(), chunk.media_type(), SubjectHandle(chunk.dossier(), chunk.section())}));
    TEILHABE_RETURN_IF_ERROR(attachments.PutChunk(tx, chunk.dossier(), *digest, chunk.index(), chunk.bytes()));
    if (chunk.index() + 1 < ChunkCount(chunk.size())) return absl::OkStatus();
    TEILHABE_RETURN_IF_ERROR(attachments.Finish(tx, chunk.dossier(), *digest));
    return store.DropArriving(tx, chunk.dossier(), *digest);
  });
  if (taken.ok() || GetReason(taken) == "SUBJECT_ERASED") return absl::OkStatus();  // What was erased stays erased.
  if (!GetReason(taken).starts_with("ATTACHMENT_")) return taken;
  batch.fault = taken;
  if (GetReason(taken) == "ATTACHMENT_LIMIT") return absl::OkStatus();
  // What is not what it says leaves nothing behind, and the event that names it will be rejected. What is here whole
  // stays, whatever somebody sends under its digest.
  const auto whole = attachments.Find(unit.tx, chunk.dossier(), *digest);
  if (whole.ok()) return absl::OkStatus();
  if (!absl::IsNotFound(whole.status())) return whole.status();
  TEILHABE_RETURN_IF_ERROR(store.DropArriving(unit.tx, chunk.dossier(), *digest));
  return attachments.Drop(unit.tx, chunk.dossier(), *digest).status();
}

absl::Status Intake::Reject(Unit& unit, Batch& batch, const Arrival& arrival, const absl::Status& fault) const {
  const Ports& ports = ledger_.ports();
  v1::RejectedItem& rejected = *batch.answer.add_rejected();
  rejected.set_link_sequence(arrival.link_sequence);
  rejected.set_reason(GetReason(fault));
  rejected.set_field(GetField(fault));
  std::string dossier;
  std::string hash;
  const auto claims = [&](const auto& item) {
    dossier = item.header.dossier();
    hash = std::string(item.hash.bytes());
  };
  if (const auto* event = std::get_if<Event>(&arrival.item)) claims(*event);
  if (const auto* statement = std::get_if<Statement>(&arrival.item)) {
    claims(*statement);
    // Receipts are not answered: two nodes that reject each other's rejections would never be done.
    if (IsReceipt(statement->header)) return absl::OkStatus();
  }
  if (!IsDossierId(dossier)) return absl::OkStatus();
  TEILHABE_ASSIGN_OR_RETURN(const v1::LogState log, ports.store.State(unit.tx, dossier));
  if (rejected.reason() == "SEQUENCE_GAP") {  // Not wrong, only early: it will come again after what is missing.
    rejected.set_dossier(dossier);
    rejected.set_expected_sequence(log.sequence() + 1);
    return absl::OkStatus();
  }
  TEILHABE_ASSIGN_OR_RETURN(
      const auto before,
      ports.store.StatementsAbout(unit.tx, dossier, v1::StatementHeader::kRejection, hash, ports.member));
  // What no dossier here is about, or too much of it, is answered and not signed: nobody fills the store of another.
  if (!before.empty() || log.sequence() == 0) return absl::OkStatus();
  TEILHABE_ASSIGN_OR_RETURN(const bool may, ports.store.CountRejection(unit.tx, batch.from));
  if (!may) return absl::OkStatus();
  v1::StatementHeader draft;
  draft.set_to(batch.from);
  draft.set_legal_basis(kReceiptBasis);
  *draft.mutable_event_day() = ToDate(ledger_.Today());
  draft.mutable_rejection()->set_hash(hash);
  draft.mutable_rejection()->set_reason(rejected.reason());
  draft.mutable_rejection()->set_field(rejected.field());
  return ledger_.State(unit, log, std::move(draft), {}).status();  // Of the log's class, whatever the item claimed.
}

absl::Status Intake::AddLeftOut(Unit& unit, const std::string& dossier, std::int64_t first,
                                v1::Eingang& eingang) const {
  constexpr int kPage = 200;
  constexpr int kListed = 500;
  const Store& store = ledger_.ports().store;
  for (std::int64_t from = first; from <= eingang.sequence(); from += kPage) {
    TEILHABE_ASSIGN_OR_RETURN(const auto events, store.EventsFrom(unit.tx, dossier, from, kPage));
    for (const Event& event : events) {
      if (event.header.sequence() > eingang.sequence() || event.header.sections().empty()) continue;
      TEILHABE_ASSIGN_OR_RETURN(const auto here, store.SectionNames(unit.tx, dossier, event.hash.bytes()));
      for (const v1::SectionRef& ref : event.header.sections()) {
        if (std::find(here.begin(), here.end(), ref.name()) != here.end()) continue;
        if (eingang.left_out_size() == kListed) {
          eingang.set_left_out_further(eingang.left_out_further() + 1);
          continue;
        }
        v1::LeftOut& left_out = *eingang.add_left_out();
        left_out.set_sequence(event.header.sequence());
        left_out.set_name(ref.name());
        left_out.set_category(ref.category());
      }
    }
  }
  return absl::OkStatus();
}

absl::Status Intake::SignEingang(Unit& unit, const Batch& batch, const v1::LogState& log,
                                 const v1::Eingang& arrived) const {
  v1::StatementHeader draft;
  draft.set_to(batch.from);
  draft.set_legal_basis(kReceiptBasis);
  *draft.mutable_event_day() = ToDate(ledger_.Today());
  *draft.mutable_eingang() = arrived;
  *draft.mutable_eingang()->mutable_sent_time() = ToTimestamp(batch.sent);
  *draft.mutable_eingang()->mutable_arrived_time() = ToTimestamp(ledger_.ports().clock.Now());
  return ledger_.State(unit, log, std::move(draft), {}).status();
}

}  // namespace teilhabe::dossier
