#pragma once

#include <openssl/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/crypto/digest.h"

namespace teilhabe::crypto {

// How a signature was made; stored and sent beside it as this number. Any other number may come from the wire.
enum class Algorithm : std::uint32_t {
  kUnspecified = 0,                // Never stored, refused on input.
  kEcdsaP256Sha256 = 1,            // ECDSA on P-256 over SHA-256, signature as DER (at most 72 bytes).
  kSimulationKeyedHash = 1000001,  // keyed_hash.h; no node of a network accepts it.
};

// The key that others check a signature with. Cheap to copy; safe to share between threads.
class PublicKey {
 public:
  // Reads a DER SubjectPublicKeyInfo. Only ECDSA P-256 with named curve and uncompressed point (91 bytes), so that one
  // key has one spelling and one id.
  // Errors: kInvalidArgument, KEY_MALFORMED; KEY_NOT_P256.
  static absl::StatusOr<PublicKey> FromSpki(std::string_view der);
  // The same from PEM ("BEGIN PUBLIC KEY").
  static absl::StatusOr<PublicKey> FromPem(std::string_view pem);
  // FOR SIMULATION ONLY: a key without a curve. Every verifier of this library refuses it.
  static PublicKey Simulated(std::string bytes);

  // The DER SubjectPublicKeyInfo; what the directory holds.
  const std::string& spki() const { return spki_; }
  // SHA-256 of spki(): what `openssl pkey -pubin -outform DER | sha256sum` prints.
  const Digest& id() const { return id_; }
  // Ends the process for a simulated key, which has none.
  std::string Pem() const;

  // Null for a simulated key.
  EVP_PKEY* handle() const { return handle_.get(); }
  friend bool operator==(const PublicKey& a, const PublicKey& b) { return a.spki_ == b.spki_; }

 private:
  PublicKey(std::string spki, std::shared_ptr<EVP_PKEY> handle)
      : spki_(std::move(spki)), id_(Sha256(spki_)), handle_(std::move(handle)) {}

  std::string spki_;
  Digest id_;
  std::shared_ptr<EVP_PKEY> handle_;
};

// An ECDSA P-256 key pair. Cheap to copy; safe to share between threads.
class PrivateKey {
 public:
  // A new key, from OpenSSL's own randomness.
  static PrivateKey Generate();

  // Reads an unencrypted PEM key and checks that its two halves belong together.
  // Errors: kInvalidArgument, KEY_MALFORMED (also an encrypted one); KEY_NOT_P256.
  static absl::StatusOr<PrivateKey> FromPem(std::string_view pem);
  // Reads such a key from a regular file that only its owner can touch (mode 0600 or less).
  // Errors: those of FromPem; kNotFound, KEY_FILE_UNREADABLE; kFailedPrecondition, KEY_FILE_OPEN_TO_OTHERS.
  static absl::StatusOr<PrivateKey> ReadFile(const std::string& path);

  // Unencrypted PKCS #8. Secret: the caller zeroes it (OPENSSL_cleanse).
  std::string Pem() const;
  // Writes a new file with mode 0600; when it returns, the key is durable. Never overwrites: a lost key is lost.
  // Errors: kAlreadyExists, KEY_FILE_EXISTS; kUnavailable, KEY_FILE_UNWRITABLE.
  absl::Status WriteFile(const std::string& path) const;

  const PublicKey& public_key() const { return public_key_; }
  EVP_PKEY* handle() const { return handle_.get(); }

 private:
  PrivateKey(std::shared_ptr<EVP_PKEY> handle, PublicKey public_key)
      : handle_(std::move(handle)), public_key_(std::move(public_key)) {}

  std::shared_ptr<EVP_PKEY> handle_;
  PublicKey public_key_;
};

// Signs for one key: a key in memory, a security module, a simulation. Safe to use from several threads.
class Signer {
 public:
  virtual ~Signer() = default;
  virtual Algorithm algorithm() const = 0;
  virtual const PublicKey& public_key() const = 0;
  const Digest& key_id() const { return public_key().id(); }

  // Signs SHA-256(DomainTag(domain) ‖ bytes). `domain` says what the bytes are ("event", "receipt"), so that a
  // signature never counts for another kind of message; names that start with "batch/" belong to batch_signature.h. Do
  // not identify a message by its signature: a second valid one can be made without the key. Errors: kUnavailable,
  // SIGNING_FAILED (a security module that does not answer).
  virtual absl::StatusOr<std::string> Sign(std::string_view domain, std::string_view bytes) const = 0;
};

class EcdsaSigner : public Signer {
 public:
  explicit EcdsaSigner(PrivateKey key) : key_(std::move(key)) {}
  Algorithm algorithm() const override { return Algorithm::kEcdsaP256Sha256; }
  const PublicKey& public_key() const override { return key_.public_key(); }
  absl::StatusOr<std::string> Sign(std::string_view domain, std::string_view bytes) const override;

 private:
  PrivateKey key_;
};

// Reads keys and checks signatures; injected, so that a simulation has its own. Safe to use from several threads.
class Verifier {
 public:
  virtual ~Verifier() = default;

  // Reads a key as the directory holds it. Errors: kInvalidArgument, KEY_MALFORMED; KEY_NOT_P256.
  virtual absl::StatusOr<PublicKey> ReadKey(std::string_view spki) const = 0;

  // OK if `signature` is the key's over these bytes under this domain.
  // Errors: kInvalidArgument, SIGNATURE_ALGORITHM (the verifier or the key does not take this algorithm);
  // SIGNATURE_INVALID (malformed or not over these bytes).
  virtual absl::Status Verify(const PublicKey& key, Algorithm algorithm, std::string_view domain,
                              std::string_view bytes, std::string_view signature) const = 0;
};

// The verifier of every network: ECDSA P-256 and nothing else.
class EcdsaVerifier : public Verifier {
 public:
  absl::StatusOr<PublicKey> ReadKey(std::string_view spki) const override { return PublicKey::FromSpki(spki); }
  absl::Status Verify(const PublicKey& key, Algorithm algorithm, std::string_view domain, std::string_view bytes,
                      std::string_view signature) const override;
};

// What a signature is over: SHA-256(DomainTag(domain) ‖ bytes).
Digest DigestToSign(std::string_view domain, std::string_view bytes);

// The two refusals of a Verifier.
absl::Status SignatureAlgorithmError();
absl::Status SignatureInvalidError();

}  // namespace teilhabe::crypto
