#include "services/handover/peer_stubs.h"

#include "common/rpc/tls.h"

namespace teilhabe::handover {

v1::PeerService::Stub* PeerStubs::Of(const std::string& peer) {
  const auto directory = state_.directory();
  const auto* entry = directory->Find(peer);
  if (entry == nullptr || entry->member.endpoint().empty()) return nullptr;
  absl::MutexLock lock(&mutex_);
  Link& link = links_[peer];
  if (link.stub == nullptr || link.endpoint != entry->member.endpoint()) {
    link.endpoint = entry->member.endpoint();
    link.stub = v1::PeerService::NewStub(
        rpc::MakeChannel(link.endpoint, peer, state_.setup().identity, state_.setup().directory, {deadline_, 4 << 20}));
  }
  return link.stub.get();
}

}  // namespace teilhabe::handover
