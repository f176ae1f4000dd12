#include "common/trust/identity.h"

#include "common/base/reason.h"
#include "gtest/gtest.h"

namespace teilhabe::trust {
namespace {

class IdentityTest : public testing::TestWithParam<const char*> {};

class GoodIdentity : public IdentityTest {};
TEST_P(GoodIdentity, IsReadAndWrittenAlike) {
  const auto identity = ParseIdentity(GetParam());
  ASSERT_TRUE(identity.ok()) << identity.status();
  EXPECT_EQ(ToUri(*identity), GetParam());
}
INSTANTIATE_TEST_SUITE_P(All, GoodIdentity,
                         testing::Values("teilhabe://nrw/lwl/node", "teilhabe://nrw/lwl/service/participants",
                                         "teilhabe://nrw/lwl/system/fachverfahren-1",
                                         "teilhabe://nrw/lwl/official/a7f3", "teilhabe://nrw/lwl/guest/ala-senne",
                                         "teilhabe://nrw/lwl/person/0f1e2d"));

class BadIdentity : public IdentityTest {};
TEST_P(BadIdentity, IsRejected) {
  EXPECT_EQ(GetReason(ParseIdentity(GetParam()).status()), "IDENTITY_MALFORMED") << GetParam();
}
INSTANTIATE_TEST_SUITE_P(
    All, BadIdentity,
    testing::Values("", "teilhabe://", "https://nrw/lwl/node", "teilhabe://nrw/lwl", "teilhabe://nrw/lwl/node/x",
                    "teilhabe://nrw/lwl/official", "teilhabe://nrw/lwl/official/", "teilhabe://nrw/lwl/official/a/b",
                    "teilhabe://nrw/lwl/boss/a", "teilhabe://NRW/lwl/node", "teilhabe://nrw/l wl/node",
                    "teilhabe://nrw//node", "teilhabe://nrw/lwl/node?x", "teilhabe://nrw/lwl/node#x",
                    "teilhabe://nrw/l%77l/node", "teilhabe:///lwl/node", "teilhabe://nrw/../node",
                    "teilhabe://nrw/./node", "teilhabe://nrw/-a/node", "teilhabe://nrw/a./node",
                    "teilhabe://nrw/a2345678901234567890123456789012345678901234567890123456789012345/node"));

}  // namespace
}  // namespace teilhabe::trust
