#pragma once

#include <memory>

#include "common/rpc/gatekeeper.h"
#include "services/eligibility/domain/admission.h"
#include "teilhabe/eligibility/v1/eligibility_service.grpc.pb.h"

namespace teilhabe::eligibility {

// The gRPC adapter: proto to domain and back, nothing else.
class EligibilityServiceImpl final : public v1::EligibilityService::Service {
 public:
  static constexpr char kName[] = "teilhabe.eligibility.v1.EligibilityService";

  // Without a gatekeeper everybody is admitted: for tests of the service itself.
  explicit EligibilityServiceImpl(std::shared_ptr<const rpc::Gatekeeper> gatekeeper = nullptr);

  grpc::Status EvaluateAdmission(grpc::ServerContext* context, const v1::EvaluateAdmissionRequest* request,
                                 v1::EvaluateAdmissionResponse* response) override;
  grpc::Status ListAdmissionRules(grpc::ServerContext* context, const v1::ListAdmissionRulesRequest* request,
                                  v1::ListAdmissionRulesResponse* response) override;

 private:
  absl::StatusOr<rpc::Caller> Admit(const grpc::ServerContextBase& context, const char* method) const;

  const AdmissionRules& rules_;
  const std::shared_ptr<const rpc::Gatekeeper> gatekeeper_;
};

}  // namespace teilhabe::eligibility
