#include "common/storage/postgres_database.h"

#include <endian.h>
#include <libpq-fe.h>

#include <array>
#include <cstring>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/log.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/storage/connection.h"
#include "common/storage/pool.h"
#include "common/storage/sql.h"

namespace teilhabe::storage {
namespace {

constexpr std::size_t kConnections = 8;  // Of each role.
constexpr std::size_t kMaxStatements = 256;
constexpr int kMaxCrossings = 100;  // Each one means that another transaction went through.
constexpr int kBinary = 1;
// The connection string may set other ones; what safety needs is set or checked after connecting.
constexpr char kOptions[] = "-c statement_timeout=30s -c idle_in_transaction_session_timeout=60s";

// Types of the wire protocol (pg_type.dat); their numbers never change.
enum : Oid { kBool = 16, kBytea = 17, kInt8 = 20, kInt2 = 21, kInt4 = 23, kText = 25, kVarchar = 1043 };

struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Answer = std::unique_ptr<PGresult, Clear>;

std::string_view FieldOf(const PGresult* result, int field) {
  const char* text = result == nullptr ? nullptr : PQresultErrorField(result, field);
  return text == nullptr ? std::string_view() : std::string_view(text);
}

bool Succeeded(const Answer& answer) {
  const ExecStatusType status = PQresultStatus(answer.get());
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

absl::Status Unavailable() {
  return ReasonError(absl::StatusCode::kUnavailable, "DATABASE_UNAVAILABLE",
                     "the database cannot be reached; nothing was written, try again later");
}

absl::Status DurabilityOff(std::string_view message) {
  return ReasonError(absl::StatusCode::kFailedPrecondition, "DURABILITY_OFF", message);
}

// Integers travel as int64, big-endian; null leaves its type to the statement.
Oid TypeOf(const Value& value) {
  constexpr std::array<Oid, std::variant_size_v<Value>> kTypes = {0, kInt8, kText, kBytea};
  return kTypes[value.index()];
}

template <typename T>
std::int64_t BigEndian(const char* data) {
  std::make_unsigned_t<T> number = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    number = static_cast<std::make_unsigned_t<T>>(static_cast<std::uint64_t>(number) << 8U |
                                                  static_cast<unsigned char>(data[i]));
  }
  return static_cast<T>(number);
}

absl::StatusOr<Value> Column(const PGresult* result, int row, int column) {
  if (PQgetisnull(result, row, column) != 0) return kNull;
  const char* data = PQgetvalue(result, row, column);
  switch (PQftype(result, column)) {
    case kBool:
      return std::int64_t{*data};
    case kInt2:
      return BigEndian<std::int16_t>(data);
    case kInt4:
      return BigEndian<std::int32_t>(data);
    case kInt8:
      return BigEndian<std::int64_t>(data);
    case kText:
    case kVarchar:
      return std::string(data, static_cast<std::size_t>(PQgetlength(result, row, column)));
    case kBytea:
      return Bytes{std::string(data, static_cast<std::size_t>(PQgetlength(result, row, column)))};
    default:
      return ReasonError(absl::StatusCode::kInternal, "RESULT_TYPE",
                         "a result column is no integer, text or bytes; use CAST");
  }
}

class PostgresConnection final : public Connection {
 public:
  enum class Role { kWriter, kReader };

  static absl::StatusOr<std::unique_ptr<PostgresConnection>> Open(const std::string& connection_string, Role role) {
    // Later words win: first what the connection string may change, then the string, then what it may not.
    const std::array<const char*, 7> words = {"fallback_application_name",
                                              "connect_timeout",
                                              "tcp_user_timeout",
                                              "options",
                                              "dbname",
                                              "client_encoding",
                                              nullptr};
    const std::array<const char*, 7> values = {"teilhabe", "10",   "30000", kOptions, connection_string.c_str(),
                                               "UTF8",     nullptr};
    std::unique_ptr<PostgresConnection> connection(
        new PostgresConnection(PQconnectdbParams(words.data(), values.data(), 1)));
    if (PQstatus(connection->session_) != CONNECTION_OK) {
      Log(LogLevel::kError, "postgres_connect_failed", {{"text", PQerrorMessage(connection->session_)}});
      return Unavailable();
    }
    PQsetNoticeProcessor(
        connection->session_, [](void*, const char*) {}, nullptr);
    TEILHABE_RETURN_IF_ERROR(connection->CheckServer());
    if (role == Role::kReader) TEILHABE_RETURN_IF_ERROR(connection->Control("SET default_transaction_read_only = on"));
    return connection;
  }

