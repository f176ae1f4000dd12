#include <string>
#include <vector>

#include "common/base/reason.h"
#include "common/reference/reference.h"
#include "common/reference/small_texts_for_test.h"
#include "gtest/gtest.h"

namespace teilhabe::reference {
namespace {

TEST(Load, TakesTheSmallTexts) {
  const absl::StatusOr<Reference> loaded = Reference::Load(SmallTexts().Texts());
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->places().size(), 6u);
  EXPECT_EQ(loaded->agencies().size(), 10u);
}

// One cell made wrong, and where the error must point.
struct Broken {
  std::string name;
  DataTable table;
  std::string from;
  std::string to;
  std::string row;
  std::string column;
};

class BrokenTable : public testing::TestWithParam<Broken> {};

TEST_P(BrokenTable, IsRejectedWithFileRowAndColumn) {
  const Broken& broken = GetParam();
  SmallTexts small;
  small.Replace(broken.table, broken.from, broken.to);
  const absl::Status status = Reference::Load(small.Texts()).status();
  ASSERT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
  EXPECT_EQ(GetReason(status), "REFERENCE_INVALID");
  const auto details = GetDetails(status);
  const auto detail = [&details](const std::string& key) { return details.contains(key) ? details.at(key) : ""; };
  EXPECT_EQ(detail("file"), FileName(broken.table)) << status;
  EXPECT_EQ(detail("row"), broken.row) << status;
  EXPECT_EQ(detail("column"), broken.column) << status;
  EXPECT_NE(status.message().find(std::string(FileName(broken.table))), absl::string_view::npos);
}

using T = DataTable;
const std::vector<Broken> kBroken = {
    // Any table.
    {"NoHeader", T::kDistricts, "ags5,name", "ags,name", "1", "ags5"},
    {"ColumnRenamed", T::kSuccessions, ",act,", ",deed,", "1", "act"},
    {"ColumnMore", T::kMunicipalitySnapshots, "day,source\n2020-12-31,A\n2021-01-25,B\n2022-05-15,C\n2024-11-30,D",
     "day,source,x\n2020-12-31,A,", "1", "x"},
    {"CellMissing", T::kDistricts, ",,2021-06-30", ",2021-06-30", "", ""},
    {"QuoteOpen", T::kMunicipalities, "Eisenach, Stadt\"", "Eisenach, Stadt", "", ""},
    {"BlankAtEnd", T::kMunicipalities, "Bad Salzungen", "\"Bad Salzungen \"", "3", "name"},
    // Districts.
    {"DistrictKeyShort", T::kDistricts, "16063,W", "1663,W", "4", "ags5"},
    {"DistrictTwice", T::kDistricts, "16063,Wartburgkreis", "16056,Wartburgkreis", "4", "ags5"},
    {"DistrictNameEmpty", T::kDistricts, "Wartburgkreis", "", "4", "name"},
    {"DistrictKind", T::kDistricts, "Landkreis", "Gau", "4", "kind"},
    {"DistrictLand", T::kDistricts, "Landkreis,16", "Landkreis,17", "4", "land"},
    {"DistrictLandOther", T::kDistricts, "Landkreis,16", "Landkreis,15", "4", "land"},
    {"DistrictLandName", T::kDistricts, "Nordrhein-Westfalen", "NRW", "2", "land_name"},
    {"DistrictRegbez", T::kDistricts, ",051,", ",053,", "2", "regbez"},
    {"DistrictRegbezName", T::kDistricts, ",051,Düsseldorf", ",051,", "2", "regbez_name"},
    {"DistrictDay", T::kDistricts, "2021-06-30", "2021-06-31", "3", "valid_to"},
    {"DistrictReversed", T::kDistricts, ",2021-06-30", "2021-07-01,2021-06-30", "3", "valid_to"},
    // Municipalities.
    {"KeyShort", T::kMunicipalities, "05111000,", "5111000,", "2", "ags8"},
    {"KeyLetters", T::kMunicipalities, "05111000,", "0511100A,", "2", "ags8"},
    {"KeyTwice", T::kMunicipalities, "16063105,160630105105", "16063003,160630003003", "4", "ags8"},
    {"ArsOther", T::kMunicipalities, "160630003003", "160630003004", "3", "ars12"},
    {"ArsShort", T::kMunicipalities, "160630003003", "16063000300", "3", "ars12"},
    {"NameEmpty", T::kMunicipalities, "Bad Salzungen", "", "3", "name"},
    {"Kind", T::kMunicipalities, ",Stadt,", ",Dorf,", "3", "kind"},
    {"DistrictOfKey", T::kMunicipalities, "Stadt,16063", "Stadt,16064", "3", "ags5"},
    {"DistrictUnknown", T::kMunicipalities, "16063119,160635051119,Neudorf,,16063",
     "16064119,160645051119,Neudorf,,16064", "5", "ags5"},
    {"DistrictEnded", T::kMunicipalities, "16063003,160630003003,Bad Salzungen,Stadt,16063",
     "16056003,160560003003,Bad Salzungen,Stadt,16056", "3", "ags5"},
    {"DistrictEmpty", T::kMunicipalities,
     "05111000,051110000000,Düsseldorf,Kreisfreie Stadt,05111,05,,600000,610000,2020-12-31\n", "", "5", "ags5"},
    {"LandOfKey", T::kMunicipalities, "Stadt,16063,16", "Stadt,16063,05", "3", "land"},
    {"Population", T::kMunicipalities, "41000", "41.000", "4", "population_2022"},
    {"Population2019", T::kMunicipalities, "610000", "-1", "2", "population_2019"},
    {"FirstSeen", T::kMunicipalities, ",2022-05-15", ",2022-05-16", "4", "first_seen"},
    // Former municipalities.
    {"FormerTwice", T::kMunicipalitiesFormer, "16063028", "16063003", "3", "ags8"},
    {"FormerDistrict", T::kMunicipalitiesFormer, "16063028,Altdorf,Gemeinde,16063", "16099028,Altdorf,Gemeinde,16099",
     "3", "ags5"},
    {"FormerName", T::kMunicipalitiesFormer, "Altdorf", "", "3", "name"},
    {"FormerLastSeenNow", T::kMunicipalitiesFormer, "2022-05-15", "2024-11-30", "3", "last_seen"},
    {"FormerReversed", T::kMunicipalitiesFormer, "2020-12-31,2021-01-25", "2022-05-15,2021-01-25", "2", "last_seen"},
    {"SnapshotOrder", T::kMunicipalitySnapshots, "2022-05-15,C", "2021-01-25,C", "4", "day"},
    // Known days.
    {"DaysUnknownPlace", T::kMunicipalityDays, "16056000,", "16056001,", "2", "ags8"},
    {"DaysTwice", T::kMunicipalityDays, "16063105,2021-07-01,", "16056000,,", "3", "ags8"},
    {"DaysFromTooEarly", T::kMunicipalityDays, "2021-07-01", "2021-01-25", "3", "valid_from"},
    {"DaysFromTooLate", T::kMunicipalityDays, "2021-07-01", "2022-05-16", "3", "valid_from"},
    {"DaysToTooEarly", T::kMunicipalityDays, "2021-06-30", "2021-01-24", "2", "valid_to"},
    {"DaysToTooLate", T::kMunicipalityDays, "2021-06-30", "2022-05-15", "2", "valid_to"},
    {"DaysSuccessorUnknown", T::kMunicipalityDays, "16063105,act", "16063106,act", "2", "successor"},
    {"DaysSuccessorNotYet", T::kMunicipalityDays, "16063105,act", "16063119,act", "2", "successor"},
    {"DaysSuccessorSelf", T::kMunicipalityDays, "16063105,act", "16056000,act", "2", "successor"},
    {"DaysSuccessorNoDay", T::kMunicipalityDays, ",2021-07-01,,,", ",2021-07-01,,16063003,", "3", "successor"},
    {"DaysSource", T::kMunicipalityDays, "16063105,act", "16063105,", "2", "source"},
    // Carriers.
    {"CarrierId", T::kCarriers, "lvr,LVR", "LVR,LVR", "2", "id"},
    {"CarrierTwice", T::kCarriers, "aa-west,", "aa-ost,", "9", "id"},
    {"CarrierName", T::kCarriers, "lvr,LVR", "lvr,", "2", "name"},
    {"CarrierKind", T::kCarriers, "EGH_UEBEROERTLICH", "EGH", "2", "kind"},
    {"CarrierLand", T::kCarriers, "05 16", "05 17", "6", "land"},
    {"CarrierLandComma", T::kCarriers, "05 16", "05  16", "6", "land"},
    {"CarrierSeatBasis", T::kCarriers, "Düsseldorf,source", "Düsseldorf,rumour", "2", "seat_basis"},
    {"CarrierSeatNoBasis", T::kCarriers, "Düsseldorf,source", "Düsseldorf,", "2", "seat_basis"},
    {"CarrierOffice", T::kCarriers, "source,05111000", "source,05111001", "2", "office_ags8"},
    {"CarrierOfficeFormer", T::kCarriers, "source,16063105", "source,16056000", "4", "office_ags8"},
    {"CarrierOfficeGone", T::kCarriers, "source,05111000", "source,", "2", "office_ags8"},
    {"CarrierPartOf", T::kCarriers, "05111000,lvr", "05111000,lwl", "3", "part_of"},
    {"CarrierPartOfSelf", T::kCarriers, "05111000,lvr", "05111000,lvr-amt", "3", "part_of"},
    {"CarrierBasis", T::kCarriers, "domain-knowledge", "gossip", "6", "basis"},
    {"CarrierSource", T::kCarriers, "source,law", "source,", "2", "source"},
    // Successions.
    {"SuccessionOld", T::kSuccessions, "aa-ost,aa-neu", "aa-x,aa-neu", "5", "old_id"},
    {"SuccessionNew", T::kSuccessions, "aa-ost,aa-neu", "aa-ost,aa-x", "5", "new_id"},
    {"SuccessionSelf", T::kSuccessions, "aa-ost,aa-neu", "aa-ost,aa-ost", "5", "new_id"},
    {"SuccessionDay", T::kSuccessions, "2026-01-01", "2026-01-02", "5", "day"},
    {"SuccessionOfLiving", T::kSuccessions, "aa-ost,aa-neu", "aa-west,aa-neu", "5", "day"},
    {"SuccessionKind", T::kSuccessions, "egh-16056,egh-16063", "egh-16056,drv-a", "2", "new_id"},
    {"SuccessionArea", T::kSuccessions, "2026-01-01,16063", "2026-01-01,16064", "5", "area"},
    {"SuccessionOverlap", T::kSuccessions, "16063028 16063119", "16063028 16063105", "4", "area"},
    {"SuccessionOverlapWider", T::kSuccessions, "16063028 16063119", "16063", "4", "area"},
    {"SuccessionOverlapNarrower", T::kSuccessions, "16063003 16063105", "16063", "4", "area"},
    {"SuccessionMissing", T::kSuccessions, "aa-ost,aa-neu,2026-01-01,16063,act,source,press\n", "", "5", "old_id"},
    {"SuccessionSource", T::kSuccessions, "source,press", "source,", "2", "source"},
    {"SuccessionAct", T::kSuccessions, "16063105,act", "16063105,", "2", "act"},
    // Jurisdictions.
    {"Prefix4", T::kEghJurisdiction, "16056,egh", "1605,egh", "4", "prefix"},
    {"PrefixUnknown", T::kEghJurisdiction, "16063105,egh", "16063106,egh", "6", "prefix"},
    {"PrefixLetters", T::kEghJurisdiction, "16063105,egh", "Eisenach,egh", "6", "prefix"},
    {"Carrier", T::kEghJurisdiction, "051,lvr,2020", "051,lwl,2020", "3", "carrier_id"},
    {"CarrierOfOtherKind", T::kEghJurisdiction, "051,lvr,2020", "051,drv-a,2020", "3", "carrier_id"},
    {"CarrierOfOtherLevel", T::kBaJurisdiction, "16063,AA,aa-alt", "16063,AA,rd-alle", "4", "carrier_id"},
    {"Level", T::kBaJurisdiction, "16063,AA", "16063,XX", "4", "level"},
    {"Overlap", T::kEghJurisdiction, "051,lvr,2020-01-01", "051,lvr,2019-12-31", "3", "valid_from"},
    {"OverlapOpen", T::kDrvJurisdiction, "16,drv-a", "05,drv-a", "3", "valid_from"},
    {"OverlapBa", T::kBaJurisdiction, "16,RD", "05,RD", "3", "valid_from"},
    {"Reversed", T::kEghJurisdiction, "2018-01-01,2019-12-31", "2018-01-01,2017-12-31", "2", "valid_to"},
    {"OutlivesCarrier", T::kEghJurisdiction, "2021-12-31", "2022-01-01", "6", "valid_to"},
    {"OutlivesCarrierOpen", T::kEghJurisdiction, "2021-12-31", "", "6", "valid_to"},
    {"BeforeCarrier", T::kBaJurisdiction, "2013-01-01", "2012-12-31", "4", "valid_from"},
    {"RowBasis", T::kIntegrationsamtJurisdiction, "source,law", "law,law", "2", "basis"},
    {"RowSource", T::kIntegrationsamtJurisdiction, "source,law", "source,", "2", "source"},
    // Area numbers.
    {"AreaNumber", T::kDrvAreaNumbers, "13,REG", "1,REG", "2", "area_number"},
    {"AreaNumberTwice", T::kDrvAreaNumbers, "40,Z", "13,Z", "3", "area_number"},
    {"AreaClass", T::kDrvAreaNumbers, "REGIONAL", "LOCAL", "2", "class"},
    {"AreaCarrier", T::kDrvAreaNumbers, "drv-a", "lvr", "2", "carrier_id"},
    {"AreaCarrierNone", T::kDrvAreaNumbers, "REGIONAL,drv-a", "REGIONAL,", "2", "carrier_id"},
    {"ZulageHasCarrier", T::kDrvAreaNumbers, "ZULAGENUMMER,", "ZULAGENUMMER,drv-a", "3", "carrier_id"},
    // Holidays.
    {"HolidayDay", T::kHolidays, "2018-05-31,Fronleichnam,05", "2018-02-30,Fronleichnam,05", "4", "date"},
    {"HolidayName", T::kHolidays, "2017-01-01,Neujahr", "2017-01-01,", "2", "name"},
    {"HolidayLand", T::kHolidays, "05,05,land", "17,17,land", "4", "land"},
    {"HolidayScope", T::kHolidays, "05,05,land", "05,05,town", "4", "scope"},
    {"HolidayPrefixOtherLand", T::kHolidays, "05,05,land", "05,16,land", "4", "scope_prefix"},
    {"HolidayPrefixNation", T::kHolidays, "00,00,land", "00,05,land", "2", "scope_prefix"},
    {"HolidayPrefixUnknown", T::kHolidays, "16063003", "16063004", "7", "scope_prefix"},
    {"HolidayCoverage", T::kHolidays, "partial", "some", "5", "coverage"},
    {"HolidayLandPartial", T::kHolidays, "05,05,land,full", "05,05,land,partial", "4", "coverage"},
    {"HolidayLandPart", T::kHolidays, "16063003,regional", "16063003,land", "7", "scope"},
    {"HolidayTwice", T::kHolidays, "16063003", "16063", "7", "date"},
    {"HolidayYearGone", T::kHolidays, "2017-01-01", "2019-01-01", "", "date"},
};

INSTANTIATE_TEST_SUITE_P(Mutations, BrokenTable, testing::ValuesIn(kBroken),
                         [](const auto& tested) { return tested.param.name; });

TEST(Load, RejectsEmptyTables) {
  for (std::size_t table = 0; table < kDataTableCount; ++table) {
    SmallTexts small;
    small[static_cast<DataTable>(table)].clear();
    const absl::Status status = Reference::Load(small.Texts()).status();
    EXPECT_EQ(GetReason(status), "REFERENCE_INVALID") << FileName(static_cast<DataTable>(table));
    EXPECT_EQ(GetDetails(status)["file"], FileName(static_cast<DataTable>(table)));
  }
}

TEST(Load, RejectsTablesThatNeedARow) {
  for (const T table : {T::kHolidays, T::kMunicipalitySnapshots}) {
    SmallTexts small;
    small[table].erase(small[table].find('\n') + 1);
    const absl::Status status = Reference::Load(small.Texts()).status();
    EXPECT_EQ(GetReason(status), "REFERENCE_INVALID");
    EXPECT_EQ(GetDetails(status)["file"], FileName(table));
  }
}

TEST(Load, ChainOfSuccessorsMayNotTurnBack) {
  // Both days are possible by the snapshots alone; together they would be a circle.
  SmallTexts small;
  small[DataTable::kMunicipalitiesFormer] =
      "ags8,name,kind,ags5,land,first_seen,last_seen\n"
      "16056000,Eisenach,Kreisfreie Stadt,16056,16,2020-12-31,2021-01-25\n"
      "16063028,Altdorf,Gemeinde,16063,16,2020-12-31,2021-01-25\n";
  small[DataTable::kMunicipalityDays] =
      "ags8,valid_from,valid_to,successor,source\n"
      "16056000,,2021-06-30,16063028,act\n"
      "16063028,,2021-06-01,16056000,act\n";
  const absl::Status status = Reference::Load(small.Texts()).status();
  EXPECT_EQ(GetDetails(status)["column"], "successor") << status;
  EXPECT_EQ(GetDetails(status)["row"], "2") << status;
}

struct BrokenManifest {
  std::string name;
  std::string from;
  std::string to;
  std::string row;
  std::string column;
};
class Manifest : public testing::TestWithParam<BrokenManifest> {};

TEST_P(Manifest, IsRejected) {
  SmallTexts small;
  const std::size_t at = small.manifest().find(GetParam().from);
  ASSERT_NE(at, std::string::npos);
  small.manifest().replace(at, GetParam().from.size(), GetParam().to);
  const absl::Status status = Reference::Load(small.Texts()).status();
  EXPECT_EQ(GetReason(status), "REFERENCE_INVALID");
  EXPECT_EQ(GetDetails(status)["file"], "manifest.csv");
  EXPECT_EQ(GetDetails(status)["row"], GetParam().row) << status;
  EXPECT_EQ(GetDetails(status)["column"], GetParam().column) << status;
}

INSTANTIATE_TEST_SUITE_P(
    Mutations, Manifest,
    testing::Values(BrokenManifest{"UnknownFile", "carriers.csv", "carrier.csv", "7", "file"},
                    BrokenManifest{"Twice", "carriers.csv", "districts.csv", "7", "file"},
                    BrokenManifest{"Missing", "carriers.csv,2024-11-30,2018-01-01,2032-12-31,none\n", "", "14", "file"},
                    BrokenManifest{"AsOf", "2024-11-30", "2024-11", "2", "as_of"},
                    BrokenManifest{"NoStart", "2018-01-01", "", "2", "reach_from"},
                    BrokenManifest{"NoEnd", "2032-12-31", "", "2", "reach_to"},
                    BrokenManifest{"Licence", "none", "", "2", "licence"}),
    [](const auto& tested) { return tested.param.name; });

TEST(Versions, DigestFollowsTheBytes) {
  SmallTexts small;
  small.Replace(DataTable::kMunicipalitySnapshots, "2020-12-31,A", "2020-12-31,\"A\"");
  const auto plain = Reference::Load(SmallTexts().Texts());
  const auto quoted = Reference::Load(small.Texts());
  ASSERT_TRUE(plain.ok() && quoted.ok());
  EXPECT_NE(plain->VersionOf(T::kMunicipalitySnapshots).sha256, quoted->VersionOf(T::kMunicipalitySnapshots).sha256);
  EXPECT_EQ(plain->VersionOf(T::kDistricts).sha256, quoted->VersionOf(T::kDistricts).sha256);
  // printf 'day,source\n2020-12-31,A\n2021-01-25,B\n2022-05-15,C\n2024-11-30,D\n' | sha256sum
  EXPECT_EQ(plain->VersionOf(T::kMunicipalitySnapshots).sha256,
            "50da36ad5195a709d8583c2c33b30c7d50df102a5cb3a295e68d016528cea346");
}

TEST(Versions, EveryTableHasOne) {
  for (std::size_t at = 0; at < kDataTableCount; ++at) {
    const TableVersion& version = EmbeddedReference().Versions()[at];
    EXPECT_EQ(version.table, static_cast<DataTable>(at));
    EXPECT_EQ(version.file, FileName(version.table));
    EXPECT_EQ(version.sha256.size(), 64u);
    EXPECT_FALSE(version.licence.empty());
  }
}

struct Reach {
  std::string name;
  DataTable table;
  absl::CivilDay day;
  std::string reason;  // "": within.
};
class ReachTest : public testing::TestWithParam<Reach> {};

TEST_P(ReachTest, SaysWhichSide) {
  const absl::Status status = EmbeddedReference().CheckReach(GetParam().table, GetParam().day, "application_day");
  EXPECT_EQ(GetReason(status), GetParam().reason);
  if (GetParam().reason.empty()) return;
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(GetField(status), "application_day");
  EXPECT_EQ(GetDetails(status)["table"], FileName(GetParam().table));
}

INSTANTIATE_TEST_SUITE_P(
    Bounds, ReachTest,
    testing::Values(Reach{"EghBefore", T::kEghJurisdiction, absl::CivilDay(2017, 12, 31), "BEFORE_DATA"},
                    Reach{"EghFirst", T::kEghJurisdiction, absl::CivilDay(2018, 1, 1), ""},
                    Reach{"EghLast", T::kEghJurisdiction, absl::CivilDay(2032, 12, 31), ""},
                    Reach{"EghAfter", T::kEghJurisdiction, absl::CivilDay(2033, 1, 1), "BEYOND_DATA"},
                    Reach{"HolidaysBefore", T::kHolidays, absl::CivilDay(2016, 12, 31), "BEFORE_DATA"},
                    Reach{"HolidaysFirst", T::kHolidays, absl::CivilDay(2017, 1, 1), ""},
                    Reach{"HolidaysLast", T::kHolidays, absl::CivilDay(2032, 12, 31), ""},
                    Reach{"HolidaysAfter", T::kHolidays, absl::CivilDay(2033, 1, 1), "BEYOND_DATA"}),
    [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace teilhabe::reference
