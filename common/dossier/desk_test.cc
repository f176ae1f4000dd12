#include <string>
#include <vector>

#include "common/audit/audit.h"
#include "common/dossier/testing/network_fixture.h"

// The use cases of desk.h at one node: errors, repeated requests, the access log, what is shown and exported.
namespace teilhabe::dossier {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr int kDays = 30;

class DeskTest : public NetworkTest {
 protected:
  // Runs a use case under a request of the test's choice.
  template <typename Run>
  absl::StatusOr<v1::StoredAnswer> At(const std::string& member, Run run) {
    absl::StatusOr<v1::StoredAnswer> answer = absl::UnknownError("");
    const absl::Status done = net.Do(member, "use case", [&](Unit& unit) {
      answer = run(unit, net.node(member).desk());
      return answer.status();
    });
    return done.ok() ? answer : done;
  }
  absl::StatusOr<v1::StoredAnswer> AppendAs(const Request& request, const std::string& head, v1::EventDraft draft) {
    *draft.mutable_header()->mutable_event_day() = SampleDate(net.today());
    return At("a", [&](Unit& unit, const Desk& desk) {
      return desk.Append(unit, CallerAt("a"), request, kSampleDossier, head, draft);
    });
  }
  std::vector<std::string> Actions(const std::string& member) {
    std::vector<std::string> actions;
    const auto leaves = audit::Entries(net.node(member).database(), kSampleDossier, 0, 1000);
    EXPECT_TRUE(leaves.ok()) << leaves.status();
    for (const audit::Leaf& leaf : *leaves) actions.push_back(leaf.entry.action);
    return actions;
  }
  // All tables but the access log.
  std::map<std::string, std::string> Content(const std::string& member) {
    auto dump = net.node(member).Dump();
    dump.erase("audit_leaf");
    return dump;
  }
};

Request RequestOf(const std::string& id, const std::string& body) { return {id, crypto::Sha256(body)}; }

// --- Open

TEST_F(DeskTest, OpenMakesTheAuthorHolder) {
  const v1::StoredAnswer answer = Must(net.Open("a"));
  EXPECT_EQ(answer.head().sequence(), 1);
  EXPECT_EQ(answer.head().hash(), HashAt("a", 1));
  EXPECT_EQ(Log("a").holder(), "a");
  const Event opened = net.node("a").EventAt(kSampleDossier, 1);
  EXPECT_EQ(opened.header.official(), "p-17");
  EXPECT_TRUE(opened.header.training());
  EXPECT_EQ(opened.header.incarnation(), 1);
}

TEST_F(DeskTest, OpenRefuses) {
  Must(net.Open("a"));
  EXPECT_EQ(net.Open("a").status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(GetReason(net.Open("a").status()), "DOSSIER_EXISTS");
  const auto malformed = net.Open("a", OpenedDraft(), "Meyer");
  EXPECT_EQ(GetReason(malformed.status()), "EVENT_MALFORMED");
  EXPECT_EQ(GetField(malformed.status()), "dossier");
}

class DeskOfAProvider : public DeskTest {
 protected:
  DeskOfAProvider() { net.members()["a"].holds = {v1::DOSSIER_CLASS_PROVIDER}; }
};
TEST_F(DeskOfAProvider, OpensNoCase) {
  EXPECT_EQ(GetReason(net.Open("a").status()), "HOLDER_WRONG_KIND");
  v1::EventDraft draft = OpenedDraft();
  draft.mutable_header()->set_class_(v1::DOSSIER_CLASS_PROVIDER);
  EXPECT_TRUE(net.Open("a", draft).ok());
}

// --- Append

TEST_F(DeskTest, AppendNeedsTheHeadThatTheCallerSaw) {
  Begin();
  const std::string before = Log("a").head();
  Must(net.Append("a", RecordDraft("payment")));
  const auto late = AppendAs(RequestOf("r", "1"), before, RecordDraft("payment"));
  EXPECT_EQ(late.status().code(), absl::StatusCode::kAborted);
  EXPECT_EQ(GetReason(late.status()), "HEAD_MOVED");
  EXPECT_EQ(GetField(late.status()), "expected_head");
  EXPECT_EQ(Log("a").sequence(), 3);
}

TEST_F(DeskTest, TheAuthorsPartOfADraftCountsAndNoMore) {
  Begin();
  v1::EventDraft draft = RecordDraft("payment");
  draft.mutable_header()->set_author("b");
  draft.mutable_header()->set_sequence(77);
  draft.mutable_header()->set_epoch(5);
  draft.mutable_header()->set_incarnation(9);
  draft.mutable_header()->set_official("jemand");
  draft.mutable_header()->set_training(false);
  draft.mutable_header()->set_previous_hash("x");
  draft.mutable_header()->add_sections()->set_name("ohne");
  Must(net.Append("a", draft));
  const v1::EventHeader header = net.node("a").EventAt(kSampleDossier, 3).header;
  EXPECT_EQ(header.author(), "a");
  EXPECT_EQ(header.epoch(), 0);
  EXPECT_EQ(header.incarnation(), 1);
  EXPECT_EQ(header.official(), "p-17");
  EXPECT_TRUE(header.training());
  EXPECT_EQ(header.previous_hash(), HashAt("a", 2));
  EXPECT_THAT(header.sections(), IsEmpty());
}

struct Refused {
  std::string name;
  v1::EventDraft draft;
  std::string reason;
  std::string field;
};
void PrintTo(const Refused& row, std::ostream* out) { *out << row.name; }

v1::EventDraft With(v1::EventDraft draft, const std::function<void(v1::EventHeader&)>& change) {
  change(*draft.mutable_header());
  return draft;
}

class RefusedDraft : public DeskTest, public testing::WithParamInterface<Refused> {};
TEST_P(RefusedDraft, ChangesNothing) {
  Begin();
  const auto before = net.node("a").Dump();
  const auto answer = net.Append("a", GetParam().draft);
  EXPECT_EQ(GetReason(answer.status()), GetParam().reason) << answer.status();
  EXPECT_EQ(GetField(answer.status()), GetParam().field) << answer.status();
  EXPECT_EQ(net.node("a").Dump(), before);
}
INSTANTIATE_TEST_SUITE_P(
    Drafts, RefusedDraft,
    testing::Values(
        Refused{"OpenedAgain", OpenedDraft(), "EVENT_NOT_DRAFTED", "event.kind"},
        Refused{"Accepted", With(RecordDraft("x"), [](v1::EventHeader& h) { h.set_kind(v1::EVENT_KIND_ACCEPTED); }),
                "EVENT_NOT_DRAFTED", "event.kind"},
        Refused{"OfferClosed",
                With(RecordDraft("x"), [](v1::EventHeader& h) { h.set_kind(v1::EVENT_KIND_OFFER_CLOSED); }),
                "EVENT_NOT_DRAFTED", "event.kind"},
        Refused{"ContributionTaken",
                With(RecordDraft("x"), [](v1::EventHeader& h) { h.set_kind(v1::EVENT_KIND_CONTRIBUTION_TAKEN); }),
                "EVENT_NOT_DRAFTED", "event.kind"},
        Refused{"NoLegalBasis", With(RecordDraft("x"), [](v1::EventHeader& h) { h.clear_legal_basis(); }),
                "EVENT_MALFORMED", "legal_basis"},
        Refused{"BackdatedWithoutEvidence",
                With(RecordDraft("x"),
                     [](v1::EventHeader& h) { *h.mutable_event_day() = SampleDate(absl::CivilDay(2026, 3, 1)); }),
                "EVENT_MALFORMED", "backdating_evidence"},
        Refused{"Tomorrow",
                With(RecordDraft("x"),
                     [](v1::EventHeader& h) { *h.mutable_event_day() = SampleDate(absl::CivilDay(2026, 3, 3)); }),
                "EVENT_MALFORMED", "event_day"},
        Refused{"SectionTwice",
                RecordDraft("x", {SampleSection("s", v1::CATEGORY_NEEDS), SampleSection("s", v1::CATEGORY_NEEDS)}),
                "EVENT_MALFORMED", "sections.name"},
        Refused{"SectionTooLarge", RecordDraft("x", {SampleSection("s", v1::CATEGORY_NEEDS, std::string(262145, 'x'))}),
                "SECTION_TOO_LARGE", "sections.s"},
        Refused{"OfferToAWrongKind", OfferDraft("werk"), "ADDRESSEE_WRONG_KIND", "offered.to"},
        Refused{"OfferToAWrongPlace",
                With(OfferDraft("b"), [](v1::EventHeader& h) { h.mutable_offered()->set_place("09162000"); }),
                "ADDRESSEE_WRONG_PLACE", "offered.place"},
        Refused{"OfferWithoutNode", OfferDraft("amt"), "ADDRESSEE_WITHOUT_NODE", "offered.to"},
        Refused{"OfferToNobody", OfferDraft("niemand"), "ADDRESSEE_UNKNOWN", "offered.to"},
        Refused{"OfferToItself", OfferDraft("a"), "ADDRESSEE_IS_HOLDER", "offered.to"},
        Refused{"OfferWithoutApplication", OfferDraft("b", 1), "REQUEST_MISSING", "offered.request_sequence"},
        Refused{"OfferOfTooMuch", OfferDraft("b", 2, {v1::CATEGORY_STAFF}), "GRANT_INVALID", "offered.grant"},
        Refused{"ForwardToAWrongKind", ForwardDraft("heim"), "ADDRESSEE_WRONG_KIND", "forwarded.to"},
        Refused{"ForwardToAWrongPlace",
                With(ForwardDraft("b"), [](v1::EventHeader& h) { h.mutable_forwarded()->set_place("09162000"); }),
                "ADDRESSEE_WRONG_PLACE", "forwarded.place"},
        Refused{"AdmitWithTooMuch", AdmitDraft("c", SampleGrant("statement", {v1::CATEGORY_NEEDS})), "GRANT_INVALID",
                "party_admitted.grant"},
        Refused{"AdmitNobody", AdmitDraft("niemand", SampleGrant("observer")), "ADDRESSEE_UNKNOWN",
                "party_admitted.member"},
        Refused{"CorrectTheFuture", CorrectDraft(9, "s", SampleSection("s", v1::CATEGORY_NEEDS)), "SECTION_NOT_FOUND",
                "corrected.sequence"}),
    [](const auto& tested) { return tested.param.name; });

TEST_F(DeskTest, WhoDoesNotHoldAppendsNothing) {
  HandOver();
  const auto before = net.node("a").Dump();
  const auto answer = net.Append("a", RecordDraft("payment"));
  EXPECT_EQ(GetReason(answer.status()), "NOT_HOLDER");
  EXPECT_EQ(GetField(answer.status()), "author");
  EXPECT_EQ(net.node("a").Dump(), before);
}

// --- A dossier that is not here

TEST_F(DeskTest, AnUnknownDossierIsUnknownInEveryUseCase) {
  Begin();
  const auto before = net.node("c").Dump();
  EXPECT_EQ(GetReason(net.Append("c", RecordDraft("x")).status()), "DOSSIER_UNKNOWN");
  EXPECT_EQ(GetReason(net.Accept("c").status()), "DOSSIER_UNKNOWN");
  EXPECT_EQ(GetReason(net.Decline("c").status()), "DOSSIER_UNKNOWN");
  EXPECT_EQ(GetReason(net.Sign("c", ContributionDraft("report")).status()), "DOSSIER_UNKNOWN");
  const auto read = [&](auto run) {
    return GetReason(net.Do("c", "reads", [&](Unit& unit) { return run(unit, net.node("c").desk()).status(); }));
  };
  const Caller caller = CallerAt("c");
  EXPECT_EQ(read([&](Unit& u, const Desk& d) { return d.Show(u, caller, kSampleDossier, kDays); }), "DOSSIER_UNKNOWN");
  EXPECT_EQ(read([&](Unit& u, const Desk& d) { return d.ListEvents(u, caller, kSampleDossier, 1, 9); }),
            "DOSSIER_UNKNOWN");
  EXPECT_EQ(read([&](Unit& u, const Desk& d) { return d.ListStatements(u, caller, kSampleDossier, "", 9); }),
            "DOSSIER_UNKNOWN");
  EXPECT_EQ(read([&](Unit& u, const Desk& d) { return d.ReadSection(u, caller, kSampleDossier, "h", "antrag"); }),
            "DOSSIER_UNKNOWN");
  EXPECT_EQ(read([&](Unit& u, const Desk& d) { return d.Export(u, caller, kSampleDossier); }), "DOSSIER_UNKNOWN");
  EXPECT_EQ(net.node("c").Dump(), before);
}

// --- Repeated requests

TEST_F(DeskTest, SameRequestSameAnswerNothingDoubled) {
  Begin();
  const Request request = RequestOf("r-1", "body");
  const std::string head = Log("a").head();
  const auto first = AppendAs(request, head, RecordDraft("payment"));
  ASSERT_TRUE(first.ok()) << first.status();
  Must(net.Append("a", RecordDraft("payment")));
  net.clock().Advance(absl::Hours(24 * 400));
  const auto before = Content("a");
  const auto again = AppendAs(request, head, RecordDraft("payment"));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->SerializeAsString(), first->SerializeAsString());
  EXPECT_EQ(Content("a"), before);
}

TEST_F(DeskTest, SameRequestAfterACrashFindsItsAnswer) {
  Begin();
  const std::string head = Log("a").head();
  net.node("a").CrashAt(CrashPoint::kBeforeSending);
  EXPECT_EQ(GetReason(AppendAs(RequestOf("r-1", "body"), head, RecordDraft("payment")).status()), "CRASHED");
  ASSERT_TRUE(net.Restart("a").ok());
  const auto again = AppendAs(RequestOf("r-1", "body"), head, RecordDraft("payment"));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->head().sequence(), 3);
  EXPECT_EQ(Log("a").sequence(), 3);
}

