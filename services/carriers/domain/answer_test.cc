// What an answer says beside the carrier: findings, facts used and missing, kinds possible, the Regelfall, warnings.
#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "common/base/day.h"
#include "gtest/gtest.h"
#include "services/carriers/domain/competence.h"
#include "services/carriers/domain/question_for_test.h"

namespace teilhabe::carriers {
namespace {

constexpr char kKoeln[] = "05315000";

Competence Determine(const Question& question) {
  const auto answer = CompetenceRules::Embedded().Determine(question);
  EXPECT_TRUE(answer.ok()) << answer.status();
  return answer.ok() ? *answer : Competence{};
}

// The rule with this id that spoke; the test fails where none did.
const law::Rule* Spoken(const Competence& answer, const std::string& id) {
  for (const law::RuleVerdict& verdict : answer.trace.verdicts()) {
    const law::Rule& rule = CompetenceRules::Embedded().book().rules()[verdict.rule];
    if (rule.id == id) return &rule;
  }
  ADD_FAILURE() << id << " did not speak: " << Findings(answer);
  return nullptr;
}
std::string CitationOf(const Competence& answer, const std::string& id) {
  const law::Rule* rule = Spoken(answer, id);
  return rule == nullptr ? "" : rule->citation;
}

// --- Findings --------------------------------------------------------------------------------------------------------

struct Order {
  std::string name;
  Stage stage;
  std::string day;
  std::string facts;
  std::string want;
  ProviderType provider = ProviderType::kWfbm;
};
class FindingOrder : public testing::TestWithParam<Order> {};
TEST_P(FindingOrder, IsThatOfTheLaw) {
  Question question = Ask(kKoeln, GetParam().stage, GetParam().day, GetParam().facts);
  question.provider = GetParam().provider;
  EXPECT_EQ(Findings(Determine(question)), GetParam().want);
}
const std::vector<Order> kOrders = {
    {"C_05_A1", kEv, "2025-03-10", "cause=work_accident accident_insurer=bgw", "s63_1_causes- s63_1_2_uv+ uv_insurer+"},
    {"C_05_A2_Kof", kEv, "2023-12-31", "cause=recognised_damage",
     "s63_1_causes- s63_1_2_uv- s63_1_4_kof_late- s63_1_4_kof+"},
    {"C_05_A2_Se", kEv, "2024-01-01", "cause=recognised_damage application_day=2024-01-01",
     "s63_1_causes- s63_1_2_uv- s63_1_4_se+"},
    {"C_05_A2_Rank", kEv, "2024-01-01", "cause=recognised_damage",
     "s63_1_causes- s63_1_2_uv- s63_1_4_se? s63_1_4_bvg? s63_1_4_rank+"},
    // A last row that would decide only if no row before it does is not said to hold.
    {"C_05_A5_NothingKnown", kEv, "2019-12-31", "cause=none rv_exclusion=none survivor_pension=yes",
     "s63_1_causes- s63_1_2_uv- s63_1_4_kof_late- s63_1_4_kof- s63_1_5_seg_before- rv_s10? rv_s11_1_1? rv_s11_1_2? "
     "rv_s11_2a_1? rv_s11_3+ rv_s12_old_age- rv_s12_public_service- rv_s12_4a- rv_s12_custody- s63_1_3_rv?"},
    {"C_05_B5_NothingKnown", kAb, "2025-01-01", "",
     "s63_2_causes? s63_2_1_uv? s63_2_2_se? s63_2_2_bvg? s63_2_2_rank? s63_2_2a_seg? s63_2_3_jugendhilfe? "
     "s63_2_4_egh_2021?"},
    {"C_05_A4_TermsBeforeTheirRow", kBbb, "2025-03-10",
     "cause=none rv_personal=yes insured_months=0 em_pension=yes rv_exclusion=none drv_account=drv-bund",
     "s63_1_causes- s63_1_2_uv- s63_1_4_se- s63_1_4_bvg- s63_1_4_rank- s63_1_5_seg- rv_s10+ rv_s11_1_1- rv_s11_1_2+ "
     "rv_s12_old_age- rv_s12_public_service- rv_s12_4a- rv_s12_custody- s63_1_3_rv+ rv_account+"},
    {"C_05_A5_T_32_AtAnAla", kBbb, "2023-12-31", "cause=none rv_personal=no",
     "s63_1_causes- s63_1_2_uv- s63_1_4_kof_late- s63_1_4_kof- s63_1_5_seg_before- rv_s10- s63_1_3_rv- s63_1_1_ba+ "
     "ba_residence+ s63_3_ala+ s60_3_ala+",
     ProviderType::kAla},
    {"C_05_B4", kAb, "2025-03-10", "cause=none disability=psychological birth_date=2010-01-01",
     "s63_2_causes- s63_2_1_uv- s63_2_2_se- s63_2_2_bvg- s63_2_2_rank- s63_2_2a_seg- s63_2_3_jugendhilfe+"},
    {"C_05_B5_T_21_AtAnAla", kAb, "2020-01-01", "cause=none disability=intellectual first_application=this",
     "s63_2_causes- s63_2_1_uv- s63_2_2_kof_late- s63_2_2_kof- s63_2_2a_seg_before- s63_2_3_jugendhilfe- "
     "s63_2_4_egh_2020+ egh_s98+ s63_3_ala+ s60_3_ala+",
     ProviderType::kAla},
    {"C_05_B5_Sozialhilfe", kAb, "2019-12-31", "cause=none disability=intellectual sgb12_place=this",
     "s63_2_causes- s63_2_1_uv- s63_2_2_kof_late- s63_2_2_kof- s63_2_2a_seg_before- s63_2_3_jugendhilfe- "
     "s63_2_4_sozialhilfe+ sgb12_s98+"},
};
INSTANTIATE_TEST_SUITE_P(Rows, FindingOrder, testing::ValuesIn(kOrders),
                         [](const auto& tested) { return tested.param.name; });

struct Cited {
  std::string name;
  Stage stage;
  std::string day;
  std::string facts;
  std::string rule;
  std::string citation;
};
class Citation : public testing::TestWithParam<Cited> {};
TEST_P(Citation, IsThatOfTheDay) {
  const Cited& row = GetParam();
  EXPECT_EQ(CitationOf(Determine(Ask(kKoeln, row.stage, row.day, row.facts)), row.rule), row.citation);
}
constexpr char kIntellectual[] = "cause=none disability=intellectual first_application=this sgb12_place=this";
const std::vector<Cited> kCitations = {
    {"C_05_B5_2019", kAb, "2019-12-31", kIntellectual, "s63_2_4_sozialhilfe",
     "§ 63 Abs. 2 Nr. 4 mit § 241 Abs. 8 SGB IX; §§ 53 und 140 SGB XII"},
    {"C_05_B5_2020", kAb, "2020-01-01", kIntellectual, "s63_2_4_egh_2020",
     "§ 63 Abs. 2 Nr. 4 und § 99 SGB IX in der Fassung bis 30.06.2021"},
    {"C_05_B5_20210630", kAb, "2021-06-30", kIntellectual, "s63_2_4_egh_2020",
     "§ 63 Abs. 2 Nr. 4 und § 99 SGB IX in der Fassung bis 30.06.2021"},
    {"C_05_B5_20210701", kAb, "2021-07-01", kIntellectual, "s63_2_4_egh_2021", "§ 63 Abs. 2 Nr. 4 und § 99 SGB IX"},
    {"C_05_B5_NobodyBeforeTheNewSection99", kAb, "2021-06-30", "cause=none disability=none", "s63_2_nobody",
     "§ 63 Abs. 2 SGB IX"},
    {"C_05_B5_NobodyWithTheNewSection99", kAb, "2021-07-01", "cause=none disability=none", "s63_2_nobody",
     "§ 63 Abs. 2 und § 99 Abs. 3 SGB IX"},
    {"C_05_A2_Kof", kEv, "2023-12-31", "cause=recognised_damage", "s63_1_4_kof",
     "§ 63 Abs. 1 Nr. 4 SGB IX in der Fassung bis 31.12.2023"},
    {"C_05_A2_Se", kEv, "2024-01-01", "cause=recognised_damage application_day=2024-01-01", "s63_1_4_se",
     "§ 63 Abs. 1 Nr. 4 SGB IX; §§ 63 und 137 SGB XIV"},
    {"C_05_A3_Seg", kEv, "2025-01-01", "cause=service_damage", "s63_1_5_seg", "§ 63 Abs. 1 Nr. 5 SGB IX"},
};
INSTANTIATE_TEST_SUITE_P(Rows, Citation, testing::ValuesIn(kCitations),
                         [](const auto& tested) { return tested.param.name; });

TEST(Finding, T_07_T_31_NoDutyToAllowAnAlaIsDiscretion) {
  for (const Stage stage : {kEv, kBbb, kAb}) {
    Question question = Ask(kKoeln, stage, "2025-03-10");
    EXPECT_FALSE(absl::StrContains(Findings(Determine(question)), "ala")) << "none at a WfbM";
    question.provider = ProviderType::kAla;
    const Competence answer = Determine(question);
    const law::Rule* rule = Spoken(answer, "s60_3_ala");
    ASSERT_NE(rule, nullptr);
    EXPECT_EQ(rule->force, law::Force::kKann);
    EXPECT_EQ(rule->citation, "§ 60 Abs. 3 SGB IX");
    EXPECT_TRUE(absl::StrContains(rule->text_yes, "Ermessen"));
  }
}

TEST(Finding, T_21_T_32_TheListsHoldAtAnAlaToo) {
  for (const Stage stage : {kEv, kBbb, kAb}) {
    Question question = Ask(kKoeln, stage, "2025-03-10");
    question.provider = ProviderType::kAla;
    EXPECT_EQ(CitationOf(Determine(question), "s63_3_ala"), "§ 63 Abs. 3 SGB IX");
  }
}

TEST(Finding, C_05_route_TheAreaNumberBindsLessThanTheAccount) {
  const std::string rv = "cause=none rv_personal=yes rv_exclusion=none insured_months=180 ";
  const Competence area = Determine(Ask(kKoeln, kEv, "2025-03-10", rv + "area_number=11"));
  ASSERT_NE(Spoken(area, "rv_area_number"), nullptr);
  EXPECT_EQ(Spoken(area, "rv_area_number")->force, law::Force::kSoll);
  EXPECT_TRUE(area.account_may_have_moved);
  const Competence account = Determine(Ask(kKoeln, kEv, "2025-03-10", rv + "drv_account=drv-bund area_number=11"));
  ASSERT_NE(Spoken(account, "rv_account"), nullptr);
  EXPECT_EQ(Spoken(account, "rv_account")->force, law::Force::kMust);
  EXPECT_FALSE(account.account_may_have_moved);
  EXPECT_FALSE(Determine(Ask(kKoeln, kEv, "2025-03-10", rv + "area_number=none")).account_may_have_moved);
}

TEST(Finding, C_05_EveryOtherRuleIsMust) {
  std::map<std::string, law::Force> others = {
      {"s60_3_ala", law::Force::kKann}, {"rv_area_number", law::Force::kSoll}, {"rv_residence", law::Force::kSoll}};
  for (const law::Rule& rule : CompetenceRules::Embedded().book().rules()) {
    EXPECT_EQ(rule.force, others.contains(rule.id) ? others[rule.id] : law::Force::kMust) << rule.id;
  }
}

// --- Used, missing, possible -----------------------------------------------------------------------------------------

struct Facts {
  std::string name;
  Stage stage;
  std::string day;
  std::string facts;
  std::string used;
  std::string missing;
  std::string possible;
};
class FactsOfAnswer : public testing::TestWithParam<Facts> {};
TEST_P(FactsOfAnswer, AreThoseThatMatter) {
  const Facts& row = GetParam();
  const Competence answer = Determine(Ask(kKoeln, row.stage, row.day, row.facts));
  EXPECT_EQ(Names(answer.trace.used), row.used);
  EXPECT_EQ(Names(answer.missing), row.missing);
  EXPECT_EQ(PossibleKinds(answer), row.possible);
}
const std::vector<Facts> kFacts = {
    {"C_05_NothingKnownEv2019", kEv, "2019-12-31", "", "",
     "cause rv_personal insured_months em_pension em_pension_imminent labour_market_prognosis survivor_pension "
     "rv_exclusion drv_account area_number accident_insurer",
     "ACCIDENT_INSURANCE WAR_VICTIMS_WELFARE PENSION_INSURANCE EMPLOYMENT_AGENCY"},
    {"C_05_NothingKnownEv2025", kEv, "2025-01-01", "", "",
     "cause application_day rv_personal insured_months em_pension em_pension_imminent labour_market_prognosis "
     "survivor_pension rv_exclusion drv_account area_number accident_insurer",
     "ACCIDENT_INSURANCE SOCIAL_COMPENSATION SOLDIERS_COMPENSATION PENSION_INSURANCE EMPLOYMENT_AGENCY"},
    {"C_05_NothingKnownAb2019", kAb, "2019-12-31", "", "",
     "cause birth_date disability young_adult_help sgb12_place accident_insurer",
     "NOBODY ACCIDENT_INSURANCE WAR_VICTIMS_WELFARE YOUTH_WELFARE SOZIALHILFE"},
    {"C_05_NothingKnownAb2025", kAb, "2025-01-01", "", "",
     "cause application_day birth_date disability young_adult_help first_application accident_insurer",
     "NOBODY ACCIDENT_INSURANCE SOCIAL_COMPENSATION SOLDIERS_COMPENSATION YOUTH_WELFARE EINGLIEDERUNGSHILFE"},
    {"C_05_A2_OnlyTheApplicationDay", kEv, "2025-01-01", "cause=recognised_damage", "cause", "application_day",
     "SOCIAL_COMPENSATION"},
    {"C_05_A2_CauseUnknownButAppliedIn2024", kEv, "2023-12-31", "application_day=2024-01-01 rv_personal=no",
     "application_day rv_personal", "cause accident_insurer", "ACCIDENT_INSURANCE EMPLOYMENT_AGENCY"},
    {"C_05_A4_CausesSettled", kBbb, "2025-01-01", "cause=none rv_personal=yes em_pension=no survivor_pension=no",
     "cause rv_personal em_pension survivor_pension",
     "insured_months em_pension_imminent labour_market_prognosis rv_exclusion drv_account area_number",
     "PENSION_INSURANCE EMPLOYMENT_AGENCY"},
    {"C_05_A4_AccountKnown", kBbb, "2025-01-01",
     "cause=none rv_personal=yes em_pension=yes drv_account=drv-bund birth_date=1990-01-01",
     "cause rv_personal em_pension", "rv_exclusion", "PENSION_INSURANCE EMPLOYMENT_AGENCY"},
    {"C_05_A4_AreaNumberInsteadOfAccount", kBbb, "2025-01-01",
     "cause=none rv_personal=yes em_pension=yes area_number=11", "cause rv_personal em_pension", "rv_exclusion",
     "PENSION_INSURANCE EMPLOYMENT_AGENCY"},
    {"C_05_A5_WhatDoesNotMatterIsNotUsed", kBbb, "2025-01-01",
     "cause=none rv_personal=no disability=physical first_application=this insured_months=400", "cause rv_personal", "",
     "EMPLOYMENT_AGENCY"},
    {"C_05_B4_AgeAndHelp", kAb, "2025-01-01", "cause=none disability=psychological first_application=this",
     "cause disability", "birth_date young_adult_help", "YOUTH_WELFARE EINGLIEDERUNGSHILFE"},
    {"C_05_B5_Certain", kAb, "2025-01-01", "cause=none disability=intellectual first_application=this",
     "cause disability first_application", "", "EINGLIEDERUNGSHILFE"},
    {"C_05_B5_KindCertain", kAb, "2025-01-01", "cause=none disability=intellectual", "cause disability",
     "first_application", "EINGLIEDERUNGSHILFE"},
    {"C_05_Nobody", kAb, "2025-01-01", "cause=none disability=none", "cause disability", "", "NOBODY"},
    {"C_05_SeveralCauses", kAb, "2025-01-01", "cause=work_accident+service_damage", "cause", "", ""},
};
INSTANTIATE_TEST_SUITE_P(Rows, FactsOfAnswer, testing::ValuesIn(kFacts),
                         [](const auto& tested) { return tested.param.name; });

// --- Regelfall -------------------------------------------------------------------------------------------------------

struct Usual {
  std::string name;
  Stage stage;
  std::string day;
  std::string municipality;
  std::string facts;
  std::string want;  // kind agency/office (assumed facts); empty: nothing holds in der Regel.
};
class RegelfallOf : public testing::TestWithParam<Usual> {};
TEST_P(RegelfallOf, SaysWhatHoldsInDerRegelAndOnWhat) {
  const Usual& row = GetParam();
  const Competence answer = Determine(Ask(row.municipality, row.stage, row.day, row.facts));
  std::string got;
  if (answer.regelfall) {
    got = std::string(KindName(answer.regelfall->kind)) + " " + AgencyId(answer.regelfall->body.agency);
    if (answer.regelfall->body.office) got += "/" + AgencyId(answer.regelfall->body.office);
    got += " (" + Names(answer.regelfall->assumed) + ")";
  }
  EXPECT_EQ(got, row.want);
}
const std::vector<Usual> kUsual = {
    {"C_05_Ev", kEv, "2025-03-10", "05711000", "",
     "EMPLOYMENT_AGENCY rd-nrw/aa-bielefeld (cause rv_personal insured_months em_pension em_pension_imminent "
     "survivor_pension)"},
    {"C_05_Ab", kAb, "2025-03-10", "05711000", "", "EINGLIEDERUNGSHILFE lwl (cause disability first_application)"},
    {"C_05_AbErfurt", kAb, "2025-03-10", "16051000", "",
     "EINGLIEDERUNGSHILFE egh-16051 (cause disability first_application)"},
    {"C_05_Ab2018", kAb, "2018-05-15", "05711000", "", "SOZIALHILFE lwl (cause disability sgb12_place)"},
    {"C_05_Ab2018WithoutData", kAb, "2018-05-15", "09162000", "", "SOZIALHILFE  (cause disability sgb12_place)"},
    {"C_05_OnlyTheAgencyOpen", kAb, "2025-03-10", "05711000", "cause=none disability=physical",
     "EINGLIEDERUNGSHILFE lwl (first_application)"},
    {"C_05_InsuredButCauseUnknown", kBbb, "2025-03-10", "05711000",
     "rv_personal=yes insured_months=180 drv_account=drv-bund rv_exclusion=none", "PENSION_INSURANCE drv-bund (cause)"},
    {"C_05_ExclusionAssumedAway", kBbb, "2025-03-10", "05711000", "cause=none insured_months=180 drv_account=drv-bund",
     "PENSION_INSURANCE drv-bund (rv_personal rv_exclusion)"},
    {"C_05_regelfall_AccountOpen", kBbb, "2025-03-10", "05711000",
     "cause=none rv_personal=yes insured_months=180 rv_exclusion=none", "PENSION_INSURANCE drv-westfalen ()"},
    {"C_05_regelfall_AccountOpenInThueringen", kBbb, "2025-03-10", "16051000",
     "cause=none rv_personal=yes insured_months=180 rv_exclusion=none", "PENSION_INSURANCE drv-mitteldeutschland ()"},
    {"C_05_Determined", kAb, "2025-03-10", "05711000", "cause=none disability=physical first_application=this", ""},
    {"C_05_Nobody", kAb, "2025-03-10", "05711000", "cause=none disability=none", ""},
    {"C_05_AccidentWithoutInsurer", kAb, "2025-03-10", "05711000", "cause=work_accident", ""},
    {"C_05_KindCertainAgencyUnknown", kAb, "2025-03-10", "05711000", "cause=service_damage", ""},
    {"C_05_SeveralCauses", kAb, "2025-03-10", "05711000", "cause=work_accident+service_damage", ""},
    {"C_05_BranchNotBuilt", kAb, "2024-12-31", "05711000", "cause=service_damage", ""},
    {"C_05_DamageAppliedForUnknown", kAb, "2025-03-10", "05711000", "cause=recognised_damage", ""},
    {"C_05_InsurerNamedSoNoCauseIsUnusual", kAb, "2025-03-10", "05711000", "accident_insurer=bgw", ""},
};
INSTANTIATE_TEST_SUITE_P(Rows, RegelfallOf, testing::ValuesIn(kUsual),
                         [](const auto& tested) { return tested.param.name; });

TEST(RegelfallOf, C_05_IsNeverTheAnswer) {
  const Competence answer = Determine(Ask(kKoeln, kAb, "2025-03-10"));
  EXPECT_EQ(answer.outcome, Outcome::kUndetermined);
  EXPECT_EQ(answer.kind, CarrierKind::kNone);
  EXPECT_FALSE(answer.body.agency.has_value());
  EXPECT_TRUE(answer.regelfall.has_value());
}

// --- Warnings --------------------------------------------------------------------------------------------------------

struct Warned {
  std::string name;
  Stage stage;
  std::string day;
  std::string facts;
  std::string until;  // Empty: no warning.
};
class CheckedUntil : public testing::TestWithParam<Warned> {};
TEST_P(CheckedUntil, IsTheEarliestDayOfTheActsThatSpoke) {
  const Warned& row = GetParam();
  const Competence answer = Determine(Ask(kKoeln, row.stage, row.day, row.facts));
  EXPECT_EQ(answer.checked_until ? FormatDay(*answer.checked_until) : "", row.until);
}
constexpr char kAccident[] = "cause=work_accident accident_insurer=bgw";
const std::vector<Warned> kWarned = {
    {"C_05_SgbIxLastDay", kAb, "2026-07-29", kAccident, ""},
    {"C_05_SgbIxDayAfter", kAb, "2026-07-30", kAccident, "2026-07-29"},
    {"C_05_SgbIxListI", kEv, "2026-07-30", kAccident, "2026-07-29"},
    {"C_05_SgbViLastDay", kBbb, "2026-04-29", "cause=none rv_personal=no", ""},
    {"C_05_SgbViDayAfter", kBbb, "2026-04-30", "cause=none rv_personal=no", "2026-04-29"},
    {"C_05_SgbViiiDayAfter", kAb, "2026-04-30", "cause=none disability=intellectual first_application=this",
     "2026-04-29"},
    {"C_05_AccountLeavesTheVkvvUnread", kEv, "2026-04-29",
     "cause=none rv_personal=yes rv_exclusion=none insured_months=180 drv_account=drv-bund", ""},
    {"C_05_VkvvLastDay", kEv, "2022-03-31",
     "cause=none rv_personal=yes rv_exclusion=none insured_months=180 area_number=11", ""},
    {"C_05_VkvvDayAfter", kEv, "2022-04-01",
     "cause=none rv_personal=yes rv_exclusion=none insured_months=180 area_number=11", "2022-03-31"},
    {"C_05_OldLaw", kAb, "2018-05-15", "", ""},
};
INSTANTIATE_TEST_SUITE_P(Rows, CheckedUntil, testing::ValuesIn(kWarned),
                         [](const auto& tested) { return tested.param.name; });

TEST(Warning, C_05_IsOfTheLawDayAndNotOfTheEventDay) {
  Question question = Ask(kKoeln, kAb, "2026-07-29", kAccident);
  question.law_day = absl::CivilDay(2026, 7, 30);
  EXPECT_TRUE(Determine(question).checked_until.has_value());
  question.event_day = absl::CivilDay(2027, 1, 1);
  question.law_day = absl::CivilDay(2026, 7, 29);
  EXPECT_FALSE(Determine(question).checked_until.has_value());
}

TEST(Warning, C_05_AJurisdictionWithoutSourceIsMarked) {
  // The Regionaldirektionen of Hessen and others are generally known, but no source was read.
  const std::string facts = "cause=none rv_personal=no";
  EXPECT_TRUE(Determine(Ask("06611000", kBbb, "2025-03-10", facts)).body.unverified);
  EXPECT_FALSE(Determine(Ask(kKoeln, kBbb, "2025-03-10", facts)).body.unverified);
}

// --- law_day ---------------------------------------------------------------------------------------------------------

TEST(LawDay, C_05_B5_PicksTheRowWhileTheEventDayPicksTheFacts) {
  Question question =
      Ask(kKoeln, kAb, "2020-01-01", "cause=none disability=physical first_application=this sgb12_place=this");
  EXPECT_EQ(Summary(Determine(question)), "DETERMINED EINGLIEDERUNGSHILFE lvr");
  question.law_day = absl::CivilDay(2019, 12, 31);
  EXPECT_EQ(Summary(Determine(question)), "DETERMINED SOZIALHILFE lvr");
  Question youth = Ask(kKoeln, kAb, "2025-03-10", "cause=none disability=psychological birth_date=2007-03-11");
  youth.law_day = absl::CivilDay(2032, 1, 1);  // Adult by then, but not on the first day of the service.
  EXPECT_EQ(Summary(Determine(youth)), "UNDETERMINED YOUTH_WELFARE NO_AGENCY_DATA");
}

}  // namespace
}  // namespace teilhabe::carriers
