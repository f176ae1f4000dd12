#include "services/providers/register.h"

#include "services/providers/sections.h"
#include "services/providers/store_for_test.h"

namespace teilhabe::providers {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class RegisterTest : public ProvidersTest {
 protected:
  static dossier::v1::EventDraft Draft(const std::string& record, const std::string& section, const std::string& type,
                                       const std::string& content,
                                       dossier::v1::Category category = dossier::v1::CATEGORY_PUBLIC) {
    dossier::v1::EventDraft draft;
    draft.mutable_header()->set_kind(dossier::v1::EVENT_KIND_RECORDED);
    draft.mutable_header()->set_record(record);
    auto& made = *draft.add_sections();
    made.set_name(section);
    made.set_category(category);
    made.mutable_payload()->set_type(type);
    made.mutable_payload()->set_content(content);
    return draft;
  }

  static std::vector<std::string> List(TestStore& at, v1::ListProvidersRequest request = {}) {
    std::vector<std::string> ids;
    for (;;) {
      const auto page = at.registered.List(request);
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) return ids;
      for (const auto& one : page->providers()) ids.push_back(one.provider().id());
      if (page->next_page_token().empty()) return ids;
      ids.emplace_back("|");
      request.set_page_token(page->next_page_token());
    }
  }

  v1::CheckProviderRequest Question(const std::string& provider, const std::string& municipality = "05711000") {
    v1::CheckProviderRequest request;
    request.set_provider(provider);
    request.set_stage(carriers::v1::STAGE_ARBEITSBEREICH);
    request.set_municipality(municipality);
    *request.mutable_event_day() = Today();
    return request;
  }
};

TEST_P(RegisterTest, WhatOneNodeRegistersTheOtherHasByDelivery) {
  ASSERT_TRUE(Register(*lwl, Registering("wfbm-teutoburg", 1)).ok());
  EXPECT_EQ(GetReason(lvr->registered.Get("wfbm-teutoburg").status()), "PROVIDER_UNKNOWN");
  lwl->CarryTo(*lvr);
  ASSERT_TRUE(Record(*lwl, Recording(*lwl, 1, Text(), Today())).ok());
  lwl->CarryTo(*lvr);
  const auto there = lvr->registered.Get("wfbm-teutoburg");
  ASSERT_TRUE(there.ok()) << there.status();
  EXPECT_EQ(there->SerializeAsString(), lwl->registered.Get("wfbm-teutoburg")->SerializeAsString());
  EXPECT_EQ(there->holder(), "lwl");
  EXPECT_EQ(there->vereinbarungen_size(), 1);
}

TEST_P(RegisterTest, ChecksWithFindingsAndBreaches) {
  ASSERT_TRUE(Register(*lwl, Registering("wfbm-teutoburg", 1)).ok());
  auto answer = *lwl->registered.Check(Question("wfbm-teutoburg"));
  EXPECT_THAT(std::vector<std::string>(answer.breaches().begin(), answer.breaches().end()),
              ElementsAre("vereinbarung_sgb9_125"));
  EXPECT_EQ(answer.type(), carriers::v1::PROVIDER_TYPE_WFBM);
  EXPECT_TRUE(answer.in_catchment());
  EXPECT_EQ(answer.contracting_traeger(), "");
  ASSERT_TRUE(Record(*lwl, Recording(*lwl, 1, Text(), Today())).ok());
  answer = *lwl->registered.Check(Question("wfbm-teutoburg", "05315000"));
  EXPECT_EQ(answer.breaches_size(), 0);
  EXPECT_EQ(answer.contracting_traeger(), "lwl");
  EXPECT_EQ(answer.vereinbarung(), "ab");
  EXPECT_FALSE(answer.in_catchment());
  ASSERT_EQ(answer.findings_size(), 4);
  EXPECT_EQ(answer.findings(3).force(), law::v1::FORCE_SOLL);
  EXPECT_EQ(answer.findings(3).verdict(), law::v1::VERDICT_NO);
  for (const auto& finding : answer.findings()) {
    EXPECT_FALSE(finding.text().empty() || finding.citation().empty()) << finding.rule_id();
  }
}

