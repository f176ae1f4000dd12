#include "common/dossier/locked_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/log.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"

namespace teilhabe::dossier {
namespace {

constexpr int kOpenTries = 10;

absl::Status Failed(std::string_view step) {
  Log(LogLevel::kError, "journal_file_failed", {{"step", step}, {"errno", std::int64_t{errno}}});
  return ReasonError(absl::StatusCode::kUnavailable, "FILE_UNUSABLE",
                     absl::StrCat("a file of the journal folder failed at: ", ToAbsl(step)));
}

absl::Status Absent() { return ReasonError(absl::StatusCode::kNotFound, "FILE_ABSENT", "there is no such file"); }

std::string Beside(const std::filesystem::path& path) { return path.string() + ".new"; }

absl::Status WriteAndSync(const OpenFile& file, std::string_view text) {
  TEILHABE_RETURN_IF_ERROR(WriteAt(file, 0, text));
  return Sync(file);
}

}  // namespace

OpenFile::~OpenFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

absl::StatusOr<OpenFile> OpenToRead(const std::filesystem::path& path) {
  OpenFile file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.descriptor() < 0) return errno == ENOENT ? Absent() : Failed("open");
  return file;
}

absl::StatusOr<OpenFile> OpenLocked(const std::filesystem::path& path, Lock lock) {
  for (int i = 0; i < kOpenTries; ++i) {
    OpenFile file(open(path.c_str(), O_RDWR | O_CLOEXEC));
    if (file.descriptor() < 0) return errno == ENOENT ? Absent() : Failed("open");
    if (!TryLock(file, lock)) break;
    TEILHABE_ASSIGN_OR_RETURN(const bool same, HasName(file, path));
    if (same) return file;
  }
  return ReasonError(absl::StatusCode::kFailedPrecondition, "FILE_LOCKED", "another process has locked the file");
}

bool TryLock(const OpenFile& file, Lock lock) {
  return flock(file.descriptor(), (lock == Lock::kShared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0;
}

absl::StatusOr<bool> HasName(const OpenFile& file, const std::filesystem::path& path) {
  struct stat held {};
  struct stat named {};
  if (fstat(file.descriptor(), &held) != 0) return Failed("fstat");
  if (stat(path.c_str(), &named) != 0) return errno == ENOENT ? Absent() : Failed("stat");
  return held.st_dev == named.st_dev && held.st_ino == named.st_ino;
}

absl::Status CreateWhole(const std::filesystem::path& path, std::string_view text) {
  std::string fresh = path.string() + ".XXXXXX";
  const OpenFile file(mkostemp(fresh.data(), O_CLOEXEC));  // Mode 0600.
  if (file.descriptor() < 0) return Failed("create");
  absl::Status status = WriteAndSync(file, text);
  // Unlike a rename, a link takes the place of no file that somebody else has made by now.
  if (status.ok() && link(fresh.c_str(), path.c_str()) != 0 && errno != EEXIST) status = Failed("link");
  unlink(fresh.c_str());
  return status.ok() ? SyncFolderOf(path) : status;
}

absl::StatusOr<OpenFile> OpenBeside(const std::filesystem::path& path) {
  OpenFile file(open(Beside(path).c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (file.descriptor() < 0) return Failed("open beside");
  if (!TryLock(file, Lock::kExclusive)) return Failed("lock beside");
  return file;
}

void RemoveBeside(const std::filesystem::path& path) { unlink(Beside(path).c_str()); }

absl::Status TakePlace(const std::filesystem::path& path) {
  return std::rename(Beside(path).c_str(), path.c_str()) == 0 ? absl::OkStatus() : Failed("rename");
}

absl::Status SyncFolderOf(const std::filesystem::path& path) {
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  const OpenFile opened(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.descriptor() < 0) return Failed("open folder");
  return fsync(opened.descriptor()) == 0 ? absl::OkStatus() : Failed("sync folder");
}

absl::Status Settle(const OpenFile& file) {
  TEILHABE_RETURN_IF_ERROR(SyncData(file));
  posix_fadvise(file.descriptor(), 0, 0, POSIX_FADV_DONTNEED);  // Some file systems have no other copy.
  return absl::OkStatus();
}

absl::StatusOr<std::uint64_t> Size(const OpenFile& file) {
  struct stat about {};
  if (fstat(file.descriptor(), &about) != 0) return Failed("fstat");
  return static_cast<std::uint64_t>(about.st_size);
}

absl::StatusOr<std::string> ReadAt(const OpenFile& file, std::uint64_t offset, std::size_t size) {
  std::string bytes(size, '\0');
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got = pread(file.descriptor(), bytes.data() + done, size - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Failed("read");
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  bytes.resize(done);
  return bytes;
}

absl::Status WriteAt(const OpenFile& file, std::uint64_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = pwrite(file.descriptor(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return Failed("write");
    bytes.remove_prefix(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
  return absl::OkStatus();
}

absl::Status Resize(const OpenFile& file, std::uint64_t size) {
  return ftruncate(file.descriptor(), static_cast<off_t>(size)) == 0 ? absl::OkStatus() : Failed("resize");
}

absl::Status Sync(const OpenFile& file) { return fsync(file.descriptor()) == 0 ? absl::OkStatus() : Failed("sync"); }

absl::Status SyncData(const OpenFile& file) {
  return fdatasync(file.descriptor()) == 0 ? absl::OkStatus() : Failed("sync data");
}

}  // namespace teilhabe::dossier
