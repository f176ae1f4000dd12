#include "common/reference/table_reader.h"

#include <algorithm>
#include <limits>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/reason.h"
#include "common/base/strings.h"

namespace teilhabe::reference {
namespace {

constexpr std::size_t kMostRows = std::numeric_limits<std::uint16_t>::max() - 1;

bool HasBlankEnds(std::string_view cell) {
  const auto blank = [](char c) { return absl::ascii_isspace(static_cast<unsigned char>(c)); };
  return !cell.empty() && (blank(cell.front()) || blank(cell.back()));
}

}  // namespace

bool IsDigits(std::string_view text, std::size_t count) {
  return text.size() == count && std::all_of(text.begin(), text.end(), [](char c) { return '0' <= c && c <= '9'; });
}

absl::Status ReferenceInvalid(std::string_view file, std::size_t row, std::string_view column,
                              std::string_view message) {
  std::string where(file);
  if (row != 0) absl::StrAppend(&where, " row ", row);
  if (!column.empty()) absl::StrAppend(&where, " column ", ToAbsl(column));
  absl::Status status =
      ReasonError(absl::StatusCode::kInvalidArgument, "REFERENCE_INVALID", absl::StrCat(where, ": ", ToAbsl(message)));
  status = WithDetail(std::move(status), "file", file);
  if (row != 0) status = WithDetail(std::move(status), "row", absl::StrCat(row));
  if (!column.empty()) status = WithDetail(std::move(status), "column", column);
  return status;
}

absl::StatusOr<TableReader> TableReader::Read(std::string_view file, std::string_view text,
                                              const std::vector<std::string_view>& columns) {
  absl::StatusOr<CsvTable> table = CsvTable::Parse(text);
  if (!table.ok()) return ReferenceInvalid(file, 0, "", ToStd(table.status().message()));
  const std::vector<std::string>& header = table->header();
  for (std::size_t column = 0; column < std::max(columns.size(), header.size()); ++column) {
    if (column >= columns.size()) {
      return ReferenceInvalid(file, 1, header[column], "is a column too many");
    }
    if (column >= header.size() || header[column] != columns[column]) {
      return ReferenceInvalid(file, 1, columns[column],
                              absl::StrCat("is missing at position ", column + 1, " of the header"));
    }
  }
  if (table->rows().size() > kMostRows) return ReferenceInvalid(file, kMostRows, "", "has too many rows");
  TableReader reader(file, *std::move(table));
  for (std::size_t at = 0; at < reader.size(); ++at) {
    for (std::size_t column = 0; column < columns.size(); ++column) {
      if (HasBlankEnds(reader.Cell(at, column))) return reader.Error(at, column, "has blanks at its ends");
    }
  }
  return reader;
}

absl::Status TableReader::Error(std::size_t at, std::size_t column, std::string_view message) const {
  return ReferenceInvalid(file_, RowNumber(at), table_.header()[column],
                          absl::StrCat("'", Cell(at, column).substr(0, 40), "' ", ToAbsl(message)));
}

absl::StatusOr<absl::CivilDay> TableReader::Day(std::size_t at, std::size_t column) const {
  absl::StatusOr<absl::CivilDay> day = ParseDay(Cell(at, column));
  if (!day.ok()) return Error(at, column, "is not a day, YYYY-MM-DD");
  return day;
}

absl::StatusOr<DayRange> TableReader::Range(std::size_t at, std::size_t from_column) const {
  for (const std::size_t column : {from_column, from_column + 1}) {
    if (!Cell(at, column).empty() && !ParseDay(Cell(at, column)).ok()) {
      return Error(at, column, "is not a day, YYYY-MM-DD");
    }
  }
  absl::StatusOr<DayRange> range = ParseDayRange(Cell(at, from_column), Cell(at, from_column + 1));
  if (!range.ok()) return Error(at, from_column + 1, "is before the first day");
  return range;
}

absl::Status TableReader::CheckDigits(std::size_t at, std::size_t column, std::size_t count) const {
  if (IsDigits(Cell(at, column), count)) return absl::OkStatus();
  return Error(at, column, absl::StrCat("is not ", count, " digits"));
}

}  // namespace teilhabe::reference
