#pragma once

#include <map>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "services/handover/network_state.h"
#include "services/participants/advisers.h"
#include "services/providers/register.h"
#include "teilhabe/participants/v1/peer_case_service.grpc.pb.h"

namespace teilhabe {

// The services that a decision asks, in the same process.
class DirectAdvisers final : public participants::Advisers {
 public:
  explicit DirectAdvisers(const providers::Register& providers) : providers_(providers) {}
  absl::StatusOr<eligibility::v1::EvaluateAdmissionResponse> EvaluateAdmission(
      const eligibility::v1::EvaluateAdmissionRequest& request) override;
  absl::StatusOr<carriers::v1::DetermineCompetenceResponse> DetermineCompetence(
      const carriers::v1::DetermineCompetenceRequest& request) override;
  absl::StatusOr<providers::v1::CheckProviderResponse> CheckProvider(
      const providers::v1::CheckProviderRequest& request) override {
    return providers_.Check(request);
  }

 private:
  const providers::Register& providers_;
};

// Other nodes, over mutual TLS. Channels are made when first needed and anew when a member has moved.
class ChannelPeers final : public participants::Peers {
 public:
  explicit ChannelPeers(handover::NetworkState& state) : state_(state) {}
  absl::StatusOr<participants::v1::HaveOpenCaseResponse> HaveOpenCase(
      const std::string& member, const participants::v1::HaveOpenCaseRequest& request) override;
  absl::StatusOr<participants::v1::ListOwnAccessesResponse> ListOwnAccesses(
      const std::string& member, const participants::v1::ListOwnAccessesRequest& request) override;
  absl::StatusOr<participants::v1::GetHandoverListResponse> GetHandoverList(
      const std::string& member, const participants::v1::GetHandoverListRequest& request) override;

 private:
  using Stub = participants::v1::PeerCaseService::Stub;
  struct Link {
    std::string endpoint;
    std::shared_ptr<Stub> stub;
  };
  template <typename Response, typename Request>
  absl::StatusOr<Response> Ask(const std::string& member, const Request& request,
                               grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*));
  std::shared_ptr<Stub> Of(const std::string& member);

  handover::NetworkState& state_;
  absl::Mutex mutex_;
  std::map<std::string, Link> links_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace teilhabe
