#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/dossier/locked_file.h"

// The number of an agency's lives: raised when a database was restored, so that what the former life sent has no effect
// any more. The protocol, rules 14 to 17.
namespace teilhabe::dossier {

// The incarnation that this process signs in. Safe from any thread.
class Incarnation {
 public:
  virtual ~Incarnation() = default;

  virtual std::int64_t number() const = 0;

  // Whether the agency still lives in this incarnation. Asked at each commit, before anything is sent; cheap.
  // Any error is for ever, and the process stops: kFailedPrecondition INCARNATION_RAISED (another process or a clone
  // has raised it), INCARNATION_REPLACED (a copy took the place of what is locked), INCARNATION_MISSING; kDataLoss
  // INCARNATION_DAMAGED; kUnavailable INCARNATION_UNUSABLE.
  virtual absl::Status Check() = 0;

  // Begins the next incarnation, durably, and returns its number. At start, before anything is signed.
  // Errors: kFailedPrecondition INCARNATION_BUSY: other processes sign for this agency; stop them first. Those of
  // Check, then for ever.
  virtual absl::StatusOr<std::int64_t> Raise() = 0;
};

// The file `incarnation` in the journal folder. While the object lives it holds a shared lock on it, so that nobody
// raises the number below those who sign in it. The file: `teilhabe/incarnation/v1`, the number, and the first 16 hex
// digits of SHA-256(tag `incarnation` ‖ uint64 number), each on a line.
class IncarnationLock final : public Incarnation {
 public:
  // Creates the file with 1 at the very first start, and therefore comes before the journal is opened.
  // Errors: kFailedPrecondition INCARNATION_MISSING (journals lie there and no such file: it was lost, and who starts
  // with 1 again forgets a fence; restore it), INCARNATION_BUSY (it is being raised at this moment); kDataLoss
  // INCARNATION_DAMAGED; kUnavailable INCARNATION_UNUSABLE.
  static absl::StatusOr<std::unique_ptr<IncarnationLock>> Open(const std::filesystem::path& folder);

  std::int64_t number() const override;
  absl::Status Check() override;
  absl::StatusOr<std::int64_t> Raise() override;

 private:
  IncarnationLock(std::filesystem::path path, OpenFile file, std::int64_t number)
      : path_(std::move(path)), file_(std::move(file)), number_(number) {}

  absl::Status Look() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Write(std::int64_t number) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::filesystem::path path_;
  mutable absl::Mutex mutex_;
  OpenFile file_ ABSL_GUARDED_BY(mutex_);
  std::int64_t number_ ABSL_GUARDED_BY(mutex_);
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
};

// For the simulation: a number that outlives the nodes that look at it, and that several may look at.
class MemoryIncarnation final : public Incarnation {
 public:
  // `outside`: what lies in the journal folder; outlives this.
  explicit MemoryIncarnation(std::int64_t& outside) : outside_(outside), number_(outside) {}

  std::int64_t number() const override;
  absl::Status Check() override;
  absl::StatusOr<std::int64_t> Raise() override;

 private:
  mutable absl::Mutex mutex_;
  std::int64_t& outside_;
  std::int64_t number_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace teilhabe::dossier
