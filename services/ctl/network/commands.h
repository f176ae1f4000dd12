#pragma once

#include <filesystem>
#include <string>

#include "services/ctl/client.h"

namespace teilhabe::ctl {

// `teilhabe network up FOLDER`: makes the network or joins it, starts the nodes that do not run, waits until every node
// has greeted every other, prints the status. `base_port` 0: any free ports.
int NetworkUp(const Session& session, const std::filesystem::path& folder, int base_port);
// `teilhabe network down FOLDER`: ends the nodes of a start folder.
int NetworkDown(const Session& session, const std::filesystem::path& folder);
// `teilhabe network status [FOLDER]`: each node with peers, certificate end, directory, clock, memory.
int NetworkStatus(const Session& session, const std::filesystem::path& folder);
// `teilhabe network clock [advance DAYS | set DAY]`: shows or moves the clock; returns when every node has taken it
// and nothing is on its way between them.
int NetworkClockShow(const Session& session);
int NetworkClockAdvance(const Session& session, int days);
int NetworkClockSet(const Session& session, const std::string& day);

}  // namespace teilhabe::ctl
