#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/law/facts.h"
#include "google/type/date.pb.h"
#include "teilhabe/law/v1/facts.pb.h"

namespace teilhabe::rpc {

google::type::Date ToProto(absl::CivilDay day);
// Errors: kInvalidArgument, DAY_INVALID with `field`: a day that does not exist, or a part left out.
absl::StatusOr<absl::CivilDay> FromProto(const google::type::Date& day, std::string_view field);

// Facts as they travel and as rules read them. Errors: those of law::SetFact.
absl::StatusOr<law::Facts> FromProto(const teilhabe::law::v1::Facts& facts, const reference::Reference& reference);
teilhabe::law::v1::Facts ToProto(const law::Facts& facts, const reference::Reference& reference);

// The name of a fact in answers.
inline teilhabe::law::v1::FactName ToProto(law::FactId fact) {
  return static_cast<teilhabe::law::v1::FactName>(static_cast<int>(fact) + 1);
}

}  // namespace teilhabe::rpc
