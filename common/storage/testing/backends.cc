#include "common/storage/testing/backends.h"

#include <cstdlib>
#include <filesystem>
#include <ostream>

#include "common/base/check.h"
#include "common/storage/testing/private_postgres.h"

namespace teilhabe::storage {

TemporaryFolder::TemporaryFolder() : path_("/tmp/teilhabe-test-XXXXXX") {
  TEILHABE_CHECK(mkdtemp(path_.data()) != nullptr);
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::vector<DatabaseKind> AllBackends() { return {DatabaseKind::kSqlite, DatabaseKind::kPostgres}; }

void PrintTo(DatabaseKind kind, std::ostream* out) { *out << (kind == DatabaseKind::kSqlite ? "Sqlite" : "Postgres"); }

std::string BackendName(const testing::TestParamInfo<DatabaseKind>& tested) {
  return testing::PrintToString(tested.param);
}

void BackendTest::SetUp() {
  if (GetParam() == DatabaseKind::kSqlite) {
    connection_string_ = "sqlite:" + folder_.path() + "/test.db";
  } else {
    const auto postgres = PrivatePostgres::Shared();
    ASSERT_TRUE(postgres.ok()) << postgres.status();
    const auto created = (*postgres)->CreateDatabase();
    ASSERT_TRUE(created.ok()) << created.status();
    connection_string_ = *created;
  }
  Reopen();
}

Database& BackendTest::replica() {
  if (GetParam() == DatabaseKind::kSqlite) return db();
  if (replica_ == nullptr) replica_ = std::move(OpenDatabase(connection_string_).value());
  return *replica_;
}

void BackendTest::Close() {
  replica_.reset();
  database_.reset();
}

void BackendTest::Reopen() {
  Close();
  auto opened = OpenDatabase(connection_string_);
  ASSERT_TRUE(opened.ok()) << opened.status();
  database_ = std::move(*opened);
}

}  // namespace teilhabe::storage
