#include "services/providers/registration.h"

#include "services/providers/store_for_test.h"

namespace teilhabe::providers {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class RegistrationTest : public ProvidersTest {};

std::vector<std::string> Parties(const dossier::v1::LogState& log) {
  std::vector<std::string> members;
  for (const dossier::v1::Party& party : log.parties()) {
    members.push_back(party.member() + ":" + party.grant().relation());
  }
  return members;
}

TEST_P(RegistrationTest, EveryOtherMemberWithANodeBecomesAPartyAtOnce) {
  const auto made = Register(*lwl, Registering("ala-senne", 1));
  ASSERT_TRUE(made.ok()) << made.status();
  const auto log = lwl->dossiers->Peek(DossierId(1));
  EXPECT_EQ(log->class_(), dossier::v1::DOSSIER_CLASS_PROVIDER);
  EXPECT_THAT(Parties(*log), ElementsAre("lag:observer", "lvr:observer", "rd-nrw:observer", "wfbm-teutoburg:observer"));
  EXPECT_EQ(made->holder(), "lwl");
  EXPECT_EQ(made->dossier(), DossierId(1));
  EXPECT_EQ(made->head(), log->head());
  EXPECT_EQ(made->provider().name(), "Name von ala-senne");
}

TEST_P(RegistrationTest, AVereinbarungIsRecordedAndReplaced) {
  ASSERT_TRUE(Register(*lwl, Registering("wfbm-teutoburg", 1)).ok());
  auto recorded = Record(*lwl, Recording(*lwl, 1, Text(), Today(), "one"));
  ASSERT_TRUE(recorded.ok()) << recorded.status();
  ASSERT_EQ(recorded->vereinbarungen_size(), 1);
  recorded = Record(*lwl, Recording(*lwl, 1, Text("to_day { year: 2026 month: 12 day: 31 }"), Today(), "two"));
  ASSERT_TRUE(recorded.ok()) << recorded.status();
  ASSERT_EQ(recorded->vereinbarungen_size(), 1);
  EXPECT_EQ(recorded->vereinbarungen(0).to_day().month(), 12);
  EXPECT_EQ(recorded->head(), lwl->dossiers->Peek(DossierId(1))->head());
}

TEST_P(RegistrationTest, ARepeatedRequestChangesNothing) {
  const auto registering = Registering("wfbm-teutoburg", 1);
  ASSERT_TRUE(Register(*lwl, registering).ok());
  const auto recording = Recording(*lwl, 1, Text(), Today());
  ASSERT_TRUE(Record(*lwl, recording).ok());
  const std::string head = lwl->dossiers->Peek(DossierId(1))->head();
  EXPECT_EQ(Register(*lwl, registering)->head(), head);
  EXPECT_EQ(Record(*lwl, recording)->head(), head);
  EXPECT_EQ(lwl->dossiers->Peek(DossierId(1))->head(), head);
  auto other = registering;
  other.mutable_provider()->set_name("ein anderer");
  EXPECT_EQ(GetReason(Register(*lwl, other).status()), "REQUEST_ID_REUSED");
  other.set_request_id("another");
  EXPECT_EQ(GetReason(Register(*lwl, other).status()), "DOSSIER_EXISTS");
}

TEST_P(RegistrationTest, AMovedHeadIsRefused) {
  ASSERT_TRUE(Register(*lwl, Registering("wfbm-teutoburg", 1)).ok());
  auto stale = Recording(*lwl, 1, Text(), Today(), "stale");
  ASSERT_TRUE(Record(*lwl, Recording(*lwl, 1, Text("id: 'other'"), Today(), "first")).ok());
  const absl::Status refused = Record(*lwl, stale).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(GetReason(refused), "HEAD_MOVED");
}

TEST_P(RegistrationTest, WhoMayNotBeRegisteredAndByWhom) {
  EXPECT_EQ(GetReason(Register(*lwl, Registering("wfbm-nobody", 1)).status()), "PROVIDER_UNKNOWN");
  EXPECT_EQ(GetReason(Register(*lwl, Registering("rd-nrw", 1)).status()), "PROVIDER_WRONG_KIND");
  auto as_ala = Registering("wfbm-teutoburg", 1);
  as_ala.mutable_provider()->set_type(carriers::v1::PROVIDER_TYPE_ALA);
  as_ala.mutable_provider()->clear_catchment();
  EXPECT_EQ(GetReason(Register(*lwl, as_ala).status()), "PROVIDER_WRONG_KIND");
  EXPECT_EQ(lwl->dossiers->Peek(DossierId(1))->sequence(), 0) << "nothing was stored";
  ASSERT_TRUE(Register(*lwl, Registering("ala-senne", 1)).ok());
  const absl::Status again = Register(*lwl, Registering("ala-senne", 2)).status();
  EXPECT_EQ(again.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(GetReason(again), "PROVIDER_REGISTERED");
  EXPECT_EQ(GetDetails(again)["dossier"], DossierId(1));
  lwl->CarryTo(*lvr);
  EXPECT_EQ(GetReason(Register(*lvr, Registering("ala-senne", 3)).status()), "PROVIDER_REGISTERED")
      << "also where another agency holds it";
}

TEST_P(RegistrationTest, OnlyTraegerOfEingliederungshilfeHoldIt) {
  std::int64_t incarnation = 1;
  TestStore ba(network, "rd-nrw", clock, "", incarnation);
  EXPECT_EQ(GetReason(Register(ba, Registering("ala-senne", 1)).status()), "HOLDER_WRONG_KIND");
}

TEST_P(RegistrationTest, T_51_WhoContracts) {
  ASSERT_TRUE(Register(*lwl, Registering("wfbm-teutoburg", 1)).ok());
  const std::string bbb = "kind: VEREINBARUNG_KIND_REHA_EV_BBB ";
  struct Case {
    std::string traeger;
    bool egh, reha;
  };
  for (const Case& one :
       {Case{"lwl", true, false}, Case{"lvr", true, false}, Case{"rd-nrw", false, true}, Case{"lag", false, false},
        Case{"wfbm-teutoburg", false, false}, Case{"nobody", false, false}}) {
    const std::string traeger = "contracting_traeger: '" + one.traeger + "' ";
    const auto under_125 = Record(*lwl, Recording(*lwl, 1, Text(traeger), Today(), "125-" + one.traeger));
    EXPECT_EQ(GetReason(under_125.status()), one.egh ? "" : "CONTRACTING_WRONG_KIND") << one.traeger;
    auto text = Text(traeger + bbb);
    text.clear_stages();
    text.add_stages(carriers::v1::STAGE_BERUFSBILDUNGSBEREICH);
    const auto bbb_made = Record(*lwl, Recording(*lwl, 1, text, Today(), "bbb-" + one.traeger));
    EXPECT_EQ(GetReason(bbb_made.status()), one.reha ? "" : "CONTRACTING_WRONG_KIND") << one.traeger;
  }
}

TEST_P(RegistrationTest, WhoDoesNotHoldRecordsNothing) {
  ASSERT_TRUE(Register(*lwl, Registering("ala-senne", 1)).ok());
  EXPECT_EQ(GetReason(Record(*lvr, Recording(*lvr, 1, Text(), Today())).status()), "DOSSIER_UNKNOWN");
  lwl->CarryTo(*lvr);
  const absl::Status refused = Record(*lvr, Recording(*lvr, 1, Text(), Today())).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(GetReason(refused), "NOT_HOLDER");
}

TEST_P(RegistrationTest, InputThatCannotBe) {
  const auto reason_of = [&](const std::function<void(v1::RegisterProviderRequest&)>& change) {
    auto request = Registering("wfbm-teutoburg", 1);
    change(request);
    const absl::Status status = Register(*lwl, request).status();
    return GetReason(status) + " " + GetField(status);
  };
  EXPECT_EQ(reason_of([](auto& r) { r.set_dossier("short"); }), "DOSSIER_INVALID dossier");
  EXPECT_EQ(reason_of([](auto& r) { r.clear_request_id(); }), "REQUEST_ID_MISSING request_id");
  EXPECT_EQ(reason_of([](auto& r) { r.clear_provider(); }), "PROVIDER_MALFORMED provider.type");
  EXPECT_EQ(reason_of([](auto& r) { r.mutable_provider()->add_stages(static_cast<carriers::v1::Stage>(9)); }),
            "PROVIDER_MALFORMED provider.stages");
  EXPECT_EQ(reason_of([](auto& r) { r.mutable_provider()->add_stages(carriers::v1::STAGE_ARBEITSBEREICH); }),
            "PROVIDER_MALFORMED provider.stages");
  EXPECT_EQ(reason_of([](auto& r) { r.mutable_provider()->add_catchment("5711"); }),
            "PROVIDER_MALFORMED provider.catchment");
  EXPECT_EQ(reason_of([](auto& r) { r.clear_event_day(); }), "EVENT_MALFORMED event_day");
  EXPECT_EQ(reason_of([](auto& r) { r.mutable_event_day()->set_year(2020); }), "EVENT_MALFORMED backdating_evidence");
  ASSERT_TRUE(Register(*lwl, Registering("wfbm-teutoburg", 1)).ok());
  const auto text_reason = [&](const std::string& changes) {
    const absl::Status status = Record(*lwl, Recording(*lwl, 1, Text(changes), Today(), "x" + changes)).status();
    return GetReason(status) + " " + GetField(status);
  };
  EXPECT_EQ(text_reason("kind: VEREINBARUNG_KIND_UNSPECIFIED"), "VEREINBARUNG_MALFORMED vereinbarung.kind");
  EXPECT_EQ(text_reason("from_day { month: 13 }"), "VEREINBARUNG_MALFORMED vereinbarung.from_day");
  EXPECT_EQ(text_reason("to_day { year: 2026 month: 2 day: 30 }"), "VEREINBARUNG_MALFORMED vereinbarung.to_day");
  EXPECT_EQ(text_reason("stages: STAGE_EINGANGSVERFAHREN"), "VEREINBARUNG_MALFORMED vereinbarung.stages");
  EXPECT_EQ(lwl->registered.OfDossier(DossierId(1))->vereinbarungen_size(), 0);
}

TEST_P(RegistrationTest, AMemberThatJoinsLaterIsAdmittedWithTheNextVereinbarung) {
  ASSERT_TRUE(Register(*lwl, Registering("wfbm-teutoburg", 1)).ok());
  network.AddNode("drv");
  const auto offered = lwl->directory->Offer(network.Sign(2), network.Trust(), crypto::EcdsaVerifier(),
                                             [](const trust::Directory&) { return absl::OkStatus(); });
  ASSERT_TRUE(offered.ok()) << offered.status();
  ASSERT_TRUE(Record(*lwl, Recording(*lwl, 1, Text(), Today())).ok());
  EXPECT_THAT(Parties(*lwl->dossiers->Peek(DossierId(1))), testing::Contains("drv:observer"));
}

INSTANTIATE_TEST_SUITE_P(Backends, RegistrationTest, testing::ValuesIn(storage::AllBackends()), storage::BackendName);

}  // namespace
}  // namespace teilhabe::providers
