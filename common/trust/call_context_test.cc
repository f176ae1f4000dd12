#include "common/trust/call_context.h"

#include "common/base/reason.h"
#include "gtest/gtest.h"

namespace teilhabe::trust {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'750'000'000);
const Identity kOfficial = {"test", "lwl", IdentityKind::kOfficial, "a7"};

ContextKey Key(char fill) { return *ContextKey::FromBytes(std::string(32, fill)); }

std::string Sealed(char key = 'k') {
  return Key(key).Seal(
      MakeContext(kOfficial, "lwl", {"sachbearbeitung", "bedarfsermittlung", "§ 13 SGB IX", ""}, kNow));
}

TEST(CallContext, CarriesWhoAndWhy) {
  const auto opened = Key('k').Open(Sealed(), "lwl", kNow);
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(opened->identity(), "teilhabe://test/lwl/official/a7");
  EXPECT_EQ(opened->purpose(), "bedarfsermittlung");
}

TEST(CallContext, OfAnotherAgencysKeyIsForeign) {
  EXPECT_EQ(GetReason(Key('k').Open(Sealed('x'), "lwl", kNow).status()), "CONTEXT_FOREIGN");
}

TEST(CallContext, IsNeededAndWhole) {
  EXPECT_EQ(GetReason(Key('k').Open("", "lwl", kNow).status()), "CONTEXT_MISSING");
  const std::string good = Sealed();
  for (std::size_t at = 0; at < good.size() * 8; ++at) {
    std::string bad = good;
    bad[at / 8] = static_cast<char>(bad[at / 8] ^ (1 << (at % 8)));
    EXPECT_FALSE(Key('k').Open(bad, "lwl", kNow).ok()) << "bit " << at;
  }
}

TEST(CallContext, CountsForOneAgency) {
  EXPECT_EQ(GetReason(Key('k').Open(Sealed(), "lvr", kNow).status()), "CONTEXT_WRONG_AGENCY");
}

TEST(CallContext, EndsWithItsTime) {
  EXPECT_TRUE(Key('k').Open(Sealed(), "lwl", kNow + kContextLifetime - absl::Seconds(1)).ok());
  EXPECT_EQ(GetReason(Key('k').Open(Sealed(), "lwl", kNow + kContextLifetime).status()), "CONTEXT_EXPIRED");
}

TEST(ContextKey, HasThirtyTwoBytes) {
  EXPECT_EQ(GetReason(ContextKey::FromBytes(std::string(31, 'k')).status()), "CONTEXT_KEY_INVALID");
}

}  // namespace
}  // namespace teilhabe::trust
