// The conditions of a stage one by one: a question that is met but for one fact, and what then is said.
#include "services/eligibility/domain/admission.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/day.h"
#include "gtest/gtest.h"
#include "services/eligibility/domain/question_for_test.h"

namespace teilhabe::eligibility {
namespace {

struct Case {
  std::string name;
  Question question;
  std::string want;
};
class AdmissionTest : public testing::TestWithParam<Case> {};
TEST_P(AdmissionTest, IsAnswered) { EXPECT_EQ(Answer(GetParam().question), GetParam().want); }
std::string NameOf(const testing::TestParamInfo<Case>& tested) { return tested.param.name; }

constexpr char kAlaSays[] = " discretion: s60_3_ala";

const std::vector<Case> kMet = {
    {"N_06_EingangsverfahrenInAWfbm", Ask(kEv, kWfbm), "MET"},
    {"N_07_BerufsbildungsbereichInAWfbm", Ask(kBbb, kWfbm), "MET"},
    {"N_09_ArbeitsbereichInAWfbm", Ask(kAb, kWfbm), "MET"},
    {"T_07_EingangsverfahrenAtAnAlaIsDiscretion", Ask(kEv, kAla), absl::StrCat("MET", kAlaSays)},
    {"T_07_BerufsbildungsbereichAtAnAlaIsDiscretion", Ask(kBbb, kAla), absl::StrCat("MET", kAlaSays)},
    {"T_31_ArbeitsbereichAtAnAlaIsDiscretion", Ask(kAb, kAla), absl::StrCat("MET", kAlaSays)},
    {"T_31_UnderThePolicyToo", AskUnder("th-t", kAb, kAla), absl::StrCat("MET", kAlaSays)},
    {"N_17_UnderThePolicy", AskUnder("nw-n", kEv, kWfbm), "MET"},
};
INSTANTIATE_TEST_SUITE_P(Met, AdmissionTest, testing::ValuesIn(kMet), NameOf);

// --- Application -----------------------------------------------------------------------------------------------------

const std::vector<Case> kApplication = {
    {"N_06_EvNeedsOne", Ask(kEv, kWfbm, "application_made=no"),
     "NOT_MET breaches: s14_application APPLICATION_MISSING"},
    {"N_06_BbbNeedsOne", Ask(kBbb, kWfbm, "application_made=no gesamtplan=yes"),
     "NOT_MET breaches: s14_application APPLICATION_MISSING"},
    {"N_06_EvUnknown", Ask(kEv, kWfbm, "-application_made"), "UNDETERMINED missing: application_made"},
    {"N_09_AbTo2019", Ask(kAb, kWfbm, "application_made=no", "2019-12-31"),
     "NOT_MET breaches: s14_application_ab APPLICATION_MISSING"},
    {"N_09_AbFrom2020AFindingInTheGesamtplanWillDo", Ask(kAb, kWfbm, "application_made=no", "2020-01-01"), "MET"},
    {"N_09_AbFrom2020WithoutTheFinding", Ask(kAb, kWfbm, "application_made=no needs_determined=no"),
     "NOT_MET breaches: s108_application APPLICATION_MISSING, s13_needs NEEDS_NOT_DETERMINED"},
    {"N_09_AbOfAnotherTraeger", Ask(kAb, kWfbm, "application_made=no gesamtplan=no cause=work_accident"),
     "NOT_MET breaches: s108_application APPLICATION_MISSING"},
};
INSTANTIATE_TEST_SUITE_P(Application, AdmissionTest, testing::ValuesIn(kApplication), NameOf);

// --- Plans and the Fachausschuss -------------------------------------------------------------------------------------

const std::vector<Case> kPlans = {
    {"N_04_NotWithoutAPlanInNrw", AskUnder("nw-n", kEv, kWfbm, "teilhabeplan=no"),
     "NOT_MET breaches: n04_teilhabeplan NO_TEILHABEPLAN"},
    {"N_04_NorBbb", AskUnder("nw-n", kBbb, kAla, "teilhabeplan=no"),
     "NOT_MET breaches: n04_teilhabeplan NO_TEILHABEPLAN; discretion: s60_3_ala"},
    {"N_04_NorAb", AskUnder("nw-n", kAb, kWfbm, "teilhabeplan=no"),
     "NOT_MET breaches: n04_teilhabeplan NO_TEILHABEPLAN"},
    {"N_04_UnknownPlanInNrw", AskUnder("nw-n", kEv, kWfbm, "-teilhabeplan"), "UNDETERMINED missing: teilhabeplan"},
    {"N_04_FachausschussDoesNotMatterWhereThePlanMust",
     AskUnder("nw-n", kEv, kWfbm, "-teilhabeplan -fachausschuss -several_traeger"),
     "UNDETERMINED missing: teilhabeplan"},
    {"N_04_ElsewhereOnlyWhereSeveral", Ask(kEv, kWfbm, "several_traeger=yes"),
     "NOT_MET breaches: s19_teilhabeplan NO_TEILHABEPLAN"},
    {"N_04_SeveralWithAPlan", Ask(kEv, kWfbm, "several_traeger=yes teilhabeplan=yes fachausschuss=no"), "MET"},
    {"N_04_SeveralUnknown", Ask(kBbb, kWfbm, "-several_traeger"), "UNDETERMINED missing: several_traeger"},
    {"N_04_GesamtplanFrom2020", Ask(kAb, kWfbm, "gesamtplan=no", "2020-01-01"),
     "NOT_MET breaches: s121_gesamtplan NO_TEILHABEPLAN"},
    {"N_04_GesamtplanTo2019", Ask(kAb, kWfbm, "gesamtplan=no", "2019-12-31"),
     "NOT_MET breaches: s144_gesamtplan NO_TEILHABEPLAN"},
    {"N_04_TeilhabeplanIsNoGesamtplan", Ask(kAb, kWfbm, "gesamtplan=no teilhabeplan=yes"),
     "NOT_MET breaches: s121_gesamtplan NO_TEILHABEPLAN"},
    {"N_04_AccidentInsuranceHasNoGesamtplan", Ask(kAb, kWfbm, "gesamtplan=no cause=work_accident"), "MET"},
    {"N_04_NoOtherCause", Ask(kAb, kWfbm, "gesamtplan=no cause=none"),
     "NOT_MET breaches: s121_gesamtplan NO_TEILHABEPLAN"},
    {"N_04_JugendhilfeHasNoGesamtplan", Ask(kAb, kWfbm, "gesamtplan=no disability=psychological birth_date=2007-03-11"),
     "MET"},
    {"N_04_NoJugendhilfeFrom18", Ask(kAb, kWfbm, "gesamtplan=no disability=psychological birth_date=2007-03-10"),
     "NOT_MET breaches: s121_gesamtplan NO_TEILHABEPLAN"},
    {"N_04_HelpForYoungAdults",
     Ask(kAb, kWfbm, "gesamtplan=no disability=psychological birth_date=2001-05-31 young_adult_help=yes"), "MET"},
    {"N_04_TwoKindsOfDisability",
     Ask(kAb, kWfbm, "gesamtplan=no disability=psychological+physical birth_date=2015-05-31"),
     "NOT_MET breaches: s121_gesamtplan NO_TEILHABEPLAN"},
    {"N_04_Fachausschuss", Ask(kEv, kWfbm, "fachausschuss=no"),
     "NOT_MET breaches: s2_wvo_fachausschuss FACHAUSSCHUSS_MISSING"},
    {"N_04_FachausschussAtAnAla", Ask(kBbb, kAla, "fachausschuss=no"),
     "NOT_MET breaches: s2_wvo_fachausschuss FACHAUSSCHUSS_MISSING; discretion: s60_3_ala"},
    {"N_04_TeilhabeplanInsteadOfTheFachausschuss", Ask(kEv, kWfbm, "fachausschuss=no teilhabeplan=yes"), "MET"},
    {"N_04_GesamtplanInsteadOfTheFachausschuss", Ask(kEv, kWfbm, "fachausschuss=no gesamtplan=yes", "2021-08-01"),
     "MET"},
    {"N_04_GesamtplanInsteadOfTheFachausschussIsOpen", Ask(kEv, kWfbm, "fachausschuss=no gesamtplan=yes", "2021-07-31"),
     "UNDETERMINED"},
    {"N_04_OpenFrom2018", Ask(kAb, kWfbm, "fachausschuss=no", "2018-06-01"), "UNDETERMINED"},
    {"N_04_OpenButThereIsNone", Ask(kEv, kWfbm, "fachausschuss=no", "2020-06-01"),
     "NOT_MET breaches: s2_wvo_fachausschuss FACHAUSSCHUSS_MISSING"},
    {"N_04_GesamtplanNotInsteadInMay2018", Ask(kAb, kWfbm, "fachausschuss=no", "2018-05-31"),
     "NOT_MET breaches: s2_wvo_fachausschuss FACHAUSSCHUSS_MISSING"},
    {"N_04_NeedsOfEveryStage", Ask(kBbb, kWfbm, "needs_determined=no"),
     "NOT_MET breaches: s13_needs NEEDS_NOT_DETERMINED"},
    {"T_30_NeedsBeforeTheService", Ask(kAb, kAla, "needs_determined=no"),
     "NOT_MET breaches: s13_needs NEEDS_NOT_DETERMINED; discretion: s60_3_ala"},
    {"N_04_NeedsUnknown", Ask(kEv, kWfbm, "-needs_determined"), "UNDETERMINED missing: needs_determined"},
};
INSTANTIATE_TEST_SUITE_P(Plans, AdmissionTest, testing::ValuesIn(kPlans), NameOf);

// --- Entitlement, the labour market, Mindestmaß, exclusion

const std::vector<Case> kEntitlement = {
    {"N_05_Ev", Ask(kEv, kWfbm, "personenkreis=no"), "NOT_MET breaches: s57_personenkreis NOT_ENTITLED"},
    {"N_05_Bbb", Ask(kBbb, kWfbm, "personenkreis=no"), "NOT_MET breaches: s57_personenkreis NOT_ENTITLED"},
    {"T_20_AbTo2019", Ask(kAb, kWfbm, "personenkreis=no", "2019-12-31"),
     "NOT_MET breaches: s58_personenkreis NOT_ENTITLED"},
    {"T_20_AbTo2021", Ask(kAb, kWfbm, "personenkreis=no", "2021-06-30"),
     "NOT_MET breaches: s58_personenkreis NOT_ENTITLED"},
    {"T_20_Ab", Ask(kAb, kAla, "personenkreis=no"),
     "NOT_MET breaches: s58_personenkreis NOT_ENTITLED; discretion: s60_3_ala"},
    {"N_05_BetterAccessEv", Ask(kEv, kWfbm, "better_access=yes"), "NOT_MET breaches: s57_better_access BETTER_ACCESS"},
    {"N_05_BetterAccessBbb", Ask(kBbb, kWfbm, "better_access=yes"),
     "NOT_MET breaches: s57_better_access BETTER_ACCESS"},
    {"T_30_BetterAccessAb", Ask(kAb, kWfbm, "better_access=yes"), "NOT_MET breaches: s58_better_access BETTER_ACCESS"},
    {"N_05_BothAreSaidApart", Ask(kEv, kWfbm, "personenkreis=no better_access=yes"),
     "NOT_MET breaches: s57_personenkreis NOT_ENTITLED, s57_better_access BETTER_ACCESS"},
    {"N_05_OneIsUnknown", Ask(kEv, kWfbm, "-personenkreis better_access=yes"),
     "NOT_MET breaches: s57_better_access BETTER_ACCESS"},
};
INSTANTIATE_TEST_SUITE_P(Entitlement, AdmissionTest, testing::ValuesIn(kEntitlement), NameOf);

const std::vector<Case> kMindestmass = {
    {"N_03_Bbb", Ask(kBbb, kWfbm, "mindestmass=no"), "NOT_MET breaches: s57_1_mindestmass NO_MINDESTMASS"},
    {"N_03_Ab", Ask(kAb, kWfbm, "mindestmass=no"), "NOT_MET breaches: s58_1_mindestmass NO_MINDESTMASS"},
    {"N_03_AbUnknown", Ask(kAb, kWfbm, "-mindestmass"), "UNDETERMINED missing: mindestmass"},
    {"N_03_TheLowStandardIsNoFederalLaw", Ask(kAb, kWfbm, "mindestmass=no mindestmass_low=yes"),
     "NOT_MET breaches: s58_1_mindestmass NO_MINDESTMASS"},
    {"N_03_TheLowStandardMayDecideInNrw", AskUnder("nw-n", kAb, kWfbm, "mindestmass=no"),
     "MET discretion: n03_mindestmass_low"},
    {"N_03_AndForTheAla", AskUnder("nw-n", kBbb, kAla, "mindestmass=no"),
     "MET discretion: n03_mindestmass_low, s60_3_ala"},
    {"N_03_NeitherStandard", AskUnder("nw-n", kAb, kWfbm, "mindestmass=no mindestmass_low=no"),
     "NOT_MET breaches: s58_1_mindestmass NO_MINDESTMASS"},
    {"N_03_LowUnknown", AskUnder("nw-n", kAb, kWfbm, "mindestmass=no -mindestmass_low"),
     "UNDETERMINED missing: mindestmass_low"},
    {"N_03_BothUnknown", AskUnder("nw-n", kAb, kWfbm, "-mindestmass -mindestmass_low"),
     "UNDETERMINED missing: mindestmass mindestmass_low"},
    {"N_03_OnlyTheLowIsKnown", AskUnder("nw-n", kAb, kWfbm, "-mindestmass"), "MET discretion: n03_mindestmass_low"},
    {"N_03_NothingToWeighWhereTheGeneralHolds", AskUnder("nw-n", kAb, kWfbm), "MET"},
    {"N_03_OfAnotherLandIsNothing",
     [] {
       Question question = AskUnder("nw-n", kAb, kWfbm, "mindestmass=no");
       question.land = reference::Land::kHessen;
       return question;
     }(),
     "NOT_MET breaches: s58_1_mindestmass NO_MINDESTMASS"},
    {"N_06_InDoubtTheEingangsverfahren", Ask(kEv, kWfbm, "mindestmass=no mindestmass_low=no"), "MET"},
    {"N_06_UnlessTheRefusalIsReasoned", Ask(kEv, kWfbm, "mindestmass=no reasoned_prognosis=yes"),
     "NOT_MET breaches: s219_2_mindestmass_ev NO_MINDESTMASS"},
    {"N_06_NobodyKnows", Ask(kEv, kWfbm, "-mindestmass -mindestmass_low"), "MET"},
    {"N_06_PrognosisUnknown", Ask(kEv, kWfbm, "mindestmass=no -reasoned_prognosis"),
     "UNDETERMINED missing: reasoned_prognosis"},
    {"N_03_GoesFirstInTheEingangsverfahren", AskUnder("nw-n", kEv, kWfbm, "mindestmass=no reasoned_prognosis=yes"),
     "MET discretion: n03_mindestmass_low"},
    {"N_02_Danger", Ask(kEv, kWfbm, "exclusion_219=danger reasoned_prognosis=yes"),
     "NOT_MET breaches: s219_2_exclusion EXCLUDED_219"},
    {"N_02_CareExtent", Ask(kBbb, kWfbm, "exclusion_219=care_extent reasoned_prognosis=yes"),
     "NOT_MET breaches: s219_2_exclusion EXCLUDED_219"},
    {"N_02_LastingCircumstances", Ask(kAb, kWfbm, "exclusion_219=lasting_circumstances reasoned_prognosis=yes"),
     "NOT_MET breaches: s219_2_exclusion EXCLUDED_219"},
    {"N_02_WithoutReasonsNoExclusion", Ask(kAb, kWfbm, "exclusion_219=danger+care_extent"), "MET"},
    {"N_02_ReasonsUnknown", Ask(kAb, kWfbm, "exclusion_219=danger -reasoned_prognosis"),
     "UNDETERMINED missing: reasoned_prognosis"},
    {"N_02_GroundsUnknown", Ask(kAb, kWfbm, "-exclusion_219 reasoned_prognosis=yes"),
     "UNDETERMINED missing: exclusion_219"},
    {"N_02_BothUnknown", Ask(kAb, kWfbm, "-exclusion_219 -reasoned_prognosis"),
     "UNDETERMINED missing: exclusion_219 reasoned_prognosis"},
};
INSTANTIATE_TEST_SUITE_P(Mindestmass, AdmissionTest, testing::ValuesIn(kMindestmass), NameOf);

// --- Basismodul, durations, age, statement

const std::vector<Case> kRest = {
    {"N_08_Basismodul", AskUnder("nw-n", kBbb, kWfbm, "very_high_need=yes two_years_may_not_fit=yes"),
     "NOT_MET breaches: n08_basismodul BASISMODUL_MISSING"},
    {"N_08_Offered", AskUnder("nw-n", kBbb, kWfbm, "very_high_need=yes two_years_may_not_fit=yes basismodul=yes"),
     "MET"},
    {"N_08_NotForOthers", AskUnder("nw-n", kBbb, kWfbm, "two_years_may_not_fit=yes"), "MET"},
    {"N_08_NotWhereTwoYearsFit", AskUnder("nw-n", kBbb, kWfbm, "very_high_need=yes"), "MET"},
    {"N_08_Unknown", AskUnder("nw-n", kBbb, kWfbm, "-very_high_need -two_years_may_not_fit -basismodul"),
     "UNDETERMINED missing: very_high_need two_years_may_not_fit basismodul"},
    {"N_08_NotByFederalLaw", Ask(kBbb, kWfbm, "very_high_need=yes two_years_may_not_fit=yes"), "MET"},
    {"N_08_NotInAnotherStage", AskUnder("nw-n", kEv, kWfbm, "very_high_need=yes two_years_may_not_fit=yes"), "MET"},
    {"N_06_TwoMonthsAreTooShort", Ask(kEv, kWfbm, "initial_months=2"),
     "NOT_MET breaches: s57_2_short INITIAL_TOO_SHORT"},
    {"N_06_FourMonthsAreTooLong", Ask(kEv, kWfbm, "initial_months=4"), "NOT_MET breaches: s57_2_long TOO_LONG"},
    {"N_06_MonthsUnknown", Ask(kEv, kWfbm, "-initial_months"), "UNDETERMINED missing: initial_months"},
    {"N_07_TwoYears", Ask(kBbb, kWfbm, "initial_months=24"), "MET warnings: s57_3_first FIRST_GRANT_LONG"},
    {"N_07_MoreThanTwoYears", Ask(kBbb, kWfbm, "initial_months=25"),
     "NOT_MET breaches: s57_3_long TOO_LONG; warnings: s57_3_first FIRST_GRANT_LONG"},
    {"N_07_FirstGrantOfThirteenMonths", Ask(kBbb, kWfbm, "initial_months=13"),
     "MET warnings: s57_3_first FIRST_GRANT_LONG"},
    {"N_07_Short", Ask(kBbb, kWfbm, "initial_months=6"), "MET"},
    {"N_07_MonthsUnknown", Ask(kBbb, kWfbm, "-initial_months"), "UNDETERMINED missing: initial_months"},
    {"N_09_MonthsDoNotMatterInTheArbeitsbereich", Ask(kAb, kWfbm, "-initial_months"), "MET"},
    {"N_09_AgeIsAWarning", Ask(kAb, kWfbm, "age_limit_reached=yes"), "MET warnings: s58_1_3_age AGE_LIMIT"},
    {"N_09_AgeUnknownIsNone", Ask(kAb, kWfbm, "-age_limit_reached"), "MET"},
    {"N_09_NoAgeLimitBefore", Ask(kBbb, kWfbm, "age_limit_reached=yes"), "MET"},
    {"N_09_Statement", Ask(kAb, kWfbm, "bbb_statement=no"), "MET warnings: s119_statement STATEMENT_MISSING"},
    {"N_09_StatementTo2019", Ask(kAb, kWfbm, "bbb_statement=no", "2019-12-31"),
     "MET warnings: s119_statement STATEMENT_MISSING"},
    {"N_09_NothingToState", Ask(kAb, kWfbm, "bbb_statement=no bbb_done=no labour_market_ability=yes"),
     "MET discretion: s58_1_2_direct"},
};
INSTANTIATE_TEST_SUITE_P(Rest, AdmissionTest, testing::ValuesIn(kRest), NameOf);

// --- The whole -------------------------------------------------------------------------------------------------------

TEST(Admission, N_02_NothingKnownIsUndeterminedAtEveryStage) {
  for (const Stage stage : {kEv, kBbb, kAb}) {
    for (const ProviderType provider : {kWfbm, kAla}) {
      Question question = Ask(stage, provider);
      question.facts = law::Facts();
      const auto answer = AdmissionRules::Embedded().Evaluate(question);
      ASSERT_TRUE(answer.ok()) << answer.status();
      EXPECT_EQ(OutcomeName(*answer), "UNDETERMINED");
      EXPECT_TRUE(answer->breaches.empty());
      EXPECT_TRUE(answer->missing.Has(law::FactId::kPersonenkreis));
      EXPECT_FALSE(answer->missing.Has(law::FactId::kVeryHighNeed));
    }
  }
}

TEST(Admission, N_05_WhatIsLostIsNotAskedFor) {
  Question question = Ask(kAb, kWfbm);
  question.facts = law::Facts();
  Change(question.facts, "personenkreis=no");
  EXPECT_EQ(Answer(question), "NOT_MET breaches: s58_personenkreis NOT_ENTITLED");
}

TEST(Admission, T_30_FactsOfOtherServicesChangeNothing) {
  Question question = Ask(kEv, kWfbm);
  Change(question.facts,
         "rv_personal=yes insured_months=1200 birth_date=2000-01-01 drv_account=drv-bund area_number=none");
  EXPECT_EQ(Answer(question), "MET") << "more insured months than of life: not for these rules to see";
}

TEST(Admission, N_17_LawDayPicksTheText) {
  Question question = Ask(kAb, kWfbm, "gesamtplan=no");
  question.law_day = absl::CivilDay(2019, 12, 31);
  EXPECT_EQ(Answer(question), "NOT_MET breaches: s144_gesamtplan NO_TEILHABEPLAN");
}

TEST(Admission, N_17_WarnsOfLawNotCheckedSince) {
  Question question = Ask(kEv, kWfbm, "", "2026-04-29");
  EXPECT_FALSE(AdmissionRules::Embedded().Evaluate(question)->checked_until.has_value());
  question.event_day += 1;
  const auto answer = AdmissionRules::Embedded().Evaluate(question);
  ASSERT_TRUE(answer->checked_until.has_value()) << "§ 2 WVO";
  EXPECT_EQ(FormatDay(*answer->checked_until), "2026-04-29");
}

struct Bad {
  std::string name;
  void (*change)(Question&);
  std::string want;
};
class BadQuestion : public testing::TestWithParam<Bad> {};
TEST_P(BadQuestion, IsRejectedWithReasonAndField) {
  Question question = Ask(kAb, kWfbm);
  GetParam().change(question);
  EXPECT_EQ(Answer(question), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Rows, BadQuestion,
    testing::Values(
        Bad{"N_17_PolicyUnknown",
            [](Question& question) {
              question.policies = {"nw-n", "by-x"};
            },
            "INVALID_ARGUMENT POLICY_UNKNOWN policies"},
        Bad{"N_17_PolicyEmpty", [](Question& question) { question.policies = {""}; },
            "INVALID_ARGUMENT POLICY_UNKNOWN policies"},
        Bad{"N_03_StandardsContradict", [](Question& question) { Change(question.facts, "mindestmass_low=no"); },
            "INVALID_ARGUMENT FACTS_CONTRADICT facts.mindestmass_low"},
        Bad{"N_02_GroundsContradict", [](Question& question) { Change(question.facts, "exclusion_219=none+danger"); },
            "INVALID_ARGUMENT FACTS_CONTRADICT facts.exclusion_219"},
        Bad{"N_17_BeforeData", [](Question& question) { question.event_day = absl::CivilDay(2017, 12, 31); },
            "FAILED_PRECONDITION BEFORE_DATA event_day"},
        Bad{"N_17_BeyondData", [](Question& question) { question.event_day = absl::CivilDay(9999, 12, 31); },
            "FAILED_PRECONDITION BEYOND_DATA event_day"},
        Bad{"N_17_LawBeforeData", [](Question& question) { question.law_day = absl::CivilDay(2017, 12, 31); },
            "FAILED_PRECONDITION BEFORE_DATA law_day"},
        Bad{"N_17_LawBeyondData", [](Question& question) { question.law_day = absl::CivilDay(9999, 12, 31); },
            "FAILED_PRECONDITION BEYOND_DATA law_day"},
        Bad{"N_17_KnownBeforeData", [](Question& question) { question.known_at = absl::CivilDay(2020, 1, 1); },
            "FAILED_PRECONDITION BEFORE_DATA known_at"},
        Bad{"N_17_KnownLater", [](Question& question) { question.known_at = absl::CivilDay(2027, 1, 1); }, "MET"},
        Bad{"N_17_DecidedBeforeTheLaw", [](Question& question) { question.decision_day = absl::CivilDay(2017, 12, 1); },
            "MET"},
        Bad{"N_17_PolicyTwice",
            [](Question& question) {
              question.policies = {"nw-n", "nw-n"};
            },
            "MET"}),
    [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace teilhabe::eligibility
