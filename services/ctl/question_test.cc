#include "services/ctl/question.h"

#include "common/base/reason.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"

namespace teilhabe::ctl {
namespace {

namespace v1 = carriers::v1;

QuestionText Good() {
  QuestionText text;
  text.municipality = "05711000";
  text.stage = "arbeitsbereich";
  text.event_day = "2025-03-10";
  return text;
}

TEST(QuestionTest, BecomesTheMessage) {
  QuestionText text = Good();
  text.provider = "ala";
  text.law_day = "2024-02-29";
  text.known_at = "2026-12-01";
  text.facts = {{"cause", "work_accident+service_damage"},
                {"insured_months", "180"},
                {"birth_date", "2001-05-31"},
                {"rv_personal", "no"},
                {"drv_account", "drv-westfalen"}};
  const auto got = ToProto(text);
  ASSERT_TRUE(got.ok()) << got.status();
  v1::CompetenceQuestion want;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
      "municipality: '05711000' stage: STAGE_ARBEITSBEREICH provider_type: PROVIDER_TYPE_ALA "
      "event_day { year: 2025 month: 3 day: 10 } law_day { year: 2024 month: 2 day: 29 } "
      "known_at { year: 2026 month: 12 day: 1 } facts { cause: CAUSE_WORK_ACCIDENT cause: CAUSE_SERVICE_DAMAGE "
      "insured_months: 180 birth_date { year: 2001 month: 5 day: 31 } rv_personal: false drv_account: 'drv-westfalen' "
      "}",
      &want));
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(*got, want)) << got->ShortDebugString();
}

TEST(QuestionTest, WhatIsNotGivenIsAbsent) {
  const auto got = ToProto(Good());
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_EQ(got->provider_type(), v1::PROVIDER_TYPE_WFBM);
  EXPECT_FALSE(got->has_law_day());
  EXPECT_FALSE(got->has_known_at());
  EXPECT_EQ(got->facts().ByteSizeLong(), 0U);
}

TEST(QuestionTest, EveryStageAndProviderHasItsName) {
  QuestionText text = Good();
  for (const auto& [name, stage] : {std::pair{"eingangsverfahren", v1::STAGE_EINGANGSVERFAHREN},
                                    std::pair{"berufsbildungsbereich", v1::STAGE_BERUFSBILDUNGSBEREICH},
                                    std::pair{"arbeitsbereich", v1::STAGE_ARBEITSBEREICH}}) {
    text.stage = name;
    EXPECT_EQ(ToProto(text)->stage(), stage);
  }
  text.provider = "wfbm";
  EXPECT_EQ(ToProto(text)->provider_type(), v1::PROVIDER_TYPE_WFBM);
}

// The node says what is wrong with a key; here only what cannot travel.
TEST(QuestionTest, MunicipalityIsNotJudgedHere) {
  for (const char* municipality : {"", "Bielefeld", "99999999"}) {
    QuestionText text = Good();
    text.municipality = municipality;
    EXPECT_TRUE(ToProto(text).ok());
  }
}

struct Wrong {
  const char* name;
  void (*spoil)(QuestionText&);
  const char* reason;
  const char* field;
  const char* says = "";
};

class WrongQuestion : public testing::TestWithParam<Wrong> {};

TEST_P(WrongQuestion, IsRejectedWithReasonAndField) {
  QuestionText text = Good();
  GetParam().spoil(text);
  const auto got = ToProto(text);
  ASSERT_FALSE(got.ok());
  EXPECT_EQ(got.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(GetReason(got.status()), GetParam().reason) << got.status();
  EXPECT_EQ(GetField(got.status()), GetParam().field) << got.status();
  EXPECT_THAT(std::string(got.status().message()), testing::HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    All, WrongQuestion,
    testing::Values(
        Wrong{"NoStage", [](QuestionText& text) { text.stage = ""; }, "FIELD_REQUIRED", "stage"},
        Wrong{"StageTypo", [](QuestionText& text) { text.stage = "arbeitsberich"; }, "VALUE_UNKNOWN", "stage",
              "did you mean arbeitsbereich?"},
        Wrong{"StageUnlike", [](QuestionText& text) { text.stage = "7"; }, "VALUE_UNKNOWN", "stage",
              "expected eingangsverfahren, berufsbildungsbereich, arbeitsbereich"},
        Wrong{"StageUpperCase", [](QuestionText& text) { text.stage = "ARBEITSBEREICH"; }, "VALUE_UNKNOWN", "stage"},
        Wrong{"StageUnspecified", [](QuestionText& text) { text.stage = "unspecified"; }, "VALUE_UNKNOWN", "stage"},
        Wrong{"NoProvider", [](QuestionText& text) { text.provider = ""; }, "FIELD_REQUIRED", "provider"},
        Wrong{"ProviderTypo", [](QuestionText& text) { text.provider = "wfbn"; }, "VALUE_UNKNOWN", "provider",
              "did you mean wfbm?"},
        Wrong{"NoDay", [](QuestionText& text) { text.event_day = ""; }, "DAY_INVALID", "event_day"},
        Wrong{"ThirtiethOfFebruary", [](QuestionText& text) { text.event_day = "2025-02-30"; }, "DAY_INVALID",
              "event_day"},
        Wrong{"GermanDay", [](QuestionText& text) { text.event_day = "10.03.2025"; }, "DAY_INVALID", "event_day",
              "YYYY-MM-DD"},
        Wrong{"LawDay", [](QuestionText& text) { text.law_day = "2025"; }, "DAY_INVALID", "law_day"},
        Wrong{"KnownAt", [](QuestionText& text) { text.known_at = "today"; }, "DAY_INVALID", "known_at"},
        Wrong{"FactUnknown",
              [](QuestionText& text) {
                text.facts = {{"disabilty", "none"}};
              },
              "FACT_UNKNOWN", "facts", "did you mean disability?"},
        Wrong{"FactTwice",
              [](QuestionText& text) {
                text.facts = {{"cause", "none"}, {"cause", "none"}};
              },
              "FACT_TWICE", "facts.cause"},
        Wrong{"FactValue",
              [](QuestionText& text) {
                text.facts = {{"em_pension", "ja"}};
              },
              "FACT_VALUE_INVALID", "facts.em_pension"},
        Wrong{"FactEmpty",
              [](QuestionText& text) {
                text.facts = {{"cause", ""}};
              },
              "FACT_VALUE_INVALID", "facts.cause"},
        Wrong{"FactAgency",
              [](QuestionText& text) {
                text.facts = {{"drv_account", "lwl"}};
              },
              "AGENCY_WRONG_KIND", "facts.drv_account"},
        Wrong{"Latin1", [](QuestionText& text) { text.municipality = "M\xFCnchen"; }, "VALUE_NOT_UTF8",
              "municipality"}),
    [](const auto& tested) { return tested.param.name; });

TEST(ShortNameTest, IsWhatPeopleAndTablesRead) {
  EXPECT_EQ(ShortName(v1::OUTCOME_DETERMINED), "DETERMINED");
  EXPECT_EQ(ShortName(v1::CARRIER_KIND_PENSION_INSURANCE), "PENSION_INSURANCE");
  EXPECT_EQ(ShortName(v1::CARRIER_KIND_UNSPECIFIED), "");
  EXPECT_EQ(ShortName(law::v1::FACT_NAME_INSURED_MONTHS), "insured_months");
  // A number that a newer node sends.
  EXPECT_EQ(ShortName(static_cast<v1::CarrierKind>(77)), "");
}

}  // namespace
}  // namespace teilhabe::ctl
