// Two nodes over real sockets: what one registers of providers, the other has.
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/base/reason.h"
#include "common/dossier/days.h"
#include "common/rpc/status.h"
#include "gtest/gtest.h"
#include "tests/network/node_for_test.h"

namespace teilhabe {
namespace {

namespace wire = providers::v1;
using trust::IdentityKind;

constexpr absl::Duration kSoon = absl::Seconds(60);  // What must happen, has happened by then.
constexpr char kDossier[] = "0123456789abcdef0123456789abcdef";

// Wakes who waits for something to be committed anywhere.
class Bell {
 public:
  void Ring() {
    absl::MutexLock lock(&mutex_);
    ++rings_;
  }
  // Whether it becomes so in time.
  template <typename Good>
  bool Await(const Good& good) {
    const absl::Time end = absl::Now() + kSoon;
    for (;;) {
      std::int64_t seen = 0;
      {
        absl::MutexLock lock(&mutex_);
        seen = rings_;
      }
      if (good()) return true;
      if (absl::Now() > end) return false;
      absl::MutexLock lock(&mutex_);
      const auto rung = [this, seen] { return rings_ != seen; };
      mutex_.AwaitWithDeadline(absl::Condition(&rung), end);
    }
  }

 private:
  absl::Mutex mutex_;
  std::int64_t rings_ = 0;
};

class ProvidersNetworkTest : public testing::Test {
 protected:
  ProvidersNetworkTest() {
    network_.AddNode("lwl");
    network_.AddNode("lvr");
    for (const char* member : {"lwl", "lvr"}) network_.member(member).add_roles(trust::v1::ROLE_EGH_UEBEROERTLICH);
    network_.AddGuest("ala", "lwl");
    network_.member("ala").add_roles(trust::v1::ROLE_ALA);
    for (const char* member : {"lwl", "lvr"}) {
      nodes_.push_back(std::make_unique<TestNode>(network_, member, [this] { bell_.Ring(); }));
      network_.member(member).set_endpoint(nodes_.back()->address());
    }
    const auto directory = network_.Sign(2);
    for (const auto& node : nodes_) {
      EXPECT_TRUE(node->state().OfferDirectory(directory).ok());
      node->Start();
    }
  }

  TestNode& lwl() { return *nodes_[0]; }
  TestNode& lvr() { return *nodes_[1]; }

  static std::string ReasonOf(const grpc::Status& status) {
    return status.ok() ? "" : GetReason(rpc::FromGrpcStatus(status));
  }
  std::unique_ptr<wire::ProvidersService::Stub> StubAs(TestNode& node, const trust::TestNetwork::Holder& holder) {
    return wire::ProvidersService::NewStub(node.ChannelAs(holder));
  }
  std::unique_ptr<wire::ProvidersService::Stub> Stub(TestNode& node, const char* member) {
    return StubAs(node, network_.Issue(member, IdentityKind::kOfficial, "a7"));
  }

  static wire::RegisterProviderRequest Registering() {
    wire::RegisterProviderRequest request;
    request.set_dossier(kDossier);
    request.set_request_id("register");
    *request.mutable_event_day() = dossier::ToDate(LegalDay(absl::Now()));
    wire::Provider& provider = *request.mutable_provider();
    provider.set_id("ala");
    provider.set_name("Anderer Anbieter (erfunden)");
    provider.set_type(carriers::v1::PROVIDER_TYPE_ALA);
    provider.add_stages(carriers::v1::STAGE_ARBEITSBEREICH);
    provider.set_seat("05711000");
    return request;
  }
  static wire::RecordVereinbarungRequest Recording(const std::string& head) {
    wire::RecordVereinbarungRequest request;
    request.set_dossier(kDossier);
    request.set_request_id("record");
    request.set_expected_head(head);
    *request.mutable_event_day() = dossier::ToDate(LegalDay(absl::Now()));
    wire::Vereinbarung& text = *request.mutable_vereinbarung();
    text.set_id("ab");
    text.set_kind(wire::VEREINBARUNG_KIND_SGB9_125);
    text.set_contracting_traeger("lwl");
    text.add_stages(carriers::v1::STAGE_ARBEITSBEREICH);
    *text.mutable_from_day() = request.event_day();
    return request;
  }
  template <typename Request, typename Response>
  static grpc::Status Call(wire::ProvidersService::Stub& stub,
                           grpc::Status (wire::ProvidersService::Stub::*method)(grpc::ClientContext*, const Request&,
                                                                                Response*),
                           const Request& request, Response* response) {
    grpc::ClientContext context;
    return (stub.*method)(&context, request, response);
  }

