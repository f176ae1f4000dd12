#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/storage/database.h"
#include "teilhabe/providers/v1/provider.pb.h"

namespace teilhabe::providers {

// A provider's dossier as the register keeps it: one row each.
struct Row {
  v1::RegisteredProvider entry;
  absl::Time opened;  // As its first event says, or, where that is doubtful, as this node learnt of it.
};

// A place in the order of the register: by provider, then by the opening of its dossier.
struct Place {
  std::string provider;
  absl::Time opened;
  std::string dossier;
};
Place PlaceOf(const Row& row);

// The table of the register: a projection of dossiers, which can always be made again. Holds nothing of a person, so
// it is not encrypted. Errors of all: those of storage; kDataLoss STORE_CORRUPT.
absl::Status MigrateRegister(storage::Database& database);
absl::Status PutRow(storage::Transaction& tx, const Row& row);
absl::Status RemoveRow(storage::Transaction& tx, std::string_view dossier);
// No row, or one.
absl::StatusOr<std::vector<Row>> RowOfDossier(storage::Reader& reader, std::string_view dossier);
// All dossiers about a provider, the one that was opened first first.
absl::StatusOr<std::vector<Row>> RowsOfProvider(storage::Reader& reader, std::string_view provider);
// At most `limit` that follow a place.
absl::StatusOr<std::vector<Row>> RowsAfter(storage::Reader& reader, const Place& place, int limit);

}  // namespace teilhabe::providers
