#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/reference/reference.h"
#include "common/rpc/dossier_store.h"
#include "services/participants/advisers.h"
#include "services/participants/records.h"
#include "services/participants/store.h"

namespace teilhabe::participants {

// Who asks: for gate 2 and the access log.
struct Actor {
  CallerRole role{};
  dossier::Caller caller;  // Its purpose is that of gate 2.
};

// The use cases of cases, without gRPC: what an agency's officials and systems do. A write is one durable unit at the
// head that the caller has seen; a read leaves its access entry before the answer. Errors: those of the contract
// (case_service.proto). Safe from any thread.
class Cases {
 public:
  // All outlive this.
  Cases(rpc::DossierStore& dossiers, const CaseStore& store, Advisers& advisers, Peers& peers)
      : dossiers_(dossiers), store_(store), advisers_(advisers), peers_(peers) {}

  // --- Writing.
  absl::StatusOr<v1::WriteAnswer> Open(const Actor& actor, const v1::OpenCaseRequest& request);
  absl::StatusOr<v1::WriteAnswer> RecordStep(const Actor& actor, const v1::RecordStepRequest& request);
  absl::StatusOr<v1::WriteAnswer> CorrectStep(const Actor& actor, const v1::CorrectStepRequest& request);
  absl::StatusOr<v1::WriteAnswer> Contribute(const Actor& actor, const v1::ContributeRequest& request);
  absl::StatusOr<v1::DecideResponse> Decide(const Actor& actor, const v1::DecideRequest& request);
  absl::StatusOr<v1::WriteAnswer> Involve(const Actor& actor, const v1::InvolvePartyRequest& request);
  absl::StatusOr<v1::WriteAnswer> EndParty(const Actor& actor, const v1::EndPartyRequest& request);
  absl::StatusOr<v1::WriteAnswer> Announce(const Actor& actor, const v1::AnnounceCaseRequest& request);
  absl::StatusOr<v1::WriteAnswer> Offer(const Actor& actor, const v1::OfferCaseRequest& request);
  absl::StatusOr<v1::WriteAnswer> Answer(const Actor& actor, const v1::AnswerCaseRequest& request);
  absl::StatusOr<v1::WriteAnswer> Forward(const Actor& actor, const v1::ForwardCaseRequest& request);
  absl::StatusOr<v1::SendOutsideResponse> SendOutside(const Actor& actor, const v1::SendOutsideRequest& request);
  absl::StatusOr<v1::WriteAnswer> RecordArrival(const Actor& actor, const v1::RecordArrivalRequest& request);
  absl::Status SetFileNumber(const Actor& actor, const v1::SetFileNumberRequest& request);
  absl::StatusOr<v1::AskOpenCaseResponse> AskOpenCase(const Actor& actor, const v1::AskOpenCaseRequest& request);

  // --- Reading.
  absl::StatusOr<v1::Case> Get(const Actor& actor, const std::string& dossier);
  absl::StatusOr<v1::ListCasesResponse> List(const Actor& actor, const v1::ListCasesRequest& request);
  absl::StatusOr<v1::GetTimelineResponse> Timeline(const Actor& actor, const v1::GetTimelineRequest& request);
  absl::StatusOr<v1::ListAccessesResponse> ListAccesses(const Actor& actor, const std::string& dossier);
  absl::StatusOr<v1::VerifyAccessLogResponse> VerifyAccessLog(const Actor& actor);

  // --- Questions of other nodes; `member` asks.
  absl::StatusOr<v1::HaveOpenCaseResponse> HaveOpenCase(const std::string& member,
                                                        const v1::HaveOpenCaseRequest& request);
  absl::StatusOr<v1::ListOwnAccessesResponse> OwnAccesses(const std::string& member, const std::string& dossier);
  absl::StatusOr<v1::GetHandoverListResponse> HandoverList(const v1::GetHandoverListRequest& request) const;

 private:
  // What a write appends, made from the case as it is at the expected head.
  using Compose = std::function<absl::StatusOr<std::vector<dossier::v1::EventDraft>>(dossier::Unit&, const CaseFile&)>;
  absl::StatusOr<v1::WriteAnswer> Write(const Actor& actor, const dossier::Request& asked, const std::string& dossier,
                                        const std::string& expected_head, const Compose& compose);

  // The case, if this agency is a party. Errors: kNotFound CASE_UNKNOWN.
  absl::StatusOr<CaseFile> Read(storage::Reader& reader, const std::string& dossier) const;
  Relation RelationTo(const dossier::v1::LogState& log) const;
  // Runs a read of a case as a unit, with gate 2 before and the access entry after.
  absl::Status View(
      const Actor& actor, std::string_view action, const std::string& dossier,
      const std::function<absl::Status(dossier::Unit&, const CaseFile&, const std::set<Category>&)>& show);

  // The decision that followed a head, read back from its event; what was erased since is left out.
  absl::Status ReadBack(storage::Reader& reader, const CaseFile& file, const std::string& head,
                        v1::DecideResponse& decided) const;
  // The decision with everything that the node finds out, or why it may not be made.
  absl::Status Prepare(const CaseFile& file, const std::set<std::string>& policies, const v1::DecideRequest& request,
                       v1::DecideResponse& prepared);
  // Asks eligibility, carriers and providers in this order; each may say why the decision may not be made.
  absl::Status AskEligibility(const CaseFile& file, const std::set<std::string>& policies,
                              const v1::DecideRequest& request, v1::DecideResponse& prepared);
  absl::Status AskCarriers(const CaseFile& file, absl::CivilDay day, v1::DecideResponse& prepared);
  absl::Status AskProviders(const CaseFile& file, v1::DecideResponse& prepared);
  absl::StatusOr<std::vector<std::string>> MissingAt(const std::string& member, Stage stage, const CaseFile& file);

  const std::string& self() const { return dossiers_.setup().member; }
  absl::CivilDay Today() const { return dossiers_.ledger().Today(); }

  rpc::DossierStore& dossiers_;
  const CaseStore& store_;
  Advisers& advisers_;
  Peers& peers_;
};

v1::WriteAnswer ToAnswer(const dossier::v1::StoredAnswer& stored);

// Adds the sections of the case that are there to what MissingItems compares.
std::set<std::string> PresentIn(const CaseFile& file);

// The body of a request is all of it, so that a request id stands for one request.
template <typename Message>
dossier::Request ToRequest(std::string_view method, const Message& request) {
  return {request.request_id(), crypto::Hasher("request").Field(method).Raw(request.SerializeAsString()).Finish()};
}

}  // namespace teilhabe::participants