  trust::TestNetwork network_;
  Bell bell_;
  std::vector<std::unique_ptr<TestNode>> nodes_;
};

using Service = wire::ProvidersService::Stub;

TEST_F(ProvidersNetworkTest, WhatOneNodeRegistersTheOtherHas) {
  const auto here = Stub(lwl(), "lwl");
  const auto there = Stub(lvr(), "lvr");
  wire::RegisterProviderResponse registered;
  EXPECT_EQ(ReasonOf(Call(*here, &Service::RegisterProvider, Registering(), &registered)), "");
  EXPECT_EQ(registered.provider().holder(), "lwl");
  wire::GetProviderRequest get;
  get.set_provider("ala");
  wire::RegisteredProvider got;
  EXPECT_TRUE(bell_.Await([&] { return Call(*there, &Service::GetProvider, get, &got).ok(); }));
  EXPECT_EQ(got.provider().name(), "Anderer Anbieter (erfunden)");
  EXPECT_EQ(got.vereinbarungen_size(), 0);

  wire::CheckProviderRequest check;
  check.set_provider("ala");
  check.set_stage(carriers::v1::STAGE_ARBEITSBEREICH);
  *check.mutable_event_day() = dossier::ToDate(LegalDay(absl::Now()));
  wire::CheckProviderResponse checked;
  EXPECT_EQ(ReasonOf(Call(*there, &Service::CheckProvider, check, &checked)), "");
  EXPECT_EQ(checked.breaches_size(), 1);

  wire::RecordVereinbarungResponse recorded;
  EXPECT_EQ(ReasonOf(Call(*here, &Service::RecordVereinbarung, Recording(registered.provider().head()), &recorded)),
            "");
  EXPECT_TRUE(bell_.Await(
      [&] { return Call(*there, &Service::GetProvider, get, &got).ok() && got.vereinbarungen_size() == 1; }));
  EXPECT_EQ(got.head(), recorded.provider().head());
  EXPECT_EQ(ReasonOf(Call(*there, &Service::CheckProvider, check, &checked)), "");
  EXPECT_EQ(checked.breaches_size(), 0);
  EXPECT_EQ(checked.contracting_traeger(), "lwl");
  EXPECT_EQ(lvr().node().provider_register().Check(check)->SerializeAsString(), checked.SerializeAsString())
      << "without gRPC the same";
  wire::ListProvidersResponse listed;
  EXPECT_EQ(ReasonOf(Call(*there, &Service::ListProviders, wire::ListProvidersRequest(), &listed)), "");
  EXPECT_EQ(listed.providers_size(), 1);
}

TEST_F(ProvidersNetworkTest, ErrorsHaveTheirReasons) {
  const auto here = Stub(lwl(), "lwl");
  wire::RegisterProviderResponse registered;
  wire::RegisterProviderRequest bad = Registering();
  bad.mutable_provider()->clear_name();
  const grpc::Status malformed = Call(*here, &Service::RegisterProvider, bad, &registered);
  EXPECT_EQ(malformed.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ReasonOf(malformed), "PROVIDER_MALFORMED");
  EXPECT_EQ(GetField(rpc::FromGrpcStatus(malformed)), "provider.name");
  wire::RecordVereinbarungResponse recorded;
  const grpc::Status unknown = Call(*here, &Service::RecordVereinbarung, Recording(std::string(32, 'h')), &recorded);
  EXPECT_EQ(unknown.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(ReasonOf(unknown), "DOSSIER_UNKNOWN");
  EXPECT_EQ(ReasonOf(Call(*here, &Service::RegisterProvider, Registering(), &registered)), "");
  const grpc::Status moved = Call(*here, &Service::RecordVereinbarung, Recording(std::string(32, 'h')), &recorded);
  EXPECT_EQ(moved.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(ReasonOf(moved), "HEAD_MOVED");
  wire::RegisteredProvider got;
  EXPECT_EQ(ReasonOf(Call(*here, &Service::GetProvider, wire::GetProviderRequest(), &got)), "PROVIDER_UNKNOWN");
  wire::ListProvidersRequest list;
  list.set_page_size(-1);
  wire::ListProvidersResponse listed;
  EXPECT_EQ(ReasonOf(Call(*here, &Service::ListProviders, list, &listed)), "PAGE_SIZE");
  wire::CheckProviderResponse checked;
  EXPECT_EQ(ReasonOf(Call(*here, &Service::CheckProvider, wire::CheckProviderRequest(), &checked)), "STAGE_MISSING");
}

TEST_F(ProvidersNetworkTest, WhoMayCallWhat) {
  const auto reasons = [this](const trust::TestNetwork::Holder& holder) {
    const auto stub = StubAs(lwl(), holder);
    wire::RegisterProviderResponse registered;
    wire::RecordVereinbarungResponse recorded;
    wire::RegisteredProvider got;
    wire::ListProvidersResponse listed;
    wire::CheckProviderResponse checked;
    return std::vector<std::string>{
        ReasonOf(Call(*stub, &Service::RegisterProvider, wire::RegisterProviderRequest(), &registered)),
        ReasonOf(Call(*stub, &Service::RecordVereinbarung, wire::RecordVereinbarungRequest(), &recorded)),
        ReasonOf(Call(*stub, &Service::GetProvider, wire::GetProviderRequest(), &got)),
        ReasonOf(Call(*stub, &Service::ListProviders, wire::ListProvidersRequest(), &listed)),
        ReasonOf(Call(*stub, &Service::CheckProvider, wire::CheckProviderRequest(), &checked))};
  };
  const std::string no = "METHOD_NOT_ALLOWED";
  const std::string dossier = "DOSSIER_INVALID";
  EXPECT_EQ(reasons(network_.Issue("lvr", IdentityKind::kNode)), (std::vector{no, no, no, no, no})) << "a foreign node";
  EXPECT_EQ(reasons(network_.Issue("lwl", IdentityKind::kGuest, "ala")), (std::vector{no, no, no, no, no}));
  EXPECT_EQ(reasons(network_.Issue("lwl", IdentityKind::kService, "participants")),
            (std::vector<std::string>{no, no, "PROVIDER_UNKNOWN", "", "STAGE_MISSING"}));
  EXPECT_EQ(reasons(network_.Issue("lwl", IdentityKind::kSystem, "x")),
            (std::vector<std::string>{dossier, dossier, "PROVIDER_UNKNOWN", "", "STAGE_MISSING"}));
}

}  // namespace
}  // namespace teilhabe
