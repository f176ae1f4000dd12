#include "common/trust/envelope.h"

#include "absl/strings/str_cat.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"

namespace teilhabe::trust {

absl::StatusOr<v1::SignedEnvelope> SealEnvelope(const Sender& sender, std::string_view to, std::string_view kind,
                                                std::string body, absl::Time network_time,
                                                const std::optional<crypto::Digest>& answers,
                                                const crypto::Signer& signer, std::int64_t link_sequence) {
  v1::Envelope envelope;
  envelope.set_network(sender.network);
  envelope.set_training(sender.training);
  envelope.set_from(sender.member);
  envelope.set_to(std::string(to));
  envelope.set_kind(std::string(kind));
  envelope.set_link_sequence(link_sequence);
  envelope.set_incarnation(sender.incarnation);
  envelope.mutable_sent_time()->set_seconds(absl::ToUnixSeconds(network_time));
  if (answers) envelope.set_answers_digest(std::string(answers->bytes()));
  envelope.set_body(std::move(body));
  v1::SignedEnvelope sealed;
  sealed.set_envelope(envelope.SerializeAsString());
  TEILHABE_ASSIGN_OR_RETURN(*sealed.mutable_signature(), SignBytes(signer, kEnvelopeDomain, sealed.envelope()));
  return sealed;
}

absl::StatusOr<v1::Envelope> OpenEnvelope(const v1::SignedEnvelope& sealed, std::string_view peer,
                                          std::string_view self, std::string_view kind, const Directory& directory,
                                          const crypto::Verifier& verifier) {
  v1::Envelope envelope;
  if (!envelope.ParseFromString(sealed.envelope())) {
    return ReasonError(absl::StatusCode::kInvalidArgument, "ENVELOPE_MALFORMED", "the envelope cannot be read");
  }
  if (envelope.from() != peer) {
    return ReasonError(absl::StatusCode::kPermissionDenied, "ENVELOPE_SENDER",
                       "the envelope's sender is not the peer of the connection");
  }
  if (envelope.to() != self) {
    return ReasonError(absl::StatusCode::kPermissionDenied, "ENVELOPE_RECEIVER", "the envelope is for another member");
  }
  if (envelope.network() != directory.network()) {
    return ReasonError(absl::StatusCode::kFailedPrecondition, "NETWORK_MISMATCH", "the envelope is of another network");
  }
  if (envelope.training() != directory.training()) {
    return ReasonError(absl::StatusCode::kFailedPrecondition, "TRAINING_MISMATCH",
                       "training and real networks do not mix");
  }
  if (envelope.kind() != kind || envelope.incarnation() < 1) {
    return ReasonError(absl::StatusCode::kFailedPrecondition, "ENVELOPE_KIND", "the envelope is of another kind");
  }
  const Directory::Entry* entry = directory.Find(envelope.from());
  if (entry == nullptr) {
    return ReasonError(absl::StatusCode::kUnauthenticated, "MEMBER_UNKNOWN", "the directory has no such member");
  }
  TEILHABE_RETURN_IF_ERROR(
      CheckSignature(verifier, entry->key, kEnvelopeDomain, sealed.envelope(), sealed.signature()));
  return envelope;
}

}  // namespace teilhabe::trust