TEST_F(DeskTest, SameRequestIdWithAnotherBody) {
  Begin();
  const std::string head = Log("a").head();
  ASSERT_TRUE(AppendAs(RequestOf("r-1", "body"), head, RecordDraft("payment")).ok());
  const auto before = net.node("a").Dump();
  for (const std::string& expected : {head, Log("a").head()}) {
    const auto reused = AppendAs(RequestOf("r-1", "another"), expected, RecordDraft("decision"));
    EXPECT_EQ(reused.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(GetReason(reused.status()), "REQUEST_ID_REUSED");
    EXPECT_EQ(GetField(reused.status()), "request_id");
  }
  EXPECT_EQ(net.node("a").Dump(), before);
}

TEST_F(DeskTest, EveryWritingUseCaseRemembersItsRequest) {
  Begin();
  Must(net.Append("a", OfferDraft("b")));
  net.Settle();
  const Request request = RequestOf("r-1", "body");
  v1::Decision reasons;
  reasons.add_reasons(v1::DECLINE_REASON_ITEM_MISSING);
  reasons.add_missing("Gesamtplan");
  const auto decline = [&](Unit& unit, const Desk& desk) {
    return desk.Decline(unit, CallerAt("b"), request, kSampleDossier, Log("b").offer().hash(), "§ 108 SGB IX", reasons);
  };
  const std::string offer = HashAt("b", 3);
  const auto first = At("b", [&](Unit& unit, const Desk& desk) {
    return desk.Decline(unit, CallerAt("b"), request, kSampleDossier, offer, "§ 108 SGB IX", reasons);
  });
  ASSERT_TRUE(first.ok()) << first.status();
  const auto again = At("b", decline);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->statement_hash(), first->statement_hash());
  EXPECT_THAT(From("b", "b", v1::StatementHeader::kDecision), SizeIs(1));
  v1::StatementDraft draft = ContributionDraft("report");
  *draft.mutable_header()->mutable_event_day() = SampleDate(net.today());
  const auto sign = [&](const Request& as) {
    return At("b",
              [&](Unit& unit, const Desk& desk) { return desk.Sign(unit, CallerAt("b"), as, kSampleDossier, draft); });
  };
  EXPECT_EQ(GetReason(sign({"r-1", crypto::Sha256("other")}).status()), "REQUEST_ID_REUSED");
  const auto signed_once = sign(RequestOf("r-2", "x"));
  ASSERT_TRUE(signed_once.ok()) << signed_once.status();
  EXPECT_EQ(sign(RequestOf("r-2", "x"))->statement_hash(), signed_once->statement_hash());
  EXPECT_THAT(From("b", "b", v1::StatementHeader::kContribution), SizeIs(1));
}

