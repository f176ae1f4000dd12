#pragma once

#include <filesystem>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/base/clock.h"

namespace teilhabe::rpc {

// The one settable clock of a training network, a file in the network's state folder that names a day. It stands still
// at noon in Berlin of that day until the day is set anew, and never goes back. It gives recorded_time and every legal
// day; TLS, time-outs and context expiry use the real clock.
class TrainingClock : public Clock {
 public:
  // Errors: kFailedPrecondition, CLOCK_UNREADABLE with field `clock`.
  static absl::StatusOr<std::shared_ptr<TrainingClock>> Open(std::filesystem::path file);

  absl::Time Now() const override {
    absl::MutexLock lock(&mutex_);
    return now_;
  }

  // Reads the file again. Returns the day from now on. Errors: CLOCK_UNREADABLE; kFailedPrecondition, CLOCK_BACKWARDS:
  // the file names an earlier day than this process has seen, which changes nothing.
  absl::StatusOr<absl::CivilDay> Take();

  // Writes the file durably, in one step. Errors: CLOCK_BEYOND (after 2099); kUnavailable, FILE_UNWRITABLE;
  // kFailedPrecondition, CLOCK_BACKWARDS where the file already names a later day.
  static absl::Status Set(const std::filesystem::path& file, absl::CivilDay day);
  static absl::StatusOr<absl::CivilDay> Read(const std::filesystem::path& file);

 private:
  explicit TrainingClock(std::filesystem::path file) : file_(std::move(file)) {}

  const std::filesystem::path file_;
  mutable absl::Mutex mutex_;
  absl::Time now_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace teilhabe::rpc
