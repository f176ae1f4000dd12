#include "common/dossier/store.h"

#include <string>
#include <vector>

#include "common/base/reason.h"
#include "common/dossier/testing/harness.h"
#include "common/dossier/testing/sample_log.h"
#include "common/storage/testing/backends.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

// The tables of a dossier store, on both engines.
namespace teilhabe::dossier {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class StoreConformance : public storage::BackendTest {
 protected:
  StoreConformance() : rng_(1), keys_(crypto::AeadKey::Generate(rng_), rng_), store_(keys_) {}
  void SetUp() override {
    BackendTest::SetUp();
    ASSERT_TRUE(MigrateStore(db()).ok());
    ASSERT_TRUE(KeyRing::Migrate(db()).ok());
    ASSERT_TRUE(MigrateStore(db()).ok()) << "again: nothing";
  }
  absl::Status In(const storage::Work& work) { return db().Transact(work); }
  // Adds the log's next event, as the rules allow it.
  absl::Status Add(const Event& event) {
    return In([&](storage::Transaction& tx) -> absl::Status {
      const auto before = store_.State(tx, kSampleDossier);
      if (!before.ok()) return before.status();
      const auto after = Next(*before, event, {members_, SampleVerifier(), true});
      if (!after.ok()) return after.status();
      return store_.AddEvent(tx, *before, *after, event);
    });
  }
  void Fill() {
    ASSERT_TRUE(Add(log_.Add(log_.Opened("a"))).ok());
    ASSERT_TRUE(Add(log_.Add(log_.Record("application"))).ok());
    ASSERT_TRUE(Add(log_.Add(log_.Offer("b"))).ok());
  }
  v1::LogState State() { return store_.State(db(), kSampleDossier).value(); }