TEST_F(DeskTest, ARequestHasAnId) {
  Begin();
  for (const std::string& id : {std::string(), std::string(65, 'x')}) {
    const auto answer = AppendAs(RequestOf(id, "body"), Log("a").head(), RecordDraft("payment"));
    EXPECT_EQ(GetReason(answer.status()), "REQUEST_ID_MISSING");
    EXPECT_EQ(GetField(answer.status()), "request_id");
  }
  EXPECT_TRUE(AppendAs(RequestOf(std::string(64, 'x'), "body"), Log("a").head(), RecordDraft("payment")).ok());
}

// --- Answers to offers

TEST_F(DeskTest, AnOfferIsAnsweredByItsHash) {
  Begin();
  Must(net.Append("a", OfferDraft("b")));
  net.Settle();
  const std::string other = HashAt("b", 2);
  const auto before = net.node("b").Dump();
  const auto accepted = At("b", [&](Unit& unit, const Desk& desk) {
    return desk.Accept(unit, CallerAt("b"), RequestOf("r", "1"), kSampleDossier, other, "§ 108 SGB IX");
  });
  EXPECT_EQ(GetReason(accepted.status()), "OFFER_MISMATCH");
  EXPECT_EQ(GetField(accepted.status()), "offer_hash");
  v1::Decision reasons;
  reasons.add_reasons(v1::DECLINE_REASON_WRONG_PLACE);
  const auto decline = [&](const std::string& hash, const v1::Decision& why) {
    return At("b", [&](Unit& unit, const Desk& desk) {
      return desk.Decline(unit, CallerAt("b"), RequestOf("r", "2"), kSampleDossier, hash, "§ 108 SGB IX", why);
    });
  };
  EXPECT_EQ(GetReason(decline(other, reasons).status()), "OFFER_MISMATCH");
  EXPECT_EQ(GetReason(decline(HashAt("b", 3), {}).status()), "STATEMENT_MALFORMED") << "a decline has a reason";
  reasons.add_missing("Gesamtplan");
  EXPECT_EQ(GetReason(decline(HashAt("b", 3), reasons).status()), "STATEMENT_MALFORMED") << "nothing is missing";
  EXPECT_EQ(net.node("b").Dump(), before);
}

