#include "common/storage/group_commit.h"

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/storage/testing/backends.h"

namespace teilhabe::storage {
namespace {

// Another database seen through something that goes wrong on the way.
class ThroughDatabase : public Database {
 public:
  explicit ThroughDatabase(Database& real) : real_(real) {}
  DatabaseKind Kind() const override { return real_.Kind(); }
  absl::StatusOr<Rows> Query(std::string_view sql, const Params& params) override { return real_.Query(sql, params); }
  absl::Status Checkpoint(std::int64_t min_pages) override { return real_.Checkpoint(min_pages); }

 protected:
  Database& real() { return real_; }

 private:
  Database& real_;
};

// Runs each transaction twice, as PostgreSQL does when transactions crossed.
class TwiceDatabase final : public ThroughDatabase {
 public:
  using ThroughDatabase::ThroughDatabase;
  absl::Status Transact(const Work& work) override {
    absl::Status crossed = ReasonError(absl::StatusCode::kAborted, "CROSSED", "");
    const absl::Status first = real().Transact([&](Transaction& transaction) {
      TEILHABE_RETURN_IF_ERROR(work(transaction));
      return crossed;
    });
    return first == crossed ? real().Transact(work) : first;
  }
};

// Commits, and does not learn of it.
class UnknownDatabase final : public ThroughDatabase {
 public:
  using ThroughDatabase::ThroughDatabase;
  absl::Status Transact(const Work& work) override {
    TEILHABE_RETURN_IF_ERROR(real().Transact(work));
    return ReasonError(absl::StatusCode::kUnknown, "COMMIT_UNKNOWN", "");
  }
};

class GroupCommitConformance : public BackendTest {
 protected:
  void SetUp() override {
    BackendTest::SetUp();
    if (HasFatalFailure()) return;
    ASSERT_TRUE(db().Execute("CREATE TABLE t (id BIGINT PRIMARY KEY NOT NULL)", {}).ok());
    queue_ = std::make_unique<GroupCommit>(db(), 4);
  }
  static Work Insert(std::int64_t id, const absl::Status& after = absl::OkStatus()) {
    return [=](Transaction& transaction) {
      TEILHABE_RETURN_IF_ERROR(transaction.Execute("INSERT INTO t VALUES ($1)", {id}).status());
      return after;
    };
  }
  // Writes down the reason each item got, and how many rows were committed when it was told.
  GroupCommit::Done Note(const std::string& name) {
    return [this, name](const absl::Status& status) {
      absl::StrAppend(&notes_, name, "=", status.ok() ? "ok" : GetReason(status), "/", Count(), " ");
    };
  }
  // Writes down what was handed on, and how many rows were committed by then.
  GroupCommit::Committed NoteCommitted(const std::string& name) {
    return [this, name] { absl::StrAppend(&notes_, "+", name, "/", Count(), " "); };
  }
  // Makes the queue anew with a hook that answers `status`.
  void UseHook(Database& database, const absl::Status& status) {
    queue_ = std::make_unique<GroupCommit>(database, 4, [this, status] {
      absl::StrAppend(&notes_, "hook/", Count(), " ");
      return status;
    });
  }
  std::int64_t Count() { return db().Query("SELECT COUNT(*) FROM t", {}).value()[0].Int(0); }