  crypto::SeededRng rng_;
  KeyRing keys_;
  Store store_;
  SampleMembers members_;
  SampleLog log_;
};

INSTANTIATE_TEST_SUITE_P(Backends, StoreConformance, testing::ValuesIn(storage::AllBackends()), storage::BackendName);

TEST_P(StoreConformance, AnUnknownDossierHasNoEvents) {
  EXPECT_EQ(State().sequence(), 0);
  EXPECT_EQ(GetReason(store_.EventAt(db(), kSampleDossier, 1).status()), "EVENT_UNKNOWN");
  EXPECT_EQ(GetReason(store_.StatementByHash(db(), kSampleDossier, std::string(32, 'x')).status()),
            "STATEMENT_UNKNOWN");
  EXPECT_THAT(store_.Statements(db(), kSampleDossier).value(), IsEmpty());
  EXPECT_THAT(store_.Dossiers(db(), "", 10).value(), IsEmpty());
  EXPECT_THAT(store_.FeedMembers(db()).value(), IsEmpty());
  EXPECT_EQ(store_.FeedEnd(db(), "b").value(), 0);
}

TEST_P(StoreConformance, EventsAreReadAsTheyWereWritten) {
  Fill();
  EXPECT_EQ(State().sequence(), 3);
  EXPECT_EQ(State().head(), log_.last().hash.bytes());
  const Event read = store_.EventAt(db(), kSampleDossier, 3).value();
  EXPECT_EQ(read.hash, log_.last().hash);
  EXPECT_EQ(read.bytes.header(), log_.last().bytes.header());
  EXPECT_TRUE(OpenEvent(read.bytes, true, members_, SampleVerifier()).ok());
  EXPECT_EQ(store_.EventByHash(db(), kSampleDossier, log_.last().hash.bytes())->header.sequence(), 3);
  EXPECT_EQ(GetReason(store_.EventByHash(db(), std::string(32, 'f'), log_.last().hash.bytes()).status()),
            "EVENT_UNKNOWN");
  const auto page = store_.EventsFrom(db(), kSampleDossier, 2, 1).value();
  ASSERT_THAT(page, SizeIs(1));
  EXPECT_EQ(page[0].header.sequence(), 2);
  EXPECT_THAT(store_.EventsFrom(db(), kSampleDossier, 4, 10).value(), IsEmpty());
}

TEST_P(StoreConformance, MovedHeadAborts) {
  Fill();
  const Event decline = log_.Close(log_.Decline("b"));
  const v1::LogState before = State();
  const auto after = Next(before, decline, {members_, SampleVerifier(), true});
  ASSERT_TRUE(after.ok()) << after.status();
  v1::LogState stale = before;
  stale.set_head(std::string(32, 'x'));
  const absl::Status moved = In([&](storage::Transaction& tx) { return store_.AddEvent(tx, stale, *after, decline); });
  EXPECT_EQ(moved.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(GetReason(moved), "HEAD_MOVED");
  const absl::Status opened_twice =
      In([&](storage::Transaction& tx) { return store_.AddEvent(tx, v1::LogState(), *after, decline); });
  EXPECT_EQ(GetReason(opened_twice), "HEAD_MOVED");
  EXPECT_EQ(State().sequence(), 3);
  EXPECT_TRUE(In([&](storage::Transaction& tx) { return store_.AddEvent(tx, before, *after, decline); }).ok());
  EXPECT_FALSE(State().has_offer());
}

TEST_P(StoreConformance, StatementsAreFoundByWhatTheyAreAbout) {
  Fill();
  const std::string offer(log_.last().hash.bytes());
  const Statement decline = log_.Decline("b");
  const Statement foreign = log_.Decline("c");
  const Statement report = log_.Contribute("b", "report");
  const Statement second = log_.Contribute("c", "report");
  for (const Statement& statement : {decline, foreign, second, report}) {
    bool fresh = false;
    ASSERT_TRUE(In([&](storage::Transaction& tx) -> absl::Status {
                  const auto added = store_.AddStatement(tx, statement);
                  if (added.ok()) fresh = *added;
                  return added.status();
                }).ok());
    EXPECT_TRUE(fresh);
    ASSERT_TRUE(In([&](storage::Transaction& tx) -> absl::Status {
                  const auto added = store_.AddStatement(tx, statement);
                  if (added.ok()) fresh = *added;
                  return added.status();
                }).ok());
    EXPECT_FALSE(fresh) << "known";
  }
  const auto about = store_.StatementsAbout(db(), kSampleDossier, v1::StatementHeader::kDecision, offer, "b").value();
  ASSERT_THAT(about, SizeIs(1));
  EXPECT_EQ(about[0].hash, decline.hash);
  EXPECT_TRUE(OpenStatement(about[0].bytes, true, members_, SampleVerifier()).ok());
  const auto contributions = store_.Contributions(db(), kSampleDossier).value();
  ASSERT_THAT(contributions, SizeIs(2));
  EXPECT_EQ(contributions[0].hash, second.hash) << "in the order of arrival";
  EXPECT_EQ(contributions[1].hash, report.hash);
  const auto all = store_.Statements(db(), kSampleDossier).value();
  ASSERT_THAT(all, SizeIs(4));
  for (std::size_t i = 1; i < all.size(); ++i) EXPECT_LT(all[i - 1].hash, all[i].hash);
}

TEST_P(StoreConformance, SectionsAreSealedAndOpened) {
  const Event event = log_.Record("application", "a", {SampleSection("antrag/p1", v1::CATEGORY_IDENTITY, "Erika")});
  const std::string owner(event.hash.bytes());
  const auto add = [&] {
    int added = -1;
    EXPECT_TRUE(In([&](storage::Transaction& tx) -> absl::Status {
                  const auto got = store_.AddSections(tx, kSampleDossier, owner, event.bytes.sections());
                  if (got.ok()) added = *got;
                  return got.status();
                }).ok());
    return added;
  };
  EXPECT_EQ(add(), 1);
  EXPECT_EQ(add(), 0);
  EXPECT_THAT(store_.SectionNames(db(), kSampleDossier, owner).value(), ElementsAre("antrag/p1"));
  const auto read = store_.SectionOf(db(), kSampleDossier, owner, "antrag/p1");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->SerializeAsString(), event.bytes.sections(0).SerializeAsString());
  EXPECT_EQ(GetReason(store_.SectionOf(db(), kSampleDossier, owner, "anderes").status()), "SECTION_ABSENT");
  ASSERT_TRUE(
      In([&](storage::Transaction& tx) { return keys_.Erase(tx, SubjectHandle(kSampleDossier, "antrag/p1")); }).ok());
  EXPECT_EQ(GetReason(store_.SectionOf(db(), kSampleDossier, owner, "antrag/p1").status()), "SUBJECT_ERASED");
}

TEST_P(StoreConformance, AttachmentsAreNamedBySections) {
  const crypto::Digest digest = AttachmentDigest("x");
  const std::string owner(32, 'o');
  EXPECT_THAT(store_.Namings(db(), kSampleDossier, digest).value(), IsEmpty());
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(In([&](storage::Transaction& tx) {
                  return store_.AddAttachmentRef(tx, kSampleDossier, owner, "gutachten", digest);
                }).ok());
  }
  EXPECT_EQ(store_.Namings(db(), kSampleDossier, digest).value().at(0).section, "gutachten");
  const auto refs = store_.AttachmentRefs(db(), kSampleDossier, owner).value();
  ASSERT_THAT(refs, SizeIs(1));
  EXPECT_EQ(refs[0].section, "gutachten");
  EXPECT_EQ(refs[0].digest, digest);
}

