#include "services/handover/domain/peers.h"

#include "common/base/reason.h"
#include "gtest/gtest.h"

namespace teilhabe::handover {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'750'000'000);

PeerGreeting Greeting(std::int64_t version = 3, std::string digest = "d") {
  return {{kProtocolVersion}, version, std::move(digest)};
}

TEST(PeerBook, NotesAGreeting) {
  PeerBook book;
  book.SetMembers({"lvr", "lwl"});
  ASSERT_TRUE(book.Check("lvr", Greeting(), 3, "d").ok());
  book.NoteGreeting("lvr", Greeting(), kNow);
  const PeerBook::Peer& peer = book.peers().at("lvr");
  EXPECT_EQ(peer.state, PeerBook::State::kOk);
  EXPECT_EQ(peer.greeted, kNow);
  EXPECT_EQ(book.peers().at("lwl").state, PeerBook::State::kWaiting);
  EXPECT_TRUE(book.NoteIncarnation("lvr", 1));
  EXPECT_FALSE(book.NoteIncarnation("lvr", 1)) << "the same incarnation needs no new record";
}

TEST(PeerBook, AnOlderIncarnationHasNoEffect) {
  PeerBook book;
  book.SetMembers({"lvr"});
  EXPECT_TRUE(book.NoteIncarnation("lvr", 7));
  EXPECT_EQ(GetReason(book.CheckIncarnation("lvr", 6)), "INCARNATION_OLD");
  EXPECT_TRUE(book.CheckIncarnation("lvr", 7).ok());
  EXPECT_TRUE(book.CheckIncarnation("lvr", 8).ok());
  EXPECT_EQ(GetReason(book.CheckIncarnation("drv", 8)), "MEMBER_UNKNOWN");
}

TEST(PeerBook, AFenceOutlivesARestart) {
  PeerBook book;
  book.SetMembers({"lvr"});
  book.NoteIncarnation("lvr", 7);
  PeerBook restarted;
  restarted.SetMembers({"lvr"});
  restarted.RestoreIncarnations(book.Incarnations());
  EXPECT_EQ(GetReason(restarted.CheckIncarnation("lvr", 6)), "INCARNATION_OLD");
}

TEST(PeerBook, RejectsWhatDoesNotFit) {
  PeerBook book;
  book.SetMembers({"lvr"});
  PeerGreeting other = Greeting();
  other.protocol_versions = {kProtocolVersion + 1};
  EXPECT_EQ(GetReason(book.Check("lvr", other, 3, "d")), "PROTOCOL_MISMATCH");
  other.protocol_versions = {kProtocolVersion, kProtocolVersion + 1};
  EXPECT_TRUE(book.Check("lvr", other, 3, "d").ok());
  EXPECT_EQ(GetReason(book.Check("lvr", Greeting(3, "x"), 3, "d")), "DIRECTORY_FORKED");
  EXPECT_TRUE(book.Check("lvr", Greeting(4, "x"), 3, "d").ok()) << "a newer directory is no fork";
  EXPECT_EQ(GetReason(book.Check("drv", Greeting(), 3, "d")), "MEMBER_UNKNOWN");
}

TEST(PeerBook, KeepsWhatItKnowsOfMembersThatStay) {
  PeerBook book;
  book.SetMembers({"lvr"});
  book.NoteGreeting("lvr", Greeting(), kNow);
  book.NoteIncarnation("lvr", 7);
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
