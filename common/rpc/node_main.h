#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "common/rpc/data_folder.h"
#include "common/rpc/gatekeeper.h"
#include "common/rpc/network_clock.h"
#include "common/rpc/node_config.h"
#include "common/rpc/node_identity.h"
#include "common/rpc/server.h"
#include "common/trust/peer_check.h"

namespace teilhabe::rpc {

// What a process has when it makes its services.
struct NodeRuntime {
  NodeConfig config;
  std::unique_ptr<DataFolder> folder;
  std::shared_ptr<const Clock> real_clock;
  std::shared_ptr<const NodeIdentity> identity;
  std::shared_ptr<trust::DirectoryHolder> directory;  // The newest one held: as configured, or as kept in `data`.
  std::shared_ptr<const Gatekeeper> gatekeeper;
  std::shared_ptr<TrainingClock> training_clock;  // Null in a real network.
};

// The services of a process and what goes on beside them.
struct NodeServices {
  std::vector<ServedService> served;
  std::function<void()> start;  // Once the server listens; may be empty.
  std::function<void()> stop;   // Before it ends; may be empty.
  std::shared_ptr<void> owner;  // Keeps all of it alive.
};

// What every main does: reads configuration and identity, takes the folders, starts the server with the services that
// `make` makes, says in one log line where it listens, waits for SIGTERM or SIGINT, drains and ends. Returns the exit
// code of the process: 0 a clean end, 2 wrong configuration, 4 refused to start, 5 the port is taken; 6 the journal
// failed (common/dossier/committer.h).
int RunNode(std::string_view program, int argc, const char* const* argv,
            const std::function<absl::StatusOr<NodeServices>(const NodeRuntime&)>& make);

}  // namespace teilhabe::rpc