// --- Statements

TEST_F(DeskTest, ReceiptsAndDecisionsAreNotDrafted) {
  HandOver();
  const auto before = net.node("a").Dump();
  for (const auto& change : std::vector<std::function<void(v1::StatementHeader&)>>{
           [](v1::StatementHeader& h) { h.mutable_decision(); }, [](v1::StatementHeader& h) { h.mutable_eingang(); },
           [](v1::StatementHeader& h) { h.mutable_wirksam(); },
           [](v1::StatementHeader& h) { h.mutable_rejection(); }}) {
    v1::StatementDraft draft = ContributionDraft("x");
    change(*draft.mutable_header());
    EXPECT_EQ(GetReason(net.Sign("a", draft).status()), "STATEMENT_NOT_DRAFTED");
  }
  EXPECT_EQ(GetReason(net.Sign("b", ContributionDraft("payment")).status()), "CONTRIBUTION_OWN");
  EXPECT_EQ(GetReason(net.Sign("a", ConsentDraft(HashAt("a", 4), "b")).status()), "CONSENT_INVALID");
  EXPECT_EQ(net.node("a").Dump(), before);
}

// --- Klärung

TEST_F(DeskTest, KlaerungIsShownAfterThirtyDays) {
  Begin();
  Must(net.Append("a", OfferDraft("b")));
  net.Settle();
  net.clock().Advance(absl::Hours(24 * 30));
  EXPECT_FALSE(Show("a", 30).klaerung);
  net.clock().Advance(absl::Hours(24));
  EXPECT_TRUE(Show("a", 30).klaerung);
  EXPECT_TRUE(Show("b", 30).klaerung);
  EXPECT_FALSE(Show("a", 31).klaerung);
  // It changes no right: b may still accept, a may do nothing.
  EXPECT_EQ(GetReason(net.Append("a", RecordDraft("payment")).status()), "LOG_FROZEN");
  Must(net.Accept("b"));
  net.Settle();
  EXPECT_FALSE(Show("a", 30).klaerung);
}

