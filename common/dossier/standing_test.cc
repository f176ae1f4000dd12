#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "common/dossier/rule_case_for_test.h"

// Tables 2 and 3 of the protocol, as far as a log alone shows them: without recovery, Streit and fences.
namespace teilhabe::dossier {
namespace {

struct StandingCase {
  std::string name;
  std::function<void(World&)> make;  // From a log of two events that a holds.
  std::string self;
  bool declined;
  Standing standing;
  bool may_decide;
  bool bound;
};
void PrintTo(const StandingCase& row, std::ostream* out) { *out << row.name; }

void Nothing(World&) {}
void NoCopy(World& w) { w.log = SampleLog(); }
void Closed(World& w) {
  Offered(w);
  w.Add(w.log.Close(w.log.Decline("b")));
}
void OfferedBack(World& w) {
  HandedOver(w);
  w.Add(w.log.Offer("a"));
}
void ForwardedOn(World& w) {
  Arrived(w);
  w.Add(w.log.ForwardOn("c", w.log.Consent("c")));
}
void Ended(World& w) {
  Offered(w);
  w.members.Succeed("a", "d");
}
void Succeeded(World& w) {
  Ended(w);
  w.Add(w.log.Close(w.log.Decline("b"), "d"));
  w.Add(w.log.Succeed("a", "d"));
}

class Table2 : public testing::TestWithParam<StandingCase> {};
TEST_P(Table2, StandsSo) {
  const StandingCase& row = GetParam();
  World w;
  row.make(w);
  const v1::LogState log = w.log.Fold(w.members).value();
  EXPECT_EQ(StandingName(StandingOf(log, row.self, row.declined)), StandingName(row.standing));
  EXPECT_EQ(MayDecide(log, row.self, DefaultRules()), row.may_decide);
  EXPECT_EQ(IsBound(log, row.self), row.bound);
}

constexpr Standing kNone = Standing::kNone, kFollower = Standing::kFollower, kAsked = Standing::kAsked,
                   kHolder = Standing::kHolder, kOffered = Standing::kOffered;
INSTANTIATE_TEST_SUITE_P(Rows, Table2,
                         testing::Values(
                             // name, log, self, declined, state, may decide, bound
                             StandingCase{"NoCopyA", NoCopy, "a", false, kNone, false, false},
                             StandingCase{"NoCopyButDeclinedUnseen", NoCopy, "b", true, kNone, false, false},
                             StandingCase{"FreeA", Nothing, "a", false, kHolder, true, true},
                             StandingCase{"FreeB", Nothing, "b", false, kFollower, false, false},
                             StandingCase{"FreeC", Nothing, "c", false, kFollower, false, false},
                             StandingCase{"OfferedA", Offered, "a", false, kOffered, false, true},
                             StandingCase{"OfferedB", Offered, "b", false, kAsked, false, false},
                             StandingCase{"OfferedBDeclined", Offered, "b", true, kFollower, false, false},
                             StandingCase{"OfferedC", Offered, "c", false, kFollower, false, false},
                             StandingCase{"ClosedA", Closed, "a", false, kHolder, true, true},
                             StandingCase{"ClosedB", Closed, "b", false, kFollower, false, false},
                             StandingCase{"AcceptedA", HandedOver, "a", false, kFollower, false, false},
                             StandingCase{"AcceptedB", HandedOver, "b", false, kHolder, true, true},
                             StandingCase{"AcceptedC", HandedOver, "c", false, kFollower, false, false},
                             StandingCase{"OfferedBackA", OfferedBack, "a", false, kAsked, false, false},
                             StandingCase{"OfferedBackB", OfferedBack, "b", false, kOffered, false, true},
                             StandingCase{"ForwardedA", Forwarded, "a", false, kOffered, false, true},
                             // A node in recovery stores the arrival and accepts when it has recovered.
                             StandingCase{"ForwardedB", Forwarded, "b", false, kAsked, false, false},
                             StandingCase{"ForwardedC", Forwarded, "c", false, kFollower, false, false},
                             StandingCase{"ArrivedA", Arrived, "a", false, kFollower, false, false},
                             StandingCase{"ArrivedB", Arrived, "b", false, kHolder, true, true},
                             StandingCase{"ForwardedOnB", ForwardedOn, "b", false, kOffered, false, true},
                             StandingCase{"ForwardedOnC", ForwardedOn, "c", false, kAsked, false, false},
                             StandingCase{"ForwardedOnA", ForwardedOn, "a", false, kFollower, false, false},
                             // What the directory says moves nothing; the successor holds by its own event.
                             StandingCase{"EndedPredecessor", Ended, "a", false, kOffered, false, true},
                             StandingCase{"EndedSuccessor", Ended, "d", false, kFollower, false, false},
                             StandingCase{"SucceededPredecessor", Succeeded, "a", false, kFollower, false, false},
                             StandingCase{"SucceededAddressee", Succeeded, "b", false, kFollower, false, false},
                             StandingCase{"SucceededSuccessor", Succeeded, "d", false, kHolder, true, true},
                             StandingCase{"Unknown", Offered, "nobody", false, kFollower, false, false},
                             StandingCase{"WithoutName", NoCopy, "", false, kNone, false, false}),
                         [](const auto& tested) { return tested.param.name; });

TEST(StandingNameTest, EachHasAnother) {
  std::vector<std::string> names;
  for (const Standing standing : {kNone, kFollower, kAsked, kHolder, kOffered}) {
    names.emplace_back(StandingName(standing));
    EXPECT_FALSE(names.back().empty());
  }
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
}

// What a node does with a decline, Table 3: `make` brings the log to where the decline arrives and returns it.
struct DeclineCase {
  std::string name;
  std::function<Statement(World&)> make;
  std::string self;
  OnDecline want;
};
void PrintTo(const DeclineCase& row, std::ostream* out) { *out << row.name; }

class DeclineArrives : public testing::TestWithParam<DeclineCase> {};
TEST_P(DeclineArrives, Does) {
  const DeclineCase& row = GetParam();
  World w;
  const Statement decline = row.make(w);
  const v1::LogState log = w.log.Fold(w.members).value();
  const OnDecline got = ReceiveDecline(log, decline, row.self, DefaultRules());
  EXPECT_EQ(static_cast<int>(got), static_cast<int>(row.want));
  // It says close exactly when the closing event would be right.
  const Event event = w.log.Close(decline, row.self);
  EXPECT_EQ(got == OnDecline::kClose, Next(log, event, SampleStep(w.members, true)).ok());
}

Statement OfTheOpenOne(World& w) {
  Offered(w);
  return w.log.Decline("b");
}
Statement ChangedOpen(World& w, const std::function<void(v1::StatementHeader&)>& change) {
  return Changed(OfTheOpenOne(w), change);
}

INSTANTIATE_TEST_SUITE_P(
    Table3, DeclineArrives,
    testing::Values(DeclineCase{"OfTheOpenOffer", OfTheOpenOne, "a", OnDecline::kClose},
                    DeclineCase{"AtTheAddressee", OfTheOpenOne, "b", OnDecline::kKeep},
                    DeclineCase{"AtAThird", OfTheOpenOne, "c", OnDecline::kKeep},
                    DeclineCase{"MarkedWithdrawn",
                                [](World& w) {
                                  Offered(w);
                                  return w.log.Decline("b", "", v1::DECLINE_REASON_WITHDRAWN);
                                },
                                "a", OnDecline::kClose},
                    DeclineCase{"ByAThird",
                                [](World& w) {
                                  Offered(w);
                                  return w.log.Decline("c");
                                },
                                "a", OnDecline::kKeep},
                    DeclineCase{"OfAnotherHash",
                                [](World& w) {
                                  Offered(w);
                                  return w.log.Decline("b", Bytes('x'));
                                },
                                "a", OnDecline::kKeep},
                    DeclineCase{"AddressedToAThird",
                                [](World& w) { return ChangedOpen(w, [](v1::StatementHeader& h) { h.set_to("c"); }); },
                                "a", OnDecline::kKeep},
                    DeclineCase{"ThatIsAnAcceptance",
                                [](World& w) {
                                  Offered(w);
                                  return w.log.AcceptDecision("b", HashOf(w.log.last()), Bytes('x'));
                                },
                                "a", OnDecline::kKeep},
                    DeclineCase{"NothingOffered", [](World& w) { return w.log.Decline("b", Bytes('x')); }, "a",
                                OnDecline::kKeep},
                    DeclineCase{"OfAClosedOne",
                                [](World& w) {
                                  Statement decline = OfTheOpenOne(w);
                                  w.Add(w.log.Close(decline));
                                  return decline;
                                },
                                "a", OnDecline::kKeep},
                    // Counterexample 6.
                    DeclineCase{"OfTheOneBefore",
                                [](World& w) {
                                  Statement decline = OfTheOpenOne(w);
                                  w.Add(w.log.Close(decline));
                                  Offered(w);
                                  return decline;
                                },
                                "a", OnDecline::kKeep},
                    DeclineCase{"OfTheOneBeforeToAnother",
                                [](World& w) {
                                  Statement decline = OfTheOpenOne(w);
                                  w.Add(w.log.Close(decline));
                                  w.Add(w.log.Offer("c"));
                                  return decline;
                                },
                                "a", OnDecline::kKeep},
                    DeclineCase{"OfAForwarding",
                                [](World& w) {
                                  Forwarded(w);
                                  return w.log.Decline("b");
                                },
                                "a", OnDecline::kKeep},
                    DeclineCase{"AfterItsAuthorAccepted",
                                [](World& w) {
                                  Statement decline = OfTheOpenOne(w);
                                  w.Add(w.log.Accept("b"));
                                  return decline;
                                },
                                "a", OnDecline::kAnswerWithLog}),
    [](const auto& tested) { return tested.param.name; });

struct WithdrawalCase {
  std::string name;
  bool declined;
  bool accepted;
  OnWithdrawal want;
};
class WithdrawalArrives : public testing::TestWithParam<WithdrawalCase> {};
TEST_P(WithdrawalArrives, Does) {
  EXPECT_EQ(static_cast<int>(ReceiveWithdrawal(GetParam().declined, GetParam().accepted)),
            static_cast<int>(GetParam().want));
}
INSTANTIATE_TEST_SUITE_P(Rule5, WithdrawalArrives,
                         testing::Values(WithdrawalCase{"UnseenOrOpen", false, false, OnWithdrawal::kDecline},
                                         WithdrawalCase{"Declined", true, false, OnWithdrawal::kAnswerStored},
                                         WithdrawalCase{"Accepted", false, true, OnWithdrawal::kAnswerWithLog}),
                         [](const auto& tested) { return tested.param.name; });

struct KlaerungCase {
  std::string name;
  std::function<void(World&)> make;  // Whatever is offered is offered on the first day.
  int days;
  int after_days;
  bool want;
};
void PrintTo(const KlaerungCase& row, std::ostream* out) { *out << row.name; }

class Klaerung : public testing::TestWithParam<KlaerungCase> {};
TEST_P(Klaerung, IsAnOfferUnansweredForLonger) {
  const KlaerungCase& row = GetParam();
  World w;
  const absl::CivilDay first = w.log.day;
  row.make(w);
  EXPECT_EQ(InKlaerung(w.log.Fold(w.members).value(), first + row.days, row.after_days), row.want);
}
void RecordedThenOffered(World& w) {  // Its own day counts, not that of the dossier.
  w.log.day += 5;
  Offered(w);
}
void ClosedAndOfferedAgain(World& w) {
  Closed(w);
  w.log.day += 5;
  Offered(w);
}
INSTANTIATE_TEST_SUITE_P(
    Days, Klaerung,
    testing::Values(KlaerungCase{"OnTheDay", Offered, 0, 30, false}, KlaerungCase{"Day29", Offered, 29, 30, false},
                    KlaerungCase{"Day30", Offered, 30, 30, false}, KlaerungCase{"Day31", Offered, 31, 30, true},
                    KlaerungCase{"ManyYears", Offered, 4000, 30, true},
                    KlaerungCase{"DayBeforeTheOffer", Offered, -1, 30, false},
                    KlaerungCase{"OtherParameterDay10", Offered, 10, 10, false},
                    KlaerungCase{"OtherParameterDay11", Offered, 11, 10, true},
                    KlaerungCase{"ParameterZeroOnTheDay", Offered, 0, 0, false},
                    KlaerungCase{"ParameterZeroDay1", Offered, 1, 0, true},
                    KlaerungCase{"OwnDay30", RecordedThenOffered, 35, 30, false},
                    KlaerungCase{"OwnDay31", RecordedThenOffered, 36, 30, true},
                    KlaerungCase{"SecondOfferDay30", ClosedAndOfferedAgain, 35, 30, false},
                    KlaerungCase{"SecondOfferDay31", ClosedAndOfferedAgain, 36, 30, true},
                    KlaerungCase{"NothingOffered", Nothing, 31, 30, false},
                    KlaerungCase{"NoCopy", NoCopy, 31, 30, false}, KlaerungCase{"Closed", Closed, 31, 30, false},
                    KlaerungCase{"Accepted", HandedOver, 31, 30, false}),
    [](const auto& tested) { return tested.param.name; });

TEST(FindPartyTest, TheHolderIsNone) {
  World w;
  EXPECT_EQ(FindParty(w.log.Fold(w.members).value(), "a"), nullptr);
  HandedOver(w);
  EXPECT_EQ(FindParty(w.log.Fold(w.members).value(), "b"), nullptr);
}

TEST(FindPartyTest, AnnouncedAndFormerHolderAreParties) {
  World w;
  v1::LogState log = w.log.Fold(w.members).value();
  EXPECT_EQ(FindParty(log, "b"), nullptr);
  w.Add(w.log.Announce("b"));
  log = w.log.Fold(w.members).value();
  ASSERT_NE(FindParty(log, "b"), nullptr);
  EXPECT_TRUE(FindParty(log, "b")->names_only());
  Offered(w);
  EXPECT_EQ(w.log.Fold(w.members).value().offer().grant().relation(), "next_stage");
  w.Add(w.log.Accept("b"));
  log = w.log.Fold(w.members).value();
  ASSERT_NE(FindParty(log, "a"), nullptr);
  EXPECT_FALSE(FindParty(log, "a")->ended()) << "it ends with its last open claim only";
}

// Parties are added and taken away at each change of holder; neither their number nor their place may matter.
TEST(FindPartyTest, AnyOfAnyNumberMayComeToHold) {
  for (int count = 1; count <= 9; ++count) {
    for (int taker = 0; taker < count; ++taker) {
      for (const bool succeeds : {false, true}) {
        SCOPED_TRACE("p" + std::to_string(taker) + " of " + std::to_string(count) +
                     (succeeds ? " succeeds" : " accepts"));
        World w;
        for (int i = 0; i < count; ++i) {
          w.members["p" + std::to_string(i)] = SampleMembers::Entry(w.members["b"]);
          w.Add(w.log.Admit("p" + std::to_string(i), SampleGrant("involved")));
        }
        const std::string holder = "p" + std::to_string(taker);
        if (succeeds) {
          w.members.Succeed("a", holder);
          w.Add(w.log.Succeed("a", holder));
        } else {
          w.Add(w.log.Offer(holder));
          w.Add(w.log.Accept(holder));
        }
        const v1::LogState log = w.log.Fold(w.members).value();
        EXPECT_EQ(log.holder(), holder);
        for (int i = 0; i < count; ++i) {
          if (i == taker) continue;
          const std::string party = "p" + std::to_string(i);
          ASSERT_NE(FindParty(log, party), nullptr) << party;
          EXPECT_EQ(FindParty(log, party)->grant().relation(), "involved");
        }
        ASSERT_NE(FindParty(log, "a"), nullptr);
        for (int i = 1; i < log.parties_size(); ++i) EXPECT_LT(log.parties(i - 1).member(), log.parties(i).member());
      }
    }
  }
}

}  // namespace
}  // namespace teilhabe::dossier
