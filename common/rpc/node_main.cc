#include "common/rpc/node_main.h"

#include <csignal>
#include <cstdio>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/reason.h"
#include "common/base/strings.h"
#include "common/rpc/data_folder.h"
#include "common/rpc/node_config.h"

namespace teilhabe::rpc {
namespace {

constexpr absl::Duration kGrace = absl::Seconds(10);

int Refuse(std::string_view program, const absl::Status& status) {
  Log(LogLevel::kError, "start_refused",
      {{"program", program},
       {"reason", GetReason(status)},
       {"field", GetField(status)},
       {"message", ToStd(status.message())}});
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
      return 2;
    case absl::StatusCode::kUnavailable:
      return 5;
    default:
      return 4;
  }
}

}  // namespace

int RunNode(std::string_view program, int argc, const char* const* argv, const std::vector<ServedService>& services) {
  // Blocked in every thread from the start, so that only sigwait below sees them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);  // Whoever reads the log may end; the node goes on.

  const auto config = ReadNodeConfig(program, argc, argv);
  if (!config.ok()) return Refuse(program, config.status());
  if (!config->help.empty()) {
    std::fputs(config->help.c_str(), stdout);
    return 0;
  }
  if (config->print_only) {
    for (const auto& [name, value, origin] : config->origins) {
      std::printf("%-20s %-24s %s\n", name.c_str(), value.c_str(), origin.c_str());
    }
    return 0;
  }
  if (!CheckTimeZone()) {
    return Refuse(program, ReasonError(absl::StatusCode::kFailedPrecondition, "TIME_ZONE_MISSING",
                                       "the rules of Europe/Berlin are not installed; install tzdata"));
  }
  const auto folder = DataFolder::Open(config->data, config->journal);
  if (!folder.ok()) return Refuse(program, folder.status());
  const auto server = Server::Start(config->server, services);
  if (!server.ok()) return Refuse(program, server.status());

  for (const auto& [name, value, origin] : config->origins) {
    Log(LogLevel::kInfo, "setting", {{"name", name}, {"value", value}, {"origin", origin}});
  }
  Log(LogLevel::kInfo, "serving",
      {{"program", program},
       {"port", std::int64_t{(*server)->port()}},
       {"services", static_cast<std::int64_t>(services.size())}});
  int signal = 0;
  sigwait(&signals, &signal);
  Log(LogLevel::kInfo, "stopping", {{"signal", std::int64_t{signal}}});
  (*server)->Shutdown(kGrace);
  Log(LogLevel::kInfo, "stopped");
  return 0;
}

}  // namespace teilhabe::rpc
