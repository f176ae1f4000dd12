#include "common/crypto/random.h"

#include <set>
#include <string>

#include "absl/strings/escaping.h"
#include "gtest/gtest.h"

namespace teilhabe::crypto {
namespace {

TEST(SystemRngTest, FillsAllAndDoesNotRepeat) {
  SystemRng rng;
  std::set<std::string> seen;
  std::set<char> last_bytes;
  for (int i = 0; i < 100; ++i) {
    const std::string bytes = rng.Bytes(16);
    EXPECT_EQ(bytes.size(), 16U);
    EXPECT_TRUE(seen.insert(bytes).second);
    last_bytes.insert(bytes.back());
  }
  EXPECT_GT(last_bytes.size(), 10U);  // All the same by chance: below 2^-700.
  EXPECT_EQ(rng.Bytes(0), "");
}

TEST(SeededRngTest, IsTheSameOnEveryMachine) {
  SeededRng rng(5489);  // The standard names the 10000th draw of this seed: 9981545732273789042.
  rng.Bytes(9999);
  EXPECT_EQ(static_cast<unsigned char>(rng.Bytes(1)[0]), 9981545732273789042ULL >> 56);
}

TEST(SeededRngTest, PiecesDoNotMatterSeedsDo) {
  SeededRng whole(7);
  SeededRng pieces(7);
  SeededRng other(8);
  const std::string bytes = whole.Bytes(20);
  std::string joined;  // Piece by piece: the order of the operands of + is the compiler's choice.
  for (const std::size_t size : {3U, 0U, 17U}) joined += pieces.Bytes(size);
  EXPECT_EQ(joined, bytes);
  EXPECT_NE(other.Bytes(20), bytes);
}

}  // namespace
}  // namespace teilhabe::crypto
