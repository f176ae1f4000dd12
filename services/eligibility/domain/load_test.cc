// Tables that AdmissionRules rejects, and what holds of the embedded ones.
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/reason.h"
#include "gtest/gtest.h"
#include "services/eligibility/domain/question_for_test.h"

namespace teilhabe::eligibility {
namespace {

constexpr char kHeader[] =
    "id,list,condition,outcome,valid_from,valid_to,force,citation,tests,text_yes,text_no,text_unknown\n";
constexpr char kPolicyHeader[] = "id,land,stages,providers,valid_from,source\n";
constexpr char kPolicies[] = "p,05,EV AB,wfbm ala,,P\n";

std::string Row(const std::string& id, const std::string& list, const std::string& condition,
                const std::string& outcome, const std::string& force = "must", const std::string& to = "") {
  return absl::StrCat(id, ",", list, ",", condition, ",", outcome, ",,", to, ",", force, ",§ 57 SGB IX,N_04,,,\n");
}
const std::string& Base() {
  static const auto* const base = new std::string(Row("base", "EV BBB AB", "needs_determined", "NEEDS_NOT_DETERMINED"));
  return *base;
}
absl::StatusOr<AdmissionRules> Load(const std::string& rows, const std::string& policies = kPolicies) {
  return AdmissionRules::Load(kHeader + rows, kPolicyHeader + policies, law::Parameters::Embedded());
}

TEST(RuleTable, N_17_TakesEveryKindOfRow) {
  const auto rules =
      Load(Base() + Row("t", "term", "ev_done", "") + Row("a", "EV/p AB/p", "t", "NO_TEILHABEPLAN") +
           Row("b", "EV/ala", "always", "ALA_DISCRETION", "kann") + Row("c", "AB", "ev_done", "AGE_LIMIT", "soll") +
           Row("d", "AB/p", "ev_done", "NEEDS_NOT_DETERMINED", "kann") +
           Row("e", "AB/wfbm", "ev_done", "STAGE_OUT_OF_ORDER"));
  ASSERT_TRUE(rules.ok()) << rules.status();
  EXPECT_EQ(rules->PolicyOf(0), nullptr);
  ASSERT_NE(rules->PolicyOf(2), nullptr);
  EXPECT_EQ(rules->PolicyOf(2)->id, "p");
  EXPECT_EQ(rules->PolicyOf(3), nullptr);
}

TEST(RuleTable, N_03_NothingStandsInForWhatThePolicyDemands) {
  const auto rules = Load(Base() + Row("a", "EV/p", "ev_done", "NO_TEILHABEPLAN") +
                          Row("b", "EV/p", "bbb_done", "NO_TEILHABEPLAN", "kann"));
  ASSERT_TRUE(rules.ok()) << rules.status();
  Question question = Ask(kEv, kWfbm, "ev_done=no bbb_done=yes");
  question.land = reference::Land::kNordrheinWestfalen;
  question.policies = {"p"};
  const auto answer = rules->Evaluate(question);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->outcome, Outcome::kNotMet);
}

struct Broken {
  std::string name;
  std::string rows;
  std::string message;
  std::string policies = kPolicies;
};
class BrokenTable : public testing::TestWithParam<Broken> {};
TEST_P(BrokenTable, IsRejected) {
  const absl::Status status = Load(GetParam().rows, GetParam().policies).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), GetParam().message)) << status;
}
const std::vector<Broken> kBroken = {
    {"ListUnknown", Base() + Row("a", "XY", "always", "NOT_ENTITLED"), "rule a: unknown list"},
    {"OneOfTheListsUnknown", Base() + Row("a", "EV XY", "always", "NOT_ENTITLED"), "rule a: unknown list"},
    {"LayerUnknown", Base() + Row("a", "EV/xy", "always", "NOT_ENTITLED"), "rule a: unknown list"},
    {"StageOutsideThePolicy", Base() + Row("a", "BBB/p", "always", "NOT_ENTITLED"), "rule a: unknown list"},
    {"TermAmongLists", Base() + Row("a", "EV term", "always", "NOT_ENTITLED"), "rule a: unknown list"},
    {"PolicyAndFederal", Base() + Row("a", "EV/p AB", "always", "NOT_ENTITLED"), "of no other list"},
    {"ReasonUnknown", Base() + Row("a", "EV", "always", "NO_MONEY"), "rule a: unknown reason"},
    {"ReasonMissing", Base() + Row("a", "EV", "always", ""), "rule a: unknown reason"},
    {"TermWithReason", Base() + Row("a", "term", "always", "NOT_ENTITLED"), "rule a: a term has no outcome"},
    {"MustIsNoWarning", Base() + Row("a", "EV", "always", "NOT_ENTITLED", "soll"), "another force"},
    {"WarningIsNoMust", Base() + Row("a", "EV", "always", "AGE_LIMIT"), "another force"},
    {"WarningIsNoDiscretion", Base() + Row("a", "EV/p", "always", "AGE_LIMIT", "kann"), "another force"},
    {"DiscretionIsNoMust", Base() + Row("a", "EV", "always", "ALA_DISCRETION"), "another force"},
    {"NothingBinds", Row("a", "EV BBB", "always", "NOT_ENTITLED"), "rule AB: no row of this list binds"},
    {"NothingBindsAnyMore", Row("a", "EV BBB AB", "always", "NOT_ENTITLED", "must", "2031-12-31"),
     "no row of this list binds"},
    {"OnlyThePolicyBinds", Row("a", "EV BBB", "always", "NOT_ENTITLED") + Row("b", "AB/p", "always", "NOT_ENTITLED"),
     "rule AB: no row of this list binds"},
    {"PolicyOfNoLand", Base(), "rule p: unknown Land", "p,17,EV,ala,,P\n"},
    {"PolicyOfNoStage", Base(), "rule p: stages are EV, BBB, AB", "p,05,,ala,,P\n"},
    {"PolicyOfAnUnknownStage", Base(), "rule p: stages are EV, BBB, AB", "p,05,EV X,ala,,P\n"},
    {"PolicyOfNoProvider", Base(), "rule p: stages are EV, BBB, AB", "p,05,EV,,,P\n"},
    {"PolicyWithoutId", Base(), "id and source are needed", ",05,EV,ala,,P\n"},
    {"PolicyWithoutSource", Base(), "id and source are needed", "p,05,EV,ala,,\n"},
    {"PolicyTwice", Base(), "rule p: the policy stands there twice", "p,05,EV,ala,,P\np,05,EV,ala,,P\n"},
    {"PolicyOfNoDay", Base(), "rule p: ", "p,05,EV,ala,2018-02-30,P\n"},
    {"ConditionBroken", Base() + Row("a", "EV", "cause maybe", "NOT_ENTITLED"), "rule a: expected has, only"},
};
INSTANTIATE_TEST_SUITE_P(Errors, BrokenTable, testing::ValuesIn(kBroken),
                         [](const auto& tested) { return tested.param.name; });

