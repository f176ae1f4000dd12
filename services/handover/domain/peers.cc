#include "services/handover/domain/peers.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/reason.h"

namespace teilhabe::handover {
namespace {

absl::Status Refused(std::string_view reason, std::string_view why) {
  return ReasonError(absl::StatusCode::kFailedPrecondition, reason, why);
}

}  // namespace

void PeerBook::SetMembers(const std::vector<std::string>& ids) {
  std::map<std::string, Peer, std::less<>> kept;
  for (const std::string& id : ids) {
    const auto old = peers_.find(id);
    Peer& peer = kept.emplace(id, old == peers_.end() ? Peer() : old->second).first->second;
    if (const auto fence = fences_.find(id); fence != fences_.end()) peer.incarnation = fence->second;
  }
  peers_ = std::move(kept);
}

void PeerBook::RestoreIncarnations(const std::map<std::string, std::int64_t>& incarnations) {
  for (const auto& [id, incarnation] : incarnations) {
    std::int64_t& fence = fences_[id];
    fence = std::max(fence, incarnation);
    if (const auto peer = peers_.find(id); peer != peers_.end()) peer->second.incarnation = fence;
  }
}

std::map<std::string, std::int64_t> PeerBook::Incarnations() const { return fences_; }

absl::Status PeerBook::Check(std::string_view id, const PeerGreeting& greeting, std::int64_t own_version,
                             std::string_view own_digest) const {
  const auto peer = peers_.find(id);
  if (peer == peers_.end()) {
    return ReasonError(absl::StatusCode::kNotFound, "MEMBER_UNKNOWN", "the directory has no such member with a node");
  }
  const auto& versions = greeting.protocol_versions;
  if (std::find(versions.begin(), versions.end(), kProtocolVersion) == versions.end()) {
    return Refused("PROTOCOL_MISMATCH",
                   absl::StrCat("the peer does not speak version ", kProtocolVersion, " of the protocol"));
  }
  if (greeting.directory_version == own_version && greeting.directory_digest != own_digest) {
    return Refused("DIRECTORY_FORKED", "two different directories have the same version; the signers must say which");
  }
  return absl::OkStatus();
}

absl::Status PeerBook::CheckIncarnation(std::string_view id, std::int64_t incarnation) const {
  const auto peer = peers_.find(id);
  if (peer == peers_.end()) {
    return ReasonError(absl::StatusCode::kNotFound, "MEMBER_UNKNOWN", "the directory has no such member with a node");
  }
  if (incarnation < peer->second.incarnation) {
    return Refused("INCARNATION_OLD", "a later incarnation of this member has been seen; it must not go on");
  }
  return absl::OkStatus();
}

bool PeerBook::NoteIncarnation(std::string_view id, std::int64_t incarnation) {
  Peer& peer = peers_.find(id)->second;
  if (incarnation <= peer.incarnation) return false;
  peer.incarnation = incarnation;
  fences_[std::string(id)] = incarnation;
  return true;
}

void PeerBook::NoteGreeting(std::string_view id, const PeerGreeting& greeting, absl::Time at) {
  Peer& peer = peers_.find(id)->second;
  peer.state = State::kOk;
  peer.reason.clear();
  peer.greeted = at;
  peer.directory_version = greeting.directory_version;
}

void PeerBook::NoteFailure(std::string_view id, std::string_view reason, absl::Time began) {
  const auto peer = peers_.find(id);
  if (peer == peers_.end() || (peer->second.greeted && *peer->second.greeted >= began)) return;
  peer->second.state = State::kFailed;
  peer->second.reason = std::string(reason);
}

}  // namespace teilhabe::handover
