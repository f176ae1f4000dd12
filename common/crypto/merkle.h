#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/crypto/digest.h"

// The Merkle tree of RFC 6962, section 2.1, for up to 2^32 leaves. A tree is given by the hashes of its leaves in
// order; a *head* is its size and root together. Roots say nothing about sizes, so the size that a proof is checked
// with must come from the same trusted head as the root.
namespace teilhabe::crypto {

inline constexpr std::uint64_t kMerkleMaxSize = std::uint64_t{1} << 32;

// SHA-256(0x00 ‖ entry).
Digest MerkleLeaf(std::string_view entry);
// SHA-256(0x01 ‖ left ‖ right).
Digest MerkleNode(const Digest& left, const Digest& right);

// The root; of no leaves SHA-256 of nothing.
Digest MerkleRoot(std::span<const Digest> leaves);

// The audit path of one leaf, from the leaf's sibling up. Errors: kOutOfRange, MERKLE_INDEX unless index < size.
absl::StatusOr<std::vector<Digest>> InclusionProof(std::span<const Digest> leaves, std::uint64_t index);
// The audit paths of all leaves, for the price of one root.
std::vector<std::vector<Digest>> AllInclusionProofs(std::span<const Digest> leaves);
// That the first `old_size` leaves are an earlier state of this tree; empty for 0 and for all.
// Errors: kOutOfRange, MERKLE_INDEX unless old_size <= size.
absl::StatusOr<std::vector<Digest>> ConsistencyProof(std::span<const Digest> leaves, std::uint64_t old_size);

// The root that a path leads to from the leaf at `index` of a tree of `size`.
// Errors: kInvalidArgument, MERKLE_PROOF_INVALID where no tree of that size has a path of this shape.
absl::StatusOr<Digest> RootFromInclusion(const Digest& leaf, std::uint64_t index, std::uint64_t size,
                                         std::span<const Digest> proof);

// Errors of both: kInvalidArgument, MERKLE_PROOF_INVALID.
absl::Status VerifyInclusion(const Digest& leaf, std::uint64_t index, std::uint64_t size, const Digest& root,
                             std::span<const Digest> proof);
absl::Status VerifyConsistency(std::uint64_t old_size, const Digest& old_root, std::uint64_t new_size,
                               const Digest& new_root, std::span<const Digest> proof);

// A growing tree of which only the right edge is kept: the roots of its complete subtrees, largest first, at most 33.
class MerkleAppender {
 public:
  MerkleAppender() = default;
  // Goes on from a stored edge. Errors: kInvalidArgument, MERKLE_EDGE_INVALID unless `edge` has one root for each
  // one-bit of `size`; whether they are the right ones shows only in Root().
  static absl::StatusOr<MerkleAppender> FromEdge(std::uint64_t size, std::vector<Digest> edge);

  // Errors: kResourceExhausted, MERKLE_FULL at 2^32 leaves.
  absl::Status Append(const Digest& leaf);
  std::uint64_t size() const { return size_; }
  const std::vector<Digest>& edge() const { return edge_; }
  Digest Root() const;

 private:
  std::uint64_t size_ = 0;
  std::vector<Digest> edge_;
};

}  // namespace teilhabe::crypto
