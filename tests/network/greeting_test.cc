// Two nodes greet each other over real sockets.
#include <fstream>

#include "common/base/reason.h"
#include "common/rpc/status.h"
#include "gtest/gtest.h"
#include "tests/network/node_for_test.h"

namespace teilhabe {
namespace {

using trust::TestNetwork;

handover::v1::PeerStatus PeerOf(TestNode& node, const std::string& id) {
  const auto status = node.state().Status();
  for (const auto& peer : status.peers()) {
    if (peer.id() == id) return peer;
  }
  return {};
}

class GreetingTest : public testing::Test {
 protected:
  GreetingTest() {
    network_.AddNode("lvr");
    network_.AddNode("lwl");
    lwl_ = std::make_unique<TestNode>(network_, "lwl");
    lvr_ = std::make_unique<TestNode>(network_, "lvr");
    // Endpoints are known now.
    network_.member("lwl").set_endpoint(lwl_->address());
    network_.member("lvr").set_endpoint(lvr_->address());
    const auto directory = network_.Sign(2);
    for (TestNode* node : {lwl_.get(), lvr_.get()}) EXPECT_EQ(node->state().OfferDirectory(directory).value(), 2);
  }

  TestNetwork network_;
  std::unique_ptr<TestNode> lwl_, lvr_;
};

TEST_F(GreetingTest, BothSidesKnowEachOther) {
  EXPECT_TRUE(handover::Greeter(lwl_->state()).GreetAll());
  EXPECT_EQ(PeerOf(*lwl_, "lvr").state(), handover::v1::PEER_STATE_OK);
  EXPECT_EQ(PeerOf(*lvr_, "lwl").state(), handover::v1::PEER_STATE_OK);
  EXPECT_EQ(PeerOf(*lvr_, "lwl").directory_version(), 2);
}

TEST_F(GreetingTest, ANewerDirectoryIsPassedOn) {
  network_.AddNode("drv");
  ASSERT_EQ(lwl_->state().OfferDirectory(network_.Sign(3)).value(), 3);
  handover::Greeter(lvr_->state()).GreetAll();
  EXPECT_EQ(lvr_->state().directory()->version(), 3);
  EXPECT_NE(lvr_->state().directory()->Find("drv"), nullptr);
}

TEST_F(GreetingTest, AForgedDirectoryIsNotTaken) {
  // lwl holds a directory that only one signer has signed: lvr fetches it and checks for itself.
  TestNetwork other;
  other.AddNode("lwl");
  EXPECT_EQ(GetReason(lvr_->state().OfferDirectory(other.Sign(9, 3)).status()), "DIRECTORY_SIGNATURES");
  EXPECT_EQ(lvr_->state().directory()->version(), 2);
}

TEST_F(GreetingTest, AForkedDirectoryIsSeen) {
  network_.AddNode("drv");
  ASSERT_TRUE(lwl_->state().OfferDirectory(network_.Sign(3)).ok());
  network_.AddNode("uv");
  ASSERT_TRUE(lvr_->state().OfferDirectory(network_.Sign(3)).ok());
  handover::Greeter(lwl_->state()).GreetAll();
  EXPECT_EQ(PeerOf(*lwl_, "lvr").reason(), "DIRECTORY_FORKED");
}

TEST_F(GreetingTest, APeerThatIsDownIsShownWithItsReason) {
  lvr_.reset();
  EXPECT_FALSE(handover::Greeter(lwl_->state()).GreetAll());
  EXPECT_EQ(PeerOf(*lwl_, "lvr").state(), handover::v1::PEER_STATE_FAILED);
  EXPECT_EQ(PeerOf(*lwl_, "lvr").reason(), "PEER_UNREACHABLE");
}

class NetworkStateTest : public testing::Test {
 protected:
  NetworkStateTest() {
    network_.AddNode("lvr");
    network_.AddNode("lwl");
    directory_ = network_.Verified();
  }

  absl::StatusOr<std::unique_ptr<handover::NetworkState>> Open(const std::string& member,
                                                               const TemporaryFolder& folder) {
    return handover::NetworkState::Open({MakeIdentity(network_.Issue(member, trust::IdentityKind::kNode), network_),
                                         std::make_shared<trust::DirectoryHolder>(directory_), folder.path() / "data",
                                         folder.path() / "journal", std::make_shared<SystemClock>(), nullptr,
                                         std::make_shared<dossier::MemoryIncarnation>(incarnations_[member])});
  }
  static void WriteIncarnation(const TemporaryFolder& folder, const std::string& text) {
    std::ofstream(folder.path() / "journal" / "incarnations.json") << text;
  }

  TestNetwork network_;
  std::shared_ptr<const trust::Directory> directory_;
  std::map<std::string, std::int64_t> incarnations_ = {{"lvr", 1}, {"lwl", 1}};
  TemporaryFolder lwl_folder_, lvr_folder_;
};

TEST_F(NetworkStateTest, AnOlderIncarnationHasNoEffectAlsoAfterARestart) {
  {
    const auto lwl = *Open("lwl", lwl_folder_);
    incarnations_["lvr"] = 5;
    const auto lvr = *Open("lvr", lvr_folder_);
    EXPECT_TRUE(lwl->AnswerGreeting("lvr", *lvr->MakeGreeting("lwl", "n")).ok());
  }
  const auto lwl = *Open("lwl", lwl_folder_);
  incarnations_["lvr"] = 4;
  const auto lvr = *Open("lvr", lvr_folder_);
  EXPECT_EQ(GetReason(lwl->AnswerGreeting("lvr", *lvr->MakeGreeting("lwl", "n")).status()), "INCARNATION_OLD");
}

TEST_F(NetworkStateTest, AnAnswerIsToTheGreetingThatWasSent) {
  const auto lwl = *Open("lwl", lwl_folder_);
  const auto lvr = *Open("lvr", lvr_folder_);
  const auto first = *lwl->MakeGreeting("lvr", "one");
  const auto second = *lwl->MakeGreeting("lvr", "two");
  const auto answer = *lvr->AnswerGreeting("lwl", first);
  EXPECT_TRUE(lwl->TakeAnswer("lvr", first, "one", answer).ok());
  EXPECT_EQ(GetReason(lwl->TakeAnswer("lvr", second, "two", answer).status()), "ENVELOPE_ANSWER");
  EXPECT_EQ(GetReason(lwl->TakeAnswer("lvr", first, "two", answer).status()), "ENVELOPE_ANSWER");
  EXPECT_EQ(GetReason(lwl->TakeAnswer("lvr", second, "one", answer).status()), "ENVELOPE_ANSWER");
  EXPECT_EQ(GetReason(lwl->TakeAnswer("lvr", first, "one", first).status()), "ENVELOPE_SENDER");
}

TEST_F(NetworkStateTest, ADamagedIncarnationFileStopsTheStart) {
  for (const char* text :
       {"", "{", "[]", "{}", R"({"peers": []})", R"({"peers": {"lvr": "x"}})", R"({"peers": {"lvr": 0}})"}) {
    WriteIncarnation(lwl_folder_, text);
    EXPECT_EQ(GetReason(Open("lwl", lwl_folder_).status()), "INCARNATIONS_UNREADABLE") << text;
  }
}

}  // namespace
}  // namespace teilhabe
