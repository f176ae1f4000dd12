#include "common/trust/directory.h"

#include "common/base/reason.h"
#include "common/trust/testing/test_network.h"
#include "gtest/gtest.h"

namespace teilhabe::trust {
namespace {

class DirectoryTest : public testing::Test {
 protected:
  DirectoryTest() {
    network_.AddNode("lwl");
    network_.AddNode("lvr");
    network_.AddGuest("ala", "lwl");
  }

  absl::Status Verify(const v1::SignedDirectory& directory, const Directory* before = nullptr) {
    return Directory::Verify(directory, network_.Trust(), verifier_, before).status();
  }

  TestNetwork network_;
  crypto::EcdsaVerifier verifier_;
};

TEST_F(DirectoryTest, FindsMembersById) {
  const auto directory = network_.Verified();
  ASSERT_NE(directory->Find("lwl"), nullptr);
  EXPECT_EQ(directory->Find("lwl")->member.name(), "Name of lwl");
  EXPECT_EQ(directory->Find("nobody"), nullptr);
  EXPECT_EQ(directory->entries().size(), 3u);
}

TEST_F(DirectoryTest, NeedsTheThresholdOfSignatures) {
  EXPECT_TRUE(Verify(network_.Sign(1, 2)).ok());
  EXPECT_TRUE(Verify(network_.Sign(1, 3)).ok());
  EXPECT_EQ(GetReason(Verify(network_.Sign(1, 1))), "DIRECTORY_SIGNATURES");
  EXPECT_EQ(GetReason(Verify(network_.Sign(1, 0))), "DIRECTORY_SIGNATURES");
}

TEST_F(DirectoryTest, OneSignerTwiceIsOneSigner) {
  v1::SignedDirectory directory = network_.Sign(1, 1);
  *directory.add_signatures() = directory.signatures(0);
  EXPECT_EQ(GetReason(Verify(directory)), "DIRECTORY_SIGNATURES");
}

TEST_F(DirectoryTest, SignersOfAnotherNetworkDoNotCount) {
  TestNetwork other;
  EXPECT_EQ(GetReason(Verify(other.SignRaw(network_.Unsigned(), 3))), "DIRECTORY_SIGNATURES");
}

TEST_F(DirectoryTest, EveryFlippedByteIsFound) {
  const v1::SignedDirectory good = network_.Sign();
  for (std::size_t at = 0; at < good.directory().size(); at += 7) {
    v1::SignedDirectory bad = good;
    (*bad.mutable_directory())[at] = static_cast<char>(bad.directory()[at] ^ 1);
    EXPECT_EQ(GetReason(Verify(bad)), "DIRECTORY_SIGNATURES") << at;
  }
}

TEST_F(DirectoryTest, NeverGoesBack) {
  const auto held = network_.Verified(5);
  EXPECT_EQ(GetReason(Verify(network_.Sign(4), held.get())), "DIRECTORY_OLDER");
  EXPECT_TRUE(Verify(held->bytes(), held.get()).ok());
  EXPECT_TRUE(Verify(network_.Sign(6), held.get()).ok());
}

TEST_F(DirectoryTest, TwoOfOneVersionAreAFork) {
  const auto held = network_.Verified(5);
  network_.AddNode("drv");
  EXPECT_EQ(GetReason(Verify(network_.Sign(5), held.get())), "DIRECTORY_FORKED");
}

TEST_F(DirectoryTest, AnEntryIsSignedByItsMember) {
  v1::Directory directory = network_.Unsigned();
  *directory.mutable_members(1)->mutable_signature() = directory.members(2).signature();
  EXPECT_EQ(GetReason(Verify(network_.SignRaw(directory))), "ENTRY_SIGNATURE");
}

TEST_F(DirectoryTest, AChangedKeyIsSignedByTheOneBefore) {
  const auto held = network_.Verified(1);
  TestNetwork stranger;
  stranger.AddNode("lwl");
  v1::Directory directory = network_.Unsigned(2);
  *directory.mutable_members(2) = stranger.Entry("lwl");  // Signed by itself with a new key.
  EXPECT_EQ(GetReason(Verify(network_.SignRaw(directory), held.get())), "ENTRY_SIGNATURE");
}

TEST_F(DirectoryTest, RefusesAnotherNetworkAndMixedTraining) {
  v1::Directory directory = network_.Unsigned();
  directory.set_network("other");
  EXPECT_EQ(GetReason(Verify(network_.SignRaw(directory))), "NETWORK_MISMATCH");
  directory = network_.Unsigned();
  directory.set_training(false);
  EXPECT_EQ(GetReason(Verify(network_.SignRaw(directory))), "TRAINING_MISMATCH");
}

TEST_F(DirectoryTest, IsAsTheConfigurationSays) {
  DirectoryTrust trust = network_.Trust();
  trust.training = false;
  EXPECT_EQ(GetReason(Directory::Verify(network_.Sign(), trust, verifier_, nullptr).status()), "TRAINING_MISMATCH");
}

TEST(DirectoryTraining, TheNameSaysWhetherItIsTraining) {
  const auto verify = [](const std::string& name, bool training) {
    TestNetwork network(name, training);
    network.AddNode("lwl");
    return GetReason(Directory::Verify(network.Sign(), network.Trust(), crypto::EcdsaVerifier(), nullptr).status());
  };
  EXPECT_EQ(verify("schulung", true), "");
  EXPECT_EQ(verify("schulung-nrw", true), "");
  EXPECT_EQ(verify("deutschland", false), "");
  EXPECT_EQ(verify("schulung", false), "TRAINING_MISMATCH");
  EXPECT_EQ(verify("deutschland", true), "TRAINING_MISMATCH");
  EXPECT_EQ(verify("schulungen", true), "TRAINING_MISMATCH");
}

struct BadForm {
  const char* name;
  void (*spoil)(TestNetwork& network, v1::Directory& directory);
};
class BadFormTest : public DirectoryTest, public testing::WithParamInterface<BadForm> {};
TEST_P(BadFormTest, IsRejected) {
  v1::Directory directory = network_.Unsigned();
  GetParam().spoil(network_, directory);
  EXPECT_EQ(GetReason(Verify(network_.SignRaw(directory))), "DIRECTORY_MALFORMED");
}
INSTANTIATE_TEST_SUITE_P(
    All, BadFormTest,
    testing::Values(
        BadForm{"VersionZero", [](TestNetwork&, v1::Directory& d) { d.set_version(0); }},
        BadForm{"Twice", [](TestNetwork&, v1::Directory& d) { *d.add_members() = d.members(2); }},
        BadForm{"Unordered", [](TestNetwork&, v1::Directory& d) { d.mutable_members()->SwapElements(0, 1); }},
        BadForm{"Garbage", [](TestNetwork&, v1::Directory& d) { d.mutable_members(0)->set_member("\xff"); }},
        BadForm{"GuestOfNobody",
                [](TestNetwork& n, v1::Directory& d) {
                  n.member("ala").set_host("gone");
                  *d.mutable_members(0) = n.Entry("ala");
                }},
        BadForm{"GuestWithEndpoint",
                [](TestNetwork& n, v1::Directory& d) {
                  n.member("ala").set_endpoint("127.0.0.1:9");
                  *d.mutable_members(0) = n.Entry("ala");
                }},
        BadForm{"NodeWithoutEndpoint",
                [](TestNetwork& n, v1::Directory& d) {
                  n.member("lvr").clear_endpoint();
                  *d.mutable_members(1) = n.Entry("lvr");
                }},
        BadForm{"NoKind",
                [](TestNetwork& n, v1::Directory& d) {
                  n.member("lvr").clear_kind();
                  *d.mutable_members(1) = n.Entry("lvr");
                }},
        BadForm{"BadKey",
                [](TestNetwork& n, v1::Directory& d) {
                  n.member("lvr").set_key("x");
                  *d.mutable_members(1) = n.Entry("lvr");
                }},
        BadForm{"BadId",
                [](TestNetwork& n, v1::Directory& d) {
                  n.member("lvr").set_id("l/r");
                  *d.mutable_members(1) = n.Entry("lvr");
                }}),
    [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace teilhabe::trust
