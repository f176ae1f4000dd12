#include <atomic>
#include <limits>
#include <stdexcept>
#include <thread>

#include "absl/strings/str_cat.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/storage/database.h"
#include "common/storage/testing/backends.h"
#include "gmock/gmock.h"

// What both engines promise, and where SQL written once would otherwise mean two things.
namespace teilhabe::storage {
namespace {

using namespace std::string_literals;

std::int64_t Int(std::size_t number) { return static_cast<std::int64_t>(number); }

class Conformance : public BackendTest {
 protected:
  void SetUp() override {
    BackendTest::SetUp();
    if (HasFatalFailure()) return;
    Must("CREATE TABLE t (id BIGINT PRIMARY KEY NOT NULL, n BIGINT CHECK (n <> 13), s TEXT, b {BYTES})");
  }
  void Must(std::string_view sql, const Params& params = {}) {
    const auto changed = db().Execute(sql, params);
    ASSERT_TRUE(changed.ok()) << sql << ": " << changed.status();
  }
  Rows Get(std::string_view sql, const Params& params = {}) { return db().Query(sql, params).value(); }
  std::int64_t Number(std::string_view sql, const Params& params = {}) { return Get(sql, params).at(0).Int(0); }
  std::int64_t Count() { return Number("SELECT COUNT(*) FROM t"); }
  std::string QueryReason(std::string_view sql, const Params& params = {}) {
    return GetReason(db().Query(sql, params).status());
  }
};
INSTANTIATE_TEST_SUITE_P(Backends, Conformance, testing::ValuesIn(AllBackends()), BackendName);

TEST_P(Conformance, RoundTripsEveryKindOfValue) {
  std::string every_byte;
  for (int i = 0; i < 256; ++i) every_byte.push_back(static_cast<char>(i));
  using Limits = std::numeric_limits<std::int64_t>;
  const std::vector<Params> rows = {
      {kNull, kNull, kNull},
      {std::int64_t{0}, "", Bytes{""}},
      {Limits::min(), "Grüße aus Łódź 😀", Bytes{"\0"s}},
      {Limits::max(), "it's \"quoted\" \\ $1 {BYTES}\n", Bytes{"a\0b\0"s}},
      {std::int64_t{-1}, "123", Bytes{every_byte}},
  };
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Must("INSERT INTO t (id, n, s, b) VALUES ($1, $2, $3, $4)", {Int(i), rows[i][0], rows[i][1], rows[i][2]});
  }
  const Rows got = db().Query("SELECT n, s, b FROM t ORDER BY id", {}).value();
  ASSERT_EQ(got.size(), rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    ASSERT_EQ(got[i].size(), 3U);
    for (std::size_t k = 0; k < 3; ++k) {
      EXPECT_EQ(got[i][k], rows[i][k]) << i << "," << k;
      EXPECT_EQ(db().Query("SELECT $1", {rows[i][k]}).value()[0][0], rows[i][k]) << i << "," << k;
    }
  }
}

TEST_P(Conformance, BindsParametersByTheirNumber) {
  Must("INSERT INTO t (n, id) VALUES ($2, $1)", {std::int64_t{1}, std::int64_t{20}});
  EXPECT_EQ(Number("SELECT n FROM t WHERE id = $1", {std::int64_t{1}}), 20);
  const Row row = db().Query("SELECT $2, $1, $2, $3", {"first", "second", "third"}).value()[0];
  EXPECT_EQ(row.Text(0) + row.Text(1) + row.Text(2) + row.Text(3), "secondfirstsecondthird");
}

TEST_P(Conformance, RepeatsAParameter) {
  Must("INSERT INTO t (id, n) VALUES ($1, $1), ($2, $1)", {std::int64_t{5}, std::int64_t{6}});
  EXPECT_EQ(Number("SELECT COUNT(*) FROM t WHERE id = $1 OR n = $1", {std::int64_t{5}}), 2);
}

TEST_P(Conformance, OneStatementTakesParametersOfOtherKinds) {
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(db().Query("SELECT $1", {std::int64_t{7}}).value()[0].Int(0), 7);
    EXPECT_EQ(db().Query("SELECT $1", {"seven"}).value()[0].Text(0), "seven");
    EXPECT_TRUE(db().Query("SELECT $1", {kNull}).value()[0].IsNull(0));
  }
}

