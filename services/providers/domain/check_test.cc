#include "services/providers/domain/check.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/providers/domain/provider_for_test.h"

namespace teilhabe::providers {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

MemberRoles Roles(std::string_view member) {
  return {.eingliederungshilfe = member == "lwl" || member == "lvr", .ba_drv_uv = member == "rd-nrw"};
}

class CheckTest : public testing::Test {
 protected:
  // Everything that is said, as `rule=verdict`.
  std::vector<std::string> Ask(const Entry& entry, Stage stage, absl::CivilDay day = absl::CivilDay(2025, 6, 1),
                               std::string_view municipality = "05711000") {
    answer_ = Check(&entry, {stage, municipality, day}, Roles);
    std::vector<std::string> said;
    for (const Finding& finding : answer_.findings) {
      constexpr const char* kVerdicts[] = {"no", "yes", "unknown"};
      said.push_back(std::string(finding.rule) + "=" + kVerdicts[static_cast<int>(finding.verdict)]);
      EXPECT_FALSE(finding.text.empty());
      EXPECT_EQ(finding.text.find('{'), std::string::npos) << finding.text;
      EXPECT_FALSE(finding.citation.empty());
    }
    return said;
  }
  const Finding& Found(std::string_view rule) const {
    for (const Finding& finding : answer_.findings) {
      if (finding.rule == rule) return finding;
    }
    ADD_FAILURE() << rule;
    return answer_.findings.at(0);
  }

