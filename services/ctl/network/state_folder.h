#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/crypto/certificate.h"
#include "common/crypto/random.h"
#include "common/trust/directory.h"
#include "services/ctl/network/start_folder.h"

namespace teilhabe::ctl {

// The folder in which a training network lives: its CA, the directory's signers, the clock, the signed directory, and a
// folder per member with keys, certificates, data and journal. Everything secret is made here and nowhere else.
//
//   clock  directory.pb  trust.json  ca/  signers/<n>.pem
//   members/<id>/identity/   who the node is (rpc::NodeIdentity)
//   members/<id>/local-ca/   the member's own CA
//   members/<id>/system/cli/ who the command line is when it acts as the member
//   members/<id>/official/sb-1/ the same as an official, who decides
//   members/<id>/data/ journal/ node.log node.pid
class StateFolder {
 public:
  // One folder has one name here, whatever links or dots lead to it.
  explicit StateFolder(const std::filesystem::path& root)
      : root_(std::filesystem::weakly_canonical(std::filesystem::absolute(root))) {}

  // Holds the folder against every other command that changes it, until the returned object goes. Waits for its turn.
  // Errors: kUnavailable FOLDER_UNUSABLE.
  absl::StatusOr<std::shared_ptr<void>> Lock() const;

  // Makes what is missing and takes the members of a start folder in: keys, certificates and, where somebody is new, a
  // next version of the directory under two of three signers. `ports` gives an endpoint's port for each new node.
  // Errors: kFailedPrecondition NETWORK_MISMATCH (the state is of another network), MEMBER_DIFFERS (a member is held
  // already as something else), HOST_UNKNOWN (a guest's), STATE_DAMAGED (something is missing or older than what nodes
  // hold: nothing is made anew over it); those of writing.
  absl::Status Join(const StartFolder& start, const std::function<absl::StatusOr<int>()>& ports);

  // The directory as it was signed last. Errors: kNotFound, NETWORK_NOT_MADE.
  absl::StatusOr<std::shared_ptr<const trust::Directory>> ReadDirectory() const;

  std::filesystem::path Member(std::string_view id) const { return root_ / "members" / id; }
  std::filesystem::path Identity(std::string_view id) const { return Member(id) / "identity"; }
  std::filesystem::path CliIdentity(std::string_view id) const { return Member(id) / "system" / "cli"; }
  std::filesystem::path OfficialIdentity(std::string_view id, std::string_view pseudonym) const {
    return Member(id) / "official" / pseudonym;
  }
  std::filesystem::path clock() const { return root_ / "clock"; }
  const std::filesystem::path& root() const { return root_; }

 private:
  absl::Status MakeNetwork(const StartFolder& start);
  absl::Status CheckWhole() const;
  absl::Status CheckMembers(const StartFolder& start, const trust::Directory* held) const;
  absl::Status Distribute(const trust::v1::SignedDirectory& directory) const;
  absl::Status MakeNode(const std::string& network, trust::v1::Member& member);
  absl::Status MakeGuest(const std::string& network, trust::v1::Member& member);
  absl::Status WriteClient(const std::filesystem::path& folder, const crypto::PrivateKey& key,
                           const crypto::Certificate& certificate) const;
  absl::StatusOr<trust::v1::SignedMember> SignEntry(const trust::v1::Member& member) const;
  absl::StatusOr<trust::v1::SignedDirectory> SignDirectory(trust::v1::Directory directory) const;

  const std::filesystem::path root_;
  crypto::SystemRng rng_;
};

}  // namespace teilhabe::ctl
