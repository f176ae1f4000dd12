#pragma once

#include "common/rpc/gatekeeper.h"
#include "services/providers/register.h"
#include "services/providers/registration.h"
#include "teilhabe/providers/v1/providers_service.grpc.pb.h"

namespace teilhabe::providers {

// The gRPC side of the register: who calls, one use case, its answer.
class ProvidersServiceImpl final : public v1::ProvidersService::Service {
 public:
  static constexpr char kName[] = "teilhabe.providers.v1.ProvidersService";

  ProvidersServiceImpl(const rpc::Gatekeeper& gatekeeper, rpc::DossierStore& dossiers, const Register& registered)
      : gatekeeper_(gatekeeper), register_(registered), registration_(dossiers, registered) {}

  grpc::Status RegisterProvider(grpc::ServerContext* context, const v1::RegisterProviderRequest* request,
                                v1::RegisterProviderResponse* response) override;
  grpc::Status RecordVereinbarung(grpc::ServerContext* context, const v1::RecordVereinbarungRequest* request,
                                  v1::RecordVereinbarungResponse* response) override;
  grpc::Status GetProvider(grpc::ServerContext* context, const v1::GetProviderRequest* request,
                           v1::RegisteredProvider* response) override;
  grpc::Status ListProviders(grpc::ServerContext* context, const v1::ListProvidersRequest* request,
                             v1::ListProvidersResponse* response) override;
  grpc::Status CheckProvider(grpc::ServerContext* context, const v1::CheckProviderRequest* request,
                             v1::CheckProviderResponse* response) override;

 private:
  // Admits the call, runs `work(caller)` and hands its value to `take`.
  template <typename Work, typename Take>
  grpc::Status Run(grpc::ServerContext* context, const char* method, const Work& work, const Take& take);

  const rpc::Gatekeeper& gatekeeper_;
  const Register& register_;
  Registration registration_;
};

}  // namespace teilhabe::providers
