// Complete handovers per second between two nodes of this process over mutual TLS: offer, acceptance, receipts, signed,
// durable and in the journal on both sides; beside bare group commit with journal in the same run. Not a test: nothing
// here can fail on speed.
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/base/check.h"
#include "common/dossier/days.h"
#include "common/rpc/tls.h"
#include "common/storage/group_commit.h"
#include "tests/network/node_for_test.h"

namespace teilhabe {
namespace {

namespace wire = dossier::v1;
namespace parts = participants::v1;

constexpr char kFrom[] = "lvr";
constexpr char kTo[] = "lwl";

double Seconds(absl::Duration duration) { return absl::ToDoubleSeconds(duration); }

// Wakes everybody who waits for something to arrive.
class Bell {
 public:
  void Ring() {
    absl::MutexLock lock(&mutex_);
    ++rings_;
  }
  template <typename Good>
  void Await(const Good& good) {
    for (;;) {
      std::int64_t seen = 0;
      {
        absl::MutexLock lock(&mutex_);
        seen = rings_;
      }
      if (good()) return;
      absl::MutexLock lock(&mutex_);
      const auto rung = [this, seen] { return rings_ != seen; };
      mutex_.AwaitWithTimeout(absl::Condition(&rung), absl::Seconds(20));
    }
  }

 private:
  absl::Mutex mutex_;
  std::int64_t rings_ = 0;
};

wire::EventHeader Header(wire::EventKind kind) {
  wire::EventHeader header;
  header.set_kind(kind);
  header.set_class_(wire::DOSSIER_CLASS_CASE);
  header.set_legal_basis("§ 19 SGB IX");
  *header.mutable_event_day() = dossier::ToDate(LegalDay(absl::Now()));
  return header;
}

class Pair {
 public:
  Pair() {
    for (const char* member : {kFrom, kTo}) {
      network_.AddNode(member);
      network_.member(member).add_roles(trust::v1::ROLE_EGH_UEBEROERTLICH);
    }
    from_ = std::make_unique<TestNode>(network_, kFrom, [this] { bell_.Ring(); });
    to_ = std::make_unique<TestNode>(network_, kTo, [this] { bell_.Ring(); });
    network_.member(kFrom).set_endpoint(from_->address());
    network_.member(kTo).set_endpoint(to_->address());
    const auto directory = network_.Sign(2);
    for (TestNode* node : {from_.get(), to_.get()}) {
      TEILHABE_CHECK(node->state().OfferDirectory(directory).ok());
      node->Start();
    }
    from_stub_ = Stub(*from_, kFrom);
    to_stub_ = Stub(*to_, kTo);
  }

  // A dossier with an application, ready to be offered. Returns its head.
  std::string Open(const std::string& dossier) {
    parts::OpenDossierRequest open;
    open.set_dossier(dossier);
    open.set_request_id("open");
    *open.mutable_draft()->mutable_header() = Header(wire::EVENT_KIND_OPENED);
    auto* section = open.mutable_draft()->add_sections();
    section->set_name("identity/p1");
    section->set_category(wire::CATEGORY_IDENTITY);
    section->mutable_payload()->set_type("text/plain");
    section->mutable_payload()->set_content(std::string(500, 'x'));
    parts::OpenDossierResponse opened;
    grpc::ClientContext opening;
    TEILHABE_CHECK(from_stub_->OpenDossier(&opening, open, &opened).ok());
    wire::EventHeader application = Header(wire::EVENT_KIND_RECORDED);
    application.set_record("application");
    return Append(dossier, "apply", opened.answer().head().hash(), application);
  }