TEST_P(RegisterTest, AProviderThatIsNotRegisteredIsAFindingAndNoError) {
  for (const char* provider : {"ala-senne", "", "no id at all"}) {
    const auto answer = lwl->registered.Check(Question(provider));
    ASSERT_TRUE(answer.ok()) << answer.status();
    ASSERT_EQ(answer->findings_size(), 1);
    EXPECT_EQ(answer->breaches(0), "registered");
    EXPECT_EQ(answer->type(), carriers::v1::PROVIDER_TYPE_UNSPECIFIED);
  }
}

TEST_P(RegisterTest, RejectsQuestionsThatAreNone) {
  const auto reason_of = [&](const std::function<void(v1::CheckProviderRequest&)>& change) {
    auto request = Question("wfbm-teutoburg");
    change(request);
    return GetReason(lwl->registered.Check(request).status());
  };
  EXPECT_EQ(reason_of([](auto& r) { r.clear_stage(); }), "STAGE_MISSING");
  EXPECT_EQ(reason_of([](auto& r) { r.set_stage(static_cast<carriers::v1::Stage>(7)); }), "STAGE_MISSING");
  EXPECT_EQ(reason_of([](auto& r) { r.clear_event_day(); }), "DAY_INVALID");
  EXPECT_EQ(reason_of([](auto& r) { r.mutable_event_day()->set_year(2017); }), "DAY_INVALID");
  EXPECT_EQ(reason_of([](auto& r) { r.set_municipality("5711000"); }), "MUNICIPALITY_MALFORMED");
  EXPECT_EQ(reason_of([](auto& r) { r.clear_municipality(); }), "");
}

TEST_P(RegisterTest, ListsByPageAndFilter) {
  ASSERT_TRUE(Register(*lwl, Registering("wfbm-teutoburg", 1)).ok());
  ASSERT_TRUE(Register(*lwl, Registering("ala-senne", 2)).ok());
  ASSERT_TRUE(Register(*lwl, Registering("ala-ems", 3)).ok());
  EXPECT_THAT(List(*lwl), ElementsAre("ala-ems", "ala-senne", "wfbm-teutoburg"));
  v1::ListProvidersRequest request;
  request.set_page_size(2);
  EXPECT_THAT(List(*lwl, request), ElementsAre("ala-ems", "ala-senne", "|", "wfbm-teutoburg"));
  request.set_page_size(3);
  EXPECT_THAT(List(*lwl, request), ElementsAre("ala-ems", "ala-senne", "wfbm-teutoburg")) << "no empty page at the end";
  request.set_page_size(1);
  request.set_type(carriers::v1::PROVIDER_TYPE_ALA);
  EXPECT_THAT(List(*lwl, request), ElementsAre("ala-ems", "|", "ala-senne"));
  request = {};
  request.set_stage(carriers::v1::STAGE_BERUFSBILDUNGSBEREICH);
  EXPECT_THAT(List(*lwl, request), ElementsAre("wfbm-teutoburg"));
  request = {};
  request.set_municipality("05711000");
  EXPECT_THAT(List(*lwl, request), ElementsAre("ala-ems", "ala-senne", "wfbm-teutoburg"));
  request.set_municipality("05315000");
  EXPECT_THAT(List(*lwl, request), ElementsAre("ala-ems", "ala-senne")) << "an aLA has no catchment area";
}

TEST_P(RegisterTest, RejectsListsThatAreNone) {
  ASSERT_TRUE(Register(*lwl, Registering("ala-senne", 1)).ok());
  ASSERT_TRUE(Register(*lwl, Registering("ala-ems", 2)).ok());
  v1::ListProvidersRequest request;
  request.set_page_size(-1);
  EXPECT_EQ(GetReason(lwl->registered.List(request).status()), "PAGE_SIZE");
  request.set_page_size(1);
  const std::string token = lwl->registered.List(request)->next_page_token();
  EXPECT_FALSE(token.empty());
  request.set_page_token(token);
  request.set_type(carriers::v1::PROVIDER_TYPE_ALA);
  EXPECT_EQ(GetReason(lwl->registered.List(request).status()), "PAGE_TOKEN") << "of another question";
  request.clear_type();
  request.set_page_token(token + std::string(1, '\0'));
  EXPECT_EQ(GetReason(lwl->registered.List(request).status()), "PAGE_TOKEN");
  request.set_page_token("x");
  EXPECT_EQ(GetReason(lwl->registered.List(request).status()), "PAGE_TOKEN");
  request = {};
  request.set_municipality("Bielefeld");
  EXPECT_EQ(GetReason(lwl->registered.List(request).status()), "MUNICIPALITY_MALFORMED");
}

