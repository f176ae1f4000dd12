#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/carriers/domain/competence.h"

namespace teilhabe::carriers {

// Questions and answers as texts, for tests and tools beside them.

constexpr Stage kEv = Stage::kEingangsverfahren;
constexpr Stage kBbb = Stage::kBerufsbildungsbereich;
constexpr Stage kAb = Stage::kArbeitsbereich;

// Facts as on the command line: "cause=none insured_months=180". Ends the process where one is malformed.
law::Facts FactsFrom(std::string_view facts);
// `municipality` must outlive the question.
Question Ask(std::string_view municipality, Stage stage, std::string_view event_day, std::string_view facts = "");

// Reads rows of a table with the columns municipality, stage, provider, event_day and one for each fact, empty where
// unknown; other columns are not looked at.
class QuestionReader {
 public:
  explicit QuestionReader(std::vector<std::string> header);
  // The cells must outlive the question.
  Question Read(const std::vector<std::string>& cells) const;
  // The cell of any column; ends the process where there is none.
  const std::string& Cell(const std::vector<std::string>& cells, std::string_view column) const;

 private:
  std::vector<std::string> header_;
  std::vector<std::optional<law::FactId>> facts_;  // By column.
};

// The answer in a line: outcome, kind (`?`: not certain), agency/office, what is open with its branch:
//   DETERMINED EMPLOYMENT_AGENCY rd-nrw/aa-koeln
//   UNDETERMINED ? FACTS_MISSING(cause rv_personal)
//   UNDETERMINED ? BRANCH_NOT_BUILT:BVG_TRANSITION
std::string Summary(const Competence& answer);
// The error in a line: code, reason, field. Of an answer its Summary.
std::string Summary(const absl::StatusOr<Competence>& answer);

std::string OutcomeName(const Competence& answer);  // DETERMINED, ...
std::string KindCell(const Competence& answer);     // NOBODY too; empty where not certain.
std::string AgencyId(const std::optional<reference::AgencyIndex>& agency);
std::string PossibleKinds(const Competence& answer);  // Joined with a blank, in the order of the enum.
std::string Names(law::FactSet facts);                // The same, in the order of the table.
// `id+`, `id-`, `id?` for yes, no, unknown, in the order in which the rules spoke.
std::string Findings(const Competence& answer);
// Outcome of the rule that is open, without the word before the colon; empty where none is.
std::string OpenBranch(const Competence& answer);

}  // namespace teilhabe::carriers
