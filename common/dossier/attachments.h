#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/crypto/digest.h"
#include "common/dossier/key_ring.h"
#include "common/storage/database.h"

namespace teilhabe::dossier {

inline constexpr std::int64_t kMaxAttachment = 50'000'000;  // Bytes.
inline constexpr std::int64_t kAttachmentChunk = 262'144;   // Bytes; only the last chunk is smaller.

// How many chunks an attachment of `size` bytes has; `size` > 0.
constexpr std::int64_t ChunkCount(std::int64_t size) { return (size + kAttachmentChunk - 1) / kAttachmentChunk; }

// A file that belongs to a section, without its bytes.
struct Attachment {
  std::int64_t size = 0;   // Bytes.
  std::string media_type;  // `application/pdf`, `image/png` or `image/tiff`.
  std::string handle;      // Subject handle whose key its bytes are sealed under.
  friend bool operator==(const Attachment&, const Attachment&) = default;
};

// The bytes of attachments: outside the event row, in chunks, each sealed under the key of the attachment's subject
// handle. One is known by its dossier and digest = crypto::Hasher("attachment").Raw(bytes). It arrives by Begin,
// PutChunk for each chunk, Finish, in as many transactions as one likes, and nobody can read it before it is finished.
// No call holds more than one chunk in memory. Errors name the field at fault as in the contracts (`size`,
// `media_type`, `digest`, `index`, `bytes`); every call also fails as the statements and the key ring that it uses.
class Attachments {
 public:
  // `keys` outlives this.
  explicit Attachments(const KeyRing& keys) : keys_(keys) {}

  // Creates and updates the tables. Errors: those of storage::Migrate.
  static absl::Status Migrate(storage::Database& database);

  // Says what will arrive. Again with the same: nothing changes, the chunks that are here stay. With something else
  // while it is unfinished: starts anew, without chunks.
  // Errors: kInvalidArgument ATTACHMENT_TOO_LARGE (size above 50,000,000), ATTACHMENT_EMPTY (below 1),
  // ATTACHMENT_TYPE (none of the three); kAlreadyExists ATTACHMENT_EXISTS with the field that is another in the
  // finished one.
  absl::Status Begin(storage::Transaction& transaction, std::string_view dossier, const crypto::Digest& digest,
                     const Attachment& attachment) const;

  // Stores one chunk, in any order; again: the last one counts. Does nothing once the attachment is finished.
  // Errors: kNotFound ATTACHMENT_UNKNOWN (not begun); kInvalidArgument ATTACHMENT_CHUNK (no chunk has this index, or
  // the chunk of this index has another size); kNotFound SUBJECT_ERASED.
  absl::Status PutChunk(storage::Transaction& transaction, std::string_view dossier, const crypto::Digest& digest,
                        std::int64_t index, std::string_view bytes) const;

  // Checks the whole and lets it be read; again: nothing more. Opens and hashes all chunks, which for the largest takes
  // a good part of a second during which SQLite has no other writer. After an error it is as unfinished as before.
  // Errors: kNotFound ATTACHMENT_UNKNOWN; kFailedPrecondition ATTACHMENT_INCOMPLETE with detail `missing`, the lowest
  // index that is not here; kInvalidArgument ATTACHMENT_TYPE (the content is of another type than was said),
  // ATTACHMENT_DIGEST (is not what the digest says).
  absl::Status Finish(storage::Transaction& transaction, std::string_view dossier, const crypto::Digest& digest) const;

  // Forgets an attachment, finished or not, and deletes its chunks. Returns whether there was one.
  absl::StatusOr<bool> Drop(storage::Transaction& transaction, std::string_view dossier,
                            const crypto::Digest& digest) const;

  // A finished attachment. Errors: kNotFound ATTACHMENT_UNKNOWN, also while unfinished.
  absl::StatusOr<Attachment> Find(storage::Reader& reader, std::string_view dossier,
                                  const crypto::Digest& digest) const;

  // The bytes of one chunk of a finished attachment.
  // Errors: kNotFound ATTACHMENT_UNKNOWN, also while unfinished; kNotFound SUBJECT_ERASED; kInvalidArgument
  // ATTACHMENT_CHUNK (no such index); kDataLoss ATTACHMENT_INCOMPLETE (its row is gone), AEAD_OPEN_FAILED.
  absl::StatusOr<std::string> GetChunk(storage::Reader& reader, std::string_view dossier, const crypto::Digest& digest,
                                       std::int64_t index) const;

 private:
  const KeyRing& keys_;
};

}  // namespace teilhabe::dossier
