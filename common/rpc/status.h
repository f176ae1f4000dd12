#pragma once

#include <map>
#include <string>

#include "absl/status/status.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"

namespace teilhabe::rpc {

// The one function that turns an error into what travels: google.rpc.Status with
// ErrorInfo{reason, domain "teilhabe", metadata} as its detail. A status without a reason is a bug of ours: it is
// logged and sent as INTERNAL without its text.
grpc::Status ToGrpcStatus(const absl::Status& status);
google::rpc::Status ToProtoStatus(const absl::Status& status);

// Back again: the reason and its details as FieldError and WithDetail made them. gRPC's own refusal of a message gets
// the reason MESSAGE_TOO_LARGE, field `message`.
absl::Status FromGrpcStatus(const grpc::Status& status);
absl::Status FromProtoStatus(const google::rpc::Status& status);

}  // namespace teilhabe::rpc
