#include "common/law/parameters.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/check.h"
#include "common/base/csv.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "embedded/law.h"

namespace teilhabe::law {
namespace {

absl::Status Invalid(std::string_view name, std::string_view why) {
  return FieldError(absl::StatusCode::kInvalidArgument, "PARAMETERS_INVALID", name,
                    absl::StrCat("parameter ", ToAbsl(name), ": ", ToAbsl(why)));
}

bool IsDigits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Reads digits, at most twelve before and six after the point; no floating point on the way.
absl::StatusOr<std::int64_t> ParseMicros(std::string_view name, std::string_view text) {
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view decimals = point == std::string_view::npos ? "0" : text.substr(point + 1);
  std::int64_t micros = 0;
  if (!IsDigits(whole) || whole.size() > 12 || !IsDigits(decimals) || decimals.size() > 6 ||
      !absl::SimpleAtoi(absl::StrCat(ToAbsl(whole), ToAbsl(decimals), std::string(6 - decimals.size(), '0')),
                        &micros)) {
    return Invalid(name, absl::StrCat("'", ToAbsl(text), "' is no figure"));
  }
  return micros;
}

}  // namespace

absl::StatusOr<Parameters> Parameters::Load(std::string_view csv) {
  TEILHABE_ASSIGN_OR_RETURN(const CsvTable table, CsvTable::Parse(csv));
  TEILHABE_ASSIGN_OR_RETURN(
      const auto at, table.Columns({"parameter", "unit", "value", "region", "valid_from", "valid_to", "source"}));
  Parameters parameters;
  for (const auto& cells : table.rows()) {
    const std::string& name = cells[at[0]];
    if (name.empty()) return Invalid(name, "a row has no name");
    const auto valid = ParseDayRange(cells[at[4]], cells[at[5]]);
    if (!valid.ok()) return Invalid(name, ToStd(valid.status().message()));
    const std::string& region = cells[at[3]];
    if (region != "DE" && region != "WEST" && region != "OST") return Invalid(name, "region is DE, WEST or OST");
    if (cells[at[1]].empty() || cells[at[6]].empty()) return Invalid(name, "unit and source are needed");
    Row row{name, region, *valid, !cells[at[2]].empty(), {0, cells[at[1]], cells[at[6]]}};
    if (row.known) {
      TEILHABE_ASSIGN_OR_RETURN(row.figure.micros, ParseMicros(name, cells[at[2]]));
    }
    for (const Row& other : parameters.rows_) {
      if (other.name == row.name && other.region == row.region && other.valid.Overlaps(row.valid)) {
        return Invalid(name, "two rows hold on the same day");
      }
    }
    parameters.rows_.push_back(std::move(row));
  }
  return parameters;
}

const Parameters& Parameters::Embedded() {
  static const auto* const parameters = [] {
    auto loaded = Load(EmbeddedText());
    TEILHABE_CHECK(loaded.ok());
    return new Parameters(*std::move(loaded));
  }();
  return *parameters;
}

std::string_view Parameters::EmbeddedText() { return embedded::law::parameters_csv(); }

absl::StatusOr<Figure> Parameters::Get(std::string_view name, absl::CivilDay day, std::string_view region) const {
  for (const Row& row : rows_) {
    if (row.name == name && row.region == region && row.known && row.valid.Contains(day)) return row.figure;
  }
  return FieldError(absl::StatusCode::kFailedPrecondition, "PARAMETER_MISSING", name,
                    absl::StrCat("no figure of ", ToAbsl(name), " (", ToAbsl(region), ") holds on ", FormatDay(day),
                                 "; enter it before this day is decided"));
}

std::vector<absl::CivilDay> Parameters::ChangesOf(std::string_view name, std::string_view region) const {
  std::vector<absl::CivilDay> changes;
  for (const Row& row : rows_) {
    if (row.name != name || row.region != region) continue;
    if (row.valid.from) changes.push_back(*row.valid.from);
    if (row.valid.to) changes.push_back(*row.valid.to + 1);
  }
  return changes;
}

}  // namespace teilhabe::law
