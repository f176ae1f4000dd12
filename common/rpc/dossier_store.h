#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/crypto/key.h"
#include "common/crypto/random.h"
#include "common/dossier/committer.h"
#include "common/dossier/desk.h"
#include "common/dossier/exchange.h"
#include "common/dossier/incarnation.h"
#include "common/dossier/journal.h"
#include "common/storage/database.h"
#include "common/storage/group_commit.h"
#include "common/trust/directory_members.h"

namespace teilhabe::rpc {

// What a service keeps beside its dossiers in the same database, folded from them.
class Projection {
 public:
  virtual ~Projection() = default;
  // Creates and updates its tables.
  virtual absl::Status Migrate(storage::Database& database) = 0;
  // Something of this dossier is new; in the transaction that stores it. May sign and feed what follows.
  virtual absl::Status Update(dossier::Unit& unit, const std::string& dossier) = 0;
};

// A store of dossiers, wired: database, keys, journal, group commit, desk, exchange. Safe from
// any thread.
class DossierStore {
 public:
  struct Setup {
    std::string name;  // Of the store, the same at every member: `participants`.
    std::string member;
    bool training = false;
    crypto::PrivateKey key;  // The node's.
    std::shared_ptr<const trust::DirectoryHolder> directory;
    std::shared_ptr<const Clock> clock;  // The network's.
    std::shared_ptr<dossier::Incarnation> incarnation;
    std::string database;  // Connection string.
    std::filesystem::path journal;
    crypto::AeadKey storage_key;
    bool ran_before = false;           // Something else in the journal folder says that this node has run before.
    Projection* projection = nullptr;  // Outlives this.
    // Told, on the committing thread, for which members there is something new.
    std::function<void(const std::set<std::string>&)> fed;
  };

  // Opens and migrates the database and compares it with the journal before anything is signed or sent. Errors: those
  // of storage, FileJournal::Open; kFailedPrecondition RESTORED, JOURNAL_MISSING (it ran before, and its journal is
  // gone).
  static absl::StatusOr<std::unique_ptr<DossierStore>> Open(Setup setup);
  ~DossierStore();

  // Runs a use case as one durable unit. Errors: those of `work`, of commit and journal.
  absl::Status Commit(const dossier::UnitWork& work) { return committer_->Commit(work); }

  const dossier::Desk& desk() const { return desk_; }
  const dossier::Ledger& ledger() const { return ledger_; }
  const dossier::Attachments& attachments() const { return attachments_; }
  // Errors: those of Attachments::GetChunk.
  absl::StatusOr<std::string> ReadChunk(const std::string& dossier, const crypto::Digest& digest, std::int64_t index) {
    return attachments_.GetChunk(*database_, dossier, digest, index);
  }
  // Reads what is committed, without an entry in the access log: for tests and benchmarks, which have no caller.
  absl::StatusOr<dossier::v1::LogState> Peek(const std::string& dossier) { return store_.State(*database_, dossier); }
  absl::StatusOr<std::vector<dossier::Statement>> PeekAbout(const std::string& dossier, int detail,
                                                            const std::string& hash, const std::string& author) {
    return store_.StatementsAbout(*database_, dossier, detail, hash, author);
  }
  // Whether this is the node's first start.
  bool first_start() const { return first_start_; }
  dossier::Exchange& exchange() { return *exchange_; }
  const Setup& setup() const { return setup_; }
  const dossier::KeyRing& keys() const { return keys_; }
  crypto::Rng& rng() { return rng_; }

 private:
  DossierStore(Setup setup, std::unique_ptr<storage::Database> database, std::unique_ptr<dossier::Journal> journal);
  dossier::UnitWorkAfter Follow() const;

  const Setup setup_;
  bool first_start_ = false;
  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<dossier::Journal> journal_;
  crypto::SystemRng rng_;
  const crypto::EcdsaSigner signer_;
  const crypto::EcdsaVerifier verifier_;
  const trust::DirectoryMembers members_;
  const dossier::KeyRing keys_;
  const dossier::Attachments attachments_;
  const dossier::Store store_;
  const dossier::Ledger ledger_;
  const dossier::Desk desk_;
  std::unique_ptr<dossier::GroupCommitter> committer_;
  std::unique_ptr<storage::GroupCommitThread> thread_;
  std::unique_ptr<dossier::StoreExchange> exchange_;
};

}  // namespace teilhabe::rpc
