#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/storage/database.h"
#include "common/storage/group_commit.h"
#include "common/storage/testing/private_postgres.h"
#include "gtest/gtest.h"

// What only PostgreSQL can do wrong; the rest is in conformance_test.cc.
namespace teilhabe::storage {
namespace {

class PostgresTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto postgres = PrivatePostgres::Shared();
    ASSERT_TRUE(postgres.ok()) << postgres.status();
    postgres_ = *postgres;
    connection_string_ = postgres_->CreateDatabase().value();
    database_ = OpenDatabase(connection_string_).value();
    ASSERT_TRUE(database_->Execute("CREATE TABLE t (id BIGINT PRIMARY KEY NOT NULL, n BIGINT)", {}).ok());
  }
  Database& db() { return *database_; }
  std::int64_t Count() { return db().Query("SELECT COUNT(*) FROM t", {}).value()[0].Int(0); }
  std::string OpenReason(const std::string& words) {
    return GetReason(OpenDatabase(connection_string_ + words).status());
  }
  // Ends the session of the transaction, as a server that goes away does, and waits until it is gone.
  absl::Status EndSession(Transaction& transaction) {
    TEILHABE_ASSIGN_OR_RETURN(const Rows pid, transaction.Query("SELECT pg_backend_pid()", {}));
    return db().Query("SELECT pg_terminate_backend(CAST($1 AS INTEGER), 10000)", {pid[0].Int(0)}).status();
  }

  PrivatePostgres* postgres_ = nullptr;
  std::string connection_string_;
  std::unique_ptr<Database> database_;
};

absl::Status Insert(Transaction& transaction, std::int64_t id) {
  return transaction.Execute("INSERT INTO t (id) VALUES ($1)", {id}).status();
}

TEST_F(PostgresTest, ALostConnectionIsReplaced) {
  int runs = 0;
  EXPECT_TRUE(db().Transact([&](Transaction& transaction) {
                    if (++runs == 1) TEILHABE_RETURN_IF_ERROR(EndSession(transaction));
                    return Insert(transaction, 1);
                  })
                  .ok());
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(Count(), 1);
}

TEST_F(PostgresTest, AConnectionLostAgainIsUnavailable) {
  const absl::Status status = db().Transact([&](Transaction& transaction) {
    TEILHABE_RETURN_IF_ERROR(EndSession(transaction));
    return Insert(transaction, 1);
  });
  EXPECT_EQ(GetReason(status), "DATABASE_UNAVAILABLE");
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(Count(), 0);
  EXPECT_TRUE(db().Execute("INSERT INTO t (id) VALUES (1)", {}).ok());
}

TEST_F(PostgresTest, IdleConnectionsThatDiedAreReplaced) {
  ASSERT_TRUE(db().Transact([this](Transaction&) {  // Two at once, so that two are idle afterwards.
                    std::thread([this] { EXPECT_TRUE(db().Execute("SELECT 1", {}).ok()); }).join();
                    return absl::OkStatus();
                  })
                  .ok());
  EXPECT_EQ(Count(), 0);
  ASSERT_TRUE(postgres_
                  ->Admin("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname IS NOT NULL "
                          "AND pid <> pg_backend_pid()")
                  .ok());
  EXPECT_EQ(Count(), 0);
  EXPECT_TRUE(db().Execute("INSERT INTO t (id) VALUES (1)", {}).ok());
}

TEST_F(PostgresTest, ACommitWithoutAnswerIsUnknownAndNotRunAgain) {
  int runs = 0;
  const absl::Status status = db().Transact([&](Transaction& transaction) {
    ++runs;
    TEILHABE_RETURN_IF_ERROR(Insert(transaction, 1));
    return EndSession(transaction);
  });
  EXPECT_EQ(GetReason(status), "COMMIT_UNKNOWN");
  EXPECT_EQ(status.code(), absl::StatusCode::kUnknown);
  EXPECT_EQ(runs, 1);
}

