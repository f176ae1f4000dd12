// Whether another agency has an open case of the same person (DESIGN 5, law.md 8a.1).
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/dossier/days.h"
#include "services/participants/cases.h"
#include "services/participants/domain/rest.h"

namespace teilhabe::participants {
namespace {

constexpr std::size_t kMostAsked = 6;
constexpr std::int64_t kQuestionsADay = 1000;

absl::Status Refuse(std::string_view reason, std::string_view field, std::string_view message) {
  return FieldError(absl::StatusCode::kFailedPrecondition, reason, field, message);
}

bool SameName(const v1::PersonIdentity& a, const v1::PersonIdentity& b) {
  const bool family = HasFamilyName(a, b.family_name()) || HasFamilyName(b, a.family_name()) ||
                      std::any_of(b.former_names().begin(), b.former_names().end(),
                                  [&](const std::string& former) { return HasFamilyName(a, former); });
  return family && FoldName(a.given_names()) == FoldName(b.given_names()) &&
         dossier::ToCivil(a.birth_day()) == dossier::ToCivil(b.birth_day());
}

// The first day on which something was applied for.
std::optional<absl::CivilDay> FirstEingang(const Case& folded) {
  std::optional<absl::CivilDay> first;
  for (const auto& application : folded.applications) {
    if (!first || application.what.eingang < *first) first = application.what.eingang;
  }
  return first;
}

}  // namespace

absl::StatusOr<v1::AskOpenCaseResponse> Cases::AskOpenCase(const Actor& actor, const v1::AskOpenCaseRequest& request) {
  TEILHABE_RETURN_IF_ERROR(MayWrite(actor.role, actor.caller.purpose));
  if (request.members().empty()) {
    return FieldError(absl::StatusCode::kInvalidArgument, "MEMBERS_MISSING", "members", "name whom to ask");
  }
  if (request.person_was_asked().empty()) {
    return Refuse("PERSON_NOT_ASKED", "person_was_asked", "the person is asked first; say what she said");
  }
  v1::HaveOpenCaseRequest question;
  question.set_case_(request.case_());
  const dossier::Request asked_as = ToRequest("AskOpenCase", request);
  v1::AskOpenCaseResponse response;
  bool answered = false;
  // Counted and logged before anything leaves.
  const absl::Status noted = dossiers_.Commit([&](dossier::Unit& unit) -> absl::Status {
    TEILHABE_ASSIGN_OR_RETURN(const CaseFile file, Read(unit.tx, request.case_()));
    TEILHABE_ASSIGN_OR_RETURN(const auto before, dossiers_.desk().Before(unit, asked_as, request.case_()));
    answered = before && response.ParseFromString(before->response());
    if (answered) return dossiers_.desk().Note(unit, actor.caller, "ask-open-case", request.case_());
    const auto* const application = Find(file.folded.applications, request.application());
    if (application == nullptr || application->author != self() || !file.person) {
      return Refuse("STEP_UNKNOWN", "application", "a question needs an own recorded application");
    }
    *question.mutable_eingang_day() = dossier::ToDate(application->what.eingang);
    *question.mutable_person() = *file.person;
    question.mutable_person()->clear_birth_place();
    for (const std::string& member : request.members()) {
      const dossier::Members& members = dossiers_.ledger().ports().members;
      if (member == self() || !members.HasNode(member) || !members.MayHold(member, dossier::v1::DOSSIER_CLASS_CASE)) {
        return FieldError(absl::StatusCode::kNotFound, "MEMBER_UNKNOWN", "members",
                          "it is no other agency with a node that may hold a case");
      }
      TEILHABE_RETURN_IF_ERROR(store_.AddAsked(unit.tx, request.case_(), request.application(), member));
      TEILHABE_RETURN_IF_ERROR(
          dossiers_.desk().Note(unit, actor.caller, absl::StrCat("ask-open-case:", member), request.case_()));
    }
    TEILHABE_ASSIGN_OR_RETURN(const auto asked, store_.Asked(unit.tx, request.case_(), request.application()));
    if (asked.size() > kMostAsked) {
      return Refuse("ASKED_TOO_MANY", "members", "at most six agencies are asked for one application");
    }
    return absl::OkStatus();
  });
  if (!noted.ok()) return noted;
  if (answered) return response;
  for (const std::string& member : request.members()) {
    v1::OpenCaseAnswer& shown = *response.add_answers();
    shown.set_member(member);
    const auto answer = peers_.HaveOpenCase(member, question);
    if (!answer.ok()) {
      shown.set_silent(GetReason(answer.status()));
      continue;
    }
    shown.set_case_(answer->case_());
    shown.set_holder(answer->holder());
    if (answer->has_eingang_day()) *shown.mutable_eingang_day() = answer->eingang_day();
  }
  const absl::Status kept = dossiers_.Commit([&](dossier::Unit& unit) -> absl::Status {
    // Asked twice at once: the first answer counts.
    TEILHABE_ASSIGN_OR_RETURN(const auto before, dossiers_.desk().Before(unit, asked_as, request.case_()));
    if (before) {
      if (response.ParseFromString(before->response())) return absl::OkStatus();
      return ReasonError(absl::StatusCode::kDataLoss, "STORE_CORRUPT", "the answer cannot be read");
    }
    dossier::v1::StoredAnswer answer;
    answer.set_response(response.SerializeAsString());
    return dossiers_.ledger().ports().store.AddAnswer(unit.tx, request.case_(), asked_as.id, asked_as.body, answer);
  });
  if (!kept.ok()) return kept;
  return response;
}

absl::StatusOr<v1::HaveOpenCaseResponse> Cases::HaveOpenCase(const std::string& member,
                                                             const v1::HaveOpenCaseRequest& request) {
  if (!dossier::IsDossierId(request.case_()) || !ToDay(request.eingang_day(), "eingang_day").ok()) {
    return FieldError(absl::StatusCode::kInvalidArgument, "APPLICATION_MISSING", "case",
                      "a question names the asking agency's case and its application's Eingang");
  }
  TEILHABE_RETURN_IF_ERROR(CheckPerson(request.person(), Today()));
  Actor actor;
  actor.caller.actor = absl::StrCat("member/", member);
  actor.caller.purpose = "case_work";
  actor.caller.legal_basis = "§ 67a Abs. 2 Satz 2 Nr. 1 und § 69 Abs. 1 Nr. 1 SGB X";
  v1::HaveOpenCaseResponse response;
  const absl::Status answered = dossiers_.Commit([&](dossier::Unit& unit) -> absl::Status {
    response.Clear();
    TEILHABE_ASSIGN_OR_RETURN(const std::int64_t number, store_.CountQuestion(unit.tx, member, Today()));
    if (number > kQuestionsADay) {
      return ReasonError(absl::StatusCode::kResourceExhausted, "QUOTA_EXHAUSTED",
                         "too many questions of this member today");
    }
    TEILHABE_ASSIGN_OR_RETURN(const auto candidates, store_.PersonsUnder(unit.tx, store_.KeysOf(request.person())));
    std::optional<absl::CivilDay> best;
    for (const std::string& id : candidates) {
      TEILHABE_ASSIGN_OR_RETURN(const PersonRow person, store_.GetPerson(unit.tx, id));
      if (!SameName(person.identity, request.person())) continue;
      TEILHABE_ASSIGN_OR_RETURN(const auto cases, store_.CasesOf(unit.tx, id));
      for (const std::string& dossier : cases) {
        const auto file = Read(unit.tx, dossier);
        if (!file.ok() || dossier == request.case_()) continue;
        const std::optional<absl::CivilDay> eingang = FirstEingang(file->folded);
        if (!eingang || file->folded.end || (best && *best <= *eingang)) continue;
        best = eingang;
        response.set_case_(dossier);
        response.set_holder(file->log.holder());
        *response.mutable_eingang_day() = dossier::ToDate(*eingang);
      }
    }
    // Logged for the case that was found, so that the person sees it; without one, for the case that asks.
    return dossiers_.desk().Note(unit, actor.caller, "have-open-case",
                                 response.case_().empty() ? request.case_() : response.case_());
  });
  if (!answered.ok()) return answered;
  return response;
}

}  // namespace teilhabe::participants
