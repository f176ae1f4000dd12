#pragma once

#include "common/rpc/gatekeeper.h"
#include "services/carriers/domain/competence.h"
#include "teilhabe/carriers/v1/carriers_service.grpc.pb.h"

namespace teilhabe::carriers {

// The gRPC adapter: proto to domain and back, nothing else. Unary calls run on the server's own threads; the batch
// stream is a reactor, which answers each message as it comes and holds one at a time. It reads the bytes itself: gRPC
// would take a message that cannot be read for the end of the stream, and end it with OK.
class CarriersServiceImpl final
    : public v1::CarriersService::WithRawCallbackMethod_DetermineCompetenceBatch<v1::CarriersService::Service> {
 public:
  static constexpr char kName[] = "teilhabe.carriers.v1.CarriersService";
  static constexpr int kMaxBatch = 1000;

  explicit CarriersServiceImpl(const CompetenceRules& rules,
                               std::shared_ptr<const rpc::Gatekeeper> gatekeeper = nullptr);

  grpc::Status DetermineCompetence(grpc::ServerContext* context, const v1::DetermineCompetenceRequest* request,
                                   v1::DetermineCompetenceResponse* response) override;
  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* DetermineCompetenceBatch(
      grpc::CallbackServerContext* context) override;
  grpc::Status ListFacts(grpc::ServerContext* context, const v1::ListFactsRequest* request,
                         v1::ListFactsResponse* response) override;
  grpc::Status ListRules(grpc::ServerContext* context, const v1::ListRulesRequest* request,
                         v1::ListRulesResponse* response) override;

 private:
  absl::StatusOr<rpc::Caller> Admit(const grpc::ServerContextBase& context, const char* method) const;

  const CompetenceRules& rules_;
  const std::shared_ptr<const rpc::Gatekeeper> gatekeeper_;
  v1::Versions versions_;
};

}  // namespace teilhabe::carriers
