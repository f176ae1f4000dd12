#pragma once

#include <string_view>
#include <vector>

#include "common/rpc/server.h"

namespace teilhabe::rpc {

// What every main does: reads the configuration, takes the folders, starts the server with the services, says in one
// log line where it listens, waits for SIGTERM or SIGINT, drains and ends. Returns the exit code of the process:
// 0 a clean end, 2 wrong configuration, 4 refused to start, 5 the port is taken.
int RunNode(std::string_view program, int argc, const char* const* argv, const std::vector<ServedService>& services);

}  // namespace teilhabe::rpc
