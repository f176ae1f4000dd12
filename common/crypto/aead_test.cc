#include "common/crypto/aead.h"

#include <openssl/err.h>

#include <string>

#include "absl/strings/escaping.h"
#include "common/base/reason.h"
#include "gtest/gtest.h"

namespace teilhabe::crypto {
namespace {

std::string Flipped(std::string bytes, std::size_t bit) {
  bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
  return bytes;
}

struct Vector {
  const char* name;
  const char* key;
  const char* nonce;
  const char* associated;
  const char* plain;
  const char* sealed;  // Ciphertext ‖ tag.
};
class AeadTest : public testing::TestWithParam<Vector> {
 protected:
  const AeadKey key_ = *AeadKey::FromBytes(absl::HexStringToBytes(GetParam().key));
  const std::string nonce_ = absl::HexStringToBytes(GetParam().nonce);
  const std::string associated_ = absl::HexStringToBytes(GetParam().associated);
  const std::string plain_ = absl::HexStringToBytes(GetParam().plain);
  const std::string sealed_ = absl::HexStringToBytes(GetParam().sealed);
};

TEST_P(AeadTest, SealsAndOpensAsTheVector) {
  EXPECT_EQ(absl::BytesToHexString(Seal(key_, nonce_, associated_, plain_)), GetParam().sealed);
  const absl::StatusOr<std::string> opened = Open(key_, nonce_, associated_, sealed_);
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(*opened, plain_);
}

TEST_P(AeadTest, EveryChangeHasOneAnswer) {
  const auto reason = [](const absl::StatusOr<std::string>& opened) { return GetReason(opened.status()); };
  for (std::size_t bit = 0; bit < 8 * sealed_.size(); ++bit) {
    EXPECT_EQ(reason(Open(key_, nonce_, associated_, Flipped(sealed_, bit))), "AEAD_OPEN_FAILED") << bit;
  }
  for (std::size_t bit = 0; bit < 8 * associated_.size(); ++bit) {
    EXPECT_EQ(reason(Open(key_, nonce_, Flipped(associated_, bit), sealed_)), "AEAD_OPEN_FAILED") << bit;
  }
  for (std::size_t bit = 0; bit < 8 * nonce_.size(); ++bit) {
    EXPECT_EQ(reason(Open(key_, Flipped(nonce_, bit), associated_, sealed_)), "AEAD_OPEN_FAILED") << bit;
  }
  for (std::size_t bit = 0; bit < 8 * kAeadKeySize; ++bit) {
    const AeadKey other = *AeadKey::FromBytes(Flipped(std::string(key_.bytes()), bit));
    EXPECT_EQ(reason(Open(other, nonce_, associated_, sealed_)), "AEAD_OPEN_FAILED") << bit;
  }
  for (std::size_t size = 0; size < sealed_.size(); ++size) {
    EXPECT_EQ(reason(Open(key_, nonce_, associated_, sealed_.substr(0, size))), "AEAD_OPEN_FAILED") << size;
  }
  EXPECT_EQ(reason(Open(key_, nonce_, associated_, sealed_ + "x")), "AEAD_OPEN_FAILED");
  EXPECT_EQ(reason(Open(key_, nonce_, associated_ + "x", sealed_)), "AEAD_OPEN_FAILED");
  EXPECT_EQ(reason(Open(key_, nonce_.substr(1), associated_, sealed_)), "AEAD_OPEN_FAILED");
  EXPECT_EQ(reason(Open(key_, nonce_ + "x", associated_, sealed_)), "AEAD_OPEN_FAILED");
  EXPECT_EQ(ERR_peek_error(), 0U) << "left for the next TLS call of this thread";
}

// McGrew and Viega, The Galois/Counter Mode of Operation, submitted to NIST: the four cases with a key of 256 bits and
// a nonce of 96 bits.
constexpr const char* kZeroKey = "0000000000000000000000000000000000000000000000000000000000000000";
constexpr const char* kKey = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";
INSTANTIATE_TEST_SUITE_P(
    Nist, AeadTest,
    testing::Values(Vector{"Case13", kZeroKey, "000000000000000000000000", "", "", "530f8afbc74536b9a963b4f1c4cb738b"},
                    Vector{"Case14", kZeroKey, "000000000000000000000000", "", "00000000000000000000000000000000",
                           "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"},
                    Vector{"Case15", kKey, "cafebabefacedbaddecaf888", "",
                           "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                           "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255",
                           "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                           "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad"
                           "b094dac5d93471bdec1a502270e3cc6c"},
                    Vector{"Case16", kKey, "cafebabefacedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2",
                           "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                           "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
                           "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                           "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
                           "76fc6ece0f4e1768cddf8853bb2d551b"}),
    [](const auto& tested) { return tested.param.name; });

TEST(AeadKeyTest, Takes32Bytes) {
  for (const std::size_t size : {0U, 16U, 31U, 33U}) {
    EXPECT_EQ(GetReason(AeadKey::FromBytes(std::string(size, 'k')).status()), "AEAD_KEY_INVALID") << size;
  }
  SeededRng rng(1);
  SeededRng same(1);
  EXPECT_EQ(AeadKey::Generate(rng).bytes(), same.Bytes(32));
}

TEST(AeadDeathTest, AWrongNonceEndsTheProcess) {
  const AeadKey key = *AeadKey::FromBytes(std::string(32, 'k'));
  EXPECT_DEATH(Seal(key, "short", "", "x"), "check failed");
}

}  // namespace
}  // namespace teilhabe::crypto
