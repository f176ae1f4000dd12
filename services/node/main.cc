// All services of a node in one process.
#include "common/base/status_macros.h"
#include "common/rpc/node_main.h"
#include "services/node/node.h"

namespace teilhabe {
namespace {

absl::StatusOr<rpc::NodeServices> MakeServices(const rpc::NodeRuntime& runtime) {
  TEILHABE_ASSIGN_OR_RETURN(auto made, Node::Open({.identity = runtime.identity,
                                                   .directory = runtime.directory,
                                                   .gatekeeper = runtime.gatekeeper,
                                                   .real_clock = runtime.real_clock,
                                                   .training_clock = runtime.training_clock,
                                                   .data = runtime.folder->data(),
                                                   .journal = runtime.folder->journal(),
                                                   .database = runtime.config.database,
                                                   .greet_every = absl::Seconds(runtime.config.greet_seconds)}));
  const std::shared_ptr<Node> node = std::move(made);
  rpc::NodeServices services;
  services.owner = node;
  services.served = node->Served();
  services.start = [node = node.get()] { node->Start(); };
  services.stop = [node = node.get()] { node->Stop(); };
  return services;
}

}  // namespace
}  // namespace teilhabe

int main(int argc, char** argv) { return teilhabe::rpc::RunNode("teilhabe-node", argc, argv, teilhabe::MakeServices); }
