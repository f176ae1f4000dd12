#include "services/node/node.h"

#include <algorithm>
#include <set>

#include "common/base/reason.h"
#include "common/base/status_macros.h"

namespace teilhabe {
namespace {

// BA, RV and UV may order their files by the number; nobody else (§ 18f SGB IV, law.md 8a.1).
bool MayUseVersicherungsnummer(const trust::Directory& directory, const std::string& member) {
  const auto* const entry = directory.Find(member);
  if (entry == nullptr) return false;
  const auto& roles = entry->member.roles();
  return !roles.empty() && std::all_of(roles.begin(), roles.end(), [](int role) {
    return role == trust::v1::ROLE_BA || role == trust::v1::ROLE_DRV || role == trust::v1::ROLE_UV;
  });
}

}  // namespace

absl::StatusOr<std::unique_ptr<Node>> Node::Open(Setup setup) {
  std::unique_ptr<Node> node(new Node(std::move(setup)));
  const Setup& with = node->setup_;
  node->carriers_service_ =
      std::make_unique<carriers::CarriersServiceImpl>(carriers::CompetenceRules::Embedded(), with.gatekeeper);
  TEILHABE_ASSIGN_OR_RETURN(node->incarnation_, dossier::IncarnationLock::Open(with.journal));
  node->register_ = std::make_unique<providers::Register>(with.directory);
  TEILHABE_ASSIGN_OR_RETURN(node->providers_, node->OpenStore("providers", "", node->register_.get()));
  node->register_->Attach(*node->providers_);
  if (with.identity->storage_key) {
    node->case_tables_ = std::make_unique<participants::CaseTables>(*with.identity->storage_key);
  }
  TEILHABE_ASSIGN_OR_RETURN(node->dossiers_,
                            node->OpenStore("participants", with.database, &node->case_tables_->projection));
  node->case_tables_->projection.Follow(*node->dossiers_);
  TEILHABE_ASSIGN_OR_RETURN(
      node->network_,
      handover::NetworkState::Open({with.identity, with.directory, with.data, with.journal, with.real_clock,
                                    with.training_clock, node->incarnation_, node->dossiers_->first_start()}));
  node->links_ = std::make_unique<handover::Links>(
      *node->network_, std::vector<dossier::Exchange*>{&node->dossiers_->exchange(), &node->providers_->exchange()});
  node->courier_ = std::make_unique<handover::Courier>(*node->network_, *node->links_);
  node->greeter_ = std::make_unique<handover::Greeter>(*node->network_);
  node->dossier_service_ =
      std::make_unique<participants::DossierServiceImpl>(*with.gatekeeper, with.identity, *node->dossiers_);
  node->eligibility_service_ = std::make_unique<eligibility::EligibilityServiceImpl>(with.gatekeeper);
  node->advisers_ = std::make_unique<DirectAdvisers>(*node->register_);
  node->peers_ = std::make_unique<ChannelPeers>(*node->network_);
  node->case_services_ = std::make_unique<participants::CaseServices>(
      *with.gatekeeper, *node->dossiers_, node->case_tables_->store, *node->advisers_, *node->peers_,
      MayUseVersicherungsnummer(*with.directory->Get(), with.identity->self.agency));
  node->providers_service_ =
      std::make_unique<providers::ProvidersServiceImpl>(*with.gatekeeper, *node->providers_, *node->register_);
  node->peer_service_ = std::make_unique<handover::PeerServiceImpl>(*with.gatekeeper, *node->network_, *node->links_);
  node->network_service_ =
      std::make_unique<handover::NetworkServiceImpl>(*with.gatekeeper, *node->network_, *node->links_, *node->courier_,
                                                     [&greeter = *node->greeter_] { greeter.Wake(); });
  return node;
}

absl::StatusOr<std::unique_ptr<rpc::DossierStore>> Node::OpenStore(const std::string& name, const std::string& database,
                                                                   rpc::Projection* projection) {
  if (!setup_.identity->storage_key) {
    return FieldError(absl::StatusCode::kFailedPrecondition, "IDENTITY_UNREADABLE", "storage.key",
                      "the identity has no storage.key; personal data are never stored without one");
  }
  rpc::DossierStore::Setup setup{.name = name,
                                 .member = setup_.identity->self.agency,
                                 .training = setup_.identity->trust.training,
                                 .key = setup_.identity->key,
                                 .directory = setup_.directory,
                                 .clock = setup_.real_clock,
                                 .incarnation = incarnation_,
                                 .database = database,
                                 .journal = setup_.journal,
                                 .storage_key = *setup_.identity->storage_key,
                                 .ran_before = handover::NetworkState::HasRun(setup_.journal),
                                 .projection = projection,
                                 // Nothing is committed before a call comes in, and then the courier is there.
                                 .fed = [this](const std::set<std::string>& peers) {
                                   courier_->Wake(peers);
                                   if (setup_.on_commit) setup_.on_commit();
                                 }};
  if (setup_.training_clock != nullptr) setup.clock = setup_.training_clock;
  if (setup.database.empty()) {
    setup.database = "sqlite:" + std::filesystem::absolute(setup_.data / (name + ".db")).string();
  }
  return rpc::DossierStore::Open(std::move(setup));
}

std::vector<rpc::ServedService> Node::Served() {
  return {{carriers::CarriersServiceImpl::kName, carriers_service_.get()},
          {participants::DossierServiceImpl::kName, dossier_service_.get()},
          {participants::CaseServiceImpl::kName, &case_services_->case_service},
          {participants::PersonServiceImpl::kName, &case_services_->person_service},
          {participants::PeerCaseServiceImpl::kName, &case_services_->peer_case_service},
          {eligibility::EligibilityServiceImpl::kName, eligibility_service_.get()},
          {providers::ProvidersServiceImpl::kName, providers_service_.get()},
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
