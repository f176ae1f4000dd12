#include "services/eligibility/service.h"

#include <fstream>
#include <iterator>
#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "common/base/day.h"
#include "common/base/reason.h"
#include "common/rpc/channel.h"
#include "common/rpc/convert.h"
#include "common/rpc/server.h"
#include "common/rpc/status.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "services/eligibility/convert.h"
#include "services/eligibility/evaluate.h"

namespace teilhabe::eligibility {
namespace {

using google::protobuf::util::MessageDifferencer;

// A question that is MET in Nordrhein-Westfalen, with the fields of `changes` in place of its own.
v1::AdmissionQuestion Ask(const std::string& changes = "") {
  v1::AdmissionQuestion question;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
      "stage: STAGE_BERUFSBILDUNGSBEREICH provider_type: PROVIDER_TYPE_ALA land: '05' "
      "event_day { year: 2025 month: 3 day: 10 } decision_day { year: 2025 month: 2 day: 3 } policies: 'nw-n' "
      "facts { application_made: true teilhabeplan: true several_traeger: true needs_determined: true "
      "personenkreis: true better_access: false mindestmass: false mindestmass_low: true "
      "exclusion_219: EXCLUSION219_NONE ev_done: true very_high_need: false initial_months: 13 }",
      &question));
  EXPECT_TRUE(google::protobuf::TextFormat::MergeFromString(changes, &question)) << changes;
  return question;
}

v1::AdmissionQuestion Without(const char* field) {
  v1::AdmissionQuestion question = Ask();
  question.GetReflection()->ClearField(&question, question.GetDescriptor()->FindFieldByName(field));
  return question;
}

class ServiceTest : public testing::Test {
 protected:
  void SetUp() override {
    rpc::ServerOptions options;
    options.listen = "127.0.0.1:0";
    auto started = rpc::Server::Start(options, {{EligibilityServiceImpl::kName, &service_}});
    ASSERT_TRUE(started.ok()) << started.status();
    server_ = *std::move(started);
  }

  absl::StatusOr<v1::EvaluateAdmissionResponse> Evaluate(const v1::AdmissionQuestion& question,
                                                         bool with_text = false) {
    v1::EvaluateAdmissionRequest request;
    *request.mutable_question() = question;
    request.set_with_text(with_text);
    v1::EvaluateAdmissionResponse response;
    grpc::ClientContext context;
    const grpc::Status status = Stub()->EvaluateAdmission(&context, request, &response);
    if (!status.ok()) return rpc::FromGrpcStatus(status);
    return response;
  }

  std::unique_ptr<v1::EligibilityService::Stub> Stub() const {
    return v1::EligibilityService::NewStub(
        rpc::MakeLoopbackChannel(absl::StrCat("127.0.0.1:", server_->port()), absl::Seconds(60)));
  }

  EligibilityServiceImpl service_;
  std::unique_ptr<rpc::Server> server_;
};

TEST_F(ServiceTest, N_03_TheAnswerIsWhole) {
  const auto got = Evaluate(Ask());
  ASSERT_TRUE(got.ok()) << got.status();
  const v1::Admission& answer = got->admission();
  EXPECT_EQ(answer.outcome(), v1::ADMISSION_OUTCOME_MET) << answer.ShortDebugString();
  EXPECT_TRUE(answer.breaches().empty());
  ASSERT_EQ(answer.warnings_size(), 1);
  EXPECT_EQ(answer.warnings(0).rule_id(), "s57_3_first");
  EXPECT_EQ(answer.warnings(0).reason(), "FIRST_GRANT_LONG");
  EXPECT_EQ(std::vector<std::string>(answer.discretion().begin(), answer.discretion().end()),
            std::vector<std::string>({"n03_mindestmass_low", "s60_3_ala"}));
  EXPECT_TRUE(answer.missing().empty());
  EXPECT_FALSE(answer.has_checked_until());
  EXPECT_TRUE(answer.text().empty());
  bool low = false;
  for (const law::v1::Finding& finding : answer.findings()) {
    EXPECT_NE(finding.verdict(), law::v1::VERDICT_UNSPECIFIED) << finding.rule_id();
    EXPECT_NE(finding.force(), law::v1::FORCE_UNSPECIFIED) << finding.rule_id();
    EXPECT_FALSE(finding.citation().empty()) << finding.rule_id();
    EXPECT_TRUE(finding.text().empty());
    low = low || finding.rule_id() == "n03_mindestmass_low";
  }
  EXPECT_TRUE(low) << "both standards are recorded";
  const std::set<int> used(answer.used().begin(), answer.used().end());
  EXPECT_TRUE(used.contains(law::v1::FACT_NAME_MINDESTMASS_LOW));
  EXPECT_FALSE(used.contains(law::v1::FACT_NAME_APPLICATION_DAY));
}

