// Who is refused by a node, over real sockets, and that the node goes on afterwards.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include "absl/time/clock.h"
#include "common/base/reason.h"
#include "common/rpc/convert.h"
#include "common/rpc/status.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "gtest/gtest.h"
#include "tests/network/node_for_test.h"

namespace teilhabe {
namespace {

using trust::IdentityKind;
using trust::TestNetwork;

class SocketTest : public testing::Test {
 protected:
  SocketTest() {
    network_.AddNode("lwl");
    network_.AddNode("lvr");
    network_.AddGuest("ala", "lwl");
    node_ = std::make_unique<TestNode>(network_, "lwl");
  }

  // Every test ends with a good call: whatever was refused, the node goes on.
  void TearDown() override {
    EXPECT_EQ(Lookup(node_->ChannelAs(network_.Issue("lwl", IdentityKind::kSystem, "test"))), "");
  }

  static carriers::v1::DetermineCompetenceRequest Question() {
    carriers::v1::DetermineCompetenceRequest request;
    request.mutable_question()->set_municipality("05711000");
    request.mutable_question()->set_stage(carriers::v1::STAGE_ARBEITSBEREICH);
    request.mutable_question()->set_provider_type(carriers::v1::PROVIDER_TYPE_WFBM);
    *request.mutable_question()->mutable_event_day() = rpc::ToProto(absl::CivilDay(2025, 3, 10));
    return request;
  }

  // The reason why a call failed; "" where it succeeded, the code's name where it has no reason.
  static std::string ReasonOf(const grpc::Status& status) {
    if (status.ok()) return "";
    const std::string reason = GetReason(rpc::FromGrpcStatus(status));
    return reason.empty() ? "code " + std::to_string(status.error_code()) : reason;
  }

  static std::string Lookup(const std::shared_ptr<grpc::Channel>& channel, grpc::ClientContext* context = nullptr) {
    grpc::ClientContext own;
    carriers::v1::DetermineCompetenceResponse response;
    return ReasonOf(carriers::v1::CarriersService::NewStub(channel)->DetermineCompetence(
        context == nullptr ? &own : context, Question(), &response));
  }

  TestNetwork::Holder Issued(const trust::Identity& identity, const crypto::PrivateKey& key, const std::string& ca,
                             absl::Duration from = -absl::Hours(1), absl::Duration to = absl::Hours(1)) {
    const absl::Time now = absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now()));
    return network_.IssueAs(identity, key, ca, now + from, now + to);
  }

  TestNetwork network_;
  std::unique_ptr<TestNode> node_;
};

constexpr char kHandshakeRefused[] = "code 14";  // UNAVAILABLE: no connection came about.

TEST_F(SocketTest, ACertificateOfAnotherCa) {
  TestNetwork rogue;
  rogue.AddNode("lwl");
  EXPECT_EQ(Lookup(node_->ChannelWith(MakeIdentity(rogue.Issue("lwl", IdentityKind::kSystem, "x"), network_), "lwl")),
            kHandshakeRefused);
  EXPECT_EQ(Lookup(node_->ChannelWith(MakeIdentity(rogue.Issue("lwl", IdentityKind::kNode), network_), "lwl")),
            kHandshakeRefused);
}

TEST_F(SocketTest, ASystemOrOfficialOfAnotherAgency) {
  EXPECT_EQ(Lookup(node_->ChannelAs(network_.Issue("lvr", IdentityKind::kSystem, "x"))), kHandshakeRefused);
  EXPECT_EQ(Lookup(node_->ChannelAs(network_.Issue("lvr", IdentityKind::kOfficial, "x"))), kHandshakeRefused);
}

TEST_F(SocketTest, ACertificateThatIsExpiredOrNotYetValid) {
  const crypto::PrivateKey key = crypto::PrivateKey::Generate();
  const trust::Identity system = {"schulung-test", "lwl", IdentityKind::kSystem, "x"};
  EXPECT_EQ(Lookup(node_->ChannelAs(Issued(system, key, "lwl", -absl::Hours(2), -absl::Seconds(5)))),
            kHandshakeRefused);
  EXPECT_EQ(Lookup(node_->ChannelAs(Issued(system, key, "lwl", absl::Minutes(30), absl::Hours(2)))), kHandshakeRefused);
  EXPECT_EQ(Lookup(node_->ChannelAs(Issued(system, key, "lwl"))), "");
}

TEST_F(SocketTest, ANodesCertificateWithAKeyThatTheDirectoryDoesNotName) {
  EXPECT_EQ(Lookup(node_->ChannelAs(
                Issued({"schulung-test", "lvr", IdentityKind::kNode, ""}, crypto::PrivateKey::Generate(), ""))),
            kHandshakeRefused);
  EXPECT_EQ(Lookup(node_->ChannelAs(network_.Issue("lvr", IdentityKind::kNode))), "");
}

TEST_F(SocketTest, ANodeThatIsNoMember) {
  EXPECT_EQ(Lookup(node_->ChannelAs(
                Issued({"schulung-test", "drv", IdentityKind::kNode, ""}, crypto::PrivateKey::Generate(), ""))),
            kHandshakeRefused);
}

