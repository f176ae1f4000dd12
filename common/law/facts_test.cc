#include "common/law/facts.h"

#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/day.h"
#include "common/base/reason.h"
#include "common/law/row_name_for_test.h"
#include "gtest/gtest.h"
#include "teilhabe/law/v1/facts.pb.h"

namespace teilhabe::law {
namespace {

using google::protobuf::FieldDescriptor;
using reference::EmbeddedReference;

absl::CivilDay Day(const std::string& text) { return ParseDay(text).value(); }

// --- One list: table, enum, contract ---------------------------------------------------------------------------------

TEST(FactCatalogue, HasEveryFactOnceInTheOrderOfTheEnum) {
  ASSERT_EQ(FactCatalogue().size(), kFactCount);
  std::set<std::string> names;
  for (std::size_t at = 0; at < kFactCount; ++at) {
    const FactInfo& info = FactCatalogue()[at];
    EXPECT_EQ(static_cast<std::size_t>(info.id), at);
    EXPECT_EQ(&Info(static_cast<FactId>(at)), &info);
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_EQ(FindFact(info.name).value(), info.id);
    EXPECT_FALSE(info.meaning.empty()) << info.name;
    EXPECT_FALSE(info.suppliers.empty()) << info.name;
    EXPECT_TRUE(absl::StrContains(info.source, "§")) << info.name;
    if (info.type == FactType::kChoiceSet) {
      ASSERT_GT(info.values.size(), 1u) << info.name;
      EXPECT_EQ(info.values[0], "none") << info.name;
    }
  }
  EXPECT_EQ(Info(FactId::kCause).name, "cause");
  EXPECT_EQ(Info(FactId::kAccidentInsurer).name, "accident_insurer");
  EXPECT_EQ(Info(FactId::kInitialMonths).name, "initial_months");
}

TEST(FactCatalogue, SaysWhoseRulesAskForAFact) {
  const FactSet carriers = FactsUsedBy(FactUser::kCarriers);
  const FactSet eligibility = FactsUsedBy(FactUser::kEligibility);
  for (const FactInfo& info : FactCatalogue()) {
    EXPECT_TRUE(carriers.Has(info.id) || eligibility.Has(info.id)) << info.name;
    EXPECT_EQ(carriers.Has(info.id), info.id <= FactId::kAccidentInsurer) << info.name;
  }
  EXPECT_EQ(carriers & eligibility,
            FactSet({FactId::kCause, FactId::kBirthDate, FactId::kDisability, FactId::kYoungAdultHelp}));
}

TEST(FactCatalogue, UsualValuesAreValues) {
  int usual = 0;
  for (const FactInfo& info : FactCatalogue()) {
    if (info.regelfall.empty()) continue;
    EXPECT_TRUE(ParseFactValue(info.id, info.regelfall, EmbeddedReference()).ok()) << info.name;
    ++usual;
  }
  EXPECT_GT(usual, 5);
}

// What a field of the contract must be for a type of fact.
void ExpectFieldType(const FactInfo& info, const FieldDescriptor& field) {
  switch (info.type) {
    case FactType::kChoiceSet:
      ASSERT_EQ(field.type(), FieldDescriptor::TYPE_ENUM) << info.name;
      EXPECT_TRUE(field.is_repeated()) << info.name;
      return;
    case FactType::kYesNo:
      EXPECT_EQ(field.type(), FieldDescriptor::TYPE_BOOL) << info.name;
      EXPECT_TRUE(field.has_presence()) << info.name << ": absent must differ from no";
      return;
    case FactType::kMonths:
      EXPECT_EQ(field.type(), FieldDescriptor::TYPE_INT32) << info.name;
      EXPECT_TRUE(field.has_presence()) << info.name << ": absent must differ from 0";
      return;
    case FactType::kDay:
      ASSERT_EQ(field.type(), FieldDescriptor::TYPE_MESSAGE) << info.name;
      EXPECT_EQ(field.message_type()->full_name(), "google.type.Date") << info.name;
      return;
    case FactType::kPlace:
    case FactType::kAgency:
    case FactType::kAreaNumber:
      EXPECT_EQ(field.type(), FieldDescriptor::TYPE_STRING) << info.name;
      return;
  }
}

TEST(FactContract, FieldsAreTheFactsInOrder) {
  const auto* facts = teilhabe::law::v1::Facts::descriptor();
  ASSERT_EQ(static_cast<std::size_t>(facts->field_count()), kFactCount);
  for (std::size_t at = 0; at < kFactCount; ++at) {
    const FactInfo& info = FactCatalogue()[at];
    const FieldDescriptor* field = facts->FindFieldByNumber(static_cast<int>(at) + 1);
    ASSERT_NE(field, nullptr) << info.name;
    EXPECT_EQ(field->name(), info.name);
    ExpectFieldType(info, *field);
  }
}

TEST(FactContract, NamesAreTheFactsInOrder) {
  const auto* names = teilhabe::law::v1::FactName_descriptor();
  ASSERT_EQ(static_cast<std::size_t>(names->value_count()), kFactCount + 1);
  for (std::size_t at = 0; at < kFactCount; ++at) {
    const auto* value = names->FindValueByNumber(static_cast<int>(at) + 1);
    ASSERT_NE(value, nullptr);
    EXPECT_EQ(value->name(), absl::StrCat("FACT_NAME_", absl::AsciiStrToUpper(FactCatalogue()[at].name)));
  }
}

TEST(FactContract, ValuesOfChoiceSetsAreThoseOfTheEnums) {
  int sets = 0;
  for (const FactInfo& info : FactCatalogue()) {
    if (info.type != FactType::kChoiceSet) continue;
    const auto* values = teilhabe::law::v1::Facts::descriptor()->FindFieldByName(info.name)->enum_type();
    ASSERT_EQ(static_cast<std::size_t>(values->value_count()), info.values.size() + 1) << info.name;
    for (std::size_t at = 0; at < info.values.size(); ++at) {
      const auto* value = values->FindValueByNumber(static_cast<int>(at) + 1);
      ASSERT_NE(value, nullptr) << info.values[at];
      // The prefix is the type's; a digit begins no word of it.
      const std::string prefix = info.id == FactId::kExclusion219 ? "EXCLUSION219" : absl::AsciiStrToUpper(info.name);
      EXPECT_EQ(value->name(), absl::StrCat(prefix, "_", absl::AsciiStrToUpper(info.values[at])));
    }
    ++sets;
  }
  EXPECT_EQ(sets, 5);
}

// --- Texts -----------------------------------------------------------------------------------------------------------

struct Value {
  std::string fact;
  std::string text;
  std::int64_t raw;
};
class FactValue : public testing::TestWithParam<Value> {};
TEST_P(FactValue, IsReadAndWrittenBack) {
  const auto& [name, text, raw] = GetParam();
  Facts facts;
  const absl::Status set = SetFact(facts, name, text, EmbeddedReference());
  ASSERT_TRUE(set.ok()) << set;
  const FactId id = FindFact(name).value();
  EXPECT_EQ(facts.known(), FactSet({id}));
  EXPECT_EQ(facts.Raw(id), raw);
  EXPECT_EQ(FormatFactValue(id, facts.Raw(id), EmbeddedReference()), text);
}
INSTANTIATE_TEST_SUITE_P(
    EveryType, FactValue,
    testing::Values(Value{"cause", "none", 1}, Value{"cause", "work_accident", 2},
                    Value{"cause", "work_accident+service_damage", 10}, Value{"cause", "none+work_accident", 3},
                    Value{"disability", "intellectual+physical+psychological", 14},
                    Value{"rv_exclusion", "custody", 16}, Value{"em_pension", "yes", 1}, Value{"em_pension", "no", 0},
                    Value{"exclusion_219", "danger+lasting_circumstances", 10}, Value{"return_from", "wfbm", 32},
                    Value{"very_high_need", "yes", 1}, Value{"initial_months", "24", 24},
                    Value{"insured_months", "0", 0}, Value{"insured_months", "180", 180},
                    Value{"insured_months", "1200", 1200}, Value{"application_day", "1970-01-01", 0},
                    Value{"application_day", "2024-02-29", 19782}, Value{"birth_date", "1969-12-31", -1},
                    Value{"first_application", "this", Facts::kThisPlace},
                    Value{"first_application", "05711000", 5711000}, Value{"sgb12_place", "16056000", 16056000},
                    Value{"area_number", "none", Facts::kNoAreaNumber}, Value{"area_number", "02", 2},
                    Value{"area_number", "65", 65}),
    [](const auto& tested) { return RowName(tested.index, tested.param.fact + " " + tested.param.text); });

TEST(FactValueOfAgency, IsReadAndWrittenBack) {
  for (const auto& [fact, id] : {std::pair{FactId::kDrvAccount, "drv-westfalen"}, {FactId::kAccidentInsurer, "bgw"}}) {
    const auto raw = ParseFactValue(fact, id, EmbeddedReference());
    ASSERT_TRUE(raw.ok()) << raw.status();
    EXPECT_EQ(EmbeddedReference().agency(static_cast<reference::AgencyIndex>(*raw)).id, id);
    EXPECT_EQ(FormatFactValue(fact, *raw, EmbeddedReference()), id);
  }
}

TEST(FactValueOfSet, DoesNotDependOnOrderOrRepetition) {
  const auto raw = [](const std::string& text) {
    return ParseFactValue(FactId::kDisability, text, EmbeddedReference()).value();
  };
  EXPECT_EQ(raw("psychological+physical"), raw("physical+psychological"));
  EXPECT_EQ(raw("physical+physical"), raw("physical"));
}

struct Bad {
  std::string fact;
  std::string text;
  std::string reason;
};
class BadFact : public testing::TestWithParam<Bad> {};
TEST_P(BadFact, IsRejectedWithReasonAndField) {
  const auto& [name, text, reason] = GetParam();
  Facts facts;
  const absl::Status status = SetFact(facts, name, text, EmbeddedReference());
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
  EXPECT_EQ(GetReason(status), reason) << status;
  EXPECT_EQ(GetField(status), reason == "FACT_UNKNOWN" ? "facts" : absl::StrCat("facts.", name));
  EXPECT_TRUE(facts.known().empty()) << "nothing is stored";
  if (reason == "FACT_UNKNOWN" || text.size() < 5) return;
  EXPECT_FALSE(absl::StrContains(status.message(), text)) << "it may be a person's";
}
INSTANTIATE_TEST_SUITE_P(
    EveryReason, BadFact,
    testing::Values(
        Bad{"", "none", "FACT_UNKNOWN"}, Bad{"Cause", "none", "FACT_UNKNOWN"}, Bad{"income", "5", "FACT_UNKNOWN"},
        Bad{"cause", "", "FACT_VALUE_INVALID"}, Bad{"cause", "unfall", "FACT_VALUE_INVALID"},
        Bad{"cause", "work_accident+", "FACT_VALUE_INVALID"}, Bad{"cause", "work_accident,none", "FACT_VALUE_INVALID"},
        Bad{"em_pension", "true", "FACT_VALUE_INVALID"}, Bad{"em_pension", "", "FACT_VALUE_INVALID"},
        Bad{"insured_months", "", "FACT_VALUE_INVALID"}, Bad{"insured_months", "-1", "FACT_VALUE_INVALID"},
        Bad{"insured_months", "+1", "FACT_VALUE_INVALID"}, Bad{"insured_months", " 1", "FACT_VALUE_INVALID"},
        Bad{"insured_months", "1.5", "FACT_VALUE_INVALID"}, Bad{"insured_months", "1201", "FACT_VALUE_INVALID"},
        Bad{"insured_months", "99999999999999999999", "FACT_VALUE_INVALID"},
        Bad{"birth_date", "2001-02-30", "DAY_INVALID"}, Bad{"birth_date", "30.01.2001", "DAY_INVALID"},
        Bad{"application_day", "", "DAY_INVALID"}, Bad{"application_day", "2023-02-29", "DAY_INVALID"},
        Bad{"drv_account", "drv-mond", "AGENCY_UNKNOWN"}, Bad{"drv_account", "", "AGENCY_UNKNOWN"},
        Bad{"drv_account", "bgw", "AGENCY_WRONG_KIND"}, Bad{"accident_insurer", "drv-bund", "AGENCY_WRONG_KIND"},
        Bad{"accident_insurer", "lwl", "AGENCY_WRONG_KIND"}, Bad{"area_number", "1", "AREA_NUMBER_UNKNOWN"},
        Bad{"area_number", "00", "AREA_NUMBER_UNKNOWN"}, Bad{"area_number", "01", "AREA_NUMBER_UNKNOWN"},
        Bad{"area_number", "40", "AREA_NUMBER_UNKNOWN"},  // Of the Zulagenstelle: no insurance number begins with it.
        Bad{"area_number", "65999999X999", "AREA_NUMBER_UNKNOWN"},  // Made like an insurance number.
        Bad{"area_number", "x1", "AREA_NUMBER_UNKNOWN"}, Bad{"area_number", "", "AREA_NUMBER_UNKNOWN"},
        Bad{"first_application", "", "MUNICIPALITY_MALFORMED"},
        Bad{"first_application", "This", "MUNICIPALITY_MALFORMED"},
        Bad{"first_application", "5711000", "MUNICIPALITY_MALFORMED"},
        Bad{"first_application", "Bielefel", "MUNICIPALITY_MALFORMED"},
        Bad{"first_application", "-5711000", "MUNICIPALITY_MALFORMED"},
        Bad{"sgb12_place", "057110000000", "MUNICIPALITY_MALFORMED"}),
    [](const auto& tested) { return RowName(tested.index, tested.param.fact + " " + tested.param.text); });

TEST(BadFact, GivenTwiceIsRejectedAndTheFirstStays) {
  Facts facts;
  ASSERT_TRUE(SetFact(facts, "em_pension", "yes", EmbeddedReference()).ok());
  const absl::Status status = SetFact(facts, "em_pension", "no", EmbeddedReference());
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(GetReason(status), "FACT_TWICE");
  EXPECT_EQ(GetField(status), "facts.em_pension");
  EXPECT_EQ(facts.Raw(FactId::kEmPension), 1);
}

TEST(BadFact, UnknownNameIsAnsweredByTheNearestOne) {
  EXPECT_TRUE(absl::StrContains(FindFact("disabilty").status().message(), "did you mean disability?"));
  EXPECT_FALSE(absl::StrContains(FindFact("zzzzzzzzzz").status().message(), "did you mean"));
  EXPECT_LT(FindFact(std::string(5000, 'x')).status().message().size(), 200u) << "long input is not echoed";
}

// --- Contradictions --------------------------------------------------------------------------------------------------

struct Claim {
  std::string name;
  std::vector<std::pair<std::string, std::string>> facts;
  std::string day;
  std::string field;  // Of the contradiction; empty: none.
};
class Contradiction : public testing::TestWithParam<Claim> {};
TEST_P(Contradiction, IsFoundOnOneSideOfTheBoundOnly) {
  const Claim& claim = GetParam();
  Facts facts;
  for (const auto& [name, value] : claim.facts) {
    const absl::Status set = SetFact(facts, name, value, EmbeddedReference());
    ASSERT_TRUE(set.ok()) << set;
  }
  const absl::Status status = CheckFacts(facts, Day(claim.day));
  if (claim.field.empty()) {
    EXPECT_TRUE(status.ok()) << status;
    return;
  }
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
  EXPECT_EQ(GetReason(status), "FACTS_CONTRADICT");
  EXPECT_EQ(GetField(status), "facts." + claim.field);
}
const std::vector<Claim> kClaims = {
    {"NothingKnown", {}, "2025-03-10", ""},
    {"CauseNone", {{"cause", "none"}}, "2025-03-10", ""},
    {"CauseNoneAndAnother", {{"cause", "none+work_accident"}}, "2025-03-10", "cause"},
    {"TwoCauses", {{"cause", "service_damage+work_accident"}}, "2025-03-10", ""},
    {"DisabilityNoneAndAnother", {{"disability", "none+physical"}}, "2025-03-10", "disability"},
    {"ExclusionNoneAndAnother", {{"rv_exclusion", "none+custody"}}, "2025-03-10", "rv_exclusion"},
    {"BornOnTheFirstDay", {{"birth_date", "2025-03-10"}}, "2025-03-10", ""},
    {"BornAfterTheFirstDay", {{"birth_date", "2025-03-11"}}, "2025-03-10", "birth_date"},
    {"BornAfterTheFirstDayThoughBeforeTheApplication",
     {{"birth_date", "2025-03-11"}, {"application_day", "2025-04-01"}},
     "2025-03-10",
     "birth_date"},
    {"BornOnTheDayOfApplication", {{"birth_date", "2025-01-05"}, {"application_day", "2025-01-05"}}, "2025-03-10", ""},
    {"BornAfterTheApplication",
     {{"birth_date", "2025-01-06"}, {"application_day", "2025-01-05"}},
     "2025-03-10",
     "birth_date"},
    {"MonthsOfLife", {{"birth_date", "2010-01-31"}, {"insured_months", "183"}}, "2025-03-01", ""},
    {"MoreThanMonthsOfLife", {{"birth_date", "2010-01-31"}, {"insured_months", "184"}}, "2025-03-01", "insured_months"},
    {"MonthsByTheApplication",
     {{"birth_date", "2010-01-31"}, {"insured_months", "180"}, {"application_day", "2024-12-31"}},
     "2025-03-01",
     ""},
    {"MoreThanMonthsByTheApplication",
     {{"birth_date", "2010-01-31"}, {"insured_months", "181"}, {"application_day", "2024-12-31"}},
     "2025-03-01",
     "insured_months"},
    {"MonthsWithoutBirthDate", {{"insured_months", "1200"}}, "2025-03-01", ""},
    {"AccountAndNumber", {{"drv_account", "drv-bund"}, {"area_number", "11"}}, "2025-03-10", ""},
    {"AccountButNoNumber", {{"drv_account", "drv-bund"}, {"area_number", "none"}}, "2025-03-10", "area_number"},
    {"NoNumberAlone", {{"area_number", "none"}}, "2025-03-10", ""},
    {"InsurerAndAccident", {{"accident_insurer", "bgw"}, {"cause", "work_accident"}}, "2025-03-10", ""},
    {"InsurerAndAccidentAmongOthers",
     {{"accident_insurer", "bgw"}, {"cause", "work_accident+service_damage"}},
     "2025-03-10",
     ""},
    {"InsurerButNoAccident", {{"accident_insurer", "bgw"}, {"cause", "none"}}, "2025-03-10", "accident_insurer"},
    {"InsurerButOtherCause",
     {{"accident_insurer", "bgw"}, {"cause", "service_damage"}},
     "2025-03-10",
     "accident_insurer"},
    {"NotEvenTheLowStandard", {{"mindestmass", "yes"}, {"mindestmass_low", "no"}}, "2025-03-10", "mindestmass_low"},
    {"OnlyTheLowStandard", {{"mindestmass", "no"}, {"mindestmass_low", "yes"}}, "2025-03-10", ""},
    {"NoStandard", {{"mindestmass", "no"}, {"mindestmass_low", "no"}}, "2025-03-10", ""},
    {"BothStandards", {{"mindestmass", "yes"}, {"mindestmass_low", "yes"}}, "2025-03-10", ""},
    {"LowStandardAlone", {{"mindestmass_low", "no"}}, "2025-03-10", ""},
    {"NoExclusionAndAnother", {{"exclusion_219", "none+danger"}}, "2025-03-10", "exclusion_219"},
    {"NoReturnAndAnother", {{"return_from", "none+ala"}}, "2025-03-10", "return_from"},
    {"InsurerAndCauseUnknown", {{"accident_insurer", "bgw"}}, "2025-03-10", ""},
};
INSTANTIATE_TEST_SUITE_P(Rows, Contradiction, testing::ValuesIn(kClaims),
                         [](const auto& tested) { return tested.param.name; });

// --- Ages and months -------------------------------------------------------------------------------------------------

struct Age {
  std::string birth;
  std::string day;
  int want;
};
class AgeTest : public testing::TestWithParam<Age> {};
TEST_P(AgeTest, CountsTheBirthday) {
  EXPECT_EQ(AgeOn(Day(GetParam().birth), Day(GetParam().day)), GetParam().want)
      << GetParam().birth << " on " << GetParam().day;
}
INSTANTIATE_TEST_SUITE_P(Section187, AgeTest,
                         testing::Values(Age{"2007-03-10", "2025-03-09", 17}, Age{"2007-03-10", "2025-03-10", 18},
                                         Age{"2007-03-10", "2025-03-11", 18}, Age{"2007-03-10", "2007-03-10", 0},
                                         Age{"2007-03-10", "2008-03-09", 0}, Age{"2007-12-31", "2025-12-30", 17},
                                         Age{"2007-12-31", "2025-12-31", 18}, Age{"2007-01-01", "2024-12-31", 17},
                                         Age{"2007-01-01", "2025-01-01", 18}, Age{"2007-03-10", "2007-03-09", -1},
                                         // Born on 29 February: the year of life ends with 28 February.
                                         Age{"2008-02-29", "2026-02-28", 17}, Age{"2008-02-29", "2026-03-01", 18},
                                         Age{"2008-02-29", "2028-02-28", 19}, Age{"2008-02-29", "2028-02-29", 20},
                                         Age{"2008-03-01", "2026-02-28", 17}, Age{"2008-03-01", "2026-03-01", 18},
                                         Age{"2008-02-28", "2026-02-28", 18}),
                         [](const auto& tested) {
                           return RowName(tested.index, tested.param.birth + " on " + tested.param.day);
                         });

struct Months {
  std::string from;
  std::string to;
  int want;
};
class MonthsTest : public testing::TestWithParam<Months> {};
TEST_P(MonthsTest, CountsCompletedOnes) {
  EXPECT_EQ(MonthsBetween(Day(GetParam().from), Day(GetParam().to)), GetParam().want)
      << GetParam().from << " to " << GetParam().to;
}
INSTANTIATE_TEST_SUITE_P(Bounds, MonthsTest,
                         testing::Values(Months{"2025-03-10", "2025-03-10", 0}, Months{"2025-03-10", "2025-04-09", 0},
                                         Months{"2025-03-10", "2025-04-10", 1}, Months{"2024-12-31", "2025-12-31", 12},
                                         Months{"2024-12-31", "2025-12-30", 11}, Months{"2025-03-10", "2025-03-09", -1},
                                         Months{"2025-03-10", "2025-02-10", -1},
                                         Months{"2025-03-10", "2025-02-09", -2}),
                         [](const auto& tested) {
                           return RowName(tested.index, tested.param.from + " to " + tested.param.to);
                         });

TEST(FactSetTest, KeepsWhatItIsGiven) {
  FactSet set = {FactId::kCause, FactId::kAccidentInsurer};
  EXPECT_TRUE(set.Has(FactId::kCause));
  EXPECT_FALSE(set.Has(FactId::kBirthDate));
  set.Add(FactId::kBirthDate);
  set.Remove(FactId::kCause);
  std::vector<FactId> seen;
  set.ForEach([&seen](FactId fact) { seen.push_back(fact); });
  EXPECT_EQ(seen, std::vector<FactId>({FactId::kBirthDate, FactId::kAccidentInsurer})) << "in the order of the table";
  EXPECT_EQ(set - FactSet({FactId::kBirthDate}), FactSet({FactId::kAccidentInsurer}));
  EXPECT_EQ(FactSet({FactId::kCause}) | FactSet({FactId::kBirthDate}), FactSet({FactId::kCause, FactId::kBirthDate}));
  EXPECT_TRUE((set - set).empty());
}

TEST(FactSetTest, HasRoomForTheLastFact) {
  const FactSet last = {FactId::kInitialMonths};
  EXPECT_TRUE(last.Has(FactId::kInitialMonths));
  for (std::size_t at = 0; at + 1 < kFactCount; ++at) EXPECT_FALSE(last.Has(static_cast<FactId>(at))) << at;
  EXPECT_EQ(FactSet({FactId::kCause, FactId::kInitialMonths}) & last, last);
}

TEST(FactsTest, KeepsOnlyWhatItIsTold) {
  Facts facts;
  facts.SetRaw(FactId::kCause, 1);
  facts.SetRaw(FactId::kEvDone, 1);
  facts.Keep({FactId::kEvDone, FactId::kBbbDone});
  EXPECT_EQ(facts.known(), FactSet({FactId::kEvDone}));
  EXPECT_EQ(facts.Raw(FactId::kEvDone), 1);
}

TEST(FactsTest, ForgetsWhatItIsTold) {
  Facts facts;
  facts.SetDay(FactId::kBirthDate, Day("2001-05-31"));
  EXPECT_TRUE(facts.Has(FactId::kBirthDate));
  EXPECT_EQ(facts.Day(FactId::kBirthDate), Day("2001-05-31"));
  facts.Forget(FactId::kBirthDate);
  EXPECT_FALSE(facts.Has(FactId::kBirthDate));
  EXPECT_TRUE(facts.known().empty());
}

}  // namespace
}  // namespace teilhabe::law
