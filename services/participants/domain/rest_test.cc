// Nobody drops out: on what a case rests, by examples and over random lives of cases.
#include "services/participants/domain/rest.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/day.h"
#include "gtest/gtest.h"
#include "services/participants/domain/case_for_test.h"

namespace teilhabe::participants {
namespace {

std::string Summary(const Rest& rest) {
  constexpr std::array<std::string_view, 8> kNames = {"nothing", "ended",       "service",  "granted",
                                                      "outside", "application", "solution", "opened"};
  const std::string_view name = kNames.at(static_cast<std::size_t>(rest.kind));
  return absl::StrCat(std::string(name), rest.due ? " " + FormatDay(*rest.due) : "");
}

struct Row {
  std::string name;
  Upto upto;
  std::vector<std::pair<std::string, What>> then;
  std::string day;
  std::string want;
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }
class Rests : public testing::TestWithParam<Row> {};
TEST_P(Rests, OnTheFirstThatItHasAndIsDueByTheEarliest) {
  Story story = Usual(GetParam().upto);
  for (const auto& [day, what] : GetParam().then) story.Tell(day, what);
  EXPECT_EQ(Summary(RestOf(story.folded(), On(GetParam().day))), GetParam().want);
}
const std::vector<std::pair<std::string, What>> kNextStage = {{"2024-05-01", Applied(kBbb, "2024-05-01")}};
const std::vector<Row> kRests = {
    {"N_10_OpenedForThreeWeeks", kOpen, {}, "2024-03-01", "opened 2024-03-22"},
    {"N_10_OpenedAndForgottenSurfaces", kOpen, {}, "2029-03-01", "opened 2024-03-22"},
    {"N_10_OpenedWithAReport", kOpen, {{"2024-03-02", Report{"report"}}}, "2024-03-02", "opened 2024-03-22"},
    {"Law2_ApplicationForThreeWeeks", kApplied, {}, "2024-03-01", "application 2024-03-22"},
    {"Law2_ApplicationUndecidedSurfaces", kPlanned, {}, "2029-03-01", "application 2024-03-22"},
    {"N_10_GrantedAwaitsItsFirstDay", kGranted, {}, "2024-03-15", "granted 2024-04-01"},
    {"N_10_GrantedAndNotBegunSurfaces", kGranted, {}, "2029-03-15", "granted 2024-04-01"},
    {"N_10_GrantedAndNothingCameOfIt",
     kGranted,
     {{"2024-04-20", IndividualSolution{On("2025-04-20")}}},
     "2024-04-20",
     "solution 2025-04-20"},
    {"N_10_GrantedAfterASolution",
     kPlanned,
     {{"2024-03-13", IndividualSolution{On("2025-03-13")}}, {"2024-03-15", Granted(kApplied, kEv, "2024-04-01")}},
     "2024-03-15",
     "granted 2024-04-01"},
    {"N_10_ServiceToItsLastDay", kBegun, {}, "2024-04-01", "service 2024-06-30"},
    {"N_10_ServiceBeyondItsLastDaySurfaces", kBegun, {}, "2029-06-30", "service 2024-06-30"},
    {"N_10_ServiceThatIsToBegin",
     kGranted,
     {{"2024-03-20", Started(kGranted, "2024-04-01")}},
     "2024-03-20",
     "service 2024-06-30"},
    {"Law3_OpenServiceToThePlansReview",
     kPlanned,
     {{"2024-03-15", Granted(kApplied, kEv, "2024-04-01")}, {"2024-04-01", Started(kGranted, "2024-04-01")}},
     "2024-04-01",
     "service 2026-03-12"},
    {"N_10_OpenServiceWithoutPlan",
     kApplied,
     {{"2024-03-15", Granted(kApplied, kEv, "2024-04-01")}, {"2024-04-01", Started(kAssessed, "2024-04-01")}},
     "2024-04-01",
     "service"},
    {"Law3_TheNewestPlanCounts",
     kPlanned,
     {{"2024-03-15", Granted(kApplied, kEv, "2024-04-01")},
      {"2024-04-01", Started(kGranted, "2024-04-01")},
      {"2026-03-01", Planned(kApplied, 2, "2028-03-01")}},
     "2026-03-12",
     "service 2028-03-01"},
    {"N_10_ServiceWithANextStageAskedFor", kBegun, kNextStage, "2024-05-01", "service 2024-05-22"},
    {"N_10_OnTheLastDayOfAService", kFinished, {}, "2024-06-30", "service 2024-06-30"},
    {"N_10_OnTheDayAfterAService", kFinished, {}, "2024-07-01", "solution 2025-06-30"},
    // An end far ahead hides neither the grant's last day nor the plan's review.
    {"N_10_ServiceThatIsToEndAfterItsGrant",
     kBegun,
     {{"2024-05-02", Finished(kBegun, "2039-12-31", Solved("2026-05-02"))}},
     "2024-05-02",
     "service 2024-06-30"},
    {"Law3_ServiceThatIsToEndAfterThePlansReview",
     kPlanned,
     {{"2024-03-15", Granted(kApplied, kEv, "2024-04-01")},
      {"2024-04-01", Started(kGranted, "2024-04-01")},
      {"2024-05-02", Finished(kBegun, "2039-12-31", Over(EndReason::kAgeLimit))},
      {"2024-05-03", Applied(kBbb, "2026-03-01")}},
     "2026-04-01",
     "service 2026-03-12"},
    {"N_10_Ended", kFinished, {{"2024-08-01", Ended{EndReason::kAgeLimit}}}, "2024-08-01", "ended"},
    {"N_10_EndedThenAskedForAnew",
     kFinished,
     {{"2024-08-01", Ended{EndReason::kAgeLimit}}, {"2024-09-01", Applied(kBbb, "2024-09-01")}},
     "2024-09-01",
     "application 2024-09-22"},
    {"Law8a3_DeathIsNotUndone",
     kFinished,
     {{"2024-08-01", Ended{EndReason::kDeath}}, {"2024-09-01", Applied(kBbb, "2024-09-01")}},
     "2024-09-01",
     "ended"},
    // What no rule would allow, and a log may hold.
    {"N_10_RefusedAndNothing", kPlanned, {{"2024-03-15", Refused(kApplied)}}, "2024-03-15", "nothing"},
    {"N_10_FinishedAndNothing", kBegun, {{"2024-06-01", Finished(kBegun, "2024-06-30")}}, "2024-07-01", "nothing"},
    {"N_10_NotYetNothing",
     kBegun,
     {{"2024-06-01", Finished(kBegun, "2024-06-30")}},
     "2024-06-30",
     "service 2024-06-30"},
};
INSTANTIATE_TEST_SUITE_P(Rows, Rests, testing::ValuesIn(kRests), [](const auto& tested) { return tested.param.name; });

TEST(Rests, N_10_OutsideHasAReviewDay) {
  Story story = Usual(kPlanned);
  story.folded().outsides.push_back({kApplied, "aok", On("2024-03-16"), std::nullopt, On("2024-04-16")});
  EXPECT_EQ(Summary(RestOf(story.folded(), On("2024-03-16"))), "outside 2024-04-16");
}

// Lives of cases: random steps, some of them nonsense; those that the rules allow are taken.
class Life {
 public:
  explicit Life(Random& random) : random_(random), today_(On("2024-01-01") + Below(800)) { Open(); }

