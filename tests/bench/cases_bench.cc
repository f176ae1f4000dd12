// Whole cases per second at two nodes of this process over mutual TLS, as officials and systems work with them: opened,
// planned and offered at one agency, taken and decided at the other, signed, durable and in the journal on both sides;
// beside bare group commit with journal in the same run. Nothing here can fail on speed; a call that fails, a case that
// is not decided in the end or anything that one side sent and the other has not taken ends it with 1.
#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/base/check.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/dossier/days.h"
#include "common/rpc/gatekeeper.h"
#include "common/rpc/status.h"
#include "common/rpc/tls.h"
#include "teilhabe/handover/v1/network_service.grpc.pb.h"
#include "teilhabe/participants/v1/case_service.grpc.pb.h"
#include "tests/bench/measure.h"
#include "tests/network/node_for_test.h"

namespace teilhabe {
namespace {

namespace net = handover::v1;
namespace parts = participants::v1;

constexpr char kFrom[] = "rd-nrw";
constexpr char kTo[] = "lwl";
constexpr absl::Duration kDeadline = absl::Minutes(1);

// What happens to each case, in this order.
enum Part { kOpen, kApply, kAssess, kDetermine, kPlan, kReport, kOffer, kArrive, kAccept, kDecide, kParts };
constexpr std::array<const char*, kParts> kPartNames = {"OpenCase",   "application", "assessment", "determination",
                                                        "plan",       "report",      "OfferCase",  "(arrives)",
                                                        "AnswerCase", "Decide"};
using Millis = std::array<double, kParts>;

// How long each part of a case takes.
class Watch {
 public:
  explicit Watch(Millis& millis) : millis_(millis) {}
  void Took(Part part) {
    const absl::Time now = absl::Now();
    millis_.at(part) = absl::ToDoubleMilliseconds(now - std::exchange(last_, now));
  }

 private:
  Millis& millis_;
  absl::Time last_ = absl::Now();
};

google::type::Date InDays(int days) { return dossier::ToDate(LegalDay(absl::Now()) + days); }

// What the case does not hold itself: of somebody for whom nobody else is competent, after training.
law::v1::Facts FactsOfDecision() {
  law::v1::Facts facts;
  facts.add_cause(law::v1::CAUSE_NONE);
  facts.add_disability(law::v1::DISABILITY_INTELLECTUAL);
  facts.set_rv_personal(false);
  facts.set_insured_months(0);
  facts.set_em_pension(false);
  facts.set_em_pension_imminent(false);
  facts.set_survivor_pension(false);
  facts.add_rv_exclusion(law::v1::RV_EXCLUSION_NONE);
  facts.set_first_application("this");
  facts.set_personenkreis(true);
  facts.set_better_access(false);
  facts.set_mindestmass(true);
  facts.add_exclusion_219(law::v1::EXCLUSION219_NONE);
  facts.set_reasoned_prognosis(false);
  facts.set_several_traeger(true);
  facts.add_return_from(law::v1::RETURN_FROM_NONE);
  facts.set_age_limit_reached(false);
  facts.set_labour_market_ability(false);
  facts.set_ev_done(true);
  facts.set_bbb_done(true);
  return facts;
}

template <typename Items>
void AddItems(int count, Items& items) {
  for (int number = 1; number <= count; ++number) {
    auto& item = *items.Add();
    item.set_number(number);
    if (number < 9) item.set_text("Inhalt der Planung zu dieser Nummer des Gesetzes.");
    if (number >= 9) item.set_not_applicable(true);
  }
}

// Why calls failed, and how often.
class Failures {
 public:
  void Add(const absl::Status& status) {
    absl::MutexLock lock(&mutex_);
    ++counts_[status.ToString()];
  }
  std::int64_t Print() const {
    absl::MutexLock lock(&mutex_);
    std::int64_t all = 0;
    for (const auto& [what, count] : counts_) {
      std::fprintf(stderr, "%lld times: %s\n", static_cast<long long>(count), what.c_str());
      all += count;
    }
    return all;
  }

