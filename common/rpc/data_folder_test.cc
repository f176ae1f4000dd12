#include "common/rpc/data_folder.h"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <functional>

#include "common/base/reason.h"
#include "gtest/gtest.h"

namespace teilhabe::rpc {
namespace {

namespace fs = std::filesystem;

class DataFolderTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "data_folder_test.XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    root_ = name;
    fs::permissions(root_, fs::perms::all);  // A test works below it as another user.
  }
  void TearDown() override { fs::remove_all(root_); }

  fs::path Data() const { return root_ / "data"; }
  fs::path Journal() const { return root_ / "journal"; }
  absl::StatusOr<std::unique_ptr<DataFolder>> Open() const { return DataFolder::Open(Data(), Journal()); }

  void Write(const fs::path& file, const std::string& text) const {
    fs::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }

  // What lies below the root, sorted.
  std::vector<std::string> Listing() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(root_)) {
      names.push_back(entry.path().lexically_relative(root_).string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  static void ExpectRefused(const absl::Status& status, absl::StatusCode code, const std::string& reason,
                            const std::string& field) {
    EXPECT_EQ(status.code(), code) << status;
    EXPECT_EQ(GetReason(status), reason);
    EXPECT_EQ(GetField(status), field);
  }

  // Runs `work` in a process of its own and returns what it returns, 0 to 255.
  static int InAnotherProcess(const std::function<int()>& work) {
    const pid_t child = fork();
    if (child == 0) _exit(work());
    int status = 0;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status));
    return WEXITSTATUS(status);
  }

  fs::path root_;
};

constexpr absl::StatusCode kPrecondition = absl::StatusCode::kFailedPrecondition;

TEST_F(DataFolderTest, MakesBothForTheOwnerOnly) {
  const auto folder = Open();
  ASSERT_TRUE(folder.ok()) << folder.status();
  EXPECT_EQ((*folder)->data(), fs::canonical(Data()));
  EXPECT_EQ((*folder)->journal(), fs::canonical(Journal()));
  for (const fs::path& made : {Data(), Journal()}) {
    EXPECT_EQ(fs::status(made).permissions(), fs::perms::owner_all) << made;
  }
  EXPECT_EQ(Listing(), (std::vector<std::string>{"data", "data/lock", "data/node.json", "journal"}));
}

TEST_F(DataFolderTest, OpensAgainAfterwards) {
  ASSERT_TRUE(Open().ok());
  Write(Data() / "cases.db", "x");
  EXPECT_TRUE(Open().ok());
}

TEST_F(DataFolderTest, TakesAnEmptyFolderAsItIs) {
  fs::create_directories(Data());
  fs::permissions(Data(), fs::perms::owner_all | fs::perms::group_read);
  ASSERT_TRUE(Open().ok());
  EXPECT_EQ(fs::status(Data()).permissions(), fs::perms::owner_all | fs::perms::group_read);
}

TEST_F(DataFolderTest, RefusesNestedFoldersAndCreatesNothing) {
  fs::create_directories(root_ / "real");
  fs::create_directory_symlink(root_ / "real", root_ / "link");
  const std::vector<std::pair<fs::path, fs::path>> nested = {
      {root_ / "a", root_ / "a"},
      {root_ / "a", root_ / "a" / "journal"},
      {root_ / "a" / "data", root_ / "a"},
      {root_ / "a/", root_ / "a" / "b" / "c"},
      {root_ / "a" / ".", root_ / "a"},
      {root_ / "a", root_ / "b" / ".." / "a"},
      {root_ / "link", root_ / "real" / "journal"},
      {root_ / "real" / "data", root_ / "link"},
      {root_ / "link" / "x", root_ / "real" / "x" / "y"},
  };
  const auto before = Listing();
  for (const auto& [data, journal] : nested) {
    ExpectRefused(DataFolder::Open(data, journal).status(), absl::StatusCode::kInvalidArgument, "FOLDERS_NESTED",
                  "journal");
    EXPECT_EQ(Listing(), before) << data << " " << journal;
  }
}

TEST_F(DataFolderTest, NamesThatBeginAlikeAreNotNested) {
  EXPECT_TRUE(DataFolder::Open(root_ / "node", root_ / "node-journal").ok());
}

TEST_F(DataFolderTest, RefusesForeignFilesAndAddsNone) {
  Write(Data() / "thesis.odt", "x");
  const auto before = Listing();
  ExpectRefused(Open().status(), kPrecondition, "DATA_FOLDER_FOREIGN", "data");
  EXPECT_EQ(Listing(), before);
}

struct Marker {
  const char* name;
  const char* text;
};
class DataFolderMarkerTest : public DataFolderTest, public testing::WithParamInterface<Marker> {};

TEST_P(DataFolderMarkerTest, RefusesAMarkerItCannotRead) {
  Write(Data() / "node.json", GetParam().text);
  ExpectRefused(Open().status(), kPrecondition, "DATA_FOLDER_FOREIGN", "data");
}