TEST_F(DeskTest, KlaerungCountsLegalDays) {
  net.clock().Advance(absl::Hours(10) + absl::Minutes(59));  // 23:59 in Berlin.
  Begin();
  Must(net.Append("a", OfferDraft("b")));
  net.clock().Advance(absl::Minutes(2));
  EXPECT_TRUE(Show("a", 0).klaerung) << "the next day";
  EXPECT_FALSE(Show("a", 1).klaerung);
}

// --- Reading

TEST_F(DeskTest, ListsEventsAndStatementsAndSections) {
  HandOver({SampleSection("antrag", v1::CATEGORY_IDENTITY, "Erika")});
  const Caller caller = CallerAt("b");
  std::vector<Event> events;
  std::vector<Statement> statements;
  v1::Section section;
  absl::Status absent;
  const absl::Status read = net.Do("b", "reads", [&](Unit& unit) -> absl::Status {
    const Desk& desk = net.node("b").desk();
    events = *desk.ListEvents(unit, caller, kSampleDossier, 2, 2);
    for (std::string after;;) {
      const auto page = *desk.ListStatements(unit, caller, kSampleDossier, after, 2);
      statements.insert(statements.end(), page.begin(), page.end());
      if (page.size() < 2) break;
      after = std::string(page.back().hash.bytes());
    }
    section = *desk.ReadSection(unit, caller, kSampleDossier, std::string(events[0].hash.bytes()), "antrag");
    absent = desk.ReadSection(unit, caller, kSampleDossier, std::string(events[0].hash.bytes()), "anderes").status();
    return absl::OkStatus();
  });
  ASSERT_TRUE(read.ok()) << read;
  ASSERT_THAT(events, SizeIs(2));
  EXPECT_EQ(events[0].header.sequence(), 2);
  const auto all = net.node("b").Statements(kSampleDossier);
  ASSERT_THAT(statements, SizeIs(all.size()));
  for (std::size_t at = 0; at < all.size(); ++at) EXPECT_EQ(statements[at].hash, all[at].hash);
  v1::SectionPayload payload;
  ASSERT_TRUE(payload.ParseFromString(section.payload()));
  EXPECT_EQ(payload.content(), "Erika");
  EXPECT_EQ(GetReason(absent), "SECTION_ABSENT");
  EXPECT_EQ(absent.code(), absl::StatusCode::kNotFound);
}

