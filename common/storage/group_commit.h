#pragma once

#include <cstddef>
#include <functional>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/storage/database.h"

namespace teilhabe::storage {

// Many writers share one durable commit. Has no thread: the owner calls Flush(), a program by GroupCommitThread.
class GroupCommit {
 public:
  // These three are called on the thread of Flush, outside the transaction and after the durable commit; they may
  // enqueue. First each Committed, for items that succeeded, then AfterCommit, then each Done, in the order of items.

  // Hands on what the work has set, e.g. what it signed: a Work may run more than once and hands on nothing itself.
  using Committed = std::function<void()>;
  // What must be durable too before anybody is told, e.g. the journal: once for all items that succeeded, if any did.
  using AfterCommit = std::function<absl::Status()>;
  using Done = std::function<void(const absl::Status&)>;

  explicit GroupCommit(Database& database, std::size_t max_queued = 1024, AfterCommit after_commit = {})
      : database_(database), max_queued_(max_queued), after_commit_(std::move(after_commit)) {}
  // What is still queued is done with kCancelled QUEUE_STOPPED.
  ~GroupCommit();
  GroupCommit(const GroupCommit&) = delete;
  GroupCommit& operator=(const GroupCommit&) = delete;

  // Queues `work` for the next Flush. `done` gets the status of `work` itself if that failed, else that of the commit;
  // if the commit or AfterCommit fails, every item of the Flush gets that failure. Errors (and then `done` is never
  // called): kResourceExhausted QUEUE_FULL; kCancelled QUEUE_STOPPED.
  absl::Status Enqueue(Work work, Done done, Committed committed = {});

  // Enqueues and waits until done. Needs another thread that flushes. Errors: those of Enqueue and of done.
  absl::Status Commit(Work work, Committed committed = {});

  // Runs all that is queued, in that order, as one transaction in which each item can fail alone, commits durably, then
  // calls back as above. Returns the status of the commit and of AfterCommit; OK with nothing queued.
  // With an AfterCommit the queue stops for good if that fails, or if nobody knows what was committed
  // (COMMIT_UNKNOWN): both leave what only a restart, which compares, can name in the journal. What is queued by then
  // never runs and is done with kCancelled QUEUE_STOPPED, and every later Flush returns the failure again.
  // Errors: kFailedPrecondition FLUSH_RUNNING where another Flush runs: nothing is lost, it stays queued.
  absl::Status Flush();

  // Waits until something is queued, Stop() or `at_most`. Returns whether something is queued.
  bool AwaitWork(absl::Duration at_most);

  // Nothing more is accepted; what is queued can still be flushed.
  void Stop();
  bool stopped() const;

 private:
  struct Item {
    Work work;
    Done done;
    Committed committed;
  };

  // Names what was committed. `statuses`: of the items' works.
  absl::Status HandOn(const std::vector<Item>& batch, const std::vector<absl::Status>& statuses) const;

  Database& database_;
  const std::size_t max_queued_;
  const AfterCommit after_commit_;
  mutable absl::Mutex mutex_;
  bool flushing_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);  // Why it stopped for good.
  std::vector<Item> queue_ ABSL_GUARDED_BY(mutex_);
};

// Flushes a queue as work comes in, and moves SQLite's log into its file when idle. Started by mains only.
class GroupCommitThread {
 public:
  GroupCommitThread(GroupCommit& queue, Database& database);
  // Stops the queue, flushes what is in it and joins.
  ~GroupCommitThread();
  GroupCommitThread(const GroupCommitThread&) = delete;
  GroupCommitThread& operator=(const GroupCommitThread&) = delete;

 private:
  void Run();

  GroupCommit& queue_;
  Database& database_;
  std::thread thread_;
};

}  // namespace teilhabe::storage
