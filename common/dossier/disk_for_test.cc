#include "common/dossier/disk_for_test.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <utility>

#include "absl/synchronization/mutex.h"

namespace teilhabe::dossier::disk {
namespace {

namespace fs = std::filesystem;

absl::Mutex mutex;
std::vector<std::string> trace;
std::string failing;
std::function<void(const fs::path&)> before_sync;
std::function<void()> before_lock;
bool skip_syncs = false;

fs::path PathOf(int file) {
  std::error_code error;
  return fs::read_symlink("/proc/self/fd/" + std::to_string(file), error);
}

// Notes a call; whether it is to fail.
bool Note(const std::string& what, const fs::path& path) {
  absl::MutexLock lock(&mutex);
  const std::string line = what + " " + path.filename().string();
  trace.push_back(line);
  if (failing.empty() || !line.starts_with(failing)) return false;
  errno = EIO;
  return true;
}

bool Skipping() {
  absl::MutexLock lock(&mutex);
  return skip_syncs;
}

void Locking() {
  std::function<void()> call;
  {
    absl::MutexLock lock(&mutex);
    call.swap(before_lock);
  }
  if (call) call();
}

int SyncCall(const std::string& what, long number, int file) {
  const fs::path path = PathOf(file);
  std::function<void(const fs::path&)> call;
  {
    absl::MutexLock lock(&mutex);
    call = before_sync;
  }
  if (call) call(path);
  if (Note(what, path)) return -1;
  return Skipping() ? 0 : static_cast<int>(syscall(number, file));
}

}  // namespace

std::vector<std::string> Trace() {
  absl::MutexLock lock(&mutex);
  return trace;
}

void FailAt(const std::string& line) {
  absl::MutexLock lock(&mutex);
  failing = line;
}

void BeforeSync(std::function<void(const fs::path&)> call) {
  absl::MutexLock lock(&mutex);
  before_sync = std::move(call);
}

void BeforeLock(std::function<void()> call) {
  absl::MutexLock lock(&mutex);
  before_lock = std::move(call);
}

void SkipSyncs(bool skip) {
  absl::MutexLock lock(&mutex);
  skip_syncs = skip;
}

void Reset() {
  absl::MutexLock lock(&mutex);
  trace.clear();
  failing.clear();
  before_sync = nullptr;
  before_lock = nullptr;
  skip_syncs = false;
}

void FolderTest::SetUp() {
  std::string name = (fs::temp_directory_path() / "journal_test.XXXXXX").string();
  ASSERT_NE(mkdtemp(name.data()), nullptr);
  folder_ = name;
  Reset();
}

void FolderTest::TearDown() {
  Reset();
  fs::remove_all(folder_);
}

std::vector<std::string> FolderTest::Names() const {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder_)) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void WriteFile(const fs::path& path, const std::string& text) {
  // Opened to be emptied, the file would be synced.
  std::ofstream create(path, std::ios::binary | std::ios::app);
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file << text;
  EXPECT_TRUE(file.flush().good()) << path;
  fs::resize_file(path, text.size());
}

int InAnotherProcess(const std::function<int()>& work) {
  const pid_t child = fork();
  if (child == 0) _exit(work());
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  return WEXITSTATUS(status);
}

}  // namespace teilhabe::dossier::disk

namespace {
namespace disk = teilhabe::dossier::disk;
}  // namespace

// These take the places of libc's.
extern "C" {

ssize_t pwrite(int fd, const void* buf, size_t n, off_t offset) {
  if (disk::Note("write", disk::PathOf(fd))) return -1;
  return syscall(SYS_pwrite64, fd, buf, n, offset);
}

int fsync(int fd) { return disk::SyncCall("sync", SYS_fsync, fd); }
int fdatasync(int fildes) { return disk::SyncCall("sync data", SYS_fdatasync, fildes); }

int posix_fadvise(int fd, off_t offset, off_t len, int advise) noexcept {
  if (disk::Skipping()) return 0;
  return static_cast<int>(syscall(SYS_fadvise64, fd, offset, len, advise));
}

int flock(int fd, int operation) noexcept {
  disk::Locking();
  return static_cast<int>(syscall(SYS_flock, fd, operation));
}

// NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): libc's is a keyword.
int rename(const char* from, const char* to) noexcept {
  if (disk::Note("rename", from)) return -1;
  return static_cast<int>(syscall(SYS_rename, from, to));
}

int link(const char* from, const char* to) noexcept {
  if (disk::Note("link", to)) return -1;
  return static_cast<int>(syscall(SYS_link, from, to));
}

}  // extern "C"
