#include "common/trust/peer_check.h"

#include "absl/strings/str_cat.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"

namespace teilhabe::trust {
namespace {

absl::Status Refused(std::string_view reason, std::string_view why) {
  return ReasonError(absl::StatusCode::kUnauthenticated, reason, why);
}

}  // namespace

absl::StatusOr<Identity> CheckPeer(const crypto::Certificate& certificate, const Directory& directory,
                                   const std::vector<crypto::Certificate>& network_cas, crypto::Purpose purpose,
                                   absl::Time at) {
  if (certificate.uris().size() != 1) {
    return Refused("IDENTITY_MALFORMED", "a certificate names exactly one identity");
  }
  TEILHABE_ASSIGN_OR_RETURN(Identity identity, ParseIdentity(certificate.uris()[0]));
  if (identity.network != directory.network()) {
    return Refused("NETWORK_MISMATCH", "the certificate is of another network");
  }
  const Directory::Entry* entry = directory.Find(identity.agency);
  if (entry == nullptr || entry->member.endpoint().empty()) {
    return Refused("MEMBER_UNKNOWN", "the directory has no such member with a node");
  }
  if (identity.kind == IdentityKind::kNode) {
    TEILHABE_RETURN_IF_ERROR(crypto::VerifyChain(certificate, {}, network_cas, at, purpose));
    if (!(certificate.public_key() == entry->key)) {
      return Refused("CERTIFICATE_NOT_PINNED", "the directory names another key for this node");
    }
    return identity;
  }
  TEILHABE_RETURN_IF_ERROR(crypto::VerifyChain(certificate, {}, {&*entry->local_ca, 1}, at, purpose));
  if (identity.kind == IdentityKind::kGuest) {
    const Directory::Entry* guest = directory.Find(identity.name);
    if (guest == nullptr || guest->member.host() != identity.agency) {
      return Refused("MEMBER_UNKNOWN", "the directory has no such guest at this node");
    }
    if (!(certificate.public_key() == guest->key)) {
      return Refused("CERTIFICATE_NOT_PINNED", "the directory names another key for this guest");
    }
  }
  return identity;
}

}  // namespace teilhabe::trust
