#pragma once

#include <functional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "common/base/reason.h"
#include "common/dossier/holder.h"
#include "common/dossier/testing/sample_log.h"
#include "gtest/gtest.h"

namespace teilhabe::dossier {

// A directory, and a log of two events that a holds: opened, application.
struct World {
  SampleMembers members;
  SampleLog log;

  World() {
    log.Add(log.Opened("a"));
    log.Add(log.Record("application", "", {SampleSection("antrag", v1::CATEGORY_IDENTITY)}));
  }
  void Add(Event event) { log.Add(std::move(event)); }
};

inline std::string Bytes(char filler) { return std::string(crypto::Digest::kSize, filler); }
inline std::string HashOf(const Event& event) { return std::string(event.hash.bytes()); }

// What has often to be there before: an offer to b; b holds by it; a forwarding to b; b holds by that.
inline void Offered(World& w) { w.Add(w.log.Offer("b")); }
inline void HandedOver(World& w) {
  Offered(w);
  w.Add(w.log.Accept("b"));
}
inline void Forwarded(World& w) { w.Add(w.log.Forward("b")); }
inline void Arrived(World& w) {
  Forwarded(w);
  w.Add(w.log.Accept("b"));
}

// Whom a rule binds: everybody who reads the log; its author only, at the moment of appending; or it is not said.
enum class Binds { kEverybody, kAuthor, kOpen };

// One event after a log, and what Next says of it.
struct RuleCase {
  std::string name;
  std::function<Event(World&)> make;  // Adds what has to be there before; returns the event in question.
  std::string want;                   // Reason, or several between bars: any of them. Empty: it is taken.
  Binds binds = Binds::kEverybody;
};
inline void PrintTo(const RuleCase& row, std::ostream* out) { *out << row.name; }

inline void ExpectReason(const absl::Status& got, const std::string& want) {
  if (want.empty()) {
    EXPECT_TRUE(got.ok()) << got;
    return;
  }
  ASSERT_FALSE(got.ok()) << "want " << want;
  EXPECT_NE(("|" + want + "|").find("|" + GetReason(got) + "|"), std::string::npos) << got << "\nwant " << want;
  EXPECT_EQ(got.code(), absl::StatusCode::kFailedPrecondition);
}

inline void CheckRule(const RuleCase& row) {
  World world;
  const Event event = row.make(world);
  const auto before = world.log.Fold(world.members);
  ASSERT_TRUE(before.ok()) << "the log before: " << before.status();
  {
    SCOPED_TRACE("appending");
    ExpectReason(Next(*before, event, SampleStep(world.members, true)).status(), row.want);
  }
  if (row.binds == Binds::kOpen) return;
  SCOPED_TRACE("following");
  ExpectReason(Next(*before, event, SampleStep(world.members, false)).status(),
               row.binds == Binds::kEverybody ? row.want : "");
}

inline std::string RuleName(const testing::TestParamInfo<RuleCase>& tested) { return tested.param.name; }

}  // namespace teilhabe::dossier
