#include "common/rpc/convert.h"

#include <random>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/day.h"
#include "common/base/reason.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace teilhabe::rpc {
namespace {

using law::FactId;
using law::FactInfo;
using law::FactType;

const reference::Reference& Data() { return reference::EmbeddedReference(); }

std::int64_t DayNumber(absl::CivilDay day) { return day - absl::CivilDay(1970, 1, 1); }

// Every value of a fact; of days the bounds, every day of a leap year and some that chance picks.
std::vector<std::int64_t> ValuesOf(const FactInfo& info, std::mt19937& chance) {
  std::vector<std::int64_t> values;
  switch (info.type) {
    case FactType::kChoiceSet:
      for (std::int64_t bits = 1; bits < std::int64_t{1} << info.values.size(); ++bits) values.push_back(bits);
      break;
    case FactType::kYesNo:
      values = {0, 1};
      break;
    case FactType::kMonths:
      for (std::int64_t months = 0; months <= 1200; ++months) values.push_back(months);
      break;
    case FactType::kDay: {
      const std::int64_t first = DayNumber(absl::CivilDay(1, 1, 1));
      const std::int64_t last = DayNumber(absl::CivilDay(9999, 12, 31));
      values = {first, last, -1, 0, 1};
      for (absl::CivilDay day(2024, 1, 1); day.year() == 2024; ++day) values.push_back(DayNumber(day));
      std::uniform_int_distribution<std::int64_t> days(first, last);
      for (int at = 0; at < 1000; ++at) values.push_back(days(chance));
      break;
    }
    case FactType::kPlace:
      values = {law::Facts::kThisPlace};
      for (const reference::Place& place : Data().places()) {
        values.push_back(*law::ParseFactValue(info.id, absl::StrCat(place.ags8), Data()));
      }
      break;
    case FactType::kAgency:
      for (const reference::Agency& agency : Data().agencies()) {
        const auto value = law::ParseFactValue(info.id, std::string(agency.id), Data());
        if (value.ok()) values.push_back(*value);
      }
      break;
    case FactType::kAreaNumber:
      values = {law::Facts::kNoAreaNumber};
      for (int number = 0; number < 100; ++number) {
        const auto value = law::ParseFactValue(info.id, absl::StrFormat("%02d", number), Data());
        if (value.ok()) values.push_back(*value);
      }
      break;
  }
  return values;
}

void ExpectSame(const law::Facts& sent) {
  const auto got = FromProto(ToProto(sent, Data()), Data());
  ASSERT_TRUE(got.ok()) << got.status();
  ASSERT_EQ(got->known(), sent.known());
  sent.known().ForEach([&](FactId fact) { EXPECT_EQ(got->Raw(fact), sent.Raw(fact)) << law::Info(fact).name; });
}

TEST(FactsRoundTrip, EveryValueOfEveryFact) {
  constexpr unsigned kSeed = 2;
  std::mt19937 chance(kSeed);
  for (const FactInfo& info : law::FactCatalogue()) {
    const auto values = ValuesOf(info, chance);
    ASSERT_GE(values.size(), 2U) << info.name;
    for (const std::int64_t value : values) {
      law::Facts facts;
      facts.SetRaw(info.id, value);
      ExpectSame(facts);
      if (HasFailure()) FAIL() << info.name << " = " << value << ", seed " << kSeed;
    }
  }
}

TEST(FactsRoundTrip, AnyFactsTogether) {
  constexpr unsigned kSeed = 3;
  std::mt19937 chance(kSeed);
  std::vector<std::vector<std::int64_t>> values;
  for (const FactInfo& info : law::FactCatalogue()) values.push_back(ValuesOf(info, chance));
  for (int round = 0; round < 2000; ++round) {
    law::Facts facts;
    for (std::size_t at = 0; at < values.size(); ++at) {
      if (chance() % 2 == 0) facts.SetRaw(static_cast<FactId>(at), values[at][chance() % values[at].size()]);
    }
    ExpectSame(facts);
    if (HasFailure()) FAIL() << "round " << round << ", seed " << kSeed;
  }
}

TEST(FactsRoundTrip, NothingStaysNothing) {
  EXPECT_EQ(ToProto(law::Facts(), Data()).ByteSizeLong(), 0U);
  const auto got = FromProto(teilhabe::law::v1::Facts(), Data());
  ASSERT_TRUE(got.ok());
  EXPECT_TRUE(got->known().empty());
}

TEST(FactsContract, NamesNumbersAndValuesAreThoseOfTheTable) {
  const auto* const message = teilhabe::law::v1::Facts::descriptor();
  ASSERT_EQ(message->field_count(), static_cast<int>(law::kFactCount));
  for (const FactInfo& info : law::FactCatalogue()) {
    const int number = static_cast<int>(info.id) + 1;
    const auto* const field = message->FindFieldByNumber(number);
    ASSERT_NE(field, nullptr) << info.name;
    EXPECT_EQ(field->name(), info.name);
    EXPECT_EQ(ToProto(info.id), number);
    EXPECT_EQ(teilhabe::law::v1::FactName_Name(ToProto(info.id)),
              absl::StrCat("FACT_NAME_", absl::AsciiStrToUpper(info.name)));
    if (info.type != FactType::kChoiceSet) continue;
    ASSERT_EQ(field->enum_type()->value_count(), static_cast<int>(info.values.size()) + 1);
    for (std::size_t at = 0; at < info.values.size(); ++at) {
      const std::string prefix = info.id == FactId::kExclusion219 ? "EXCLUSION219" : absl::AsciiStrToUpper(info.name);
      EXPECT_EQ(field->enum_type()->FindValueByNumber(static_cast<int>(at) + 1)->name(),
                absl::StrCat(prefix, "_", absl::AsciiStrToUpper(info.values[at])));
    }
  }
}

struct Refused {
  const char* name;
  const char* proto;
  const char* reason;
  const char* field;
};

class FactsRefused : public testing::TestWithParam<Refused> {};

TEST_P(FactsRefused, WithReasonAndField) {
  teilhabe::law::v1::Facts proto;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(GetParam().proto, &proto));
  const auto got = FromProto(proto, Data());
  ASSERT_FALSE(got.ok());
  EXPECT_EQ(got.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(GetReason(got.status()), GetParam().reason);
  EXPECT_EQ(GetField(got.status()), GetParam().field);
}

INSTANTIATE_TEST_SUITE_P(
    All, FactsRefused,
    testing::Values(
        Refused{"CauseUnspecified", "cause: CAUSE_UNSPECIFIED", "FACT_VALUE_INVALID", "facts.cause"},
        Refused{"CauseBeyond", "cause: 5", "FACT_VALUE_INVALID", "facts.cause"},
        Refused{"CauseHuge", "cause: 2147483647", "FACT_VALUE_INVALID", "facts.cause"},
        Refused{"CauseNegative", "cause: -1", "FACT_VALUE_INVALID", "facts.cause"},
        Refused{"SecondCause", "cause: CAUSE_NONE cause: 0", "FACT_VALUE_INVALID", "facts.cause"},
        Refused{"DisabilityBeyond", "disability: 5", "FACT_VALUE_INVALID", "facts.disability"},
        Refused{"ExclusionBeyond", "rv_exclusion: 6", "FACT_VALUE_INVALID", "facts.rv_exclusion"},
        Refused{"MonthsNegative", "insured_months: -1", "FACT_VALUE_INVALID", "facts.insured_months"},
        Refused{"MonthsTooMany", "insured_months: 1201", "FACT_VALUE_INVALID", "facts.insured_months"},
        Refused{"FirstGrantNegative", "initial_months: -1", "FACT_VALUE_INVALID", "facts.initial_months"},
        Refused{"FirstGrantTooLong", "initial_months: 1201", "FACT_VALUE_INVALID", "facts.initial_months"},
        Refused{"GroundUnspecified", "exclusion_219: 0", "FACT_VALUE_INVALID", "facts.exclusion_219"},
        Refused{"ReturnBeyond", "return_from: 7", "FACT_VALUE_INVALID", "facts.return_from"},
        Refused{"BirthEmpty", "birth_date {}", "DAY_INVALID", "facts.birth_date"},
        Refused{"BirthThirtiethOfFebruary", "birth_date { year: 2000 month: 2 day: 30 }", "DAY_INVALID",
                "facts.birth_date"},
        Refused{"ApplicationWithoutDay", "application_day { year: 2024 month: 2 }", "DAY_INVALID",
                "facts.application_day"},
        Refused{"ApplicationHuge", "application_day { year: 2147483647 month: 2147483647 day: 2147483647 }",
                "DAY_INVALID", "facts.application_day"},
        Refused{"ApplicationLow", "application_day { year: -2147483648 month: -2147483648 day: -2147483648 }",
                "DAY_INVALID", "facts.application_day"},
        Refused{"PlaceName", "first_application: 'Bielefeld'", "MUNICIPALITY_MALFORMED", "facts.first_application"},
        Refused{"PlaceShort", "sgb12_place: '5711000'", "MUNICIPALITY_MALFORMED", "facts.sgb12_place"},
        Refused{"PlaceWithNul", "sgb12_place: '0571100\\000'", "MUNICIPALITY_MALFORMED", "facts.sgb12_place"},
        Refused{"AccountUnknown", "drv_account: 'nobody'", "AGENCY_UNKNOWN", "facts.drv_account"},
        Refused{"AccountOfAnotherKind", "drv_account: 'lwl'", "AGENCY_WRONG_KIND", "facts.drv_account"},
        Refused{"InsurerOfAnotherKind", "accident_insurer: 'drv-bund'", "AGENCY_WRONG_KIND", "facts.accident_insurer"},
        Refused{"AreaUnknown", "area_number: '00'", "AREA_NUMBER_UNKNOWN", "facts.area_number"},
        Refused{"AreaWholeNumber", "area_number: '65170839J003'", "AREA_NUMBER_UNKNOWN", "facts.area_number"}),
    [](const auto& tested) { return tested.param.name; });

TEST(DayConversion, EveryDayOfALeapYearAndTheBounds) {
  std::vector<absl::CivilDay> days = {absl::CivilDay(1, 1, 1), absl::CivilDay(9999, 12, 31)};
  for (absl::CivilDay day(2024, 1, 1); day.year() == 2024; ++day) days.push_back(day);
  for (const absl::CivilDay day : days) {
    const auto got = FromProto(ToProto(day), "event_day");
    ASSERT_TRUE(got.ok()) << FormatDay(day);
    EXPECT_EQ(*got, day);
  }
}

TEST(DayConversion, RefusesWhatIsNoDay) {
  const std::vector<std::array<int, 3>> wrong = {
      {0, 0, 0},     {2025, 0, 1},  {2025, 1, 0}, {0, 3, 10},    {2025, 2, 29}, {1900, 2, 29}, {2025, 13, 1},
      {2025, 4, 31}, {10000, 1, 1}, {-1, 1, 1},   {2025, -1, 1}, {2025, 1, -1}, {2025, 1, 32}};
  for (const auto& [year, month, day] : wrong) {
    google::type::Date proto;
    proto.set_year(year);
    proto.set_month(month);
    proto.set_day(day);
    const auto got = FromProto(proto, "event_day");
    ASSERT_FALSE(got.ok()) << proto.ShortDebugString();
    EXPECT_EQ(got.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(GetReason(got.status()), "DAY_INVALID");
    EXPECT_EQ(GetField(got.status()), "event_day");
  }
}

}  // namespace
}  // namespace teilhabe::rpc
