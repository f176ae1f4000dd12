#include "services/ctl/client.h"

#include "common/rpc/channel.h"

namespace teilhabe::ctl {

std::shared_ptr<grpc::Channel> Session::Channel() const {
  return rpc::MakeLoopbackChannel(node, absl::Seconds(timeout_seconds));
}

std::unique_ptr<carriers::v1::CarriersService::Stub> Session::Carriers() const {
  return carriers::v1::CarriersService::NewStub(Channel());
}

}  // namespace teilhabe::ctl
