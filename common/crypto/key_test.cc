#include "common/crypto/key.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "common/base/reason.h"
#include "common/crypto/openssl.h"
#include "gtest/gtest.h"

namespace teilhabe::crypto {
namespace {

// Made with the openssl command line; the private halves are thrown away.
constexpr const char* kPublicPem = R"(-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEme4Xv7xbctG43glz6qfaRF8zxvQn
ipSaEnJlVRZesNcV6KP0KOAYb70HECM7rZyj7o0STRFSwrLcWUvjGKDsUA==
-----END PUBLIC KEY-----
)";
// By `openssl dgst -sha256 -sign` over "teilhabe/event/v1\0Antrag vom 3. Februar".
constexpr const char* kSignature =
    "3046022100baddf3148ddc76b3f417a1f151a480d2672e2d28065cc5e1cfa6178a0bb46390022100c2b0724dba146846d5fa3c7e0b04fbf012"
    "f3c38c31d19c48459bcf2ffbdee95e";
constexpr const char* kMessage = "Antrag vom 3. Februar";

std::string Flipped(std::string bytes, std::size_t bit) {
  bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
  return bytes;
}

absl::Status Check(const PublicKey& key, std::string_view domain, std::string_view bytes, std::string_view signature,
                   Algorithm algorithm = Algorithm::kEcdsaP256Sha256) {
  return EcdsaVerifier().Verify(key, algorithm, domain, bytes, signature);
}

TEST(PublicKeyTest, ReadsAndWritesOneSpelling) {
  const absl::StatusOr<PublicKey> key = PublicKey::FromPem(kPublicPem);
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_EQ(key->Pem(), kPublicPem);
  EXPECT_EQ(key->spki().size(), 91U);
  EXPECT_EQ(key->id().Hex(), "85f7f415339467bd32b548e863bc1a1bb46cb12e6dfe57cd5716d6a317d1e7d7");
  EXPECT_EQ(*PublicKey::FromSpki(key->spki()), *key);
  EXPECT_EQ(EcdsaVerifier().ReadKey(key->spki())->id(), key->id());
}

struct KeyCase {
  const char* name;
  const char* base64;  // DER SubjectPublicKeyInfo.
  const char* reason;
};
class OtherPublicKeyTest : public testing::TestWithParam<KeyCase> {};
TEST_P(OtherPublicKeyTest, IsRefused) {
  std::string der;
  ASSERT_TRUE(absl::Base64Unescape(GetParam().base64, &der));
  EXPECT_EQ(GetReason(PublicKey::FromSpki(der).status()), GetParam().reason);
  const std::string pem =
      std::string("-----BEGIN PUBLIC KEY-----\n") + GetParam().base64 + "\n-----END PUBLIC KEY-----\n";
  EXPECT_EQ(GetReason(PublicKey::FromPem(pem).status()), GetParam().reason);
  EXPECT_EQ(ERR_peek_error(), 0U) << "left for the next TLS call of this thread";
}
INSTANTIATE_TEST_SUITE_P(
    Keys, OtherPublicKeyTest,
    testing::Values(
        KeyCase{"Compressed",
                "MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgACme4Xv7xbctG43glz6qfaRF8zxvQnipSaEnJlVRZesNc=", "KEY_NOT_P256"},
        KeyCase{
            "Hybrid",
            "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAGme4Xv7xbctG43glz6qfaRF8zxvQnipSaEnJlVRZesNcV6KP0KOAYb70HECM7rZyj7o0"
            "STRFSwrLcWUvjGKDsUA==",
            "KEY_NOT_P256"},
        KeyCase{
            "ExplicitParameters",
            "MIIBSzCCAQMGByqGSM49AgEwgfcCAQEwLAYHKoZIzj0BAQIhAP////8AAAABAAAAAAAAAAAAAAAA////////////////MFsEIP////8A"
            "AAABAAAAAAAAAAAAAAAA///////////////8BCBaxjXYqjqT57PrvVV2mIa8ZR0GsMxTsPY7zjw+J9JgSwMVAMSdNgiG5wSTamZ44ROd"
            "JreBn36QBEEEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9QIhAP//"
            "//8AAAAA//////////+85vqtpxeehPO5ysL8YyVRAgEBA0IABJnuF7+8W3LRuN4Jc+qn2kRfM8b0J4qUmhJyZVUWXrDXFeij9CjgGG+9"
            "BxAjO62co+6NEk0RUsKy3FlL4xig7FA=",
            "KEY_NOT_P256"},
        KeyCase{
            "Rsa2048",
            "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAqQlErB7+voNAIMJQEY4YORLCV23MlrqIQlUD+FySFbWjRXLtA/L1Ql6dMye9"
            "bld0mFqMHqpyGg4qAsDD+9YewShEvmmh9A8oic+dt/LSmroNp6tk0mV8YtJu/k4Va9/ng7QibWbBx3kbLCy1+8C+5W5oBBjv+LVfyzdq"
            "Bxu+SjFYMrDXs5ZpBuVPxpYJeyfCs53+ugIazZG9rLhREjWvCGb76gQrJKbS8uZHpB/U9+lYWk4xwiy7S2fQPfkGNQiQXtAONXPTTwUu"
            "g38XXfQssr1ivy/RNDmKSSZJ/e5ot6GuKPVtYbnOd4L8NhE/DpbpIyGrcRZHkhAVu/Ev5RbxPQIDAQAB",
            "KEY_NOT_P256"},
        KeyCase{
            "P384",
            "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEeSyz2XvI55wgOEEC5StDbmv8wu54RmDQ/uGVNYW8Ref1Pd5TFvlSIgNyfZDPoJIoJpJtazMV"
            "jsalj97TXuUwC+ypvN7m3jNjRQbtukLqglFCf8Snw7JEIbDafL+R3GwA",
            "KEY_NOT_P256"},
        KeyCase{
            "Secp256k1",
            "MFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAExADTglHkLfT+TCatlQgcNXcgOFnIoFIP1Mgt87miMxCL9rCsl3/Y2lB0Xtcrc9Ewl8PkTIEF"
            "W2DA0X0yRLS0Zg==",
            "KEY_NOT_P256"},
        KeyCase{"Ed25519", "MCowBQYDK2VwAyEAGH3PJWimIIzJLtmG8tk470UUgey+iI5RMFVMJYBmpv8=", "KEY_NOT_P256"},
        // The good key with another last bit: no point of the curve.
        KeyCase{
            "OffTheCurve",
            "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEme4Xv7xbctG43glz6qfaRF8zxvQnipSaEnJlVRZesNcV6KP0KOAYb70HECM7rZyj7o0"
            "STRFSwrLcWUvjGKDsUQ==",
            "KEY_MALFORMED"},
        KeyCase{"NotDer", "aGFsbG8=", "KEY_MALFORMED"}, KeyCase{"Empty", "", "KEY_MALFORMED"}),
    [](const auto& tested) { return tested.param.name; });

TEST(PublicKeyTest, RefusesBytesThatFollowAndBytesThatLack) {
  const std::string spki = PublicKey::FromPem(kPublicPem)->spki();
  EXPECT_EQ(GetReason(PublicKey::FromSpki(spki + "x").status()), "KEY_MALFORMED");
  EXPECT_EQ(GetReason(PublicKey::FromSpki(spki.substr(0, 90)).status()), "KEY_MALFORMED");
  EXPECT_EQ(GetReason(PublicKey::FromSpki(std::string(100000, '0')).status()), "KEY_MALFORMED");
  EXPECT_EQ(GetReason(PublicKey::FromPem(std::string(100000, '0')).status()), "KEY_MALFORMED");
}

TEST(PrivateKeyTest, PemRoundTripKeepsTheKey) {
  const PrivateKey key = PrivateKey::Generate();
  const absl::StatusOr<PrivateKey> read = PrivateKey::FromPem(key.Pem());
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->public_key(), key.public_key());
  EXPECT_FALSE(PrivateKey::Generate().public_key() == key.public_key());
}

