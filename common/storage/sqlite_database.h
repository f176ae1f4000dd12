#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/storage/database.h"

namespace teilhabe::storage {

// Opens or creates the file at an absolute path: one connection writes and checkpoints, a few others read.
absl::StatusOr<std::unique_ptr<Database>> OpenSqlite(const std::string& path);

}  // namespace teilhabe::storage
