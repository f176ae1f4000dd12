#include "services/providers/service.h"

#include <string>

#include "common/rpc/status.h"

namespace teilhabe::providers {
namespace {

dossier::Caller ToCaller(const rpc::Caller& caller) {
  dossier::Caller made;
  made.actor = trust::ToUri(caller.identity);
  if (caller.identity.kind == trust::IdentityKind::kOfficial) made.official = caller.identity.name;
  if (caller.context) {
    made.purpose = caller.context->purpose();
    made.legal_basis = caller.context->legal_basis();
  }
  return made;
}

}  // namespace

template <typename Work, typename Take>
grpc::Status ProvidersServiceImpl::Run(grpc::ServerContext* context, const char* method, const Work& work,
                                       const Take& take) {
  const auto admitted = gatekeeper_.Admit(*context, std::string(kName) + "/" + method);
  if (!admitted.ok()) return rpc::ToGrpcStatus(admitted.status());
  auto made = work(ToCaller(*admitted));
  if (!made.ok()) return rpc::ToGrpcStatus(made.status());
  take(*std::move(made));
  return grpc::Status::OK;
}

grpc::Status ProvidersServiceImpl::RegisterProvider(grpc::ServerContext* context,
                                                    const v1::RegisterProviderRequest* request,
                                                    v1::RegisterProviderResponse* response) {
  return Run(
      context, "RegisterProvider",
      [&](const dossier::Caller& caller) { return registration_.RegisterProvider(caller, *request); },
      [&](v1::RegisteredProvider made) { *response->mutable_provider() = std::move(made); });
}

grpc::Status ProvidersServiceImpl::RecordVereinbarung(grpc::ServerContext* context,
                                                      const v1::RecordVereinbarungRequest* request,
                                                      v1::RecordVereinbarungResponse* response) {
  return Run(
      context, "RecordVereinbarung",
      [&](const dossier::Caller& caller) { return registration_.RecordVereinbarung(caller, *request); },
      [&](v1::RegisteredProvider made) { *response->mutable_provider() = std::move(made); });
}

grpc::Status ProvidersServiceImpl::GetProvider(grpc::ServerContext* context, const v1::GetProviderRequest* request,
                                               v1::RegisteredProvider* response) {
  return Run(
      context, "GetProvider", [&](const dossier::Caller&) { return register_.Get(request->provider()); },
      [&](v1::RegisteredProvider made) { *response = std::move(made); });
}

grpc::Status ProvidersServiceImpl::ListProviders(grpc::ServerContext* context, const v1::ListProvidersRequest* request,
                                                 v1::ListProvidersResponse* response) {
  return Run(
      context, "ListProviders", [&](const dossier::Caller&) { return register_.List(*request); },
      [&](v1::ListProvidersResponse made) { *response = std::move(made); });
}

grpc::Status ProvidersServiceImpl::CheckProvider(grpc::ServerContext* context, const v1::CheckProviderRequest* request,
                                                 v1::CheckProviderResponse* response) {
  return Run(
      context, "CheckProvider", [&](const dossier::Caller&) { return register_.Check(*request); },
      [&](v1::CheckProviderResponse made) { *response = std::move(made); });
}

}  // namespace teilhabe::providers
