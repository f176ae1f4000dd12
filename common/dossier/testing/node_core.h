#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/base/clock.h"
#include "common/crypto/keyed_hash.h"
#include "common/crypto/random.h"
#include "common/dossier/committer.h"
#include "common/dossier/desk.h"
#include "common/dossier/exchange.h"
#include "common/dossier/incarnation.h"
#include "common/dossier/intake.h"

// One node's dossiers without a transport: real tables, real rules; clock, keys, randomness and journal are given, so
// that each run is the same.
namespace teilhabe::dossier {

// Where a node stops in its next commit of something that it signs. Then it takes no step until it is started again.
enum class CrashPoint {
  kNone,
  kBeforeCommit,   // The work was done, nothing of it is durable.
  kBeforeJournal,  // It is in the database, and the journal does not name it.
  kBeforeSending,  // Database and journal have it, nobody was told.
};

// Commits as SingleCommitter does, and stops where it is told to. Errors, then and ever after: kUnavailable CRASHED.
class CrashingCommitter final : public Committer {
 public:
  CrashingCommitter(storage::Database& database, Journal& journal)
      : journal_(journal, *this), inner_(database, journal_) {}

  void CrashAt(CrashPoint point) { point_ = point; }
  bool crashed() const { return crashed_; }
  absl::Status Commit(const UnitWork& work) override;

 private:
  // Stands between the committer and its journal.
  class Gate final : public Journal {
   public:
    Gate(Journal& journal, CrashingCommitter& owner) : journal_(journal), owner_(owner) {}
    absl::Status Append(std::span<const JournalRecord> records) override;
    absl::Status Read(const JournalVisitor& visit) const override { return journal_.Read(visit); }
    absl::Status Compact(const KeepBytes& keep) override { return journal_.Compact(keep); }

   private:
    Journal& journal_;
    CrashingCommitter& owner_;
  };

  absl::Status Crash();

  CrashPoint point_ = CrashPoint::kNone;
  bool signing_ = false;  // The commit at hand.
  bool crashed_ = false;
  Gate journal_;
  SingleCommitter inner_;
};

class NodeCore {
 public:
  // `connection`: of its database. `members` and `clock` are the network's and outlive it.
  NodeCore(std::string member, std::string connection, std::uint64_t seed, const Members& members, const Clock& clock,
           const ProtocolRules& rules);

  // Starts it, at first or after a crash: opens the database, updates its tables, compares them with the journal.
  // Errors: those; RESTORED (then it stays down).
  absl::Status Start();
  void CrashAt(CrashPoint point) { process_->committer.CrashAt(point); }
  bool down() const { return process_ == nullptr || stopped_ || process_->committer.crashed(); }

  // Errors: kUnavailable NODE_DOWN, CRASHED; those of `work`.
  absl::Status Do(const UnitWork& work);

  const std::string& member() const { return member_; }
  const ProtocolRules& rules() const { return rules_; }
  // While it is down these show what is durable.
  storage::Database& database() { return *process_->database; }
  const Store& store() const { return process_->store; }
  const Ledger& ledger() const { return process_->ledger; }
  const Desk& desk() const { return process_->desk; }
  const Intake& intake() const { return process_->intake; }
  Exchange& exchange() { return process_->exchange; }
  MemoryJournal& journal() { return journal_; }

  // What is durable; what cannot be read fails the test.
  v1::LogState Log(const std::string& dossier);
  Event EventAt(const std::string& dossier, std::int64_t sequence);
  std::vector<Event> Events(const std::string& dossier);
  std::vector<Statement> Statements(const std::string& dossier);
  // Those that `author` has signed with this detail (number of the field), in no order that means anything.
  std::vector<Statement> StatementsOf(const std::string& dossier, const std::string& author, int detail);
  std::vector<std::string> Dossiers();

  // Every row of every table, by table.
  std::map<std::string, std::string> Dump();

 private:
  // What a crash ends.
  struct Process {
    Process(std::unique_ptr<storage::Database> opened, NodeCore& node);
    std::unique_ptr<storage::Database> database;
    KeyRing keys;
    Store store;
    Attachments attachments;
    MemoryIncarnation incarnation;
    Ledger ledger;
    Desk desk;
    Intake intake;
    CrashingCommitter committer;
    StoreExchange exchange;
  };

  const std::string member_;
  const std::string connection_;
  const Members& members_;
  const Clock& clock_;
  const ProtocolRules rules_;
  const crypto::KeyedHashSigner signer_;
  const crypto::KeyedHashVerifier verifier_;
  crypto::SeededRng rng_;
  const crypto::AeadKey storage_key_;
  MemoryJournal journal_;         // Both lie outside the database
  std::int64_t incarnation_ = 1;  // and outlive the process.
  bool stopped_ = false;
  std::unique_ptr<Process> process_;
};

}  // namespace teilhabe::dossier