TEST_P(Conformance, WrongNumberOfParameters) {
  for (int round = 0; round < 2; ++round) {  // Prepared anew, and from the cache.
    EXPECT_EQ(QueryReason("SELECT $1, $2", {"a"}), "PARAMETER_COUNT");
    EXPECT_EQ(QueryReason("SELECT $1, $2", {"a", "b", "c"}), "PARAMETER_COUNT");
    EXPECT_EQ(QueryReason("SELECT $1, $2"), "PARAMETER_COUNT");
    EXPECT_EQ(QueryReason("SELECT 1", {"a"}), "PARAMETER_COUNT");
    EXPECT_EQ(QueryReason("SELECT $1, $2", {"a", "b"}), "");
  }
  EXPECT_EQ(QueryReason("SELECT ?"), "SQL_INVALID");
}

TEST_P(Conformance, RejectsTextThatIsNotText) {
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(QueryReason("SELECT $1", {"\xff"}), "TEXT_INVALID");
    EXPECT_EQ(QueryReason("SELECT $1", {"a\0b"s}), "TEXT_INVALID");
    EXPECT_EQ(QueryReason("SELECT $1", {"ä"}), "");
  }
}

TEST_P(Conformance, ResultsAreOfTheFourKindsOnly) {
  EXPECT_EQ(Number("SELECT 1"), 1);
  EXPECT_EQ(Number("SELECT COUNT(*) FROM t WHERE id = 1"), 0);
  EXPECT_EQ(Number("SELECT 1 = 1"), 1);
  EXPECT_EQ(Number("SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM t"), 0);
  EXPECT_EQ(db().Query("SELECT 'x' || CAST(5 AS TEXT)", {}).value()[0].Text(0), "x5");
  EXPECT_EQ(QueryReason("SELECT 1.5"), "RESULT_TYPE");
  EXPECT_EQ(Number("SELECT 1"), 1);  // The connection is still good.
}

TEST_P(Conformance, DoubleQuotesAreNamesNotTexts) { EXPECT_EQ(QueryReason("SELECT \"nothing\""), "SQL_INVALID"); }

TEST_P(Conformance, OneStatementACall) {
  EXPECT_EQ(QueryReason("SELECT 1; SELECT 2"), "SQL_INVALID");
  EXPECT_EQ(GetReason(db().Execute("DELETE FROM t; DROP TABLE t", {}).status()), "SQL_INVALID");
  EXPECT_EQ(Count(), 0);
}

TEST_P(Conformance, OrdersTextByCodePoint) {
  Must("INSERT INTO t (id, s) VALUES (1, 'ä'), (2, 'b'), (3, 'Z'), (4, 'a'), (5, '_')");
  std::string order;
  for (const Row& row : Get("SELECT s FROM t ORDER BY s")) order += row.Text(0);
  EXPECT_EQ(order, "Z_abä");
}

TEST_P(Conformance, ExecuteCountsRows) {
  EXPECT_EQ(db().Execute("INSERT INTO t (id, n) VALUES (1, 1), (2, 2), (3, 3)", {}).value(), 3);
  EXPECT_EQ(db().Execute("CREATE TABLE u (id BIGINT)", {}).value(), 0);
  EXPECT_EQ(db().Execute("UPDATE t SET n = 9 WHERE id >= 2", {}).value(), 2);
  EXPECT_EQ(db().Execute("UPDATE t SET n = 9 WHERE id = 77", {}).value(), 0);
  EXPECT_EQ(db().Execute("INSERT INTO t (id) VALUES (1) ON CONFLICT (id) DO NOTHING", {}).value(), 0);
  EXPECT_EQ(db().Execute("INSERT INTO t (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET s = 'x'", {}).value(), 1);
  EXPECT_EQ(db().Execute("SELECT id FROM t", {}).value(), 0);
  EXPECT_EQ(db().Execute("DELETE FROM t", {}).value(), 3);
}

