// A step in the place of a wrong one: what came after must still be what could be recorded.
#include "services/participants/domain/replacement.h"

#include <string>

#include "gtest/gtest.h"
#include "services/participants/domain/case_for_test.h"
#include "services/participants/domain/rest.h"

namespace teilhabe::participants {
namespace {

std::string RestedOn(const absl::Status& said) {
  const auto details = GetDetails(said);
  const auto found = details.find("sequence");
  return found == details.end() ? "" : found->second;
}

// The usual story up to a step, then more; one of them is replaced on 2024-12-01.
struct Row {
  std::string name;
  Upto upto;
  std::vector<std::pair<std::string_view, What>> more;
  std::int64_t sequence = 0;
  std::optional<What> replacement;
  std::string want = "OK";
  std::string rested_on = {};
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

class Replacement : public testing::TestWithParam<Row> {};

TEST_P(Replacement, Corrections_AreAllowedUnlessSomethingRestsOnIt) {
  const Row& row = GetParam();
  std::vector<Step> steps = UsualSteps(row.upto);
  for (const auto& [day, what] : row.more) {
    steps.push_back({static_cast<std::int64_t>(steps.size()) + 1, On(day), "ba", what});
  }
  Case folded;
  folded.id = "case-2";
  folded.opened = On("2024-03-01");
  std::optional<Step> replacement;
  if (row.replacement) {
    replacement = steps.at(static_cast<std::size_t>(row.sequence) - 1);
    replacement->what = *row.replacement;
  }
  const absl::Status said = CheckReplacement(folded, steps, row.sequence, replacement, On("2024-12-01"));
  EXPECT_EQ(Summary(said), row.want);
  EXPECT_EQ(RestedOn(said), row.rested_on);
}

constexpr char kRested[] = "STEP_RESTED_ON sequence";
const std::pair<std::string_view, What> kDied = {"2024-05-01", Ended{EndReason::kDeath}};

What By(std::string agency, Application application) {
  application.received_by = std::move(agency);
  return application;
}

const std::vector<Row> kRows = {
    {"Law8a4_ADeathOfSomebodyElse", kBegun, {kDied}, kBegun + 1, std::nullopt},
    {"Law8a4_ADeathWithAReportBehindIt", kBegun, {kDied, {"2024-05-02", Report{"report"}}}, kBegun + 1, std::nullopt},
    {"Law8a4_AnEndThatHadAnotherReason",
     kApplied,
     {{"2024-05-01", Ended{EndReason::kWithdrawn}}},
     kApplied + 1,
     Ended{EndReason::kOtherSupport},
     "APPLICATION_OPEN step.ended"},
    {"Law8a4_AnEingangDay", kGranted, {}, kApplied, Applied(kEv, "2024-02-20")},
    {"Law8a4_AnEingangDayAfterItsRecording",
     kGranted,
     {},
     kApplied,
     Applied(kEv, "2024-03-02"),
     "STEP_MALFORMED step.application.eingang_day"},
    {"Law8a4_TheStageOfWhatWaits", kApplied, {}, kApplied, Applied(kBbb, "2024-03-01")},
    {"Law8a4_TheStageOfWhatWasDecided", kGranted, {}, kApplied, Applied(kBbb, "2024-03-01"), kRested, "5"},
    {"N_10_TheOnlyApplication", kApplied, {}, kApplied, std::nullopt},
    {"N_04_AnApplicationThatWasAssessed", kAssessed, {}, kApplied, std::nullopt, kRested, "2"},
    {"N_04_AnAssessment", kDetermined, {}, kAssessed, std::nullopt, kRested, "3"},
    {"N_04_TheOnlyPlanOfADecision", kGranted, {}, kPlanned, std::nullopt, kRested, "5"},
    {"N_04_TheNewestPlanOfADecision",
     kPlanned,
     {{"2024-03-13", Planned(kApplied, 2, "2026-03-12")},
      {"2024-03-15", Granted(kApplied, kEv, "2024-04-01", "2024-06-30")}},
     kPlanned + 1,
     std::nullopt,
     kRested,
     "6"},
    {"N_04_APlanThatNothingRestsOn", kPlanned, {}, kPlanned, std::nullopt},
    {"N_04_TheReviewDayOfAPlan", kGranted, {}, kPlanned, Planned(kApplied, 1, "2025-03-12")},
    {"N_10_AnEndOfAServiceThatRuns", kFinished, {}, kFinished, std::nullopt},
    {"N_10_AnEndAfterWhichNothingFollows",
     kFinished,
     {},
     kFinished,
     Finished(kBegun, "2024-06-29"),
     "CASE_WOULD_DROP_OUT step"},
    {"N_10_TheSolutionThatCarriesTheCase",
     kPlanned,
     {{"2024-03-20", Refused(kApplied, Solved("2025-03-20"))}, {"2024-04-20", IndividualSolution{On("2025-04-20")}}},
     kPlanned + 2,
     std::nullopt},
    {"N_09_TheLastDayOfAStageThatADecisionRestsOn",
     kFinished,
     {{"2024-07-01", Applied(kBbb, "2024-07-01")},
      {"2024-07-05", Granted(kFinished + 1, kBbb, "2024-08-01", "2025-07-31")}},
     kFinished,
     Finished(kBegun, "2024-06-29", Solved("2025-06-30"), ServiceEndReason::kLeft),
     kRested,
     "9"},
    {"N_09_TheSameWithoutAnythingThatRests",
     kFinished,
     {{"2024-07-01", Applied(kBbb, "2024-07-01")}},
     kFinished,
     Finished(kBegun, "2024-06-29", Solved("2025-06-30"), ServiceEndReason::kLeft)},
    {"N_09_AnEndThatTheNextServiceNeeds",
     kFinished,
     {{"2024-07-01", Applied(kBbb, "2024-07-01")},
      {"2024-07-05", Granted(kFinished + 1, kBbb, "2024-07-05", "2025-07-31")},
      {"2024-07-05", Started(kFinished + 2, "2024-07-05")}},
     kFinished,
     std::nullopt,
     kRested,
     "9"},
    {"Law8a3_ARepresentationThatAnApplicationReliesOn",
     kOpen,
     {{"2024-03-01", Begins(Betreuer())}, {"2024-03-01", Applied(kEv, "2024-03-01", Applicant::kRepresentative, 1)}},
     1,
     std::nullopt,
     kRested,
     "2"},
    {"Law8a0_WhoReceivedWhatWasDecided", kGranted, {}, kApplied, By("other", Applied(kEv, "2024-03-01")), kRested, "5"},
    {"Law8a3_AServiceThatWouldBeginAfterDeath", kBegun, {kDied}, kBegun, Started(kGranted, "2024-05-20"), kRested, "7"},
    // What the rules never allowed stands in nobody's way.
    {"Law8a4_BesideWhatALogShouldNotHold", kBegun, {{"2024-04-02", Assessment{99}}, kDied}, kBegun + 2, std::nullopt},
};
INSTANTIATE_TEST_SUITE_P(Rows, Replacement, testing::ValuesIn(kRows),
                         [](const auto& tested) { return tested.param.name; });

TEST(ReplacementOfWhatWasSent, C_06_WhatWentToAnotherAgencyIsNotUndone) {
  Case folded;
  folded.opened = On("2024-03-01");
  folded.outsides.push_back({kApplied, "aok", On("2024-03-16"), std::nullopt, On("2024-04-16"), 2});
  const std::vector<Step> steps = UsualSteps(kApplied);
  const absl::Status said = CheckReplacement(folded, steps, kApplied, std::nullopt, On("2024-12-01"));
  EXPECT_EQ(Summary(said), kRested);
  EXPECT_EQ(RestedOn(said), "2");
  Step earlier = steps[0];
  earlier.what = Applied(kEv, "2024-02-20");
  EXPECT_EQ(Summary(CheckReplacement(folded, steps, kApplied, earlier, On("2024-12-01"))), "OK");
  // It did not arrive after it was sent on.
  std::vector<Step> late = steps;
  late[0].day = On("2024-03-20");
  Step after = late[0];
  after.what = Applied(kEv, "2024-03-18");
  EXPECT_EQ(Summary(CheckReplacement(folded, late, kApplied, after, On("2024-12-01"))), kRested);
}

// The same of a Gesamtplan finding under which a file was taken over.
TEST(ReplacementOfWhatWasSent, C_06_AFindingUnderWhichAnotherAgencyTookTheFile) {
  Case folded;
  folded.opened = On("2024-03-01");
  std::vector<Step> steps = UsualSteps(kDetermined);
  Plan gesamtplan{.application = kApplied, .version = 1, .review = On("2026-03-12"), .gesamtplan = true};
  steps.push_back({4, On("2024-03-12"), "ba", gesamtplan});
  steps.push_back({5, On("2024-03-12"), "ba", GesamtplanFinding{kAb, 4}});
  Step other = steps[4];
  other.what = GesamtplanFinding{kBbb, 4};
  for (const bool sent : {false, true}) {
    if (sent) folded.tenures.push_back({.holder = "lwl", .from = On("2024-03-20"), .request = 5, .sequence = 6});
    for (const std::optional<Step>& now : {std::optional<Step>(), std::optional(other)}) {
      EXPECT_EQ(Summary(CheckReplacement(folded, steps, 5, now, On("2024-12-01"))), sent ? kRested : "OK");
    }
  }
}

}  // namespace
}  // namespace teilhabe::participants
