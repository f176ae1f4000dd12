#include "services/ctl/client.h"

#include <grpc/support/log.h>

#include "common/rpc/channel.h"
#include "google/protobuf/stubs/logging.h"

namespace teilhabe::ctl {

std::shared_ptr<grpc::Channel> Session::Channel() const {
  return rpc::MakeLoopbackChannel(node, absl::Seconds(timeout_seconds));
}

std::unique_ptr<carriers::v1::CarriersService::Stub> Session::Carriers() const {
  return carriers::v1::CarriersService::NewStub(Channel());
}

std::unique_ptr<carriers::v1::CarriersService::Stub> Session::CarriersForLong() const {
  return carriers::v1::CarriersService::NewStub(rpc::MakeLoopbackChannel(node, absl::Hours(24)));
}

void SilenceLibraries() {
  gpr_set_log_function([](gpr_log_func_args*) {});
  google::protobuf::SetLogHandler(nullptr);
}

}  // namespace teilhabe::ctl
