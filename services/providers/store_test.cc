#include "services/providers/store.h"

#include "common/storage/testing/backends.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace teilhabe::providers {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class RegisterTable : public storage::BackendTest {
 protected:
  void SetUp() override {
    storage::BackendTest::SetUp();
    ASSERT_TRUE(MigrateRegister(db()).ok());
  }

  void Put(const std::string& dossier, const std::string& provider, int second, const std::string& holder = "lwl") {
    Row row;
    row.entry.set_dossier(dossier);
    row.entry.mutable_provider()->set_id(provider);
    row.entry.set_holder(holder);
    row.entry.set_head(std::string("\0\1", 2));
    row.opened = absl::FromUnixSeconds(1800000000 + second);
    ASSERT_TRUE(db().Transact([&](storage::Transaction& tx) { return PutRow(tx, row); }).ok());
  }
  static std::vector<std::string> Dossiers(const absl::StatusOr<std::vector<Row>>& rows) {
    EXPECT_TRUE(rows.ok()) << rows.status();
    std::vector<std::string> dossiers;
    for (const Row& row : *rows) dossiers.push_back(row.entry.dossier());
    return dossiers;
  }
};

TEST_P(RegisterTable, TheDossierThatWasOpenedFirstComesFirst) {
  Put("d1", "b", 2);
  Put("d2", "a", 9);
  Put("d3", "b", 1);
  Put("d0", "b", 2);
  EXPECT_THAT(Dossiers(RowsOfProvider(db(), "b")), ElementsAre("d3", "d0", "d1"));
  EXPECT_THAT(Dossiers(RowsOfProvider(db(), "c")), IsEmpty());
}

TEST_P(RegisterTable, APageFollowsAPlaceInsideOfAProviderToo) {
  Put("d1", "b", 2);
  Put("d2", "a", 9);
  Put("d3", "b", 1);
  Put("d4", "c", 5);
  Place place{"", absl::UnixEpoch(), ""};
  std::vector<std::string> all;
  for (;;) {
    const auto rows = RowsAfter(db(), place, 1);
    ASSERT_TRUE(rows.ok()) << rows.status();
    if (rows->empty()) break;
    ASSERT_EQ(rows->size(), 1u);
    all.push_back((*rows)[0].entry.dossier());
    place = PlaceOf((*rows)[0]);
  }
  EXPECT_THAT(all, ElementsAre("d2", "d3", "d1", "d4"));
}

TEST_P(RegisterTable, ARowIsReplacedAndRemoved) {
  Put("d1", "a", 1);
  Put("d1", "b", 2, "lvr");
  const auto row = RowOfDossier(db(), "d1");
  ASSERT_TRUE(row.ok() && row->size() == 1);
  EXPECT_EQ((*row)[0].entry.holder(), "lvr");
  EXPECT_EQ((*row)[0].opened, absl::FromUnixSeconds(1800000002));
  EXPECT_THAT(Dossiers(RowsOfProvider(db(), "a")), IsEmpty());
  ASSERT_TRUE(db().Transact([](storage::Transaction& tx) { return RemoveRow(tx, "d1"); }).ok());
  EXPECT_THAT(Dossiers(RowOfDossier(db(), "d1")), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Backends, RegisterTable, testing::ValuesIn(storage::AllBackends()), storage::BackendName);

}  // namespace
}  // namespace teilhabe::providers
