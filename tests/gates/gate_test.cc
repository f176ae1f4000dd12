// Gate 1: every identity kind × every method of every service. The expectation is written out here by hand, so that a
// changed cell of the table must be changed twice, by two thoughts.
#include "common/trust/gate.h"

#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/reason.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"

namespace teilhabe::trust {
namespace {

// n: own node, v: own service, s: own system, o: own official, g: own guest, p: own person, N: a foreign node.
struct Expected {
  const char* method;
  const char* allowed;
};
constexpr Expected kExpected[] = {
    {"grpc.health.v1.Health/Check", "nvsoN"},
    {"grpc.health.v1.Health/Watch", "nvs"},
    {"teilhabe.carriers.v1.CarriersService/DetermineCompetence", "vsoN"},
    {"teilhabe.carriers.v1.CarriersService/DetermineCompetenceBatch", "vsoN"},
    {"teilhabe.carriers.v1.CarriersService/ListFacts", "vsogpN"},
    {"teilhabe.carriers.v1.CarriersService/ListRules", "vsogpN"},
    {"teilhabe.eligibility.v1.EligibilityService/EvaluateAdmission", "vso"},
    {"teilhabe.eligibility.v1.EligibilityService/ListAdmissionRules", "vso"},
    {"teilhabe.handover.v1.NetworkService/GetBalance", "so"},
    {"teilhabe.handover.v1.NetworkService/GetStatus", "so"},
    {"teilhabe.handover.v1.NetworkService/OfferDirectory", "s"},
    {"teilhabe.handover.v1.NetworkService/TakeClock", "s"},
    {"teilhabe.handover.v1.PeerService/Deliver", "N"},
    {"teilhabe.handover.v1.PeerService/GetDirectory", "N"},
    {"teilhabe.handover.v1.PeerService/GetLink", "N"},
    {"teilhabe.handover.v1.PeerService/Greet", "N"},
    {"teilhabe.participants.v1.CaseService/AnnounceCase", "so"},
    {"teilhabe.participants.v1.CaseService/AnswerCase", "so"},
    {"teilhabe.participants.v1.CaseService/AskOpenCase", "so"},
    {"teilhabe.participants.v1.CaseService/Contribute", "so"},
    {"teilhabe.participants.v1.CaseService/CorrectStep", "so"},
    {"teilhabe.participants.v1.CaseService/Decide", "so"},
    {"teilhabe.participants.v1.CaseService/EndParty", "so"},
    {"teilhabe.participants.v1.CaseService/ForwardCase", "so"},
    {"teilhabe.participants.v1.CaseService/GetCase", "so"},
    {"teilhabe.participants.v1.CaseService/GetTimeline", "so"},
    {"teilhabe.participants.v1.CaseService/InvolveParty", "so"},
    {"teilhabe.participants.v1.CaseService/ListAccesses", "so"},
    {"teilhabe.participants.v1.CaseService/ListCases", "so"},
    {"teilhabe.participants.v1.CaseService/OfferCase", "so"},
    {"teilhabe.participants.v1.CaseService/OpenCase", "so"},
    {"teilhabe.participants.v1.CaseService/RecordArrival", "so"},
    {"teilhabe.participants.v1.CaseService/RecordStep", "so"},
    {"teilhabe.participants.v1.CaseService/SendOutside", "so"},
    {"teilhabe.participants.v1.CaseService/SetFileNumber", "so"},
    {"teilhabe.participants.v1.CaseService/VerifyAccessLog", "so"},
    {"teilhabe.participants.v1.DossierService/AddAttachment", "so"},
    {"teilhabe.participants.v1.DossierService/AnswerOffer", "so"},
    {"teilhabe.participants.v1.DossierService/AppendEvent", "so"},
    {"teilhabe.participants.v1.DossierService/ExportEvidence", "so"},
    {"teilhabe.participants.v1.DossierService/GetDossier", "so"},
    {"teilhabe.participants.v1.DossierService/ListEvents", "so"},
    {"teilhabe.participants.v1.DossierService/ListStatements", "so"},
    {"teilhabe.participants.v1.DossierService/OpenDossier", "so"},
    {"teilhabe.participants.v1.DossierService/ReadAttachment", "so"},
    {"teilhabe.participants.v1.DossierService/ReadSection", "so"},
    {"teilhabe.participants.v1.DossierService/SignStatement", "so"},
    {"teilhabe.participants.v1.PeerCaseService/GetHandoverList", "N"},
    {"teilhabe.participants.v1.PeerCaseService/HaveOpenCase", "N"},
    {"teilhabe.participants.v1.PeerCaseService/ListOwnAccesses", "N"},
    {"teilhabe.participants.v1.PersonService/FindPersons", "so"},
    {"teilhabe.participants.v1.PersonService/LinkCase", "so"},
    {"teilhabe.participants.v1.PersonService/SetVersicherungsnummer", "so"},
    {"teilhabe.participants.v1.PersonService/UnlinkCase", "so"},
    {"teilhabe.providers.v1.ProvidersService/CheckProvider", "vso"},
    {"teilhabe.providers.v1.ProvidersService/GetProvider", "vso"},
    {"teilhabe.providers.v1.ProvidersService/ListProviders", "vso"},
    {"teilhabe.providers.v1.ProvidersService/RecordVereinbarung", "so"},
    {"teilhabe.providers.v1.ProvidersService/RegisterProvider", "so"},
};

// Every method of the contracts that are linked into this test.
std::set<std::string> ContractMethods() {
  std::set<std::string> methods;
  const auto* pool = google::protobuf::DescriptorPool::generated_pool();
  for (const char* file :
       {"teilhabe/carriers/v1/carriers_service.proto", "teilhabe/eligibility/v1/eligibility_service.proto",
        "teilhabe/handover/v1/network_service.proto", "teilhabe/handover/v1/peer_service.proto",
        "teilhabe/participants/v1/case_service.proto", "teilhabe/participants/v1/dossier_service.proto",
        "teilhabe/participants/v1/peer_case_service.proto", "teilhabe/participants/v1/person_service.proto",
        "teilhabe/providers/v1/providers_service.proto", "grpc/health/v1/health.proto"}) {
    const auto* contract = pool->FindFileByName(file);
    EXPECT_NE(contract, nullptr) << file;
    for (int at = 0; contract != nullptr && at < contract->service_count(); ++at) {
      const auto* service = contract->service(at);
      for (int method = 0; method < service->method_count(); ++method) {
        methods.insert(absl::StrCat(service->full_name(), "/", service->method(method)->name()));
      }
    }
  }
  return methods;
}

TEST(Gate, EveryKindOnEveryMethod) {
  constexpr char kLetters[] = "nvsogp";
  int checked = 0;
  for (const Expected& row : kExpected) {
    for (const bool own : {true, false}) {
      for (int kind = 0; kind < kIdentityKindCount; ++kind) {
        const Identity caller = {"test", own ? "lwl" : "lvr", static_cast<IdentityKind>(kind), kind == 0 ? "" : "x"};
        const char letter = own ? kLetters[kind] : kind == 0 ? 'N' : '-';
        const bool expected = std::string_view(row.allowed).find(letter) != std::string_view::npos;
        const absl::Status status = Gate::Embedded().Check(caller, "lwl", row.method);
        EXPECT_EQ(status.ok(), expected) << row.method << " by " << ToUri(caller);
        EXPECT_EQ(GetReason(status), expected ? "" : "METHOD_NOT_ALLOWED");
        ++checked;
      }
    }
  }
  EXPECT_EQ(checked, 59 * 12);
}

TEST(Gate, KnowsEveryMethodOfTheContractsAndNoOther) {
  std::set<std::string> table;
  for (const std::string_view method : Gate::Embedded().Methods()) table.emplace(method);
  std::set<std::string> expected;
  for (const Expected& row : kExpected) expected.insert(row.method);
  EXPECT_EQ(table, ContractMethods());
  EXPECT_EQ(table, expected);
}

TEST(Gate, DeniesWhatIsNotInTheTable) {
  for (int kind = 0; kind < kIdentityKindCount; ++kind) {
    const Identity caller = {"test", "lwl", static_cast<IdentityKind>(kind), "x"};
    EXPECT_EQ(GetReason(Gate::Embedded().Check(caller, "lwl", "teilhabe.carriers.v1.CarriersService/Nothing")),
              "METHOD_NOT_ALLOWED");
  }
  EXPECT_TRUE(Gate::Embedded().NeedsContext("unknown"));
}

}  // namespace
}  // namespace teilhabe::trust
