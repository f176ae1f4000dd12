#include <string>
#include <vector>

#include "common/dossier/testing/network_fixture.h"

// What an attack or a careless client once did to a node; each has its own test.
namespace teilhabe::dossier {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class Hostile : public NetworkTest {
 protected:
  // Puts a field into a message that these contracts do not know.
  template <typename Message>
  static void AddUnknown(Message& message) {
    message.GetReflection()->MutableUnknownFields(&message)->AddLengthDelimited(200, "newer");
  }
  // Everything can be read again, by the node itself and after a restart.
  void ExpectReadable(const std::string& member) {
    EXPECT_THAT(net.node(member).Events(kSampleDossier), SizeIs(static_cast<std::size_t>(Log(member).sequence())));
    EXPECT_TRUE(net.Restart(member).ok());
  }
};

TEST_F(Hostile, AFieldOfANewerClientIsNotSigned) {
  Begin();
  v1::EventDraft draft = RecordDraft("course");
  AddUnknown(*draft.mutable_header());
  Must(net.Append("a", draft));
  Must(net.Append("a", AdmitDraft("b", SampleGrant("observer"))));
  net.Settle();
  v1::StatementDraft contribution = ContributionDraft("report");
  AddUnknown(*contribution.mutable_header());
  Must(net.Sign("b", contribution));
  net.Settle();
  ExpectReadable("a");
  ExpectReadable("b");
  ExpectAgreed({"a", "b"});
}

TEST_F(Hostile, APeersFieldBesideWhatIsSignedIsNotTakenIntoTheLog) {
  Begin();
  Must(net.Append("a", OfferDraft("b")));
  net.Settle();
  Must(net.Decline("b"));
  Statement decline = net.node("b").StatementsOf(kSampleDossier, "b", v1::StatementHeader::kDecision).at(0);
  AddUnknown(decline.bytes);
  AddUnknown(*decline.bytes.mutable_signature());
  ASSERT_TRUE(net.Deliver(net.Post("b", "a", {Item(decline)})).ok());
  EXPECT_EQ(StandingAt("a"), Standing::kHolder) << "the decline itself is good";
  ExpectReadable("a");
  net.Settle();
  ExpectAgreed({"a", "b"});
}

TEST_F(Hostile, AReceiptOfVeryMuchIsBounded) {
  Must(net.Open("a"));
  std::vector<NewSection> sections;
  for (int at = 0; at < 60; ++at) {
    sections.push_back(SampleSection(std::string(55, 'x') + std::to_string(100 + at), v1::CATEGORY_MONEY));
  }
  for (int at = 0; at < 14; ++at) Must(net.Append("a", RecordDraft("application", sections)));
  Must(net.Append("a", AnnounceDraft("b")));
  net.Settle();
  ExpectAgreed({"a", "b"});
  const auto receipts = From("a", "b", v1::StatementHeader::kEingang);
  ASSERT_FALSE(receipts.empty());
  EXPECT_LE(receipts[0].header.eingang().left_out_size(), 500);
}

TEST_F(Hostile, ANameThatNobodySignedGetsIntoNoReceipt) {
  Begin();
  Must(net.Append("a", AdmitDraft("b", SampleGrant("observer"))));
  net.Settle();
  v1::SignedEvent forged = net.node("a").Events(kSampleDossier).back().bytes;
  v1::Section& section = *forged.add_sections();
  section.set_name(std::string(60000, 'n'));
  section.set_salt(std::string(32, 's'));
  const auto answer = net.Deliver(net.Post("a", "b", {Item(forged)}));
  ASSERT_TRUE(answer.ok()) << answer.status();
  ASSERT_THAT(answer->rejected(), SizeIs(1));
  EXPECT_EQ(answer->rejected(0).field(), "sections");
}

TEST_F(Hostile, AContributionBringsItsAttachment) {
  const std::string pdf = "%PDF-1.7 Bericht";
  Begin();
  Must(net.Append("a", AdmitDraft("b", SampleGrant("conference", {v1::CATEGORY_NEEDS}))));
  net.Settle();
  ASSERT_TRUE(net.Upload("b", "bericht", pdf).ok());
  Must(net.Sign("b", ContributionDraft("report", {SectionWithAttachment("bericht", v1::CATEGORY_NEEDS, pdf)})));
  net.Settle();
  EXPECT_THAT(Log("a").contributions(), SizeIs(1));
  ExpectAgreed({"a", "b"});
}

TEST_F(Hostile, AContributionThatTheOldHolderGotReachesTheNext) {
  Begin();
  Must(net.Append("a", AdmitDraft("c", SampleGrant("involved"))));
  net.Settle();
  Must(net.Append("a", OfferDraft("b")));
  net.Carry("a", "b");
  Must(net.Sign("c", ContributionDraft("report")));  // It does not know of the offer.
  net.Carry("c", "a");
  net.Carry("a", "b");
  Must(net.Accept("b"));
  net.Settle();
  EXPECT_THAT(Log("b").contributions(), SizeIs(1));
  ExpectAgreed({"a", "b", "c"});
}

TEST_F(Hostile, AStrangersReceiptIsNotKept) {
  Begin();
  SampleLog log;
  for (const Event& event : net.node("a").Events(kSampleDossier)) log.Add(event);
  Statement eingang = log.Contribute("c", "report");
  ASSERT_TRUE(net.Deliver(net.Post("c", "a", {Item(eingang)})).ok());
  EXPECT_THAT(From("a", "c", v1::StatementHeader::kContribution), IsEmpty());
}

// Whatever a peer sends, what is kept of it has a bound.
TEST_F(Hostile, WhatIsAboutNoDossierHereIsAnsweredAndNotSigned) {
  SampleLog log;
  log.Add(log.Opened("a"));
  const Event foreign = Changed(log.Record("application"), [](v1::EventHeader& h) { h.set_sequence(1); });
  const auto before = net.node("b").Dump();
  const auto answer = net.Deliver(net.Post("a", "b", {Item(foreign)}));
  ASSERT_TRUE(answer.ok()) << answer.status();
  ASSERT_THAT(answer->rejected(), SizeIs(1));
  EXPECT_EQ(answer->rejected(0).reason(), "NOT_OPENED");
  EXPECT_EQ(net.node("b").Dump()["statement"], before.at("statement"));
}

TEST_F(Hostile, OnlySoManyRejectionsAreSignedForOneMember) {
  Begin();
  Must(net.Append("a", AdmitDraft("b", SampleGrant("observer"))));
  net.Settle();
  SampleLog log;
  for (const Event& event : net.node("a").Events(kSampleDossier)) log.Add(event);
  std::vector<std::string> items;
  for (int at = 0; at < kMaxRejections + 5; ++at) {
    items.push_back(Item(log.Record("wrong" + std::to_string(at), "c")));
  }
  const auto answer = net.Deliver(net.Post("c", "b", items));
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_THAT(answer->rejected(), SizeIs(items.size())) << "answered they are all";
  EXPECT_THAT(From("b", "b", v1::StatementHeader::kRejection), SizeIs(static_cast<std::size_t>(kMaxRejections)));
  ASSERT_TRUE(net.Deliver(net.Post("a", "b", {Item(log.Record("wrong", "d"))})).ok());
  EXPECT_THAT(From("b", "b", v1::StatementHeader::kRejection), SizeIs(static_cast<std::size_t>(kMaxRejections) + 1))
      << "each member has its own";
}

TEST_F(Hostile, OnlySoManyAttachmentsOfUnknownDossiersArriveAtOnce) {
  const auto send = [&](int at, bool whole, const std::string& dossier) {
    const std::string pdf = "%PDF-1.7 " + std::string(whole ? 10 : 300'000, static_cast<char>('a' + at));
    v1::AttachmentChunk chunk;
    chunk.set_dossier(dossier);
    chunk.set_digest(std::string(AttachmentDigest(pdf).bytes()));
    chunk.set_size(static_cast<std::int64_t>(pdf.size()));
    chunk.set_media_type("application/pdf");
    chunk.set_section("gutachten");
    chunk.set_bytes(pdf.substr(0, kAttachmentChunk));
    const auto answer = net.Deliver(net.Post("a", "b", {Item(chunk)}));
    if (!answer.ok()) return answer.status().ToString();
    return answer->rejected().empty() ? "" : answer->rejected(0).reason();
  };
  const std::string unknown(32, 'f');
  for (int at = 0; at < 20; ++at) EXPECT_EQ(send(at, true, unknown), "") << "those that are whole do not count";
  for (int at = 0; at < kMaxArriving; ++at) EXPECT_EQ(send(at, false, unknown), "");
  EXPECT_EQ(send(20, false, unknown), "ATTACHMENT_LIMIT");
  EXPECT_EQ(send(20, false, std::string(32, 'e')), "ATTACHMENT_LIMIT");
  EXPECT_EQ(send(0, false, unknown), "") << "what has begun goes on";
  Begin();
  Must(net.Append("a", AdmitDraft("b", SampleGrant("observer"))));
  net.Settle();
  EXPECT_EQ(send(20, false, kSampleDossier), "") << "of a dossier that is here";
}

TEST_F(Hostile, AConsentGoesToAMember) {
  const std::string accepted(crypto::Digest::kSize, 'x');
  EXPECT_EQ(GetReason(net.Sign("c", ConsentDraft(accepted, "fremd")).status()), "ADDRESSEE_UNKNOWN");
  Must(net.Sign("c", ConsentDraft(accepted, "b")));
}

// Two agencies have opened a dossier under one id, which breaks the invariants by itself: what the one sends is early
// for ever.
class Squatted : public Hostile {
 protected:
  void TearDown() override {}
};

TEST_F(Squatted, WhatIsRejectedIsNotFedAnew) {
  Must(net.Open("b"));
  Begin();
  Must(net.Append("a", OfferDraft("b")));
  for (int round = 0; round < 4; ++round) net.Carry("a", "b");
  EXPECT_FALSE(net.Carry("a", "b")) << "nothing is left to carry";
}

}  // namespace
}  // namespace teilhabe::dossier
