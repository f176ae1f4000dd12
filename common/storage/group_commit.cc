#include "common/storage/group_commit.h"

#include <pthread.h>

#include <utility>

#include "absl/synchronization/notification.h"
#include "common/base/reason.h"

namespace teilhabe::storage {
namespace {

constexpr absl::Duration kIdle = absl::Milliseconds(50);
constexpr std::int64_t kIdlePages = 1000;   // 4 MB: worth a checkpoint where nobody waits for it.
constexpr std::int64_t kBusyPages = 16000;  // 64 MB: from here on reads and a restart get slow, so now in any case.

absl::Status Stopped() {
  return ReasonError(absl::StatusCode::kCancelled, "QUEUE_STOPPED", "the program is ending; nothing was written");
}

}  // namespace

GroupCommit::~GroupCommit() {
  Stop();
  std::vector<Item> rest;
  {
    absl::MutexLock lock(&mutex_);
    rest.swap(queue_);
  }
  for (const Item& item : rest) item.done(Stopped());
}

absl::Status GroupCommit::Enqueue(Work work, Done done, Committed committed) {
  absl::MutexLock lock(&mutex_);
  if (stopped_) return Stopped();
  if (queue_.size() >= max_queued_) {
    return ReasonError(absl::StatusCode::kResourceExhausted, "QUEUE_FULL", "too much waits; try again later");
  }
  queue_.push_back({std::move(work), std::move(done), std::move(committed)});
  return absl::OkStatus();
}

absl::Status GroupCommit::Commit(Work work, Committed committed) {
  absl::Status result;
  absl::Notification finished;
  const auto done = [&](const absl::Status& status) {
    result = status;
    finished.Notify();
  };
  absl::Status queued = Enqueue(std::move(work), done, std::move(committed));
  if (!queued.ok()) return queued;
  finished.WaitForNotification();
  return result;
}

absl::Status GroupCommit::HandOn(const std::vector<Item>& batch, const std::vector<absl::Status>& statuses) const {
  bool any = false;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (!statuses[i].ok()) continue;
    any = true;
    if (batch[i].committed) batch[i].committed();
  }
  return any && after_commit_ ? after_commit_() : absl::OkStatus();
}

absl::Status GroupCommit::Flush() {
  std::vector<Item> batch;
  {
    absl::MutexLock lock(&mutex_);
    if (flushing_) return ReasonError(absl::StatusCode::kFailedPrecondition, "FLUSH_RUNNING", "one owner flushes");
    if (!failure_.ok()) return failure_;
    if (queue_.empty()) return absl::OkStatus();
    flushing_ = true;
    batch.swap(queue_);
  }
  std::vector<absl::Status> statuses(batch.size());
  absl::Status outcome = database_.Transact([&](Transaction& transaction) {
    for (std::size_t i = 0; i < batch.size(); ++i) statuses[i] = transaction.Savepoint(batch[i].work);
    return absl::OkStatus();  // A failure of the transaction itself comes out of Transact.
  });
  const bool written = outcome.ok();
  if (written) outcome = HandOn(batch, statuses);
  std::vector<Item> rest;
  if (after_commit_ && !outcome.ok() && (written || GetReason(outcome) == "COMMIT_UNKNOWN")) {
    absl::MutexLock lock(&mutex_);
    stopped_ = true;
    failure_ = outcome;
    rest.swap(queue_);
  }
  for (std::size_t i = 0; i < batch.size(); ++i) {
    // An item that failed may have failed because of what an earlier one wrote, and that is undone or unknown too.
    batch[i].done(outcome.ok() ? statuses[i] : outcome);
  }
  for (const Item& item : rest) item.done(Stopped());
  absl::MutexLock lock(&mutex_);
  flushing_ = false;
  return outcome;
}

bool GroupCommit::AwaitWork(absl::Duration at_most) {
  absl::MutexLock lock(&mutex_);
  const auto ready = [this] { return !queue_.empty() || stopped_; };
  mutex_.AwaitWithTimeout(absl::Condition(&ready), at_most);
  return !queue_.empty();
}

void GroupCommit::Stop() {
  absl::MutexLock lock(&mutex_);
  stopped_ = true;
}

bool GroupCommit::stopped() const {
  absl::MutexLock lock(&mutex_);
  return stopped_;
}

GroupCommitThread::GroupCommitThread(GroupCommit& queue, Database& database)
    : queue_(queue), database_(database), thread_([this] { Run(); }) {}

GroupCommitThread::~GroupCommitThread() {
  queue_.Stop();
  thread_.join();
}

void GroupCommitThread::Run() {
  pthread_setname_np(pthread_self(), "commit");  // As operators see it in `top -H`.
  while (true) {
    const bool work = queue_.AwaitWork(kIdle);
    if (!work && queue_.stopped()) return;
    // Each item learns its own status; failures of the database itself are logged by its driver.
    if (work) queue_.Flush().IgnoreError();
    database_.Checkpoint(work ? kBusyPages : kIdlePages).IgnoreError();
  }
}

}  // namespace teilhabe::storage
