#include "common/crypto/merkle.h"

#include <bit>
#include <utility>

#include "common/base/check.h"
#include "common/base/reason.h"

namespace teilhabe::crypto {
namespace {

// The largest power of two below `size`, which is above 1: where RFC 6962 splits a tree.
std::size_t Split(std::size_t size) { return std::bit_floor(size - 1); }

absl::Status ProofInvalid() {
  return ReasonError(absl::StatusCode::kInvalidArgument, "MERKLE_PROOF_INVALID",
                     "the proof does not lead to this tree head");
}

absl::Status IndexError() {
  return ReasonError(absl::StatusCode::kOutOfRange, "MERKLE_INDEX", "the tree has no such leaf or earlier size");
}

// MTH(D[n]) of at least one leaf, which also hands each leaf the siblings above it; `paths` may be empty.
Digest Root(std::span<const Digest> leaves, std::span<std::vector<Digest>> paths) {
  if (leaves.size() == 1) return leaves[0];
  const std::size_t split = Split(leaves.size());
  const bool wanted = !paths.empty();
  const Digest left = Root(leaves.first(split), wanted ? paths.first(split) : paths);
  const Digest right = Root(leaves.subspan(split), wanted ? paths.subspan(split) : paths);
  for (std::size_t i = 0; i < paths.size(); ++i) paths[i].push_back(i < split ? right : left);
  return MerkleNode(left, right);
}

// SUBPROOF(m, D[n], b) of RFC 6962, section 2.1.2, for 0 < m <= n.
void Subproof(std::size_t old_size, std::span<const Digest> leaves, bool whole, std::vector<Digest>& proof) {
  if (old_size == leaves.size()) {
    if (!whole) proof.push_back(MerkleRoot(leaves));
    return;
  }
  const std::size_t split = Split(leaves.size());
  if (old_size <= split) {
    Subproof(old_size, leaves.first(split), whole, proof);
    proof.push_back(MerkleRoot(leaves.subspan(split)));
  } else {
    Subproof(old_size - split, leaves.subspan(split), false, proof);
    proof.push_back(MerkleRoot(leaves.first(split)));
  }
}

// The place of a node on its level and that of the level's last node; goes from the leaves to the root, where both
// are 0. A node that is the last of its level and even has no sibling there and rises unchanged.
struct Position {
  std::uint64_t node;
  std::uint64_t last;