TEST_F(ServiceTest, N_08_BreachesAndMissingFacts) {
  const auto breach = Evaluate(Ask("facts { very_high_need: true two_years_may_not_fit: true basismodul: false }"));
  ASSERT_TRUE(breach.ok()) << breach.status();
  EXPECT_EQ(breach->admission().outcome(), v1::ADMISSION_OUTCOME_NOT_MET);
  ASSERT_EQ(breach->admission().breaches_size(), 1);
  EXPECT_EQ(breach->admission().breaches(0).rule_id(), "n08_basismodul");
  EXPECT_EQ(breach->admission().breaches(0).reason(), "BASISMODUL_MISSING");

  const auto open = Evaluate(Ask("facts { very_high_need: true two_years_may_not_fit: true }"), true);
  ASSERT_TRUE(open.ok()) << open.status();
  EXPECT_EQ(open->admission().outcome(), v1::ADMISSION_OUTCOME_UNDETERMINED);
  ASSERT_EQ(open->admission().missing_size(), 1);
  EXPECT_EQ(open->admission().missing(0).fact(), law::v1::FACT_NAME_BASISMODUL);
  EXPECT_FALSE(open->admission().missing(0).suppliers().empty());
  EXPECT_FALSE(open->admission().missing(0).text().empty());
  EXPECT_GT(open->admission().text_size(), 5);
}

TEST_F(ServiceTest, N_17_NamesTheLawAndTheDataItRestsOn) {
  const auto got = Evaluate(Ask("law_day { year: 2026 month: 11 day: 22 }"));
  ASSERT_TRUE(got.ok()) << got.status();
  for (const std::string& digest :
       {got->versions().rules_digest(), got->versions().parameters_digest(), got->versions().reference_digest()}) {
    EXPECT_EQ(digest.size(), 64U);
    EXPECT_EQ(digest.find_first_not_of("0123456789abcdef"), std::string::npos);
  }
  EXPECT_TRUE(got->versions().has_reference_day());
  EXPECT_TRUE(got->admission().has_checked_until());
}

// The use cases in the same process get the same, by many threads too.
TEST_F(ServiceTest, N_17_AnswersAsTheFunctionDoes) {
  for (const char* changes : {"", "stage: 1", "stage: 3", "provider_type: 1", "land: '16'", "policies: 'th-t'",
                              "facts { personenkreis: false }", "facts { return_from: RETURN_FROM_ALA }"}) {
    v1::EvaluateAdmissionRequest request;
    *request.mutable_question() = Ask(changes);
    request.set_with_text(true);
    const auto want = EvaluateAdmission(request);
    const auto got = Evaluate(request.question(), true);
    ASSERT_TRUE(want.ok() && got.ok()) << got.status();
    EXPECT_TRUE(MessageDifferencer::Equals(*got, *want)) << changes;
    std::vector<std::thread> threads;
    std::vector<bool> same(4);
    std::vector<v1::EvaluateAdmissionResponse> answers(4);
    for (auto& answer : answers) threads.emplace_back([&] { answer = *EvaluateAdmission(request); });
    for (std::thread& thread : threads) thread.join();
    for (const auto& answer : answers) EXPECT_TRUE(MessageDifferencer::Equals(answer, *want)) << changes;
  }
}

struct Rejected {
  const char* name;
  v1::AdmissionQuestion question;
  absl::StatusCode code;
  const char* reason;
  const char* field;
};

