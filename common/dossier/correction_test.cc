#include <functional>
#include <string>
#include <vector>

#include "common/dossier/testing/network_fixture.h"

// Who is told a correction, and who has not confirmed it (Art. 16, 19 GDPR).
namespace teilhabe::dossier {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr int kCorrection = v1::StatementHeader::kCorrection;

class CorrectionTest : public NetworkTest {
 protected:
  void SetUp() override {
    Begin({SampleSection("bedarf", v1::CATEGORY_NEEDS, "Falsch"), SampleSection("geld", v1::CATEGORY_MONEY)});
  }
  void Admit(const std::string& member, const Categories& categories = {v1::CATEGORY_NEEDS}) {
    Must(net.Append("a", AdmitDraft(member, SampleGrant("conference", categories))));
  }
  // a records what c sees, at sequence 4; c is a party no longer from 5 on.
  void GiveAndEnd() {
    Admit("c");
    Must(net.Append("a", RecordDraft("assessment", {SampleSection("bedarf", v1::CATEGORY_NEEDS, "Falsch"),
                                                    SampleSection("plan", v1::CATEGORY_PLAN)})));
    net.Settle();
    Must(net.Append("a", EndDraft("c")));
    net.Settle();
  }
  // Needs and plan come new, whichever of them was wrong.
  void Correct(const std::string& by, std::int64_t sequence, const std::string& name,
               const std::string& text = "Richtig") {
    v1::EventDraft draft = CorrectDraft(sequence, name, SampleSection("bedarf", v1::CATEGORY_NEEDS, text));
    v1::SectionDraft& plan = *draft.add_sections();
    plan.set_name("plan");
    plan.set_category(v1::CATEGORY_PLAN);
    plan.mutable_payload()->set_content("Neuer Plan");
    Must(net.Append(by, draft));
  }
  std::vector<Statement> ToldTo(const std::string& member, const std::string& by) {
    return From(member, by, kCorrection);
  }
  std::string TextIn(const std::string& member, const Statement& statement, const std::string& name) {
    const auto section =
        net.node(member).store().SectionOf(net.node(member).database(), kSampleDossier, statement.hash.bytes(), name);
    v1::SectionPayload payload;
    return section.ok() && payload.ParseFromString(section->payload()) ? payload.content()
                                                                       : section.status().ToString();
  }
  std::vector<std::string> Unconfirmed(const std::string& at) {
    std::vector<std::string> open;
    for (const Store::Unconfirmed& told : Show(at).unconfirmed) {
      open.push_back(std::to_string(told.sequence) + "/" + told.member);
    }
    return open;
  }
};

TEST_F(CorrectionTest, AnEndedPartyIsToldWhatCorrectsItsSectionAndNothingElse) {
  GiveAndEnd();
  Correct("a", 4, "bedarf");
  EXPECT_THAT(Unconfirmed("a"), ElementsAre("6/c"));
  net.Settle();
  EXPECT_EQ(Log("c").sequence(), 5) << "of the procedure it learns nothing any more";
  const auto told = ToldTo("c", "a");
  ASSERT_THAT(told, SizeIs(1));
  EXPECT_THAT(SectionsOf("c", std::string(told[0].hash.bytes())), ElementsAre("bedarf"));
  EXPECT_EQ(TextIn("c", told[0], "bedarf"), "Richtig");
  const v1::Correction& what = told[0].header.correction();
  EXPECT_EQ(what.sequence(), 4);
  EXPECT_EQ(what.name(), "bedarf");
  EXPECT_EQ(what.reason(), "Schreibfehler");
  EXPECT_EQ(what.corrected_sequence(), 6);
  EXPECT_EQ(what.corrected_hash(), HashAt("a", 6));
  EXPECT_EQ(told[0].header.sections(0).digest(), net.node("a").EventAt(kSampleDossier, 6).header.sections(0).digest());
  EXPECT_THAT(Unconfirmed("a"), IsEmpty()) << "its Eingang is here";
}

TEST_F(CorrectionTest, WhoNeverHadTheSectionIsToldNothing) {
  Admit("b", {});
  GiveAndEnd();  // c had the section of event 5 and never that of event 2.
  Correct("a", 2, "bedarf");
  Correct("a", 5, "plan");
  net.Settle();
  EXPECT_THAT(ToldTo("b", "a"), IsEmpty());
  EXPECT_THAT(ToldTo("c", "a"), IsEmpty());
  EXPECT_THAT(Unconfirmed("a"), IsEmpty());
}

TEST_F(CorrectionTest, WhatWasUnderWayWhenThePartyEndedWasNotGiven) {
  Admit("c");
  net.Settle();
  Must(net.Append("a", RecordDraft("assessment", {SampleSection("bedarf", v1::CATEGORY_NEEDS)})));
  Must(net.Append("a", EndDraft("c")));
  net.Settle();
  Correct("a", 4, "bedarf");
  net.Settle();
  EXPECT_THAT(ToldTo("c", "a"), IsEmpty());
}

TEST_F(CorrectionTest, ACorrectionUnderWayWhenThePartyEndsReachesItAsAStatement) {
  Admit("c");
  Must(net.Append("a", RecordDraft("assessment", {SampleSection("bedarf", v1::CATEGORY_NEEDS)})));
  net.Settle();
  Correct("a", 4, "bedarf");
  Must(net.Append("a", EndDraft("c")));
  EXPECT_THAT(Unconfirmed("a"), ElementsAre("5/c"));
  net.Settle();
  EXPECT_THAT(SectionsAt("c", 5), IsEmpty());
  ASSERT_THAT(ToldTo("c", "a"), SizeIs(1));
  EXPECT_EQ(TextIn("c", ToldTo("c", "a")[0], "bedarf"), "Richtig");
  EXPECT_THAT(Unconfirmed("a"), IsEmpty());
}

TEST_F(CorrectionTest, APartyHasItWithTheEventAndConfirmsByItsReceipt) {
  Admit("c");
  Must(net.Append("a", RecordDraft("assessment", {SampleSection("bedarf", v1::CATEGORY_NEEDS)})));
  net.Settle();
  Correct("a", 4, "bedarf");
  EXPECT_THAT(Unconfirmed("a"), ElementsAre("5/c"));
  net.Settle();
  EXPECT_THAT(ToldTo("c", "a"), IsEmpty());
  EXPECT_EQ(TextOf("c", 5, "bedarf"), "Richtig");
  EXPECT_THAT(Unconfirmed("a"), IsEmpty());
}

// What was released beside its categories: the log does not show it the new section.
TEST_F(CorrectionTest, APartyThatWasReleasedTheSectionIsTold) {
  Admit("c", {v1::CATEGORY_PLAN});
  Must(net.Append("a", ReleaseDraft("c", 2, "bedarf")));
  net.Settle();
  ASSERT_EQ(TextOf("c", 2, "bedarf"), "Falsch");
  Correct("a", 2, "bedarf");
  net.Settle();
  EXPECT_THAT(SectionsAt("c", 5), ElementsAre("plan")) << "by its grant";
  ASSERT_THAT(ToldTo("c", "a"), SizeIs(1));
  EXPECT_EQ(TextIn("c", ToldTo("c", "a")[0], "bedarf"), "Richtig");
  EXPECT_THAT(Unconfirmed("a"), IsEmpty());
}

TEST_F(CorrectionTest, TheEventItselfIsCorrectedForEverybodyWhoHasIt) {
  GiveAndEnd();
  Admit("b");
  net.Settle();
  v1::EventDraft draft = CorrectDraft(4, "", SampleSection("tag", v1::CATEGORY_PROCEDURE, "2. März"));
  *draft.add_sections() = RecordDraft("x", {SampleSection("bedarf", v1::CATEGORY_NEEDS)}).sections(0);
  Must(net.Append("a", draft));
  net.Settle();
  ASSERT_THAT(ToldTo("c", "a"), SizeIs(1));
  EXPECT_EQ(TextIn("c", ToldTo("c", "a")[0], "tag"), "2. März");
  EXPECT_THAT(SectionsOf("c", std::string(ToldTo("c", "a")[0].hash.bytes())), ElementsAre("tag"));
  EXPECT_EQ(TextOf("b", 7, "tag"), "2. März");
  EXPECT_THAT(Unconfirmed("a"), IsEmpty());
}

TEST_F(CorrectionTest, ACorrectionOfACorrectionReachesWhoWasToldTheFirstBothWaiting) {
  GiveAndEnd();
  Correct("a", 4, "bedarf", "Noch falsch");
  Correct("a", 6, "bedarf");
  net.Settle();
  const auto told = ToldTo("c", "a");
  ASSERT_THAT(told, SizeIs(2));
  std::set<std::string> texts;
  for (const Statement& one : told) texts.insert(TextIn("c", one, "bedarf"));
  EXPECT_THAT(texts, ElementsAre("Noch falsch", "Richtig"));
  EXPECT_THAT(Unconfirmed("a"), IsEmpty());
}

// The new holder never gave c anything: it tells the former holder, who did.
TEST_F(CorrectionTest, AFormerHolderIsToldAndPassesItOn) {
  GiveAndEnd();
  Must(net.Append("a", OfferDraft("b", 2, {v1::CATEGORY_NEEDS})));
  net.Settle();
  Must(net.Accept("b"));
  net.Settle();
  Correct("b", 4, "bedarf");
  net.Settle();
  const auto told = ToldTo("a", "b");
  ASSERT_THAT(told, SizeIs(1));
  EXPECT_THAT(SectionsOf("a", std::string(told[0].hash.bytes())), ElementsAre("bedarf"));
  ASSERT_THAT(ToldTo("c", "a"), SizeIs(1));
  EXPECT_EQ(TextIn("c", ToldTo("c", "a")[0], "bedarf"), "Richtig");
  EXPECT_THAT(Unconfirmed("a"), IsEmpty());
  EXPECT_THAT(Unconfirmed("b"), IsEmpty());
  // Nobody tells it back.
  EXPECT_THAT(ToldTo("b", "a"), IsEmpty());
  EXPECT_THAT(net.node("c").StatementsOf(kSampleDossier, "c", kCorrection), IsEmpty());
}

TEST_F(CorrectionTest, WhoDeclinedTheOfferIsToldAndConfirms) {
  Must(net.Append("a", OfferDraft("b", 2, {v1::CATEGORY_NEEDS})));
  net.Settle();
  Must(net.Decline("b"));
  net.Settle();
  Correct("a", 2, "bedarf");
  net.Settle();
  ASSERT_THAT(ToldTo("b", "a"), SizeIs(1));
  EXPECT_EQ(TextIn("b", ToldTo("b", "a")[0], "bedarf"), "Richtig");
  EXPECT_THAT(Unconfirmed("a"), IsEmpty());
}

TEST_F(CorrectionTest, AContributionIsCorrectedForItsAuthorAndWhoHadItBeforeItWasTaken) {
  Admit("b");
  Admit("c");
  net.Settle();
  Must(net.Sign("b", ContributionDraft("report", {SampleSection("bericht", v1::CATEGORY_NEEDS)})));
  net.Settle();
  Must(net.Append("a", EndDraft("b")));
  Must(net.Append("a", EndDraft("c")));
  net.Settle();
  ASSERT_EQ(net.node("a").EventAt(kSampleDossier, 5).header.kind(), v1::EVENT_KIND_CONTRIBUTION_TAKEN);
  Correct("a", 5, "bericht");
  net.Settle();
  EXPECT_THAT(ToldTo("b", "a"), SizeIs(1));
  EXPECT_THAT(ToldTo("c", "a"), SizeIs(1));
}

TEST_F(CorrectionTest, ANewSectionBringsItsAttachment) {
  GiveAndEnd();
  const std::string pdf = "%PDF-1.7 Gutachten";
  ASSERT_TRUE(net.Upload("a", "bedarf", pdf).ok());
  Must(net.Append("a", CorrectDraft(4, "bedarf", SectionWithAttachment("bedarf", v1::CATEGORY_NEEDS, pdf))));
  net.Settle();
  EXPECT_THAT(ToldTo("c", "a"), SizeIs(1));
  const Attachments& at_c = net.node("c").ledger().ports().attachments;
  EXPECT_TRUE(at_c.Find(net.node("c").database(), kSampleDossier, AttachmentDigest(pdf)).ok());
}

TEST_F(CorrectionTest, NobodyDraftsOne) {
  v1::StatementDraft draft = ContributionDraft("x");
  draft.mutable_header()->mutable_correction()->set_sequence(1);
  EXPECT_EQ(GetReason(net.Sign("a", draft).status()), "STATEMENT_NOT_DRAFTED");
}

// What does not fit the log, or is another's, has no effect.
TEST_F(CorrectionTest, AWrongOneIsRejected) {
  GiveAndEnd();
  Correct("a", 4, "bedarf");
  const auto made = From("a", "a", kCorrection);
  ASSERT_THAT(made, SizeIs(1));
  const auto reason = [&](const std::string& to, const std::function<void(v1::StatementHeader&)>& change) {
    const auto answer = net.Deliver(net.Post("a", to, {Item(Changed(made[0], change))}));
    return answer.ok() && answer->rejected_size() == 1 ? answer->rejected(0).reason() : answer.status().ToString();
  };
  EXPECT_EQ(reason("c", [](v1::StatementHeader& h) { h.set_to("b"); }), "NOT_ADDRESSEE");
  EXPECT_EQ(reason("c", [](v1::StatementHeader& h) { h.set_author("d"); }), "PARTY_UNKNOWN");
  EXPECT_EQ(reason("c", [](v1::StatementHeader& h) { h.mutable_correction()->set_name("fremd"); }),
            "CORRECTION_INVALID");
  EXPECT_EQ(reason("c", [](v1::StatementHeader& h) { h.mutable_sections(0)->set_category(v1::CATEGORY_MEDICAL); }),
            "CORRECTION_INVALID");
  EXPECT_EQ(reason("c", [](v1::StatementHeader& h) { h.mutable_correction()->set_corrected_sequence(5); }),
            "CORRECTION_INVALID");
  EXPECT_EQ(reason("c", [](v1::StatementHeader& h) { h.mutable_correction()->set_corrected_sequence(4); }),
            "STATEMENT_MALFORMED");
  EXPECT_EQ(reason("c", [](v1::StatementHeader& h) { h.mutable_correction()->set_corrected_hash("x"); }),
            "STATEMENT_MALFORMED");
  EXPECT_THAT(ToldTo("c", "a"), IsEmpty());
  net.Settle();
  EXPECT_THAT(ToldTo("c", "a"), SizeIs(1));
}

}  // namespace
}  // namespace teilhabe::dossier
