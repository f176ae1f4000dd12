#include "common/storage/migrations.h"

#include <openssl/evp.h>

#include <array>

#include "absl/strings/str_cat.h"
#include "common/base/check.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"

namespace teilhabe::storage {
namespace {

// SHA-256 over the tagged, length-prefixed texts.
Bytes Digest(const Migration& migration) {
  using std::string_literals::operator""s;
  std::string text = "teilhabe/migration/v1\0"s;
  const auto add = [&text](const std::string& part) { absl::StrAppend(&text, part.size(), ":", part); };
  add(migration.name);
  for (const std::string& statement : migration.statements) add(statement);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  TEILHABE_CHECK(EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) == 1);
  return Bytes{std::string(digest.begin(), digest.begin() + size)};
}

absl::Status CreateTable(Database& database) {
  const auto create = [&database] {
    return database
        .Execute(
            "CREATE TABLE IF NOT EXISTS schema_migration (component TEXT NOT NULL, version BIGINT NOT NULL, "
            "name TEXT NOT NULL, digest {BYTES} NOT NULL, PRIMARY KEY (component, version))",
            {})
        .status();
  };
  // In PostgreSQL two that create it at once both find it missing, and one fails; then it is there.
  return create().ok() ? absl::OkStatus() : create();
}

// Applies the first migration that the database lacks, if there is one. Sets `applied` to how many it has then.
absl::Status ApplyNext(Transaction& transaction, DatabaseKind kind, std::string_view component,
                       const std::vector<Migration>& migrations, std::size_t& applied) {
  if (kind == DatabaseKind::kPostgres) {  // Before the first read, so that the transaction sees what others did.
    TEILHABE_RETURN_IF_ERROR(transaction.Execute("LOCK TABLE schema_migration IN EXCLUSIVE MODE", {}).status());
  }
  const std::string owner(component);
  TEILHABE_ASSIGN_OR_RETURN(
      const Rows rows,
      transaction.Query("SELECT version, digest FROM schema_migration WHERE component = $1 ORDER BY version", {owner}));
  if (rows.size() > migrations.size()) {
    return ReasonError(absl::StatusCode::kFailedPrecondition, "MIGRATION_NEWER",
                       absl::StrCat("the database has migration ", rows.size(), " of ", owner, ", this program ",
                                    migrations.size(), ": start the newer program"));
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].Int(0) == migrations[i].version && rows[i].Data(1) == Digest(migrations[i]).data) continue;
    return ReasonError(absl::StatusCode::kFailedPrecondition, "MIGRATION_CHANGED",
                       absl::StrCat("migration ", migrations[i].version, " of ", owner,
                                    " was applied with another text: restore it and add a new one"));
  }
  applied = rows.size();
  if (applied == migrations.size()) return absl::OkStatus();
  const Migration& next = migrations[applied];
  for (const std::string& statement : next.statements) {
    TEILHABE_RETURN_IF_ERROR(transaction.Execute(statement, {}).status());
  }
  ++applied;
  return transaction
      .Execute("INSERT INTO schema_migration (component, version, name, digest) VALUES ($1, $2, $3, $4)",
               {owner, std::int64_t{next.version}, next.name, Digest(next)})
      .status();
}

}  // namespace

absl::Status Migrate(Database& database, std::string_view component, const std::vector<Migration>& migrations) {
  for (std::size_t i = 0; i < migrations.size(); ++i) {
    if (migrations[i].version == static_cast<int>(i) + 1) continue;
    return ReasonError(absl::StatusCode::kInternal, "MIGRATION_LIST_INVALID", "versions are 1, 2, 3, ...");
  }
  TEILHABE_RETURN_IF_ERROR(CreateTable(database));
  std::size_t applied = 0;
  do {
    TEILHABE_RETURN_IF_ERROR(database.Transact([&](Transaction& transaction) {
      return ApplyNext(transaction, database.Kind(), component, migrations, applied);
    }));
  } while (applied < migrations.size());
  return absl::OkStatus();
}

}  // namespace teilhabe::storage
