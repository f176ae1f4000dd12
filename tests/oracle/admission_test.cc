// Admission to a stage: the rows derived by hand, and random questions, as the second reading of the law in
// admission_oracle.py answers them, which was written without seeing the program. The oracle is asked with its reading
// training_route=yes (T-23): what Thüringen's Orientierungshilfe adds to § 58 Abs. 1 Satz 2 SGB IX counts under the
// policy and is shown as discretion; without a reading the oracle leaves it open.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/csv.h"
#include "common/base/day.h"
#include "gtest/gtest.h"
#include "services/eligibility/domain/question_for_test.h"

namespace teilhabe::eligibility {
namespace {

using nlohmann::json;

// From the environment, so that tests/long/oracle can ask more.
int Number(const char* variable, int usual) {
  const char* const text = std::getenv(variable);
  int number = usual;
  EXPECT_TRUE(text == nullptr || absl::SimpleAtoi(text, &number)) << variable;
  return number;
}

// The lines that a command in tests/oracle prints, each a question with its answer.
std::vector<json> LinesOf(const std::string& command) {
  const std::string line = absl::StrCat("bash -c 'set -o pipefail; cd tests/oracle && ", command, "'");
  std::string text;
  std::FILE* const pipe = popen(line.c_str(), "r");
  if (pipe == nullptr) return {};
  std::array<char, 1 << 16> part;
  while (const std::size_t size = std::fread(part.data(), 1, part.size(), pipe)) text.append(part.data(), size);
  EXPECT_EQ(pclose(pipe), 0) << command;
  std::vector<json> lines;
  for (const absl::string_view one : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    lines.push_back(json::parse(std::string(one)));
  }
  return lines;
}

Question Read(const json& asked) {
  Question question;
  const std::string stage = asked["stage"];
  question.stage = stage == "eingangsverfahren" ? kEv : stage == "berufsbildungsbereich" ? kBbb : kAb;
  question.provider = asked["provider_type"] == "ala" ? kAla : kWfbm;
  question.land = reference::ParseLand(asked["land"].get<std::string>()).value();
  question.event_day = ParseDay(asked["event_day"].get<std::string>()).value();
  question.decision_day = ParseDay(asked["decision_day"].get<std::string>()).value();
  const std::string law_day = asked.value("law_day", "");
  if (!law_day.empty()) question.law_day = ParseDay(law_day).value();
  question.policies = asked.value("policies", std::vector<std::string>());
  for (const auto& [name, value] : asked["facts"].items()) {
    const std::string text = value.is_array()    ? absl::StrJoin(value.get<std::vector<std::string>>(), "+")
                             : value.is_number() ? absl::StrCat(value.get<int>())
                                                 : value.get<std::string>();
    Change(question.facts, absl::StrCat(name, "=", text));
  }
  // To the oracle the low standard says nothing where the general one holds; here both together contradict.
  if (question.facts.Has(law::FactId::kMindestmass) && question.facts.Raw(law::FactId::kMindestmass) != 0 &&
      question.facts.Has(law::FactId::kMindestmassLow)) {
    question.facts.SetRaw(law::FactId::kMindestmassLow, 1);
  }
  return question;
}

std::set<std::string> Reasons(const std::vector<std::uint16_t>& rows) {
  std::set<std::string> reasons;
  for (const std::uint16_t row : rows) reasons.insert(AdmissionRules::Embedded().book().rules()[row].outcome);
  return reasons;
}

// The oracle's names of what is left to discretion. That nobody can claim to return to an anderer Leistungsanbieter
// (T-92) it does not say.
std::set<std::string> Discretion(const Admission& answer) {
  const std::map<std::string, std::string> names = {{"s60_3_ala", "ALA"},
                                                    {"s58_1_2_direct", "DIRECT_ADMISSION"},
                                                    {"t23_training", "TRAINING_ROUTE"},
                                                    {"n03_mindestmass_low", "LOW_STANDARD"},
                                                    {"s220_3_ala", ""}};
  std::set<std::string> said;
  for (const std::uint16_t row : answer.discretion) {
    said.insert(names.at(AdmissionRules::Embedded().book().rules()[row].id));
  }
  said.erase("");
  return said;
}

std::string Join(const std::set<std::string>& words) { return absl::StrJoin(words, "+"); }

// The oracle always asks for an application. Here none is needed in the Arbeitsbereich since 2020 where the need was
// determined in the Gesamtplanverfahren (§ 108 Abs. 2 SGB IX; law.md 1.4). Such questions are compared with an
// application in them, see WithApplication.
bool MayDoWithoutApplication(const Question& question) {
  const auto maybe = [&question](law::FactId fact) {
    return !question.facts.Has(fact) || question.facts.Raw(fact) != 0;
  };
  const bool applied = question.facts.Has(law::FactId::kApplicationMade) && maybe(law::FactId::kApplicationMade);
  return question.stage == kAb && question.law_day.value_or(question.event_day) >= absl::CivilDay(2020, 1, 1) &&
         !applied && maybe(law::FactId::kGesamtplan) && maybe(law::FactId::kNeedsDetermined);
}

// The differences of one answer, as text; empty: none.
std::string Differences(const Question& question, const json& want, const Admission& answer) {
  std::string found;
  const auto compare = [&found](const std::string& what, const std::string& here, const std::string& there) {
    if (here != there) absl::StrAppend(&found, " ", what, ": '", here, "', oracle '", there, "';");
  };
  const auto words = [&want](const char* name) {
    const auto list = want[name].get<std::vector<std::string>>();
    return std::set<std::string>(list.begin(), list.end());
  };
  compare("outcome", OutcomeName(answer), want["outcome"]);
  compare("breaches", Join(Reasons(answer.breaches)), Join(words("breaches")));
  compare("warnings", Join(Reasons(answer.warnings)), Join(words("warnings")));
  const std::set<std::string> missing = absl::StrSplit(Names(answer.missing), ' ', absl::SkipEmpty());
  compare("missing", Join(missing), Join(words("missing")));
  const std::set<std::string> discretion = Discretion(answer);
  const std::set<std::string> certain = words("discretion");
  for (const std::string& word : discretion) {
    // The oracle says what is certain; here it is said too where the outcome rests on it as far as is known.
    const char* const reason = word == "LOW_STANDARD" ? "NO_MINDESTMASS" : "STAGE_OUT_OF_ORDER";
    const auto& rules = AdmissionRules::Embedded().book().rules();
    const auto verdicts = answer.trace.verdicts();
    const bool rests_on_unknown = std::any_of(verdicts.begin(), verdicts.end(), [&](const law::RuleVerdict& verdict) {
      return verdict.truth == law::Truth::kUnknown && rules[verdict.rule].outcome == reason;
    });
    if (!certain.contains(word) && !rests_on_unknown) absl::StrAppend(&found, " discretion ", word, " only here;");
  }
  for (const std::string& word : certain) {
    // Without a reasoned refusal the Eingangsverfahren asks for no Mindestmaß, so no standard decides.
    const bool no_standard = word == "LOW_STANDARD" && question.stage == kEv &&
                             question.facts.Has(law::FactId::kReasonedPrognosis) &&
                             question.facts.Raw(law::FactId::kReasonedPrognosis) == 0;
    if (!discretion.contains(word) && !no_standard) absl::StrAppend(&found, " discretion ", word, " only there;");
  }
  return found;
}

struct Tally {
  int asked = 0, apart = 0, differences = 0;
  std::map<std::string, int> outcomes;
};

Tally Compare(const std::vector<json>& lines) {
  Tally tally;
  for (const json& line : lines) {
    ++tally.asked;
    const Question question = Read(line["question"]);
    const auto answer = AdmissionRules::Embedded().Evaluate(question);
    if (answer.ok()) ++tally.outcomes[OutcomeName(*answer)];
    std::string found = answer.ok() ? Differences(question, line["answer"], *answer) : answer.status().ToString();
    if (!found.empty() && answer.ok() && MayDoWithoutApplication(question)) {
      ++tally.apart;
      continue;
    }
    if (found.empty()) continue;
    if (++tally.differences <= 10) ADD_FAILURE() << line.dump() << found;
  }
  std::cout << tally.asked << " questions, " << tally.apart << " apart for § 108 Abs. 2, " << tally.differences
            << " differences;";
  for (const auto& [outcome, times] : tally.outcomes) std::cout << " " << outcome << " " << times;
  std::cout << "\n";
  return tally;
}

constexpr char kReading[] = "--reading training_route=yes";

TEST(AdmissionOracle, N_04_AgreesOnRandomQuestions) {
  const int seed = Number("TEILHABE_ORACLE_SEED", 1);
  const int count = Number("TEILHABE_ORACLE_COUNT", 8'000);
  const std::string generate =
      absl::StrCat("python3 generate_admission.py --seed ", seed, " --count ", count, " ", kReading);
  const auto lines = LinesOf(generate);
  ASSERT_EQ(lines.size(), static_cast<std::size_t>(count));
  const Tally tally = Compare(lines);
  EXPECT_EQ(tally.differences, 0) << "seed " << seed;
  EXPECT_LT(tally.apart, count / 5);
  for (const char* outcome : {"MET", "NOT_MET", "UNDETERMINED"}) EXPECT_GT(tally.outcomes.at(outcome), count / 50);

  // Once more, with an application in every question where none was made; apart are those that do not say.
  const auto applied =
      LinesOf(absl::StrCat(generate, R"( | sed "s/\"application_made\": \"no\"/\"application_made\": \"yes\"/")",
                           " | python3 admission_oracle.py /dev/stdin ", kReading));
  ASSERT_EQ(applied.size(), static_cast<std::size_t>(count));
  const Tally again = Compare(applied);
  EXPECT_EQ(again.differences, 0) << "seed " << seed;
  EXPECT_LT(again.apart, tally.apart);
}

// A row of the golden table as a line of the oracle.
json LineOf(const std::vector<std::string>& header, const std::vector<std::string>& cells) {
  const auto words = [](const std::string& cell) -> std::vector<std::string> {
    return absl::StrSplit(cell, '+', absl::SkipEmpty());
  };
  json question = {{"facts", json::object()}};
  json answer;
  for (std::size_t at = 0; at < header.size(); ++at) {
    const std::string& name = header[at];
    const std::string& cell = cells[at];
    if (name == "outcome" || name == "name") {
      answer[name] = cell;
    } else if (name == "breaches" || name == "warnings" || name == "discretion" || name == "missing" ||
               name == "open") {
      answer[name] = words(cell);
    } else if (name == "policies") {
      question[name] = words(cell);
    } else if (law::FindFact(name).ok()) {
      if (!cell.empty()) question["facts"][name] = cell;
    } else {
      question[name] = cell;
    }
  }
  return {{"question", question}, {"answer", answer}};
}

TEST(AdmissionOracle, N_04_AgreesWithTheGoldenRows) {
  std::ifstream file("tests/oracle/admission_golden.csv");
  const std::string text(std::istreambuf_iterator<char>(file), {});
  const auto table = CsvTable::Parse(text);
  ASSERT_TRUE(table.ok()) << table.status();
  ASSERT_GT(table->rows().size(), 150U);
  std::vector<json> lines;
  int training = 0;
  for (const auto& cells : table->rows()) {
    json line = LineOf(table->header(), cells);
    json& answer = line["answer"];
    // The reading that this test is about: with the training known the policy decides.
    if (answer["open"] == json({"training_route"})) {
      ++training;
      if (answer["missing"].empty()) answer["outcome"] = "MET";
    }
    lines.push_back(std::move(line));
  }
  EXPECT_GT(training, 0);
  const Tally tally = Compare(lines);
  EXPECT_EQ(tally.differences, 0);
  EXPECT_LE(tally.apart, 4) << "rows without an application, or where it is unknown, in the Arbeitsbereich";
}

}  // namespace
}  // namespace teilhabe::eligibility