 private:
  mutable absl::Mutex mutex_;
  std::map<std::string, std::int64_t> counts_ ABSL_GUARDED_BY(mutex_);
};

// Calls with a purpose and a deadline. `stub` and its method as gRPC makes them.
template <typename Stub, typename Request, typename Response>
absl::StatusOr<Response> Call(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                              const Request& request) {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + kDeadline));
  context.AddMetadata(rpc::kPurposeMetadata, "case_work");
  Response response;
  const absl::Status status = rpc::FromGrpcStatus((stub.*method)(&context, request, &response));
  if (!status.ok()) {
    return absl::Status(status.code(), absl::StrCat(Request::descriptor()->name(), " ", GetReason(status)));
  }
  return response;
}

using CaseStub = parts::CaseService::Stub;
using NetworkStub = net::NetworkService::Stub;

// One agency: its node, and who works there.
class Agency {
 public:
  Agency(const trust::TestNetwork& network, const std::string& member)
      : node(network, member, [this] { bell.Ring(); }),
        system(CaseStubOf(network, member, trust::IdentityKind::kSystem)),
        official(CaseStubOf(network, member, trust::IdentityKind::kOfficial)),
        balance(net::NetworkService::NewStub(
            node.ChannelAs(network.Issue(member, trust::IdentityKind::kSystem, "bench")))) {}

  Bell bell;  // Rings after each commit.
  TestNode node;
  const std::unique_ptr<CaseStub> system, official;
  const std::unique_ptr<NetworkStub> balance;

 private:
  std::unique_ptr<CaseStub> CaseStubOf(const trust::TestNetwork& network, const std::string& member,
                                       trust::IdentityKind kind) const {
    return parts::CaseService::NewStub(node.ChannelAs(network.Issue(member, kind, "bench")));
  }
};

// The two of them, and the script of a case.
class Pair {
 public:
  Pair() {
    AddMember(kFrom, trust::v1::ROLE_BA, "05111000");
    AddMember(kTo, trust::v1::ROLE_EGH_UEBEROERTLICH, "05515000");
    from_ = std::make_unique<Agency>(network_, kFrom);
    to_ = std::make_unique<Agency>(network_, kTo);
    network_.member(kFrom).set_endpoint(from_->node.address());
    network_.member(kTo).set_endpoint(to_->node.address());
    const auto directory = network_.Sign(2);
    for (Agency* agency : {from_.get(), to_.get()}) {
      TEILHABE_CHECK(agency->node.state().OfferDirectory(directory).ok());
      agency->node.Start();
    }
  }

  // From the opening to the decision.
  absl::Status Handle(const std::string& id, int number, Millis& millis) {
    Watch watch(millis);
    TEILHABE_ASSIGN_OR_RETURN(parts::WriteAnswer at, Open(id, number));
    watch.Took(kOpen);
    TEILHABE_ASSIGN_OR_RETURN(at, Record(id, "apply", at, Application()));
    const std::int64_t application = at.head().sequence();
    watch.Took(kApply);
    parts::RecordStepRequest step;
    step.mutable_step()->mutable_assessment()->set_application(application);
    step.mutable_step()->mutable_assessment()->set_instrument("BEI_NRW");
    step.mutable_needs()->set_summary("Bedarf an Anleitung und Begleitung bei der Arbeit.");
    TEILHABE_ASSIGN_OR_RETURN(at, Record(id, "assess", at, step));
    const std::int64_t assessment = at.head().sequence();
    watch.Took(kAssess);
    step.mutable_step()->mutable_determination()->set_application(application);
    step.mutable_step()->mutable_determination()->set_assessment(assessment);
    TEILHABE_ASSIGN_OR_RETURN(at, Record(id, "determine", at, step));
    watch.Took(kDetermine);
    TEILHABE_ASSIGN_OR_RETURN(at, Record(id, "plan", at, Plan(application)));
    watch.Took(kPlan);
    step.Clear();
    step.mutable_step()->mutable_report()->set_kind("fachliche_stellungnahme");
    TEILHABE_ASSIGN_OR_RETURN(at, Record(id, "report", at, step));
    watch.Took(kReport);
    TEILHABE_ASSIGN_OR_RETURN(at, Offer(id, application, at));
    watch.Took(kOffer);
    const bool arrived = to_->bell.Await([&] { return to_->node.node().dossiers().Peek(id)->has_offer(); }, kDeadline);
    if (!arrived) return absl::DeadlineExceededError("an offer has not arrived");
    watch.Took(kArrive);
    TEILHABE_ASSIGN_OR_RETURN(at, Accept(id, at));
    watch.Took(kAccept);
    TEILHABE_RETURN_IF_ERROR(Decide(id, application, at));
    watch.Took(kDecide);
    return absl::OkStatus();
  }