  ~PostgresConnection() override { PQfinish(session_); }
  PostgresConnection(const PostgresConnection&) = delete;
  PostgresConnection& operator=(const PostgresConnection&) = delete;

  bool usable() const { return PQstatus(session_) == CONNECTION_OK && PQtransactionStatus(session_) == PQTRANS_IDLE; }

  absl::StatusOr<Result> Run(std::string_view sql, const Params& params) override {
    TEILHABE_ASSIGN_OR_RETURN(const std::string name, Prepare(sql, params));
    std::vector<std::uint64_t> numbers(params.size());
    std::vector<const char*> values(params.size(), nullptr);
    std::vector<int> lengths(params.size(), 0);
    const std::vector<int> formats(params.size(), kBinary);
    const auto set = [&](std::size_t i, const char* data, std::size_t size) {
      values[i] = data;
      lengths[i] = static_cast<int>(size);
    };
    for (std::size_t i = 0; i < params.size(); ++i) {
      if (const auto* number = std::get_if<std::int64_t>(&params[i])) {
        numbers[i] = htobe64(static_cast<std::uint64_t>(*number));
        set(i, reinterpret_cast<const char*>(&numbers[i]), sizeof(numbers[i]));
      } else if (const auto* text = std::get_if<std::string>(&params[i])) {
        set(i, text->data(), text->size());
      } else if (const auto* bytes = std::get_if<Bytes>(&params[i])) {
        set(i, bytes->data.data(), bytes->data.size());
      }
    }
    const Answer answer = Send(name.c_str(), values, lengths, formats);
    if (!Succeeded(answer)) return Error(answer);
    return Read(answer.get());
  }

  absl::Status Begin() override { return Control("BEGIN ISOLATION LEVEL SERIALIZABLE, READ WRITE"); }

  absl::Status Commit() override {
    waiting_.clear();  // A commit releases its savepoints.
    const Answer answer(PQexec(session_, "COMMIT"));
    if (Succeeded(answer) && std::string_view(PQcmdStatus(answer.get())) == "COMMIT") return absl::OkStatus();
    absl::Status status = Error(answer);
    // A plain ERROR comes before the commit record. A session that ends instead says nothing about it.
    const bool plain = FieldOf(answer.get(), PG_DIAG_SEVERITY_NONLOCALIZED) == "ERROR";
    if (plain && PQstatus(session_) == CONNECTION_OK) return status;
    return ReasonError(absl::StatusCode::kUnknown, "COMMIT_UNKNOWN",
                       "the connection ended during the commit; look for what it wrote");
  }

  absl::Status Rollback() override {
    waiting_.clear();
    return Control("ROLLBACK");
  }

  // These two cannot fail while the connection lives. They travel with the next statement, which saves two of the three
  // waits that a small item of a group commit costs.
  absl::Status SetSavepoint() override {
    waiting_.emplace_back("SAVEPOINT part");
    return absl::OkStatus();
  }
  absl::Status ReleaseSavepoint() override {
    waiting_.emplace_back("RELEASE SAVEPOINT part");
    return absl::OkStatus();
  }

  absl::Status UndoSavepoint() override {
    TEILHABE_RETURN_IF_ERROR(SendWaiting());
    return Control("ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part");
  }

  bool InTransaction() const override {
    const PGTransactionStatusType status = PQtransactionStatus(session_);
    return status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
  }

 private:
  explicit PostgresConnection(PGconn* session) : session_(session) {}

  absl::Status Control(const char* sql) {
    const Answer answer(PQexec(session_, sql));
    return Succeeded(answer) ? absl::OkStatus() : Error(answer);
  }

  absl::Status SendWaiting() {
    if (waiting_.empty()) return absl::OkStatus();
    const std::string all = absl::StrJoin(std::exchange(waiting_, {}), ";");
    return Control(all.c_str());
  }

