#include <string>
#include <vector>

#include "common/dossier/rule_case_for_test.h"

// Each reason of Next that concerns the chain and who holds, on both sides of its bound: FORMAT.md, Log 1, 2 and 6, and
// the protocol's rules 1 and 2. One rule is broken at a time.
namespace teilhabe::dossier {
namespace {

using Header = v1::EventHeader;

Event Payment(World& w, const std::function<void(Header&)>& change) { return Changed(w.log.Record("payment"), change); }

class ChainRule : public testing::TestWithParam<RuleCase> {};
TEST_P(ChainRule, IsHeld) { CheckRule(GetParam()); }

// The log ends at sequence 2.
const std::vector<RuleCase> kChain = {
    {"NextEvent", [](World& w) { return w.log.Record("payment"); }, ""},
    {"OneTooFar", [](World& w) { return Payment(w, [](Header& h) { h.set_sequence(4); }); }, "SEQUENCE_GAP"},
    {"FarTooFar", [](World& w) { return Payment(w, [](Header& h) { h.set_sequence(1'000'000'000'000); }); },
     "SEQUENCE_GAP"},
    {"SequenceOfTheLast", [](World& w) { return Payment(w, [](Header& h) { h.set_sequence(2); }); }, "DIVERGED"},
    {"SequenceOfTheFirst", [](World& w) { return Payment(w, [](Header& h) { h.set_sequence(1); }); }, "DIVERGED"},
    // Table 3: a known event again changes nothing; that it is known is for the store to see.
    {"LastEventAgain", [](World& w) { return w.log.last(); }, "DIVERGED"},
    {"FirstEventAgain", [](World& w) { return w.log.events()[0]; }, "DIVERGED|ALREADY_OPENED"},
    {"SiblingOfTheLast",
     [](World& w) {
       SampleLog other;
       other.Add(w.log.events()[0]);
       return other.Record("payment");
     },
     "DIVERGED"},
    {"AfterASibling",
     [](World& w) {
       SampleLog other;
       other.Add(w.log.events()[0]);
       other.Add(other.Record("payment"));
       return other.Record("payment");
     },
     "DIVERGED"},
    {"AfterNothing", [](World& w) { return Payment(w, [](Header& h) { h.set_previous_hash(Bytes('\0')); }); },
     "DIVERGED"},
    {"AfterTheFirst",
     [](World& w) { return Payment(w, [&w](Header& h) { h.set_previous_hash(HashOf(w.log.events()[0])); }); },
     "DIVERGED"},
    {"OtherDossier", [](World& w) { return Payment(w, [](Header& h) { h.set_dossier(std::string(32, 'f')); }); },
     "DOSSIER_MISMATCH"},
    {"OtherClass", [](World& w) { return Payment(w, [](Header& h) { h.set_class_(v1::DOSSIER_CLASS_PROVIDER); }); },
     "DOSSIER_MISMATCH"},
    {"NoTraining", [](World& w) { return Payment(w, [](Header& h) { h.set_training(false); }); }, "DOSSIER_MISMATCH"},
};

Event First(World& w, const std::function<void(Header&)>& change) {
  w.log = SampleLog();
  return Changed(w.log.Opened("a"), change);
}

const std::vector<RuleCase> kFirst = {
    {"Opened", [](World& w) { return First(w, [](Header&) {}); }, ""},
    {"SecondBeforeFirst", [](World& w) { return First(w, [](Header& h) { h.set_sequence(2); }); }, "SEQUENCE_GAP"},
    {"AfterSomething", [](World& w) { return First(w, [](Header& h) { h.set_previous_hash(Bytes('x')); }); },
     "DIVERGED"},
    {"EpochOne", [](World& w) { return First(w, [](Header& h) { h.set_epoch(1); }); }, "EPOCH_WRONG"},
    {"RecordedFirst",
     [](World& w) {
       w.log = SampleLog();
       return w.log.Record("application", "a");
     },
     "NOT_OPENED"},
    {"ForwardedFirst",
     [](World& w) {
       w.log = SampleLog();
       return w.log.Forward("b", "a");
     },
     "NOT_OPENED"},
    {"OpenedTwice", [](World& w) { return w.log.Opened("a"); }, "ALREADY_OPENED"},
};

Event WithEpoch(const Event& event, std::int64_t by) {
  return Changed(event, [by](Header& h) { h.set_epoch(h.epoch() + by); });
}
const std::vector<RuleCase> kEpoch = {
    {"RecordedInTheNext", [](World& w) { return WithEpoch(w.log.Record("payment"), 1); }, "EPOCH_WRONG"},
    {"RecordedInTheOneBefore",
     [](World& w) {
       HandedOver(w);
       return WithEpoch(w.log.Record("payment"), -1);
     },
     "EPOCH_WRONG"},
    {"RecordedAfterHandover",
     [](World& w) {
       HandedOver(w);
       return w.log.Record("payment");
     },
     ""},
    {"OfferedInTheOneBefore",
     [](World& w) {
       HandedOver(w);
       return WithEpoch(w.log.Offer("c"), -1);
     },
     "EPOCH_WRONG"},
    {"AcceptedInTheSame",
     [](World& w) {
       Offered(w);
       return WithEpoch(w.log.Accept("b"), -1);
     },
     "EPOCH_WRONG"},
    {"AcceptedTwoOn",
     [](World& w) {
       Offered(w);
       return WithEpoch(w.log.Accept("b"), 1);
     },
     "EPOCH_WRONG"},
    {"ClosedInTheNext",
     [](World& w) {
       Offered(w);
       return WithEpoch(w.log.Close(w.log.Decline("b")), 1);
     },
     "EPOCH_WRONG"},
    {"SucceededInTheSame",
     [](World& w) {
       w.members.Succeed("a", "c");
       return WithEpoch(w.log.Succeed("a", "c"), -1);
     },
     "EPOCH_WRONG"},
};

const std::vector<RuleCase> kHolder = {
    {"ByAnother", [](World& w) { return w.log.Record("payment", "b"); }, "NOT_HOLDER"},
    {"ByTheFormer",
     [](World& w) {
       HandedOver(w);
       return w.log.Record("payment", "a");
     },
     "NOT_HOLDER"},
    {"ByTheNew",
     [](World& w) {
       HandedOver(w);
       return w.log.Record("payment", "b");
     },
     ""},
    {"OfferedByAnother", [](World& w) { return w.log.Offer("c", "b"); }, "NOT_HOLDER"},
    {"ClosedByTheAddressee",
     [](World& w) {
       Offered(w);
       return w.log.Close(w.log.Decline("b"), "b");
     },
     "NOT_HOLDER"},
    {"RecordedWhileOffered",
     [](World& w) {
       Offered(w);
       return w.log.Record("payment");
     },
     "LOG_FROZEN"},
    {"RecordedWhileForwarded",
     [](World& w) {
       Forwarded(w);
       return w.log.Record("payment");
     },
     "LOG_FROZEN"},
    {"OfferedTwice",
     [](World& w) {
       Offered(w);
       return w.log.Offer("c");
     },
     "LOG_FROZEN"},
    {"ContributionTakenWhileOffered",
     [](World& w) {
       w.Add(w.log.Admit("werk", SampleGrant("provider")));
       Offered(w);
       return w.log.Take(w.log.Contribute("werk", "report"));
     },
     "LOG_FROZEN"},
    {"RecordedAfterClose",
     [](World& w) {
       Offered(w);
       w.Add(w.log.Close(w.log.Decline("b")));
       return w.log.Record("payment");
     },
     ""},
    {"OfferedAgainAfterClose",
     [](World& w) {
       Offered(w);
       w.Add(w.log.Close(w.log.Decline("b")));
       return w.log.Offer("b");
     },
     ""},
    {"OfferedToItself", [](World& w) { return w.log.Offer("a"); }, "ADDRESSEE_IS_HOLDER"},
    {"ForwardedToItself", [](World& w) { return w.log.Forward("a"); }, "ADDRESSEE_IS_HOLDER"},
    {"HandedBack",
     [](World& w) {
       HandedOver(w);
       return w.log.Offer("a");
     },
     ""},
};

Event SucceedOn(World& w, absl::CivilDay from) {
  w.members.Succeed("a", "c", from);
  return w.log.Succeed("a", "c");
}

Event CloseAsSuccessor(World& w, absl::CivilDay from) {
  Offered(w);
  w.members.Succeed("a", "c", from);
  return w.log.Close(w.log.Decline("b"), "c");
}

const std::vector<RuleCase> kSuccession = {
    {"DayBeforeTheFirst", [](World& w) { return SucceedOn(w, w.log.day + 1); }, "SUCCESSION_UNKNOWN"},
    {"OnTheFirstDay", [](World& w) { return SucceedOn(w, w.log.day); }, ""},
    {"DayAfterTheFirst", [](World& w) { return SucceedOn(w, w.log.day - 1); }, ""},
    {"WithPartiesBeforeAndAfterItByName",
     [](World& w) {
       w.Add(w.log.Admit("werk", SampleGrant("provider")));
       w.Add(w.log.Admit("b", SampleGrant("involved")));
       return SucceedOn(w, w.log.day);
     },
     ""},
    {"ByAFormerHolder",
     [](World& w) {
       HandedOver(w);
       w.members.Succeed("b", "a");
       return w.log.Succeed("b", "a");
     },
     ""},
    {"ByAFormerHolderAmongParties",
     [](World& w) {
       w.Add(w.log.Admit("heim", SampleGrant("provider")));
       w.Add(w.log.Admit("werk", SampleGrant("provider")));
       HandedOver(w);
       w.Add(w.log.Offer("c"));
       w.Add(w.log.Accept("c"));
       w.members.Succeed("c", "a");
       return w.log.Succeed("c", "a");
     },
     ""},
    {"ByAParty",
     [](World& w) {
       w.Add(w.log.Admit("c", SampleGrant("involved")));
       return SucceedOn(w, w.log.day);
     },
     ""},
    {"NobodyEnded", [](World& w) { return w.log.Succeed("a", "c"); }, "SUCCESSION_UNKNOWN"},
    {"ByAnother",
     [](World& w) {
       w.members.Succeed("a", "c");
       return w.log.Succeed("a", "b");
     },
     "SUCCESSION_UNKNOWN"},
    {"OfOneThatDoesNotHold",
     [](World& w) {
       w.members.Succeed("b", "c");
       return w.log.Succeed("b", "c");
     },
     "SUCCESSION_UNKNOWN"},
    {"OfAFormerHolder",
     [](World& w) {
       HandedOver(w);
       w.members.Succeed("a", "c");
       return w.log.Succeed("a", "c");
     },
     "SUCCESSION_UNKNOWN"},
    {"OfTheNewHolder",
     [](World& w) {
       HandedOver(w);
       w.members.Succeed("b", "c");
       return w.log.Succeed("b", "c");
     },
     ""},
    // An open offer is answered first; its addressee may have accepted already.
    {"WhileOffered",
     [](World& w) {
       Offered(w);
       return SucceedOn(w, w.log.day);
     },
     "LOG_FROZEN"},
    {"WhileForwarded",
     [](World& w) {
       Forwarded(w);
       return SucceedOn(w, w.log.day);
     },
     "LOG_FROZEN"},
    {"SuccessorCloses", [](World& w) { return CloseAsSuccessor(w, w.log.day); }, ""},
    {"SuccessorClosesTheDayBefore", [](World& w) { return CloseAsSuccessor(w, w.log.day + 1); },
     "NOT_HOLDER|SUCCESSION_UNKNOWN"},
    {"AnotherCloses",
     [](World& w) {
       CloseAsSuccessor(w, w.log.day);
       return w.log.Close(w.log.Decline("b"), "d");
     },
     "NOT_HOLDER"},
    {"SuccessorClosesAForwarding",
     [](World& w) {
       Forwarded(w);
       w.members.Succeed("a", "c");
       return w.log.Close(w.log.Decline("b"), "c");
     },
     "FORWARD_NOT_DECLINABLE"},
    {"SuccessorClosesWithoutOffer",
     [](World& w) {
       w.members.Succeed("a", "c");
       return w.log.Close(w.log.Decline("b", Bytes('x')), "c");
     },
     "OFFER_NOT_OPEN"},
    {"SuccessorClosesByAThirdsDecline",
     [](World& w) {
       Offered(w);
       w.members.Succeed("a", "c");
       return w.log.Close(w.log.Decline("d"), "c");
     },
     "DECLINE_INVALID"},
    {"SuccessorRecordsAfterItClosed",  // It holds only when it has succeeded.
     [](World& w) {
       w.Add(CloseAsSuccessor(w, w.log.day));
       return w.log.Record("payment", "c");
     },
     "NOT_HOLDER"},
    {"SuccessorSucceedsAfterItClosed",
     [](World& w) {
       w.Add(CloseAsSuccessor(w, w.log.day));
       return w.log.Succeed("a", "c");
     },
     ""},
    {"AddresseeAcceptsAlthoughTheOffererEnded",
     [](World& w) {
       Offered(w);
       w.members.Succeed("a", "c");
       return w.log.Accept("b");
     },
     ""},
    {"SuccessorRecords",
     [](World& w) {
       w.Add(SucceedOn(w, w.log.day));
       return w.log.Record("payment", "c");
     },
     ""},
    {"PredecessorRecords",
     [](World& w) {
       w.Add(SucceedOn(w, w.log.day));
       return w.log.Record("payment", "a");
     },
     "NOT_HOLDER|SUCCEEDED_BY_OTHER"},
    {"ByAnotherAct",
     [](World& w) {
       w.members.Succeed("a", "c");
       return Changed(w.log.Succeed("a", "c"), [](Header& h) { h.mutable_succeeded()->set_act("Erlass"); });
     },
     "SUCCESSION_UNKNOWN"},
    // Two who may append at once: it binds the author, who may know the newer directory before the others.
    {"EndedAgencyRecords",
     [](World& w) {
       w.members.Succeed("a", "c", w.log.day);
       return w.log.Record("payment");
     },
     "SUCCEEDED_BY_OTHER", Binds::kAuthor},
    {"EndedAgencyRecordsOnItsLastDay",
     [](World& w) {
       w.members.Succeed("a", "c", w.log.day + 1);
       return w.log.Record("payment");
     },
     ""},
    {"EndedAgencyDatesBack",
     [](World& w) {
       w.members.Succeed("a", "c", w.log.day);
       return Changed(w.log.Record("payment"), [&](Header& h) {
         *h.mutable_event_day() = SampleDate(w.log.day - 1);
         h.set_backdating_evidence("Aktenvermerk");
       });
     },
     "SUCCEEDED_BY_OTHER", Binds::kAuthor},
    {"EndedAgencyCloses",
     [](World& w) {
       Offered(w);
       w.members.Succeed("a", "c", w.log.day);
       return w.log.Close(w.log.Decline("b"));
     },
     "SUCCEEDED_BY_OTHER", Binds::kAuthor},
    {"EndedAgencyAccepts",  // The successor takes it over with the rest.
     [](World& w) {
       Offered(w);
       w.members.Succeed("b", "c", w.log.day);
       return w.log.Accept("b");
     },
     ""},
};

INSTANTIATE_TEST_SUITE_P(Chain, ChainRule, testing::ValuesIn(kChain), RuleName);
INSTANTIATE_TEST_SUITE_P(First, ChainRule, testing::ValuesIn(kFirst), RuleName);
INSTANTIATE_TEST_SUITE_P(Epoch, ChainRule, testing::ValuesIn(kEpoch), RuleName);
INSTANTIATE_TEST_SUITE_P(Holder, ChainRule, testing::ValuesIn(kHolder), RuleName);
INSTANTIATE_TEST_SUITE_P(Succession, ChainRule, testing::ValuesIn(kSuccession), RuleName);

TEST(ChainRuleTest, AGapNamesTheEventThatIsExpected) {
  World w;
  const v1::LogState before = w.log.Fold(w.members).value();
  const Event event = Payment(w, [](Header& h) { h.set_sequence(7); });
  const absl::Status got = Next(before, event, SampleStep(w.members)).status();
  EXPECT_EQ(GetReason(got), "SEQUENCE_GAP");
  EXPECT_EQ(GetDetails(got)["expected"], "3");
}

}  // namespace
}  // namespace teilhabe::dossier
