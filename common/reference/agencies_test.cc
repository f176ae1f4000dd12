#include "common/reference/agencies.h"

#include <string>

#include "common/base/reason.h"
#include "common/reference/reference.h"
#include "common/reference/small_texts_for_test.h"
#include "gtest/gtest.h"

namespace teilhabe::reference {
namespace {

const Reference& Data() { return EmbeddedReference(); }

PlaceIndex PlaceOf(const Reference& data, std::string_view ags8) { return data.place_table().Lookup(ags8).value(); }

TEST(Agencies, HoldsWhatTheRowSays) {
  const auto lvr = Data().FindAgency("lvr");
  ASSERT_TRUE(lvr.ok()) << lvr.status();
  const Agency& agency = Data().agency(*lvr);
  EXPECT_EQ(agency.id, "lvr");
  EXPECT_EQ(agency.kind, AgencyKind::kEghUeberoertlich);
  EXPECT_EQ(agency.lands, std::vector<Land>{Land::kNordrheinWestfalen});
  EXPECT_EQ(agency.seat, "Köln");
  EXPECT_EQ(Data().place(*agency.office).ags8, "05315000");
  EXPECT_EQ(AgencyKindName(agency.kind), "EGH_UEBEROERTLICH");
  const Agency& amt = Data().agency(*Data().FindAgency("lvr-inklusionsamt"));
  EXPECT_EQ(amt.part_of, *lvr);
  EXPECT_TRUE(Data().agency(*Data().FindAgency("drv-bund")).lands.empty());
  EXPECT_EQ(BasisName(Basis::kDomainKnowledge), "domain-knowledge");
}

TEST(Agencies, EveryIdIsFound) {
  EXPECT_EQ(Data().agencies().size(), 211u);
  for (const Agency& agency : Data().agencies()) EXPECT_EQ(&Data().agency(*Data().FindAgency(agency.id)), &agency);
}

TEST(Agencies, UnknownIdIsAnError) {
  for (const std::string_view id : {"", "LVR", "lvr ", "egh-99999"}) {
    const absl::Status status = Data().FindAgency(id, "holder").status();
    EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
    EXPECT_EQ(GetReason(status), "AGENCY_UNKNOWN");
    EXPECT_EQ(GetField(status), "holder");
  }
}

// An agency, a place, a day: who stands in its place ("": nobody), by a succession or as itself.
struct Step {
  std::string name;
  std::string agency;
  std::string ags8;
  absl::CivilDay day;
  std::string on;
  std::string successor;
};
class Successions : public testing::TestWithParam<Step> {};

TEST_P(Successions, FollowTheTable) {
  const Step& step = GetParam();
  const AgencyIndex agency = Data().FindAgency(step.agency).value();
  const PlaceIndex place = PlaceOf(Data(), step.ags8);
  const auto on = Data().AgencyOn(agency, place, step.day);
  const auto successor = Data().Successor(agency, place, step.day);
  EXPECT_EQ(on ? Data().agency(on->agency).id : "", step.on);
  EXPECT_EQ(successor ? Data().agency(successor->agency).id : "", step.successor);
  EXPECT_EQ(on && on->row != 0, successor.has_value());
}

INSTANTIATE_TEST_SUITE_P(
    Bounds, Successions,
    testing::Values(
        Step{"EisenachBefore", "egh-16056", "16063105", absl::CivilDay(2021, 12, 31), "egh-16056", ""},
        Step{"EisenachAfter", "egh-16056", "16063105", absl::CivilDay(2022, 1, 1), "egh-16063", "egh-16063"},
        Step{"EisenachByTheOldKey", "egh-16056", "16056000", absl::CivilDay(2022, 1, 1), "egh-16063", "egh-16063"},
        Step{"EisenachForAnotherPlace", "egh-16056", "16051000", absl::CivilDay(2022, 1, 1), "", ""},
        Step{"DetmoldBefore", "aa-detmold", "05766020", absl::CivilDay(2025, 12, 31), "aa-detmold", ""},
        Step{"DetmoldAfter", "aa-detmold", "05766020", absl::CivilDay(2026, 1, 1), "aa-detmold-paderborn",
             "aa-detmold-paderborn"},
        Step{"DetmoldPaderbornNotYet", "aa-detmold-paderborn", "05766020", absl::CivilDay(2025, 12, 31), "", ""},
        Step{"GothaSplitGotha", "aa-gotha", "16067029", absl::CivilDay(2023, 1, 1), "aa-thueringen-mitte",
             "aa-thueringen-mitte"},
        Step{"GothaSplitUnstrutHainich", "aa-gotha", "16064046", absl::CivilDay(2023, 1, 1), "aa-thueringen-nord",
             "aa-thueringen-nord"},
        Step{"GothaBefore", "aa-gotha", "16064046", absl::CivilDay(2022, 12, 31), "aa-gotha", ""},
        Step{"SuhlByTheOldKeyOfEisenach", "aa-suhl", "16056000", absl::CivilDay(2023, 1, 1), "aa-thueringen-suedwest",
             "aa-thueringen-suedwest"},
        Step{"LivingHasNone", "lwl", "05711000", absl::CivilDay(2030, 1, 1), "lwl", ""}),
    [](const auto& tested) { return tested.param.name; });

TEST(SuccessionsOf, NamesWhoTakesOverByWhichAct) {
  const Reference& data = Data();
  const auto eisenach = data.SuccessionsOf(*data.FindAgency("egh-16056"));
  ASSERT_EQ(eisenach.size(), 1U);
  EXPECT_EQ(data.agency(eisenach[0].successor).id, "egh-16063");
  EXPECT_TRUE(eisenach[0].act.starts_with("Thüringer Gesetz zur freiwilligen Neugliederung")) << eisenach[0].act;
  EXPECT_TRUE(data.SuccessionsOf(*data.FindAgency("lwl")).empty());
}

TEST(SuccessionChain, GoesOverAllSteps) {
  const auto data = Reference::Load(SmallTexts().Texts());
  ASSERT_TRUE(data.ok()) << data.status();
  const AgencyIndex old = data->FindAgency("aa-alt").value();
  const auto id = [&](std::string_view ags8, absl::CivilDay day) {
    const auto hit = data->AgencyOn(old, PlaceOf(*data, ags8), day);
    return hit ? data->agency(hit->agency).id + " row " + std::to_string(hit->row) : "";
  };
  EXPECT_EQ(id("16063105", absl::CivilDay(2022, 12, 31)), "aa-alt row 0");
  EXPECT_EQ(id("16063105", absl::CivilDay(2023, 1, 1)), "aa-ost row 3");
  EXPECT_EQ(id("16063105", absl::CivilDay(2025, 12, 31)), "aa-ost row 3");
  EXPECT_EQ(id("16063105", absl::CivilDay(2026, 1, 1)), "aa-neu row 5");
  EXPECT_EQ(id("16056000", absl::CivilDay(2026, 1, 1)), "aa-neu row 5");
  EXPECT_EQ(id("16063119", absl::CivilDay(2026, 1, 1)), "aa-west row 4");
  EXPECT_EQ(id("05111000", absl::CivilDay(2026, 1, 1)), "");
}

TEST(SuccessionChain, EveryEndedAgencyHasSomebodyForItsPlaces) {
  // The day before it ended its places resolve to it; from the next day on each has a successor that the
  // jurisdictions name too.
  int asked = 0;
  for (std::size_t at = 0; at < Data().agencies().size(); ++at) {
    const Agency& agency = Data().agencies()[at];
    if (!agency.valid.to) continue;
    const absl::CivilDay last = *agency.valid.to;
    for (std::size_t place = 0; place < Data().places().size(); ++place) {
      const auto index = static_cast<PlaceIndex>(place);
      for (const Jurisdiction table : {Jurisdiction::kEgh, Jurisdiction::kBaAgency}) {
        const auto before = Data().Resolve(table, index, last);
        if (!before || before->agency != static_cast<AgencyIndex>(at)) continue;
        const auto after = Data().Resolve(table, index, last + 1);
        const auto successor = Data().Successor(before->agency, index, last + 1);
        ASSERT_TRUE(after && successor) << agency.id << " " << Data().places()[place].ags8;
        EXPECT_EQ(successor->agency, after->agency) << agency.id << " " << Data().places()[place].ags8;
        ++asked;
      }
    }
  }
  EXPECT_GT(asked, 600);
}

TEST(AreaNumbers, GiveClassAndCarrier) {
  const auto westfalen = Data().FindAreaNumber("11");
  ASSERT_TRUE(westfalen.ok()) << westfalen.status();
  EXPECT_EQ(westfalen->area_class, AreaClass::kRegional);
  EXPECT_EQ(Data().agency(*westfalen->agency).id, "drv-westfalen");
  EXPECT_EQ(westfalen->region, "Westfalen");
  const auto bund = Data().FindAreaNumber("51");
  EXPECT_EQ(bund->area_class, AreaClass::kBund);
  EXPECT_EQ(Data().agency(*bund->agency).id, "drv-bund");
  EXPECT_EQ(Data().FindAreaNumber("80")->area_class, AreaClass::kKbs);
  EXPECT_EQ(Data().FindAreaNumber("40")->area_class, AreaClass::kZulagenummer);
  EXPECT_FALSE(Data().FindAreaNumber("40")->agency.has_value());
}

TEST(AreaNumbers, BundIsFortyMore) {
  int known = 0;
  for (int number = 0; number < 100; ++number) {
    const std::string text = {static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)};
    const auto found = Data().FindAreaNumber(text);
    if (!found.ok()) {
      EXPECT_EQ(GetReason(found.status()), "AREA_NUMBER_UNKNOWN") << text;
      continue;
    }
    ++known;
    if (found->area_class != AreaClass::kRegional) continue;
    const std::string bund = {static_cast<char>(text[0] + 4), text[1]};
    EXPECT_EQ(Data().FindAreaNumber(bund)->area_class, AreaClass::kBund) << bund;
    EXPECT_EQ(Data().FindAreaNumber(bund)->region, found->region) << bund;
  }
  EXPECT_EQ(known, 53);
}

TEST(AreaNumbers, RejectsOthers) {
  for (const std::string_view text : {"", "1", "111", "1a", " 1", "-1"}) {
    EXPECT_EQ(GetReason(Data().FindAreaNumber(text).status()), "AREA_NUMBER_MALFORMED") << text;
  }
  EXPECT_EQ(GetField(Data().FindAreaNumber("00", "versicherungsnummer").status()), "versicherungsnummer");
}

}  // namespace
}  // namespace teilhabe::reference
