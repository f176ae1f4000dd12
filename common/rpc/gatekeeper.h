#pragma once

#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/rpc/node_identity.h"
#include "common/trust/gate.h"
#include "grpcpp/server_context.h"

namespace teilhabe::rpc {

// Who calls, as a handler sees it.
struct Caller {
  trust::Identity identity;
  // What an inner call carries; absent at the edge where the caller states nothing.
  std::optional<trust::v1::CallContext> context;
};

// Gate 1 at the beginning of every handler: who calls, and may it call this method? A call over TLS is who its
// certificate says; a call inside the process, which has none, is who its call context says.
class Gatekeeper {
 public:
  Gatekeeper(std::shared_ptr<const NodeIdentity> identity, std::shared_ptr<const Clock> real_clock)
      : identity_(std::move(identity)), clock_(std::move(real_clock)) {}

  // `method` as `package.Service/Method`. Errors: kUnauthenticated IDENTITY_MISSING and those of ContextKey::Open;
  // kPermissionDenied METHOD_NOT_ALLOWED. Each is logged with reason and method.
  absl::StatusOr<Caller> Admit(const grpc::ServerContextBase& context, std::string_view method) const;

  // The one edge at which a context for inner calls is made: adds it to the metadata of a call.
  absl::Status AddContext(const Caller& caller, const trust::CallClaims& claims, grpc::ClientContext& call) const;

 private:
  absl::StatusOr<Caller> Identify(const grpc::ServerContextBase& context, std::string_view method) const;

  std::shared_ptr<const NodeIdentity> identity_;
  std::shared_ptr<const Clock> clock_;
};

}  // namespace teilhabe::rpc
