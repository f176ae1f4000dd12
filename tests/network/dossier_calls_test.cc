// Answers about a dossier that is larger than one message of gRPC (4 MB): pages and pieces.
#include "absl/time/clock.h"
#include "common/base/clock.h"
#include "common/base/reason.h"
#include "common/rpc/convert.h"
#include "common/rpc/gatekeeper.h"
#include "common/rpc/status.h"
#include "common/trust/directory_members.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "teilhabe/dossier/v1/evidence.pb.h"
#include "teilhabe/participants/v1/dossier_service.grpc.pb.h"
#include "tests/network/node_for_test.h"

namespace teilhabe {
namespace {

namespace parts = participants::v1;

constexpr char kDossier[] = "0123456789abcdef0123456789abcdef";
constexpr int kLarge = 55;  // Events of almost 60,000 bytes.

class DossierCallsTest : public testing::Test {
 protected:
  DossierCallsTest() {
    network_.AddNode("lwl");
    network_.member("lwl").add_roles(trust::v1::ROLE_EGH_UEBEROERTLICH);
    node_ = std::make_unique<TestNode>(network_, "lwl");
    const auto channel = node_->ChannelAs(network_.Issue("lwl", trust::IdentityKind::kSystem, "test"));
    stub_ = parts::DossierService::NewStub(channel);
    parts::OpenDossierRequest request;
    request.set_dossier(kDossier);
    request.set_request_id("open");
    *request.mutable_draft() = Draft();
    request.mutable_draft()->mutable_header()->set_class_(dossier::v1::DOSSIER_CLASS_CASE);
    parts::OpenDossierResponse opened;
    EXPECT_EQ(Call(&parts::DossierService::Stub::OpenDossier, request, opened), "");
    head_ = opened.answer().head().hash();
  }

  static dossier::v1::EventDraft Draft() {
    dossier::v1::EventDraft draft;
    *draft.mutable_header()->mutable_event_day() = rpc::ToProto(LegalDay(absl::Now()));
    draft.mutable_header()->set_legal_basis("§ 19 Abs. 1 SGB IX");
    return draft;
  }