TEST_P(StoreConformance, RequestsAreAnsweredOnce) {
  v1::StoredAnswer answer;
  answer.mutable_head()->set_sequence(7);
  const crypto::Digest body = crypto::Sha256("body");
  EXPECT_FALSE(store_.AnswerTo(db(), kSampleDossier, "r", body)->has_value());
  ASSERT_TRUE(
      In([&](storage::Transaction& tx) { return store_.AddAnswer(tx, kSampleDossier, "r", body, answer); }).ok());
  const auto stored = store_.AnswerTo(db(), kSampleDossier, "r", body);
  ASSERT_TRUE(stored.ok() && stored->has_value());
  EXPECT_EQ((*stored)->head().sequence(), 7);
  const auto reused = store_.AnswerTo(db(), kSampleDossier, "r", crypto::Sha256("other"));
  EXPECT_EQ(reused.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(GetReason(reused.status()), "REQUEST_ID_REUSED");
  EXPECT_FALSE(store_.AnswerTo(db(), std::string(32, 'f'), "r", body)->has_value()) << "unique within the dossier";
}

TEST_P(StoreConformance, FeedsHaveNoGapsAndForgetWhatWasTaken) {
  const absl::Time queued = absl::FromUnixSeconds(1772450000);
  const auto feed = [&](const std::string& member, const std::string& owner) {
    return In([&](storage::Transaction& tx) {
      return store_.Feed(tx, member, {0, kSampleDossier, owner, FeedEntry::Kind::kStatement, 4, queued});
    });
  };
  for (const char* owner : {"x", "y", "z"}) ASSERT_TRUE(feed("b", owner).ok());
  ASSERT_TRUE(feed("c", "w").ok());
  const auto entries = store_.ReadFeed(db(), "b", 1, 10).value();
  ASSERT_THAT(entries, SizeIs(2));
  EXPECT_EQ(entries[0].position, 2);
  EXPECT_EQ(entries[0].owner, "y");
  EXPECT_EQ(entries[0].kind, FeedEntry::Kind::kStatement);
  EXPECT_EQ(entries[0].index, 4);
  EXPECT_EQ(entries[0].dossier, kSampleDossier);
  EXPECT_EQ(entries[0].queued, queued);
  EXPECT_EQ(entries[1].position, 3);
  EXPECT_THAT(store_.ReadFeed(db(), "b", 0, 1).value(), SizeIs(1));
  ASSERT_TRUE(In([&](storage::Transaction& tx) { return store_.TrimFeed(tx, "b", 2); }).ok());
  EXPECT_THAT(store_.ReadFeed(db(), "b", 0, 10).value(), SizeIs(1));
  ASSERT_TRUE(In([&](storage::Transaction& tx) { return store_.TrimFeed(tx, "b", 3); }).ok());
  ASSERT_TRUE(feed("b", "v").ok());
  EXPECT_EQ(store_.ReadFeed(db(), "b", 0, 10).value()[0].position, 4) << "numbers go on when all was taken";
  EXPECT_EQ(store_.FeedEnd(db(), "b").value(), 4);
  EXPECT_THAT(store_.FeedMembers(db()).value(), ElementsAre("b", "c"));
  const absl::Status undone = In([&](storage::Transaction& tx) -> absl::Status {
    const absl::Status fed = store_.Feed(tx, "b", {0, kSampleDossier, "t", FeedEntry::Kind::kEvent, 0, queued});
    return fed.ok() ? absl::CancelledError("undone") : fed;
  });
  EXPECT_EQ(undone.code(), absl::StatusCode::kCancelled);
  ASSERT_TRUE(feed("b", "u").ok());
  EXPECT_EQ(store_.FeedEnd(db(), "b").value(), 5) << "what was undone has no number";
}

TEST_P(StoreConformance, WhoWasGivenWhatAndHasNotConfirmed) {
  const std::string owner(32, 'o');
  const std::string told(32, 't');
  ASSERT_TRUE(In([&](storage::Transaction& tx) -> absl::Status {
                for (const char* member : {"c", "b", "b"}) {
                  EXPECT_TRUE(store_.AddGiven(tx, kSampleDossier, owner, "bedarf", member).ok());
                }
                EXPECT_TRUE(store_.AddUnconfirmed(tx, kSampleDossier, {5, "b", owner, true}).ok());
                EXPECT_TRUE(store_.AddUnconfirmed(tx, kSampleDossier, {5, "c", told}).ok());
                return store_.AddUnconfirmed(tx, kSampleDossier, {5, "d", owner, true});
              }).ok());
  EXPECT_THAT(store_.GivenTo(db(), kSampleDossier, owner, "bedarf").value(), ElementsAre("b", "c"));
  EXPECT_THAT(store_.GivenTo(db(), kSampleDossier, owner, "plan").value(), IsEmpty());
  const auto open = [&] {
    std::vector<std::string> members;
    const auto all = store_.AllUnconfirmed(db(), kSampleDossier);
    EXPECT_TRUE(all.ok()) << all.status();
    for (const Store::Unconfirmed& one : *all) members.push_back(one.member);
    return members;
  };
  const auto confirm = [&](const std::string& member, const std::string& hash, std::int64_t sequence) {
    v1::Eingang eingang;
    eingang.set_hash(hash);
    eingang.set_sequence(sequence);
    EXPECT_TRUE(In([&](storage::Transaction& tx) { return store_.Confirm(tx, kSampleDossier, member, eingang); }).ok());
  };
  confirm("b", std::string(32, 'x'), 4);
  confirm("c", std::string(32, 'x'), 9);
  EXPECT_THAT(open(), ElementsAre("b", "c", "d")) << "an earlier event; not the statement";
  confirm("b", std::string(32, 'x'), 6);
  confirm("c", told, 0);
  EXPECT_THAT(open(), ElementsAre("d"));
  ASSERT_TRUE(In([&](storage::Transaction& tx) -> absl::Status {
                EXPECT_TRUE(store_.DropUnconfirmed(tx, kSampleDossier, "d", owner).value());
                EXPECT_FALSE(store_.DropUnconfirmed(tx, kSampleDossier, "d", owner).value());
                return absl::OkStatus();
              }).ok());
  EXPECT_THAT(open(), IsEmpty());
}

TEST_P(StoreConformance, WhatAPeerMakesUsKeepHasABound) {
  const auto digest = [](int at) { return crypto::Sha256(std::to_string(at)); };
  ASSERT_TRUE(In([&](storage::Transaction& tx) -> absl::Status {
                for (std::int64_t at = 0; at < kMaxRejections; ++at) EXPECT_TRUE(*store_.CountRejection(tx, "b"));
                EXPECT_FALSE(*store_.CountRejection(tx, "b"));
                EXPECT_TRUE(*store_.CountRejection(tx, "c"));
                for (int at = 0; at < kMaxArriving; ++at) {
                  EXPECT_TRUE(*store_.AddArriving(tx, "b", kSampleDossier, digest(at)));
                }
                EXPECT_FALSE(*store_.AddArriving(tx, "b", kSampleDossier, digest(99)));
                EXPECT_TRUE(*store_.AddArriving(tx, "b", kSampleDossier, digest(0))) << "has begun";
                EXPECT_TRUE(*store_.AddArriving(tx, "c", kSampleDossier, digest(99)));
                EXPECT_TRUE(store_.DropArriving(tx, kSampleDossier, digest(0)).ok());
                EXPECT_TRUE(*store_.AddArriving(tx, "b", kSampleDossier, digest(99)));
                return absl::OkStatus();
              }).ok());
}

TEST_P(StoreConformance, TakenIsRemembered) {
  EXPECT_EQ(store_.Taken(db(), "b").value(), 0);
  for (const std::int64_t sequence : {3, 9}) {
    ASSERT_TRUE(In([&](storage::Transaction& tx) { return store_.SetTaken(tx, "b", sequence); }).ok());
    EXPECT_EQ(store_.Taken(db(), "b").value(), sequence);
  }
}

TEST_P(StoreConformance, VisitsWhatAMemberHasSigned) {
  Fill();
  ASSERT_TRUE(Add(log_.Add(log_.Accept("b"))).ok());
  const Statement decline = log_.Decline("a", std::string(32, 'x'));
  ASSERT_TRUE(In([&](storage::Transaction& tx) { return store_.AddStatement(tx, decline).status(); }).ok());
  std::vector<JournalRecord> records;
  ASSERT_TRUE(store_
                  .VisitSigned(db(), "a",
                               [&](const JournalRecord& record) {
                                 records.push_back(record);
                                 return absl::OkStatus();
                               })
                  .ok());
  ASSERT_THAT(records, SizeIs(4));
  EXPECT_EQ(records[2], ToRecord(log_.events()[2]));
  EXPECT_EQ(records[3], ToRecord(decline));
}

// --- A whole network on each engine

class EngineTest : public testing::TestWithParam<storage::DatabaseKind> {};
INSTANTIATE_TEST_SUITE_P(Backends, EngineTest, testing::ValuesIn(storage::AllBackends()), storage::BackendName);

TEST_P(EngineTest, HandoverDeclineAndForwarding) {
  NetworkOptions options;
  options.engine = GetParam();
  Network net(options);
  const auto head = [&](const char* member) { return net.node(member).Log(kSampleDossier).head(); };
  ASSERT_TRUE(net.Open("a").ok());
  ASSERT_TRUE(net.Upload("a", "gutachten", "%PDF-1.7 Gutachten").ok());
  ASSERT_TRUE(net.Append("a", RecordDraft("application",
                                          {SectionWithAttachment("gutachten", v1::CATEGORY_NEEDS, "%PDF-1.7 Gutachten"),
                                           SampleSection("antrag", v1::CATEGORY_IDENTITY)}))
                  .ok());
  ASSERT_TRUE(net.Append("a", AdmitDraft("c", SampleGrant("provider"))).ok());
  ASSERT_TRUE(net.Append("a", OfferDraft("b", 2, {v1::CATEGORY_IDENTITY, v1::CATEGORY_NEEDS})).ok());
  net.Settle();
  ASSERT_TRUE(net.Decline("b").ok());
  net.Settle();
  ASSERT_TRUE(net.Append("a", OfferDraft("b", 2, {v1::CATEGORY_IDENTITY, v1::CATEGORY_NEEDS})).ok());
  net.Settle();
  ASSERT_TRUE(net.Sign("c", ContributionDraft("report")).ok());
  net.node("b").CrashAt(CrashPoint::kBeforeJournal);
  EXPECT_EQ(GetReason(net.Accept("b").status()), "CRASHED");
  ASSERT_TRUE(net.Restart("b").ok());
  net.Settle();
  EXPECT_EQ(net.node("a").Log(kSampleDossier).holder(), "b");
  EXPECT_THAT(net.node("a").Log(kSampleDossier).contributions(), SizeIs(1));
  ASSERT_TRUE(net.Append("b", ForwardDraft("c")).ok());
  net.Settle();
  EXPECT_EQ(net.node("a").Log(kSampleDossier).holder(), "c");
  EXPECT_EQ(head("a"), head("b"));
  EXPECT_EQ(head("a"), head("c"));
  EXPECT_THAT(net.violations(), IsEmpty());
}

TEST_P(EngineTest, SameSeedSameLogOnBoth) {
  const auto run = [](storage::DatabaseKind engine) {
    NetworkOptions options;
    options.engine = engine;
    options.seed = 7;
    Network net(options);
    EXPECT_TRUE(net.Open("a").ok());
    EXPECT_TRUE(net.Append("a", RecordDraft("application", {SampleSection("antrag", v1::CATEGORY_IDENTITY)})).ok());
    EXPECT_TRUE(net.Append("a", OfferDraft("b")).ok());
    net.Settle();
    EXPECT_TRUE(net.Accept("b").ok());
    net.Settle();
    std::string all;
    for (const char* member : {"a", "b", "c"}) {
      for (const auto& [table, rows] : net.node(member).Dump()) all += table + "\n" + rows;
    }
    return all;
  };
  EXPECT_EQ(run(GetParam()), run(storage::DatabaseKind::kSqlite));
}

}  // namespace
}  // namespace teilhabe::dossier
