#include "common/storage/group_commit.h"

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

absl::Status GroupCommit::Enqueue(Work work, Done done) {
  absl::MutexLock lock(&mutex_);
  if (stopped_) return Stopped();
  if (queue_.size() >= max_queued_) {
    return ReasonError(absl::StatusCode::kResourceExhausted, "QUEUE_FULL", "too much waits; try again later");
  }
  queue_.push_back({std::move(work), std::move(done)});
  return absl::OkStatus();
}

absl::Status GroupCommit::Commit(Work work) {
  absl::Status result;
  absl::Notification finished;
  absl::Status queued = Enqueue(std::move(work), [&](const absl::Status& status) {
    result = status;
    finished.Notify();
  });
  if (!queued.ok()) return queued;
  finished.WaitForNotification();
  return result;
}

absl::Status GroupCommit::Flush() {
  std::vector<Item> batch;
  {
    absl::MutexLock lock(&mutex_);
    if (flushing_) return ReasonError(absl::StatusCode::kFailedPrecondition, "FLUSH_RUNNING", "one owner flushes");
    if (queue_.empty()) return absl::OkStatus();
    flushing_ = true;
    batch.swap(queue_);
  }
  std::vector<absl::Status> statuses(batch.size());
  absl::Status committed = database_.Transact([&](Transaction& transaction) {
    for (std::size_t i = 0; i < batch.size(); ++i) statuses[i] = transaction.Savepoint(batch[i].work);
    return absl::OkStatus();  // A failure of the transaction itself comes out of Transact.
  });
  for (std::size_t i = 0; i < batch.size(); ++i) {
    // An item that failed may have failed because of what an earlier one wrote, and that is undone too.
    batch[i].done(committed.ok() ? statuses[i] : committed);
  }
  absl::MutexLock lock(&mutex_);
  flushing_ = false;
  return committed;
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
  while (true) {
    const bool work = queue_.AwaitWork(kIdle);
    if (!work && queue_.stopped()) return;
    // Each item learns its own status; failures of the database itself are logged by its driver.
    if (work) queue_.Flush().IgnoreError();
    database_.Checkpoint(work ? kBusyPages : kIdlePages).IgnoreError();
  }
}

}  // namespace teilhabe::storage
