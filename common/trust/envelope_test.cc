#include "common/trust/envelope.h"

#include "common/base/reason.h"
#include "common/trust/testing/test_network.h"
#include "gtest/gtest.h"

namespace teilhabe::trust {
namespace {

class EnvelopeTest : public testing::Test {
 protected:
  EnvelopeTest() {
    network_.AddNode("lwl");
    network_.AddNode("lvr");
    directory_ = network_.Verified();
  }

  v1::SignedEnvelope Seal(const Sender& sender, const std::string& to, const std::string& key_of) {
    return *SealEnvelope(sender, to, "greeting", "body", absl::FromUnixSeconds(0), std::nullopt,
                         crypto::EcdsaSigner(network_.key(key_of)));
  }
  std::string Reason(const v1::SignedEnvelope& sealed, const std::string& peer = "lvr") {
    return GetReason(OpenEnvelope(sealed, peer, "lwl", "greeting", *directory_, verifier_).status());
  }

  TestNetwork network_;
  std::shared_ptr<const Directory> directory_;
  crypto::EcdsaVerifier verifier_;
  const Sender lvr_ = {"schulung-test", true, "lvr", 1};
};

TEST_F(EnvelopeTest, OpensForItsReceiver) {
  const auto opened = OpenEnvelope(Seal(lvr_, "lwl", "lvr"), "lvr", "lwl", "greeting", *directory_, verifier_);
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(opened->body(), "body");
  EXPECT_EQ(opened->incarnation(), 1);
}

TEST_F(EnvelopeTest, EveryFlippedBitIsFound) {
  const v1::SignedEnvelope good = Seal(lvr_, "lwl", "lvr");
  for (std::size_t bit = 0; bit < good.envelope().size() * 8; ++bit) {
    v1::SignedEnvelope bad = good;
    (*bad.mutable_envelope())[bit / 8] = static_cast<char>(bad.envelope()[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_NE(Reason(bad), "") << "bit " << bit;
  }
}

TEST_F(EnvelopeTest, RejectsEachThingThatIsWrong) {
  EXPECT_EQ(Reason(Seal(lvr_, "lwl", "lwl")), "SIGNATURE_INVALID");
  EXPECT_EQ(Reason(Seal(lvr_, "drv", "lvr")), "ENVELOPE_RECEIVER");
  EXPECT_EQ(Reason(Seal(lvr_, "lwl", "lvr"), "lwl"), "ENVELOPE_SENDER");
  EXPECT_EQ(Reason(Seal({"other", true, "lvr", 1}, "lwl", "lvr")), "NETWORK_MISMATCH");
  EXPECT_EQ(Reason(Seal({"schulung-test", false, "lvr", 1}, "lwl", "lvr")), "TRAINING_MISMATCH");
  EXPECT_EQ(Reason(Seal({"schulung-test", true, "lvr", 0}, "lwl", "lvr")), "ENVELOPE_KIND");
  EXPECT_EQ(Reason(Seal({"schulung-test", true, "drv", 1}, "lwl", "lvr"), "drv"), "MEMBER_UNKNOWN");
  v1::SignedEnvelope garbage = Seal(lvr_, "lwl", "lvr");
  garbage.set_envelope("\xff");
  EXPECT_EQ(Reason(garbage), "ENVELOPE_MALFORMED");
}

TEST_F(EnvelopeTest, IsOfTheKindAskedFor) {
  EXPECT_EQ(
      GetReason(
          OpenEnvelope(Seal(lvr_, "lwl", "lvr"), "lvr", "lwl", "greeting-answer", *directory_, verifier_).status()),
      "ENVELOPE_KIND");
}

}  // namespace
}  // namespace teilhabe::trust
