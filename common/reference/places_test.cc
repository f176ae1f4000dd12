#include "common/reference/places.h"

#include <map>
#include <string>

#include "common/base/reason.h"
#include "common/reference/reference.h"
#include "common/reference/small_texts_for_test.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace teilhabe::reference {
namespace {

using testing::HasSubstr;
const Reference& Data() { return EmbeddedReference(); }

TEST(Land, CodesGoBothWays) {
  EXPECT_EQ(kLaender.size(), 16u);
  for (const Land land : kLaender) EXPECT_EQ(*ParseLand(LandCode(land)), land);
  EXPECT_EQ(LandName(*ParseLand("05")), "Nordrhein-Westfalen");
  EXPECT_EQ(LandName(*ParseLand("16")), "Thüringen");
}

TEST(Land, RejectsOthers) {
  for (const std::string_view code : {"", "0", "00", "17", "5", "055", "NW"}) {
    const absl::Status status = ParseLand(code, "office_land").status();
    EXPECT_EQ(GetReason(status), "LAND_UNKNOWN") << code;
    EXPECT_EQ(GetField(status), "office_land");
  }
}

TEST(Places, CountsAreThoseOfTheSources) {
  std::map<Land, int> today;
  int former = 0;
  for (const Place& place : Data().places()) {
    if (place.gone_from) {
      ++former;
    } else {
      ++today[place.land];
    }
  }
  EXPECT_EQ(Data().places().size(), 11009u);
  EXPECT_EQ(former, 53);
  EXPECT_EQ(today[Land::kNordrheinWestfalen], 396);
  EXPECT_EQ(today[Land::kThueringen], 605);
  EXPECT_EQ(today.size(), 16u);
  EXPECT_EQ(Data().districts().size(), 401u);
}

TEST(Places, EveryKeyIsFoundAtItsPosition) {
  for (std::size_t at = 0; at < Data().places().size(); ++at) {
    const auto found = Data().place_table().Lookup(Data().places()[at].ags8);
    ASSERT_TRUE(found.has_value());
    ASSERT_EQ(static_cast<std::size_t>(*found), at);
    ASSERT_EQ(Data().DistrictOf(*found).ags5, Data().place(*found).ags5());
    ASSERT_EQ(LandCode(Data().place(*found).land), Data().place(*found).ags5().substr(0, 2));
  }
}

TEST(Places, LookupTakesDigitsOnly) {
  // ':' is the character after '9': read as a digit of ten it would make 05711000.
  EXPECT_FALSE(Data().place_table().Lookup("0571099:"));
  EXPECT_FALSE(Data().place_table().Lookup("5711000"));
  EXPECT_FALSE(Data().place_table().Lookup("005711000"));
}

TEST(Places, HoldsWhatTheRowSays) {
  const auto bielefeld = Data().FindPlace("05711000", absl::CivilDay(2025, 3, 10));
  ASSERT_TRUE(bielefeld.ok()) << bielefeld.status();
  const Place& place = Data().place(*bielefeld);
  EXPECT_EQ(place.name, "Bielefeld, Stadt");
  EXPECT_EQ(place.ars12, "057110000000");
  EXPECT_EQ(place.kind, PlaceKind::kKreisfreieStadt);
  EXPECT_EQ(place.land, Land::kNordrheinWestfalen);
  EXPECT_EQ(place.ags5(), "05711");
  EXPECT_GT(place.population_2022.value_or(0), 300000u);
  EXPECT_EQ(Data().DistrictOf(*bielefeld).kind, DistrictKind::kKreisfreieStadt);
  EXPECT_EQ(Data().DistrictOf(*bielefeld).regbez_name, "Detmold");
}

// A key, a day, and the reason ("": in force).
struct Asked {
  std::string name;
  std::string ags8;
  absl::CivilDay day;
  std::string reason;
};
class FindPlace : public testing::TestWithParam<Asked> {};

TEST_P(FindPlace, FollowsDaysAndSnapshots) {
  const Asked& asked = GetParam();
  const absl::StatusOr<PlaceIndex> found = Data().FindPlace(asked.ags8, asked.day, "residence");
  EXPECT_EQ(GetReason(found.status()), asked.reason) << found.status();
  if (found.ok()) {
    EXPECT_EQ(Data().place(*found).ags8, asked.ags8);
    return;
  }
  EXPECT_EQ(GetField(found.status()), "residence");
  const absl::StatusCode want = asked.reason == "MUNICIPALITY_UNCERTAIN"   ? absl::StatusCode::kFailedPrecondition
                                : asked.reason == "MUNICIPALITY_MALFORMED" ? absl::StatusCode::kInvalidArgument
                                                                           : absl::StatusCode::kNotFound;
  EXPECT_EQ(found.status().code(), want);
}

INSTANTIATE_TEST_SUITE_P(
    Bounds, FindPlace,
    testing::Values(
        // There in all snapshots: from the beginning, without end.
        Asked{"Always1990", "05711000", absl::CivilDay(1990, 1, 1), ""},
        Asked{"Always2032", "05711000", absl::CivilDay(2032, 12, 31), ""},
        // Legal days are known: no gap.
        Asked{"OldEisenach2018", "16056000", absl::CivilDay(2018, 6, 1), ""},
        Asked{"OldEisenachLastDay", "16056000", absl::CivilDay(2021, 6, 30), ""},
        Asked{"OldEisenachDayAfter", "16056000", absl::CivilDay(2021, 7, 1), "MUNICIPALITY_DISSOLVED"},
        Asked{"NewEisenachDayBefore", "16063105", absl::CivilDay(2021, 6, 30), "MUNICIPALITY_NOT_YET"},
        Asked{"NewEisenachFirstDay", "16063105", absl::CivilDay(2021, 7, 1), ""},
        Asked{"NewEisenachToday", "16063105", absl::CivilDay(2026, 11, 24), ""},
        // Seen on 2020-12-31 and 2022-05-15, gone on 2024-11-30.
        Asked{"MenterodaBefore", "16064072", absl::CivilDay(2018, 1, 1), ""},
        Asked{"MenterodaLastSeen", "16064072", absl::CivilDay(2022, 5, 15), ""},
        Asked{"MenterodaBetweenFirst", "16064072", absl::CivilDay(2022, 5, 16), "MUNICIPALITY_UNCERTAIN"},
        Asked{"MenterodaBetweenLast", "16064072", absl::CivilDay(2024, 11, 29), "MUNICIPALITY_UNCERTAIN"},
        Asked{"MenterodaGone", "16064072", absl::CivilDay(2024, 11, 30), "MUNICIPALITY_DISSOLVED"},
        // Last seen in the first snapshot.
        Asked{"GreussenLastSeen", "16065023", absl::CivilDay(2020, 12, 31), ""},
        Asked{"GreussenBetween", "16065023", absl::CivilDay(2021, 1, 1), "MUNICIPALITY_UNCERTAIN"},
        Asked{"GreussenGone", "16065023", absl::CivilDay(2021, 1, 25), "MUNICIPALITY_DISSOLVED"},
        // First seen in the last snapshot: Uder.
        Asked{"UderNotYet", "16061119", absl::CivilDay(2022, 5, 15), "MUNICIPALITY_NOT_YET"},
        Asked{"UderBetweenFirst", "16061119", absl::CivilDay(2022, 5, 16), "MUNICIPALITY_UNCERTAIN"},
        Asked{"UderBetweenLast", "16061119", absl::CivilDay(2024, 11, 29), "MUNICIPALITY_UNCERTAIN"},
        Asked{"UderSeen", "16061119", absl::CivilDay(2024, 11, 30), ""},
        // First seen in the second: Greußen anew.
        Asked{"NewGreussenNotYet", "16065089", absl::CivilDay(2020, 12, 31), "MUNICIPALITY_NOT_YET"},
        Asked{"NewGreussenBetween", "16065089", absl::CivilDay(2021, 1, 24), "MUNICIPALITY_UNCERTAIN"},
        Asked{"NewGreussenSeen", "16065089", absl::CivilDay(2021, 1, 25), ""},
        // Not a key of a municipality.
        Asked{"Unknown", "05711001", absl::CivilDay(2025, 3, 10), "MUNICIPALITY_UNKNOWN"},
        Asked{"UnknownDistrict", "99999999", absl::CivilDay(2025, 3, 10), "MUNICIPALITY_UNKNOWN"},
        Asked{"Zeros", "00000000", absl::CivilDay(2025, 3, 10), "MUNICIPALITY_UNKNOWN"},
        Asked{"Empty", "", absl::CivilDay(2025, 3, 10), "MUNICIPALITY_MALFORMED"},
        Asked{"District", "05711", absl::CivilDay(2025, 3, 10), "MUNICIPALITY_MALFORMED"},
        Asked{"ZeroLost", "5711000", absl::CivilDay(2025, 3, 10), "MUNICIPALITY_MALFORMED"},
        Asked{"Ars", "057110000000", absl::CivilDay(2025, 3, 10), "MUNICIPALITY_MALFORMED"},
        Asked{"Name", "Bielefeld", absl::CivilDay(2025, 3, 10), "MUNICIPALITY_MALFORMED"},
        Asked{"EightLetters", "Eisenach", absl::CivilDay(2025, 3, 10), "MUNICIPALITY_MALFORMED"},
        Asked{"Blank", "0571100 ", absl::CivilDay(2025, 3, 10), "MUNICIPALITY_MALFORMED"},
        Asked{"Signed", "-5711000", absl::CivilDay(2025, 3, 10), "MUNICIPALITY_MALFORMED"}),
    [](const auto& tested) { return tested.param.name; });

TEST(FindPlaceError, DissolvedNamesTheSuccessor) {
  const absl::Status status = Data().FindPlace("16056000", absl::CivilDay(2025, 1, 1)).status();
  EXPECT_EQ(GetDetails(status)["successor"], "16063105");
  EXPECT_EQ(GetDetails(status)["last_seen"], "2021-06-30");
  EXPECT_EQ(GetField(status), "municipality");
  EXPECT_THAT(std::string(status.message()), HasSubstr("16063105 (Eisenach, Stadt) took over"));
}

TEST(FindPlaceError, DissolvedWithoutRecordSaysSo) {
  const absl::Status status = Data().FindPlace("16064072", absl::CivilDay(2025, 1, 1)).status();
  EXPECT_FALSE(GetDetails(status).contains("successor"));
  EXPECT_EQ(GetDetails(status)["last_seen"], "2022-05-15");
  EXPECT_THAT(std::string(status.message()), HasSubstr("not recorded"));
}

TEST(FindPlaceError, NotYetNamesTheFirstDay) {
  const absl::Status status = Data().FindPlace("16063105", absl::CivilDay(2020, 1, 1)).status();
  EXPECT_EQ(GetDetails(status)["first_seen"], "2021-07-01");
}

TEST(FindPlaceError, UncertainNamesBothSnapshots) {
  const absl::Status went = Data().FindPlace("16064072", absl::CivilDay(2023, 1, 1)).status();
  EXPECT_THAT(std::string(went.message()), HasSubstr("went on a day between 2022-05-15 and 2024-11-30"));
  const absl::Status came = Data().FindPlace("16061119", absl::CivilDay(2023, 1, 1)).status();
  EXPECT_THAT(std::string(came.message()), HasSubstr("came on a day between 2022-05-15 and 2024-11-30"));
}

TEST(FindPlaceError, MalformedHelpsAndDoesNotRepeatWhatWasTyped) {
  const auto message = [](std::string_view typed) {
    return std::string(Data().FindPlace(typed, absl::CivilDay(2025, 1, 1)).status().message());
  };
  EXPECT_THAT(message("05711"), HasSubstr("8 digits"));
  EXPECT_THAT(message("Musterfrau, Erika"), HasSubstr("8 digits"));
  EXPECT_THAT(message("5711000"), HasSubstr("leading zero"));
  EXPECT_THAT(message("057110000000"), HasSubstr("Regionalschlüssel"));
  EXPECT_THAT(message("Musterfrau, Erika"), testing::Not(HasSubstr("Musterfrau")));
}

TEST(Places, DaysAreConsistentForEveryPlace) {
  for (const Place& place : Data().places()) {
    if (place.certain.from) {
      ASSERT_TRUE(place.not_yet_until) << place.ags8;
      ASSERT_LT(*place.not_yet_until, *place.certain.from) << place.ags8;
      ASSERT_EQ(ExistenceOn(place, *place.not_yet_until), Existence::kNotYet);
    }
    if (place.certain.to) {
      ASSERT_TRUE(place.gone_from) << place.ags8;
      ASSERT_GT(*place.gone_from, *place.certain.to) << place.ags8;
      ASSERT_EQ(ExistenceOn(place, *place.gone_from), Existence::kGone);
    }
  }
}

TEST(Places, PrefixesAreKnown) {
  const Places& places = Data().place_table();
  for (const std::string_view known : {"05", "051", "05711", "05711000", "16056000", "16056"}) {
    EXPECT_TRUE(places.KnowsPrefix(known)) << known;
  }
  for (const std::string_view unknown : {"", "0", "17", "050", "0571", "05712", "057110", "0571100", "05711001", "x"}) {
    EXPECT_FALSE(places.KnowsPrefix(unknown)) << unknown;
  }
}

}  // namespace
}  // namespace teilhabe::reference
