#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "common/rpc/server.h"
#include "common/rpc/tls.h"
#include "common/trust/testing/test_network.h"
#include "services/node/node.h"

namespace teilhabe {

// A folder that is gone with the object.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Who somebody is, as a process holds it, who trusts `trusted` (mostly the network of `holder`).
std::shared_ptr<const rpc::NodeIdentity> MakeIdentity(const trust::TestNetwork::Holder& holder,
                                                      const trust::TestNetwork& trusted);

// A whole node of a test network on a free port, as the program has it, but for its clock: the real one.
class TestNode {
 public:
  TestNode(const trust::TestNetwork& network, const std::string& member, std::function<void()> on_commit = {});
  ~TestNode();

  std::string address() const { return "127.0.0.1:" + std::to_string(server_->port()); }
  int port() const { return server_->port(); }
  handover::NetworkState& state() { return node_->network(); }
  Node& node() { return *node_; }
  // Begins to greet and deliver; without it a test does that itself.
  void Start() { node_->Start(); }
  const std::shared_ptr<trust::DirectoryHolder>& directory() const { return directory_; }

  // A channel as somebody of the node's own network.
  std::shared_ptr<grpc::Channel> ChannelAs(const trust::TestNetwork::Holder& holder) const;
  std::shared_ptr<grpc::Channel> ChannelWith(std::shared_ptr<const rpc::NodeIdentity> identity,
                                             const std::string& expected_member) const;

 private:
  const trust::TestNetwork& network_;
  const std::string member_;
  TemporaryFolder folder_;
  std::shared_ptr<trust::DirectoryHolder> directory_;
  std::shared_ptr<rpc::Gatekeeper> gatekeeper_;
  std::unique_ptr<Node> node_;
  std::unique_ptr<rpc::Server> server_;
};

}  // namespace teilhabe
