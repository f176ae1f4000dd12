#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/rpc/status.h"
#include "google/type/date.pb.h"
#include "grpcpp/channel.h"
#include "services/ctl/client.h"

namespace teilhabe::ctl {

// The calls of one command, over one channel to the node.
class NodeCalls {
 public:
  // `session` must outlive it. Errors: those of Session::Channel.
  static absl::StatusOr<NodeCalls> Make(const Session& session);

  // Calls one method: Ask(&CaseService::Stub::GetCase, request). Errors: those of the node.
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Ask(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                               const Request& request) const {
    Stub stub(channel_);
    grpc::ClientContext context;
    session_->Bound(context);
    Response response;
    const grpc::Status status = (stub.*method)(&context, request, &response);
    if (!status.ok()) return rpc::FromGrpcStatus(status);
    return response;
  }

  // Today in the network, whose clock may have been moved.
  absl::StatusOr<google::type::Date> Today() const;
  // The day that `text` says, today where it says nothing. Errors: kInvalidArgument, DAY_INVALID with `field`.
  absl::StatusOr<google::type::Date> DayOrToday(const std::string& text, std::string_view field) const;
  // A case by its id, or by this agency's file number, which must be one case's only. Errors: kNotFound CASE_UNKNOWN;
  // kInvalidArgument FILE_NUMBER_AMBIGUOUS; those of ListCases.
  absl::StatusOr<std::string> CaseId(const std::string& text) const;

  const Session& session() const { return *session_; }

 private:
  NodeCalls(const Session& session, std::shared_ptr<grpc::Channel> channel)
      : session_(&session), channel_(std::move(channel)) {}

  const Session* session_;
  std::shared_ptr<grpc::Channel> channel_;
};

// 32 lower-case hex digits from the system's generator: a new case, a new request.
std::string NewId();

// A day of the command line. Errors: kInvalidArgument, DAY_INVALID with `field`.
absl::StatusOr<google::type::Date> ReadDay(const std::string& text, std::string_view field);

}  // namespace teilhabe::ctl
