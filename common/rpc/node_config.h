#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/rpc/server.h"

namespace teilhabe::rpc {

// How a node is set up. Each value comes from a flag, else the environment, else the file, else the default.
struct NodeConfig {
  ServerOptions server;
  std::string data = "data";
  std::string journal = "journal";
  std::string database;    // Connection string of the case store; empty: an SQLite file in `data`.
  std::string identity;    // Folder of NodeIdentity; needed.
  std::string clock;       // File of the training network's clock; empty in a real network.
  int greet_seconds = 30;  // How often peers are greeted.

  // One line per value with where it came from, for --print-config and the log.
  struct Origin {
    std::string name;
    std::string value;
    std::string origin;  // "flag", "environment TEILHABE_LISTEN", "file node.toml", "default".
  };
  std::vector<Origin> origins;
  bool print_only = false;
  std::string help;  // Not empty: what --help or --version asks to print.
};

// Reads argv, the environment (TEILHABE_LISTEN, TEILHABE_DATA, ...) and the TOML file named by --config.
// Errors, all kInvalidArgument: CONFIG_INVALID with the field: unknown names, values of the wrong kind, a file that is
// not readable; those of CheckListen.
absl::StatusOr<NodeConfig> ReadNodeConfig(std::string_view program, int argc, const char* const* argv);

}  // namespace teilhabe::rpc
