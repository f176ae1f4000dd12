#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/civil_time.h"
#include "services/participants/domain/case.h"

// What an agency needs of a case that comes to it for a stage: its published list, handover_list.csv. Which rows an
// agency asks for is its own; this is what all of them publish as long as none has said otherwise.
namespace teilhabe::participants {

struct HandoverItem {
  std::string id;
  std::string present;  // `record section`, or `report:kind`; several between bars: any of them.
  std::string text;     // German.
  std::string legal_basis;
};

// The list for a stage on a day.
std::vector<HandoverItem> HandoverListFor(Stage stage, absl::CivilDay day);

// What an item is called, in German; its id, where an agency's list has one that is not in the table.
std::string HandoverItemText(std::string_view id);

// Ids of the items that are not there. `present`: what a case has, `<record> <section>` for each section, the opening's
// record being `opened`, and `report:<kind>` for each report.
std::vector<std::string> MissingItems(const std::vector<HandoverItem>& list, const std::set<std::string>& present);

}  // namespace teilhabe::participants
