// What an official decides, and what the node asks before.
#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/dossier/days.h"
#include "services/participants/cases.h"
#include "services/participants/domain/grounds.h"
#include "services/participants/domain/policies.h"
#include "services/participants/domain/roles.h"
#include "services/participants/domain/steps.h"

namespace teilhabe::participants {
namespace {

namespace wire = dossier::v1;

constexpr char kDiscretion[] = "discretion";
constexpr int kForwardDays = 14;  // § 14 Abs. 1 Satz 1 SGB IX; the clocks refine the last day.

absl::Status Refuse(std::string_view reason, std::string_view field, std::string_view message) {
  return FieldError(absl::StatusCode::kFailedPrecondition, reason, field, message);
}

// Facts that the case itself holds: nobody states them beside it.
constexpr std::array kFactsOfCase = {
    "application_day", "birth_date",     "application_made",      "teilhabeplan", "gesamtplan",    "needs_determined",
    "bbb_statement",   "very_high_need", "two_years_may_not_fit", "basismodul",   "initial_months"};

absl::Status FactFromCase(std::string_view field) {
  return FieldError(absl::StatusCode::kInvalidArgument, "FACT_FROM_CASE", field,
                    "the case holds this fact; record it there");
}

absl::Status CheckGivenFacts(const law::v1::Facts& facts) {
  std::vector<const google::protobuf::FieldDescriptor*> given;
  facts.GetReflection()->ListFields(facts, &given);
  for (const auto* const field : given) {
    if (std::find(kFactsOfCase.begin(), kFactsOfCase.end(), field->name()) != kFactsOfCase.end()) {
      return FactFromCase(absl::StrCat("facts.", field->name()));
    }
  }
  return absl::OkStatus();
}

// What the case holds, beside what the official gives.
absl::StatusOr<law::v1::Facts> FactsOf(const CaseFile& file, const Decision& decision, absl::CivilDay day,
                                       const law::v1::Facts& given) {
  TEILHABE_RETURN_IF_ERROR(CheckGivenFacts(given));
  law::v1::Facts facts = given;
  const Case& folded = file.folded;
  const auto& application = *Find(folded.applications, decision.application);
  *facts.mutable_application_day() = dossier::ToDate(application.what.eingang);
  if (folded.birth_day) *facts.mutable_birth_date() = dossier::ToDate(*folded.birth_day);
  facts.set_application_made(true);
  const Grounds grounds = GroundsOf(folded, decision, day);
  facts.set_needs_determined(grounds.determination != 0);
  facts.set_teilhabeplan(grounds.teilhabeplan != 0);
  facts.set_gesamtplan(grounds.gesamtplan != 0);
  facts.set_bbb_statement(grounds.bbb_statement);
  if (grounds.fachausschuss) facts.set_fachausschuss(true);
  const std::pair<bool, const char*> stated[] = {{grounds.ev_done && facts.has_ev_done(), "facts.ev_done"},
                                                 {grounds.bbb_done && facts.has_bbb_done(), "facts.bbb_done"}};
  for (const auto& [twice, field] : stated) {
    if (twice) return FactFromCase(field);
  }
  if (grounds.ev_done) facts.set_ev_done(*grounds.ev_done);
  if (grounds.bbb_done) facts.set_bbb_done(*grounds.bbb_done);
  for (const auto& [sequence, needs] : file.needs) {
    if (needs.has_very_high_support()) facts.set_very_high_need(needs.very_high_support());
  }
  facts.set_basismodul(false);
  for (const auto& [sequence, plan] : file.plans) {
    if (plan.has_full_two_years_may_not_fit()) facts.set_two_years_may_not_fit(plan.full_two_years_may_not_fit());
    if (!plan.basismodul().empty()) facts.set_basismodul(true);
  }
  if (grounds.initial_months) facts.set_initial_months(*grounds.initial_months);
  return facts;
}

absl::Status FactsMissing(const google::protobuf::RepeatedPtrField<carriers::v1::MissingFact>& missing) {
  std::vector<std::string> names;
  for (const auto& fact : missing) {
    const std::string name = law::v1::FactName_Name(fact.fact());
    names.push_back(absl::AsciiStrToLower(name.substr(std::string_view("FACT_NAME_").size())));
  }
  return WithDetail(Refuse("FACTS_MISSING", "facts", "these facts could change the answer; find them out first"),
                    "facts", absl::StrJoin(names, " "));
}

// What binds the official's outcome to what the rules say.
absl::Status CheckOutcome(const eligibility::v1::Admission& admission, const v1::DecideRequest& request) {
  if (request.decision().outcome() == v1::DECISION_OUTCOME_GRANTED) {
    if (admission.outcome() == eligibility::v1::ADMISSION_OUTCOME_UNDETERMINED)
      return FactsMissing(admission.missing());
    if (admission.outcome() == eligibility::v1::ADMISSION_OUTCOME_MET) return absl::OkStatus();
    const eligibility::v1::Breach& breach = admission.breaches(0);
    absl::Status status = Refuse(breach.reason(), "decision", "a binding condition does not hold");
    for (const auto& finding : admission.findings()) {
      if (finding.rule_id() == breach.rule_id()) {
        status = WithDetail(Refuse(breach.reason(), "decision", finding.text()), "citation", finding.citation());
      }
    }
    return WithDetail(status, "rule", breach.rule_id());
  }
  const std::string& ground = request.decision().ground();
  if (ground.empty()) return Refuse("GROUND_MISSING", "decision.ground", "a refusal names the rule that says no");
  if (request.reasons().empty()) {
    return Refuse("REASONS_MISSING", "reasons", "a refusal states its reasons (§ 35 SGB X)");
  }
  if (ground == kDiscretion) {
    if (!admission.discretion().empty()) return absl::OkStatus();
    return Refuse("GROUND_NOT_FOUND", "decision.ground", "the law leaves no discretion here");
  }
  for (const auto& breach : admission.breaches()) {
    if (breach.rule_id() == ground) return absl::OkStatus();
  }
  return Refuse("GROUND_NOT_FOUND", "decision.ground", "this rule does not say so of the facts of the case");
}

void AddFindings(const google::protobuf::RepeatedPtrField<law::v1::Finding>& findings, v1::DecideResponse& prepared) {
  for (const law::v1::Finding& finding : findings) {
    *prepared.mutable_grounds()->add_findings() = finding;
    prepared.mutable_decision()->add_rules(finding.rule_id());
  }
}

// The key on a day of the place where the person lives: of a place that was taken over whole, that of its successor.
std::string MunicipalityOn(const CaseFile& file, const google::type::Date& day) {
  std::string key = file.contact ? file.contact->municipality() : "";
  for (;;) {
    const auto details = GetDetails(reference::EmbeddedReference().FindPlace(key, dossier::ToCivil(day)).status());
    const auto successor = details.find("successor");
    if (successor == details.end()) return key;  // What else is wrong with it, who is asked says.
    key = successor->second;
  }
}

bool IsAgency(const carriers::v1::Competence& competence, const std::string& member) {
  if (competence.agency().id() == member || competence.office().id() == member) return true;
  // An office may be part of the member, a member part of the agency (a Regionaldirektion of the BA).
  const reference::Reference& reference = reference::EmbeddedReference();
  for (const std::string& id : {competence.office().id(), competence.agency().id()}) {
    const auto found = reference.FindAgency(id);
    for (auto at = found.ok() ? std::optional(*found) : std::nullopt; at; at = reference.agency(*at).part_of) {
      if (reference.agency(*at).id == member) return true;
    }
  }
  return false;
}

// Whether this agency must decide whatever its competence is: the application was forwarded to it, or it has not
// forwarded it in time (§ 14 Abs. 2 Satz 1 und 4 SGB IX).
bool IsLeistender(const Case& folded, const Recorded<Application>& application, absl::CivilDay day) {
  if (day > application.what.eingang + kForwardDays) return true;
  return std::any_of(folded.tenures.begin(), folded.tenures.end(), [&](const Tenure& tenure) {
    return tenure.forwarded && tenure.from >= application.what.eingang &&
           (tenure.request == 0 || tenure.request == application.sequence);
  });
}

}  // namespace

absl::Status Cases::Prepare(const CaseFile& file, const std::set<std::string>& policies,
                            const v1::DecideRequest& request, v1::DecideResponse& prepared) {
  v1::Decision& decision = *prepared.mutable_decision();
  decision = request.decision();
  const auto* const application = Find(file.folded.applications, decision.application());
  if (application == nullptr) return Refuse("STEP_UNKNOWN", "decision.application", "the case has no such application");
  decision.set_stage(ToProto(application->what.stage));
  if (decision.provider_type() == carriers::v1::PROVIDER_TYPE_UNSPECIFIED) {
    decision.set_provider_type(application->what.wish == ProviderType::kNone ? carriers::v1::PROVIDER_TYPE_WFBM
                                                                             : ToProto(application->what.wish));
  }
  decision.set_leistender_traeger(self());
  decision.clear_competent_traeger();
  decision.clear_contracting_traeger();
  decision.clear_rules();
  v1::Procedure procedure;
  *procedure.mutable_decision() = decision;
  TEILHABE_ASSIGN_OR_RETURN(Step step, ToStep(procedure, nullptr));
  step.sequence = file.log.sequence() + 1;
  step.author = self();
  TEILHABE_ASSIGN_OR_RETURN(step.day, ToDay(request.event_day(), "event_day"));
  TEILHABE_RETURN_IF_ERROR(CheckStep(file.folded, step, Today()));
  const Decision& decided = std::get<Decision>(step.what);

  v1::DecisionGrounds& grounds = *prepared.mutable_grounds();
  TEILHABE_ASSIGN_OR_RETURN(*grounds.mutable_facts(), FactsOf(file, decided, step.day, request.facts()));
  *grounds.mutable_event_day() = dossier::ToDate(decided.first_day.value_or(step.day));
  *grounds.mutable_law_day() = grounds.event_day();
  *grounds.mutable_known_at() = request.event_day();
  grounds.set_reasons(request.reasons());
  grounds.set_ground(decision.ground());
  TEILHABE_RETURN_IF_ERROR(AskEligibility(file, policies, request, prepared));
  TEILHABE_RETURN_IF_ERROR(AskCarriers(file, step.day, prepared));
  return AskProviders(file, prepared);
}

absl::Status Cases::AskEligibility(const CaseFile& file, const std::set<std::string>& policies,
                                   const v1::DecideRequest& request, v1::DecideResponse& prepared) {
  eligibility::v1::EvaluateAdmissionRequest asked;
  asked.set_with_text(true);
  eligibility::v1::AdmissionQuestion& question = *asked.mutable_question();
  question.set_stage(prepared.decision().stage());
  question.set_provider_type(prepared.decision().provider_type());
  *question.mutable_event_day() = prepared.grounds().event_day();
  *question.mutable_decision_day() = request.event_day();
  *question.mutable_facts() = prepared.grounds().facts();
  // Policies are Land law for who is bound by them; without one federal law alone applies.
  const std::string seat = dossiers_.ledger().ports().members.Seat(self());
  const std::string residence = file.contact ? file.contact->municipality() : "";
  question.set_land((seat.empty() ? residence : seat).substr(0, 2));
  for (const Policy& policy : Policies()) {
    const bool own_day = policy.signatories.empty() && policy.land == question.land();
    const bool in_force = policies.contains(policy.id) && policy.Binds(self());
    if (!own_day && !in_force) continue;
    question.set_land(policy.land);
    question.add_policies(policy.id);
  }
  *prepared.mutable_grounds()->mutable_policies() = question.policies();
  TEILHABE_ASSIGN_OR_RETURN(const auto answer, advisers_.EvaluateAdmission(asked));
  TEILHABE_RETURN_IF_ERROR(CheckOutcome(answer.admission(), request));
  AddFindings(answer.admission().findings(), prepared);
  for (const std::string& text : answer.admission().text()) prepared.mutable_grounds()->add_text(text);
  *prepared.mutable_grounds()->mutable_eligibility() = answer.versions();
  return absl::OkStatus();
}

absl::Status Cases::AskCarriers(const CaseFile& file, absl::CivilDay day, v1::DecideResponse& prepared) {
  v1::Decision& decision = *prepared.mutable_decision();
  carriers::v1::DetermineCompetenceRequest asked;
  asked.set_with_text(true);
  carriers::v1::CompetenceQuestion& question = *asked.mutable_question();
  question.set_municipality(MunicipalityOn(file, prepared.grounds().event_day()));
  question.set_stage(decision.stage());
  question.set_provider_type(decision.provider_type());
  *question.mutable_event_day() = prepared.grounds().event_day();
  *question.mutable_facts() = prepared.grounds().facts();
  TEILHABE_ASSIGN_OR_RETURN(const auto answer, advisers_.DetermineCompetence(asked));
  const carriers::v1::Competence& competence = answer.competence();
  const bool determined = competence.outcome() == carriers::v1::OUTCOME_DETERMINED;
  const bool own = determined && IsAgency(competence, self());
  const auto& application = *Find(file.folded.applications, decision.application());
  // Who holds the file need not be who decides: what others received or were sent stays theirs.
  if (const std::string decider = DeciderOf(file.folded, application, day); decider != self()) {
    return WithDetail(Refuse("NOT_LEISTENDER", "decision.application", "another agency decides on this application"),
                      "agency", decider);
  }
  if (!IsLeistender(file.folded, application, day)) {
    if (!competence.missing().empty()) return FactsMissing(competence.missing());
    if (determined && !own) {
      return WithDetail(Refuse("NOT_COMPETENT", "case",
                               "another agency is competent; forward the application (§ 14 Abs. 1 Satz 2 SGB IX)"),
                        "agency", competence.agency().id());
    }
  }
  if (determined) decision.set_competent_traeger(own ? self() : competence.agency().id());
  AddFindings(competence.findings(), prepared);
  for (const std::string& text : competence.text()) prepared.mutable_grounds()->add_text(text);
  *prepared.mutable_grounds()->mutable_carriers() = answer.versions();
  return absl::OkStatus();
}

absl::Status Cases::AskProviders(const CaseFile& file, v1::DecideResponse& prepared) {
  v1::Decision& decision = *prepared.mutable_decision();
  if (decision.provider().empty()) return absl::OkStatus();
  providers::v1::CheckProviderRequest asked;
  asked.set_provider(decision.provider());
  asked.set_stage(decision.stage());
  asked.set_municipality(MunicipalityOn(file, prepared.grounds().event_day()));
  *asked.mutable_event_day() = prepared.grounds().event_day();
  TEILHABE_ASSIGN_OR_RETURN(const auto answer, advisers_.CheckProvider(asked));
  if (!answer.breaches().empty() && decision.outcome() == v1::DECISION_OUTCOME_GRANTED) {
    return WithDetail(Refuse("PROVIDER_NOT_READY", "decision.provider", "the provider may not provide this service"),
                      "rule", answer.breaches(0));
  }
  if (answer.type() != carriers::v1::PROVIDER_TYPE_UNSPECIFIED && answer.type() != decision.provider_type()) {
    return Refuse("PROVIDER_WRONG_TYPE", "decision.provider", "the provider is of the other type");
  }
  decision.set_contracting_traeger(answer.contracting_traeger());
  AddFindings(answer.findings(), prepared);
  return absl::OkStatus();
}

absl::Status Cases::ReadBack(storage::Reader& reader, const CaseFile& file, const std::string& head,
                             v1::DecideResponse& decided) const {
  const auto event = std::find_if(file.events.begin(), file.events.end(), [&](const dossier::Event& written) {
    return written.header.previous_hash() == head;
  });
  if (event == file.events.end()) return absl::OkStatus();
  const auto read = [&](const char* name, auto& message) -> absl::Status {
    const auto section =
        dossiers_.ledger().ports().store.SectionOf(reader, file.log.dossier(), std::string(event->hash.bytes()), name);
    if (absl::IsNotFound(section.status())) return absl::OkStatus();
    if (!section.ok()) return section.status();
    wire::SectionPayload payload;
    if (payload.ParseFromString(section->payload()) && message.ParseFromString(payload.content())) {
      return absl::OkStatus();
    }
    return ReasonError(absl::StatusCode::kDataLoss, "STORE_CORRUPT", "the section cannot be read");
  };
  v1::Procedure procedure;
  TEILHABE_RETURN_IF_ERROR(read("verfahren", procedure));
  *decided.mutable_decision() = procedure.decision();
  TEILHABE_RETURN_IF_ERROR(read("begruendung/p1", *decided.mutable_grounds()));
  decided.mutable_decision()->set_ground(decided.grounds().ground());
  return read("tatsachen/p1", *decided.mutable_grounds()->mutable_facts());
}

absl::StatusOr<v1::DecideResponse> Cases::Decide(const Actor& actor, const v1::DecideRequest& request) {
  TEILHABE_RETURN_IF_ERROR(MayWrite(actor.role, actor.caller.purpose));
  if (actor.role != CallerRole::kOfficial) {
    return FieldError(absl::StatusCode::kPermissionDenied, "OFFICIAL_REQUIRED", "official", "a named official decides");
  }
  TEILHABE_ASSIGN_OR_RETURN(const absl::CivilDay day, ToDay(request.event_day(), "event_day"));
  const dossier::Request asked = ToRequest("Decide", request);
  std::optional<CaseFile> file;
  std::set<std::string> policies;
  v1::DecideResponse prepared;
  const absl::Status read = dossiers_.Commit([&](dossier::Unit& unit) -> absl::Status {
    const dossier::Store& store = dossiers_.ledger().ports().store;
    TEILHABE_ASSIGN_OR_RETURN(const auto stored, store.AnswerTo(unit.tx, request.case_(), asked.id, asked.body));
    TEILHABE_ASSIGN_OR_RETURN(file, Read(unit.tx, request.case_()));
    if (stored) {
      *prepared.mutable_answer() = ToAnswer(*stored);
      TEILHABE_RETURN_IF_ERROR(ReadBack(unit.tx, *file, request.expected_head(), prepared));
      return dossiers_.desk().Note(unit, actor.caller, "decide", request.case_());
    }
    // Grounds show facts of all categories: to who may decide on them only.
    if (file->log.holder() != self()) {
      return Refuse("NOT_HOLDER", "case", "only the holder decides in this log; contribute instead");
    }
    TEILHABE_ASSIGN_OR_RETURN(policies, store_.PoliciesOn(unit.tx, day));
    return dossiers_.desk().Note(unit, actor.caller, "prepare-decision", request.case_());
  });
  if (!read.ok()) return read;
  if (prepared.has_answer()) return prepared;
  // The others are asked outside a transaction, at the head that the official has seen; the write below checks it.
  if (file->log.head() != request.expected_head()) {
    return FieldError(absl::StatusCode::kAborted, "HEAD_MOVED", "expected_head",
                      "the log has a newer event; read it and decide anew");
  }
  TEILHABE_RETURN_IF_ERROR(Prepare(*file, policies, request, prepared));
  if (request.check_only()) return prepared;
  std::vector<Part> parts;
  if (!request.solution().text().empty() || request.decision().has_individual_solution()) {
    TEILHABE_RETURN_IF_ERROR(CheckText(request.solution().text(), 10'000, "STEP_MALFORMED", "solution.text"));
    parts.push_back(MakePart("loesung/p1", wire::CATEGORY_PLAN, request.solution()));
  }
  // The procedure is every party's: what speaks of the person lies apart.
  v1::DecisionGrounds grounds = prepared.grounds();
  parts.push_back(MakePart("tatsachen/p1", wire::CATEGORY_NEEDS, grounds.facts()));
  grounds.clear_facts();
  parts.push_back(MakePart("begruendung/p1", wire::CATEGORY_PLAN, grounds));
  TEILHABE_ASSIGN_OR_RETURN(
      *prepared.mutable_answer(),
      Write(actor, asked, request.case_(), request.expected_head(),
            [&](dossier::Unit&, const CaseFile&) -> absl::StatusOr<std::vector<wire::EventDraft>> {
              v1::Procedure procedure;
              *procedure.mutable_decision() = prepared.decision();
              procedure.mutable_decision()->clear_ground();
              return std::vector{MakeDraft(procedure, parts, request.event_day(), request.backdating_evidence())};
            }));
  return prepared;
}

}  // namespace teilhabe::participants