  template <typename Request, typename Response>
  std::string Call(grpc::Status (parts::DossierService::Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                   const Request& request, Response& response) {
    grpc::ClientContext context;
    context.AddMetadata(rpc::kPurposeMetadata, "case_work");
    const grpc::Status status = ((*stub_).*method)(&context, request, &response);
    if (status.ok()) return "";
    return GetReason(rpc::FromGrpcStatus(status)) + " " + status.error_message();
  }

  void Append(dossier::v1::EventDraft draft) {
    parts::AppendEventRequest request;
    request.set_dossier(kDossier);
    request.set_request_id(std::to_string(++requests_));
    request.set_expected_head(head_);
    *request.mutable_draft() = std::move(draft);
    parts::AppendEventResponse appended;
    ASSERT_EQ(Call(&parts::DossierService::Stub::AppendEvent, request, appended), "");
    head_ = appended.answer().head().hash();
  }

  // A document with as many signatories as a header holds.
  void AppendLarge() {
    dossier::v1::EventDraft draft = Draft();
    draft.mutable_header()->set_kind(dossier::v1::EVENT_KIND_JOINT_PROPOSED);
    auto& proposed = *draft.mutable_header()->mutable_joint_proposed();
    proposed.set_document("d-" + std::to_string(requests_));
    proposed.set_version(1);
    for (int at = 0; at < 900; ++at) proposed.add_signatories(std::string(58, 'm') + std::to_string(1000 + at));
    Append(std::move(draft));
  }

  trust::TestNetwork network_;
  std::unique_ptr<TestNode> node_;
  std::unique_ptr<parts::DossierService::Stub> stub_;
  std::string head_;
  int requests_ = 0;
};

TEST_F(DossierCallsTest, APageEndsBeforeItIsTooLarge) {
  for (int at = 0; at < kLarge; ++at) AppendLarge();
  parts::ListEventsRequest request;
  request.set_dossier(kDossier);
  request.set_page_size(1000);
  int pages = 0;
  int events = 0;
  for (request.set_from_sequence(1); request.from_sequence() != 0; ++pages) {
    parts::ListEventsResponse page;
    ASSERT_EQ(Call(&parts::DossierService::Stub::ListEvents, request, page), "");
    EXPECT_LT(page.ByteSizeLong(), 3'000'000U);
    events += page.events_size();
    request.set_from_sequence(page.next_sequence());
  }
  EXPECT_EQ(events, kLarge + 1);
  EXPECT_EQ(pages, 2);
}

TEST_F(DossierCallsTest, EvidenceComesInPieces) {
  dossier::v1::EventDraft draft = Draft();
  draft.mutable_header()->set_kind(dossier::v1::EVENT_KIND_RECORDED);
  draft.mutable_header()->set_record("report");
  for (int at = 0; at < 7; ++at) {
    dossier::v1::SectionDraft& section = *draft.add_sections();
    section.set_name("teil-" + std::to_string(at));
    section.set_category(dossier::v1::CATEGORY_COURSE);
    section.mutable_payload()->set_content(std::string(260'000, 'x'));
  }
  for (int at = 0; at < 3; ++at) Append(draft);
  parts::ExportEvidenceRequest request;
  request.set_dossier(kDossier);
  grpc::ClientContext nameless;
  const auto refused = stub_->ExportEvidence(&nameless, request);
  parts::ExportEvidenceResponse nothing;
  EXPECT_FALSE(refused->Read(&nothing));
  EXPECT_EQ(GetReason(rpc::FromGrpcStatus(refused->Finish())), "PURPOSE_MISSING");
  grpc::ClientContext context;
  context.AddMetadata(rpc::kPurposeMetadata, "case_work");
  const auto reader = stub_->ExportEvidence(&context, request);
  std::string file;
  for (parts::ExportEvidenceResponse piece; reader->Read(&piece);) {
    EXPECT_LE(piece.bytes().size(), 262'144U);
    file += piece.bytes();
  }
  const grpc::Status status = reader->Finish();
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_GT(file.size(), 5'000'000U);
  dossier::v1::SignedEvidence sealed;
  dossier::v1::Evidence evidence;
  ASSERT_TRUE(sealed.ParseFromString(file) && evidence.ParseFromString(sealed.evidence()));
  EXPECT_EQ(evidence.events_size(), 4);
}

TEST_F(DossierCallsTest, EvidenceOfAnUnknownDossierIsAnError) {
  parts::ExportEvidenceRequest request;
  request.set_dossier(std::string(32, 'f'));
  grpc::ClientContext context;
  context.AddMetadata(rpc::kPurposeMetadata, "case_work");
  const auto reader = stub_->ExportEvidence(&context, request);
  parts::ExportEvidenceResponse piece;
  EXPECT_FALSE(reader->Read(&piece));
  EXPECT_EQ(GetReason(rpc::FromGrpcStatus(reader->Finish())), "DOSSIER_UNKNOWN");
}

TEST_F(DossierCallsTest, AnUploadLeavesAnEntryAndPagesAreCounted) {
  const std::string pdf = "%PDF-1.7 Anlage";
  parts::AddAttachmentRequest first;
  first.set_dossier(kDossier);
  first.set_section("anlage");
  first.set_size(static_cast<std::int64_t>(pdf.size()));
  first.set_media_type("application/pdf");
  first.set_digest(std::string(crypto::Hasher("attachment").Raw(pdf).Finish().bytes()));
  first.set_bytes(pdf);
  const auto entries = [&] { return node_->node().dossiers().exchange().AccessLogHead()->size(); };
  const std::int64_t before = entries();
  grpc::ClientContext context;
  context.AddMetadata(rpc::kPurposeMetadata, "case_work");
  parts::AddAttachmentResponse added;
  const auto writer = stub_->AddAttachment(&context, &added);
  writer->Write(first);
  writer->WritesDone();
  const grpc::Status status = writer->Finish();
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(added.attachment().size(), first.size());
  EXPECT_EQ(entries(), before + 1);

  parts::ListStatementsRequest negative;
  negative.set_dossier(kDossier);
  negative.set_page_size(-1);
  parts::ListStatementsResponse page;
  EXPECT_THAT(Call(&parts::DossierService::Stub::ListStatements, negative, page), testing::StartsWith("PAGE_SIZE"));
}

// Who takes over, from which day, by which act, is the directory's.
TEST(DirectoryMembersTest, NamesTheSuccessorWithDayAndAct) {
  trust::TestNetwork network;
  network.AddNode("lwl");
  trust::v1::Succession& succession = *network.member("lwl").add_successions();
  succession.set_successor("lvr");
  *succession.mutable_day() = rpc::ToProto(absl::CivilDay(2026, 1, 1));
  succession.set_act("Gesetz");
  const trust::DirectoryMembers members(std::make_shared<trust::DirectoryHolder>(network.Verified()));
  EXPECT_FALSE(members.Successor("lwl", absl::CivilDay(2025, 12, 31)));
  EXPECT_FALSE(members.Successor("lvr", absl::CivilDay(2026, 1, 1)));
  const auto found = members.Successor("lwl", absl::CivilDay(2026, 1, 1));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->successor, "lvr");
  EXPECT_EQ(found->first_day, absl::CivilDay(2026, 1, 1));
  EXPECT_EQ(found->act, "Gesetz");
}

}  // namespace
}  // namespace teilhabe
