#include "common/reference/holidays.h"

#include <map>
#include <set>
#include <string>

#include "common/reference/reference.h"
#include "common/reference/small_texts_for_test.h"
#include "gtest/gtest.h"

namespace teilhabe::reference {
namespace {

using D = absl::CivilDay;
using S = HolidayState;
const Reference& Data() { return EmbeddedReference(); }
PlaceIndex PlaceOf(std::string_view ags8) { return Data().place_table().Lookup(ags8).value(); }

struct Golden {
  std::string name;
  std::string ags8;
  D day;
  S state;
  std::string holiday;
};
class HolidayAt : public testing::TestWithParam<Golden> {};

TEST_P(HolidayAt, IsAsPrinted) {
  const Golden& golden = GetParam();
  const HolidayAnswer answer = Data().HolidayOn(PlaceOf(golden.ags8), golden.day);
  EXPECT_EQ(answer.state, golden.state);
  EXPECT_EQ(answer.name, golden.holiday);
  EXPECT_EQ(answer.row != 0, !golden.holiday.empty());
  EXPECT_EQ(Data().IsHoliday(PlaceOf(golden.ags8), golden.day), golden.state);
  EXPECT_EQ(Data().HolidayName(PlaceOf(golden.ags8), golden.day), golden.holiday);
}

INSTANTIATE_TEST_SUITE_P(
    Golden, HolidayAt,
    testing::Values(
        // NRW: Fronleichnam and Allerheiligen, no Reformationstag.
        Golden{"NrwFronleichnam", "05711000", D(2024, 5, 30), S::kYes, "Fronleichnam"},
        Golden{"NrwAllerheiligen", "05711000", D(2024, 11, 1), S::kYes, "Allerheiligen"},
        Golden{"NrwReformationstag", "05711000", D(2024, 10, 31), S::kNo, ""},
        Golden{"NrwReformationstag2017", "05711000", D(2017, 10, 31), S::kYes, "Reformationstag"},
        Golden{"NrwReformationstag2018", "05711000", D(2018, 10, 31), S::kNo, ""},
        Golden{"BerlinReformationstag2017", "11000000", D(2017, 10, 31), S::kYes, "Reformationstag"},
        Golden{"HamburgReformationstag2018", "02000000", D(2018, 10, 31), S::kYes, "Reformationstag"},
        Golden{"Heiligabend", "05711000", D(2024, 12, 24), S::kNo, ""},
        Golden{"Silvester", "16051000", D(2024, 12, 31), S::kNo, ""},
        Golden{"Sunday", "05711000", D(2024, 6, 2), S::kNo, ""},
        // Thüringen: Weltkindertag from 2019, Reformationstag, no Allerheiligen; Fronleichnam in the Eichsfeld.
        Golden{"ThWeltkindertag2018", "16051000", D(2018, 9, 20), S::kNo, ""},
        Golden{"ThWeltkindertag2019", "16051000", D(2019, 9, 20), S::kYes, "Weltkindertag"},
        Golden{"ThReformationstag", "16051000", D(2024, 10, 31), S::kYes, "Reformationstag"},
        Golden{"ThAllerheiligen", "16051000", D(2024, 11, 1), S::kNo, ""},
        Golden{"ErfurtFronleichnam", "16051000", D(2024, 5, 30), S::kNo, ""},
        Golden{"HeiligenstadtFronleichnam", "16061045", D(2024, 5, 30), S::kYes, "Fronleichnam"},
        Golden{"GeisaFronleichnam", "16063032", D(2024, 5, 30), S::kYes, "Fronleichnam"},
        Golden{"DermbachFronleichnam", "16063015", D(2024, 5, 30), S::kUndecided, "Fronleichnam"},
        Golden{"SalzungenFronleichnam", "16063003", D(2024, 5, 30), S::kNo, ""},
        Golden{"AnrodeFronleichnam2022", "16064073", D(2022, 6, 16), S::kUndecided, "Fronleichnam"},
        // Bayern: by municipality; exceptions win over the wider row.
        Golden{"AugsburgFriedensfest", "09761000", D(2024, 8, 8), S::kYes, "Augsburger Hohes Friedensfest"},
        Golden{"MuenchenFriedensfest", "09162000", D(2024, 8, 8), S::kNo, ""},
        Golden{"MuenchenMariae", "09162000", D(2024, 8, 15), S::kYes, "Mariä Himmelfahrt"},
        Golden{"NuernbergMariae", "09564000", D(2024, 8, 15), S::kNo, ""},
        Golden{"BayreuthMariae", "09462000", D(2024, 8, 15), S::kUndecided, "Mariä Himmelfahrt"},
        Golden{"StuttgartMariae", "08111000", D(2024, 8, 15), S::kNo, ""},
        // Sachsen.
        Golden{"CrostwitzFronleichnam", "14625080", D(2024, 5, 30), S::kYes, "Fronleichnam"},
        Golden{"BautzenFronleichnam", "14625020", D(2024, 5, 30), S::kUndecided, "Fronleichnam"},
        Golden{"ChemnitzBusstag", "14511000", D(2024, 11, 20), S::kYes, "Buß- und Bettag"},
        // Once, or from a year on.
        Golden{"BerlinBefreiung2025", "11000000", D(2025, 5, 8), S::kYes, "Tag der Befreiung"},
        Golden{"BerlinBefreiung2026", "11000000", D(2026, 5, 8), S::kNo, ""},
        Golden{"BerlinFrauentag2018", "11000000", D(2018, 3, 8), S::kNo, ""},
        Golden{"BerlinFrauentag2019", "11000000", D(2019, 3, 8), S::kYes, "Frauentag"},
        Golden{"BrandenburgOstersonntag", "12054000", D(2025, 4, 20), S::kYes, "Ostersonntag"},
        // Ends of the data.
        Golden{"DayBeforeData", "05711000", D(2016, 12, 26), S::kUnknown, ""},
        Golden{"LastDayBeforeData", "05711000", D(2016, 12, 31), S::kUnknown, ""},
        Golden{"FirstDay", "05711000", D(2017, 1, 1), S::kYes, "Neujahr"},
        Golden{"LastDay", "05711000", D(2032, 12, 31), S::kNo, ""},
        Golden{"LastHoliday", "05711000", D(2032, 12, 26), S::kYes, "2. Weihnachtstag"},
        Golden{"DayAfterData", "05711000", D(2033, 1, 1), S::kUnknown, ""},
        Golden{"LongBefore", "05711000", absl::CivilDay::min(), S::kUnknown, ""},
        Golden{"LongAfter", "05711000", absl::CivilDay::max(), S::kUnknown, ""}),
    [](const auto& tested) { return tested.param.name; });

// Easter by Gauss in Lichtenberg's form; data/make_holidays.py uses the anonymous algorithm instead.
D Easter(int year) {
  const int k = year / 100;
  const int m = 15 + (3 * k + 3) / 4 - (8 * k + 13) / 25;
  const int s = 2 - (3 * k + 3) / 4;
  const int a = year % 19;
  const int d = (19 * a + m) % 30;
  const int r = (d + a / 11) / 29;
  const int og = 21 + d - r;
  const int sz = 7 - (year + year / 4 + s) % 7;
  const int oe = 7 - (og - sz) % 7;
  return D(year, 3, 1) + (og + oe - 1);
}

// The holidays of a whole Land in a year, written from the Land laws and not from the file.
std::set<D> HolidaysOf(Land land, int year) {
  const D easter = Easter(year);
  std::set<D> days = {D(year, 1, 1), easter - 2,     easter + 1,      D(year, 5, 1),  easter + 39,
                      easter + 50,   D(year, 10, 3), D(year, 12, 25), D(year, 12, 26)};
  const auto in = [land](std::initializer_list<Land> lands) {
    return std::find(lands.begin(), lands.end(), land) != lands.end();
  };
  if (in({Land::kBadenWuerttemberg, Land::kBayern, Land::kSachsenAnhalt})) days.insert(D(year, 1, 6));
  if (land == Land::kBerlin && year >= 2019) days.insert(D(year, 3, 8));
  if (land == Land::kMecklenburgVorpommern && year >= 2023) days.insert(D(year, 3, 8));
  if (land == Land::kBrandenburg) days.insert({easter, easter + 49});
  if (in({Land::kNordrheinWestfalen, Land::kHessen, Land::kRheinlandPfalz, Land::kBadenWuerttemberg, Land::kBayern,
          Land::kSaarland})) {
    days.insert(easter + 60);
  }
  if (land == Land::kSaarland) days.insert(D(year, 8, 15));
  if (land == Land::kThueringen && year >= 2019) days.insert(D(year, 9, 20));
  const bool east =
      in({Land::kBrandenburg, Land::kMecklenburgVorpommern, Land::kSachsen, Land::kSachsenAnhalt, Land::kThueringen});
  const bool north = in({Land::kSchleswigHolstein, Land::kHamburg, Land::kNiedersachsen, Land::kBremen});
  if (year == 2017 || east || north) days.insert(D(year, 10, 31));
  if (in({Land::kNordrheinWestfalen, Land::kRheinlandPfalz, Land::kBadenWuerttemberg, Land::kBayern,
          Land::kSaarland})) {
    days.insert(D(year, 11, 1));
  }
  if (land == Land::kSachsen) {
    D wednesday(year, 11, 22);
    while (absl::GetWeekday(wednesday) != absl::Weekday::wednesday) --wednesday;
    days.insert(wednesday);
  }
  if (land == Land::kBerlin) {
    if (year == 2020 || year == 2025) days.insert(D(year, 5, 8));
    if (year == 2028) days.insert(D(year, 6, 17));
  }
  return days;
}

// Days that are a holiday in parts of a Land.
bool IsRegional(Land land, D day) {
  const D easter = Easter(static_cast<int>(day.year()));
  if (land == Land::kSachsen || land == Land::kThueringen) return day == easter + 60;
  return land == Land::kBayern && (day == D(day.year(), 8, 8) || day == D(day.year(), 8, 15));
}

TEST(HolidaysOfLand, AgreeWithTheLawsOnEveryDay) {
  EXPECT_EQ(Easter(2024), D(2024, 3, 31));
  EXPECT_EQ(Easter(2025), D(2025, 4, 20));
  EXPECT_EQ(Easter(2026), D(2026, 4, 5));
  for (const Land land : kLaender) {
    for (int year = 2017; year <= 2032; ++year) {
      const std::set<D> want = HolidaysOf(land, year);
      for (D day(year, 1, 1); day.year() == year; ++day) {
        const S expected = want.contains(day) ? S::kYes : IsRegional(land, day) ? S::kUndecided : S::kNo;
        ASSERT_EQ(Data().IsHoliday(land, day), expected) << LandName(land) << " " << day;
      }
    }
  }
}

TEST(HolidaysOfPlaces, AgreeWithTheirLandWhereItIsDecided) {
  for (D day(2017, 1, 1); day < D(2033, 1, 1); ++day) {
    for (const std::string_view ags8 :
         {"01002000", "02000000", "03241001", "04011000", "05711000", "06412000", "07315000", "08111000", "09564000",
          "10041100", "11000000", "12054000", "13003000", "14713000", "15002000", "16051000"}) {
      const PlaceIndex place = PlaceOf(ags8);
      const S of_land = Data().IsHoliday(Data().place(place).land, day);
      // None of these places has a regional holiday.
      const S want = of_land == S::kUndecided ? S::kNo : of_land;
      ASSERT_EQ(Data().IsHoliday(place, day), want) << ags8 << " " << day;
    }
  }
}

TEST(HolidaysOfPlaces, FronleichnamInTheEichsfeldEveryYear) {
  for (int year = 2017; year <= 2032; ++year) {
    EXPECT_EQ(Data().IsHoliday(PlaceOf("16061045"), Easter(year) + 60), S::kYes) << year;
    EXPECT_EQ(Data().IsHoliday(PlaceOf("16051000"), Easter(year) + 60), S::kNo) << year;
    EXPECT_EQ(Data().IsHoliday(PlaceOf("09761000"), D(year, 8, 8)), S::kYes) << year;
  }
}

TEST(HolidaysOfLand, UnknownOutsideTheData) {
  for (const Land land : kLaender) {
    EXPECT_EQ(Data().IsHoliday(land, D(2016, 12, 25)), S::kUnknown);
    EXPECT_EQ(Data().IsHoliday(land, D(2033, 1, 1)), S::kUnknown);
    EXPECT_EQ(Data().HolidayName(land, D(2033, 1, 1)), "");
  }
  EXPECT_EQ(Data().HolidayName(Land::kThueringen, D(2024, 5, 30)), "Fronleichnam");
}

TEST(HolidayRules, LongestScopeOfANameWins) {
  const auto data = Reference::Load(SmallTexts().Texts());
  ASSERT_TRUE(data.ok()) << data.status();
  const auto at = [&](std::string_view ags8) {
    return data->IsHoliday(data->place_table().Lookup(ags8).value(), D(2018, 5, 31));
  };
  EXPECT_EQ(at("05111000"), S::kYes);
  EXPECT_EQ(at("16063003"), S::kYes);        // Its own row, within a district that has none.
  EXPECT_EQ(at("16063119"), S::kNo);         // The district's exception.
  EXPECT_EQ(at("16056000"), S::kUndecided);  // The Land's partial row.
  EXPECT_EQ(data->IsHoliday(Land::kThueringen, D(2018, 5, 31)), S::kUndecided);
  EXPECT_EQ(data->IsHoliday(Land::kNordrheinWestfalen, D(2018, 5, 31)), S::kYes);
}

TEST(HolidayRules, ALandWithoutRowsIsUnknown) {
  const auto data = Reference::Load(SmallTexts().Texts());
  ASSERT_TRUE(data.ok()) << data.status();
  // Even on a nationwide holiday: nothing says that the Land was looked at.
  EXPECT_EQ(data->IsHoliday(Land::kBayern, D(2018, 1, 1)), S::kUnknown);
  EXPECT_EQ(data->IsHoliday(Land::kThueringen, D(2018, 1, 1)), S::kYes);
  EXPECT_EQ(data->IsHoliday(Land::kThueringen, D(2017, 5, 31)), S::kNo);
}

TEST(HolidayRules, AYearWithoutNationwideRowsIsUnknown) {
  SmallTexts small;
  small[DataTable::kHolidays] += "2020-05-31,Fronleichnam,05,05,land,full,Easter + 60,\n";
  const auto data = Reference::Load(small.Texts());
  ASSERT_TRUE(data.ok()) << data.status();
  EXPECT_EQ(data->IsHoliday(Land::kNordrheinWestfalen, D(2019, 1, 1)), S::kUnknown);
  EXPECT_EQ(data->IsHoliday(Land::kNordrheinWestfalen, D(2020, 5, 31)), S::kUnknown);
}

TEST(HolidayRules, RowsThatSayNoAreNoHoliday) {
  SmallTexts small;
  small.Replace(DataTable::kHolidays, "16,16,regional,partial", "16,16,regional,none");
  small.Replace(DataTable::kHolidays, "16063003,regional,full", "16063003,regional,none");
  const auto data = Reference::Load(small.Texts());
  ASSERT_TRUE(data.ok()) << data.status();
  EXPECT_EQ(data->IsHoliday(Land::kThueringen, D(2018, 5, 31)), S::kNo);
  EXPECT_EQ(data->IsHoliday(data->place_table().Lookup("16063003").value(), D(2018, 5, 31)), S::kNo);
}

TEST(HolidayRules, AnExceptionOpensTheLand) {
  SmallTexts small;
  small.Replace(DataTable::kHolidays, "16,16,regional,partial", "16,16,regional,full");
  const auto data = Reference::Load(small.Texts());
  ASSERT_TRUE(data.ok()) << data.status();
  EXPECT_EQ(data->IsHoliday(Land::kThueringen, D(2018, 5, 31)), S::kUndecided);
}

}  // namespace
}  // namespace teilhabe::reference
