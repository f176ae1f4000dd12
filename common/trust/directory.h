#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/crypto/certificate.h"
#include "common/crypto/digest.h"
#include "common/crypto/key.h"
#include "teilhabe/trust/v1/directory.pb.h"

namespace teilhabe::trust {

// Whom a node trusts to say who takes part; from its configuration, never from the network.
struct DirectoryTrust {
  std::string network;
  bool training = false;
  std::vector<crypto::PublicKey> signers;
  int threshold = 1;  // Signatures of this many different signers are needed.
};

// A directory whose signatures were checked; immutable, shared between threads.
class Directory {
 public:
  struct Entry {
    v1::Member member;
    crypto::PublicKey key;
    std::optional<crypto::Certificate> local_ca;  // Absent for guests.
  };

  // Checks form, network, training flag, the threshold of signatures, and each entry's own signature: by the key of the
  // entry that `before` holds of the member, else by the key it names itself.
  // Errors: kInvalidArgument DIRECTORY_MALFORMED with field; kUnauthenticated DIRECTORY_SIGNATURES (too few valid
  // ones), ENTRY_SIGNATURE; kFailedPrecondition NETWORK_MISMATCH, TRAINING_MISMATCH (other than configured, or than the
  // network's name says), DIRECTORY_OLDER (than `before`),
  // DIRECTORY_FORKED (the same version with other bytes).
  static absl::StatusOr<std::shared_ptr<const Directory>> Verify(const v1::SignedDirectory& signed_directory,
                                                                 const DirectoryTrust& trust,
                                                                 const crypto::Verifier& verifier,
                                                                 const Directory* before);

  const v1::SignedDirectory& bytes() const { return signed_; }
  const crypto::Digest& digest() const { return digest_; }
  const std::string& network() const { return directory_.network(); }
  bool training() const { return directory_.training(); }
  std::int64_t version() const { return directory_.version(); }
  // Ascending by id.
  const std::vector<Entry>& entries() const { return entries_; }
  // Null where there is no such member.
  const Entry* Find(std::string_view id) const;

 private:
  Directory() = default;

  v1::SignedDirectory signed_;
  v1::Directory directory_;
  crypto::Digest digest_;
  std::vector<Entry> entries_;
};

// Makes signatures of the kinds above.
absl::StatusOr<v1::Signature> SignBytes(const crypto::Signer& signer, std::string_view domain, std::string_view bytes);
// Errors: kUnauthenticated SIGNATURE_INVALID, SIGNATURE_ALGORITHM.
absl::Status CheckSignature(const crypto::Verifier& verifier, const crypto::PublicKey& key, std::string_view domain,
                            std::string_view bytes, const v1::Signature& signature);

constexpr char kDirectoryDomain[] = "directory";
constexpr char kEntryDomain[] = "directory-entry";
constexpr char kEnvelopeDomain[] = "envelope";

}  // namespace teilhabe::trust
