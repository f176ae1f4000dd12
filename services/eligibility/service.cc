#include "services/eligibility/service.h"

#include "absl/strings/str_cat.h"
#include "common/rpc/convert.h"
#include "common/rpc/status.h"
#include "services/eligibility/evaluate.h"

namespace teilhabe::eligibility {

EligibilityServiceImpl::EligibilityServiceImpl(std::shared_ptr<const rpc::Gatekeeper> gatekeeper)
    : rules_(AdmissionRules::Embedded()), gatekeeper_(std::move(gatekeeper)) {}

absl::StatusOr<rpc::Caller> EligibilityServiceImpl::Admit(const grpc::ServerContextBase& context,
                                                          const char* method) const {
  if (gatekeeper_ == nullptr) return rpc::Caller();
  return gatekeeper_->Admit(context, absl::StrCat(kName, "/", method));
}

grpc::Status EligibilityServiceImpl::EvaluateAdmission(grpc::ServerContext* context,
                                                       const v1::EvaluateAdmissionRequest* request,
                                                       v1::EvaluateAdmissionResponse* response) {
  const auto caller = Admit(*context, "EvaluateAdmission");
  if (!caller.ok()) return rpc::ToGrpcStatus(caller.status());
  auto answer = eligibility::EvaluateAdmission(*request);
  if (!answer.ok()) return rpc::ToGrpcStatus(answer.status());
  *response = *std::move(answer);
  return grpc::Status::OK;
}

grpc::Status EligibilityServiceImpl::ListAdmissionRules(grpc::ServerContext* context,
                                                        const v1::ListAdmissionRulesRequest* request,
                                                        v1::ListAdmissionRulesResponse* response) {
  const auto caller = Admit(*context, "ListAdmissionRules");
  if (!caller.ok()) return rpc::ToGrpcStatus(caller.status());
  std::optional<absl::CivilDay> day;
  if (request->has_law_day()) {
    const auto made = rpc::FromProto(request->law_day(), "law_day");
    if (!made.ok()) return rpc::ToGrpcStatus(made.status());
    day = *made;
  }
  for (const law::Rule& rule : rules_.book().rules()) {
    if (day && !rule.valid.Contains(*day)) continue;
    carriers::v1::RuleDescription* row = response->add_rules();
    row->set_rule_id(rule.id);
    row->set_list(rule.list);
    row->set_condition(rule.condition);
    row->set_outcome(rule.outcome);
    if (rule.valid.from) *row->mutable_valid_from() = rpc::ToProto(*rule.valid.from);
    if (rule.valid.to) *row->mutable_valid_to() = rpc::ToProto(*rule.valid.to);
    row->set_force(static_cast<law::v1::Force>(static_cast<int>(rule.force) + 1));
    row->set_citation(rule.citation);
  }
  return grpc::Status::OK;
}

}  // namespace teilhabe::eligibility
