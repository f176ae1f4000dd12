#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/dossier/journal.h"
#include "common/dossier/ledger.h"
#include "common/storage/group_commit.h"

namespace teilhabe::dossier {

// What runs in one transaction. It may run more than once and sets its results anew each time.
using UnitWork = std::function<absl::Status(Unit&)>;

// What follows from a unit's work in the same transaction: a service's projections, and what its node answers by
// itself.
using UnitWorkAfter = std::function<absl::Status(Unit&)>;

// Makes units durable: the transaction is committed, then what it signed is named in the journal, and only then does
// Commit return or is anything sent (protocol rule 9).
class Committer {
 public:
  virtual ~Committer() = default;
  // Errors: those of `work`, of the commit and of the journal; after one of the journal nothing is committed any more.
  virtual absl::Status Commit(const UnitWork& work) = 0;
};

// Each unit by itself, on the caller's thread: for harness and simulation.
class SingleCommitter final : public Committer {
 public:
  SingleCommitter(storage::Database& database, Journal& journal) : database_(database), journal_(journal) {}
  absl::Status Commit(const UnitWork& work) override;

 private:
  storage::Database& database_;
  Journal& journal_;
};

// The exit code of a process whose journal failed.
constexpr int kExitJournalFailed = 6;

// Many units share one commit and one write of the journal. Another thread flushes queue(). If the journal fails, the
// process ends at once.
class GroupCommitter final : public Committer {
 public:
  // `fed` is told after each flush, on its thread, for which members there is something new, if any.
  GroupCommitter(storage::Database& database, Journal& journal,
                 std::function<void(const std::set<std::string>&)> fed = {}, UnitWorkAfter after = {});
  absl::Status Commit(const UnitWork& work) override;
  storage::GroupCommit& queue() { return queue_; }

 private:
  Journal& journal_;
  const std::function<void(const std::set<std::string>&)> on_fed_;
  const UnitWorkAfter after_;
  std::vector<JournalRecord> records_;  // Of the flush at hand; touched on its thread only.
  std::set<std::string> fed_;           // The same.
  storage::GroupCommit queue_;
};

// At every start, before anything is sent (rule 10): what the database holds of this agency's and the journal does not
// name is named. Errors: kFailedPrecondition RESTORED (the journal names what the database does not hold: this node was
// restored from a backup and must greet its peers before it signs) with details `dossier` and `missing`.
absl::Status CompareWithJournal(storage::Database& database, const Store& store, const std::string& member,
                                Journal& own, const std::function<absl::Status(const JournalVisitor&)>& read_all);

}  // namespace teilhabe::dossier
