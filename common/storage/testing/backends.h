#pragma once

#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

#include "common/storage/database.h"
#include "gtest/gtest.h"

namespace teilhabe::storage {

// A folder under /tmp that is removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// Every engine, for INSTANTIATE_TEST_SUITE_P(Backends, MyStoreConformance, testing::ValuesIn(AllBackends()),
// BackendName).
std::vector<DatabaseKind> AllBackends();
void PrintTo(DatabaseKind kind, std::ostream* out);
std::string BackendName(const testing::TestParamInfo<DatabaseKind>& tested);

// Gives each test an empty database on the engine of its parameter. Without PostgreSQL the test fails.
class BackendTest : public testing::TestWithParam<DatabaseKind> {
 protected:
  void SetUp() override;
  Database& db() { return *database_; }
  // Another Database over the same data where the engine allows it (PostgreSQL), as a replica has it; else db().
  Database& replica();
  const std::string& connection_string() const { return connection_string_; }
  void Close();   // Leaves nothing open, as before a restart.
  void Reopen();  // Close, then open again.

 private:
  TemporaryFolder folder_;
  std::string connection_string_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<Database> replica_;
};

}  // namespace teilhabe::storage
