#include "common/rpc/server.h"

#include <atomic>
#include <cstdlib>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/base/reason.h"
#include "common/rpc/channel.h"
#include "common/rpc/status.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/impl/client_unary_call.h"
#include "grpcpp/impl/method_handler_impl.h"
#include "grpcpp/impl/rpc_service_method.h"
#include "gtest/gtest.h"

namespace teilhabe::rpc {
namespace {

using grpc::health::v1::Health;
using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;
using grpc::protobuf::MessageLite;

constexpr char kSlow[] = "teilhabe.test.Slow";
constexpr absl::Duration kSoon = absl::Seconds(30);  // What must happen, has happened by then.

// A service with one method, written by hand as the generator would: answers once it is let, or its caller is gone.
class SlowService final : public grpc::Service {
 public:
  SlowService() {
    AddMethod(new grpc::internal::RpcServiceMethod(
        "/teilhabe.test.Slow/Wait", grpc::internal::RpcMethod::NORMAL_RPC,
        new grpc::internal::RpcMethodHandler<SlowService, HealthCheckRequest, HealthCheckResponse, MessageLite,
                                             MessageLite>(
            [](SlowService* service, grpc::ServerContext* context, const HealthCheckRequest*, HealthCheckResponse*) {
              return service->Wait(context);
            },
            this)));
  }

  void AwaitCalls(int count) { ASSERT_TRUE(Reached(count)); }
  void Release() { release_.Notify(); }

 private:
  grpc::Status Wait(grpc::ServerContext* context) {
    {
      absl::MutexLock lock(&mutex_);
      ++calls_;
    }
    while (!context->IsCancelled() && !release_.WaitForNotificationWithTimeout(absl::Milliseconds(20))) {
    }
    return grpc::Status::OK;
  }

  bool Reached(int count) {
    absl::MutexLock lock(&mutex_);
    const auto reached = [this, count]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return calls_ >= count; };
    return mutex_.AwaitWithTimeout(absl::Condition(&reached), kSoon);
  }

  absl::Notification release_;
  absl::Mutex mutex_;
  int calls_ ABSL_GUARDED_BY(mutex_) = 0;
};

class ServerTest : public testing::Test {
 protected:
  void Start(ServerOptions options = {}) {
    options.listen = "127.0.0.1:0";
    auto started = Server::Start(options, {{kSlow, &slow_}});
    ASSERT_TRUE(started.ok()) << started.status();
    server_ = *std::move(started);
  }
  std::string Address() const { return absl::StrCat("127.0.0.1:", server_->port()); }
  std::shared_ptr<grpc::Channel> Channel(absl::Duration deadline = kSoon) const {
    return MakeLoopbackChannel(Address(), deadline);
  }
  static grpc::Status Check(grpc::Channel& channel, const std::string& service, HealthCheckResponse* response) {
    HealthCheckRequest request;
    request.set_service(service);
    return Call(channel, "/grpc.health.v1.Health/Check", request, response);
  }
  static grpc::Status Wait(grpc::Channel& channel, absl::Duration own_deadline = absl::InfiniteDuration()) {
    HealthCheckResponse response;
    return Call(channel, "/teilhabe.test.Slow/Wait", {}, &response, own_deadline);
  }
  static grpc::Status Call(grpc::Channel& channel, const char* path, const HealthCheckRequest& request,
                           HealthCheckResponse* response, absl::Duration own_deadline = absl::InfiniteDuration()) {
    grpc::ClientContext context;
    if (own_deadline < absl::InfiniteDuration()) context.set_deadline(absl::ToChronoTime(absl::Now() + own_deadline));
    const grpc::internal::RpcMethod method(path, grpc::internal::RpcMethod::NORMAL_RPC);
    return grpc::internal::BlockingUnaryCall<HealthCheckRequest, HealthCheckResponse, MessageLite, MessageLite>(
        &channel, method, &context, request, response);
  }

