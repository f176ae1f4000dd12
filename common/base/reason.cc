#include "common/base/reason.h"

#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/strings.h"

namespace teilhabe {
namespace {
constexpr char kReasonUrl[] = "teilhabe/reason";
constexpr char kDetailPrefix[] = "teilhabe/detail/";
}  // namespace

absl::Status ReasonError(absl::StatusCode code, std::string_view reason, std::string_view message) {
  absl::Status status(code, ToAbsl(message));
  status.SetPayload(kReasonUrl, absl::Cord(ToAbsl(reason)));
  return status;
}

absl::Status FieldError(absl::StatusCode code, std::string_view reason, std::string_view field,
                        std::string_view message) {
  return WithDetail(ReasonError(code, reason, message), "field", field);
}

absl::Status WithDetail(absl::Status status, std::string_view key, std::string_view value) {
  status.SetPayload(absl::StrCat(kDetailPrefix, ToAbsl(key)), absl::Cord(ToAbsl(value)));
  return status;
}

std::string GetReason(const absl::Status& status) {
  const auto payload = status.GetPayload(kReasonUrl);
  return payload.has_value() ? std::string(*payload) : std::string();
}

std::string GetField(const absl::Status& status) {
  const auto payload = status.GetPayload(absl::StrCat(kDetailPrefix, "field"));
  return payload.has_value() ? std::string(*payload) : std::string();
}

std::map<std::string, std::string> GetDetails(const absl::Status& status) {
  std::map<std::string, std::string> details;
  status.ForEachPayload([&details](absl::string_view url, const absl::Cord& payload) {
    if (absl::ConsumePrefix(&url, kDetailPrefix)) details.emplace(std::string(url), std::string(payload));
  });
  return details;
}

}  // namespace teilhabe
