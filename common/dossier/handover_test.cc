#include <string>
#include <vector>

#include "common/dossier/testing/network_fixture.h"

// The change of holder between nodes, as officials and messages bring it about; tables 2 and 3 of the protocol.
namespace teilhabe::dossier {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr int kDecision = v1::StatementHeader::kDecision;
constexpr int kEingang = v1::StatementHeader::kEingang;
constexpr int kWirksam = v1::StatementHeader::kWirksam;

class Handover : public NetworkTest {};

TEST_F(Handover, AcceptedOfferChangesTheHolderEverywhere) {
  Begin();
  Must(net.Append("a", OfferDraft("b")));
  EXPECT_EQ(StandingAt("a"), Standing::kOffered);
  net.Settle();
  EXPECT_EQ(StandingAt("b"), Standing::kAsked);
  const v1::StoredAnswer answer = Must(net.Accept("b"));
  EXPECT_EQ(answer.head().sequence(), 4);
  EXPECT_EQ(StandingAt("b"), Standing::kHolder);
  EXPECT_EQ(StandingAt("a"), Standing::kOffered) << "the news is under way";
  net.Settle();
  EXPECT_EQ(StandingAt("a"), Standing::kFollower);
  EXPECT_EQ(Log("a").epoch(), 1);
  ExpectAgreed({"a", "b"});
  ASSERT_NE(FindParty(Log("b"), "a"), nullptr);
  EXPECT_EQ(FindParty(Log("b"), "a")->grant().relation(), "former_holder");
}

TEST_F(Handover, ReceiptsAreEingangEntscheidungWirksam) {
  HandOver();
  const auto eingang = From("a", "b", kEingang);
  ASSERT_THAT(eingang, SizeIs(testing::Ge(1)));
  bool of_offer = false;
  for (const Statement& receipt : eingang) of_offer |= receipt.header.eingang().hash() == HashAt("a", 3);
  EXPECT_TRUE(of_offer);
  const auto decided = From("a", "b", kDecision);
  ASSERT_THAT(decided, SizeIs(1));
  EXPECT_EQ(decided[0].header.decision().outcome(), v1::OUTCOME_ACCEPTED);
  EXPECT_EQ(decided[0].header.decision().offer_hash(), HashAt("a", 3));
  EXPECT_EQ(decided[0].header.decision().accepted_hash(), HashAt("a", 4));
  const auto wirksam = From("b", "a", kWirksam);
  ASSERT_THAT(wirksam, SizeIs(1));
  EXPECT_EQ(wirksam[0].header.wirksam().accepted_hash(), HashAt("a", 4));
}

TEST_F(Handover, EingangHasBothInstants) {
  Begin();
  Must(net.Append("a", OfferDraft("b")));
  const int offer = net.Publish("a", "b");
  const absl::Time sent = net.clock().Now();
  net.clock().Advance(absl::Hours(50));
  ASSERT_TRUE(net.Deliver(offer).ok());
  const auto eingang = From("b", "b", kEingang);
  ASSERT_THAT(eingang, SizeIs(1));
  EXPECT_EQ(eingang[0].header.eingang().sent_time().seconds(), absl::ToUnixSeconds(sent));
  EXPECT_EQ(eingang[0].header.eingang().arrived_time().seconds(), absl::ToUnixSeconds(sent + absl::Hours(50)));
  EXPECT_EQ(eingang[0].header.eingang().sequence(), 3);
}

TEST_F(Handover, HandBackIsAnotherOffer) {
  HandOver();
  Must(net.Append("b", OfferDraft("a")));
  net.Settle();
  Must(net.Accept("a"));
  net.Settle();
  EXPECT_EQ(Log("b").holder(), "a");
  EXPECT_EQ(Log("b").epoch(), 2);
  ExpectAgreed({"a", "b"});
}

TEST_F(Handover, FrozenMeansFrozen) {
  Begin();
  Must(net.Append("a", OfferDraft("b")));
  for (const v1::EventDraft& draft :
       {RecordDraft("payment"), OfferDraft("c"), ForwardDraft("c"), AnnounceDraft("c"), SentOutsideDraft("Amt"),
        AdmitDraft("c", SampleGrant("involved")), ProposeDraft("plan", 1, {"a"})}) {
    const auto answer = net.Append("a", draft);
    EXPECT_EQ(GetReason(answer.status()), "LOG_FROZEN") << draft.ShortDebugString();
  }
  EXPECT_EQ(Log("a").sequence(), 3);
}

TEST_F(Handover, DeclineThawsAndTheNextOfferIsAnother) {
  Begin();
  Must(net.Append("a", OfferDraft("b")));
  net.Settle();
  const v1::StoredAnswer declined = Must(net.Decline("b"));
  EXPECT_THAT(declined.statement_hash(), SizeIs(32));
  EXPECT_EQ(StandingAt("b"), Standing::kFollower);
  EXPECT_EQ(GetReason(net.Accept("b").status()), "OFFER_DECLINED");
  EXPECT_EQ(GetReason(net.Decline("b").status()), "OFFER_DECLINED");
  net.Settle();
  EXPECT_EQ(StandingAt("a"), Standing::kHolder);
  EXPECT_EQ(Log("a").last_kind(), v1::EVENT_KIND_OFFER_CLOSED);
  Must(net.Append("a", OfferDraft("b")));
  net.Settle();
  EXPECT_EQ(StandingAt("b"), Standing::kAsked);
  Must(net.Accept("b"));
  net.Settle();
  ExpectAgreed({"a", "b"});
  EXPECT_EQ(Log("a").holder(), "b");
}

// Table 3: offer of one I declined: the stored decline again, no new one.
TEST_F(Handover, RepeatedOfferIsAnsweredWithTheStoredDecline) {
  Begin();
  Must(net.Append("a", OfferDraft("b")));
  const int offer = net.Publish("a", "b");
  ASSERT_TRUE(net.Deliver(offer).ok());
  Must(net.Decline("b"));
  const int lost = net.Publish("b", "a");
  ASSERT_GE(lost, 0);
  net.clock().Advance(absl::Hours(24));
  ASSERT_TRUE(net.Deliver(offer).ok());
  const auto decided = From("b", "b", kDecision);
  ASSERT_THAT(decided, SizeIs(1));
  const int again = net.Publish("b", "a");
  int copies = 0;
  for (const std::string& item : net.message(again).items) copies += item == Item(decided[0]) ? 1 : 0;
  EXPECT_EQ(copies, 2) << "once as it was made, once for the repeated offer";
  net.Settle();
  EXPECT_EQ(StandingAt("a"), Standing::kHolder);
  EXPECT_THAT(Kinds("a"), testing::Contains(v1::EVENT_KIND_OFFER_CLOSED).Times(1));
}

TEST_F(Handover, DeclineAfterAcceptanceIsRefused) {
  HandOver();
  EXPECT_EQ(GetReason(net.Decline("b").status()), "OFFER_NOT_OPEN");
  EXPECT_EQ(GetReason(net.Accept("b").status()), "OFFER_NOT_OPEN");
}

TEST_F(Handover, OnlyTheAddresseeAnswers) {
  Begin();
  Must(net.Append("a", AdmitDraft("c", SampleGrant("involved"))));
  Must(net.Append("a", OfferDraft("b")));
  net.Settle();
  EXPECT_EQ(GetReason(net.Accept("c").status()), "NOT_ADDRESSEE");
  EXPECT_EQ(GetReason(net.Decline("c").status()), "NOT_ADDRESSEE");
  EXPECT_EQ(GetReason(net.Accept("a").status()), "NOT_ADDRESSEE");
}

TEST_F(Handover, WithdrawalIsAnsweredByADecline) {
  Begin();
  Must(net.Append("a", OfferDraft("b")));
  net.Settle();
  Must(net.Sign("a", WithdrawalDraft(HashAt("a", 3))));
  EXPECT_EQ(StandingAt("a"), Standing::kOffered) << "a request, not an act";
  net.Settle();
  EXPECT_EQ(StandingAt("a"), Standing::kHolder);
  const auto decided = From("a", "b", kDecision);
  ASSERT_THAT(decided, SizeIs(1));
  EXPECT_THAT(decided[0].header.decision().reasons(), ElementsAre(v1::DECLINE_REASON_WITHDRAWN));
  EXPECT_EQ(GetReason(net.Accept("b").status()), "OFFER_NOT_OPEN");
}

// The withdrawal is there before the offer: b stores a decline of a hash that it has not seen.
TEST_F(Handover, WithdrawalOvertakesTheOffer) {
  Begin();
  Must(net.Append("a", OfferDraft("b")));
  const int offer = net.Publish("a", "b");
  Must(net.Sign("a", WithdrawalDraft(HashAt("a", 3))));
  const auto withdrawal = From("a", "a", v1::StatementHeader::kWithdrawal);
  ASSERT_THAT(withdrawal, SizeIs(1));
  ASSERT_TRUE(net.Deliver(net.Post("a", "b", {Item(withdrawal[0])})).ok());
  EXPECT_EQ(Log("b").sequence(), 0);
  ASSERT_THAT(From("b", "b", kDecision), SizeIs(1));
  ASSERT_TRUE(net.Deliver(net.Publish("b", "a")).ok());
  EXPECT_EQ(StandingAt("a"), Standing::kHolder);
  ASSERT_TRUE(net.Deliver(offer).ok());
  EXPECT_EQ(StandingAt("b"), Standing::kFollower);
  EXPECT_EQ(GetReason(net.Accept("b").status()), "OFFER_DECLINED");
  net.Settle();
  ExpectAgreed({"a", "b"});
  EXPECT_THAT(From("b", "b", kDecision), SizeIs(1));
}

TEST_F(Handover, WithdrawalAgainIsAnsweredWithTheStoredDecline) {
  Begin();
  Must(net.Append("a", OfferDraft("b")));
  net.Settle();
  Must(net.Decline("b"));
  Must(net.Sign("a", WithdrawalDraft(HashAt("a", 3))));
  const int withdrawal = net.Publish("a", "b");
  ASSERT_TRUE(net.Deliver(withdrawal).ok());
  ASSERT_TRUE(net.Deliver(withdrawal).ok());
  EXPECT_THAT(From("b", "b", kDecision), SizeIs(1));
  net.Settle();
  EXPECT_EQ(StandingAt("a"), Standing::kHolder);
}

TEST_F(Handover, WithdrawalAfterAcceptanceIsAnsweredByTheLog) {
  Begin();
  Must(net.Append("a", OfferDraft("b")));
  net.Settle();
  Must(net.Accept("b"));
  Must(net.Sign("a", WithdrawalDraft(HashAt("a", 3))));
  net.Settle();
  EXPECT_EQ(Log("a").holder(), "b");
  for (const Statement& decided : From("b", "b", kDecision)) {
    EXPECT_EQ(decided.header.decision().outcome(), v1::OUTCOME_ACCEPTED);
  }
  ExpectAgreed({"a", "b"});
}

TEST_F(Handover, OnlyAnOpenOfferIsWithdrawn) {
  Begin();
  EXPECT_EQ(GetReason(net.Sign("a", WithdrawalDraft(HashAt("a", 2))).status()), "OFFER_NOT_OPEN");
  Must(net.Append("a", OfferDraft("b")));
  EXPECT_EQ(GetReason(net.Sign("a", WithdrawalDraft(HashAt("a", 2))).status()), "OFFER_NOT_OPEN");
  net.Settle();
  EXPECT_EQ(GetReason(net.Sign("b", WithdrawalDraft(HashAt("a", 3))).status()), "OFFER_NOT_OPEN");
}

// --- § 14 SGB IX

TEST_F(Handover, ForwardingIsAcceptedOnArrivalInOneTransaction) {
  Begin();
  Must(net.Append("a", ForwardDraft("b")));
  const int forwarded = net.Publish("a", "b");
  net.node("b").CrashAt(CrashPoint::kBeforeCommit);
  EXPECT_EQ(GetReason(net.Deliver(forwarded).status()), "CRASHED");
  ASSERT_TRUE(net.Restart("b").ok());
  EXPECT_EQ(Log("b").sequence(), 0) << "neither arrival nor acceptance";
  ASSERT_TRUE(net.Deliver(forwarded).ok());
  EXPECT_THAT(Kinds("b"), ElementsAre(v1::EVENT_KIND_OPENED, v1::EVENT_KIND_RECORDED, v1::EVENT_KIND_FORWARDED,
                                      v1::EVENT_KIND_ACCEPTED));
  EXPECT_EQ(StandingAt("b"), Standing::kHolder);
  net.Settle();
  ExpectAgreed({"a", "b"});
  EXPECT_THAT(From("a", "b", kDecision), SizeIs(1));
}

TEST_F(Handover, ForwardingIsNeitherDeclinedNorWithdrawn) {
  Begin();
  Must(net.Append("a", ForwardDraft("b")));
  EXPECT_EQ(GetReason(net.Sign("a", WithdrawalDraft(HashAt("a", 3))).status()), "FORWARD_NOT_WITHDRAWABLE");
  net.Settle();
  EXPECT_EQ(GetReason(net.Decline("b").status()), "OFFER_NOT_OPEN") << "b holds already";
}

TEST_F(Handover, ForwardingOnNeedsConsentOfTheThird) {
  Begin();
  Must(net.Append("a", ForwardDraft("b")));
  net.Settle();
  EXPECT_EQ(GetReason(net.Append("b", ForwardDraft("c")).status()), "CONSENT_MISSING");
  // c is no party yet and knows of the dossier only what b told it.
  Must(net.Sign("c", ConsentDraft(HashAt("b", 4), "b")));
  net.Settle();
  Must(net.Append("b", ForwardDraft("c")));
  net.Settle();
  EXPECT_EQ(StandingAt("c"), Standing::kHolder);
  ExpectAgreed({"a", "b", "c"});
  // There is no third, with whatever consent.
  Must(net.Sign("b", ConsentDraft(HashAt("c", 6), "c")));
  net.Settle();
  EXPECT_EQ(GetReason(net.Append("c", ForwardDraft("b")).status()), "FORWARD_THIRD");
}

TEST_F(Handover, ForwardingOnIsTheNextEventOrNone) {
  Begin();
  Must(net.Append("a", ForwardDraft("b")));
  net.Settle();
  Must(net.Sign("c", ConsentDraft(HashAt("b", 4), "b")));
  net.Settle();
  Must(net.Append("b", RecordDraft("assessment")));
  EXPECT_EQ(GetReason(net.Append("b", ForwardDraft("c")).status()), "FORWARD_NOT_NEXT");
}

TEST_F(Handover, ConsentOfAnotherIsNone) {
  Begin();
  Must(net.Append("a", ForwardDraft("b")));
  net.Settle();
  Must(net.Sign("a", ConsentDraft(HashAt("b", 4), "b")));
  net.Settle();
  EXPECT_EQ(GetReason(net.Append("b", ForwardDraft("c")).status()), "CONSENT_MISSING");
  EXPECT_EQ(GetReason(net.Sign("b", ConsentDraft(HashAt("b", 4), "b")).status()), "CONSENT_INVALID");
}

// --- Succession

TEST_F(Handover, SuccessorTakesTheDossierOver) {
  Begin();
  Must(net.Append("a", AdmitDraft("b", SampleGrant("involved"))));
  net.Settle();
  EXPECT_EQ(GetReason(net.Append("b", SucceedDraft("a")).status()), "SUCCESSION_UNKNOWN");
  net.members().Succeed("a", "b", absl::CivilDay(2026, 4, 1));
  EXPECT_EQ(GetReason(net.Append("b", SucceedDraft("a")).status()), "SUCCESSION_UNKNOWN") << "not yet";
  net.clock().Advance(absl::Hours(24 * 31));
  net.Cease("a");
  Must(net.Append("b", SucceedDraft("a")));
  EXPECT_EQ(Log("b").holder(), "b");
  EXPECT_EQ(Log("b").epoch(), 1);
}

// a, which has offered to b, ends, and c takes over.
class Succession : public NetworkTest {
 protected:
  void SetUp() override {
    Begin();
    Must(net.Append("a", OfferDraft("b")));
    net.Settle();
    net.members().Succeed("a", "c", absl::CivilDay(2026, 4, 1));
    net.clock().Advance(absl::Hours(24 * 31));
  }
  std::vector<std::string> LogItems() {
    std::vector<std::string> items;
    for (const Event& event : net.node("b").Events(kSampleDossier)) items.push_back(Item(event));
    return items;
  }
  // c need be no party: it has the log from b, once it has been told something of it.
  void CloseAndSucceed() {
    net.Settle();
    EXPECT_EQ(Log("c").last_kind(), v1::EVENT_KIND_OFFER_CLOSED);
    Must(net.Append("c", SucceedDraft("a")));
    Must(net.Append("c", RecordDraft("payment")));
    net.Settle();
    EXPECT_EQ(Log("c").holder(), "c");
    EXPECT_EQ(Log("b").last_kind(), v1::EVENT_KIND_OFFER_CLOSED) << "b is no party: it learns that and nothing more";
  }
  // Between the end of a and `succeeded` nobody is bound.
  void TearDown() override { EXPECT_THAT(net.broken(), testing::IsSubsetOf({"I2"})); }
};

TEST_F(Succession, ADeclineReachesTheSuccessorWhichClosesTheOffer) {
  net.Cease("a");
  Must(net.Decline("b"));
  CloseAndSucceed();
}

// b declined in time, and nobody closed: the successor, a party, asks anew and gets what b has stored.
TEST_F(Succession, TheSuccessorWithdrawsWhatWasOffered) {
  ASSERT_TRUE(net.Deliver(net.Post("b", "c", LogItems())).ok());
  Must(net.Decline("b"));
  net.Cease("a");
  net.Publish("b", "c");
  EXPECT_EQ(GetReason(net.Append("c", SucceedDraft("a")).status()), "LOG_FROZEN");
  EXPECT_EQ(GetReason(net.Sign("b", WithdrawalDraft(HashAt("b", 3))).status()), "OFFER_NOT_OPEN");
  Must(net.Sign("c", WithdrawalDraft(HashAt("b", 3))));
  CloseAndSucceed();
}

TEST_F(Succession, AWithdrawalByTheSuccessorIsAnsweredByADeclineForTheAgencyThatOffered) {
  ASSERT_TRUE(net.Deliver(net.Post("b", "c", LogItems())).ok());
  net.Cease("a");
  Must(net.Sign("c", WithdrawalDraft(HashAt("b", 3))));
  CloseAndSucceed();
  const auto decided = From("c", "b", kDecision);
  ASSERT_THAT(decided, SizeIs(1));
  EXPECT_EQ(decided[0].header.to(), "a");
}

TEST_F(Succession, TheSuccessorLearnsThatTheFileWasAccepted) {
  net.Cease("a");
  Must(net.Accept("b"));
  net.Settle();
  EXPECT_EQ(Log("c").holder(), "b");
  ExpectAgreed({"b", "c"});
}

// It still runs: what arrives is taken, and it appends nothing, so that never two may.
TEST_F(Succession, AnAgencyThatEndedTakesADeclineAndClosesNothing) {
  Must(net.Decline("b"));
  ASSERT_TRUE(net.Carry("b", "a"));
  EXPECT_EQ(Log("a").last_kind(), v1::EVENT_KIND_OFFERED);
  EXPECT_EQ(GetReason(net.Append("a", RecordDraft("payment")).status()), "SUCCEEDED_BY_OTHER");
  EXPECT_EQ(GetReason(net.Open("a", OpenedDraft(), std::string(32, 'e')).status()), "SUCCEEDED_BY_OTHER");
  net.Settle();
  EXPECT_EQ(Log("a").last_kind(), v1::EVENT_KIND_OFFER_CLOSED) << "by its successor";
  EXPECT_EQ(GetReason(net.Append("a", RecordDraft("payment")).status()), "SUCCEEDED_BY_OTHER");
  ExpectAgreed({"a", "b", "c"});
}

// --- Messages in any order, and crashes

TEST_F(Handover, NewsOfTheChangeInAnyOrderAndTwice) {
  Begin();
  Must(net.Append("a", AdmitDraft("c", SampleGrant("involved"))));
  const int early = net.Publish("a", "c");
  Must(net.Append("a", OfferDraft("b")));
  const int offer = net.Publish("a", "b");
  const int offer_to_c = net.Publish("a", "c");
  ASSERT_TRUE(net.Deliver(offer).ok());
  Must(net.Accept("b"));
  const int accepted = net.Publish("b", "c");
  // c learns of the acceptance before it knows the dossier.
  const auto answer = net.Deliver(accepted);
  ASSERT_TRUE(answer.ok()) << answer.status();
  ASSERT_THAT(answer->rejected(), SizeIs(testing::Ge(1)));
  EXPECT_EQ(answer->rejected(0).reason(), "SEQUENCE_GAP");
  EXPECT_EQ(answer->rejected(0).expected_sequence(), 1);
  EXPECT_EQ(Log("c").sequence(), 0);
  ASSERT_TRUE(net.Deliver(offer_to_c).ok());
  ASSERT_TRUE(net.Deliver(early).ok());
  ASSERT_TRUE(net.Deliver(accepted).ok());
  ASSERT_TRUE(net.Deliver(accepted).ok());
  ASSERT_TRUE(net.Deliver(early).ok());
  EXPECT_EQ(Log("c").holder(), "b");
  net.Settle();
  ExpectAgreed({"a", "b", "c"});
}

TEST_F(Handover, ARelayedLogIsAsGoodAsTheAuthorsOwn) {
  Begin();
  Must(net.Append("a", AdmitDraft("c", SampleGrant("involved"))));
  Must(net.Append("a", OfferDraft("b")));
  const int to_c = net.Publish("a", "c");
  ASSERT_TRUE(net.Deliver(net.Relay(to_c, "c", "b")).ok());
  EXPECT_EQ(StandingAt("b"), Standing::kAsked);
  Must(net.Accept("b"));
  net.Settle();
  ExpectAgreed({"a", "b", "c"});
}

TEST_F(Handover, ItemsOfAnEnvelopeInReverse) {
  Begin();
  Must(net.Append("a", OfferDraft("b")));
  std::vector<std::string> items = net.message(net.Publish("a", "b")).items;
  std::reverse(items.begin(), items.end());
  ASSERT_TRUE(net.Deliver(net.Post("a", "b", items)).ok());
  EXPECT_EQ(Log("b").sequence(), 1) << "the first came last; the rest was early";
  net.Settle();
  ExpectAgreed({"a", "b"});
}

class CrashedHandover : public NetworkTest, public testing::WithParamInterface<CrashPoint> {};

TEST_P(CrashedHandover, AcceptanceIsDurableOrNeverWas) {
  Begin();
  Must(net.Append("a", OfferDraft("b")));
  net.Settle();
  net.node("b").CrashAt(GetParam());
  EXPECT_EQ(GetReason(net.Accept("b").status()), "CRASHED");
  EXPECT_EQ(GetReason(net.Accept("b").status()), "NODE_DOWN");
  net.Settle();
  EXPECT_EQ(StandingAt("a"), Standing::kOffered) << "nothing was sent";
  ASSERT_TRUE(net.Restart("b").ok());
  const bool durable = GetParam() != CrashPoint::kBeforeCommit;
  EXPECT_EQ(StandingAt("b"), durable ? Standing::kHolder : Standing::kAsked);
  if (!durable) Must(net.Accept("b"));
  net.Settle();
  EXPECT_EQ(StandingAt("b"), Standing::kHolder);
  ExpectAgreed({"a", "b"});
}

TEST_P(CrashedHandover, DeclineIsDurableOrNeverWas) {
  Begin();
  Must(net.Append("a", OfferDraft("b")));
  net.Settle();
  net.node("b").CrashAt(GetParam());
  EXPECT_EQ(GetReason(net.Decline("b").status()), "CRASHED");
  ASSERT_TRUE(net.Restart("b").ok());
  const bool durable = GetParam() != CrashPoint::kBeforeCommit;
  EXPECT_EQ(GetReason(net.Accept("b").status()), durable ? "OFFER_DECLINED" : "");
  net.Settle();
  EXPECT_EQ(Log("a").holder(), durable ? "a" : "b");
  EXPECT_FALSE(Log("a").has_offer());
  ExpectAgreed({"a", "b"});
}

TEST_P(CrashedHandover, ArrivalIsDurableOrComesAgain) {
  Begin();
  Must(net.Append("a", OfferDraft("b")));
  net.node("b").CrashAt(GetParam());
  EXPECT_FALSE(net.Carry("a", "b"));
  ASSERT_TRUE(net.Restart("b").ok());
  net.Settle();
  EXPECT_EQ(StandingAt("b"), Standing::kAsked);
  EXPECT_THAT(From("b", "b", kEingang), SizeIs(1)) << "one arrival, one receipt";
  ExpectAgreed({"a", "b"});
}

TEST_P(CrashedHandover, TheFormerHolderMayCrashAsItLearns) {
  Begin();
  Must(net.Append("a", OfferDraft("b")));
  net.Settle();
  Must(net.Accept("b"));
  net.node("a").CrashAt(GetParam());
  net.Settle();
  ASSERT_TRUE(net.Restart("a").ok());
  net.Settle();
  ExpectAgreed({"a", "b"});
  EXPECT_THAT(From("b", "a", kWirksam), SizeIs(1));
}

INSTANTIATE_TEST_SUITE_P(Points, CrashedHandover,
                         testing::Values(CrashPoint::kBeforeCommit, CrashPoint::kBeforeJournal,
                                         CrashPoint::kBeforeSending),
                         [](const auto& tested) -> std::string {
                           return tested.param == CrashPoint::kBeforeCommit    ? "BeforeCommit"
                                  : tested.param == CrashPoint::kBeforeJournal ? "BeforeJournal"
                                                                               : "BeforeSending";
                         });

// Rule 10: what the database has and the journal does not name is named at the start; the other way round the node was
// restored and does not start.
TEST_F(Handover, StartNamesWhatTheJournalLacks) {
  Begin();
  net.node("a").CrashAt(CrashPoint::kBeforeJournal);
  EXPECT_EQ(GetReason(net.Append("a", OfferDraft("b")).status()), "CRASHED");
  const auto count = [&] {
    int named = 0;
    EXPECT_TRUE(net.node("a").journal().Read([&](const JournalRecord&) { return ++named, absl::OkStatus(); }).ok());
    return named;
  };
  EXPECT_EQ(count(), 2);
  ASSERT_TRUE(net.Restart("a").ok());
  EXPECT_EQ(count(), 3);
}

TEST_F(Handover, ARestoredNodeDoesNotStart) {
  Begin();
  SampleLog other(std::string(32, 'f'));
  const JournalRecord lost = ToRecord(other.Opened("a"));
  ASSERT_TRUE(net.node("a").journal().Append({&lost, 1}).ok());
  EXPECT_EQ(GetReason(net.Restart("a")), "RESTORED");
  EXPECT_TRUE(net.node("a").down());
  EXPECT_EQ(GetReason(net.Append("a", OfferDraft("b")).status()), "NODE_DOWN");
}

// The same seed, the same bytes.
TEST_F(Handover, ARunIsTheSameAgain) {
  const auto run = [] {
    NetworkOptions options;
    options.seed = 42;
    Network again(options);
    EXPECT_TRUE(again.Open("a").ok());
    EXPECT_TRUE(again.Append("a", RecordDraft("application", {SampleSection("x", v1::CATEGORY_IDENTITY)})).ok());
    EXPECT_TRUE(again.Append("a", OfferDraft("b")).ok());
    again.Settle();
    EXPECT_TRUE(again.Accept("b").ok());
    again.Settle();
    std::string all;
    for (const char* member : {"a", "b", "c"}) {
      for (const auto& [table, rows] : again.node(member).Dump()) all += table + "\n" + rows;
    }
    return all;
  };
  EXPECT_EQ(run(), run());
}

}  // namespace
}  // namespace teilhabe::dossier