TEST_F(DeskTest, SectionsAreSealedAtRest) {
  Begin({SampleSection("antrag", v1::CATEGORY_IDENTITY, "Erika Mustermann")});
  const auto rows = net.node("a").database().Query("SELECT sealed FROM section", {});
  ASSERT_TRUE(rows.ok());
  ASSERT_THAT(*rows, SizeIs(1));
  EXPECT_EQ((*rows)[0].Data(0).find("Mustermann"), std::string::npos);
  const auto events = net.node("a").database().Query("SELECT header FROM event", {});
  for (const storage::Row& row : *events) EXPECT_EQ(row.Data(0).find("Mustermann"), std::string::npos);
}

TEST_F(DeskTest, EvidenceHoldsTheWholeLogAndEveryStatement) {
  HandOver({SampleSection("antrag", v1::CATEGORY_IDENTITY), SampleSection("geld", v1::CATEGORY_MONEY)});
  v1::Evidence evidence;
  const absl::Status exported = net.Do("b", "exports", [&](Unit& unit) -> absl::Status {
    auto got = net.node("b").desk().Export(unit, CallerAt("b"), kSampleDossier);
    if (got.ok()) evidence = *std::move(got);
    return got.status();
  });
  ASSERT_TRUE(exported.ok()) << exported;
  EXPECT_EQ(evidence.format(), "teilhabe/evidence/v1");
  EXPECT_EQ(evidence.dossier(), kSampleDossier);
  EXPECT_EQ(evidence.exporter(), "b");
  EXPECT_EQ(evidence.exported_time().seconds(), absl::ToUnixSeconds(net.clock().Now()));
  ASSERT_THAT(evidence.events(), SizeIs(4));
  // It verifies by itself, and shows what b has and no more.
  v1::LogState log;
  for (const v1::SignedEvent& bytes : evidence.events()) {
    const auto event = OpenEvent(bytes, true, net.members(), SampleVerifier());
    ASSERT_TRUE(event.ok()) << event.status();
    const auto next = Next(log, *event, {net.members(), SampleVerifier(), false});
    ASSERT_TRUE(next.ok()) << next.status();
    log = *next;
  }
  EXPECT_EQ(log.holder(), "b");
  ASSERT_THAT(evidence.events(1).sections(), SizeIs(1));
  EXPECT_EQ(evidence.events(1).sections(0).name(), "antrag");
  std::string last;
  for (const v1::SignedStatement& bytes : evidence.statements()) {
    const auto statement = OpenStatement(bytes, true, net.members(), SampleVerifier());
    ASSERT_TRUE(statement.ok()) << statement.status();
    EXPECT_LT(last, statement->hash.bytes());
    last = std::string(statement->hash.bytes());
  }
  EXPECT_THAT(evidence.statements(), SizeIs(net.node("b").Statements(kSampleDossier).size()));
}

