#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/carriers/convert.h"

namespace teilhabe::carriers {

// What CarriersService.DetermineCompetence answers, by the embedded rules: for use cases in the same process, which run
// without gRPC. Pure; safe from any thread. Errors: see the rpc.
absl::StatusOr<v1::DetermineCompetenceResponse> DetermineCompetence(const v1::DetermineCompetenceRequest& request);

// Answers one question by these rules.
absl::Status Answer(const CompetenceRules& rules, const v1::CompetenceQuestion& question, Detail detail,
                    v1::Competence* competence);
// Which law and data they are.
v1::Versions VersionsOf(const CompetenceRules& rules);

}  // namespace teilhabe::carriers
