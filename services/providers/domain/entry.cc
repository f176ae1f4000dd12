#include "services/providers/domain/entry.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace teilhabe::providers {
namespace {

// A record and all sequences under which it was written: its own, and those of its corrections.
struct Slot {
  std::variant<Provider, Vereinbarung> content;
  std::set<std::int64_t> sequences;
};

std::vector<Slot> Correct(const std::vector<Record>& records) {
  std::vector<Slot> slots;
  for (const Record& record : records) {
    if (record.corrects == 0) {
      slots.push_back({record.content, {record.sequence}});
      continue;
    }
    for (Slot& slot : slots) {
      if (!slot.sequences.contains(record.corrects) || slot.content.index() != record.content.index()) continue;
      slot.content = record.content;
      slot.sequences.insert(record.sequence);
    }
  }
  return slots;
}

}  // namespace

std::optional<Entry> Fold(const std::vector<Record>& records) {
  std::optional<Provider> provider;
  std::map<std::string, Vereinbarung> by_id;
  for (Slot& slot : Correct(records)) {
    if (auto* const found = std::get_if<Provider>(&slot.content)) {
      if (!provider || provider->id == found->id) provider = std::move(*found);
    } else {
      auto& text = std::get<Vereinbarung>(slot.content);
      by_id.insert_or_assign(text.id, std::move(text));
    }
  }
  if (!provider) return std::nullopt;
  Entry entry{*std::move(provider), {}};
  for (auto& [id, text] : by_id) entry.vereinbarungen.push_back(std::move(text));
  return entry;
}

}  // namespace teilhabe::providers
