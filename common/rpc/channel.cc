#include "common/rpc/channel.h"

#include "absl/strings/str_format.h"
#include "grpcpp/create_channel.h"

namespace teilhabe::rpc {

void BoundCalls(grpc::ChannelArguments& arguments, absl::Duration deadline) {
  // A service config for every method; it bounds explicit deadlines too. gRPC 1.51 counts it from a beginning of time
  // that lies one to two seconds too early, so that without the addition a deadline of a second ends a call at once.
  constexpr absl::Duration kEpochError = absl::Seconds(2);
  arguments.SetServiceConfigJSON(absl::StrFormat(R"({"methodConfig":[{"name":[{}],"timeout":"%.3fs"}]})",
                                                 absl::ToDoubleSeconds(deadline + kEpochError)));
}

std::shared_ptr<grpc::Channel> MakeLoopbackChannel(const std::string& address, absl::Duration deadline,
                                                   int max_message_bytes) {
  grpc::ChannelArguments arguments;
  BoundCalls(arguments, deadline);
  arguments.SetMaxReceiveMessageSize(max_message_bytes);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace teilhabe::rpc