  // Asks the reflection service for the services; returns the answer's bytes, or nothing and the status.
  grpc::Status Reflect(std::string* answer) const {
    grpc::GenericStub stub(Channel());
    grpc::ClientContext context;
    grpc::CompletionQueue queue;
    const auto call =
        stub.PrepareCall(&context, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", &queue);
    const auto step = [&queue] {
      void* tag = nullptr;
      bool ok = false;
      return queue.Next(&tag, &ok) && ok;
    };
    call->StartCall(nullptr);
    step();
    const grpc::Slice list_services("\x3A\x00", 2);
    call->WriteLast(grpc::ByteBuffer(&list_services, 1), {}, nullptr);
    step();
    grpc::ByteBuffer got;
    call->Read(&got, nullptr);
    grpc::Slice slice;
    if (step() && got.DumpToSingleSlice(&slice).ok()) answer->assign(slice.begin(), slice.end());
    grpc::Status status;
    call->Finish(&status, nullptr);
    step();
    return status;
  }

  SlowService slow_;  // Outlives the server.
  std::unique_ptr<Server> server_;
};

TEST_F(ServerTest, SecondServerOnThePortIsRefused) {
  Start();
  ServerOptions options;
  options.listen = Address();
  const auto second = Server::Start(options, {});
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(GetReason(second.status()), "LISTEN_FAILED");
  EXPECT_EQ(GetField(second.status()), "listen");
  HealthCheckResponse response;
  EXPECT_TRUE(Check(*Channel(), "", &response).ok());
}

struct Listen {
  const char* name;
  const char* address;
  const char* reason;  // Empty: allowed.
};
class ListenTest : public testing::TestWithParam<Listen> {};

TEST_P(ListenTest, OnlyLoopback) {
  const absl::Status status = CheckListen(GetParam().address);
  EXPECT_EQ(GetReason(status), GetParam().reason) << status;
  if (status.ok()) return;
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(GetField(status), "listen");
  ServerOptions options;
  options.listen = GetParam().address;
  EXPECT_EQ(GetReason(Server::Start(options, {}).status()), GetParam().reason);
}

INSTANTIATE_TEST_SUITE_P(
    Addresses, ListenTest,
    testing::Values(Listen{"Loopback", "127.0.0.1:7400", ""}, Listen{"AnotherLoopback", "127.255.0.9:0", ""},
                    Listen{"Name", "localhost:65535", ""}, Listen{"Six", "[::1]:7400", ""},
                    Listen{"Any", "0.0.0.0:7400", "LISTEN_NOT_LOOPBACK"},
                    Listen{"AnySix", "[::]:7400", "LISTEN_NOT_LOOPBACK"},
                    Listen{"Lan", "192.168.1.2:7400", "LISTEN_NOT_LOOPBACK"},
                    Listen{"Host", "node.example:7400", "LISTEN_NOT_LOOPBACK"},
                    Listen{"HostThatLooksLikeLoopback", "127.0.0.1.example.com:7400", "LISTEN_NOT_LOOPBACK"},
                    Listen{"NoHost", ":7400", "LISTEN_NOT_LOOPBACK"},
                    Listen{"Unix", "unix:/tmp/x:1", "LISTEN_NOT_LOOPBACK"}, Listen{"Empty", "", "LISTEN_INVALID"},
                    Listen{"NoPort", "127.0.0.1", "LISTEN_INVALID"},
                    Listen{"EmptyPort", "127.0.0.1:", "LISTEN_INVALID"},
                    Listen{"PortTooLarge", "127.0.0.1:65536", "LISTEN_INVALID"},
                    Listen{"PortHuge", "127.0.0.1:99999999999999999999", "LISTEN_INVALID"},
                    Listen{"PortNegative", "127.0.0.1:-1", "LISTEN_INVALID"},
                    Listen{"PortWithSpace", "127.0.0.1: 7400", "LISTEN_INVALID"},
                    Listen{"PortName", "127.0.0.1:http", "LISTEN_INVALID"}),
    [](const auto& tested) { return tested.param.name; });

TEST_F(ServerTest, HealthKnowsTheProcessAndItsServices) {
  Start();
  const auto channel = Channel();
  HealthCheckResponse response;
  ASSERT_TRUE(Check(*channel, "", &response).ok());
  EXPECT_EQ(response.status(), HealthCheckResponse::SERVING);
  ASSERT_TRUE(Check(*channel, kSlow, &response).ok());
  EXPECT_EQ(response.status(), HealthCheckResponse::SERVING);
  EXPECT_EQ(Check(*channel, "teilhabe.test.Fast", &response).error_code(), grpc::StatusCode::NOT_FOUND);
  server_->health().SetServing(kSlow, false);
  ASSERT_TRUE(Check(*channel, kSlow, &response).ok());
  EXPECT_EQ(response.status(), HealthCheckResponse::NOT_SERVING);
  ASSERT_TRUE(Check(*channel, "", &response).ok());
  EXPECT_EQ(response.status(), HealthCheckResponse::SERVING);
}

// One Watch, read to its end.
class Watch {
 public:
  Watch(const std::shared_ptr<grpc::Channel>& channel, const std::string& service) : stub_(Health::NewStub(channel)) {
    HealthCheckRequest request;
    request.set_service(service);
    reader_ = stub_->Watch(&context_, request);
  }
  // The next status; UNKNOWN once the stream has ended.
  HealthCheckResponse::ServingStatus Next() {
    HealthCheckResponse response;
    return reader_->Read(&response) ? response.status() : HealthCheckResponse::UNKNOWN;
  }
  void Cancel() { context_.TryCancel(); }
  grpc::Status End() {
    while (Next() != HealthCheckResponse::UNKNOWN) {
    }
    return reader_->Finish();
  }

