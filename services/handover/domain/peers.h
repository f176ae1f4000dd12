#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace teilhabe::handover {

// Version of the peer protocol that this program speaks.
constexpr int kProtocolVersion = 1;

// What a peer said in a greeting.
struct PeerGreeting {
  std::vector<int> protocol_versions;
  std::int64_t directory_version = 0;
  std::string directory_digest;
};

// What this node knows of its links to the other members. Plain data: whoever owns it locks it.
class PeerBook {
 public:
  enum class State { kWaiting, kOk, kFailed };
  struct Peer {
    State state = State::kWaiting;
    std::string reason;  // Of the last failure.
    std::optional<absl::Time> greeted;
    std::int64_t directory_version = 0;
    std::int64_t incarnation = 0;  // Highest seen, kept over restarts; 0: none.
  };

  // Peers come and go with the directory; what was known of one that stays is kept, and the fence (the highest
  // incarnation seen) of one that leaves too, since it may come back.
  void SetMembers(const std::vector<std::string>& ids);
  // Highest incarnations seen before this start.
  void RestoreIncarnations(const std::map<std::string, std::int64_t>& incarnations);
  std::map<std::string, std::int64_t> Incarnations() const;

  // Checks a greeting against what is known and this node's own directory.
  // Errors: kFailedPrecondition PROTOCOL_MISMATCH, DIRECTORY_FORKED; kNotFound MEMBER_UNKNOWN.
  absl::Status Check(std::string_view id, const PeerGreeting& greeting, std::int64_t own_version,
                     std::string_view own_digest) const;
  // Notes a checked greeting.
  void NoteGreeting(std::string_view id, const PeerGreeting& greeting, absl::Time at);

  // Fence 1 (protocol, rule 14). Errors: kFailedPrecondition INCARNATION_OLD; kNotFound MEMBER_UNKNOWN.
  absl::Status CheckIncarnation(std::string_view id, std::int64_t incarnation) const;
  // Returns whether it is higher than any seen before: then it must be durable before anything is answered (rule 12).
  bool NoteIncarnation(std::string_view id, std::int64_t incarnation);
  // Notes that a greeting which began at `began` failed; without effect if the peer has been heard since.
  void NoteFailure(std::string_view id, std::string_view reason, absl::Time began);

  const std::map<std::string, Peer, std::less<>>& peers() const { return peers_; }

 private:
  std::map<std::string, Peer, std::less<>> peers_;
  std::map<std::string, std::int64_t> fences_;
};

}  // namespace teilhabe::handover