// A question for each reason that the contract names, and for each field it can be about.
std::vector<Rejected> AllRejected() {
  constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
  constexpr auto kPrecondition = absl::StatusCode::kFailedPrecondition;
  return {
      {"Nothing", {}, kInvalid, "STAGE_MISSING", "stage"},
      {"NoStage", Without("stage"), kInvalid, "STAGE_MISSING", "stage"},
      {"StageUnknown", Ask("stage: 99"), kInvalid, "STAGE_MISSING", "stage"},
      {"StageNegative", Ask("stage: -1"), kInvalid, "STAGE_MISSING", "stage"},
      {"NoProvider", Without("provider_type"), kInvalid, "PROVIDER_TYPE_MISSING", "provider_type"},
      {"ProviderUnknown", Ask("provider_type: 3"), kInvalid, "PROVIDER_TYPE_MISSING", "provider_type"},
      {"NoLand", Without("land"), kInvalid, "LAND_UNKNOWN", "land"},
      {"LandName", Ask("land: 'NRW'"), kInvalid, "LAND_UNKNOWN", "land"},
      {"LandSeventeen", Ask("land: '17'"), kInvalid, "LAND_UNKNOWN", "land"},
      {"LandOneDigit", Ask("land: '5'"), kInvalid, "LAND_UNKNOWN", "land"},
      {"PolicyUnknown", Ask("policies: 'he-x'"), kInvalid, "POLICY_UNKNOWN", "policies"},
      {"PolicyEmpty", Ask("policies: ''"), kInvalid, "POLICY_UNKNOWN", "policies"},
      {"NoDay", Without("event_day"), kInvalid, "DAY_INVALID", "event_day"},
      {"ThirtiethOfFebruary", Ask("event_day { month: 2 day: 30 }"), kInvalid, "DAY_INVALID", "event_day"},
      {"NoDecisionDay", Without("decision_day"), kInvalid, "DAY_INVALID", "decision_day"},
      {"LawDayInvalid", Ask("law_day { year: 2025 month: 13 day: 1 }"), kInvalid, "DAY_INVALID", "law_day"},
      {"KnownAtEmpty", Ask("known_at {}"), kInvalid, "DAY_INVALID", "known_at"},
      {"BirthInvalid", Ask("facts { birth_date { year: 1900 month: 2 day: 29 } }"), kInvalid, "DAY_INVALID",
       "facts.birth_date"},
      {"MonthsNegative", Ask("facts { initial_months: -1 }"), kInvalid, "FACT_VALUE_INVALID", "facts.initial_months"},
      {"GroundUnspecified", Ask("facts { exclusion_219: EXCLUSION219_UNSPECIFIED }"), kInvalid, "FACT_VALUE_INVALID",
       "facts.exclusion_219"},
      {"ReturnUnknown", Ask("facts { return_from: 7 }"), kInvalid, "FACT_VALUE_INVALID", "facts.return_from"},
      {"GroundsContradict", Ask("facts { exclusion_219: EXCLUSION219_DANGER }"), kInvalid, "FACTS_CONTRADICT",
       "facts.exclusion_219"},
      {"StandardsContradict", Ask("facts { mindestmass: true mindestmass_low: false }"), kInvalid, "FACTS_CONTRADICT",
       "facts.mindestmass_low"},
      {"BeforeData", Ask("event_day { year: 2017 month: 12 day: 31 }"), kPrecondition, "BEFORE_DATA", "event_day"},
      {"LawBeforeData", Ask("law_day { year: 2017 month: 12 day: 31 }"), kPrecondition, "BEFORE_DATA", "law_day"},
      {"KnownBeforeData", Ask("known_at { year: 2020 month: 1 day: 1 }"), kPrecondition, "BEFORE_DATA", "known_at"},
      {"BeyondData", Ask("event_day { year: 9999 month: 12 day: 31 }"), kPrecondition, "BEYOND_DATA", "event_day"},
      {"LawBeyondData", Ask("law_day { year: 9999 month: 12 day: 31 }"), kPrecondition, "BEYOND_DATA", "law_day"},
  };
}

class RejectedTest : public ServiceTest, public testing::WithParamInterface<Rejected> {};
TEST_P(RejectedTest, WithCodeReasonAndField) {
  const auto got = Evaluate(GetParam().question);
  ASSERT_FALSE(got.ok());
  EXPECT_EQ(got.status().code(), GetParam().code) << got.status();
  EXPECT_EQ(GetReason(got.status()), GetParam().reason) << got.status();
  EXPECT_EQ(GetField(got.status()), GetParam().field) << got.status();
  EXPECT_FALSE(got.status().message().empty());
  EXPECT_TRUE(Evaluate(Ask()).ok());  // The service goes on.
}
INSTANTIATE_TEST_SUITE_P(Contract, RejectedTest, testing::ValuesIn(AllRejected()),
                         [](const auto& tested) { return std::string(tested.param.name); });

