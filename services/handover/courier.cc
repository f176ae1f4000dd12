#include "services/handover/courier.h"

#include <pthread.h>

#include <algorithm>
#include <utility>

#include "absl/random/random.h"
#include "common/base/log.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/rpc/status.h"

namespace teilhabe::handover {
namespace {

constexpr absl::Duration kFirstRetry = absl::Milliseconds(100);
constexpr absl::Duration kLastRetry = absl::Seconds(30);
constexpr absl::Duration kOverdue = absl::Hours(24);

}  // namespace

void Courier::Start() {
  std::set<std::string> peers;
  for (dossier::Exchange* const store : links_.stores()) {
    const auto known = store->Peers();
    if (known.ok()) peers.insert(known->begin(), known->end());
  }
  {
    absl::MutexLock lock(&mutex_);
    running_ = true;
  }
  Wake(peers);
}

void Courier::Stop() {
  std::map<std::string, Route> routes;
  {
    absl::MutexLock lock(&mutex_);
    running_ = false;
    for (auto& [peer, route] : routes_) routes[peer].thread = std::move(route.thread);
  }
  for (auto& [peer, route] : routes) {
    if (route.thread.joinable()) route.thread.join();
  }
}

void Courier::Wake(const std::set<std::string>& peers) {
  absl::MutexLock lock(&mutex_);
  if (!running_) return;  // Start begins with what is there.
  for (const std::string& peer : peers) {
    Route& route = routes_[peer];
    route.woken = true;
    if (!route.thread.joinable()) route.thread = std::thread([this, peer] { Run(peer); });
  }
}

void Courier::Run(const std::string& peer) {
  pthread_setname_np(pthread_self(), "courier");
  absl::BitGen random;
  absl::Duration retry = kFirstRetry;
  absl::Duration wait = absl::ZeroDuration();
  for (;;) {
    {
      absl::MutexLock lock(&mutex_);
      Route& route = routes_.at(peer);
      // A peer that failed is left alone for a while, whatever is new for it.
      const auto due = [this, &route, wait] {
        mutex_.AssertHeld();
        return !running_ || (route.woken && wait == absl::ZeroDuration());
      };
      mutex_.AwaitWithTimeout(absl::Condition(&due), wait == absl::ZeroDuration() ? absl::InfiniteDuration() : wait);
      if (!running_) return;
      route.woken = false;
    }
    const absl::Status sent = SendAll(peer);
    if (sent.ok()) {
      retry = kFirstRetry;
      wait = absl::ZeroDuration();
      continue;
    }
    const std::string reason = GetReason(sent).empty() ? "PEER_UNREACHABLE" : GetReason(sent);
    Log(LogLevel::kWarning, "delivery_failed", {{"peer", peer}, {"reason", reason}});
    WarnIfOverdue(peer);
    wait = retry * absl::Uniform(random, 0.5, 1.0);
    retry = std::min(retry * 2, kLastRetry);
  }
}

absl::Status Courier::SendAll(const std::string& peer) {
  for (dossier::Exchange* const store : links_.stores()) {
    for (;;) {
      {
        absl::MutexLock lock(&mutex_);
        if (!running_) return absl::OkStatus();
      }
      TEILHABE_ASSIGN_OR_RETURN(const auto request, links_.Next(peer, *store));
      if (!request) break;
      v1::PeerService::Stub* const stub = stubs_.Of(peer);
      if (stub == nullptr) {
        return ReasonError(absl::StatusCode::kNotFound, "MEMBER_UNKNOWN",
                           "the directory has no such member with a node");
      }
      v1::DeliverResponse response;
      grpc::ClientContext context;
      TEILHABE_RETURN_IF_ERROR(rpc::FromGrpcStatus(stub->Deliver(&context, *request, &response)));
      TEILHABE_ASSIGN_OR_RETURN(const bool early, links_.TakeAnswer(peer, *store, *request, response));
      if (early) {
        return ReasonError(absl::StatusCode::kUnavailable, "ITEMS_EARLY",
                           "the peer lacks what comes before; sent again");
      }
    }
  }
  return absl::OkStatus();
}

void Courier::WarnIfOverdue(const std::string& peer) {
  const auto rows = links_.Own(peer);
  if (!rows.ok()) return;
  for (const v1::LinkBalance& row : *rows) {
    if (!row.has_oldest_open_time()) continue;
    const absl::Duration age = state_.NetworkNow() - absl::FromUnixSeconds(row.oldest_open_time().seconds());
    if (age < kOverdue) continue;
    Log(LogLevel::kError, "delivery_overdue",
        {{"peer", peer},
         {"store", row.store()},
         {"hours", std::int64_t{age / absl::Hours(1)}},
         {"open", std::int64_t{row.sent_sequence() - row.acknowledged_sequence()}}});
  }
}

absl::StatusOr<v1::GetBalanceResponse> Courier::Balance(const std::string& peer) {
  v1::PeerService::Stub* const stub = stubs_.Of(peer);
  if (stub == nullptr) {
    return FieldError(absl::StatusCode::kNotFound, "MEMBER_UNKNOWN", "peer",
                      "the directory has no such member with a node");
  }
  TEILHABE_ASSIGN_OR_RETURN(const auto rows, links_.Own(peer));
  v1::GetBalanceResponse balance;
  balance.set_peer(peer);
  balance.set_balanced(true);
  for (const v1::LinkBalance& own : rows) {
    v1::GetLinkRequest request;
    request.set_store(own.store());
    v1::GetLinkResponse theirs;
    grpc::ClientContext context;
    if (const grpc::Status status = stub->GetLink(&context, request, &theirs); !status.ok()) {
      const absl::Status failed = rpc::FromGrpcStatus(status);
      return GetReason(failed).empty()
                 ? ReasonError(absl::StatusCode::kUnavailable, "PEER_UNREACHABLE", "the peer does not answer")
                 : failed;
    }
    v1::LinkBalance& row = *balance.add_links();
    row = own;
    row.set_peer_taken_sequence(theirs.taken_sequence());
    row.set_peer_sent_sequence(theirs.sent_sequence());
    balance.set_balanced(balance.balanced() && own.sent_sequence() == own.acknowledged_sequence() &&
                         own.sent_sequence() == theirs.taken_sequence() &&
                         own.taken_sequence() == theirs.sent_sequence());
  }
  return balance;
}

}  // namespace teilhabe::handover
