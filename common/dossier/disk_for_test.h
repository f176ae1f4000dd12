#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "gtest/gtest.h"

// A disk between this test program and the real one, which counts, shows and fails.
namespace teilhabe::dossier::disk {

// What was asked of the disk since Reset: `write NAME`, `sync NAME`, `sync data NAME`, `rename NAME`, `link NAME`.
std::vector<std::string> Trace();
// From now on calls whose line in the trace begins with this fail with EIO; empty: none.
void FailAt(const std::string& line);
// Is called before each sync of a file or folder, with its path.
void BeforeSync(std::function<void(const std::filesystem::path&)> call);
// Is called once, before the next lock is asked for.
void BeforeLock(std::function<void()> call);
// Syncs cost nothing and do nothing: for tests of what is read.
void SkipSyncs(bool skip);
// All as at the start.
void Reset();

// A folder of its own for each test.
class FolderTest : public testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;
  const std::filesystem::path& folder() const { return folder_; }
  std::vector<std::string> Names() const;  // Of the files in it, sorted.

 private:
  std::filesystem::path folder_;
};

std::string ReadFile(const std::filesystem::path& path);
void WriteFile(const std::filesystem::path& path, const std::string& text);
// Runs `work` in a process of its own and returns what it returns, 0 to 255.
int InAnotherProcess(const std::function<int()>& work);

}  // namespace teilhabe::dossier::disk