 private:
  std::unique_ptr<Health::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<HealthCheckResponse>> reader_;
};

TEST_F(ServerTest, WatchTellsEachChange) {
  Start();
  Watch watch(Channel(), kSlow);
  EXPECT_EQ(watch.Next(), HealthCheckResponse::SERVING);
  server_->health().SetServing(kSlow, false);
  EXPECT_EQ(watch.Next(), HealthCheckResponse::NOT_SERVING);
  server_->health().SetServing("", false);  // Of somebody else.
  server_->health().SetServing(kSlow, true);
  EXPECT_EQ(watch.Next(), HealthCheckResponse::SERVING);
}

TEST_F(ServerTest, WatchOfAnUnknownServiceWaitsForIt) {
  Start();
  Watch watch(Channel(), "teilhabe.test.Late");
  EXPECT_EQ(watch.Next(), HealthCheckResponse::SERVICE_UNKNOWN);
  server_->health().SetServing("teilhabe.test.Late", true);
  EXPECT_EQ(watch.Next(), HealthCheckResponse::SERVING);
}

TEST_F(ServerTest, WatchersMayComeAndGoWhileStatusChanges) {
  Start();
  std::atomic<bool> done = false;
  std::thread changer([&] {
    for (bool serving = false; !done; serving = !serving) server_->health().SetServing("", serving);
  });
  for (int at = 0; at < 100; ++at) {
    Watch watch(Channel(), "");
    EXPECT_NE(watch.Next(), HealthCheckResponse::UNKNOWN);
    watch.Cancel();
    EXPECT_EQ(watch.End().error_code(), grpc::StatusCode::CANCELLED);
  }
  done = true;
  changer.join();
}

// The grace is for calls under way; a Watch would use it up if it were not ended.
TEST_F(ServerTest, ShutdownTellsWatchersFirstAndEndsThemAtOnce) {
  Start();
  std::vector<std::unique_ptr<Watch>> watches;
  for (int at = 0; at < 20; ++at) {
    watches.push_back(std::make_unique<Watch>(Channel(), at % 2 == 0 ? "" : kSlow));
    EXPECT_EQ(watches.back()->Next(), HealthCheckResponse::SERVING);
  }
  absl::Notification down;
  std::thread stopper([&] {
    server_->Shutdown(absl::Hours(1));
    down.Notify();
  });
  for (const auto& watch : watches) {
    EXPECT_EQ(watch->Next(), HealthCheckResponse::NOT_SERVING);
    EXPECT_EQ(watch->Next(), HealthCheckResponse::UNKNOWN);
    EXPECT_EQ(watch->End().error_code(), grpc::StatusCode::UNAVAILABLE);
  }
  EXPECT_TRUE(down.WaitForNotificationWithTimeout(kSoon));
  stopper.join();
}

TEST_F(ServerTest, ShutdownLetsACallUnderWayFinish) {
  Start();
  grpc::Status status;
  std::thread caller([&] { status = Wait(*Channel()); });
  slow_.AwaitCalls(1);
  Watch watch(Channel(), "");
  EXPECT_EQ(watch.Next(), HealthCheckResponse::SERVING);
  std::thread stopper([&] { server_->Shutdown(absl::Hours(1)); });
  EXPECT_EQ(watch.Next(), HealthCheckResponse::NOT_SERVING);
  EXPECT_EQ(watch.End().error_code(), grpc::StatusCode::UNAVAILABLE);
  slow_.Release();
  caller.join();
  EXPECT_TRUE(status.ok()) << status.error_message();
  stopper.join();
}

TEST_F(ServerTest, ShutdownCancelsWhatOutlastsItsGrace) {
  Start();
  grpc::Status status;
  std::thread caller([&] { status = Wait(*Channel()); });
  slow_.AwaitCalls(1);
  const absl::Time start = absl::Now();
  server_->Shutdown(absl::Milliseconds(100));
  EXPECT_LT(absl::Now() - start, kSoon);
  caller.join();
  EXPECT_FALSE(status.ok());
  server_->Shutdown(absl::Hours(1));  // Safe again.
}

TEST_F(ServerTest, TakesNoCallAfterShutdown) {
  Start();
  const auto channel = Channel();
  HealthCheckResponse response;
  ASSERT_TRUE(Check(*channel, "", &response).ok());
  server_->Shutdown(absl::Seconds(1));
  EXPECT_EQ(Check(*channel, "", &response).error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(ServerTest, PortIsFreeAfterShutdown) {
  Start();
  ServerOptions options;
  options.listen = Address();
  server_->Shutdown(absl::Seconds(1));
  EXPECT_TRUE(Server::Start(options, {}).ok());
}

TEST_F(ServerTest, OversizedMessageIsRefusedAndTheServerGoesOn) {
  ServerOptions options;
  options.max_message_bytes = 4096;
  Start(options);
  const auto channel = Channel();
  HealthCheckResponse response;
  const absl::Status refused = FromGrpcStatus(Check(*channel, std::string(4096, 'x'), &response));
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(GetReason(refused), "MESSAGE_TOO_LARGE");
  EXPECT_EQ(GetField(refused), "message");
  EXPECT_EQ(Check(*channel, std::string(4000, 'x'), &response).error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_TRUE(Check(*channel, "", &response).ok());
}

TEST_F(ServerTest, MoreCallsThanThreadsAreRefusedAndTheServerGoesOn) {
  ServerOptions options;
  options.max_threads = 4;
  Start(options);
  const auto channel = Channel();  // gRPC 1.51 gives up a connection at times that a busy machine makes it wait for.
  ASSERT_TRUE(channel->WaitForConnected(absl::ToChronoTime(absl::Now() + kSoon)));
  std::vector<grpc::Status> statuses(16);
  std::vector<std::thread> callers;
  std::atomic<std::size_t> refused = 0;
  absl::Notification some_refused;
  for (grpc::Status& status : statuses) {
    callers.emplace_back([&] {
      status = Wait(*channel);
      if (!status.ok() && refused.fetch_add(1) == 0) some_refused.Notify();
    });
  }
  EXPECT_TRUE(some_refused.WaitForNotificationWithTimeout(kSoon));
  slow_.Release();
  for (std::thread& caller : callers) caller.join();
  for (const grpc::Status& status : statuses) {
    EXPECT_TRUE(status.ok() || status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED) << status.error_message();
  }
  EXPECT_LT(refused, statuses.size());
  EXPECT_TRUE(Wait(*channel).ok());
}

// gRPC adds reflection to each server of a process by itself; the switch must hold for each of them nevertheless.
TEST_F(ServerTest, ReflectionIsTheChoiceOfEachServer) {
  for (const bool on : {false, true, false}) {
    ServerOptions options;
    options.reflection = on;
    Start(options);
    std::string answer;
    const grpc::Status status = Reflect(&answer);
    EXPECT_EQ(status.error_code(), on ? grpc::StatusCode::OK : grpc::StatusCode::UNIMPLEMENTED);
    EXPECT_EQ(answer.find("grpc.health.v1.Health") != std::string::npos, on);
    EXPECT_EQ(answer.find(kSlow) != std::string::npos, on);
  }
}

TEST_F(ServerTest, ChannelEndsACallThatIsNotAnswered) {
  Start();
  EXPECT_EQ(Wait(*Channel(absl::Milliseconds(200))).error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  // It bounds a longer deadline of the call's own; a shorter one holds.
  EXPECT_EQ(Wait(*Channel(absl::Milliseconds(200)), absl::Hours(1)).error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_EQ(Wait(*Channel(absl::Hours(1)), absl::Milliseconds(200)).error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
}

// gRPC's own count of such a deadline is short by one to two seconds.
TEST_F(ServerTest, ChannelDoesNotEndACallTooSoon) {
  Start();
  HealthCheckResponse response;
  EXPECT_TRUE(Check(*Channel(absl::Milliseconds(500)), "", &response).ok());
  const absl::Time start = absl::Now();
  EXPECT_EQ(Wait(*Channel(absl::Milliseconds(500))).error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_GE(absl::Now() - start, absl::Milliseconds(490));
}

TEST_F(ServerTest, ChannelTakesNoProxy) {
  Start();
  for (const char* name : {"http_proxy", "grpc_proxy", "https_proxy"}) setenv(name, "http://127.0.0.1:1", 1);
  HealthCheckResponse response;
  const grpc::Status status = Check(*Channel(), "", &response);
  for (const char* name : {"http_proxy", "grpc_proxy", "https_proxy"}) unsetenv(name);
  EXPECT_TRUE(status.ok()) << status.error_message();
}

TEST(ChannelTest, NobodyThereIsUnavailable) {
  const auto channel = MakeLoopbackChannel("127.0.0.1:1", kSoon);
  HealthCheckResponse response;
  grpc::ClientContext context;
  EXPECT_EQ(Health::NewStub(channel)->Check(&context, {}, &response).error_code(), grpc::StatusCode::UNAVAILABLE);
}

}  // namespace
}  // namespace teilhabe::rpc