  // Ends when both sides have all receipts: the new holder the former one's Wirksam, the former one the Entscheidung.
  void HandOver(const std::string& dossier, const std::string& head) {
    wire::EventHeader offered = Header(wire::EVENT_KIND_OFFERED);
    offered.mutable_offered()->set_to(kTo);
    offered.mutable_offered()->set_request_sequence(2);
    offered.mutable_offered()->mutable_grant()->set_relation("next_stage");
    offered.mutable_offered()->mutable_grant()->add_categories(wire::CATEGORY_IDENTITY);
    const std::string offer = Append(dossier, "offer", head, offered);
    bell_.Await([&] { return to_->node().dossiers().Peek(dossier)->has_offer(); });
    parts::AnswerOfferRequest accept;
    accept.set_dossier(dossier);
    accept.set_request_id("accept");
    accept.set_offer_hash(offer);
    accept.set_outcome(wire::OUTCOME_ACCEPTED);
    accept.set_legal_basis("§ 19 SGB IX");
    parts::AnswerOfferResponse accepted;
    grpc::ClientContext accepting;
    TEILHABE_CHECK(to_stub_->AnswerOffer(&accepting, accept, &accepted).ok());
    bell_.Await([&] { return from_->node().dossiers().Peek(dossier)->holder() == kTo; });
    const std::string hash = accepted.answer().head().hash();
    bell_.Await([&] {
      return !to_->node().dossiers().PeekAbout(dossier, wire::StatementHeader::kWirksam, hash, kFrom)->empty();
    });
  }

 private:
  std::unique_ptr<parts::DossierService::Stub> Stub(const TestNode& node, const std::string& member) {
    return parts::DossierService::NewStub(
        node.ChannelAs(network_.Issue(member, trust::IdentityKind::kSystem, "bench")));
  }

  std::string Append(const std::string& dossier, const std::string& id, const std::string& head,
                     const wire::EventHeader& header) {
    parts::AppendEventRequest request;
    request.set_dossier(dossier);
    request.set_request_id(id);
    request.set_expected_head(head);
    *request.mutable_draft()->mutable_header() = header;
    parts::AppendEventResponse response;
    grpc::ClientContext context;
    TEILHABE_CHECK(from_stub_->AppendEvent(&context, request, &response).ok());
    return response.answer().head().hash();
  }

