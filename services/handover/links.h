#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/dossier/exchange.h"
#include "services/handover/network_state.h"
#include "teilhabe/handover/v1/network.pb.h"
#include "teilhabe/handover/v1/peer.pb.h"

namespace teilhabe::handover {

// Carries what the stores of this node have for peers, and what peers have for them: envelopes around bytes, no law.
// A link is one store's way to one peer; its sequence is the position in the store's feed, so nothing is kept here.
// What is on its way is sent again until the peer's signed answer covers it. Safe from any thread.
class Links {
 public:
  Links(NetworkState& state, std::vector<dossier::Exchange*> stores) : state_(state), stores_(std::move(stores)) {}

  const std::vector<dossier::Exchange*>& stores() const { return stores_; }

  // The next envelope of a store for a peer; none: everything is acknowledged.
  absl::StatusOr<std::optional<v1::DeliverRequest>> Next(const std::string& peer, dossier::Exchange& store);
  // Takes the peer's answer to it. Returns whether something was early and is fed anew, so that a pause is due before
  // the next envelope. Errors: those of NetworkState::Open; kInvalidArgument ANSWER_MALFORMED.
  absl::StatusOr<bool> TakeAnswer(const std::string& peer, dossier::Exchange& store, const v1::DeliverRequest& asked,
                                  const v1::DeliverResponse& answer);

  // Takes what a peer delivers and answers when it is durable. Errors: those of NetworkState::Open; kInvalidArgument
  // STORE_UNKNOWN, MANIFEST_MISMATCH; those of Exchange::Take.
  absl::StatusOr<v1::DeliverResponse> Receive(const std::string& peer, const v1::DeliverRequest& request);

  // Errors: kInvalidArgument STORE_UNKNOWN.
  absl::StatusOr<v1::GetLinkResponse> Link(const std::string& peer, std::string_view store);
  // Items of all stores that peers have not acknowledged yet.
  absl::StatusOr<std::int64_t> OpenItems();
  // One row per store, without what the peer says.
  absl::StatusOr<std::vector<v1::LinkBalance>> Own(const std::string& peer);

 private:
  absl::StatusOr<dossier::Exchange*> Find(std::string_view store);

  NetworkState& state_;
  const std::vector<dossier::Exchange*> stores_;
};

}  // namespace teilhabe::handover
