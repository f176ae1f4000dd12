#include "common/base/utf8.h"

#include "gtest/gtest.h"

namespace teilhabe {
namespace {

struct Case {
  const char* name;
  std::string text;
  std::size_t valid;
};

class Utf8Test : public testing::TestWithParam<Case> {};

TEST_P(Utf8Test, FindsTheFirstByteThatIsNone) {
  EXPECT_EQ(ValidUtf8Prefix(GetParam().text), GetParam().valid);
  EXPECT_EQ(IsUtf8(GetParam().text), GetParam().valid == GetParam().text.size());
  EXPECT_TRUE(IsUtf8(ReplaceInvalidUtf8(GetParam().text)));
}

INSTANTIATE_TEST_SUITE_P(
    Bounds, Utf8Test,
    testing::Values(Case{"Empty", "", 0}, Case{"Ascii", "Kiel", 4}, Case{"Nul", std::string("a\0b", 3), 3},
                    Case{"TwoBytes", "ü\xC2\x80\xDF\xBF", 6}, Case{"ThreeBytes", "€\xE0\xA0\x80\xEF\xBF\xBF", 9},
                    Case{"FourBytes", "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", 8}, Case{"Latin1", "M\xFCnchen", 1},
                    Case{"LoneContinuation", "a\x80", 1}, Case{"Overlong2", "\xC0\xAF", 0},
                    Case{"Overlong2High", "\xC1\xBF", 0}, Case{"Overlong3", "\xE0\x9F\xBF", 0},
                    Case{"Overlong4", "\xF0\x8F\xBF\xBF", 0}, Case{"BelowSurrogates", "\xED\x9F\xBF", 3},
                    Case{"Surrogate", "\xED\xA0\x80", 0}, Case{"BeyondUnicode", "\xF4\x90\x80\x80", 0},
                    Case{"FiveBytes", "\xF8\x88\x80\x80\x80", 0}, Case{"CutIn2", "a\xC3", 1},
                    Case{"CutIn3", "a\xE2\x82", 1}, Case{"CutIn4", "a\xF0\x9F\x98", 1},
                    Case{"BadSecond", "\xC3\x28", 0}, Case{"BadThird", "\xE2\x82\x28", 0},
                    Case{"BadFourth", "\xF0\x9F\x98\x28", 0}),
    [](const auto& tested) { return tested.param.name; });

TEST(Utf8ReplaceTest, KeepsTheRest) {
  EXPECT_EQ(ReplaceInvalidUtf8("M\xFCnchen"), "M\xEF\xBF\xBDnchen");
  EXPECT_EQ(ReplaceInvalidUtf8("xä\xC3"), "xä\xEF\xBF\xBD");
  EXPECT_EQ(ReplaceInvalidUtf8("\xFF\xFE"), "\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(ReplaceInvalidUtf8("grün"), "grün");
}

}  // namespace
}  // namespace teilhabe