std::string PrivatePem(EVP_PKEY* key, const EVP_CIPHER* cipher = nullptr) {
  const BioHandle bio = WriteBio();
  EXPECT_EQ(
      PEM_write_bio_PKCS8PrivateKey(bio.get(), key, cipher, "geheim", cipher == nullptr ? 0 : 6, nullptr, nullptr), 1);
  return Text(bio);
}

TEST(PrivateKeyTest, RefusesOtherKinds) {
  const Handle<EVP_PKEY, EVP_PKEY_free> p384(EVP_EC_gen("P-384"));
  const Handle<EVP_PKEY, EVP_PKEY_free> ed25519(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  EXPECT_EQ(GetReason(PrivateKey::FromPem(PrivatePem(p384.get())).status()), "KEY_NOT_P256");
  EXPECT_EQ(GetReason(PrivateKey::FromPem(PrivatePem(ed25519.get())).status()), "KEY_NOT_P256");
  EXPECT_EQ(GetReason(PrivateKey::FromPem(kPublicPem).status()), "KEY_MALFORMED");
  EXPECT_EQ(GetReason(PrivateKey::FromPem("").status()), "KEY_MALFORMED");
  EXPECT_EQ(ERR_peek_error(), 0U) << "left for the next TLS call of this thread";
}

TEST(PrivateKeyTest, RefusesAnEncryptedKeyAndAsksNobody) {
  EXPECT_EQ(GetReason(PrivateKey::FromPem(PrivatePem(PrivateKey::Generate().handle(), EVP_aes_256_cbc())).status()),
            "KEY_MALFORMED");
}

TEST(PrivateKeyTest, RefusesHalvesOfTwoKeys) {
  // PKCS #8 ends with the public point, so that the last 65 bytes of another key fit.
  const auto der = [](const PrivateKey& key) { return Der<EVP_PKEY>(i2d_PrivateKey, key.handle()); };
  const std::string one = der(PrivateKey::Generate());
  const std::string two = der(PrivateKey::Generate());
  const auto pem = [](std::string_view bytes) {
    std::string base64;
    absl::Base64Escape({bytes.data(), bytes.size()}, &base64);
    return "-----BEGIN EC PRIVATE KEY-----\n" + base64 + "\n-----END EC PRIVATE KEY-----\n";
  };
  EXPECT_TRUE(PrivateKey::FromPem(pem(one)).ok());
  EXPECT_EQ(GetReason(PrivateKey::FromPem(pem(one.substr(0, one.size() - 65) + two.substr(two.size() - 65))).status()),
            "KEY_MALFORMED");
}

class KeyFileTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "/teilhabe-key-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_;
  const PrivateKey key_ = PrivateKey::Generate();
};

