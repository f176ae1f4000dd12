#include "common/base/cents.h"
#include "common/base/clock.h"
#include "common/base/id.h"
#include "common/base/reason.h"
#include "gtest/gtest.h"

namespace teilhabe {
namespace {

TEST(Reason, CarriesReasonFieldAndDetails) {
  const absl::Status status =
      WithDetail(FieldError(absl::StatusCode::kNotFound, "MUNICIPALITY_DISSOLVED", "municipality", "gone"), "successor",
                 "16063105");
  EXPECT_EQ(GetReason(status), "MUNICIPALITY_DISSOLVED");
  EXPECT_EQ(GetField(status), "municipality");
  EXPECT_EQ(GetDetails(status).at("successor"), "16063105");
  EXPECT_EQ(status.message(), "gone");
}

TEST(Reason, IsEmptyWhereNoneWasGiven) {
  EXPECT_EQ(GetReason(absl::InternalError("x")), "");
  EXPECT_TRUE(WithDetail(absl::OkStatus(), "a", "b").ok());
}

TEST(Clock, LegalDayIsBerlins) {
  ASSERT_TRUE(CheckTimeZone());
  const auto at = [](const char* utc) {
    absl::Time time;
    std::string error;
    EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, utc, &time, &error)) << error;
    return LegalDay(time);
  };
  EXPECT_EQ(at("2025-01-31T22:59:59Z"), absl::CivilDay(2025, 1, 31));
  EXPECT_EQ(at("2025-01-31T23:00:00Z"), absl::CivilDay(2025, 2, 1));
  EXPECT_EQ(at("2025-07-31T21:59:59Z"), absl::CivilDay(2025, 7, 31));
  EXPECT_EQ(at("2025-07-31T22:00:00Z"), absl::CivilDay(2025, 8, 1));
}

TEST(FakeClock, MovesOnlyWhenTold) {
  FakeClock clock(absl::FromUnixSeconds(0));
  EXPECT_EQ(clock.Now(), clock.Now());
  clock.Advance(absl::Hours(1));
  EXPECT_EQ(clock.Now(), absl::FromUnixSeconds(3600));
}

TEST(Cents, AddsWithoutFloatingPoint) { EXPECT_EQ((Cents(29901) + Cents(5199)).value(), 35100); }

TEST(Id, KindsDoNotMix) {
  using A = Id<struct ATag>;
  using B = Id<struct BTag>;
  static_assert(!std::is_convertible_v<A, B>);
  EXPECT_LT(A("a"), A("b"));
}

}  // namespace
}  // namespace teilhabe
