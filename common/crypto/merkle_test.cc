#include "common/crypto/merkle.h"

#include <array>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "common/base/reason.h"
#include "gtest/gtest.h"

namespace teilhabe::crypto {
namespace {

// The test inputs of certificate-transparency and the roots of their first 0 to 8.
const std::vector<std::string>& ReferenceEntries() {
  static const auto* const entries =
      new std::vector<std::string>{"",
                                   std::string(1, '\0'),
                                   "\x10",
                                   absl::HexStringToBytes("2021"),
                                   absl::HexStringToBytes("3031"),
                                   absl::HexStringToBytes("40414243"),
                                   absl::HexStringToBytes("5051525354555657"),
                                   absl::HexStringToBytes("606162636465666768696a6b6c6d6e6f")};
  return *entries;
}
constexpr std::array<const char*, 9> kReferenceRoots = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

std::vector<Digest> Leaves(std::span<const std::string> entries) {
  std::vector<Digest> leaves;
  leaves.reserve(entries.size());
  for (const std::string& entry : entries) leaves.push_back(MerkleLeaf(entry));
  return leaves;
}

std::vector<Digest> Digests(const std::vector<std::string>& hex) {
  std::vector<Digest> digests;
  digests.reserve(hex.size());
  for (const std::string& one : hex) digests.push_back(*Digest::FromHex(one));
  return digests;
}

class MerkleRootTest : public testing::TestWithParam<std::size_t> {};
TEST_P(MerkleRootTest, IsTheReference) {
  const std::vector<Digest> leaves = Leaves(std::span(ReferenceEntries()).first(GetParam()));
  EXPECT_EQ(MerkleRoot(leaves).Hex(), kReferenceRoots[GetParam()]);
  MerkleAppender tree;
  for (const Digest& leaf : leaves) ASSERT_TRUE(tree.Append(leaf).ok());
  EXPECT_EQ(tree.Root().Hex(), kReferenceRoots[GetParam()]);
}
INSTANTIATE_TEST_SUITE_P(Sizes, MerkleRootTest, testing::Range(std::size_t{0}, std::size_t{9}),
                         testing::PrintToStringParamName());

TEST(MerkleReferenceTest, Proofs) {
  const std::vector<Digest> leaves = Leaves(ReferenceEntries());
  EXPECT_EQ(*InclusionProof(leaves, 0), Digests({"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                                                 "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                                                 "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}));
  EXPECT_EQ(*InclusionProof(std::span(leaves).first(3), 2),
            Digests({"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"}));
  EXPECT_EQ(*ConsistencyProof(leaves, 6),
            Digests({"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                     "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                     "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}));
}

// All trees of 1 to 40 leaves, which are the prefixes of one.
constexpr std::size_t kMaxSize = 40;
constexpr std::size_t kAllBitsUpTo = 12;  // Larger trees: one bit of each digest, to stay fast.
constexpr std::size_t kDigestBits = 8 * Digest::kSize;

class MerklePropertyTest : public testing::Test {
 protected:
  MerklePropertyTest() {
    for (std::size_t i = 0; i < kMaxSize; ++i) leaves_.push_back(MerkleLeaf(std::to_string(i)));
    for (std::size_t size = 0; size <= kMaxSize; ++size) roots_.push_back(MerkleRoot(First(size)));
  }
  std::span<const Digest> First(std::size_t size) const { return std::span(leaves_).first(size); }

  static Digest Flip(const Digest& digest, std::size_t bit) {
    std::string bytes(digest.bytes());
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
    return *Digest::FromBytes(bytes);
  }

  // Runs `check` with the bits to flip in a digest of a tree of `size`.
  template <typename Check>
  static void ForEachBit(std::size_t size, const Check& check) {
    if (size > kAllBitsUpTo) return check(size * 7 % kDigestBits);
    for (std::size_t bit = 0; bit < kDigestBits; ++bit) check(bit);
  }

  // Runs `check` with each wrong form of the proof: a bit flipped, a digest dropped, doubled, two exchanged.
  template <typename Check>
  static void ForEachWrong(const std::vector<Digest>& proof, std::size_t size, const Check& check) {
    for (std::size_t i = 0; i < proof.size(); ++i) {
      std::vector<Digest> wrong = proof;
      ForEachBit(size, [&](std::size_t bit) {
        wrong[i] = Flip(proof[i], bit);
        check(wrong);
      });
      wrong = proof;
      wrong.erase(wrong.begin() + static_cast<std::ptrdiff_t>(i));
      check(wrong);
      wrong = proof;
      wrong.insert(wrong.begin() + static_cast<std::ptrdiff_t>(i), proof[i]);
      check(wrong);
      if (i > 0) {
        wrong = proof;
        std::swap(wrong[i], wrong[i - 1]);
        check(wrong);
      }
    }
    std::vector<Digest> longer = proof;
    longer.emplace_back();
    check(longer);
  }

  std::vector<Digest> leaves_;
  std::vector<Digest> roots_;
};

TEST_F(MerklePropertyTest, InclusionHoldsForTheLeafAndNothingElse) {
  for (std::size_t size = 1; size <= kMaxSize; ++size) {
    const std::vector<std::vector<Digest>> all = AllInclusionProofs(First(size));
    ASSERT_EQ(all.size(), size);
    for (std::size_t index = 0; index < size; ++index) {
      SCOPED_TRACE(testing::Message() << "leaf " << index << " of " << size);
      const std::vector<Digest> proof = *InclusionProof(First(size), index);
      EXPECT_EQ(all[index], proof);
      EXPECT_TRUE(VerifyInclusion(leaves_[index], index, size, roots_[size], proof).ok());
      // Any other index, and any other head.
      for (std::size_t wrong = 0; wrong <= kMaxSize; ++wrong) {
        if (wrong != index) {
          EXPECT_FALSE(VerifyInclusion(leaves_[index], wrong, size, roots_[size], proof).ok()) << wrong;
          EXPECT_FALSE(wrong < size && VerifyInclusion(leaves_[wrong], index, size, roots_[size], proof).ok()) << wrong;
        }
        if (wrong != size) {
          EXPECT_FALSE(VerifyInclusion(leaves_[index], index, wrong, roots_[wrong], proof).ok()) << wrong;
          EXPECT_FALSE(VerifyInclusion(leaves_[index], index, size, roots_[wrong], proof).ok()) << wrong;
        }
      }
      ForEachBit(size, [&](std::size_t bit) {
        EXPECT_FALSE(VerifyInclusion(Flip(leaves_[index], bit), index, size, roots_[size], proof).ok()) << bit;
        EXPECT_FALSE(VerifyInclusion(leaves_[index], index, size, Flip(roots_[size], bit), proof).ok()) << bit;
      });
      ForEachWrong(proof, size, [&](const std::vector<Digest>& wrong) {
        EXPECT_FALSE(VerifyInclusion(leaves_[index], index, size, roots_[size], wrong).ok());
      });
    }
  }
}

TEST_F(MerklePropertyTest, ConsistencyHoldsForThePrefixAndNothingElse) {
  for (std::size_t size = 1; size <= kMaxSize; ++size) {
    for (std::size_t old_size = 0; old_size <= size; ++old_size) {
      SCOPED_TRACE(testing::Message() << "from " << old_size << " to " << size);
      const std::vector<Digest> proof = *ConsistencyProof(First(size), old_size);
      EXPECT_TRUE(VerifyConsistency(old_size, roots_[old_size], size, roots_[size], proof).ok());
      for (std::size_t wrong = 0; wrong <= kMaxSize; ++wrong) {
        if (wrong != old_size) {
          // From nothing every tree is consistent, and each with itself: only there is the proof empty.
          const bool other_truth = proof.empty() && (wrong == 0 || wrong == size);
          EXPECT_EQ(VerifyConsistency(wrong, roots_[wrong], size, roots_[size], proof).ok(), other_truth) << wrong;
          EXPECT_FALSE(VerifyConsistency(old_size, roots_[wrong], size, roots_[size], proof).ok()) << wrong;
        }
        if (wrong != size && old_size > 0) {
          EXPECT_EQ(VerifyConsistency(old_size, roots_[old_size], wrong, roots_[wrong], proof).ok(),
                    proof.empty() && wrong == old_size)
              << wrong;
          EXPECT_FALSE(VerifyConsistency(old_size, roots_[old_size], size, roots_[wrong], proof).ok()) << wrong;
        }
      }
      ForEachBit(size, [&](std::size_t bit) {
        EXPECT_FALSE(VerifyConsistency(old_size, Flip(roots_[old_size], bit), size, roots_[size], proof).ok()) << bit;
        EXPECT_FALSE(old_size > 0 &&
                     VerifyConsistency(old_size, roots_[old_size], size, Flip(roots_[size], bit), proof).ok())
            << bit;
      });
      ForEachWrong(proof, size, [&](const std::vector<Digest>& wrong) {
        EXPECT_FALSE(VerifyConsistency(old_size, roots_[old_size], size, roots_[size], wrong).ok());
      });
    }
  }
}

TEST_F(MerklePropertyTest, AppenderGoesOnFromItsEdge) {
  MerkleAppender tree;
  for (std::size_t size = 0; size <= kMaxSize; ++size) {
    EXPECT_EQ(tree.size(), size);
    EXPECT_EQ(tree.Root(), roots_[size]) << size;
    absl::StatusOr<MerkleAppender> stored = MerkleAppender::FromEdge(tree.size(), tree.edge());
    ASSERT_TRUE(stored.ok()) << stored.status();
    tree = *stored;
    if (size == kMaxSize) break;
    ASSERT_TRUE(tree.Append(leaves_[size]).ok());
  }
}

TEST(MerkleLimitTest, EdgeFitsItsSizeAndTheTreeGetsFull) {
  EXPECT_EQ(GetReason(MerkleAppender::FromEdge(3, std::vector<Digest>(1)).status()), "MERKLE_EDGE_INVALID");
  EXPECT_EQ(GetReason(MerkleAppender::FromEdge(0, std::vector<Digest>(1)).status()), "MERKLE_EDGE_INVALID");
  EXPECT_EQ(GetReason(MerkleAppender::FromEdge(kMerkleMaxSize + 1, std::vector<Digest>(2)).status()),
            "MERKLE_EDGE_INVALID");
  MerkleAppender tree = *MerkleAppender::FromEdge(kMerkleMaxSize - 1, std::vector<Digest>(32));
  EXPECT_TRUE(tree.Append(Digest()).ok());
  EXPECT_EQ(tree.edge().size(), 1U);
  EXPECT_EQ(GetReason(tree.Append(Digest())), "MERKLE_FULL");
}

TEST(MerkleLimitTest, ProofsUpTo2To32Leaves) {
  // A path of 32 siblings in the largest tree: the root follows from the path alone.
  const std::vector<Digest> path(32, MerkleLeaf("x"));
  EXPECT_TRUE(RootFromInclusion(MerkleLeaf("y"), kMerkleMaxSize - 1, kMerkleMaxSize, path).ok());
  EXPECT_TRUE(RootFromInclusion(MerkleLeaf("y"), 0, kMerkleMaxSize, path).ok());
  const std::vector<Digest> longer(33, MerkleLeaf("x"));
  for (const std::uint64_t size : {kMerkleMaxSize + 1, kMerkleMaxSize * 2, ~std::uint64_t{0}}) {
    for (const std::vector<Digest>& proof : {path, longer}) {
      EXPECT_EQ(GetReason(RootFromInclusion(MerkleLeaf("y"), 0, size, proof).status()), "MERKLE_PROOF_INVALID");
    }
    EXPECT_EQ(GetReason(VerifyConsistency(size, Digest(), size, Digest(), {})), "MERKLE_PROOF_INVALID");
  }
  EXPECT_TRUE(VerifyConsistency(kMerkleMaxSize, Digest(), kMerkleMaxSize, Digest(), {}).ok());
}

TEST(MerkleLimitTest, APathHasTheLengthOfItsTree) {
  const std::vector<Digest> path(4, MerkleLeaf("x"));
  for (std::size_t length = 0; length <= path.size(); ++length) {
    const absl::StatusOr<Digest> root = RootFromInclusion(MerkleLeaf("y"), 5, 8, std::span(path).first(length));
    EXPECT_EQ(GetReason(root.status()), length == 3 ? "" : "MERKLE_PROOF_INVALID") << length;
  }
  // A head that lies about its size is seen where the shapes differ, and only there.
  const std::vector<Digest> leaves = Leaves(ReferenceEntries());
  const std::vector<Digest> proof = *ConsistencyProof(leaves, 5);
  for (const std::uint64_t size : {6U, 9U, 16U}) {
    EXPECT_FALSE(VerifyConsistency(5, MerkleRoot(std::span(leaves).first(5)), size, MerkleRoot(leaves), proof).ok());
  }
  const std::vector<Digest> short_proof = *ConsistencyProof(std::span(leaves).first(5), 4);
  EXPECT_FALSE(VerifyConsistency(4, MerkleRoot(std::span(leaves).first(4)), 16, MerkleRoot(std::span(leaves).first(5)),
                                 short_proof)
                   .ok());
}

TEST(MerkleErrorTest, NamesWhatIsOutOfRange) {
  const std::vector<Digest> leaves = Leaves(ReferenceEntries());
  EXPECT_EQ(GetReason(InclusionProof(leaves, 8).status()), "MERKLE_INDEX");
  EXPECT_EQ(GetReason(InclusionProof({}, 0).status()), "MERKLE_INDEX");
  EXPECT_EQ(GetReason(ConsistencyProof(leaves, 9).status()), "MERKLE_INDEX");
  EXPECT_EQ(GetReason(VerifyInclusion(leaves[0], 0, 0, Digest(), {})), "MERKLE_PROOF_INVALID");
  EXPECT_EQ(GetReason(VerifyConsistency(2, Digest(), 1, Digest(), {})), "MERKLE_PROOF_INVALID");
  EXPECT_TRUE(AllInclusionProofs({}).empty());
}

}  // namespace
}  // namespace teilhabe::crypto
