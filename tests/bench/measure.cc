#include "tests/bench/measure.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <utility>

#include "common/base/check.h"

namespace teilhabe {

void Bell::Ring() {
  absl::MutexLock lock(&mutex_);
  ++rings_;
}

std::int64_t Bell::rings() const {
  absl::MutexLock lock(&mutex_);
  return rings_;
}

void Bell::AwaitRing(std::int64_t seen, absl::Time end) {
  absl::MutexLock lock(&mutex_);
  const auto rung = [this, seen] {
    mutex_.AssertHeld();
    return rings_ != seen;
  };
  mutex_.AwaitWithDeadline(absl::Condition(&rung), end);
}

double Quantile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  const auto at = static_cast<std::size_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at), values.end());
  return values[at];
}

Baseline::Baseline()
    : database_(*storage::OpenDatabase("sqlite:" + (folder_.path() / "data" / "bare.db").string())),
      journal_(*dossier::FileJournal::Open(folder_.path() / "journal", "bare")),
      queue_(*database_, 1024, [this] { return journal_->Append(std::exchange(records_, {})); }),
      thread_((Make(), queue_), *database_) {}

void Baseline::Make() {
  TEILHABE_CHECK(
      database_->Execute("CREATE TABLE row (id BIGINT NOT NULL PRIMARY KEY, bytes {BYTES} NOT NULL)", {}).ok());
}

void Baseline::Commit(int index) {
  TEILHABE_CHECK(queue_
                     .Commit(
                         [&](storage::Transaction& tx) {
                           return tx
                               .Execute("INSERT INTO row (id, bytes) VALUES ($1, $2)",
                                        {std::int64_t{next_++}, storage::Bytes{std::string(600, 'x')}})
                               .status();
                         },
                         [&] {
                           records_.push_back({"dossier", index, 1, crypto::Sha256(std::to_string(index)), 1,
                                               std::string(400, 'x'), std::string(100, 'y')});
                         })
                     .ok());
}

std::map<std::string, double> CpuByThread() {
  std::map<std::string, double> seconds;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  for (const timeval& part : {usage.ru_utime, usage.ru_stime}) {
    seconds["in all"] += static_cast<double>(part.tv_sec) + static_cast<double>(part.tv_usec) / 1e6;
  }
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream stat(task.path() / "stat");
    const std::string text(std::istreambuf_iterator<char>(stat), {});
    const std::size_t open = text.find('('), close = text.rfind(')');
    if (open == std::string::npos || close == std::string::npos) continue;
    std::istringstream rest(text.substr(close + 1));
    std::string word;
    double user = 0, system = 0;
    for (int field = 0; field < 11; ++field) rest >> word;
    rest >> user >> system;
    seconds[text.substr(open + 1, close - open - 1)] += (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
  }
  return seconds;
}

void PrintCpu(const std::map<std::string, double>& before, const std::map<std::string, double>& after, int total,
              const char* piece) {
  std::printf("          CPU ms a %s by thread:", piece);
  for (const auto& [name, seconds] : after) {
    const auto was = before.find(name);
    const double millis = (seconds - (was == before.end() ? 0 : was->second)) * 1000 / total;
    if (millis >= 0.05) std::printf(" %s %.2f", name.c_str(), millis);
  }
  std::printf("\n");
}

}  // namespace teilhabe