  // Waits until each side has taken what the other sent. Returns what is open in both directions: 0, or too much.
  absl::StatusOr<std::int64_t> Settle() {
    absl::StatusOr<std::int64_t> open = 0;
    for (int at = 0; at < 2; ++at) {
      Agency& asked = at == 0 ? *from_ : *to_;
      const std::string peer = at == 0 ? kTo : kFrom;
      absl::StatusOr<std::int64_t> here = 0;
      asked.bell.Await(
          [&] {
            here = OpenAt(asked, peer);
            return here.ok() && *here == 0;
          },
          kDeadline);
      if (!here.ok()) return here;
      *open += *here;
    }
    return open;
  }

  // Whether the new holder has decided and the former one knows of it; adds the events of the log.
  absl::StatusOr<bool> IsDecided(const std::string& id, std::atomic<std::int64_t>& events) {
    parts::GetCaseRequest request;
    request.set_case_(id);
    TEILHABE_ASSIGN_OR_RETURN(const parts::Case seen, Call(*to_->official, &CaseStub::GetCase, request));
    bool granted = false;
    for (const parts::CaseStep& step : seen.steps()) {
      granted |= step.author() == kTo && step.step().decision().outcome() == parts::DECISION_OUTCOME_GRANTED;
    }
    events += seen.sequence();
    TEILHABE_ASSIGN_OR_RETURN(const auto former, from_->node.node().dossiers().Peek(id));
    return granted && seen.holder() == kTo && former.holder() == kTo && former.head() == seen.head();
  }

 private:
  void AddMember(const std::string& member, trust::v1::Role role, const std::string& seat) {
    network_.AddNode(member);
    network_.member(member).add_roles(role);
    network_.member(member).set_seat(seat);
  }

  absl::StatusOr<parts::WriteAnswer> Open(const std::string& id, int number) {
    parts::OpenCaseRequest request;
    request.set_case_(id);
    request.set_request_id("open");
    *request.mutable_event_day() = InDays(0);
    request.mutable_person()->set_family_name("Beispiel");
    request.mutable_person()->set_given_names(absl::StrCat("Anna ", number));
    *request.mutable_person()->mutable_birth_day() = dossier::ToDate(absl::CivilDay(2001, 5, 31) + number % 1000);
    request.mutable_contact()->set_street("Musterweg 1");
    request.mutable_contact()->set_postal_code("33602");
    request.mutable_contact()->set_place("Bielefeld");
    request.mutable_contact()->set_municipality("05711000");
    return Call(*from_->system, &CaseStub::OpenCase, request);
  }

  absl::StatusOr<parts::WriteAnswer> Record(const std::string& id, const std::string& request_id,
                                            const parts::WriteAnswer& after, parts::RecordStepRequest step) {
    step.set_case_(id);
    step.set_request_id(request_id);
    step.set_expected_head(after.head().hash());
    *step.mutable_event_day() = InDays(0);
    return Call(*from_->system, &CaseStub::RecordStep, step);
  }

