#include "services/carriers/determine.h"

#include "common/base/status_macros.h"
#include "common/crypto/digest.h"
#include "common/rpc/convert.h"

namespace teilhabe::carriers {

v1::Versions VersionsOf(const CompetenceRules& rules) {
  v1::Versions versions;
  versions.set_rules_digest(crypto::Sha256(CompetenceRules::EmbeddedText()).Hex());
  versions.set_parameters_digest(crypto::Sha256(law::Parameters::EmbeddedText()).Hex());
  std::string tables;
  for (const reference::TableVersion& table : rules.reference().Versions()) tables += table.sha256;
  versions.set_reference_digest(crypto::Sha256(tables).Hex());
  *versions.mutable_reference_day() = rpc::ToProto(DataDay(rules.reference()));
  return versions;
}

absl::Status Answer(const CompetenceRules& rules, const v1::CompetenceQuestion& question, Detail detail,
                    v1::Competence* competence) {
  TEILHABE_ASSIGN_OR_RETURN(const Question asked, FromProto(question, rules.reference()));
  TEILHABE_ASSIGN_OR_RETURN(const Competence answer, rules.Determine(asked));
  ToProto(rules, asked, answer, detail, competence);
  return absl::OkStatus();
}

absl::StatusOr<v1::DetermineCompetenceResponse> DetermineCompetence(const v1::DetermineCompetenceRequest& request) {
  const CompetenceRules& rules = CompetenceRules::Embedded();
  static const auto* const versions = new v1::Versions(VersionsOf(rules));
  v1::DetermineCompetenceResponse response;
  TEILHABE_RETURN_IF_ERROR(Answer(rules, request.question(), request.with_text() ? Detail::kText : Detail::kFindings,
                                  response.mutable_competence()));
  *response.mutable_versions() = *versions;
  return response;
}

}  // namespace teilhabe::carriers
