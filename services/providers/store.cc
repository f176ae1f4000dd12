#include "services/providers/store.h"

#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/reason.h"
#include "common/storage/migrations.h"

namespace teilhabe::providers {
namespace {

constexpr char kColumns[] = "SELECT opened, entry FROM provider_register WHERE ";

absl::StatusOr<std::vector<Row>> ToRows(const absl::StatusOr<storage::Rows>& rows) {
  if (!rows.ok()) return rows.status();
  std::vector<Row> made;
  for (const storage::Row& row : *rows) {
    Row& one = made.emplace_back();
    one.opened = absl::FromUnixMicros(row.Int(0));
    if (!one.entry.ParseFromString(row.Data(1))) {
      return ReasonError(absl::StatusCode::kDataLoss, "STORE_CORRUPT", "a row of the register cannot be read");
    }
  }
  return made;
}

}  // namespace

Place PlaceOf(const Row& row) { return {row.entry.provider().id(), row.opened, row.entry.dossier()}; }

absl::Status MigrateRegister(storage::Database& database) {
  return storage::Migrate(
      database, "provider_register",
      {{1,
        "register",
        {
            "CREATE TABLE provider_register (dossier TEXT NOT NULL PRIMARY KEY, provider TEXT NOT NULL, "
            "opened BIGINT NOT NULL, entry {BYTES} NOT NULL)",
            "CREATE INDEX provider_register_order ON provider_register (provider, opened, dossier)",
        }}});
}

absl::Status PutRow(storage::Transaction& tx, const Row& row) {
  return tx
      .Execute(
          "INSERT INTO provider_register (dossier, provider, opened, entry) VALUES ($1, $2, $3, $4) "
          "ON CONFLICT (dossier) DO UPDATE SET provider = $2, opened = $3, entry = $4",
          {row.entry.dossier(), row.entry.provider().id(), std::int64_t{absl::ToUnixMicros(row.opened)},
           storage::Bytes{row.entry.SerializeAsString()}})
      .status();
}

absl::Status RemoveRow(storage::Transaction& tx, std::string_view dossier) {
  return tx.Execute("DELETE FROM provider_register WHERE dossier = $1", {std::string(dossier)}).status();
}

absl::StatusOr<std::vector<Row>> RowOfDossier(storage::Reader& reader, std::string_view dossier) {
  return ToRows(reader.Query(absl::StrCat(kColumns, "dossier = $1"), {std::string(dossier)}));
}

absl::StatusOr<std::vector<Row>> RowsOfProvider(storage::Reader& reader, std::string_view provider) {
  return ToRows(
      reader.Query(absl::StrCat(kColumns, "provider = $1 ORDER BY opened, dossier"), {std::string(provider)}));
}

absl::StatusOr<std::vector<Row>> RowsAfter(storage::Reader& reader, const Place& place, int limit) {
  return ToRows(reader.Query(
      absl::StrCat(kColumns,
                   "provider > $1 OR (provider = $1 AND (opened > $2 OR (opened = $2 AND dossier > $3))) "
                   "ORDER BY provider, opened, dossier LIMIT $4"),
      {place.provider, std::int64_t{absl::ToUnixMicros(place.opened)}, place.dossier, std::int64_t{limit}}));
}

}  // namespace teilhabe::providers
