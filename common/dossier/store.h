#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/dossier/format.h"
#include "common/dossier/journal.h"
#include "common/dossier/key_ring.h"
#include "common/storage/database.h"
#include "teilhabe/dossier/v1/delivery.pb.h"
#include "teilhabe/dossier/v1/state.pb.h"

// The tables of a dossier store and nothing of its rules (desk.h): events, statements, sections, states, requests and
// the feed. Every call runs in the caller's transaction, so that event, state, receipt, request and access entry are
// one. Sections are encrypted under the key of their subject handle; events and statements hold no personal data.
namespace teilhabe::dossier {

absl::Status MigrateStore(storage::Database& database);

// What a peer can make a node keep.
inline constexpr std::int64_t kMaxRejections = 1000;  // Signed for one member; further ones are answered only.
inline constexpr std::int64_t kMaxArriving = 8;

// What is to be delivered to one member, in its order.
struct FeedEntry {
  std::int64_t position = 0;  // Per member, from 1, without gaps: the link sequence.
  std::string dossier;
  std::string owner;  // Hash of the event or statement, or digest of the attachment.
  enum class Kind { kEvent = 1, kStatement = 2, kChunk = 3 } kind = Kind::kEvent;
  std::int64_t index = 0;  // Of a chunk.
  absl::Time queued;       // Network time.
};

class Store {
 public:
  explicit Store(const KeyRing& keys) : keys_(keys) {}

  // The folded log; of an unknown dossier one of no events. Errors of all: those of storage.
  absl::StatusOr<v1::LogState> State(storage::Reader& reader, std::string_view dossier) const;

  // Without sections. Errors: kNotFound EVENT_UNKNOWN, STATEMENT_UNKNOWN.
  absl::StatusOr<Event> EventAt(storage::Reader& reader, std::string_view dossier, std::int64_t sequence) const;
  absl::StatusOr<Event> EventByHash(storage::Reader& reader, std::string_view dossier, std::string_view hash) const;
  absl::StatusOr<std::vector<Event>> EventsFrom(storage::Reader& reader, std::string_view dossier,
                                                std::int64_t sequence, int limit) const;
  absl::StatusOr<Statement> StatementByHash(storage::Reader& reader, std::string_view dossier,
                                            std::string_view hash) const;
  // All statements of a dossier, ascending by hash.
  absl::StatusOr<std::vector<Statement>> Statements(storage::Reader& reader, std::string_view dossier) const;
  // Those after a hash, at most `limit`.
  absl::StatusOr<std::vector<Statement>> StatementsAfter(storage::Reader& reader, std::string_view dossier,
                                                         std::string_view hash, int limit) const;
  // Those of `author` that are about what has this hash; `detail` is the number of the field in StatementHeader.
  absl::StatusOr<std::vector<Statement>> StatementsAbout(storage::Reader& reader, std::string_view dossier, int detail,
                                                         std::string_view about, std::string_view author) const;

  // What non-holders have contributed, in the order of arrival.
  absl::StatusOr<std::vector<Statement>> Contributions(storage::Reader& reader, std::string_view dossier) const;

  // Stores an event with the state after it. `before`: the head that it follows; kAborted HEAD_MOVED if the log has
  // another by now.
  absl::Status AddEvent(storage::Transaction& tx, const v1::LogState& before, const v1::LogState& after,
                        const Event& event) const;
  // Stores a statement if it is not known. Returns whether it was new.
  absl::StatusOr<bool> AddStatement(storage::Transaction& tx, const Statement& statement) const;

  // Stores those sections of an event or statement that are not stored yet. Returns how many were new.
  absl::StatusOr<int> AddSections(storage::Transaction& tx, std::string_view dossier, std::string_view owner,
                                  const google::protobuf::RepeatedPtrField<v1::Section>& sections) const;
  // Decrypted. Errors: kNotFound SECTION_ABSENT; kNotFound SUBJECT_ERASED.
  absl::StatusOr<v1::Section> SectionOf(storage::Reader& reader, std::string_view dossier, std::string_view owner,
                                        std::string_view name) const;
  // All sections of a dossier that are here and whose name `wanted` says, with the hash of their event or statement.
  struct OwnedSection {
    std::string owner;
    v1::Section section;
  };
  absl::StatusOr<std::vector<OwnedSection>> Sections(storage::Reader& reader, std::string_view dossier,
                                                     const std::function<bool(std::string_view)>& wanted) const;
  // Names of the sections that are here.
  absl::StatusOr<std::vector<std::string>> SectionNames(storage::Reader& reader, std::string_view dossier,
                                                        std::string_view owner) const;

