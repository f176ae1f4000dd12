#pragma once

#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/handover/network_state.h"
#include "services/handover/peer_stubs.h"

namespace teilhabe::handover {

// Greets every peer, again and again, and fetches a newer directory from whoever has one. One greeting is sent to each
// peer per round; a peer that does not answer costs its deadline, not the round of the others.
class Greeter {
 public:
  explicit Greeter(NetworkState& state) : state_(state), stubs_(state, absl::Seconds(5)) {}
  ~Greeter() { Stop(); }

  // Greets all peers once, at the same time, and waits for the answers. Returns whether all answered.
  bool GreetAll();

  // A thread that greets at once, then every `interval`, and whenever Wake is called; as long as a peer does not
  // answer, sooner, at growing distances with jitter. Only a main starts it.
  void Start(absl::Duration interval);
  void Wake();
  void Stop();

 private:
  bool Greet(const std::string& peer);
  bool IsWoken() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return woken_ || stopping_; }

  NetworkState& state_;
  PeerStubs stubs_;
  absl::Mutex mutex_;
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace teilhabe::handover
