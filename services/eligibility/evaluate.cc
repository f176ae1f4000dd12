#include "services/eligibility/evaluate.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/crypto/digest.h"
#include "common/rpc/convert.h"
#include "services/eligibility/convert.h"

namespace teilhabe::eligibility {
namespace {

const carriers::v1::Versions& VersionsHeld() {
  static const auto* const versions = [] {
    auto* const made = new carriers::v1::Versions();
    made->set_rules_digest(
        crypto::Sha256(absl::StrCat(ToAbsl(AdmissionRules::EmbeddedText()), ToAbsl(AdmissionRules::EmbeddedPolicies())))
            .Hex());
    made->set_parameters_digest(crypto::Sha256(law::Parameters::EmbeddedText()).Hex());
    std::string tables;
    absl::CivilDay newest = absl::CivilDay::min();
    for (const reference::TableVersion& table : reference::EmbeddedReference().Versions()) {
      tables += table.sha256;
      newest = std::max(newest, table.as_of);
    }
    made->set_reference_digest(crypto::Sha256(tables).Hex());
    *made->mutable_reference_day() = rpc::ToProto(newest);
    return made;
  }();
  return *versions;
}

}  // namespace

absl::StatusOr<v1::EvaluateAdmissionResponse> EvaluateAdmission(const v1::EvaluateAdmissionRequest& request) {
  const AdmissionRules& rules = AdmissionRules::Embedded();
  TEILHABE_ASSIGN_OR_RETURN(const Question question, FromProto(request.question()));
  TEILHABE_ASSIGN_OR_RETURN(const Admission answer, rules.Evaluate(question));
  v1::EvaluateAdmissionResponse response;
  ToProto(rules, question, answer, request.with_text(), response.mutable_admission());
  *response.mutable_versions() = VersionsHeld();
  return response;
}

}  // namespace teilhabe::eligibility