  trust::TestNetwork network_;
  Bell bell_;
  std::unique_ptr<TestNode> from_, to_;
  std::unique_ptr<parts::DossierService::Stub> from_stub_, to_stub_;
};

// Runs `work(index)` for 0 to total-1 on `in_flight` threads. Returns the median of one and the time of all.
struct Timing {
  double per_second = 0;
  double p50_millis = 0;
};
template <typename Work>
Timing Run(int in_flight, int total, const Work& work) {
  std::atomic<int> next = 0;
  std::vector<double> millis(static_cast<std::size_t>(total));
  const absl::Time begin = absl::Now();
  std::vector<std::thread> threads;
  for (int at = 0; at < in_flight; ++at) {
    threads.emplace_back([&] {
      pthread_setname_np(pthread_self(), "client");
      for (int index = next++; index < total; index = next++) {
        const absl::Time started = absl::Now();
        work(index);
        millis[static_cast<std::size_t>(index)] = absl::ToDoubleMilliseconds(absl::Now() - started);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const double seconds = Seconds(absl::Now() - begin);
  std::nth_element(millis.begin(), millis.begin() + total / 2, millis.end());
  return {total / seconds, millis[static_cast<std::size_t>(total / 2)]};
}

// What every durable step costs at least: one row and one record of a journal, in groups.
class Baseline {
 public:
  Baseline()
      : database_(*storage::OpenDatabase("sqlite:" + (folder_.path() / "data" / "bare.db").string())),
        journal_(*dossier::FileJournal::Open(folder_.path() / "journal", "bare")),
        queue_(*database_, 1024, [this] { return journal_->Append(std::exchange(records_, {})); }),
        thread_((Make(), queue_), *database_) {}

  void Commit(int index) {
    TEILHABE_CHECK(queue_
                       .Commit(
                           [&](storage::Transaction& tx) {
                             return tx
                                 .Execute("INSERT INTO row (id, bytes) VALUES ($1, $2)",
                                          {std::int64_t{next_++}, storage::Bytes{std::string(600, 'x')}})
                                 .status();
                           },
                           [&] {
                             records_.push_back({"dossier", index, 1, crypto::Sha256(std::to_string(index)), 1,
                                                 std::string(400, 'x'), std::string(100, 'y')});
                           })
                       .ok());
  }

 private:
  void Make() {
    TEILHABE_CHECK(
        database_->Execute("CREATE TABLE row (id BIGINT NOT NULL PRIMARY KEY, bytes {BYTES} NOT NULL)", {}).ok());
  }

  TemporaryFolder folder_;
  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<dossier::FileJournal> journal_;
  std::vector<dossier::JournalRecord> records_;
  std::atomic<std::int64_t> next_ = 0;
  storage::GroupCommit queue_;
  storage::GroupCommitThread thread_;
};

// What one signature and one verification cost here, for the profile.
double Micros(int times, const std::function<void()>& work) {
  const absl::Time begin = absl::Now();
  for (int at = 0; at < times; ++at) work();
  return absl::ToDoubleMicroseconds(absl::Now() - begin) / times;
}

// CPU seconds of this process by the names of the threads that live, and of all of it, those that have ended included.
std::map<std::string, double> CpuByThread() {
  std::map<std::string, double> seconds;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  for (const timeval& part : {usage.ru_utime, usage.ru_stime}) {
    seconds["in all"] += static_cast<double>(part.tv_sec) + static_cast<double>(part.tv_usec) / 1e6;
  }
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream stat(task.path() / "stat");
    const std::string text(std::istreambuf_iterator<char>(stat), {});
    const std::size_t open = text.find('('), close = text.rfind(')');
    if (open == std::string::npos || close == std::string::npos) continue;
    std::istringstream rest(text.substr(close + 1));
    std::string word;
    double user = 0, system = 0;
    for (int field = 0; field < 11; ++field) rest >> word;
    rest >> user >> system;
    seconds[text.substr(open + 1, close - open - 1)] += (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
  }
  return seconds;
}

void PrintProfile(double handovers_per_second) {
  const crypto::EcdsaSigner signer(crypto::PrivateKey::Generate());
  const std::string bytes(600, 'x');
  const std::string signature = *signer.Sign("event", bytes);
  const crypto::EcdsaVerifier verifier;
  const double sign = Micros(2000, [&] { TEILHABE_CHECK(signer.Sign("event", bytes).ok()); });
  const double verify = Micros(2000, [&] {
    TEILHABE_CHECK(
        verifier.Verify(signer.public_key(), crypto::Algorithm::kEcdsaP256Sha256, "event", bytes, signature).ok());
  });
  // Signed: offered, accepted, Entscheidung, Wirksam, two Eingaenge of events and what follows of statements; each is
  // verified once by the other side. Envelopes come on top, fewer the more is in flight.
  constexpr int kSigned = 7;
  std::printf(
      "one signature %.0f us, one verification %.0f us; a handover signs and verifies %d messages: %.2f ms, %.0f %% of "
      "two cores at this rate\n",
      sign, verify, kSigned, kSigned * (sign + verify) / 1000,
      kSigned * (sign + verify) * handovers_per_second / 1e6 / 2 * 100);
}

int Main() {
  rpc::NarrowTls();
  std::printf("%9s %14s %10s %16s %10s %7s\n", "in flight", "handovers/s", "p50 ms", "bare commits/s", "p50 ms",
              "ratio");
  double last = 0;
  for (const int in_flight : {1, 8, 64}) {
    const int total = in_flight == 1 ? 200 : in_flight == 8 ? 600 : 1500;
    Pair pair;
    crypto::SystemRng rng;
    std::vector<std::string> dossiers, heads(static_cast<std::size_t>(total));
    for (int at = 0; at < total; ++at) dossiers.push_back(dossier::NewDossierId(rng));
    Run(16, total,
        [&](int at) { heads[static_cast<std::size_t>(at)] = pair.Open(dossiers[static_cast<std::size_t>(at)]); });
    auto before = CpuByThread();
    const Timing handovers = Run(in_flight, total, [&](int at) {
      pair.HandOver(dossiers[static_cast<std::size_t>(at)], heads[static_cast<std::size_t>(at)]);
    });
    const auto after = CpuByThread();
    Baseline baseline;
    const Timing bare = Run(in_flight, total * 10, [&](int at) { baseline.Commit(at); });
    std::printf("%9d %14.0f %10.2f %16.0f %10.2f %7.3f\n", in_flight, handovers.per_second, handovers.p50_millis,
                bare.per_second, bare.p50_millis, handovers.per_second / bare.per_second);
    last = handovers.per_second;
    std::printf("          CPU ms a handover by thread:");
    for (const auto& [name, seconds] : after) {
      const double millis = (seconds - before[name]) * 1000 / total;
      if (millis >= 0.05) std::printf(" %s %.2f", name.c_str(), millis);
    }
    std::printf("\n");
  }
  PrintProfile(last);
  return 0;
}

}  // namespace
}  // namespace teilhabe

int main() { return teilhabe::Main(); }