TEST_F(KeyFileTest, IsWrittenForItsOwnerOnly) {
  const std::string path = folder_ / "key.pem";
  const mode_t before = umask(0);
  EXPECT_TRUE(key_.WriteFile(path).ok());
  umask(before);
  struct stat info {};
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777U, 0600U);
  const absl::StatusOr<PrivateKey> read = PrivateKey::ReadFile(path);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->public_key(), key_.public_key());
}

TEST_F(KeyFileTest, IsNeverOverwritten) {
  const std::string path = folder_ / "key.pem";
  ASSERT_TRUE(key_.WriteFile(path).ok());
  const absl::Status again = PrivateKey::Generate().WriteFile(path);
  EXPECT_EQ(again.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(GetReason(again), "KEY_FILE_EXISTS");
  EXPECT_EQ(PrivateKey::ReadFile(path)->public_key(), key_.public_key());
}

TEST_F(KeyFileTest, OpenToOthersIsRefused) {
  const std::string path = folder_ / "key.pem";
  ASSERT_TRUE(key_.WriteFile(path).ok());
  for (const mode_t mode : {0400U, 0600U, 0700U}) {
    ASSERT_EQ(chmod(path.c_str(), mode), 0);
    EXPECT_TRUE(PrivateKey::ReadFile(path).ok()) << std::oct << mode;
  }
  for (const mode_t mode : {0640U, 0620U, 0610U, 0604U, 0602U, 0601U, 0666U}) {
    ASSERT_EQ(chmod(path.c_str(), mode), 0);
    EXPECT_EQ(GetReason(PrivateKey::ReadFile(path).status()), "KEY_FILE_OPEN_TO_OTHERS") << std::oct << mode;
  }
}

TEST_F(KeyFileTest, WhatCannotBeReadOrWrittenIsSaid) {
  EXPECT_EQ(GetReason(PrivateKey::ReadFile(folder_ / "none").status()), "KEY_FILE_UNREADABLE");
  EXPECT_EQ(GetReason(PrivateKey::ReadFile(folder_).status()), "KEY_FILE_UNREADABLE");
  ASSERT_EQ(mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(GetReason(PrivateKey::ReadFile(folder_ / "pipe").status()), "KEY_FILE_UNREADABLE");
  EXPECT_EQ(GetReason(key_.WriteFile(folder_ / "none" / "key.pem")), "KEY_FILE_UNWRITABLE");
  EXPECT_EQ(GetReason(key_.WriteFile(folder_ / std::string(300, 'x'))), "KEY_FILE_UNWRITABLE");
  for (const std::string& text : {std::string(), std::string("kein Schlüssel"), key_.Pem() + std::string(20000, ' ')}) {
    std::ofstream(folder_ / "text") << text;
    ASSERT_EQ(chmod((folder_ / "text").c_str(), 0600), 0);
    EXPECT_EQ(GetReason(PrivateKey::ReadFile(folder_ / "text").status()), "KEY_MALFORMED") << text;
  }
}

TEST(SignatureTest, OfTheCommandLineVerifies) {
  const PublicKey key = *PublicKey::FromPem(kPublicPem);
  const absl::Status status = Check(key, "event", kMessage, absl::HexStringToBytes(kSignature));
  EXPECT_TRUE(status.ok()) << status;
}

TEST(SignatureTest, RoundTripAndNoOtherKeyDomainOrEmptyMessage) {
  const EcdsaSigner signer(PrivateKey::Generate());
  const EcdsaSigner other(PrivateKey::Generate());
  for (const std::string& message : {std::string(), std::string("x"), std::string(100000, 'x')}) {
    const absl::StatusOr<std::string> signature = signer.Sign("event", message);
    ASSERT_TRUE(signature.ok()) << signature.status();
    EXPECT_TRUE(Check(signer.public_key(), "event", message, *signature).ok());
    EXPECT_EQ(GetReason(Check(signer.public_key(), "receipt", message, *signature)), "SIGNATURE_INVALID");
    EXPECT_EQ(GetReason(Check(other.public_key(), "event", message, *signature)), "SIGNATURE_INVALID");
    EXPECT_EQ(GetReason(Check(signer.public_key(), "event", message + "x", *signature)), "SIGNATURE_INVALID");
  }
  EXPECT_EQ(signer.algorithm(), Algorithm::kEcdsaP256Sha256);
  EXPECT_EQ(signer.key_id(), signer.public_key().id());
}

TEST(SignatureTest, EveryFlippedBitOfTheMessageFails) {
  const PublicKey key = *PublicKey::FromPem(kPublicPem);
  const std::string signature = absl::HexStringToBytes(kSignature);
  for (std::size_t bit = 0; bit < 8 * std::string(kMessage).size(); ++bit) {
    EXPECT_EQ(GetReason(Check(key, "event", Flipped(kMessage, bit), signature)), "SIGNATURE_INVALID") << bit;
  }
}

TEST(SignatureTest, EveryFlippedBitOfTheSignatureFails) {
  const PublicKey key = *PublicKey::FromPem(kPublicPem);
  const std::string signature = absl::HexStringToBytes(kSignature);
  for (std::size_t bit = 0; bit < 8 * signature.size(); ++bit) {
    EXPECT_EQ(GetReason(Check(key, "event", kMessage, Flipped(signature, bit))), "SIGNATURE_INVALID") << bit;
  }
  EXPECT_EQ(ERR_peek_error(), 0U) << "left for the next TLS call of this thread";
}

TEST(SignatureTest, MalformedFails) {
  const PublicKey key = *PublicKey::FromPem(kPublicPem);
  const std::string signature = absl::HexStringToBytes(kSignature);
  for (std::size_t size = 0; size < signature.size(); ++size) {
    EXPECT_EQ(GetReason(Check(key, "event", kMessage, signature.substr(0, size))), "SIGNATURE_INVALID") << size;
  }
  const std::string r = signature.substr(5, 32);
  const std::string s = signature.substr(40, 32);
  const std::vector<std::string> malformed = {
      signature + std::string(1, '\0'),
      std::string("\x30\x81\x46", 3) + signature.substr(2),  // BER: a long form of the length.
      r + s,                                                 // Not DER but the two numbers alone.
      std::string("\x30\x06\x02\x01\x00\x02\x01\x00", 8),    // Both numbers 0.
      std::string("\x30\x06\x02\x01\x01\x02\x01\x00", 8),
      std::string(100000, '\x30')};
  for (const std::string& one : malformed) {
    EXPECT_EQ(GetReason(Check(key, "event", kMessage, one)), "SIGNATURE_INVALID") << absl::BytesToHexString(one);
  }
}

TEST(SignatureTest, OtherAlgorithmsAreRefused) {
  const PublicKey key = *PublicKey::FromPem(kPublicPem);
  const std::string signature = absl::HexStringToBytes(kSignature);
  for (const std::uint32_t algorithm : {0U, 2U, 1000001U, 0xffffffffU}) {
    EXPECT_EQ(GetReason(Check(key, "event", kMessage, signature, static_cast<Algorithm>(algorithm))),
              "SIGNATURE_ALGORITHM")
        << algorithm;
  }
}

}  // namespace
}  // namespace teilhabe::crypto
