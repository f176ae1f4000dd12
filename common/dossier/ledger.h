#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/crypto/key.h"
#include "common/crypto/random.h"
#include "common/dossier/attachments.h"
#include "common/dossier/format.h"
#include "common/dossier/holder.h"
#include "common/dossier/journal.h"
#include "common/dossier/members.h"
#include "common/dossier/store.h"

namespace teilhabe::dossier {

// What a node's dossiers stand on; injected, so that a whole network runs in one thread.
struct Ports {
  std::string member;
  bool training = false;
  const crypto::Signer& signer;
  const crypto::Verifier& verifier;
  const Members& members;
  const Clock& clock;  // The network's: recorded_time and every legal day.
  crypto::Rng& rng;
  const Store& store;
  const Attachments& attachments;
  // The incarnation to sign under, read at each use. Fails when it is no longer this process's.
  std::function<absl::StatusOr<std::int64_t>()> incarnation;
  ProtocolRules rules = DefaultRules();
};

// One transaction and what it signs. A Work that runs again starts with a new one.
struct Unit {
  storage::Transaction& tx;
  // To be named in the journal after the commit and before anything is sent.
  std::vector<JournalRecord> signed_records = {};
  // Members for whom there is something new.
  std::set<std::string> fed = {};
  // Dossiers of which something new is stored.
  std::set<std::string> touched = {};
};

// What every writer of dossiers has in common: sign, check against the rules, store, name for the journal, feed to whom
// it concerns.
class Ledger {
 public:
  explicit Ledger(const Ports& ports) : ports_(ports) {}

  const Ports& ports() const { return ports_; }

  // Appends an own event after `before`. Of the draft's header the author's part counts: kind, record, detail, days,
  // legal basis, official. Returns the log's new state. Errors: those of SignEvent, Next, Store::AddEvent;
  // SECTION_TOO_LARGE, ATTACHMENT_UNKNOWN (a section names one that is not stored whole).
  absl::StatusOr<v1::LogState> Append(Unit& unit, const v1::LogState& before, const std::string& dossier,
                                      v1::EventHeader draft, const std::vector<NewSection>& sections) const;

  // Signs and stores an own statement about a dossier in state `log` and feeds it to whom it concerns. Errors: those of
  // SignStatement.
  absl::StatusOr<Statement> State(Unit& unit, const v1::LogState& log, v1::StatementHeader draft,
                                  const std::vector<NewSection>& sections) const;
  // The same with sections that have their salt; the draft names them.
  absl::StatusOr<Statement> StateWith(Unit& unit, const v1::LogState& log, v1::StatementHeader draft,
                                      const std::vector<v1::Section>& sections) const;

  // Accepts the open offer, which is this node's: appends `accepted` and signs the receipt Entscheidung for the former
  // holder.
  absl::StatusOr<v1::LogState> AcceptOffer(Unit& unit, const v1::LogState& before, const std::string& official,
                                           const std::string& legal_basis) const;

  // Takes into the log what non-holders have contributed, as long as this node may decide: it cannot refuse them.
  absl::StatusOr<v1::LogState> TakeContributions(Unit& unit, v1::LogState log) const;

  // Stores an event that follows `before`, own or foreign.
  absl::Status Keep(Unit& unit, const v1::LogState& before, const v1::LogState& after, const Event& event) const;
  absl::Status KeepSections(Unit& unit, const std::string& dossier, std::string_view owner,
                            const google::protobuf::RepeatedPtrField<v1::Section>& sections) const;
  // Whether every attachment that these sections name is here and is what they say; asked before anything of them is
  // stored. Errors: ATTACHMENT_UNKNOWN, ATTACHMENT_TYPE, ATTACHMENT_MALFORMED, with the section as field.
  absl::Status CheckAttachments(storage::Reader& reader, const std::string& dossier,
                                const google::protobuf::RepeatedPtrField<v1::Section>& sections) const;

  // Contributions that are not in the log yet, in the order of arrival.
  absl::StatusOr<std::vector<Statement>> Pending(storage::Reader& reader, const v1::LogState& log) const;
  // Gives them to whoever may hold next: to the addressee of an open offer, or to the holder, as far as that is not
  // this node. Nothing that arose while the log was frozen or on the move is lost.
  absl::Status HandOnContributions(Unit& unit, const v1::LogState& log) const;

  // Feeds a stored statement, and its attachments before it, to a member (again).
  absl::Status FeedStatement(Unit& unit, const v1::LogState& log, const std::string& member,
                             const Statement& statement) const;
  // Feeds the events from `first` to the head, and their attachments, to a member.
  absl::Status FeedEvents(Unit& unit, const v1::LogState& log, const std::string& member, std::int64_t first) const;

  // The step of `Next` for own events, or for those of others.
  Step StepFor(bool appending) const { return {ports_.members, ports_.verifier, appending, ports_.rules}; }
  absl::CivilDay Today() const { return LegalDay(ports_.clock.Now()); }
  // Who takes over from a member, today; empty: it has not ended.
  std::string SuccessorOf(const std::string& member) const;
  // Whether the events of a log go to a member.
  bool IsFed(const v1::LogState& log, const std::string& member) const;
  // Whether a member may be given a section of a statement that is stored here.
  bool MaySeeOf(const v1::LogState& log, const std::string& member, const v1::StatementHeader& header,
                const v1::SectionRef& section) const;

  // The name of a section that names an attachment and that a member may see now; empty: it gets none of its bytes.
  absl::StatusOr<std::string> VisibleSection(storage::Reader& reader, const v1::LogState& log,
                                             const crypto::Digest& digest, const std::string& member) const;
  // What a member may be given of an event or statement that is stored here.
  absl::StatusOr<v1::SignedEvent> Masked(storage::Reader& reader, const v1::LogState& log, const Event& event,
                                         const std::string& member) const;
  absl::StatusOr<v1::SignedStatement> Masked(storage::Reader& reader, const v1::LogState& log,
                                             const Statement& statement, const std::string& member) const;

 private:
  absl::Status Feed(Unit& unit, const std::string& member, FeedEntry entry) const;
  // Those of the sections that `sees` lets the member have.
  absl::Status FeedChunks(Unit& unit, const std::string& member, const std::string& dossier, std::string_view owner,
                          const google::protobuf::RepeatedPtrField<v1::SectionRef>& refs,
                          const std::function<bool(const v1::SectionRef&)>& sees) const;
  absl::Status FeedEvent(Unit& unit, const v1::LogState& log, const std::string& member, const Event& event) const;
  absl::Status FeedAfter(Unit& unit, const v1::LogState& before, const v1::LogState& after, const Event& event) const;
  absl::StatusOr<v1::LogState> Finish(Unit& unit, const v1::LogState& before, const Event& event) const;
  absl::StatusOr<v1::EventHeader> Complete(v1::EventHeader draft, const v1::LogState& before,
                                           const std::string& dossier) const;
  absl::StatusOr<v1::StatementHeader> Complete(v1::StatementHeader draft, const v1::LogState& log) const;
  absl::Status Finish(Unit& unit, const v1::LogState& log, const Statement& statement) const;

  Ports ports_;
};

// Members whom a log concerns: the holder, active parties, the addressee of an open offer.
std::set<std::string> Concerned(const v1::LogState& log);

}  // namespace teilhabe::dossier
