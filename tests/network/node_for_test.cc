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
  return std::make_shared<const rpc::NodeIdentity>(
      rpc::NodeIdentity{holder.identity, holder.key, holder.certificate, trusted.network_cas(), trusted.Trust(),
                        trusted.Verified(), *trust::ContextKey::FromBytes(std::string(32, 'k'))});
}

TestNode::TestNode(const trust::TestNetwork& network, const std::string& member)
    : network_(network), member_(member), directory_(std::make_shared<trust::DirectoryHolder>(network.Verified())) {
  const auto identity = MakeIdentity(network.Issue(member, trust::IdentityKind::kNode), network);
  const auto clock = std::make_shared<SystemClock>();
  gatekeeper_ = std::make_shared<rpc::Gatekeeper>(identity, clock);
  auto state = handover::NetworkState::Open(
      {identity, directory_, folder_.path() / "data", folder_.path() / "journal", clock, nullptr});
  TEILHABE_CHECK(state.ok());
  state_ = *std::move(state);
  carriers_ = std::make_unique<carriers::CarriersServiceImpl>(carriers::CompetenceRules::Embedded(), gatekeeper_);
  peers_ = std::make_unique<handover::PeerServiceImpl>(*gatekeeper_, *state_);
  own_ = std::make_unique<handover::NetworkServiceImpl>(*gatekeeper_, *state_, [] {});
  rpc::ServerOptions options;
  options.listen = "127.0.0.1:0";
  options.credentials = rpc::MakeServerCredentials(identity, directory_);
  options.gatekeeper = gatekeeper_;
  auto server = rpc::Server::Start(options, {{carriers::CarriersServiceImpl::kName, carriers_.get()},
                                             {handover::PeerServiceImpl::kName, peers_.get()},
                                             {handover::NetworkServiceImpl::kName, own_.get()}});
  TEILHABE_CHECK(server.ok());
  server_ = *std::move(server);
}

TestNode::~TestNode() { server_->Shutdown(absl::Seconds(1)); }

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
