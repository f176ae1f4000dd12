#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace teilhabe::storage {

// Bytes that are not text: a digest, a signature, a serialized event.
struct Bytes {
  std::string data;
  friend auto operator<=>(const Bytes&, const Bytes&) = default;
};

// What a column or a parameter holds: null, integer, text (UTF-8 without NUL) or bytes.
using Value = std::variant<std::monostate, std::int64_t, std::string, Bytes>;
inline constexpr std::monostate kNull{};
using Params = std::vector<Value>;

// One row of an answer. Asking a column for a type that it does not hold is a bug of the store and ends the process.
class Row {
 public:
  explicit Row(std::vector<Value> values) : values_(std::move(values)) {}
  std::size_t size() const { return values_.size(); }
  const Value& operator[](std::size_t column) const;
  bool IsNull(std::size_t column) const;
  std::int64_t Int(std::size_t column) const;
  const std::string& Text(std::size_t column) const;
  const std::string& Data(std::size_t column) const;  // Of a bytes column.

 private:
  std::vector<Value> values_;
};
using Rows = std::vector<Row>;

// Every call below may also fail with these:
//   kInternal SQL_INVALID         the statement is outside the subset of README.md, or the engine rejects it
//   kInternal PARAMETER_COUNT     not as many parameters as $1..$n
//   kInternal RESULT_TYPE         a result column is none of the four kinds of values
//   kInvalidArgument TEXT_INVALID a text is not UTF-8 or holds NUL; VALUE_TOO_LARGE above 64 MiB
//   kAlreadyExists UNIQUE_VIOLATION
//   kFailedPrecondition FOREIGN_KEY_VIOLATION, CONSTRAINT_VIOLATION
//   kResourceExhausted DISK_FULL, OUT_OF_MEMORY, CONNECTIONS_BUSY
//   kDeadlineExceeded STATEMENT_TIMEOUT
//   kUnavailable DATABASE_UNAVAILABLE  nothing was written; try again later
//   kDataLoss DATABASE_CORRUPT
//   kFailedPrecondition DATABASE_HALTED  the disk failed; only a restart and a look at the disk help
// A driver's text goes to the log, never into the status.

// Something that answers queries.
class Reader {
 public:
  virtual ~Reader() = default;
  virtual absl::StatusOr<Rows> Query(std::string_view sql, const Params& params) = 0;
};

class Transaction;
// Runs inside a transaction. Failing undoes what it wrote. It may run more than once (PostgreSQL, when transactions
// crossed), so it sets its results and does not add to them, and does nothing outside the database.
using Work = std::function<absl::Status(Transaction&)>;

// A running transaction; it sees its own writes. After a failed statement nothing more runs until the savepoint around
// it is undone: further calls return the same error, and the transaction cannot commit.
class Transaction : public Reader {
 public:
  // Returns the number of rows inserted, changed or deleted.
  virtual absl::StatusOr<std::int64_t> Execute(std::string_view sql, const Params& params) = 0;
  // Runs `work` as a part that can fail alone: if it fails, its writes are undone and the transaction goes on.
  virtual absl::Status Savepoint(const Work& work) = 0;
};

enum class DatabaseKind { kSqlite, kPostgres };

// One database over SQLite or PostgreSQL. Used from any thread. SQL is written once, in the subset of README.md.
class Database : public Reader {
 public:
  virtual DatabaseKind Kind() const = 0;

  // Reads what is committed. Cannot write.
  absl::StatusOr<Rows> Query(std::string_view sql, const Params& params) override = 0;

  // Runs `work` as if it were alone (serializable) and commits it durably before it returns; rolls back if it fails.
  // Errors: those of `work`; kFailedPrecondition NESTED_TRANSACTION inside any other transaction of this thread;
  // kAborted SERIALIZATION after many crossings; kUnknown COMMIT_UNKNOWN: it may or may not be committed, so look for
  // what it wrote (the request id) after reopening or reconnecting; kInternal WORK_THREW.
  virtual absl::Status Transact(const Work& work) = 0;

  // One statement as a transaction of its own. Returns the number of rows inserted, changed or deleted.
  absl::StatusOr<std::int64_t> Execute(std::string_view sql, const Params& params);

  // Moves committed pages from SQLite's log into its file, if the log holds at least `min_pages`. Holds up writers, and
  // no commit ever does it: call it where nobody waits. PostgreSQL does this itself; there it does nothing.
  virtual absl::Status Checkpoint(std::int64_t min_pages) = 0;
};

// Opens `sqlite:/absolute/path.db` (created if absent; locked against every other opener) or a PostgreSQL database:
// `postgresql://...`, or libpq's `key=value` words.
// Errors: kInvalidArgument CONNECTION_STRING_INVALID; kFailedPrecondition DATABASE_IN_USE, DURABILITY_OFF,
// ENCODING_UNSUPPORTED (PostgreSQL: encoding UTF8 and collation C or C.UTF-8 are needed).
absl::StatusOr<std::unique_ptr<Database>> OpenDatabase(std::string_view connection_string);

}  // namespace teilhabe::storage
