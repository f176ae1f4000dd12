#include "common/dossier/incarnation.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <random>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/reason.h"
#include "common/dossier/disk_for_test.h"
#include "common/dossier/journal.h"
#include "gtest/gtest.h"

namespace teilhabe::dossier {
namespace {

namespace fs = std::filesystem;

constexpr char kFirst[] = "teilhabe/incarnation/v1\n1\n2735adbf15f1ba8f\n";

class IncarnationTest : public disk::FolderTest {
 protected:
  fs::path Path() const { return folder() / "incarnation"; }
  std::unique_ptr<IncarnationLock> Open() const {
    auto opened = IncarnationLock::Open(folder());
    EXPECT_TRUE(opened.ok()) << opened.status();
    return opened.ok() ? *std::move(opened) : nullptr;
  }
  std::string OpenReason() const { return GetReason(IncarnationLock::Open(folder()).status()); }
};

TEST_F(IncarnationTest, BeginsWithOneAndStays) {
  for (int start = 0; start < 3; ++start) {
    const auto incarnation = Open();
    EXPECT_EQ(incarnation->number(), 1);
    EXPECT_TRUE(incarnation->Check().ok());
  }
  EXPECT_EQ(Names(), std::vector<std::string>{"incarnation"});
  EXPECT_EQ(disk::ReadFile(Path()), kFirst);
  EXPECT_EQ(fs::status(Path()).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(IncarnationTest, IsNeverBegunAgainBesideJournals) {
  Open();
  ASSERT_TRUE(FileJournal::Open(folder(), "node").ok());
  EXPECT_EQ(Open()->number(), 1);
  fs::remove(Path());
  EXPECT_EQ(OpenReason(), "INCARNATION_MISSING");
  EXPECT_FALSE(fs::exists(Path()));
  EXPECT_EQ(GetReason(IncarnationLock::Open(folder() / "none").status()), "INCARNATION_UNUSABLE");
}

TEST_F(IncarnationTest, IsRaisedDurably) {
  const auto incarnation = Open();
  const std::size_t before = disk::Trace().size();
  EXPECT_EQ(incarnation->Raise().value(), 2);
  const auto trace = disk::Trace();
  EXPECT_EQ(std::vector<std::string>(trace.begin() + static_cast<std::ptrdiff_t>(before), trace.end()),
            (std::vector<std::string>{"write incarnation.new", "sync incarnation.new", "rename incarnation.new",
                                      "sync " + folder().filename().string()}));
  EXPECT_EQ(incarnation->number(), 2);
  EXPECT_TRUE(incarnation->Check().ok());
  EXPECT_EQ(incarnation->Raise().value(), 3);
  EXPECT_EQ(Open()->number(), 3);
  EXPECT_EQ(Names(), std::vector<std::string>{"incarnation"});
}

TEST_F(IncarnationTest, IsCreatedDurably) {
  Open();
  auto trace = disk::Trace();
  ASSERT_EQ(trace.size(), 4U);
  for (std::string& line : trace) line = line.substr(0, line.find("incarnation.") == std::string::npos ? 99 : 17);
  EXPECT_EQ(trace, (std::vector<std::string>{"write incarnation", "sync incarnation.", "link incarnation",
                                             "sync " + folder().filename().string()}));
}

TEST_F(IncarnationTest, NobodyRaisesItBelowOthers) {
  auto raiser = Open();
  auto other = Open();
  for (int i = 0; i < 2; ++i) EXPECT_EQ(GetReason(raiser->Raise().status()), "INCARNATION_BUSY");
  EXPECT_TRUE(raiser->Check().ok());
  // The attempt has not cost the raiser its own lock.
  EXPECT_EQ(GetReason(other->Raise().status()), "INCARNATION_BUSY");
  EXPECT_EQ(disk::InAnotherProcess([this] {
              auto third = Open();
              return GetReason(third->Raise().status()) == "INCARNATION_BUSY" ? 0 : 1;
            }),
            0);
  other.reset();
  EXPECT_EQ(raiser->Raise().value(), 2);
  // Nor is it raised below the raiser, who signs in the new one.
  other = Open();
  EXPECT_EQ(other->number(), 2);
  EXPECT_EQ(GetReason(other->Raise().status()), "INCARNATION_BUSY");
  raiser.reset();
  EXPECT_EQ(other->Raise().value(), 3);
}

struct Change {
  const char* name;
  void (*make)(const fs::path& file);
  const char* reason;
};

std::string TextOf(std::int64_t number) {
  const fs::path elsewhere = fs::temp_directory_path() / absl::StrCat("incarnation_test_text.", getpid());
  fs::create_directory(elsewhere);
  auto incarnation = IncarnationLock::Open(elsewhere).value();
  while (incarnation->number() < number) EXPECT_TRUE(incarnation->Raise().ok());
  std::string text = disk::ReadFile(elsewhere / "incarnation");
  fs::remove_all(elsewhere);
  return text;
}

void PutInPlace(const fs::path& file, std::int64_t number) {
  disk::WriteFile(file.string() + ".copy", TextOf(number));
  if (fs::is_directory(file)) fs::remove_all(file);
  fs::rename(file.string() + ".copy", file);
}

class IncarnationChangeTest : public IncarnationTest, public testing::WithParamInterface<Change> {};

TEST_P(IncarnationChangeTest, StopsWhoSignsInIt) {
  const auto incarnation = Open();
  ASSERT_EQ(incarnation->Raise().value(), 2);
  ASSERT_TRUE(incarnation->Check().ok());
  GetParam().make(Path());
  EXPECT_EQ(GetReason(incarnation->Check()), GetParam().reason);
  PutInPlace(Path(), 2);
  EXPECT_EQ(GetReason(incarnation->Check()), GetParam().reason) << "it came back";
  EXPECT_EQ(GetReason(incarnation->Raise().status()), GetParam().reason);
  EXPECT_EQ(disk::ReadFile(Path()), TextOf(2));
}

TEST_P(IncarnationChangeTest, IsNotRaisedOver) {
  const auto incarnation = Open();
  ASSERT_EQ(incarnation->Raise().value(), 2);
  GetParam().make(Path());
  EXPECT_EQ(GetReason(incarnation->Raise().status()), GetParam().reason);
  EXPECT_EQ(GetReason(incarnation->Check()), GetParam().reason);
}

INSTANTIATE_TEST_SUITE_P(
    Changes, IncarnationChangeTest,
    testing::Values(
        Change{"Higher", [](const fs::path& file) { disk::WriteFile(file, TextOf(3)); }, "INCARNATION_RAISED"},
        Change{"Lower", [](const fs::path& file) { disk::WriteFile(file, TextOf(1)); }, "INCARNATION_RAISED"},
        Change{"HigherFile", [](const fs::path& file) { PutInPlace(file, 3); }, "INCARNATION_RAISED"},
        Change{"LowerFile", [](const fs::path& file) { PutInPlace(file, 1); }, "INCARNATION_RAISED"},
        Change{"EqualFile", [](const fs::path& file) { PutInPlace(file, 2); }, "INCARNATION_REPLACED"},
        Change{"Gone", [](const fs::path& file) { fs::remove(file); }, "INCARNATION_MISSING"},
        Change{"Empty", [](const fs::path& file) { disk::WriteFile(file, ""); }, "INCARNATION_DAMAGED"},
        Change{"Folder",
               [](const fs::path& file) {
                 fs::remove(file);
                 fs::create_directory(file);
                 fs::create_directory(file / "in");
               },
               "INCARNATION_UNUSABLE"}),
    [](const auto& tested) { return tested.param.name; });

// No damage makes one number of another.
TEST_F(IncarnationTest, EveryFlippedBitIsFound) {
  Open();
  for (std::size_t bit = 0; bit < std::strlen(kFirst) * 8; ++bit) {
    std::string text = kFirst;
    text[bit / 8] = static_cast<char>(text[bit / 8] ^ (1 << bit % 8));
    disk::WriteFile(Path(), text);
    EXPECT_EQ(OpenReason(), "INCARNATION_DAMAGED") << bit;
  }
}

TEST_F(IncarnationTest, EveryOtherLengthIsFound) {
  Open();
  for (std::size_t length = 0; length < std::strlen(kFirst); ++length) {
    disk::WriteFile(Path(), std::string(kFirst).substr(0, length));
    EXPECT_EQ(OpenReason(), "INCARNATION_DAMAGED") << length;
  }
  disk::WriteFile(Path(), std::string(kFirst) + "\n");
  EXPECT_EQ(OpenReason(), "INCARNATION_DAMAGED");
}

TEST_F(IncarnationTest, AFailingDiskRaisesNothingAndStops) {
  for (const char* step : {"write incarnation.new", "sync incarnation.new", "rename"}) {
    auto incarnation = Open();
    disk::FailAt(step);
    EXPECT_EQ(GetReason(incarnation->Raise().status()), "INCARNATION_UNUSABLE") << step;
    disk::FailAt("");
    EXPECT_EQ(GetReason(incarnation->Check()), "INCARNATION_UNUSABLE") << step;
    EXPECT_EQ(GetReason(incarnation->Raise().status()), "INCARNATION_UNUSABLE") << step;
    incarnation.reset();
    EXPECT_EQ(Open()->number(), 1) << step;
  }
  // What a failed sync of the folder leaves is not known: the next start sees which.
  auto incarnation = Open();
  disk::FailAt("sync " + folder().filename().string());
  EXPECT_EQ(GetReason(incarnation->Raise().status()), "INCARNATION_UNUSABLE");
  disk::FailAt("");
  EXPECT_EQ(GetReason(incarnation->Check()), "INCARNATION_UNUSABLE");
}

TEST_F(IncarnationTest, ManyProcessesBeginTogether) {
  std::vector<pid_t> children;
  for (int i = 0; i < 8; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      const auto incarnation = IncarnationLock::Open(folder());
      _exit(incarnation.ok() && (*incarnation)->number() == 1 && FileJournal::Open(folder(), absl::StrCat(i)).ok() ? 0
                                                                                                                   : 1);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = -1;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
}

// Several raise at once: each number is given once, and none is left out.
TEST_F(IncarnationTest, NoNumberIsGivenTwice) {
  constexpr int kProcesses = 4;
  constexpr int kRaises = 10;
  int told[2] = {};
  ASSERT_EQ(pipe(told), 0);
  std::vector<pid_t> children;
  for (int i = 0; i < kProcesses; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      disk::SkipSyncs(true);
      for (int raised = 0; raised < kRaises;) {
        auto incarnation = IncarnationLock::Open(folder());
        if (!incarnation.ok()) continue;  // Another one raises it.
        const absl::StatusOr<std::int64_t> number = (*incarnation)->Raise();
        if (!number.ok()) continue;
        ++raised;
        if (write(told[1], &*number, sizeof(*number)) != sizeof(*number)) _exit(1);
      }
      _exit(0);
    }
    children.push_back(child);
  }
  close(told[1]);
  std::vector<std::int64_t> numbers;
  std::int64_t number = 0;
  while (read(told[0], &number, sizeof(number)) == sizeof(number)) numbers.push_back(number);
  close(told[0]);
  for (const pid_t child : children) {
    int status = -1;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  std::sort(numbers.begin(), numbers.end());
  ASSERT_EQ(numbers.size(), static_cast<std::size_t>(kProcesses * kRaises));
  for (std::size_t i = 0; i < numbers.size(); ++i) EXPECT_EQ(numbers[i], static_cast<std::int64_t>(i) + 2);
}

TEST_F(IncarnationTest, AKilledRaiserLeavesOneNumberOrTheNext) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937 random(seed);
  std::int64_t last = 1;
  for (int round = 0; round < 20; ++round) {
    int told[2] = {};
    ASSERT_EQ(pipe(told), 0);
    const pid_t child = fork();
    if (child == 0) {
      auto incarnation = IncarnationLock::Open(folder());
      while (incarnation.ok()) {
        const absl::StatusOr<std::int64_t> number = (*incarnation)->Raise();
        if (!number.ok() || write(told[1], &*number, sizeof(*number)) != sizeof(*number)) break;
      }
      _exit(1);
    }
    close(told[1]);
    for (unsigned left = random() % 8 + 1; left > 0; --left) {
      ASSERT_EQ(read(told[0], &last, sizeof(last)), static_cast<ssize_t>(sizeof(last)));
    }
    kill(child, SIGKILL);
    while (read(told[0], &last, sizeof(last)) == sizeof(last)) {
    }
    close(told[0]);
    ASSERT_EQ(waitpid(child, nullptr, 0), child);
    const auto incarnation = Open();
    ASSERT_NE(incarnation, nullptr);
    EXPECT_GE(incarnation->number(), last);
    EXPECT_LE(incarnation->number(), last + 1);
    last = incarnation->number();
  }
}

TEST(MemoryIncarnation, OutlivesTheNodesThatLookAtIt) {
  std::int64_t outside = 1;
  MemoryIncarnation node(outside);
  MemoryIncarnation clone(outside);
  EXPECT_EQ(node.Raise().value(), 2);
  EXPECT_EQ(node.number(), 2);
  EXPECT_TRUE(node.Check().ok());
  EXPECT_EQ(clone.number(), 1);
  EXPECT_EQ(GetReason(clone.Check()), "INCARNATION_RAISED");
  EXPECT_EQ(GetReason(clone.Raise().status()), "INCARNATION_RAISED");
  EXPECT_EQ(MemoryIncarnation(outside).number(), 2);
}

}  // namespace
}  // namespace teilhabe::dossier
