#include "common/rpc/status.h"

#include "common/base/reason.h"
#include "common/base/utf8.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"

namespace teilhabe::rpc {
namespace {

absl::Status Example(absl::StatusCode code) {
  return WithDetail(FieldError(code, "MUNICIPALITY_DISSOLVED", "municipality", "Eisenach ging über; § 98 SGB IX"),
                    "successor", "16063105");
}

class StatusRoundTrip : public testing::TestWithParam<int> {};

TEST_P(StatusRoundTrip, KeepsCodeMessageReasonFieldAndDetails) {
  const absl::Status sent = Example(static_cast<absl::StatusCode>(GetParam()));
  for (const absl::Status& got : {FromGrpcStatus(ToGrpcStatus(sent)), FromProtoStatus(ToProtoStatus(sent))}) {
    EXPECT_EQ(got.code(), sent.code());
    EXPECT_EQ(got.message(), sent.message());
    EXPECT_EQ(GetReason(got), "MUNICIPALITY_DISSOLVED");
    EXPECT_EQ(GetField(got), "municipality");
    EXPECT_EQ(GetDetails(got), GetDetails(sent));
  }
  EXPECT_EQ(static_cast<int>(ToGrpcStatus(sent).error_code()), GetParam());
}

INSTANTIATE_TEST_SUITE_P(AllCodes, StatusRoundTrip, testing::Range(1, 17),
                         [](const auto& tested) { return "Code" + std::to_string(tested.param); });

TEST(StatusTest, OkStaysOk) {
  EXPECT_TRUE(ToGrpcStatus(absl::OkStatus()).ok());
  EXPECT_TRUE(FromGrpcStatus(grpc::Status::OK).ok());
}

TEST(StatusTest, TravelsAsErrorInfoOfOurDomain) {
  const google::rpc::Status proto = ToProtoStatus(Example(absl::StatusCode::kNotFound));
  ASSERT_EQ(proto.details_size(), 1);
  google::rpc::ErrorInfo info;
  ASSERT_TRUE(proto.details(0).UnpackTo(&info));
  EXPECT_EQ(info.domain(), "teilhabe");
  EXPECT_EQ(info.reason(), "MUNICIPALITY_DISSOLVED");
  EXPECT_EQ(info.metadata().at("field"), "municipality");
  EXPECT_EQ(info.metadata().at("successor"), "16063105");
}

TEST(StatusTest, WithoutReasonIsLoggedAndSentWithoutItsText) {
  testing::internal::CaptureStderr();
  const grpc::Status sent = ToGrpcStatus(absl::NotFoundError("row 17 of table secrets"));
  EXPECT_NE(testing::internal::GetCapturedStderr().find("row 17"), std::string::npos);
  EXPECT_EQ(sent.error_code(), grpc::StatusCode::INTERNAL);
  EXPECT_EQ(sent.error_message().find("row 17"), std::string::npos);
  EXPECT_EQ(sent.error_details().find("row 17"), std::string::npos);
  EXPECT_EQ(GetReason(FromGrpcStatus(sent)), "");
}

// Messages quote what was sent, cut to a length. A string that is no UTF-8 would make the client drop the reason, and
// in a batch the answers of everybody else.
TEST(StatusTest, LetterCutInHalfDoesNotSpoilTheMessage) {
  const absl::Status cut = WithDetail(
      FieldError(absl::StatusCode::kInvalidArgument, "AGENCY_UNKNOWN", "facts.drv_account", "no agency 'x\xC3'"),
      "near", "\xFF");
  const google::rpc::Status proto = ToProtoStatus(cut);
  EXPECT_TRUE(IsUtf8(proto.message()));
  google::rpc::Status read;
  ASSERT_TRUE(read.ParseFromString(proto.SerializeAsString()));
  EXPECT_EQ(GetReason(FromProtoStatus(read)), "AGENCY_UNKNOWN");
  EXPECT_EQ(GetReason(FromGrpcStatus(ToGrpcStatus(cut))), "AGENCY_UNKNOWN");
}

TEST(StatusTest, ForeignDetailsAreNoReason) {
  google::rpc::Status proto;
  proto.set_code(8);
  proto.set_message("slow down");
  google::rpc::ErrorInfo info;
  info.set_reason("RATE_LIMIT");
  info.set_domain("example.com");
  proto.add_details()->PackFrom(info);
  const absl::Status got = FromProtoStatus(proto);
  EXPECT_EQ(got.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(got.message(), "slow down");
  EXPECT_EQ(GetReason(got), "");
}

TEST(StatusTest, BrokenDetailsLeaveCodeAndMessage) {
  const absl::Status got = FromGrpcStatus(grpc::Status(grpc::StatusCode::ABORTED, "moved", "\xFF\xFF\xFF"));
  EXPECT_EQ(got.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(got.message(), "moved");
  EXPECT_EQ(GetReason(got), "");
}

TEST(StatusTest, CodeThatDoesNotExistIsAnErrorStill) {
  google::rpc::Status proto;
  proto.set_code(99);
  EXPECT_FALSE(FromProtoStatus(proto).ok());
  proto.set_code(-1);
  EXPECT_FALSE(FromProtoStatus(proto).ok());
}

}  // namespace
}  // namespace teilhabe::rpc
