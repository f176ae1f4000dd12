#include "services/carriers/domain/competence.h"

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "common/base/csv.h"
#include "common/base/day.h"
#include "gtest/gtest.h"
#include "services/carriers/domain/question_for_test.h"

namespace teilhabe::carriers {
namespace {

// The golden rows of the second reading of the law, see tests/oracle.
TEST(Competence, C_05_AgreesWithTheGoldenRows) {
  std::ifstream file("tests/oracle/golden.csv");
  std::stringstream text;
  text << file.rdbuf();
  const auto table = CsvTable::Parse(text.str());
  ASSERT_TRUE(table.ok()) << table.status();
  ASSERT_GT(table->rows().size(), 150u);
  const QuestionReader reader(table->header());
  for (const auto& cells : table->rows()) {
    SCOPED_TRACE(reader.Cell(cells, "name"));
    const auto answer = CompetenceRules::Embedded().Determine(reader.Read(cells));
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(OutcomeName(*answer), reader.Cell(cells, "outcome"));
    EXPECT_EQ(KindCell(*answer), reader.Cell(cells, "kind"));
    EXPECT_EQ(AgencyId(answer->body.agency), reader.Cell(cells, "agency"));
    EXPECT_EQ(AgencyId(answer->body.office), reader.Cell(cells, "office"));
  }
}

struct Row {
  std::string name;
  Stage stage;
  std::string day;
  std::string facts;
  std::string want;
  std::string municipality = "05315000";  // Köln.
};
class Section63 : public testing::TestWithParam<Row> {};
TEST_P(Section63, Decides) {
  const Row& row = GetParam();
  const Question question = Ask(row.municipality, row.stage, row.day, row.facts);
  EXPECT_EQ(Summary(CompetenceRules::Embedded().Determine(question)), row.want);
  // The order is the same at an anderer Leistungsanbieter. Source: § 63 Abs. 3 SGB IX.
  Question elsewhere = question;
  elsewhere.provider = ProviderType::kAla;
  EXPECT_EQ(Summary(CompetenceRules::Embedded().Determine(elsewhere)), row.want);
}

std::string NameOf(const testing::TestParamInfo<Row>& tested) { return tested.param.name; }

// --- List I: Eingangsverfahren, Berufsbildungsbereich (law.md 1.2, 1.3 A) --------------------------------------------

// Whoever has these is insured with the RV by every route.
constexpr char kAllRoutes[] =
    "rv_personal=yes insured_months=400 em_pension=yes em_pension_imminent=yes labour_market_prognosis=yes "
    "survivor_pension=yes rv_exclusion=none drv_account=drv-bund ";
// Whoever has these has no route, but an account and no exclusion; a row adds its one route.
std::string NoRouteBut(const std::string& fact) {
  std::string facts = "cause=none rv_personal=yes rv_exclusion=none drv_account=drv-westfalen " + fact;
  for (const std::string other : {"insured_months=0", "em_pension=no", "em_pension_imminent=no",
                                  "labour_market_prognosis=no", "survivor_pension=no"}) {
    const std::string name = other.substr(0, other.find('=') + 1);
    if (facts.find(" " + name) == std::string::npos) facts += " " + other;
  }
  return facts;
}
std::string AllRoutesBut(const std::string& fact) {
  const std::string name = fact.substr(0, fact.find('=') + 1);
  const std::string facts = "cause=none " + fact + " ";
  std::string all = kAllRoutes;
  const std::size_t at = all.find(name);
  return facts + all.erase(at, all.find(' ', at) - at);
}
const std::string kRouted = "cause=none " + std::string(kAllRoutes);

constexpr char kUv[] = "DETERMINED ACCIDENT_INSURANCE bgw";
constexpr char kRv[] = "DETERMINED PENSION_INSURANCE drv-bund";
constexpr char kRvWestfalen[] = "DETERMINED PENSION_INSURANCE drv-westfalen";
constexpr char kBaKoeln[] = "DETERMINED EMPLOYMENT_AGENCY rd-nrw/aa-koeln";
constexpr char kSeveral[] = "UNDETERMINED ? HUMAN_DECISION:SEVERAL_CAUSES";
constexpr char kKof[] = "UNDETERMINED WAR_VICTIMS_WELFARE NO_AGENCY_DATA";
constexpr char kSe[] = "UNDETERMINED SOCIAL_COMPENSATION NO_AGENCY_DATA";
constexpr char kSeg[] = "UNDETERMINED SOLDIERS_COMPENSATION NO_AGENCY_DATA";
constexpr char kBvg[] = "UNDETERMINED ? BRANCH_NOT_BUILT:BVG_TRANSITION";
constexpr char kLate[] = "UNDETERMINED ? BRANCH_NOT_BUILT:SE_APPLICATION_AFTER_SERVICE";
constexpr char kOldDamage[] = "UNDETERMINED ? BRANCH_NOT_BUILT:SERVICE_DAMAGE_BEFORE_2025";
constexpr char kNoApplicationDay[] = "UNDETERMINED ? FACTS_MISSING(application_day)";

const std::vector<Row> kListI = {
    {"C_05_A1_AccidentEv", kEv, "2025-03-10", "cause=work_accident accident_insurer=bgw", kUv},
    {"C_05_A1_AccidentBbb", kBbb, "2018-01-01", "cause=work_accident accident_insurer=bgw", kUv},
    {"C_05_A1_AccidentBeforeRv", kBbb, "2025-03-10",
     std::string(kAllRoutes) + "cause=work_accident accident_insurer=bgw", kUv},
    {"C_05_A1_InsurerUnknown", kBbb, "2025-03-10", "cause=work_accident",
     "UNDETERMINED ACCIDENT_INSURANCE FACTS_MISSING(accident_insurer)"},
    {"C_05_A2_KofFirstDay", kEv, "2018-01-01", "cause=recognised_damage", kKof},
    {"C_05_A2_KofLastDay", kEv, "2023-12-31", "cause=recognised_damage application_day=2023-12-31", kKof},
    {"C_05_A2_KofApplicationDayUnknown", kEv, "2023-12-31", "cause=recognised_damage", kKof},
    {"C_05_A2_KofBeforeRv", kBbb, "2019-12-31",
     std::string(kAllRoutes) + "cause=recognised_damage application_day=2019-12-01", kKof},
    {"C_05_A2_AppliedIn2024AfterTheService", kEv, "2023-12-31", "cause=recognised_damage application_day=2024-01-01",
     kLate},
    {"C_05_A2_SeFirstDay", kEv, "2024-01-01", "cause=recognised_damage application_day=2024-01-01", kSe},
    {"C_05_A2_SeBeforeRv", kBbb, "2026-01-01",
     std::string(kAllRoutes) + "cause=recognised_damage application_day=2025-12-01", kSe},
    {"C_05_A2_AppliedUnderTheBvg", kEv, "2024-01-01", "cause=recognised_damage application_day=2023-12-31", kBvg},
    {"C_05_A2_SeApplicationDayUnknown", kEv, "2024-01-01", "cause=recognised_damage", kNoApplicationDay},
    {"C_05_A2_NoOtherFactMatters", kBbb, "2025-03-10", std::string(kAllRoutes) + "cause=recognised_damage",
     kNoApplicationDay},
    {"C_05_A3_SegFirstDay", kEv, "2025-01-01", "cause=service_damage", kSeg},
    {"C_05_A3_SegBeforeRv", kBbb, "2025-01-01", std::string(kAllRoutes) + "cause=service_damage", kSeg},
    {"C_05_A3_ServiceDamageLastDayBefore", kEv, "2024-12-31", "cause=service_damage", kOldDamage},
    {"C_05_A3_ServiceDamage2018", kBbb, "2018-01-01", "cause=service_damage", kOldDamage},
    {"C_05_A1_A2_TwoCauses", kBbb, "2025-03-10", "cause=work_accident+recognised_damage application_day=2025-01-02",
     kSeveral},
    {"C_05_A1_A3_TwoCauses", kEv, "2024-12-31", "cause=work_accident+service_damage", kSeveral},
    {"C_05_A2_A3_TwoCauses", kBbb, "2018-01-01", "cause=recognised_damage+service_damage", kSeveral},
    {"C_05_A1_A2_A3_AllCauses", kBbb, "2026-01-01", "cause=work_accident+recognised_damage+service_damage", kSeveral},
    {"C_05_A4_AllRoutesEv", kEv, "2018-01-01", kRouted, kRv},
    {"C_05_A4_AllRoutesBbb", kBbb, "2025-03-10", kRouted, kRv},
    {"C_05_A4_Wartezeit180Months", kBbb, "2025-03-10", NoRouteBut("insured_months=180"), kRvWestfalen},
    {"C_05_A4_Wartezeit179Months", kBbb, "2025-03-10", NoRouteBut("insured_months=179"), kBaKoeln},
    {"C_05_A4_PensionDrawn", kBbb, "2025-03-10", NoRouteBut("em_pension=yes"), kRvWestfalen},
    {"C_05_A4_PensionImminentWithPrognosis", kBbb, "2025-03-10",
     NoRouteBut("em_pension_imminent=yes labour_market_prognosis=yes"), kRvWestfalen},
    {"C_05_A4_PensionImminentWithoutPrognosis", kBbb, "2025-03-10", NoRouteBut("em_pension_imminent=yes"), kBaKoeln},
    {"C_05_A4_PrognosisAlone", kBbb, "2025-03-10", NoRouteBut("labour_market_prognosis=yes"), kBaKoeln},
    {"C_05_A4_SurvivorPension", kEv, "2025-03-10", NoRouteBut("survivor_pension=yes"), kRvWestfalen},
    {"C_05_A4_PersonalConditionsFail", kBbb, "2025-03-10", AllRoutesBut("rv_personal=no"), kBaKoeln},
    {"C_05_A4_OldAgePension", kBbb, "2025-03-10", AllRoutesBut("rv_exclusion=old_age_pension"), kBaKoeln},
    {"C_05_A4_PublicServiceProvision", kBbb, "2025-03-10", AllRoutesBut("rv_exclusion=public_service_provision"),
     kBaKoeln},
    {"C_05_A4_BenefitUntilOldAge", kBbb, "2025-03-10", AllRoutesBut("rv_exclusion=benefit_until_old_age"), kBaKoeln},
    {"C_05_A4_Custody", kBbb, "2025-03-10", AllRoutesBut("rv_exclusion=custody"), kBaKoeln},
    {"C_05_A4_TwoExclusions", kBbb, "2025-03-10", AllRoutesBut("rv_exclusion=custody+old_age_pension"), kBaKoeln},
    {"C_05_A4_ExclusionUnknown", kBbb, "2025-03-10",
     "cause=none rv_personal=yes insured_months=180 drv_account=drv-bund",
     "UNDETERMINED ? FACTS_MISSING(rv_exclusion)"},
    {"C_05_A4_PrognosisUnknown", kBbb, "2025-03-10",
     "cause=none rv_personal=yes rv_exclusion=none insured_months=0 em_pension=no em_pension_imminent=yes "
     "survivor_pension=no drv_account=drv-bund",
     "UNDETERMINED ? FACTS_MISSING(labour_market_prognosis)"},
    {"C_05_A4_ExclusionDecidesAlone", kBbb, "2025-03-10", "cause=none rv_exclusion=custody", kBaKoeln},
    {"C_05_A4_route_Account", kBbb, "2025-03-10", AllRoutesBut("drv_account=drv-nord") + " area_number=11",
     "DETERMINED PENSION_INSURANCE drv-nord"},
    {"C_05_A4_route_AreaNumber", kBbb, "2025-03-10",
     "cause=none rv_personal=yes insured_months=180 rv_exclusion=none area_number=11", kRvWestfalen},
    {"C_05_A4_route_NoNumber", kBbb, "2025-03-10",
     "cause=none rv_personal=yes insured_months=0 survivor_pension=yes rv_exclusion=none area_number=none", kRv},
    {"C_05_A4_route_Unknown", kBbb, "2025-03-10", "cause=none rv_personal=yes insured_months=180 rv_exclusion=none",
     "UNDETERMINED PENSION_INSURANCE FACTS_MISSING(drv_account area_number)"},
    {"C_05_A5_Koeln", kBbb, "2025-03-10", NoRouteBut(""), kBaKoeln},
    {"C_05_A5_KoelnFirstDay", kEv, "2018-01-01", NoRouteBut(""), kBaKoeln},
    {"C_05_A5_OfficeBeforeTheMerger", kEv, "2025-12-31", NoRouteBut(""),
     "DETERMINED EMPLOYMENT_AGENCY rd-nrw/aa-detmold", "05766020"},
    {"C_05_A5_OfficeAfterTheMerger", kEv, "2026-01-01", NoRouteBut(""),
     "DETERMINED EMPLOYMENT_AGENCY rd-nrw/aa-detmold-paderborn", "05766020"},
    {"C_05_A5_NoOfficeKnown", kBbb, "2025-03-10", NoRouteBut(""), "DETERMINED EMPLOYMENT_AGENCY rd-bayern", "09162000"},
    {"C_05_A5_YouthWelfareNever", kBbb, "2025-03-10",
     NoRouteBut("birth_date=2010-01-01 disability=psychological young_adult_help=yes"), kBaKoeln},
    {"C_05_A5_EinglhNever", kEv, "2025-03-10", NoRouteBut("disability=intellectual first_application=this"), kBaKoeln},
    {"C_05_A5_NoDisability", kEv, "2025-03-10", NoRouteBut("disability=none"), kBaKoeln},
};
INSTANTIATE_TEST_SUITE_P(ListI, Section63, testing::ValuesIn(kListI), NameOf);

// --- List II: Arbeitsbereich (law.md 1.2, 1.3 B) ---------------------------------------------------------------------

constexpr char kLvr[] = "DETERMINED EINGLIEDERUNGSHILFE lvr";
constexpr char kYouth[] = "UNDETERMINED YOUTH_WELFARE NO_AGENCY_DATA";
constexpr char kRest[] = " disability=intellectual first_application=this sgb12_place=this";
std::string Psychological(const std::string& birth, const std::string& more = " young_adult_help=no") {
  return "cause=none disability=psychological first_application=this sgb12_place=this birth_date=" + birth + more;
}

const std::vector<Row> kListII = {
    {"C_05_B1_Accident", kAb, "2025-03-10", std::string("cause=work_accident accident_insurer=bgw") + kRest, kUv},
    {"C_05_B1_InsurerUnknown", kAb, "2018-01-01", "cause=work_accident",
     "UNDETERMINED ACCIDENT_INSURANCE FACTS_MISSING(accident_insurer)"},
    {"C_05_B2_KofFirstDay", kAb, "2018-01-01", "cause=recognised_damage", kKof},
    {"C_05_B2_KofLastDay", kAb, "2023-12-31", std::string("cause=recognised_damage application_day=2023-12-31") + kRest,
     kKof},
    {"C_05_B2_KofApplicationDayUnknown", kAb, "2023-12-31", "cause=recognised_damage", kKof},
    {"C_05_B2_AppliedIn2024AfterTheService", kAb, "2023-12-31", "cause=recognised_damage application_day=2024-01-01",
     kLate},
    {"C_05_B2_SeFirstDay", kAb, "2024-01-01", std::string("cause=recognised_damage application_day=2024-01-01") + kRest,
     kSe},
    {"C_05_B2_AppliedUnderTheBvg", kAb, "2024-01-01", "cause=recognised_damage application_day=2023-12-31", kBvg},
    {"C_05_B2_SeApplicationDayUnknown", kAb, "2024-01-01", "cause=recognised_damage", kNoApplicationDay},
    {"C_05_B2_NoOtherFactMatters", kAb, "2025-03-10", "cause=recognised_damage disability=psychological",
     kNoApplicationDay},
    {"C_05_B3_SegFirstDay", kAb, "2025-01-01", std::string("cause=service_damage") + kRest, kSeg},
    {"C_05_B3_ServiceDamageLastDayBefore", kAb, "2024-12-31", "cause=service_damage", kOldDamage},
    {"C_05_B1_B2_TwoCauses", kAb, "2025-03-10",
     std::string("cause=work_accident+recognised_damage application_day=2025-01-02") + kRest, kSeveral},
    {"C_05_B2_B3_TwoCauses", kAb, "2018-01-01", "cause=recognised_damage+service_damage", kSeveral},
    {"C_05_B4_Aged17", kAb, "2025-03-10", Psychological("2007-03-11"), kYouth},
    {"C_05_B4_EighteenthBirthday", kAb, "2025-03-10", Psychological("2007-03-10"), kLvr},
    {"C_05_B4_Aged18WithHelp", kAb, "2025-03-10", Psychological("2007-03-10", " young_adult_help=yes"), kYouth},
    {"C_05_B4_Aged26WithHelp", kAb, "2025-03-10", Psychological("1998-03-11", " young_adult_help=yes"), kYouth},
    {"C_05_B4_Aged26WithoutHelp", kAb, "2025-03-10", Psychological("1998-03-11"), kLvr},
    {"C_05_B4_TwentySeventhBirthdayWithHelp", kAb, "2025-03-10", Psychological("1998-03-10", " young_adult_help=yes"),
     kLvr},
    {"C_05_B4_Aged17HelpUnknown", kAb, "2025-03-10", Psychological("2007-03-11", ""), kYouth},
    {"C_05_B4_Aged18HelpUnknown", kAb, "2025-03-10", Psychological("2007-03-10", ""),
     "UNDETERMINED ? FACTS_MISSING(young_adult_help)"},
    {"C_05_B4_Aged27HelpUnknown", kAb, "2025-03-10", Psychological("1998-03-10", ""), kLvr},
    {"C_05_B4_BornOn29FebruaryTheDayBefore", kAb, "2026-02-28", Psychological("2008-02-29"), kYouth},
    {"C_05_B4_BornOn29FebruaryTheDayAfter", kAb, "2026-03-01", Psychological("2008-02-29"), kLvr},
    {"C_05_B4_IntellectualBeside", kAb, "2025-03-10",
     "cause=none disability=psychological+intellectual birth_date=2010-01-01 first_application=this", kLvr},
    {"C_05_B4_PhysicalBeside", kAb, "2025-03-10",
     "cause=none disability=psychological+physical birth_date=2010-01-01 first_application=this", kLvr},
    {"C_05_B4_OtherDisabilityOfAMinor", kAb, "2025-03-10",
     "cause=none disability=intellectual birth_date=2010-01-01 first_application=this", kLvr},
    {"C_05_B4_AgeUnknown", kAb, "2025-03-10", "cause=none disability=psychological first_application=this",
     "UNDETERMINED ? FACTS_MISSING(birth_date young_adult_help)"},
    {"C_05_B4_Minor2018", kAb, "2018-01-01", Psychological("2000-01-02"), kYouth},
    {"C_05_B5_T_21_SozialhilfeLastDay", kAb, "2019-12-31", std::string("cause=none") + kRest,
     "DETERMINED SOZIALHILFE lvr"},
    {"C_05_B5_T_21_EghFirstDay", kAb, "2020-01-01", std::string("cause=none") + kRest, kLvr},
    {"C_05_B5_T_21_LastDayOfTheOldSection99", kAb, "2021-06-30", std::string("cause=none") + kRest, kLvr},
    {"C_05_B5_T_21_FirstDayOfTheNewSection99", kAb, "2021-07-01", std::string("cause=none") + kRest, kLvr},
    {"C_05_B5_T_21_AgeDoesNotMatter", kAb, "2025-03-10", std::string("cause=none") + kRest, kLvr},
    {"C_05_B5_T_21_Physical", kAb, "2025-03-10", "cause=none disability=physical first_application=this",
     "DETERMINED EINGLIEDERUNGSHILFE lwl", "05711000"},
    {"C_05_B5_T_21_Erfurt", kAb, "2025-03-10", "cause=none disability=intellectual first_application=this",
     "DETERMINED EINGLIEDERUNGSHILFE egh-16051", "16051000"},
    {"C_05_B5_T_21_FirstApplicationElsewhere", kAb, "2025-03-10",
     "cause=none disability=intellectual first_application=16051000", "DETERMINED EINGLIEDERUNGSHILFE egh-16051"},
    {"C_05_B5_T_21_FirstApplicationUnknown", kAb, "2025-03-10", "cause=none disability=intellectual sgb12_place=this",
     "UNDETERMINED EINGLIEDERUNGSHILFE FACTS_MISSING(first_application)"},
    {"C_05_B5_T_21_SozialhilfePlaceUnknown", kAb, "2019-12-31",
     "cause=none disability=intellectual first_application=this",
     "UNDETERMINED SOZIALHILFE FACTS_MISSING(sgb12_place)"},
    {"C_05_B5_T_21_SozialhilfeWithoutData", kAb, "2019-12-31", std::string("cause=none") + kRest,
     "UNDETERMINED SOZIALHILFE NO_AGENCY_DATA", "09162000"},
    {"C_05_B5_T_21_SozialhilfePlaceWithoutData", kAb, "2019-12-31",
     "cause=none disability=intellectual sgb12_place=09162000", "UNDETERMINED SOZIALHILFE NO_AGENCY_DATA"},
    {"C_05_B5_T_21_RvAndBaNever", kAb, "2025-03-10", kRouted + kRest, kLvr},
    {"C_05_B5_Nobody", kAb, "2025-03-10", "cause=none disability=none", "NOBODY"},
    {"C_05_B5_NobodyUnderSozialhilfe", kAb, "2019-12-31", "cause=none disability=none", "NOBODY"},
    {"C_05_B5_NobodyInThe2020s", kAb, "2021-06-30", "cause=none disability=none", "NOBODY"},
    {"C_05_B5_NobodyEvenInsured", kAb, "2025-03-10", kRouted + "disability=none birth_date=1960-01-01", "NOBODY"},
    {"C_05_B5_DisabilityUnknown", kAb, "2025-03-10", "cause=none birth_date=1990-01-01 first_application=this",
     "UNDETERMINED ? FACTS_MISSING(disability)"},
};
INSTANTIATE_TEST_SUITE_P(ListII, Section63, testing::ValuesIn(kListII), NameOf);

}  // namespace
}  // namespace teilhabe::carriers
