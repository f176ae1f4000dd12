#pragma once

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"

namespace teilhabe::rpc {

// A plaintext channel to a node on this machine, whatever proxy the environment names. A call on it ends after
// `deadline` at the latest, or at its own deadline where that is sooner; messages are bounded as the server's are.
std::shared_ptr<grpc::Channel> MakeLoopbackChannel(const std::string& address, absl::Duration deadline,
                                                   int max_message_bytes = 4 << 20);

}  // namespace teilhabe::rpc
