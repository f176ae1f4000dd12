// Random questions, answered by the program and by the second reading of the law in competence_oracle.py, which was
// written without seeing the program: not one answer may differ.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <set>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/csv.h"
#include "gtest/gtest.h"
#include "services/carriers/domain/question_for_test.h"

namespace teilhabe::carriers {
namespace {

// From the environment, so that tests/long/oracle can ask more.
int Number(const char* variable, int usual) {
  const char* const text = std::getenv(variable);
  int number = usual;
  EXPECT_TRUE(text == nullptr || absl::SimpleAtoi(text, &number)) << variable;
  return number;
}

// The questions of this seed with the answers of the oracle, as CSV.
std::string AskTheOracle(int seed, int count) {
  const std::string command = absl::StrCat("bash -c 'set -o pipefail; cd tests/oracle && python3 generate.py --seed ",
                                           seed, " --count ", count, " | python3 competence_oracle.py /dev/stdin'");
  std::string text;
  std::FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return "";
  std::array<char, 1 << 16> part;
  while (const std::size_t size = std::fread(part.data(), 1, part.size(), pipe)) text.append(part.data(), size);
  EXPECT_EQ(pclose(pipe), 0) << command;
  return text;
}

// What the oracle leaves possible, against what the program does.
struct Possible {
  std::string kinds;   // As PossibleKinds writes them.
  std::string branch;  // The one branch or decision that is certain; else empty.
  bool doubt = false;  // More than one result is possible.
};

Possible ReadPossible(const std::string& cell) {
  const std::set<std::string> results = absl::StrSplit(cell, '+');
  std::set<std::string> kinds;
  Possible read;
  for (const std::string& result : results) {
    if (result == "HUMAN" || result.starts_with("UNBUILT:")) {
      if (results.size() == 1) read.branch = result == "HUMAN" ? "SEVERAL_CAUSES" : result.substr(8);
    } else {
      kinds.insert(result);
    }
  }
  for (std::size_t at = 0; at < kCarrierKindCount; ++at) {
    const std::string name(KindName(static_cast<CarrierKind>(at)));
    if (kinds.contains(name)) absl::StrAppend(&read.kinds, read.kinds.empty() ? "" : " ", name);
  }
  read.doubt = results.size() > 1;
  return read;
}

bool Open(const Competence& answer, OpenReason reason) { return answer.open[static_cast<std::size_t>(reason)]; }

// The differences of one row, as text; empty: none.
std::string Differences(const QuestionReader& reader, const std::vector<std::string>& cells, const Competence& answer) {
  std::string found;
  const auto compare = [&found](const std::string& what, const std::string& here, const std::string& there) {
    if (here != there) absl::StrAppend(&found, " ", what, ": '", here, "', oracle '", there, "';");
  };
  compare("outcome", OutcomeName(answer), reader.Cell(cells, "outcome"));
  compare("kind", KindCell(answer), reader.Cell(cells, "kind"));
  compare("agency", AgencyId(answer.body.agency), reader.Cell(cells, "agency"));
  compare("office", AgencyId(answer.body.office), reader.Cell(cells, "office"));
  const Possible possible = ReadPossible(reader.Cell(cells, "possible"));
  compare("possible", PossibleKinds(answer), possible.kinds);
  compare("branch", OpenBranch(answer), possible.branch);
  const bool human = possible.branch == "SEVERAL_CAUSES";
  compare("human", Open(answer, OpenReason::kHumanDecision) ? "yes" : "no", human ? "yes" : "no");
  compare("not built", Open(answer, OpenReason::kBranchNotBuilt) ? "yes" : "no",
          !human && !possible.branch.empty() ? "yes" : "no");
  if (possible.doubt) compare("facts missing", Open(answer, OpenReason::kFactsMissing) ? "yes" : "no", "yes");
  return found;
}

TEST(Oracle, C_05_AgreesOnRandomQuestions) {
  const int seed = Number("TEILHABE_ORACLE_SEED", 1);
  const int count = Number("TEILHABE_ORACLE_COUNT", 20'000);
  const auto table = CsvTable::Parse(AskTheOracle(seed, count));
  ASSERT_TRUE(table.ok()) << table.status();
  ASSERT_EQ(table->rows().size(), static_cast<std::size_t>(count));
  const QuestionReader reader(table->header());
  int differences = 0;
  std::map<std::string, int> outcomes;
  for (const auto& cells : table->rows()) {
    const auto answer = CompetenceRules::Embedded().Determine(reader.Read(cells));
    const std::string found = answer.ok() ? Differences(reader, cells, *answer) : answer.status().ToString();
    if (answer.ok()) ++outcomes[OutcomeName(*answer)];
    if (found.empty()) continue;
    if (++differences <= 10) ADD_FAILURE() << CsvLine(cells) << found;
  }
  std::cout << "seed " << seed << ": " << count << " questions, " << differences << " differences;";
  for (const auto& [outcome, times] : outcomes) std::cout << " " << outcome << " " << times;
  std::cout << "\n";
  EXPECT_EQ(differences, 0);
}

}  // namespace
}  // namespace teilhabe::carriers
