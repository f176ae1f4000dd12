#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "teilhabe/carriers/v1/competence.pb.h"

namespace teilhabe::ctl {

// A question as it is written on the command line or in a row of CSV.
struct QuestionText {
  std::string municipality;
  std::string stage;              // eingangsverfahren, berufsbildungsbereich, arbeitsbereich
  std::string provider = "wfbm";  // wfbm, ala
  std::string event_day;          // YYYY-MM-DD
  std::string law_day;            // Empty: event_day.
  std::string known_at;           // Empty: the newest data.
  std::vector<std::pair<std::string, std::string>> facts;
};

// Errors: kInvalidArgument with field: FIELD_REQUIRED, VALUE_UNKNOWN (with the nearest known value), DAY_INVALID,
// VALUE_NOT_UTF8 and those of law::SetFact.
absl::StatusOr<carriers::v1::CompetenceQuestion> ToProto(const QuestionText& text);

// Enum values as people and CSV have them: `DETERMINED`, `PENSION_INSURANCE`, `insured_months`.
std::string ShortName(carriers::v1::Outcome outcome);
std::string ShortName(carriers::v1::CarrierKind kind);
std::string ShortName(law::v1::FactName fact);

}  // namespace teilhabe::ctl
