#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/base/clock.h"
#include "common/dossier/incarnation.h"
#include "common/rpc/network_clock.h"
#include "common/rpc/node_identity.h"
#include "common/trust/envelope.h"
#include "services/handover/domain/peers.h"
#include "teilhabe/handover/v1/network.pb.h"
#include "teilhabe/handover/v1/peer.pb.h"

namespace teilhabe::handover {

// What a node knows of its network: the directory, its peers, its own incarnation, the clock. Shared by the services
// and the greeter; safe from any thread.
//
// Two things are durable: the newest directory (`directory.pb` in the data folder) and, in the journal folder, since a
// restored database must not forget a fence, the highest incarnation seen of each peer (`incarnations.json`). Each is
// written whole, synced and renamed before anything rests on it.
class NetworkState {
 public:
  struct Setup {
    std::shared_ptr<const rpc::NodeIdentity> identity;
    std::shared_ptr<trust::DirectoryHolder> directory;
    std::filesystem::path data;
    std::filesystem::path journal;
    std::shared_ptr<const Clock> real_clock;
    std::shared_ptr<rpc::TrainingClock> training_clock;  // Null in a real network.
    std::shared_ptr<dossier::Incarnation> incarnation;   // That of the agency.
    bool first_start = true;                             // No journal was there.
  };

  // Whether what this class keeps lies in a journal folder.
  static bool HasRun(const std::filesystem::path& journal);

  // Errors: kFailedPrecondition, INCARNATIONS_UNREADABLE (damaged, or gone though it is not the first start); those of
  // writing.
  static absl::StatusOr<std::unique_ptr<NetworkState>> Open(Setup setup);

  const Setup& setup() const { return setup_; }
  std::shared_ptr<const trust::Directory> directory() const { return setup_.directory->Get(); }
  absl::Time NetworkNow() const;

  // A greeting to `member`, to be sent.
  absl::StatusOr<trust::v1::SignedEnvelope> MakeGreeting(std::string_view member, std::string_view nonce) const;
  // Checks a greeting of `peer` and answers it; a higher incarnation is durable before it returns.
  absl::StatusOr<trust::v1::SignedEnvelope> AnswerGreeting(std::string_view peer,
                                                           const trust::v1::SignedEnvelope& greeting);
  // Checks the answer to `asked` and notes the peer. Returns the version of the peer's directory.
  absl::StatusOr<std::int64_t> TakeAnswer(std::string_view peer, const trust::v1::SignedEnvelope& asked,
                                          std::string_view nonce, const trust::v1::SignedEnvelope& answer);
  // Seals something to `member`; the incarnation is checked before each signature.
  absl::StatusOr<trust::v1::SignedEnvelope> Seal(std::string_view to, std::string_view kind, std::string body,
                                                 const std::optional<crypto::Digest>& answers,
                                                 std::int64_t link_sequence = 0) const;
  // Opens what `peer` has sealed. A higher incarnation is durable before it returns; one that is lower than seen has no
  // effect: kFailedPrecondition INCARNATION_OLD. `answers`: what it must answer.
  absl::StatusOr<trust::v1::Envelope> Open(std::string_view peer, const trust::v1::SignedEnvelope& sealed,
                                           std::string_view kind, const std::optional<crypto::Digest>& answers);

  void NoteFailure(std::string_view peer, std::string_view reason, absl::Time began);

  // Takes a newer directory, durable before it counts. Returns the version held. Errors: see trust::Directory::Verify.
  absl::StatusOr<std::int64_t> OfferDirectory(const trust::v1::SignedDirectory& offered);

  v1::GetStatusResponse Status() const;
  // Ids of all other members with a node.
  std::vector<std::string> Peers() const;

 private:
  explicit NetworkState(Setup setup);

  std::string GreetingBody(std::string_view nonce) const;
  // Opens, checks and notes a greeting or its answer.
  absl::StatusOr<v1::Greeting> Take(std::string_view peer, const trust::v1::SignedEnvelope& sealed,
                                    std::string_view kind, const std::optional<crypto::Digest>& answers);
  absl::Status ReadIncarnations() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status WriteIncarnations(const PeerBook& peers) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void SetMembers() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Setup setup_;
  const crypto::EcdsaSigner signer_;
  const crypto::EcdsaVerifier verifier_;
  mutable absl::Mutex mutex_;
  PeerBook peers_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace teilhabe::handover
