#include <set>
#include <string>

#include "common/base/reason.h"
#include "common/dossier/testing/harness.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

// The counterexamples 1 to 6 of the protocol (README, section 6) between nodes with real stores. Each trace runs twice:
// with all rules the wrong step is refused and every invariant holds; with its one rule off the invariant breaks that
// is named there, and no other. The first half runs under DefaultRules, so that a mutation run is noticed.
namespace teilhabe::dossier {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

NetworkOptions Without(bool ProtocolRules::*rule) {
  NetworkOptions options;
  options.rules = ProtocolRules();
  options.rules.*rule = false;
  return options;
}

// a holds: opened, application (sequence 2).
void Opened(Network& net) {
  ASSERT_TRUE(net.Open("a").ok());
  ASSERT_TRUE(net.Append("a", RecordDraft("application")).ok());
}

// What a time-out would write: the offer is closed, nobody has declined it.
absl::Status TakeBack(Network& net, const std::string& member) {
  return net.Do(member, "takes the offer back", [&](Unit& unit) {
    const NodeCore& node = net.node(member);
    const auto log = node.store().State(unit.tx, kSampleDossier);
    v1::EventHeader closed;
    closed.set_kind(v1::EVENT_KIND_OFFER_CLOSED);
    closed.set_legal_basis("keine");
    *closed.mutable_event_day() = SampleDate(net.today());
    closed.mutable_offer_closed()->mutable_decline();
    return node.ledger().Append(unit, *log, kSampleDossier, closed, {}).status();
  });
}

// A statement closes the open offer, whatever Intake would say of it.
absl::Status CloseBy(Network& net, const std::string& member, const Statement& decline) {
  return net.Do(member, "closes the offer", [&](Unit& unit) {
    const NodeCore& node = net.node(member);
    const auto log = node.store().State(unit.tx, kSampleDossier);
    v1::EventHeader closed;
    closed.set_kind(v1::EVENT_KIND_OFFER_CLOSED);
    closed.set_legal_basis("keine");
    *closed.mutable_event_day() = SampleDate(net.today());
    *closed.mutable_offer_closed()->mutable_decline() = decline.bytes;
    return node.ledger().Append(unit, *log, kSampleDossier, closed, {}).status();
  });
}

// `accepted` by whoever it is.
absl::Status AppendAccepted(Network& net, const std::string& member) {
  return net.Do(member, "appends accepted", [&](Unit& unit) {
    const NodeCore& node = net.node(member);
    const auto log = node.store().State(unit.tx, kSampleDossier);
    return node.ledger().AcceptOffer(unit, *log, "", "keine").status();
  });
}

// 1 · No freeze: a offers to b; b accepts; a, without news, decides.
TEST(Counterexample1, FrozenMayNotDecide) {
  Network net;
  Opened(net);
  ASSERT_TRUE(net.Append("a", OfferDraft("b")).ok());
  ASSERT_TRUE(net.Deliver(net.Publish("a", "b")).ok());
  ASSERT_TRUE(net.Accept("b").ok());
  const auto decided = net.Append("a", RecordDraft("decision"));
  EXPECT_EQ(GetReason(decided.status()), "LOG_FROZEN");
  EXPECT_EQ(net.node("a").Log(kSampleDossier).sequence(), 3);
  net.Settle();
  EXPECT_EQ(net.node("a").Log(kSampleDossier).holder(), "b");
  EXPECT_THAT(net.violations(), IsEmpty());
}

TEST(Counterexample1, WithoutTheRuleBothDecide) {
  Network net(Without(&ProtocolRules::frozen_is_frozen));
  Opened(net);
  ASSERT_TRUE(net.Append("a", OfferDraft("b")).ok());
  ASSERT_TRUE(net.Deliver(net.Publish("a", "b")).ok());
  EXPECT_THAT(net.violations(), IsEmpty());
  ASSERT_TRUE(net.Accept("b").ok());
  EXPECT_THAT(net.broken(), ElementsAre("I1"));
  EXPECT_TRUE(net.Append("a", RecordDraft("decision")).ok());
}

// 2 · A time-out takes the offer back; the offer, delayed, reaches b; b accepts.
TEST(Counterexample2, OnlyAnAnswerClosesAnOffer) {
  Network net;
  Opened(net);
  ASSERT_TRUE(net.Append("a", OfferDraft("b")).ok());
  const int offer = net.Publish("a", "b");
  net.clock().Advance(absl::Hours(24 * 365));
  EXPECT_EQ(GetReason(TakeBack(net, "a")), "DECLINE_INVALID");
  ASSERT_TRUE(net.Deliver(offer).ok());
  ASSERT_TRUE(net.Accept("b").ok());
  net.Settle();
  EXPECT_EQ(net.node("a").Log(kSampleDossier).holder(), "b");
  EXPECT_THAT(net.violations(), IsEmpty());
}

TEST(Counterexample2, WithoutTheRuleBothDecide) {
  Network net(Without(&ProtocolRules::only_answer_closes));
  Opened(net);
  ASSERT_TRUE(net.Append("a", OfferDraft("b")).ok());
  const int offer = net.Publish("a", "b");
  ASSERT_TRUE(TakeBack(net, "a").ok());
  ASSERT_TRUE(net.Deliver(offer).ok());
  EXPECT_THAT(net.violations(), IsEmpty());
  ASSERT_TRUE(net.Accept("b").ok());
  EXPECT_THAT(net.broken(), ElementsAre("I1"));
}

// 3 · The former holder writes the change of holder; its message is lost.
TEST(Counterexample3, OnlyTheAddresseeAccepts) {
  Network net;
  Opened(net);
  ASSERT_TRUE(net.Append("a", OfferDraft("b")).ok());
  ASSERT_TRUE(net.Deliver(net.Publish("a", "b")).ok());
  EXPECT_EQ(GetReason(AppendAccepted(net, "a")), "NOT_ADDRESSEE");
  EXPECT_EQ(GetReason(net.Accept("a").status()), "NOT_ADDRESSEE");
  EXPECT_TRUE(IsBound(net.node("a").Log(kSampleDossier), "a"));
  EXPECT_THAT(net.violations(), IsEmpty());
}

TEST(Counterexample3, WithoutTheRuleNobodyIsBound) {
  Network net(Without(&ProtocolRules::addressee_accepts));
  Opened(net);
  ASSERT_TRUE(net.Append("a", OfferDraft("b")).ok());
  ASSERT_TRUE(net.Deliver(net.Publish("a", "b")).ok());
  EXPECT_THAT(net.violations(), IsEmpty());
  ASSERT_TRUE(AppendAccepted(net, "a").ok());
  EXPECT_THAT(net.broken(), ElementsAre("I2"));
}

// 4 · Records of running benefits while frozen: a pays after its offer; b, seeing only the offer, accepts.
TEST(Counterexample4, NoPaymentWhileFrozen) {
  Network net;
  Opened(net);
  ASSERT_TRUE(net.Append("a", OfferDraft("b")).ok());
  const int offer = net.Publish("a", "b");
  EXPECT_EQ(GetReason(net.Append("a", RecordDraft("payment")).status()), "LOG_FROZEN");
  ASSERT_TRUE(net.Deliver(offer).ok());
  ASSERT_TRUE(net.Accept("b").ok());
  net.Settle();
  EXPECT_EQ(net.node("a").Log(kSampleDossier).head(), net.node("b").Log(kSampleDossier).head());
  EXPECT_THAT(net.violations(), IsEmpty());
}

TEST(Counterexample4, WithoutTheRuleTheLogsFork) {
  NetworkOptions options = Without(&ProtocolRules::frozen_is_frozen);
  options.judged = ProtocolRules();  // A payment is no decision: a decides nothing any more.
  Network net(options);
  Opened(net);
  ASSERT_TRUE(net.Append("a", OfferDraft("b")).ok());
  const int offer = net.Publish("a", "b");
  ASSERT_TRUE(net.Append("a", RecordDraft("payment")).ok());
  const int payment = net.Publish("a", "b");
  ASSERT_TRUE(net.Deliver(offer).ok());
  EXPECT_THAT(net.violations(), IsEmpty());
  ASSERT_TRUE(net.Accept("b").ok());
  EXPECT_THAT(net.violations(), IsEmpty());
  const auto answer = net.Deliver(payment);
  ASSERT_TRUE(answer.ok()) << answer.status();
  ASSERT_EQ(answer->rejected_size(), 1);
  EXPECT_EQ(answer->rejected(0).reason(), "DIVERGED");
  EXPECT_THAT(net.broken(), ElementsAre("I4"));
}

// 5 · b declines, forgets it in a crash, gets the offer again and accepts; the decline reaches a.
TEST(Counterexample5, ADeclineIsRemembered) {
  Network net;
  Opened(net);
  ASSERT_TRUE(net.Append("a", OfferDraft("b")).ok());
  const int offer = net.Publish("a", "b");
  ASSERT_TRUE(net.Deliver(offer).ok());
  const std::string hash = net.node("b").Log(kSampleDossier).offer().hash();
  ASSERT_TRUE(net.Decline("b").ok());
  ASSERT_TRUE(net.Restart("b").ok());
  ASSERT_TRUE(net.Deliver(offer).ok());
  const auto accepted = net.Accept("b");
  EXPECT_EQ(GetReason(accepted.status()), "OFFER_DECLINED");
  net.Settle();
  const v1::LogState at_a = net.node("a").Log(kSampleDossier);
  EXPECT_EQ(at_a.last_kind(), v1::EVENT_KIND_OFFER_CLOSED);
  EXPECT_TRUE(MayDecide(at_a, "a"));
  EXPECT_THAT(net.violations(), IsEmpty());
}

// The decline was signed in a commit that never came to be durable: then nobody has seen it, and b is free to accept.
TEST(Counterexample5, ADeclineLostInACrashWasNotSent) {
  Network net;
  Opened(net);
  ASSERT_TRUE(net.Append("a", OfferDraft("b")).ok());
  ASSERT_TRUE(net.Deliver(net.Publish("a", "b")).ok());
  net.node("b").CrashAt(CrashPoint::kBeforeCommit);
  EXPECT_EQ(GetReason(net.Decline("b").status()), "CRASHED");
  ASSERT_TRUE(net.Restart("b").ok());
  EXPECT_TRUE(net.Accept("b").ok());
  net.Settle();
  EXPECT_EQ(net.node("a").Log(kSampleDossier).holder(), "b");
  EXPECT_THAT(net.violations(), IsEmpty());
}

TEST(Counterexample5, WithoutTheRuleBothDecide) {
  Network net(Without(&ProtocolRules::decline_is_durable));
  Opened(net);
  ASSERT_TRUE(net.Append("a", OfferDraft("b")).ok());
  const int offer = net.Publish("a", "b");
  ASSERT_TRUE(net.Deliver(offer).ok());
  ASSERT_TRUE(net.Decline("b").ok());
  const int decline = offer + 1;
  ASSERT_EQ(net.message(decline).from, "b");
  ASSERT_TRUE(net.Restart("b").ok());
  ASSERT_TRUE(net.Deliver(offer).ok());
  ASSERT_TRUE(net.Accept("b").ok());
  EXPECT_THAT(net.violations(), IsEmpty());
  ASSERT_TRUE(net.Deliver(decline).ok());
  EXPECT_THAT(net.broken(), ElementsAre("I1"));
}

// 6 · A decline that names the epoch only: an old one, duplicated, closes a later offer.
TEST(Counterexample6, AnAnswerNamesItsOffer) {
  Network net;
  Opened(net);
  ASSERT_TRUE(net.Append("a", OfferDraft("b")).ok());
  ASSERT_TRUE(net.Deliver(net.Publish("a", "b")).ok());
  ASSERT_TRUE(net.Decline("b").ok());
  const int decline = net.Publish("b", "a");
  ASSERT_TRUE(net.Deliver(decline).ok());
  ASSERT_TRUE(net.Append("a", OfferDraft("b")).ok());
  const v1::LogState again = net.node("a").Log(kSampleDossier);
  ASSERT_TRUE(net.Deliver(decline).ok());
  EXPECT_EQ(net.node("a").Log(kSampleDossier).head(), again.head()) << "the old decline has no effect";
  const Statement old = net.node("a").StatementsOf(kSampleDossier, "b", v1::StatementHeader::kDecision).at(0);
  EXPECT_EQ(GetReason(CloseBy(net, "a", old)), "OFFER_MISMATCH");
  ASSERT_TRUE(net.Deliver(net.Publish("a", "b")).ok());
  ASSERT_TRUE(net.Accept("b").ok());
  net.Settle();
  EXPECT_EQ(net.node("a").Log(kSampleDossier).holder(), "b");
  EXPECT_THAT(net.violations(), IsEmpty());
}

TEST(Counterexample6, WithoutTheRuleBothDecide) {
  Network net(Without(&ProtocolRules::answer_names_offer));
  Opened(net);
  ASSERT_TRUE(net.Append("a", OfferDraft("b")).ok());
  ASSERT_TRUE(net.Deliver(net.Publish("a", "b")).ok());
  ASSERT_TRUE(net.Decline("b").ok());
  const int decline = net.Publish("b", "a");
  ASSERT_TRUE(net.Deliver(decline).ok());
  ASSERT_TRUE(net.Append("a", OfferDraft("b")).ok());
  ASSERT_TRUE(net.Deliver(net.Publish("a", "b")).ok());
  ASSERT_TRUE(net.Deliver(decline).ok());
  EXPECT_EQ(net.node("a").Log(kSampleDossier).last_kind(), v1::EVENT_KIND_OFFER_CLOSED);
  EXPECT_THAT(net.violations(), IsEmpty());
  ASSERT_TRUE(net.Accept("b").ok());
  EXPECT_THAT(net.broken(), ElementsAre("I1"));
}

}  // namespace
}  // namespace teilhabe::dossier
