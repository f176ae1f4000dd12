#include "common/law/parameters.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/day.h"
#include "common/base/reason.h"
#include "common/law/row_name_for_test.h"
#include "gtest/gtest.h"

namespace teilhabe::law {
namespace {

absl::CivilDay Day(const std::string& text) { return ParseDay(text).value(); }

// --- The embedded table ----------------------------------------------------------------------------------------------

struct Row {
  std::string name;
  std::string day;
  std::string region;
  std::int64_t micros;  // -1: no figure.
};
class EmbeddedFigure : public testing::TestWithParam<Row> {};
TEST_P(EmbeddedFigure, IsTheOneOfTheDay) {
  const Row& row = GetParam();
  const auto figure = Parameters::Embedded().Get(row.name, Day(row.day), row.region);
  if (row.micros >= 0) {
    ASSERT_TRUE(figure.ok()) << figure.status();
    EXPECT_EQ(figure->micros, row.micros);
    EXPECT_FALSE(figure->unit.empty());
    EXPECT_FALSE(figure->source.empty());
    return;
  }
  EXPECT_EQ(figure.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(GetReason(figure.status()), "PARAMETER_MISSING");
  EXPECT_EQ(GetField(figure.status()), row.name);
  EXPECT_TRUE(absl::StrContains(figure.status().message(), absl::StrCat(row.name, " (", row.region, ")")));
  EXPECT_TRUE(absl::StrContains(figure.status().message(), row.day)) << figure.status();
}
INSTANTIATE_TEST_SUITE_P(
    BothSidesOfEachChange, EmbeddedFigure,
    testing::Values(
        // § 37 Abs. 2 SGB X: the third day for what was posted to the end of 2024, then the fourth.
        Row{"bekanntgabe_fiction_days", "2024-12-31", "DE", 3'000'000},
        Row{"bekanntgabe_fiction_days", "2025-01-01", "DE", 4'000'000},
        Row{"bekanntgabe_fiction_days", "2017-12-31", "DE", -1},
        // Bezugsgröße: two regions to the end of 2024, then one; 2027 is not known yet and never taken from 2026.
        Row{"bezugsgroesse_monthly", "2024-12-31", "WEST", 3'535'000'000},
        Row{"bezugsgroesse_monthly", "2024-12-31", "OST", 3'465'000'000},
        Row{"bezugsgroesse_monthly", "2024-12-31", "DE", -1}, Row{"bezugsgroesse_monthly", "2025-01-01", "WEST", -1},
        Row{"bezugsgroesse_monthly", "2025-01-01", "DE", 3'745'000'000},
        Row{"bezugsgroesse_monthly", "2026-12-31", "DE", 3'955'000'000},
        Row{"bezugsgroesse_monthly", "2027-01-01", "DE", -1}, Row{"bezugsgroesse_monthly", "2028-01-01", "DE", -1},
        Row{"rv_wartezeit_months", "2018-01-01", "DE", 180'000'000},
        Row{"rv_wartezeit_months", "2032-12-31", "DE", 180'000'000},
        Row{"rv_wartezeit_months", "2025-01-01", "NORD", -1}, Row{"no_such_figure", "2025-01-01", "DE", -1},
        Row{"", "2025-01-01", "DE", -1}),
    [](const auto& tested) {
      return RowName(tested.index, tested.param.name + " " + tested.param.day + " " + tested.param.region);
    });

TEST(EmbeddedParameters, AreTheEmbeddedText) {
  const auto loaded = Parameters::Load(Parameters::EmbeddedText());
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->Get("rv_wartezeit_months", Day("2025-01-01"))->Whole(), 180);
}

// --- Loading ---------------------------------------------------------------------------------------------------------

constexpr char kHeader[] = "parameter,unit,value,region,valid_from,valid_to,source\n";
absl::StatusOr<Parameters> LoadRows(const std::string& rows) { return Parameters::Load(kHeader + rows); }

TEST(Parameters, ReadsFiguresExactly) {
  const auto micros = [](const std::string& text) {
    const auto loaded = LoadRows("p,EUR," + text + ",DE,,,s\n");
    EXPECT_TRUE(loaded.ok()) << loaded.status();
    return loaded.ok() ? loaded->Get("p", Day("2025-01-01"))->micros : -1;
  };
  EXPECT_EQ(micros("0"), 0);
  EXPECT_EQ(micros("180"), 180'000'000);
  EXPECT_EQ(micros("299.00"), 299'000'000);
  EXPECT_EQ(micros("0.000001"), 1);
  EXPECT_EQ(micros("3.4"), 3'400'000);
  EXPECT_EQ(micros("0.1"), 100'000) << "not 0.1000000000000000055";
  EXPECT_EQ(micros("999999999999.999999"), 999'999'999'999'999'999);
}

TEST(Parameters, TellsWholeFiguresFromOthers) {
  const auto loaded = LoadRows("w,m,180,DE,,,s\nf,m,21.5,DE,,,s\n");
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_TRUE(loaded->Get("w", Day("2025-01-01"))->IsWhole());
  EXPECT_EQ(loaded->Get("w", Day("2025-01-01"))->Whole(), 180);
  EXPECT_FALSE(loaded->Get("f", Day("2025-01-01"))->IsWhole());
}

TEST(Parameters, OpenBoundsHoldForEver) {
  const auto loaded = LoadRows("p,m,1,DE,,2019-12-31,s\np,m,2,DE,2020-01-01,,s\n");
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->Get("p", Day("0001-01-01"))->Whole(), 1);
  EXPECT_EQ(loaded->Get("p", Day("2019-12-31"))->Whole(), 1);
  EXPECT_EQ(loaded->Get("p", Day("2020-01-01"))->Whole(), 2);
  EXPECT_EQ(loaded->Get("p", Day("9999-12-31"))->Whole(), 2);
}

TEST(Parameters, AnEmptyValueIsKnownToBeUnknown) {
  const auto loaded = LoadRows("p,m,1,DE,2018-01-01,2018-12-31,s\np,m,,DE,2019-01-01,,s\n");
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_TRUE(loaded->Get("p", Day("2018-12-31")).ok());
  EXPECT_EQ(GetReason(loaded->Get("p", Day("2019-01-01")).status()), "PARAMETER_MISSING");
}

TEST(Parameters, NamesEachDayOfChangeOfOneFigureInOneRegion) {
  const auto loaded = LoadRows(
      "p,m,1,DE,2018-01-01,2018-12-31,s\np,m,2,DE,2020-01-01,,s\np,m,3,OST,2021-01-01,,s\nq,m,4,DE,2022-01-01,,s\n");
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  std::vector<absl::CivilDay> changes = loaded->ChangesOf("p");
  std::sort(changes.begin(), changes.end());
  EXPECT_EQ(changes, std::vector<absl::CivilDay>({Day("2018-01-01"), Day("2019-01-01"), Day("2020-01-01")}));
  EXPECT_EQ(loaded->ChangesOf("p", "OST"), std::vector<absl::CivilDay>({Day("2021-01-01")}));
  EXPECT_TRUE(loaded->ChangesOf("r").empty());
}

struct Broken {
  std::string name;
  std::string csv;
  std::string reason;
  std::string field;
  std::string message;
};
class BrokenParameters : public testing::TestWithParam<Broken> {};
TEST_P(BrokenParameters, AreRejectedByName) {
  const Broken& broken = GetParam();
  const absl::Status status = Parameters::Load(broken.csv).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
  EXPECT_EQ(GetReason(status), broken.reason);
  EXPECT_EQ(GetField(status), broken.field);
  EXPECT_TRUE(absl::StrContains(status.message(), broken.message)) << status;
}
Broken Cell(const std::string& name, const std::string& row, const std::string& message,
            const std::string& field = "p") {
  return {name, kHeader + row + "\n", "PARAMETERS_INVALID", field, message};
}
INSTANTIATE_TEST_SUITE_P(
    Errors, BrokenParameters,
    testing::Values(
        Broken{"NoHeader", "", "CSV_EMPTY", "", "header"},
        Broken{"ColumnMissing", "parameter,unit,value,region,valid_from,source\n", "CSV_COLUMN_MISSING", "valid_to",
               "valid_to"},
        Broken{"CellMissing", std::string(kHeader) + "p,m,1,DE,,s\n", "CSV_MALFORMED", "", "6 cells"},
        Cell("NoName", ",m,1,DE,,,s", "no name", ""), Cell("NoUnit", "p,,1,DE,,,s", "unit and source"),
        Cell("NoSource", "p,m,1,DE,,,", "unit and source"), Cell("NoRegion", "p,m,1,,,,s", "region is"),
        Cell("RegionUnknown", "p,m,1,NORD,,,s", "region is DE, WEST or OST"),
        Cell("Word", "p,m,many,DE,,,s", "'many' is no figure"), Cell("Negative", "p,m,-1,DE,,,s", "is no figure"),
        Cell("NegativeFraction", "p,m,-0.5,DE,,,s", "is no figure"), Cell("Plus", "p,m,+1,DE,,,s", "is no figure"),
        Cell("Comma", "p,m,\"1,5\",DE,,,s", "is no figure"), Cell("TwoPoints", "p,m,1.2.3,DE,,,s", "is no figure"),
        Cell("PointAtEnd", "p,m,1.,DE,,,s", "is no figure"), Cell("PointAtStart", "p,m,.5,DE,,,s", "is no figure"),
        Cell("SignAfterPoint", "p,m,5.+3,DE,,,s", "is no figure"), Cell("Blank", "p,m,5. 3,DE,,,s", "is no figure"),
        Cell("SevenDecimals", "p,m,1.1234567,DE,,,s", "is no figure"),
        Cell("TooLarge", "p,m,1000000000000,DE,,,s", "is no figure"),
        Cell("DayInvalid", "p,m,1,DE,2018-02-30,,s", "2018-02-30"),
        Cell("RangeReversed", "p,m,1,DE,2019-01-01,2018-12-31,s", "lies before"),
        Cell("TwoForOneDay", "p,m,1,DE,,2019-01-01,s\np,m,2,DE,2019-01-01,,s", "two rows hold on the same day"),
        Cell("TwoOpen", "p,m,1,DE,,,s\np,m,,DE,2030-01-01,2030-01-01,s", "two rows hold on the same day")),
    [](const auto& tested) { return tested.param.name; });

TEST(Parameters, OneDayMayHaveOneRowPerRegionAndName) {
  EXPECT_TRUE(LoadRows("p,m,1,WEST,,,s\np,m,2,OST,,,s\nq,m,2,OST,,,s\n").ok());
}

}  // namespace
}  // namespace teilhabe::law
