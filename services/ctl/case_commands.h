#pragma once

#include "services/ctl/client.h"

namespace CLI {
class App;
}

namespace teilhabe::ctl {

// Adds `case`, `person`, `access` and `audit` with their options. What a command ends with goes to `exit_code`;
// `session` and `exit_code` must outlive `app`.
void AddCaseCommands(CLI::App& app, const Session& session, int& exit_code);

}  // namespace teilhabe::ctl
