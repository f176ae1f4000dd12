// All services of a node in one process; the only place that knows them all.
#include "common/base/status_macros.h"
#include "common/rpc/node_main.h"
#include "services/carriers/service.h"
#include "services/handover/greeter.h"
#include "services/handover/service.h"

namespace teilhabe {
namespace {

// Made in this order, ended in the other.
struct Node {
  std::unique_ptr<carriers::CarriersServiceImpl> carriers;
  std::unique_ptr<handover::NetworkState> network;
  std::unique_ptr<handover::Greeter> greeter;
  std::unique_ptr<handover::PeerServiceImpl> peers;
  std::unique_ptr<handover::NetworkServiceImpl> own;
};

absl::StatusOr<rpc::NodeServices> MakeServices(const rpc::NodeRuntime& runtime) {
  const auto node = std::make_shared<Node>();
  node->carriers =
      std::make_unique<carriers::CarriersServiceImpl>(carriers::CompetenceRules::Embedded(), runtime.gatekeeper);
  rpc::NodeServices services;
  services.served = {{carriers::CarriersServiceImpl::kName, node->carriers.get()}};
  services.owner = node;
  TEILHABE_ASSIGN_OR_RETURN(
      node->network,
      handover::NetworkState::Open({runtime.identity, runtime.directory, runtime.folder->data(),
                                    runtime.folder->journal(), runtime.real_clock, runtime.training_clock}));
  node->greeter = std::make_unique<handover::Greeter>(*node->network);
  node->peers = std::make_unique<handover::PeerServiceImpl>(*runtime.gatekeeper, *node->network);
  node->own = std::make_unique<handover::NetworkServiceImpl>(*runtime.gatekeeper, *node->network,
                                                             [&greeter = *node->greeter] { greeter.Wake(); });
  services.served.push_back({handover::PeerServiceImpl::kName, node->peers.get()});
  services.served.push_back({handover::NetworkServiceImpl::kName, node->own.get()});
  services.start = [&greeter = *node->greeter, every = absl::Seconds(runtime.config.greet_seconds)] {
    greeter.Start(every);
  };
  services.stop = [&greeter = *node->greeter] { greeter.Stop(); };
  return services;
}

}  // namespace
}  // namespace teilhabe

int main(int argc, char** argv) { return teilhabe::rpc::RunNode("teilhabe-node", argc, argv, teilhabe::MakeServices); }
