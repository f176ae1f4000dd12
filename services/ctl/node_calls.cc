#include "services/ctl/node_calls.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/day.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/crypto/random.h"
#include "common/rpc/convert.h"
#include "teilhabe/handover/v1/network_service.grpc.pb.h"
#include "teilhabe/participants/v1/case_service.grpc.pb.h"

namespace teilhabe::ctl {
namespace {

constexpr std::size_t kIdBytes = 16;

bool IsId(const std::string& text) {
  return text.size() == 2 * kIdBytes && std::all_of(text.begin(), text.end(), [](char letter) {
           return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'f');
         });
}

}  // namespace

absl::StatusOr<NodeCalls> NodeCalls::Make(const Session& session) {
  TEILHABE_ASSIGN_OR_RETURN(auto channel, session.Channel());
  return NodeCalls(session, std::move(channel));
}

absl::StatusOr<google::type::Date> NodeCalls::Today() const {
  TEILHABE_ASSIGN_OR_RETURN(const auto status,
                            Ask(&handover::v1::NetworkService::Stub::GetStatus, handover::v1::GetStatusRequest()));
  return status.network_day();
}

absl::StatusOr<google::type::Date> NodeCalls::DayOrToday(const std::string& text, std::string_view field) const {
  return text.empty() ? Today() : ReadDay(text, field);
}

absl::StatusOr<std::string> NodeCalls::CaseId(const std::string& text) const {
  const auto refuse = [](absl::StatusCode code, const char* reason, std::string_view message) {
    return FieldError(code, reason, "case", message);
  };
  if (IsId(text)) return text;
  if (text.empty()) return refuse(absl::StatusCode::kInvalidArgument, "FIELD_REQUIRED", "name the case");
  participants::v1::ListCasesRequest request;
  request.set_file_number(text);
  request.set_page_size(2);
  TEILHABE_ASSIGN_OR_RETURN(const auto found, Ask(&participants::v1::CaseService::Stub::ListCases, request));
  if (found.cases().empty()) {
    return refuse(absl::StatusCode::kNotFound, "CASE_UNKNOWN", "this agency has no case with this id or file number");
  }
  if (found.cases_size() > 1) {
    return refuse(absl::StatusCode::kInvalidArgument, "FILE_NUMBER_AMBIGUOUS",
                  "several cases have this file number; name one by its id (teilhabe case list --file-number)");
  }
  return found.cases(0).case_();
}

std::string NewId() {
  crypto::SystemRng rng;
  return absl::BytesToHexString(rng.Bytes(kIdBytes));
}

absl::StatusOr<google::type::Date> ReadDay(const std::string& text, std::string_view field) {
  TEILHABE_ASSIGN_OR_RETURN(const absl::CivilDay day, ParseDay(text, field));
  return rpc::ToProto(day);
}

}  // namespace teilhabe::ctl
