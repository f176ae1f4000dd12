#include <string>
#include <vector>

#include "common/dossier/rule_case_for_test.h"

// Contributions and joint documents: FORMAT.md, Log 7, and the reasons of Next that concern them, on both sides of
// their bounds. One rule is broken at a time.
namespace teilhabe::dossier {
namespace {

using Header = v1::EventHeader;
using StatementHeader = v1::StatementHeader;

class ContributionRule : public testing::TestWithParam<RuleCase> {};
TEST_P(ContributionRule, IsHeld) { CheckRule(GetParam()); }

void Admitted(World& w) {
  w.Add(w.log.Admit("werk", SampleGrant("provider", {v1::CATEGORY_IDENTITY})));
  w.Add(w.log.Admit("heim", SampleGrant("provider")));
}

Statement Report(World& w) {
  return w.log.Contribute("werk", "report", {SampleSection("bericht", v1::CATEGORY_COURSE)});
}
// a takes a report of werk that somebody made wrong.
Event TakeWith(World& w, const std::function<void(StatementHeader&)>& change) {
  Admitted(w);
  return w.log.Take(Changed(Report(w), change));
}
// a takes a right report and makes its own event wrong.
Event TakenAs(World& w, const std::function<void(Header&)>& change) {
  Admitted(w);
  return Changed(w.log.Take(Report(w)), change);
}

const std::vector<RuleCase> kTaken = {
    {"WithSections", [](World& w) { return TakeWith(w, [](StatementHeader&) {}); }, ""},
    {"WithoutSections",
     [](World& w) {
       Admitted(w);
       return w.log.Take(w.log.Contribute("werk", "report"));
     },
     ""},
    {"OfTheFormerHolder",
     [](World& w) {
       HandedOver(w);
       return w.log.Take(w.log.Contribute("a", "payment"));
     },
     ""},
    // It arose while the log was frozen; whoever holds then takes it.
    {"MadeWhileOfferedAndAddressedToTheOneBefore",
     [](World& w) {
       Admitted(w);
       w.Add(w.log.Offer("b"));
       const Statement report = Report(w);
       w.Add(w.log.Accept("b"));
       return w.log.Take(report);
     },
     ""},
    {"ReadyOfTheAnnounced",
     [](World& w) {
       w.Add(w.log.Announce("b"));
       return w.log.Take(w.log.Ready("b", HashOf(w.log.last())));
     },
     ""},
    {"ReadyOfAnotherThanTheAnnounced",
     [](World& w) {
       Admitted(w);
       w.Add(w.log.Announce("b"));
       return w.log.Take(w.log.Ready("werk", HashOf(w.log.last())));
     },
     "CONTRIBUTION_INVALID"},
    {"ReadyOfNothingAnnounced",
     [](World& w) {
       w.Add(w.log.Announce("b"));
       return w.log.Take(w.log.Ready("b", HashOf(w.log.events()[1])));
     },
     "CONTRIBUTION_INVALID"},
    // What the holder signed while its log was frozen it takes when that is over.
    {"OfTheHolder", [](World& w) { return w.log.Take(w.log.Contribute("a", "payment")); }, ""},
    {"OfTheNewHolder",
     [](World& w) {
       HandedOver(w);
       return w.log.Take(w.log.Contribute("b", "payment"));
     },
     ""},
    {"OfNoParty", [](World& w) { return w.log.Take(w.log.Contribute("werk", "report")); },
     "CONTRIBUTION_INVALID|PARTY_UNKNOWN"},
    {"OfNobodyKnown", [](World& w) { return w.log.Take(w.log.Contribute("nobody", "report")); },
     "CONTRIBUTION_INVALID|PARTY_UNKNOWN"},
    {"Twice",
     [](World& w) {
       Admitted(w);
       const Statement report = Report(w);
       w.Add(w.log.Take(report));
       return w.log.Take(report);
     },
     "CONTRIBUTION_TWICE"},
    {"TwiceUnderAnotherHolder",
     [](World& w) {
       Admitted(w);
       const Statement report = Report(w);
       w.Add(w.log.Take(report));
       HandedOver(w);
       return w.log.Take(report);
     },
     "CONTRIBUTION_TWICE"},
    // A signature does not identify a message; its hash does.
    {"TwiceWithAnotherSignature",
     [](World& w) {
       Admitted(w);
       Statement report = Report(w);
       w.Add(w.log.Take(report));
       report.bytes.mutable_signature()->mutable_signature()->append("x");
       return w.log.Take(report);
     },
     "CONTRIBUTION_TWICE|CONTRIBUTION_INVALID"},
    {"TwoThatDiffer",
     [](World& w) {
       Admitted(w);
       w.Add(w.log.Take(Report(w)));
       return w.log.Take(w.log.Contribute("werk", "absence"));
     },
     ""},
    {"SignedByAnother",
     [](World& w) {
       Admitted(w);
       return w.log.Take(Forge(w.log.Contribute("werk", "report").header, "a"));
     },
     "CONTRIBUTION_INVALID"},
    {"OfAnotherDossier",
     [](World& w) { return TakeWith(w, [](StatementHeader& h) { h.set_dossier(std::string(32, 'f')); }); },
     "CONTRIBUTION_INVALID"},
    {"OfAnotherClass",
     [](World& w) { return TakeWith(w, [](StatementHeader& h) { h.set_class_(v1::DOSSIER_CLASS_POLICY); }); },
     "CONTRIBUTION_INVALID"},
    {"WithoutTraining", [](World& w) { return TakeWith(w, [](StatementHeader& h) { h.set_training(false); }); },
     "CONTRIBUTION_INVALID"},
    {"Nothing",
     [](World& w) {
       Admitted(w);
       return w.log.Take(Statement());
     },
     "CONTRIBUTION_INVALID"},
    {"RefLeftOut", [](World& w) { return TakenAs(w, [](Header& h) { h.clear_sections(); }); }, "CONTRIBUTION_INVALID"},
    {"RefOfAnotherDigest",
     [](World& w) { return TakenAs(w, [](Header& h) { h.mutable_sections(0)->set_digest(Bytes('x')); }); },
     "CONTRIBUTION_INVALID"},
    {"RefOfAnotherCategory",
     [](World& w) {
       return TakenAs(w, [](Header& h) { h.mutable_sections(0)->set_category(v1::CATEGORY_PROCEDURE); });
     },
     "CONTRIBUTION_INVALID"},
    {"RefOfAnotherName",
     [](World& w) { return TakenAs(w, [](Header& h) { h.mutable_sections(0)->set_name("anderer"); }); },
     "CONTRIBUTION_INVALID"},
    {"RefAdded",
     [](World& w) {
       return TakenAs(w, [](Header& h) {
         v1::SectionRef& ref = *h.add_sections();
         ref.set_name("mehr");
         ref.set_category(v1::CATEGORY_PLAN);
         ref.set_digest(Bytes('x'));
       });
     },
     "CONTRIBUTION_INVALID"},
};

// Each other thing that a statement may say is no contribution.
Event TakeAs(World& w, const std::function<void(StatementHeader&)>& detail) {
  Admitted(w);
  return w.log.Take(Changed(w.log.Contribute("werk", "report"), detail));
}
const std::vector<RuleCase> kDetail = {
    {"Decision",
     [](World& w) {
       return TakeAs(w, [](StatementHeader& h) {
         h.mutable_decision()->set_offer_hash(Bytes('x'));
         h.mutable_decision()->set_outcome(v1::OUTCOME_DECLINED);
         h.mutable_decision()->add_reasons(v1::DECLINE_REASON_WRONG_KIND);
       });
     },
     "CONTRIBUTION_INVALID"},
    {"Consent",
     [](World& w) { return TakeAs(w, [](StatementHeader& h) { h.mutable_consent()->set_accepted_hash(Bytes('x')); }); },
     "CONTRIBUTION_INVALID"},
    {"Withdrawal",
     [](World& w) { return TakeAs(w, [](StatementHeader& h) { h.mutable_withdrawal()->set_offer_hash(Bytes('x')); }); },
     "CONTRIBUTION_INVALID"},
    {"Eingang",
     [](World& w) {
       return TakeAs(w, [](StatementHeader& h) {
         h.mutable_eingang()->set_hash(Bytes('x'));
         h.mutable_eingang()->set_sequence(1);
         *h.mutable_eingang()->mutable_sent_time() = h.recorded_time();
         *h.mutable_eingang()->mutable_arrived_time() = h.recorded_time();
       });
     },
     "CONTRIBUTION_INVALID"},
    {"Wirksam",
     [](World& w) { return TakeAs(w, [](StatementHeader& h) { h.mutable_wirksam()->set_accepted_hash(Bytes('x')); }); },
     "CONTRIBUTION_INVALID"},
    {"Rejection",
     [](World& w) {
       return TakeAs(w, [](StatementHeader& h) {
         h.mutable_rejection()->set_hash(Bytes('x'));
         h.mutable_rejection()->set_reason("LOG_FROZEN");
       });
     },
     "CONTRIBUTION_INVALID"},
    {"NoDetail", [](World& w) { return TakeAs(w, [](StatementHeader& h) { h.clear_detail(); }); },
     "CONTRIBUTION_INVALID"},
};

Event ProposeAfter(World& w, const std::string& document, int version, const std::string& next, int next_version) {
  Admitted(w);
  w.Add(w.log.Propose(document, version, {"werk"}));
  return w.log.Propose(next, next_version, {"werk"});
}
Event JointlySigned(World& w, const std::string& author) {
  Admitted(w);
  w.Add(w.log.Propose("plan", 1, {"werk"}));
  return w.log.Take(w.log.SignJointly(author, HashOf(w.log.last())));
}

const std::vector<RuleCase> kJoint = {
    {"SameVersionAgain", [](World& w) { return ProposeAfter(w, "plan", 1, "plan", 1); }, "JOINT_VERSION", Binds::kOpen},
    {"LowerVersion", [](World& w) { return ProposeAfter(w, "plan", 3, "plan", 2); }, "JOINT_VERSION", Binds::kOpen},
    {"NextVersion", [](World& w) { return ProposeAfter(w, "plan", 1, "plan", 2); }, ""},
    {"SameVersionOfAnotherDocument", [](World& w) { return ProposeAfter(w, "plan", 1, "konzept", 1); }, ""},
    {"SignedBySignatory", [](World& w) { return JointlySigned(w, "werk"); }, ""},
    {"SignedByAnotherParty", [](World& w) { return JointlySigned(w, "heim"); }, "JOINT_NOT_SIGNATORY"},
    {"SignedUnderNothing",
     [](World& w) {
       Admitted(w);
       return w.log.Take(w.log.SignJointly("werk", Bytes('x')));
     },
     "JOINT_NOT_SIGNATORY|CONTRIBUTION_INVALID"},
};

INSTANTIATE_TEST_SUITE_P(Taken, ContributionRule, testing::ValuesIn(kTaken), RuleName);
INSTANTIATE_TEST_SUITE_P(Detail, ContributionRule, testing::ValuesIn(kDetail), RuleName);
INSTANTIATE_TEST_SUITE_P(Joint, ContributionRule, testing::ValuesIn(kJoint), RuleName);

TEST(JointDocumentTest, IsInForceWithTheLastSignature) {
  World w;
  Admitted(w);
  w.Add(w.log.Propose("plan", 1, {"heim", "werk"}));
  const std::string proposed = HashOf(w.log.last());
  w.log.day += 3;
  w.Add(w.log.Take(w.log.SignJointly("werk", proposed)));
  v1::LogState state = w.log.Fold(w.members).value();
  ASSERT_EQ(state.joint_documents_size(), 1);
  EXPECT_EQ(state.joint_documents(0).proposed_hash(), proposed);
  EXPECT_FALSE(state.joint_documents(0).has_in_force_day()) << "heim is missing";
  w.log.day += 2;
  w.Add(w.log.Take(w.log.SignJointly("heim", proposed)));
  state = w.log.Fold(w.members).value();
  ASSERT_EQ(state.joint_documents_size(), 1);
  EXPECT_EQ(state.joint_documents(0).in_force_day().SerializeAsString(), SampleDate(w.log.day).SerializeAsString());
}

TEST(ContributionTest, IsNamedInTheStateByItsHash) {
  World w;
  Admitted(w);
  const Statement report = Report(w);
  w.Add(w.log.Take(report));
  const v1::LogState state = w.log.Fold(w.members).value();
  ASSERT_EQ(state.contributions_size(), 1);
  EXPECT_EQ(state.contributions(0), report.hash.bytes());
}

// Sections inside an event's header could never be masked or deleted again; whoever checks it, such an event does not
// arrive.
TEST(ContributionTest, SectionsInsideTheHeaderAreRejected) {
  World w;
  Admitted(w);
  const Statement report = Report(w);
  const v1::LogState before = w.log.Fold(w.members).value();
  const Event event = Changed(w.log.Take(report), [&report](Header& h) {
    *h.mutable_contribution_taken()->mutable_contribution()->mutable_sections() = report.bytes.sections();
  });
  const auto opened = OpenEvent(event.bytes, true, w.members, SampleVerifier());
  EXPECT_FALSE(opened.ok() && Next(before, *opened, SampleStep(w.members)).ok());
}

TEST(DeclineTest, SectionsInsideTheHeaderAreRejected) {
  World w;
  w.Add(w.log.Offer("b"));
  const v1::LogState before = w.log.Fold(w.members).value();
  Statement decline = w.log.Decline("b");
  v1::Section& section = *decline.bytes.add_sections();
  section.set_name("grund");
  section.set_salt(Bytes('s'));
  section.set_payload("p");
  const auto opened = OpenEvent(w.log.Close(decline).bytes, true, w.members, SampleVerifier());
  EXPECT_FALSE(opened.ok() && Next(before, *opened, SampleStep(w.members)).ok());
}

}  // namespace
}  // namespace teilhabe::dossier
