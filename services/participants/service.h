#pragma once

#include <memory>
#include <string>

#include "common/rpc/dossier_store.h"
#include "common/rpc/gatekeeper.h"
#include "common/rpc/node_identity.h"
#include "teilhabe/participants/v1/dossier_service.grpc.pb.h"

namespace teilhabe::participants {

// The gRPC side of the dossiers: who calls, conversion, one use case, conversion back.
class DossierServiceImpl final : public v1::DossierService::Service {
 public:
  static constexpr char kName[] = "teilhabe.participants.v1.DossierService";

  DossierServiceImpl(const rpc::Gatekeeper& gatekeeper, std::shared_ptr<const rpc::NodeIdentity> identity,
                     rpc::DossierStore& dossiers)
      : gatekeeper_(gatekeeper), identity_(std::move(identity)), dossiers_(dossiers) {}

  grpc::Status OpenDossier(grpc::ServerContext* context, const v1::OpenDossierRequest* request,
                           v1::OpenDossierResponse* response) override;
  grpc::Status AppendEvent(grpc::ServerContext* context, const v1::AppendEventRequest* request,
                           v1::AppendEventResponse* response) override;
  grpc::Status AnswerOffer(grpc::ServerContext* context, const v1::AnswerOfferRequest* request,
                           v1::AnswerOfferResponse* response) override;
  grpc::Status SignStatement(grpc::ServerContext* context, const v1::SignStatementRequest* request,
                             v1::SignStatementResponse* response) override;
  grpc::Status GetDossier(grpc::ServerContext* context, const v1::GetDossierRequest* request,
                          v1::GetDossierResponse* response) override;
  grpc::Status ListEvents(grpc::ServerContext* context, const v1::ListEventsRequest* request,
                          v1::ListEventsResponse* response) override;
  grpc::Status ListStatements(grpc::ServerContext* context, const v1::ListStatementsRequest* request,
                              v1::ListStatementsResponse* response) override;
  grpc::Status ReadSection(grpc::ServerContext* context, const v1::ReadSectionRequest* request,
                           v1::ReadSectionResponse* response) override;
  grpc::Status AddAttachment(grpc::ServerContext* context, grpc::ServerReader<v1::AddAttachmentRequest>* reader,
                             v1::AddAttachmentResponse* response) override;
  grpc::Status ReadAttachment(grpc::ServerContext* context, const v1::ReadAttachmentRequest* request,
                              grpc::ServerWriter<v1::ReadAttachmentResponse>* writer) override;
  grpc::Status ExportEvidence(grpc::ServerContext* context, const v1::ExportEvidenceRequest* request,
                              grpc::ServerWriter<v1::ExportEvidenceResponse>* writer) override;

 private:
  // Admits the call and runs `work(unit, caller)` as one durable unit.
  template <typename Work>
  grpc::Status Run(grpc::ServerContext* context, const char* method, const Work& work);

  const rpc::Gatekeeper& gatekeeper_;
  const std::shared_ptr<const rpc::NodeIdentity> identity_;
  rpc::DossierStore& dossiers_;
};

}  // namespace teilhabe::participants
