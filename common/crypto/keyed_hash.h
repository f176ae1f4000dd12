#pragma once

#include <string>
#include <string_view>

#include "common/crypto/key.h"

// FOR THE SIMULATION ONLY. ECDSA signatures differ from run to run, so a simulated network that must replay exactly
// signs with HMAC-SHA-256. Its public key is the secret: whoever can verify can forge. No node links this library.
namespace teilhabe::crypto {

class KeyedHashSigner : public Signer {
 public:
  // The key follows from `name` ("node/16063105"), the same in each run.
  explicit KeyedHashSigner(std::string_view name);
  Algorithm algorithm() const override { return Algorithm::kSimulationKeyedHash; }
  const PublicKey& public_key() const override { return key_; }
  absl::StatusOr<std::string> Sign(std::string_view domain, std::string_view bytes) const override;

 private:
  PublicKey key_;
};

// Accepts simulated keys and signatures and no others.
class KeyedHashVerifier : public Verifier {
 public:
  absl::StatusOr<PublicKey> ReadKey(std::string_view spki) const override;
  absl::Status Verify(const PublicKey& key, Algorithm algorithm, std::string_view domain, std::string_view bytes,
                      std::string_view signature) const override;
};

}  // namespace teilhabe::crypto