  Entry wfbm_{SampleWfbm(), {Sample125(), SampleEvBbb()}};
  Entry ala_{SampleAla(), {Sample125()}};
  Answer answer_;
};

TEST_F(CheckTest, AProviderThatIsNotRegisteredIsABreachAndNothingMoreIsSaid) {
  const Answer answer = Check(nullptr, {Stage::kArbeitsbereich, "05711000", absl::CivilDay(2025, 6, 1)}, Roles);
  ASSERT_EQ(answer.findings.size(), 1u);
  EXPECT_EQ(answer.findings[0].verdict, law::Truth::kNo);
  EXPECT_EQ(answer.findings[0].force, law::Force::kMust);
  EXPECT_THAT(answer.breaches, ElementsAre("registered"));
}

TEST_F(CheckTest, N_11_EachStageRestsOnItsKindOfVereinbarung) {
  EXPECT_THAT(Ask(wfbm_, Stage::kArbeitsbereich), ElementsAre("registered=yes", "wfbm_offers_stage=yes",
                                                              "vereinbarung_sgb9_125=yes", "wfbm_must_admit=yes"));
  EXPECT_EQ(answer_.vereinbarung->id, "ab-2025");
  EXPECT_THAT(answer_.breaches, IsEmpty());
  for (const Stage stage : {Stage::kEingangsverfahren, Stage::kBerufsbildungsbereich}) {
    EXPECT_THAT(Ask(wfbm_, stage), ElementsAre("registered=yes", "wfbm_offers_stage=yes",
                                               "vereinbarung_reha_ev_bbb=yes", "wfbm_must_admit=yes"));
    EXPECT_EQ(answer_.vereinbarung->id, "bbb-2025");
    EXPECT_EQ(answer_.vereinbarung->basismodul, "2024-1");
  }
}

TEST_F(CheckTest, T_51_WithoutAVereinbarungUnder125TheArbeitsbereichIsABreach) {
  wfbm_.vereinbarungen = {SampleEvBbb()};
  Ask(wfbm_, Stage::kArbeitsbereich);
  EXPECT_THAT(answer_.breaches, ElementsAre("vereinbarung_sgb9_125"));
  EXPECT_EQ(answer_.vereinbarung, nullptr);
  EXPECT_THAT(std::string(Found("vereinbarung_sgb9_125").citation), HasSubstr("§ 125"));
  EXPECT_THAT(Found("vereinbarung_sgb9_125").text, HasSubstr("01.06.2025"));
}

TEST_F(CheckTest, T_51_AVereinbarungIsInForceFromItsFirstToItsLastDay) {
  for (const auto& [day, good] : {std::pair(absl::CivilDay(2024, 12, 31), false),
                                  {absl::CivilDay(2025, 1, 1), true},
                                  {absl::CivilDay(2025, 12, 31), true},
                                  {absl::CivilDay(2026, 1, 1), false}}) {
    Ask(wfbm_, Stage::kArbeitsbereich, day);
    EXPECT_EQ(answer_.vereinbarung != nullptr, good) << day;
    EXPECT_EQ(answer_.breaches.empty(), good) << day;
  }
  Ask(wfbm_, Stage::kBerufsbildungsbereich, absl::CivilDay(2199, 1, 1));
  EXPECT_THAT(answer_.breaches, IsEmpty()) << "without a last day it is open";
}

TEST_F(CheckTest, T_51_AVereinbarungOfAnotherStageOrOfTheWrongTraegerDoesNotCount) {
  wfbm_.vereinbarungen = {SampleEvBbb()};
  wfbm_.vereinbarungen[0].stages = {Stage::kEingangsverfahren};
  Ask(wfbm_, Stage::kBerufsbildungsbereich);
  EXPECT_THAT(answer_.breaches, ElementsAre("vereinbarung_reha_ev_bbb"));
  for (const char* traeger : {"rd-nrw", "wfbm-teutoburg", "nobody"}) {
    wfbm_.vereinbarungen = {Sample125()};
    wfbm_.vereinbarungen[0].contracting_traeger = traeger;
    Ask(wfbm_, Stage::kArbeitsbereich);
    EXPECT_THAT(answer_.breaches, ElementsAre("vereinbarung_sgb9_125")) << traeger;
  }
  wfbm_.vereinbarungen = {SampleEvBbb()};
  wfbm_.vereinbarungen[0].contracting_traeger = "lwl";
  Ask(wfbm_, Stage::kBerufsbildungsbereich);
  EXPECT_THAT(answer_.breaches, ElementsAre("vereinbarung_reha_ev_bbb"));
}

TEST_F(CheckTest, OfSeveralInForceTheOneThatBeganLastCounts) {
  Vereinbarung newer = Sample125("z");
  newer.valid.from = absl::CivilDay(2025, 5, 1);
  Vereinbarung same = Sample125("zz");
  same.valid.from = newer.valid.from;
  wfbm_.vereinbarungen = {Sample125("a"), newer, same};
  Ask(wfbm_, Stage::kArbeitsbereich);
  EXPECT_EQ(answer_.vereinbarung->id, "z");
  Ask(wfbm_, Stage::kArbeitsbereich, absl::CivilDay(2025, 4, 30));
  EXPECT_EQ(answer_.vereinbarung->id, "a");
}

TEST_F(CheckTest, T_03_AnAlaMayOfferParts) {
  EXPECT_THAT(Ask(ala_, Stage::kArbeitsbereich), ElementsAre("registered=yes", "ala_offers_stage=yes",
                                                             "vereinbarung_sgb9_125=yes", "ala_no_duty_to_admit=no"));
  EXPECT_THAT(answer_.breaches, IsEmpty());
  Ask(ala_, Stage::kEingangsverfahren);
  EXPECT_THAT(answer_.breaches, ElementsAre("ala_offers_stage", "vereinbarung_reha_ev_bbb"));
  EXPECT_EQ(Found("ala_offers_stage").citation, "§ 60 Abs. 2 Nr. 3 SGB IX");
}

TEST_F(CheckTest, T_01_AnAlaNeedsNoRecognition) {
  for (const std::string& said : Ask(ala_, Stage::kArbeitsbereich)) EXPECT_EQ(said.find("recogni"), std::string::npos);
}

TEST_F(CheckTest, T_50_AnAlaHasNeitherCatchmentAreaNorDuty) {
  for (const char* place : {"05711000", "16056000", ""}) {
    Ask(ala_, Stage::kArbeitsbereich, absl::CivilDay(2025, 6, 1), place);
    EXPECT_FALSE(answer_.in_catchment);
    EXPECT_EQ(Found("ala_no_duty_to_admit").force, law::Force::kKann);
    EXPECT_THAT(answer_.breaches, IsEmpty());
  }
}

struct Place {
  const char* municipality;
  const char* rule;
  law::Truth verdict;
  law::Force force;
  bool in;
};
class Catchment : public CheckTest, public testing::WithParamInterface<Place> {};
TEST_P(Catchment, N_16_AWfbmMustAdmitInItsCatchmentArea) {
  const Place& place = GetParam();
  Ask(wfbm_, Stage::kArbeitsbereich, absl::CivilDay(2025, 6, 1), place.municipality);
  EXPECT_EQ(answer_.in_catchment, place.in);
  EXPECT_EQ(Found(place.rule).verdict, place.verdict);
  EXPECT_EQ(Found(place.rule).force, place.force);
  EXPECT_EQ(Found(place.rule).citation, "§ 220 Abs. 1 SGB IX");
  EXPECT_THAT(answer_.breaches, IsEmpty()) << "where somebody lives breaks nothing";
}
INSTANTIATE_TEST_SUITE_P(
    Places, Catchment,
    testing::Values(Place{"05711000", "wfbm_must_admit", law::Truth::kYes, law::Force::kMust, true},
                    Place{"05754008", "wfbm_must_admit", law::Truth::kYes, law::Force::kMust, true},
                    Place{"05755004", "wfbm_outside_catchment", law::Truth::kNo, law::Force::kSoll, false},
                    Place{"", "wfbm_must_admit", law::Truth::kUnknown, law::Force::kMust, false}),
    [](const auto& tested) { return "At" + std::string(tested.param.municipality); });

TEST_F(CheckTest, N_16_AWfbmOfUnknownCatchmentIsNotSaidToBeFree) {
  wfbm_.provider.catchment.clear();
  Ask(wfbm_, Stage::kArbeitsbereich);
  EXPECT_EQ(Found("wfbm_must_admit").verdict, law::Truth::kUnknown);
}

}  // namespace
}  // namespace teilhabe::providers
