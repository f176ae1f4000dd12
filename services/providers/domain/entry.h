#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "services/providers/domain/provider.h"

namespace teilhabe::providers {

// What one event of a provider's dossier says.
struct Record {
  std::int64_t sequence = 0;
  std::variant<Provider, Vereinbarung> content;
  std::int64_t corrects = 0;  // Sequence of the record that it stands for; 0: none.
};

// A provider as its dossier has it.
struct Entry {
  Provider provider;
  std::vector<Vereinbarung> vereinbarungen;  // Ascending by id.
};

// Folds records, ascending by sequence: the newest provider counts, a Vereinbarung of the same id replaces the one
// before, a correction takes the place of what it corrects. A dossier is about one provider: what names another than
// its first record is passed over, as is a correction of nothing. None: no record of a provider.
std::optional<Entry> Fold(const std::vector<Record>& records);

}  // namespace teilhabe::providers