  // Draws a step and asks for it; takes it where it is allowed.
  void Go() {
    if (told_ > 30 || (IsClosedForGood(story_->folded()) && Below(3) == 0)) Open();
    today_ += Below(4) == 0 ? Below(200) : Below(10);
    const std::string day = FormatDay(std::max(story_->folded().opened, today_ - (Below(5) == 0 ? Below(30) : 0)));
    const What what = Draw(day);
    const absl::Status got = story_->Ask(day, what, FormatDay(today_));
    if (got.ok()) {
      story_->Tell(day, what);
      ++told_;
      ++taken_[what.index()];
      ASSERT_EQ(FirstDayOnNothing(story_->folded()), "") << Describe(what, day);
    } else if (GetReason(got) == "CASE_WOULD_DROP_OUT") {
      ++dropped_;
      Case after = story_->folded();
      Apply(after, {99, On(day), "ba", what});
      ASSERT_NE(FirstDayOnNothing(after), "") << Describe(what, day);
    }
  }

  const std::array<int, std::variant_size_v<What>>& taken() const { return taken_; }
  int all_taken() const { return std::accumulate(taken_.begin(), taken_.end(), 0); }
  int dropped() const { return dropped_; }
  const std::set<RestKind>& seen() const { return seen_; }

 private:
  int Below(int bound) { return static_cast<int>(random_() % static_cast<std::uint64_t>(bound)); }
  Stage AnyStage() { return static_cast<Stage>(Below(3)); }
  std::string Later(int days) { return FormatDay(today_ + Below(days)); }

