#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// Files of the journal folder: made whole or not at all, locked by who uses them, and replaced while they are locked.
// They lie on a local disk, which writes a sector whole or not at all.
namespace teilhabe::dossier {

// An open file. Closing it ends its lock.
class OpenFile {
 public:
  OpenFile() = default;
  explicit OpenFile(int descriptor) : descriptor_(descriptor) {}
  ~OpenFile();
  OpenFile(OpenFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  OpenFile& operator=(OpenFile&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  int descriptor() const { return descriptor_; }

 private:
  int descriptor_ = -1;
};

enum class Lock { kShared, kExclusive };

// Every failure of a step is logged with its errno and comes back as kUnavailable FILE_UNUSABLE.

absl::StatusOr<OpenFile> OpenToRead(const std::filesystem::path& path);
// Opens the file that has this name and locks it. Once it is held, it still has the name: one that was replaced in the
// meantime is let go. Errors: kNotFound FILE_ABSENT; kFailedPrecondition FILE_LOCKED.
absl::StatusOr<OpenFile> OpenLocked(const std::filesystem::path& path, Lock lock);
// Changes the lock, or tries to: the kernel lets go of the old one first, so that after a failure there is none.
bool TryLock(const OpenFile& file, Lock lock);
// Whether the file is the one of that name. Errors: kNotFound FILE_ABSENT.
absl::StatusOr<bool> HasName(const OpenFile& file, const std::filesystem::path& path);

// Creates a file with this content, durably, unless there is one. Never shows a part of it.
absl::Status CreateWhole(const std::filesystem::path& path, std::string_view text);

// An empty file `<path>.new`, locked exclusively; to be written, synced, and put in the place of `path`. Only who holds
// the exclusive lock on `path` makes one.
absl::StatusOr<OpenFile> OpenBeside(const std::filesystem::path& path);
void RemoveBeside(const std::filesystem::path& path);
// Gives it the name `path`. Not durable before SyncFolderOf.
absl::Status TakePlace(const std::filesystem::path& path);
// Makes the names in the folder of `path` durable.
absl::Status SyncFolderOf(const std::filesystem::path& path);

// Brings to the disk what a process that ended has left in memory, and lets go of memory's copy, so that what is read
// next is what the disk holds: after a failed sync the two may differ.
absl::Status Settle(const OpenFile& file);

absl::StatusOr<std::uint64_t> Size(const OpenFile& file);
// `size` bytes, fewer at the end of the file.
absl::StatusOr<std::string> ReadAt(const OpenFile& file, std::uint64_t offset, std::size_t size);
// One call of the system unless that writes a part only.
absl::Status WriteAt(const OpenFile& file, std::uint64_t offset, std::string_view bytes);
absl::Status Resize(const OpenFile& file, std::uint64_t size);
// Syncs the content, and the size too.
absl::Status Sync(const OpenFile& file);
// Syncs the content. Where neither size nor place of it changed, this waits for the disk only once.
absl::Status SyncData(const OpenFile& file);

}  // namespace teilhabe::dossier
