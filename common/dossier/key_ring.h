#pragma once

#include <functional>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/crypto/aead.h"
#include "common/crypto/random.h"
#include "common/storage/database.h"

namespace teilhabe::dossier {

// Says what a sealed text belongs to: each part is a table, a column, or a value of the row's key. Different parts
// never give the same text, also where letters move from one to the next.
std::string Place(std::initializer_list<std::string_view> parts);

// The keys that personal data are sealed under: one per *subject handle*, made when it is first needed, stored under
// the node's storage key. Erasing a key makes everything unreadable that was sealed under it, wherever copies lie. A
// handle is 1 to 128 of printable ASCII without blanks, made by the store of random ids: it stays readable for ever, so
// it says nothing of anybody. Holds no key but the node's; each call reads the handle's.
// Every call also fails as the statements that it runs, and with
//   kInvalidArgument SUBJECT_HANDLE_INVALID
//   kNotFound SUBJECT_ERASED        the key was erased, and the handle is never used again
//   kDataLoss SUBJECT_KEY_UNREADABLE  it was stored under another storage key, or for another handle, or was changed
class KeyRing {
 public:
  // `rng` outlives this; used from several threads only as far as the rng may be.
  KeyRing(const crypto::AeadKey& storage_key, crypto::Rng& rng) : storage_key_(storage_key), rng_(rng) {}

  // Creates and updates the table. Errors: those of storage::Migrate.
  static absl::Status Migrate(storage::Database& database);

  // Seals under the handle's key. `associated`: the place of the result, by Place; the same is needed to open it.
  // Returns nonce (12 bytes) ‖ ciphertext ‖ tag (16 bytes).
  absl::StatusOr<std::string> Seal(storage::Transaction& transaction, std::string_view handle,
                                   std::string_view associated, std::string_view plain) const;

  // Undoes Seal. Errors: kDataLoss SUBJECT_KEY_MISSING (nothing was ever sealed under this handle here, or the ring is
  // older than the text), AEAD_OPEN_FAILED (another place or handle, or any bit changed).
  absl::StatusOr<std::string> Open(storage::Reader& reader, std::string_view handle, std::string_view associated,
                                   std::string_view sealed) const;

  // Opens many texts as Open does, and reads the key of each handle once: for a single use case, not to be kept.
  class Opener {
   public:
    // Both outlive this.
    Opener(const KeyRing& ring, storage::Reader& reader) : ring_(ring), reader_(reader) {}
    absl::StatusOr<std::string> Open(std::string_view handle, std::string_view associated, std::string_view sealed);

   private:
    const KeyRing& ring_;
    storage::Reader& reader_;
    std::map<std::string, absl::StatusOr<crypto::AeadKey>, std::less<>> keys_;
  };

  // Erases the key for good, whether there was one or not; again: nothing more. What was sealed under it stays where it
  // is, as noise, for its store to delete. The bytes of the key are gone from the table itself; they last in SQLite's
  // log until the next checkpoint after it, in PostgreSQL until VACUUM, and in copies: those are worth nothing
  // without the storage key.
  absl::Status Erase(storage::Transaction& transaction, std::string_view handle) const;

 private:
  const crypto::AeadKey storage_key_;
  crypto::Rng& rng_;
};

}  // namespace teilhabe::dossier