  const absl::Status moved_ = ReasonError(absl::StatusCode::kAborted, "HEAD_MOVED", "");
  const absl::Status journal_failed_ = ReasonError(absl::StatusCode::kFailedPrecondition, "JOURNAL_FAILED", "");
  std::string notes_;
  std::unique_ptr<GroupCommit> queue_;
};
INSTANTIATE_TEST_SUITE_P(Backends, GroupCommitConformance, testing::ValuesIn(AllBackends()), BackendName);

TEST_P(GroupCommitConformance, TellsEachInOrderAfterTheCommit) {
  EXPECT_TRUE(queue_->Flush().ok());
  for (int i = 1; i <= 3; ++i) ASSERT_TRUE(queue_->Enqueue(Insert(i), Note(absl::StrCat(i))).ok());
  EXPECT_EQ(notes_, "");
  EXPECT_EQ(Count(), 0);
  EXPECT_TRUE(queue_->Flush().ok());
  EXPECT_EQ(notes_, "1=ok/3 2=ok/3 3=ok/3 ");
  EXPECT_TRUE(queue_->Flush().ok());
  EXPECT_EQ(Count(), 3);
}

TEST_P(GroupCommitConformance, RunsInOrder) {
  const auto read = [this](Transaction& transaction) {
    TEILHABE_ASSIGN_OR_RETURN(const Rows rows, transaction.Query("SELECT COUNT(*) FROM t", {}));
    notes_ = absl::StrCat("read ", rows[0].Int(0), " ");
    return absl::OkStatus();
  };
  ASSERT_TRUE(queue_->Enqueue(Insert(1), Note("a")).ok());
  ASSERT_TRUE(queue_->Enqueue(Insert(2), Note("b")).ok());
  ASSERT_TRUE(queue_->Enqueue(read, Note("c")).ok());
  ASSERT_TRUE(queue_->Enqueue(Insert(3), Note("d")).ok());
  EXPECT_TRUE(queue_->Flush().ok());
  EXPECT_EQ(notes_, "read 2 a=ok/3 b=ok/3 c=ok/3 d=ok/3 ");
}

TEST_P(GroupCommitConformance, AFailingItemFailsAlone) {
  ASSERT_TRUE(queue_->Enqueue(Insert(1), Note("a")).ok());
  ASSERT_TRUE(queue_->Enqueue(Insert(2, moved_), Note("b")).ok());
  ASSERT_TRUE(queue_->Enqueue(Insert(1), Note("c")).ok());
  ASSERT_TRUE(queue_->Enqueue(Insert(2), Note("d")).ok());
  EXPECT_TRUE(queue_->Flush().ok());
  EXPECT_EQ(notes_, "a=ok/2 b=HEAD_MOVED/2 c=UNIQUE_VIOLATION/2 d=ok/2 ");
}

TEST_P(GroupCommitConformance, AFailedCommitFailsAll) {
  // Stores do without deferred constraints; here one makes the commit itself fail, on both engines.
  ASSERT_TRUE(db().Execute("CREATE TABLE u (id BIGINT REFERENCES t (id) DEFERRABLE INITIALLY DEFERRED)", {}).ok());
  const auto orphan = [](Transaction& transaction) {
    return transaction.Execute("INSERT INTO u VALUES (99)", {}).status();
  };
  ASSERT_TRUE(queue_->Enqueue(Insert(1), Note("a")).ok());
  ASSERT_TRUE(queue_->Enqueue(orphan, Note("b")).ok());
  ASSERT_TRUE(queue_->Enqueue(Insert(2, moved_), Note("c")).ok());
  EXPECT_EQ(GetReason(queue_->Flush()), "FOREIGN_KEY_VIOLATION");
  EXPECT_EQ(notes_, "a=FOREIGN_KEY_VIOLATION/0 b=FOREIGN_KEY_VIOLATION/0 c=FOREIGN_KEY_VIOLATION/0 ");
  notes_.clear();
  ASSERT_TRUE(queue_->Enqueue(Insert(1), Note("a")).ok());
  EXPECT_TRUE(queue_->Flush().ok());
  EXPECT_EQ(notes_, "a=ok/1 ");
}

TEST_P(GroupCommitConformance, TheQueueIsBounded) {
  for (int i = 1; i <= 4; ++i) ASSERT_TRUE(queue_->Enqueue(Insert(i), Note("")).ok());
  const absl::Status full = queue_->Enqueue(Insert(5), Note("full"));
  EXPECT_EQ(GetReason(full), "QUEUE_FULL");
  EXPECT_EQ(full.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(queue_->Flush().ok());
  EXPECT_EQ(Count(), 4);
  EXPECT_EQ(notes_, "=ok/4 =ok/4 =ok/4 =ok/4 ");
  EXPECT_TRUE(queue_->Enqueue(Insert(5), Note("")).ok());
}

TEST_P(GroupCommitConformance, DoneMayEnqueueButNotFlush) {
  const auto done = [this](const absl::Status&) {
    EXPECT_TRUE(queue_->Enqueue(Insert(2), Note("b")).ok());
    EXPECT_EQ(GetReason(queue_->Flush()), "FLUSH_RUNNING");
  };
  ASSERT_TRUE(queue_->Enqueue(Insert(1), done).ok());
  EXPECT_TRUE(queue_->Flush().ok());
  EXPECT_EQ(Count(), 1);
  EXPECT_TRUE(queue_->Flush().ok());
  EXPECT_EQ(notes_, "b=ok/2 ");
}

TEST_P(GroupCommitConformance, WhatIsNeverFlushedIsCancelled) {
  ASSERT_TRUE(queue_->Enqueue(Insert(1), Note("a")).ok());
  queue_->Stop();
  EXPECT_EQ(GetReason(queue_->Enqueue(Insert(2), Note("b"))), "QUEUE_STOPPED");
  queue_.reset();
  EXPECT_EQ(notes_, "a=QUEUE_STOPPED/0 ");
}

TEST_P(GroupCommitConformance, HandsOnWhatWasCommittedBeforeAnybodyIsTold) {
  UseHook(db(), absl::OkStatus());
  ASSERT_TRUE(queue_->Enqueue(Insert(1), Note("a"), NoteCommitted("a")).ok());
  ASSERT_TRUE(queue_->Enqueue(Insert(2, moved_), Note("b"), NoteCommitted("b")).ok());
  ASSERT_TRUE(queue_->Enqueue(Insert(3), Note("c")).ok());
  ASSERT_TRUE(queue_->Enqueue(Insert(4), Note("d"), NoteCommitted("d")).ok());
  EXPECT_TRUE(queue_->Flush().ok());
  EXPECT_EQ(notes_, "+a/3 +d/3 hook/3 a=ok/3 b=HEAD_MOVED/3 c=ok/3 d=ok/3 ");
}

TEST_P(GroupCommitConformance, HandsOnWithoutAHookToo) {
  ASSERT_TRUE(queue_->Enqueue(Insert(1), Note("a"), NoteCommitted("a")).ok());
  EXPECT_TRUE(queue_->Flush().ok());
  EXPECT_EQ(notes_, "+a/1 a=ok/1 ");
}

TEST_P(GroupCommitConformance, HandsOnWhatTheLastRunHasSet) {
  TwiceDatabase twice(db());
  UseHook(twice, absl::OkStatus());
  int runs = 0;
  int set = 0;
  const auto counts = [&](Transaction&) {
    set = ++runs;
    return absl::OkStatus();
  };
  const auto fails_again = [&](Transaction&) { return runs == 1 ? absl::OkStatus() : moved_; };
  ASSERT_TRUE(queue_->Enqueue(counts, Note("a"), [&] { absl::StrAppend(&notes_, "+run", set, " "); }).ok());
  ASSERT_TRUE(queue_->Enqueue(fails_again, Note("b"), NoteCommitted("b")).ok());
  EXPECT_TRUE(queue_->Flush().ok());
  EXPECT_EQ(notes_, "+run2 hook/0 a=ok/0 b=HEAD_MOVED/0 ");
}

TEST_P(GroupCommitConformance, WithNothingCommittedNothingIsHandedOn) {
  UseHook(db(), journal_failed_);
  EXPECT_TRUE(queue_->Flush().ok());
  ASSERT_TRUE(queue_->Enqueue(Insert(1, moved_), Note("a"), NoteCommitted("a")).ok());
  EXPECT_TRUE(queue_->Flush().ok());
  EXPECT_EQ(notes_, "a=HEAD_MOVED/0 ");
}

TEST_P(GroupCommitConformance, AFailedCommitHandsOnNothingAndStopsNothing) {
  ASSERT_TRUE(db().Execute("CREATE TABLE u (id BIGINT REFERENCES t (id) DEFERRABLE INITIALLY DEFERRED)", {}).ok());
  const auto orphan = [](Transaction& transaction) {
    return transaction.Execute("INSERT INTO u VALUES (99)", {}).status();
  };
  UseHook(db(), absl::OkStatus());
  ASSERT_TRUE(queue_->Enqueue(orphan, Note("a"), NoteCommitted("a")).ok());
  EXPECT_EQ(GetReason(queue_->Flush()), "FOREIGN_KEY_VIOLATION");
  ASSERT_TRUE(queue_->Enqueue(Insert(1), Note("b"), NoteCommitted("b")).ok());
  EXPECT_TRUE(queue_->Flush().ok());
  EXPECT_EQ(notes_, "a=FOREIGN_KEY_VIOLATION/0 +b/1 hook/1 b=ok/1 ");
}

TEST_P(GroupCommitConformance, AFailedHookStopsTheQueueForGood) {
  UseHook(db(), journal_failed_);
  const auto queue_more = [this] { EXPECT_TRUE(queue_->Enqueue(Insert(3), Note("c"), NoteCommitted("c")).ok()); };
  const auto told = [this](const absl::Status& status) {
    Note("b")(status);
    EXPECT_EQ(GetReason(queue_->Enqueue(Insert(4), Note("d"))), "QUEUE_STOPPED");  // Stopped before anybody is told.
  };
  ASSERT_TRUE(queue_->Enqueue(Insert(1), Note("a"), queue_more).ok());
  ASSERT_TRUE(queue_->Enqueue(Insert(2, moved_), told).ok());
  EXPECT_EQ(queue_->Flush(), journal_failed_);
  EXPECT_EQ(notes_, "hook/1 a=JOURNAL_FAILED/1 b=JOURNAL_FAILED/1 c=QUEUE_STOPPED/1 ");
  EXPECT_TRUE(queue_->stopped());
  EXPECT_FALSE(queue_->AwaitWork(absl::ZeroDuration()));
  EXPECT_EQ(GetReason(queue_->Enqueue(Insert(5), Note("e"))), "QUEUE_STOPPED");
  EXPECT_EQ(queue_->Flush(), journal_failed_);
  queue_.reset();
  EXPECT_EQ(notes_, "hook/1 a=JOURNAL_FAILED/1 b=JOURNAL_FAILED/1 c=QUEUE_STOPPED/1 ");
  EXPECT_EQ(Count(), 1);
}

// It may be committed and is named nowhere: were the queue to go on, it would be sent without being in the journal.
TEST_P(GroupCommitConformance, AnUnknownCommitStopsAQueueWithAHook) {
  UnknownDatabase unknown(db());
  UseHook(unknown, absl::OkStatus());
  ASSERT_TRUE(queue_->Enqueue(Insert(1), Note("a"), NoteCommitted("a")).ok());
  EXPECT_EQ(GetReason(queue_->Flush()), "COMMIT_UNKNOWN");
  EXPECT_EQ(GetReason(queue_->Enqueue(Insert(2), Note("b"))), "QUEUE_STOPPED");
  EXPECT_EQ(GetReason(queue_->Flush()), "COMMIT_UNKNOWN");
  EXPECT_EQ(notes_, "a=COMMIT_UNKNOWN/1 ");
  queue_ = std::make_unique<GroupCommit>(unknown, 4);
  ASSERT_TRUE(queue_->Enqueue(Insert(2), Note("b")).ok());
  EXPECT_EQ(GetReason(queue_->Flush()), "COMMIT_UNKNOWN");
  EXPECT_TRUE(queue_->Enqueue(Insert(3), Note("c")).ok());
}

TEST_P(GroupCommitConformance, AFailedHookReleasesAllWhoWait) {
  constexpr int kCallers = 8;
  std::atomic<int> written = 0;
  GroupCommit queue(db(), kCallers, [&] { return ++written < 20 ? absl::OkStatus() : journal_failed_; });
  GroupCommitThread thread(queue, db());
  std::vector<std::thread> callers;
  std::atomic<int> failed = 0;
  callers.reserve(kCallers);
  for (int i = 0; i < kCallers; ++i) {
    callers.emplace_back([&, i] {
      for (int round = 0;; ++round) {
        const absl::Status status = queue.Commit(Insert(i * 1'000'000 + round));
        if (status.ok()) continue;
        if (status == journal_failed_) ++failed;
        EXPECT_TRUE(status == journal_failed_ || GetReason(status) == "QUEUE_STOPPED") << status;
        return;
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_GE(failed, 1);
  EXPECT_EQ(written, 20);
}

TEST_P(GroupCommitConformance, AThreadServesManyCallers) {
  constexpr int kCallers = 8;
  constexpr int kRounds = 20;
  GroupCommit queue(db(), kCallers);
  auto thread = std::make_unique<GroupCommitThread>(queue, db());
  std::vector<std::thread> callers;
  callers.reserve(kCallers);
  for (int i = 0; i < kCallers; ++i) {
    callers.emplace_back([&, i] {
      for (int round = 0; round < kRounds; ++round) {
        const std::int64_t id = i * kRounds + round;
        ASSERT_TRUE(queue.Commit(Insert(id)).ok());
        ASSERT_EQ(db().Query("SELECT id FROM t WHERE id = $1", {id}).value().size(), 1U);
        ASSERT_EQ(GetReason(queue.Commit(Insert(id))), "UNIQUE_VIOLATION");
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(Count(), kCallers * kRounds);
  ASSERT_TRUE(queue.Enqueue(Insert(-1), Note("last")).ok());
  thread.reset();  // Flushes what is queued.
  EXPECT_EQ(notes_, absl::StrCat("last=ok/", kCallers * kRounds + 1, " "));
  EXPECT_EQ(GetReason(queue.Commit(Insert(-2))), "QUEUE_STOPPED");
}

}  // namespace
}  // namespace teilhabe::storage
