#include "common/dossier/attachments.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/storage/migrations.h"

namespace teilhabe::dossier {
namespace {

using namespace std::string_view_literals;

// How a file of each type begins. TIFF is of either byte order.
struct Signature {
  std::string_view media_type;
  std::string_view start;
};
constexpr std::array kSignatures = {Signature{"application/pdf", "%PDF-"}, Signature{"image/png", "\x89PNG\r\n\x1a\n"},
                                    Signature{"image/tiff", "II*\0"sv}, Signature{"image/tiff", "MM\0*"sv}};

bool IsMediaType(std::string_view media_type) {
  return std::any_of(kSignatures.begin(), kSignatures.end(),
                     [&](const Signature& signature) { return signature.media_type == media_type; });
}

bool IsOfType(std::string_view media_type, std::string_view first_chunk) {
  return std::any_of(kSignatures.begin(), kSignatures.end(), [&](const Signature& signature) {
    return signature.media_type == media_type && first_chunk.substr(0, signature.start.size()) == signature.start;
  });
}

absl::Status Unknown() {
  return ReasonError(absl::StatusCode::kNotFound, "ATTACHMENT_UNKNOWN", "there is no such attachment");
}

absl::Status Invalid(std::string_view reason, std::string_view field, std::string_view message) {
  return FieldError(absl::StatusCode::kInvalidArgument, reason, field, message);
}

storage::Bytes ToBytes(const crypto::Digest& digest) { return {std::string(digest.bytes())}; }

std::int64_t ChunkSize(std::int64_t size, std::int64_t index) {
  return std::min(kAttachmentChunk, size - index * kAttachmentChunk);
}

absl::Status CheckIndex(std::int64_t size, std::int64_t index) {
  if (index >= 0 && index < ChunkCount(size)) return absl::OkStatus();
  return Invalid("ATTACHMENT_CHUNK", "index", "the attachment has no chunk of this index");
}

// The size is part of it, so that nobody cuts a finished attachment short.
std::string ChunkPlace(std::string_view dossier, const crypto::Digest& digest, std::int64_t size, std::int64_t index) {
  return Place({"attachment_chunk", dossier, digest.bytes(), crypto::BigEndian64(static_cast<std::uint64_t>(size)),
                crypto::BigEndian64(static_cast<std::uint64_t>(index))});
}

struct Stored {
  Attachment attachment;
  bool finished;
};

// Errors: ATTACHMENT_UNKNOWN.
absl::StatusOr<Stored> Load(storage::Reader& reader, std::string_view dossier, const crypto::Digest& digest) {
  TEILHABE_ASSIGN_OR_RETURN(
      const storage::Rows rows,
      reader.Query("SELECT size, media_type, handle, finished FROM attachment WHERE dossier = $1 AND digest = $2",
                   {std::string(dossier), ToBytes(digest)}));
  if (rows.empty()) return Unknown();
  const storage::Row& row = rows[0];
  return Stored{{.size = row.Int(0), .media_type = row.Text(1), .handle = row.Text(2)}, row.Int(3) != 0};
}

absl::Status DeleteChunks(storage::Transaction& transaction, std::string_view dossier, const crypto::Digest& digest) {
  return transaction
      .Execute("DELETE FROM attachment_chunk WHERE dossier = $1 AND digest = $2",
               {std::string(dossier), ToBytes(digest)})
      .status();
}

}  // namespace

absl::Status Attachments::Migrate(storage::Database& database) {
  return storage::Migrate(
      database, "attachments",
      {{1,
        "chunks",
        {"CREATE TABLE attachment (dossier TEXT NOT NULL, digest {BYTES} NOT NULL, size BIGINT NOT NULL, "
         "media_type TEXT NOT NULL, handle TEXT NOT NULL, finished BIGINT NOT NULL, PRIMARY KEY (dossier, digest))",
         "CREATE TABLE attachment_chunk (dossier TEXT NOT NULL, digest {BYTES} NOT NULL, chunk BIGINT NOT NULL, "
         "sealed {BYTES} NOT NULL, PRIMARY KEY (dossier, digest, chunk))"}}});
}

// That some of the calls below need nothing of their object is no concern of a caller.
// NOLINTNEXTLINE(readability-convert-member-functions-to-static)
absl::Status Attachments::Begin(storage::Transaction& transaction, std::string_view dossier,
                                const crypto::Digest& digest, const Attachment& attachment) const {
  if (attachment.size > kMaxAttachment) {
    return Invalid("ATTACHMENT_TOO_LARGE", "size", "an attachment has at most 50,000,000 bytes; send it in parts");
  }
  if (attachment.size < 1) return Invalid("ATTACHMENT_EMPTY", "size", "an attachment has at least one byte");
  if (!IsMediaType(attachment.media_type)) {
    return Invalid("ATTACHMENT_TYPE", "media_type", "send application/pdf, image/png or image/tiff");
  }
  const absl::StatusOr<Stored> stored = Load(transaction, dossier, digest);
  if (stored.ok()) {
    if (stored->attachment == attachment) return absl::OkStatus();
    if (stored->finished) {
      const std::string_view field = stored->attachment.size != attachment.size               ? "size"
                                     : stored->attachment.media_type != attachment.media_type ? "media_type"
                                                                                              : "handle";
      return FieldError(absl::StatusCode::kAlreadyExists, "ATTACHMENT_EXISTS", field,
                        "the dossier has this attachment with another value here");
    }
    TEILHABE_RETURN_IF_ERROR(DeleteChunks(transaction, dossier, digest));
  } else if (GetReason(stored.status()) != "ATTACHMENT_UNKNOWN") {
    return stored.status();
  }
  return transaction
      .Execute(
          "INSERT INTO attachment (dossier, digest, size, media_type, handle, finished) "
          "VALUES ($1, $2, $3, $4, $5, 0) ON CONFLICT (dossier, digest) DO UPDATE "
          "SET size = excluded.size, media_type = excluded.media_type, handle = excluded.handle",
          {std::string(dossier), ToBytes(digest), attachment.size, attachment.media_type, attachment.handle})
      .status();
}

absl::Status Attachments::PutChunk(storage::Transaction& transaction, std::string_view dossier,
                                   const crypto::Digest& digest, std::int64_t index, std::string_view bytes) const {
  TEILHABE_ASSIGN_OR_RETURN(const Stored stored, Load(transaction, dossier, digest));
  const auto& [size, media_type, handle] = stored.attachment;
  TEILHABE_RETURN_IF_ERROR(CheckIndex(size, index));
  if (static_cast<std::int64_t>(bytes.size()) != ChunkSize(size, index)) {
    return Invalid("ATTACHMENT_CHUNK", "bytes",
                   "every chunk but the last has 262,144 bytes, and the last has the rest");
  }
  if (stored.finished) return absl::OkStatus();
  TEILHABE_ASSIGN_OR_RETURN(std::string sealed,
                            keys_.Seal(transaction, handle, ChunkPlace(dossier, digest, size, index), bytes));
  return transaction
      .Execute(
          "INSERT INTO attachment_chunk (dossier, digest, chunk, sealed) VALUES ($1, $2, $3, $4) "
          "ON CONFLICT (dossier, digest, chunk) DO UPDATE SET sealed = excluded.sealed",
          {std::string(dossier), ToBytes(digest), index, storage::Bytes{std::move(sealed)}})
      .status();
}

absl::Status Attachments::Finish(storage::Transaction& transaction, std::string_view dossier,
                                 const crypto::Digest& digest) const {
  TEILHABE_ASSIGN_OR_RETURN(const Stored stored, Load(transaction, dossier, digest));
  if (stored.finished) return absl::OkStatus();
  const auto& [size, media_type, handle] = stored.attachment;
  TEILHABE_ASSIGN_OR_RETURN(
      const storage::Rows here,
      transaction.Query("SELECT chunk FROM attachment_chunk WHERE dossier = $1 AND digest = $2 ORDER BY chunk",
                        {std::string(dossier), ToBytes(digest)}));
  for (std::int64_t index = 0; index < ChunkCount(size); ++index) {
    const auto at = static_cast<std::size_t>(index);
    if (at >= here.size() || here[at].Int(0) != index) {
      return WithDetail(FieldError(absl::StatusCode::kFailedPrecondition, "ATTACHMENT_INCOMPLETE", "index",
                                   "chunks are missing; send them, then finish again"),
                        "missing", absl::StrCat(index));
    }
  }
  crypto::Hasher hasher("attachment");
  for (std::int64_t index = 0; index < ChunkCount(size); ++index) {
    TEILHABE_ASSIGN_OR_RETURN(
        const storage::Rows rows,
        transaction.Query("SELECT sealed FROM attachment_chunk WHERE dossier = $1 AND digest = $2 AND chunk = $3",
                          {std::string(dossier), ToBytes(digest), index}));
    TEILHABE_ASSIGN_OR_RETURN(
        const std::string bytes,
        keys_.Open(transaction, handle, ChunkPlace(dossier, digest, size, index), rows.at(0).Data(0)));
    if (index == 0 && !IsOfType(media_type, bytes)) {
      return Invalid("ATTACHMENT_TYPE", "media_type", "the content is not of this type");
    }
    hasher.Raw(bytes);
  }
  if (hasher.Finish() != digest) {
    return Invalid("ATTACHMENT_DIGEST", "digest", "the content is not what the digest says; send it again");
  }
  return transaction
      .Execute("UPDATE attachment SET finished = 1 WHERE dossier = $1 AND digest = $2",
               {std::string(dossier), ToBytes(digest)})
      .status();
}

// NOLINTNEXTLINE(readability-convert-member-functions-to-static)
absl::StatusOr<bool> Attachments::Drop(storage::Transaction& transaction, std::string_view dossier,
                                       const crypto::Digest& digest) const {
  TEILHABE_RETURN_IF_ERROR(DeleteChunks(transaction, dossier, digest));
  TEILHABE_ASSIGN_OR_RETURN(const std::int64_t deleted,
                            transaction.Execute("DELETE FROM attachment WHERE dossier = $1 AND digest = $2",
                                                {std::string(dossier), ToBytes(digest)}));
  return deleted != 0;
}

// NOLINTNEXTLINE(readability-convert-member-functions-to-static)
absl::StatusOr<Attachment> Attachments::Find(storage::Reader& reader, std::string_view dossier,
                                             const crypto::Digest& digest) const {
  TEILHABE_ASSIGN_OR_RETURN(Stored stored, Load(reader, dossier, digest));
  if (!stored.finished) return Unknown();
  return std::move(stored.attachment);
}

absl::StatusOr<std::string> Attachments::GetChunk(storage::Reader& reader, std::string_view dossier,
                                                  const crypto::Digest& digest, std::int64_t index) const {
  // One statement, so that an attachment that is dropped beside this is unknown and not damaged.
  TEILHABE_ASSIGN_OR_RETURN(
      const storage::Rows rows,
      reader.Query("SELECT a.size, a.handle, c.sealed FROM attachment a LEFT JOIN attachment_chunk c "
                   "ON c.dossier = a.dossier AND c.digest = a.digest AND c.chunk = $3 "
                   "WHERE a.dossier = $1 AND a.digest = $2 AND a.finished = 1",
                   {std::string(dossier), ToBytes(digest), index}));
  if (rows.empty()) return Unknown();
  const std::int64_t size = rows[0].Int(0);
  TEILHABE_RETURN_IF_ERROR(CheckIndex(size, index));
  if (rows[0].IsNull(2)) {
    return ReasonError(absl::StatusCode::kDataLoss, "ATTACHMENT_INCOMPLETE",
                       "a chunk of a finished attachment is gone; drop it and have it delivered again");
  }
  return keys_.Open(reader, rows[0].Text(1), ChunkPlace(dossier, digest, size, index), rows[0].Data(2));
}

}  // namespace teilhabe::dossier
