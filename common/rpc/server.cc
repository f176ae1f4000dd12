#include "common/rpc/server.h"

#include <arpa/inet.h>
#include <grpc/support/log.h>

#include <chrono>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/log.h"
#include "common/base/reason.h"
#include "common/base/strings.h"
#include "google/protobuf/stubs/logging.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/impl/server_builder_option.h"
#include "grpcpp/resource_quota.h"
#include "grpcpp/server_builder.h"

namespace teilhabe::rpc {
namespace {

// Why a handshake failed, as gRPC words it; what the directory refuses is logged by its verifier (tls.cc).
constexpr std::pair<std::string_view, std::string_view> kHandshakeReasons[] = {
    {"certificate verify failed", "CERTIFICATE_REFUSED"},
    {"Handshake timed out", "HANDSHAKE_TIMEOUT"},
    {"Handshake failed", "HANDSHAKE_FAILED"},
};

// gRPC's errors as log lines of ours: where it found them, not its text, which quotes metadata that callers sent.
void LogFromGrpc(gpr_log_func_args* args) {
  const std::string_view message = args->message;
  // At each handshake gRPC says that the certificate holds no host name; ours hold URIs.
  if (args->severity != GPR_LOG_SEVERITY_ERROR || message.starts_with("No match found for server name")) return;
  for (const auto& [words, reason] : kHandshakeReasons) {
    if (message.find(words) != std::string_view::npos) {
      Log(LogLevel::kWarning, "peer_rejected", {{"reason", reason}});
      return;
    }
  }
  const std::string_view file = args->file;
  Log(LogLevel::kError, "grpc",
      {{"source", file.substr(file.find_last_of('/') + 1)}, {"line", std::int64_t{args->line}}});
}

// Protocol Buffers' messages name a field of the contract, never its content.
void LogFromProtobuf(google::protobuf::LogLevel level, const char*, int, const std::string& message) {
  Log(level < google::protobuf::LOGLEVEL_ERROR ? LogLevel::kWarning : LogLevel::kError, "protobuf",
      {{"message", message}});
}

// gRPC's reflection library adds itself to every server of a process that links it; this makes it the server's choice.
class ReflectionOption final : public grpc::ServerBuilderOption {
 public:
  explicit ReflectionOption(bool on) : on_(on) {}
  void UpdateArguments(grpc::ChannelArguments*) override {}
  void UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>* plugins) override {
    auto own = std::make_unique<grpc::reflection::ProtoServerReflectionPlugin>();
    std::erase_if(*plugins, [&own](const auto& plugin) { return plugin->name() == own->name(); });
    if (on_) plugins->push_back(std::move(own));
  }

 private:
  bool on_;
};

bool IsLoopback(const std::string& host) {
  in_addr address{};
  if (inet_pton(AF_INET, host.c_str(), &address) == 1) return ntohl(address.s_addr) >> 24 == 127;
  return host == "localhost" || host == "[::1]";
}

}  // namespace

absl::Status CheckListen(std::string_view listen) {
  const std::size_t colon = listen.rfind(':');
  const std::string_view digits = colon == std::string_view::npos ? "" : listen.substr(colon + 1);
  int port = -1;
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos ||
      !absl::SimpleAtoi(ToAbsl(digits), &port) || port > 65535) {
    return FieldError(absl::StatusCode::kInvalidArgument, "LISTEN_INVALID", "listen",
                      absl::StrCat("'", ToAbsl(listen), "' is no HOST:PORT"));
  }
  const std::string_view host = listen.substr(0, colon);
  if (!IsLoopback(std::string(host))) {
    return FieldError(absl::StatusCode::kInvalidArgument, "LISTEN_NOT_LOOPBACK", "listen",
                      absl::StrCat("'", ToAbsl(host),
                                   "' is no loopback address; without certificates the node "
                                   "listens on 127.0.0.0/8 or [::1] only"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const ServerOptions& options,
                                                      const std::vector<ServedService>& services) {
  if (absl::Status status = CheckListen(options.listen); !status.ok()) return status;
  gpr_set_log_function(LogFromGrpc);
  google::protobuf::SetLogHandler(LogFromProtobuf);
  std::unique_ptr<Server> made(new Server(options.gatekeeper));
  grpc::ServerBuilder builder;
  builder.AddListeningPort(options.listen,
                           options.credentials != nullptr ? options.credentials : grpc::InsecureServerCredentials(),
                           &made->port_);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);  // Else two servers bind one port silently.
  builder.SetMaxReceiveMessageSize(options.max_message_bytes);
  builder.SetMaxSendMessageSize(options.max_message_bytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, 256);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, 16 << 10);
  // A peer that does not finish its handshake, stays silent or pings too often is cut; one that stays is asked to come
  // back from time to time, so that certificates and the directory are looked at again.
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, 10'000);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10'000);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, 2);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, 300'000);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, 3'600'000);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, 60'000);
  builder.SetResourceQuota(grpc::ResourceQuota("server").SetMaxThreads(options.max_threads));
  builder.SetOption(std::make_unique<ReflectionOption>(options.reflection));
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