  // The attachments that a section of an event or statement names.
  struct AttachmentRef {
    std::string section;
    crypto::Digest digest;
  };
  absl::Status AddAttachmentRef(storage::Transaction& tx, std::string_view dossier, std::string_view owner,
                                std::string_view section, const crypto::Digest& digest) const;
  absl::StatusOr<std::vector<AttachmentRef>> AttachmentRefs(storage::Reader& reader, std::string_view dossier,
                                                            std::string_view owner) const;
  // Where an attachment is named: hashes of events and statements, with the section.
  struct Naming {
    std::string owner;
    std::string section;
  };
  absl::StatusOr<std::vector<Naming>> Namings(storage::Reader& reader, std::string_view dossier,
                                              const crypto::Digest& digest) const;

  // Which member has had which section of an event or statement: it was handed to it or came from it. Empty section:
  // the event or statement itself.
  absl::Status AddGiven(storage::Transaction& tx, std::string_view dossier, std::string_view owner,
                        std::string_view section, std::string_view member) const;
  absl::StatusOr<std::vector<std::string>> GivenTo(storage::Reader& reader, std::string_view dossier,
                                                   std::string_view owner, std::string_view section) const;
  // A correction that a member was told and has not confirmed.
  struct Unconfirmed {
    std::int64_t sequence = 0;  // Of CORRECTED.
    std::string member;
    std::string hash;  // Of the statement that tells it, or of CORRECTED where the log itself does.
    bool by_event = false;
  };
  absl::Status AddUnconfirmed(storage::Transaction& tx, std::string_view dossier, const Unconfirmed& told) const;
  absl::StatusOr<std::vector<Unconfirmed>> AllUnconfirmed(storage::Reader& reader, std::string_view dossier) const;
  // Returns whether there was one.
  absl::StatusOr<bool> DropUnconfirmed(storage::Transaction& tx, std::string_view dossier, std::string_view member,
                                       std::string_view hash) const;
  // A receipt of a member arrived.
  absl::Status Confirm(storage::Transaction& tx, std::string_view dossier, std::string_view member,
                       const v1::Eingang& eingang) const;

  // The answer to a request, if it was answered. Errors: kInvalidArgument REQUEST_ID_REUSED where its body was another.
  absl::StatusOr<std::optional<v1::StoredAnswer>> AnswerTo(storage::Reader& reader, std::string_view dossier,
                                                           std::string_view request_id,
                                                           const crypto::Digest& body) const;
  absl::Status AddAnswer(storage::Transaction& tx, std::string_view dossier, std::string_view request_id,
                         const crypto::Digest& body, const v1::StoredAnswer& answer) const;

  // Appends to a member's feed.
  absl::Status Feed(storage::Transaction& tx, std::string_view member, const FeedEntry& entry) const;
  absl::StatusOr<std::vector<FeedEntry>> ReadFeed(storage::Reader& reader, std::string_view member, std::int64_t after,
                                                  int limit) const;
  // Position of the last entry; 0: none yet.
  absl::StatusOr<std::int64_t> FeedEnd(storage::Reader& reader, std::string_view member) const;
  absl::StatusOr<std::vector<std::string>> FeedMembers(storage::Reader& reader) const;
  // Forgets what a member has taken.
  absl::Status TrimFeed(storage::Transaction& tx, std::string_view member, std::int64_t up_to) const;
  // The last link sequence taken from a member.
  absl::StatusOr<std::int64_t> Taken(storage::Reader& reader, std::string_view member) const;
  absl::Status SetTaken(storage::Transaction& tx, std::string_view member, std::int64_t sequence) const;

  // Counts the rejections that are signed for a member. Returns whether there may be one more.
  absl::StatusOr<bool> CountRejection(storage::Transaction& tx, std::string_view member) const;
  // Notes that a member sends an attachment. Returns whether it may: of those that it has not finished only
  // `kMaxArriving` may be of dossiers that are unknown here.
  absl::StatusOr<bool> AddArriving(storage::Transaction& tx, std::string_view member, std::string_view dossier,
                                   const crypto::Digest& digest) const;
  absl::Status DropArriving(storage::Transaction& tx, std::string_view dossier, const crypto::Digest& digest) const;

  // Visits all that `member` has signed and that is stored here, as the journal names it.
  absl::Status VisitSigned(storage::Reader& reader, std::string_view member, const JournalVisitor& visit) const;

  // Dossiers held here, ascending, after one.
  absl::StatusOr<std::vector<std::string>> Dossiers(storage::Reader& reader, std::string_view after, int limit) const;

 private:
  const KeyRing& keys_;
};

// The subject handle of a section: one key per dossier and person in it, named by what follows the last '/'.
std::string SubjectHandle(std::string_view dossier, std::string_view section_name);

JournalRecord ToRecord(const Event& event);
JournalRecord ToRecord(const Statement& statement);

// The decline among decisions that is addressed to `to`; null: none. One to a stranger, who asked to withdraw what was
// not his, binds nobody.
const Statement* FindDecline(const std::vector<Statement>& decisions, std::string_view to);

// The hash that a statement names, by its detail; empty: none.
std::string AboutHash(const v1::StatementHeader& header);

}  // namespace teilhabe::dossier
