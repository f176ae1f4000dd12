#include "common/trust/directory.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/trust/identity.h"

namespace teilhabe::trust {
namespace {

constexpr int kMaxMembers = 10'000;

absl::Status Malformed(std::string_view field, std::string_view why) {
  return FieldError(absl::StatusCode::kInvalidArgument, "DIRECTORY_MALFORMED", field,
                    absl::StrCat("the directory is not valid: ", ToAbsl(why)));
}

absl::Status Refused(std::string_view reason, std::string_view why) {
  return ReasonError(absl::StatusCode::kFailedPrecondition, reason, why);
}

absl::Status CheckThreshold(const v1::SignedDirectory& directory, const DirectoryTrust& trust,
                            const crypto::Verifier& verifier) {
  std::set<std::string_view> valid;
  for (const crypto::PublicKey& signer : trust.signers) {
    for (const v1::Signature& signature : directory.signatures()) {
      if (CheckSignature(verifier, signer, kDirectoryDomain, directory.directory(), signature).ok()) {
        valid.insert(signer.id().bytes());
      }
    }
  }
  if (trust.threshold >= 1 && static_cast<int>(valid.size()) >= trust.threshold) return absl::OkStatus();
  return ReasonError(absl::StatusCode::kUnauthenticated, "DIRECTORY_SIGNATURES",
                     absl::StrCat("the directory has ", valid.size(), " valid signatures of the configured signers, ",
                                  trust.threshold, " are needed"));
}

absl::StatusOr<Directory::Entry> ReadEntry(const v1::SignedMember& signed_member, const crypto::Verifier& verifier,
                                           const Directory* before) {
  v1::Member member;
  if (!member.ParseFromString(signed_member.member())) return Malformed("members", "an entry cannot be read");
  if (!IsIdentityPart(member.id())) return Malformed("members.id", "an id holds other letters than a-z 0-9 - . _");
  const auto key = verifier.ReadKey(member.key());
  if (!key.ok()) return Malformed("members.key", absl::StrCat(member.id(), " has no usable key"));
  const bool guest = member.kind() == v1::MEMBER_KIND_GUEST;
  if (member.kind() == v1::MEMBER_KIND_UNSPECIFIED || guest == member.host().empty() ||
      guest != member.endpoint().empty() || guest != member.local_ca().empty()) {
    return Malformed("members.kind", absl::StrCat(member.id(), ": a guest has a host and nothing else of a node"));
  }
  const Directory::Entry* old = before == nullptr ? nullptr : before->Find(member.id());
  const absl::Status by_member = CheckSignature(verifier, old != nullptr ? old->key : *key, kEntryDomain,
                                                signed_member.member(), signed_member.signature());
  if (!by_member.ok()) {
    return FieldError(absl::StatusCode::kUnauthenticated, "ENTRY_SIGNATURE", "members",
                      absl::StrCat("the entry of ", member.id(), " is not signed by its member"));
  }
  std::optional<crypto::Certificate> local_ca;
  if (!guest) {
    auto read = crypto::Certificate::FromDer(member.local_ca());
    if (!read.ok()) return Malformed("members.local_ca", absl::StrCat(member.id(), " has no usable local CA"));
    local_ca = *std::move(read);
  }
  return Directory::Entry{std::move(member), *key, std::move(local_ca)};
}

}  // namespace

absl::StatusOr<v1::Signature> SignBytes(const crypto::Signer& signer, std::string_view domain, std::string_view bytes) {
  v1::Signature signature;
  TEILHABE_ASSIGN_OR_RETURN(*signature.mutable_signature(), signer.Sign(domain, bytes));
  signature.set_key_id(std::string(signer.key_id().bytes()));
  signature.set_algorithm(static_cast<std::uint32_t>(signer.algorithm()));
  return signature;
}

absl::Status CheckSignature(const crypto::Verifier& verifier, const crypto::PublicKey& key, std::string_view domain,
                            std::string_view bytes, const v1::Signature& signature) {
  const absl::Status status = signature.key_id() != key.id().bytes()
                                  ? crypto::SignatureInvalidError()
                                  : verifier.Verify(key, static_cast<crypto::Algorithm>(signature.algorithm()), domain,
                                                    bytes, signature.signature());
  if (status.ok()) return status;
  return ReasonError(absl::StatusCode::kUnauthenticated, GetReason(status), ToStd(status.message()));
}

absl::StatusOr<std::shared_ptr<const Directory>> Directory::Verify(const v1::SignedDirectory& signed_directory,
                                                                   const DirectoryTrust& trust,
                                                                   const crypto::Verifier& verifier,
                                                                   const Directory* before) {
  // The signatures first: nothing is read from bytes that nobody trusted has signed.
  TEILHABE_RETURN_IF_ERROR(CheckThreshold(signed_directory, trust, verifier));
  std::shared_ptr<Directory> made(new Directory());
  made->signed_ = signed_directory;
  made->digest_ = crypto::Sha256(signed_directory.directory());
  v1::Directory& directory = made->directory_;
  if (!directory.ParseFromString(signed_directory.directory())) return Malformed("directory", "it cannot be read");
  if (directory.network() != trust.network) return Refused("NETWORK_MISMATCH", "the directory is of another network");
  if (directory.training() != trust.training || directory.training() != IsTrainingNetwork(directory.network())) {
    return Refused("TRAINING_MISMATCH", "training and real networks do not mix");
  }
  if (directory.version() < 1) return Malformed("version", "versions begin with 1");
  if (directory.members_size() > kMaxMembers) return Malformed("members", "too many members");
  if (before != nullptr && directory.version() < before->version()) {
    return Refused("DIRECTORY_OLDER", absl::StrCat("version ", directory.version(), " is older than ",
                                                   before->version(), ", which is held already"));
  }
  if (before != nullptr && directory.version() == before->version() && made->digest_ != before->digest()) {
    return Refused("DIRECTORY_FORKED", "two different directories have the same version; the signers must say which");
  }
  for (const v1::SignedMember& member : directory.members()) {
    TEILHABE_ASSIGN_OR_RETURN(Entry entry, ReadEntry(member, verifier, before));
    if (!made->entries_.empty() && entry.member.id() <= made->entries_.back().member.id()) {
      return Malformed("members", "entries are not ascending by id, or one is there twice");
    }
    made->entries_.push_back(std::move(entry));
  }
  for (const Entry& entry : made->entries_) {
    if (!entry.member.host().empty() && made->Find(entry.member.host()) == nullptr) {
      return Malformed("members.host", absl::StrCat(entry.member.id(), " is guest of nobody who takes part"));
    }
  }
  return std::shared_ptr<const Directory>(std::move(made));
}

const Directory::Entry* Directory::Find(std::string_view id) const {
  const auto found = std::lower_bound(
      entries_.begin(), entries_.end(), id,
      [](const Entry& entry, std::string_view wanted) { return std::string_view(entry.member.id()) < wanted; });
  return found != entries_.end() && found->member.id() == id ? &*found : nullptr;
}

}  // namespace teilhabe::trust
