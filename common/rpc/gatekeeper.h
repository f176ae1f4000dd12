#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/base/clock.h"
#include "common/rpc/node_identity.h"
#include "common/trust/gate.h"
#include "grpcpp/server_context.h"

namespace teilhabe::rpc {

// Metadata in which a caller at the edge says for what it calls, one of the closed list of purposes, and on what basis
// (UTF-8); at most 200 bytes each.
constexpr char kPurposeMetadata[] = "teilhabe-purpose";
constexpr char kLegalBasisMetadata[] = "teilhabe-legal-basis-bin";

// Who calls, as a handler sees it.
struct Caller {
  trust::Identity identity;
  // What an inner call carries, or a caller at the edge states.
  std::optional<trust::v1::CallContext> context;
  // Held for as long as the call runs: its place among those of its agency.
  std::shared_ptr<void> place;
};

// Gate 1 at the beginning of every handler: who calls, and may it call this method? A call over TLS is who its
// certificate says; a call inside the process, which has none, is who its call context says.
class Gatekeeper {
 public:
  // Calls of one agency that run at the same time; less than a server has threads, so that nobody starves the others.
  static constexpr int kCallsPerAgency = 64;

  Gatekeeper(std::shared_ptr<const NodeIdentity> identity, std::shared_ptr<const Clock> real_clock)
      : identity_(std::move(identity)), clock_(std::move(real_clock)), places_(std::make_shared<Places>()) {}

  // `method` as `package.Service/Method`. Errors: kUnauthenticated IDENTITY_MISSING and those of ContextKey::Open;
  // kPermissionDenied METHOD_NOT_ALLOWED; kResourceExhausted AGENCY_BUSY (too many calls of it at once). Each is logged
  // with reason and method.
  absl::StatusOr<Caller> Admit(const grpc::ServerContextBase& context, std::string_view method) const;

  // The one edge at which a context for inner calls is made: adds it to the metadata of a call.
  absl::Status AddContext(const Caller& caller, const trust::CallClaims& claims, grpc::ClientContext& call) const;

 private:
  struct Places {
    absl::Mutex mutex;
    std::map<std::string, int> taken ABSL_GUARDED_BY(mutex);
  };

  // A place for a call of this agency; null where all are taken.
  std::shared_ptr<void> TakePlace(const std::string& agency) const;
  absl::StatusOr<Caller> Identify(const grpc::ServerContextBase& context, std::string_view method) const;

  std::shared_ptr<const NodeIdentity> identity_;
  std::shared_ptr<const Clock> clock_;
  std::shared_ptr<Places> places_;
};

}  // namespace teilhabe::rpc