TEST_F(SocketTest, AnIdentityOfAKindThatMayNotCallTheMethod) {
  const auto greet = [this](const TestNetwork::Holder& holder) {
    grpc::ClientContext context;
    handover::v1::GreetResponse response;
    return ReasonOf(handover::v1::PeerService::NewStub(node_->ChannelAs(holder))->Greet(&context, {}, &response));
  };
  EXPECT_EQ(greet(network_.Issue("lwl", IdentityKind::kGuest, "ala")), "METHOD_NOT_ALLOWED");
  EXPECT_EQ(greet(network_.Issue("lwl", IdentityKind::kOfficial, "a")), "METHOD_NOT_ALLOWED");
  EXPECT_EQ(greet(network_.Issue("lwl", IdentityKind::kSystem, "a")), "METHOD_NOT_ALLOWED");
  EXPECT_EQ(greet(network_.Issue("lwl", IdentityKind::kNode)), "METHOD_NOT_ALLOWED") << "a node greets others only";
  EXPECT_EQ(greet(network_.Issue("lvr", IdentityKind::kNode)), "ENVELOPE_SENDER") << "allowed; then the empty envelope";
  EXPECT_EQ(Lookup(node_->ChannelAs(network_.Issue("lwl", IdentityKind::kGuest, "ala"))), "METHOD_NOT_ALLOWED");
  EXPECT_EQ(Lookup(node_->ChannelAs(network_.Issue("lwl", IdentityKind::kPerson, "p"))), "METHOD_NOT_ALLOWED");
  EXPECT_EQ(Lookup(node_->ChannelAs(network_.Issue("lwl", IdentityKind::kOfficial, "a"))), "");
  EXPECT_EQ(Lookup(node_->ChannelAs(network_.Issue("lwl", IdentityKind::kService, "participants"))), "");
}

TEST_F(SocketTest, AForeignOrExpiredCallContext) {
  const auto channel = node_->ChannelAs(network_.Issue("lwl", IdentityKind::kService, "participants"));
  const trust::Identity official = {"schulung-test", "lwl", IdentityKind::kOfficial, "a"};
  const auto with_context = [&](char key, const std::string& agency, absl::Time at) {
    grpc::ClientContext context;
    context.AddMetadata(
        trust::kContextMetadata,
        trust::ContextKey::FromBytes(std::string(32, key))->Seal(trust::MakeContext(official, agency, {}, at)));
    return Lookup(channel, &context);
  };
  EXPECT_EQ(with_context('k', "lwl", absl::Now()), "");
  EXPECT_EQ(with_context('x', "lwl", absl::Now()), "CONTEXT_FOREIGN");
  EXPECT_EQ(with_context('k', "lvr", absl::Now()), "CONTEXT_WRONG_AGENCY");
  EXPECT_EQ(with_context('k', "lwl", absl::Now() - absl::Minutes(5)), "CONTEXT_EXPIRED");
}

TEST_F(SocketTest, APeerThatIsNotTheMemberWeMeant) {
  const auto identity = MakeIdentity(network_.Issue("lvr", IdentityKind::kNode), network_);
  EXPECT_EQ(Lookup(node_->ChannelWith(identity, "lwl")), "");
  EXPECT_EQ(Lookup(node_->ChannelWith(identity, "lvr")), kHandshakeRefused) << "lwl answered where lvr was meant";
}

TEST_F(SocketTest, DirectoriesThatMayNotReplaceTheOneHeld) {
  const auto offer = [this](const trust::v1::SignedDirectory& directory) {
    grpc::ClientContext context;
    handover::v1::OfferDirectoryRequest request;
    *request.mutable_directory() = directory;
    handover::v1::OfferDirectoryResponse response;
    return ReasonOf(
        handover::v1::NetworkService::NewStub(node_->ChannelAs(network_.Issue("lwl", IdentityKind::kSystem, "x")))
            ->OfferDirectory(&context, request, &response));
  };
  EXPECT_EQ(offer(network_.Sign(2, 2)), "");
  EXPECT_EQ(node_->state().directory()->version(), 2);
  EXPECT_EQ(offer(network_.Sign(3, 1)), "DIRECTORY_SIGNATURES");
  EXPECT_EQ(offer(network_.Sign(1, 3)), "DIRECTORY_OLDER");
  TestNetwork real("deutschland", false);
  real.AddNode("lwl");
  EXPECT_EQ(offer(real.Sign(9, 3)), "DIRECTORY_SIGNATURES");
  trust::v1::Directory relabelled = network_.Unsigned(4);
  relabelled.set_training(false);
  EXPECT_EQ(offer(network_.SignRaw(relabelled, 3)), "TRAINING_MISMATCH");
  EXPECT_EQ(node_->state().directory()->version(), 2) << "nothing refused has changed anything";
}

