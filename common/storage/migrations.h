#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "common/storage/database.h"

namespace teilhabe::storage {

// One step of a schema. Once released it never changes; a further change is a further migration.
struct Migration {
  int version = 0;  // 1, 2, 3, ... without gaps.
  std::string name;
  std::vector<std::string> statements;  // In the subset of README.md.
};

// Brings the tables of one component (a store or library; several may share a database) up to its last migration: each
// in a transaction of its own, recorded with its digest in `schema_migration`, so that a crash leaves it whole or
// undone. Several processes may do this at once.
// Errors: kInternal MIGRATION_LIST_INVALID; kFailedPrecondition MIGRATION_CHANGED (an applied one has another text
// here), MIGRATION_NEWER (the database was used by a newer program); those of a statement.
absl::Status Migrate(Database& database, std::string_view component, const std::vector<Migration>& migrations);

}  // namespace teilhabe::storage
