#pragma once

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/channel_arguments.h"

namespace teilhabe::rpc {

struct ChannelLimits {
  // No call goes on for much longer: it ends after that, or up to a second later. A call that must end sooner, or
  // exactly then, sets its own.
  absl::Duration deadline = absl::Seconds(10);
  int max_message_bytes = 4 << 20;  // As the server's.
};

// What every channel of ours has: these limits, quick reconnects, no proxy whatever the environment names (nodes of
// start folders live on this machine).
grpc::ChannelArguments MakeChannelArguments(const ChannelLimits& limits);

// A plaintext channel to a server on this machine: for tests. Nodes are called with MakeChannel (tls.h).
std::shared_ptr<grpc::Channel> MakeLoopbackChannel(const std::string& address, absl::Duration deadline);

}  // namespace teilhabe::rpc
