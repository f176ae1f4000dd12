#include "common/rpc/health.h"

#include <optional>

#include "common/rpc/status.h"

namespace teilhabe::rpc {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

// One Watch. Writes are made one at a time; a status that changes meanwhile is sent afterwards, the newest only.
class HealthService::Watcher final : public grpc::ServerWriteReactor<HealthCheckResponse> {
 public:
  Watcher(HealthService* owner, std::string service, Status first) : owner_(owner), service_(std::move(service)) {
    Send(first);
  }

  const std::string& service() const { return service_; }

  void Send(Status status) {
    absl::MutexLock lock(&mutex_);
    if (finished_ || ending_) return;
    if (writing_) {
      next_ = status;
      return;
    }
    StartSending(status);
  }

  // Ends the call once the last status is sent, so that no watcher misses NOT_SERVING.
  void End() {
    absl::MutexLock lock(&mutex_);
    ending_ = true;
    if (!writing_) FinishEnding();
  }

  void OnWriteDone(bool ok) override {
    absl::MutexLock lock(&mutex_);
    writing_ = false;
    if (!ok || finished_) return;
    if (next_) {
      const Status status = *next_;
      next_.reset();
      StartSending(status);
    } else if (ending_) {
      FinishEnding();
    }
  }

  void OnCancel() override {
    absl::MutexLock lock(&mutex_);
    if (finished_) return;
    finished_ = true;
    Finish(grpc::Status::CANCELLED);
  }

  void OnDone() override {
    {
      absl::MutexLock lock(&owner_->mutex_);
      owner_->watchers_.erase(this);
    }
    delete this;
  }

 private:
  void StartSending(Status status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    response_.set_status(status);
    writing_ = true;
    StartWrite(&response_);
  }

  void FinishEnding() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (finished_) return;
    finished_ = true;
    Finish(grpc::Status(grpc::StatusCode::UNAVAILABLE, "shutting down"));
  }

  HealthService* const owner_;
  const std::string service_;
  absl::Mutex mutex_;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
  std::optional<Status> next_ ABSL_GUARDED_BY(mutex_);
  HealthCheckResponse response_;
};

// A Watch that is over at once.
class HealthService::Refused final : public grpc::ServerWriteReactor<HealthCheckResponse> {
 public:
  explicit Refused(const grpc::Status& status) { Finish(status); }
  void OnDone() override { delete this; }
};

void HealthService::Tell(const std::string& service, Status status) {
  statuses_[service] = status;
  for (Watcher* watcher : watchers_) {
    if (watcher->service() == service) watcher->Send(status);
  }
}

void HealthService::SetServing(const std::string& service, bool serving) {
  absl::MutexLock lock(&mutex_);
  Tell(service, serving ? HealthCheckResponse::SERVING : HealthCheckResponse::NOT_SERVING);
}

void HealthService::SetAllNotServing() {
  absl::MutexLock lock(&mutex_);
  for (const auto& entry : std::map(statuses_)) Tell(entry.first, HealthCheckResponse::NOT_SERVING);
}

void HealthService::EndWatches() {
  absl::MutexLock lock(&mutex_);
  ended_ = true;
  for (Watcher* watcher : watchers_) watcher->End();
}

grpc::Status HealthService::Admit(const grpc::ServerContextBase& context, const char* method) const {
  if (gatekeeper_ == nullptr) return grpc::Status::OK;
  return ToGrpcStatus(gatekeeper_->Admit(context, method).status());
}

grpc::ServerUnaryReactor* HealthService::Check(grpc::CallbackServerContext* context, const HealthCheckRequest* request,
                                               HealthCheckResponse* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  if (grpc::Status status = Admit(*context, "grpc.health.v1.Health/Check"); !status.ok()) {
    reactor->Finish(std::move(status));
    return reactor;
  }
  absl::MutexLock lock(&mutex_);
  const auto found = statuses_.find(request->service());
  if (found == statuses_.end()) {
    reactor->Finish(grpc::Status(grpc::StatusCode::NOT_FOUND, "unknown service"));
  } else {
    response->set_status(found->second);
    reactor->Finish(grpc::Status::OK);
  }
  return reactor;
}

grpc::ServerWriteReactor<HealthCheckResponse>* HealthService::Watch(grpc::CallbackServerContext* context,
                                                                    const HealthCheckRequest* request) {
  if (const grpc::Status status = Admit(*context, "grpc.health.v1.Health/Watch"); !status.ok()) {
    return new Refused(status);
  }
  absl::MutexLock lock(&mutex_);
  const auto found = statuses_.find(request->service());
  auto* const watcher = new Watcher(this, request->service(),
                                    found == statuses_.end() ? HealthCheckResponse::SERVICE_UNKNOWN : found->second);
  watchers_.insert(watcher);
  if (ended_) watcher->End();
  return watcher;
}

}  // namespace teilhabe::rpc
