#include "common/dossier/incarnation.h"

#include <string_view>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/crypto/digest.h"
#include "common/dossier/journal.h"

namespace teilhabe::dossier {
namespace {

constexpr char kFile[] = "incarnation";
constexpr char kHead[] = "teilhabe/incarnation/v1\n";
constexpr std::size_t kMaxText = 256;
constexpr std::size_t kCheckDigits = 16;

absl::Status Error(std::string_view reason, std::string_view message) {
  return ReasonError(absl::StatusCode::kFailedPrecondition, reason, message);
}

absl::Status Raised() {
  return Error("INCARNATION_RAISED", "the agency lives in a later incarnation; this process signs nothing more");
}

absl::Status Busy() {
  return Error("INCARNATION_BUSY", "other processes sign for this agency, or one begins its next incarnation");
}

absl::Status Translate(const absl::Status& status) {
  const std::string reason = GetReason(status);
  if (reason == "FILE_ABSENT") {
    return Error("INCARNATION_MISSING", "the file `incarnation` is gone from the journal folder; restore it");
  }
  if (reason == "FILE_LOCKED") return Busy();
  if (reason == "FILE_UNUSABLE" || reason == "JOURNAL_UNUSABLE") {
    return ReasonError(absl::StatusCode::kUnavailable, "INCARNATION_UNUSABLE",
                       "the journal folder, or the file `incarnation` in it, cannot be read or written");
  }
  return status;
}

std::string Text(std::int64_t number) {
  const crypto::Digest digest = crypto::Hasher("incarnation").Number(static_cast<std::uint64_t>(number)).Finish();
  return absl::StrCat(kHead, number, "\n", digest.Hex().substr(0, kCheckDigits), "\n");
}

absl::StatusOr<std::int64_t> ReadNumber(const OpenFile& file) {
  TEILHABE_ASSIGN_OR_RETURN(const std::string text, ReadAt(file, 0, kMaxText));
  const std::vector<std::string> lines = absl::StrSplit(text, '\n');
  std::int64_t number = 0;
  if (lines.size() < 2 || !absl::SimpleAtoi(lines[1], &number) || number < 1 || text != Text(number)) {
    return ReasonError(absl::StatusCode::kDataLoss, "INCARNATION_DAMAGED",
                       "the file `incarnation` in the journal folder is damaged; restore it");
  }
  return number;
}

}  // namespace

absl::StatusOr<std::unique_ptr<IncarnationLock>> IncarnationLock::Open(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / kFile;
  // Looked for first: a process that starts beside this one creates the number before its journal.
  const absl::StatusOr<bool> lived = HasJournals(folder);
  if (!lived.ok()) return Translate(lived.status());
  auto file = OpenLocked(path, Lock::kShared);
  if (absl::IsNotFound(file.status()) && !*lived) {
    if (absl::Status status = CreateWhole(path, Text(1)); !status.ok()) return Translate(status);
    file = OpenLocked(path, Lock::kShared);
  }
  if (!file.ok()) return Translate(file.status());
  const absl::StatusOr<std::int64_t> number = ReadNumber(*file);
  if (!number.ok()) return Translate(number.status());
  return std::unique_ptr<IncarnationLock>(new IncarnationLock(path, *std::move(file), *number));
}

std::int64_t IncarnationLock::number() const {
  absl::MutexLock lock(&mutex_);
  return number_;
}

absl::Status IncarnationLock::Check() {
  absl::MutexLock lock(&mutex_);
  if (failure_.ok()) failure_ = Translate(Look());
  return failure_;
}

absl::Status IncarnationLock::Look() const {
  TEILHABE_ASSIGN_OR_RETURN(const bool same, HasName(file_, path_));
  if (same) {
    TEILHABE_ASSIGN_OR_RETURN(const std::int64_t number, ReadNumber(file_));
    return number == number_ ? absl::OkStatus() : Raised();
  }
  TEILHABE_ASSIGN_OR_RETURN(const OpenFile other, OpenToRead(path_));
  TEILHABE_ASSIGN_OR_RETURN(const std::int64_t number, ReadNumber(other));
  if (number != number_) return Raised();
  return Error("INCARNATION_REPLACED", "a copy took the place of the file `incarnation`; restart");
}

absl::StatusOr<std::int64_t> IncarnationLock::Raise() {
  absl::MutexLock lock(&mutex_);
  if (!failure_.ok()) return failure_;
  if (!TryLock(file_, Lock::kExclusive)) {
    // The attempt has cost the shared lock. Where it cannot be had again, another process raises the number now.
    if (!TryLock(file_, Lock::kShared)) failure_ = Raised();
    return Busy();
  }
  failure_ = Translate(Look());  // Between the two locks there was none.
  if (failure_.ok()) failure_ = Translate(Write(number_ + 1));
  if (!failure_.ok()) return failure_;
  return number_;
}

absl::Status IncarnationLock::Write(std::int64_t number) {
  TEILHABE_ASSIGN_OR_RETURN(OpenFile fresh, OpenBeside(path_));
  TEILHABE_RETURN_IF_ERROR(WriteAt(fresh, 0, Text(number)));
  TEILHABE_RETURN_IF_ERROR(Sync(fresh));
  TEILHABE_RETURN_IF_ERROR(TakePlace(path_));
  TEILHABE_RETURN_IF_ERROR(SyncFolderOf(path_));
  if (!TryLock(fresh, Lock::kShared)) return Raised();
  file_ = std::move(fresh);
  number_ = number;
  return absl::OkStatus();
}

std::int64_t MemoryIncarnation::number() const {
  absl::MutexLock lock(&mutex_);
  return number_;
}

absl::Status MemoryIncarnation::Check() {
  absl::MutexLock lock(&mutex_);
  return outside_ == number_ ? absl::OkStatus() : Raised();
}

absl::StatusOr<std::int64_t> MemoryIncarnation::Raise() {
  absl::MutexLock lock(&mutex_);
  if (outside_ != number_) return Raised();
  return number_ = ++outside_;
}

}  // namespace teilhabe::dossier
