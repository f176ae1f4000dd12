#include "common/trust/call_context.h"

#include <openssl/crypto.h>

#include "absl/strings/str_cat.h"
#include "common/base/reason.h"
#include "common/base/strings.h"
#include "common/crypto/digest.h"

namespace teilhabe::trust {
namespace {

// The tag keeps a MAC of a context from counting for anything else under the same key.
std::string Tagged(std::string_view bytes) { return crypto::DomainTag("call-context") + std::string(bytes); }

absl::Status Refused(std::string_view reason, std::string_view why) {
  return ReasonError(absl::StatusCode::kUnauthenticated, reason, why);
}

}  // namespace

v1::CallContext MakeContext(const Identity& caller, std::string_view agency, const CallClaims& claims, absl::Time now) {
  v1::CallContext context;
  context.set_identity(ToUri(caller));
  context.set_agency(std::string(agency));
  context.set_role(claims.role);
  context.set_purpose(claims.purpose);
  context.set_legal_basis(claims.legal_basis);
  context.set_dossier(claims.dossier);
  const absl::Time expires = now + kContextLifetime;
  context.mutable_expire_time()->set_seconds(absl::ToUnixSeconds(expires));
  return context;
}

absl::StatusOr<ContextKey> ContextKey::FromBytes(std::string_view bytes) {
  if (bytes.size() != crypto::Digest::kSize) {
    return ReasonError(absl::StatusCode::kFailedPrecondition, "CONTEXT_KEY_INVALID", "a context key has 32 bytes");
  }
  return ContextKey(std::string(bytes));
}

ContextKey::~ContextKey() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

std::string ContextKey::Seal(const v1::CallContext& context) const {
  v1::SealedContext sealed;
  sealed.set_context(context.SerializeAsString());
  sealed.set_mac(std::string(crypto::HmacSha256(bytes_, Tagged(sealed.context())).bytes()));
  return sealed.SerializeAsString();
}

absl::StatusOr<v1::CallContext> ContextKey::Open(std::string_view sealed_bytes, std::string_view agency,
                                                 absl::Time now) const {
  if (sealed_bytes.empty()) return Refused("CONTEXT_MISSING", "an inner call carries no call context");
  v1::SealedContext sealed;
  v1::CallContext context;
  if (sealed_bytes.size() > 4096 ||
      !sealed.ParseFromArray(sealed_bytes.data(), static_cast<int>(sealed_bytes.size())) ||
      !crypto::VerifyHmacSha256(bytes_, Tagged(sealed.context()), sealed.mac()) ||
      !context.ParseFromString(sealed.context())) {
    return Refused("CONTEXT_FOREIGN", "the call context was not made by this agency");
  }
  if (context.agency() != agency) return Refused("CONTEXT_WRONG_AGENCY", "the call context is for another agency");
  if (absl::FromUnixSeconds(context.expire_time().seconds()) <= now) {
    return Refused("CONTEXT_EXPIRED", "the call context is too old");
  }
  return context;
}

}  // namespace teilhabe::trust
