#include "common/dossier/corrections.h"

#include <algorithm>
#include <set>
#include <vector>

#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/dossier/days.h"
#include "common/dossier/relations.h"

namespace teilhabe::dossier {
namespace {

using Refs = google::protobuf::RepeatedPtrField<v1::SectionRef>;

// What is told, wherever it comes from.
struct Correcting {
  v1::Correction what;
  std::string legal_basis;
  std::string owner;  // Of the new sections: the event or the statement that brought them.
  Refs refs;
};

absl::Status Invalid(std::string_view field, std::string_view message) {
  return FieldError(absl::StatusCode::kFailedPrecondition, "CORRECTION_INVALID", field, message);
}

const v1::SectionRef* FindRef(const Refs& refs, const std::string& name) {
  const auto at = std::find_if(refs.begin(), refs.end(), [&](const v1::SectionRef& ref) { return ref.name() == name; });
  return at == refs.end() ? nullptr : &*at;
}

// Of which category the sections are that correct `name` of `wrong`; UNSPECIFIED: it has no such section.
v1::Category CategoryOf(const Event& wrong, const std::string& name) {
  if (name.empty()) return v1::CATEGORY_PROCEDURE;
  const v1::SectionRef* const ref = FindRef(wrong.header.sections(), name);
  return ref == nullptr ? v1::CATEGORY_UNSPECIFIED : ref->category();
}

absl::StatusOr<Correcting> FromEvent(const Store& store, storage::Reader& reader, const Event& event) {
  const v1::Corrected& corrected = event.header.corrected();
  Correcting correcting;
  correcting.what.set_sequence(corrected.sequence());
  correcting.what.set_name(corrected.name());
  correcting.what.set_reason(corrected.reason());
  correcting.what.set_corrected_sequence(event.header.sequence());
  correcting.what.set_corrected_hash(std::string(event.hash.bytes()));
  correcting.legal_basis = event.header.legal_basis();
  correcting.owner = std::string(event.hash.bytes());
  TEILHABE_ASSIGN_OR_RETURN(const Event wrong, store.EventAt(reader, event.header.dossier(), corrected.sequence()));
  const v1::Category category = CategoryOf(wrong, corrected.name());
  for (const v1::SectionRef& ref : event.header.sections()) {
    if (ref.category() == category) *correcting.refs.Add() = ref;
  }
  return correcting;
}

// A contribution in the log: its sections went out with the statement too.
absl::StatusOr<std::vector<Statement>> EmbeddedIn(const Event& event) {
  if (!event.header.has_contribution_taken()) return std::vector<Statement>();
  TEILHABE_ASSIGN_OR_RETURN(Statement statement, ReadStatement(event.header.contribution_taken().contribution()));
  return std::vector<Statement>{std::move(statement)};
}

struct Recipients {
  std::set<std::string> authors;  // Of what was wrong: they have it, and the holder tells them.
  std::set<std::string> given;
};

absl::StatusOr<Recipients> RecipientsOf(const Store& store, storage::Reader& reader, const std::string& dossier,
                                        const v1::Correction& what) {
  Recipients recipients;
  const auto wrong = store.EventAt(reader, dossier, what.sequence());
  if (absl::IsNotFound(wrong.status())) return recipients;  // This node's log ends before it.
  TEILHABE_RETURN_IF_ERROR(wrong.status());
  TEILHABE_ASSIGN_OR_RETURN(const auto embedded, EmbeddedIn(*wrong));
  std::vector<std::string> owners = {std::string(wrong->hash.bytes())};
  recipients.authors.insert(wrong->header.author());
  for (const Statement& statement : embedded) {
    owners.emplace_back(statement.hash.bytes());
    recipients.authors.insert(statement.header.author());
  }
  for (const std::string& owner : owners) {
    TEILHABE_ASSIGN_OR_RETURN(const auto members, store.GivenTo(reader, dossier, owner, what.name()));
    recipients.given.insert(members.begin(), members.end());
  }
  return recipients;
}

// Whether the log gives a member all of it.
bool ShowsAll(const Ledger& ledger, const v1::LogState& log, const std::string& member, const Correcting& correcting) {
  return ledger.IsFed(log, member) &&
         std::all_of(correcting.refs.begin(), correcting.refs.end(), [&](const v1::SectionRef& ref) {
           return MaySee(log, member, correcting.what.corrected_sequence(), ref, ledger.Today());
         });
}

// Signs the statement for one member, once.
absl::Status TellByStatement(const Ledger& ledger, Unit& unit, const v1::LogState& log, const Correcting& correcting,
                             const std::string& member) {
  const Ports& ports = ledger.ports();
  const std::string& dossier = log.dossier();
  if (!ports.members.HasNode(member)) return absl::OkStatus();
  TEILHABE_ASSIGN_OR_RETURN(const auto told,
                            ports.store.StatementsAbout(unit.tx, dossier, v1::StatementHeader::kCorrection,
                                                        correcting.what.corrected_hash(), ports.member));
  if (std::any_of(told.begin(), told.end(), [&](const Statement& one) { return one.header.to() == member; })) {
    return absl::OkStatus();
  }
  v1::StatementHeader draft;
  draft.set_to(member);
  draft.set_legal_basis(correcting.legal_basis);
  *draft.mutable_event_day() = ToDate(ledger.Today());
  *draft.mutable_correction() = correcting.what;
  std::vector<v1::Section> sections;
  for (const v1::SectionRef& ref : correcting.refs) {
    auto section = ports.store.SectionOf(unit.tx, dossier, correcting.owner, ref.name());
    if (absl::IsNotFound(section.status())) continue;  // Erased.
    TEILHABE_RETURN_IF_ERROR(section.status());
    *draft.add_sections() = ref;
    sections.push_back(*std::move(section));
  }
  TEILHABE_ASSIGN_OR_RETURN(const Statement statement, ledger.StateWith(unit, log, std::move(draft), sections));
  // A correction of the correction must reach it too, also while this one waits.
  const std::string& corrected = correcting.what.corrected_hash();
  TEILHABE_RETURN_IF_ERROR(ports.store.AddGiven(unit.tx, dossier, corrected, "", member));
  for (const v1::Section& section : sections) {
    TEILHABE_RETURN_IF_ERROR(ports.store.AddGiven(unit.tx, dossier, corrected, section.name(), member));
  }
  return ports.store.AddUnconfirmed(unit.tx, dossier,
                                    {.sequence = correcting.what.corrected_sequence(),
                                     .member = member,
                                     .hash = std::string(statement.hash.bytes())});
}

absl::Status PassOn(const Ledger& ledger, Unit& unit, const v1::LogState& log, const Correcting& correcting,
                    const std::string& holder, const std::string& from) {
  const Ports& ports = ledger.ports();
  TEILHABE_ASSIGN_OR_RETURN(const auto here, ports.store.SectionNames(unit.tx, log.dossier(), correcting.owner));
  const bool whole = std::all_of(correcting.refs.begin(), correcting.refs.end(), [&](const v1::SectionRef& ref) {
    return std::find(here.begin(), here.end(), ref.name()) != here.end();
  });
  if (!whole) return absl::OkStatus();
  TEILHABE_ASSIGN_OR_RETURN(const Recipients recipients,
                            RecipientsOf(ports.store, unit.tx, log.dossier(), correcting.what));
  for (const std::string& member : recipients.given) {
    if (member == ports.member || member == holder || member == from || recipients.authors.contains(member) ||
        ShowsAll(ledger, log, member, correcting)) {
      continue;
    }
    TEILHABE_RETURN_IF_ERROR(TellByStatement(ledger, unit, log, correcting, member));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status TellCorrection(const Ledger& ledger, Unit& unit, const v1::LogState& log) {
  const Ports& ports = ledger.ports();
  TEILHABE_ASSIGN_OR_RETURN(const Event event, ports.store.EventAt(unit.tx, log.dossier(), log.sequence()));
  TEILHABE_ASSIGN_OR_RETURN(const Correcting correcting, FromEvent(ports.store, unit.tx, event));
  TEILHABE_ASSIGN_OR_RETURN(Recipients recipients, RecipientsOf(ports.store, unit.tx, log.dossier(), correcting.what));
  recipients.given.merge(recipients.authors);
  recipients.given.erase(ports.member);
  for (const std::string& member : recipients.given) {
    if (!ShowsAll(ledger, log, member, correcting)) {
      TEILHABE_RETURN_IF_ERROR(TellByStatement(ledger, unit, log, correcting, member));
    } else if (ports.members.HasNode(member)) {
      TEILHABE_RETURN_IF_ERROR(ports.store.AddUnconfirmed(
          unit.tx, log.dossier(),
          {.sequence = log.sequence(), .member = member, .hash = log.head(), .by_event = true}));
    }
  }
  return absl::OkStatus();
}

absl::Status PassOn(const Ledger& ledger, Unit& unit, const v1::LogState& log, const Event& corrected,
                    const std::string& from) {
  TEILHABE_ASSIGN_OR_RETURN(const Correcting correcting, FromEvent(ledger.ports().store, unit.tx, corrected));
  return PassOn(ledger, unit, log, correcting, corrected.header.author(), from);
}

absl::Status PassOn(const Ledger& ledger, Unit& unit, const v1::LogState& log, const Statement& correction,
                    const std::string& from) {
  const Correcting correcting = {.what = correction.header.correction(),
                                 .legal_basis = correction.header.legal_basis(),
                                 .owner = std::string(correction.hash.bytes()),
                                 .refs = correction.header.sections()};
  return PassOn(ledger, unit, log, correcting, correction.header.author(), from);
}

absl::Status CheckCorrection(const Ledger& ledger, storage::Reader& reader, const v1::LogState& log,
                             const v1::StatementHeader& header) {
  const Store& store = ledger.ports().store;
  const std::string& self = ledger.ports().member;
  const v1::Correction& correction = header.correction();
  if (header.to() != self && ledger.SuccessorOf(header.to()) != self) {
    return FieldError(absl::StatusCode::kFailedPrecondition, "NOT_ADDRESSEE", "to", "it is told to another member");
  }
  if (correction.sequence() > log.sequence()) return absl::OkStatus();  // Of what it was given as a contribution.
  TEILHABE_ASSIGN_OR_RETURN(const Event wrong, store.EventAt(reader, log.dossier(), correction.sequence()));
  const v1::Category category = CategoryOf(wrong, correction.name());
  if (category == v1::CATEGORY_UNSPECIFIED) return Invalid("correction.name", "the event has no such section");
  for (const v1::SectionRef& ref : header.sections()) {
    if (ref.category() != category) return Invalid("sections", "a correction is of the category of what was wrong");
  }
  if (correction.corrected_sequence() > log.sequence()) return absl::OkStatus();
  TEILHABE_ASSIGN_OR_RETURN(const Event event, store.EventAt(reader, log.dossier(), correction.corrected_sequence()));
  if (event.hash.bytes() != correction.corrected_hash() || !event.header.has_corrected() ||
      event.header.corrected().sequence() != correction.sequence() ||
      event.header.corrected().name() != correction.name()) {
    return Invalid("correction.corrected_hash", "the log has no such correction");
  }
  for (const v1::SectionRef& ref : header.sections()) {
    const v1::SectionRef* const same = FindRef(event.header.sections(), ref.name());
    if (same == nullptr || same->digest() != ref.digest())
      return Invalid("sections", "they are not those of the event");
  }
  return absl::OkStatus();
}

absl::Status NoteGiven(const Ledger& ledger, Unit& unit, const std::string& dossier, const Event& event,
                       const std::string& member) {
  const Store& store = ledger.ports().store;
  TEILHABE_RETURN_IF_ERROR(store.AddGiven(unit.tx, dossier, event.hash.bytes(), "", member));
  for (const v1::Section& section : event.bytes.sections()) {
    TEILHABE_RETURN_IF_ERROR(store.AddGiven(unit.tx, dossier, event.hash.bytes(), section.name(), member));
  }
  return absl::OkStatus();
}

absl::Status HandOut(const Ledger& ledger, Unit& unit, const v1::LogState& log, const Event& event,
                     const v1::SignedEvent& masked, const std::string& peer) {
  const Store& store = ledger.ports().store;
  TEILHABE_RETURN_IF_ERROR(NoteGiven(ledger, unit, log.dossier(), {masked, event.header, event.hash}, peer));
  if (!event.header.has_corrected() || event.header.author() != ledger.ports().member) return absl::OkStatus();
  TEILHABE_ASSIGN_OR_RETURN(const Correcting correcting, FromEvent(store, unit.tx, event));
  const bool shown = std::all_of(correcting.refs.begin(), correcting.refs.end(), [&](const v1::SectionRef& ref) {
    return MaySee(log, peer, event.header.sequence(), ref, ledger.Today());
  });
  if (shown) return absl::OkStatus();
  TEILHABE_ASSIGN_OR_RETURN(const bool open, store.DropUnconfirmed(unit.tx, log.dossier(), peer, event.hash.bytes()));
  return open ? TellByStatement(ledger, unit, log, correcting, peer) : absl::OkStatus();
}

}  // namespace teilhabe::dossier
