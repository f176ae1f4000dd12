#include "services/carriers/service.h"

#include <fstream>
#include <iterator>
#include <set>

#include "absl/strings/str_split.h"
#include "common/base/day.h"
#include "common/base/reason.h"
#include "common/rpc/convert.h"
#include "common/rpc/status.h"
#include "google/protobuf/util/message_differencer.h"
#include "services/carriers/convert.h"
#include "services/carriers/service_for_test.h"

namespace teilhabe::carriers {
namespace {

using google::protobuf::util::MessageDifferencer;

const CompetenceRules& Rules() { return CompetenceRules::Embedded(); }

absl::StatusOr<v1::DetermineCompetenceResponse> Determine(v1::CarriersService::Stub& stub,
                                                          const v1::CompetenceQuestion& question,
                                                          bool with_text = false) {
  v1::DetermineCompetenceRequest request;
  *request.mutable_question() = question;
  request.set_with_text(with_text);
  v1::DetermineCompetenceResponse response;
  grpc::ClientContext context;
  const grpc::Status status = stub.DetermineCompetence(&context, request, &response);
  if (!status.ok()) return rpc::FromGrpcStatus(status);
  return response;
}

// What the domain answers, converted.
v1::Competence FromDomain(const v1::CompetenceQuestion& question, Detail detail) {
  const auto asked = FromProto(question, Rules().reference());
  EXPECT_TRUE(asked.ok()) << asked.status();
  const auto answer = Rules().Determine(*asked);
  EXPECT_TRUE(answer.ok()) << answer.status();
  v1::Competence proto;
  ToProto(Rules(), *asked, *answer, detail, &proto);
  return proto;
}

TEST_F(ServiceTest, AnswersAsTheDomainDoes) {
  const auto stub = Stub();
  const char* const facts[] = {
      "", "facts { cause: CAUSE_WORK_ACCIDENT }", "facts { cause: CAUSE_WORK_ACCIDENT cause: CAUSE_SERVICE_DAMAGE }",
      "facts { cause: CAUSE_NONE disability: DISABILITY_INTELLECTUAL first_application: 'this' }",
      "facts { cause: CAUSE_NONE rv_personal: true insured_months: 180 rv_exclusion: RV_EXCLUSION_NONE "
      "drv_account: 'drv-westfalen' }"};
  for (const char* stage : {"stage: 1", "stage: 2", "stage: 3"}) {
    for (const char* provider : {" provider_type: 1 ", " provider_type: 2 "}) {
      for (const char* day : {"event_day { year: 2018 month: 6 day: 1 } ", "event_day { year: 2025 month: 3 day: 10 } ",
                              "event_day { year: 2027 month: 1 day: 1 } known_at { year: 2027 month: 1 day: 1 } ",
                              "law_day { year: 2020 month: 1 day: 1 } "}) {
        for (const char* known : facts) {
          const v1::CompetenceQuestion question = Ask(absl::StrCat(stage, provider, day, known));
          for (const bool with_text : {false, true}) {
            const auto got = Determine(*stub, question, with_text);
            ASSERT_TRUE(got.ok()) << got.status() << question.ShortDebugString();
            const v1::Competence want = FromDomain(question, with_text ? Detail::kText : Detail::kFindings);
            EXPECT_TRUE(MessageDifferencer::Equals(got->competence(), want)) << question.ShortDebugString();
          }
        }
      }
    }
  }
}

TEST_F(ServiceTest, DeterminedAnswerIsWhole) {
  const auto got = Determine(
      *Stub(), Ask("facts { cause: CAUSE_NONE disability: DISABILITY_INTELLECTUAL first_application: 'this' }"));
  ASSERT_TRUE(got.ok()) << got.status();
  const v1::Competence& answer = got->competence();
  EXPECT_EQ(answer.outcome(), v1::OUTCOME_DETERMINED);
  EXPECT_EQ(answer.kind(), v1::CARRIER_KIND_EINGLIEDERUNGSHILFE);
  EXPECT_EQ(answer.agency().id(), "lwl");
  EXPECT_EQ(answer.agency().name(), "Landschaftsverband Westfalen-Lippe");
  EXPECT_EQ(answer.possible_kinds_size(), 1);
  EXPECT_TRUE(answer.open().empty());
  EXPECT_TRUE(answer.missing().empty());
  EXPECT_FALSE(answer.has_regelfall());
  EXPECT_EQ(
      std::set<int>(answer.used().begin(), answer.used().end()),
      (std::set<int>{law::v1::FACT_NAME_CAUSE, law::v1::FACT_NAME_DISABILITY, law::v1::FACT_NAME_FIRST_APPLICATION}));
  for (const law::v1::Finding& finding : answer.findings()) {
    EXPECT_NE(finding.verdict(), law::v1::VERDICT_UNSPECIFIED) << finding.rule_id();
    EXPECT_NE(finding.force(), law::v1::FORCE_UNSPECIFIED) << finding.rule_id();
    EXPECT_FALSE(finding.citation().empty()) << finding.rule_id();
  }
  EXPECT_FALSE(answer.findings().empty());
}

TEST_F(ServiceTest, UndeterminedAnswerNamesFactsSuppliersAndRegelfall) {
  const auto got = Determine(*Stub(), Ask());
  ASSERT_TRUE(got.ok()) << got.status();
  const v1::Competence& answer = got->competence();
  EXPECT_EQ(answer.outcome(), v1::OUTCOME_UNDETERMINED);
  EXPECT_FALSE(answer.has_agency());
  ASSERT_EQ(answer.open_size(), 1);
  EXPECT_EQ(answer.open(0), v1::OPEN_REASON_FACTS_MISSING);
  EXPECT_FALSE(answer.missing().empty());
  for (const v1::MissingFact& missing : answer.missing()) EXPECT_FALSE(missing.suppliers().empty());
  EXPECT_EQ(answer.regelfall().agency().id(), "lwl");
  EXPECT_FALSE(answer.regelfall().assumed().empty());
}

// The rules name no other fact than those that the table of facts says they use, and those they do.
TEST(FactsOfTheRules, AreThoseThatTheTableNames) {
  law::FactSet named;
  for (const auto& period : Rules().book().periods()) {
    for (std::size_t rule = 0; rule < Rules().book().rules().size(); ++rule) {
      named = named | law::RuleBook::FactsOf(period, static_cast<std::uint16_t>(rule));
    }
  }
  for (const law::Rule& rule : Rules().book().rules()) {
    const std::size_t colon = rule.outcome.find(':');
    const auto fact = law::FindFact(colon == std::string::npos ? "" : rule.outcome.substr(colon + 1));
    if (fact.ok()) named.Add(*fact);
  }
  EXPECT_EQ(named, law::FactsUsedBy(law::FactUser::kCarriers));
}

TEST_F(ServiceTest, FactsOfOtherServicesChangeNothing) {
  const auto stub = Stub();
  const char* const known = "facts { cause: CAUSE_NONE disability: DISABILITY_PSYCHOLOGICAL } ";
  const auto without = Determine(*stub, Ask(known), true);
  const auto with = Determine(*stub,
                              Ask(absl::StrCat(known,
                                               "facts { ev_done: false mindestmass: true mindestmass_low: false "
                                               "exclusion_219: EXCLUSION219_DANGER initial_months: 3 }")),
                              true);
  ASSERT_TRUE(without.ok() && with.ok()) << with.status();
  EXPECT_TRUE(MessageDifferencer::Equals(*without, *with));
}

TEST_F(ServiceTest, TextsOnlyOnDemand) {
  const auto stub = Stub();
  for (const bool with_text : {false, true}) {
    const auto got = Determine(*stub, Ask(), with_text);
    ASSERT_TRUE(got.ok()) << got.status();
    const v1::Competence& answer = got->competence();
    EXPECT_EQ(answer.text().empty(), !with_text);
    ASSERT_FALSE(answer.findings().empty());
    for (const law::v1::Finding& finding : answer.findings()) EXPECT_EQ(finding.text().empty(), !with_text);
    ASSERT_FALSE(answer.missing().empty());
    for (const v1::MissingFact& missing : answer.missing()) EXPECT_EQ(missing.text().empty(), !with_text);
  }
}

TEST_F(ServiceTest, NamesTheLawAndTheDataItRestsOn) {
  const auto got = Determine(*Stub(), Ask());
  ASSERT_TRUE(got.ok()) << got.status();
  for (const std::string& digest :
       {got->versions().rules_digest(), got->versions().parameters_digest(), got->versions().reference_digest()}) {
    EXPECT_EQ(digest.size(), 64U);
    EXPECT_EQ(digest.find_first_not_of("0123456789abcdef"), std::string::npos);
  }
  EXPECT_EQ(*rpc::FromProto(got->versions().reference_day(), "reference_day"), DataDay(Rules().reference()));
}

class RejectedTest : public ServiceTest, public testing::WithParamInterface<Rejected> {};

TEST_P(RejectedTest, WithCodeReasonAndField) {
  const auto stub = Stub();
  const auto got = Determine(*stub, GetParam().question);
  ASSERT_FALSE(got.ok());
  EXPECT_EQ(got.status().code(), GetParam().code) << got.status();
  EXPECT_EQ(GetReason(got.status()), GetParam().reason) << got.status();
  EXPECT_EQ(GetField(got.status()), GetParam().field) << got.status();
  const auto details = GetDetails(got.status());
  EXPECT_EQ(details.count("successor") != 0 ? details.at("successor") : "", GetParam().successor);
  EXPECT_FALSE(got.status().message().empty());
  EXPECT_TRUE(Determine(*stub, Ask()).ok());  // The service goes on.
}

INSTANTIATE_TEST_SUITE_P(Contract, RejectedTest, testing::ValuesIn(AllRejected()),
                         [](const auto& tested) { return std::string(tested.param.name); });

// The comment of the contract is what clients build on: each reason stands there, and each that stands there happens.
TEST(ContractTest, NamesTheReasonsThatHappen) {
  std::ifstream file("proto/teilhabe/carriers/v1/carriers_service.proto");
  const std::string text(std::istreambuf_iterator<char>(file), {});
  const std::size_t begin = text.find("// Errors");
  const std::size_t end = text.find("// Source", begin);
  ASSERT_NE(end, std::string::npos);
  std::set<std::string> named;
  for (const auto word : absl::StrSplit(text.substr(begin, end - begin), absl::ByAnyChar(" .,;:()/\n`"))) {
    const std::string name(word);
    const bool upper = name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == std::string::npos;
    if (upper && name.find('_') != std::string::npos) named.insert(name);
  }
  for (const char* code : {"INVALID_ARGUMENT", "NOT_FOUND", "FAILED_PRECONDITION"}) EXPECT_EQ(named.erase(code), 1U);
  std::set<std::string> happen;
  for (const Rejected& rejected : AllRejected()) happen.insert(rejected.reason);
  EXPECT_EQ(named, happen);
}

TEST_F(ServiceTest, ListFactsIsTheTable) {
  v1::ListFactsResponse response;
  grpc::ClientContext context;
  ASSERT_TRUE(Stub()->ListFacts(&context, {}, &response).ok());
  std::vector<law::FactId> used;
  law::FactsUsedBy(law::FactUser::kCarriers).ForEach([&used](law::FactId fact) { used.push_back(fact); });
  ASSERT_EQ(response.facts_size(), static_cast<int>(used.size()));
  for (int at = 0; at < response.facts_size(); ++at) {
    const v1::FactDescription& got = response.facts(at);
    const law::FactInfo& want = law::Info(used[static_cast<std::size_t>(at)]);
    EXPECT_EQ(got.fact(), rpc::ToProto(want.id));
    EXPECT_EQ(got.name(), want.name);
    EXPECT_EQ(got.type(), law::TypeName(want.type));
    EXPECT_EQ(std::vector<std::string>(got.values().begin(), got.values().end()), want.values);
    EXPECT_EQ(std::vector<std::string>(got.suppliers().begin(), got.suppliers().end()), want.suppliers);
    EXPECT_EQ(got.meaning(), want.meaning);
    EXPECT_EQ(got.source(), want.source);
  }
}

class ListRulesTest : public ServiceTest {
 protected:
  absl::StatusOr<v1::ListRulesResponse> List(const std::string& request) {
    v1::ListRulesResponse response;
    grpc::ClientContext context;
    const grpc::Status status = Stub()->ListRules(&context, FromText<v1::ListRulesRequest>(request), &response);
    if (!status.ok()) return rpc::FromGrpcStatus(status);
    return response;
  }
};

TEST_F(ListRulesTest, WithoutADayAllRows) {
  const auto got = List("");
  ASSERT_TRUE(got.ok()) << got.status();
  const auto& rules = Rules().book().rules();
  ASSERT_EQ(got->rules_size(), static_cast<int>(rules.size()));
  for (int at = 0; at < got->rules_size(); ++at) {
    const v1::RuleDescription& row = got->rules(at);
    const law::Rule& want = rules[static_cast<std::size_t>(at)];
    EXPECT_EQ(row.rule_id(), want.id);
    EXPECT_EQ(row.list(), want.list);
    EXPECT_EQ(row.condition(), want.condition);
    EXPECT_EQ(row.outcome(), want.outcome);
    EXPECT_EQ(row.citation(), want.citation);
    EXPECT_EQ(row.force(), static_cast<int>(want.force) + 1);
    EXPECT_EQ(row.has_valid_from(), want.valid.from.has_value());
    EXPECT_EQ(row.has_valid_to(), want.valid.to.has_value());
    EXPECT_TRUE(!want.valid.from || *rpc::FromProto(row.valid_from(), "") == *want.valid.from);
    EXPECT_TRUE(!want.valid.to || *rpc::FromProto(row.valid_to(), "") == *want.valid.to);
  }
}

// Both sides of each change of law.
TEST_F(ListRulesTest, WithADayTheRowsValidOnIt) {
  std::set<absl::CivilDay> days = {absl::CivilDay(1, 1, 1), absl::CivilDay(9999, 12, 31)};
  for (const law::Rule& rule : Rules().book().rules()) {
    if (rule.valid.from) days.insert({*rule.valid.from - 1, *rule.valid.from});
    if (rule.valid.to) days.insert({*rule.valid.to, *rule.valid.to + 1});
  }
  ASSERT_GT(days.size(), 4U);
  for (const absl::CivilDay day : days) {
    const auto got = List(absl::StrCat("law_day { ", rpc::ToProto(day).ShortDebugString(), " }"));
    ASSERT_TRUE(got.ok()) << got.status();
    std::vector<std::string> ids;
    for (const v1::RuleDescription& row : got->rules()) ids.push_back(row.rule_id());
    std::vector<std::string> want;
    for (const law::Rule& rule : Rules().book().rules()) {
      if (rule.valid.Contains(day)) want.push_back(rule.id);
    }
    EXPECT_EQ(ids, want) << FormatDay(day);
  }
}

TEST_F(ListRulesTest, RefusesADayThatIsNone) {
  for (const char* day : {"law_day {}", "law_day { year: 2025 month: 2 day: 30 }"}) {
    const auto got = List(day);
    EXPECT_EQ(got.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(GetReason(got.status()), "DAY_INVALID");
    EXPECT_EQ(GetField(got.status()), "law_day");
  }
}

}  // namespace
}  // namespace teilhabe::carriers
