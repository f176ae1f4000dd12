#include "common/rpc/node_main.h"

#include <csignal>
#include <cstdio>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/rpc/tls.h"

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

// A directory that came while the node ran lies in the data folder; the newer of it and the configured one counts.
absl::StatusOr<std::shared_ptr<trust::DirectoryHolder>> NewestDirectory(const NodeIdentity& identity,
                                                                        const std::filesystem::path& data) {
  auto holder = std::make_shared<trust::DirectoryHolder>(identity.first_directory);
  if (!std::filesystem::exists(data / "directory.pb")) return holder;
  TEILHABE_ASSIGN_OR_RETURN(const std::string bytes, ReadIdentityFile(data / "directory.pb"));
  trust::v1::SignedDirectory kept;
  if (!kept.ParseFromString(bytes)) {
    return FieldError(absl::StatusCode::kFailedPrecondition, "IDENTITY_UNREADABLE", "directory.pb",
                      "the directory in the data folder cannot be read");
  }
  const auto taken = holder->Offer(kept, identity.trust, crypto::EcdsaVerifier(),
                                   [](const trust::Directory&) { return absl::OkStatus(); });
  if (taken.ok() || GetReason(taken.status()) == "DIRECTORY_OLDER") return holder;
  return taken.status();
}

absl::StatusOr<NodeRuntime> MakeRuntime(NodeConfig config) {
  if (!CheckTimeZone()) {
    return ReasonError(absl::StatusCode::kFailedPrecondition, "TIME_ZONE_MISSING",
                       "the rules of Europe/Berlin are not installed; install tzdata");
  }
  NodeRuntime runtime;
  runtime.config = std::move(config);
  runtime.real_clock = std::make_shared<SystemClock>();
  if (runtime.config.identity.empty()) {
    return FieldError(absl::StatusCode::kInvalidArgument, "CONFIG_INVALID", "identity",
                      "a node needs an identity; `teilhabe network up FOLDER` makes those of a training network");
  }
  TEILHABE_ASSIGN_OR_RETURN(runtime.identity, NodeIdentity::Read(runtime.config.identity, runtime.real_clock->Now()));
  if (runtime.identity->self.kind != trust::IdentityKind::kNode || !runtime.identity->context_key) {
    return FieldError(absl::StatusCode::kFailedPrecondition, "IDENTITY_KIND", "identity",
                      "the identity is not that of a node, or has no context.key");
  }
  const bool training = runtime.identity->trust.training;
  if (training == runtime.config.clock.empty()) {
    return FieldError(
        absl::StatusCode::kInvalidArgument, "CONFIG_INVALID", "clock",
        training ? "a training network has a clock; name its file" : "a real network has no settable clock");
  }
  if (training) {
    TEILHABE_ASSIGN_OR_RETURN(runtime.training_clock, TrainingClock::Open(runtime.config.clock));
  }
  TEILHABE_ASSIGN_OR_RETURN(
      runtime.folder, DataFolder::Open(runtime.config.data, runtime.config.journal, runtime.identity->self.agency));
  TEILHABE_ASSIGN_OR_RETURN(runtime.directory, NewestDirectory(*runtime.identity, runtime.folder->data()));
  runtime.gatekeeper = std::make_shared<Gatekeeper>(runtime.identity, runtime.real_clock);
  return runtime;
}

}  // namespace

int RunNode(std::string_view program, int argc, const char* const* argv,
            const std::function<absl::StatusOr<NodeServices>(const NodeRuntime&)>& make) {
  // Blocked in every thread from the start, so that only sigwait below sees them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);  // Whoever reads the log may end; the node goes on.
  NarrowTls();

  auto config = ReadNodeConfig(program, argc, argv);
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
  const auto runtime = MakeRuntime(*std::move(config));
  if (!runtime.ok()) return Refuse(program, runtime.status());
  const auto services = make(*runtime);
  if (!services.ok()) return Refuse(program, services.status());
  ServerOptions options = runtime->config.server;
  options.credentials = MakeServerCredentials(runtime->identity, runtime->directory);
  options.gatekeeper = runtime->gatekeeper;
  const auto server = Server::Start(options, services->served);
  if (!server.ok()) return Refuse(program, server.status());

  for (const auto& [name, value, origin] : runtime->config.origins) {
    Log(LogLevel::kInfo, "setting", {{"name", name}, {"value", value}, {"origin", origin}});
  }
  Log(LogLevel::kInfo, "serving",
      {{"program", program},
       {"agency", runtime->identity->self.agency},
       {"port", std::int64_t{(*server)->port()}},
       {"services", static_cast<std::int64_t>(services->served.size())}});
  if (services->start) services->start();
  int signal = 0;
  sigwait(&signals, &signal);
  Log(LogLevel::kInfo, "stopping", {{"signal", std::int64_t{signal}}});
  if (services->stop) services->stop();
  (*server)->Shutdown(kGrace);
  Log(LogLevel::kInfo, "stopped");
  return 0;
}

}  // namespace teilhabe::rpc
