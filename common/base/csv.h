#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace teilhabe {

// A CSV text (RFC 4180, UTF-8, header row, comma) as rows of cells. Every row has as many cells as the header.
class CsvTable {
 public:
  // Errors: kInvalidArgument, CSV_MALFORMED with the line; CSV_EMPTY without a header.
  static absl::StatusOr<CsvTable> Parse(std::string_view text);

  const std::vector<std::string>& header() const { return header_; }
  const std::vector<std::vector<std::string>>& rows() const { return rows_; }

  // Positions of the named columns, in that order. Errors: kInvalidArgument, CSV_COLUMN_MISSING with its name.
  absl::StatusOr<std::vector<std::size_t>> Columns(const std::vector<std::string_view>& names) const;

 private:
  std::vector<std::string> header_;
  std::vector<std::vector<std::string>> rows_;
};

// One line of CSV, quoted where needed, with its line end. A cell that a spreadsheet would run as a formula
// (starting with = + - @, unless it is a number) gets a leading apostrophe.
std::string CsvLine(const std::vector<std::string>& cells);

}  // namespace teilhabe
