#include "common/dossier/key_ring.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <cstdint>
#include <optional>

#include "common/base/check.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/crypto/digest.h"
#include "common/storage/migrations.h"

namespace teilhabe::dossier {
namespace {

constexpr std::size_t kMaxHandle = 128;

absl::Status CheckHandle(std::string_view handle) {
  const bool printable = std::all_of(handle.begin(), handle.end(), [](char c) { return c > ' ' && c <= '~'; });
  if (printable && !handle.empty() && handle.size() <= kMaxHandle) return absl::OkStatus();
  return ReasonError(absl::StatusCode::kInvalidArgument, "SUBJECT_HANDLE_INVALID",
                     "a handle is 1 to 128 of printable ASCII without blanks");
}

absl::Status Erased() {
  return ReasonError(absl::StatusCode::kNotFound, "SUBJECT_ERASED", "the data of this subject were erased");
}

// Binds a stored key to its handle, and keeps it from being opened as anything else that this storage key seals.
std::string KeyPlace(std::string_view handle) { return Place({"subject_key", handle}); }

// Nonce ‖ ciphertext ‖ tag.
std::string SealWithNonce(const crypto::AeadKey& key, crypto::Rng& rng, std::string_view associated,
                          std::string_view plain) {
  std::string sealed = rng.Bytes(crypto::kAeadNonceSize);
  sealed += crypto::Seal(key, sealed, associated, plain);
  return sealed;
}

absl::StatusOr<std::string> OpenWithNonce(const crypto::AeadKey& key, std::string_view associated,
                                          std::string_view sealed) {
  const std::size_t nonce = std::min(sealed.size(), crypto::kAeadNonceSize);
  return crypto::Open(key, sealed.substr(0, nonce), associated, sealed.substr(nonce));
}

// The handle's key; none: it has never had one.
absl::StatusOr<std::optional<crypto::AeadKey>> FindKey(storage::Reader& reader, const crypto::AeadKey& storage_key,
                                                       std::string_view handle) {
  TEILHABE_RETURN_IF_ERROR(CheckHandle(handle));
  TEILHABE_ASSIGN_OR_RETURN(
      const storage::Rows rows,
      reader.Query("SELECT sealed_key FROM subject_key WHERE handle = $1", {std::string(handle)}));
  if (rows.empty()) return std::nullopt;
  if (rows[0].IsNull(0)) return Erased();
  absl::StatusOr<std::string> bytes = OpenWithNonce(storage_key, KeyPlace(handle), rows[0].Data(0));
  if (!bytes.ok()) {
    return ReasonError(absl::StatusCode::kDataLoss, "SUBJECT_KEY_UNREADABLE",
                       "the node's storage key does not open this key; start with the right one");
  }
  absl::StatusOr<crypto::AeadKey> key = crypto::AeadKey::FromBytes(*bytes);
  OPENSSL_cleanse(bytes->data(), bytes->size());
  if (!key.ok()) return key.status();
  return *std::move(key);
}

absl::StatusOr<crypto::AeadKey> NeedKey(storage::Reader& reader, const crypto::AeadKey& storage_key,
                                        std::string_view handle) {
  TEILHABE_ASSIGN_OR_RETURN(std::optional<crypto::AeadKey> key, FindKey(reader, storage_key, handle));
  if (key.has_value()) return *std::move(key);
  return ReasonError(absl::StatusCode::kDataLoss, "SUBJECT_KEY_MISSING",
                     "there is no key for this text, and none was erased; restore the keys");
}

}  // namespace

std::string Place(std::initializer_list<std::string_view> parts) {
  std::string place;
  for (const std::string_view part : parts) {
    place += crypto::BigEndian32(static_cast<std::uint32_t>(part.size()));
    place += part;
  }
  return place;
}

absl::Status KeyRing::Migrate(storage::Database& database) {
  return storage::Migrate(database, "key_ring",
                          {{1,
                            "keys",
                            // No key: it was erased.
                            {"CREATE TABLE subject_key (handle TEXT PRIMARY KEY NOT NULL, sealed_key {BYTES})"}}});
}

absl::StatusOr<std::string> KeyRing::Seal(storage::Transaction& transaction, std::string_view handle,
                                          std::string_view associated, std::string_view plain) const {
  TEILHABE_ASSIGN_OR_RETURN(std::optional<crypto::AeadKey> key, FindKey(transaction, storage_key_, handle));
  if (!key.has_value()) {
    key = crypto::AeadKey::Generate(rng_);
    TEILHABE_ASSIGN_OR_RETURN(
        const std::int64_t inserted,
        transaction.Execute(
            "INSERT INTO subject_key (handle, sealed_key) VALUES ($1, $2) ON CONFLICT (handle) DO NOTHING",
            {std::string(handle), storage::Bytes{SealWithNonce(storage_key_, rng_, KeyPlace(handle), key->bytes())}}));
    // Nobody else can have made it since: this ran as if alone. Were it so, the text would be lost.
    TEILHABE_CHECK(inserted == 1);
  }
  return SealWithNonce(*key, rng_, associated, plain);
}

absl::StatusOr<std::string> KeyRing::Open(storage::Reader& reader, std::string_view handle, std::string_view associated,
                                          std::string_view sealed) const {
  TEILHABE_ASSIGN_OR_RETURN(const crypto::AeadKey key, NeedKey(reader, storage_key_, handle));
  return OpenWithNonce(key, associated, sealed);
}

absl::StatusOr<std::string> KeyRing::Opener::Open(std::string_view handle, std::string_view associated,
                                                  std::string_view sealed) {
  auto known = keys_.find(handle);
  if (known == keys_.end()) known = keys_.emplace(handle, NeedKey(reader_, ring_.storage_key_, handle)).first;
  if (!known->second.ok()) return known->second.status();
  return OpenWithNonce(*known->second, associated, sealed);
}

// That it needs nothing of its object is no concern of a caller.
// NOLINTNEXTLINE(readability-convert-member-functions-to-static)
absl::Status KeyRing::Erase(storage::Transaction& transaction, std::string_view handle) const {
  TEILHABE_RETURN_IF_ERROR(CheckHandle(handle));
  return transaction
      .Execute(
          "INSERT INTO subject_key (handle, sealed_key) VALUES ($1, $2) "
          "ON CONFLICT (handle) DO UPDATE SET sealed_key = NULL",
          {std::string(handle), storage::kNull})
      .status();
}

}  // namespace teilhabe::dossier
