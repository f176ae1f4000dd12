#include "common/dossier/ledger.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/dossier/days.h"
#include "common/dossier/relations.h"

namespace teilhabe::dossier {
namespace {

// Contributions are everybody's, so that whoever holds next has them.
bool IsContribution(const v1::StatementHeader& header) {
  return header.has_contribution() || header.has_ready() || header.has_joint_signature();
}

// Whether a member is a party whose last day has passed, and nothing else.
bool HasPassed(const v1::LogState& log, const std::string& member, absl::CivilDay day) {
  const v1::Party* const party = FindParty(log, member);
  return party != nullptr && party->has_to_day() && day > ToCivil(party->to_day()) &&
         !(log.has_offer() && log.offer().to() == member);
}

}  // namespace

std::set<std::string> Concerned(const v1::LogState& log) {
  std::set<std::string> members;
  if (!log.holder().empty()) members.insert(log.holder());
  if (log.has_offer()) members.insert(log.offer().to());
  for (const v1::Party& party : log.parties()) {
    if (!party.ended()) members.insert(party.member());
  }
  return members;
}

absl::StatusOr<v1::EventHeader> Ledger::Complete(v1::EventHeader draft, const v1::LogState& before,
                                                 const std::string& dossier) const {
  const bool first = before.sequence() == 0;
  const bool next_epoch = draft.kind() == v1::EVENT_KIND_ACCEPTED || draft.kind() == v1::EVENT_KIND_SUCCEEDED;
  draft.set_dossier(dossier);
  if (!first) draft.set_class_(before.class_());
  draft.set_training(ports_.training);
  draft.set_sequence(before.sequence() + 1);
  draft.set_epoch(before.epoch() + (next_epoch ? 1 : 0));
  draft.set_author(ports_.member);
  TEILHABE_ASSIGN_OR_RETURN(const std::int64_t incarnation, ports_.incarnation());
  draft.set_incarnation(incarnation);
  *draft.mutable_recorded_time() = ToTimestamp(ports_.clock.Now());
  draft.set_previous_hash(first ? std::string(crypto::Digest::kSize, '\0') : before.head());
  draft.clear_sections();
  return draft;
}

absl::StatusOr<v1::LogState> Ledger::Append(Unit& unit, const v1::LogState& before, const std::string& dossier,
                                            v1::EventHeader draft, const std::vector<NewSection>& sections) const {
  TEILHABE_ASSIGN_OR_RETURN(v1::EventHeader header, Complete(std::move(draft), before, dossier));
  TEILHABE_ASSIGN_OR_RETURN(const Event event, SignEvent(std::move(header), sections, ports_.signer, ports_.rng));
  return Finish(unit, before, event);
}

absl::StatusOr<v1::LogState> Ledger::Finish(Unit& unit, const v1::LogState& before, const Event& event) const {
  TEILHABE_ASSIGN_OR_RETURN(const v1::LogState after, Next(before, event, StepFor(true)));
  TEILHABE_RETURN_IF_ERROR(Keep(unit, before, after, event));
  unit.signed_records.push_back(ToRecord(event));
  TEILHABE_RETURN_IF_ERROR(FeedAfter(unit, before, after, event));
  return after;
}

absl::Status Ledger::Keep(Unit& unit, const v1::LogState& before, const v1::LogState& after, const Event& event) const {
  TEILHABE_RETURN_IF_ERROR(CheckAttachments(unit.tx, after.dossier(), event.bytes.sections()));
  TEILHABE_RETURN_IF_ERROR(ports_.store.AddEvent(unit.tx, before, after, event));
  return KeepSections(unit, after.dossier(), event.hash.bytes(), event.bytes.sections());
}

absl::Status Ledger::CheckAttachments(storage::Reader& reader, const std::string& dossier,
                                      const google::protobuf::RepeatedPtrField<v1::Section>& sections) const {
  for (const v1::Section& section : sections) {
    const std::string field = absl::StrCat("sections.", section.name());
    v1::SectionPayload payload;
    if (!payload.ParseFromString(section.payload())) continue;  // Checked when it was opened.
    for (const v1::Attachment& attachment : payload.attachments()) {
      const auto digest = crypto::Digest::FromBytes(attachment.digest());
      if (!digest.ok()) {
        return FieldError(absl::StatusCode::kInvalidArgument, "ATTACHMENT_MALFORMED", field,
                          "an attachment is named by the 32 bytes of its digest");
      }
      const auto found = ports_.attachments.Find(reader, dossier, *digest);
      if (absl::IsNotFound(found.status())) {
        return FieldError(absl::StatusCode::kFailedPrecondition, "ATTACHMENT_UNKNOWN", field,
                          "its attachment is not here; send that first");
      }
      if (!found.ok()) return found.status();
      if (found->size != attachment.size() || found->media_type != attachment.media_type()) {
        return FieldError(absl::StatusCode::kInvalidArgument, "ATTACHMENT_TYPE", field,
                          "the attachment is not what the section says");
      }
    }
  }
  return absl::OkStatus();
}

absl::Status Ledger::KeepSections(Unit& unit, const std::string& dossier, std::string_view owner,
                                  const google::protobuf::RepeatedPtrField<v1::Section>& sections) const {
  unit.touched.insert(dossier);
  TEILHABE_RETURN_IF_ERROR(CheckAttachments(unit.tx, dossier, sections));
  for (const v1::Section& section : sections) {
    v1::SectionPayload payload;
    if (!payload.ParseFromString(section.payload())) continue;
    for (const v1::Attachment& attachment : payload.attachments()) {
      TEILHABE_ASSIGN_OR_RETURN(const crypto::Digest digest, crypto::Digest::FromBytes(attachment.digest()));
      TEILHABE_RETURN_IF_ERROR(ports_.store.AddAttachmentRef(unit.tx, dossier, owner, section.name(), digest));
    }
  }
  return ports_.store.AddSections(unit.tx, dossier, owner, sections).status();
}

absl::Status Ledger::FeedAfter(Unit& unit, const v1::LogState& before, const v1::LogState& after,
                               const Event& event) const {
  const std::set<std::string> knew = Concerned(before);
  std::set<std::string> members = Concerned(after);
  members.insert(knew.begin(), knew.end());  // Who no longer is concerned learns just that.
  members.insert(SuccessorOf(before.holder()));
  members.erase(ports_.member);
  for (const std::string& member : members) {
    if (!ports_.members.HasNode(member) || HasPassed(after, member, Today())) continue;
    // The addressee of an offer is given older sections too, a new party the whole log.
    const bool asked = after.has_offer() && after.offer().to() == member && !before.has_offer();
    if (asked || !knew.contains(member)) {
      TEILHABE_RETURN_IF_ERROR(FeedEvents(unit, after, member, 1));
      if (asked) TEILHABE_RETURN_IF_ERROR(HandOnContributions(unit, after));
      continue;
    }
    if (event.header.has_released() && event.header.released().member() == member) {
      for (const v1::ReleasedSection& released : event.header.released().sections()) {
        TEILHABE_ASSIGN_OR_RETURN(const Event older,
                                  ports_.store.EventAt(unit.tx, after.dossier(), released.sequence()));
        TEILHABE_RETURN_IF_ERROR(FeedEvent(unit, after, member, older));
      }
    }
    TEILHABE_RETURN_IF_ERROR(FeedEvent(unit, after, member, event));
  }
  return absl::OkStatus();
}

absl::Status Ledger::Feed(Unit& unit, const std::string& member, FeedEntry entry) const {
  entry.queued = ports_.clock.Now();
  unit.fed.insert(member);
  return ports_.store.Feed(unit.tx, member, entry);
}

absl::Status Ledger::FeedEvents(Unit& unit, const v1::LogState& log, const std::string& member,
                                std::int64_t first) const {
  constexpr int kPage = 100;
  for (std::int64_t from = first; from <= log.sequence(); from += kPage) {
    TEILHABE_ASSIGN_OR_RETURN(const auto events, ports_.store.EventsFrom(unit.tx, log.dossier(), from, kPage));
    for (const Event& event : events) TEILHABE_RETURN_IF_ERROR(FeedEvent(unit, log, member, event));
  }
  return absl::OkStatus();
}

absl::Status Ledger::FeedChunks(Unit& unit, const std::string& member, const std::string& dossier,
                                std::string_view owner, const google::protobuf::RepeatedPtrField<v1::SectionRef>& refs,
                                const std::function<bool(const v1::SectionRef&)>& sees) const {
  TEILHABE_ASSIGN_OR_RETURN(const auto attachments, ports_.store.AttachmentRefs(unit.tx, dossier, owner));
  for (const auto& attachment : attachments) {
    const auto section = std::find_if(refs.begin(), refs.end(),
                                      [&](const v1::SectionRef& ref) { return ref.name() == attachment.section; });
    if (section == refs.end() || !sees(*section)) continue;
    TEILHABE_ASSIGN_OR_RETURN(const auto found, ports_.attachments.Find(unit.tx, dossier, attachment.digest));
    for (std::int64_t index = 0; index < ChunkCount(found.size); ++index) {
      TEILHABE_RETURN_IF_ERROR(
          Feed(unit, member, {0, dossier, std::string(attachment.digest.bytes()), FeedEntry::Kind::kChunk, index, {}}));
    }
  }
  return absl::OkStatus();
}

absl::Status Ledger::FeedEvent(Unit& unit, const v1::LogState& log, const std::string& member,
                               const Event& event) const {
  const std::string owner(event.hash.bytes());
  TEILHABE_RETURN_IF_ERROR(FeedChunks(
      unit, member, log.dossier(), owner, event.header.sections(),
      [&](const v1::SectionRef& section) { return MaySee(log, member, event.header.sequence(), section, Today()); }));
  return Feed(unit, member, {0, log.dossier(), owner, FeedEntry::Kind::kEvent, 0, {}});
}

absl::Status Ledger::FeedStatement(Unit& unit, const v1::LogState& log, const std::string& member,
                                   const Statement& statement) const {
  if (member == ports_.member || !ports_.members.HasNode(member)) return absl::OkStatus();
  const std::string owner(statement.hash.bytes());
  const std::string& dossier = statement.header.dossier();
  TEILHABE_RETURN_IF_ERROR(
      FeedChunks(unit, member, dossier, owner, statement.header.sections(),
                 [&](const v1::SectionRef& section) { return MaySeeOf(log, member, statement.header, section); }));
  return Feed(unit, member, {0, dossier, owner, FeedEntry::Kind::kStatement, 0, {}});
}

absl::StatusOr<std::vector<Statement>> Ledger::Pending(storage::Reader& reader, const v1::LogState& log) const {
  TEILHABE_ASSIGN_OR_RETURN(auto statements, ports_.store.Contributions(reader, log.dossier()));
  const auto& taken = log.contributions();
  std::erase_if(statements, [&taken](const Statement& statement) {
    return std::find(taken.begin(), taken.end(), statement.hash.bytes()) != taken.end();
  });
  return statements;
}

absl::Status Ledger::HandOnContributions(Unit& unit, const v1::LogState& log) const {
  const std::string& next = log.has_offer() ? log.offer().to() : log.holder();
  if (next == ports_.member) return absl::OkStatus();
  TEILHABE_ASSIGN_OR_RETURN(const auto pending, Pending(unit.tx, log));
  for (const Statement& statement : pending) {
    if (statement.header.author() != next) TEILHABE_RETURN_IF_ERROR(FeedStatement(unit, log, next, statement));
  }
  return absl::OkStatus();
}

std::string Ledger::SuccessorOf(const std::string& member) const {
  const auto succession = ports_.members.Successor(member, Today());
  return succession ? succession->successor : "";
}

bool Ledger::IsFed(const v1::LogState& log, const std::string& member) const {
  return Concerned(log).contains(member) && !HasPassed(log, member, Today());
}

bool Ledger::MaySeeOf(const v1::LogState& log, const std::string& member, const v1::StatementHeader& header,
                      const v1::SectionRef& section) const {
  if (header.has_correction()) return member == header.to() || member == SuccessorOf(header.to());
  return MaySee(log, member, log.sequence() + 1, section, Today());  // What is contributed now is of the next event.
}

absl::StatusOr<v1::StatementHeader> Ledger::Complete(v1::StatementHeader draft, const v1::LogState& log) const {
  if (log.sequence() > 0) {
    draft.set_dossier(log.dossier());
    draft.set_class_(log.class_());
  }
  draft.set_training(ports_.training);
  draft.set_author(ports_.member);
  TEILHABE_ASSIGN_OR_RETURN(const std::int64_t incarnation, ports_.incarnation());
  draft.set_incarnation(incarnation);
  *draft.mutable_recorded_time() = ToTimestamp(ports_.clock.Now());
  return draft;
}

absl::StatusOr<Statement> Ledger::State(Unit& unit, const v1::LogState& log, v1::StatementHeader draft,
                                        const std::vector<NewSection>& sections) const {
  draft.clear_sections();
  TEILHABE_ASSIGN_OR_RETURN(v1::StatementHeader header, Complete(std::move(draft), log));
  TEILHABE_ASSIGN_OR_RETURN(Statement statement, SignStatement(std::move(header), sections, ports_.signer, ports_.rng));
  TEILHABE_RETURN_IF_ERROR(Finish(unit, log, statement));
  return statement;
}

absl::StatusOr<Statement> Ledger::StateWith(Unit& unit, const v1::LogState& log, v1::StatementHeader draft,
                                            const std::vector<v1::Section>& sections) const {
  TEILHABE_ASSIGN_OR_RETURN(v1::StatementHeader header, Complete(std::move(draft), log));
  TEILHABE_ASSIGN_OR_RETURN(Statement statement, SignStatementWith(std::move(header), sections, ports_.signer));
  TEILHABE_RETURN_IF_ERROR(Finish(unit, log, statement));
  return statement;
}

absl::Status Ledger::Finish(Unit& unit, const v1::LogState& log, const Statement& statement) const {
  const std::string owner(statement.hash.bytes());
  TEILHABE_RETURN_IF_ERROR(ports_.store.AddStatement(unit.tx, statement).status());
  TEILHABE_RETURN_IF_ERROR(KeepSections(unit, statement.header.dossier(), owner, statement.bytes.sections()));
  unit.signed_records.push_back(ToRecord(statement));
  // What is said to an agency that has ended, its successor must hear.
  std::set<std::string> members = {statement.header.to(), SuccessorOf(statement.header.to())};
  if (IsContribution(statement.header)) members.merge(Concerned(log));
  for (const std::string& member : members) TEILHABE_RETURN_IF_ERROR(FeedStatement(unit, log, member, statement));
  return absl::OkStatus();
}

absl::StatusOr<v1::LogState> Ledger::AcceptOffer(Unit& unit, const v1::LogState& before, const std::string& official,
                                                 const std::string& legal_basis) const {
  v1::EventHeader accepted;
  accepted.set_kind(v1::EVENT_KIND_ACCEPTED);
  accepted.set_official(official);
  accepted.set_legal_basis(legal_basis);
  *accepted.mutable_event_day() = ToDate(Today());
  accepted.mutable_accepted()->set_offer_hash(before.offer().hash());
  TEILHABE_ASSIGN_OR_RETURN(v1::LogState log, Append(unit, before, before.dossier(), std::move(accepted), {}));
  v1::StatementHeader decision;
  decision.set_to(before.holder());
  decision.set_official(official);
  decision.set_legal_basis(legal_basis);
  *decision.mutable_event_day() = ToDate(Today());
  decision.mutable_decision()->set_offer_hash(before.offer().hash());
  decision.mutable_decision()->set_outcome(v1::OUTCOME_ACCEPTED);
  decision.mutable_decision()->set_accepted_hash(log.head());
  TEILHABE_RETURN_IF_ERROR(State(unit, log, std::move(decision), {}).status());
  return log;
}

absl::StatusOr<v1::LogState> Ledger::TakeContributions(Unit& unit, v1::LogState log) const {
  if (!MayDecide(log, ports_.member)) return log;
  // To whom it was forwarded may forward on with its next event only (§ 14 Abs. 3 SGB IX): what was contributed waits
  // for the first thing that it does.
  if (!log.forwarded_accepted_hash().empty()) return log;
  TEILHABE_ASSIGN_OR_RETURN(const auto pending, Pending(unit.tx, log));
  for (const Statement& statement : pending) {
    const std::string hash(statement.hash.bytes());
    v1::EventHeader draft;
    draft.set_kind(v1::EVENT_KIND_CONTRIBUTION_TAKEN);
    draft.set_legal_basis(statement.header.legal_basis());
    *draft.mutable_event_day() = ToDate(Today());
    v1::SignedStatement& contribution = *draft.mutable_contribution_taken()->mutable_contribution();
    contribution.set_header(statement.bytes.header());
    *contribution.mutable_signature() = statement.bytes.signature();
    TEILHABE_ASSIGN_OR_RETURN(v1::EventHeader header, Complete(std::move(draft), log, log.dossier()));
    *header.mutable_sections() = statement.header.sections();
    std::vector<v1::Section> sections;
    TEILHABE_ASSIGN_OR_RETURN(const auto names, ports_.store.SectionNames(unit.tx, log.dossier(), hash));
    for (const std::string& name : names) {
      TEILHABE_ASSIGN_OR_RETURN(v1::Section section, ports_.store.SectionOf(unit.tx, log.dossier(), hash, name));
      sections.push_back(std::move(section));
    }
    TEILHABE_ASSIGN_OR_RETURN(const Event event, SignEventWith(std::move(header), sections, ports_.signer));
    // One that does not fit this log (a signature under a document that is not in it) stays what it is by itself.
    if (!Next(log, event, StepFor(true)).ok()) continue;
    TEILHABE_ASSIGN_OR_RETURN(log, Finish(unit, log, event));
  }
  return log;
}

absl::StatusOr<std::string> Ledger::VisibleSection(storage::Reader& reader, const v1::LogState& log,
                                                   const crypto::Digest& digest, const std::string& member) const {
  TEILHABE_ASSIGN_OR_RETURN(const auto namings, ports_.store.Namings(reader, log.dossier(), digest));
  const auto find = [](const auto& header, const std::string& name) {
    const auto& refs = header.sections();
    const auto at =
        std::find_if(refs.begin(), refs.end(), [&](const v1::SectionRef& ref) { return ref.name() == name; });
    return at == refs.end() ? nullptr : &*at;
  };
  for (const Store::Naming& naming : namings) {
    const auto event = ports_.store.EventByHash(reader, log.dossier(), naming.owner);
    const v1::SectionRef* ref = event.ok() ? find(event->header, naming.section) : nullptr;
    if (ref != nullptr && MaySee(log, member, event->header.sequence(), *ref, Today())) return naming.section;
    const auto statement = ports_.store.StatementByHash(reader, log.dossier(), naming.owner);
    ref = statement.ok() ? find(statement->header, naming.section) : nullptr;
    if (ref != nullptr && MaySeeOf(log, member, statement->header, *ref)) return naming.section;
  }
  return "";
}

absl::StatusOr<v1::SignedEvent> Ledger::Masked(storage::Reader& reader, const v1::LogState& log, const Event& event,
                                               const std::string& member) const {
  v1::SignedEvent masked = event.bytes;
  masked.clear_sections();
  const std::string owner(event.hash.bytes());
  TEILHABE_ASSIGN_OR_RETURN(const auto here, ports_.store.SectionNames(reader, log.dossier(), owner));
  for (const v1::SectionRef& ref : event.header.sections()) {
    if (std::find(here.begin(), here.end(), ref.name()) == here.end()) continue;
    if (member != ports_.member && !MaySee(log, member, event.header.sequence(), ref, Today())) continue;
    TEILHABE_ASSIGN_OR_RETURN(*masked.add_sections(), ports_.store.SectionOf(reader, log.dossier(), owner, ref.name()));
  }
  return masked;
}

absl::StatusOr<v1::SignedStatement> Ledger::Masked(storage::Reader& reader, const v1::LogState& log,
                                                   const Statement& statement, const std::string& member) const {
  v1::SignedStatement masked = statement.bytes;
  masked.clear_sections();
  const std::string owner(statement.hash.bytes());
  TEILHABE_ASSIGN_OR_RETURN(const auto here, ports_.store.SectionNames(reader, statement.header.dossier(), owner));
  for (const v1::SectionRef& ref : statement.header.sections()) {
    if (std::find(here.begin(), here.end(), ref.name()) == here.end()) continue;
    if (member != ports_.member && !MaySeeOf(log, member, statement.header, ref)) continue;
    TEILHABE_ASSIGN_OR_RETURN(*masked.add_sections(),
                              ports_.store.SectionOf(reader, statement.header.dossier(), owner, ref.name()));
  }
  return masked;
}

}  // namespace teilhabe::dossier
