#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/crypto/aead.h"
#include "common/crypto/certificate.h"
#include "common/crypto/key.h"
#include "common/trust/call_context.h"
#include "common/trust/directory.h"
#include "common/trust/identity.h"
#include "common/trust/peer_check.h"

namespace teilhabe::rpc {

// What a process of a network holds to say who it is and to check who others are, as files in one folder:
// key.pem, certificate.pem (its own), network-ca.pem, trust.json (network, training, signers, threshold),
// directory.pb (a SignedDirectory, the first one to start with); a node's also context.key and storage.key (32 bytes
// each).
struct NodeIdentity {
  trust::Identity self;
  crypto::PrivateKey key;
  crypto::Certificate certificate;
  std::vector<crypto::Certificate> network_cas;
  trust::DirectoryTrust trust;
  std::shared_ptr<const trust::Directory> first_directory;
  // Absent where the folder has none: a client's.
  std::optional<trust::ContextKey> context_key;
  // What personal data are sealed under at rest; absent where the folder has none.
  std::optional<crypto::AeadKey> storage_key;

  // Reads and checks the folder: the certificate is valid now (`at`, real time) and is this key's, the directory is
  // signed and has the member. Errors: kFailedPrecondition IDENTITY_UNREADABLE with the file as field, IDENTITY_KEY
  // (certificate and key do not belong together); those of trust::Directory::Verify and trust::CheckPeer.
  static absl::StatusOr<std::shared_ptr<const NodeIdentity>> Read(const std::filesystem::path& folder, absl::Time at);
};

// Reads a whole file. Errors: kFailedPrecondition, IDENTITY_UNREADABLE with the file as field.
absl::StatusOr<std::string> ReadIdentityFile(const std::filesystem::path& path);

// Reads trust.json. Errors: kFailedPrecondition, IDENTITY_UNREADABLE; those of crypto::PublicKey::FromPem.
absl::StatusOr<trust::DirectoryTrust> ReadDirectoryTrust(const std::filesystem::path& path);

}  // namespace teilhabe::rpc
