#include "common/storage/sql.h"

#include "common/base/reason.h"
#include "gtest/gtest.h"

namespace teilhabe::storage {
namespace {

std::string ReasonOf(std::string_view sql) { return GetReason(PrepareSql(sql, DatabaseKind::kSqlite).status()); }

TEST(PrepareSql, PutsInTheTypeOfBytes) {
  constexpr std::string_view kSql = "CREATE TABLE t (b {BYTES}, c TEXT DEFAULT '{BYTES}')";
  EXPECT_EQ(PrepareSql(kSql, DatabaseKind::kSqlite)->sql, "CREATE TABLE t (b BLOB, c TEXT DEFAULT '{BYTES}')");
  EXPECT_EQ(PrepareSql(kSql, DatabaseKind::kPostgres)->sql, "CREATE TABLE t (b BYTEA, c TEXT DEFAULT '{BYTES}')");
}

struct Counted {
  std::string_view sql;
  std::size_t parameters;
};
class PrepareSqlCount : public testing::TestWithParam<Counted> {};
TEST_P(PrepareSqlCount, CountsParameters) {
  const auto statement = PrepareSql(GetParam().sql, DatabaseKind::kPostgres);
  ASSERT_TRUE(statement.ok()) << statement.status();
  EXPECT_EQ(statement->parameters, GetParam().parameters);
  EXPECT_EQ(statement->sql, GetParam().sql);
}
INSTANTIATE_TEST_SUITE_P(Statements, PrepareSqlCount,
                         testing::Values(Counted{"SELECT 1", 0}, Counted{"SELECT $2, $1", 2},
                                         Counted{"SELECT $1 + $1", 1}, Counted{"SELECT '$1', \"$2\" -- $3\n, $1", 1},
                                         Counted{"SELECT 'it''s $2' /* $9 */, $1", 1},
                                         Counted{"\n  with x AS (SELECT $1) SELECT $10 FROM x WHERE $2=$3 AND $4=$5 "
                                                 "AND $6=$7 AND $8=$9",
                                                 10}));

TEST(PrepareSql, RejectsWhatIsOutsideTheSubset) {
  for (const char* sql : {"",
                          "BEGIN",
                          "commit",
                          " ROLLBACK",
                          "SAVEPOINT a",
                          "RELEASE a",
                          "PRAGMA synchronous=OFF",
                          "SET fsync = off",
                          "ATTACH 'x' AS y",
                          "VACUUM",
                          "SELECTED",
                          "SELECT '",
                          "SELECT \"x",
                          "SELECT 1 -- open",
                          "SELECT /* open",
                          "SELECT {BLOB}",
                          "SELECT $",
                          "SELECT $0",
                          "SELECT $x",
                          "SELECT $$x$$",
                          "SELECT $99999999999"}) {
    EXPECT_EQ(ReasonOf(sql), "SQL_INVALID") << sql;
  }
  EXPECT_EQ(ReasonOf("SELECT $1, $3"), "PARAMETER_COUNT");
}

TEST(CheckParams, WantsUtf8WithoutNul) {
  for (const char* good : {"", "a", "Grüße", "\u0080\u07ff\u0800\ud7ff\ue000\uffff", "😀", "\U0010ffff"}) {
    EXPECT_TRUE(CheckParams(1, {good}).ok()) << good;
  }
  using std::string_literals::operator""s;
  for (const std::string& bad :
       {"\0"s, "a\0b"s, "\x80"s, "\xc3"s, "\xc3("s, "\xc0\x80"s, "\xe0\x80\x80"s, "\xed\xa0\x80"s, "\xf0\x80\x80\x80"s,
        "\xf4\x90\x80\x80"s, "\xf5\x80\x80\x80"s, "\xff"s, "\xe2\x82"s}) {
    EXPECT_EQ(GetReason(CheckParams(1, {bad})), "TEXT_INVALID") << testing::PrintToString(bad);
  }
  EXPECT_TRUE(CheckParams(1, {Bytes{"\xff\0"s}}).ok());
}

TEST(CheckParams, WantsValuesOfBoundedSize) {
  const std::string most(64U << 20U, 'x');
  EXPECT_TRUE(CheckParams(2, {most, Bytes{most}}).ok());
  EXPECT_EQ(GetReason(CheckParams(1, {most + 'x'})), "VALUE_TOO_LARGE");
  EXPECT_EQ(GetReason(CheckParams(1, {Bytes{most + 'x'}})), "VALUE_TOO_LARGE");
}

}  // namespace
}  // namespace teilhabe::storage
