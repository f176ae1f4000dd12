#pragma once

#include <openssl/types.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/crypto/digest.h"
#include "common/crypto/key.h"
#include "common/crypto/random.h"

namespace teilhabe::crypto {

// An X.509 certificate with an ECDSA P-256 key. Reading one proves nothing: see VerifyChain. Cheap to copy; safe to
// share between threads.
class Certificate {
 public:
  // Errors of both: kInvalidArgument, CERTIFICATE_MALFORMED (also where bytes follow it); CERTIFICATE_NOT_P256.
  static absl::StatusOr<Certificate> FromDer(std::string_view der);
  // Exactly one certificate.
  static absl::StatusOr<Certificate> FromPem(std::string_view pem);
  // One or more, in the order of the file (a chain, the CAs of a network). Text between them is skipped.
  static absl::StatusOr<std::vector<Certificate>> ListFromPem(std::string_view pem);

  std::string Der() const;
  std::string Pem() const;

  // The URIs among the subject's alternative names, in their order; printable ASCII. Never the common name.
  const std::vector<std::string>& uris() const { return uris_; }
  // Valid from not_before, inclusive, to not_after, exclusive (as OpenSSL has it; RFC 5280 would include that second).
  absl::Time not_before() const { return not_before_; }
  absl::Time not_after() const { return not_after_; }
  const PublicKey& public_key() const { return public_key_; }
  // SHA-256 of the certificate's DER: what `openssl x509 -fingerprint -sha256` prints.
  const Digest& fingerprint() const { return fingerprint_; }
  // SHA-256 of the DER of the two names; in a self-issued certificate they are equal.
  const Digest& subject_fingerprint() const { return subject_fingerprint_; }
  const Digest& issuer_fingerprint() const { return issuer_fingerprint_; }

  X509* handle() const { return handle_.get(); }

 private:
  Certificate(std::shared_ptr<X509> handle, PublicKey public_key)
      : handle_(std::move(handle)), public_key_(std::move(public_key)) {}

  std::shared_ptr<X509> handle_;
  PublicKey public_key_;
  std::vector<std::string> uris_;
  absl::Time not_before_;
  absl::Time not_after_;
  Digest fingerprint_;
  Digest subject_fingerprint_;
  Digest issuer_fingerprint_;
};

// What the owner of a certificate does in the connection at hand.
enum class Purpose { kClient, kServer };

// OK if `leaf` leads through `intermediates` (from the peer, untrusted) to one of the self-signed `cas`, all of it
// valid at `at`, made for `purpose`, and with nothing weaker than 128 bits. `at` comes from the caller's clock; for TLS
// and peers that is the real one, also in a training network. Revocation is not looked at. Errors: kUnauthenticated,
// CERTIFICATE_NOT_YET_VALID; CERTIFICATE_EXPIRED; CERTIFICATE_UNTRUSTED.
absl::Status VerifyChain(const Certificate& leaf, std::span<const Certificate> intermediates,
                         std::span<const Certificate> cas, absl::Time at, Purpose purpose);

// Whole seconds; see Certificate::not_before.
struct Validity {
  absl::Time not_before;
  absl::Time not_after;
};

// A CA that signs itself, for a training network or a test: it signs certificates of nodes, but no further CA. A
// network's real CA is outside of this program. `common_name`: 1 to 64 characters.
// Errors of both: kInvalidArgument, CERTIFICATE_REQUEST_INVALID with the field at fault.
absl::StatusOr<Certificate> MakeCa(const PrivateKey& key, std::string_view common_name, const Validity& validity,
                                   Rng& rng);

// Issues a certificate for a TLS client and server with these URIs (at least one; printable ASCII without blanks).
// The serial has 127 random bits. Errors: also CERTIFICATE_MALFORMED where it would be too large to be read (64 KiB).
absl::StatusOr<Certificate> IssueCertificate(const Certificate& ca, const PrivateKey& ca_key, const PublicKey& subject,
                                             std::string_view common_name, std::span<const std::string> uris,
                                             const Validity& validity, Rng& rng);

}  // namespace teilhabe::crypto
