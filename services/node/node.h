#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/rpc/gatekeeper.h"
#include "common/rpc/network_clock.h"
#include "common/rpc/node_identity.h"
#include "common/rpc/server.h"
#include "services/carriers/service.h"
#include "services/handover/courier.h"
#include "services/handover/greeter.h"
#include "services/handover/service.h"
#include "services/participants/service.h"

namespace teilhabe {

// All services of a node, wired to each other: the only place that knows them all.
class Node {
 public:
  struct Setup {
    std::shared_ptr<const rpc::NodeIdentity> identity;
    std::shared_ptr<trust::DirectoryHolder> directory;
    std::shared_ptr<const rpc::Gatekeeper> gatekeeper;
    std::shared_ptr<const Clock> real_clock;
    std::shared_ptr<rpc::TrainingClock> training_clock;  // Null in a real network.
    std::filesystem::path data;
    std::filesystem::path journal;
    std::string database;  // Connection string of the case store; empty: an SQLite file in `data`.
    absl::Duration greet_every = absl::Seconds(30);
    // Told after each commit; for tests and benchmarks.
    std::function<void()> on_commit = {};
  };

  // Errors: kFailedPrecondition IDENTITY_UNREADABLE (no storage.key); those of IncarnationLock::Open,
  // NetworkState::Open, Dossiers::Open.
  static absl::StatusOr<std::unique_ptr<Node>> Open(Setup setup);
  ~Node() { Stop(); }

  std::vector<rpc::ServedService> Served();
  // Once the server listens: greets and delivers.
  void Start();
  void Stop();

  handover::NetworkState& network() { return *network_; }
  handover::Courier& courier() { return *courier_; }
  rpc::DossierStore& dossiers() { return *dossiers_; }

 private:
  explicit Node(Setup setup) : setup_(std::move(setup)) {}
  absl::Status OpenDossiers();

  // Made in this order, ended in the other.
  const Setup setup_;
  std::unique_ptr<carriers::CarriersServiceImpl> carriers_service_;
  std::shared_ptr<dossier::Incarnation> incarnation_;
  std::unique_ptr<rpc::DossierStore> dossiers_;
  std::unique_ptr<handover::NetworkState> network_;
  std::unique_ptr<handover::Links> links_;
  std::unique_ptr<handover::Courier> courier_;
  std::unique_ptr<handover::Greeter> greeter_;
  std::unique_ptr<participants::DossierServiceImpl> dossier_service_;
  std::unique_ptr<handover::PeerServiceImpl> peer_service_;
  std::unique_ptr<handover::NetworkServiceImpl> network_service_;
};

}  // namespace teilhabe
