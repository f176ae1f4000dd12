#include "common/storage/database.h"

#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "common/base/check.h"
#include "common/base/reason.h"
#include "common/base/strings.h"
#include "common/storage/postgres_database.h"
#include "common/storage/sqlite_database.h"

namespace teilhabe::storage {

const Value& Row::operator[](std::size_t column) const {
  TEILHABE_CHECK(column < values_.size());
  return values_[column];
}

bool Row::IsNull(std::size_t column) const { return std::holds_alternative<std::monostate>((*this)[column]); }

std::int64_t Row::Int(std::size_t column) const {
  const auto* value = std::get_if<std::int64_t>(&(*this)[column]);
  TEILHABE_CHECK(value != nullptr);
  return *value;
}

const std::string& Row::Text(std::size_t column) const {
  const auto* value = std::get_if<std::string>(&(*this)[column]);
  TEILHABE_CHECK(value != nullptr);
  return *value;
}

const std::string& Row::Data(std::size_t column) const {
  const auto* value = std::get_if<Bytes>(&(*this)[column]);
  TEILHABE_CHECK(value != nullptr);
  return value->data;
}

absl::StatusOr<std::int64_t> Database::Execute(std::string_view sql, const Params& params) {
  std::int64_t changed = 0;
  absl::Status status = Transact([&](Transaction& transaction) {
    auto result = transaction.Execute(sql, params);
    if (result.ok()) changed = *result;
    return result.status();
  });
  if (!status.ok()) return status;
  return changed;
}

absl::StatusOr<std::unique_ptr<Database>> OpenDatabase(std::string_view connection_string) {
  absl::string_view rest = ToAbsl(connection_string);
  if (absl::ConsumePrefix(&rest, "sqlite:")) {
    if (absl::StartsWith(rest, "/")) return OpenSqlite(std::string(rest));
  } else if (absl::StartsWith(rest, "postgresql://") || absl::StartsWith(rest, "postgres://") ||
             absl::StrContains(rest, "=")) {
    return OpenPostgres(std::string(rest));
  }
  return ReasonError(absl::StatusCode::kInvalidArgument, "CONNECTION_STRING_INVALID",
                     "give sqlite:/absolute/path.db, postgresql://... or libpq words");
}

}  // namespace teilhabe::storage
