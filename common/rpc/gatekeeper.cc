#include "common/rpc/gatekeeper.h"

#include "common/base/log.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/base/utf8.h"
#include "grpcpp/client_context.h"
#include "grpcpp/security/auth_context.h"

namespace teilhabe::rpc {
namespace {

std::string_view View(const grpc::string_ref& text) { return {text.data(), text.size()}; }

// What the caller's metadata holds under a name; empty where it is not there, no context at all where it is there
// twice.
std::string_view Metadata(const grpc::ServerContextBase& context, const char* name) {
  const auto [begin, end] = context.client_metadata().equal_range(name);
  if (begin == end) return {};
  return std::next(begin) == end ? View(begin->second) : std::string_view("twice");
}

// What a caller at the edge states beside who it is. Its words are no more than that: gate 2 says what they allow.
trust::CallClaims Stated(const grpc::ServerContextBase& context) {
  constexpr std::size_t kMost = 200;
  trust::CallClaims claims;
  claims.purpose = std::string(Metadata(context, kPurposeMetadata).substr(0, kMost));
  claims.legal_basis = std::string(Metadata(context, kLegalBasisMetadata).substr(0, kMost));
  if (!IsUtf8(claims.legal_basis)) claims.legal_basis.clear();
  return claims;
}

}  // namespace

absl::StatusOr<Caller> Gatekeeper::Identify(const grpc::ServerContextBase& context, std::string_view method) const {
  const std::string_view sealed = Metadata(context, trust::kContextMetadata);
  std::optional<trust::v1::CallContext> opened;
  const auto auth = context.auth_context();
  const bool over_tls = auth != nullptr && auth->IsPeerAuthenticated();
  // Context is asked for inside the process, of own services, and where the table says so; a foreign one never counts.
  if (!sealed.empty() || !over_tls || trust::Gate::Embedded().NeedsContext(method)) {
    if (!identity_->context_key) {
      return ReasonError(absl::StatusCode::kUnauthenticated, "CONTEXT_FOREIGN", "this process has no context key");
    }
    TEILHABE_ASSIGN_OR_RETURN(opened, identity_->context_key->Open(sealed, identity_->self.agency, clock_->Now()));
  }
  if (!over_tls) {
    TEILHABE_ASSIGN_OR_RETURN(trust::Identity caller, trust::ParseIdentity(opened->identity()));
    return Caller{std::move(caller), std::move(opened), nullptr};
  }
  const auto uris = auth->FindPropertyValues("peer_uri");
  if (uris.size() != 1) {
    return ReasonError(absl::StatusCode::kUnauthenticated, "IDENTITY_MISSING", "the caller has no identity");
  }
  TEILHABE_ASSIGN_OR_RETURN(trust::Identity caller, trust::ParseIdentity(View(uris[0])));
  if (!opened) opened = trust::MakeContext(caller, identity_->self.agency, Stated(context), clock_->Now());
  return Caller{std::move(caller), std::move(opened), nullptr};
}

absl::StatusOr<Caller> Gatekeeper::Admit(const grpc::ServerContextBase& context, std::string_view method) const {
  auto caller = Identify(context, method);
  absl::Status status = caller.status();
  if (caller.ok()) status = trust::Gate::Embedded().Check(caller->identity, identity_->self.agency, method);
  if (status.ok()) {
    caller->place = TakePlace(caller->identity.agency);
    if (caller->place != nullptr) return caller;
    status = ReasonError(absl::StatusCode::kResourceExhausted, "AGENCY_BUSY",
                         "too many calls of this agency run at the same time; wait for one to end");
  }
  Log(LogLevel::kWarning, "call_rejected", {{"reason", GetReason(status)}, {"method", method}});
  return status;
}

std::shared_ptr<void> Gatekeeper::TakePlace(const std::string& agency) const {
  absl::MutexLock lock(&places_->mutex);
  int& taken = places_->taken[agency];
  if (taken == kCallsPerAgency) return nullptr;
  ++taken;
  return std::shared_ptr<void>(places_.get(), [places = places_, agency](void*) {
    absl::MutexLock inner(&places->mutex);
    --places->taken[agency];
  });
}

absl::Status Gatekeeper::AddContext(const Caller& caller, const trust::CallClaims& claims,
                                    grpc::ClientContext& call) const {
  if (!identity_->context_key) {
    return ReasonError(absl::StatusCode::kFailedPrecondition, "CONTEXT_FOREIGN", "this process has no context key");
  }
  call.AddMetadata(trust::kContextMetadata, identity_->context_key->Seal(trust::MakeContext(
                                                caller.identity, identity_->self.agency, claims, clock_->Now())));
  return absl::OkStatus();
}

}  // namespace teilhabe::rpc
