#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "teilhabe/carriers/v1/competence.pb.h"
#include "teilhabe/eligibility/v1/admission.pb.h"
#include "teilhabe/participants/v1/peer_cases.pb.h"
#include "teilhabe/providers/v1/provider.pb.h"

namespace teilhabe::participants {

// The services that a decision asks. They hold nothing of a person and call nobody. Safe from any thread.
class Advisers {
 public:
  virtual ~Advisers() = default;
  virtual absl::StatusOr<eligibility::v1::EvaluateAdmissionResponse> EvaluateAdmission(
      const eligibility::v1::EvaluateAdmissionRequest& request) = 0;
  virtual absl::StatusOr<carriers::v1::DetermineCompetenceResponse> DetermineCompetence(
      const carriers::v1::DetermineCompetenceRequest& request) = 0;
  virtual absl::StatusOr<providers::v1::CheckProviderResponse> CheckProvider(
      const providers::v1::CheckProviderRequest& request) = 0;
};

// The nodes of other members, asked by name. Errors of all: kUnavailable PEER_UNREACHABLE; kNotFound MEMBER_UNKNOWN;
// those of the contract.
class Peers {
 public:
  virtual ~Peers() = default;
  virtual absl::StatusOr<v1::HaveOpenCaseResponse> HaveOpenCase(const std::string& member,
                                                                const v1::HaveOpenCaseRequest& request) = 0;
  virtual absl::StatusOr<v1::ListOwnAccessesResponse> ListOwnAccesses(const std::string& member,
                                                                      const v1::ListOwnAccessesRequest& request) = 0;
  virtual absl::StatusOr<v1::GetHandoverListResponse> GetHandoverList(const std::string& member,
                                                                      const v1::GetHandoverListRequest& request) = 0;
};

}  // namespace teilhabe::participants
