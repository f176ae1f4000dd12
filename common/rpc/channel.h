#pragma once

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/channel_arguments.h"

namespace teilhabe::rpc {

// Lets no call on a channel go on for much longer than `deadline`: it ends after that, or up to a second later. A call
// that must end sooner, or exactly then, sets its own.
void BoundCalls(grpc::ChannelArguments& arguments, absl::Duration deadline);

// A plaintext channel to a node on this machine, whatever proxy the environment names. Calls are bounded as by
// BoundCalls, messages as the server's are.
std::shared_ptr<grpc::Channel> MakeLoopbackChannel(const std::string& address, absl::Duration deadline,
                                                   int max_message_bytes = 4 << 20);

}  // namespace teilhabe::rpc
