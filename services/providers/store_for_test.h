#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/reason.h"
#include "common/dossier/days.h"
#include "common/storage/testing/backends.h"
#include "common/trust/testing/test_network.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "services/providers/register.h"
#include "services/providers/registration.h"

namespace teilhabe::providers {

inline std::string DossierId(int number) {
  std::string id = std::to_string(number);
  return std::string(32 - id.size(), '0') + id;
}

// The provider store of one member, without gRPC.
class TestStore {
 public:
  TestStore(const trust::TestNetwork& network, const std::string& member, std::shared_ptr<const Clock> clock,
            const std::string& database, std::int64_t& incarnation)
      : directory(std::make_shared<trust::DirectoryHolder>(network.Verified())), registered(directory) {
    auto opened =
        rpc::DossierStore::Open({.name = "providers",
                                 .member = member,
                                 .training = true,
                                 .key = network.key(member),
                                 .directory = directory,
                                 .clock = std::move(clock),
                                 .incarnation = std::make_shared<dossier::MemoryIncarnation>(incarnation),
                                 .database = database.empty() ? "sqlite:" + folder_.path() + "/test.db" : database,
                                 .journal = folder_.path(),
                                 .storage_key = *crypto::AeadKey::FromBytes(std::string(32, 's')),
                                 .projection = &registered,
                                 .fed = {}});
    EXPECT_TRUE(opened.ok()) << opened.status();
    dossiers = *std::move(opened);
    registered.Attach(*dossiers);
  }

  // Carries everything that there is for `to`.
  void CarryTo(TestStore& to) {
    const std::string& peer = to.dossiers->setup().member;
    for (;;) {
      const auto out = dossiers->exchange().Read(peer, 0, 512, 1 << 20);
      ASSERT_TRUE(out.ok()) << out.status();
      if (out->items.empty()) return;
      const auto answer = to.dossiers->exchange().Take(dossiers->setup().member, out->first_sequence,
                                                       out->first_sequence - 1, out->items, absl::Now());
      ASSERT_TRUE(answer.ok()) << answer.status();
      ASSERT_EQ(answer->rejected_size(), 0) << answer->DebugString();
      ASSERT_TRUE(dossiers->exchange().Acknowledge(peer, answer->expected_sequence() - 1, {}).ok());
    }
  }

 private:
  storage::TemporaryFolder folder_;

 public:
  std::shared_ptr<trust::DirectoryHolder> directory;
  Register registered;
  std::unique_ptr<rpc::DossierStore> dossiers;
};

// lwl, whose store is on the engine of the test's parameter, and lvr; rd-nrw, a body with a node and two guests.
class ProvidersTest : public storage::BackendTest {
 protected:
  void SetUp() override {
    storage::BackendTest::SetUp();
    Close();  // The store opens it itself.
    for (const auto& [member, role] : {std::pair("lwl", trust::v1::ROLE_EGH_UEBEROERTLICH),
                                       {"lvr", trust::v1::ROLE_EGH_UEBEROERTLICH},
                                       {"rd-nrw", trust::v1::ROLE_BA},
                                       {"lag", trust::v1::ROLE_OBSERVER},
                                       {"wfbm-teutoburg", trust::v1::ROLE_WFBM}}) {
      network.AddNode(member);
      network.member(member).add_roles(role);
    }
    network.member("lag").set_kind(trust::v1::MEMBER_KIND_OBSERVER);
    network.member("wfbm-teutoburg").set_kind(trust::v1::MEMBER_KIND_BODY);
    for (const char* guest : {"ala-senne", "ala-ems"}) {
      network.AddGuest(guest, "lwl");
      network.member(guest).add_roles(trust::v1::ROLE_ALA);
    }
    lwl = std::make_unique<TestStore>(network, "lwl", clock, connection_string(), incarnation_);
    lvr = std::make_unique<TestStore>(network, "lvr", clock, "", incarnation_);
  }
  void TearDown() override {
    lwl.reset();
    lvr.reset();
  }

  google::type::Date Today() const { return dossier::ToDate(LegalDay(clock->Now())); }

  v1::RegisterProviderRequest Registering(const std::string& provider, int dossier) const {
    v1::RegisterProviderRequest request;
    request.set_dossier(DossierId(dossier));
    request.set_request_id("register-" + provider);
    *request.mutable_event_day() = Today();
    v1::Provider& made = *request.mutable_provider();
    made.set_id(provider);
    made.set_name("Name von " + provider);
    made.set_seat("05711000");
    made.add_stages(carriers::v1::STAGE_ARBEITSBEREICH);
    if (provider.starts_with("ala")) {
      made.set_type(carriers::v1::PROVIDER_TYPE_ALA);
    } else {
      made.set_type(carriers::v1::PROVIDER_TYPE_WFBM);
      made.add_stages(carriers::v1::STAGE_BERUFSBILDUNGSBEREICH);
      made.add_catchment("05711");
    }
    return request;
  }

  static v1::Vereinbarung Text(const std::string& changes = "") {
    v1::Vereinbarung text;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
        "id: 'ab' kind: VEREINBARUNG_KIND_SGB9_125 contracting_traeger: 'lwl' stages: STAGE_ARBEITSBEREICH "
        "from_day { year: 2026 month: 1 day: 1 }",
        &text));
    EXPECT_TRUE(google::protobuf::TextFormat::MergeFromString(changes, &text)) << changes;
    return text;
  }

  // At the head that the store has.
  static v1::RecordVereinbarungRequest Recording(TestStore& at, int dossier, const v1::Vereinbarung& text,
                                                 const google::type::Date& day, const std::string& id = "record") {
    v1::RecordVereinbarungRequest request;
    request.set_dossier(DossierId(dossier));
    request.set_request_id(id);
    request.set_expected_head(at.dossiers->Peek(DossierId(dossier))->head());
    *request.mutable_event_day() = day;
    *request.mutable_vereinbarung() = text;
    return request;
  }

  static dossier::Caller Somebody() { return {"teilhabe://schulung-test/lwl/official/a7", "a7", "", ""}; }
  static absl::StatusOr<v1::RegisteredProvider> Register(TestStore& at, const v1::RegisterProviderRequest& request) {
    return Registration(*at.dossiers, at.registered).RegisterProvider(Somebody(), request);
  }
  static absl::StatusOr<v1::RegisteredProvider> Record(TestStore& at, const v1::RecordVereinbarungRequest& request) {
    return Registration(*at.dossiers, at.registered).RecordVereinbarung(Somebody(), request);
  }
  // Appends what no use case here writes.
  static absl::Status Append(TestStore& at, int dossier, dossier::v1::EventDraft draft, const google::type::Date& day,
                             const std::string& id) {
    *draft.mutable_header()->mutable_event_day() = day;
    draft.mutable_header()->set_legal_basis("§ 125 SGB IX");
    const std::string head = at.dossiers->Peek(DossierId(dossier))->head();
    return at.dossiers->Commit([&](dossier::Unit& unit) {
      return at.dossiers->desk()
          .Append(unit, Somebody(), {id, crypto::Sha256(id)}, DossierId(dossier), head, draft)
          .status();
    });
  }

  trust::TestNetwork network;
  std::shared_ptr<FakeClock> clock = std::make_shared<FakeClock>(absl::FromUnixSeconds(1780000000));
  std::unique_ptr<TestStore> lwl, lvr;

 private:
  std::int64_t incarnation_ = 1;
};

}  // namespace teilhabe::providers
