// The commands on cases against a node that answers what the test wants.
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "common/base/reason.h"
#include "common/rpc/channel.h"
#include "common/rpc/server.h"
#include "common/rpc/status.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "services/ctl/cases.h"
#include "services/ctl/persons.h"
#include "teilhabe/handover/v1/network_service.grpc.pb.h"
#include "teilhabe/participants/v1/case_service.grpc.pb.h"

namespace teilhabe::ctl {
namespace {

namespace v1 = participants::v1;
using testing::HasSubstr;

constexpr char kCase[] = "0123456789abcdef0123456789abcdef";

template <typename Message>
Message Text(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

class FakeNetwork final : public handover::v1::NetworkService::Service {
 public:
  grpc::Status GetStatus(grpc::ServerContext*, const handover::v1::GetStatusRequest*,
                         handover::v1::GetStatusResponse* response) override {
    *response = Text<handover::v1::GetStatusResponse>("network_day { year: 2026 month: 1 day: 5 }");
    return grpc::Status::OK;
  }
};

class FakeCases final : public v1::CaseService::Service {
 public:
  grpc::Status GetCase(grpc::ServerContext*, const v1::GetCaseRequest* request, v1::Case* response) override {
    *response = shown;
    response->set_case_(request->case_());
    return grpc::Status::OK;
  }
  grpc::Status ListCases(grpc::ServerContext*, const v1::ListCasesRequest* request,
                         v1::ListCasesResponse* response) override {
    listed.push_back(*request);
    *response = pages[std::min(listed.size(), pages.size()) - 1];
    return status;
  }
  grpc::Status GetTimeline(grpc::ServerContext*, const v1::GetTimelineRequest*,
                           v1::GetTimelineResponse* response) override {
    *response = timeline;
    return status;
  }
  grpc::Status OpenCase(grpc::ServerContext*, const v1::OpenCaseRequest* request, v1::WriteAnswer* answer) override {
    opened = *request;
    return Written(answer);
  }
  grpc::Status RecordStep(grpc::ServerContext*, const v1::RecordStepRequest* request,
                          v1::WriteAnswer* answer) override {
    recorded.push_back(*request);
    return Written(answer);
  }
  grpc::Status AnswerCase(grpc::ServerContext*, const v1::AnswerCaseRequest* request,
                          v1::WriteAnswer* answer) override {
    answered = *request;
    return Written(answer);
  }
  grpc::Status SendOutside(grpc::ServerContext*, const v1::SendOutsideRequest*,
                           v1::SendOutsideResponse* response) override {
    response->set_package("Paket\n");
    return Written(response->mutable_answer());
  }
  grpc::Status ListAccesses(grpc::ServerContext*, const v1::ListAccessesRequest*,
                            v1::ListAccessesResponse* response) override {
    *response = Text<v1::ListAccessesResponse>(R"(
        accesses { agency: "lwl" time { seconds: 1767610507 } actor: "teilhabe://n/lwl/official/sb-1"
                   action: "get-case" purpose: "case_work" legal_basis: "§ 69" }
        silent { agency: "lvr" reason: "PEER_UNREACHABLE" })");
    return status;
  }
  grpc::Status VerifyAccessLog(grpc::ServerContext*, const v1::VerifyAccessLogRequest*,
                               v1::VerifyAccessLogResponse* response) override {
    response->set_size(3);
    response->set_root(std::string(32, '\xAB'));
    return status;
  }

  v1::Case shown;
  v1::GetTimelineResponse timeline;
  std::vector<v1::ListCasesResponse> pages = {{}};
  std::vector<v1::ListCasesRequest> listed;
  v1::OpenCaseRequest opened;
  std::vector<v1::RecordStepRequest> recorded;
  v1::AnswerCaseRequest answered;
  grpc::Status status;  // Of all but GetCase.

 private:
  grpc::Status Written(v1::WriteAnswer* answer) const {
    answer->mutable_head()->set_dossier(kCase);
    answer->mutable_head()->set_sequence(7);
    return status;
  }
};

class CaseCommandTest : public testing::Test {
 protected:
  void SetUp() override {
    rpc::ServerOptions options;
    options.listen = "127.0.0.1:0";
    auto started = rpc::Server::Start(options, {{"teilhabe.participants.v1.CaseService", &cases_},
                                                {"teilhabe.handover.v1.NetworkService", &network_}});
    ASSERT_TRUE(started.ok()) << started.status();
    server_ = *std::move(started);
    session_.fixed_channel = rpc::MakeLoopbackChannel(absl::StrCat("127.0.0.1:", server_->port()), absl::Seconds(20));
    cases_.shown.set_head(std::string(32, 'h'));
    std::string name = (std::filesystem::temp_directory_path() / "ctl_test.XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // Runs a command; what it prints is in out_ and err_.
  template <typename Options>
  int Run(absl::Status (*command)(const Session&, const Options&), const Options& options) {
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const int code = ExitOf(command(session_, options));
    out_ = testing::internal::GetCapturedStdout();
    err_ = testing::internal::GetCapturedStderr();
    return code;
  }

  FakeNetwork network_;
  FakeCases cases_;
  std::unique_ptr<rpc::Server> server_;
  Session session_;
  std::filesystem::path folder_;
  std::string out_, err_;
};

TEST_F(CaseCommandTest, OpenPrintsTheNewId) {
  OpenCaseText text;
  text.family_name = "Beispiel";
  text.given_names = "Anna";
  text.birth_day = "2001-05-31";
  text.municipality = "05711000";
  EXPECT_EQ(Run(CaseOpen, text), kExitOk) << err_;
  EXPECT_EQ(out_, cases_.opened.case_() + "\n");
  EXPECT_THAT(cases_.opened.case_(), testing::MatchesRegex("[0-9a-f]{32}"));
  EXPECT_EQ(cases_.opened.event_day().day(), 5);  // The network's, not the machine's.
  cases_.status = rpc::ToGrpcStatus(ReasonError(absl::StatusCode::kUnavailable, "NODE_STOPS", "no answer"));
  EXPECT_EQ(Run(CaseOpen, text), kExitUnreachable);
  EXPECT_THAT(err_, HasSubstr("  Case: " + cases_.opened.case_()));  // It may be there.
  text.birth_day = "2001-02-29";
  EXPECT_EQ(Run(CaseOpen, text), kExitWrongCall);
  EXPECT_THAT(err_, HasSubstr("[DAY_INVALID]\n  Field: birth_day\n"));
}

TEST_F(CaseCommandTest, ListTakesAllPagesAndPutsTheMostUrgentFirst) {
  cases_.pages = {Text<v1::ListCasesResponse>(R"(
                      cases { case: "a" holder: "lwl" rest { kind: REST_KIND_ENDED } }
                      cases { case: "b" holder: "lwl" stage: STAGE_ARBEITSBEREICH
                              rest { kind: REST_KIND_SERVICE due_day { year: 2026 month: 3 day: 2 } } }
                      next_page_token: "more")"),
                  Text<v1::ListCasesResponse>(R"(
                      cases { case: "c" holder: "lvr" file_number: "7"
                              rest { kind: REST_KIND_APPLICATION overdue: true due_day { year: 2025 month: 12 day: 1 } } })")};
  CaseListText text;
  text.due_by = "2026-04-01";
  text.rest = "individual_solution";
  text.held = true;
  EXPECT_EQ(Run(CaseList, text), kExitOk) << err_;
  EXPECT_EQ(out_,
            "case\tfile number\tholder\tstage\trests on\tdue\toverdue\n"
            "c\t7\tlvr\t\toffener Antrag\t2025-12-01\t✗ überfällig\n"
            "b\t\tlwl\tArbeitsbereich\tlaufende Leistung\t2026-03-02\t✓ in der Frist\n"
            "a\t\tlwl\t\tbeendet\t\t\n");
  ASSERT_EQ(cases_.listed.size(), 2U);
  EXPECT_EQ(cases_.listed[1].page_token(), "more");
  for (const auto& asked : cases_.listed) {
    EXPECT_TRUE(asked.held());
    EXPECT_EQ(asked.rest(), v1::REST_KIND_INDIVIDUAL_SOLUTION);
    EXPECT_EQ(asked.due_by().month(), 4);
  }
  text.rest = "servce";
  EXPECT_EQ(Run(CaseList, text), kExitWrongCall);
  EXPECT_THAT(err_, HasSubstr("did you mean service? [VALUE_UNKNOWN]\n  Field: rest\n"));
}

TEST_F(CaseCommandTest, ShowTellsTheThreeRolesApart) {
  cases_.shown = Text<v1::Case>(R"(
      holder: "lwl" standing: STANDING_FOLLOWER withheld: CATEGORY_IDENTITY withheld: CATEGORY_MEDICAL
      rest { kind: REST_KIND_SERVICE due_day { year: 2026 month: 2 day: 1 } }
      steps { sequence: 2 author: "rd-nrw" event_day { year: 2026 month: 1 day: 2 } }
      parties { member: "lvr" relation: "next_stage" categories: CATEGORY_NEEDS } missing: "teilhabeplan"
      offer_hash: "x" offered_to: "lvr")");
  cases_.timeline = Text<v1::GetTimelineResponse>(R"(
      entries { sequence: 2 text: "Bedarf ermittelt" day { year: 2026 month: 1 day: 2 } }
      entries { agency: "lwl" text: "Eingang bestätigt" recorded_time { seconds: 1767610507 } }
      roles { first_day { year: 2025 month: 1 day: 1 } holder: "rd-nrw" issuers: "drv-bund" }
      roles { first_day { year: 2026 month: 1 day: 5 } holder: "lwl" issuers: "rd-nrw"
              leistende_traeger { agency: "lvr" of: 2 stage: STAGE_ARBEITSBEREICH } }
      roles { first_day { year: 2026 month: 1 day: 6 } holder: "lwl" })");
  EXPECT_EQ(Run(CaseShow, {kCase}), kExitOk) << err_;
  EXPECT_THAT(out_,
              HasSubstr("holder             lwl (Landschaftsverband Westfalen-Lippe); diese Stelle ist beteiligt\n"
                        "leistender Träger  lvr (Landschaftsverband Rheinland); entscheidet und zahlt, "
                        "Arbeitsbereich (Eintrag 2)\n"
                        "issuer             rd-nrw (Regionaldirektion Nordrhein-Westfalen); hat den Bescheid "
                        "erlassen, der heute gilt\n"
                        "withheld           Person, medizinische Unterlagen; vorhanden, hier nicht gezeigt\n"
                        "rests on           laufende Leistung, zu handeln bis 01.02.2026  ✓ in der Frist\n"
                        "entry 2            02.01.2026  rd-nrw: Bedarf ermittelt\n"));
  EXPECT_THAT(out_, HasSubstr("offer              offen, an lvr"));
  EXPECT_THAT(out_, HasSubstr("missing            teilhabeplan; fehlt lvr"));
  TimelineText line{kCase};
  EXPECT_EQ(Run(CaseTimeline, line), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr("2\t2026-01-02\t\tBedarf ermittelt\n\t2026-01-05\tlwl\tEingang bestätigt\n\nfrom\tto\t"));
  EXPECT_THAT(out_, HasSubstr("2026-01-05\t\tlwl\tlvr (Arbeitsbereich)\trd-nrw\n"));
  session_.format = Format::kCsv;
  EXPECT_EQ(Run(CaseTimeline, line), kExitOk);
  EXPECT_THAT(out_, testing::Not(HasSubstr("issuers")));
  line.roles = true;
  EXPECT_EQ(Run(CaseTimeline, line), kExitOk);
  EXPECT_THAT(out_, testing::StartsWith("from,to,holder,"));
}

TEST_F(CaseCommandTest, AWriteHasTheHeadThatWasReadAndANewRequest) {
  ApplyText text;
  text.id = kCase;
  text.stage = "arbeitsbereich";
  text.provider = "ala";
  EXPECT_EQ(Run(CaseApply, text), kExitOk) << err_;
  EXPECT_EQ(out_, "✓ Eintrag 7: Antrag auf Leistungen im Arbeitsbereich, eingegangen am 05.01.2026\n");
  EXPECT_EQ(Run(CaseApply, text), kExitOk);
  ASSERT_EQ(cases_.recorded.size(), 2U);
  EXPECT_EQ(cases_.recorded[0].expected_head(), std::string(32, 'h'));
  EXPECT_EQ(cases_.recorded[0].step().application().eingang_day().year(), 2026);
  EXPECT_EQ(cases_.recorded[0].step().application().applicant(), v1::APPLICANT_PERSON);
  EXPECT_NE(cases_.recorded[0].request_id(), cases_.recorded[1].request_id());
  session_.format = Format::kCsv;
  EXPECT_EQ(Run(CaseApply, text), kExitOk);
  EXPECT_EQ(out_, absl::StrCat("case,entry\n", kCase, ",7\n"));
  cases_.status = rpc::ToGrpcStatus(FieldError(absl::StatusCode::kAborted, "HEAD_MOVED", "expected_head",
                                               "the log has a newer event; read it and decide anew"));
  EXPECT_EQ(Run(CaseApply, text), kExitRejected);
  EXPECT_THAT(err_, HasSubstr("read it and decide anew [HEAD_MOVED]"));
  EXPECT_THAT(err_, HasSubstr("  Next:  teilhabe case show CASE\n"));
  text.stage = "arbeit";
  EXPECT_EQ(Run(CaseApply, text), kExitWrongCall);
  EXPECT_THAT(err_, HasSubstr("[VALUE_UNKNOWN]\n  Field: stage\n"));
}

TEST_F(CaseCommandTest, ACaseIsNamedByItsFileNumberToo) {
  cases_.pages = {Text<v1::ListCasesResponse>(absl::StrCat("cases { case: '", kCase, "' }"))};
  EXPECT_EQ(Run(CaseShow, {"R-17/26"}), kExitOk) << err_;
  EXPECT_EQ(cases_.listed.back().file_number(), "R-17/26");
  cases_.pages = {Text<v1::ListCasesResponse>("cases { case: 'a' } cases { case: 'b' }")};
  EXPECT_EQ(Run(CaseShow, {"R-17/26"}), kExitWrongCall);
  EXPECT_THAT(err_, HasSubstr("[FILE_NUMBER_AMBIGUOUS]\n  Field: case\n"));
  cases_.pages = {{}};
  EXPECT_EQ(Run(CaseShow, {"R-17/26"}), kExitNotFound);
  EXPECT_THAT(err_, HasSubstr("[CASE_UNKNOWN]"));
  cases_.listed.clear();
  EXPECT_EQ(Run(CaseShow, {""}), kExitWrongCall);
  EXPECT_TRUE(cases_.listed.empty());  // An empty file number is no filter.
}

TEST_F(CaseCommandTest, AnswersTakeTheOpenOffer) {
  EXPECT_EQ(Run(CaseAccept, {kCase}), kExitRejected);
  EXPECT_THAT(err_, HasSubstr("[OFFER_NOT_OPEN]"));
  cases_.shown.set_offer_hash("offer");
  cases_.shown.set_holder("rd-nrw");
  EXPECT_EQ(Run(CaseAccept, {kCase}), kExitOk) << err_;
  EXPECT_TRUE(cases_.answered.accept());
  EXPECT_EQ(cases_.answered.offer_hash(), "offer");
  EXPECT_EQ(Run(CaseDecline, DeclineText{kCase, {"item_missing", "wrong_place"}, {"kontakt"}}), kExitOk) << err_;
  EXPECT_THAT(out_,
              HasSubstr("Fall nicht übernommen: rd-nrw (Regionaldirektion Nordrhein-Westfalen) führt ihn weiter"));
  EXPECT_FALSE(cases_.answered.accept());
  EXPECT_EQ(cases_.answered.reasons_size(), 2);
  EXPECT_EQ(cases_.answered.missing(0), "kontakt");
  EXPECT_EQ(Run(CaseDecline, DeclineText{kCase, {"item_missin"}, {}}), kExitWrongCall);
  EXPECT_THAT(err_, HasSubstr("is no reason; did you mean item_missing?"));
}

TEST_F(CaseCommandTest, JsonIsWithoutWhatIsFilledIn) {
  EXPECT_EQ(Run(CaseRecord, CaseJsonText{kCase, R"({"step": {"report": {"kind": "fachausschuss"}}})"}), kExitOk)
      << err_;
  EXPECT_EQ(out_, "✓ Eintrag 7: Stellungnahme des Fachausschusses\n");
  EXPECT_EQ(cases_.recorded.back().case_(), kCase);
  EXPECT_EQ(cases_.recorded.back().event_day().year(), 2026);
  for (const char* json : {"{", "[]", "[{},{}]", R"({"steps": {}})", R"({"request_id": "1"})", R"({"case": "a"})",
                           R"({"expected_head": "aGVhZA=="})"}) {
    EXPECT_EQ(Run(CaseRecord, CaseJsonText{kCase, json}), kExitWrongCall) << json;
    EXPECT_THAT(err_, HasSubstr("[JSON_INVALID]\n  Field: json\n"));
    EXPECT_EQ(Run(CaseDecide, CaseJsonText{kCase, json}), kExitWrongCall) << json;
  }
  EXPECT_EQ(cases_.recorded.size(), 1U);
}

TEST_F(CaseCommandTest, NoPackageIsSentThatCannotBeKept) {
  SendOutsideText text{kCase, "Jobcenter", 2, "2026-02-02", "", (folder_ / "paket.txt").string()};
  EXPECT_EQ(Run(CaseSendOutside, text), kExitOk) << err_;
  std::ifstream file(text.out);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "Paket\n");
  EXPECT_EQ(Run(CaseSendOutside, text), kExitWrongCall);
  EXPECT_THAT(err_, HasSubstr("[OUTPUT_EXISTS]\n  Field: out\n"));
  text.out = (folder_ / "none" / "paket.txt").string();
  EXPECT_EQ(Run(CaseSendOutside, text), kExitWrongCall);
  EXPECT_THAT(err_, HasSubstr("[OUTPUT_UNWRITABLE]\n  Field: out\n"));
  text.out = (folder_ / "refused.txt").string();
  cases_.status = rpc::ToGrpcStatus(ReasonError(absl::StatusCode::kFailedPrecondition, "REVIEW_MISSING", "no review"));
  EXPECT_EQ(Run(CaseSendOutside, text), kExitRejected);
  EXPECT_FALSE(std::filesystem::exists(text.out));
}

TEST_F(CaseCommandTest, AccessesNameWhoDidNotAnswer) {
  EXPECT_EQ(Run(AccessList, {kCase}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr("2026-01-05 11:55:07\tlwl\tofficial sb-1\tFall angesehen\tcase_work\t§ 69\n"));
  EXPECT_THAT(out_, HasSubstr("? lvr (Landschaftsverband Rheinland) hat nicht geantwortet, ihre Zugriffe fehlen hier "
                              "[PEER_UNREACHABLE]\n"));
  session_.format = Format::kCsv;
  EXPECT_EQ(Run(AccessList, {kCase}), kExitOk);
  EXPECT_THAT(out_, testing::Not(HasSubstr("lvr")));
  EXPECT_THAT(err_, HasSubstr("? lvr"));
}

TEST_F(CaseCommandTest, AuditGivesTheRootOrTheFault) {
  EXPECT_EQ(Run(AuditVerify, {}), kExitOk) << err_;
  EXPECT_THAT(out_, HasSubstr("✓ Zugriffsprotokoll unversehrt: 3 Einträge\n · Wurzel abab"));
  cases_.status = rpc::ToGrpcStatus(ReasonError(absl::StatusCode::kDataLoss, "AUDIT_LEAF_BROKEN", "leaf 2 is another"));
  EXPECT_EQ(Run(AuditVerify, {}), kExitProtocol);
  EXPECT_THAT(err_, HasSubstr("leaf 2 is another [AUDIT_LEAF_BROKEN]"));
}

}  // namespace
}  // namespace teilhabe::ctl
