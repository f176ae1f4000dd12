#pragma once

#include <string_view>
#include <vector>

namespace teilhabe {

// The candidate that is the fewest edits away from `word`, or "" where none is near enough to have been meant (more
// than a third of the letters differ).
std::string_view NearestSpelling(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace teilhabe