// --- The embedded tables

TEST(EmbeddedRules, N_17_AreTheEmbeddedTexts) {
  const absl::Status status = AdmissionRules::Load(AdmissionRules::EmbeddedText(), AdmissionRules::EmbeddedPolicies(),
                                                   law::Parameters::Embedded())
                                  .status();
  EXPECT_TRUE(status.ok()) << status;
}

TEST(EmbeddedRules, N_17_NameTheirTestsAndCiteAnActThatWasChecked) {
  const AdmissionRules& rules = AdmissionRules::Embedded();
  for (std::size_t at = 0; at < rules.book().rules().size(); ++at) {
    const law::Rule& rule = rules.book().rules()[at];
    EXPECT_FALSE(rule.tests.empty()) << rule.id;
    ASSERT_TRUE(rule.valid.from.has_value()) << rule.id;
    EXPECT_GE(*rule.valid.from, AdmissionRules::kFirstDay) << rule.id;
    if (rules.PolicyOf(static_cast<std::uint16_t>(at)) != nullptr) continue;  // A Land text, no act.
    EXPECT_TRUE(rule.checked_until.has_value()) << rule.id << ": " << rule.citation;
    EXPECT_TRUE(absl::StrContains(rule.citation, "§")) << rule.id;
  }
}

TEST(EmbeddedRules, N_17_HoldTheTwoPolicies) {
  const auto& policies = AdmissionRules::Embedded().policies();
  ASSERT_EQ(policies.size(), 2u);
  EXPECT_EQ(policies[0].id, "nw-n");
  EXPECT_FALSE(policies[0].first_day.has_value()) << "the day of its last signature is in no source";
  EXPECT_EQ(policies[1].id, "th-t");
  EXPECT_EQ(policies[1].first_day, absl::CivilDay(2018, 5, 15));
}

}  // namespace
}  // namespace teilhabe::eligibility
