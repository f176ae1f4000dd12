#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <string>
#include <utility>

#include "common/base/check.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/storage/database.h"
#include "common/storage/group_commit.h"
#include "common/storage/testing/backends.h"
#include "gtest/gtest.h"

std::atomic<bool> fail_directory_sync = false;

// Takes the place of libc's, so that a directory can fail to be synced.
extern "C" int fsync(int fd) {
  struct stat about {};
  if (fail_directory_sync && fstat(fd, &about) == 0 && S_ISDIR(about.st_mode)) {
    errno = EIO;
    return -1;
  }
  return static_cast<int>(syscall(SYS_fsync, fd));
}

// What only SQLite can do wrong; the rest is in conformance_test.cc.
namespace teilhabe::storage {
namespace {

// A disk between SQLite and the real one that can fail, and counts.
namespace disk {
std::atomic<int> syncs = 0;
std::atomic<bool> sync_fails = false;
std::atomic<bool> full = false;
sqlite3_vfs* real = nullptr;
sqlite3_vfs shim;
// SQLite has several tables of methods, by how a file is locked. They share these two functions.
decltype(sqlite3_io_methods::xSync) real_sync = nullptr;
decltype(sqlite3_io_methods::xWrite) real_write = nullptr;
std::map<const sqlite3_io_methods*, sqlite3_io_methods> tables;

int Sync(sqlite3_file* file, int flags) {
  ++syncs;
  return sync_fails ? SQLITE_IOERR_FSYNC : real_sync(file, flags);
}

int Write(sqlite3_file* file, const void* data, int size, sqlite3_int64 at) {
  return full ? SQLITE_FULL : real_write(file, data, size, at);
}

int Open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out) {
  const int code = real->xOpen(real, name, file, flags, out);
  if (code != SQLITE_OK) return code;
  const auto [table, added] = tables.emplace(file->pMethods, *file->pMethods);
  if (added) {
    TEILHABE_CHECK(real_sync == nullptr || real_sync == table->second.xSync);
    real_sync = std::exchange(table->second.xSync, Sync);
    real_write = std::exchange(table->second.xWrite, Write);
  }
  file->pMethods = &table->second;
  return SQLITE_OK;
}

void Install() {
  if (real != nullptr) return;
  real = sqlite3_vfs_find(nullptr);
  shim = *real;
  shim.zName = "test-disk";
  shim.xOpen = Open;
  sqlite3_vfs_register(&shim, 1);
}
}  // namespace disk

class SqliteTest : public testing::Test {
 protected:
  void SetUp() override {
    disk::Install();
    database_ = OpenDatabase(connection_string_).value();
    ASSERT_TRUE(database_->Execute("CREATE TABLE t (id BIGINT PRIMARY KEY NOT NULL, b {BYTES})", {}).ok());
  }
  void TearDown() override {
    fail_directory_sync = false;
    disk::sync_fails = false;
    disk::full = false;
  }
  Database& db() { return *database_; }
  absl::Status Insert(std::int64_t id, std::size_t bytes = 1) {
    return db().Execute("INSERT INTO t VALUES ($1, $2)", {id, Bytes{std::string(bytes, 'x')}}).status();
  }
  absl::Status Read() { return db().Query("SELECT id FROM t", {}).status(); }
  std::string Setting(const std::string& name) {
    std::string value;
    EXPECT_TRUE(db().Transact([&](Transaction& transaction) {
                      TEILHABE_ASSIGN_OR_RETURN(
                          const Rows rows,
                          transaction.Query("SELECT CAST(" + name + " AS TEXT) FROM pragma_" + name, {}));
                      value = rows[0].Text(0);
                      return absl::OkStatus();
                    })
                    .ok());
    return value;
  }
  std::string FileBytes() const {
    std::ifstream file(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }

  const TemporaryFolder folder_;
  const std::string path_ = folder_.path() + "/test.db";
  const std::string connection_string_ = "sqlite:" + path_;
  std::unique_ptr<Database> database_;
};

TEST_F(SqliteTest, SettingsThatKeepCommitsAreOn) {
  EXPECT_EQ(Setting("synchronous"), "2");
  EXPECT_EQ(Setting("journal_mode"), "wal");
  EXPECT_EQ(Setting("foreign_keys"), "1");
  EXPECT_EQ(Setting("secure_delete"), "1");
}

TEST_F(SqliteTest, IsSyncedOncePerCommitAndPerFlush) {
  ASSERT_TRUE(Insert(-1).ok());
  int before = disk::syncs;
  ASSERT_TRUE(Insert(0).ok());
  EXPECT_EQ(disk::syncs - before, 1);
  GroupCommit queue(db());
  int told = 0;
  for (std::int64_t i = 1; i <= 64; ++i) {
    const auto work = [i](Transaction& transaction) {
      return transaction.Execute("INSERT INTO t (id) VALUES ($1)", {i}).status();
    };
    ASSERT_TRUE(queue.Enqueue(work, [&](const absl::Status& status) { told += status.ok() ? 1 : 0; }).ok());
  }
  before = disk::syncs;
  ASSERT_TRUE(queue.Flush().ok());
  EXPECT_EQ(disk::syncs - before, 1);
  EXPECT_EQ(told, 64);
}

// The file itself is written by checkpoints only, so it tells whether one ran.
TEST_F(SqliteTest, OnlyCheckpointsCheckpoint) {
  ASSERT_TRUE(db().Checkpoint(0).ok());
  const std::string before = FileBytes();
  ASSERT_FALSE(before.empty());
  for (int i = 0; i < 30; ++i) ASSERT_TRUE(Insert(i, 400'000).ok());  // 3000 pages; SQLite's own habit is 1000.
  ASSERT_TRUE(Read().ok());
  database_.reset();  // Nor does closing.
  EXPECT_EQ(FileBytes(), before);
  database_ = OpenDatabase(connection_string_).value();
  ASSERT_TRUE(Insert(100).ok());
  EXPECT_EQ(FileBytes(), before);
  ASSERT_TRUE(db().Checkpoint(1'000'000).ok());  // Too few pages for this.
  EXPECT_EQ(FileBytes(), before);
  ASSERT_TRUE(db().Checkpoint(1000).ok());
  EXPECT_GT(FileBytes().size(), 30U * 400'000U);
}

TEST_F(SqliteTest, ACheckpointedLogStartsOver) {
  const auto log_size = [this] { return std::filesystem::file_size(path_ + "-wal"); };
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(Insert(i, 400'000).ok());
    ASSERT_TRUE(Read().ok());
    ASSERT_TRUE(db().Checkpoint(0).ok());
  }
  EXPECT_LT(log_size(), 1'000'000U);
  database_.reset();
  EXPECT_TRUE(std::filesystem::exists(path_ + "-wal"));  // It stays, so that none has to be made anew.
}

TEST_F(SqliteTest, IsReadableByItsOwnerOnly) {
  ASSERT_TRUE(Read().ok());
  for (const char* suffix : {"", "-wal", "-shm", ".lock"}) {
    struct stat about {};
    ASSERT_EQ(stat((path_ + suffix).c_str(), &about), 0) << suffix;
    EXPECT_EQ(about.st_mode & 0777U, 0600U) << suffix;
  }
}

TEST_F(SqliteTest, OpensOnce) {
  const absl::Status second = OpenDatabase(connection_string_).status();
  EXPECT_EQ(GetReason(second), "DATABASE_IN_USE");
  std::filesystem::create_symlink(path_, folder_.path() + "/link.db");
  EXPECT_EQ(GetReason(OpenDatabase("sqlite:" + folder_.path() + "/link.db").status()), "DATABASE_IN_USE");
  const pid_t child = fork();
  if (child == 0) _exit(GetReason(OpenDatabase(connection_string_).status()) == "DATABASE_IN_USE" ? 0 : 1);
  int code = -1;
  ASSERT_EQ(waitpid(child, &code, 0), child);
  EXPECT_EQ(code, 0);
  EXPECT_TRUE(Insert(1).ok());  // The refused ones have not dropped its locks.
  database_.reset();
  EXPECT_TRUE(OpenDatabase(connection_string_).ok());
}

TEST_F(SqliteTest, AFailedSyncHalts) {
  ASSERT_TRUE(Insert(1).ok());
  disk::sync_fails = true;
  GroupCommit queue(db());
  std::string told;
  const auto work = [](Transaction& transaction) { return transaction.Execute("DELETE FROM t", {}).status(); };
  ASSERT_TRUE(queue.Enqueue(work, [&](const absl::Status& status) { told += GetReason(status); }).ok());
  EXPECT_EQ(GetReason(queue.Flush()), "COMMIT_UNKNOWN");
  EXPECT_EQ(told, "COMMIT_UNKNOWN");
  disk::sync_fails = false;  // A disk that is well again proves nothing about what it lost.
  EXPECT_EQ(GetReason(Insert(2)), "DATABASE_HALTED");
  EXPECT_EQ(GetReason(Read()), "DATABASE_HALTED");
  EXPECT_EQ(GetReason(db().Checkpoint(0)), "DATABASE_HALTED");
  database_.reset();
  database_ = OpenDatabase(connection_string_).value();
  EXPECT_TRUE(Insert(2).ok());
}

TEST_F(SqliteTest, AFailedSyncOfACheckpointHalts) {
  ASSERT_TRUE(Insert(1).ok());
  disk::sync_fails = true;
  EXPECT_EQ(GetReason(db().Checkpoint(0)), "DATABASE_HALTED");
  disk::sync_fails = false;
  EXPECT_EQ(GetReason(Insert(2)), "DATABASE_HALTED");
}

TEST_F(SqliteTest, AFullDiskIsNoReasonToHalt) {
  disk::full = true;
  const absl::Status status = Insert(1);
  EXPECT_EQ(GetReason(status), "DISK_FULL");
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(GetReason(Insert(1, 40'000'000)), "DISK_FULL");  // Larger than the cache: fails before the commit.
  disk::full = false;
  EXPECT_TRUE(Insert(1).ok());
}

TEST_F(SqliteTest, ADirectoryThatCannotBeSyncedIsRefused) {
  database_.reset();
  fail_directory_sync = true;
  EXPECT_EQ(GetReason(OpenDatabase(connection_string_).status()), "DATABASE_UNAVAILABLE");
  fail_directory_sync = false;
  EXPECT_TRUE(OpenDatabase(connection_string_).ok());
}

TEST_F(SqliteTest, WhatIsNoDatabaseIsRefused) {
  const std::string other = folder_.path() + "/other.db";
  std::ofstream(other) << std::string(8192, 'x');
  EXPECT_EQ(GetReason(OpenDatabase("sqlite:" + other).status()), "DATABASE_CORRUPT");
  EXPECT_EQ(GetReason(OpenDatabase("sqlite:/no/such/folder/x.db").status()), "DATABASE_UNAVAILABLE");
}

// Commits numbers and writes each to `acknowledged` once its commit has returned, until it is killed.
[[noreturn]] void CommitUntilKilled(const std::string& connection_string, int acknowledged, std::int64_t next) {
  const auto database = OpenDatabase(connection_string).value();
  for (;; ++next) {
    if (!database->Execute("INSERT INTO t (id, b) VALUES ($1, $2)", {next, Bytes{std::string(1000, 'x')}}).ok()) break;
    if (write(acknowledged, &next, sizeof(next)) != sizeof(next)) break;
    if (next % 50 == 0) database->Checkpoint(0).IgnoreError();
  }
  _exit(1);
}

TEST_F(SqliteTest, AKilledProcessLosesNothingAcknowledged) {
  database_.reset();
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  std::int64_t acknowledged = 0;
  for (int round = 0; round < 8; ++round) {
    int ends[2] = {};
    ASSERT_EQ(pipe(ends), 0);
    const std::int64_t first = acknowledged + 2;  // Its last commit may be there without having been acknowledged.
    const pid_t child = fork();
    if (child == 0) CommitUntilKilled(connection_string_, ends[1], first);
    close(ends[1]);
    const std::int64_t enough = first + static_cast<std::int64_t>(random() % 200);
    std::int64_t number = 0;
    while (read(ends[0], &number, sizeof(number)) == sizeof(number)) {
      acknowledged = number;
      if (number == enough) kill(child, SIGKILL);
    }
    close(ends[0]);
    int code = 0;
    ASSERT_EQ(waitpid(child, &code, 0), child);
    ASSERT_TRUE(WIFSIGNALED(code));
    database_ = OpenDatabase(connection_string_).value();
    const Rows rows =
        db().Query("SELECT COUNT(*), MAX(id) FROM t WHERE id BETWEEN $1 AND $2", {first, acknowledged}).value();
    EXPECT_EQ(rows[0].Int(0), acknowledged - first + 1);
    EXPECT_LE(db().Query("SELECT MAX(id) FROM t", {}).value()[0].Int(0), acknowledged + 1);
    database_.reset();
  }
}

}  // namespace
}  // namespace teilhabe::storage
