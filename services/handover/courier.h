#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "services/handover/links.h"
#include "services/handover/peer_stubs.h"

namespace teilhabe::handover {

// Brings what the stores have to the peers: one thread per peer that has ever had something, one envelope of each link
// under way at a time, so that items arrive in their order and one peer that is down holds up nobody else. What fails
// is tried again for ever, at growing distances with jitter; when it gets old, the log says so.
class Courier {
 public:
  Courier(NetworkState& state, Links& links) : state_(state), links_(links), stubs_(state, absl::Seconds(30)) {}
  ~Courier() { Stop(); }

  // Begins with what was left from before.
  void Start();
  void Stop();
  // There is something new for these peers.
  void Wake(const std::set<std::string>& peers);

  // Compares the links with what the peer says of them. Errors: kNotFound MEMBER_UNKNOWN; kUnavailable
  // PEER_UNREACHABLE.
  absl::StatusOr<v1::GetBalanceResponse> Balance(const std::string& peer);

 private:
  struct Route {
    std::thread thread;
    bool woken = false;
  };

  void Run(const std::string& peer);
  // Sends until nothing is left. Errors: the first failure.
  absl::Status SendAll(const std::string& peer);
  void WarnIfOverdue(const std::string& peer);

  NetworkState& state_;
  Links& links_;
  PeerStubs stubs_;
  absl::Mutex mutex_;
  bool running_ ABSL_GUARDED_BY(mutex_) = false;
  std::map<std::string, Route> routes_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace teilhabe::handover
