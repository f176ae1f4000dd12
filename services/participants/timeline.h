#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/dossier/format.h"
#include "services/participants/records.h"
#include "teilhabe/participants/v1/cases.pb.h"

// What happened to a case, in order and in German sentences.
namespace teilhabe::participants {

// A page of at most `size` entries, after those that a token is of; empty: the first page, with the roles. Errors:
// kInvalidArgument PAGE_TOKEN.
absl::StatusOr<v1::GetTimelineResponse> MakeTimeline(const CaseFile& file,
                                                     const std::vector<dossier::Statement>& statements, int size,
                                                     const std::string& token);

// One sentence on a step, for case workers and the person: `Antrag auf Leistungen im Arbeitsbereich, eingegangen am …`.
std::string StepText(const v1::Procedure& step);

}  // namespace teilhabe::participants
