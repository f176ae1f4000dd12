// A case that ended and goes on: what was open before stays closed, but for what waits when the person dies.
#include <string>

#include "gtest/gtest.h"
#include "services/participants/domain/case_for_test.h"
#include "services/participants/domain/rest.h"
#include "services/participants/domain/roles.h"

namespace teilhabe::participants {
namespace {

constexpr char kDropsOut[] = "CASE_WOULD_DROP_OUT step";

// An application for the Eingangsverfahren is withdrawn and, in September, made
// anew (sequence kAssessed + 1).
Story Withdrawn() {
  Story story = Usual(kApplied);
  story.Tell("2024-03-20", Ended{EndReason::kWithdrawn});
  return story;
}

TEST(Reopened, N_10_WhoWithdrewMayApplyForTheSameStage) {
  Story story = Withdrawn();
  EXPECT_EQ(Summary(story.Ask("2024-09-01", Applied(kEv, "2024-09-01"))), "OK");
  const auto anew = story.Tell("2024-09-01", Applied(kEv, "2024-09-01"));
  EXPECT_EQ(RestOf(story.folded(), On("2024-09-01")).due, On("2024-09-22"));
  EXPECT_EQ(Summary(story.Ask("2024-09-02", Applied(kEv, "2024-09-02"))), "APPLICATION_OPEN step.application.stage");
  EXPECT_EQ(Summary(story.Ask("2024-09-02", Granted(kApplied, kEv, "2024-10-01"))),
            "APPLICATION_DECIDED decision.application");
  EXPECT_EQ(Summary(story.Ask("2024-09-02", Refused(anew))), kDropsOut);
  EXPECT_EQ(Summary(story.Ask("2024-09-02", Refused(anew, Solved("2025-09-02")))), "OK");
}

TEST(Reopened, Law8a0_NobodyDecidesOnWhatWasWithdrawn) {
  Story story = Withdrawn();
  const auto anew = story.Tell("2024-09-01", Applied(kEv, "2024-09-01"));
  const auto open = [&](std::string_view day) {
    const Roles roles = RolesOn(story.folded(), On(day));
    return roles.leistende.size() == 1 ? roles.leistende[0].of : 0;
  };
  EXPECT_EQ(open("2024-03-19"), kApplied);
  EXPECT_EQ(open("2024-03-20"), 0);
  EXPECT_EQ(open("2024-08-31"), 0);
  EXPECT_EQ(open("2024-09-01"), anew);
  EXPECT_EQ(RolesOf(story.folded()).size(), 3);
}

TEST(Reopened, N_10_AGrantThatLapsedCarriesNoCaseAnyMore) {
  for (const What& lapsed :
       {What(Ended{EndReason::kGeneralLabourMarket}), What(IndividualSolution{On("2025-03-20")})}) {
    Story story = Usual(kGranted);
    story.Tell("2024-03-20", lapsed);
    const auto application = story.Tell("2024-09-01", Applied(kBbb, "2024-09-01"));
    const auto grant = story.Tell("2024-09-10", Granted(application, kBbb, "2024-10-01", "2025-09-30"));
    EXPECT_EQ(RestOf(story.folded(), On("2024-09-10")).due, On("2024-10-01")) << lapsed.index();
    const auto service = story.Tell("2024-10-01", Started(grant, "2024-10-01"));
    EXPECT_EQ(RestOf(story.folded(), On("2024-10-01")).due, On("2025-09-30")) << lapsed.index();
    EXPECT_EQ(Summary(story.Ask("2025-09-30", Finished(service, "2025-09-30"))), kDropsOut) << lapsed.index();
  }
}

TEST(Reopened, N_10_WhatWasGrantedBeforeTheEndDoesNotBegin) {
  Story story = Usual(kGranted);
  story.Tell("2024-03-20", Ended{EndReason::kWithdrawn});
  story.Tell("2024-03-25", Applied(kEv, "2024-03-25"));
  EXPECT_EQ(Summary(story.Ask("2024-04-01", Started(kGranted, "2024-04-01"))),
            "GRANT_LAPSED step.service_started.decision");
}

// Services expire with the person, a money claim in a pending procedure does not (§ 59 SGB I).
TEST(StepsAfterDeath, Law10_42_WhatWaitsIsDecidedToTheDayOfDeathOrClosed) {
  Story story = Usual(kPlanned);
  story.Tell("2024-05-01", Ended{EndReason::kDeath});
  EXPECT_EQ(RestOf(story.folded(), On("2024-05-01")).kind, RestKind::kApplication);
  EXPECT_EQ(RolesOn(story.folded(), On("2024-05-02")).leistende.size(), 1);
  const auto ask = [&](What what) { return Summary(story.Ask("2024-05-20", std::move(what))); };
  EXPECT_EQ(ask(Granted(kApplied, kEv, "2024-04-01", "2024-05-01")), "OK");
  EXPECT_EQ(ask(Granted(kApplied, kEv, "2024-04-01", "2024-05-02")), "GRANT_AFTER_DEATH decision.last_day");
  EXPECT_EQ(ask(Granted(kApplied, kEv, "2024-04-01")), "GRANT_AFTER_DEATH decision.last_day");
  EXPECT_EQ(ask(Refused(kApplied)), "OK");
  EXPECT_EQ(ask(Refused(kApplied, Solved("2025-05-01"))), "STEP_MALFORMED decision");
  EXPECT_EQ(ask(Granted(kAssessed, kEv, "2024-04-01", "2024-05-01")), "STEP_UNKNOWN decision.application");
  EXPECT_EQ(ask(Ended{EndReason::kWithdrawn}), "OK");
  EXPECT_EQ(ask(Ended{EndReason::kAgeLimit}), "CASE_ENDED step");
  EXPECT_EQ(ask(Applied(kBbb, "2024-05-20")), "CASE_ENDED step");
  EXPECT_EQ(ask(Assessment{kApplied}), "CASE_ENDED step");
  EXPECT_EQ(ask(IndividualSolution{On("2025-05-01")}), "CASE_ENDED step");
  for (const What& last : {What(Granted(kApplied, kEv, "2024-04-01", "2024-05-01")), What(Refused(kApplied)),
                           What(Ended{EndReason::kDeath}), What(Ended{EndReason::kWithdrawn})}) {
    Story closed = story;
    closed.Tell("2024-05-20", last);
    EXPECT_EQ(RestOf(closed.folded(), On("2024-05-20")).kind, RestKind::kEnded) << last.index();
    EXPECT_TRUE(RolesOn(closed.folded(), On("2024-05-20")).leistende.empty()) << last.index();
    EXPECT_EQ(Summary(closed.Ask("2024-05-21", Refused(kApplied))), "CASE_ENDED step") << last.index();
    EXPECT_EQ(closed.folded().end->day, On("2024-05-01")) << last.index();
  }
}

}  // namespace
}  // namespace teilhabe::participants
