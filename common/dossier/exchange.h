#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/dossier/committer.h"
#include "common/dossier/intake.h"
#include "teilhabe/dossier/v1/delivery.pb.h"

namespace teilhabe::dossier {

// What a store has for a peer, from one link sequence on.
struct Outgoing {
  std::int64_t first_sequence = 0;  // Of items[0]; also where there is none.
  std::vector<std::string> items;   // Serialized DeliveryItems, masked for the peer as it stands now.
};

// How a store's link with a peer stands at this end.
struct LinkState {
  std::int64_t sent = 0;          // Last sequence in the feed for the peer.
  std::int64_t acknowledged = 0;  // By the peer.
  std::int64_t taken = 0;         // Last sequence taken from the peer.
  std::optional<absl::Time> oldest_open;
};

// The side of a store that whoever carries its items sees: bytes for a peer, bytes from a peer. Safe from any thread.
class Exchange {
 public:
  virtual ~Exchange() = default;

  // Name of the store, the same at every member: `participants`.
  virtual std::string_view name() const = 0;

  // At most `max_items` that the peer has not acknowledged, after `after`, about `max_bytes` in all but at least one.
  virtual absl::StatusOr<Outgoing> Read(const std::string& peer, std::int64_t after, int max_items,
                                        std::size_t max_bytes) = 0;
  // The peer has taken everything up to there: forget it, and feed anew what it says is missing.
  virtual absl::Status Acknowledge(const std::string& peer, std::int64_t up_to,
                                   const std::vector<v1::RejectedItem>& rejected) = 0;
  // Takes what a peer has sent, durably. A gap takes nothing: the answer says what is expected.
  virtual absl::StatusOr<v1::DeliveryAnswer> Take(const std::string& peer, std::int64_t first_sequence,
                                                  std::int64_t acknowledged, const std::vector<std::string>& items,
                                                  absl::Time sent) = 0;
  virtual absl::StatusOr<LinkState> Link(const std::string& peer) = 0;
  // Peers for whom there is or was something.
  virtual absl::StatusOr<std::vector<std::string>> Peers() = 0;
  virtual absl::StatusOr<v1::Checkpoint> AccessLogHead() = 0;
};

// The exchange of a store in this process.
class StoreExchange final : public Exchange {
 public:
  StoreExchange(std::string name, storage::Database& database, Committer& committer, const Ledger& ledger)
      : name_(std::move(name)), database_(database), committer_(committer), ledger_(ledger), intake_(ledger) {}

  std::string_view name() const override { return name_; }
  absl::StatusOr<Outgoing> Read(const std::string& peer, std::int64_t after, int max_items,
                                std::size_t max_bytes) override;
  absl::Status Acknowledge(const std::string& peer, std::int64_t up_to,
                           const std::vector<v1::RejectedItem>& rejected) override;
  absl::StatusOr<v1::DeliveryAnswer> Take(const std::string& peer, std::int64_t first_sequence,
                                          std::int64_t acknowledged, const std::vector<std::string>& items,
                                          absl::Time sent) override;
  absl::StatusOr<LinkState> Link(const std::string& peer) override;
  absl::StatusOr<std::vector<std::string>> Peers() override;
  absl::StatusOr<v1::Checkpoint> AccessLogHead() override;

 private:
  absl::StatusOr<v1::DeliveryItem> Item(Unit& unit, const std::string& peer, const FeedEntry& entry);

  const std::string name_;
  storage::Database& database_;
  Committer& committer_;
  const Ledger& ledger_;
  const Intake intake_;
};

}  // namespace teilhabe::dossier
