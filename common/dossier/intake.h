#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/dossier/ledger.h"

namespace teilhabe::dossier {

// One item that a peer has sent, read and checked as far as it can be without the store.
struct Arrival {
  std::int64_t link_sequence = 0;
  std::variant<std::monostate, Event, Statement, v1::AttachmentChunk> item;
  absl::Status fault;  // Not OK: malformed, wrong signature, wrong digest. `item` may still say what it claims to be.
};

// Reads items as they travel. Verifies signatures, so it is done before the transaction and on any thread.
std::vector<Arrival> OpenArrivals(const std::vector<std::string>& items, std::int64_t first_sequence,
                                  const Ports& ports);

// What arrives from other members, and what follows from it by the protocol: receipts, the change of holder by
// forwarding, the closing of a declined offer, the answer to a withdrawal.
class Intake {
 public:
  explicit Intake(const Ledger& ledger) : ledger_(ledger) {}

  // Takes the items of one envelope in their order. An item that is not valid has no effect beside a signed rejection;
  // the others have theirs. Taking the same again changes nothing and sends the same receipts again. Errors: only those
  // of storage and signing, and then nothing at all was taken.
  absl::StatusOr<v1::DeliveryAnswer> Take(Unit& unit, const std::string& from, const std::vector<Arrival>& arrivals,
                                          absl::Time sent) const;

 private:
  struct Batch;

  absl::Status TakeOne(Unit& unit, Batch& batch, const Arrival& arrival) const;
  absl::Status TakeEvent(Unit& unit, Batch& batch, const Event& event) const;
  absl::Status TakeKnown(Unit& unit, Batch& batch, const v1::LogState& log, const Event& event) const;
  absl::Status TakeStatement(Unit& unit, Batch& batch, const Statement& statement) const;
  absl::Status CheckStatement(Unit& unit, Batch& batch, const v1::LogState& log,
                              const v1::StatementHeader& header) const;
  absl::Status TakeDecision(Unit& unit, const v1::LogState& log, const Statement& decline) const;
  absl::Status TakeWithdrawal(Unit& unit, const v1::LogState& log, const Statement& withdrawal) const;
  absl::Status TakeChunk(Unit& unit, Batch& batch, const v1::AttachmentChunk& chunk) const;
  absl::Status Reject(Unit& unit, Batch& batch, const Arrival& arrival, const absl::Status& fault) const;
  // Names the sections of the events from `first` up to the receipt's that are not here.
  absl::Status AddLeftOut(Unit& unit, const std::string& dossier, std::int64_t first, v1::Eingang& eingang) const;
  absl::Status SignEingang(Unit& unit, const Batch& batch, const v1::LogState& log, const v1::Eingang& arrived) const;

  const Ledger& ledger_;
};

}  // namespace teilhabe::dossier