  static parts::RecordStepRequest Application() {
    parts::RecordStepRequest step;
    auto& application = *step.mutable_step()->mutable_application();
    *application.mutable_eingang_day() = InDays(0);
    application.set_stage(carriers::v1::STAGE_ARBEITSBEREICH);
    application.set_applicant(parts::APPLICANT_PERSON);
    return step;
  }

  static parts::RecordStepRequest Plan(std::int64_t application) {
    parts::RecordStepRequest step;
    auto& plan = *step.mutable_step()->mutable_teilhabeplan();
    plan.set_application(application);
    plan.set_version(1);
    plan.set_gesamtplan(true);
    *plan.mutable_review_day() = InDays(365);
    AddItems(12, *step.mutable_plan()->mutable_items());
    AddItems(7, *step.mutable_plan()->mutable_gesamtplan_items());
    return step;
  }

  absl::StatusOr<parts::WriteAnswer> Offer(const std::string& id, std::int64_t application,
                                           const parts::WriteAnswer& after) {
    parts::OfferCaseRequest request;
    request.set_case_(id);
    request.set_request_id("offer");
    request.set_expected_head(after.head().hash());
    request.set_to(kTo);
    request.set_request(application);
    return Call(*from_->system, &CaseStub::OfferCase, request);
  }

  absl::StatusOr<parts::WriteAnswer> Accept(const std::string& id, const parts::WriteAnswer& offer) {
    parts::AnswerCaseRequest request;
    request.set_case_(id);
    request.set_request_id("accept");
    request.set_offer_hash(offer.head().hash());
    request.set_accept(true);
    return Call(*to_->system, &CaseStub::AnswerCase, request);
  }

  absl::Status Decide(const std::string& id, std::int64_t application, const parts::WriteAnswer& after) {
    parts::DecideRequest request;
    request.set_case_(id);
    request.set_request_id("decide");
    request.set_expected_head(after.head().hash());
    *request.mutable_event_day() = InDays(0);
    request.mutable_decision()->set_application(application);
    request.mutable_decision()->set_outcome(parts::DECISION_OUTCOME_GRANTED);
    *request.mutable_decision()->mutable_first_day() = InDays(30);
    *request.mutable_facts() = FactsOfDecision();
    return Call(*to_->official, &CaseStub::Decide, request).status();
  }

  // What is not taken yet, in both directions, as this agency and its peer see it together.
  static absl::StatusOr<std::int64_t> OpenAt(Agency& asked, const std::string& peer) {
    net::GetBalanceRequest request;
    request.set_peer(peer);
    TEILHABE_ASSIGN_OR_RETURN(const auto balance, Call(*asked.balance, &NetworkStub::GetBalance, request));
    std::int64_t open = 0;
    for (const net::LinkBalance& link : balance.links()) {
      open += link.sent_sequence() - std::min(link.acknowledged_sequence(), link.peer_taken_sequence());
      open += link.peer_sent_sequence() - link.taken_sequence();
    }
    return balance.balanced() ? open : std::max<std::int64_t>(open, 1);
  }

  trust::TestNetwork network_;
  std::unique_ptr<Agency> from_, to_;
};

// The most memory that this process has had since it was last asked.
double MostMegabytes() {
  std::ifstream status("/proc/self/status");
  std::string word;
  double kilobytes = 0;
  while (status >> word) {
    if (word == "VmHWM:") status >> kilobytes;
  }
  std::ofstream("/proc/self/clear_refs") << "5";
  return kilobytes / 1024;
}

