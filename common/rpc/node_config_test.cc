#include "common/rpc/node_config.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "common/base/reason.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace teilhabe::rpc {
namespace {

using testing::HasSubstr;

class NodeConfigTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "node_config_test.XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override {
    std::filesystem::remove_all(folder_);
    for (const std::string& name : set_) unsetenv(name.c_str());
  }

  void SetEnvironment(const std::string& name, const std::string& value) {
    setenv(name.c_str(), value.c_str(), 1);
    set_.push_back(name);
  }
  std::string File(const std::string& text) const {
    const std::string path = (folder_ / "node.toml").string();
    std::ofstream(path) << text;
    return path;
  }
  static absl::StatusOr<NodeConfig> Read(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "teilhabe-node");
    return ReadNodeConfig("teilhabe-node", static_cast<int>(arguments.size()), arguments.data());
  }
  static NodeConfig::Origin OriginOf(const NodeConfig& config, const std::string& name) {
    for (const NodeConfig::Origin& origin : config.origins) {
      if (origin.name == name) return origin;
    }
    return {};
  }
  static void ExpectRefused(const absl::StatusOr<NodeConfig>& got, const std::string& field,
                            const std::string& reason = "CONFIG_INVALID") {
    EXPECT_EQ(got.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(GetReason(got.status()), reason) << got.status();
    EXPECT_EQ(GetField(got.status()), field) << got.status();
  }

  std::filesystem::path folder_;
  std::vector<std::string> set_;
};

TEST_F(NodeConfigTest, DefaultsSayWhatTheyAre) {
  const auto config = Read({});
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->server.listen, "127.0.0.1:7400");
  EXPECT_FALSE(config->server.reflection);
  EXPECT_EQ(config->server.max_message_bytes, 4 << 20);
  EXPECT_FALSE(config->print_only);
  EXPECT_TRUE(config->help.empty());
  const std::vector<std::pair<std::string, std::string>> want = {
      {"listen", "127.0.0.1:7400"},     {"data", "data"},  {"journal", "journal"}, {"reflection", "false"},
      {"max-message-bytes", "4194304"}, {"threads", "256"}};
  for (const auto& [name, value] : want) {
    EXPECT_EQ(OriginOf(*config, name).value, value);
    EXPECT_EQ(OriginOf(*config, name).origin, "default");
  }
}

// One setting from each place; each place but the last is overruled by the one before it.
TEST_F(NodeConfigTest, FlagThenEnvironmentThenFileThenDefault) {
  const std::string file = File("threads = 5\njournal = \"/var/j\"\ndata = \"/var/d\"\nreflection = false\n");
  SetEnvironment("TEILHABE_THREADS", "6");
  SetEnvironment("TEILHABE_DATA", "/env/d");
  const auto config = Read({"--config", file.c_str(), "--threads", "7"});
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->server.max_threads, 7);
  EXPECT_EQ(config->data, "/env/d");
  EXPECT_EQ(config->journal, "/var/j");
  EXPECT_FALSE(config->server.reflection);
  EXPECT_EQ(OriginOf(*config, "threads").origin, "flag");
  EXPECT_EQ(OriginOf(*config, "data").origin, "environment TEILHABE_DATA");
  EXPECT_EQ(OriginOf(*config, "journal").origin, "file " + file);
  EXPECT_EQ(OriginOf(*config, "listen").origin, "default");
  EXPECT_EQ(OriginOf(*config, "threads").value, "7");
}

TEST_F(NodeConfigTest, EnvironmentAloneAndFlagWithEquals) {
  SetEnvironment("TEILHABE_MAX_MESSAGE_BYTES", "2048");
  SetEnvironment("TEILHABE_LISTEN", "127.0.0.1:1");
  const auto config = Read({"--listen=127.0.0.1:2"});
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->server.max_message_bytes, 2048);
  EXPECT_EQ(config->server.listen, "127.0.0.1:2");
  EXPECT_EQ(OriginOf(*config, "listen").origin, "flag");
}

TEST_F(NodeConfigTest, FileMayHoldComments) {
  const std::string file = File("# a node\nthreads = 5 # five\n\nlisten = '127.0.0.1:9'\n");
  const auto config = Read({"--config", file.c_str()});
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->server.max_threads, 5);
  EXPECT_EQ(config->server.listen, "127.0.0.1:9");
}

TEST_F(NodeConfigTest, HelpAndVersionAndPrintConfig) {
  EXPECT_THAT(Read({"--help"})->help, HasSubstr("--max-message-bytes"));
  EXPECT_EQ(Read({"--version"})->help, "teilhabe-node 0.1.0\n");
  EXPECT_TRUE(Read({"--print-config"})->print_only);
}

