#include "services/eligibility/domain/text.h"

#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "services/eligibility/domain/question_for_test.h"

namespace teilhabe::eligibility {
namespace {

std::vector<std::string> TextOf(const Question& question) {
  const auto answer = AdmissionRules::Embedded().Evaluate(question);
  EXPECT_TRUE(answer.ok()) << answer.status();
  if (!answer.ok()) return {};
  return AnswerText(AdmissionRules::Embedded(), question, *answer);
}

TEST(AnswerTextTest, N_05_SaysTheResultFirst) {
  EXPECT_EQ(TextOf(Ask(kEv, kWfbm))[0],
            "Für das Eingangsverfahren in einer Werkstatt ab dem 10.03.2025 sind die Voraussetzungen erfüllt. Die "
            "Entscheidung trifft ein Mensch.");
  EXPECT_TRUE(absl::StrContains(TextOf(Ask(kBbb, kAla, "ev_done=no"))[0],
                                "den Berufsbildungsbereich bei einem anderen Leistungsanbieter"));
  EXPECT_TRUE(absl::StrContains(TextOf(Ask(kBbb, kAla, "ev_done=no"))[0], "sind nicht alle Voraussetzungen erfüllt"));
  EXPECT_TRUE(absl::StrContains(TextOf(Ask(kAb, kWfbm, "-bbb_done"))[0], "steht noch nicht fest"));
}

TEST(AnswerTextTest, N_05_EachFindingHasItsCitation) {
  const std::string text = absl::StrJoin(TextOf(Ask(kEv, kWfbm, "personenkreis=no")), "\n");
  EXPECT_TRUE(absl::StrContains(
      text, "Die Person gehört nicht zum anspruchsberechtigten Personenkreis. [§ 57 Abs. 1 und § 219 Abs. 1 SGB IX]"));
  EXPECT_TRUE(absl::StrContains(text, "besserer Zugang zum allgemeinen Arbeitsmarkt besteht nicht. [§ 57"));
}

TEST(AnswerTextTest, N_10_NamesWhatIsMissing) {
  const std::string last = TextOf(Ask(kEv, kWfbm, "-needs_determined")).back();
  EXPECT_TRUE(absl::StrContains(last, "Es fehlt: Ob der Bedarf")) << last;
  EXPECT_TRUE(absl::StrContains(last, "(needs_determined)")) << last;
}

TEST(AnswerTextTest, N_17_WarnsOfLawNotChecked) {
  EXPECT_TRUE(absl::StrContains(TextOf(Ask(kEv, kWfbm, "", "2026-08-01")).back(), "nur bis zum 29.04.2026 geprüft"));
}

TEST(AnswerTextTest, T_23_SaysThatThePolicyDecides) {
  const std::string text =
      absl::StrJoin(TextOf(AskUnder("th-t", kAb, kAla, "bbb_done=no labour_market_training=yes")), "\n");
  EXPECT_TRUE(absl::StrContains(text, "Nach der Orientierungshilfe (nicht nach § 58 SGB IX)")) << text;
  EXPECT_TRUE(absl::StrContains(text, "[Orientierungshilfe für Thüringen (T), Abschnitt 2]")) << text;
}

// Every row that binds says in German why it holds, why not, and what is not known; every sentence ends.
TEST(RuleTexts, N_05_EveryRowThatBindsHasASentence) {
  const AdmissionRules& rules = AdmissionRules::Embedded();
  const std::set<std::string> terse = {"s57_2_long", "s220_3_return", "s21_other_traeger"};
  for (const law::Rule& rule : rules.book().rules()) {
    for (const std::string& text : {rule.text_yes, rule.text_no, rule.text_unknown}) {
      EXPECT_TRUE(text.empty() || text.back() == '.') << rule.id << ": " << text;
      EXPECT_FALSE(absl::StrContains(text, "{")) << rule.id;
    }
    EXPECT_FALSE(rule.force == law::Force::kSoll && rule.text_no.empty()) << rule.id;
    EXPECT_FALSE(rule.force == law::Force::kKann && rule.text_yes.empty()) << rule.id;
    if (rule.force != law::Force::kMust || terse.contains(rule.id)) continue;
    EXPECT_FALSE(rule.text_yes.empty()) << rule.id;
    EXPECT_FALSE(rule.text_no.empty()) << rule.id;
    EXPECT_FALSE(rule.text_unknown.empty()) << rule.id;
  }
}

}  // namespace
}  // namespace teilhabe::eligibility
