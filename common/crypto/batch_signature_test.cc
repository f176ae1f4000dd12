#include "common/crypto/batch_signature.h"

#include <string>
#include <utility>
#include <vector>

#include "common/base/reason.h"
#include "common/crypto/keyed_hash.h"
#include "common/crypto/merkle.h"
#include "gtest/gtest.h"

namespace teilhabe::crypto {
namespace {

std::vector<std::string> Items(std::size_t count) {
  std::vector<std::string> items;
  for (std::size_t i = 0; i < count; ++i) items.push_back("item " + std::to_string(i));
  return items;
}

std::string Flipped(std::string bytes, std::size_t bit) {
  bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
  return bytes;
}

class BatchSizeTest : public testing::TestWithParam<std::size_t> {};
TEST_P(BatchSizeTest, EachItemVerifiesAloneAndAtItsPlaceOnly) {
  const KeyedHashSigner signer("node/a");  // Quick; the tests below use ECDSA.
  const KeyedHashVerifier verifier;
  const std::vector<std::string> items = Items(GetParam());
  const std::vector<ItemSignature> signatures = *SignBatch(signer, "event", items);
  ASSERT_EQ(signatures.size(), items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    EXPECT_TRUE(VerifyItem(verifier, signer.public_key(), "event", items[i], signatures[i]).ok()) << i;
    for (std::size_t wrong = 0; wrong <= 2 * items.size(); ++wrong) {
      ItemSignature changed = signatures[i];
      changed.index = wrong;
      EXPECT_EQ(VerifyItem(verifier, signer.public_key(), "event", items[i], changed).ok(), wrong == i) << wrong;
      changed = signatures[i];
      changed.batch_size = wrong;
      EXPECT_EQ(VerifyItem(verifier, signer.public_key(), "event", items[i], changed).ok(), wrong == items.size())
          << wrong;
      if (wrong < items.size()) {
        EXPECT_EQ(VerifyItem(verifier, signer.public_key(), "event", items[wrong], signatures[i]).ok(), wrong == i);
      }
    }
  }
}
INSTANTIATE_TEST_SUITE_P(Sizes, BatchSizeTest, testing::Values(1, 2, 3, 4, 5, 7, 8, 9, 17),
                         testing::PrintToStringParamName());

class BatchTest : public testing::Test {
 protected:
  std::string Reason(std::string_view domain, std::string_view item, const ItemSignature& signature) const {
    return GetReason(VerifyItem(verifier_, signer_.public_key(), domain, item, signature));
  }

  const EcdsaSigner signer_{PrivateKey::Generate()};
  const EcdsaVerifier verifier_{};
  const std::vector<std::string> items_ = Items(5);
  const std::vector<ItemSignature> signatures_ = *SignBatch(signer_, "event", items_);
};

TEST_F(BatchTest, OneSignatureForAll) {
  for (std::size_t i = 0; i < items_.size(); ++i) {
    EXPECT_EQ(signatures_[i].signature, signatures_[0].signature);
    EXPECT_EQ(Reason("event", items_[i], signatures_[i]), "");
  }
}

TEST_F(BatchTest, EveryFlippedBitFails) {
  for (std::size_t bit = 0; bit < 8 * items_[2].size(); ++bit) {
    EXPECT_EQ(Reason("event", Flipped(items_[2], bit), signatures_[2]), "SIGNATURE_INVALID") << bit;
  }
  for (std::size_t bit = 0; bit < 8 * signatures_[2].signature.size(); ++bit) {
    ItemSignature changed = signatures_[2];
    changed.signature = Flipped(changed.signature, bit);
    EXPECT_EQ(Reason("event", items_[2], changed), "SIGNATURE_INVALID") << bit;
  }
  for (std::size_t bit = 0; bit < 8 * Digest::kSize * signatures_[2].path.size(); ++bit) {
    ItemSignature changed = signatures_[2];
    Digest& digest = changed.path[bit / 256];
    digest = *Digest::FromBytes(Flipped(std::string(digest.bytes()), bit % 256));
    EXPECT_EQ(Reason("event", items_[2], changed), "SIGNATURE_INVALID") << bit;
  }
}

TEST_F(BatchTest, KeyDomainAndAlgorithmCount) {
  EXPECT_EQ(Reason("receipt", items_[0], signatures_[0]), "SIGNATURE_INVALID");
  ItemSignature changed = signatures_[0];
  changed.algorithm = Algorithm::kSimulationKeyedHash;
  EXPECT_EQ(Reason("event", items_[0], changed), "SIGNATURE_ALGORITHM");
  changed = signatures_[0];
  changed.key_id = Digest();
  EXPECT_EQ(Reason("event", items_[0], changed), "SIGNATURE_KEY");
  const PublicKey other = PrivateKey::Generate().public_key();
  changed.key_id = other.id();
  EXPECT_EQ(GetReason(VerifyItem(verifier_, other, "event", items_[0], changed)), "SIGNATURE_INVALID");
  changed = signatures_[0];
  changed.path.clear();
  EXPECT_EQ(Reason("event", items_[0], changed), "SIGNATURE_INVALID");
}

TEST_F(BatchTest, ABatchAndASingleSignatureNeverStandForEachOther) {
  // The batch's signed bytes, signed alone under the same domain.
  const std::vector<std::string> one = {"only item"};
  ItemSignature forged = (*SignBatch(signer_, "event", one))[0];
  const std::string signed_bytes = BigEndian64(1).append(MerkleLeaf(one[0]).bytes());
  EXPECT_TRUE(
      verifier_.Verify(signer_.public_key(), Algorithm::kEcdsaP256Sha256, "batch/event", signed_bytes, forged.signature)
          .ok());
  EXPECT_FALSE(
      verifier_.Verify(signer_.public_key(), Algorithm::kEcdsaP256Sha256, "event", signed_bytes, forged.signature)
          .ok());
  forged.signature = *signer_.Sign("event", signed_bytes);
  EXPECT_EQ(Reason("event", one[0], forged), "SIGNATURE_INVALID");
}

TEST_F(BatchTest, AnInnerNodeIsNoItem) {
  // The two leaf hashes below a node, offered as an item one level up.
  const std::vector<std::string> four = Items(4);
  const std::vector<ItemSignature> signatures = *SignBatch(signer_, "event", four);
  const std::string inner = std::string(MerkleLeaf(four[0]).bytes()).append(MerkleLeaf(four[1]).bytes());
  ItemSignature forged = signatures[0];
  forged.path.erase(forged.path.begin());
  for (const std::uint64_t size : {2U, 3U, 4U}) {
    forged.batch_size = size;
    EXPECT_EQ(Reason("event", inner, forged), "SIGNATURE_INVALID") << size;
  }
}

TEST_F(BatchTest, NothingToSign) { EXPECT_EQ(GetReason(SignBatch(signer_, "event", {}).status()), "BATCH_EMPTY"); }

class BrokenSigner : public Signer {
 public:
  Algorithm algorithm() const override { return Algorithm::kEcdsaP256Sha256; }
  const PublicKey& public_key() const override { return key_; }
  absl::StatusOr<std::string> Sign(std::string_view /*domain*/, std::string_view /*bytes*/) const override {
    return ReasonError(absl::StatusCode::kUnavailable, "SIGNING_FAILED", "no answer");
  }

 private:
  PublicKey key_ = PrivateKey::Generate().public_key();
};
TEST_F(BatchTest, TheSignersErrorIsHandedOn) {
  EXPECT_EQ(GetReason(SignBatch(BrokenSigner(), "event", items_).status()), "SIGNING_FAILED");
}

}  // namespace
}  // namespace teilhabe::crypto
