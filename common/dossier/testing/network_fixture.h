#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/base/reason.h"
#include "common/dossier/days.h"
#include "common/dossier/testing/harness.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace teilhabe::dossier {

// Tests over a network that keeps every rule: at the end of each no invariant was ever broken.
class NetworkTest : public testing::Test {
 protected:
  NetworkTest() = default;
  explicit NetworkTest(NetworkOptions options) : net(std::move(options)) {}
  void TearDown() override { EXPECT_THAT(net.violations(), testing::IsEmpty()); }

  // a holds: opened, application (sequence 2) with these sections.
  void Begin(const std::vector<NewSection>& sections = {SampleSection("antrag", v1::CATEGORY_IDENTITY)}) {
    Must(net.Open("a"));
    Must(net.Append("a", RecordDraft("application", sections)));
  }
  // b holds by an offer of a; the news has reached everybody.
  void HandOver(const std::vector<NewSection>& sections = {SampleSection("antrag", v1::CATEGORY_IDENTITY)}) {
    Begin(sections);
    Must(net.Append("a", OfferDraft("b")));
    net.Settle();
    Must(net.Accept("b"));
    net.Settle();
  }
  static v1::StoredAnswer Must(const Network::Answer& answer) {
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() ? *answer : v1::StoredAnswer();
  }

  v1::LogState Log(const std::string& member) { return net.node(member).Log(kSampleDossier); }
  Standing StandingAt(const std::string& member) { return Show(member).standing; }
  View Show(const std::string& member, int klaerung_after_days = 30) {
    View view;
    const absl::Status shown = net.Do(member, "shows", [&](Unit& unit) {
      auto got = net.node(member).desk().Show(unit, CallerAt(member), kSampleDossier, klaerung_after_days);
      if (got.ok()) view = *std::move(got);
      return got.status();
    });
    EXPECT_TRUE(shown.ok()) << shown;
    return view;
  }
  std::string HashAt(const std::string& member, std::int64_t sequence) {
    return std::string(net.node(member).EventAt(kSampleDossier, sequence).hash.bytes());
  }
  std::vector<v1::EventKind> Kinds(const std::string& member) {
    std::vector<v1::EventKind> kinds;
    for (const Event& event : net.node(member).Events(kSampleDossier)) kinds.push_back(event.header.kind());
    return kinds;
  }
  // Names of the sections of an event or statement that a node has.
  std::vector<std::string> SectionsOf(const std::string& member, const std::string& hash) {
    return net.node(member).store().SectionNames(net.node(member).database(), kSampleDossier, hash).value();
  }
  std::vector<std::string> SectionsAt(const std::string& member, std::int64_t sequence) {
    return SectionsOf(member, HashAt(member, sequence));
  }
  std::string TextOf(const std::string& member, std::int64_t sequence, const std::string& name) {
    const auto section =
        net.node(member).store().SectionOf(net.node(member).database(), kSampleDossier, HashAt(member, sequence), name);
    EXPECT_TRUE(section.ok()) << section.status();
    v1::SectionPayload payload;
    return section.ok() && payload.ParseFromString(section->payload()) ? payload.content() : "";
  }
  std::vector<Statement> From(const std::string& at, const std::string& author, int detail) {
    return net.node(at).StatementsOf(kSampleDossier, author, detail);
  }
  // What a member's receipts say that it was not given: `sequence/name`.
  std::set<std::string> LeftOut(const std::string& at, const std::string& author) {
    std::set<std::string> left_out;
    for (const Statement& eingang : From(at, author, v1::StatementHeader::kEingang)) {
      for (const v1::LeftOut& left : eingang.header.eingang().left_out()) {
        left_out.insert(std::to_string(left.sequence()) + "/" + left.name());
      }
    }
    return left_out;
  }
  // All logs are the same.
  void ExpectAgreed(const std::vector<std::string>& members) {
    for (const std::string& member : members) EXPECT_EQ(Log(member).head(), Log(members[0]).head()) << member;
  }

  Network net;
};

}  // namespace teilhabe::dossier
