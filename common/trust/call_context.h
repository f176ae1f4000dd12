#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/trust/identity.h"
#include "teilhabe/trust/v1/call_context.pb.h"

namespace teilhabe::trust {

// How long a call context counts, by the real clock.
constexpr absl::Duration kContextLifetime = absl::Seconds(60);

// What a caller states beside who it is; every field may be empty.
struct CallClaims {
  std::string role;
  std::string purpose;
  std::string legal_basis;
  std::string dossier;
};

// The one function that makes a call context, at every edge of a node. `agency` is the node's own, `now` the real time.
v1::CallContext MakeContext(const Identity& caller, std::string_view agency, const CallClaims& claims, absl::Time now);

// The agency's own key under which contexts are authenticated between its services (an ECDSA signature would cost more
// than the call). 32 random bytes.
class ContextKey {
 public:
  // Errors: kFailedPrecondition, CONTEXT_KEY_INVALID: not 32 bytes.
  static absl::StatusOr<ContextKey> FromBytes(std::string_view bytes);
  ~ContextKey();
  ContextKey(const ContextKey&) = default;
  ContextKey& operator=(const ContextKey&) = default;

  // What travels in the metadata kContextMetadata.
  std::string Seal(const v1::CallContext& context) const;
  // Errors: kUnauthenticated, CONTEXT_MISSING (empty), CONTEXT_FOREIGN (malformed, or not under this key),
  // CONTEXT_EXPIRED, CONTEXT_WRONG_AGENCY.
  absl::StatusOr<v1::CallContext> Open(std::string_view sealed, std::string_view agency, absl::Time now) const;

 private:
  explicit ContextKey(std::string bytes) : bytes_(std::move(bytes)) {}
  std::string bytes_;
};

constexpr char kContextMetadata[] = "teilhabe-context-bin";

}  // namespace teilhabe::trust