// Runs that many cases; whether all went well.
bool Measure(int in_flight, int total) {
  const auto size = static_cast<std::size_t>(total);
  Failures failures;
  crypto::SystemRng rng;
  std::vector<std::string> ids;
  for (int at = 0; at < total; ++at) ids.push_back(dossier::NewDossierId(rng));
  std::vector<Millis> millis(size);
  std::atomic<std::int64_t> events = 0, decided = 0;
  MostMegabytes();
  Pair pair;
  const auto before = CpuByThread();
  const Timing cases = Run(in_flight, total, [&](int index) {
    const auto at = static_cast<std::size_t>(index);
    const absl::Status handled = pair.Handle(ids[at], index, millis[at]);
    if (!handled.ok()) failures.Add(handled);
  });
  const absl::Time ended = absl::Now();
  const auto after = CpuByThread();
  const auto open = pair.Settle();
  if (!open.ok()) failures.Add(open.status());
  const double settled = absl::ToDoubleMilliseconds(absl::Now() - ended);
  const double megabytes = MostMegabytes();
  Run(in_flight, total, [&](int index) {
    const auto good = pair.IsDecided(ids[static_cast<std::size_t>(index)], events);
    if (!good.ok()) failures.Add(good.status());
    if (good.ok() && *good) ++decided;
  });
  Baseline baseline;
  const Timing bare = Run(in_flight, static_cast<int>(events), [&](int at) { baseline.Commit(at); });

  const auto quantile = [&](int part, double share) {
    std::vector<double> one;
    for (const Millis& of_case : millis) one.push_back(of_case.at(static_cast<std::size_t>(part)));
    return Quantile(std::move(one), share);
  };
  const double events_per_second = cases.per_second * static_cast<double>(events) / total;
  std::printf("%9d %7d %9.1f %9.0f %10.1f %7.1f %13.2f %7.2f %15.0f %7.3f %7.0f\n", in_flight, total, cases.per_second,
              events_per_second, Quantile(cases.millis, 0.5), Quantile(cases.millis, 0.99), quantile(kDecide, 0.5),
              quantile(kDecide, 0.99), bare.per_second, events_per_second / bare.per_second, megabytes);
  std::printf("          p50 ms by part:");
  for (int part = 0; part < kParts; ++part) {
    std::printf(" %s %.2f", kPartNames.at(static_cast<std::size_t>(part)), quantile(part, 0.5));
  }
  std::printf("\n");
  PrintCpu(before, after, total, "case");
  const std::int64_t failed = failures.Print();
  std::printf(
      "          %lld of %d cases held by %s with a granted decision, %lld errors, balance open %lld after %.0f ms\n",
      static_cast<long long>(decided), total, kTo, static_cast<long long>(failed),
      static_cast<long long>(open.value_or(-1)), settled);
  std::fflush(stdout);
  return decided == total && failed == 0 && open.ok() && *open == 0;
}

int Main(int argc, char** argv) {
  int total = 1000, in_flight = 0;
  for (int at = 1; at < argc; at += 2) {
    const bool cases = std::strcmp(argv[at], "--cases") == 0;
    int& value = cases ? total : in_flight;
    if ((!cases && std::strcmp(argv[at], "--in-flight") != 0) || at + 1 == argc ||
        !absl::SimpleAtoi(argv[at + 1], &value) || value < 1) {
      std::fprintf(stderr, "usage: cases_bench [--cases N, 1000] [--in-flight N, 1 and 8 and 32]\n");
      return 2;
    }
  }
  rpc::NarrowTls();
  std::printf("%9s %7s %9s %9s %10s %7s %13s %7s %15s %7s %7s\n", "in flight", "cases", "cases/s", "events/s", "p50 ms",
              "p99 ms", "Decide p50 ms", "p99 ms", "bare commits/s", "ratio", "MB");
  std::vector<int> levels = {1, 8, 32};
  if (in_flight > 0) levels = {in_flight};
  bool good = true;
  for (const int level : levels) good = Measure(level, total) && good;
  return good ? 0 : 1;
}

}  // namespace
}  // namespace teilhabe

int main(int argc, char** argv) { return teilhabe::Main(argc, argv); }