TEST_P(Conformance, NamesTheConstraint) {
  Must("CREATE TABLE child (id BIGINT NOT NULL REFERENCES t (id))");
  Must("INSERT INTO t (id) VALUES (1)");
  const auto reason = [this](std::string_view sql) { return GetReason(db().Execute(sql, {}).status()); };
  EXPECT_EQ(reason("INSERT INTO t (id) VALUES (1)"), "UNIQUE_VIOLATION");
  EXPECT_EQ(db().Execute("INSERT INTO t (id) VALUES (1)", {}).status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(reason("INSERT INTO child (id) VALUES (2)"), "FOREIGN_KEY_VIOLATION");
  EXPECT_EQ(reason("INSERT INTO t (id, n) VALUES (2, 13)"), "CONSTRAINT_VIOLATION");
  EXPECT_EQ(reason("INSERT INTO t (id) VALUES (NULL)"), "CONSTRAINT_VIOLATION");
  Must("INSERT INTO child (id) VALUES (1)");
  EXPECT_EQ(reason("DELETE FROM t"), "FOREIGN_KEY_VIOLATION");
  EXPECT_EQ(Count(), 1);
}

TEST_P(Conformance, ErrorsLeakNeitherDriverTextNorData) {
  Must("CREATE TABLE person (name TEXT PRIMARY KEY NOT NULL, n BIGINT CHECK (n < 5))");
  Must("INSERT INTO person VALUES ('Erika Muster', 1)");
  testing::internal::CaptureStderr();
  std::string messages;
  for (const auto& [sql, params] : std::vector<std::pair<std::string, Params>>{
           {"INSERT INTO person VALUES ($1, 1)", {"Erika Muster"}},
           {"INSERT INTO person VALUES ($1, 7)", {"Erika Muster"}},
           {"INSERT INTO person (name, n) VALUES ('x', CAST($1 || 'q' AS BIGINT) + 9)", {"Erika Muster"}},
           {"INSERT INTO persons VALUES ($1)", {"Erika Muster"}}}) {
    const auto result = db().Execute(sql, params);
    ASSERT_FALSE(result.ok()) << sql;
    messages += result.status().ToString();
  }
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_THAT(messages, testing::Not(testing::HasSubstr("person")));
  EXPECT_THAT(messages, testing::Not(testing::HasSubstr("Erika")));
  EXPECT_THAT(log, testing::HasSubstr("persons"));
  EXPECT_THAT(log, testing::Not(testing::HasSubstr("Erika")));
}

TEST_P(Conformance, RollsBackWhatFails) {
  const auto insert = [](Transaction& transaction) {
    return transaction.Execute("INSERT INTO t (id) VALUES (1)", {}).status();
  };
  EXPECT_EQ(GetReason(db().Transact([&](Transaction& transaction) {
              TEILHABE_RETURN_IF_ERROR(insert(transaction));
              return ReasonError(absl::StatusCode::kAborted, "HEAD_MOVED", "");
            })),
            "HEAD_MOVED");
  EXPECT_EQ(Count(), 0);
  EXPECT_EQ(GetReason(db().Transact([&](Transaction& transaction) -> absl::Status {
              TEILHABE_RETURN_IF_ERROR(insert(transaction));
              throw std::runtime_error("bug");
            })),
            "WORK_THREW");
  EXPECT_EQ(Count(), 0);
  EXPECT_TRUE(db().Transact(insert).ok());
  EXPECT_EQ(Count(), 1);
}

TEST_P(Conformance, ASwallowedErrorCannotCommit) {
  EXPECT_EQ(GetReason(db().Transact([](Transaction& transaction) {
              EXPECT_TRUE(transaction.Execute("INSERT INTO t (id) VALUES (1)", {}).ok());
              for (int i = 0; i < 2; ++i) {  // The second is refused because of the first.
                const auto again = transaction.Execute(absl::StrCat("INSERT INTO t (id) VALUES (", 1 + i, ")"), {});
                EXPECT_EQ(GetReason(again.status()), "UNIQUE_VIOLATION");
              }
              return absl::OkStatus();
            })),
            "UNIQUE_VIOLATION");
  EXPECT_EQ(Count(), 0);
}

TEST_P(Conformance, SavepointsFailAlone) {
  EXPECT_TRUE(db().Transact([](Transaction& transaction) {
                    TEILHABE_RETURN_IF_ERROR(transaction.Execute("INSERT INTO t (id) VALUES (1)", {}).status());
                    const auto clash = [](Transaction& part) {
                      TEILHABE_RETURN_IF_ERROR(part.Execute("INSERT INTO t (id) VALUES (2)", {}).status());
                      return part.Execute("INSERT INTO t (id) VALUES (1)", {}).status();
                    };
                    EXPECT_EQ(GetReason(transaction.Savepoint(clash)), "UNIQUE_VIOLATION");
                    const auto outer = [&clash](Transaction& part) {
                      TEILHABE_RETURN_IF_ERROR(part.Execute("INSERT INTO t (id) VALUES (3)", {}).status());
                      EXPECT_EQ(GetReason(part.Savepoint(clash)), "UNIQUE_VIOLATION");
                      return part.Execute("INSERT INTO t (id) VALUES (4)", {}).status();
                    };
                    EXPECT_TRUE(transaction.Savepoint(outer).ok());
                    const auto swallows = [&clash](Transaction& part) {
                      (void)clash(part);
                      return absl::OkStatus();
                    };
                    EXPECT_EQ(GetReason(transaction.Savepoint(swallows)), "UNIQUE_VIOLATION");
                    // What fails before it runs fails no more than its part either.
                    const auto invalid = [](Transaction& part) { return part.Query("SELECT nothing", {}).status(); };
                    EXPECT_EQ(GetReason(transaction.Savepoint(invalid)), "SQL_INVALID");
                    const auto miscounted = [](Transaction& part) { return part.Query("SELECT $1", {}).status(); };
                    EXPECT_EQ(GetReason(transaction.Savepoint(miscounted)), "PARAMETER_COUNT");
                    return transaction.Execute("INSERT INTO t (id) VALUES (5)", {}).status();
                  })
                  .ok());
  std::string ids;
  for (const Row& row : Get("SELECT id FROM t ORDER BY id")) absl::StrAppend(&ids, row.Int(0));
  EXPECT_EQ(ids, "1345");
}

TEST_P(Conformance, RejectsNestedTransactions) {
  EXPECT_TRUE(db().Transact([this](Transaction& transaction) {
                    const auto nothing = [](Transaction&) { return absl::OkStatus(); };
                    EXPECT_EQ(GetReason(db().Transact(nothing)), "NESTED_TRANSACTION");
                    EXPECT_EQ(GetReason(db().Execute("DELETE FROM t", {}).status()), "NESTED_TRANSACTION");
                    EXPECT_EQ(GetReason(db().Checkpoint(0)), "NESTED_TRANSACTION");
                    return transaction.Execute("INSERT INTO t (id) VALUES (1)", {}).status();
                  })
                  .ok());
  Must("INSERT INTO t (id) VALUES (2)");
  EXPECT_EQ(Count(), 2);
}

TEST_P(Conformance, QueriesSeeWhatIsCommittedAndNothingElse) {
  ASSERT_TRUE(db().Transact([this](Transaction& transaction) {
                    TEILHABE_RETURN_IF_ERROR(transaction.Execute("INSERT INTO t (id) VALUES (1)", {}).status());
                    EXPECT_EQ(transaction.Query("SELECT COUNT(*) FROM t", {}).value()[0].Int(0), 1);
                    EXPECT_EQ(Count(), 0);
                    return absl::OkStatus();
                  })
                  .ok());
  EXPECT_EQ(Count(), 1);
}

TEST_P(Conformance, QueriesCannotWrite) {
  EXPECT_EQ(QueryReason("INSERT INTO t (id) VALUES (1)"), "SQL_INVALID");
  EXPECT_EQ(QueryReason("INSERT INTO t (id) VALUES (1) RETURNING id"), "SQL_INVALID");
  EXPECT_EQ(QueryReason("CREATE TABLE u (id BIGINT)"), "SQL_INVALID");
  EXPECT_EQ(Count(), 0);
}

TEST_P(Conformance, KeepsManyStatementsApart) {  // More than a connection keeps prepared.
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 300; ++i) ASSERT_EQ(Number(absl::StrCat("SELECT ", i)), i);
  }
}

