#include "common/rpc/node_identity.h"

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"

namespace teilhabe::rpc {
namespace {

absl::Status Unreadable(const std::filesystem::path& path, std::string_view why) {
  return FieldError(absl::StatusCode::kFailedPrecondition, "IDENTITY_UNREADABLE", path.filename().string(),
                    absl::StrCat(path.string(), ": ", ToAbsl(why)));
}

}  // namespace

absl::StatusOr<trust::DirectoryTrust> ReadDirectoryTrust(const std::filesystem::path& path) {
  TEILHABE_ASSIGN_OR_RETURN(const std::string text, ReadIdentityFile(path));
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object() || !json.value("network", nlohmann::json()).is_string() ||
      !json.value("signers", nlohmann::json()).is_array()) {
    return Unreadable(path, "expected {network, training, threshold, signers: [PEM, ...]}");
  }
  trust::DirectoryTrust trust;
  trust.network = json["network"].get<std::string>();
  const auto training = json.value("training", nlohmann::json());
  const auto threshold = json.value("threshold", nlohmann::json());
  if (!training.is_boolean() || !threshold.is_number_unsigned() || threshold.get<std::uint64_t>() > 1000) {
    return Unreadable(path, "training is true or false, threshold a number");
  }
  trust.training = training.get<bool>();
  trust.threshold = threshold.get<int>();
  for (const auto& signer : json["signers"]) {
    if (!signer.is_string()) return Unreadable(path, "a signer is no PEM text");
    TEILHABE_ASSIGN_OR_RETURN(crypto::PublicKey key, crypto::PublicKey::FromPem(signer.get<std::string>()));
    trust.signers.push_back(std::move(key));
  }
  if (trust.threshold < 1 || trust.threshold > static_cast<int>(trust.signers.size())) {
    return Unreadable(path, "threshold is 1 to the number of signers");
  }
  return trust;
}

absl::StatusOr<std::string> ReadIdentityFile(const std::filesystem::path& path) {
  std::error_code error;
  std::ifstream file(path, std::ios::binary);
  if (!std::filesystem::is_regular_file(path, error) || !file) return Unreadable(path, "cannot be read");
  return std::string(std::istreambuf_iterator<char>(file), {});
}

absl::StatusOr<std::shared_ptr<const NodeIdentity>> NodeIdentity::Read(const std::filesystem::path& folder,
                                                                       absl::Time at) {
  TEILHABE_ASSIGN_OR_RETURN(crypto::PrivateKey key, crypto::PrivateKey::ReadFile((folder / "key.pem").string()));
  TEILHABE_ASSIGN_OR_RETURN(const std::string pem, ReadIdentityFile(folder / "certificate.pem"));
  TEILHABE_ASSIGN_OR_RETURN(crypto::Certificate certificate, crypto::Certificate::FromPem(pem));
  if (!(certificate.public_key() == key.public_key())) {
    return FieldError(absl::StatusCode::kFailedPrecondition, "IDENTITY_KEY", "certificate.pem",
                      "the certificate is not that of key.pem");
  }
  TEILHABE_ASSIGN_OR_RETURN(const std::string ca_pem, ReadIdentityFile(folder / "network-ca.pem"));
  TEILHABE_ASSIGN_OR_RETURN(auto network_cas, crypto::Certificate::ListFromPem(ca_pem));
  TEILHABE_ASSIGN_OR_RETURN(trust::DirectoryTrust trust, ReadDirectoryTrust(folder / "trust.json"));
  TEILHABE_ASSIGN_OR_RETURN(const std::string directory_bytes, ReadIdentityFile(folder / "directory.pb"));
  trust::v1::SignedDirectory signed_directory;
  if (!signed_directory.ParseFromString(directory_bytes)) return Unreadable(folder / "directory.pb", "no directory");
  TEILHABE_ASSIGN_OR_RETURN(auto directory,
                            trust::Directory::Verify(signed_directory, trust, crypto::EcdsaVerifier(), nullptr));
  TEILHABE_ASSIGN_OR_RETURN(trust::Identity self,
                            trust::CheckPeer(certificate, *directory, network_cas, crypto::Purpose::kClient, at));
  std::optional<trust::ContextKey> context_key;
  if (std::filesystem::exists(folder / "context.key")) {
    TEILHABE_ASSIGN_OR_RETURN(const std::string bytes, ReadIdentityFile(folder / "context.key"));
    TEILHABE_ASSIGN_OR_RETURN(context_key, trust::ContextKey::FromBytes(bytes));
  }
  std::optional<crypto::AeadKey> storage_key;
  if (std::filesystem::exists(folder / "storage.key")) {
    TEILHABE_ASSIGN_OR_RETURN(const std::string bytes, ReadIdentityFile(folder / "storage.key"));
    const auto read = crypto::AeadKey::FromBytes(bytes);
    if (!read.ok()) return Unreadable(folder / "storage.key", "a storage key has 32 bytes");
    storage_key = *read;
  }
  return std::make_shared<const NodeIdentity>(
      NodeIdentity{std::move(self), std::move(key), std::move(certificate), std::move(network_cas), std::move(trust),
                   std::move(directory), std::move(context_key), std::move(storage_key)});
}

}  // namespace teilhabe::rpc
