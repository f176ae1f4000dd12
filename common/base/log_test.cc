#include "common/base/log.h"

#include <nlohmann/json.hpp>

#include "gtest/gtest.h"

namespace teilhabe {
namespace {

TEST(Log, WritesOneJsonObjectALine) {
  testing::internal::CaptureStderr();
  Log(LogLevel::kWarning, "peer_rejected", {{"reason", "CERTIFICATE\n\"EXPIRED\""}, {"count", std::int64_t{3}}});
  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
  const auto line = nlohmann::json::parse(text);
  EXPECT_EQ(line["level"], "warning");
  EXPECT_EQ(line["event"], "peer_rejected");
  EXPECT_EQ(line["reason"], "CERTIFICATE\n\"EXPIRED\"");
  EXPECT_EQ(line["count"], 3);
}

TEST(Log, SurvivesBytesThatAreNotText) {
  testing::internal::CaptureStderr();
  Log(LogLevel::kInfo, "x", {{"bytes", "\xff\xfe"}});
  EXPECT_FALSE(testing::internal::GetCapturedStderr().empty());
}

}  // namespace
}  // namespace teilhabe
