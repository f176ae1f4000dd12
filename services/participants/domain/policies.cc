#include "services/participants/domain/policies.h"

#include <algorithm>

#include "absl/strings/str_split.h"
#include "common/base/check.h"
#include "common/base/csv.h"
#include "embedded/participants.h"

namespace teilhabe::participants {

bool Policy::Binds(std::string_view member) const {
  return std::find(signatories.begin(), signatories.end(), member) != signatories.end();
}

bool Policy::IsSignedBy(std::vector<std::string> members) const {
  std::vector<std::string> all = signatories;
  std::sort(all.begin(), all.end());
  std::sort(members.begin(), members.end());
  return all == members;
}

const std::vector<Policy>& Policies() {
  static const auto* const table = [] {
    auto* const read = new std::vector<Policy>;
    const auto csv = CsvTable::Parse(embedded::participants::policies_csv());
    TEILHABE_CHECK(csv.ok());
    const auto at = csv->Columns({"id", "land", "signatories", "name"});
    TEILHABE_CHECK(at.ok());
    for (const auto& row : csv->rows()) {
      read->push_back(
          {row[(*at)[0]], row[(*at)[1]], absl::StrSplit(row[(*at)[2]], ' ', absl::SkipEmpty()), row[(*at)[3]]});
    }
    return read;
  }();
  return *table;
}

const Policy* FindPolicy(std::string_view id) {
  const auto& all = Policies();
  const auto found = std::find_if(all.begin(), all.end(), [id](const Policy& policy) { return policy.id == id; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace teilhabe::participants
