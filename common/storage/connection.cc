#include "common/storage/connection.h"

#include "common/base/reason.h"
#include "common/base/status_macros.h"

namespace teilhabe::storage {
namespace {

thread_local bool in_transaction = false;

// A thread runs one transaction at a time, whatever the database: two locks held crosswise would never end.
class TransactionScope {
 public:
  TransactionScope() { in_transaction = true; }
  ~TransactionScope() { in_transaction = false; }
  TransactionScope(const TransactionScope&) = delete;
  TransactionScope& operator=(const TransactionScope&) = delete;
};

absl::Status Call(const Work& work, Transaction& transaction) {
  try {
    return work(transaction);
  } catch (...) {
    return ReasonError(absl::StatusCode::kInternal, "WORK_THREW", "the work threw an exception; it was undone");
  }
}

class OpenTransaction final : public Transaction {
 public:
  explicit OpenTransaction(Connection& connection) : connection_(connection) {}

  absl::StatusOr<Rows> Query(std::string_view sql, const Params& params) override {
    auto result = Run(sql, params);
    if (!result.ok()) return result.status();
    return std::move(result->rows);
  }

  absl::StatusOr<std::int64_t> Execute(std::string_view sql, const Params& params) override {
    auto result = Run(sql, params);
    if (!result.ok()) return result.status();
    return result->changed;
  }

  absl::Status Savepoint(const Work& work) override {
    TEILHABE_RETURN_IF_ERROR(failed_);
    TEILHABE_RETURN_IF_ERROR(Mark(connection_.SetSavepoint()));
    absl::Status status = Call(work, *this);
    if (status.ok()) status = failed_;  // A swallowed error is an error.
    if (status.ok()) return Mark(connection_.ReleaseSavepoint());
    if (doomed_) return failed_;
    failed_ = absl::OkStatus();
    TEILHABE_RETURN_IF_ERROR(Mark(connection_.UndoSavepoint()));
    return status;
  }

  const absl::Status& failed() const { return failed_; }
  bool doomed() const { return doomed_; }

 private:
  absl::StatusOr<Result> Run(std::string_view sql, const Params& params) {
    TEILHABE_RETURN_IF_ERROR(failed_);
    auto result = connection_.Run(sql, params);
    if (!result.ok()) Fail(result.status());
    return result;
  }

  // Without its savepoints a transaction is lost.
  absl::Status Mark(absl::Status status) {
    if (!status.ok()) {
      failed_ = status;
      doomed_ = true;
    }
    return status;
  }

  void Fail(const absl::Status& status) {
    failed_ = status;
    // No savepoint helps where the engine gave up the transaction, or where its view of the data is out of date.
    if (!connection_.InTransaction() || GetReason(status) == "SERIALIZATION") doomed_ = true;
  }

  Connection& connection_;
  absl::Status failed_;
  bool doomed_ = false;
};

}  // namespace

absl::Status CheckNoTransaction() {
  if (!in_transaction) return absl::OkStatus();
  return ReasonError(absl::StatusCode::kFailedPrecondition, "NESTED_TRANSACTION",
                     "use the running transaction, or its Savepoint");
}

absl::Status RunTransaction(Connection& connection, const Work& work) {
  TransactionScope scope;
  TEILHABE_RETURN_IF_ERROR(connection.Begin());
  OpenTransaction transaction(connection);
  absl::Status status = Call(work, transaction);
  // What the engine said counts where the work hid it.
  if (!transaction.failed().ok() && (status.ok() || transaction.doomed())) status = transaction.failed();
  if (status.ok()) status = connection.Commit();
  // If undoing fails, the driver halts or drops the connection, and the engine undoes it.
  if (!status.ok() && connection.InTransaction()) connection.Rollback().IgnoreError();
  return status;
}

}  // namespace teilhabe::storage
