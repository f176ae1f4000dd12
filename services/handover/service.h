#pragma once

#include <functional>

#include "common/rpc/gatekeeper.h"
#include "services/handover/courier.h"
#include "services/handover/links.h"
#include "services/handover/network_state.h"
#include "teilhabe/handover/v1/network_service.grpc.pb.h"
#include "teilhabe/handover/v1/peer_service.grpc.pb.h"

namespace teilhabe::handover {

// What a node answers to other nodes.
class PeerServiceImpl final : public v1::PeerService::Service {
 public:
  static constexpr char kName[] = "teilhabe.handover.v1.PeerService";

  PeerServiceImpl(const rpc::Gatekeeper& gatekeeper, NetworkState& state, Links& links)
      : gatekeeper_(gatekeeper), state_(state), links_(links) {}

  grpc::Status Greet(grpc::ServerContext* context, const v1::GreetRequest* request,
                     v1::GreetResponse* response) override;
  grpc::Status GetDirectory(grpc::ServerContext* context, const v1::GetDirectoryRequest* request,
                            v1::GetDirectoryResponse* response) override;
  grpc::Status Deliver(grpc::ServerContext* context, const v1::DeliverRequest* request,
                       v1::DeliverResponse* response) override;
  grpc::Status GetLink(grpc::ServerContext* context, const v1::GetLinkRequest* request,
                       v1::GetLinkResponse* response) override;

 private:
  const rpc::Gatekeeper& gatekeeper_;
  NetworkState& state_;
  Links& links_;
};

// What a node tells its own agency about the network.
class NetworkServiceImpl final : public v1::NetworkService::Service {
 public:
  static constexpr char kName[] = "teilhabe.handover.v1.NetworkService";

  // `on_new_directory` is called when a newer directory was taken, so that it is passed on at once.
  NetworkServiceImpl(const rpc::Gatekeeper& gatekeeper, NetworkState& state, Links& links, Courier& courier,
                     std::function<void()> on_new_directory)
      : gatekeeper_(gatekeeper),
        state_(state),
        links_(links),
        courier_(courier),
        on_new_directory_(std::move(on_new_directory)) {}

  grpc::Status GetStatus(grpc::ServerContext* context, const v1::GetStatusRequest* request,
                         v1::GetStatusResponse* response) override;
  grpc::Status OfferDirectory(grpc::ServerContext* context, const v1::OfferDirectoryRequest* request,
                              v1::OfferDirectoryResponse* response) override;
  grpc::Status TakeClock(grpc::ServerContext* context, const v1::TakeClockRequest* request,
                         v1::TakeClockResponse* response) override;
  grpc::Status GetBalance(grpc::ServerContext* context, const v1::GetBalanceRequest* request,
                          v1::GetBalanceResponse* response) override;

 private:
  const rpc::Gatekeeper& gatekeeper_;
  NetworkState& state_;
  Links& links_;
  Courier& courier_;
  const std::function<void()> on_new_directory_;
};

}  // namespace teilhabe::handover
