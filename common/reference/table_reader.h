#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/csv.h"
#include "common/base/day.h"

namespace teilhabe::reference {

// A word of a column and what it stands for.
template <typename E>
struct Keyword {
  std::string_view text;
  E value;
};

// The word for a value; "" where the table has none.
template <typename E, std::size_t N>
std::string_view KeywordText(E value, const std::array<Keyword<E>, N>& keywords) {
  for (const Keyword<E>& keyword : keywords) {
    if (keyword.value == value) return keyword.text;
  }
  return {};
}

// Whether `text` is exactly `count` decimal digits.
bool IsDigits(std::string_view text, std::size_t count);

// One CSV of the reference data while it is read; internal to this folder. Rows are addressed from 0, but errors and
// stored row numbers count as a spreadsheet does: the header is row 1. Every error is kInvalidArgument,
// REFERENCE_INVALID, with the details file, row and column (a text that is no table at all has no column).
class TableReader {
 public:
  // Parses `text`, whose header must be exactly `columns` and whose cells have no blanks at their ends.
  static absl::StatusOr<TableReader> Read(std::string_view file, std::string_view text,
                                          const std::vector<std::string_view>& columns);

  std::size_t size() const { return table_.rows().size(); }
  const std::string& Cell(std::size_t at, std::size_t column) const { return table_.rows()[at][column]; }
  // Fits: Read rejects a table with more rows.
  static std::uint16_t RowNumber(std::size_t at) { return static_cast<std::uint16_t>(at + 2); }

  absl::Status Error(std::size_t at, std::size_t column, std::string_view message) const;

  absl::StatusOr<absl::CivilDay> Day(std::size_t at, std::size_t column) const;
  // Two neighbouring columns, first and last day; an empty cell is an open bound.
  absl::StatusOr<DayRange> Range(std::size_t at, std::size_t from_column) const;
  // OK where the cell is `count` digits.
  absl::Status CheckDigits(std::size_t at, std::size_t column, std::size_t count) const;

  template <typename E, std::size_t N>
  absl::StatusOr<E> OneOf(std::size_t at, std::size_t column, const std::array<Keyword<E>, N>& keywords) const {
    for (const Keyword<E>& keyword : keywords) {
      if (keyword.text == Cell(at, column)) return keyword.value;
    }
    return Error(at, column, "is none of the words allowed here");
  }

 private:
  TableReader(std::string_view file, CsvTable table) : file_(file), table_(std::move(table)) {}

  std::string file_;
  CsvTable table_;
};

// What TableReader::Error makes, for a table that has no reader: `row` as a spreadsheet counts, 0 where unknown.
absl::Status ReferenceInvalid(std::string_view file, std::size_t row, std::string_view column,
                              std::string_view message);

}  // namespace teilhabe::reference
