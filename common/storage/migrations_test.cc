#include "common/storage/migrations.h"

#include <thread>

#include "common/base/reason.h"
#include "common/storage/testing/backends.h"

namespace teilhabe::storage {
namespace {

const Migration kFirst{1, "first", {"CREATE TABLE a (id BIGINT PRIMARY KEY NOT NULL, data {BYTES} NOT NULL)"}};
const Migration kSecond{2, "second", {"CREATE TABLE b (id BIGINT NOT NULL)", "INSERT INTO b (id) VALUES (7)"}};

class Migrations : public BackendTest {
 protected:
  std::int64_t Applied() {
    return db().Query("SELECT COUNT(*) FROM schema_migration WHERE component = 'cases'", {}).value()[0].Int(0);
  }
};
INSTANTIATE_TEST_SUITE_P(Backends, Migrations, testing::ValuesIn(AllBackends()), BackendName);

TEST_P(Migrations, AreAppliedOnceAndInOrder) {
  ASSERT_TRUE(Migrate(db(), "cases", {kFirst}).ok());
  ASSERT_TRUE(db().Execute("INSERT INTO a VALUES (1, $1)", {Bytes{"x"}}).ok());
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(Migrate(db(), "cases", {kFirst, kSecond}).ok());
    Reopen();
  }
  EXPECT_EQ(Applied(), 2);
  EXPECT_EQ(db().Query("SELECT id FROM b", {}).value().size(), 1U);
  EXPECT_EQ(db().Query("SELECT id FROM a", {}).value().size(), 1U);
}

TEST_P(Migrations, BelongToTheirComponent) {
  ASSERT_TRUE(Migrate(db(), "cases", {kFirst}).ok());
  ASSERT_TRUE(Migrate(db(), "audit", {{1, "leaves", {"CREATE TABLE leaf (id BIGINT NOT NULL)"}}}).ok());
  EXPECT_EQ(Applied(), 1);
}

TEST_P(Migrations, RefuseAChangedText) {
  ASSERT_TRUE(Migrate(db(), "cases", {kFirst, kSecond}).ok());
  Migration changed = kFirst;
  changed.statements[0] += " ";
  EXPECT_EQ(GetReason(Migrate(db(), "cases", {changed, kSecond})), "MIGRATION_CHANGED");
  Migration renamed = kFirst;
  renamed.name = "one";
  EXPECT_EQ(GetReason(Migrate(db(), "cases", {renamed, kSecond})), "MIGRATION_CHANGED");
}

TEST_P(Migrations, RefuseADatabaseOfANewerProgram) {
  ASSERT_TRUE(Migrate(db(), "cases", {kFirst, kSecond}).ok());
  EXPECT_EQ(GetReason(Migrate(db(), "cases", {kFirst})), "MIGRATION_NEWER");
  EXPECT_EQ(GetReason(Migrate(db(), "cases", {})), "MIGRATION_NEWER");
}

TEST_P(Migrations, AFailingOneLeavesNothingOfItself) {
  Migration broken = kSecond;
  broken.statements.emplace_back("INSERT INTO nowhere (id) VALUES (1)");
  EXPECT_EQ(GetReason(Migrate(db(), "cases", {kFirst, broken})), "SQL_INVALID");
  EXPECT_EQ(Applied(), 1);  // The first stays.
  EXPECT_EQ(GetReason(db().Query("SELECT id FROM b", {}).status()), "SQL_INVALID");
  ASSERT_TRUE(Migrate(db(), "cases", {kFirst, kSecond}).ok());
  EXPECT_EQ(db().Query("SELECT id FROM b", {}).value().size(), 1U);
}

TEST_P(Migrations, WantVersionsWithoutGaps) {
  EXPECT_EQ(GetReason(Migrate(db(), "cases", {kSecond})), "MIGRATION_LIST_INVALID");
  EXPECT_EQ(GetReason(Migrate(db(), "cases", {kFirst, kFirst})), "MIGRATION_LIST_INVALID");
}

TEST_P(Migrations, MayBeRunByManyAtOnce) {
  Database* const databases[] = {&db(), &replica()};
  std::vector<absl::Status> statuses(8);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < statuses.size(); ++i) {
    threads.emplace_back([&, i] { statuses[i] = Migrate(*databases[i % 2], "cases", {kFirst, kSecond}); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const absl::Status& status : statuses) EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(Applied(), 2);
}

}  // namespace
}  // namespace teilhabe::storage
