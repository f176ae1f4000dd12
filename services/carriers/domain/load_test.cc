// Rule tables that CompetenceRules rejects, and what holds of the embedded one.
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/reason.h"
#include "gtest/gtest.h"
#include "services/carriers/domain/competence.h"
#include "services/carriers/domain/question_for_test.h"

namespace teilhabe::carriers {
namespace {

constexpr char kHeader[] =
    "id,list,condition,outcome,valid_from,valid_to,force,citation,tests,text_yes,text_no,text_unknown\n";

std::string Row(const std::string& id, const std::string& list, const std::string& condition,
                const std::string& outcome, const std::string& from = "", const std::string& to = "") {
  return absl::StrCat(id, ",", list, ",", condition, ",", outcome, ",", from, ",", to, ",must,§ 63 SGB IX,C_05,,,\n");
}
const std::string& Ends() {  // The last rows that both lists need.
  static const auto* const ends =
      new std::string(Row("ba", "I", "always", "EMPLOYMENT_AGENCY") + Row("nobody", "II", "always", "NOBODY"));
  return *ends;
}
absl::Status Load(const std::string& rows) {
  return CompetenceRules::Load(kHeader + rows, law::Parameters::Embedded(), reference::EmbeddedReference()).status();
}

TEST(RuleTable, C_05_TakesEveryOutcome) {
  EXPECT_TRUE(Load(Ends()).ok());
  const absl::Status status =
      Load(Row("t", "term", "em_pension", "") + Row("a", "I", "t", "PENSION_INSURANCE") +
           Row("b", "I", "cause several", "human:X") + Row("c", "II", "em_pension", "open:Y") +
           Row("d", "II", "t", "stop") + Row("e", "route.EMPLOYMENT_AGENCY", "always", "residence:ba") +
           Row("f", "route.PENSION_INSURANCE", "always", "residence:drv") +
           Row("g", "route.PENSION_INSURANCE", "always", "agency:drv-bund") +
           Row("h", "route.PENSION_INSURANCE", "given area_number", "area:area_number") +
           Row("i", "route.ACCIDENT_INSURANCE", "given accident_insurer", "fact:accident_insurer") +
           Row("j", "route.SOZIALHILFE", "given sgb12_place", "place:sgb12_place") +
           Row("k", "regelfall.PENSION_INSURANCE", "always", "residence:drv") + Row("l", "ala", "always", "") + Ends());
  EXPECT_TRUE(status.ok()) << status;
}

TEST(RuleTable, C_05_UnknownFactsThatCannotChangeTheAnswerAreNotMissing) {
  const auto rules = CompetenceRules::Load(kHeader + Row("a", "I", "em_pension", "EMPLOYMENT_AGENCY") +
                                               Row("b", "route.EMPLOYMENT_AGENCY", "always", "residence:ba") + Ends(),
                                           law::Parameters::Embedded(), reference::EmbeddedReference());
  ASSERT_TRUE(rules.ok()) << rules.status();
  const auto answer = rules->Determine(Ask("05711000", kEv, "2025-03-10"));
  EXPECT_EQ(Summary(answer), "DETERMINED EMPLOYMENT_AGENCY rd-nrw/aa-bielefeld") << "whether or not a pension is drawn";
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(Names(answer->missing), "");
}

TEST(RuleTable, C_05_AKindThatIsOnlyPossibleAsksForNoFactThatIsKnown) {
  const auto rules = CompetenceRules::Load(
      kHeader + Row("a", "I", "em_pension", "PENSION_INSURANCE") +
          Row("b", "route.PENSION_INSURANCE", "survivor_pension and given drv_account", "residence:drv") +
          Row("c", "route.EMPLOYMENT_AGENCY", "always", "residence:ba") + Ends(),
      law::Parameters::Embedded(), reference::EmbeddedReference());
  ASSERT_TRUE(rules.ok()) << rules.status();
  const auto answer = rules->Determine(Ask("05711000", kEv, "2025-03-10", "survivor_pension=no"));
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(PossibleKinds(*answer), "PENSION_INSURANCE EMPLOYMENT_AGENCY");
  EXPECT_EQ(Names(answer->missing), "em_pension drv_account");
}

struct Broken {
  std::string name;
  std::string rows;
  std::string message;
};
class BrokenTable : public testing::TestWithParam<Broken> {};
TEST_P(BrokenTable, IsRejected) {
  const absl::Status status = Load(GetParam().rows);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
  EXPECT_EQ(GetReason(status), "RULES_INVALID");
  EXPECT_TRUE(absl::StrContains(status.message(), GetParam().message)) << status;
}
Broken First(const std::string& name, const std::string& row, const std::string& message) {
  return {name, row + Ends(), absl::StrCat("rule a: ", message)};
}
const std::vector<Broken> kBroken = {
    First("KindUnknown", Row("a", "I", "always", "HEALTH_INSURANCE"), "unknown carrier kind"),
    First("KindMissing", Row("a", "II", "always", ""), "unknown carrier kind"),
    First("KindWithValue", Row("a", "II", "always", "SOZIALHILFE:x"), "unknown carrier kind"),
    First("BranchWithoutName", Row("a", "I", "always", "open"), "the branch has no name"),
    First("HumanWithoutName", Row("a", "I", "always", "human:"), "the branch has no name"),
    First("RouteInAList", Row("a", "I", "always", "residence:ba"), "unknown carrier kind"),
    First("StopWithName", Row("a", "I", "always", "stop:x"), "unknown carrier kind"),
    First("ListUnknown", Row("a", "III", "always", "EMPLOYMENT_AGENCY"), "unknown list"),
    First("RouteOfNobody", Row("a", "route.NOBODY", "always", "residence:ba"), "unknown list"),
    First("RegelfallOfNobody", Row("a", "regelfall.NOBODY", "always", "residence:drv"), "unknown list"),
    First("RouteOfAMistypedKind", Row("a", "route.PENSION", "always", "residence:drv"), "unknown list"),
    First("NoteWithOutcome", Row("a", "ala", "always", "EMPLOYMENT_AGENCY"), "a row of this list has no outcome"),
    First("TermWithOutcome", Row("a", "term", "always", "EMPLOYMENT_AGENCY"), "a row of this list has no outcome"),
    First("KindInARoute", Row("a", "route.SOZIALHILFE", "always", "SOZIALHILFE"), "unknown route"),
    First("RouteUnknown", Row("a", "route.SOZIALHILFE", "always", "post:ba"), "unknown route"),
    First("ResidenceUnknown", Row("a", "route.SOZIALHILFE", "always", "residence:egh"), "residence of ba or drv"),
    First("AgencyUnknown", Row("a", "route.PENSION_INSURANCE", "always", "agency:drv-mond"), "unknown agency"),
    First("FactUnknown", Row("a", "route.PENSION_INSURANCE", "always", "fact:account"), "no fact that leads"),
    First("FactOfAnotherType", Row("a", "route.SOZIALHILFE", "always", "fact:sgb12_place"), "no fact that leads"),
    First("AreaOfAnotherType", Row("a", "route.SOZIALHILFE", "always", "area:drv_account"), "no fact that leads"),
    First("PlaceOfAnotherType", Row("a", "route.SOZIALHILFE", "always", "place:area_number"), "no fact that leads"),
    {"NoListI", Row("nobody", "II", "always", "NOBODY"), "list I does not end with a row that always holds"},
    {"NoListII", Row("ba", "I", "always", "EMPLOYMENT_AGENCY"), "list II does not end with a row that always holds"},
    {"LastRowDoubts", Ends() + Row("z", "II", "em_pension", "NOBODY"), "list II does not end"},
    {"ListEndsTooEarly",
     Row("ba", "I", "always", "EMPLOYMENT_AGENCY", "", "2031-12-31") + Row("nobody", "II", "always", "NOBODY"),
     "list I does not end"},
    {"ListBeginsTooLate",
     Row("ba", "I", "always", "EMPLOYMENT_AGENCY", "2018-01-02") + Row("nobody", "II", "always", "NOBODY"),
     "list I does not end"},
    {"ConditionBroken", Row("a", "I", "cause maybe", "NOBODY") + Ends(), "rule a: expected has, only or several"},
};
INSTANTIATE_TEST_SUITE_P(Errors, BrokenTable, testing::ValuesIn(kBroken),
                         [](const auto& tested) { return tested.param.name; });

// --- The embedded table ----------------------------------------------------------------------------------------------

TEST(EmbeddedRules, C_05_AreTheEmbeddedText) {
  const absl::Status status = CompetenceRules::Load(CompetenceRules::EmbeddedText(), law::Parameters::Embedded(),
                                                    reference::EmbeddedReference())
                                  .status();
  EXPECT_TRUE(status.ok()) << status;
}

TEST(EmbeddedRules, C_05_NameTheirTestsAndCiteAnActThatWasChecked) {
  for (const law::Rule& rule : CompetenceRules::Embedded().book().rules()) {
    EXPECT_FALSE(rule.tests.empty()) << rule.id;
    EXPECT_TRUE(rule.checked_until.has_value()) << rule.id << ": " << rule.citation;
    EXPECT_TRUE(absl::StrContains(rule.citation, "§")) << rule.id;
    ASSERT_TRUE(rule.valid.from.has_value()) << rule.id;
    EXPECT_GE(*rule.valid.from, CompetenceRules::kFirstDay) << rule.id;
  }
}

TEST(EmbeddedRules, C_05_HaveTheNamesOfTheirKinds) {
  std::set<std::string> names;
  for (std::size_t at = 0; at < kCarrierKindCount; ++at) {
    names.emplace(KindName(static_cast<CarrierKind>(at)));
    EXPECT_FALSE(KindNameGerman(static_cast<CarrierKind>(at)).empty());
  }
  EXPECT_EQ(names.size(), kCarrierKindCount);
  EXPECT_TRUE(names.contains("PENSION_INSURANCE"));
}

}  // namespace
}  // namespace teilhabe::carriers
