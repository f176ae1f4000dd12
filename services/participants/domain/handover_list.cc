#include "services/participants/domain/handover_list.h"

#include <algorithm>

#include "absl/strings/str_split.h"
#include "common/base/check.h"
#include "common/base/csv.h"
#include "common/base/day.h"
#include "common/base/strings.h"
#include "embedded/participants.h"

namespace teilhabe::participants {
namespace {

struct Row {
  HandoverItem item;
  std::vector<std::string> stages;
  DayRange valid;
};

const std::vector<Row>& Table() {
  static const auto* const table = [] {
    auto* const read = new std::vector<Row>;
    const auto csv = CsvTable::Parse(embedded::participants::handover_list_csv());
    TEILHABE_CHECK(csv.ok());
    const auto at = csv->Columns({"id", "stages", "valid_from", "valid_to", "present", "text", "legal_basis"});
    TEILHABE_CHECK(at.ok());
    for (const auto& row : csv->rows()) {
      const auto valid = ParseDayRange(row[(*at)[2]], row[(*at)[3]]);
      TEILHABE_CHECK(valid.ok());
      read->push_back(
          {{row[(*at)[0]], row[(*at)[4]], row[(*at)[5]], row[(*at)[6]]}, absl::StrSplit(row[(*at)[1]], ' '), *valid});
    }
    return read;
  }();
  return *table;
}

}  // namespace

std::vector<HandoverItem> HandoverListFor(Stage stage, absl::CivilDay day) {
  std::vector<HandoverItem> list;
  for (const Row& row : Table()) {
    const bool asked = std::find(row.stages.begin(), row.stages.end(), StageName(stage)) != row.stages.end();
    if (asked && row.valid.Contains(day)) list.push_back(row.item);
  }
  return list;
}

std::string HandoverItemText(std::string_view id) {
  const auto& rows = Table();
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.item.id == id; });
  return found == rows.end() ? std::string(id) : found->item.text;
}

std::vector<std::string> MissingItems(const std::vector<HandoverItem>& list, const std::set<std::string>& present) {
  std::vector<std::string> missing;
  for (const HandoverItem& item : list) {
    const std::vector<std::string> any = absl::StrSplit(item.present, '|');
    const bool there =
        std::any_of(any.begin(), any.end(), [&](const std::string& one) { return present.contains(one); });
    if (!there) missing.push_back(item.id);
  }
  return missing;
}

}  // namespace teilhabe::participants
