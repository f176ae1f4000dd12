#pragma once

#include "common/rpc/gatekeeper.h"
#include "services/participants/actor.h"
#include "services/participants/cases.h"
#include "services/participants/persons.h"
#include "teilhabe/participants/v1/case_service.grpc.pb.h"
#include "teilhabe/participants/v1/peer_case_service.grpc.pb.h"
#include "teilhabe/participants/v1/person_service.grpc.pb.h"

namespace teilhabe::participants {

// The gRPC side of cases: who calls and for what, one use case, the answer.
class CaseServiceImpl final : public v1::CaseService::Service {
 public:
  static constexpr char kName[] = "teilhabe.participants.v1.CaseService";
  CaseServiceImpl(const rpc::Gatekeeper& gatekeeper, Cases& cases) : gatekeeper_(gatekeeper), cases_(cases) {}

  using Context = grpc::ServerContext;
  grpc::Status OpenCase(Context*, const v1::OpenCaseRequest*, v1::WriteAnswer*) override;
  grpc::Status RecordStep(Context*, const v1::RecordStepRequest*, v1::WriteAnswer*) override;
  grpc::Status CorrectStep(Context*, const v1::CorrectStepRequest*, v1::WriteAnswer*) override;
  grpc::Status Contribute(Context*, const v1::ContributeRequest*, v1::WriteAnswer*) override;
  grpc::Status Decide(Context*, const v1::DecideRequest*, v1::DecideResponse*) override;
  grpc::Status InvolveParty(Context*, const v1::InvolvePartyRequest*, v1::WriteAnswer*) override;
  grpc::Status EndParty(Context*, const v1::EndPartyRequest*, v1::WriteAnswer*) override;
  grpc::Status AnnounceCase(Context*, const v1::AnnounceCaseRequest*, v1::WriteAnswer*) override;
  grpc::Status OfferCase(Context*, const v1::OfferCaseRequest*, v1::WriteAnswer*) override;
  grpc::Status AnswerCase(Context*, const v1::AnswerCaseRequest*, v1::WriteAnswer*) override;
  grpc::Status ForwardCase(Context*, const v1::ForwardCaseRequest*, v1::WriteAnswer*) override;
  grpc::Status SendOutside(Context*, const v1::SendOutsideRequest*, v1::SendOutsideResponse*) override;
  grpc::Status RecordArrival(Context*, const v1::RecordArrivalRequest*, v1::WriteAnswer*) override;
  grpc::Status SetFileNumber(Context*, const v1::SetFileNumberRequest*, v1::SetFileNumberResponse*) override;
  grpc::Status GetCase(Context*, const v1::GetCaseRequest*, v1::Case*) override;
  grpc::Status ListCases(Context*, const v1::ListCasesRequest*, v1::ListCasesResponse*) override;
  grpc::Status GetTimeline(Context*, const v1::GetTimelineRequest*, v1::GetTimelineResponse*) override;
  grpc::Status ListAccesses(Context*, const v1::ListAccessesRequest*, v1::ListAccessesResponse*) override;
  grpc::Status VerifyAccessLog(Context*, const v1::VerifyAccessLogRequest*, v1::VerifyAccessLogResponse*) override;
  grpc::Status AskOpenCase(Context*, const v1::AskOpenCaseRequest*, v1::AskOpenCaseResponse*) override;

 private:
  const rpc::Gatekeeper& gatekeeper_;
  Cases& cases_;
};

// The same for persons.
class PersonServiceImpl final : public v1::PersonService::Service {
 public:
  static constexpr char kName[] = "teilhabe.participants.v1.PersonService";
  PersonServiceImpl(const rpc::Gatekeeper& gatekeeper, Persons& persons) : gatekeeper_(gatekeeper), persons_(persons) {}

  using Context = grpc::ServerContext;
  grpc::Status FindPersons(Context*, const v1::FindPersonsRequest*, v1::FindPersonsResponse*) override;
  grpc::Status LinkCase(Context*, const v1::LinkCaseRequest*, v1::LinkCaseResponse*) override;
  grpc::Status UnlinkCase(Context*, const v1::UnlinkCaseRequest*, v1::UnlinkCaseResponse*) override;
  grpc::Status SetVersicherungsnummer(Context*, const v1::SetVersicherungsnummerRequest*,
                                      v1::SetVersicherungsnummerResponse*) override;

 private:
  const rpc::Gatekeeper& gatekeeper_;
  Persons& persons_;
};

// What other nodes ask.
class PeerCaseServiceImpl final : public v1::PeerCaseService::Service {
 public:
  static constexpr char kName[] = "teilhabe.participants.v1.PeerCaseService";
  PeerCaseServiceImpl(const rpc::Gatekeeper& gatekeeper, Cases& cases) : gatekeeper_(gatekeeper), cases_(cases) {}

  using Context = grpc::ServerContext;
  grpc::Status HaveOpenCase(Context*, const v1::HaveOpenCaseRequest*, v1::HaveOpenCaseResponse*) override;
  grpc::Status ListOwnAccesses(Context*, const v1::ListOwnAccessesRequest*, v1::ListOwnAccessesResponse*) override;
  grpc::Status GetHandoverList(Context*, const v1::GetHandoverListRequest*, v1::GetHandoverListResponse*) override;

 private:
  const rpc::Gatekeeper& gatekeeper_;
  Cases& cases_;
};

// All of them over one store.
struct CaseServices {
  // All outlive this. `may_use_number`: see Persons.
  CaseServices(const rpc::Gatekeeper& gatekeeper, rpc::DossierStore& dossiers, const CaseStore& store,
               Advisers& advisers, Peers& peers, bool may_use_number)
      : cases(dossiers, store, advisers, peers),
        persons(dossiers, store, may_use_number),
        case_service(gatekeeper, cases),
        person_service(gatekeeper, persons),
        peer_case_service(gatekeeper, cases) {}
  Cases cases;
  Persons persons;
  CaseServiceImpl case_service;
  PersonServiceImpl person_service;
  PeerCaseServiceImpl peer_case_service;
};

}  // namespace teilhabe::participants
