#include "common/base/spelling.h"

#include <algorithm>
#include <numeric>

namespace teilhabe {
namespace {

// Levenshtein's distance, one row at a time.
std::size_t Edits(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t above = row[j + 1];
      row[j + 1] = std::min({above + 1, row[j] + 1, diagonal + (a[i] == b[j] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row.back();
}

}  // namespace

std::string_view NearestSpelling(std::string_view word, const std::vector<std::string_view>& candidates) {
  word = word.substr(0, 64);
  std::string_view best;
  std::size_t best_edits = word.size() / 3 + 1;
  for (const std::string_view candidate : candidates) {
    const std::size_t edits = Edits(word, candidate);
    if (edits < best_edits) {
      best_edits = edits;
      best = candidate;
    }
  }
  return best;
}

}  // namespace teilhabe
