#include "services/ctl/output.h"

#include "common/base/reason.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "teilhabe/carriers/v1/competence.pb.h"

namespace teilhabe::ctl {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string Printed(const absl::Status& status, int* code = nullptr) {
  testing::internal::CaptureStderr();
  const int exit = PrintError(status);
  if (code != nullptr) *code = exit;
  return testing::internal::GetCapturedStderr();
}

struct Code {
  absl::StatusCode code;
  int exit;
  const char* word;
};
class ExitCodeTest : public testing::TestWithParam<Code> {};

TEST_P(ExitCodeTest, IsThatOfTheStatus) {
  int exit = -1;
  const std::string text = Printed(FieldError(GetParam().code, "SOME_REASON", "facts.cause", "what is wrong"), &exit);
  EXPECT_EQ(exit, GetParam().exit);
  EXPECT_THAT(text, HasSubstr(std::string("✗ ") + GetParam().word + ": what is wrong [SOME_REASON]\n"));
  EXPECT_THAT(text, HasSubstr("  Field: facts.cause\n"));
}

INSTANTIATE_TEST_SUITE_P(
    AllCodes, ExitCodeTest,
    testing::Values(
        Code{absl::StatusCode::kCancelled, 1, "Unexpected"}, Code{absl::StatusCode::kUnknown, 1, "Unexpected"},
        Code{absl::StatusCode::kInvalidArgument, 2, "Rejected"},
        Code{absl::StatusCode::kDeadlineExceeded, 5, "Unreachable"}, Code{absl::StatusCode::kNotFound, 3, "Not found"},
        Code{absl::StatusCode::kAlreadyExists, 4, "Rejected"}, Code{absl::StatusCode::kPermissionDenied, 4, "Rejected"},
        Code{absl::StatusCode::kResourceExhausted, 4, "Rejected"},
        Code{absl::StatusCode::kFailedPrecondition, 4, "Rejected"}, Code{absl::StatusCode::kAborted, 4, "Rejected"},
        Code{absl::StatusCode::kOutOfRange, 2, "Rejected"},
        Code{absl::StatusCode::kUnimplemented, 6, "Protocol violated"},
        Code{absl::StatusCode::kInternal, 1, "Unexpected"}, Code{absl::StatusCode::kUnavailable, 5, "Unreachable"},
        Code{absl::StatusCode::kDataLoss, 6, "Protocol violated"},
        Code{absl::StatusCode::kUnauthenticated, 4, "Rejected"}),
    [](const auto& tested) { return "Code" + std::to_string(static_cast<int>(tested.param.code)); });

TEST(PrintErrorTest, NamesTheNextCommand) {
  const auto error = [](absl::StatusCode code, const char* reason) { return ReasonError(code, reason, "x"); };
  EXPECT_THAT(Printed(error(absl::StatusCode::kInvalidArgument, "FACT_UNKNOWN")),
              HasSubstr("  Next:  teilhabe carrier facts\n"));
  EXPECT_THAT(Printed(error(absl::StatusCode::kInvalidArgument, "METHOD_UNKNOWN")),
              HasSubstr("  Next:  teilhabe rpc --list\n"));
  EXPECT_THAT(Printed(error(absl::StatusCode::kInvalidArgument, "CALL_INVALID")),
              HasSubstr("  Next:  teilhabe --help\n"));
  EXPECT_THAT(Printed(error(absl::StatusCode::kUnavailable, "")), HasSubstr("--node HOST:PORT"));
  EXPECT_THAT(
      Printed(WithDetail(error(absl::StatusCode::kNotFound, "MUNICIPALITY_DISSOLVED"), "successor", "16063105")),
      HasSubstr("  Next:  ask for --municipality 16063105\n"));
  EXPECT_THAT(Printed(error(absl::StatusCode::kNotFound, "MUNICIPALITY_UNKNOWN")), Not(HasSubstr("Next:")));
}

TEST(PrintErrorTest, WithoutReasonOrTextSaysWhatItKnows) {
  EXPECT_EQ(Printed(absl::UnknownError("odd")), "✗ Unexpected: odd\n");
  EXPECT_EQ(Printed(absl::InternalError("")), "✗ Unexpected: INTERNAL\n");
}

TEST(PrintErrorTest, PrintsUtf8Only) {
  EXPECT_THAT(Printed(absl::UnknownError("x\xC3")), HasSubstr("x\xEF\xBF\xBD\n"));
}

std::string Table(Format format) {
  testing::internal::CaptureStdout();
  PrintTable({"name", "text"}, {{"a", "ä, \"b\""}, {"", "=1+1"}}, format);
  return testing::internal::GetCapturedStdout();
}

TEST(PrintTableTest, HasTabsInAPipe) { EXPECT_EQ(Table(Format::kTable), "name\ttext\na\tä, \"b\"\n\t=1+1\n"); }

// A spreadsheet would run a cell that begins with an equals sign.
TEST(PrintTableTest, IsCsvOnDemand) { EXPECT_EQ(Table(Format::kCsv), "name,text\na,\"ä, \"\"b\"\"\"\n,'=1+1\n"); }

TEST(JsonTest, HasTheNamesOfTheContract) {
  carriers::v1::CompetenceQuestion question;
  question.set_municipality("05711000");
  question.set_stage(carriers::v1::STAGE_ARBEITSBEREICH);
  question.mutable_event_day()->set_year(2025);
  EXPECT_EQ(ToJson(question, false),
            "{\"municipality\":\"05711000\",\"stage\":\"STAGE_ARBEITSBEREICH\",\"event_day\":{\"year\":2025}}\n");
  EXPECT_THAT(ToJson(question, true), HasSubstr("\n \"municipality\": \"05711000\",\n"));
  testing::internal::CaptureStdout();
  PrintJson(question);
  EXPECT_EQ(testing::internal::GetCapturedStdout(), ToJson(question, true));
}

TEST(PrintNextTest, IsForPeopleOnly) {
  testing::internal::CaptureStdout();
  PrintNext("teilhabe carrier facts");
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
}

}  // namespace
}  // namespace teilhabe::ctl
