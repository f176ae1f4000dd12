#pragma once

#include <array>
#include <string>
#include <string_view>

#include "common/reference/tables.h"

namespace teilhabe::reference {

// A whole set of tables of a few rows, valid as it stands, for tests that break or change one cell. Invented.
class SmallTexts {
 public:
  SmallTexts();

  std::string& operator[](DataTable table) { return tables_[static_cast<std::size_t>(table)]; }
  std::string& manifest() { return manifest_; }
  // Replaces the first `from` in one table; ends the process where it is not there, so that no test passes idly.
  SmallTexts& Replace(DataTable table, std::string_view from, std::string_view to);
  // Valid while this object lives and does not change.
  ReferenceTexts Texts() const;

 private:
  std::array<std::string, kDataTableCount> tables_;
  std::string manifest_;
};

}  // namespace teilhabe::reference
