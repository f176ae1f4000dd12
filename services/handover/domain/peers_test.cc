#include "services/handover/domain/peers.h"

#include "common/base/reason.h"
#include "gtest/gtest.h"

namespace teilhabe::handover {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'750'000'000);

PeerGreeting Greeting(std::int64_t incarnation = 1, std::int64_t version = 3, std::string digest = "d") {
  return {{kProtocolVersion}, version, std::move(digest), incarnation};
}

TEST(PeerBook, NotesAGreeting) {
  PeerBook book;
  book.SetMembers({"lvr", "lwl"});
  ASSERT_TRUE(book.Check("lvr", Greeting(), 3, "d").ok());
  EXPECT_TRUE(book.NoteGreeting("lvr", Greeting(), kNow));
  const PeerBook::Peer& peer = book.peers().at("lvr");
  EXPECT_EQ(peer.state, PeerBook::State::kOk);
  EXPECT_EQ(peer.greeted, kNow);
  EXPECT_EQ(book.peers().at("lwl").state, PeerBook::State::kWaiting);
  EXPECT_FALSE(book.NoteGreeting("lvr", Greeting(), kNow)) << "the same incarnation needs no new record";
}

TEST(PeerBook, AnOlderIncarnationHasNoEffect) {
  PeerBook book;
  book.SetMembers({"lvr"});
  book.NoteGreeting("lvr", Greeting(7), kNow);
  EXPECT_EQ(GetReason(book.Check("lvr", Greeting(6), 3, "d")), "INCARNATION_OLD");
  EXPECT_TRUE(book.Check("lvr", Greeting(7), 3, "d").ok());
  EXPECT_TRUE(book.Check("lvr", Greeting(8), 3, "d").ok());
}

TEST(PeerBook, AFenceOutlivesARestart) {
  PeerBook book;
  book.SetMembers({"lvr"});
  book.NoteGreeting("lvr", Greeting(7), kNow);
  PeerBook restarted;
  restarted.SetMembers({"lvr"});
  restarted.RestoreIncarnations(book.Incarnations());
  EXPECT_EQ(GetReason(restarted.Check("lvr", Greeting(6), 3, "d")), "INCARNATION_OLD");
}

TEST(PeerBook, RejectsWhatDoesNotFit) {
  PeerBook book;
  book.SetMembers({"lvr"});
  PeerGreeting other = Greeting();
  other.protocol_versions = {kProtocolVersion + 1};
  EXPECT_EQ(GetReason(book.Check("lvr", other, 3, "d")), "PROTOCOL_MISMATCH");
  other.protocol_versions = {kProtocolVersion, kProtocolVersion + 1};
  EXPECT_TRUE(book.Check("lvr", other, 3, "d").ok());
  EXPECT_EQ(GetReason(book.Check("lvr", Greeting(1, 3, "x"), 3, "d")), "DIRECTORY_FORKED");
  EXPECT_TRUE(book.Check("lvr", Greeting(1, 4, "x"), 3, "d").ok()) << "a newer directory is no fork";
  EXPECT_EQ(GetReason(book.Check("drv", Greeting(), 3, "d")), "MEMBER_UNKNOWN");
}

TEST(PeerBook, KeepsWhatItKnowsOfMembersThatStay) {
  PeerBook book;
  book.SetMembers({"lvr"});
  book.NoteGreeting("lvr", Greeting(7), kNow);
  book.SetMembers({"drv", "lvr"});
  EXPECT_EQ(book.peers().at("lvr").incarnation, 7);
  book.NoteFailure("lvr", "PEER_UNREACHABLE", kNow - absl::Seconds(1));
  EXPECT_EQ(book.peers().at("lvr").state, PeerBook::State::kOk) << "heard since that greeting began";
  book.NoteFailure("lvr", "PEER_UNREACHABLE", kNow + absl::Seconds(1));
  EXPECT_EQ(book.peers().at("lvr").state, PeerBook::State::kFailed);
  EXPECT_EQ(book.peers().at("lvr").incarnation, 7);
  book.NoteFailure("gone", "X", kNow);
  EXPECT_EQ(book.peers().size(), 2u);
  book.SetMembers({"drv"});
  book.SetMembers({"drv", "lvr"});
  EXPECT_EQ(book.peers().at("lvr").incarnation, 7) << "a fence outlives a membership";
}

}  // namespace
}  // namespace teilhabe::handover