  // Runs a prepared statement, together with what waits (libpq's pipeline mode).
  Answer Send(const char* name, const std::vector<const char*>& values, const std::vector<int>& lengths,
              const std::vector<int>& formats) {
    const int count = static_cast<int>(values.size());
    if (waiting_.empty()) {
      return Answer(PQexecPrepared(session_, name, count, values.data(), lengths.data(), formats.data(), kBinary));
    }
    const std::vector<const char*> waiting = std::exchange(waiting_, {});
    bool sent = PQenterPipelineMode(session_) == 1;
    for (const char* sql : waiting) {
      sent = sent && PQsendQueryParams(session_, sql, 0, nullptr, nullptr, nullptr, nullptr, kBinary) == 1;
    }
    sent =
        sent && PQsendQueryPrepared(session_, name, count, values.data(), lengths.data(), formats.data(), kBinary) == 1;
    if (!sent || PQpipelineSync(session_) != 1) return nullptr;
    Answer answer;
    for (std::size_t i = 0; i <= waiting.size(); ++i) {
      Answer next(PQgetResult(session_));
      while (Answer(PQgetResult(session_)) != nullptr) {
      }
      if (i == 0 || Succeeded(answer)) answer = std::move(next);  // The first failure says why.
    }
    const Answer sync(PQgetResult(session_));
    PQexitPipelineMode(session_);
    return answer;
  }

  absl::Status CheckServer() {
    const Answer answer(PQexec(session_,
                               "SELECT current_setting('fsync'), current_setting('synchronous_commit'), "
                               "current_setting('server_encoding'), datlocprovider, datcollate "
                               "FROM pg_database WHERE datname = current_database()"));
    if (!Succeeded(answer) || PQntuples(answer.get()) != 1) return Error(answer);
    const auto column = [&answer](int i) { return std::string_view(PQgetvalue(answer.get(), 0, i)); };
    if (column(0) != "on") return DurabilityOff("set fsync = on");
    if (column(1) == "off") return DurabilityOff("set synchronous_commit = on");
    const std::string_view collation = column(4);
    const bool by_code_point = column(3) == "c" && (collation == "C" || collation == "POSIX" ||
                                                    collation == "C.UTF-8" || collation == "C.utf8");
    if (column(2) == "UTF8" && by_code_point) return absl::OkStatus();
    return ReasonError(absl::StatusCode::kFailedPrecondition, "ENCODING_UNSUPPORTED",
                       "create the database with ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0");
  }

  // Returns the name of the statement, prepared for these kinds of parameters.
  absl::StatusOr<std::string> Prepare(std::string_view sql, const Params& params) {
    std::string key;
    for (const Value& value : params) key.push_back(static_cast<char>('0' + value.index()));
    key.append("|").append(sql);
    const auto found = statements_.find(key);
    if (found != statements_.end()) {
      TEILHABE_RETURN_IF_ERROR(CheckParams(params.size(), params));
      return found->second;
    }
    TEILHABE_ASSIGN_OR_RETURN(const Statement text, PrepareSql(sql, DatabaseKind::kPostgres));
    TEILHABE_RETURN_IF_ERROR(CheckParams(text.parameters, params));
    TEILHABE_RETURN_IF_ERROR(SendWaiting());  // If preparing fails, that belongs to the part.
    if (statements_.size() >= kMaxStatements) {
      TEILHABE_RETURN_IF_ERROR(Control("DEALLOCATE ALL"));
      statements_.clear();
    }
    std::vector<Oid> types;
    for (const Value& value : params) types.push_back(TypeOf(value));
    std::string name = absl::StrCat("s", ++last_name_);
    const Answer answer(
        PQprepare(session_, name.c_str(), text.sql.c_str(), static_cast<int>(types.size()), types.data()));
    if (!Succeeded(answer)) return Error(answer);
    statements_.emplace(std::move(key), name);
    return name;
  }

  static absl::StatusOr<Result> Read(PGresult* answer) {
    Result result;
    for (int row = 0; row < PQntuples(answer); ++row) {
      std::vector<Value> values;
      for (int i = 0; i < PQnfields(answer); ++i) {
        TEILHABE_ASSIGN_OR_RETURN(Value value, Column(answer, row, i));
        values.push_back(std::move(value));
      }
      result.rows.emplace_back(std::move(values));
    }
    // For a SELECT the server counts what it read.
    if (!absl::StartsWith(PQcmdStatus(answer), "SELECT")) (void)absl::SimpleAtoi(PQcmdTuples(answer), &result.changed);
    return result;
  }

