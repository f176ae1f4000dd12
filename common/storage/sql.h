#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/storage/database.h"

namespace teilhabe::storage {

// A statement as one engine reads it.
struct Statement {
  std::string sql;
  std::size_t parameters;  // It uses exactly $1..$parameters.
};

// Checks a statement written for both engines and puts in what differs: `{BYTES}` is the type of a bytes column.
// Errors: kInternal SQL_INVALID (another first word than the subset's, an unknown {NAME}, an open quote, a `$` without
// number); PARAMETER_COUNT (a gap in $1..$n).
absl::StatusOr<Statement> PrepareSql(std::string_view sql, DatabaseKind kind);

// Whether the parameters fit the statement. Errors: kInternal PARAMETER_COUNT; kInvalidArgument TEXT_INVALID,
// VALUE_TOO_LARGE.
absl::Status CheckParams(std::size_t expected, const Params& params);

}  // namespace teilhabe::storage