TEST_F(SocketTest, AMemberThatLeftTheDirectoryIsRefusedAtItsNextHandshake) {
  const auto lvr = network_.Issue("lvr", IdentityKind::kNode);
  EXPECT_EQ(Lookup(node_->ChannelAs(lvr)), "");
  trust::v1::Directory without = network_.Unsigned(2);
  ASSERT_EQ(without.members_size(), 3);
  without.mutable_members()->DeleteSubrange(1, 1);  // ala, lvr, lwl
  ASSERT_TRUE(node_->state().OfferDirectory(network_.SignRaw(without)).ok());
  EXPECT_EQ(Lookup(node_->ChannelAs(lvr)), kHandshakeRefused);
}

TEST(TrainingTest, ATrainingNodeAndARealOneRefuseEachOther) {
  TestNetwork training;
  TestNetwork real("deutschland", false);
  for (TestNetwork* network : {&training, &real}) {
    network->AddNode("lwl");
    network->AddNode("lvr");
  }
  const auto call = [](const TestNetwork& server, const TestNetwork& client) {
    TestNode node(server, "lwl");
    // The client even trusts the server's network; it is the server that must refuse, and the other way round.
    grpc::ClientContext context;
    handover::v1::GreetResponse response;
    return handover::v1::PeerService::NewStub(
               node.ChannelWith(MakeIdentity(client.Issue("lvr", IdentityKind::kNode), client), "lwl"))
        ->Greet(&context, {}, &response)
        .error_code();
  };
  EXPECT_EQ(call(training, training), grpc::StatusCode::PERMISSION_DENIED) << "gets through, to the empty envelope";
  EXPECT_EQ(call(training, real), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(call(real, training), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(SocketTest, AnOversizedRequest) {
  carriers::v1::DetermineCompetenceRequest request = Question();
  request.mutable_question()->set_municipality(std::string(5 << 20, '1'));
  grpc::ClientContext context;
  carriers::v1::DetermineCompetenceResponse response;
  const auto channel = node_->ChannelAs(network_.Issue("lwl", IdentityKind::kSystem, "x"));
  EXPECT_EQ(
      carriers::v1::CarriersService::NewStub(channel)->DetermineCompetence(&context, request, &response).error_code(),
      grpc::StatusCode::RESOURCE_EXHAUSTED);
}

// Connects and says nothing: the handshake's time-out ends it, and meanwhile others are served.
TEST_F(SocketTest, SlowHandshakes) {
  std::vector<int> sockets;
  for (int at = 0; at < 200; ++at) {
    const int slow = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(node_->port()));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(connect(slow, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    sockets.push_back(slow);
  }
  EXPECT_EQ(Lookup(node_->ChannelAs(network_.Issue("lwl", IdentityKind::kSystem, "x"))), "");
  timeval wait = {30, 0};
  setsockopt(sockets[0], SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
  char byte = 0;
  const ssize_t received = recv(sockets[0], &byte, 1, 0);
  EXPECT_TRUE(received == 0 || (received < 0 && errno != EAGAIN))
      << "the server closes it by itself, before the test has waited long enough";
  for (const int slow : sockets) close(slow);
}

TEST_F(SocketTest, PlaintextIsNotAnswered) {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(5)));
  EXPECT_NE(Lookup(grpc::CreateChannel(node_->address(), grpc::InsecureChannelCredentials()), &context), "");
}

// One agency takes all the places it can; another is served all the same.
TEST_F(SocketTest, OneAgencyDoesNotStarveAnother) {
  const auto busy =
      carriers::v1::CarriersService::NewStub(node_->ChannelAs(network_.Issue("lvr", IdentityKind::kNode)));
  std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
  std::vector<std::unique_ptr<grpc::ClientReaderWriter<carriers::v1::DetermineCompetenceBatchRequest,
                                                       carriers::v1::DetermineCompetenceBatchResponse>>>
      streams;
  carriers::v1::DetermineCompetenceBatchRequest one;
  *one.add_questions() = Question().question();
  carriers::v1::DetermineCompetenceBatchResponse answer;
  for (int at = 0; at < rpc::Gatekeeper::kCallsPerAgency; ++at) {
    contexts.push_back(std::make_unique<grpc::ClientContext>());
    streams.push_back(busy->DetermineCompetenceBatch(contexts.back().get()));
    ASSERT_TRUE(streams.back()->Write(one) && streams.back()->Read(&answer)) << at;
  }
  grpc::ClientContext refused;
  carriers::v1::DetermineCompetenceResponse response;
  EXPECT_EQ(ReasonOf(busy->DetermineCompetence(&refused, Question(), &response)), "AGENCY_BUSY");
  EXPECT_EQ(Lookup(node_->ChannelAs(network_.Issue("lwl", IdentityKind::kSystem, "x"))), "");
  for (auto& stream : streams) {
    stream->WritesDone();
    EXPECT_TRUE(stream->Finish().ok());
  }
  streams.clear();
  grpc::ClientContext again;
  EXPECT_EQ(ReasonOf(busy->DetermineCompetence(&again, Question(), &response)), "") << "places are given back";
}

}  // namespace
}  // namespace teilhabe