TEST_P(RegisterTest, OfTwoDossiersAboutOneProviderTheFirstCountsAtEveryNode) {
  ASSERT_TRUE(Register(*lwl, Registering("ala-senne", 9)).ok());
  clock->Advance(absl::Seconds(1));
  ASSERT_TRUE(Register(*lvr, Registering("ala-senne", 1)).ok()) << "it does not know of the other yet";
  lwl->CarryTo(*lvr);
  lvr->CarryTo(*lwl);
  for (TestStore* const at : {lwl.get(), lvr.get()}) {
    EXPECT_EQ(at->registered.Get("ala-senne")->dossier(), DossierId(9));
    EXPECT_THAT(List(*at), ElementsAre("ala-senne"));
  }
}

TEST_P(RegisterTest, NobodyComesFirstByAnOldTimeThatNobodyElseHasSeen) {
  const auto past = std::make_shared<FakeClock>(clock->Now() - absl::Hours(24 * 365));
  lvr = nullptr;
  std::int64_t incarnation = 1;
  lvr = std::make_unique<TestStore>(network, "lvr", past, "", incarnation);
  ASSERT_TRUE(Register(*lwl, Registering("ala-senne", 9)).ok());
  v1::RegisterProviderRequest claiming = Registering("ala-senne", 1);
  *claiming.mutable_event_day() = dossier::ToDate(LegalDay(past->Now()));
  ASSERT_TRUE(Register(*lvr, claiming).ok());
  clock->Advance(absl::Seconds(1));
  lvr->CarryTo(*lwl);
  EXPECT_EQ(lwl->registered.Get("ala-senne")->dossier(), DossierId(9));
  clock->Advance(absl::Hours(1));
  ASSERT_TRUE(Record(*lwl, Recording(*lwl, 9, Text(), Today())).ok());  // A later event changes nothing of that.
  EXPECT_EQ(lwl->registered.Get("ala-senne")->dossier(), DossierId(9));
}

TEST_P(RegisterTest, ADossierOfWhoMayNotHoldOneDoesNotCount) {
  ASSERT_TRUE(Register(*lvr, Registering("ala-senne", 1)).ok());
  lvr->CarryTo(*lwl);
  EXPECT_TRUE(lwl->registered.Get("ala-senne").ok());
  network.member("lvr").clear_roles();
  network.member("lvr").add_roles(trust::v1::ROLE_INTEGRATIONSAMT);
  ASSERT_TRUE(lwl->directory
                  ->Offer(network.Sign(2), network.Trust(), crypto::EcdsaVerifier(),
                          [](const trust::Directory&) { return absl::OkStatus(); })
                  .ok());
  EXPECT_EQ(GetReason(lwl->registered.Get("ala-senne").status()), "PROVIDER_UNKNOWN");
  EXPECT_THAT(List(*lwl), IsEmpty());
  EXPECT_EQ(lwl->registered.Check(Question("ala-senne"))->breaches(0), "registered");
  EXPECT_TRUE(Register(*lwl, Registering("ala-senne", 2)).ok()) << "nor does it keep others from registering";
}

