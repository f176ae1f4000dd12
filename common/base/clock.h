#pragma once

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace teilhabe {

// Where instants come from; injected everywhere, so that a test or a training network sets the time.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;
};

class SystemClock : public Clock {
 public:
  absl::Time Now() const override { return absl::Now(); }
};

class FakeClock : public Clock {
 public:
  explicit FakeClock(absl::Time start) : now_(start) {}
  absl::Time Now() const override {
    absl::MutexLock lock(&mutex_);
    return now_;
  }
  void Advance(absl::Duration by) {
    absl::MutexLock lock(&mutex_);
    now_ += by;
  }

 private:
  mutable absl::Mutex mutex_;
  absl::Time now_ ABSL_GUARDED_BY(mutex_);
};

// The legal day in Europe/Berlin at an instant. Ends the process where tzdata is missing, since UTC would be a wrong
// day (PLATFORM: LoadTimeZone then yields UTC); a program calls CheckTimeZone() at its start to say so in plain words.
absl::CivilDay LegalDay(absl::Time instant);
// Whether the rules of Europe/Berlin are installed.
bool CheckTimeZone();

}  // namespace teilhabe
