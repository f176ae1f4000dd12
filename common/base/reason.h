#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"

namespace teilhabe {

// An error that a client can act on. `reason` is stable and machine-readable (UPPER_SNAKE_CASE); `message` says what is
// wrong and what to do, and holds nobody's data. At the gRPC edge it becomes google.rpc.ErrorInfo.
absl::Status ReasonError(absl::StatusCode code, std::string_view reason, std::string_view message);

// The same with the field at fault, named as in the contract (`facts.birth_date`, `event_day`).
absl::Status FieldError(absl::StatusCode code, std::string_view reason, std::string_view field,
                        std::string_view message);

// Adds one further machine-readable item (`successor` = `16063105`) to an error. Has no effect on OK.
absl::Status WithDetail(absl::Status status, std::string_view key, std::string_view value);

// The reason, or "" where the status has none.
std::string GetReason(const absl::Status& status);
// The field, or "" where the status names none.
std::string GetField(const absl::Status& status);
// All items added by WithDetail, and the field under the key "field".
std::map<std::string, std::string> GetDetails(const absl::Status& status);

}  // namespace teilhabe
