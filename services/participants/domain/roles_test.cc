// Who holds, who decides and pays, who issued: on each day, over forwarding, handover, begin and end.
#include "services/participants/domain/roles.h"

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/day.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/participants/domain/case_for_test.h"

namespace teilhabe::participants {
namespace {

using testing::ElementsAre;

// `holder | agency:of:stage ... | issuers`
std::string Summary(const Roles& roles) {
  std::string leistende = absl::StrJoin(roles.leistende, " ", [](std::string* out, const Leistender& one) {
    absl::StrAppend(out, one.agency, ":", one.of, ":", std::string(StageName(one.stage)).substr(0, 1));
  });
  return absl::StrCat(roles.holder, " | ", leistende, " | ", absl::StrJoin(roles.issuers, " "));
}
std::vector<std::string> Periods(const Case& folded) {
  std::vector<std::string> lines;
  for (const RolePeriod& period : RolesOf(folded)) {
    lines.push_back(absl::StrCat(FormatDay(period.first), " ", period.last ? FormatDay(*period.last) : "...", " ",
                                 Summary(period.roles)));
  }
  return lines;
}

Decision GrantedBy(std::string traeger, Decision decision) {
  decision.leistender_traeger = std::move(traeger);
  return decision;
}
Application ReceivedBy(std::string agency, Application application) {
  application.received_by = std::move(agency);
  return application;
}

// Eingangsverfahren at ba, forwarded to drv (§ 14), then the Arbeitsbereich at lwl, which takes the file for it.
Story Told() {
  Story story("2024-03-01");
  Case& folded = story.folded();
  folded.tenures.push_back({"ba", On("2024-03-01")});
  const auto first = story.Tell("2024-03-01", Applied(kEv, "2024-03-01"));
  folded.tenures.push_back({"drv", On("2024-03-10"), true});
  const auto grant = story.Tell("2024-03-20", GrantedBy("drv", Granted(first, kEv, "2024-04-01", "2024-06-30")), "drv");
  const auto service = story.Tell("2024-04-01", Started(grant, "2024-04-01"), "drv");
  const auto next = story.Tell("2024-05-02", ReceivedBy("drv", Applied(kAb, "2024-05-02")), "drv");
  folded.tenures.push_back({"lwl", On("2024-05-20"), false, next});
  const auto second = story.Tell("2024-06-10", GrantedBy("lwl", Granted(next, kAb, "2024-07-01")), "lwl");
  story.Tell("2024-06-30", Finished(service, "2024-06-30"), "lwl");
  const auto work = story.Tell("2024-07-01", Started(second, "2024-07-01"), "lwl");
  story.Tell("2025-12-31", Finished(work, "2025-12-31", Over(EndReason::kAgeLimit)), "lwl");
  return story;
}

TEST(Roles, C_06_OverForwardingNextStageServicesAndEnd) {
  EXPECT_THAT(Periods(Told().folded()),
              ElementsAre("2024-03-01 2024-03-09 ba | ba:1:e | ",               // Eingang at ba.
                          "2024-03-10 2024-03-19 drv | drv:1:e | ",             // Its Eingang makes drv both in one.
                          "2024-03-20 2024-03-31 drv | drv:1:e | drv",          // Decided, not begun.
                          "2024-04-01 2024-05-01 drv | drv:3:e | drv",          // Begun.
                          "2024-05-02 2024-05-19 drv | drv:4:a drv:3:e | drv",  // The next stage is asked for at drv,
                          "2024-05-20 2024-06-09 lwl | lwl:4:a drv:3:e | drv",  // and lwl takes the file for it.
                          "2024-06-10 2024-06-30 lwl | drv:3:e lwl:4:a | drv lwl",  // drv pays to the last day,
                          "2024-07-01 2025-12-31 lwl | lwl:7:a | lwl",              // lwl from the first.
                          "2026-01-01 ... lwl |  | "));
}

// The issuer keeps its decision wherever the file goes: also a refusal, by one that no longer holds (law.md 8a.0).
TEST(Roles, Law8a0_TheIssuerStaysWhoeverHolds) {
  Story story("2024-03-01");
  story.folded().tenures.push_back({"ba", On("2024-03-01")});
  story.Tell("2024-03-20", Refused(story.Tell("2024-03-01", Applied(kEv, "2024-03-01")), Solved("2025-03-01")), "ba");
  const auto again = story.Tell("2024-08-01", ReceivedBy("drv", Applied(kEv, "2024-08-01")), "drv");
  story.folded().tenures.push_back({"drv", On("2024-08-15"), false, again});
  story.Tell("2024-09-01", GrantedBy("drv", Granted(again, kEv, "2024-10-01")), "drv");
  EXPECT_EQ(Summary(RolesOn(story.folded(), On("2024-08-20"))), "drv | drv:3:e | ba");
  EXPECT_EQ(Summary(RolesOn(story.folded(), On("2030-01-01"))), "drv | drv:3:e | ba drv");
}

struct Deciding {
  std::string name;
  std::vector<Tenure> tenures;
  std::vector<Outside> outsides;
  std::map<std::string, std::string> decides;  // Day, agency.
};
void PrintTo(const Deciding& row, std::ostream* out) { *out << row.name; }
class Deciders : public testing::TestWithParam<Deciding> {};
// Of an application (sequence 1) with Eingang at ba on 2024-03-05; the case was opened on 2024-03-01.
TEST_P(Deciders, AreWhoReceivedItUntilSomebodyElseMust) {
  const Deciding& row = GetParam();
  Story story("2024-03-01");
  story.folded().tenures = row.tenures;
  story.folded().outsides = row.outsides;
  story.Tell("2024-03-06", Applied(kEv, "2024-03-05"));
  for (const auto& [day, agency] : row.decides) {
    const Roles roles = RolesOn(story.folded(), On(day));
    EXPECT_EQ(roles.leistende.empty() ? "" : roles.leistende[0].agency, agency) << day;
    EXPECT_EQ(roles.leistende.size(), agency.empty() ? 0 : 1) << day;
  }
}
const Tenure kFirst = {"ba", On("2024-03-01")};
const std::vector<Deciding> kDeciding = {
    {"Law2_FromTheEingangOn", {kFirst}, {}, {{"2024-03-04", ""}, {"2024-03-05", "ba"}, {"2030-01-01", "ba"}}},
    {"Law2_UntilTheOthersEingang",
     {kFirst, {"drv", On("2024-03-15"), true}},
     {},
     {{"2024-03-05", "ba"}, {"2024-03-14", "ba"}, {"2024-03-15", "drv"}}},
    {"Law2_ToTheThird",
     {kFirst, {"drv", On("2024-03-15"), true}, {"uv", On("2024-03-20"), true}},
     {},
     {{"2024-03-14", "ba"}, {"2024-03-19", "drv"}, {"2024-03-20", "uv"}}},
    {"Law2_OnTheDayOfTheEingang", {kFirst, {"drv", On("2024-03-05"), true}}, {}, {{"2024-03-05", "drv"}}},
    {"Law2_WhatWasForwardedBeforeIsAnotherMatter",
     {kFirst, {"drv", On("2024-03-04"), true}},
     {},
     {{"2024-03-05", "ba"}}},
    {"Law8a0_WhoTakesTheFileForAnotherApplicationDoesNotDecideThisOne",
     {kFirst, {"lwl", On("2024-03-15"), false, 9}},
     {},
     {{"2024-03-15", "ba"}}},
    {"Law8a0_WhoTakesTheFileForNothingDoesNotDecide", {kFirst, {"lwl", On("2024-03-15")}}, {}, {{"2024-03-15", "ba"}}},
    {"C_06_WhoTakesTheFileForIt", {kFirst, {"lwl", On("2024-03-15"), false, 1}}, {}, {{"2024-03-15", "lwl"}}},
    {"Law2_OutsideFromItsArrival",
     {kFirst},
     {{1, "aok", On("2024-03-06"), On("2024-03-08"), {}}},
     {{"2024-03-07", "ba"}, {"2024-03-08", "aok"}}},
    {"Law2_OutsideWithoutEvidenceOfArrival", {kFirst}, {{1, "aok", On("2024-03-06"), {}, {}}}, {{"2030-01-01", "ba"}}},
    {"Law2_ForwardedAfterOutside",
     {kFirst, {"drv", On("2024-03-15"), true}},
     {{1, "aok", On("2024-03-06"), On("2024-03-08"), {}}},
     {{"2024-03-08", "aok"}, {"2024-03-14", "aok"}, {"2024-03-15", "drv"}, {"2030-01-01", "drv"}}},
};
INSTANTIATE_TEST_SUITE_P(Rows, Deciders, testing::ValuesIn(kDeciding),
                         [](const auto& tested) { return tested.param.name; });

TEST(Roles, Law8a0_OneLeistenderForEachApplicationAndService) {
  Story story = Usual(kBegun);
  story.folded().tenures.push_back(kFirst);
  story.Tell("2024-05-01", ReceivedBy("drv", Applied(kBbb, "2024-05-01")));
  story.Tell("2024-05-01", ReceivedBy("lwl", Applied(kAb, "2024-05-01")));
  EXPECT_EQ(Summary(RolesOn(story.folded(), On("2024-05-01"))), "ba | drv:7:b lwl:8:a ba:6:e | ba");
}

// The service expires with the person, also where its end was not recorded; the decision keeps its issuer, and what
// waits for one its decider.
TEST(Roles, Law8a3_NobodyPaysForAServiceAfterDeath) {
  Story story = Usual(kBegun);
  story.folded().tenures.push_back(kFirst);
  story.Tell("2024-05-01", Applied(kBbb, "2024-05-01"));
  story.Tell("2024-05-10", Ended{EndReason::kDeath});
  const std::vector<std::string> periods = Periods(story.folded());
  EXPECT_THAT(std::vector(periods.end() - 4, periods.end()),
              ElementsAre("2024-04-01 2024-04-30 ba | ba:6:e | ba", "2024-05-01 2024-05-10 ba | ba:7:b ba:6:e | ba",
                          "2024-05-11 2024-06-30 ba | ba:7:b | ba", "2024-07-01 ... ba | ba:7:b | "));
}

// Who succeeds an agency pays from its first day on what that agency granted; the decision keeps its issuer.
TEST(Roles, Law8a0_WhoSucceedsPaysWhatRuns) {
  Story story = Usual(kBegun);
  story.folded().tenures.push_back(kFirst);
  story.folded().tenures.push_back({.holder = "new", .from = On("2024-05-20"), .succeeded = true});
  EXPECT_EQ(Summary(RolesOn(story.folded(), On("2024-05-19"))), "ba | ba:6:e | ba");
  EXPECT_EQ(Summary(RolesOn(story.folded(), On("2024-05-20"))), "new | new:6:e | ba");
  // Of another agency's grant nothing changes.
  Story other = Usual(kBegun);
  other.folded().tenures.push_back(kFirst);
  other.folded().tenures.push_back({.holder = "lwl", .from = On("2024-05-10")});
  other.folded().tenures.push_back({.holder = "new", .from = On("2024-05-20"), .succeeded = true});
  EXPECT_EQ(Summary(RolesOn(other.folded(), On("2024-05-20"))), "new | ba:6:e | ba");
}

TEST(Roles, Law8a0_AnApplicationOfBeforeTheFileHasNoHolderYet) {
  Story story("2024-03-01");
  story.folded().tenures.push_back(kFirst);
  story.Tell("2024-03-01", Applied(kEv, "2024-02-20"));
  EXPECT_THAT(Periods(story.folded()),
              ElementsAre("2024-02-20 2024-02-29  | ba:1:e | ", "2024-03-01 ... ba | ba:1:e | "));
}

// Tens of thousands of applications over the years: told in one pass.
TEST(Roles, C_05_OfACaseWithManyApplications) {
  constexpr int kMany = 20'000;
  Story story("2024-01-01");
  story.folded().tenures.push_back({"ba", On("2024-01-01")});
  for (int at = 0; at < kMany; ++at) {
    const absl::CivilDay day = On("2024-01-01") + at;
    story.Tell(day, Applied(kEv, FormatDay(day)));
    story.Tell(day + 1, Ended{EndReason::kWithdrawn});
  }
  EXPECT_EQ(RolesOf(story.folded()).size(), kMany + 1);
}

// Whatever a log holds: the periods leave no day out, none twice, and say of each day what RolesOn says of it.
TEST(Roles, C_05_PeriodsAreTheDaysWithoutGapsOrOverlaps) {
  Random random(20240301);
  const auto below = [&](int bound) { return static_cast<int>(random() % static_cast<std::uint64_t>(bound)); };
  for (int round = 0; round < 200; ++round) {
    Story story("2024-01-01");
    const auto any_day = [&] { return FormatDay(On("2024-01-01") + below(300)); };
    const auto agency = [&] { return std::string(1, static_cast<char>('a' + below(4))); };
    absl::CivilDay held = On("2024-01-01");
    for (int steps = below(15); steps >= 0; --steps) {
      const int sequence = 1 + below(8);
      std::string day = any_day();
      switch (below(7)) {
        case 0:
          story.Tell(day, ReceivedBy(agency(), Applied(kEv, any_day())), agency());
          break;
        case 1:
          story.Tell(day, GrantedBy(agency(), Granted(sequence, kBbb, day, below(2) ? any_day() : "")), agency());
          break;
        case 2:
          story.Tell(day, Started(sequence, any_day()), agency());
          break;
        case 3:
          story.Tell(day, Finished(sequence, any_day()), agency());
          break;
        case 4:
          story.Tell(day, Ended{below(2) ? EndReason::kDeath : EndReason::kWithdrawn}, agency());
          break;
        case 5:
          story.folded().tenures.push_back({agency(), held, below(2) == 0, sequence});
          held += below(60);
          break;
        default:
          story.folded().outsides.push_back({below(4), agency(), On(day), MaybeOn(below(2) ? any_day() : ""), {}});
      }
    }
    const std::vector<RolePeriod> periods = RolesOf(story.folded());
    ASSERT_FALSE(periods.empty());
    EXPECT_LE(periods.front().first, On("2024-01-01"));
    EXPECT_FALSE(periods.back().last);
    for (std::size_t at = 0; at < periods.size(); ++at) {
      if (at > 0) {
        ASSERT_EQ(*periods[at - 1].last + 1, periods[at].first);
        EXPECT_FALSE(periods[at - 1].roles == periods[at].roles);
      }
      const absl::CivilDay last = periods[at].last.value_or(periods[at].first + 400);
      ASSERT_LE(periods[at].first, last);
      for (absl::CivilDay day = periods[at].first; day <= last; ++day) {
        ASSERT_EQ(Summary(RolesOn(story.folded(), day)), Summary(periods[at].roles)) << round << " " << day;
      }
    }
  }
}

}  // namespace
}  // namespace teilhabe::participants
