// Each step with its nearest neighbour: what may be recorded next, and where it may not, with reason and field.
#include "services/participants/domain/steps.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "services/participants/domain/case_for_test.h"
#include "services/participants/domain/rest.h"

namespace teilhabe::participants {
namespace {

struct Said {
  std::string day;
  What what;
};
struct Row {
  std::string name;
  Upto upto;                 // The usual story until there,
  std::vector<Said> before;  // then these,
  Said step;                 // then the question.
  std::string want = "OK";
  std::string today = {};  // Empty: the day of the step.
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

class Steps : public testing::TestWithParam<Row> {};
TEST_P(Steps, AreAllowedOrRefusedWithReasonAndField) {
  const Row& row = GetParam();
  Story story = Usual(row.upto);
  for (const Said& said : row.before) story.Tell(said.day, said.what);
  const absl::Status got = story.Ask(row.step.day, row.step.what, row.today);
  EXPECT_EQ(Summary(got), row.want) << got;
  EXPECT_TRUE(got.ok() || absl::IsInvalidArgument(got) == (GetReason(got) == "STEP_MALFORMED")) << got;
  EXPECT_TRUE(got.ok() || absl::IsInvalidArgument(got) || absl::IsFailedPrecondition(got)) << got;
}
auto Name() {
  return [](const auto& tested) { return tested.param.name; };
}

constexpr char kDropsOut[] = "CASE_WOULD_DROP_OUT step";
const std::int64_t kNext = kFinished + 1;  // Sequence of the first step in `before` after kFinished.

const std::vector<Row> kDays = {
    {"C_01_OnTheDayOfOpening", kOpen, {}, {"2024-03-01", Report{"report"}}},
    {"C_01_BeforeTheDayOfOpening", kOpen, {}, {"2024-02-29", Report{"report"}}, "STEP_MALFORMED event_day"},
    {"C_01_OnTheNetworksDay", kOpen, {}, {"2024-03-05", Report{"report"}}, "OK", "2024-03-05"},
    {"C_01_AfterTheNetworksDay", kOpen, {}, {"2024-03-06", Report{}}, "STEP_MALFORMED event_day", "2024-03-05"},
    {"Law8a5_HintOnItsDay", kApplied, {}, {"2024-03-02", MedicalHint{On("2024-03-02")}}},
    {"Law8a5_HintOfTomorrow",
     kApplied,
     {},
     {"2024-03-02", MedicalHint{On("2024-03-03")}},
     "STEP_MALFORMED step.medical_hint.given_day"},
};
INSTANTIATE_TEST_SUITE_P(Days, Steps, testing::ValuesIn(kDays), Name());

const std::vector<Row> kApplications = {
    {"Law2_ArrivesOnTheDayOfRecording", kOpen, {}, {"2024-03-05", Applied(kEv, "2024-03-05")}},
    {"Law2_ArrivedBeforeTheCaseWasOpened", kOpen, {}, {"2024-03-05", Applied(kEv, "2024-02-01")}},
    {"Law2_ArrivesTomorrow",
     kOpen,
     {},
     {"2024-03-05", Applied(kEv, "2024-03-06")},
     "STEP_MALFORMED step.application.eingang_day"},
    {"Law10_SameStageWhileOneWaits",
     kApplied,
     {},
     {"2024-03-05", Applied(kEv, "2024-03-05")},
     "APPLICATION_OPEN step.application.stage"},
    {"Law10_NextStageWhileOneWaits", kApplied, {}, {"2024-03-05", Applied(kBbb, "2024-03-05")}},
    {"Law10_SameStageOnceDecided", kGranted, {}, {"2024-03-20", Applied(kEv, "2024-03-20")}},
    {"Law10_NextStageBesideARunningService", kBegun, {}, {"2024-05-01", Applied(kBbb, "2024-05-01")}},
    {"T_91_ReturnAfterAnEnd",
     kFinished,
     {{"2024-09-01", Ended{EndReason::kGeneralLabourMarket}}},
     {"2027-01-01", Applied(kAb, "2027-01-01")}},
    {"Law8a3_RepresentationMissing",
     kOpen,
     {},
     {"2024-03-01", Applied(kEv, "2024-03-01", Applicant::kRepresentative, 1)},
     "REPRESENTATION_MISSING step.application.representation"},
    {"Law8a3_RepresentationThatIsAnotherStep",
     kApplied,
     {},
     {"2024-03-01", Applied(kBbb, "2024-03-01", Applicant::kRepresentative, kApplied)},
     "REPRESENTATION_MISSING step.application.representation"},
    {"Law2_ExOfficioNeedsNobody", kOpen, {}, {"2024-03-01", Applied(kEv, "2024-03-01", Applicant::kExOfficio)}},
};
INSTANTIATE_TEST_SUITE_P(Applications, Steps, testing::ValuesIn(kApplications), Name());

// N-04: Bedarfsermittlung, Bedarfsfeststellung, plan.
const std::vector<Row> kPlanning = {
    {"N_04_Assessment", kApplied, {}, {"2024-03-08", Assessment{kApplied}}},
    {"N_04_AssessmentOfNothing", kOpen, {}, {"2024-03-08", Assessment{1}}, "STEP_UNKNOWN step.assessment.application"},
    {"N_04_AssessmentOfAnotherKindOfStep",
     kAssessed,
     {},
     {"2024-03-09", Assessment{kAssessed}},
     "STEP_UNKNOWN step.assessment.application"},
    {"N_04_AssessmentAfterTheDecision",
     kGranted,
     {},
     {"2024-03-20", Assessment{kApplied}},
     "APPLICATION_DECIDED step.assessment.application"},
    {"N_04_Determination", kAssessed, {}, {"2024-03-10", Determination{kApplied, kAssessed}}},
    {"N_04_DeterminationOnTheDayOfTheAssessment", kAssessed, {}, {"2024-03-08", Determination{kApplied, kAssessed}}},
    {"N_04_DeterminationDatedBeforeTheAssessment",
     kAssessed,
     {},
     {"2024-03-07", Determination{kApplied, kAssessed}},
     "ASSESSMENT_MISSING step.determination.assessment",
     "2024-03-10"},
    {"N_04_DeterminationWithoutAssessment",
     kApplied,
     {},
     {"2024-03-10", Determination{kApplied, kAssessed}},
     "ASSESSMENT_MISSING step.determination.assessment"},
    {"N_04_DeterminationByTheAssessmentOfAnotherApplication",
     kAssessed,
     {{"2024-03-09", Applied(kBbb, "2024-03-09")}},
     {"2024-03-10", Determination{kDetermined, kAssessed}},
     "ASSESSMENT_MISSING step.determination.assessment"},
    {"N_04_DeterminationAfterTheDecision",
     kGranted,
     {},
     {"2024-03-20", Determination{kApplied, kAssessed}},
     "APPLICATION_DECIDED step.determination.application"},
    {"N_04_DeterminationOfNothing",
     kAssessed,
     {},
     {"2024-03-10", Determination{9, kAssessed}},
     "STEP_UNKNOWN step.determination.application"},
    {"N_04_Plan", kDetermined, {}, {"2024-03-12", Planned(kApplied, 1, "2026-03-12")}},
    {"N_04_PlanOnTheDayOfTheDetermination", kDetermined, {}, {"2024-03-10", Planned(kApplied, 1, "2026-03-10")}},
    {"N_04_PlanDatedBeforeTheDetermination",
     kDetermined,
     {},
     {"2024-03-09", Planned(kApplied, 1, "2026-03-09")},
     "DETERMINATION_MISSING step.teilhabeplan.application",
     "2024-03-12"},
    {"N_04_PlanWithoutDetermination",
     kAssessed,
     {},
     {"2024-03-12", Planned(kApplied, 1, "2026-03-12")},
     "DETERMINATION_MISSING step.teilhabeplan.application"},
    {"N_04_PlanByTheDeterminationOfAnotherApplication",
     kDetermined,
     {{"2024-03-11", Applied(kBbb, "2024-03-11")}},
     {"2024-03-12", Planned(kPlanned, 1, "2026-03-12")},
     "DETERMINATION_MISSING step.teilhabeplan.application"},
    {"N_04_PlanOfNothing",
     kDetermined,
     {},
     {"2024-03-12", Planned(9, 1, "2026-03-12")},
     "STEP_UNKNOWN step.teilhabeplan.application"},
    {"N_14_PlanGoesOnAfterTheDecision", kBegun, {}, {"2024-05-01", Planned(kApplied, 2, "2026-05-01")}},
    {"N_14_FirstVersionIsOne",
     kDetermined,
     {},
     {"2024-03-12", Planned(kApplied, 0, "2026-03-12")},
     "PLAN_VERSION step.teilhabeplan.version"},
    {"N_14_VersionTwice",
     kPlanned,
     {},
     {"2024-03-12", Planned(kApplied, 1, "2026-03-12")},
     "PLAN_VERSION step.teilhabeplan.version"},
    {"N_14_VersionLeftOut",
     kPlanned,
     {},
     {"2024-03-12", Planned(kApplied, 3, "2026-03-12")},
     "PLAN_VERSION step.teilhabeplan.version"},
    {"Law3_FindingOnAGesamtplan", kPlanned, {}, {"2024-03-13", GesamtplanFinding{kBbb, kPlanned}}},
    {"Law3_FindingOnATeilhabeplanOnly",
     kDetermined,
     {{"2024-03-12", Planned(kApplied, 1, "2026-03-12", false)}},
     {"2024-03-13", GesamtplanFinding{kBbb, kPlanned}},
     "GESAMTPLAN_MISSING step.gesamtplan_finding.plan"},
    {"Law3_FindingOnNoPlan",
     kPlanned,
     {},
     {"2024-03-13", GesamtplanFinding{kBbb, kDetermined}},
     "STEP_UNKNOWN step.gesamtplan_finding.plan"},
};
INSTANTIATE_TEST_SUITE_P(Planning, Steps, testing::ValuesIn(kPlanning), Name());

// § 121 Abs. 2 Satz 2 SGB IX, § 188 Abs. 2 and 3 BGB.
struct ReviewCase {
  std::string name;
  std::string made;
  std::string review;
  std::string want = "OK";
};
void PrintTo(const ReviewCase& row, std::ostream* out) { *out << row.name; }
class Reviews : public testing::TestWithParam<ReviewCase> {};
TEST_P(Reviews, LieWithinTwoYearsWhateverIsReviewed) {
  const ReviewCase& row = GetParam();
  const auto want = [&](std::string_view field) {
    return row.want == "OK" ? row.want : row.want + " " + std::string(field);
  };
  Story story("2020-01-01");
  const std::int64_t application = story.Tell("2020-01-01", Applied(kEv, "2020-01-01"));
  story.Tell("2020-01-01", Determination{application, story.Tell("2020-01-01", Assessment{application})});
  EXPECT_EQ(Summary(story.Ask(row.made, Planned(application, 1, row.review))), want("step.teilhabeplan.review_day"));
  EXPECT_EQ(Summary(story.Ask(row.made, IndividualSolution{MaybeOn(row.review)})),
            want("step.individual_solution.review_day"));
  EXPECT_EQ(Summary(story.Ask(row.made, Refused(application, Solved(row.review)))),
            want("decision.individual_solution.review_day"));
  const std::int64_t grant = story.Tell("2020-01-01", Granted(application, kEv, "2020-01-01"));
  const std::int64_t service = story.Tell("2020-01-01", Started(grant, "2020-01-01"));
  EXPECT_EQ(Summary(story.Ask(row.made, Finished(service, row.made, Solved(row.review)))),
            want("step.service_ended.individual_solution.review_day"));
}
const std::vector<ReviewCase> kReviews = {
    {"N_10_NextDay", "2024-03-12", "2024-03-13"},
    {"N_10_SameDay", "2024-03-12", "2024-03-12", "STEP_MALFORMED"},
    {"N_10_DayBefore", "2024-03-12", "2024-03-11", "STEP_MALFORMED"},
    {"N_10_None", "2024-03-12", "", "REVIEW_MISSING"},
    {"Law3_TwoYearsLater", "2024-03-12", "2026-03-12"},
    {"Law3_TwoYearsAndADay", "2024-03-12", "2026-03-13", "REVIEW_TOO_LATE"},
    {"Law10_LeapDayToTheEndOfFebruary", "2024-02-29", "2026-02-28"},
    {"Law10_LeapDayToTheFirstOfMarch", "2024-02-29", "2026-03-01", "REVIEW_TOO_LATE"},
    {"Law10_EndOfFebruaryToTheLeapYear", "2022-02-28", "2024-02-28"},
    {"Law10_EndOfFebruaryToTheLeapDay", "2022-02-28", "2024-02-29", "REVIEW_TOO_LATE"},
    {"Law10_FirstOfMarchOverTheLeapDay", "2022-03-01", "2024-03-01"},
    {"Law3_LastOfTheYear", "2023-12-31", "2025-12-31"},
    {"Law3_LastOfTheYearAndADay", "2023-12-31", "2026-01-01", "REVIEW_TOO_LATE"},
};
INSTANTIATE_TEST_SUITE_P(Rows, Reviews, testing::ValuesIn(kReviews), Name());

const std::vector<Row> kDecisions = {
    {"N_09_Grant", kPlanned, {}, {"2024-03-15", Granted(kApplied, kEv, "2024-04-01", "2024-06-30")}},
    {"N_09_GrantOfOneDay", kPlanned, {}, {"2024-03-15", Granted(kApplied, kEv, "2024-04-01", "2024-04-01")}},
    {"N_09_OpenGrant", kPlanned, {}, {"2024-03-15", Granted(kApplied, kEv, "2024-04-01")}},
    {"Law1_GrantBackToTheMonthOfTheApplication", kPlanned, {}, {"2024-03-15", Granted(kApplied, kEv, "2024-03-01")}},
    {"N_09_GrantFromNoDay",
     kPlanned,
     {},
     {"2024-03-15", Granted(kApplied, kEv, "")},
     "STEP_MALFORMED decision.first_day"},
    {"N_09_GrantThatEndsBeforeItBegins",
     kPlanned,
     {},
     {"2024-03-15", Granted(kApplied, kEv, "2024-04-01", "2024-03-31")},
     "STEP_MALFORMED decision.last_day"},
    {"N_09_OnTheDayOfTheEingang", kApplied, {}, {"2024-03-01", Granted(kApplied, kEv, "2024-04-01")}},
    {"N_09_BeforeTheEingang",
     kOpen,
     {{"2024-03-10", Applied(kEv, "2024-03-05")}},
     {"2024-03-04", Granted(kApplied, kEv, "2024-04-01")},
     "STEP_MALFORMED event_day",
     "2024-03-10"},
    {"N_09_OnNothing", kOpen, {}, {"2024-03-15", Granted(1, kEv, "2024-04-01")}, "STEP_UNKNOWN decision.application"},
    {"N_09_Twice",
     kGranted,
     {},
     {"2024-03-16", Granted(kApplied, kEv, "2024-04-01")},
     "APPLICATION_DECIDED decision.application"},
    {"N_09_GrantAndWhatFollows",
     kPlanned,
     {},
     {"2024-03-15", Decision{kApplied, true, kEv, ProviderType::kWfbm, "wfbm", On("2024-04-01"), std::nullopt, "ba",
                             Solved("2025-01-01")}},
     "STEP_MALFORMED decision"},
    {"N_10_RefusalAndNothing", kPlanned, {}, {"2024-03-15", Refused(kApplied)}, kDropsOut},
    {"N_10_RefusalAndASolution", kPlanned, {}, {"2024-03-15", Refused(kApplied, Solved("2025-03-15"))}},
    {"N_10_RefusalAndAnEnd", kPlanned, {}, {"2024-03-15", Refused(kApplied, Over(EndReason::kOtherSupport))}},
    {"N_10_RefusalAndBoth",
     kPlanned,
     {},
     {"2024-03-15", Refused(kApplied, {IndividualSolution{On("2025-03-15")}, Ended{EndReason::kWithdrawn}})},
     "FOLLOW_TWICE decision"},
    {"N_10_RefusalBesideAnotherApplication",
     kPlanned,
     {{"2024-03-13", Applied(kBbb, "2024-03-13")}},
     {"2024-03-15", Refused(kApplied)}},
    {"N_10_RefusalBesideAServiceWithoutEnd",
     kBegun,
     {{"2024-05-01", Applied(kBbb, "2024-05-01")}},
     {"2024-05-20", Refused(kBegun + 1)}},
    {"N_10_RefusalAfterASolution",
     kFinished,
     {{"2024-08-01", Applied(kBbb, "2024-08-01")}},
     {"2024-08-20", Refused(kNext)}},
    {"N_10_RefusalBesideAServiceThatIsToEnd",
     kBegun,
     {{"2024-05-01", Applied(kBbb, "2024-05-01")}, {"2024-05-02", Finished(kBegun, "2024-06-30")}},
     {"2024-05-20", Refused(kBegun + 1)},
     kDropsOut},
    {"N_10_RefusalAndAnEndBesideAService",
     kBegun,
     {{"2024-05-01", Applied(kBbb, "2024-05-01")}},
     {"2024-05-20", Refused(kBegun + 1, Over(EndReason::kOtherSupport))},
     "SERVICE_RUNS decision.ended"},
    {"N_10_RefusalAndAnEndBesideAnApplication",
     kPlanned,
     {{"2024-03-13", Applied(kBbb, "2024-03-13")}},
     {"2024-03-15", Refused(kApplied, Over(EndReason::kOtherSupport))},
     "APPLICATION_OPEN decision.ended"},
    {"N_10_RefusalAndWithdrawalOfTheRest",
     kPlanned,
     {{"2024-03-13", Applied(kBbb, "2024-03-13")}},
     {"2024-03-15", Refused(kApplied, Over(EndReason::kWithdrawn))}},
    {"N_10_RefusalAndJoinedIntoNothing",
     kPlanned,
     {},
     {"2024-03-15", Refused(kApplied, Over(EndReason::kJoined))},
     "STEP_MALFORMED decision.ended.reason"},
};
INSTANTIATE_TEST_SUITE_P(Decisions, Steps, testing::ValuesIn(kDecisions), Name());

// A grant of 2024-04-10 for 2024-04-01 to 2024-06-30, and one of the day before its first.
const std::vector<Said> kLateGrant = {{"2024-04-10", Granted(kApplied, kEv, "2024-04-01", "2024-06-30")}};
const std::vector<Row> kStarts = {
    {"T_30_OnTheDayOfTheDecision", kPlanned, kLateGrant, {"2024-04-10", Started(kGranted, "2024-04-10")}},
    {"T_30_BeforeTheDecision",
     kPlanned,
     kLateGrant,
     {"2024-04-10", Started(kGranted, "2024-04-09")},
     "START_BEFORE_DECISION step.service_started.first_day"},
    {"N_10_OnTheFirstDay", kGranted, {}, {"2024-04-01", Started(kGranted, "2024-04-01")}},
    {"N_10_BeforeTheFirstDay",
     kGranted,
     {},
     {"2024-04-01", Started(kGranted, "2024-03-31")},
     "START_BEFORE_GRANT step.service_started.first_day"},
    {"N_10_OnTheLastDay", kGranted, {}, {"2024-06-30", Started(kGranted, "2024-06-30")}},
    {"N_10_AfterTheLastDay",
     kGranted,
     {},
     {"2024-07-01", Started(kGranted, "2024-07-01")},
     "START_AFTER_GRANT step.service_started.first_day"},
    {"N_10_OfAnOpenGrant",
     kPlanned,
     {{"2024-03-15", Granted(kApplied, kEv, "2024-04-01")}},
     {"2029-04-01", Started(kGranted, "2029-04-01")}},
    {"N_10_OfAGrantWithoutDayInTheLog",
     kPlanned,
     {{"2024-03-15", Granted(kApplied, kEv, "")}},
     {"2024-04-01", Started(kGranted, "2024-04-01")}},
    {"N_10_OfNothing",
     kPlanned,
     {},
     {"2024-04-01", Started(kGranted, "2024-04-01")},
     "STEP_UNKNOWN step.service_started.decision"},
    {"N_10_OfARefusal",
     kPlanned,
     {{"2024-03-15", Refused(kApplied, Solved("2025-03-15"))}},
     {"2024-04-01", Started(kGranted, "2024-04-01")},
     "NOT_GRANTED step.service_started.decision"},
    {"N_10_OfAServiceThatHasBegun",
     kBegun,
     {},
     {"2024-04-02", Started(kGranted, "2024-04-02")},
     "SERVICE_RUNS step.service_started.decision"},
    {"N_10_OfAServiceThatIsOver",
     kFinished,
     {},
     {"2024-07-01", Started(kGranted, "2024-06-30")},
     "SERVICE_RUNS step.service_started.decision"},
    {"C_06_NextStageWhileThisOneHasNoEnd",
     kBegun,
     {{"2024-05-01", Applied(kBbb, "2024-05-01")}, {"2024-05-20", Granted(kBegun + 1, kBbb, "2024-06-30")}},
     {"2024-07-01", Started(kBegun + 2, "2024-07-01")},
     "SERVICE_RUNS step.service_started.first_day"},
    {"C_06_NextStageOnTheLastDayOfThisOne",
     kFinished,
     {{"2024-06-30", Applied(kBbb, "2024-05-01")}, {"2024-06-30", Granted(kNext, kBbb, "2024-06-30")}},
     {"2024-07-01", Started(kNext + 1, "2024-06-30")},
     "SERVICE_RUNS step.service_started.first_day"},
    {"C_06_NextStageOnTheDayAfterThisOne",
     kFinished,
     {{"2024-06-30", Applied(kBbb, "2024-05-01")}, {"2024-06-30", Granted(kNext, kBbb, "2024-06-30")}},
     {"2024-07-01", Started(kNext + 1, "2024-07-01")}},
    {"N_10_AfterAllThoughASolutionWasFound",
     kGranted,
     {{"2024-03-20", IndividualSolution{On("2025-03-20")}}},
     {"2024-04-01", Started(kGranted, "2024-04-01")}},
};
INSTANTIATE_TEST_SUITE_P(Starts, Steps, testing::ValuesIn(kStarts), Name());

const std::vector<Said> kNextStageAsked = {{"2024-05-01", Applied(kBbb, "2024-05-01")}};
const std::vector<Said> kNextStageGranted = {{"2024-05-01", Applied(kBbb, "2024-05-01")},
                                             {"2024-05-20", Granted(kBegun + 1, kBbb, "2024-07-01")}};
const std::vector<Row> kServiceEnds = {
    {"N_10_AndNothing", kBegun, {}, {"2024-06-30", Finished(kBegun, "2024-06-30")}, kDropsOut},
    {"N_10_SomeDayAndNothing", kBegun, {}, {"2024-04-02", Finished(kBegun, "2024-06-30")}, kDropsOut},
    {"N_10_AndASolution", kBegun, {}, {"2024-06-30", Finished(kBegun, "2024-06-30", Solved("2025-06-30"))}},
    {"N_10_AndAnEnd",
     kBegun,
     {},
     {"2024-06-30", Finished(kBegun, "2024-06-30", Over(EndReason::kGeneralLabourMarket))}},
    {"N_10_AndAnApplicationWaits", kBegun, kNextStageAsked, {"2024-06-30", Finished(kBegun, "2024-06-30")}},
    {"C_06_AndTheNextStageIsGranted", kBegun, kNextStageGranted, {"2024-06-30", Finished(kBegun, "2024-06-30")}},
    {"N_10_AndTheNextStageWasRefused",
     kBegun,
     {{"2024-05-01", Applied(kBbb, "2024-05-01")}, {"2024-05-20", Refused(kBegun + 1)}},
     {"2024-06-30", Finished(kBegun, "2024-06-30")},
     kDropsOut},
    {"N_10_AndBoth",
     kBegun,
     {},
     {"2024-06-30",
      Finished(kBegun, "2024-06-30", {IndividualSolution{On("2025-03-15")}, Ended{EndReason::kWithdrawn}})},
     "FOLLOW_TWICE step.service_ended"},
    {"N_10_AndAnEndWhileAnApplicationWaits",
     kBegun,
     kNextStageAsked,
     {"2024-06-30", Finished(kBegun, "2024-06-30", Over(EndReason::kOtherSupport))},
     "APPLICATION_OPEN step.service_ended.ended"},
    {"N_10_AndJoinedIntoNothing",
     kBegun,
     {},
     {"2024-06-30", Finished(kBegun, "2024-06-30", Over(EndReason::kJoined))},
     "STEP_MALFORMED step.service_ended.ended.reason"},
    {"N_10_OnItsFirstDay", kBegun, {}, {"2024-06-30", Finished(kBegun, "2024-04-01", Solved("2025-06-30"))}},
    {"N_10_BeforeItsFirstDay",
     kBegun,
     {},
     {"2024-06-30", Finished(kBegun, "2024-03-31", Solved("2025-06-30"))},
     "END_BEFORE_START step.service_ended.last_day"},
    {"N_10_TwiceEnded",
     kFinished,
     {},
     {"2024-07-01", Finished(kBegun, "2024-06-30", Solved("2025-06-30"))},
     "SERVICE_ENDED step.service_ended.service"},
    {"N_10_OfNoService",
     kGranted,
     {},
     {"2024-06-30", Finished(kGranted, "2024-06-30", Solved("2025-06-30"))},
     "STEP_UNKNOWN step.service_ended.service"},
};
INSTANTIATE_TEST_SUITE_P(ServiceEnds, Steps, testing::ValuesIn(kServiceEnds), Name());

const std::vector<Row> kEnds = {
    {"N_10_OfAServiceThatRuns",
     kBegun,
     {},
     {"2024-05-01", Ended{EndReason::kGeneralLabourMarket}},
     "SERVICE_RUNS step.ended"},
    {"N_10_WithdrawnWhileAServiceRuns",
     kBegun,
     {},
     {"2024-05-01", Ended{EndReason::kWithdrawn}},
     "SERVICE_RUNS step.ended"},
    {"N_10_OfAServiceThatIsToBegin",
     kGranted,
     {{"2024-03-20", Started(kGranted, "2024-04-01")}},
     {"2024-03-25", Ended{EndReason::kWithdrawn}},
     "SERVICE_RUNS step.ended"},
    {"N_10_OnTheLastDayOfTheService",
     kFinished,
     {},
     {"2024-06-30", Ended{EndReason::kAgeLimit}},
     "SERVICE_RUNS step.ended"},
    {"N_10_OnTheDayAfterTheService", kFinished, {}, {"2024-07-01", Ended{EndReason::kAgeLimit}}},
    {"N_10_WhileAnApplicationWaits",
     kApplied,
     {},
     {"2024-05-01", Ended{EndReason::kOtherSupport}},
     "APPLICATION_OPEN step.ended"},
    {"N_10_TheApplicationIsWithdrawn", kApplied, {}, {"2024-05-01", Ended{EndReason::kWithdrawn}}},
    {"N_10_WithoutAStep", kOpen, {}, {"2024-05-01", Ended{EndReason::kOtherSupport}}},
    {"N_10_OfAGrantThatNobodyUses", kGranted, {}, {"2024-05-01", Ended{EndReason::kGeneralLabourMarket}}},
    {"Law8a3_DeathWhileAServiceRuns", kBegun, {}, {"2024-05-01", Ended{EndReason::kDeath}}},
    {"Law8a3_DeathWhileAnApplicationWaits", kApplied, {}, {"2024-05-01", Ended{EndReason::kDeath}}},
    {"N_10_JoinedNamesTheOtherCase",
     kApplied,
     {},
     {"2024-05-01", Ended{EndReason::kJoined}},
     "STEP_MALFORMED step.ended.reason"},
    {"C_04_JoinsTheEarlierCase", kApplied, {}, {"2024-05-01", Joined{"case-1", On("2024-02-29")}}},
    {"C_04_JoinsACaseOfTheSameDay", kApplied, {}, {"2024-05-01", Joined{"case-1", On("2024-03-01")}}},
    {"C_04_OfTheSameDayTheLowerIdLeads",
     kApplied,
     {},
     {"2024-05-01", Joined{"case-3", On("2024-03-01")}},
     "JOIN_NOT_LATER step.joined.their_eingang_day"},
    {"C_04_JoinsALaterCase",
     kApplied,
     {},
     {"2024-05-01", Joined{"case-1", On("2024-03-02")}},
     "JOIN_NOT_LATER step.joined.their_eingang_day"},
    {"C_04_JoinsByTheFirstOfItsApplications",
     kApplied,
     {{"2024-03-20", Applied(kBbb, "2024-02-01")}},
     {"2024-05-01", Joined{"case-1", On("2024-02-15")}},
     "JOIN_NOT_LATER step.joined.their_eingang_day"},
    {"C_04_JoinsWithoutAnApplication",
     kOpen,
     {},
     {"2024-05-01", Joined{"case-1", On("2024-02-29")}},
     "STEP_UNKNOWN step.joined"},
    {"C_04_JoinsNothing",
     kApplied,
     {},
     {"2024-05-01", Joined{"", On("2024-02-29")}},
     "STEP_MALFORMED step.joined.into"},
};
INSTANTIATE_TEST_SUITE_P(Ends, Steps, testing::ValuesIn(kEnds), Name());

const std::vector<Row> kNotes = {
    {"Law8a3_EndsOnItsFirstDay", kOpen, {{"2024-03-01", Begins(Betreuer())}}, {"2024-03-05", Ends(1, "2024-02-01")}},
    {"Law8a3_EndsBeforeItsFirstDay",
     kOpen,
     {{"2024-03-01", Begins(Betreuer())}},
     {"2024-03-05", Ends(1, "2024-01-31")},
     "STEP_MALFORMED step.representation.end_day"},
    {"Law8a3_EndsOnNoDay",
     kOpen,
     {{"2024-03-01", Begins(Betreuer())}},
     {"2024-03-05", Ends(1, "")},
     "STEP_MALFORMED step.representation.end_day"},
    {"Law8a3_EndsNothing", kOpen, {}, {"2024-03-05", Ends(1, "2024-03-05")}, "STEP_UNKNOWN step.representation.ends"},
    {"Law8a3_EndsAnEnd",
     kOpen,
     {{"2024-03-01", Begins(Betreuer())}, {"2024-03-02", Ends(1, "2024-03-02")}},
     {"2024-03-05", Ends(2, "2024-03-05")},
     "STEP_UNKNOWN step.representation.ends"},
    {"Law8a3_EndsOneAndBeginsAnother",
     kOpen,
     {{"2024-03-01", Begins(Betreuer())}},
     {"2024-03-05", RepresentationNote{Betreuer(), 1, On("2024-03-05")}},
     "STEP_MALFORMED step.representation.ends"},
    {"Law8a3_SaysNothing", kOpen, {}, {"2024-03-05", RepresentationNote{}}, "STEP_MALFORMED representation"},
};
INSTANTIATE_TEST_SUITE_P(Notes, Steps, testing::ValuesIn(kNotes), Name());

// What may follow an end: by reason, each kind of step.
TEST(StepsAfterAnEnd, N_10_OnlyReportsFollowDeathAndJoinedElseApplicationsToo) {
  struct Follower {
    What what;
    bool after_an_end;
    bool after_death;
  };
  const std::vector<Follower> followers = {
      {Applied(kBbb, "2024-09-01"), true, false},
      {Begins(Betreuer()), true, false},  // An application may rely on it.
      {Report{"report"}, true, true},     // A contribution, which no holder refuses (DESIGN 4).
      {MedicalHint{On("2024-09-01")}, false, false},
      {Assessment{kApplied}, false, false},
      {Determination{kApplied, kAssessed}, false, false},
      {Planned(kApplied, 2, "2026-09-01"), false, false},
      {GesamtplanFinding{kBbb, kPlanned}, false, false},
      {Granted(kApplied, kBbb, "2024-09-01"), false, false},
      {Started(kGranted, "2024-09-01"), false, false},
      {Finished(kBegun, "2024-09-01"), false, false},
      {IndividualSolution{On("2025-09-01")}, false, false},
      {Ended{EndReason::kDeath}, false, false},
      {Joined{"case-1", On("2024-02-01")}, false, false},
  };
  EXPECT_EQ(followers.size(), std::variant_size_v<What>);
  for (const What& end : {What(Ended{EndReason::kWithdrawn}), What(Ended{EndReason::kGeneralLabourMarket}),
                          What(Ended{EndReason::kAgeLimit}), What(Ended{EndReason::kOtherSupport}),
                          What(Ended{EndReason::kDeath}), What(Joined{"case-1", On("2024-02-01")})}) {
    Story story = Usual(kFinished);
    story.Tell("2024-08-01", end);
    for (const Follower& follower : followers) {
      const bool want = IsClosedForGood(story.folded()) ? follower.after_death : follower.after_an_end;
      EXPECT_EQ(Summary(story.Ask("2024-09-01", follower.what)), want ? "OK" : "CASE_ENDED step")
          << "end " << end.index() << ", step " << follower.what.index();
    }
  }
}

// What a log says of a service's completion: of another stage, for another reason, before its last day not.
TEST(Completed, N_09_FromTheLastDayOfACompletedServiceOn) {
  for (const auto& [reason, counts] :
       {std::pair(ServiceEndReason::kCompleted, true), std::pair(ServiceEndReason::kLeft, false),
        std::pair(ServiceEndReason::kProviderEnded, false)}) {
    Story story = Usual(kBegun);
    EXPECT_FALSE(IsCompleted(story.folded(), kEv, On("2030-01-01")));
    story.Tell("2024-06-01", Finished(kBegun, "2024-06-30", Solved("2025-06-30"), reason));
    EXPECT_FALSE(IsCompleted(story.folded(), kEv, On("2024-06-29")));
    EXPECT_EQ(IsCompleted(story.folded(), kEv, On("2024-06-30")), counts);
    EXPECT_FALSE(IsCompleted(story.folded(), kBbb, On("2024-06-30")));
  }
}

}  // namespace
}  // namespace teilhabe::participants
