#include "common/crypto/keyed_hash.h"

#include "common/base/reason.h"

namespace teilhabe::crypto {
namespace {

std::string Prefix() { return DomainTag("simulation-key"); }

}  // namespace

KeyedHashSigner::KeyedHashSigner(std::string_view name)
    : key_(PublicKey::Simulated(Prefix().append(Hasher("simulation-key").Raw(name).Finish().bytes()))) {}

absl::StatusOr<std::string> KeyedHashSigner::Sign(std::string_view domain, std::string_view bytes) const {
  return std::string(HmacSha256(key_.spki(), DigestToSign(domain, bytes).bytes()).bytes());
}

absl::StatusOr<PublicKey> KeyedHashVerifier::ReadKey(std::string_view spki) const {
  if (spki.size() != Prefix().size() + Digest::kSize || spki.substr(0, Prefix().size()) != Prefix()) {
    return ReasonError(absl::StatusCode::kInvalidArgument, "KEY_MALFORMED", "this is no key of a simulation");
  }
  return PublicKey::Simulated(std::string(spki));
}

absl::Status KeyedHashVerifier::Verify(const PublicKey& key, Algorithm algorithm, std::string_view domain,
                                       std::string_view bytes, std::string_view signature) const {
  if (algorithm != Algorithm::kSimulationKeyedHash || key.handle() != nullptr) return SignatureAlgorithmError();
  return VerifyHmacSha256(key.spki(), DigestToSign(domain, bytes).bytes(), signature) ? absl::OkStatus()
                                                                                      : SignatureInvalidError();
}

}  // namespace teilhabe::crypto
