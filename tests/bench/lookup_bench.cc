// Lookups per second beside a bare echo of equal message sizes on the same server, alternating in the same run.
// Prints medians of the rates and of the pairwise ratios. Not a test: nothing here can fail on speed.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/base/check.h"
#include "common/base/clock.h"
#include "common/rpc/convert.h"
#include "common/rpc/server.h"
#include "common/rpc/tls.h"
#include "common/trust/testing/test_network.h"
#include "echo.grpc.pb.h"
#include "services/carriers/service.h"

namespace teilhabe {
namespace {

namespace carriers_v1 = carriers::v1;
using bench::v1::EchoMessage;
using bench::v1::EchoService;

// Of the same kinds as the carriers service: unary on the server's threads, the stream a reactor.
class EchoImpl final : public EchoService::WithCallbackMethod_EchoStream<EchoService::Service> {
 public:
  grpc::Status Echo(grpc::ServerContext*, const EchoMessage* request, EchoMessage* response) override {
    response->mutable_payload()->resize(static_cast<std::size_t>(request->answer_bytes()));
    return grpc::Status::OK;
  }

  grpc::ServerBidiReactor<EchoMessage, EchoMessage>* EchoStream(grpc::CallbackServerContext*) override {
    class Reactor final : public grpc::ServerBidiReactor<EchoMessage, EchoMessage> {
     public:
      Reactor() { StartRead(&request_); }
      void OnReadDone(bool ok) override {
        if (!ok) return Finish(grpc::Status::OK);
        response_.mutable_payload()->resize(static_cast<std::size_t>(request_.answer_bytes()));
        StartWrite(&response_);
      }
      void OnWriteDone(bool ok) override {
        if (!ok) return Finish(grpc::Status::CANCELLED);
        StartRead(&request_);
      }
      void OnDone() override { delete this; }

     private:
      EchoMessage request_, response_;
    };
    return new Reactor();
  }
};

carriers_v1::CompetenceQuestion Question() {
  carriers_v1::CompetenceQuestion question;
  question.set_municipality("05711000");
  question.set_stage(carriers_v1::STAGE_ARBEITSBEREICH);
  question.set_provider_type(carriers_v1::PROVIDER_TYPE_WFBM);
  *question.mutable_event_day() = rpc::ToProto(absl::CivilDay(2025, 3, 10));
  question.mutable_facts()->add_cause(law::v1::CAUSE_NONE);
  question.mutable_facts()->add_disability(law::v1::DISABILITY_INTELLECTUAL);
  question.mutable_facts()->set_first_application("this");
  return question;
}

struct Result {
  double per_second;
  double p50_micros;
};

// Keeps `in_flight` unary calls going until `total` are answered. `start(done)` begins one call.
Result RunUnary(int in_flight, int total, const std::function<void(std::function<void()>)>& start) {
  absl::Mutex mutex;
  int started = 0;
  int finished = 0;
  std::vector<double> micros;
  std::function<void()> next = [&] {
    {
      absl::MutexLock lock(&mutex);
      if (started == total) return;
      ++started;
    }
    const absl::Time begin = absl::Now();
    start([&, begin] {
      {
        absl::MutexLock lock(&mutex);
        micros.push_back(absl::ToDoubleMicroseconds(absl::Now() - begin));
      }
      next();
      absl::MutexLock lock(&mutex);
      ++finished;
    });
  };
  const absl::Time begin = absl::Now();
  for (int at = 0; at < in_flight; ++at) next();
  const auto all_done = [&] { return finished == total; };
  mutex.LockWhen(absl::Condition(&all_done));
  mutex.Unlock();
  const double seconds = absl::ToDoubleSeconds(absl::Now() - begin);
  std::nth_element(micros.begin(), micros.begin() + static_cast<long>(micros.size() / 2), micros.end());
  return {total / seconds, micros[micros.size() / 2]};
}

// One call of a stub's callback interface, with what it needs for as long as it runs.
template <typename Request, typename Response, typename Call>
std::function<void(std::function<void()>)> Caller(const Request& request, Call call) {
  return [&request, call](std::function<void()> done) {
    struct State {
      grpc::ClientContext context;
      Response response;
    };
    auto* const state = new State();
    call(&state->context, &request, &state->response, [state, done = std::move(done)](grpc::Status status) {
      TEILHABE_CHECK(status.ok());
      delete state;
      done();
    });
  };
}

// Messages per second over one stream, one message under way at a time and `window` written ahead.
template <typename Request, typename Response, typename Open>
double RunStream(const Request& request, int total, Open open) {
  grpc::ClientContext context;
  const auto stream = open(&context);
  constexpr int kWindow = 8;
  const absl::Time begin = absl::Now();
  int written = 0;
  Response response;
  for (int read = 0; read < total; ++read) {
    for (; written < total && written < read + kWindow; ++written) TEILHABE_CHECK(stream->Write(request));
    TEILHABE_CHECK(stream->Read(&response));
  }
  stream->WritesDone();
  const double seconds = absl::ToDoubleSeconds(absl::Now() - begin);
  TEILHABE_CHECK(stream->Finish().ok());
  return total / seconds;
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// Runs both in turn, A B A B ..., and prints medians and the median of the ratios pair by pair.
void Compare(const char* what, const char* unit, int factor, int pairs, const std::function<Result()>& ours,
             const std::function<Result()>& echo) {
  std::vector<double> a, b, ratio, p50_ratio;
  ours();  // Warm-up.
  echo();
  for (int at = 0; at < pairs; ++at) {
    const Result x = ours();
    const Result y = echo();
    a.push_back(x.per_second * factor);
    b.push_back(y.per_second * factor);
    ratio.push_back(x.per_second / y.per_second);
    p50_ratio.push_back(x.p50_micros / y.p50_micros);
  }
  std::printf("%-34s %10.0f %s   echo %10.0f %s   ratio %.2f", what, Median(a), unit, Median(b), unit, Median(ratio));
  if (Median(p50_ratio) > 0) std::printf("   p50 ratio %.2f", Median(p50_ratio));
  std::printf("\n");
}

std::shared_ptr<const rpc::NodeIdentity> MakeIdentity(const trust::TestNetwork& network,
                                                      const trust::TestNetwork::Holder& holder) {
  return std::make_shared<const rpc::NodeIdentity>(
      rpc::NodeIdentity{holder.identity, holder.key, holder.certificate, network.network_cas(), network.Trust(),
                        network.Verified(), *trust::ContextKey::FromBytes(std::string(32, 'k')), std::nullopt});
}

int Main(int argc, char** argv) {
  rpc::NarrowTls();
  int pairs = 5;
  if (argc > 1) TEILHABE_CHECK(absl::SimpleAtoi(argv[1], &pairs) && pairs > 0);
  trust::TestNetwork network;
  network.AddNode("lwl");
  const auto directory = std::make_shared<trust::DirectoryHolder>(network.Verified());
  const auto node = MakeIdentity(network, network.Issue("lwl", trust::IdentityKind::kNode));
  const auto client = MakeIdentity(network, network.Issue("lwl", trust::IdentityKind::kSystem, "bench"));
  const auto gatekeeper = std::make_shared<rpc::Gatekeeper>(node, std::make_shared<SystemClock>());
  carriers::CarriersServiceImpl service(carriers::CompetenceRules::Embedded(), gatekeeper);
  EchoImpl echo;
  rpc::ServerOptions options;
  options.listen = "127.0.0.1:0";
  options.credentials = rpc::MakeServerCredentials(node, directory);
  options.gatekeeper = gatekeeper;
  const auto server =
      rpc::Server::Start(options, {{service.kName, &service}, {"teilhabe.bench.v1.EchoService", &echo}});
  TEILHABE_CHECK(server.ok());
  const std::string address = "127.0.0.1:" + std::to_string((*server)->port());
  const auto channel = rpc::MakeChannel(address, "lwl", client, directory, {absl::Seconds(60), 4 << 20});
  const auto carriers_stub = carriers_v1::CarriersService::NewStub(channel);
  const auto echo_stub = EchoService::NewStub(channel);

  carriers_v1::DetermineCompetenceRequest request;
  *request.mutable_question() = Question();
  carriers_v1::DetermineCompetenceResponse response;
  grpc::ClientContext context;
  TEILHABE_CHECK(carriers_stub->DetermineCompetence(&context, request, &response).ok());
  EchoMessage echo_request;
  echo_request.set_payload(std::string(request.ByteSizeLong(), 'x'));
  echo_request.set_answer_bytes(static_cast<int>(response.ByteSizeLong()));

  const auto ask = Caller<carriers_v1::DetermineCompetenceRequest, carriers_v1::DetermineCompetenceResponse>(
      request, [&](auto... args) { carriers_stub->async()->DetermineCompetence(args...); });
  const auto ask_echo =
      Caller<EchoMessage, EchoMessage>(echo_request, [&](auto... args) { echo_stub->async()->Echo(args...); });
  std::printf("unary: request %zu bytes, response %zu bytes; mutual TLS on loopback, one channel, %d pairs\n",
              request.ByteSizeLong(), response.ByteSizeLong(), pairs);
  for (const auto& [in_flight, total] : {std::pair(1, 4000), std::pair(64, 30000)}) {
    const std::string what = "unary lookup, " + std::to_string(in_flight) + " in flight";
    Compare(
        what.c_str(), "calls/s", 1, pairs, [&, n = in_flight, t = total] { return RunUnary(n, t, ask); },
        [&, n = in_flight, t = total] { return RunUnary(n, t, ask_echo); });
  }

  for (const int batch : {100, 1000}) {
    carriers_v1::DetermineCompetenceBatchRequest many;
    for (int at = 0; at < batch; ++at) *many.add_questions() = Question();
    carriers_v1::DetermineCompetenceBatchResponse answers;
    {
      grpc::ClientContext once;
      const auto stream = carriers_stub->DetermineCompetenceBatch(&once);
      TEILHABE_CHECK(stream->Write(many) && stream->Read(&answers));
      stream->WritesDone();
      TEILHABE_CHECK(stream->Finish().ok());
    }
    EchoMessage many_echo;
    many_echo.set_payload(std::string(many.ByteSizeLong(), 'x'));
    many_echo.set_answer_bytes(static_cast<int>(answers.ByteSizeLong()));
    const int total = 300'000 / batch;
    const std::string what = "batch stream, " + std::to_string(batch) + " a message";
    Compare(
        what.c_str(), "answers/s", batch, pairs,
        [&] {
          return Result{
              RunStream<carriers_v1::DetermineCompetenceBatchRequest, carriers_v1::DetermineCompetenceBatchResponse>(
                  many, total, [&](auto* c) { return carriers_stub->DetermineCompetenceBatch(c); }),
              0};
        },
        [&] {
          return Result{
              RunStream<EchoMessage, EchoMessage>(many_echo, total, [&](auto* c) { return echo_stub->EchoStream(c); }),
              0};
        });
  }
  return 0;
}

}  // namespace
}  // namespace teilhabe

int main(int argc, char** argv) { return teilhabe::Main(argc, argv); }
