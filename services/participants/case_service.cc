#include "services/participants/case_service.h"

#include "absl/strings/str_cat.h"
#include "common/rpc/status.h"

namespace teilhabe::participants {
namespace {

// Admits the call and answers it by a use case: `use(actor)` returns the response or a status.
template <typename Service, typename Response, typename Use>
grpc::Status Answer(const rpc::Gatekeeper& gatekeeper, const grpc::ServerContext& context, const char* method,
                    Response* response, const Use& use) {
  const auto admitted = gatekeeper.Admit(context, absl::StrCat(Service::kName, "/", method));
  if (!admitted.ok()) return rpc::ToGrpcStatus(admitted.status());
  auto answer = use(*admitted);
  if constexpr (std::is_same_v<decltype(answer), absl::Status>) {
    return answer.ok() ? grpc::Status::OK : rpc::ToGrpcStatus(answer);
  } else {
    if (!answer.ok()) return rpc::ToGrpcStatus(answer.status());
    *response = *std::move(answer);
    return grpc::Status::OK;
  }
}

}  // namespace

// One method: its name and the use case that answers it.
#define TEILHABE_CASE_METHOD(Impl, Method, Request, Response, use)                                                   \
  grpc::Status Impl::Method(Context* context, [[maybe_unused]] const v1::Request* request, v1::Response* response) { \
    return Answer<Impl>(gatekeeper_, *context, #Method, response,                                                    \
                        [&]([[maybe_unused]] const rpc::Caller& caller) { return use; });                            \
  }

TEILHABE_CASE_METHOD(CaseServiceImpl, OpenCase, OpenCaseRequest, WriteAnswer, cases_.Open(ToActor(caller), *request))
TEILHABE_CASE_METHOD(CaseServiceImpl, RecordStep, RecordStepRequest, WriteAnswer,
                     cases_.RecordStep(ToActor(caller), *request))
TEILHABE_CASE_METHOD(CaseServiceImpl, CorrectStep, CorrectStepRequest, WriteAnswer,
                     cases_.CorrectStep(ToActor(caller), *request))
TEILHABE_CASE_METHOD(CaseServiceImpl, Contribute, ContributeRequest, WriteAnswer,
                     cases_.Contribute(ToActor(caller), *request))
TEILHABE_CASE_METHOD(CaseServiceImpl, Decide, DecideRequest, DecideResponse, cases_.Decide(ToActor(caller), *request))
TEILHABE_CASE_METHOD(CaseServiceImpl, InvolveParty, InvolvePartyRequest, WriteAnswer,
                     cases_.Involve(ToActor(caller), *request))
TEILHABE_CASE_METHOD(CaseServiceImpl, EndParty, EndPartyRequest, WriteAnswer,
                     cases_.EndParty(ToActor(caller), *request))
TEILHABE_CASE_METHOD(CaseServiceImpl, AnnounceCase, AnnounceCaseRequest, WriteAnswer,
                     cases_.Announce(ToActor(caller), *request))
TEILHABE_CASE_METHOD(CaseServiceImpl, OfferCase, OfferCaseRequest, WriteAnswer, cases_.Offer(ToActor(caller), *request))
TEILHABE_CASE_METHOD(CaseServiceImpl, AnswerCase, AnswerCaseRequest, WriteAnswer,
                     cases_.Answer(ToActor(caller), *request))
TEILHABE_CASE_METHOD(CaseServiceImpl, ForwardCase, ForwardCaseRequest, WriteAnswer,
                     cases_.Forward(ToActor(caller), *request))
TEILHABE_CASE_METHOD(CaseServiceImpl, SendOutside, SendOutsideRequest, SendOutsideResponse,
                     cases_.SendOutside(ToActor(caller), *request))
TEILHABE_CASE_METHOD(CaseServiceImpl, RecordArrival, RecordArrivalRequest, WriteAnswer,
                     cases_.RecordArrival(ToActor(caller), *request))
TEILHABE_CASE_METHOD(CaseServiceImpl, SetFileNumber, SetFileNumberRequest, SetFileNumberResponse,
                     cases_.SetFileNumber(ToActor(caller), *request))
TEILHABE_CASE_METHOD(CaseServiceImpl, GetCase, GetCaseRequest, Case, cases_.Get(ToActor(caller), request->case_()))
TEILHABE_CASE_METHOD(CaseServiceImpl, ListCases, ListCasesRequest, ListCasesResponse,
                     cases_.List(ToActor(caller), *request))
TEILHABE_CASE_METHOD(CaseServiceImpl, GetTimeline, GetTimelineRequest, GetTimelineResponse,
                     cases_.Timeline(ToActor(caller), *request))
TEILHABE_CASE_METHOD(CaseServiceImpl, ListAccesses, ListAccessesRequest, ListAccessesResponse,
                     cases_.ListAccesses(ToActor(caller), request->case_()))
TEILHABE_CASE_METHOD(CaseServiceImpl, VerifyAccessLog, VerifyAccessLogRequest, VerifyAccessLogResponse,
                     cases_.VerifyAccessLog(ToActor(caller)))
TEILHABE_CASE_METHOD(CaseServiceImpl, AskOpenCase, AskOpenCaseRequest, AskOpenCaseResponse,
                     cases_.AskOpenCase(ToActor(caller), *request))

TEILHABE_CASE_METHOD(PersonServiceImpl, FindPersons, FindPersonsRequest, FindPersonsResponse,
                     persons_.Find(ToActor(caller), *request))
TEILHABE_CASE_METHOD(PersonServiceImpl, LinkCase, LinkCaseRequest, LinkCaseResponse,
                     persons_.Link(ToActor(caller), *request))
TEILHABE_CASE_METHOD(PersonServiceImpl, UnlinkCase, UnlinkCaseRequest, UnlinkCaseResponse,
                     persons_.Unlink(ToActor(caller), *request))
TEILHABE_CASE_METHOD(PersonServiceImpl, SetVersicherungsnummer, SetVersicherungsnummerRequest,
                     SetVersicherungsnummerResponse, persons_.SetNumber(ToActor(caller), *request))

TEILHABE_CASE_METHOD(PeerCaseServiceImpl, HaveOpenCase, HaveOpenCaseRequest, HaveOpenCaseResponse,
                     cases_.HaveOpenCase(caller.identity.agency, *request))
TEILHABE_CASE_METHOD(PeerCaseServiceImpl, ListOwnAccesses, ListOwnAccessesRequest, ListOwnAccessesResponse,
                     cases_.OwnAccesses(caller.identity.agency, request->case_()))
TEILHABE_CASE_METHOD(PeerCaseServiceImpl, GetHandoverList, GetHandoverListRequest, GetHandoverListResponse,
                     cases_.HandoverList(*request))

#undef TEILHABE_CASE_METHOD

}  // namespace teilhabe::participants
