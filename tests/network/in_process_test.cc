// Inside a process a call has no certificate: who calls is what its call context says, and without one nobody is.
#include "common/base/reason.h"
#include "common/rpc/convert.h"
#include "common/rpc/status.h"
#include "grpcpp/server_builder.h"
#include "gtest/gtest.h"
#include "tests/network/node_for_test.h"

namespace teilhabe {
namespace {

using trust::IdentityKind;

class InProcessTest : public testing::Test {
 protected:
  InProcessTest() {
    network_.AddNode("lwl");
    identity_ = MakeIdentity(network_.Issue("lwl", IdentityKind::kNode), network_);
    gatekeeper_ = std::make_shared<rpc::Gatekeeper>(identity_, std::make_shared<SystemClock>());
    service_ = std::make_unique<carriers::CarriersServiceImpl>(carriers::CompetenceRules::Embedded(), gatekeeper_);
    grpc::ServerBuilder builder;
    builder.RegisterService(service_.get());
    server_ = builder.BuildAndStart();
    stub_ = carriers::v1::CarriersService::NewStub(server_->InProcessChannel({}));
  }

  std::string Call(grpc::ClientContext& context) {
    carriers::v1::ListRulesResponse response;
    return GetReason(rpc::FromGrpcStatus(stub_->ListRules(&context, {}, &response)));
  }

  // Calls as a handler that `identity` called would call on.
  std::string CallFor(const trust::Identity& identity) {
    grpc::ClientContext context;
    EXPECT_TRUE(gatekeeper_->AddContext({identity, std::nullopt, nullptr}, {}, context).ok());
    return Call(context);
  }

  trust::TestNetwork network_;
  std::shared_ptr<const rpc::NodeIdentity> identity_;
  std::shared_ptr<rpc::Gatekeeper> gatekeeper_;
  std::unique_ptr<carriers::CarriersServiceImpl> service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<carriers::v1::CarriersService::Stub> stub_;
};

TEST_F(InProcessTest, ACallWithoutContextIsNobodys) {
  grpc::ClientContext context;
  EXPECT_EQ(Call(context), "CONTEXT_MISSING");
}

TEST_F(InProcessTest, ACallCarriesWhoCalled) {
  EXPECT_EQ(CallFor({"schulung-test", "lwl", IdentityKind::kOfficial, "a7"}), "");
  EXPECT_EQ(CallFor({"schulung-test", "lwl", IdentityKind::kNode, ""}), "METHOD_NOT_ALLOWED")
      << "gate 1 holds inside too";
}

TEST_F(InProcessTest, TwoContextsAreNone) {
  grpc::ClientContext context;
  for (int at = 0; at < 2; ++at) {
    const trust::Identity official = {"schulung-test", "lwl", IdentityKind::kOfficial, "a7"};
    ASSERT_TRUE(gatekeeper_->AddContext({official, std::nullopt, nullptr}, {}, context).ok());
  }
  EXPECT_EQ(Call(context), "CONTEXT_FOREIGN");
}

}  // namespace
}  // namespace teilhabe
