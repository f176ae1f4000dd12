#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "common/rpc/gatekeeper.h"
#include "grpc/health/v1/health.grpc.pb.h"

namespace teilhabe::rpc {

// grpc.health.v1.Health with Check and Watch, implemented here because reflection cannot describe gRPC's built-in one.
// The service name "" stands for the whole process.
class HealthService final : public grpc::health::v1::Health::CallbackService {
 public:
  explicit HealthService(std::shared_ptr<const Gatekeeper> gatekeeper) : gatekeeper_(std::move(gatekeeper)) {}

  // Sets what Check answers and tells every watcher.
  void SetServing(const std::string& service, bool serving);
  // Everything NOT_SERVING, before the server drains.
  void SetAllNotServing();
  // Ends every Watch, so that a shutdown does not wait for its deadline; later ones end at once.
  void EndWatches();

  grpc::ServerUnaryReactor* Check(grpc::CallbackServerContext* context,
                                  const grpc::health::v1::HealthCheckRequest* request,
                                  grpc::health::v1::HealthCheckResponse* response) override;
  grpc::ServerWriteReactor<grpc::health::v1::HealthCheckResponse>* Watch(
      grpc::CallbackServerContext* context, const grpc::health::v1::HealthCheckRequest* request) override;

 private:
  class Watcher;
  class Refused;
  using Status = grpc::health::v1::HealthCheckResponse::ServingStatus;

  void Tell(const std::string& service, Status status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  grpc::Status Admit(const grpc::ServerContextBase& context, const char* method) const;

  const std::shared_ptr<const Gatekeeper> gatekeeper_;  // Null: everybody may ask.
  absl::Mutex mutex_;
  std::map<std::string, Status> statuses_ ABSL_GUARDED_BY(mutex_);
  std::set<Watcher*> watchers_ ABSL_GUARDED_BY(mutex_);
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace teilhabe::rpc
