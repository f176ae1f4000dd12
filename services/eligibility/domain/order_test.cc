// The order of stages, its exceptions, and the return (§§ 57, 58 Abs. 1, 220 Abs. 3 SGB IX; T-22, T-23, T-91, T-92).
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "services/eligibility/domain/question_for_test.h"

namespace teilhabe::eligibility {
namespace {

struct Case {
  std::string name;
  Question question;
  std::string want;
};
class OrderTest : public testing::TestWithParam<Case> {};
TEST_P(OrderTest, IsAnswered) { EXPECT_EQ(Answer(GetParam().question), GetParam().want); }
std::string NameOf(const testing::TestParamInfo<Case>& tested) { return tested.param.name; }

Question Decided(Question question, absl::CivilDay day) {
  question.decision_day = day;
  return question;
}

constexpr char kDirect[] = "bbb_done=no labour_market_ability=yes";
constexpr char kTrained[] = "bbb_done=no labour_market_training=yes";

const std::vector<Case> kOrder = {
    {"N_09_EvComesFirst", Ask(kEv, kWfbm, "ev_done=no bbb_done=no"), "MET"},
    {"N_09_BbbAfterEv", Ask(kBbb, kWfbm, "ev_done=no"), "NOT_MET breaches: s57_order_wfbm STAGE_OUT_OF_ORDER"},
    {"N_09_BbbAfterEvAtAnAla", Ask(kBbb, kAla, "ev_done=no"),
     "NOT_MET breaches: s57_order_ala STAGE_OUT_OF_ORDER; discretion: s60_3_ala"},
    {"N_09_BbbUnknown", Ask(kBbb, kWfbm, "-ev_done"), "UNDETERMINED missing: ev_done"},
    {"N_09_AbilityIsNoWayIntoBbb", Ask(kBbb, kWfbm, "ev_done=no labour_market_ability=yes"),
     "NOT_MET breaches: s57_order_wfbm STAGE_OUT_OF_ORDER"},
    {"N_09_AbAfterBbb", Ask(kAb, kWfbm, "bbb_done=no"), "NOT_MET breaches: s58_1_2_order_wfbm STAGE_OUT_OF_ORDER"},
    {"T_22_AbAfterBbbAtAnAla", Ask(kAb, kAla, "bbb_done=no"),
     "NOT_MET breaches: s58_1_2_order_ala STAGE_OUT_OF_ORDER; discretion: s60_3_ala"},
    {"N_09_TheStatuteNamesOnlyTheBbb", Ask(kAb, kWfbm, "ev_done=no"), "MET"},
    {"N_09_AbUnknown", Ask(kAb, kWfbm, "-bbb_done -labour_market_ability -return_from"),
     "UNDETERMINED missing: bbb_done labour_market_ability return_from"},
    {"T_22_AbUnknownAtAnAla", Ask(kAb, kAla, "-bbb_done -labour_market_ability -return_from"),
     "UNDETERMINED discretion: s60_3_ala; missing: bbb_done labour_market_ability"},
};
INSTANTIATE_TEST_SUITE_P(Order, OrderTest, testing::ValuesIn(kOrder), NameOf);

const std::vector<Case> kExceptions = {
    {"T_23_DirectAdmissionIsDiscretion", Ask(kAb, kWfbm, kDirect), "MET discretion: s58_1_2_direct"},
    {"T_23_DirectAdmissionToAnAla", Ask(kAb, kAla, kDirect), "MET discretion: s58_1_2_direct, s60_3_ala"},
    {"T_23_NothingToWeighAfterTheBbb", Ask(kAb, kWfbm, "labour_market_ability=yes"), "MET"},
    {"T_23_TrainingIsNotInTheStatute", Ask(kAb, kAla, kTrained),
     "NOT_MET breaches: s58_1_2_order_ala STAGE_OUT_OF_ORDER; discretion: s60_3_ala"},
    {"T_23_TrainingUnderThePolicy", AskUnder("th-t", kAb, kAla, kTrained), "MET discretion: t23_training, s60_3_ala"},
    {"T_23_TrainingUnknown", AskUnder("th-t", kAb, kAla, "bbb_done=no -labour_market_training"),
     "UNDETERMINED discretion: s60_3_ala; missing: labour_market_training"},
    {"T_23_ThePolicyIsNotNeededBesideTheStatute",
     AskUnder("th-t", kAb, kAla, "bbb_done=no labour_market_ability=yes labour_market_training=yes"),
     "MET discretion: s58_1_2_direct, s60_3_ala"},
    {"T_00_NotInAWfbm", AskUnder("th-t", kAb, kWfbm, kTrained),
     "NOT_MET breaches: s58_1_2_order_wfbm STAGE_OUT_OF_ORDER"},
    {"T_00_NotInTheBbb", AskUnder("th-t", kBbb, kAla, "ev_done=no labour_market_training=yes"),
     "NOT_MET breaches: s57_order_ala STAGE_OUT_OF_ORDER; discretion: s60_3_ala"},
    {"T_00_FromItsFirstDay", Decided(AskUnder("th-t", kAb, kAla, kTrained, "2018-06-01"), absl::CivilDay(2018, 5, 15)),
     "MET discretion: t23_training, s60_3_ala"},
    {"T_00_NotBefore", Decided(AskUnder("th-t", kAb, kAla, kTrained, "2018-06-01"), absl::CivilDay(2018, 5, 14)),
     "NOT_MET breaches: s58_1_2_order_ala STAGE_OUT_OF_ORDER; discretion: s60_3_ala"},
};
INSTANTIATE_TEST_SUITE_P(Exceptions, OrderTest, testing::ValuesIn(kExceptions), NameOf);

std::vector<Case> Returns() {
  std::vector<Case> cases;
  for (const char* from : {"general_labour_market", "ala", "budget_fuer_arbeit", "budget_fuer_ausbildung"}) {
    const std::string changes = absl::StrCat("ev_done=no bbb_done=no bbb_statement=no return_from=", from);
    cases.push_back({absl::StrCat("T_91_ARightToTheWfbm_", from), Ask(kAb, kWfbm, changes), "MET"});
    cases.push_back({absl::StrCat("T_91_IntoTheBbbToo_", from), Ask(kBbb, kWfbm, changes), "MET"});
    cases.push_back({absl::StrCat("T_92_NoRightToAnAla_", from), Ask(kAb, kAla, changes),
                     "NOT_MET breaches: s58_1_2_order_ala STAGE_OUT_OF_ORDER; discretion: s60_3_ala, s220_3_ala"});
    cases.push_back({absl::StrCat("T_92_NorIntoItsBbb_", from), Ask(kBbb, kAla, changes),
                     "NOT_MET breaches: s57_order_ala STAGE_OUT_OF_ORDER; discretion: s60_3_ala"});
  }
  const auto to_wfbm = [](const char* from, const char* day) {
    return Ask(kAb, kWfbm, absl::StrCat("bbb_done=no return_from=", from), day);
  };
  const std::string breach = "NOT_MET breaches: s58_1_2_order_wfbm STAGE_OUT_OF_ORDER";
  cases.push_back({"T_91_FromAWfbmIsNoReturn", to_wfbm("wfbm", "2025-03-10"), breach});
  cases.push_back({"T_91_Since2018", to_wfbm("ala", "2018-01-01"), "MET"});
  cases.push_back({"T_91_In2021", to_wfbm("ala", "2021-01-01"), "MET"});
  cases.push_back({"T_91_BudgetFuerAusbildungNotTo2019", to_wfbm("budget_fuer_ausbildung", "2019-12-31"), breach});
  cases.push_back({"T_91_BudgetFuerAusbildungIsOpen", to_wfbm("budget_fuer_ausbildung", "2020-01-01"), "UNDETERMINED"});
  cases.push_back(
      {"T_91_BudgetFuerAusbildungIsOpenStill", to_wfbm("budget_fuer_ausbildung", "2022-02-28"), "UNDETERMINED"});
  cases.push_back({"T_91_BudgetFuerAusbildung", to_wfbm("budget_fuer_ausbildung", "2022-03-01"), "MET"});
  cases.push_back({"T_91_DoesNothingForTheOtherConditions",
                   Ask(kAb, kWfbm, "bbb_done=no return_from=ala better_access=yes"),
                   "NOT_MET breaches: s58_better_access BETTER_ACCESS"});
  cases.push_back({"T_91_Unknown", Ask(kAb, kWfbm, "bbb_done=no -return_from"), "UNDETERMINED missing: return_from"});
  cases.push_back({"T_92_TheAlaMay", Ask(kAb, kAla, "return_from=ala"), "MET discretion: s60_3_ala, s220_3_ala"});
  cases.push_back({"T_92_FromAWfbm", Ask(kAb, kAla, "return_from=wfbm"), "MET discretion: s60_3_ala, s220_3_ala"});
  return cases;
}
INSTANTIATE_TEST_SUITE_P(Returns, OrderTest, testing::ValuesIn(Returns()), NameOf);

// That it is a right is said, and by which sentence of law.
TEST(Order, T_91_TheRightIsAFinding) {
  const auto& rules = AdmissionRules::Embedded();
  const auto answer = rules.Evaluate(Ask(kAb, kWfbm, "return_from=ala"));
  ASSERT_TRUE(answer.ok()) << answer.status();
  int found = 0;
  for (const law::RuleVerdict& verdict : answer->trace.verdicts()) {
    const law::Rule& rule = rules.book().rules()[verdict.rule];
    if (rule.id != "s220_3_return") continue;
    ++found;
    EXPECT_EQ(verdict.truth, law::Truth::kYes);
    EXPECT_EQ(rule.force, law::Force::kMust);
    EXPECT_EQ(rule.citation, "§ 220 Abs. 3 SGB IX");
  }
  EXPECT_EQ(found, 1);
}

}  // namespace
}  // namespace teilhabe::eligibility
