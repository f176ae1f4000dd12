#include "common/rpc/status.h"

#include "absl/strings/match.h"
#include "common/base/log.h"
#include "common/base/reason.h"
#include "common/base/strings.h"
#include "common/base/utf8.h"
#include "google/rpc/error_details.pb.h"

namespace teilhabe::rpc {
namespace {

constexpr char kDomain[] = "teilhabe";

absl::Status Rebuild(absl::StatusCode code, std::string_view message, const google::rpc::Status& proto) {
  for (const auto& detail : proto.details()) {
    google::rpc::ErrorInfo info;
    if (!detail.UnpackTo(&info) || info.domain() != kDomain) continue;
    absl::Status status = ReasonError(code, info.reason(), message);
    for (const auto& [key, value] : info.metadata()) status = WithDetail(std::move(status), key, value);
    return status;
  }
  return absl::Status(code, ToAbsl(message));
}

}  // namespace

google::rpc::Status ToProtoStatus(const absl::Status& status) {
  google::rpc::Status proto;
  const std::string reason = GetReason(status);
  if (reason.empty()) {
    Log(LogLevel::kError, "error_without_reason", {{"message", ToStd(status.message())}});
    proto.set_code(static_cast<int>(absl::StatusCode::kInternal));
    proto.set_message("internal error; the node's log has the cause");
    return proto;
  }
  proto.set_code(static_cast<int>(status.code()));
  // Messages quote what was sent, cut to a length: perhaps within a letter.
  proto.set_message(ReplaceInvalidUtf8(ToStd(status.message())));
  google::rpc::ErrorInfo info;
  info.set_reason(reason);
  info.set_domain(kDomain);
  for (const auto& [key, value] : GetDetails(status)) (*info.mutable_metadata())[key] = ReplaceInvalidUtf8(value);
  proto.add_details()->PackFrom(info);
  return proto;
}

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const google::rpc::Status proto = ToProtoStatus(status);
  return {static_cast<grpc::StatusCode>(proto.code()), proto.message(), proto.SerializeAsString()};
}

absl::Status FromProtoStatus(const google::rpc::Status& status) {
  return Rebuild(static_cast<absl::StatusCode>(status.code()), status.message(), status);
}

absl::Status FromGrpcStatus(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  // What gRPC itself refuses has no reason; this one happens to callers who do nothing else wrong.
  if (status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED &&
      absl::StrContains(status.error_message(), "message larger than max")) {
    return FieldError(absl::StatusCode::kResourceExhausted, "MESSAGE_TOO_LARGE", "message", status.error_message());
  }
  google::rpc::Status proto;
  if (!proto.ParseFromString(status.error_details())) proto.Clear();
  return Rebuild(static_cast<absl::StatusCode>(status.error_code()), status.error_message(), proto);
}

}  // namespace teilhabe::rpc