struct WrongFile {
  const char* name;
  const char* text;
  const char* field;
};
class NodeConfigFileTest : public NodeConfigTest, public testing::WithParamInterface<WrongFile> {};

TEST_P(NodeConfigFileTest, IsRefusedWithTheField) {
  ExpectRefused(Read({"--config", File(GetParam().text).c_str()}), GetParam().field);
}

INSTANTIATE_TEST_SUITE_P(Wrong, NodeConfigFileTest,
                         testing::Values(WrongFile{"UnknownKey", "treads = 4\n", "treads"},
                                         WrongFile{"Garbage", "garbage\n", "garbage"},
                                         WrongFile{"Help", "help = true\n", "help"},
                                         WrongFile{"Print", "print-config = true\n", "print-config"},
                                         WrongFile{"WrongType", "threads = \"many\"\n", "threads"},
                                         WrongFile{"TooSmall", "threads = 1\n", "threads"},
                                         WrongFile{"TooLarge", "max-message-bytes = 67108865\n", "max-message-bytes"},
                                         WrongFile{"NotABoolean", "reflection = maybe\n", "reflection"},
                                         WrongFile{"Twice", "threads = 4\nthreads = 5\n", "threads"},
                                         WrongFile{"List", "listen = [\"a\", \"b\"]\n", "listen"},
                                         WrongFile{"WithoutValue", "threads\n", "threads"},
                                         WrongFile{"OpenQuote", "data = \"folder\n", "data"},
                                         WrongFile{"HashInQuotes", "data = \"folder # 2\"\n", "data"}),
                         [](const auto& tested) { return tested.param.name; });

TEST_F(NodeConfigTest, UnknownKeyOfTheFileNamesTheNearest) {
  EXPECT_THAT(std::string(Read({"--config", File("treads = 4\n").c_str()}).status().message()),
              HasSubstr("did you mean threads?"));
}

TEST_F(NodeConfigTest, SectionsAreUnknown) {
  EXPECT_EQ(GetReason(Read({"--config", File("[server]\nthreads = 4\n").c_str()}).status()), "CONFIG_INVALID");
}

TEST_F(NodeConfigTest, MissingFileIsRefused) {
  ExpectRefused(Read({"--config", (folder_ / "nothing.toml").c_str()}), "config");
  ExpectRefused(Read({"--config", folder_.c_str()}), "config");
}

TEST_F(NodeConfigTest, WrongFlagsAreRefusedWithTheField) {
  ExpectRefused(Read({"--threads", "1"}), "threads");
  ExpectRefused(Read({"--threads", "1025"}), "threads");
  ExpectRefused(Read({"--threads", "x"}), "threads");
  ExpectRefused(Read({"--threads"}), "threads");
  ExpectRefused(Read({"--threads", "4", "--threads", "5"}), "threads");
  ExpectRefused(Read({"--max-message-bytes", "1023"}), "max-message-bytes");
  ExpectRefused(Read({"--max-message-bytes", "1e6"}), "max-message-bytes");
  ExpectRefused(Read({"--reflection", "maybe"}), "reflection");
  ExpectRefused(Read({"--dataa", "x"}), "arguments");
  ExpectRefused(Read({"--nope"}), "arguments");
  ExpectRefused(Read({"serve"}), "arguments");
}

TEST_F(NodeConfigTest, BoundsAreInside) {
  EXPECT_TRUE(Read({"--threads", "2", "--max-message-bytes", "1024"}).ok());
  EXPECT_TRUE(Read({"--threads", "1024", "--max-message-bytes", "67108864"}).ok());
}

TEST_F(NodeConfigTest, WrongEnvironmentIsRefusedWithTheField) {
  SetEnvironment("TEILHABE_THREADS", "many");
  ExpectRefused(Read({}), "threads");
  SetEnvironment("TEILHABE_THREADS", "");
  ExpectRefused(Read({}), "threads");
  SetEnvironment("TEILHABE_THREADS", "4");
  SetEnvironment("TEILHABE_LISTEN", "0.0.0.0:7400");
  ExpectRefused(Read({}), "listen", "LISTEN_NOT_LOOPBACK");
}

TEST_F(NodeConfigTest, WrongAddressIsRefusedBeforeAnythingStarts) {
  ExpectRefused(Read({"--listen", "7400"}), "listen", "LISTEN_INVALID");
  ExpectRefused(Read({"--listen", "node.example:7400"}), "listen", "LISTEN_NOT_LOOPBACK");
  ExpectRefused(Read({"--config", File("listen = \"10.0.0.1:7400\"\n").c_str()}), "listen", "LISTEN_NOT_LOOPBACK");
}

}  // namespace
}  // namespace teilhabe::rpc
