#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/crypto/digest.h"
#include "common/dossier/locked_file.h"

// What this agency has signed, named outside the database, so that a restored database shows: the protocol, rules 9
// and 10. A journal lies on another disk, is in no database backup and is never rolled back.
namespace teilhabe::dossier {

// One signed thing.
struct JournalRecord {
  std::string dossier;
  std::int64_t sequence = 0;  // Of an event in its log; 0: a statement.
  int kind = 0;               // v1::EventKind; of a statement the number of the field that is its detail.
  crypto::Digest hash;
  std::int64_t incarnation = 0;  // In which it was signed.
  // What could be sent again. Empty once a receipt covers it: then the journal says what was lost, and brings back
  // nothing.
  std::string header;
  std::string signature;

  friend bool operator==(const JournalRecord&, const JournalRecord&) = default;
};

// May not call the journal. What it returns, if not OK, ends the reading and is returned.
using JournalVisitor = std::function<absl::Status(const JournalRecord&)>;
// Whether the bytes of what has this hash are still needed. May not call the journal either.
using KeepBytes = std::function<bool(const crypto::Digest&)>;

// The journal of one process. Safe from any thread.
class Journal {
 public:
  virtual ~Journal() = default;

  // Names what was signed and committed, before it is sent. Durable when it returns OK; after a crash before that, all
  // is named or nothing (of each 64 MiB, where it is more).
  // Errors: kFailedPrecondition JOURNAL_FAILED: whether it is named is not known, nothing is tried again, and every
  // later Append fails too; the node sends nothing more and restarts. kInvalidArgument JOURNAL_RECORD_TOO_LARGE, above
  // 64 MiB: nothing was written.
  virtual absl::Status Append(std::span<const JournalRecord> records) = 0;

  // Visits all that was named, in that order. Errors: those of the visitor, and of reading (FileJournal::Open).
  virtual absl::Status Read(const JournalVisitor& visit) const = 0;

  // Forgets the bytes that are no longer needed. Names stay for ever. Appends go on meanwhile.
  // Errors: kUnavailable JOURNAL_NOT_COMPACTED: it is as before; JOURNAL_FAILED as for Append.
  virtual absl::Status Compact(const KeepBytes& keep) = 0;
};

// For the simulation: what is outside the node that crashes and is restored. Safe from any thread.
class MemoryJournal final : public Journal {
 public:
  absl::Status Append(std::span<const JournalRecord> records) override;
  absl::Status Read(const JournalVisitor& visit) const override;
  absl::Status Compact(const KeepBytes& keep) override;

  // From now on every Append fails, as on a disk that failed, until Mend: the restart on another disk.
  void Fail();
  void Mend();

 private:
  mutable absl::Mutex mutex_;
  bool failed_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<JournalRecord> records_ ABSL_GUARDED_BY(mutex_);
};

// The file `journal-<name>.log` in the agency's journal folder, locked for as long as the object lives. Its format
// stands in journal_format.h.
class FileJournal final : public Journal {
 public:
  // Opens or creates it; the folder exists. `name`: of the process, unique in its agency: 1 to 32 of a-z 0-9 -.
  // An Append that never returned may have left a part of itself as the last thing in the file: that is cut off, and
  // nothing else is. Open the incarnation first (incarnation.h).
  // Errors: kInvalidArgument JOURNAL_NAME_INVALID; kFailedPrecondition JOURNAL_IN_USE (another process has it);
  // kDataLoss JOURNAL_DAMAGED (what was named can no longer be read: the node must not start before an operator has
  // restored the file or decided to go on without; the detail `file` names it); kUnavailable JOURNAL_UNUSABLE.
  static absl::StatusOr<std::unique_ptr<FileJournal>> Open(const std::filesystem::path& folder, std::string_view name);

  // Whether Open has created it: the first start, or it was lost.
  bool created() const { return created_; }

  absl::Status Append(std::span<const JournalRecord> records) override;
  absl::Status Read(const JournalVisitor& visit) const override;
  absl::Status Compact(const KeepBytes& keep) override;

 private:
  FileJournal(std::filesystem::path path, bool created) : path_(std::move(path)), created_(created) {}

  absl::Status FindEnd() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Write(std::string_view body) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::filesystem::path path_;
  const bool created_;
  absl::Mutex compacting_;
  mutable absl::Mutex mutex_ ABSL_ACQUIRED_AFTER(compacting_);
  std::shared_ptr<const OpenFile> file_ ABSL_GUARDED_BY(mutex_);
  std::uint64_t end_ ABSL_GUARDED_BY(mutex_) = 0;   // Of what is written; zeros follow.
  std::uint64_t size_ ABSL_GUARDED_BY(mutex_) = 0;  // Of the file.
  bool failed_ ABSL_GUARDED_BY(mutex_) = false;
};

// Visits the records of all journals of a store in the folder (`<store>` and `<store>-...`; empty: of all stores), file
// by file: of this process, of others, running or not. What others append meanwhile may be visited or not. Changes
// nothing. Errors: those of FileJournal::Open and the visitor.
absl::Status ReadJournals(const std::filesystem::path& folder, std::string_view store, const JournalVisitor& visit);
// Whether there is a journal in it. Errors: kUnavailable JOURNAL_UNUSABLE.
absl::StatusOr<bool> HasJournals(const std::filesystem::path& folder);

}  // namespace teilhabe::dossier
