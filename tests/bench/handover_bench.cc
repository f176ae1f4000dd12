// Complete handovers per second between two nodes of this process over mutual TLS: offer, acceptance, receipts, signed,
// durable and in the journal on both sides; beside bare group commit with journal in the same run. Not a test: nothing
// here can fail on speed.
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "common/base/check.h"
#include "common/dossier/days.h"
#include "common/rpc/tls.h"
#include "tests/bench/measure.h"
#include "tests/network/node_for_test.h"

namespace teilhabe {
namespace {

namespace wire = dossier::v1;
namespace parts = participants::v1;

constexpr char kFrom[] = "lvr";
constexpr char kTo[] = "lwl";

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
    accepting.AddMetadata(rpc::kPurposeMetadata, "case_work");
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
    context.AddMetadata(rpc::kPurposeMetadata, "case_work");
    TEILHABE_CHECK(from_stub_->AppendEvent(&context, request, &response).ok());
    return response.answer().head().hash();
  }

  trust::TestNetwork network_;
  Bell bell_;
  std::unique_ptr<TestNode> from_, to_;
  std::unique_ptr<parts::DossierService::Stub> from_stub_, to_stub_;
};

// What one signature and one verification cost here, for the profile.
double Micros(int times, const std::function<void()>& work) {
  const absl::Time begin = absl::Now();
  for (int at = 0; at < times; ++at) work();
  return absl::ToDoubleMicroseconds(absl::Now() - begin) / times;
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
    const auto before = CpuByThread();
    const Timing handovers = Run(in_flight, total, [&](int at) {
      pair.HandOver(dossiers[static_cast<std::size_t>(at)], heads[static_cast<std::size_t>(at)]);
    });
    const auto after = CpuByThread();
    Baseline baseline;
    const Timing bare = Run(in_flight, total * 10, [&](int at) { baseline.Commit(at); });
    std::printf("%9d %14.0f %10.2f %16.0f %10.2f %7.3f\n", in_flight, handovers.per_second, handovers.p50_millis(),
                bare.per_second, bare.p50_millis(), handovers.per_second / bare.per_second);
    last = handovers.per_second;
    PrintCpu(before, after, total, "handover");
  }
  PrintProfile(last);
  return 0;
}

}  // namespace
}  // namespace teilhabe

int main() { return teilhabe::Main(); }