TEST_F(PostgresTest, AConnectionLostInAGroupFailsTheGroup) {
  GroupCommit queue(db());
  std::string told;
  const auto note = [&told](const absl::Status& status) { absl::StrAppend(&told, GetReason(status), " "); };
  ASSERT_TRUE(queue.Enqueue([](Transaction& transaction) { return Insert(transaction, 1); }, note).ok());
  ASSERT_TRUE(queue.Enqueue([this](Transaction& transaction) { return EndSession(transaction); }, note).ok());
  ASSERT_TRUE(queue.Enqueue([](Transaction& transaction) { return Insert(transaction, 2); }, note).ok());
  EXPECT_EQ(GetReason(queue.Flush()), "DATABASE_UNAVAILABLE");
  EXPECT_EQ(told, "DATABASE_UNAVAILABLE DATABASE_UNAVAILABLE DATABASE_UNAVAILABLE ");
  EXPECT_EQ(Count(), 0);
}

TEST_F(PostgresTest, CrossedTransactionsRunAgain) {
  ASSERT_TRUE(db().Execute("INSERT INTO t VALUES (1, 10)", {}).ok());
  int runs = 0;
  EXPECT_TRUE(db().Transact([&](Transaction& transaction) {
                    TEILHABE_ASSIGN_OR_RETURN(const Rows rows, transaction.Query("SELECT n FROM t", {}));
                    if (++runs == 1) {  // In another session, not in another thread.
                      EXPECT_TRUE(postgres_->Run(connection_string_, "UPDATE t SET n = n + 5").ok());
                    }
                    // Hidden by a savepoint, it still counts.
                    (void)transaction.Savepoint([&](Transaction& part) {
                      return part.Execute("UPDATE t SET n = $1", {rows[0].Int(0) + 1}).status();
                    });
                    return absl::OkStatus();
                  })
                  .ok());
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(db().Query("SELECT n FROM t", {}).value()[0].Int(0), 16);
}

TEST_F(PostgresTest, AStatementHasATimeLimit) {
  const auto limited = OpenDatabase(connection_string_ + " options='-c statement_timeout=20ms'").value();
  const absl::Status status = limited->Query("SELECT COUNT(*) FROM generate_series(1, 1000000000)", {}).status();
  EXPECT_EQ(GetReason(status), "STATEMENT_TIMEOUT");
  EXPECT_EQ(db().Query("SELECT current_setting('statement_timeout')", {}).value()[0].Text(0), "30s");
  EXPECT_EQ(db().Query("SELECT current_setting('application_name')", {}).value()[0].Text(0), "teilhabe");
}

TEST_F(PostgresTest, RefusesAServerThatDoesNotKeepCommits) {
  EXPECT_EQ(OpenReason(" options='-c synchronous_commit=off'"), "DURABILITY_OFF");
  ASSERT_TRUE(postgres_->Admin("ALTER SYSTEM SET fsync = off").ok());
  // The server takes new settings over soon, but says not when.
  const auto reaches = [this](const std::string& want) {
    EXPECT_TRUE(postgres_->Admin("SELECT pg_reload_conf()").ok());
    const absl::Time deadline = absl::Now() + absl::Seconds(30);
    while (OpenReason("") != want && absl::Now() < deadline) {
    }
    return OpenReason("") == want;
  };
  EXPECT_TRUE(reaches("DURABILITY_OFF"));
  ASSERT_TRUE(postgres_->Admin("ALTER SYSTEM RESET fsync").ok());
  EXPECT_TRUE(reaches(""));
}

TEST_F(PostgresTest, RefusesADatabaseThatOrdersOrStoresTextOtherwise) {
  const std::string ascii = postgres_->CreateDatabase("ENCODING 'SQL_ASCII' LOCALE 'C'").value();
  EXPECT_EQ(GetReason(OpenDatabase(ascii).status()), "ENCODING_UNSUPPORTED");
  const std::string german =
      postgres_->CreateDatabase("ENCODING 'UTF8' LOCALE 'C' LOCALE_PROVIDER icu ICU_LOCALE 'de'").value();
  EXPECT_EQ(GetReason(OpenDatabase(german).status()), "ENCODING_UNSUPPORTED");
}

TEST_F(PostgresTest, AnAbsentServerIsUnavailable) {
  EXPECT_EQ(GetReason(OpenDatabase("host=/tmp/no-such-folder dbname=x").status()), "DATABASE_UNAVAILABLE");
}

}  // namespace
}  // namespace teilhabe::storage
