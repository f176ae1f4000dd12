// The commands against a node that answers what the test wants.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/base/csv.h"
#include "common/base/reason.h"
#include "common/rpc/channel.h"
#include "common/rpc/server.h"
#include "common/rpc/status.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "services/ctl/carrier.h"
#include "services/ctl/rpc_call.h"

namespace teilhabe::ctl {
namespace {

namespace v1 = carriers::v1;
using testing::HasSubstr;

constexpr char kName[] = "teilhabe.carriers.v1.CarriersService";

class FakeNode final : public v1::CarriersService::Service {
 public:
  grpc::Status DetermineCompetence(grpc::ServerContext*, const v1::DetermineCompetenceRequest* request,
                                   v1::DetermineCompetenceResponse* response) override {
    asked = *request;
    *response = answer;
    return status;
  }
  grpc::Status DetermineCompetenceBatch(
      grpc::ServerContext* context,
      grpc::ServerReaderWriter<v1::DetermineCompetenceBatchResponse, v1::DetermineCompetenceBatchRequest>* stream)
      override {
    v1::DetermineCompetenceBatchRequest request;
    while (stream->Read(&request)) {
      batches.push_back(request.questions_size());
      v1::DetermineCompetenceBatchResponse response;
      for (const v1::CompetenceQuestion& question : request.questions()) {
        if (!answer_row || !answer_row(question, response.add_answers())) return status;
      }
      stream->Write(response);
    }
    return context->IsCancelled() ? grpc::Status::CANCELLED : status;
  }
  grpc::Status ListFacts(grpc::ServerContext*, const v1::ListFactsRequest*, v1::ListFactsResponse* response) override {
    v1::FactDescription* fact = response->add_facts();
    fact->set_name("cause");
    fact->set_type("choice_set");
    fact->add_values("none");
    fact->add_values("work_accident");
    fact->set_meaning("Wodurch der Bedarf verursacht ist, vollständig");
    return status;
  }
  grpc::Status ListRules(grpc::ServerContext*, const v1::ListRulesRequest* request,
                         v1::ListRulesResponse* response) override {
    rules_asked = *request;
    v1::RuleDescription* rule = response->add_rules();
    rule->set_rule_id("s63_1_3_rv");
    rule->mutable_valid_from()->set_year(2018);
    rule->mutable_valid_from()->set_month(1);
    rule->mutable_valid_from()->set_day(1);
    rule->set_force(law::v1::FORCE_SOLL);
    return status;
  }

