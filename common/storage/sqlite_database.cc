#include "common/storage/sqlite_database.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "common/base/check.h"
#include "common/base/log.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/storage/connection.h"
#include "common/storage/pool.h"
#include "common/storage/sql.h"

namespace teilhabe::storage {
namespace {

constexpr std::size_t kReaders = 4;
constexpr std::size_t kMaxStatements = 256;  // Kept prepared per connection.
constexpr int kBusyMillis = 5000;

// Set when the disk failed. What a later fsync says proves nothing about pages that an earlier one lost, so nothing is
// tried again: only a restart reads what is really there.
using Halted = std::atomic<bool>;

absl::Status HaltedError() {
  return ReasonError(absl::StatusCode::kFailedPrecondition, "DATABASE_HALTED",
                     "the disk failed; check it, then restart");
}

absl::Status Unavailable(std::string_view step, int error) {
  Log(LogLevel::kError, "sqlite_file_failed", {{"step", step}, {"errno", std::int64_t{error}}});
  return ReasonError(absl::StatusCode::kUnavailable, "DATABASE_UNAVAILABLE",
                     absl::StrCat("the database file failed at: ", ToAbsl(step)));
}

class SqliteConnection final : public Connection {
 public:
  enum class Role { kWriter, kReader };

  static absl::StatusOr<std::unique_ptr<SqliteConnection>> Open(const std::string& path, Role role, Halted& halted) {
    std::unique_ptr<SqliteConnection> connection(new SqliteConnection(role, halted));
    const int access = role == Role::kWriter ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    const int flags = access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    const int code = sqlite3_open_v2(path.c_str(), &connection->db_, flags, nullptr);
    if (code != SQLITE_OK) return connection->Error(code);
    TEILHABE_RETURN_IF_ERROR(connection->Configure());
    return connection;
  }

  ~SqliteConnection() override {
    DropStatements();
    sqlite3_close(db_);
  }
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  bool usable() const { return !halted_; }

  absl::StatusOr<Result> Run(std::string_view sql, const Params& params) override {
    if (halted_) return HaltedError();
    TEILHABE_ASSIGN_OR_RETURN(const Prepared* prepared, Prepare(sql));
    TEILHABE_RETURN_IF_ERROR(CheckParams(prepared->index.size(), params));
    sqlite3_stmt* statement = prepared->statement;
    for (std::size_t i = 0; i < params.size(); ++i) Bind(statement, prepared->index[i], params[i]);
    auto result = Step(statement);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return result;
  }

  absl::Status Begin() override { return Control("BEGIN IMMEDIATE"); }

  absl::Status Commit() override {
    absl::Status status = Control("COMMIT");
    // These two leave no commit in the log. After anything else one may be there that only a restart would find.
    const std::string reason = GetReason(status);
    if (status.ok() || reason == "DISK_FULL" || reason == "FOREIGN_KEY_VIOLATION") return status;
    halted_ = true;
    return ReasonError(absl::StatusCode::kUnknown, "COMMIT_UNKNOWN",
                       "the disk failed during the commit; a restart shows whether it is there");
  }

  absl::Status Rollback() override { return Control("ROLLBACK"); }
  absl::Status SetSavepoint() override { return Control("SAVEPOINT part"); }
  absl::Status ReleaseSavepoint() override { return Control("RELEASE SAVEPOINT part"); }
  absl::Status UndoSavepoint() override { return Control("ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part"); }

  bool InTransaction() const override { return sqlite3_get_autocommit(db_) == 0; }

  absl::Status Checkpoint(std::int64_t min_pages) {
    if (halted_) return HaltedError();
    if (wal_pages_ < min_pages) return absl::OkStatus();
    int logged = 0;
    int done = 0;
    // PASSIVE waits for no reader. Once all is copied, new readers leave the log alone and the next commit starts it
    // over, so it does not grow for ever.
    const int code = sqlite3_wal_checkpoint_v2(db_, "main", SQLITE_CHECKPOINT_PASSIVE, &logged, &done);
    if (code != SQLITE_OK) return Error(code);
    wal_pages_ = logged - done;
    return absl::OkStatus();
  }

 private:
  struct Prepared {
    sqlite3_stmt* statement = nullptr;
    std::vector<int> index;  // Where the engine keeps $1, $2, ...
  };

  SqliteConnection(Role role, Halted& halted) : role_(role), halted_(halted) {}

