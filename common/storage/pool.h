#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/reason.h"

namespace teilhabe::storage {

// At most `limit` connections, made when first needed and reused while `usable()`. Outlives what it lends.
template <typename T>
class Pool {
 public:
  using Make = std::function<absl::StatusOr<std::unique_ptr<T>>()>;
  struct Return {
    Pool* pool;
    void operator()(T* connection) const { pool->Give(std::unique_ptr<T>(connection)); }
  };
  using Lease = std::unique_ptr<T, Return>;

  Pool(std::size_t limit, Make make) : limit_(limit), make_(std::move(make)) {}

  // Waits while all are lent. Errors: kResourceExhausted CONNECTIONS_BUSY after 30 s; those of making one.
  absl::StatusOr<Lease> Take() {
    {
      absl::MutexLock lock(&mutex_);
      const auto free = [this] { return !idle_.empty() || lent_ < limit_; };
      if (!mutex_.AwaitWithTimeout(absl::Condition(&free), absl::Seconds(30))) {
        return ReasonError(absl::StatusCode::kResourceExhausted, "CONNECTIONS_BUSY", "try again later");
      }
      ++lent_;
      if (!idle_.empty()) {
        Lease lease(idle_.back().release(), Return{this});
        idle_.pop_back();
        return lease;
      }
    }
    auto made = make_();
    if (made.ok()) return Lease(made->release(), Return{this});
    absl::MutexLock lock(&mutex_);
    --lent_;
    return made.status();
  }

  // Drops what nobody uses: after a server's restart every idle connection is dead.
  void Clear() {
    std::vector<std::unique_ptr<T>> dropped;
    absl::MutexLock lock(&mutex_);
    dropped.swap(idle_);
  }

 private:
  void Give(std::unique_ptr<T> connection) {
    if (!connection->usable()) connection.reset();
    absl::MutexLock lock(&mutex_);
    --lent_;
    if (connection != nullptr) idle_.push_back(std::move(connection));
  }

  const std::size_t limit_;
  const Make make_;
  absl::Mutex mutex_;
  std::size_t lent_ = 0;
  std::vector<std::unique_ptr<T>> idle_;
};

}  // namespace teilhabe::storage
