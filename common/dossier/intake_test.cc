#include <functional>
#include <string>
#include <vector>

#include "common/audit/audit.h"
#include "common/dossier/testing/network_fixture.h"

// What a node does with items that are wrong, early, late, repeated or somebody else's.
namespace teilhabe::dossier {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr int kDecision = v1::StatementHeader::kDecision;
constexpr int kRejection = v1::StatementHeader::kRejection;

// a holds; b is a party; c knows nothing. Log: opened, application, b admitted.
class IntakeTest : public NetworkTest {
 protected:
  IntakeTest() = default;
  void SetUp() override {
    Begin({SampleSection("antrag", v1::CATEGORY_NEEDS)});
    Must(net.Append("a", AdmitDraft("b", SampleGrant("involved", {v1::CATEGORY_NEEDS}))));
    net.Settle();
    ExpectAgreed({"a", "b"});
  }
  // a's log as one on which tests go on writing, right and wrong.
  SampleLog Mirror() {
    SampleLog log;
    for (const Event& event : net.node("a").Events(kSampleDossier)) log.Add(event);
    return log;
  }
  absl::StatusOr<v1::DeliveryAnswer> Send(const std::string& from, const std::string& to,
                                          const std::vector<std::string>& items) {
    return net.Deliver(net.Post(from, to, items));
  }
  // Without what grows with every delivery: the access log, and feeds with the answers that are sent again.
  std::map<std::string, std::string> Content(const std::string& member) {
    auto dump = net.node(member).Dump();
    for (const char* table : {"audit_leaf", "feed", "feed_end"}) dump.erase(table);
    return dump;
  }
};

struct BadItem {
  std::string name;
  std::function<std::string(SampleLog&)> make;
  std::string reason;
  std::string field;
  bool is_signed = true;  // Whether it can be said what was rejected.
  std::string to = "b";
};
void PrintTo(const BadItem& row, std::ostream* out) { *out << row.name; }

Event Payment(const SampleLog& log, const std::function<void(v1::EventHeader&)>& change) {
  return Changed(log.Record("payment"), change);
}

Event WithSection(const SampleLog& log) {
  return log.Record("payment", "", {SampleSection("geld", v1::CATEGORY_MONEY)});
}

v1::AttachmentChunk Chunk(const std::string& bytes, const std::string& media_type = "application/pdf") {
  v1::AttachmentChunk chunk;
  chunk.set_dossier(kSampleDossier);
  chunk.set_digest(std::string(AttachmentDigest(bytes).bytes()));
  chunk.set_size(static_cast<std::int64_t>(bytes.size()));
  chunk.set_media_type(media_type);
  chunk.set_section("gutachten");
  chunk.set_bytes(bytes);
  return chunk;
}

std::string ChangedChunk(const std::function<void(v1::AttachmentChunk&)>& change) {
  v1::AttachmentChunk chunk = Chunk("%PDF-1.7 Gutachten");
  change(chunk);
  return Item(chunk);
}

class BadItemTest : public IntakeTest, public testing::WithParamInterface<BadItem> {};

TEST_P(BadItemTest, IsRejectedAndHasNoEffect) {
  const BadItem& bad = GetParam();
  const std::string from = bad.to == "b" ? "a" : "b";
  SampleLog log = Mirror();
  const std::string item = bad.make(log);
  auto before = Content(bad.to);
  const auto answer = Send(from, bad.to, {item});
  ASSERT_TRUE(answer.ok()) << answer.status();
  ASSERT_THAT(answer->rejected(), SizeIs(1)) << "want " << bad.reason;
  EXPECT_EQ(answer->rejected(0).link_sequence(), 1);
  EXPECT_EQ(answer->rejected(0).reason(), bad.reason);
  EXPECT_EQ(answer->rejected(0).field(), bad.field);
  EXPECT_EQ(answer->expected_sequence(), 2) << "the link goes on";

  const auto rejections = From(bad.to, bad.to, kRejection);
  ASSERT_THAT(rejections, SizeIs(bad.is_signed ? 1 : 0));
  if (bad.is_signed) {
    const v1::StatementHeader& header = rejections[0].header;
    EXPECT_EQ(header.rejection().reason(), bad.reason);
    EXPECT_EQ(header.rejection().field(), bad.field);
    EXPECT_EQ(header.to(), from);
    v1::DeliveryItem sent;
    ASSERT_TRUE(sent.ParseFromString(item));
    const crypto::Digest hash =
        sent.has_event() ? EventHash(sent.event().header()) : StatementHash(sent.statement().header());
    EXPECT_EQ(header.rejection().hash(), hash.bytes());
  }
  auto after = Content(bad.to);
  for (auto* dump : {&before, &after}) dump->erase("statement"), dump->erase("rejections");
  EXPECT_EQ(after, before);

  // Again: the same, and no second rejection.
  const auto whole = Content(bad.to);
  const auto again = Send(from, bad.to, {item});
  ASSERT_TRUE(again.ok()) << again.status();
  ASSERT_THAT(again->rejected(), SizeIs(1));
  EXPECT_EQ(Content(bad.to), whole);

  // The sender learns it, and right items still arrive.
  net.Settle();
  EXPECT_THAT(From(from, bad.to, kRejection), SizeIs(bad.is_signed ? 1 : 0));
  Must(net.Append("a", RecordDraft("course")));
  net.Settle();
  ExpectAgreed({"a", "b"});
}

INSTANTIATE_TEST_SUITE_P(
    Events, BadItemTest,
    testing::Values(
        BadItem{"NoItem", [](SampleLog&) { return std::string("\xff\xff\xff"); }, "ITEM_MALFORMED", "items", false},
        BadItem{"NoHeader",
                [](SampleLog& log) {
                  v1::SignedEvent event = log.Record("payment").bytes;
                  event.set_header("x");
                  return Item(event);
                },
                "EVENT_MALFORMED", "header", false},
        BadItem{"UnknownFieldSigned",
                [](SampleLog& log) {
                  Event event = log.Record("payment");
                  event.bytes.mutable_header()->append("\xf8\x3f\x01", 3);
                  event.bytes.mutable_signature()->set_signature(
                      SampleSigner("a").Sign("event", event.bytes.header()).value());
                  return Item(event);
                },
                "EVENT_MALFORMED", "header", false},
        BadItem{"DayThatIsNone",
                [](SampleLog& log) {
                  return Item(Payment(log, [](v1::EventHeader& h) {
                    h.mutable_event_day()->set_day(31), h.mutable_event_day()->set_month(2);
                  }));
                },
                "EVENT_MALFORMED", "event_day"},
        BadItem{"WrongEpoch",
                [](SampleLog& log) { return Item(Payment(log, [](v1::EventHeader& h) { h.set_epoch(1); })); },
                "EPOCH_WRONG", "epoch"},
        BadItem{"ForeignSignature", [](SampleLog& log) { return Item(Forge(log.Record("payment").header, "c")); },
                "SIGNATURE_INVALID", "signature"},
        BadItem{"ChangedAfterSigning",
                [](SampleLog& log) {
                  Event event = log.Record("payment");
                  event.header.set_legal_basis("§ 1 SGB IX");
                  event.bytes.set_header(event.header.SerializeAsString());
                  return Item(event);
                },
                "SIGNATURE_INVALID", "signature"},
        BadItem{"AuthorUnknown",
                [](SampleLog& log) { return Item(Payment(log, [](v1::EventHeader& h) { h.set_author("fremd"); })); },
                "MEMBER_UNKNOWN", "author"},
        BadItem{"OfTheRealNetwork",
                [](SampleLog& log) { return Item(Payment(log, [](v1::EventHeader& h) { h.set_training(false); })); },
                "TRAINING_MISMATCH", "training"},
        BadItem{"OtherClass",
                [](SampleLog& log) {
                  return Item(Payment(log, [](v1::EventHeader& h) { h.set_class_(v1::DOSSIER_CLASS_PROVIDER); }));
                },
                "DOSSIER_MISMATCH", "dossier"},
        BadItem{"NonHolder", [](SampleLog& log) { return Item(log.Record("payment", "c")); }, "NOT_HOLDER", "author"},
        BadItem{"AcceptsNothing", [](SampleLog& log) { return Item(log.Accept("c")); }, "OFFER_NOT_OPEN", "kind"},
        BadItem{"ClosesNothing", [](SampleLog& log) { return Item(log.Close(log.Decline("b"))); }, "OFFER_NOT_OPEN",
                "kind"},
        BadItem{"ForwardedWithConsentAtFirst",
                [](SampleLog& log) { return Item(log.ForwardOn("c", log.Consent("c"))); }, "CONSENT_INVALID",
                "forwarded.consent"},
        BadItem{"SectionOfAnotherDigest",
                [](SampleLog& log) {
                  Event event = WithSection(log);
                  v1::SectionPayload other;
                  other.set_type("text/plain");
                  other.set_content("anders");
                  event.bytes.mutable_sections(0)->set_payload(other.SerializeAsString());
                  return Item(event);
                },
                "SECTION_DIGEST", "sections.geld"},
        BadItem{"SectionWithoutRef",
                [](SampleLog& log) {
                  Event event = WithSection(log);
                  event.bytes.mutable_sections(0)->set_name("anderes");
                  return Item(event);
                },
                "SECTION_UNKNOWN", "sections.anderes"},
        BadItem{"SectionTwice",
                [](SampleLog& log) {
                  Event event = WithSection(log);
                  *event.bytes.add_sections() = v1::Section(event.bytes.sections(0));
                  return Item(event);
                },
                "SECTION_UNKNOWN", "sections.geld"},
        BadItem{"AttachmentNeverCame",
                [](SampleLog& log) {
                  return Item(log.Record("payment", "",
                                         {SectionWithAttachment("gutachten", v1::CATEGORY_NEEDS, "%PDF-1.7 fehlt")}));
                },
                "ATTACHMENT_UNKNOWN", "sections.gutachten"},
        BadItem{"AttachmentNamedWrongly",
                [](SampleLog& log) {
                  NewSection section = SectionWithAttachment("gutachten", v1::CATEGORY_NEEDS, "%PDF-1.7 fehlt");
                  section.payload.mutable_attachments(0)->set_digest("kurz");
                  return Item(log.Record("payment", "", {section}));
                },
                "ATTACHMENT_MALFORMED", "sections.gutachten"}),
    [](const auto& tested) { return tested.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Chunks, BadItemTest,
    testing::Values(
        BadItem{"NoDossier", [](SampleLog&) { return ChangedChunk([](auto& c) { c.set_dossier("x"); }); },
                "ITEM_MALFORMED", "items", false},
        BadItem{"NoDigest", [](SampleLog&) { return ChangedChunk([](auto& c) { c.set_digest("x"); }); },
                "ITEM_MALFORMED", "items", false},
        BadItem{"NoSuchIndex", [](SampleLog&) { return ChangedChunk([](auto& c) { c.set_index(1); }); },
                "ATTACHMENT_CHUNK", "index", false},
        BadItem{"IndexBelowZero", [](SampleLog&) { return ChangedChunk([](auto& c) { c.set_index(-1); }); },
                "ATTACHMENT_CHUNK", "index", false},
        BadItem{"OtherSize", [](SampleLog&) { return ChangedChunk([](auto& c) { c.set_bytes("%PDF-"); }); },
                "ATTACHMENT_CHUNK", "bytes", false},
        BadItem{"OtherBytes",
                [](SampleLog&) { return ChangedChunk([](auto& c) { c.set_bytes("%PDF-1.7 GutachteN"); }); },
                "ATTACHMENT_DIGEST", "digest", false},
        BadItem{"OtherType", [](SampleLog&) { return ChangedChunk([](auto& c) { c.set_media_type("image/png"); }); },
                "ATTACHMENT_TYPE", "media_type", false},
        BadItem{"UnknownType", [](SampleLog&) { return ChangedChunk([](auto& c) { c.set_media_type("text/html"); }); },
                "ATTACHMENT_TYPE", "media_type", false},
        BadItem{"Empty", [](SampleLog&) { return ChangedChunk([](auto& c) { c.set_size(0); }); }, "ATTACHMENT_EMPTY",
                "size", false},
        BadItem{"TooLarge", [](SampleLog&) { return ChangedChunk([](auto& c) { c.set_size(50'000'001); }); },
                "ATTACHMENT_TOO_LARGE", "size", false}),
    [](const auto& tested) { return tested.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Statements, BadItemTest,
    testing::Values(
        BadItem{"ForeignSignature",
                [](SampleLog& log) { return Item(Forge(log.Contribute("b", "report").header, "c")); },
                "SIGNATURE_INVALID", "signature", true, "a"},
        BadItem{"NoDetail",
                [](SampleLog& log) {
                  return Item(
                      Changed(log.Contribute("b", "report"), [](v1::StatementHeader& h) { h.clear_contribution(); }));
                },
                "STATEMENT_MALFORMED", "detail", true, "a"},
        BadItem{"OtherClass",
                [](SampleLog& log) {
                  return Item(Changed(log.Contribute("b", "report"),
                                      [](v1::StatementHeader& h) { h.set_class_(v1::DOSSIER_CLASS_POLICY); }));
                },
                "DOSSIER_MISMATCH", "class", true, "a"},
        BadItem{"ContributionOfANonParty", [](SampleLog& log) { return Item(log.Contribute("c", "report")); },
                "PARTY_UNKNOWN", "author", true, "a"},
        BadItem{"ReadyOfANonParty",
                [](SampleLog& log) { return Item(log.Ready("c", std::string(crypto::Digest::kSize, 'x'))); },
                "PARTY_UNKNOWN", "author", true, "a"},
        BadItem{"JointSignatureOfANonParty",
                [](SampleLog& log) { return Item(log.SignJointly("c", std::string(crypto::Digest::kSize, 'x'))); },
                "PARTY_UNKNOWN", "author", true, "a"},
        BadItem{"SectionOfAnotherDigest",
                [](SampleLog& log) {
                  Statement report = log.Contribute("b", "report", {SampleSection("bericht", v1::CATEGORY_NEEDS)});
                  report.bytes.mutable_sections(0)->set_salt(std::string(32, 's'));
                  return Item(report);
                },
                "SECTION_DIGEST", "sections.bericht", true, "a"},
        BadItem{"AttachmentNeverCame",
                [](SampleLog& log) {
                  return Item(log.Contribute("b", "report",
                                             {SectionWithAttachment("bericht", v1::CATEGORY_NEEDS, "%PDF-1.7 fehlt")}));
                },
                "ATTACHMENT_UNKNOWN", "sections.bericht", true, "a"}),
    [](const auto& tested) { return tested.param.name; });

// --- While an offer is open

class OpenOfferTest : public IntakeTest {
 protected:
  void SetUp() override {
    IntakeTest::SetUp();
    Must(net.Append("a", OfferDraft("b")));
    net.Settle();
  }
};

TEST_F(OpenOfferTest, NothingFollowsAnOfferButItsAnswer) {
  const SampleLog log = Mirror();
  const auto before = Content("b");
  for (const auto& [item, reason] : std::vector<std::pair<std::string, std::string>>{
           {Item(log.Record("payment")), "LOG_FROZEN"},
           {Item(log.Offer("c")), "LOG_FROZEN"},
           {Item(log.Accept("c")), "NOT_ADDRESSEE"},
           {Item(log.Close(Statement())), "DECLINE_INVALID"},
           {Item(log.Close(log.Decline("c"))), "DECLINE_INVALID"},
           {Item(log.Close(log.Decline("b", std::string(crypto::Digest::kSize, 'x')))), "OFFER_MISMATCH"},
           {Item(Changed(log.Accept("b"),
                         [](v1::EventHeader& h) {
                           h.mutable_accepted()->set_offer_hash(std::string(crypto::Digest::kSize, 'x'));
                         })),
            "OFFER_MISMATCH"}}) {
    const auto answer = Send("a", "b", {item});
    ASSERT_TRUE(answer.ok()) << answer.status();
    ASSERT_THAT(answer->rejected(), SizeIs(1));
    EXPECT_EQ(answer->rejected(0).reason(), reason);
  }
  auto after = Content("b");
  EXPECT_EQ(after["event"], before.at("event"));
  EXPECT_EQ(after["dossier"], before.at("dossier"));
  EXPECT_EQ(StandingAt("b"), Standing::kAsked);
}

TEST_F(OpenOfferTest, ADeclineOfAnotherHashIsKeptAndClosesNothing) {
  const SampleLog log = Mirror();
  const Statement other = log.Decline("b", std::string(crypto::Digest::kSize, 'x'));
  const auto answer = Send("b", "a", {Item(other)});
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_THAT(answer->rejected(), IsEmpty());
  EXPECT_EQ(StandingAt("a"), Standing::kOffered);
  EXPECT_THAT(From("a", "b", kDecision), SizeIs(1)) << "kept";
}

TEST_F(OpenOfferTest, ADeclineOfAThirdClosesNothing) {
  const SampleLog log = Mirror();
  ASSERT_TRUE(Send("c", "a", {Item(log.Decline("c"))}).ok());
  EXPECT_EQ(StandingAt("a"), Standing::kOffered);
}

TEST_F(OpenOfferTest, ADeclineToAnotherClosesNothing) {
  const SampleLog log = Mirror();
  const Statement decline = Changed(log.Decline("b"), [](v1::StatementHeader& h) { h.set_to("c"); });
  const auto answer = Send("b", "a", {Item(decline)});
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(StandingAt("a"), Standing::kOffered);
}

TEST_F(OpenOfferTest, OnlyWhoOfferedWithdraws) {
  const SampleLog log = Mirror();
  const Statement foreign =
      Changed(log.Withdraw(HashAt("a", 4), "b"), [](v1::StatementHeader& h) { h.set_author("c"); });
  const auto answer = Send("c", "b", {Item(foreign)});
  ASSERT_TRUE(answer.ok()) << answer.status();
  ASSERT_THAT(answer->rejected(), SizeIs(1));
  EXPECT_EQ(answer->rejected(0).reason(), "NOT_HOLDER");
  EXPECT_EQ(answer->rejected(0).field(), "author");
  EXPECT_THAT(From("b", "b", kDecision), IsEmpty());
  Must(net.Accept("b"));
  net.Settle();
  ExpectAgreed({"a", "b"});
}

TEST_F(OpenOfferTest, ADeclineThatComesAfterAcceptanceDoesNothing) {
  SampleLog log = Mirror();
  const Statement decline = log.Decline("b");
  Must(net.Accept("b"));
  net.Settle();
  const auto before = net.node("a").Log(kSampleDossier).head();
  ASSERT_TRUE(Send("b", "a", {Item(decline)}).ok());
  EXPECT_EQ(Log("a").head(), before);
  EXPECT_EQ(Log("a").holder(), "b");
}

// --- Replay and order

TEST_F(IntakeTest, TheSameAgainChangesNothing) {
  Must(net.Append("a", RecordDraft("course", {SampleSection("bedarf", v1::CATEGORY_NEEDS)})));
  const int message = net.Publish("a", "b");
  ASSERT_TRUE(net.Deliver(message).ok());
  const auto before = Content("b");
  for (int i = 0; i < 3; ++i) {
    const auto answer = net.Deliver(message);
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_THAT(answer->rejected(), IsEmpty());
    ASSERT_THAT(answer->heads(), SizeIs(1));
    EXPECT_EQ(answer->heads(0).sequence(), 4);
  }
  EXPECT_EQ(Content("b"), before);
}

TEST_F(IntakeTest, EarlyItemsWaitForWhatIsMissing) {
  Must(net.Append("a", RecordDraft("course")));
  Must(net.Append("a", RecordDraft("course")));
  const auto before = Content("b");
  const auto answer = Send("a", "b", {Item(net.node("a").EventAt(kSampleDossier, 5))});
  ASSERT_TRUE(answer.ok()) << answer.status();
  ASSERT_THAT(answer->rejected(), SizeIs(1));
  EXPECT_EQ(answer->rejected(0).reason(), "SEQUENCE_GAP");
  EXPECT_EQ(answer->rejected(0).dossier(), kSampleDossier);
  EXPECT_EQ(answer->rejected(0).expected_sequence(), 4);
  EXPECT_THAT(From("b", "b", kRejection), IsEmpty()) << "not wrong, only early";
  EXPECT_EQ(Content("b"), before);
  net.Settle();
  ExpectAgreed({"a", "b"});
}

TEST_F(IntakeTest, AStatementBeforeItsLogIsEarly) {
  const SampleLog log = Mirror();
  const auto before = Content("c");
  const auto answer = Send("b", "c", {Item(log.Contribute("b", "report"))});
  ASSERT_TRUE(answer.ok()) << answer.status();
  ASSERT_THAT(answer->rejected(), SizeIs(1));
  EXPECT_EQ(answer->rejected(0).reason(), "SEQUENCE_GAP");
  EXPECT_EQ(answer->rejected(0).expected_sequence(), 1);
  EXPECT_EQ(Content("c"), before);
}

TEST_F(IntakeTest, OneBadItemSpoilsNoOther) {
  const SampleLog log = Mirror();
  const Event good = log.Record("course");
  const auto answer =
      Send("a", "b", {"\xff", Item(log.Record("payment", "c")), Item(good), Item(v1::AttachmentChunk()), ""});
  ASSERT_TRUE(answer.ok()) << answer.status();
  ASSERT_THAT(answer->rejected(), SizeIs(3));
  EXPECT_EQ(answer->rejected(0).link_sequence(), 1);
  EXPECT_EQ(answer->rejected(1).link_sequence(), 2);
  EXPECT_EQ(answer->rejected(2).link_sequence(), 4);
  EXPECT_EQ(answer->expected_sequence(), 6) << "an empty place is none of them";
  EXPECT_EQ(Log("b").head(), good.hash.bytes());
}

TEST_F(IntakeTest, AStatementThatFitsIntoNoEventHoldsUpNothing) {
  const SampleLog log = Mirror();
  const Statement ready = Changed(log.Ready("b", HashAt("a", 3)), [](v1::StatementHeader& h) {
    for (int i = 0; i < 490; ++i) h.mutable_ready()->add_missing(std::string(98, 'x'));
  });
  ASSERT_LE(ready.bytes.header().size(), 49152U);
  ASSERT_GE(ready.bytes.header().size(), 48000U);
  const auto answer = Send("b", "a", {Item(ready)});
  ASSERT_TRUE(answer.ok()) << answer.status();
  Must(net.Append("a", RecordDraft("course")));
}

// --- Attachments

TEST_F(IntakeTest, AttachmentThatIsNotWhatTheSectionSays) {
  const std::string pdf = "%PDF-1.7 Gutachten";
  NewSection section = SectionWithAttachment("gutachten", v1::CATEGORY_NEEDS, pdf);
  section.payload.mutable_attachments(0)->set_size(5);
  const SampleLog log = Mirror();
  const auto before = Content("b");
  const auto answer = Send("a", "b", {Item(Chunk(pdf)), Item(log.Record("course", "", {section}))});
  ASSERT_TRUE(answer.ok()) << answer.status();
  ASSERT_THAT(answer->rejected(), SizeIs(1));
  EXPECT_EQ(answer->rejected(0).reason(), "ATTACHMENT_TYPE");
  EXPECT_EQ(answer->rejected(0).field(), "sections.gutachten");
  auto after = Content("b");
  EXPECT_EQ(after["event"], before.at("event"));
  EXPECT_EQ(after["dossier"], before.at("dossier"));
  EXPECT_EQ(after["section"], before.at("section"));
  EXPECT_EQ(after["attachment_ref"], before.at("attachment_ref"));
}

TEST_F(IntakeTest, ABadChunkDoesNotHarmAWholeAttachment) {
  const std::string pdf = "%PDF-1.7 Gutachten";
  const SampleLog log = Mirror();
  const Event event = log.Record("course", "", {SectionWithAttachment("gutachten", v1::CATEGORY_NEEDS, pdf)});
  ASSERT_THAT(Send("a", "b", {Item(Chunk(pdf)), Item(event)})->rejected(), IsEmpty());
  const auto before = Content("b");
  for (const auto& change : std::vector<std::function<void(v1::AttachmentChunk&)>>{
           [](v1::AttachmentChunk& c) { c.set_index(7); }, [](v1::AttachmentChunk& c) { c.set_bytes("x"); },
           [](v1::AttachmentChunk& c) { c.set_media_type("text/html"); },
           [](v1::AttachmentChunk& c) { c.set_media_type("image/png"); },
           [](v1::AttachmentChunk& c) { c.set_section("anderes/7"); }, [](v1::AttachmentChunk& c) { c.set_size(5); },
           [](v1::AttachmentChunk& c) { c.set_size(0); }}) {
    const auto answer = Send("c", "b", {ChangedChunk(change)});
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_THAT(answer->rejected(), SizeIs(1));
  }
  EXPECT_EQ(Content("b"), before);
}

TEST_F(IntakeTest, ChunksInAnyOrderAcrossEnvelopes) {
  const std::string pdf = "%PDF-1.7 " + std::string(600'000, 'x');
  v1::AttachmentChunk first = Chunk(pdf);
  first.set_bytes(pdf.substr(0, 262'144));
  v1::AttachmentChunk second = first;
  second.set_index(1);
  second.set_bytes(pdf.substr(262'144, 262'144));
  v1::AttachmentChunk third = first;
  third.set_index(2);
  third.set_bytes(pdf.substr(524'288));
  ASSERT_THAT(Send("a", "b", {Item(first)})->rejected(), IsEmpty());
  ASSERT_THAT(Send("a", "b", {Item(first), Item(second)})->rejected(), IsEmpty());
  ASSERT_THAT(Send("a", "b", {Item(third)})->rejected(), IsEmpty());
  const SampleLog log = Mirror();
  const Event event = log.Record("course", "", {SectionWithAttachment("gutachten", v1::CATEGORY_NEEDS, pdf)});
  ASSERT_THAT(Send("a", "b", {Item(event)})->rejected(), IsEmpty());
  EXPECT_EQ(Log("b").sequence(), 4);
}

// --- Erased subjects

TEST_F(IntakeTest, WhatWasErasedStaysErasedAndHoldsUpNothing) {
  const SampleLog log = Mirror();
  const Event first = log.Record("course", "", {SampleSection("bedarf/p1", v1::CATEGORY_NEEDS)});
  ASSERT_THAT(Send("a", "b", {Item(first)})->rejected(), IsEmpty());
  ASSERT_TRUE(net.Do("b", "erases",
                     [&](Unit& unit) -> absl::Status {
                       const std::string handle = SubjectHandle(kSampleDossier, "bedarf/p1");
                       const auto deleted = unit.tx.Execute("DELETE FROM section WHERE handle = $1", {handle});
                       if (!deleted.ok()) return deleted.status();
                       crypto::SeededRng rng(1);
                       return KeyRing(crypto::AeadKey::Generate(rng), rng).Erase(unit.tx, handle);
                     })
                  .ok());
  SampleLog longer = log;
  longer.Add(first);
  const Event next = longer.Record("course", "", {SampleSection("bedarf/p1", v1::CATEGORY_NEEDS)});
  const auto answer = Send("a", "b", {Item(first), Item(next)});
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_THAT(answer->rejected(), IsEmpty());
  EXPECT_EQ(Log("b").sequence(), 5);
  EXPECT_THAT(SectionsAt("b", 4), IsEmpty());
  EXPECT_THAT(SectionsAt("b", 5), IsEmpty());
}

// --- Two logs

class DivergedTest : public IntakeTest {
 protected:
  void TearDown() override { EXPECT_THAT(net.broken(), ElementsAre("I4")) << "this author does not keep the rules"; }
};

TEST_F(DivergedTest, AnotherEventAtAKnownPlace) {
  const SampleLog log = Mirror();
  Must(net.Append("a", RecordDraft("course")));
  net.Settle();
  const auto before = Content("b");
  const auto answer = Send("a", "b", {Item(log.Record("payment"))});
  ASSERT_TRUE(answer.ok()) << answer.status();
  ASSERT_THAT(answer->rejected(), SizeIs(1));
  EXPECT_EQ(answer->rejected(0).reason(), "DIVERGED");
  EXPECT_EQ(answer->rejected(0).field(), "sequence");
  auto after = Content("b");
  EXPECT_EQ(after["event"], before.at("event"));
  ASSERT_THAT(From("b", "b", kRejection), SizeIs(1));
  EXPECT_EQ(From("b", "b", kRejection)[0].header.rejection().reason(), "DIVERGED");
}

TEST_F(DivergedTest, AnEventThatFollowsAnother) {
  const SampleLog log = Mirror();
  const auto answer = Send(
      "a", "b",
      {Item(Payment(log, [](v1::EventHeader& h) { h.set_previous_hash(std::string(crypto::Digest::kSize, 'x')); }))});
  ASSERT_TRUE(answer.ok()) << answer.status();
  ASSERT_THAT(answer->rejected(), SizeIs(1));
  EXPECT_EQ(answer->rejected(0).reason(), "DIVERGED");
  EXPECT_EQ(answer->rejected(0).field(), "previous_hash");
}

// --- Access log

TEST_F(IntakeTest, ADeliveryLeavesAnEntryForEachDossier) {
  const auto before = audit::Entries(net.node("b").database(), kSampleDossier, 0, 1000);
  Must(net.Append("a", RecordDraft("course")));
  ASSERT_TRUE(net.Deliver(net.Publish("a", "b")).ok());
  const auto after = audit::Entries(net.node("b").database(), kSampleDossier, 0, 1000);
  ASSERT_EQ(after->size(), before->size() + 1);
  EXPECT_EQ(after->back().entry.action, "deliver");
  EXPECT_EQ(after->back().entry.actor, "a");
  EXPECT_EQ(after->back().entry.agency, "a");
}

}  // namespace
}  // namespace teilhabe::dossier