  absl::Status Control(const char* sql) {
    if (halted_) return HaltedError();
    const int code = sqlite3_exec(db_, sql, nullptr, nullptr, nullptr);
    return code == SQLITE_OK ? absl::OkStatus() : Error(code);
  }

  absl::Status Configure() {
    sqlite3_busy_timeout(db_, kBusyMillis);
    int on = 1;
    sqlite3_file_control(db_, "main", SQLITE_FCNTL_PERSIST_WAL, &on);  // A new file would need its directory synced.
    sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    sqlite3_db_config(db_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);  // "x" is a name, as in PostgreSQL, never a text.
    sqlite3_db_config(db_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    sqlite3_db_config(db_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    TEILHABE_RETURN_IF_ERROR(Pragma("PRAGMA wal_autocheckpoint=0", "PRAGMA wal_autocheckpoint", "0"));
    TEILHABE_RETURN_IF_ERROR(Pragma("PRAGMA temp_store=MEMORY", "PRAGMA temp_store", "2"));  // No data in /tmp.
    TEILHABE_RETURN_IF_ERROR(Pragma("PRAGMA foreign_keys=ON", "PRAGMA foreign_keys", "1"));
    if (role_ == Role::kReader) return absl::OkStatus();
    TEILHABE_RETURN_IF_ERROR(Pragma("PRAGMA synchronous=FULL", "PRAGMA synchronous", "2"));
    TEILHABE_RETURN_IF_ERROR(Pragma("PRAGMA journal_mode=WAL", "PRAGMA journal_mode", "wal"));
    TEILHABE_RETURN_IF_ERROR(Pragma("PRAGMA secure_delete=ON", "PRAGMA secure_delete", "1"));
    TEILHABE_RETURN_IF_ERROR(Control("SELECT COUNT(*) FROM sqlite_schema"));  // The first read creates the log.
    // Only counts; it also takes the place where the automatic checkpoint would hook in.
    sqlite3_wal_hook(db_, &CountPages, this);
    sqlite3_db_config(db_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    return absl::OkStatus();
  }

  // Sets a pragma and checks that it took: an unknown or refused one is no error to SQLite.
  absl::Status Pragma(const char* set, const char* get, const std::string& want) {
    TEILHABE_RETURN_IF_ERROR(Control(set));
    std::string got;
    const auto read = [](void* out, int columns, char** values, char**) {
      if (columns == 1 && values[0] != nullptr) *static_cast<std::string*>(out) = values[0];
      return 0;
    };
    const int code = sqlite3_exec(db_, get, read, &got, nullptr);
    if (code != SQLITE_OK) return Error(code);
    if (got == want) return absl::OkStatus();
    return ReasonError(absl::StatusCode::kFailedPrecondition, "DURABILITY_OFF",
                       absl::StrCat("the file system or library does not allow: ", set));
  }

  static int CountPages(void* self, sqlite3*, const char*, int pages) {
    static_cast<SqliteConnection*>(self)->wal_pages_ = pages;
    return SQLITE_OK;
  }

  absl::StatusOr<const Prepared*> Prepare(std::string_view sql) {
    const auto found = statements_.find(ToAbsl(sql));
    if (found != statements_.end()) return &found->second;
    TEILHABE_ASSIGN_OR_RETURN(const Statement text, PrepareSql(sql, DatabaseKind::kSqlite));
    if (statements_.size() >= kMaxStatements) DropStatements();
    Prepared prepared;
    const char* rest = nullptr;
    const int code = sqlite3_prepare_v3(db_, text.sql.c_str(), static_cast<int>(text.sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &prepared.statement, &rest);
    if (code != SQLITE_OK) return Error(code);
    // SQLite counts $2 before $1 as its first parameter, so each is found by its name.
    for (std::size_t i = 1; i <= text.parameters; ++i) {
      prepared.index.push_back(sqlite3_bind_parameter_index(prepared.statement, absl::StrCat("$", i).c_str()));
      TEILHABE_CHECK(prepared.index.back() > 0);
    }
    std::string_view problem;
    if (std::string_view(rest).find_first_not_of(" \n;") != std::string_view::npos) problem = "more than one statement";
    if (static_cast<std::size_t>(sqlite3_bind_parameter_count(prepared.statement)) != text.parameters) {
      problem = "parameters are $1..$n";
    }
    if (role_ == Role::kReader && sqlite3_stmt_readonly(prepared.statement) == 0) {
      problem = "a query outside of a transaction cannot write";
    }
    if (!problem.empty()) {
      sqlite3_finalize(prepared.statement);
      return ReasonError(absl::StatusCode::kInternal, "SQL_INVALID", problem);
    }
    return &statements_.emplace(std::string(sql), std::move(prepared)).first->second;
  }

  void DropStatements() {
    for (auto& [sql, prepared] : statements_) sqlite3_finalize(prepared.statement);
    statements_.clear();
  }

  // The value outlives the step, so nothing is copied.
  static void Bind(sqlite3_stmt* statement, int index, const Value& value) {
    int code = SQLITE_OK;
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      code = sqlite3_bind_int64(statement, index, *number);
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      code = sqlite3_bind_text64(statement, index, text->data(), text->size(), SQLITE_STATIC, SQLITE_UTF8);
    } else if (const auto* bytes = std::get_if<Bytes>(&value)) {
      code = sqlite3_bind_blob64(statement, index, bytes->data.data(), bytes->data.size(), SQLITE_STATIC);
    }
    TEILHABE_CHECK(code == SQLITE_OK);
  }

  absl::StatusOr<Result> Step(sqlite3_stmt* statement) {
    Result result;
    const std::int64_t before = sqlite3_total_changes64(db_);
    int code = SQLITE_OK;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
      std::vector<Value> values;
      for (int i = 0; i < sqlite3_column_count(statement); ++i) {
        TEILHABE_ASSIGN_OR_RETURN(Value value, Column(statement, i));
        values.push_back(std::move(value));
      }
      result.rows.emplace_back(std::move(values));
    }
    if (code != SQLITE_DONE) return Error(code);
    // The count of an earlier statement stays where this one changes no rows.
    if (sqlite3_total_changes64(db_) != before) result.changed = sqlite3_changes64(db_);
    return result;
  }

  static absl::StatusOr<Value> Column(sqlite3_stmt* statement, int column) {
    const auto size = [&] { return static_cast<std::size_t>(sqlite3_column_bytes(statement, column)); };
    switch (sqlite3_column_type(statement, column)) {
      case SQLITE_NULL:
        return kNull;
      case SQLITE_INTEGER:
        return std::int64_t{sqlite3_column_int64(statement, column)};
      case SQLITE_TEXT: {
        const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
        return std::string(data, size());
      }
      case SQLITE_BLOB: {
        const auto* data = static_cast<const char*>(sqlite3_column_blob(statement, column));
        return Bytes{data == nullptr ? std::string() : std::string(data, size())};
      }
      default:
        return ReasonError(absl::StatusCode::kInternal, "RESULT_TYPE", "a result column is a floating-point number");
    }
  }

  // Turns a result code into a status; halts the database where the disk failed. Call it before the next use of db_.
  absl::Status Error(int code) {
    const bool expected = (code & 0xFF) == SQLITE_CONSTRAINT;
    Log(expected ? LogLevel::kInfo : LogLevel::kError, "sqlite_failed",
        {{"code", std::int64_t{code}}, {"text", sqlite3_errmsg(db_)}});
    switch (code) {
      case SQLITE_CONSTRAINT_UNIQUE:
      case SQLITE_CONSTRAINT_PRIMARYKEY:
      case SQLITE_CONSTRAINT_ROWID:
        return ReasonError(absl::StatusCode::kAlreadyExists, "UNIQUE_VIOLATION", "a row with this key exists");
      case SQLITE_CONSTRAINT_FOREIGNKEY:
        return ReasonError(absl::StatusCode::kFailedPrecondition, "FOREIGN_KEY_VIOLATION",
                           "a row that this one refers to is missing, or a row refers to this one");
      default:
        break;
    }
    switch (code & 0xFF) {
      case SQLITE_CONSTRAINT:
        return ReasonError(absl::StatusCode::kFailedPrecondition, "CONSTRAINT_VIOLATION",
                           "the row breaks a rule of its table");
      case SQLITE_FULL:
        return ReasonError(absl::StatusCode::kResourceExhausted, "DISK_FULL", "the disk is full; nothing was written");
      case SQLITE_NOMEM:
        return ReasonError(absl::StatusCode::kResourceExhausted, "OUT_OF_MEMORY", "no memory; nothing was written");
      case SQLITE_IOERR:
        halted_ = true;
        return HaltedError();
      case SQLITE_CORRUPT:
      case SQLITE_NOTADB:
        halted_ = true;
        return ReasonError(absl::StatusCode::kDataLoss, "DATABASE_CORRUPT", "the file is damaged; restore it");
      case SQLITE_BUSY:
      case SQLITE_LOCKED:
      case SQLITE_CANTOPEN:
      case SQLITE_PERM:
      case SQLITE_READONLY:
        return ReasonError(absl::StatusCode::kUnavailable, "DATABASE_UNAVAILABLE",
                           "the file cannot be used; see the log");
      default:
        return ReasonError(absl::StatusCode::kInternal, "SQL_INVALID", "the engine rejects the statement; see the log");
    }
  }

  const Role role_;
  Halted& halted_;
  sqlite3* db_ = nullptr;
  std::int64_t wal_pages_ = 0;
  absl::flat_hash_map<std::string, Prepared> statements_;
};

// An open file descriptor.
class File {
 public:
  File(const std::string& path, int flags) : fd_(open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  ~File() {
    if (fd_ >= 0) close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd() const { return fd_; }

 private:
  const int fd_;
};

class SqliteDatabase final : public Database {
 public:
  explicit SqliteDatabase(std::string path)
      : path_(std::move(path)),
        lock_(path_ + ".lock", O_RDWR | O_CREAT),
        readers_(kReaders, [this] { return SqliteConnection::Open(path_, SqliteConnection::Role::kReader, halted_); }) {
  }

  absl::Status Open() {
    if (lock_.fd() < 0) return Unavailable("open lock file", errno);
    if (flock(lock_.fd(), LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK) return Unavailable("lock", errno);
      return ReasonError(absl::StatusCode::kFailedPrecondition, "DATABASE_IN_USE",
                         "another process, or this one, has the file open");
    }
    {  // Readable by its owner only; the log beside it gets the same mode. Closed before SQLite takes locks on it.
      const File file(path_, O_RDWR | O_CREAT);
      if (file.fd() < 0) return Unavailable("create", errno);
      if (fsync(file.fd()) != 0) return Unavailable("sync file", errno);
    }
    TEILHABE_ASSIGN_OR_RETURN(writer_, SqliteConnection::Open(path_, SqliteConnection::Role::kWriter, halted_));
    if (access((path_ + "-wal").c_str(), F_OK) != 0) return Unavailable("create log", errno);
    // SQLite ignores a failed sync of the directory: without this the new files could vanish with the power.
    const File directory(path_.substr(0, path_.rfind('/') + 1), O_RDONLY | O_DIRECTORY);
    if (directory.fd() < 0 || fsync(directory.fd()) != 0) return Unavailable("sync directory", errno);
    return absl::OkStatus();
  }

  DatabaseKind Kind() const override { return DatabaseKind::kSqlite; }

  absl::StatusOr<Rows> Query(std::string_view sql, const Params& params) override {
    if (halted_) return HaltedError();
    TEILHABE_ASSIGN_OR_RETURN(const auto reader, readers_.Take());
    TEILHABE_ASSIGN_OR_RETURN(Result result, reader->Run(sql, params));
    return std::move(result.rows);
  }

  absl::Status Transact(const Work& work) override {
    TEILHABE_RETURN_IF_ERROR(CheckNoTransaction());
    absl::MutexLock lock(&writer_mutex_);
    return RunTransaction(*writer_, work);
  }

  absl::Status Checkpoint(std::int64_t min_pages) override {
    TEILHABE_RETURN_IF_ERROR(CheckNoTransaction());
    absl::MutexLock lock(&writer_mutex_);
    return writer_->Checkpoint(min_pages);
  }

 private:
  const std::string path_;
  const File lock_;  // Held as long as this lives: nobody else opens the file.
  Halted halted_ = false;
  absl::Mutex writer_mutex_;
  // SQLite 3.40 can damage the log when two connections write or checkpoint at once: this one does both, alone.
  std::unique_ptr<SqliteConnection> writer_;
  Pool<SqliteConnection> readers_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Database>> OpenSqlite(const std::string& path) {
  std::error_code failed;
  const std::filesystem::path real = std::filesystem::weakly_canonical(path, failed);  // One lock, whatever the name.
  if (failed) return Unavailable("find folder", failed.value());
  auto database = std::make_unique<SqliteDatabase>(real.string());
  TEILHABE_RETURN_IF_ERROR(database->Open());
  return std::unique_ptr<Database>(std::move(database));
}

}  // namespace teilhabe::storage
