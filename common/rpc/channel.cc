#include "common/rpc/channel.h"

#include "absl/strings/str_format.h"
#include "grpcpp/create_channel.h"

namespace teilhabe::rpc {

grpc::ChannelArguments MakeChannelArguments(const ChannelLimits& limits) {
  grpc::ChannelArguments arguments;
  // A service config for every method; it bounds explicit deadlines too. gRPC 1.51 counts it from a beginning of time
  // that lies one to two seconds too early, so that without the addition a deadline of a second ends a call at once.
  constexpr absl::Duration kEpochError = absl::Seconds(2);
  arguments.SetServiceConfigJSON(absl::StrFormat(R"({"methodConfig":[{"name":[{}],"timeout":"%.3fs"}]})",
                                                 absl::ToDoubleSeconds(limits.deadline + kEpochError)));
  arguments.SetMaxReceiveMessageSize(limits.max_message_bytes);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 200);  // A node that restarts is back in a second.
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 5'000);    // In truth the time that a handshake may take.
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 10'000);
  return arguments;
}

std::shared_ptr<grpc::Channel> MakeLoopbackChannel(const std::string& address, absl::Duration deadline) {
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), MakeChannelArguments({deadline}));
}

}  // namespace teilhabe::rpc
