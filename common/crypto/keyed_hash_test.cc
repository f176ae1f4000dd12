#include "common/crypto/keyed_hash.h"

#include <string>

#include "common/base/reason.h"
#include "gtest/gtest.h"

namespace teilhabe::crypto {
namespace {

TEST(KeyedHashTest, ReplaysAndVerifies) {
  const KeyedHashSigner signer("node/a");
  const std::string signature = *signer.Sign("event", "bytes");
  EXPECT_EQ(*KeyedHashSigner("node/a").Sign("event", "bytes"), signature);
  EXPECT_EQ(KeyedHashSigner("node/a").key_id(), signer.key_id());
  EXPECT_EQ(signer.algorithm(), Algorithm::kSimulationKeyedHash);

  const KeyedHashVerifier verifier;
  const PublicKey key = *verifier.ReadKey(signer.public_key().spki());
  EXPECT_EQ(key, signer.public_key());
  EXPECT_TRUE(verifier.Verify(key, signer.algorithm(), "event", "bytes", signature).ok());
}

TEST(KeyedHashTest, RefusesWhatWasNotSigned) {
  const KeyedHashSigner signer("node/a");
  const KeyedHashSigner other("node/b");
  const KeyedHashVerifier verifier;
  const std::string signature = *signer.Sign("event", "bytes");
  const auto reason = [&](const PublicKey& key, std::string_view domain, std::string_view bytes,
                          std::string_view tried) {
    return GetReason(verifier.Verify(key, Algorithm::kSimulationKeyedHash, domain, bytes, tried));
  };
  EXPECT_EQ(reason(other.public_key(), "event", "bytes", signature), "SIGNATURE_INVALID");
  EXPECT_EQ(reason(signer.public_key(), "receipt", "bytes", signature), "SIGNATURE_INVALID");
  EXPECT_EQ(reason(signer.public_key(), "event", "other", signature), "SIGNATURE_INVALID");
  EXPECT_EQ(reason(signer.public_key(), "event", "bytes", signature.substr(1)), "SIGNATURE_INVALID");
}

TEST(KeyedHashTest, ARealNetworkNeverAcceptsIt) {
  const KeyedHashSigner signer("node/a");
  const std::string signature = *signer.Sign("event", "bytes");
  const EcdsaVerifier verifier;
  EXPECT_EQ(GetReason(verifier.ReadKey(signer.public_key().spki()).status()), "KEY_MALFORMED");
  for (const Algorithm algorithm : {Algorithm::kSimulationKeyedHash, Algorithm::kEcdsaP256Sha256}) {
    EXPECT_EQ(GetReason(verifier.Verify(signer.public_key(), algorithm, "event", "bytes", signature)),
              "SIGNATURE_ALGORITHM");
  }
  // A real key whose bytes are used as the secret, as in the attack on tokens that name their own algorithm.
  const EcdsaSigner real(PrivateKey::Generate());
  const Digest forged = HmacSha256(real.public_key().spki(), DigestToSign("event", "bytes").bytes());
  EXPECT_EQ(
      GetReason(verifier.Verify(real.public_key(), Algorithm::kSimulationKeyedHash, "event", "bytes", forged.bytes())),
      "SIGNATURE_ALGORITHM");
}

TEST(KeyedHashTest, ASimulationAcceptsNothingReal) {
  const EcdsaSigner real(PrivateKey::Generate());
  const std::string signature = *real.Sign("event", "bytes");
  const KeyedHashVerifier verifier;
  EXPECT_EQ(GetReason(verifier.ReadKey(real.public_key().spki()).status()), "KEY_MALFORMED");
  for (const Algorithm algorithm : {Algorithm::kSimulationKeyedHash, Algorithm::kEcdsaP256Sha256}) {
    EXPECT_EQ(GetReason(verifier.Verify(real.public_key(), algorithm, "event", "bytes", signature)),
              "SIGNATURE_ALGORITHM");
  }
  const KeyedHashSigner simulated("node/a");
  EXPECT_EQ(GetReason(verifier.Verify(simulated.public_key(), Algorithm::kEcdsaP256Sha256, "event", "bytes",
                                      *simulated.Sign("event", "bytes"))),
            "SIGNATURE_ALGORITHM");
}

}  // namespace
}  // namespace teilhabe::crypto