INSTANTIATE_TEST_SUITE_P(Broken, DataFolderMarkerTest,
                         testing::Values(Marker{"Empty", ""}, Marker{"Cut", "{"}, Marker{"List", "[]"},
                                         Marker{"Number", "17"}, Marker{"WithoutFormat", "{}"},
                                         Marker{"FormatText", R"({"format":"1"})"},
                                         Marker{"FormatNull", R"({"format":null})"},
                                         Marker{"FormatFraction", R"({"format":1.5})"},
                                         Marker{"FormatList", R"({"format":[1]})"}, Marker{"Bytes", "\xFF"}),
                         [](const auto& tested) { return tested.param.name; });

TEST_F(DataFolderTest, RefusesAFolderOfANewerProgram) {
  for (const char* marker : {R"({"format":2})", R"({"format":4294967297})", R"({"format":18446744073709551615})"}) {
    Write(Data() / "node.json", marker);
    ExpectRefused(Open().status(), kPrecondition, "DATA_FOLDER_NEWER", "data");
  }
}

TEST_F(DataFolderTest, MarkerThatWasBeingWrittenIsWrittenAgain) {
  Write(Data() / "node.json.new", "{\"for");
  ASSERT_TRUE(Open().ok());
  EXPECT_EQ(Listing(), (std::vector<std::string>{"data", "data/lock", "data/node.json", "journal"}));
}

TEST_F(DataFolderTest, RefusesTheSecondOfOneProcess) {
  const auto first = Open();
  ASSERT_TRUE(first.ok());
  ExpectRefused(Open().status(), kPrecondition, "DATA_FOLDER_IN_USE", "data");
  EXPECT_TRUE(fs::exists(Data() / "node.json"));
}

TEST_F(DataFolderTest, RefusesTheSecondProcess) {
  const auto first = Open();
  ASSERT_TRUE(first.ok());
  fs::create_directory_symlink(Data(), root_ / "link");
  for (const fs::path& name : {Data(), root_ / "link"}) {
    EXPECT_EQ(InAnotherProcess([&] {
                const auto second = DataFolder::Open(name, Journal());
                return GetReason(second.status()) == "DATA_FOLDER_IN_USE" ? 7 : 0;
              }),
              7);
  }
}

TEST_F(DataFolderTest, IsFreeOnceItsHolderIsKilled) {
  int ready[2];
  int never[2];
  ASSERT_EQ(pipe(ready), 0);
  ASSERT_EQ(pipe(never), 0);
  const pid_t holder = fork();
  if (holder == 0) {
    const auto held = Open();
    char byte = held.ok() ? 'y' : 'n';
    close(never[1]);
    if (write(ready[1], &byte, 1) != 1) _exit(1);
    _exit(read(never[0], &byte, 1) == 0 ? 0 : 1);  // Until the test ends it.
  }
  char byte = 0;
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  ASSERT_EQ(byte, 'y');
  ExpectRefused(Open().status(), kPrecondition, "DATA_FOLDER_IN_USE", "data");
  kill(holder, SIGKILL);
  int status = 0;
  ASSERT_EQ(waitpid(holder, &status, 0), holder);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_TRUE(Open().ok());
  for (const int end : {ready[0], ready[1], never[0], never[1]}) close(end);
}

TEST_F(DataFolderTest, RefusesAFileInPlaceOfAFolder) {
  Write(root_ / "file", "x");
  ExpectRefused(DataFolder::Open(root_ / "file", Journal()).status(), absl::StatusCode::kUnavailable, "FOLDER_UNUSABLE",
                "data");
  ExpectRefused(DataFolder::Open(Data(), root_ / "file" / "journal").status(), absl::StatusCode::kUnavailable,
                "FOLDER_UNUSABLE", "journal");
  ExpectRefused(DataFolder::Open("", Journal()).status(), absl::StatusCode::kUnavailable, "FOLDER_UNUSABLE", "data");
  ExpectRefused(DataFolder::Open(Data(), "").status(), absl::StatusCode::kUnavailable, "FOLDER_UNUSABLE", "journal");
}

TEST_F(DataFolderTest, RefusesALinkThatLeadsNowhere) {
  fs::create_directory_symlink(root_ / "gone", Data());
  ExpectRefused(Open().status(), absl::StatusCode::kUnavailable, "FOLDER_UNUSABLE", "data");
}

TEST_F(DataFolderTest, RefusesAFolderThatMayNotBeWritten) {
  fs::create_directories(Data());
  fs::permissions(Data(),
                  fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read | fs::perms::others_exec);
  // Root may write everywhere; another user stands in for the one that a node runs as.
  const int answer = InAnotherProcess([&] {
    if (geteuid() == 0 && setuid(65534) != 0) return 1;
    const auto refused = Open();
    if (GetReason(refused.status()) != "FOLDER_UNUSABLE" || GetField(refused.status()) != "data") return 2;
    const auto below = DataFolder::Open(Data() / "below", Journal());
    return GetReason(below.status()) == "FOLDER_UNUSABLE" ? 7 : 3;
  });
  EXPECT_EQ(answer, 7);
}

TEST_F(DataFolderTest, RefusesAFolderThatMayNotBeRead) {
  fs::create_directories(Data());
  fs::permissions(Data(), fs::perms::none);
  EXPECT_EQ(InAnotherProcess([&] {
              if (geteuid() == 0 && setuid(65534) != 0) return 1;
              return GetReason(Open().status()) == "FOLDER_UNUSABLE" ? 7 : 2;
            }),
            7);
}

}  // namespace
}  // namespace teilhabe::rpc
