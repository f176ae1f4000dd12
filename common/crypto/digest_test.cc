#include "common/crypto/digest.h"

#include <string>

#include "absl/strings/escaping.h"
#include "common/base/reason.h"
#include "gtest/gtest.h"

namespace teilhabe::crypto {
namespace {

struct HashCase {
  const char* name;
  std::string input;
  const char* want;
};
class Sha256Test : public testing::TestWithParam<HashCase> {};
TEST_P(Sha256Test, FollowsTheVector) { EXPECT_EQ(Sha256(GetParam().input).Hex(), GetParam().want); }
INSTANTIATE_TEST_SUITE_P(  // FIPS 180-4, examples of NIST.
    Nist, Sha256Test,
    testing::Values(HashCase{"Empty", "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
                    HashCase{"Abc", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
                    HashCase{"TwoBlocks", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                             "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
                    HashCase{"MillionA", std::string(1000000, 'a'),
                             "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"}),
    [](const auto& tested) { return tested.param.name; });

TEST(Sha256PartsTest, PartsAreOneInput) { EXPECT_EQ(Sha256({"a", "", "bc"}), Sha256("abc")); }

struct TextCase {
  const char* name;
  std::string hex;
  bool ok;
};
class DigestHexTest : public testing::TestWithParam<TextCase> {};
TEST_P(DigestHexTest, ReadsOneSpellingOnly) {
  const absl::StatusOr<Digest> digest = Digest::FromHex(GetParam().hex);
  ASSERT_EQ(digest.ok(), GetParam().ok);
  if (digest.ok()) {
    EXPECT_EQ(digest->Hex(), GetParam().hex);
  } else {
    EXPECT_EQ(GetReason(digest.status()), "DIGEST_INVALID");
  }
}
INSTANTIATE_TEST_SUITE_P(
    Spellings, DigestHexTest,
    testing::Values(TextCase{"Zero", std::string(64, '0'), true},
                    TextCase{"All", "0123456789abcdef0123456789abcdef0123456789abcdef00ff7f80fe01aa55", true},
                    TextCase{"UpperCase", std::string(64, 'A'), false}, TextCase{"Empty", "", false},
                    TextCase{"Short", std::string(62, '0'), false}, TextCase{"Odd", std::string(63, '0'), false},
                    TextCase{"Long", std::string(66, '0'), false},
                    TextCase{"NoDigitLast", std::string(63, '0') + "g", false},
                    TextCase{"NoDigitFirst", "/" + std::string(63, '0'), false},
                    TextCase{"Colons", std::string(62, '0') + "::", false}),
    [](const auto& tested) { return tested.param.name; });

TEST(DigestBytesTest, TakesExactly32) {
  for (const std::size_t size : {0U, 31U, 33U, 64U}) {
    EXPECT_EQ(GetReason(Digest::FromBytes(std::string(size, 'x')).status()), "DIGEST_INVALID") << size;
  }
  EXPECT_EQ(Digest::FromBytes(std::string(32, 'x'))->bytes(), std::string(32, 'x'));
}

TEST(DigestOrderTest, ComparesUnsignedBytesAndAll32) {
  const Digest zero;
  const Digest low = *Digest::FromHex(std::string(62, '0') + "7f");
  const Digest high = *Digest::FromHex(std::string(62, '0') + "80");
  EXPECT_LT(zero, low);
  EXPECT_LT(low, high);
  EXPECT_NE(low, high);
  EXPECT_EQ(zero, Digest());
}

TEST(HasherTest, StartsWithTheTagAndWritesLengths) {
  // Computed apart: SHA-256("teilhabe/x/v1\0" ‖ 00000002 ‖ "ab" ‖ 0000000000000102 ‖ "c").
  EXPECT_EQ(Hasher("x").Field("ab").Number(258).Raw("c").Finish().Hex(),
            "c1f12b4114d211e6f06ff83e33efb5c6bb5d3b198fdf6d080951562915677d9f");
}

TEST(HasherTest, FieldsDoNotRunTogether) {
  EXPECT_NE(Hasher("x").Field("ab").Field("c").Finish(), Hasher("x").Field("a").Field("bc").Finish());
  EXPECT_NE(Hasher("x").Field("").Field("a").Finish(), Hasher("x").Field("a").Field("").Finish());
  EXPECT_NE(Hasher("x").Field("a").Finish(), Hasher("y").Field("a").Finish());
}

TEST(HasherDeathTest, RefusesWhatWouldCollide) {
  for (const std::string name : {"", "A", "a b", "ä"}) EXPECT_DEATH(Hasher{name}, "check failed") << name;
  EXPECT_DEATH(Hasher(std::string_view("a/v1\0b", 6)), "check failed");
  EXPECT_DEATH(
      {
        Hasher hasher("x");
        hasher.Finish();
        hasher.Raw("more");
      },
      "check failed");
}

std::string CountingSalt() {
  std::string salt;
  for (char c = 0; c < 32; ++c) salt.push_back(c);
  return salt;
}

TEST(SectionDigestTest, IsTheOneOfTheDesign) {
  // Computed apart, with salt 00 01 … 1f.
  EXPECT_EQ(SectionDigest(CountingSalt(), "procedure", "Größe")->Hex(),
            "a1c4bcd81097dad0f2bb3354e5f061897d0d92b12a2155d28a7d8a431d5d60ba");
}

TEST(SectionDigestTest, DependsOnEveryPart) {
  const std::string salt = CountingSalt();
  const Digest digest = *SectionDigest(salt, "name", "payload");
  std::string other_salt = salt;
  other_salt[31] ^= 1;
  EXPECT_NE(*SectionDigest(other_salt, "name", "payload"), digest);
  EXPECT_NE(*SectionDigest(salt, "names", "payload"), digest);
  EXPECT_NE(*SectionDigest(salt, "name", "payloa"), digest);
  EXPECT_NE(*SectionDigest(salt, "namep", "ayload"), digest);
}

TEST(SectionDigestTest, SaltHas32Bytes) {
  for (const std::size_t size : {0U, 31U, 33U}) {
    EXPECT_EQ(GetReason(SectionDigest(std::string(size, 's'), "n", "p").status()), "SALT_INVALID") << size;
  }
}

struct MacCase {
  const char* name;
  std::string key;
  std::string text;
  const char* want;
};
class HmacTest : public testing::TestWithParam<MacCase> {};
TEST_P(HmacTest, FollowsTheVectorAndNoOther) {
  const MacCase& row = GetParam();
  const Digest mac = HmacSha256(row.key, row.text);
  EXPECT_EQ(mac.Hex(), row.want);
  EXPECT_TRUE(VerifyHmacSha256(row.key, row.text, mac.bytes()));
  for (std::size_t bit = 0; bit < 8 * Digest::kSize; ++bit) {
    std::string changed(mac.bytes());
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(VerifyHmacSha256(row.key, row.text, changed)) << bit;
  }
  EXPECT_FALSE(VerifyHmacSha256(row.key + "x", row.text, mac.bytes()));
  EXPECT_FALSE(VerifyHmacSha256(row.key, row.text + "x", mac.bytes()));
  EXPECT_FALSE(VerifyHmacSha256(row.key, row.text, mac.bytes().substr(0, 31)));
  EXPECT_FALSE(VerifyHmacSha256(row.key, row.text, ""));
}
INSTANTIATE_TEST_SUITE_P(
    Rfc4231, HmacTest,
    testing::Values(
        MacCase{"Case1", std::string(20, '\x0b'), "Hi There",
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        MacCase{"Case2", "Jefe", "what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        MacCase{"Case3", std::string(20, '\xaa'), std::string(50, '\xdd'),
                "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
        MacCase{"Case4", absl::HexStringToBytes("0102030405060708090a0b0c0d0e0f10111213141516171819"),
                std::string(50, '\xcd'), "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
        MacCase{"Case6", std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
        MacCase{"Case7", std::string(131, '\xaa'),
                "This is a test using a larger than block-size key and a larger than block-size data. The key needs to "
                "be hashed before being used by the HMAC algorithm.",
                "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"}),
    [](const auto& tested) { return tested.param.name; });

TEST(HmacDeathTest, AnEmptyKeyEndsTheProcess) { EXPECT_DEATH(HmacSha256("", "x"), "check failed"); }

TEST(ConstantTimeEqualTest, ComparesAll) {
  EXPECT_TRUE(ConstantTimeEqual("", ""));
  EXPECT_TRUE(ConstantTimeEqual("abc", "abc"));
  EXPECT_FALSE(ConstantTimeEqual("abc", "abd"));
  EXPECT_FALSE(ConstantTimeEqual("abc", "ab"));
}

}  // namespace
}  // namespace teilhabe::crypto
