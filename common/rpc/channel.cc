#include "common/rpc/channel.h"

#include "absl/strings/str_format.h"
#include "grpcpp/create_channel.h"

namespace teilhabe::rpc {

std::shared_ptr<grpc::Channel> MakeLoopbackChannel(const std::string& address, absl::Duration deadline,
                                                   int max_message_bytes) {
  grpc::ChannelArguments arguments;
  // gRPC's own way to a deadline on every call: a service config for every method. It bounds explicit deadlines too.
  arguments.SetServiceConfigJSON(
      absl::StrFormat(R"({"methodConfig":[{"name":[{}],"timeout":"%.3fs"}]})", absl::ToDoubleSeconds(deadline)));
  arguments.SetMaxReceiveMessageSize(max_message_bytes);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace teilhabe::rpc