// --- Access log

TEST_F(DeskTest, EveryUseCaseLeavesItsEntry) {
  Begin();
  Must(net.Append("a", AdmitDraft("c", SampleGrant("provider"))));
  Must(net.Append("a", OfferDraft("b")));
  EXPECT_THAT(Actions("a"), ElementsAre("open", "append", "append", "append"));
  net.Settle();
  Must(net.Sign("c", ContributionDraft("report")));
  EXPECT_THAT(Actions("c"), Contains("sign").Times(1));
  Must(net.Decline("b"));
  EXPECT_THAT(Actions("b"), Contains("decline").Times(1));
  net.Settle();
  Must(net.Append("a", OfferDraft("b")));
  net.Settle();
  Must(net.Accept("b"));
  EXPECT_THAT(Actions("b"), Contains("accept").Times(1));
  EXPECT_THAT(Actions("b"), Contains("deliver").Times(testing::Ge(1)));
  Show("b");
  EXPECT_EQ(Actions("b").back(), "show");
  const auto read = [&](auto run) {
    EXPECT_TRUE(net.Do("b", "reads", [&](Unit& unit) { return run(unit, net.node("b").desk()).status(); }).ok());
    return Actions("b").back();
  };
  const Caller caller = CallerAt("b");
  EXPECT_EQ(read([&](Unit& u, const Desk& d) { return d.ListEvents(u, caller, kSampleDossier, 1, 9); }), "list-events");
  EXPECT_EQ(read([&](Unit& u, const Desk& d) { return d.ListStatements(u, caller, kSampleDossier, "", 9); }),
            "list-statements");
  EXPECT_EQ(read([&](Unit& u, const Desk& d) { return d.Export(u, caller, kSampleDossier); }), "export-evidence");
  EXPECT_EQ(
      read([&](Unit& u, const Desk& d) { return d.ReadSection(u, caller, kSampleDossier, HashAt("b", 2), "antrag"); }),
      "read-section");
  const crypto::Digest digest = AttachmentDigest("%PDF-1.7");
  EXPECT_TRUE(net.Do("b", "uploads",
                     [&](Unit& unit) {
                       return net.node("b").desk().BeginAttachment(unit, caller, kSampleDossier, digest,
                                                                   {8, "application/pdf", kSampleDossier});
                     })
                  .ok());
  EXPECT_EQ(Actions("b").back(), "add-attachment");
  for (const char* member : {"a", "b", "c"}) EXPECT_TRUE(audit::Verify(net.node(member).database()).ok()) << member;
}

TEST_F(DeskTest, AnEntrySaysWhoAndWhy) {
  Begin();
  const auto leaves = audit::Entries(net.node("a").database(), kSampleDossier, 0, 10);
  ASSERT_TRUE(leaves.ok());
  const audit::Entry& entry = leaves->at(1).entry;
  EXPECT_EQ(entry.actor, CallerAt("a").actor);
  EXPECT_EQ(entry.agency, "a");
  EXPECT_EQ(entry.purpose, "eingliederungshilfe");
  EXPECT_EQ(entry.legal_basis, "§ 69 Abs. 1 Nr. 1 SGB X");
  EXPECT_EQ(entry.dossier, kSampleDossier);
  EXPECT_EQ(entry.time, net.clock().Now());
}

}  // namespace
}  // namespace teilhabe::dossier