  v1::DetermineCompetenceRequest asked;
  v1::ListRulesRequest rules_asked;
  v1::DetermineCompetenceResponse answer;
  std::vector<int> batches;  // Questions of each message that came.
  // Answers one row of a batch; false ends the stream with `status`.
  std::function<bool(const v1::CompetenceQuestion&, v1::BatchAnswer*)> answer_row;
  grpc::Status status;  // That every call ends with.
};

class CommandTest : public testing::Test {
 protected:
  void SetUp() override {
    rpc::ServerOptions options;
    options.listen = "127.0.0.1:0";
    auto started = rpc::Server::Start(options, {{kName, &node_}});
    ASSERT_TRUE(started.ok()) << started.status();
    server_ = *std::move(started);
    session_.fixed_channel = rpc::MakeLoopbackChannel(absl::StrCat("127.0.0.1:", server_->port()), absl::Seconds(20));
    question_.municipality = "05711000";
    question_.stage = "arbeitsbereich";
    question_.event_day = "2025-03-10";
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
        "competence { outcome: OUTCOME_DETERMINED kind: CARRIER_KIND_EINGLIEDERUNGSHILFE agency { id: 'lwl' } "
        "text: 'Zuständig ist der LWL.' text: 'Warum.' }",
        &node_.answer));
    std::string name = (std::filesystem::temp_directory_path() / "ctl_test.XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // Runs a command; what it prints is in out_ and err_.
  int Run(const std::function<int()>& command) {
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const int code = command();
    out_ = testing::internal::GetCapturedStdout();
    err_ = testing::internal::GetCapturedStderr();
    return code;
  }
  int Lookup() {
    return Run([this] { return CarrierLookup(session_, question_); });
  }
  int Rpc(const std::string& method, const std::string& json) {
    return Run([&] { return RpcCall(session_, method, json); });
  }
  std::string Path(const std::string& name) const { return (folder_ / name).string(); }
  // Writes the input, runs the batch and reads the output, if there is one.
  int Batch(const std::string& csv) {
    std::ofstream(Path("in.csv"), std::ios::binary) << csv;
    const int code = Run([this] { return CarrierBatch(session_, Path("in.csv"), Path("out.csv")); });
    std::ifstream file(Path("out.csv"), std::ios::binary);
    written_.assign(std::istreambuf_iterator<char>(file), {});
    return code;
  }
  void AnswerRowsByMunicipality() {
    node_.answer_row = [](const v1::CompetenceQuestion& question, v1::BatchAnswer* answer) {
      answer->mutable_competence()->set_outcome(v1::OUTCOME_DETERMINED);
      answer->mutable_competence()->mutable_agency()->set_id("of-" + question.municipality());
      return true;
    };
  }

  FakeNode node_;
  std::unique_ptr<rpc::Server> server_;
  Session session_;
  QuestionText question_;
  std::filesystem::path folder_;
  std::string out_, err_, written_;
};

constexpr char kHeader[] = "municipality,stage,event_day\n";
constexpr char kRow[] = "05711000,arbeitsbereich,2025-03-10\n";
constexpr char kAnswerColumns[] = ",outcome,kind,agency,office,open,missing,regelfall_kind,regelfall_agency,error\n";

TEST_F(CommandTest, LookupPrintsTheSentences) {
  EXPECT_EQ(Lookup(), kExitOk);
  EXPECT_EQ(out_, "✓ Zuständig ist der LWL.\n · Warum.\n");
  EXPECT_EQ(err_, "");
  EXPECT_TRUE(node_.asked.with_text());
  EXPECT_EQ(node_.asked.question().municipality(), "05711000");
  node_.answer.mutable_competence()->set_outcome(v1::OUTCOME_UNDETERMINED);
  Lookup();
  EXPECT_THAT(out_, testing::StartsWith("? "));
  node_.answer.mutable_competence()->set_outcome(v1::OUTCOME_NOBODY);
  Lookup();
  EXPECT_THAT(out_, testing::StartsWith("✗ "));
}

TEST_F(CommandTest, LookupPrintsCsvAndJson) {
  session_.format = Format::kCsv;
  EXPECT_EQ(Lookup(), kExitOk);
  EXPECT_EQ(out_, "outcome,kind,agency,office\nDETERMINED,EINGLIEDERUNGSHILFE,lwl,\n");
  session_.format = Format::kJson;
  EXPECT_EQ(Lookup(), kExitOk);
  EXPECT_EQ(out_, ToJson(node_.answer, true));
}

TEST_F(CommandTest, EachCommandGivesTheErrorOfTheNode) {
  AnswerRowsByMunicipality();
  for (const auto& [code, exit] : {std::pair{absl::StatusCode::kInvalidArgument, kExitWrongCall},
                                   std::pair{absl::StatusCode::kNotFound, kExitNotFound},
                                   std::pair{absl::StatusCode::kFailedPrecondition, kExitRejected},
                                   std::pair{absl::StatusCode::kUnavailable, kExitUnreachable},
                                   std::pair{absl::StatusCode::kUnimplemented, kExitProtocol},
                                   std::pair{absl::StatusCode::kInternal, kExitUnexpected}}) {
    node_.status = rpc::ToGrpcStatus(FieldError(code, "SOME_REASON", "some_field", "what is wrong"));
    const std::function<int()> commands[] = {
        [this] { return CarrierLookup(session_, question_); }, [this] { return CarrierFacts(session_); },
        [this] { return CarrierRules(session_, ""); }, [this] { return RpcCall(session_, "ListFacts", "{}"); }};
    for (const auto& command : commands) {
      EXPECT_EQ(Run(command), exit);
      EXPECT_EQ(out_, "");
      EXPECT_THAT(err_, HasSubstr("what is wrong [SOME_REASON]\n  Field: some_field\n"));
    }
    EXPECT_EQ(Batch(std::string(kHeader) + kRow), exit);
    EXPECT_THAT(err_, HasSubstr("[SOME_REASON]"));
    EXPECT_EQ(written_, "");
  }
}

TEST_F(CommandTest, NobodyThereIsUnreachable) {
  server_ = nullptr;
  EXPECT_EQ(Lookup(), kExitUnreachable);
  EXPECT_THAT(err_, HasSubstr("--node HOST:PORT"));
  EXPECT_EQ(Batch(std::string(kHeader) + kRow), kExitUnreachable);
  EXPECT_EQ(Rpc("Check", "{}"), kExitUnreachable);
}

TEST_F(CommandTest, FactsInEachFormat) {
  EXPECT_EQ(Run([this] { return CarrierFacts(session_); }), kExitOk);
  EXPECT_EQ(out_,
            "name\ttype\tvalues\tsuppliers\tmeaning\tsource\n"
            "cause\tchoice_set\tnone work_accident\t\tWodurch der Bedarf verursacht ist, vollständig\t\n");
  session_.format = Format::kCsv;
  Run([this] { return CarrierFacts(session_); });
  EXPECT_THAT(out_,
              HasSubstr(R"(cause,choice_set,none work_accident,,"Wodurch der Bedarf verursacht ist, vollständig",)"));
  session_.format = Format::kJson;
  Run([this] { return CarrierFacts(session_); });
  EXPECT_THAT(out_, HasSubstr(R"("name": "cause")"));
}

TEST_F(CommandTest, RulesOfADay) {
  EXPECT_EQ(Run([this] { return CarrierRules(session_, "2025-03-10"); }), kExitOk);
  EXPECT_EQ(node_.rules_asked.law_day().day(), 10);
  EXPECT_THAT(out_, HasSubstr("\ts63_1_3_rv\t\t\t2018-01-01\t\tsoll\t"));
  EXPECT_EQ(Run([this] { return CarrierRules(session_, "2025-02-30"); }), kExitWrongCall);
  EXPECT_THAT(err_, HasSubstr("[DAY_INVALID]\n  Field: date\n"));
}

TEST_F(CommandTest, BatchKeepsColumnsAndOrderAndSendsMessagesOf500) {
  AnswerRowsByMunicipality();
  std::string csv = "id,municipality,note,stage,event_day\n";
  for (int at = 0; at < 1200; ++at) {
    absl::StrAppend(&csv, at, ",", at, ",\"=SUM(1,2)\",", at == 700 ? "nowhere" : "arbeitsbereich", ",2025-03-10\n");
  }
  EXPECT_EQ(Batch(csv), kExitOk);
  EXPECT_EQ(node_.batches, (std::vector<int>{500, 500, 199}));
  EXPECT_THAT(err_, HasSubstr("1200 questions, 1199 answered, 1 rejected"));
  const auto table = CsvTable::Parse(written_);
  ASSERT_TRUE(table.ok()) << table.status();
  ASSERT_EQ(table->rows().size(), 1200U);
  for (std::size_t at = 0; at < 1200; ++at) {
    const std::vector<std::string>& row = table->rows()[at];
    EXPECT_EQ(row[0], std::to_string(at));
    EXPECT_EQ(row[2], "'=SUM(1,2)");
    EXPECT_EQ(row[7], at == 700 ? "" : absl::StrCat("of-", at));
    EXPECT_EQ(row[13], at == 700 ? "VALUE_UNKNOWN stage" : "");
  }
}

TEST_F(CommandTest, BatchRowsOfAllKinds) {
  node_.answer_row = [](const v1::CompetenceQuestion& question, v1::BatchAnswer* answer) {
    if (question.municipality() == "1") {
      return google::protobuf::TextFormat::ParseFromString(
          "competence { outcome: OUTCOME_UNDETERMINED open: OPEN_REASON_FACTS_MISSING missing { fact: FACT_NAME_CAUSE "
          "} "
          "missing { fact: FACT_NAME_BIRTH_DATE } regelfall { kind: CARRIER_KIND_EINGLIEDERUNGSHILFE agency { id: "
          "'lvr' "
          "} } }",
          answer);
    }
    if (question.municipality() == "2") {
      return google::protobuf::TextFormat::ParseFromString(
          "competence { outcome: OUTCOME_UNDETERMINED kind: CARRIER_KIND_SOCIAL_COMPENSATION "
          "open: OPEN_REASON_NO_AGENCY_DATA open: OPEN_REASON_BRANCH_NOT_BUILT open_branch: 'BVG_TRANSITION' }",
          answer);
    }
    if (question.municipality() == "3") {
      *answer->mutable_error() = rpc::ToProtoStatus(
          FieldError(absl::StatusCode::kNotFound, "MUNICIPALITY_UNKNOWN", "municipality", "no such"));
    }
    if (question.municipality() == "4") answer->mutable_error()->set_code(13);  // Without a reason.
    return true;
  };
  EXPECT_EQ(Batch("municipality,stage,event_day\n1,arbeitsbereich,2025-03-10\n2,arbeitsbereich,2025-03-10\n"
                  "3,arbeitsbereich,2025-03-10\n4,arbeitsbereich,2025-03-10\n5,arbeitsbereich,2025-02-30\n"),
            kExitOk);
  EXPECT_EQ(written_, absl::StrCat("municipality,stage,event_day", kAnswerColumns,
                                   "1,arbeitsbereich,2025-03-10,UNDETERMINED,,,,FACTS_MISSING,cause+birth_date,"
                                   "EINGLIEDERUNGSHILFE,lvr,\n"
                                   "2,arbeitsbereich,2025-03-10,UNDETERMINED,SOCIAL_COMPENSATION,,,"
                                   "BVG_TRANSITION+NO_AGENCY_DATA,,,,\n"
                                   "3,arbeitsbereich,2025-03-10,,,,,,,,,MUNICIPALITY_UNKNOWN municipality\n"
                                   "4,arbeitsbereich,2025-03-10,,,,,,,,,UNEXPECTED\n"
                                   "5,arbeitsbereich,2025-02-30,,,,,,,,,DAY_INVALID event_day\n"));
}

struct Input {
  const char* name;
  std::string csv;
  const char* reason;
  const char* field;
};
class BatchInputTest : public CommandTest, public testing::WithParamInterface<Input> {};

TEST_P(BatchInputTest, IsRefusedBeforeAnythingIsSent) {
  EXPECT_EQ(Batch(GetParam().csv), kExitWrongCall);
  EXPECT_THAT(err_, HasSubstr(absl::StrCat("[", GetParam().reason, "]")));
  EXPECT_THAT(err_, HasSubstr(GetParam().field));
  EXPECT_TRUE(node_.batches.empty());
  EXPECT_FALSE(std::filesystem::exists(Path("out.csv")));
}

INSTANTIATE_TEST_SUITE_P(
    Wrong, BatchInputTest,
    testing::Values(
        Input{"Empty", "", "CSV_EMPTY", ""},
        Input{"NoDay", "municipality,stage,day\n1,2,3\n", "CSV_COLUMN_MISSING", "  Field: event_day"},
        Input{"Semicolons", "municipality;stage;event_day\n1;2;3\n", "CSV_COLUMN_MISSING", "  Field: municipality"},
        Input{"Twice", "municipality,stage,event_day,stage\n1,2,3,4\n", "CSV_COLUMN_TWICE", "  Field: stage"},
        Input{"FactTwice", "municipality,stage,event_day,cause,cause\n1,2,3,4,5\n", "CSV_COLUMN_TWICE",
              "  Field: cause"},
        Input{"Ragged", "municipality,stage,event_day\n1,2\n", "CSV_MALFORMED", "row 2"},
        Input{"OpenQuote", "municipality,stage,event_day\n\"1,2,3\n", "CSV_MALFORMED", ""},
        Input{"Latin1", "municipality,stage,event_day,place\n1,2,3,K\xF6ln\n", "INPUT_NOT_UTF8", "line 2"}),
    [](const auto& tested) { return tested.param.name; });

TEST_F(CommandTest, BatchTakesByteOrderMarkAndCarriageReturns) {
  AnswerRowsByMunicipality();
  EXPECT_EQ(Batch("\xEF\xBB\xBFmunicipality,stage,event_day\r\n05711000,arbeitsbereich,2025-03-10\r\n"), kExitOk);
  EXPECT_EQ(written_, absl::StrCat("municipality,stage,event_day", kAnswerColumns,
                                   "05711000,arbeitsbereich,2025-03-10,DETERMINED,,of-05711000,,,,,,\n"));
}

TEST_F(CommandTest, BatchOfNoRowsIsAHeader) {
  EXPECT_EQ(Batch(kHeader), kExitOk);
  EXPECT_EQ(written_, absl::StrCat("municipality,stage,event_day", kAnswerColumns));
}

TEST_F(CommandTest, BatchTellsOfColumnsThatLookMisspelled) {
  AnswerRowsByMunicipality();
  EXPECT_EQ(Batch("municipality,stage,event_day,disabilty,state,note\n1,arbeitsbereich,2025-03-10,,,\n"), kExitOk);
  EXPECT_THAT(err_, HasSubstr("column disabilty is kept, not read; did you mean disability?"));
  EXPECT_THAT(err_, testing::Not(HasSubstr("column state")));  // `stage` is there.
  EXPECT_THAT(err_, testing::Not(HasSubstr("column note")));
}

TEST_F(CommandTest, BatchFindsMissingAnswers) {
  node_.answer_row = [](const v1::CompetenceQuestion&, v1::BatchAnswer*) { return false; };
  EXPECT_EQ(Batch(std::string(kHeader) + kRow), kExitProtocol);
  EXPECT_THAT(err_, HasSubstr("[ANSWERS_MISSING]"));
}

TEST_F(CommandTest, BatchDoesNotWaitLongerThanTheTimeout) {
  absl::Notification release;
  node_.answer_row = [&release](const v1::CompetenceQuestion&, v1::BatchAnswer*) {
    release.WaitForNotification();
    return false;
  };
  session_.timeout_seconds = 0.2;
  const absl::Time start = absl::Now();
  EXPECT_EQ(Batch(std::string(kHeader) + kRow), kExitUnreachable);
  EXPECT_LT(absl::Now() - start, absl::Seconds(10));  // Sooner than the channel itself would end it.
  EXPECT_THAT(err_, HasSubstr("[NO_ANSWER]"));
  release.Notify();
  server_ = nullptr;  // Its threads use `release` to the end.
}

// The timeout is for one answer: a long batch of which something keeps coming may take longer than it.
TEST_F(CommandTest, BatchMayTakeLongerThanTheTimeoutAsAWhole) {
  absl::Notification never;
  node_.answer_row = [&never](const v1::CompetenceQuestion&, v1::BatchAnswer* answer) {
    never.WaitForNotificationWithTimeout(absl::Milliseconds(1));
    answer->mutable_competence();
    return true;
  };
  session_.timeout_seconds = 1.5;  // A message of 500 rows takes half a second and more.
  std::string csv = kHeader;
  for (int at = 0; at < 2500; ++at) csv += kRow;
  const absl::Time start = absl::Now();
  EXPECT_EQ(Batch(csv), kExitOk) << err_;
  EXPECT_GT(absl::Now() - start, absl::Seconds(session_.timeout_seconds));
  server_ = nullptr;
}

TEST_F(CommandTest, BatchInputAndOutputThatAreNone) {
  AnswerRowsByMunicipality();
  const auto batch = [this](const std::string& input, const std::string& output) {
    return Run([&] { return CarrierBatch(session_, input, output); });
  };
  EXPECT_EQ(batch(Path("none.csv"), "-"), kExitWrongCall);
  EXPECT_THAT(err_, HasSubstr("[INPUT_UNREADABLE]\n  Field: input\n"));
  EXPECT_EQ(batch(folder_.string(), "-"), kExitWrongCall);
  EXPECT_THAT(err_, HasSubstr("[INPUT_UNREADABLE]\n  Field: input\n"));
  std::ofstream(Path("in.csv")) << kHeader << kRow;
  EXPECT_EQ(batch(Path("in.csv"), Path("none/out.csv")), kExitWrongCall);
  EXPECT_THAT(err_, HasSubstr("[OUTPUT_UNWRITABLE]\n  Field: output\n"));
  EXPECT_EQ(batch(Path("in.csv"), "/dev/full"), kExitUnexpected);
  EXPECT_THAT(err_, HasSubstr("[OUTPUT_FAILED]\n  Field: output\n"));
  EXPECT_EQ(batch(Path("in.csv"), "-"), kExitOk);
  EXPECT_THAT(out_, HasSubstr("of-05711000"));
}

TEST_F(CommandTest, RpcCallsByItsShortestName) {
  for (const char* name : {"teilhabe.carriers.v1.CarriersService/DetermineCompetence",
                           "CarriersService/DetermineCompetence", "DetermineCompetence"}) {
    EXPECT_EQ(Rpc(name, R"({"question":{"municipality":"1"},"with_text":true})"), kExitOk) << err_;
    EXPECT_EQ(out_, ToJson(node_.answer, true));
    EXPECT_EQ(node_.asked.question().municipality(), "1");
    EXPECT_TRUE(node_.asked.with_text());
  }
}

TEST_F(CommandTest, RpcStreamsAnArray) {
  AnswerRowsByMunicipality();
  EXPECT_EQ(Rpc("DetermineCompetenceBatch",
                R"([{"questions":[{"municipality":"1"}]},{"questions":[{"municipality":"2"},{"municipality":"3"}]}])"),
            kExitOk);
  EXPECT_EQ(node_.batches, (std::vector<int>{1, 2}));
  EXPECT_THAT(out_, testing::ContainsRegex("of-1(.|\n)*of-2(.|\n)*of-3"));
  EXPECT_EQ(Rpc("DetermineCompetenceBatch", "[]"), kExitOk);
  EXPECT_EQ(out_, "");
}

TEST_F(CommandTest, RpcRefusesWhatIsNoMessage) {
  for (const std::string& json :
       {std::string("{"), std::string(""), std::string("5"), std::string("null"), std::string("[]"),
        std::string("[{},{}]"), std::string(R"({"nope":1})"), std::string("{\"question\":{\"municipality\":\"\xFC\"}}"),
        std::string(R"({"question":{"facts":{"insured_months":99999999999}}})")}) {
    EXPECT_EQ(Rpc("DetermineCompetence", json), kExitWrongCall) << json;
    EXPECT_THAT(err_, HasSubstr("[JSON_INVALID]\n  Field: json\n"));
  }
  // Deep enough to end the process, if it were read by recursion.
  EXPECT_EQ(Rpc("DetermineCompetenceBatch", std::string(500'000, '[') + std::string(500'000, ']')), kExitWrongCall);
  EXPECT_THAT(err_, HasSubstr("nested too deeply [JSON_INVALID]"));
}

TEST_F(CommandTest, RpcRefusesUnknownMethods) {
  EXPECT_EQ(Rpc("DetermineCompetnce", "{}"), kExitWrongCall);
  EXPECT_THAT(err_, HasSubstr("did you mean DetermineCompetence? [METHOD_UNKNOWN]\n  Field: method\n"));
  EXPECT_EQ(Rpc("CarriersService/ListFact", "{}"), kExitWrongCall);
  EXPECT_THAT(err_, HasSubstr("did you mean ListFacts?"));
  for (const char* name : {"", "/", ".", "zzzzzzzz", "CarriersService"}) {
    EXPECT_EQ(Rpc(name, "{}"), kExitWrongCall) << name;
    EXPECT_THAT(err_, HasSubstr("[METHOD_UNKNOWN]"));
  }
}

TEST_F(CommandTest, RpcListsWhatItCanCall) {
  AnswerRowsByMunicipality();
  EXPECT_EQ(Run(RpcList), kExitOk);
  const std::vector<std::string> methods = absl::StrSplit(out_, '\n', absl::SkipEmpty());
  EXPECT_THAT(methods, testing::Contains(absl::StrCat(kName, "/ListFacts")));
  for (const std::string& method : methods) {
    if (method.find(kName) == std::string::npos) continue;  // The test's node has no more.
    EXPECT_EQ(Rpc(method, "{}"), kExitOk) << method << err_;
  }
}

// A line is a call; what is wrong with one keeps no other from its answer.
TEST_F(CommandTest, RpcAnswersLineByLine) {
  const std::vector<std::string> lines = {
      R"({"method": "DetermineCompetence", "request": {"question": {"municipality": "1"}}})",
      R"({"method": "DetermineCompetence", "request": {"nope": 1}})",
      R"({"method": "DetermineCompetence", "reqest": {}})",
      R"({"method": "DetermineCompetenceBatch"})",
      R"({"method": "Nothing"})",
      R"([])",
      R"({"method": "DetermineCompetence", "as": "lvr", "purpose": "statistics"})",
      R"({"method": "DetermineCompetence", "purpose": "a\nb"})"};
  std::istringstream input(absl::StrJoin(lines, "\n"));
  auto* const before = std::cin.rdbuf(input.rdbuf());
  EXPECT_EQ(Run([&] { return RpcLines(session_); }), kExitOk);
  std::cin.rdbuf(before);
  const std::vector<std::string> answers = absl::StrSplit(out_, '\n', absl::SkipEmpty());
  ASSERT_EQ(answers.size(), lines.size());
  const std::string good = absl::StrCat("{\"answer\":", absl::StripAsciiWhitespace(ToJson(node_.answer, false)), "}");
  EXPECT_EQ(answers[0], good);
  EXPECT_EQ(answers[6], good);
  const std::pair<int, const char*> wrong[] = {
      {1, R"("reason":"JSON_INVALID")"},   {2, R"("field":"reqest")"},        {3, R"("reason":"METHOD_STREAMS")"},
      {4, R"("reason":"METHOD_UNKNOWN")"}, {5, R"("reason":"LINE_INVALID")"}, {7, R"("reason":"PURPOSE_INVALID")"}};
  for (const auto& [at, part] : wrong) EXPECT_THAT(answers[at], HasSubstr(part));
}

TEST_F(CommandTest, RpcEndsAWatchByItsTimeout) {
  session_.timeout_seconds = 1;
  EXPECT_EQ(Rpc("Watch", "{}"), kExitUnreachable);
  EXPECT_THAT(out_, HasSubstr("\"status\": \"SERVING\""));
}

}  // namespace
}  // namespace teilhabe::ctl