TEST_P(Conformance, ReopeningKeepsTheData) {
  Must("INSERT INTO t (id, b) VALUES (1, $1)", {Bytes{"\0x"s}});
  Reopen();
  EXPECT_EQ(db().Query("SELECT b FROM t", {}).value()[0].Data(0), "\0x"s);
}

// Reading and then writing what was read loses no update: a transaction runs as if it were alone.
TEST_P(Conformance, ConcurrentWritersLoseNothing) {
  Must("INSERT INTO t (id, n) VALUES (1, 0)");
  Database* const databases[] = {&db(), &replica()};
  constexpr int kThreads = 4;
  constexpr int kRounds = 25;
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([database = databases[i % 2]] {
      for (int round = 0; round < kRounds; ++round) {
        const absl::Status status = database->Transact([](Transaction& transaction) {
          TEILHABE_ASSIGN_OR_RETURN(const Rows rows, transaction.Query("SELECT n FROM t WHERE id = 1", {}));
          return transaction
              .Execute("UPDATE t SET n = $1 WHERE id = 1", {rows[0].Int(0) + (rows[0].Int(0) == 12 ? 2 : 1)})
              .status();
        });
        EXPECT_TRUE(status.ok()) << status;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Number("SELECT n FROM t"), kThreads * kRounds + 1);  // It steps over 13, which t does not take.
}

// The pattern for every feed: the number is taken under the row lock of its link, in the transaction that uses it.
// A reader that goes by number then never passes one that is committed later, and none is missing.
TEST_P(Conformance, NumbersTakenUnderALockFollowTheOrderOfCommits) {
  Must("CREATE TABLE link (id BIGINT PRIMARY KEY NOT NULL, next BIGINT NOT NULL)");
  Must("CREATE TABLE item (link BIGINT NOT NULL, number BIGINT NOT NULL, PRIMARY KEY (link, number))");
  Must("INSERT INTO link VALUES (1, 0)");
  std::atomic<bool> done = false;
  std::thread reader([&] {
    while (!done) {
      const Rows rows = db().Query("SELECT COUNT(*), COALESCE(MAX(number), 0) FROM item WHERE link = 1", {}).value();
      ASSERT_EQ(rows[0].Int(0), rows[0].Int(1)) << "a number was visible before a lower one";
    }
  });
  Database* const databases[] = {&db(), &replica()};
  std::vector<std::thread> writers;
  writers.reserve(4);
  for (int i = 0; i < 4; ++i) {
    writers.emplace_back([database = databases[i % 2], i] {
      for (int round = 0; round < 25; ++round) {
        const bool fails = (round + i) % 3 == 0;
        const absl::Status status = database->Transact([fails](Transaction& transaction) {
          TEILHABE_ASSIGN_OR_RETURN(
              const Rows rows,
              transaction.Query("UPDATE link SET next = next + 1 WHERE id = $1 RETURNING next", {std::int64_t{1}}));
          TEILHABE_RETURN_IF_ERROR(transaction.Execute("INSERT INTO item VALUES (1, $1)", {rows[0].Int(0)}).status());
          return fails ? ReasonError(absl::StatusCode::kAborted, "HEAD_MOVED", "") : absl::OkStatus();
        });
        EXPECT_EQ(GetReason(status), fails ? "HEAD_MOVED" : "");
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  done = true;
  reader.join();
  EXPECT_EQ(Number("SELECT COUNT(*) FROM item"), 66);  // Of 100, a third failed.
  EXPECT_EQ(Number("SELECT MAX(number) FROM item"), 66);
  EXPECT_EQ(Number("SELECT next FROM link"), 66);
}

TEST(OpenDatabase, RejectsWhatItCannotRead) {
  for (const char* text : {"", "sqlite:", "sqlite:relative.db", "sqlite::memory:", "mysql://x", "/var/x.db"}) {
    EXPECT_EQ(GetReason(OpenDatabase(text).status()), "CONNECTION_STRING_INVALID") << text;
  }
}

}  // namespace
}  // namespace teilhabe::storage