// The comment of the contract is what clients build on: each reason that happens stands there, and each that stands
// there happens.
TEST(ContractTest, NamesTheReasonsThatHappen) {
  std::ifstream file("proto/teilhabe/eligibility/v1/eligibility_service.proto");
  const std::string text(std::istreambuf_iterator<char>(file), {});
  const std::size_t begin = text.find("// Errors");
  const std::size_t end = text.find("rpc ", begin);
  ASSERT_NE(end, std::string::npos);
  std::set<std::string> named;
  for (const auto word : absl::StrSplit(text.substr(begin, end - begin), absl::ByAnyChar(" .,;:()/\n`"))) {
    const std::string name(word);
    const bool upper = name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_*") == std::string::npos;
    if (upper && name.find('_') != std::string::npos) named.insert(name);
  }
  for (const char* code : {"INVALID_ARGUMENT", "FAILED_PRECONDITION"}) EXPECT_EQ(named.erase(code), 1U);
  std::set<std::string> happen;
  for (const Rejected& rejected : AllRejected()) {
    const std::string reason = rejected.reason;
    happen.insert(reason.starts_with("FACT_") ? "FACT_*" : reason);
  }
  EXPECT_EQ(named, happen);
}

class ListRulesTest : public ServiceTest {
 protected:
  absl::StatusOr<v1::ListAdmissionRulesResponse> List(const v1::ListAdmissionRulesRequest& request) {
    v1::ListAdmissionRulesResponse response;
    grpc::ClientContext context;
    const grpc::Status status = Stub()->ListAdmissionRules(&context, request, &response);
    if (!status.ok()) return rpc::FromGrpcStatus(status);
    return response;
  }
};

TEST_F(ListRulesTest, WithoutADayAllRowsElseThoseValidOnIt) {
  const auto& rules = AdmissionRules::Embedded().book().rules();
  const auto all = List({});
  ASSERT_TRUE(all.ok()) << all.status();
  ASSERT_EQ(all->rules_size(), static_cast<int>(rules.size()));
  for (int at = 0; at < all->rules_size(); ++at) {
    const carriers::v1::RuleDescription& row = all->rules(at);
    const law::Rule& want = rules[static_cast<std::size_t>(at)];
    EXPECT_EQ(row.rule_id(), want.id);
    EXPECT_EQ(row.list(), want.list);
    EXPECT_EQ(row.condition(), want.condition);
    EXPECT_EQ(row.outcome(), want.outcome);
    EXPECT_EQ(row.citation(), want.citation);
    EXPECT_EQ(row.force(), static_cast<int>(want.force) + 1);
    EXPECT_TRUE(!want.valid.from || *rpc::FromProto(row.valid_from(), "") == *want.valid.from);
    EXPECT_EQ(row.has_valid_to(), want.valid.to.has_value());
    EXPECT_TRUE(!want.valid.to || *rpc::FromProto(row.valid_to(), "") == *want.valid.to);
  }
  for (const absl::CivilDay day : {absl::CivilDay(2019, 12, 31), absl::CivilDay(2020, 1, 1)}) {
    v1::ListAdmissionRulesRequest request;
    *request.mutable_law_day() = rpc::ToProto(day);
    const auto got = List(request);
    ASSERT_TRUE(got.ok()) << got.status();
    std::vector<std::string> ids;
    for (const carriers::v1::RuleDescription& row : got->rules()) ids.push_back(row.rule_id());
    std::vector<std::string> want;
    for (const law::Rule& rule : rules) {
      if (rule.valid.Contains(day)) want.push_back(rule.id);
    }
    EXPECT_EQ(ids, want) << FormatDay(day);
  }
}

TEST_F(ListRulesTest, RefusesADayThatIsNone) {
  v1::ListAdmissionRulesRequest request;
  request.mutable_law_day();
  const auto got = List(request);
  EXPECT_EQ(got.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(GetReason(got.status()), "DAY_INVALID");
  EXPECT_EQ(GetField(got.status()), "law_day");
}

}  // namespace
}  // namespace teilhabe::eligibility
