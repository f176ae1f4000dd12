#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/rpc/channel.h"
#include "common/rpc/server.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "services/carriers/service.h"

namespace teilhabe::carriers {

constexpr absl::Duration kSoon = absl::Seconds(60);  // What must happen, has happened by then.

template <typename Message>
Message FromText(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

// A question that is answered, with the fields of `changes`, a text of the message, in place of its own.
inline v1::CompetenceQuestion Ask(const std::string& changes = "") {
  auto question = FromText<v1::CompetenceQuestion>(
      "municipality: '05711000' stage: STAGE_ARBEITSBEREICH provider_type: PROVIDER_TYPE_WFBM "
      "event_day { year: 2025 month: 3 day: 10 }");
  EXPECT_TRUE(google::protobuf::TextFormat::MergeFromString(changes, &question)) << changes;
  return question;
}

// One question that is rejected, and how.
struct Rejected {
  const char* name;
  v1::CompetenceQuestion question;
  absl::StatusCode code;
  const char* reason;
  const char* field;
  const char* successor = "";
};

inline Rejected Without(const char* name, const char* field) {
  v1::CompetenceQuestion question = Ask();
  question.GetReflection()->ClearField(&question, question.GetDescriptor()->FindFieldByName(field));
  return {name, question, absl::StatusCode::kInvalidArgument, "FIELD_REQUIRED", field};
}

// A question for each reason that the contract names, and for each field it can be about.
inline std::vector<Rejected> AllRejected() {
  constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
  constexpr auto kNotFound = absl::StatusCode::kNotFound;
  constexpr auto kPrecondition = absl::StatusCode::kFailedPrecondition;
  v1::CompetenceQuestion long_account = Ask();
  std::string umlauts = "x";
  for (int at = 0; at < 60; ++at) umlauts += "ä";  // The message quotes 64 bytes of it: half a letter at the end.
  long_account.mutable_facts()->set_drv_account(umlauts);
  return {
      Without("NoMunicipality", "municipality"),
      Without("NoStage", "stage"),
      Without("NoProvider", "provider_type"),
      Without("NoDay", "event_day"),
      {"StageUnknown", Ask("stage: 99"), kInvalid, "FIELD_REQUIRED", "stage"},
      {"ProviderUnknown", Ask("provider_type: 3"), kInvalid, "FIELD_REQUIRED", "provider_type"},
      {"StageNegative", Ask("stage: -1"), kInvalid, "FIELD_REQUIRED", "stage"},
      {"ThirtiethOfFebruary", Ask("event_day { month: 2 day: 30 }"), kInvalid, "DAY_INVALID", "event_day"},
      {"LawDayInvalid", Ask("law_day { year: 2025 month: 13 day: 1 }"), kInvalid, "DAY_INVALID", "law_day"},
      {"KnownAtEmpty", Ask("known_at {}"), kInvalid, "DAY_INVALID", "known_at"},
      {"BirthInvalid", Ask("facts { birth_date { year: 1900 month: 2 day: 29 } }"), kInvalid, "DAY_INVALID",
       "facts.birth_date"},
      {"BeforeData", Ask("event_day { year: 2017 month: 12 day: 31 }"), kPrecondition, "BEFORE_DATA", "event_day"},
      {"LawBeforeData", Ask("law_day { year: 2017 month: 12 day: 31 }"), kPrecondition, "BEFORE_DATA", "law_day"},
      {"BeyondData", Ask("event_day { year: 9999 month: 12 day: 31 }"), kPrecondition, "BEYOND_DATA", "event_day"},
      {"LawBeyondData", Ask("law_day { year: 9999 month: 12 day: 31 }"), kPrecondition, "BEYOND_DATA", "law_day"},
      {"KnownAtBeforeData", Ask("known_at { year: 2020 month: 1 day: 1 }"), kInvalid, "KNOWN_AT_BEFORE_DATA",
       "known_at"},
      {"MunicipalityName", Ask("municipality: 'Bielefeld'"), kInvalid, "MUNICIPALITY_MALFORMED", "municipality"},
      {"MunicipalityWithoutZero", Ask("municipality: '5711000'"), kInvalid, "MUNICIPALITY_MALFORMED", "municipality"},
      {"MunicipalityWithNul", Ask("municipality: '0571100\\000'"), kInvalid, "MUNICIPALITY_MALFORMED", "municipality"},
      {"PlaceMalformed", Ask("facts { first_application: 'here' }"), kInvalid, "MUNICIPALITY_MALFORMED",
       "facts.first_application"},
      {"CauseUnspecified", Ask("facts { cause: CAUSE_UNSPECIFIED }"), kInvalid, "FACT_VALUE_INVALID", "facts.cause"},
      {"MonthsHuge", Ask("facts { insured_months: 1000000000 }"), kInvalid, "FACT_VALUE_INVALID",
       "facts.insured_months"},
      {"AccountUnknown", Ask("facts { drv_account: 'nobody' }"), kInvalid, "AGENCY_UNKNOWN", "facts.drv_account"},
      {"AccountLong", long_account, kInvalid, "AGENCY_UNKNOWN", "facts.drv_account"},
      {"AccountOfAnotherKind", Ask("facts { drv_account: 'lwl' }"), kInvalid, "AGENCY_WRONG_KIND", "facts.drv_account"},
      {"AreaUnknown", Ask("facts { area_number: '00' }"), kInvalid, "AREA_NUMBER_UNKNOWN", "facts.area_number"},
      {"NoneAndMore", Ask("facts { cause: CAUSE_NONE cause: CAUSE_WORK_ACCIDENT }"), kInvalid, "FACTS_CONTRADICT",
       "facts.cause"},
      {"BornAfterwards", Ask("facts { birth_date { year: 2025 month: 3 day: 11 } }"), kInvalid, "FACTS_CONTRADICT",
       "facts.birth_date"},
      {"MunicipalityUnknown", Ask("municipality: '99999999'"), kNotFound, "MUNICIPALITY_UNKNOWN", "municipality"},
      {"PlaceUnknown", Ask("facts { sgb12_place: '99999999' }"), kNotFound, "MUNICIPALITY_UNKNOWN",
       "facts.sgb12_place"},
      {"Dissolved", Ask("municipality: '16056000'"), kNotFound, "MUNICIPALITY_DISSOLVED", "municipality", "16063105"},
      {"DissolvedSuccessorNotRecorded", Ask("municipality: '16063028'"), kNotFound, "MUNICIPALITY_DISSOLVED",
       "municipality"},
      {"NotYet", Ask("municipality: '16063105' event_day { year: 2021 month: 6 day: 30 }"), kNotFound,
       "MUNICIPALITY_NOT_YET", "municipality"},
      {"Uncertain", Ask("municipality: '03153014' event_day { year: 2021 month: 6 day: 1 }"), kPrecondition,
       "MUNICIPALITY_UNCERTAIN", "municipality"},
  };
}

// The service on a real server on a port of its own.
class ServiceTest : public testing::Test {
 protected:
  void SetUp() override {
    rpc::ServerOptions options;
    options.listen = "127.0.0.1:0";
    auto started = rpc::Server::Start(options, {{CarriersServiceImpl::kName, &service_}});
    ASSERT_TRUE(started.ok()) << started.status();
    server_ = *std::move(started);
  }

  std::shared_ptr<grpc::Channel> Channel(absl::Duration deadline = kSoon) const {
    return rpc::MakeLoopbackChannel(absl::StrCat("127.0.0.1:", server_->port()), deadline);
  }
  std::unique_ptr<v1::CarriersService::Stub> Stub() const { return v1::CarriersService::NewStub(Channel()); }

  CarriersServiceImpl service_{CompetenceRules::Embedded()};
  std::unique_ptr<rpc::Server> server_;
};

}  // namespace teilhabe::carriers
