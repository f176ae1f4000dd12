#include "tests/network/node_for_test.h"

#include <cstdlib>

#include "common/base/check.h"

namespace teilhabe {

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "teilhabe-test-XXXXXX").string();
  TEILHABE_CHECK(mkdtemp(pattern.data()) != nullptr);
  path_ = pattern;
  std::filesystem::create_directory(path_ / "data");
  std::filesystem::create_directory(path_ / "journal");
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::shared_ptr<const rpc::NodeIdentity> MakeIdentity(const trust::TestNetwork::Holder& holder,
                                                      const trust::TestNetwork& trusted) {
  return std::make_shared<const rpc::NodeIdentity>(rpc::NodeIdentity{
      holder.identity, holder.key, holder.certificate, trusted.network_cas(), trusted.Trust(), trusted.Verified(),
      *trust::ContextKey::FromBytes(std::string(32, 'k')), *crypto::AeadKey::FromBytes(std::string(32, 's'))});
}

TestNode::TestNode(const trust::TestNetwork& network, const std::string& member, std::function<void()> on_commit)
    : network_(network), member_(member), directory_(std::make_shared<trust::DirectoryHolder>(network.Verified())) {
  const auto identity = MakeIdentity(network.Issue(member, trust::IdentityKind::kNode), network);
  const auto clock = std::make_shared<SystemClock>();
  gatekeeper_ = std::make_shared<rpc::Gatekeeper>(identity, clock);
  auto node = Node::Open({.identity = identity,
                          .directory = directory_,
                          .gatekeeper = gatekeeper_,
                          .real_clock = clock,
                          .training_clock = nullptr,
                          .data = folder_.path() / "data",
                          .journal = folder_.path() / "journal",
                          .database = "",
                          .greet_every = absl::Seconds(30),
                          .on_commit = std::move(on_commit)});
  TEILHABE_CHECK(node.ok());
  node_ = *std::move(node);
  rpc::ServerOptions options;
  options.listen = "127.0.0.1:0";
  options.credentials = rpc::MakeServerCredentials(identity, directory_);
  options.gatekeeper = gatekeeper_;
  auto server = rpc::Server::Start(options, node_->Served());
  TEILHABE_CHECK(server.ok());
  server_ = *std::move(server);
}

TestNode::~TestNode() {
  node_->Stop();
  server_->Shutdown(absl::Seconds(1));
}

std::shared_ptr<grpc::Channel> TestNode::ChannelWith(std::shared_ptr<const rpc::NodeIdentity> identity,
                                                     const std::string& expected_member) const {
  auto directory = std::make_shared<trust::DirectoryHolder>(identity->first_directory);
  return rpc::MakeChannel(address(), expected_member, std::move(identity), std::move(directory),
                          {absl::Seconds(20), 4 << 20});
}

std::shared_ptr<grpc::Channel> TestNode::ChannelAs(const trust::TestNetwork::Holder& holder) const {
  return ChannelWith(MakeIdentity(holder, network_), member_);
}

}  // namespace teilhabe
