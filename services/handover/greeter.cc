#include "services/handover/greeter.h"

#include <algorithm>
#include <atomic>
#include <vector>

#include "absl/random/random.h"
#include "common/base/log.h"
#include "common/base/reason.h"
#include "common/crypto/random.h"
#include "common/rpc/status.h"

namespace teilhabe::handover {
namespace {

constexpr std::size_t kThreads = 16;
constexpr absl::Duration kFirstRetry = absl::Milliseconds(250);

}  // namespace

bool Greeter::Greet(const std::string& peer) {
  v1::PeerService::Stub* stub = stubs_.Of(peer);
  if (stub == nullptr) return true;  // It has left the directory.
  const absl::Time began = state_.setup().real_clock->Now();
  const auto fail = [this, &peer, began](const absl::Status& status) {
    const std::string reason = GetReason(status).empty() ? "PEER_UNREACHABLE" : GetReason(status);
    state_.NoteFailure(peer, reason, began);
    Log(LogLevel::kWarning, "greeting_failed", {{"peer", peer}, {"reason", reason}});
    return false;
  };
  std::string nonce(16, '\0');
  crypto::SystemRng().Fill(nonce);
  auto greeting = state_.MakeGreeting(peer, nonce);
  if (!greeting.ok()) return fail(greeting.status());
  v1::GreetRequest request;
  *request.mutable_envelope() = *std::move(greeting);
  v1::GreetResponse response;
  grpc::ClientContext context;
  if (const grpc::Status status = stub->Greet(&context, request, &response); !status.ok()) {
    return fail(rpc::FromGrpcStatus(status));
  }
  const auto version = state_.TakeAnswer(peer, request.envelope(), nonce, response.envelope());
  if (!version.ok()) return fail(version.status());
  if (*version <= state_.directory()->version()) return true;
  v1::GetDirectoryResponse newer;
  grpc::ClientContext fetching;
  if (const grpc::Status status = stub->GetDirectory(&fetching, {}, &newer); !status.ok()) {
    return fail(rpc::FromGrpcStatus(status));
  }
  const auto taken = state_.OfferDirectory(newer.directory());
  if (!taken.ok()) return fail(taken.status());
  Log(LogLevel::kInfo, "directory_taken", {{"peer", peer}, {"version", std::int64_t{*taken}}});
  Wake();  // Others may not have it yet.
  return true;
}

bool Greeter::GreetAll() {
  const std::vector<std::string> peers = state_.Peers();
  std::vector<std::thread> threads;
  std::atomic<bool> all = true;
  std::atomic<std::size_t> next = 0;
  for (std::size_t at = 0; at < std::min(peers.size(), kThreads); ++at) {
    threads.emplace_back([this, &peers, &all, &next] {
      for (std::size_t peer = next++; peer < peers.size(); peer = next++) {
        if (!Greet(peers[peer])) all = false;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return all;
}

void Greeter::Start(absl::Duration interval) {
  thread_ = std::thread([this, interval] {
    absl::BitGen random;
    absl::Duration retry = kFirstRetry;
    for (;;) {
      const bool all = GreetAll();
      retry = all ? kFirstRetry : std::min(retry * 2, interval);
      const absl::Duration wait = all ? interval : std::min(retry, interval) * absl::Uniform(random, 0.5, 1.0);
      absl::MutexLock lock(&mutex_);
      mutex_.AwaitWithTimeout(absl::Condition(this, &Greeter::IsWoken), wait);
      if (stopping_) return;
      woken_ = false;
    }
  });
}

void Greeter::Wake() {
  absl::MutexLock lock(&mutex_);
  woken_ = true;
}

void Greeter::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

}  // namespace teilhabe::handover
