#include "services/handover/service.h"

#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/rpc/convert.h"
#include "common/rpc/status.h"

namespace teilhabe::handover {
namespace {

std::string Method(const char* service, const char* method) { return std::string(service) + "/" + method; }

}  // namespace

grpc::Status PeerServiceImpl::Greet(grpc::ServerContext* context, const v1::GreetRequest* request,
                                    v1::GreetResponse* response) {
  const auto caller = gatekeeper_.Admit(*context, Method(kName, "Greet"));
  if (!caller.ok()) return rpc::ToGrpcStatus(caller.status());
  auto answer = state_.AnswerGreeting(caller->identity.agency, request->envelope());
  if (!answer.ok()) return rpc::ToGrpcStatus(answer.status());
  *response->mutable_envelope() = *std::move(answer);
  return grpc::Status::OK;
}

grpc::Status PeerServiceImpl::GetDirectory(grpc::ServerContext* context, const v1::GetDirectoryRequest*,
                                           v1::GetDirectoryResponse* response) {
  const auto caller = gatekeeper_.Admit(*context, Method(kName, "GetDirectory"));
  if (!caller.ok()) return rpc::ToGrpcStatus(caller.status());
  *response->mutable_directory() = state_.directory()->bytes();
  return grpc::Status::OK;
}

grpc::Status PeerServiceImpl::Deliver(grpc::ServerContext* context, const v1::DeliverRequest* request,
                                      v1::DeliverResponse* response) {
  const auto caller = gatekeeper_.Admit(*context, Method(kName, "Deliver"));
  if (!caller.ok()) return rpc::ToGrpcStatus(caller.status());
  auto answer = links_.Receive(caller->identity.agency, *request);
  if (!answer.ok()) return rpc::ToGrpcStatus(answer.status());
  *response = *std::move(answer);
  return grpc::Status::OK;
}

grpc::Status PeerServiceImpl::GetLink(grpc::ServerContext* context, const v1::GetLinkRequest* request,
                                      v1::GetLinkResponse* response) {
  const auto caller = gatekeeper_.Admit(*context, Method(kName, "GetLink"));
  if (!caller.ok()) return rpc::ToGrpcStatus(caller.status());
  const auto link = links_.Link(caller->identity.agency, request->store());
  if (!link.ok()) return rpc::ToGrpcStatus(link.status());
  *response = *link;
  return grpc::Status::OK;
}

grpc::Status NetworkServiceImpl::GetStatus(grpc::ServerContext* context, const v1::GetStatusRequest*,
                                           v1::GetStatusResponse* response) {
  const auto caller = gatekeeper_.Admit(*context, Method(kName, "GetStatus"));
  if (!caller.ok()) return rpc::ToGrpcStatus(caller.status());
  const auto open = links_.OpenItems();
  if (!open.ok()) return rpc::ToGrpcStatus(open.status());
  *response = state_.Status();
  response->set_open_items(*open);
  return grpc::Status::OK;
}

grpc::Status NetworkServiceImpl::OfferDirectory(grpc::ServerContext* context, const v1::OfferDirectoryRequest* request,
                                                v1::OfferDirectoryResponse* response) {
  const auto caller = gatekeeper_.Admit(*context, Method(kName, "OfferDirectory"));
  if (!caller.ok()) return rpc::ToGrpcStatus(caller.status());
  const auto version = state_.OfferDirectory(request->directory());
  if (!version.ok()) return rpc::ToGrpcStatus(version.status());
  on_new_directory_();
  response->set_directory_version(*version);
  return grpc::Status::OK;
}

grpc::Status NetworkServiceImpl::TakeClock(grpc::ServerContext* context, const v1::TakeClockRequest*,
                                           v1::TakeClockResponse* response) {
  const auto caller = gatekeeper_.Admit(*context, Method(kName, "TakeClock"));
  if (!caller.ok()) return rpc::ToGrpcStatus(caller.status());
  if (state_.setup().training_clock == nullptr) {
    return rpc::ToGrpcStatus(ReasonError(absl::StatusCode::kFailedPrecondition, "NOT_TRAINING",
                                         "only a training network has a settable clock"));
  }
  const auto day = state_.setup().training_clock->Take();
  if (!day.ok()) return rpc::ToGrpcStatus(day.status());
  *response->mutable_network_day() = rpc::ToProto(*day);
  return grpc::Status::OK;
}

grpc::Status NetworkServiceImpl::GetBalance(grpc::ServerContext* context, const v1::GetBalanceRequest* request,
                                            v1::GetBalanceResponse* response) {
  const auto caller = gatekeeper_.Admit(*context, Method(kName, "GetBalance"));
  if (!caller.ok()) return rpc::ToGrpcStatus(caller.status());
  const auto balance = courier_.Balance(request->peer());
  if (!balance.ok()) return rpc::ToGrpcStatus(balance.status());
  *response = *balance;
  return grpc::Status::OK;
}

}  // namespace teilhabe::handover
