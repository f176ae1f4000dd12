#include "common/base/csv.h"

#include <csv.h>

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/reason.h"
#include "common/base/strings.h"

namespace teilhabe {
namespace {

struct Collector {
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> row;
};

void OnCell(void* data, std::size_t size, void* collector) {
  static_cast<Collector*>(collector)->row.emplace_back(static_cast<const char*>(data), size);
}

void OnRow(int, void* collector) {
  auto* to = static_cast<Collector*>(collector);
  to->rows.push_back(std::move(to->row));
  to->row.clear();
}

bool LooksLikeFormula(const std::string& cell) {
  double number = 0;
  return !cell.empty() && std::string_view("=+-@\t\r").find(cell[0]) != std::string_view::npos &&
         !absl::SimpleAtod(cell, &number);
}

}  // namespace

absl::StatusOr<CsvTable> CsvTable::Parse(std::string_view text) {
  csv_parser parser;
  if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0) {
    return ReasonError(absl::StatusCode::kInternal, "CSV_UNAVAILABLE", "the CSV reader could not start");
  }
  Collector collector;
  const bool whole = csv_parse(&parser, text.data(), text.size(), OnCell, OnRow, &collector) == text.size() &&
                     csv_fini(&parser, OnCell, OnRow, &collector) == 0;
  csv_free(&parser);
  if (!whole) {
    return ReasonError(absl::StatusCode::kInvalidArgument, "CSV_MALFORMED",
                       absl::StrCat("unbalanced quotes after row ", collector.rows.size()));
  }
  if (collector.rows.empty()) {
    return ReasonError(absl::StatusCode::kInvalidArgument, "CSV_EMPTY", "the table has no header row");
  }
  CsvTable table;
  table.header_ = std::move(collector.rows.front());
  if (!table.header_.empty() && table.header_[0].starts_with("\xEF\xBB\xBF")) table.header_[0].erase(0, 3);
  for (std::size_t at = 1; at < collector.rows.size(); ++at) {
    if (collector.rows[at].size() != table.header_.size()) {
      return ReasonError(absl::StatusCode::kInvalidArgument, "CSV_MALFORMED",
                         absl::StrCat("row ", at + 1, " has ", collector.rows[at].size(), " cells, the header ",
                                      table.header_.size()));
    }
    table.rows_.push_back(std::move(collector.rows[at]));
  }
  return table;
}

absl::StatusOr<std::vector<std::size_t>> CsvTable::Columns(const std::vector<std::string_view>& names) const {
  std::vector<std::size_t> columns;
  for (const std::string_view name : names) {
    const auto found = std::find(header_.begin(), header_.end(), name);
    if (found == header_.end()) {
      return FieldError(absl::StatusCode::kInvalidArgument, "CSV_COLUMN_MISSING", name,
                        absl::StrCat("the table has no column '", ToAbsl(name), "'"));
    }
    columns.push_back(static_cast<std::size_t>(found - header_.begin()));
  }
  return columns;
}

std::string CsvLine(const std::vector<std::string>& cells) {
  std::string line;
  for (const std::string& cell : cells) {
    if (&cell != &cells.front()) line += ',';
    const std::string safe = LooksLikeFormula(cell) ? absl::StrCat("'", cell) : cell;
    if (safe.find_first_of(",\"\r\n") == std::string::npos) {
      line += safe;
      continue;
    }
    std::string quoted(csv_write(nullptr, 0, safe.data(), safe.size()), '\0');
    csv_write(quoted.data(), quoted.size(), safe.data(), safe.size());
    line += quoted;
  }
  line += '\n';
  return line;
}

}  // namespace teilhabe
