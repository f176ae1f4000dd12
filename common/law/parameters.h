#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/base/day.h"

namespace teilhabe::law {

// A dated figure, exact: in millionths of its unit.
struct Figure {
  std::int64_t micros = 0;
  std::string unit;    // "EUR/month", "months", ...
  std::string source;  // Citation.

  bool IsWhole() const { return micros % 1'000'000 == 0; }
  std::int64_t Whole() const { return micros / 1'000'000; }
};

// The dated figures of data/parameters.csv.
class Parameters {
 public:
  // Errors: kInvalidArgument, PARAMETERS_INVALID: a malformed cell, a reversed range, two rows for one day; CSV_*.
  static absl::StatusOr<Parameters> Load(std::string_view csv);
  // The embedded table. A broken one ends the process.
  static const Parameters& Embedded();
  // Its text, for a digest that an answer can name.
  static std::string_view EmbeddedText();

  // The figure that holds on `day` in `region` (DE, WEST, OST).
  // Errors: kFailedPrecondition, PARAMETER_MISSING with field `name`: no row for the day, or its value is not known
  // yet.
  absl::StatusOr<Figure> Get(std::string_view name, absl::CivilDay day, std::string_view region = "DE") const;

  // The first days of a row, and those after its end, for whoever cuts time into periods of equal law. Unsorted.
  std::vector<absl::CivilDay> ChangesOf(std::string_view name, std::string_view region = "DE") const;

 private:
  struct Row {
    std::string name;
    std::string region;
    DayRange valid;
    bool known;
    Figure figure;
  };
  std::vector<Row> rows_;
};

}  // namespace teilhabe::law
