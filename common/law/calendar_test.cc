#include "common/law/calendar.h"

#include <string>

#include "common/base/day.h"
#include "common/base/reason.h"
#include "gtest/gtest.h"

namespace teilhabe::law {
namespace {

using reference::EmbeddedReference;
using reference::PlaceIndex;

constexpr char kKoeln[] = "05315000";
constexpr char kErfurt[] = "16051000";
constexpr char kHeiligenstadt[] = "16061045";  // Eichsfeld: Fronleichnam.
constexpr char kDermbach[] = "16063015";       // Fronleichnam in parts only.
constexpr char kMuenchen[] = "09162000";
constexpr char kNuernberg[] = "09564000";  // Mariä Himmelfahrt is none here.
constexpr char kBamberg[] = "09461000";    // Mariä Himmelfahrt: the data do not say.

// The place by its key alone: the days asked for go back to before the data of the places.
PlaceIndex Place(const std::string& key) { return EmbeddedReference().place_table().Parse(key).value(); }
absl::CivilDay Day(const std::string& text) { return ParseDay(text).value(); }

// Where a period ends that would end on `raw`: law.md 2.1, its golden rows among them.
struct End {
  std::string name;
  std::string place;
  std::string raw;
  std::string want;
};
class PeriodEnd : public testing::TestWithParam<End> {};

TEST_P(PeriodEnd, MovesToTheFirstWorkingDay) {
  const End& row = GetParam();
  const auto got = FirstWorkingDayFrom(EmbeddedReference(), Place(row.place), Day(row.raw));
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_EQ(FormatDay(*got), row.want);
}

INSTANTIATE_TEST_SUITE_P(Law_2_1, PeriodEnd,
                         testing::Values(End{"TwoWeeksFrom20180515", kKoeln, "2018-05-29", "2018-05-29"},
                                         End{"Allerheiligen2024InNrw", kKoeln, "2024-11-01", "2024-11-04"},
                                         End{"NoAllerheiligen2024InThueringen", kErfurt, "2024-11-01", "2024-11-01"},
                                         End{"NoReformationstag2025InNrw", kKoeln, "2025-10-31", "2025-10-31"},
                                         End{"Reformationstag2025InThueringen", kErfurt, "2025-10-31", "2025-11-03"},
                                         End{"TwoMonthsFrom20251231", kKoeln, "2026-02-28", "2026-03-02"},
                                         End{"TwoWeeksFrom20260302", kKoeln, "2026-03-16", "2026-03-16"},
                                         End{"ThreeWeeksFrom20260302", kKoeln, "2026-03-23", "2026-03-23"},
                                         End{"SixWeeksFrom20260302", kKoeln, "2026-04-13", "2026-04-13"},
                                         End{"TwoMonthsFrom20260302", kErfurt, "2026-05-02", "2026-05-04"},
                                         End{"Fronleichnam2026InNrw", kKoeln, "2026-06-04", "2026-06-05"},
                                         End{"NoFronleichnam2026InErfurt", kErfurt, "2026-06-04", "2026-06-04"},
                                         End{"Fronleichnam2026InEichsfeld", kHeiligenstadt, "2026-06-04", "2026-06-05"},
                                         End{"Christmas2026OverTheWeekend", kErfurt, "2026-12-25", "2026-12-28"},
                                         End{"Weltkindertag2027InThueringen", kErfurt, "2027-09-20", "2027-09-21"},
                                         End{"NoWeltkindertag2027InNrw", kKoeln, "2027-09-20", "2027-09-20"},
                                         End{"Easter2025FourDaysRunning", kKoeln, "2025-04-18", "2025-04-22"}),
                         [](const auto& tested) { return tested.param.name; });

struct Holiday {
  std::string name;
  std::string place;
  std::string day;
  bool working;
};
class WorkingDay : public testing::TestWithParam<Holiday> {};

TEST_P(WorkingDay, FollowsLandLawAtThePlace) {
  const Holiday& row = GetParam();
  const auto got = IsWorkingDay(EmbeddedReference(), Place(row.place), Day(row.day));
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_EQ(*got, row.working);
}

INSTANTIATE_TEST_SUITE_P(Bounds, WorkingDay,
                         testing::Values(Holiday{"WeltkindertagBeforeIts2019", kErfurt, "2018-09-20", true},
                                         Holiday{"WeltkindertagFromIts2019", kErfurt, "2019-09-20", false},
                                         Holiday{"ReformationstagEverywhereIn2017", kKoeln, "2017-10-31", false},
                                         Holiday{"ReformationstagNotIn2018", kKoeln, "2018-10-31", true},
                                         Holiday{"Heiligabend", kKoeln, "2025-12-24", true},
                                         Holiday{"Silvester", kErfurt, "2025-12-31", true},
                                         Holiday{"Friday", kKoeln, "2025-03-07", true},
                                         Holiday{"Saturday", kKoeln, "2025-03-08", false},
                                         Holiday{"Sunday", kKoeln, "2025-03-09", false},
                                         Holiday{"HimmelfahrtInMuenchen", kMuenchen, "2025-08-15", false},
                                         Holiday{"HimmelfahrtNotInNuernberg", kNuernberg, "2025-08-15", true},
                                         Holiday{"UndecidedHolidayOnSaturday", kBamberg, "2026-08-15", false},
                                         Holiday{"UnknownYearOnSaturday", kKoeln, "2033-01-01", false},
                                         Holiday{"LastDayOfTheData", kKoeln, "2032-12-31", true}),
                         [](const auto& tested) { return tested.param.name; });

// One working day elsewhere that this Land has as a holiday of its own. Where the same holiday began, the year before.
INSTANTIATE_TEST_SUITE_P(EveryLandHasItsOwn, WorkingDay,
                         testing::Values(Holiday{"SchleswigHolstein", "01002000", "2025-10-31", false},
                                         Holiday{"Hamburg", "02000000", "2025-10-31", false},
                                         Holiday{"Niedersachsen", "03241001", "2025-10-31", false},
                                         Holiday{"Bremen", "04011000", "2025-10-31", false},
                                         Holiday{"NordrheinWestfalen", "05911000", "2025-06-19", false},
                                         Holiday{"Hessen", "06611000", "2025-06-19", false},
                                         Holiday{"HessenNoAllerheiligen", "06611000", "2024-11-01", true},
                                         Holiday{"RheinlandPfalz", "07315000", "2024-11-01", false},
                                         Holiday{"BadenWuerttemberg", "08111000", "2025-01-06", false},
                                         Holiday{"Bayern", "09162000", "2025-01-06", false},
                                         Holiday{"Saarland", "10041100", "2025-08-15", false},
                                         Holiday{"SaarlandNoDreiKoenige", "10041100", "2025-01-06", true},
                                         Holiday{"Berlin", "11000000", "2024-03-08", false},
                                         Holiday{"BerlinNoReformationstag", "11000000", "2025-10-31", true},
                                         Holiday{"Berlin2018NoFrauentag", "11000000", "2018-03-08", true},
                                         Holiday{"Brandenburg", "12054000", "2025-10-31", false},
                                         Holiday{"BrandenburgNoFrauentag", "12054000", "2024-03-08", true},
                                         Holiday{"MecklenburgVorpommern", "13004000", "2023-03-08", false},
                                         Holiday{"MecklenburgVorpommernBefore", "13004000", "2022-03-08", true},
                                         Holiday{"Sachsen", "14612000", "2025-11-19", false},
                                         Holiday{"SachsenAnhalt", "15003000", "2025-01-06", false},
                                         Holiday{"SachsenAnhaltNoBusstag", "15003000", "2025-11-19", true},
                                         Holiday{"Thueringen", "16051000", "2024-09-20", false}),
                         [](const auto& tested) { return tested.param.name; });

struct Doubt {
  std::string name;
  std::string place;
  std::string day;
  std::string reason;
};
class DoubtfulDay : public testing::TestWithParam<Doubt> {};

TEST_P(DoubtfulDay, IsAnErrorAndNeverAGuess) {
  const Doubt& row = GetParam();
  const absl::Status status = IsWorkingDay(EmbeddedReference(), Place(row.place), Day(row.day)).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
  EXPECT_EQ(GetReason(status), row.reason);
  EXPECT_EQ(GetField(status), "day");
  EXPECT_NE(status.message().find(row.day), absl::string_view::npos) << "the message names the day";
  const auto end = FirstWorkingDayFrom(EmbeddedReference(), Place(row.place), Day(row.day));
  EXPECT_EQ(GetReason(end.status()), row.reason);
}

INSTANTIATE_TEST_SUITE_P(
    Holidays, DoubtfulDay,
    testing::Values(Doubt{"FronleichnamInPartsOfDermbach", kDermbach, "2026-06-04", "HOLIDAY_UNDECIDED"},
                    Doubt{"HimmelfahrtInBamberg", kBamberg, "2025-08-15", "HOLIDAY_UNDECIDED"},
                    Doubt{"AfterTheData", kKoeln, "2033-01-03", "HOLIDAYS_UNKNOWN"},
                    Doubt{"AfterTheDataEvenOnChristmas", kErfurt, "2034-12-25", "HOLIDAYS_UNKNOWN"},
                    Doubt{"BeforeTheData", kErfurt, "2016-12-30", "HOLIDAYS_UNKNOWN"}),
    [](const auto& tested) { return tested.param.name; });

TEST(PeriodEndError, ComesFromADayOnTheWay) {
  // New Year's Day 2033 is a Saturday; the Monday after it is not known.
  EXPECT_EQ(GetReason(FirstWorkingDayFrom(EmbeddedReference(), Place(kKoeln), Day("2033-01-01")).status()),
            "HOLIDAYS_UNKNOWN");
}

TEST(Holiday2017, ReformationstagIsOneInEveryPlaceOfEveryLand) {
  int places = 0;
  for (std::size_t at = 0; at < EmbeddedReference().places().size(); at += 7) {
    const auto working = IsWorkingDay(EmbeddedReference(), static_cast<PlaceIndex>(at), absl::CivilDay(2017, 10, 31));
    ASSERT_TRUE(working.ok()) << working.status();
    EXPECT_FALSE(*working) << EmbeddedReference().places()[at].ags8;
    ++places;
  }
  EXPECT_GT(places, 1000);
}

}  // namespace
}  // namespace teilhabe::law
