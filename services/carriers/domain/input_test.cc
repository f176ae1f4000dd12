// Questions that are rejected: each with its code, reason and field, and both sides of each bound.
#include <string>
#include <vector>

#include "common/base/day.h"
#include "common/base/reason.h"
#include "gtest/gtest.h"
#include "services/carriers/domain/competence.h"
#include "services/carriers/domain/question_for_test.h"

namespace teilhabe::carriers {
namespace {

constexpr char kTaken[] = "UNDETERMINED ? FACTS_MISSING";  // How the answer begins where the question is taken.

absl::StatusOr<Competence> Determine(const Question& question) {
  return CompetenceRules::Embedded().Determine(question);
}

struct Input {
  std::string name;
  std::string municipality;
  std::string day;
  std::string facts;
  std::string want;
};
class QuestionInput : public testing::TestWithParam<Input> {};
TEST_P(QuestionInput, IsTakenOrRejectedWithReasonAndField) {
  const Input& input = GetParam();
  for (const Stage stage : {kEv, kBbb, kAb}) {
    const std::string got = Summary(Determine(Ask(input.municipality, stage, input.day, input.facts)));
    if (input.want == kTaken) {
      EXPECT_EQ(got.substr(0, input.want.size()), input.want) << got;
    } else {
      EXPECT_EQ(got, input.want);
    }
  }
}
const std::vector<Input> kInputs = {
    // Municipality.
    {"C_05_PlaceEmpty", "", "2025-03-10", "", "INVALID_ARGUMENT MUNICIPALITY_MALFORMED municipality"},
    {"C_05_PlaceOf7Digits", "5711000", "2025-03-10", "", "INVALID_ARGUMENT MUNICIPALITY_MALFORMED municipality"},
    {"C_05_PlaceOf12Digits", "057110000000", "2025-03-10", "", "INVALID_ARGUMENT MUNICIPALITY_MALFORMED municipality"},
    {"C_05_PlaceByName", "Bielefeld", "2025-03-10", "", "INVALID_ARGUMENT MUNICIPALITY_MALFORMED municipality"},
    {"C_05_PlaceUnknown", "05711999", "2025-03-10", "", "NOT_FOUND MUNICIPALITY_UNKNOWN municipality"},
    {"C_05_LandUnknown", "99000000", "2025-03-10", "", "NOT_FOUND MUNICIPALITY_UNKNOWN municipality"},
    {"C_05_EisenachLastDay", "16056000", "2021-06-30", "", kTaken},
    {"C_05_EisenachDayAfter", "16056000", "2021-07-01", "", "NOT_FOUND MUNICIPALITY_DISSOLVED municipality"},
    {"C_05_NewEisenachDayBefore", "16063105", "2021-06-30", "", "NOT_FOUND MUNICIPALITY_NOT_YET municipality"},
    {"C_05_NewEisenachFirstDay", "16063105", "2021-07-01", "", kTaken},
    {"C_05_DissolvedSomeDayUncertain", "16063028", "2023-06-01", "",
     "FAILED_PRECONDITION MUNICIPALITY_UNCERTAIN municipality"},
    {"C_05_DissolvedForCertain", "16063028", "2025-03-10", "", "NOT_FOUND MUNICIPALITY_DISSOLVED municipality"},
    // Days.
    {"C_05_FirstDay", "05711000", "2018-01-01", "", kTaken},
    {"C_05_DayBeforeTheFirst", "05711000", "2017-12-31", "", "FAILED_PRECONDITION BEFORE_DATA event_day"},
    {"C_05_LastDay", "05711000", "2032-12-31", "", kTaken},
    {"C_05_DayAfterTheLast", "05711000", "2033-01-01", "", "FAILED_PRECONDITION BEYOND_DATA event_day"},
    // Places among the facts.
    {"C_05_FirstApplicationUnknown", "05711000", "2025-03-10", "first_application=05711999",
     "NOT_FOUND MUNICIPALITY_UNKNOWN facts.first_application"},
    {"C_05_FirstApplicationZero", "05711000", "2025-03-10", "first_application=00000000",
     "NOT_FOUND MUNICIPALITY_UNKNOWN facts.first_application"},
    {"C_05_FirstApplicationOfAFormerPlace", "05711000", "2025-03-10", "first_application=16056000", kTaken},
    {"C_05_FirstApplicationNotYet", "05711000", "2021-06-30", "first_application=16063105",
     "NOT_FOUND MUNICIPALITY_NOT_YET facts.first_application"},
    {"C_05_FirstApplicationFromItsFirstDay", "05711000", "2021-07-01", "first_application=16063105", kTaken},
    {"C_05_Sgb12PlaceUnknown", "05711000", "2019-12-31", "sgb12_place=99999999",
     "NOT_FOUND MUNICIPALITY_UNKNOWN facts.sgb12_place"},
    {"C_05_Sgb12PlaceNotYet", "05711000", "2019-12-31", "sgb12_place=16063105",
     "NOT_FOUND MUNICIPALITY_NOT_YET facts.sgb12_place"},
    // Contradictions; all of them are in the tests of common/law.
    {"C_05_CauseNoneAndAnother", "05711000", "2025-03-10", "cause=none+work_accident",
     "INVALID_ARGUMENT FACTS_CONTRADICT facts.cause"},
    {"C_05_BornAfterTheService", "05711000", "2025-03-10", "birth_date=2025-03-11",
     "INVALID_ARGUMENT FACTS_CONTRADICT facts.birth_date"},
    {"C_05_BornOnTheFirstDay", "05711000", "2025-03-10", "birth_date=2025-03-10", kTaken},
    {"C_05_InsuredBeforeBirth", "05711000", "2025-03-10", "birth_date=2024-12-31 insured_months=5",
     "INVALID_ARGUMENT FACTS_CONTRADICT facts.insured_months"},
    {"C_05_AccountWithoutNumber", "05711000", "2025-03-10", "drv_account=drv-bund area_number=none",
     "INVALID_ARGUMENT FACTS_CONTRADICT facts.area_number"},
    {"C_05_InsurerWithoutAccident", "05711000", "2025-03-10", "cause=none accident_insurer=bgw",
     "INVALID_ARGUMENT FACTS_CONTRADICT facts.accident_insurer"},
};
INSTANTIATE_TEST_SUITE_P(Rows, QuestionInput, testing::ValuesIn(kInputs),
                         [](const auto& tested) { return tested.param.name; });

TEST(QuestionInput, C_05_ADissolvedPlaceNamesItsSuccessorAndItsLastDay) {
  const absl::Status status = Determine(Ask("16056000", kAb, "2021-07-01")).status();
  EXPECT_EQ(GetDetails(status)["successor"], "16063105");
  EXPECT_EQ(GetDetails(status)["last_seen"], "2021-06-30");
  EXPECT_NE(status.message().find("16063105"), absl::string_view::npos);
}

TEST(QuestionInput, C_05_APlaceAmongTheFactsKeepsTheDetailsOfItsError) {
  const absl::Status status = Determine(Ask("05711000", kAb, "2021-06-30", "first_application=16063105")).status();
  EXPECT_EQ(GetDetails(status)["first_seen"], "2021-07-01");
}

TEST(QuestionInput, C_05_LawDayHasTheBoundsOfTheEventDay) {
  Question question = Ask("05711000", kAb, "2025-03-10");
  question.law_day = absl::CivilDay(2018, 1, 1);
  EXPECT_TRUE(Determine(question).ok());
  question.law_day = absl::CivilDay(2017, 12, 31);
  EXPECT_EQ(Summary(Determine(question)), "FAILED_PRECONDITION BEFORE_DATA law_day");
  question.law_day = absl::CivilDay(2032, 12, 31);
  EXPECT_TRUE(Determine(question).ok());
  question.law_day = absl::CivilDay(2033, 1, 1);
  EXPECT_EQ(Summary(Determine(question)), "FAILED_PRECONDITION BEYOND_DATA law_day");
}

TEST(QuestionInput, C_05_KnownAtMustNotBeBeforeTheData) {
  const absl::CivilDay data = DataDay(reference::EmbeddedReference());
  Question question = Ask("05711000", kAb, "2025-03-10");
  question.known_at = data;
  EXPECT_TRUE(Determine(question).ok());
  question.known_at = data + 1;
  EXPECT_TRUE(Determine(question).ok());
  question.known_at = data - 1;
  EXPECT_EQ(Summary(Determine(question)), "INVALID_ARGUMENT KNOWN_AT_BEFORE_DATA known_at");
}

}  // namespace
}  // namespace teilhabe::carriers
