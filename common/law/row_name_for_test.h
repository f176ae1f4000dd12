#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace teilhabe::law {

// A name of a row of a table of tests, from its number and its texts: letters, digits and _ are all that gtest takes.
inline std::string RowName(std::size_t row, std::string_view text) {
  std::string name = (row < 10 ? "0" : "") + std::to_string(row) + "_";
  for (const char c : text.substr(0, 60)) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (plain || c == '<' || c == '>') {
      name += plain ? std::string(1, c) : c == '<' ? "below" : "over";
    } else if (name.back() != '_') {
      name += '_';
    }
  }
  return name;
}

}  // namespace teilhabe::law
