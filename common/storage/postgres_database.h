#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/storage/database.h"

namespace teilhabe::storage {

// Connects to a PostgreSQL database by a libpq connection string.
absl::StatusOr<std::unique_ptr<Database>> OpenPostgres(const std::string& connection_string);

}  // namespace teilhabe::storage
