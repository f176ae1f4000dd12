#pragma once

#include <cstdint>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/storage/database.h"

namespace teilhabe::storage {

struct Result {
  Rows rows;
  std::int64_t changed = 0;
};

// One session of an engine, used by one thread at a time: what a driver implements.
class Connection {
 public:
  virtual ~Connection() = default;
  // Runs one statement of the subset, in the open transaction or as its own.
  virtual absl::StatusOr<Result> Run(std::string_view sql, const Params& params) = 0;
  virtual absl::Status Begin() = 0;
  // Commits durably. Errors: COMMIT_UNKNOWN where the engine did not say whether it did.
  virtual absl::Status Commit() = 0;
  virtual absl::Status Rollback() = 0;
  virtual absl::Status SetSavepoint() = 0;
  virtual absl::Status ReleaseSavepoint() = 0;  // The last one set.
  virtual absl::Status UndoSavepoint() = 0;     // Back to the last one set, and away with it.
  // Whether a transaction is open; an engine ends it itself after some errors.
  virtual bool InTransaction() const = 0;
};

// Errors: kFailedPrecondition NESTED_TRANSACTION where this thread already runs a transaction on any database: asked
// before a lock is taken.
absl::Status CheckNoTransaction();

// Runs `work` once in a transaction on `connection` and commits or rolls back.
absl::Status RunTransaction(Connection& connection, const Work& work);

}  // namespace teilhabe::storage
