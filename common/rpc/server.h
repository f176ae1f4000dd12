#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/rpc/gatekeeper.h"
#include "common/rpc/health.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server.h"

namespace teilhabe::rpc {

struct ServerOptions {
  std::string listen = "127.0.0.1:7400";  // Host and port; port 0: one that is free.
  bool reflection = false;                // It stands before no gate; whoever wants it switches it on.
  int max_message_bytes = 4 << 20;
  int max_threads = 256;  // Bound of this server's own pool; past it a call is refused with RESOURCE_EXHAUSTED.
  std::shared_ptr<grpc::ServerCredentials> credentials;  // Null: plaintext, for tests of a single process.
  std::shared_ptr<const Gatekeeper> gatekeeper;          // Gate 1 of the health service; null with plaintext.
};

// Errors: kInvalidArgument LISTEN_INVALID (no HOST:PORT), LISTEN_NOT_LOOPBACK.
absl::Status CheckListen(std::string_view listen);

// A named service of this process; the name as in the proto, for health.
struct ServedService {
  std::string name;
  grpc::Service* service;
};

// One gRPC server with health, limits and a clean end. Listens on loopback addresses only, also with TLS: a network of
// start folders lives on one machine.
class Server {
 public:
  // Errors: kInvalidArgument LISTEN_INVALID, LISTEN_NOT_LOOPBACK; kUnavailable LISTEN_FAILED (the port is taken).
  static absl::StatusOr<std::unique_ptr<Server>> Start(const ServerOptions& options,
                                                       const std::vector<ServedService>& services);
  ~Server();

  int port() const { return port_; }
  HealthService& health() { return health_; }

  // Health says NOT_SERVING, calls under way get `grace`, then the server ends. Safe to call twice.
  void Shutdown(absl::Duration grace);

 private:
  explicit Server(std::shared_ptr<const Gatekeeper> gatekeeper) : health_(std::move(gatekeeper)) {}

  HealthService health_;
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
};

}  // namespace teilhabe::rpc
