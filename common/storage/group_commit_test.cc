#include "common/storage/group_commit.h"

#include <memory>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/storage/testing/backends.h"

namespace teilhabe::storage {
namespace {

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
  std::int64_t Count() { return db().Query("SELECT COUNT(*) FROM t", {}).value()[0].Int(0); }

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
  const absl::Status moved = ReasonError(absl::StatusCode::kAborted, "HEAD_MOVED", "");
  ASSERT_TRUE(queue_->Enqueue(Insert(1), Note("a")).ok());
  ASSERT_TRUE(queue_->Enqueue(Insert(2, moved), Note("b")).ok());
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
  const absl::Status moved = ReasonError(absl::StatusCode::kAborted, "HEAD_MOVED", "");
  ASSERT_TRUE(queue_->Enqueue(Insert(1), Note("a")).ok());
  ASSERT_TRUE(queue_->Enqueue(orphan, Note("b")).ok());
  ASSERT_TRUE(queue_->Enqueue(Insert(2, moved), Note("c")).ok());
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
