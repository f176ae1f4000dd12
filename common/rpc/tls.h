#pragma once

#include <memory>
#include <string>

#include "common/rpc/channel.h"
#include "common/rpc/node_identity.h"
#include "common/trust/peer_check.h"
#include "grpcpp/channel.h"
#include "grpcpp/security/server_credentials.h"

namespace teilhabe::rpc {

// Mutual TLS in which the directory decides who is at the other end (trust::CheckPeer), at each handshake with the
// directory held then. A peer that is refused is logged with the reason, and nothing of it else.
std::shared_ptr<grpc::ServerCredentials> MakeServerCredentials(std::shared_ptr<const NodeIdentity> identity,
                                                               std::shared_ptr<const trust::DirectoryHolder> directory);

// A channel to the node of `member` and to nobody else: another member's certificate, valid or not, ends the handshake.
std::shared_ptr<grpc::Channel> MakeChannel(const std::string& address, const std::string& member,
                                           std::shared_ptr<const NodeIdentity> identity,
                                           std::shared_ptr<const trust::DirectoryHolder> directory,
                                           const ChannelLimits& limits);

// TLS 1.3, and of 1.2 only what keeps up with it; and an end of the process that takes nothing from threads that still
// run. gRPC and OpenSSL read it at their first use, so a main calls this before anything else.
void NarrowTls();

}  // namespace teilhabe::rpc
