#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/crypto/certificate.h"
#include "common/trust/directory.h"
#include "common/trust/identity.h"

namespace teilhabe::trust {

// Who is at the other end, by its certificate: the chain alone is not enough, the directory decides.
//
// A node's certificate comes from a CA of the network and holds the key that the directory names for that member. A
// service, system, official, guest or person is issued by its member's own CA, which the directory names; a guest must
// also be one in the directory, with that key. `at` is real time, also in a training network.
// Errors, kUnauthenticated: IDENTITY_MALFORMED, NETWORK_MISMATCH, MEMBER_UNKNOWN, CERTIFICATE_NOT_PINNED, and those of
// crypto::VerifyChain.
absl::StatusOr<Identity> CheckPeer(const crypto::Certificate& certificate, const Directory& directory,
                                   const std::vector<crypto::Certificate>& network_cas, crypto::Purpose purpose,
                                   absl::Time at);

// The directory that a process holds now; replaced as newer ones come. Safe from any thread.
class DirectoryHolder {
 public:
  explicit DirectoryHolder(std::shared_ptr<const Directory> directory) : directory_(std::move(directory)) {}

  std::shared_ptr<const Directory> Get() const {
    absl::MutexLock lock(&mutex_);
    return directory_;
  }

  // Takes a directory if it is newer. `keep` makes it durable first and is called under the lock; nothing changes if it
  // fails. Returns whether it was newer. Errors: those of Directory::Verify and of `keep`.
  template <typename Keep>
  absl::StatusOr<bool> Offer(const v1::SignedDirectory& offered, const DirectoryTrust& trust,
                             const crypto::Verifier& verifier, Keep&& keep) {
    absl::MutexLock lock(&mutex_);
    auto verified = Directory::Verify(offered, trust, verifier, directory_.get());
    if (!verified.ok()) return verified.status();
    if ((*verified)->version() == directory_->version()) return false;
    if (absl::Status kept = keep(**verified); !kept.ok()) return kept;
    directory_ = *std::move(verified);
    return true;
  }

 private:
  mutable absl::Mutex mutex_;
  std::shared_ptr<const Directory> directory_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace teilhabe::trust