  absl::Status Error(const Answer& answer) {
    const std::string_view state = FieldOf(answer.get(), PG_DIAG_SQLSTATE);
    const absl::string_view code = ToAbsl(state);
    // Only the primary message, which quotes no values, except in class 22 (data); details hold whole keys and rows.
    std::string_view text = FieldOf(answer.get(), PG_DIAG_MESSAGE_PRIMARY);
    if (absl::StartsWith(code, "22")) text = "(withheld: it quotes data)";
    const bool lost = answer == nullptr || PQstatus(session_) != CONNECTION_OK;
    if (lost && text.empty()) text = "connection lost";
    const auto in = [&code](absl::string_view prefix) { return absl::StartsWith(code, prefix); };
    const bool expected = in("23") || in("40");
    Log(expected ? LogLevel::kInfo : LogLevel::kError, "postgres_failed", {{"sqlstate", state}, {"text", text}});

    if (lost || in("08") || in("57P") || in("58")) return Unavailable();
    if (in("23505")) {
      return ReasonError(absl::StatusCode::kAlreadyExists, "UNIQUE_VIOLATION", "a row with this key exists");
    }
    if (in("23503")) {
      return ReasonError(absl::StatusCode::kFailedPrecondition, "FOREIGN_KEY_VIOLATION",
                         "a row that this one refers to is missing, or a row refers to this one");
    }
    if (in("23")) {
      return ReasonError(absl::StatusCode::kFailedPrecondition, "CONSTRAINT_VIOLATION",
                         "the row breaks a rule of its table");
    }
    if (in("40")) {
      return ReasonError(absl::StatusCode::kAborted, "SERIALIZATION", "transactions crossed; try again");
    }
    if (in("53100")) {
      return ReasonError(absl::StatusCode::kResourceExhausted, "DISK_FULL", "the disk is full; nothing was written");
    }
    if (in("53200")) {
      return ReasonError(absl::StatusCode::kResourceExhausted, "OUT_OF_MEMORY", "no memory; nothing was written");
    }
    if (in("57014")) {
      return ReasonError(absl::StatusCode::kDeadlineExceeded, "STATEMENT_TIMEOUT", "the statement took too long");
    }
    if (in("53") || in("55")) return Unavailable();
    if (in("XX001") || in("XX002")) {
      return ReasonError(absl::StatusCode::kDataLoss, "DATABASE_CORRUPT", "the database is damaged; restore it");
    }
    return ReasonError(absl::StatusCode::kInternal, "SQL_INVALID", "the engine rejects the statement; see the log");
  }

  PGconn* const session_;
  std::vector<const char*> waiting_;  // Savepoint statements to send with the next one.
  std::uint64_t last_name_ = 0;
  absl::flat_hash_map<std::string, std::string> statements_;  // By kinds of parameters and text.
};

class PostgresDatabase final : public Database {
 public:
  explicit PostgresDatabase(const std::string& connection_string)
      : writers_(kConnections,
                 [=] { return PostgresConnection::Open(connection_string, PostgresConnection::Role::kWriter); }),
        readers_(kConnections,
                 [=] { return PostgresConnection::Open(connection_string, PostgresConnection::Role::kReader); }) {}

  absl::Status Open() { return writers_.Take().status(); }

  DatabaseKind Kind() const override { return DatabaseKind::kPostgres; }

  absl::StatusOr<Rows> Query(std::string_view sql, const Params& params) override {
    absl::StatusOr<Result> result = TryQuery(sql, params);
    if (GetReason(result.status()) == "DATABASE_UNAVAILABLE") {  // A connection may have died while idle.
      readers_.Clear();
      result = TryQuery(sql, params);
    }
    if (!result.ok()) return result.status();
    return std::move(result->rows);
  }

  absl::Status Transact(const Work& work) override {
    TEILHABE_RETURN_IF_ERROR(CheckNoTransaction());
    absl::Status status = TryTransact(work);
    if (GetReason(status) == "DATABASE_UNAVAILABLE") {
      writers_.Clear();
      status = TryTransact(work);
    }
    for (int i = 0; i < kMaxCrossings && GetReason(status) == "SERIALIZATION"; ++i) status = TryTransact(work);
    return status;
  }

  absl::Status Checkpoint(std::int64_t) override { return CheckNoTransaction(); }

 private:
  absl::StatusOr<Result> TryQuery(std::string_view sql, const Params& params) {
    TEILHABE_ASSIGN_OR_RETURN(const auto reader, readers_.Take());
    return reader->Run(sql, params);
  }

  absl::Status TryTransact(const Work& work) {
    TEILHABE_ASSIGN_OR_RETURN(const auto writer, writers_.Take());
    return RunTransaction(*writer, work);
  }

  Pool<PostgresConnection> writers_;
  Pool<PostgresConnection> readers_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Database>> OpenPostgres(const std::string& connection_string) {
  auto database = std::make_unique<PostgresDatabase>(connection_string);
  TEILHABE_RETURN_IF_ERROR(database->Open());
  return std::unique_ptr<Database>(std::move(database));
}

}  // namespace teilhabe::storage
