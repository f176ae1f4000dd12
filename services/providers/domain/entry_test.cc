#include "services/providers/domain/entry.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/providers/domain/provider_for_test.h"

namespace teilhabe::providers {
namespace {

std::vector<std::string> Ids(const std::optional<Entry>& entry) {
  std::vector<std::string> ids;
  for (const Vereinbarung& one : entry->vereinbarungen) ids.push_back(one.id);
  return ids;
}

Provider Named(const std::string& name) {
  Provider provider = SampleWfbm();
  provider.name = name;
  return provider;
}

Vereinbarung With(const std::string& id, const std::string& traeger) {
  Vereinbarung one = Sample125(id);
  one.contracting_traeger = traeger;
  return one;
}

TEST(Fold, WithoutAProviderThereIsNoEntry) {
  EXPECT_FALSE(Fold({}));
  EXPECT_FALSE(Fold({{1, Sample125(), 0}}));
}

TEST(Fold, TheNewestProviderCounts) {
  const auto entry = Fold({{1, Named("alt"), 0}, {4, Named("neu"), 0}});
  EXPECT_EQ(entry->provider.name, "neu");
}

TEST(Fold, ADossierIsAboutOneProvider) {
  const auto entry = Fold({{1, SampleWfbm(), 0}, {2, SampleAla(), 0}});
  EXPECT_EQ(entry->provider, SampleWfbm());
}

TEST(Fold, AVereinbarungOfTheSameIdReplacesTheOneBefore) {
  const auto entry =
      Fold({{1, SampleWfbm(), 0}, {2, With("b", "lwl"), 0}, {3, With("a", "lwl"), 0}, {4, With("b", "lvr"), 0}});
  EXPECT_THAT(Ids(entry), testing::ElementsAre("a", "b"));
  EXPECT_EQ(entry->vereinbarungen[1].contracting_traeger, "lvr");
}

TEST(Fold, ACorrectionTakesThePlaceOfWhatItCorrects) {
  // The id itself was wrong: nothing of it stays.
  const auto renamed = Fold({{1, SampleWfbm(), 0}, {2, With("falsch", "lwl"), 0}, {3, With("richtig", "lwl"), 2}});
  EXPECT_THAT(Ids(renamed), testing::ElementsAre("richtig"));
  // What was corrected late does not become the newest.
  const auto older = Fold({{1, Named("alt"), 0}, {2, Named("neu"), 0}, {3, Named("älter"), 1}});
  EXPECT_EQ(older->provider.name, "neu");
  const auto twice = Fold({{1, Named("eins"), 0}, {2, Named("zwei"), 1}, {3, Named("drei"), 2}});
  EXPECT_EQ(twice->provider.name, "drei");
}

TEST(Fold, ACorrectionOfNothingIsPassedOver) {
  const auto entry = Fold({{1, SampleWfbm(), 0}, {2, With("a", "lwl"), 9}, {3, With("b", "lwl"), 1}});
  EXPECT_THAT(Ids(entry), testing::IsEmpty()) << "neither of no record nor of one of another kind";
}

}  // namespace
}  // namespace teilhabe::providers
