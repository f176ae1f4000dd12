#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/crypto/digest.h"
#include "common/storage/database.h"

// The log of who did what with a dossier: one per database, append-only, under a Merkle tree as in RFC 6962. Its format
// is written down in README.md.
namespace teilhabe::audit {

// Creates and updates the tables of the log. Errors: those of storage::Migrate.
absl::Status Migrate(storage::Database& database);

// One act, reads included. Leaves are never deleted and partners may see them in proofs, so no field holds anything of
// a person: who acts is a pseudonym, whom it concerns is the dossier's random id, the rest are words of closed lists.
struct Entry {
  absl::Time time;          // Instant of the act; kept to the microsecond.
  std::string actor;        // Identity URI or pseudonym: 1 to 256 of printable ASCII without blanks.
  std::string agency;       // Member id: 1 to 64 of the same.
  std::string action;       // Code: 1 to 64 of the same.
  std::string purpose;      // 0 to 200 bytes of UTF-8 without NUL.
  std::string legal_basis;  // The same: `§ 69 Abs. 1 Nr. 1 SGB X`.
  std::string dossier;      // 0 to 64 of printable ASCII without blanks; empty: an act that concerns none.
  crypto::Digest details;   // By DetailsDigest; 32 zero bytes: there are none.

  friend bool operator==(const Entry&, const Entry&) = default;
};

// What stands for an act's details in its leaf. The details and their salt are the caller's to keep, sealed under the
// key of the subject: when that is erased, the salt keeps the digest from being guessed.
// Errors: kInvalidArgument SALT_INVALID unless `salt` has 32 bytes.
absl::StatusOr<crypto::Digest> DetailsDigest(std::string_view salt, std::string_view details);

struct Leaf {
  std::uint64_t index = 0;
  Entry entry;
  crypto::Digest previous;  // The hash of the leaf before; zeros for the first.
  crypto::Digest hash;      // crypto::MerkleLeaf(LeafBytes(index, entry, previous)).
};

// The bytes that are hashed.
std::string LeafBytes(std::uint64_t index, const Entry& entry, const crypto::Digest& previous);

// The head of the tree: what partners keep, so that nobody changes history behind their back.
struct Checkpoint {
  std::uint64_t size = 0;
  crypto::Digest root;
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

// Appends one leaf in the transaction of the act itself and returns its index, from 0 without gaps. Three statements,
// however long the log. All appends of a database wait for each other (on PostgreSQL crossed ones run again), so a
// transaction appends last.
// Errors: kInvalidArgument AUDIT_ENTRY_INVALID with field; kDataLoss AUDIT_TREE_BROKEN (somebody changed the tree's
// row or put in a leaf); kResourceExhausted MERKLE_FULL at 2^32 leaves.
absl::StatusOr<std::uint64_t> Append(storage::Transaction& transaction, const Entry& entry);

// The present head. Errors: kDataLoss AUDIT_TREE_BROKEN.
absl::StatusOr<Checkpoint> Read(storage::Reader& reader);

// Proofs for crypto::VerifyInclusion and VerifyConsistency, from the tree of any size that the log has or had. Both
// read the hashes of all leaves up to there. Errors: kOutOfRange MERKLE_INDEX unless index < size <= the log's and
// old_size <= size <= the log's; kDataLoss AUDIT_TREE_BROKEN, AUDIT_LEAF_BROKEN with detail `index`.
absl::StatusOr<std::vector<crypto::Digest>> ProveInclusion(storage::Reader& reader, std::uint64_t index,
                                                           std::uint64_t size);
absl::StatusOr<std::vector<crypto::Digest>> ProveConsistency(storage::Reader& reader, std::uint64_t old_size,
                                                             std::uint64_t size);

inline constexpr std::int64_t kMaxPage = 1000;
// The leaves of one dossier with an index of at least `first`, ascending, at most `at_most` (1 to 1000). Fewer than
// that: the last page. The next one starts behind the last leaf's index. Proves nothing; Verify does.
// Errors: kInvalidArgument AUDIT_PAGE_SIZE; kDataLoss AUDIT_LEAF_BROKEN.
absl::StatusOr<std::vector<Leaf>> Entries(storage::Reader& reader, std::string_view dossier, std::uint64_t first,
                                          std::int64_t at_most);

// Computes every hash anew and returns the head. `witnessed`: heads that were noted elsewhere earlier; only against
// these shows a log that was rewritten as a whole. May run beside appends.
// Errors, all kDataLoss:
//   AUDIT_LEAF_BROKEN     detail `index`: the first leaf that is missing, is not what its hash says, or has another
//   hash
//                         than the leaf after it, or the tree's row, names
//   AUDIT_TREE_BROKEN     detail `index`: every leaf before it is as the tree's row says, and of it and those after it
//                         some are not; equal to the size: there are more leaves, or the row itself was changed
//   AUDIT_HISTORY_CHANGED detail `size`: that of the smallest witnessed head that this log never had
absl::StatusOr<Checkpoint> Verify(storage::Reader& reader, std::span<const Checkpoint> witnessed = {});

}  // namespace teilhabe::audit
