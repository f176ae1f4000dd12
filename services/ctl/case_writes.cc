// What case workers write: each command reads the case for its head, writes one thing, and says what it was.
#include <cstdio>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/durable_file.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "services/ctl/case_output.h"
#include "services/ctl/case_words.h"
#include "services/ctl/cases.h"
#include "services/ctl/input.h"
#include "services/ctl/node_calls.h"
#include "services/ctl/rpc_call.h"
#include "teilhabe/participants/v1/case_service.grpc.pb.h"

namespace teilhabe::ctl {
namespace {

namespace parts = participants::v1;
namespace wire = dossier::v1;
using CaseStub = parts::CaseService::Stub;

// Names the case, its head and a new request; returns the case as it is.
template <typename Request>
absl::StatusOr<parts::Case> Begin(const NodeCalls& calls, const std::string& text, Request& request) {
  parts::GetCaseRequest asked;
  TEILHABE_ASSIGN_OR_RETURN(*asked.mutable_case_(), calls.CaseId(text));
  TEILHABE_ASSIGN_OR_RETURN(parts::Case shown, calls.Ask(&CaseStub::GetCase, asked));
  request.set_case_(asked.case_());
  request.set_request_id(NewId());
  if constexpr (requires { request.set_expected_head(shown.head()); }) request.set_expected_head(shown.head());
  return shown;
}

std::string Show(const std::string& id) { return absl::StrCat("case show ", id); }

absl::StatusOr<carriers::v1::Stage> ReadStage(const std::string& text) {
  TEILHABE_ASSIGN_OR_RETURN(const int stage, FindEnumValue(*carriers::v1::Stage_descriptor(), "STAGE_", "stage", text));
  return static_cast<carriers::v1::Stage>(stage);
}

// A request that the user wrote, but for what this program adds.
template <typename Request>
absl::Status ReadRequest(const std::string& json, Request& request) {
  TEILHABE_RETURN_IF_ERROR(ReadMessage(json, request));
  if (request.case_().empty() && request.request_id().empty() && request.expected_head().empty()) {
    return absl::OkStatus();
  }
  return FieldError(absl::StatusCode::kInvalidArgument, "JSON_INVALID", "json",
                    "leave out case, request_id and expected_head: they are filled in");
}

// An empty file, so that what is written later has its place. Errors: as CaseSendOutside.
absl::Status ReserveFile(const std::string& path) {
  const auto refuse = [&path](const char* reason, std::string_view message) {
    return FieldError(absl::StatusCode::kInvalidArgument, reason, "out", absl::StrCat(path, std::string(message)));
  };
  std::error_code error;
  if (std::filesystem::exists(path, error)) return refuse("OUTPUT_EXISTS", " is there already; name another file");
  return WriteDurably(path, "").ok() ? absl::OkStatus() : refuse("OUTPUT_UNWRITABLE", " cannot be written");
}

absl::Status AnswerOffer(const Session& session, const std::string& id, parts::AnswerCaseRequest request) {
  TEILHABE_ASSIGN_OR_RETURN(const NodeCalls calls, NodeCalls::Make(session));
  TEILHABE_ASSIGN_OR_RETURN(const parts::Case shown, Begin(calls, id, request));
  if (shown.offer_hash().empty()) {
    return FieldError(absl::StatusCode::kFailedPrecondition, "OFFER_NOT_OPEN", "case",
                      "nobody offers this case at present");
  }
  request.set_offer_hash(shown.offer_hash());
  TEILHABE_ASSIGN_OR_RETURN(const auto answer, calls.Ask(&CaseStub::AnswerCase, request));
  PrintWritten(session, answer,
               request.accept()
                   ? absl::StrCat("Fall übernommen: ", NamedAgency(session.as), " führt ihn jetzt")
                   : absl::StrCat("Fall nicht übernommen: ", NamedAgency(shown.holder()), " führt ihn weiter"),
               request.accept() ? Show(request.case_()) : std::string("case list"));
  return absl::OkStatus();
}

void PrintDecision(const Session& session, const parts::DecideResponse& response, bool check) {
  const parts::Decision& decision = response.decision();
  const bool granted = decision.outcome() == parts::DECISION_OUTCOME_GRANTED;
  const std::string outcome = granted ? "bewilligt" : "abgelehnt";
  if (session.format == Format::kJson) {
    PrintJson(response);
    return;
  }
  if (session.format == Format::kCsv) {
    PrintTable(
        {"entry", "outcome", "stage", "first_day", "last_day", "leistender_traeger", "competent_traeger", "ground"},
        {{check ? "" : std::to_string(response.answer().head().sequence()), outcome, StageWord(decision.stage()),
          DayCell(decision.first_day()), DayCell(decision.last_day()), decision.leistender_traeger(),
          decision.competent_traeger(), decision.ground()}},
        Format::kCsv);
    return;
  }
  std::string sentence =
      absl::StrCat(StageWord(decision.stage()), " ", check ? "könnte " : "", outcome, check ? " werden" : "");
  if (granted) {
    absl::StrAppend(&sentence, ", ab ", GermanDay(decision.first_day()));
    if (decision.has_last_day()) absl::StrAppend(&sentence, " bis ", GermanDay(decision.last_day()));
  }
  if (check) {
    std::printf("? %s; geprüft, nichts geschrieben\n", sentence.c_str());
  } else {
    std::printf("✓ Eintrag %lld: %s\n", static_cast<long long>(response.answer().head().sequence()), sentence.c_str());
  }
  std::printf(" · Leistender Träger: %s\n", NamedAgency(decision.leistender_traeger()).c_str());
  const std::string& competent = decision.competent_traeger();
  std::printf(" · Zuständig nach dem Leistungsrecht: %s\n",
              competent.empty() ? "nicht bestimmt" : NamedAgency(competent).c_str());
  if (!decision.contracting_traeger().empty()) {
    std::printf(" · Vereinbarung geschlossen von: %s\n", NamedAgency(decision.contracting_traeger()).c_str());
  }
  if (!decision.ground().empty()) std::printf(" · Grund: %s\n", decision.ground().c_str());
  for (const std::string& text : response.grounds().text()) std::printf(" · %s\n", text.c_str());
}

}  // namespace

absl::Status CaseOpen(const Session& session, const OpenCaseText& text) {
  parts::OpenCaseRequest request;
  TEILHABE_ASSIGN_OR_RETURN(*request.mutable_person()->mutable_birth_day(), ReadDay(text.birth_day, "birth_day"));
  TEILHABE_ASSIGN_OR_RETURN(const NodeCalls calls, NodeCalls::Make(session));
  TEILHABE_ASSIGN_OR_RETURN(*request.mutable_event_day(), calls.DayOrToday(text.day, "event_day"));
  request.set_case_(NewId());
  request.set_request_id(NewId());
  request.set_backdating_evidence(text.evidence);
  request.mutable_person()->set_family_name(text.family_name);
  request.mutable_person()->set_given_names(text.given_names);
  request.mutable_contact()->set_street(text.street);
  request.mutable_contact()->set_postal_code(text.postal_code);
  request.mutable_contact()->set_place(text.place);
  request.mutable_contact()->set_municipality(text.municipality);
  request.set_person_id(text.person);
  request.set_file_number(text.file_number);
  const auto answer = calls.Ask(&CaseStub::OpenCase, request);
  if (absl::IsUnavailable(answer.status()) || absl::IsDeadlineExceeded(answer.status())) {
    return WithDetail(answer.status(), "case", request.case_());  // It may have been opened all the same.
  }
  if (!answer.ok()) return answer.status();
  if (session.format == Format::kJson) {
    PrintJson(*answer);
  } else if (session.format == Format::kCsv) {
    PrintTable({"case", "entry"}, {{request.case_(), std::to_string(answer->head().sequence())}}, Format::kCsv);
  } else {
    std::printf("%s\n", request.case_().c_str());
    PrintNextFor(session, absl::StrCat("case apply ", request.case_(), " --stage eingangsverfahren"));
  }
  return absl::OkStatus();
}

absl::Status CaseApply(const Session& session, const ApplyText& text) {
  parts::RecordStepRequest request;
  parts::Application& application = *request.mutable_step()->mutable_application();
  TEILHABE_ASSIGN_OR_RETURN(const carriers::v1::Stage stage, ReadStage(text.stage));
  application.set_stage(stage);
  application.set_applicant(parts::APPLICANT_PERSON);
  if (!text.provider.empty()) {
    TEILHABE_ASSIGN_OR_RETURN(const int provider, FindEnumValue(*carriers::v1::ProviderType_descriptor(),
                                                                "PROVIDER_TYPE_", "provider", text.provider));
    application.set_provider_type(static_cast<carriers::v1::ProviderType>(provider));
  }
  TEILHABE_ASSIGN_OR_RETURN(const NodeCalls calls, NodeCalls::Make(session));
  TEILHABE_ASSIGN_OR_RETURN(*request.mutable_event_day(), calls.DayOrToday(text.day, "event_day"));
  *application.mutable_eingang_day() = request.event_day();
  if (!text.eingang.empty()) {
    TEILHABE_ASSIGN_OR_RETURN(*application.mutable_eingang_day(), ReadDay(text.eingang, "eingang_day"));
  }
  request.set_backdating_evidence(text.evidence);
  TEILHABE_RETURN_IF_ERROR(Begin(calls, text.id, request).status());
  TEILHABE_ASSIGN_OR_RETURN(const auto answer, calls.Ask(&CaseStub::RecordStep, request));
  PrintWritten(session, answer,
               absl::StrCat("Antrag auf Leistungen im ", StageWord(stage), ", eingegangen am ",
                            GermanDay(application.eingang_day())),
               absl::StrCat("case record ", request.case_(),
                            " '{\"step\": {\"assessment\": {\"application\": ", answer.head().sequence(),
                            ", \"instrument\": \"BEI_NRW\"}}, \"needs\": {\"summary\": \"...\"}}'"));
  return absl::OkStatus();
}

absl::Status CaseRecord(const Session& session, const CaseJsonText& text) {
  parts::RecordStepRequest request;
  TEILHABE_RETURN_IF_ERROR(ReadRequest(text.json, request));
  TEILHABE_ASSIGN_OR_RETURN(const NodeCalls calls, NodeCalls::Make(session));
  if (!request.has_event_day()) {
    TEILHABE_ASSIGN_OR_RETURN(*request.mutable_event_day(), calls.Today());
  }
  TEILHABE_RETURN_IF_ERROR(Begin(calls, text.id, request).status());
  TEILHABE_ASSIGN_OR_RETURN(const auto answer, calls.Ask(&CaseStub::RecordStep, request));
  PrintWritten(session, answer, StepWord(request.step()), Show(request.case_()));
  return absl::OkStatus();
}

absl::Status CaseDecide(const Session& session, const CaseJsonText& text) {
  parts::DecideRequest request;
  TEILHABE_RETURN_IF_ERROR(ReadRequest(text.json, request));
  if (text.check) request.set_check_only(true);
  TEILHABE_ASSIGN_OR_RETURN(const NodeCalls calls, NodeCalls::Make(session));
  if (!request.has_event_day()) {
    TEILHABE_ASSIGN_OR_RETURN(*request.mutable_event_day(), calls.Today());
  }
  TEILHABE_RETURN_IF_ERROR(Begin(calls, text.id, request).status());
  TEILHABE_ASSIGN_OR_RETURN(const auto response, calls.Ask(&CaseStub::Decide, request));
  PrintDecision(session, response, request.check_only());
  if (session.format != Format::kTable) return absl::OkStatus();
  if (request.check_only()) {
    PrintNext("the same without --check");
  } else {
    PrintNextFor(session, Show(request.case_()));
  }
  return absl::OkStatus();
}

absl::Status CaseInvolve(const Session& session, const InvolveText& text) {
  parts::InvolvePartyRequest request;
  for (const std::string& word : text.categories) {
    TEILHABE_ASSIGN_OR_RETURN(const int category,
                              FindEnumValue(*wire::Category_descriptor(), "CATEGORY_", "category", word));
    request.add_categories(static_cast<wire::Category>(category));
  }
  if (!text.until.empty()) {
    TEILHABE_ASSIGN_OR_RETURN(*request.mutable_to_day(), ReadDay(text.until, "to_day"));
  }
  request.set_member(text.agency);
  request.set_relation(text.relation);
  request.set_release_older(text.release_older);
  request.set_medical_basis(text.medical_basis);
  TEILHABE_ASSIGN_OR_RETURN(const NodeCalls calls, NodeCalls::Make(session));
  TEILHABE_RETURN_IF_ERROR(Begin(calls, text.id, request).status());
  TEILHABE_ASSIGN_OR_RETURN(const auto answer, calls.Ask(&CaseStub::InvolveParty, request));
  PrintWritten(
      session, answer,
      absl::StrCat(NamedAgency(text.agency), " ist beteiligt: ", RelationWord(text.relation),
                   text.release_older ? "; ältere Abschnitte sind freigegeben" : "; sieht, was ab jetzt dazukommt"),
      Show(request.case_()));
  return absl::OkStatus();
}

absl::Status CaseAnnounce(const Session& session, const AnnounceText& text) {
  parts::AnnounceCaseRequest request;
  TEILHABE_ASSIGN_OR_RETURN(const carriers::v1::Stage stage, ReadStage(text.stage));
  request.set_stage(stage);
  request.set_to(text.to);
  TEILHABE_ASSIGN_OR_RETURN(const NodeCalls calls, NodeCalls::Make(session));
  TEILHABE_RETURN_IF_ERROR(Begin(calls, text.id, request).status());
  TEILHABE_ASSIGN_OR_RETURN(const auto answer, calls.Ask(&CaseStub::AnnounceCase, request));
  PrintWritten(session, answer,
               absl::StrCat("Übergabe angekündigt für die Stufe ", StageWord(stage), " an ", NamedAgency(text.to),
                            "; sie antwortet, was ihr fehlt"),
               Show(request.case_()));
  return absl::OkStatus();
}

absl::Status CaseOffer(const Session& session, const OfferText& text) {
  parts::OfferCaseRequest request;
  request.set_to(text.to);
  request.set_request(text.request);
  request.set_incomplete(text.incomplete);
  request.set_place(text.place);
  request.set_medical_basis(text.medical_basis);
  TEILHABE_ASSIGN_OR_RETURN(const NodeCalls calls, NodeCalls::Make(session));
  TEILHABE_RETURN_IF_ERROR(Begin(calls, text.id, request).status());
  TEILHABE_ASSIGN_OR_RETURN(const auto answer, calls.Ask(&CaseStub::OfferCase, request));
  PrintWritten(session, answer,
               absl::StrCat("Fall angeboten an ", NamedAgency(text.to), "; bis zur Antwort ändert ihn niemand"),
               Show(request.case_()));
  return absl::OkStatus();
}

absl::Status CaseAccept(const Session& session, const CaseText& text) {
  parts::AnswerCaseRequest request;
  request.set_accept(true);
  return AnswerOffer(session, text.id, request);
}

absl::Status CaseDecline(const Session& session, const DeclineText& text) {
  parts::AnswerCaseRequest request;
  for (const std::string& word : text.reasons) {
    TEILHABE_ASSIGN_OR_RETURN(const int reason,
                              FindEnumValue(*wire::DeclineReason_descriptor(), "DECLINE_REASON_", "reason", word));
    request.add_reasons(static_cast<wire::DeclineReason>(reason));
  }
  for (const std::string& item : text.missing) request.add_missing(item);
  return AnswerOffer(session, text.id, request);
}

absl::Status CaseForward(const Session& session, const ForwardText& text) {
  parts::ForwardCaseRequest request;
  request.set_to(text.to);
  request.set_application(text.application);
  request.set_place(text.place);
  TEILHABE_ASSIGN_OR_RETURN(const NodeCalls calls, NodeCalls::Make(session));
  TEILHABE_RETURN_IF_ERROR(Begin(calls, text.id, request).status());
  TEILHABE_ASSIGN_OR_RETURN(const auto answer, calls.Ask(&CaseStub::ForwardCase, request));
  PrintWritten(session, answer,
               absl::StrCat("Antrag nach § 14 Abs. 1 Satz 2 SGB IX weitergeleitet an ", NamedAgency(text.to)),
               Show(request.case_()));
  return absl::OkStatus();
}

absl::Status CaseSendOutside(const Session& session, const SendOutsideText& text) {
  parts::SendOutsideRequest request;
  request.set_addressee(text.addressee);
  request.set_application(text.application);
  TEILHABE_ASSIGN_OR_RETURN(*request.mutable_review_day(), ReadDay(text.review, "review_day"));
  TEILHABE_ASSIGN_OR_RETURN(const NodeCalls calls, NodeCalls::Make(session));
  TEILHABE_ASSIGN_OR_RETURN(*request.mutable_event_day(), calls.DayOrToday(text.day, "event_day"));
  TEILHABE_RETURN_IF_ERROR(Begin(calls, text.id, request).status());
  TEILHABE_RETURN_IF_ERROR(ReserveFile(text.out));
  const auto response = calls.Ask(&CaseStub::SendOutside, request);
  if (!response.ok()) {
    std::error_code ignored;
    std::filesystem::remove(text.out, ignored);
    return response.status();
  }
  if (const absl::Status written = WriteDurably(text.out, response->package()); !written.ok()) {
    // The sending stands in the log, and nothing gives the package again.
    std::fputs(response->package().c_str(), stdout);
    return written;
  }
  PrintWritten(session, response->answer(),
               absl::StrCat("Signiertes Paket für ", NamedAgency(text.addressee), " in ", text.out,
                            "; drucken und versenden, Überprüfung am ", GermanDay(request.review_day())),
               Show(request.case_()));
  return absl::OkStatus();
}

}  // namespace teilhabe::ctl
