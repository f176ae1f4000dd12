#include <string>
#include <vector>

#include "common/dossier/rule_case_for_test.h"

// Each reason of Next that concerns accepting, closing and forwarding, on both sides of its bound: FORMAT.md, Log 6 and
// 8, and the protocol's rules 3 to 7. One rule is broken at a time.
namespace teilhabe::dossier {
namespace {

using Header = v1::EventHeader;
using StatementHeader = v1::StatementHeader;

class ChangeRule : public testing::TestWithParam<RuleCase> {};
TEST_P(ChangeRule, IsHeld) { CheckRule(GetParam()); }

Event AcceptOf(World& w, const std::string& hash, const std::string& by = "b") {
  return Changed(w.log.Accept(by), [&hash](Header& h) { h.mutable_accepted()->set_offer_hash(hash); });
}

const std::vector<RuleCase> kAccept = {
    {"ByTheAddressee",
     [](World& w) {
       Offered(w);
       return w.log.Accept("b");
     },
     ""},
    {"OfAForwarding",
     [](World& w) {
       Forwarded(w);
       return w.log.Accept("b");
     },
     ""},
    {"ByAFormerHolder",
     [](World& w) {
       HandedOver(w);
       w.Add(w.log.Offer("a"));
       return w.log.Accept("a");
     },
     ""},
    {"ByAFormerHolderAmongParties",
     [](World& w) {
       w.Add(w.log.Admit("heim", SampleGrant("provider")));
       w.Add(w.log.Admit("werk", SampleGrant("provider")));
       HandedOver(w);
       w.Add(w.log.Offer("c"));
       w.Add(w.log.Accept("c"));
       w.Add(w.log.Offer("a"));
       return w.log.Accept("a");
     },
     ""},
    {"ByAParty",
     [](World& w) {
       w.Add(w.log.Admit("b", SampleGrant("involved")));
       Offered(w);
       return w.log.Accept("b");
     },
     ""},
    {"ByAThird",
     [](World& w) {
       Offered(w);
       return w.log.Accept("c");
     },
     "NOT_ADDRESSEE"},
    {"OfAForwardingByAThird",
     [](World& w) {
       Forwarded(w);
       return w.log.Accept("c");
     },
     "NOT_ADDRESSEE"},
    {"ByTheHolder",
     [](World& w) {
       Offered(w);
       return w.log.Accept("a");
     },
     "NOT_ADDRESSEE"},
    {"ByTheAddresseeOfAClosedOne",
     [](World& w) {
       Offered(w);
       w.Add(w.log.Close(w.log.Decline("b")));
       w.Add(w.log.Offer("c"));
       return w.log.Accept("b");
     },
     "NOT_ADDRESSEE"},
    {"OfAnotherHash",
     [](World& w) {
       Offered(w);
       return AcceptOf(w, Bytes('x'));
     },
     "OFFER_MISMATCH"},
    {"OfTheEventBeforeTheOffer",
     [](World& w) {
       const std::string hash = HashOf(w.log.last());
       Offered(w);
       return AcceptOf(w, hash);
     },
     "OFFER_MISMATCH"},
    {"OfTheClosedOne",
     [](World& w) {
       Offered(w);
       const std::string hash = HashOf(w.log.last());
       w.Add(w.log.Close(w.log.Decline("b")));
       Offered(w);
       return AcceptOf(w, hash);
     },
     "OFFER_MISMATCH"},
    {"OfNone", [](World& w) { return AcceptOf(w, HashOf(w.log.last())); }, "OFFER_NOT_OPEN"},
    {"AfterClose",
     [](World& w) {
       Offered(w);
       w.Add(w.log.Close(w.log.Decline("b")));
       return w.log.Accept("b");
     },
     "OFFER_NOT_OPEN"},
    {"Twice",
     [](World& w) {
       HandedOver(w);
       return w.log.Accept("b");
     },
     "OFFER_NOT_OPEN"},
};

// Closes the offer to b with a's copy of a decline that somebody made wrong.
Event CloseWith(World& w, const std::function<void(StatementHeader&)>& change) {
  Offered(w);
  return w.log.Close(Changed(w.log.Decline("b"), change));
}

const std::vector<RuleCase> kClose = {
    {"WithTheDecline", [](World& w) { return CloseWith(w, [](StatementHeader&) {}); }, ""},
    {"WithAWithdrawnOne",
     [](World& w) {
       Offered(w);
       return w.log.Close(w.log.Decline("b", "", v1::DECLINE_REASON_WITHDRAWN));
     },
     ""},
    {"OfAnotherHash",
     [](World& w) {
       return CloseWith(w, [](StatementHeader& h) { h.mutable_decision()->set_offer_hash(Bytes('x')); });
     },
     "OFFER_MISMATCH"},
    // Counterexample 6: the old decline, duplicated, after a second offer in the same epoch.
    {"WithTheDeclineOfTheOneBefore",
     [](World& w) {
       Offered(w);
       const Statement old = w.log.Decline("b");
       w.Add(w.log.Close(old));
       Offered(w);
       return w.log.Close(old);
     },
     "OFFER_MISMATCH"},
    {"ByAThirdsDecline",
     [](World& w) {
       Offered(w);
       return w.log.Close(w.log.Decline("c"));
     },
     "DECLINE_INVALID"},
    {"ByItsOwnDecline", [](World& w) { return CloseWith(w, [](StatementHeader& h) { h.set_author("a"); }); },
     "DECLINE_INVALID"},
    {"ByAnUnknownMembersDecline",
     [](World& w) { return CloseWith(w, [](StatementHeader& h) { h.set_author("nobody"); }); }, "DECLINE_INVALID"},
    {"SignedByAThird",
     [](World& w) {
       Offered(w);
       return w.log.Close(Forge(w.log.Decline("b").header, "c"));
     },
     "DECLINE_INVALID"},
    {"SignedByTheHolder",
     [](World& w) {
       Offered(w);
       return w.log.Close(Forge(w.log.Decline("b").header, "a"));
     },
     "DECLINE_INVALID"},
    {"ChangedAfterSigning",
     [](World& w) {
       Offered(w);
       Statement decline = w.log.Decline("b");
       v1::StatementHeader changed = decline.header;
       changed.set_official("x");
       decline.bytes.set_header(changed.SerializeAsString());
       return w.log.Close(decline);
     },
     "DECLINE_INVALID"},
    {"AddressedToAThird", [](World& w) { return CloseWith(w, [](StatementHeader& h) { h.set_to("c"); }); },
     "DECLINE_INVALID"},
    {"OfAnotherDossier",
     [](World& w) { return CloseWith(w, [](StatementHeader& h) { h.set_dossier(std::string(32, 'f')); }); },
     "DECLINE_INVALID"},
    {"OfAnotherClass",
     [](World& w) { return CloseWith(w, [](StatementHeader& h) { h.set_class_(v1::DOSSIER_CLASS_POLICY); }); },
     "DECLINE_INVALID"},
    {"WithoutTraining", [](World& w) { return CloseWith(w, [](StatementHeader& h) { h.set_training(false); }); },
     "DECLINE_INVALID"},
    {"WithAnAcceptance",
     [](World& w) {
       Offered(w);
       return w.log.Close(w.log.AcceptDecision("b", HashOf(w.log.last()), Bytes('x')));
     },
     "DECLINE_INVALID"},
    {"WithoutReason",
     [](World& w) { return CloseWith(w, [](StatementHeader& h) { h.mutable_decision()->clear_reasons(); }); },
     "DECLINE_INVALID"},
    {"WithoutIncarnation", [](World& w) { return CloseWith(w, [](StatementHeader& h) { h.set_incarnation(0); }); },
     "DECLINE_INVALID"},
    {"WithMissingItemsAndAnotherReason",
     [](World& w) { return CloseWith(w, [](StatementHeader& h) { h.mutable_decision()->add_missing("Gutachten"); }); },
     "DECLINE_INVALID"},
    {"WithMissingItems",
     [](World& w) {
       return CloseWith(w, [](StatementHeader& h) {
         h.mutable_decision()->set_reasons(0, v1::DECLINE_REASON_ITEM_MISSING);
         h.mutable_decision()->add_missing("Gutachten");
       });
     },
     ""},
    {"WithAnAcceptedHash",
     [](World& w) {
       return CloseWith(w, [](StatementHeader& h) { h.mutable_decision()->set_accepted_hash(Bytes('x')); });
     },
     "DECLINE_INVALID"},
    {"WithAConsent",
     [](World& w) {
       return CloseWith(w,
                        [](StatementHeader& h) { h.mutable_consent()->set_accepted_hash(h.decision().offer_hash()); });
     },
     "DECLINE_INVALID"},
    {"WithAWithdrawalRequest",
     [](World& w) {
       return CloseWith(w,
                        [](StatementHeader& h) { h.mutable_withdrawal()->set_offer_hash(h.decision().offer_hash()); });
     },
     "DECLINE_INVALID"},
    // Counterexample 2: no time-out takes an offer back.
    {"WithNothing",
     [](World& w) {
       Offered(w);
       return w.log.Close(Statement());
     },
     "DECLINE_INVALID|OFFER_MISMATCH"},
    {"WithGarbage",
     [](World& w) {
       Offered(w);
       Statement decline = w.log.Decline("b");
       decline.bytes.set_header("no header");
       return w.log.Close(decline);
     },
     "DECLINE_INVALID"},
    {"NothingOffered", [](World& w) { return w.log.Close(w.log.Decline("b", Bytes('x'))); }, "OFFER_NOT_OPEN"},
    {"Twice",
     [](World& w) {
       Offered(w);
       const Statement decline = w.log.Decline("b");
       w.Add(w.log.Close(decline));
       return w.log.Close(decline);
     },
     "OFFER_NOT_OPEN"},
    {"ByTheFormerHolderAfterAccepted",
     [](World& w) {
       Offered(w);
       const Statement decline = w.log.Decline("b");
       w.Add(w.log.Accept("b"));
       return w.log.Close(decline, "a");
     },
     "NOT_HOLDER|OFFER_NOT_OPEN"},
    {"OfAForwarding",
     [](World& w) {
       Forwarded(w);
       return w.log.Close(w.log.Decline("b"));
     },
     "FORWARD_NOT_DECLINABLE"},
};

// The second forwarding, from b to c, with a consent that somebody made wrong.
Event OnWith(World& w, const std::function<void(StatementHeader&)>& change) {
  Arrived(w);
  return w.log.ForwardOn("c", Changed(w.log.Consent("c"), change));
}
void ForwardedTwice(World& w) {
  Arrived(w);
  w.Add(w.log.ForwardOn("c", w.log.Consent("c")));
  w.Add(w.log.Accept("c"));
}
// Forwarded and arrived, handed over, forwarded and arrived: d holds.
void HandoverBetween(World& w) {
  Arrived(w);
  w.Add(w.log.Offer("c"));
  w.Add(w.log.Accept("c"));
  w.Add(w.log.Forward("d"));
  w.Add(w.log.Accept("d"));
}

const std::vector<RuleCase> kForward = {
    {"First", [](World& w) { return w.log.Forward("b"); }, ""},
    {"FirstWithConsent", [](World& w) { return w.log.ForwardOn("b", w.log.Consent("b")); }, "CONSENT_INVALID"},
    {"Second", [](World& w) { return OnWith(w, [](StatementHeader&) {}); }, ""},
    {"SecondWithoutConsent",
     [](World& w) {
       Arrived(w);
       return w.log.Forward("c");
     },
     "CONSENT_MISSING"},
    {"SecondAfterARecord",
     [](World& w) {
       Arrived(w);
       w.Add(w.log.Record("payment"));
       return w.log.ForwardOn("c", w.log.Consent("c"));
     },
     "FORWARD_NOT_NEXT"},
    {"SecondAfterAClosedOffer",
     [](World& w) {
       Arrived(w);
       w.Add(w.log.Offer("c"));
       w.Add(w.log.Close(w.log.Decline("c")));
       return w.log.ForwardOn("c", w.log.Consent("c"));
     },
     "FORWARD_NOT_NEXT"},
    // An accepted offer begins the count anew: the next one is a first.
    {"FirstAfterAHandover",
     [](World& w) {
       Arrived(w);
       w.Add(w.log.Offer("c"));
       w.Add(w.log.Accept("c"));
       return w.log.Forward("d");
     },
     ""},
    {"FirstAfterAHandoverWithConsent",
     [](World& w) {
       Arrived(w);
       w.Add(w.log.Offer("c"));
       w.Add(w.log.Accept("c"));
       return w.log.ForwardOn("d", w.log.Consent("d"));
     },
     "CONSENT_INVALID"},
    {"SecondAfterAHandover",
     [](World& w) {
       HandoverBetween(w);
       return w.log.ForwardOn("e", w.log.Consent("e"));
     },
     ""},
    {"SecondAfterAHandoverWithoutConsent",
     [](World& w) {
       HandoverBetween(w);
       return w.log.Forward("e");
     },
     "CONSENT_MISSING"},
    {"ThirdAfterAHandover",
     [](World& w) {
       HandoverBetween(w);
       w.Add(w.log.ForwardOn("e", w.log.Consent("e")));
       w.Add(w.log.Accept("e"));
       return w.log.ForwardOn("f", w.log.Consent("f"));
     },
     "FORWARD_THIRD"},
    {"ConsentOfAnother",
     [](World& w) {
       Arrived(w);
       return w.log.ForwardOn("c", w.log.Consent("d"));
     },
     "CONSENT_INVALID"},
    {"ConsentOfTheHolder",
     [](World& w) {
       Arrived(w);
       return w.log.ForwardOn("c", w.log.Consent("b"));
     },
     "CONSENT_INVALID"},
    {"ConsentSignedByAnother",
     [](World& w) {
       Arrived(w);
       return w.log.ForwardOn("c", Forge(w.log.Consent("c").header, "b"));
     },
     "CONSENT_INVALID"},
    {"ConsentToTheForwarding",
     [](World& w) {
       Arrived(w);
       return w.log.ForwardOn("c", w.log.Consent("c", w.log.HashOf(v1::EVENT_KIND_FORWARDED)));
     },
     "CONSENT_INVALID"},
    {"ConsentToAnotherAccepted",
     [](World& w) {
       HandedOver(w);
       const std::string accepted = HashOf(w.log.last());
       w.Add(w.log.Forward("a"));
       w.Add(w.log.Accept("a"));
       return w.log.ForwardOn("c", w.log.Consent("c", accepted));
     },
     "CONSENT_INVALID"},
    {"ConsentOfAnotherDossier",
     [](World& w) { return OnWith(w, [](StatementHeader& h) { h.set_dossier(std::string(32, 'f')); }); },
     "CONSENT_INVALID"},
    {"ConsentOfAnotherClass",
     [](World& w) { return OnWith(w, [](StatementHeader& h) { h.set_class_(v1::DOSSIER_CLASS_POLICY); }); },
     "CONSENT_INVALID"},
    {"ConsentWithoutTraining", [](World& w) { return OnWith(w, [](StatementHeader& h) { h.set_training(false); }); },
     "CONSENT_INVALID"},
    {"ConsentAddressedToAnother", [](World& w) { return OnWith(w, [](StatementHeader& h) { h.set_to("a"); }); },
     "CONSENT_INVALID"},
    {"ConsentIsADecision",
     [](World& w) {
       return OnWith(w, [](StatementHeader& h) {
         const std::string hash = h.consent().accepted_hash();
         h.mutable_decision()->set_offer_hash(hash);
         h.mutable_decision()->set_outcome(v1::OUTCOME_ACCEPTED);
         h.mutable_decision()->set_accepted_hash(hash);
       });
     },
     "CONSENT_INVALID"},
    {"SecondAccepted",
     [](World& w) {
       Arrived(w);
       w.Add(w.log.ForwardOn("c", w.log.Consent("c")));
       return w.log.Accept("c");
     },
     ""},
    {"SecondDeclined",
     [](World& w) {
       Arrived(w);
       w.Add(w.log.ForwardOn("c", w.log.Consent("c")));
       return w.log.Close(w.log.Decline("c"));
     },
     "FORWARD_NOT_DECLINABLE"},
    {"Third",
     [](World& w) {
       ForwardedTwice(w);
       return w.log.ForwardOn("d", w.log.Consent("d"));
     },
     "FORWARD_THIRD"},
    {"ThirdWithoutConsent",
     [](World& w) {
       ForwardedTwice(w);
       return w.log.Forward("d");
     },
     "FORWARD_THIRD"},
    {"ThirdAfterARecord",
     [](World& w) {
       ForwardedTwice(w);
       w.Add(w.log.Record("payment"));
       return w.log.ForwardOn("d", w.log.Consent("d"));
     },
     "FORWARD_THIRD"},
    {"ThirdAfterADeclinedOffer",
     [](World& w) {
       ForwardedTwice(w);
       w.Add(w.log.Offer("d"));
       w.Add(w.log.Close(w.log.Decline("d")));
       return w.log.Forward("d");
     },
     "FORWARD_THIRD"},
    {"FirstAfterTwoAndAHandover",
     [](World& w) {
       ForwardedTwice(w);
       w.Add(w.log.Offer("d"));
       w.Add(w.log.Accept("d"));
       return w.log.Forward("e");
     },
     ""},
    {"OfferAfterTheSecond",
     [](World& w) {
       ForwardedTwice(w);
       return w.log.Offer("d");
     },
     ""},
};

INSTANTIATE_TEST_SUITE_P(Accept, ChangeRule, testing::ValuesIn(kAccept), RuleName);
INSTANTIATE_TEST_SUITE_P(Close, ChangeRule, testing::ValuesIn(kClose), RuleName);
INSTANTIATE_TEST_SUITE_P(Forward, ChangeRule, testing::ValuesIn(kForward), RuleName);

}  // namespace
}  // namespace teilhabe::dossier
