#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "services/ctl/network/state_folder.h"

namespace teilhabe::ctl {

// Starts the node of a member as a process of its own, which outlives this one; its log goes to node.log, its number to
// node.pid. Errors: kUnavailable, PROCESS_NOT_STARTED.
absl::Status StartNode(const StateFolder& state, const trust::v1::Member& member);

// The process of a member's node; nothing where none runs (also where the number belongs to another program by now).
std::optional<pid_t> RunningNode(const StateFolder& state, std::string_view member);

// Asks the node to end and waits until it has, `seconds` at most; then kills it. Returns whether one had run.
bool StopNode(const StateFolder& state, std::string_view member, int seconds);

// Resident memory of a process in KiB; 0 where it is not known.
long ResidentKib(pid_t process);

// Whether nobody listens on this port of 127.0.0.1 now.
bool IsFreePort(int port);
// A port of 127.0.0.1 that nobody listens on now. Errors: kUnavailable, PORT_NONE.
absl::StatusOr<int> FreePort();

}  // namespace teilhabe::ctl
