#include "common/trust/peer_check.h"

#include "absl/time/clock.h"
#include "common/base/reason.h"
#include "common/trust/testing/test_network.h"
#include "gtest/gtest.h"

namespace teilhabe::trust {
namespace {

class PeerCheckTest : public testing::Test {
 protected:
  PeerCheckTest() {
    network_.AddNode("lwl");
    network_.AddNode("lvr");
    network_.AddGuest("ala", "lwl");
    directory_ = network_.Verified();
  }

  absl::StatusOr<Identity> Check(const TestNetwork::Holder& holder, absl::Time at = absl::Now()) {
    return CheckPeer(holder.certificate, *directory_, network_.network_cas(), crypto::Purpose::kClient, at);
  }
  std::string Reason(const TestNetwork::Holder& holder) { return GetReason(Check(holder).status()); }

  TestNetwork::Holder As(const Identity& identity, const crypto::PrivateKey& key, const std::string& ca) {
    return network_.IssueAs(identity, key, ca, absl::Now() - absl::Hours(1), absl::Now() + absl::Hours(1));
  }

  TestNetwork network_;
  std::shared_ptr<const Directory> directory_;
};

TEST_F(PeerCheckTest, EveryKindIsKnownByItsCertificate) {
  for (int kind = 0; kind < kIdentityKindCount; ++kind) {
    const auto holder = network_.Issue("lwl", static_cast<IdentityKind>(kind),
                                       kind == 0                                                 ? ""
                                       : static_cast<IdentityKind>(kind) == IdentityKind::kGuest ? "ala"
                                                                                                 : "x1");
    const auto identity = Check(holder);
    ASSERT_TRUE(identity.ok()) << identity.status();
    EXPECT_EQ(*identity, holder.identity);
  }
}

TEST_F(PeerCheckTest, AnotherCaIsNotTrusted) {
  TestNetwork rogue;  // The same network by name, with a CA of its own.
  rogue.AddNode("lwl");
  EXPECT_EQ(Reason(rogue.Issue("lwl", IdentityKind::kNode)), "CERTIFICATE_UNTRUSTED");
  EXPECT_EQ(Reason(rogue.Issue("lwl", IdentityKind::kSystem, "s")), "CERTIFICATE_UNTRUSTED");
}

TEST_F(PeerCheckTest, TheRightCaAloneIsNotEnoughForANode) {
  EXPECT_EQ(Reason(As({"schulung-test", "lwl", IdentityKind::kNode, ""}, crypto::PrivateKey::Generate(), "")),
            "CERTIFICATE_NOT_PINNED");
  EXPECT_EQ(Reason(As({"schulung-test", "lwl", IdentityKind::kNode, ""}, network_.key("lvr"), "")),
            "CERTIFICATE_NOT_PINNED");
}

TEST_F(PeerCheckTest, AMembersCaIssuesNoNode) {
  EXPECT_EQ(Reason(As({"schulung-test", "lwl", IdentityKind::kNode, ""}, network_.key("lwl"), "lwl")),
            "CERTIFICATE_UNTRUSTED");
}

TEST_F(PeerCheckTest, OfficialsAreIssuedByTheirOwnMemberOnly) {
  const crypto::PrivateKey key = crypto::PrivateKey::Generate();
  EXPECT_EQ(Reason(As({"schulung-test", "lwl", IdentityKind::kOfficial, "a"}, key, "lvr")), "CERTIFICATE_UNTRUSTED");
  EXPECT_EQ(Reason(As({"schulung-test", "lwl", IdentityKind::kOfficial, "a"}, key, "")), "CERTIFICATE_UNTRUSTED");
}

TEST_F(PeerCheckTest, MembersAndGuestsAreInTheDirectory) {
  const crypto::PrivateKey key = crypto::PrivateKey::Generate();
  EXPECT_EQ(Reason(As({"schulung-test", "drv", IdentityKind::kNode, ""}, key, "")), "MEMBER_UNKNOWN");
  EXPECT_EQ(Reason(As({"schulung-test", "lwl", IdentityKind::kGuest, "nobody"}, key, "lwl")), "MEMBER_UNKNOWN");
  EXPECT_EQ(Reason(As({"schulung-test", "lwl", IdentityKind::kGuest, "ala"}, key, "lwl")), "CERTIFICATE_NOT_PINNED");
  EXPECT_EQ(Reason(As({"schulung-test", "lvr", IdentityKind::kGuest, "ala"}, network_.key("ala"), "lvr")),
            "MEMBER_UNKNOWN");
  EXPECT_EQ(Reason(As({"other", "lwl", IdentityKind::kNode, ""}, network_.key("lwl"), "")), "NETWORK_MISMATCH");
}

TEST_F(PeerCheckTest, CertificatesHaveTheirTime) {
  const auto holder = network_.Issue("lwl", IdentityKind::kNode);
  EXPECT_EQ(GetReason(Check(holder, holder.certificate.not_after()).status()), "CERTIFICATE_EXPIRED");
  EXPECT_TRUE(Check(holder, holder.certificate.not_before()).ok());
  EXPECT_EQ(GetReason(Check(holder, holder.certificate.not_before() - absl::Seconds(1)).status()),
            "CERTIFICATE_NOT_YET_VALID");
}

TEST(DirectoryHolder, TakesOnlyNewerAndOnlyWhatWasKept) {
  TestNetwork network;
  network.AddNode("lwl");
  DirectoryHolder holder(network.Verified(2));
  const crypto::EcdsaVerifier verifier;
  const auto offer = [&](std::int64_t version, absl::Status kept) {
    return holder.Offer(network.Sign(version), network.Trust(), verifier, [&](const Directory&) { return kept; });
  };
  EXPECT_EQ(GetReason(offer(1, absl::OkStatus()).status()), "DIRECTORY_OLDER");
  EXPECT_FALSE(offer(3, absl::UnavailableError("disk full")).ok());
  EXPECT_EQ(holder.Get()->version(), 2);
  EXPECT_EQ(offer(3, absl::OkStatus()).value(), true);
  EXPECT_EQ(holder.Get()->version(), 3);
}

}  // namespace
}  // namespace teilhabe::trust
