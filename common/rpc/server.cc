#include "common/rpc/server.h"

#include <grpc/support/log.h>

#include <chrono>
#include <mutex>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/log.h"
#include "common/base/reason.h"
#include "common/base/strings.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/resource_quota.h"
#include "grpcpp/server_builder.h"

namespace teilhabe::rpc {
namespace {

// gRPC's own messages as log lines of ours; they may name addresses, never content.
void LogFromGrpc(gpr_log_func_args* args) {
  if (args->severity == GPR_LOG_SEVERITY_ERROR) Log(LogLevel::kError, "grpc", {{"message", args->message}});
}

absl::Status CheckListen(std::string_view listen) {
  const std::size_t colon = listen.rfind(':');
  int port = -1;
  if (colon == std::string_view::npos || !absl::SimpleAtoi(ToAbsl(listen.substr(colon + 1)), &port) || port < 0 ||
      port > 65535) {
    return FieldError(absl::StatusCode::kInvalidArgument, "LISTEN_INVALID", "listen",
                      absl::StrCat("'", ToAbsl(listen), "' is no HOST:PORT"));
  }
  const std::string_view host = listen.substr(0, colon);
  if (host != "localhost" && host != "[::1]" && !host.starts_with("127.")) {
    return FieldError(absl::StatusCode::kInvalidArgument, "LISTEN_NOT_LOOPBACK", "listen",
                      absl::StrCat("'", ToAbsl(host),
                                   "' is no loopback address; without certificates the node "
                                   "listens on 127.0.0.0/8 or [::1] only"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const ServerOptions& options,
                                                      const std::vector<ServedService>& services) {
  if (absl::Status status = CheckListen(options.listen); !status.ok()) return status;
  gpr_set_log_function(LogFromGrpc);
  static std::once_flag once;  // The plugin is for every server of the process, so the first one decides.
  if (options.reflection) std::call_once(once, grpc::reflection::InitProtoReflectionServerBuilderPlugin);
  std::unique_ptr<Server> made(new Server());
  grpc::ServerBuilder builder;
  builder.AddListeningPort(options.listen, grpc::InsecureServerCredentials(), &made->port_);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);  // Else two servers bind one port silently.
  builder.SetMaxReceiveMessageSize(options.max_message_bytes);
  builder.SetMaxSendMessageSize(options.max_message_bytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, 256);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, 16 << 10);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10'000);
  builder.SetResourceQuota(grpc::ResourceQuota("server").SetMaxThreads(options.max_threads));
  builder.RegisterService(&made->health_);
  for (const ServedService& served : services) builder.RegisterService(served.service);
  made->server_ = builder.BuildAndStart();
  if (made->server_ == nullptr || made->port_ == 0) {
    return FieldError(absl::StatusCode::kUnavailable, "LISTEN_FAILED", "listen",
                      absl::StrCat("cannot listen on ", options.listen, "; is another process using the port?"));
  }
  made->health_.SetServing("", true);
  for (const ServedService& served : services) made->health_.SetServing(served.name, true);
  return made;
}

Server::~Server() { Shutdown(absl::Seconds(1)); }

void Server::Shutdown(absl::Duration grace) {
  if (server_ == nullptr) return;
  health_.SetAllNotServing();
  health_.EndWatches();
  server_->Shutdown(absl::ToChronoTime(absl::Now() + grace));
  server_->Wait();
  server_ = nullptr;
}

}  // namespace teilhabe::rpc