TEST_P(RegisterTest, WhatCannotBeReadIsPassedOverAndHoldsNothingUp) {
  ASSERT_TRUE(Register(*lwl, Registering("wfbm-teutoburg", 1)).ok());
  const std::string good = Text().SerializeAsString();
  int number = 0;
  const auto append = [&](const dossier::v1::EventDraft& draft) {
    const absl::Status appended = Append(*lwl, 1, draft, Today(), "x" + std::to_string(++number));
    ASSERT_TRUE(appended.ok()) << appended;
  };
  append(Draft("vereinbarung", kVereinbarungSection, kVereinbarungType, "\xff\xff"));
  append(Draft("vereinbarung", kVereinbarungSection, "text/plain", good));
  append(Draft("vereinbarung", kVereinbarungSection, kVereinbarungType, v1::Vereinbarung().SerializeAsString()));
  append(Draft("something", kVereinbarungSection, kVereinbarungType, good));
  append(Draft("vereinbarung", "other", kVereinbarungType, good));
  append(Draft("vereinbarung", kVereinbarungSection, kVereinbarungType, good, dossier::v1::CATEGORY_MONEY));
  append(
      Draft("provider", kProviderSection, kProviderType, Registering("ala-senne", 1).provider().SerializeAsString()));
  lwl->CarryTo(*lvr);
  for (TestStore* const at : {lwl.get(), lvr.get()}) {
    const auto got = at->registered.Get("wfbm-teutoburg");
    ASSERT_TRUE(got.ok()) << got.status();
    EXPECT_EQ(got->vereinbarungen_size(), 0);
    EXPECT_EQ(got->head(), lwl->dossiers->Peek(DossierId(1))->head());
    EXPECT_FALSE(at->registered.Get("ala-senne").ok());
  }
}

TEST_P(RegisterTest, ANewProviderSectionAndACorrectionCount) {
  ASSERT_TRUE(Register(*lwl, Registering("wfbm-teutoburg", 1)).ok());
  v1::Provider renamed = Registering("wfbm-teutoburg", 1).provider();
  renamed.set_name("Neuer Name");
  ASSERT_TRUE(
      Append(*lwl, 1, Draft("provider", kProviderSection, kProviderType, renamed.SerializeAsString()), Today(), "n")
          .ok());
  EXPECT_EQ(lwl->registered.Get("wfbm-teutoburg")->provider().name(), "Neuer Name");
  ASSERT_TRUE(Record(*lwl, Recording(*lwl, 1, Text(), Today())).ok());
  auto correction = Draft("", kVereinbarungSection, kVereinbarungType, Text("id: 'richtig'").SerializeAsString());
  correction.mutable_header()->set_kind(dossier::v1::EVENT_KIND_CORRECTED);
  correction.mutable_header()->mutable_corrected()->set_sequence(lwl->dossiers->Peek(DossierId(1))->sequence());
  correction.mutable_header()->mutable_corrected()->set_name(kVereinbarungSection);
  correction.mutable_header()->mutable_corrected()->set_reason("Schreibfehler");
  ASSERT_TRUE(Append(*lwl, 1, correction, Today(), "c").ok());
  const auto got = lwl->registered.Get("wfbm-teutoburg");
  ASSERT_EQ(got->vereinbarungen_size(), 1);
  EXPECT_EQ(got->vereinbarungen(0).id(), "richtig");
}

TEST_P(RegisterTest, ADossierOfAnotherClassIsNoneOfItsBusiness) {
  dossier::v1::EventDraft draft =
      Draft("", kProviderSection, kProviderType, Registering("ala-senne", 1).provider().SerializeAsString());
  draft.mutable_header()->set_class_(dossier::v1::DOSSIER_CLASS_CASE);
  draft.mutable_header()->clear_record();
  draft.mutable_header()->set_legal_basis("§ 19 SGB IX");
  *draft.mutable_header()->mutable_event_day() = Today();
  ASSERT_TRUE(lwl->dossiers
                  ->Commit([&](dossier::Unit& unit) {
                    return lwl->dossiers->desk()
                        .Open(unit, Somebody(), {"o", crypto::Sha256("o")}, DossierId(1), draft)
                        .status();
                  })
                  .ok());
  EXPECT_THAT(List(*lwl), IsEmpty());
  EXPECT_EQ(GetReason(Record(*lwl, Recording(*lwl, 1, Text(), Today())).status()), "DOSSIER_UNKNOWN");
}

INSTANTIATE_TEST_SUITE_P(Backends, RegisterTest, testing::ValuesIn(storage::AllBackends()), storage::BackendName);

}  // namespace
}  // namespace teilhabe::providers
