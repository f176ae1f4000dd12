#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/crypto/digest.h"
#include "common/crypto/key.h"
#include "common/trust/directory.h"
#include "teilhabe/trust/v1/envelope.pb.h"

namespace teilhabe::trust {

// What a sender says of itself in every envelope.
struct Sender {
  std::string network;
  bool training = false;
  std::string member;
  std::int64_t incarnation = 1;
};

// Serializes and signs an envelope once; these bytes are what is sent. `answers`: digest of the envelope answered.
// `link_sequence`: of the first item; 0: none.
absl::StatusOr<v1::SignedEnvelope> SealEnvelope(const Sender& sender, std::string_view to, std::string_view kind,
                                                std::string body, absl::Time network_time,
                                                const std::optional<crypto::Digest>& answers,
                                                const crypto::Signer& signer, std::int64_t link_sequence = 0);

// Opens an envelope that came over a connection with `peer`, meant for `self`.
// Errors: kInvalidArgument ENVELOPE_MALFORMED; kPermissionDenied ENVELOPE_SENDER (not the peer of the connection),
// ENVELOPE_RECEIVER; kFailedPrecondition NETWORK_MISMATCH, TRAINING_MISMATCH, ENVELOPE_KIND; kUnauthenticated
// MEMBER_UNKNOWN, SIGNATURE_INVALID, SIGNATURE_ALGORITHM.
absl::StatusOr<v1::Envelope> OpenEnvelope(const v1::SignedEnvelope& sealed, std::string_view peer,
                                          std::string_view self, std::string_view kind, const Directory& directory,
                                          const crypto::Verifier& verifier);

// SHA-256 of the signed bytes, by which an answer names what it answers.
inline crypto::Digest EnvelopeDigest(const v1::SignedEnvelope& sealed) { return crypto::Sha256(sealed.envelope()); }

}  // namespace teilhabe::trust
