#include "common/base/day.h"

#include "common/base/reason.h"
#include "gtest/gtest.h"

namespace teilhabe {
namespace {

struct BadDay {
  const char* name;
  const char* text;
};
class BadDayTest : public testing::TestWithParam<BadDay> {};
TEST_P(BadDayTest, IsRejectedByName) {
  const auto day = ParseDay(GetParam().text, "event_day");
  EXPECT_EQ(day.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(GetReason(day.status()), "DAY_INVALID");
  EXPECT_EQ(GetField(day.status()), "event_day");
}
INSTANTIATE_TEST_SUITE_P(All, BadDayTest,
                         testing::Values(BadDay{"February30", "2025-02-30"}, BadDay{"NoLeapYear", "2025-02-29"},
                                         BadDay{"Month13", "2025-13-01"}, BadDay{"Zero", "2025-00-00"},
                                         BadDay{"German", "10.03.2025"}, BadDay{"Empty", ""},
                                         BadDay{"Space", "2025-3 -01"}, BadDay{"Sign", "+025-03-01"},
                                         BadDay{"YearZero", "0000-01-01"}, BadDay{"Long", "2025-03-010"}),
                         [](const auto& tested) { return tested.param.name; });

TEST(Day, KeepsLeapDays) { EXPECT_EQ(FormatDay(*ParseDay("2024-02-29")), "2024-02-29"); }
TEST(Day, WritesGerman) { EXPECT_EQ(FormatDayGerman(absl::CivilDay(2025, 3, 1)), "01.03.2025"); }

TEST(DayRange, BoundsAreInclusiveAndOpen) {
  const DayRange range = *ParseDayRange("2020-01-01", "2021-06-30");
  EXPECT_FALSE(range.Contains(absl::CivilDay(2019, 12, 31)));
  EXPECT_TRUE(range.Contains(absl::CivilDay(2020, 1, 1)));
  EXPECT_TRUE(range.Contains(absl::CivilDay(2021, 6, 30)));
  EXPECT_FALSE(range.Contains(absl::CivilDay(2021, 7, 1)));
  EXPECT_TRUE(ParseDayRange("", "")->Contains(absl::CivilDay(1, 1, 1)));
}

TEST(DayRange, KnowsOverlap) {
  const auto range = [](const char* from, const char* to) { return *ParseDayRange(from, to); };
  EXPECT_FALSE(range("", "2019-12-31").Overlaps(range("2020-01-01", "")));
  EXPECT_TRUE(range("", "2020-01-01").Overlaps(range("2020-01-01", "")));
  EXPECT_TRUE(range("", "").Overlaps(range("2020-01-01", "2020-01-01")));
}

TEST(DayRange, RejectsReversedBounds) {
  EXPECT_EQ(GetReason(ParseDayRange("2020-01-02", "2020-01-01").status()), "DAY_RANGE_REVERSED");
}

}  // namespace
}  // namespace teilhabe