  void Open() {
    story_.emplace(FormatDay(today_));
    told_ = 0;
  }

  // Mostly the newest of a list, at times another or none.
  template <typename Entry>
  std::int64_t Of(const std::vector<Recorded<Entry>>& list) {
    if (list.empty() || Below(20) == 0) return 1 + Below(10);
    return Below(3) > 0 ? list.back().sequence : list[Below(static_cast<int>(list.size()))].sequence;
  }
  std::optional<Follow> AnyFollow() {
    Follow follow;
    if (Below(4) == 0) follow.solution = IndividualSolution{On(Later(800))};
    if (Below(5) == 0) follow.end = AnyEnd();
    return follow;
  }
  Ended AnyEnd() { return {Below(20) == 0 ? EndReason::kDeath : static_cast<EndReason>(1 + Below(5))}; }

  What Draw(const std::string& day) {
    const Case& folded = story_->folded();
    switch (Below(16)) {
      case 0:
      case 1:
        return Applied(AnyStage(), day, Below(2) == 0 ? Applicant::kPerson : Applicant::kExOfficio);
      case 2:
        return Begins(Betreuer());
      case 3:
        return MedicalHint{On(day)};
      case 4:
        return Assessment{Of(folded.applications)};
      case 5:
        return Determination{Of(folded.applications), Of(folded.assessments)};
      case 6:
        return Planned(Of(folded.applications), static_cast<int>(folded.plans.size()) + 1, Later(800));
      case 7:
        return GesamtplanFinding{AnyStage(), Of(folded.plans)};
      case 8:
        return Granted(Of(folded.applications), AnyStage(), Later(60), Below(2) == 0 ? Later(900) : "");
      case 9:
        return Refused(Of(folded.applications), *AnyFollow());
      case 10:
        return Started(Of(folded.decisions), Below(4) == 0 ? Later(90) : day);
      case 11:
      case 12:
        return Finished(Of(folded.services), Below(2) == 0 ? Later(1000) : day, *AnyFollow());
      case 13:
        return IndividualSolution{On(Later(800))};
      case 14:
        return AnyEnd();
      default:
        if (Below(10) == 0) return Joined{"case-1", On("2024-01-01")};
        return Report{"report"};
    }
  }

  // Of the days from today to five years later; empty: on none.
  std::string FirstDayOnNothing(const Case& folded) {
    const absl::CivilDay last = today_ + 5 * 366;
    for (absl::CivilDay day = today_; day <= last; ++day) {
      const RestKind kind = RestOf(folded, day).kind;
      seen_.insert(kind);
      if (kind == RestKind::kNothing) return FormatDay(day);
    }
    return "";
  }
  std::string Describe(const What& what, const std::string& day) const {
    return absl::StrCat("step ", what.index(), " of ", day, " on ", FormatDay(today_), ", the ", told_, "th");
  }

  Random& random_;
  absl::CivilDay today_;
  std::optional<Story> story_;
  int told_ = 0;
  std::array<int, std::variant_size_v<What>> taken_{};
  int dropped_ = 0;
  std::set<RestKind> seen_;
};

TEST(Rests, N_10_OverRandomLivesNobodyDropsOutAndNobodyIsStoppedWithoutNeed) {
  Random random(20261124);
  Life life(random);
  while (life.all_taken() < 20'000 && !testing::Test::HasFatalFailure()) life.Go();
  // Each kind of step was taken, each kind of rest but outside was seen, and the rule was needed.
  for (const int taken : life.taken()) EXPECT_GT(taken, 10);
  EXPECT_GT(life.dropped(), 100);
  EXPECT_EQ(life.seen().size(), 7);
}

}  // namespace
}  // namespace teilhabe::participants
