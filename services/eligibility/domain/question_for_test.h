#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/eligibility/domain/admission.h"

namespace teilhabe::eligibility {

// Questions and answers as texts, for tests and tools beside them.

constexpr Stage kEv = Stage::kEingangsverfahren;
constexpr Stage kBbb = Stage::kBerufsbildungsbereich;
constexpr Stage kAb = Stage::kArbeitsbereich;
constexpr ProviderType kWfbm = ProviderType::kWfbm;
constexpr ProviderType kAla = ProviderType::kAla;

// Sets facts as on the command line, and forgets those behind a minus: "mindestmass=no -ev_done". Ends the process
// where one is malformed.
void Change(law::Facts& facts, std::string_view changes);

// A question that is MET by federal law, everything known, in Bayern on 2025-03-10; then with these changes.
Question Ask(Stage stage, ProviderType provider, std::string_view changes = "", std::string_view day = "2025-03-10");
// The same in the Land of the policy and under it: `nw-n` (with a Teilhabeplan) or `th-t`.
Question AskUnder(std::string_view policy, Stage stage, ProviderType provider, std::string_view changes = "",
                  std::string_view day = "2025-03-10");

std::string OutcomeName(const Admission& answer);  // MET, NOT_MET, UNDETERMINED
std::string Names(law::FactSet facts);             // In the order of the table, a blank between two.

// The answer in a line; parts that are empty are left out:
//   NOT_MET breaches: n04_teilhabeplan NO_TEILHABEPLAN; warnings: s58_1_3_age AGE_LIMIT; discretion: s60_3_ala
//   UNDETERMINED missing: ev_done return_from
std::string Summary(const Admission& answer);
// The error in a line: code, reason, field. Of an answer its Summary.
std::string Summary(const absl::StatusOr<Admission>& answer);
// By the embedded rules.
std::string Answer(const Question& question);

}  // namespace teilhabe::eligibility