  bool AtRoot() const { return last == 0; }
  bool SiblingIsLeft() const { return (node & 1) != 0 || node == last; }
  void Rise() {
    node >>= 1;
    last >>= 1;
  }
  void RiseToSibling() {
    while ((node & 1) == 0 && node != 0) Rise();
  }
};

}  // namespace

Digest MerkleLeaf(std::string_view entry) { return Sha256({std::string_view("\0", 1), entry}); }

Digest MerkleNode(const Digest& left, const Digest& right) { return Sha256({"\x01", left.bytes(), right.bytes()}); }

Digest MerkleRoot(std::span<const Digest> leaves) { return leaves.empty() ? Sha256("") : Root(leaves, {}); }

absl::StatusOr<std::vector<Digest>> InclusionProof(std::span<const Digest> leaves, std::uint64_t index) {
  if (index >= leaves.size()) return IndexError();
  std::vector<Digest> proof;
  while (leaves.size() > 1) {
    const std::size_t split = Split(leaves.size());
    const bool left = index < split;
    proof.push_back(MerkleRoot(left ? leaves.subspan(split) : leaves.first(split)));
    leaves = left ? leaves.first(split) : leaves.subspan(split);
    if (!left) index -= split;
  }
  return std::vector<Digest>(proof.rbegin(), proof.rend());
}

std::vector<std::vector<Digest>> AllInclusionProofs(std::span<const Digest> leaves) {
  std::vector<std::vector<Digest>> paths(leaves.size());
  if (!leaves.empty()) Root(leaves, paths);
  return paths;
}

absl::StatusOr<std::vector<Digest>> ConsistencyProof(std::span<const Digest> leaves, std::uint64_t old_size) {
  if (old_size > leaves.size()) return IndexError();
  std::vector<Digest> proof;
  if (old_size > 0) Subproof(old_size, leaves, true, proof);
  return proof;
}

absl::StatusOr<Digest> RootFromInclusion(const Digest& leaf, std::uint64_t index, std::uint64_t size,
                                         std::span<const Digest> proof) {
  if (index >= size || size > kMerkleMaxSize) return ProofInvalid();
  Position at{index, size - 1};
  Digest root = leaf;
  for (const Digest& sibling : proof) {
    if (at.AtRoot()) return ProofInvalid();
    if (at.SiblingIsLeft()) {
      root = MerkleNode(sibling, root);
      at.RiseToSibling();
    } else {
      root = MerkleNode(root, sibling);
    }
    at.Rise();
  }
  if (!at.AtRoot()) return ProofInvalid();
  return root;
}

absl::Status VerifyInclusion(const Digest& leaf, std::uint64_t index, std::uint64_t size, const Digest& root,
                             std::span<const Digest> proof) {
  const absl::StatusOr<Digest> reached = RootFromInclusion(leaf, index, size, proof);
  return reached.ok() && *reached == root ? absl::OkStatus() : ProofInvalid();
}

absl::Status VerifyConsistency(std::uint64_t old_size, const Digest& old_root, std::uint64_t new_size,
                               const Digest& new_root, std::span<const Digest> proof) {
  if (old_size > new_size || new_size > kMerkleMaxSize) return ProofInvalid();
  if (old_size == 0 || old_size == new_size) {
    const Digest& expected = old_size == 0 ? Sha256("") : new_root;
    return proof.empty() && old_root == expected ? absl::OkStatus() : ProofInvalid();
  }
  // Start at the largest complete subtree that ends the old tree. If that is the whole old tree, its root is known and
  // not in the proof.
  Position at{old_size - 1, new_size - 1};
  while ((at.node & 1) != 0) at.Rise();
  Digest old_reached = old_root;
  if (!std::has_single_bit(old_size)) {
    if (proof.empty()) return ProofInvalid();
    old_reached = proof[0];
    proof = proof.subspan(1);
  }
  Digest new_reached = old_reached;
  for (const Digest& sibling : proof) {
    if (at.AtRoot()) return ProofInvalid();
    if (at.SiblingIsLeft()) {
      old_reached = MerkleNode(sibling, old_reached);
      new_reached = MerkleNode(sibling, new_reached);
      at.RiseToSibling();
    } else {
      new_reached = MerkleNode(new_reached, sibling);
    }
    at.Rise();
  }
  return at.AtRoot() && old_reached == old_root && new_reached == new_root ? absl::OkStatus() : ProofInvalid();
}

absl::StatusOr<MerkleAppender> MerkleAppender::FromEdge(std::uint64_t size, std::vector<Digest> edge) {
  if (size > kMerkleMaxSize || static_cast<std::size_t>(std::popcount(size)) != edge.size()) {
    return ReasonError(absl::StatusCode::kInvalidArgument, "MERKLE_EDGE_INVALID",
                       "the stored edge does not fit the stored size");
  }
  MerkleAppender tree;
  tree.size_ = size;
  tree.edge_ = std::move(edge);
  return tree;
}

absl::Status MerkleAppender::Append(const Digest& leaf) {
  if (size_ >= kMerkleMaxSize) {
    return ReasonError(absl::StatusCode::kResourceExhausted, "MERKLE_FULL", "start a new log");
  }
  Digest node = leaf;
  for (std::uint64_t rest = size_; (rest & 1) != 0; rest >>= 1) {
    node = MerkleNode(edge_.back(), node);
    edge_.pop_back();
  }
  edge_.push_back(node);
  ++size_;
  return absl::OkStatus();
}

Digest MerkleAppender::Root() const {
  if (edge_.empty()) return Sha256("");
  Digest root = edge_.back();
  for (std::size_t i = edge_.size() - 1; i-- > 0;) root = MerkleNode(edge_[i], root);
  return root;
}

}  // namespace teilhabe::crypto
