#include "services/carriers/domain/text.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/day.h"
#include "common/base/strings.h"
#include "gtest/gtest.h"
#include "services/carriers/domain/question_for_test.h"

namespace teilhabe::carriers {
namespace {

bool Contains(const std::string& text, const std::string& part) { return absl::StrContains(text, part); }

std::vector<std::string> TextOf(const Question& question) {
  const auto answer = CompetenceRules::Embedded().Determine(question);
  EXPECT_TRUE(answer.ok()) << answer.status();
  if (!answer.ok()) return {};
  return AnswerText(CompetenceRules::Embedded(), question, *answer);
}

// --- Every text of the table, over a sweep of questions --------------------------------------------------------------

const std::vector<std::string> kPlaces = {"05315000", "09162000", "06611000"};  // Köln, München, Kassel.
const std::vector<std::string> kDays = {"2018-01-01", "2019-12-31", "2020-01-01", "2021-06-30", "2021-07-01",
                                        "2023-12-31", "2024-01-01", "2024-12-31", "2025-01-01", "2026-08-01"};
const std::vector<std::string> kCauses = {"",
                                          "cause=none ",
                                          "cause=work_accident ",
                                          "cause=work_accident accident_insurer=bgw ",
                                          "cause=recognised_damage ",
                                          "cause=recognised_damage application_day=2023-12-31 ",
                                          "cause=recognised_damage application_day=2024-01-01 ",
                                          "cause=service_damage ",
                                          "cause=work_accident+service_damage "};
const std::vector<std::string> kProfiles = {
    "",
    "disability=none",
    "disability=intellectual first_application=this sgb12_place=this",
    "disability=physical first_application=16056000 sgb12_place=09162000",
    "disability=psychological birth_date=2015-01-01",
    "disability=psychological birth_date=1980-01-01 first_application=this",
    "disability=psychological",
    "rv_personal=no",
    "rv_personal=yes insured_months=180 rv_exclusion=none drv_account=drv-bund",
    "rv_personal=yes insured_months=180 rv_exclusion=none area_number=11",
    "rv_personal=yes insured_months=180 rv_exclusion=none area_number=none",
    "rv_personal=yes insured_months=180 rv_exclusion=none",
    "rv_personal=yes insured_months=0 em_pension=yes rv_exclusion=old_age_pension",
    "rv_personal=yes insured_months=0 em_pension=yes rv_exclusion=public_service_provision",
    "rv_personal=yes insured_months=0 em_pension=yes rv_exclusion=benefit_until_old_age",
    "rv_personal=yes insured_months=0 em_pension=yes rv_exclusion=custody",
    "rv_personal=yes insured_months=0 em_pension=no em_pension_imminent=yes labour_market_prognosis=yes",
    "rv_personal=yes insured_months=0 em_pension=no em_pension_imminent=no survivor_pension=yes",
    "rv_personal=yes insured_months=0 em_pension=no em_pension_imminent=no survivor_pension=no",
};

template <typename Visit>
void Sweep(const Visit& visit) {
  for (const std::string& place : kPlaces) {
    for (const std::string& day : kDays) {
      for (const std::string& cause : kCauses) {
        for (const std::string& profile : kProfiles) {
          for (const Stage stage : {kBbb, kAb}) {
            Question question = Ask(place, stage, day, cause + profile);
            question.provider = cause.empty() ? ProviderType::kAla : ProviderType::kWfbm;
            visit(question);
            if (testing::Test::HasFailure()) return;
          }
        }
      }
    }
  }
}

// What holds of every German text: nothing is left to fill in, it is a sentence, and no part of it is empty.
void ExpectSentence(const std::string& text) {
  EXPECT_FALSE(Contains(text, "{") || Contains(text, "}")) << text;
  EXPECT_TRUE(text.ends_with(".")) << text;
  for (const char* const flaw : {"  ", " .", " ,", "()", ": .", ": ,", "..", ":."}) {
    EXPECT_FALSE(Contains(text, flaw)) << text;
  }
  for (const char* const english : {" the ", " is ", " not ", " of ", "unknown", "yes"}) {
    EXPECT_FALSE(Contains(text, english)) << text;
  }
  EXPECT_TRUE(text[0] >= 'A' && text[0] <= 'Z') << text;
}

TEST(Texts, C_05_OfEveryRuleAndVerdictAreWholeGermanSentences) {
  const CompetenceRules& rules = CompetenceRules::Embedded();
  std::set<std::pair<std::size_t, law::Truth>> seen;
  int answers = 0;
  Sweep([&](const Question& question) {
    const auto answer = rules.Determine(question);
    ASSERT_TRUE(answer.ok()) << answer.status();
    ++answers;
    for (const law::RuleVerdict& verdict : answer->trace.verdicts()) {
      const std::string text = FindingText(rules, question, *answer, verdict);
      if (text.empty()) continue;
      seen.emplace(verdict.rule, verdict.truth);
      ExpectSentence(text);
    }
    for (const std::string& line : AnswerText(rules, question, *answer)) {
      // Behind a finding, or what is missing, stands its source.
      const std::size_t source = line.rfind(" [");
      ExpectSentence(line.substr(0, source));
      EXPECT_TRUE(source == std::string::npos || (line.ends_with("]") && Contains(line.substr(source), "§"))) << line;
    }
  });
  EXPECT_GT(answers, 10'000);
  // No text of the table is dead. Rows of a Regelfall say nothing of their own.
  for (std::size_t at = 0; at < rules.book().rules().size(); ++at) {
    const law::Rule& rule = rules.book().rules()[at];
    for (const law::Truth truth : {law::Truth::kYes, law::Truth::kNo, law::Truth::kUnknown}) {
      if (rule.Text(truth).empty() || rule.list.starts_with("regelfall.")) continue;
      EXPECT_TRUE(seen.contains({at, truth})) << rule.id << " never says: " << rule.Text(truth);
    }
  }
}

// --- Single answers --------------------------------------------------------------------------------------------------

TEST(AnswerText, C_05_B5_NamesTheAgencyFirstAndTheSourceOfEachFinding) {
  const auto text =
      TextOf(Ask("05711000", kAb, "2025-03-10", "cause=none disability=intellectual first_application=this"));
  ASSERT_GT(text.size(), 3u);
  for (const char* const part : {"den Arbeitsbereich", "in einer Werkstatt", "10.03.2025", "Bielefeld",
                                 "Landschaftsverband Westfalen-Lippe", "Träger der Eingliederungshilfe"}) {
    EXPECT_TRUE(Contains(text[0], part)) << text[0];
  }
  EXPECT_EQ(
      text.back(),
      "Der Antrag, der die örtliche Zuständigkeit begründet hat, führt zu: Landschaftsverband Westfalen-Lippe. Ein "
      "Umzug ändert daran nichts, solange Leistungen bezogen werden. [§ 98 Abs. 1 SGB IX]");
}

TEST(AnswerText, C_05_A5_NamesTheOffice) {
  Question question = Ask("05711000", kBbb, "2025-03-10", "cause=none rv_personal=no");
  question.provider = ProviderType::kAla;
  const auto text = TextOf(question);
  ASSERT_FALSE(text.empty());
  EXPECT_TRUE(Contains(text[0], "den Berufsbildungsbereich bei einem anderen Leistungsanbieter")) << text[0];
  EXPECT_TRUE(Contains(text[0], "Regionaldirektion Nordrhein-Westfalen (Agentur für Arbeit Bielefeld)")) << text[0];
}

TEST(AnswerText, C_05_NamesWhatIsPossibleWhatIsMissingAndWhatHoldsInDerRegel) {
  const auto text = TextOf(Ask("05711000", kAb, "2025-03-10", "cause=none"));
  ASSERT_GT(text.size(), 4u);
  EXPECT_TRUE(Contains(text[0],
                       "noch nicht fest. In Frage kommen: kein Träger, öffentliche Jugendhilfe, Träger der "
                       "Eingliederungshilfe."))
      << text[0];
  int missing = 0;
  for (const std::string& line : text) missing += line.starts_with("Es fehlt: ") ? 1 : 0;
  EXPECT_EQ(missing, 4) << "birth_date, disability, young_adult_help, first_application";
  EXPECT_EQ(
      text.back(),
      "In der Regel: Träger der Eingliederungshilfe, Landschaftsverband Westfalen-Lippe, wenn nichts Besonderes gilt "
      "(angenommen: disability, first_application). Darauf darf keine Entscheidung gestützt werden.");
}

TEST(AnswerText, C_05_SaysThatTheKindIsCertainAndTheAgencyIsNot) {
  const auto text = TextOf(Ask("09162000", kAb, "2019-12-31", "cause=none disability=physical sgb12_place=this"));
  ASSERT_GT(text.size(), 2u);
  EXPECT_TRUE(Contains(text[0], "Träger der Sozialhilfe")) << text[0];
  EXPECT_EQ(text.back(), "Welche Behörde das für diesen Ort und Tag ist, enthalten die Stammdaten nicht.");
}

TEST(AnswerText, C_05_NobodyIsSaidPlainly) {
  const auto text = TextOf(Ask("05711000", kAb, "2021-06-30", "cause=none disability=none"));
  ASSERT_FALSE(text.empty());
  EXPECT_TRUE(Contains(text[0], "kein Träger")) << text[0];
  for (const std::string& line : text) EXPECT_FALSE(Contains(line, "§ 99 Abs. 3")) << "not yet law: " << line;
  const auto later = TextOf(Ask("05711000", kAb, "2021-07-01", "cause=none disability=none"));
  EXPECT_TRUE(Contains(later.back(), "§ 99 Abs. 3 SGB IX, Ermessen")) << later.back();
}

TEST(AnswerText, C_05_AHumanDecisionHasNoPossibleKinds) {
  const auto text = TextOf(Ask("05711000", kAb, "2025-03-10", "cause=work_accident+service_damage"));
  ASSERT_EQ(text.size(), 2u);
  EXPECT_FALSE(Contains(text[0], "In Frage kommen")) << text[0];
  EXPECT_TRUE(Contains(text[1], "muss ein Mensch entscheiden")) << text[1];
}

TEST(AnswerText, C_05_WarnsOfLawAndJurisdictionThatWereNotChecked) {
  const auto text = TextOf(Ask("06611000", kBbb, "2026-08-01", "cause=none rv_personal=no"));
  ASSERT_GT(text.size(), 2u);
  EXPECT_EQ(text[text.size() - 2],
            "Hinweis: Der Gesetzestext ist nur bis zum 29.04.2026 geprüft; spätere Änderungen sind nicht "
            "berücksichtigt.");
  EXPECT_TRUE(Contains(text.back(), "keine Quelle gelesen")) << text.back();
}

}  // namespace
}  // namespace teilhabe::carriers
