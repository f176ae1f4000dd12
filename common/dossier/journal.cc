#include "common/dossier/journal.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/log.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/dossier/journal_format.h"

namespace teilhabe::dossier {
namespace {

namespace fs = std::filesystem;
using Kind = JournalTail::Kind;

constexpr std::string_view kPrefix = "journal-";
constexpr std::string_view kSuffix = ".log";
constexpr std::size_t kMaxName = 32;
constexpr std::size_t kPiece = std::size_t{256} << 10;  // Body of an entry that a compaction writes.
constexpr int kRereads = 100;

absl::Status Failed() {
  return ReasonError(absl::StatusCode::kFailedPrecondition, "JOURNAL_FAILED",
                     "the journal could not be written; check its disk, then restart");
}

absl::Status NotCompacted() {
  return ReasonError(absl::StatusCode::kUnavailable, "JOURNAL_NOT_COMPACTED",
                     "the journal could not be rewritten and is as before");
}

// The status of opening or reading a journal, as callers know it.
absl::Status Translate(const absl::Status& status, const fs::path& path) {
  const std::string reason = GetReason(status);
  if (reason == "JOURNAL_DAMAGED") return WithDetail(status, "file", path.filename().string());
  if (reason == "FILE_LOCKED") {
    return ReasonError(absl::StatusCode::kFailedPrecondition, "JOURNAL_IN_USE",
                       absl::StrCat("another process writes ", path.filename().string(), "; stop it first"));
  }
  if (reason == "FILE_UNUSABLE" || reason == "FILE_ABSENT") {
    return ReasonError(absl::StatusCode::kUnavailable, "JOURNAL_UNUSABLE",
                       absl::StrCat(path.filename().string(), " in the journal folder cannot be opened or read"));
  }
  return status;
}

bool IsName(std::string_view name) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !name.empty() && name.size() <= kMaxName && std::all_of(name.begin(), name.end(), allowed);
}

absl::StatusOr<std::vector<fs::path>> JournalsIn(const fs::path& folder, std::string_view store) {
  std::vector<fs::path> paths;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (!name.starts_with(kPrefix) || !name.ends_with(kSuffix)) continue;
    const std::string_view rest = std::string_view(name).substr(std::string_view(kPrefix).size());
    if (store.empty() || (rest.starts_with(store) && (rest[store.size()] == '-' || rest[store.size()] == '.'))) {
      paths.push_back(at->path());
    }
  }
  if (error) {
    return ReasonError(absl::StatusCode::kUnavailable, "JOURNAL_UNUSABLE", "the journal folder cannot be read");
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string Encode(const JournalRecord& record) {
  std::string bytes;
  AddJournalRecord(record, bytes);
  return bytes;
}

std::string Zeros(std::uint64_t size) { return std::string(size, '\0'); }

std::uint64_t FileSize(std::uint64_t end) { return (end + kJournalGrowth - 1) / kJournalGrowth * kJournalGrowth; }

std::string EmptyJournal() {
  std::string text(kJournalHead);
  text.resize(kJournalGrowth);
  return text;
}

absl::Status ReadWhole(const OpenFile& file, std::uint64_t from, std::uint64_t to, const JournalVisitor& visit) {
  TEILHABE_ASSIGN_OR_RETURN(const JournalTail tail, ReadJournalEntries(file, from, to, visit));
  return tail.offset == to ? absl::OkStatus() : JournalDamaged(tail.offset);
}

// Writes a journal anew, less the bytes that are no longer needed.
class Rewriter {
 public:
  Rewriter(const OpenFile& file, const KeepBytes& keep) : file_(file), keep_(keep) {}
  std::uint64_t end() const { return end_; }

  absl::Status Copy(const OpenFile& from, std::uint64_t begin, std::uint64_t end) {
    TEILHABE_RETURN_IF_ERROR(ReadWhole(from, begin, end, [this](const JournalRecord& record) { return Add(record); }));
    return Write();
  }

  // The zeros that follow, and the head, without which it is no journal. Returns the size.
  absl::StatusOr<std::uint64_t> Finish() {
    const std::uint64_t size = FileSize(end_);
    TEILHABE_RETURN_IF_ERROR(WriteAt(file_, end_, Zeros(size - end_)));
    TEILHABE_RETURN_IF_ERROR(WriteAt(file_, 0, EmptyJournal().substr(0, kJournalStart)));
    TEILHABE_RETURN_IF_ERROR(Sync(file_));
    return size;
  }

 private:
  absl::Status Add(const JournalRecord& record) {
    JournalRecord kept = record;
    if (!keep_(record.hash)) {
      kept.header.clear();
      kept.signature.clear();
    }
    const std::string bytes = Encode(kept);
    if (body_.size() + bytes.size() > kPiece) TEILHABE_RETURN_IF_ERROR(Write());
    body_ += bytes;
    return absl::OkStatus();
  }

  absl::Status Write() {
    if (body_.empty()) return absl::OkStatus();
    const std::string entry = JournalEntry(end_, body_);
    TEILHABE_RETURN_IF_ERROR(WriteAt(file_, end_, entry));
    end_ += entry.size();
    body_.clear();
    return absl::OkStatus();
  }

  const OpenFile& file_;
  const KeepBytes& keep_;
  std::uint64_t end_ = kJournalStart;
  std::string body_;
};

// Reads the journal of a process that may be writing it. What is half written is the end, or whole at the next look.
absl::Status ReadOne(const fs::path& path, const JournalVisitor& visit) {
  TEILHABE_ASSIGN_OR_RETURN(const OpenFile file, OpenToRead(path));
  std::uint64_t from = kJournalStart;
  bool alone = false;
  for (int i = 0; i < kRereads; ++i) {
    TEILHABE_ASSIGN_OR_RETURN(const std::uint64_t size, CheckJournalHead(file));  // It grows meanwhile.
    TEILHABE_ASSIGN_OR_RETURN(const JournalTail tail, ReadJournalEntries(file, from, size, visit));
    if (tail.kind == Kind::kClean || tail.kind == Kind::kTorn) return absl::OkStatus();
    if (alone) return JournalDamaged(tail.offset);
    if (tail.offset != from) i = 0;
    from = tail.offset;
    alone = TryLock(file, Lock::kShared);  // Then nobody writes it: the next look decides.
    if (!alone && i + 1 == kRereads && tail.kind == Kind::kDamaged) return JournalDamaged(from);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status MemoryJournal::Append(std::span<const JournalRecord> records) {
  absl::MutexLock lock(&mutex_);
  if (failed_) return Failed();
  records_.insert(records_.end(), records.begin(), records.end());
  return absl::OkStatus();
}

absl::Status MemoryJournal::Read(const JournalVisitor& visit) const {
  absl::MutexLock lock(&mutex_);
  for (const JournalRecord& record : records_) TEILHABE_RETURN_IF_ERROR(visit(record));
  return absl::OkStatus();
}

absl::Status MemoryJournal::Compact(const KeepBytes& keep) {
  absl::MutexLock lock(&mutex_);
  if (failed_) return Failed();
  for (JournalRecord& record : records_) {
    if (keep(record.hash)) continue;
    record.header.clear();
    record.signature.clear();
  }
  return absl::OkStatus();
}

void MemoryJournal::Fail() {
  absl::MutexLock lock(&mutex_);
  failed_ = true;
}

void MemoryJournal::Mend() {
  absl::MutexLock lock(&mutex_);
  failed_ = false;
}

absl::StatusOr<std::unique_ptr<FileJournal>> FileJournal::Open(const fs::path& folder, std::string_view name) {
  if (!IsName(name)) {
    return ReasonError(absl::StatusCode::kInvalidArgument, "JOURNAL_NAME_INVALID",
                       "a journal's name is 1 to 32 of a-z 0-9 -");
  }
  const fs::path path = folder / absl::StrCat(std::string(kPrefix), std::string(name), std::string(kSuffix));
  bool created = false;
  auto file = OpenLocked(path, Lock::kExclusive);
  if (absl::IsNotFound(file.status())) {
    created = true;
    if (absl::Status status = CreateWhole(path, EmptyJournal()); !status.ok()) return Translate(status, path);
    file = OpenLocked(path, Lock::kExclusive);
  }
  if (!file.ok()) return Translate(file.status(), path);
  std::unique_ptr<FileJournal> journal(new FileJournal(path, created));
  absl::MutexLock lock(&journal->mutex_);
  journal->file_ = std::make_shared<const OpenFile>(*std::move(file));
  if (absl::Status status = journal->FindEnd(); !status.ok()) return Translate(status, path);
  return journal;
}

absl::Status FileJournal::FindEnd() {
  TEILHABE_RETURN_IF_ERROR(Settle(*file_));
  TEILHABE_ASSIGN_OR_RETURN(size_, CheckJournalHead(*file_));
  const auto skip = [](const JournalRecord&) { return absl::OkStatus(); };
  TEILHABE_ASSIGN_OR_RETURN(const JournalTail tail, ReadJournalEntries(*file_, kJournalStart, size_, skip));
  end_ = tail.offset;
  if (tail.kind == Kind::kClean) return absl::OkStatus();
  if (tail.kind != Kind::kTorn) return JournalDamaged(end_);
  Log(LogLevel::kWarning, "journal_tail_cut",
      {{"file", path_.filename().string()}, {"offset", static_cast<std::int64_t>(end_)}});
  TEILHABE_RETURN_IF_ERROR(WriteAt(*file_, end_, Zeros(size_ - end_)));
  return Sync(*file_);
}

absl::Status FileJournal::Append(std::span<const JournalRecord> records) {
  std::vector<std::string> bodies;  // One, unless they are very large.
  for (const JournalRecord& record : records) {
    const std::string bytes = Encode(record);
    if (bytes.size() > kMaxJournalBody) {
      return ReasonError(absl::StatusCode::kInvalidArgument, "JOURNAL_RECORD_TOO_LARGE", "no header is so large");
    }
    if (bodies.empty() || bodies.back().size() + bytes.size() > kMaxJournalBody) bodies.emplace_back();
    bodies.back() += bytes;
  }
  absl::MutexLock lock(&mutex_);
  for (const std::string& body : bodies) {
    if (!failed_) failed_ = !Write(body).ok();
    if (failed_) return Failed();
  }
  return absl::OkStatus();
}

absl::Status FileJournal::Write(std::string_view body) {
  const std::string entry = JournalEntry(end_, body);
  if (const std::uint64_t size = FileSize(end_ + entry.size()); size > size_) {
    TEILHABE_RETURN_IF_ERROR(Resize(*file_, size));
    TEILHABE_RETURN_IF_ERROR(WriteAt(*file_, size_, Zeros(size - size_)));
    TEILHABE_RETURN_IF_ERROR(Sync(*file_));
    size_ = size;
  }
  TEILHABE_RETURN_IF_ERROR(WriteAt(*file_, end_, entry));
  TEILHABE_RETURN_IF_ERROR(SyncData(*file_));
  end_ += entry.size();
  return absl::OkStatus();
}

absl::Status FileJournal::Read(const JournalVisitor& visit) const {
  std::shared_ptr<const OpenFile> file;
  std::uint64_t end = 0;
  {
    absl::MutexLock lock(&mutex_);
    file = file_;
    end = end_;
  }
  return Translate(ReadWhole(*file, kJournalStart, end, visit), path_);
}

absl::Status FileJournal::Compact(const KeepBytes& keep) {
  absl::MutexLock one(&compacting_);
  std::shared_ptr<const OpenFile> old;
  std::uint64_t copied = 0;
  {
    absl::MutexLock lock(&mutex_);
    if (failed_) return Failed();
    old = file_;
    copied = end_;
  }
  auto fresh = OpenBeside(path_);
  if (!fresh.ok()) return NotCompacted();
  Rewriter rewriter(*fresh, keep);
  absl::Status status = rewriter.Copy(*old, kJournalStart, copied);
  if (status.ok()) status = Sync(*fresh);  // So that appends wait below for the rest only.
  absl::MutexLock lock(&mutex_);
  if (status.ok()) status = failed_ ? Failed() : rewriter.Copy(*old, copied, end_);
  const absl::StatusOr<std::uint64_t> size = status.ok() ? rewriter.Finish() : status;
  if (!size.ok()) {
    RemoveBeside(path_);
    const bool known = absl::IsDataLoss(size.status()) || failed_;
    return known ? Translate(size.status(), path_) : NotCompacted();
  }
  // Until the folder is synced nobody knows which of the two files a crash would leave.
  if (!TakePlace(path_).ok() || !SyncFolderOf(path_).ok()) {
    failed_ = true;
    return Failed();
  }
  file_ = std::make_shared<const OpenFile>(*std::move(fresh));
  end_ = rewriter.end();
  size_ = *size;
  return absl::OkStatus();
}

absl::Status ReadJournals(const fs::path& folder, std::string_view store, const JournalVisitor& visit) {
  TEILHABE_ASSIGN_OR_RETURN(const std::vector<fs::path> paths, JournalsIn(folder, store));
  for (const fs::path& path : paths) {
    if (absl::Status status = ReadOne(path, visit); !status.ok()) return Translate(status, path);
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> HasJournals(const fs::path& folder) {
  TEILHABE_ASSIGN_OR_RETURN(const std::vector<fs::path> paths, JournalsIn(folder, ""));
  return !paths.empty();
}

}  // namespace teilhabe::dossier
