#include "services/node/node.h"

#include <set>

#include "common/base/reason.h"
#include "common/base/status_macros.h"

namespace teilhabe {

absl::StatusOr<std::unique_ptr<Node>> Node::Open(Setup setup) {
  std::unique_ptr<Node> node(new Node(std::move(setup)));
  const Setup& with = node->setup_;
  node->carriers_service_ =
      std::make_unique<carriers::CarriersServiceImpl>(carriers::CompetenceRules::Embedded(), with.gatekeeper);
  TEILHABE_ASSIGN_OR_RETURN(node->incarnation_, dossier::IncarnationLock::Open(with.journal));
  TEILHABE_RETURN_IF_ERROR(node->OpenDossiers());
  TEILHABE_ASSIGN_OR_RETURN(
      node->network_,
      handover::NetworkState::Open({with.identity, with.directory, with.data, with.journal, with.real_clock,
                                    with.training_clock, node->incarnation_, node->dossiers_->first_start()}));
  node->links_ =
      std::make_unique<handover::Links>(*node->network_, std::vector<dossier::Exchange*>{&node->dossiers_->exchange()});
  node->courier_ = std::make_unique<handover::Courier>(*node->network_, *node->links_);
  node->greeter_ = std::make_unique<handover::Greeter>(*node->network_);
  node->dossier_service_ =
      std::make_unique<participants::DossierServiceImpl>(*with.gatekeeper, with.identity, *node->dossiers_);
  node->peer_service_ = std::make_unique<handover::PeerServiceImpl>(*with.gatekeeper, *node->network_, *node->links_);
  node->network_service_ =
      std::make_unique<handover::NetworkServiceImpl>(*with.gatekeeper, *node->network_, *node->links_, *node->courier_,
                                                     [&greeter = *node->greeter_] { greeter.Wake(); });
  return node;
}

absl::Status Node::OpenDossiers() {
  if (!setup_.identity->storage_key) {
    return FieldError(absl::StatusCode::kFailedPrecondition, "IDENTITY_UNREADABLE", "storage.key",
                      "the identity has no storage.key; personal data are never stored without one");
  }
  rpc::DossierStore::Setup setup{.name = "participants",
                                 .member = setup_.identity->self.agency,
                                 .training = setup_.identity->trust.training,
                                 .key = setup_.identity->key,
                                 .directory = setup_.directory,
                                 .clock = setup_.real_clock,
                                 .incarnation = incarnation_,
                                 .database = setup_.database,
                                 .journal = setup_.journal,
                                 .storage_key = *setup_.identity->storage_key,
                                 .ran_before = handover::NetworkState::HasRun(setup_.journal),
                                 // Nothing is committed before a call comes in, and then the courier is there.
                                 .fed = [this](const std::set<std::string>& peers) {
                                   courier_->Wake(peers);
                                   if (setup_.on_commit) setup_.on_commit();
                                 }};
  if (setup_.training_clock != nullptr) setup.clock = setup_.training_clock;
  if (setup.database.empty()) {
    setup.database = "sqlite:" + std::filesystem::absolute(setup_.data / "participants.db").string();
  }
  TEILHABE_ASSIGN_OR_RETURN(dossiers_, rpc::DossierStore::Open(std::move(setup)));
  return absl::OkStatus();
}

std::vector<rpc::ServedService> Node::Served() {
  return {{carriers::CarriersServiceImpl::kName, carriers_service_.get()},
          {participants::DossierServiceImpl::kName, dossier_service_.get()},
          {handover::PeerServiceImpl::kName, peer_service_.get()},
          {handover::NetworkServiceImpl::kName, network_service_.get()}};
}

void Node::Start() {
  greeter_->Start(setup_.greet_every);
  courier_->Start();
}

void Node::Stop() {
  if (courier_ != nullptr) courier_->Stop();
  if (greeter_ != nullptr) greeter_->Stop();
}

}  // namespace teilhabe
