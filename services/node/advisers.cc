#include "services/node/advisers.h"

#include "absl/time/clock.h"
#include "common/base/reason.h"
#include "common/rpc/status.h"
#include "common/rpc/tls.h"
#include "services/carriers/determine.h"
#include "services/eligibility/evaluate.h"

namespace teilhabe {

absl::StatusOr<eligibility::v1::EvaluateAdmissionResponse> DirectAdvisers::EvaluateAdmission(
    const eligibility::v1::EvaluateAdmissionRequest& request) {
  return eligibility::EvaluateAdmission(request);
}

absl::StatusOr<carriers::v1::DetermineCompetenceResponse> DirectAdvisers::DetermineCompetence(
    const carriers::v1::DetermineCompetenceRequest& request) {
  return carriers::DetermineCompetence(request);
}

std::shared_ptr<ChannelPeers::Stub> ChannelPeers::Of(const std::string& member) {
  const auto directory = state_.directory();
  const auto* const entry = directory->Find(member);
  if (entry == nullptr || entry->member.endpoint().empty()) return nullptr;
  absl::MutexLock lock(&mutex_);
  Link& link = links_[member];
  if (link.stub == nullptr || link.endpoint != entry->member.endpoint()) {
    link.endpoint = entry->member.endpoint();
    link.stub = participants::v1::PeerCaseService::NewStub(rpc::MakeChannel(
        link.endpoint, member, state_.setup().identity, state_.setup().directory, {absl::Seconds(5), 4 << 20}));
  }
  return link.stub;
}

template <typename Response, typename Request>
absl::StatusOr<Response> ChannelPeers::Ask(const std::string& member, const Request& request,
                                           grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                                        Response*)) {
  const std::shared_ptr<Stub> stub = Of(member);
  if (stub == nullptr) {
    return FieldError(absl::StatusCode::kNotFound, "MEMBER_UNKNOWN", "member", "it is no member with a node");
  }
  Response response;
  grpc::ClientContext context;
  const grpc::Status status = (stub.get()->*method)(&context, request, &response);
  if (status.ok()) return response;
  const absl::Status failed = rpc::FromGrpcStatus(status);
  if (!GetReason(failed).empty()) return failed;
  return ReasonError(absl::StatusCode::kUnavailable, "PEER_UNREACHABLE", "the other node does not answer");
}

absl::StatusOr<participants::v1::HaveOpenCaseResponse> ChannelPeers::HaveOpenCase(
    const std::string& member, const participants::v1::HaveOpenCaseRequest& request) {
  return Ask(member, request, &Stub::HaveOpenCase);
}

absl::StatusOr<participants::v1::ListOwnAccessesResponse> ChannelPeers::ListOwnAccesses(
    const std::string& member, const participants::v1::ListOwnAccessesRequest& request) {
  return Ask(member, request, &Stub::ListOwnAccesses);
}

absl::StatusOr<participants::v1::GetHandoverListResponse> ChannelPeers::GetHandoverList(
    const std::string& member, const participants::v1::GetHandoverListRequest& request) {
  return Ask(member, request, &Stub::GetHandoverList);
}

}  // namespace teilhabe
