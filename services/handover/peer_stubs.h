#pragma once

#include <map>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/handover/network_state.h"
#include "teilhabe/handover/v1/peer_service.grpc.pb.h"

namespace teilhabe::handover {

// Channels to the nodes of other members, made when first needed and anew when a member has moved. Safe from any
// thread.
class PeerStubs {
 public:
  // `deadline`: of each call.
  PeerStubs(NetworkState& state, absl::Duration deadline) : state_(state), deadline_(deadline) {}

  // Null: the member has no node, or has left the directory.
  v1::PeerService::Stub* Of(const std::string& peer);

 private:
  struct Link {
    std::string endpoint;
    std::unique_ptr<v1::PeerService::Stub> stub;
  };

  NetworkState& state_;
  const absl::Duration deadline_;
  absl::Mutex mutex_;
  std::map<std::string, Link> links_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace teilhabe::handover
