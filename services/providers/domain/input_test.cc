#include "services/providers/domain/input.h"

#include <functional>

#include "common/base/reason.h"
#include "gtest/gtest.h"
#include "services/providers/domain/provider_for_test.h"

namespace teilhabe::providers {
namespace {

TEST(ProviderInput, TheSamplesAreGood) {
  EXPECT_TRUE(CheckInput(SampleWfbm()).ok());
  EXPECT_TRUE(CheckInput(SampleAla()).ok());
  EXPECT_TRUE(CheckInput(Sample125()).ok());
  EXPECT_TRUE(CheckInput(SampleEvBbb()).ok());
}

struct BadProvider {
  const char* name;
  const char* field;
  std::function<void(Provider&)> change;
  Provider from = SampleWfbm();
};
class ProviderMalformed : public testing::TestWithParam<BadProvider> {};
TEST_P(ProviderMalformed, IsRejectedWithItsField) {
  Provider provider = GetParam().from;
  GetParam().change(provider);
  const absl::Status status = CheckInput(provider);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(GetReason(status), "PROVIDER_MALFORMED");
  EXPECT_EQ(GetField(status), GetParam().field);
}
INSTANTIATE_TEST_SUITE_P(
    Inputs, ProviderMalformed,
    testing::Values(
        BadProvider{"NoId", "provider.id", [](Provider& p) { p.id = ""; }},
        BadProvider{"IdWithSpace", "provider.id", [](Provider& p) { p.id = "wfbm x"; }},
        BadProvider{"IdEndsWithDot", "provider.id", [](Provider& p) { p.id = "wfbm."; }},
        BadProvider{"IdLong", "provider.id", [](Provider& p) { p.id = std::string(65, 'a'); }},
        BadProvider{"NameBlank", "provider.name", [](Provider& p) { p.name = "  "; }},
        BadProvider{"NameWithControls", "provider.name", [](Provider& p) { p.name = "a\x1b[2J"; }},
        BadProvider{"NameLong", "provider.name", [](Provider& p) { p.name = std::string(201, 'a'); }},
        BadProvider{"NoStage", "provider.stages", [](Provider& p) { p.stages.clear(); }},
        BadProvider{"WfbmWithoutCatchment", "provider.catchment", [](Provider& p) { p.catchment.clear(); }},
        BadProvider{"CatchmentOfSixDigits", "provider.catchment", [](Provider& p) { p.catchment = {"057110"}; }},
        BadProvider{"CatchmentEverywhere", "provider.catchment", [](Provider& p) { p.catchment = {""}; }},
        BadProvider{"CatchmentOfLetters", "provider.catchment", [](Provider& p) { p.catchment = {"NW"}; }},
        BadProvider{"CatchmentTwice", "provider.catchment",
                    [](Provider& p) {
                      p.catchment = {"05", "05"};
                    }},
        BadProvider{"CatchmentHuge", "provider.catchment", [](Provider& p) { p.catchment.assign(501, "05"); }},
        BadProvider{"T_50_AlaWithCatchment", "provider.catchment", [](Provider& p) { p.catchment = {"05"}; },
                    SampleAla()},
        BadProvider{"NoSeat", "provider.seat", [](Provider& p) { p.seat = ""; }},
        BadProvider{"SeatOfADistrict", "provider.seat", [](Provider& p) { p.seat = "05711"; }}),
    [](const auto& tested) { return tested.param.name; });

struct BadVereinbarung {
  const char* name;
  const char* field;
  std::function<void(Vereinbarung&)> change;
  Vereinbarung from = SampleEvBbb();
};
class VereinbarungMalformed : public testing::TestWithParam<BadVereinbarung> {};
TEST_P(VereinbarungMalformed, IsRejectedWithItsField) {
  Vereinbarung vereinbarung = GetParam().from;
  GetParam().change(vereinbarung);
  const absl::Status status = CheckInput(vereinbarung);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(GetReason(status), "VEREINBARUNG_MALFORMED");
  EXPECT_EQ(GetField(status), GetParam().field);
}
INSTANTIATE_TEST_SUITE_P(
    Inputs, VereinbarungMalformed,
    testing::Values(BadVereinbarung{"NoId", "vereinbarung.id", [](Vereinbarung& v) { v.id = ""; }},
                    BadVereinbarung{"NoTraeger", "vereinbarung.contracting_traeger",
                                    [](Vereinbarung& v) { v.contracting_traeger = ""; }},
                    BadVereinbarung{"NoStage", "vereinbarung.stages", [](Vereinbarung& v) { v.stages.clear(); }},
                    BadVereinbarung{"ArbeitsbereichUnderRehaEvBbb", "vereinbarung.stages",
                                    [](Vereinbarung& v) { v.stages.insert(Stage::kArbeitsbereich); }},
                    BadVereinbarung{"BerufsbildungUnder125", "vereinbarung.stages",
                                    [](Vereinbarung& v) { v.stages = {Stage::kBerufsbildungsbereich}; }, Sample125()},
                    BadVereinbarung{"NoFirstDay", "vereinbarung.from_day",
                                    [](Vereinbarung& v) { v.valid.from.reset(); }},
                    BadVereinbarung{"EndsBeforeItBegins", "vereinbarung.to_day",
                                    [](Vereinbarung& v) { v.valid.to = *v.valid.from - 1; }},
                    BadVereinbarung{"BasismodulWithControls", "vereinbarung.basismodul",
                                    [](Vereinbarung& v) { v.basismodul = "1\n2"; }},
                    BadVereinbarung{"N_12_BasismodulUnder125", "vereinbarung.basismodul",
                                    [](Vereinbarung& v) { v.basismodul = "2024-1"; }, Sample125()}),
    [](const auto& tested) { return tested.param.name; });

TEST(VereinbarungInput, OneDayIsEnough) {
  Vereinbarung one = Sample125();
  one.valid.to = one.valid.from;
  EXPECT_TRUE(CheckInput(one).ok());
}

}  // namespace
}  // namespace teilhabe::providers
