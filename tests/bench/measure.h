#pragma once

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/dossier/journal.h"
#include "common/storage/database.h"
#include "common/storage/group_commit.h"
#include "tests/network/node_for_test.h"

namespace teilhabe {

// Wakes everybody who waits for something to arrive.
class Bell {
 public:
  void Ring();

  // Waits until it is so; false: it was not within `at_most`.
  template <typename Good>
  bool Await(const Good& good, absl::Duration at_most = absl::InfiniteDuration()) {
    const absl::Time end = absl::Now() + at_most;
    for (;;) {
      const std::int64_t seen = rings();
      if (good()) return true;
      if (absl::Now() >= end) return false;
      AwaitRing(seen, std::min(end, absl::Now() + absl::Seconds(20)));
    }
  }

 private:
  std::int64_t rings() const;
  void AwaitRing(std::int64_t seen, absl::Time end);

  mutable absl::Mutex mutex_;
  std::int64_t rings_ ABSL_GUARDED_BY(mutex_) = 0;
};

// The value below which `share` of the values are.
double Quantile(std::vector<double> values, double share);

// Runs `work(index)` for 0 to total-1 on `in_flight` threads. Returns how long all took, and each.
struct Timing {
  double per_second = 0;
  std::vector<double> millis;

  double p50_millis() const { return Quantile(millis, 0.5); }
};
template <typename Work>
Timing Run(int in_flight, int total, const Work& work) {
  Timing timing;
  timing.millis.resize(static_cast<std::size_t>(total));
  std::atomic<int> next = 0;
  const absl::Time begin = absl::Now();
  std::vector<std::thread> threads;
  for (int at = 0; at < in_flight; ++at) {
    threads.emplace_back([&] {
      pthread_setname_np(pthread_self(), "client");
      for (int index = next++; index < total; index = next++) {
        const absl::Time started = absl::Now();
        work(index);
        timing.millis[static_cast<std::size_t>(index)] = absl::ToDoubleMilliseconds(absl::Now() - started);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  timing.per_second = total / absl::ToDoubleSeconds(absl::Now() - begin);
  return timing;
}

// What every durable step costs at least: one row and one record of a journal, in groups.
class Baseline {
 public:
  Baseline();
  void Commit(int index);

 private:
  void Make();

  TemporaryFolder folder_;
  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<dossier::FileJournal> journal_;
  std::vector<dossier::JournalRecord> records_;
  std::atomic<std::int64_t> next_ = 0;
  storage::GroupCommit queue_;
  storage::GroupCommitThread thread_;
};

// CPU seconds of this process by the names of the threads that live, and of all of it, those that have ended included.
std::map<std::string, double> CpuByThread();
// In one line, what was spent between two of them for each of `total` pieces of work.
void PrintCpu(const std::map<std::string, double>& before, const std::map<std::string, double>& after, int total,
              const char* piece);

}  // namespace teilhabe
