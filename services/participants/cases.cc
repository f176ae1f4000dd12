#include "services/participants/cases.h"

#include <algorithm>

#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/dossier/days.h"
#include "services/participants/domain/replacement.h"
#include "services/participants/domain/steps.h"

namespace teilhabe::participants {
namespace {

namespace wire = dossier::v1;

absl::Status Refuse(std::string_view reason, std::string_view field, std::string_view message) {
  return FieldError(absl::StatusCode::kFailedPrecondition, reason, field, message);
}
absl::Status Unknown() {
  return FieldError(absl::StatusCode::kNotFound, "CASE_UNKNOWN", "case", "this agency has no such case");
}

// The sections that a step has beside `verfahren`, checked. Errors: STEP_MALFORMED.
absl::StatusOr<std::vector<Part>> PartsOf(const v1::RecordStepRequest& request) {
  const v1::Procedure& step = request.step();
  std::vector<Part> parts;
  const auto allow = [](bool needed, bool given, std::string_view field) -> absl::Status {
    if (needed == given) return absl::OkStatus();
    return FieldError(absl::StatusCode::kInvalidArgument, "STEP_MALFORMED", field,
                      needed ? "this step has it" : "this step does not have it");
  };
  const bool begins = step.has_representation() && step.representation().ends() == 0;
  TEILHABE_RETURN_IF_ERROR(allow(begins, request.has_representation(), "representation"));
  if (begins) parts.push_back(MakePart("vertretung/p1", wire::CATEGORY_IDENTITY, request.representation()));
  const bool needs = step.has_assessment() || step.has_determination();
  TEILHABE_RETURN_IF_ERROR(allow(needs, request.has_needs(), "needs"));
  if (needs) {
    TEILHABE_RETURN_IF_ERROR(CheckNeeds(request.needs()));
    parts.push_back(MakePart("bedarf/p1", wire::CATEGORY_NEEDS, request.needs()));
  }
  TEILHABE_RETURN_IF_ERROR(allow(step.has_teilhabeplan(), request.has_plan(), "plan"));
  if (step.has_teilhabeplan()) {
    TEILHABE_RETURN_IF_ERROR(CheckPlan(request.plan(), step.teilhabeplan().gesamtplan()));
    parts.push_back(MakePart("plan/p1", wire::CATEGORY_PLAN, request.plan()));
  }
  const bool solves = step.has_individual_solution() || step.service_ended().has_individual_solution();
  TEILHABE_RETURN_IF_ERROR(allow(solves, request.has_solution(), "solution"));
  if (solves) {
    TEILHABE_RETURN_IF_ERROR(CheckText(request.solution().text(), 10'000, "STEP_MALFORMED", "solution.text"));
    parts.push_back(MakePart("loesung/p1", wire::CATEGORY_PLAN, request.solution()));
  }
  if (request.has_report_text()) {
    TEILHABE_RETURN_IF_ERROR(allow(step.has_report(), true, "report_text"));
    TEILHABE_RETURN_IF_ERROR(CheckText(request.report_text().text(), 10'000, "STEP_MALFORMED", "report_text.text"));
    parts.push_back(MakePart("bericht/p1", wire::CATEGORY_COURSE, request.report_text()));
  }
  if (request.has_medical()) {
    TEILHABE_RETURN_IF_ERROR(allow(needs, true, "medical"));
    parts.push_back({"gutachten/p1", wire::CATEGORY_MEDICAL, request.medical()});
  }
  return parts;
}

// What the node adds to a step that an agency records, and checks of its words. Errors: STEP_MALFORMED.
absl::Status Complete(const std::string& self, v1::Procedure& procedure) {
  if (procedure.has_report()) return CheckReport(procedure.report());
  if (!procedure.has_application()) return absl::OkStatus();
  v1::Application& application = *procedure.mutable_application();
  if (application.received_by().empty()) application.set_received_by(self);
  return CheckText(application.received_by(), 200, "STEP_MALFORMED", "step.application.received_by");
}

// What a step has in sections of its own stays as it is. Errors: STEP_MALFORMED.
absl::Status CheckKept(const v1::Procedure& wrong, const v1::Procedure& step) {
  const bool same_plan = wrong.teilhabeplan().gesamtplan() == step.teilhabeplan().gesamtplan();
  const bool has_text = wrong.service_ended().has_individual_solution();
  if (same_plan && (has_text || !step.service_ended().has_individual_solution())) return absl::OkStatus();
  return FieldError(absl::StatusCode::kInvalidArgument, "STEP_MALFORMED", "step",
                    "its sections lack what this would say; void it and record it anew");
}

// The step that this agency recorded at a sequence, as it was written last before it was voided. Errors: STEP_UNKNOWN,
// STEP_OF_OTHER, STEP_NOT_CORRECTED.
absl::StatusOr<v1::Procedure> FindWrong(const CaseFile& file, const std::string& self, std::int64_t sequence) {
  const auto event = std::find_if(file.events.begin(), file.events.end(),
                                  [&](const dossier::Event& written) { return written.header.sequence() == sequence; });
  const auto step = std::find_if(file.steps.begin(), file.steps.end(),
                                 [&](const v1::CaseStep& shown) { return shown.sequence() == sequence; });
  const auto written = file.written.find(sequence);
  if (event == file.events.end() || event->header.has_corrected() ||
      (step == file.steps.end() && written == file.written.end())) {
    return Refuse("STEP_UNKNOWN", "sequence", "the case has no such step; name the sequence of its event");
  }
  if (event->header.kind() != wire::EVENT_KIND_RECORDED || event->header.author() != self) {
    return Refuse("STEP_OF_OTHER", "sequence", "who recorded it corrects it; others contest it by a report");
  }
  v1::Procedure wrong = step == file.steps.end() ? written->second : step->step();
  if (!wrong.has_decision()) return wrong;
  return Refuse("STEP_NOT_CORRECTED", "sequence", "a decision is changed by a decision (§§ 44 to 48 SGB X)");
}

// An objection to the transfer of medical data ends it for parties that had a grant (§ 76 Abs. 2 Nr. 1 SGB X).
void WithdrawMedical(const wire::LogState& log, absl::CivilDay today, std::vector<wire::EventDraft>& drafts) {
  for (const wire::Party& party : log.parties()) {
    if (party.ended() || party.grant().medical_basis().empty()) continue;
    wire::EventHeader header;
    *header.mutable_event_day() = dossier::ToDate(today);
    header.set_legal_basis("§ 76 Abs. 2 Nr. 1 SGB X");
    header.set_kind(wire::EVENT_KIND_PARTY_ENDED);
    header.mutable_party_ended()->set_member(party.member());
    *drafts.emplace_back().mutable_header() = header;
    wire::PartyAdmitted& admitted = *header.mutable_party_admitted();
    header.set_kind(wire::EVENT_KIND_PARTY_ADMITTED);
    admitted.set_member(party.member());
    admitted.mutable_grant()->set_relation(party.grant().relation());
    for (const int category : party.grant().categories()) {
      if (category != wire::CATEGORY_MEDICAL)
        admitted.mutable_grant()->add_categories(static_cast<wire::Category>(category));
    }
    *admitted.mutable_from_day() = dossier::ToDate(today);
    if (party.has_to_day()) *admitted.mutable_to_day() = party.to_day();
    *drafts.emplace_back().mutable_header() = header;
  }
}

}  // namespace

v1::WriteAnswer ToAnswer(const wire::StoredAnswer& stored) {
  v1::WriteAnswer answer;
  *answer.mutable_head() = stored.head();
  answer.set_statement_hash(stored.statement_hash());
  return answer;
}

Relation Cases::RelationTo(const wire::LogState& log) const { return RelationOf(log, self(), Today()); }

absl::StatusOr<CaseFile> Cases::Read(storage::Reader& reader, const std::string& dossier) const {
  const dossier::Store& store = dossiers_.ledger().ports().store;
  TEILHABE_ASSIGN_OR_RETURN(const wire::LogState log, store.State(reader, dossier));
  const Relation relation = RelationTo(log);
  if (relation == Relation::kNone || relation == Relation::kEndedParty) return Unknown();
  return ReadCase(reader, dossiers_.ledger(), log);
}

absl::StatusOr<v1::WriteAnswer> Cases::Write(const Actor& actor, const dossier::Request& asked,
                                             const std::string& dossier, const std::string& expected_head,
                                             const Compose& compose) {
  TEILHABE_RETURN_IF_ERROR(MayWrite(actor.role, actor.caller.purpose));
  v1::WriteAnswer answer;
  const absl::Status written = dossiers_.Commit([&](dossier::Unit& unit) -> absl::Status {
    const dossier::Store& store = dossiers_.ledger().ports().store;
    // A repeated request is answered as it was, whatever has happened since.
    TEILHABE_ASSIGN_OR_RETURN(const auto answered, store.AnswerTo(unit.tx, dossier, asked.id, asked.body));
    if (answered) {
      answer = ToAnswer(*answered);
      return absl::OkStatus();
    }
    TEILHABE_ASSIGN_OR_RETURN(const CaseFile file, Read(unit.tx, dossier));
    if (file.log.head() != expected_head) {
      return FieldError(absl::StatusCode::kAborted, "HEAD_MOVED", "expected_head",
                        "the log has a newer event; read it and decide anew");
    }
    if (file.log.holder() != self()) return Refuse("NOT_HOLDER", "case", "only the holder records; contribute instead");
    if (file.log.has_offer())
      return Refuse("LOG_FROZEN", "case", "an offer is open; nothing is appended until it is answered");
    TEILHABE_ASSIGN_OR_RETURN(const auto drafts, compose(unit, file));
    for (const wire::EventDraft& draft : drafts) {
      if (dossier::ToCivil(draft.header().event_day()) < Today() && draft.header().backdating_evidence().empty()) {
        return Refuse("BACKDATING_EVIDENCE_MISSING", "backdating_evidence", "say what proves that it was on that day");
      }
    }
    TEILHABE_ASSIGN_OR_RETURN(const auto stored,
                              dossiers_.desk().AppendAll(unit, actor.caller, asked, dossier, expected_head, drafts));
    answer = ToAnswer(stored);
    return absl::OkStatus();
  });
  if (!written.ok()) return written;
  return answer;
}

absl::StatusOr<v1::WriteAnswer> Cases::Open(const Actor& actor, const v1::OpenCaseRequest& request) {
  TEILHABE_RETURN_IF_ERROR(MayWrite(actor.role, actor.caller.purpose));
  if (!dossier::IsDossierId(request.case_())) {
    return FieldError(absl::StatusCode::kInvalidArgument, "DOSSIER_INVALID", "case",
                      "a case's id is 32 lower-case hex digits, made by the caller at random");
  }
  TEILHABE_RETURN_IF_ERROR(CheckPerson(request.person(), Today()));
  TEILHABE_RETURN_IF_ERROR(CheckContact(request.contact()));
  if (!request.person_id().empty() && actor.role != CallerRole::kOfficial) {
    return FieldError(absl::StatusCode::kPermissionDenied, "OFFICIAL_REQUIRED", "person_id",
                      "an official confirms who a person is");
  }
  if (!request.file_number().empty()) {
    TEILHABE_RETURN_IF_ERROR(CheckText(request.file_number(), 100, "FILE_NUMBER_INVALID", "file_number"));
  }
  TEILHABE_ASSIGN_OR_RETURN(const absl::CivilDay day, ToDay(request.event_day(), "event_day"));
  if (day < Today() && request.backdating_evidence().empty()) {
    return Refuse("BACKDATING_EVIDENCE_MISSING", "backdating_evidence", "say what proves that it was on that day");
  }
  wire::EventDraft draft;
  draft.mutable_header()->set_class_(wire::DOSSIER_CLASS_CASE);
  *draft.mutable_header()->mutable_event_day() = request.event_day();
  draft.mutable_header()->set_backdating_evidence(request.backdating_evidence());
  draft.mutable_header()->set_legal_basis("§ 14 Abs. 1 SGB IX");
  AddPart(MakePart("person/p1", wire::CATEGORY_IDENTITY, request.person()), *draft.add_sections());
  AddPart(MakePart("kontakt/p1", wire::CATEGORY_CONTACT, request.contact()), *draft.add_sections());
  const dossier::Request asked = ToRequest("OpenCase", request);
  v1::WriteAnswer answer;
  const absl::Status opened = dossiers_.Commit([&](dossier::Unit& unit) -> absl::Status {
    const dossier::Store& store = dossiers_.ledger().ports().store;
    TEILHABE_ASSIGN_OR_RETURN(const auto answered, store.AnswerTo(unit.tx, request.case_(), asked.id, asked.body));
    if (answered) {
      answer = ToAnswer(*answered);
      return absl::OkStatus();
    }
    TEILHABE_ASSIGN_OR_RETURN(const auto stored,
                              dossiers_.desk().Open(unit, actor.caller, asked, request.case_(), draft));
    // Without a person that an official has matched, the projection makes a new one.
    if (!request.person_id().empty()) {
      TEILHABE_RETURN_IF_ERROR(store_.GetPerson(unit.tx, request.person_id()).status());
      TEILHABE_RETURN_IF_ERROR(store_.Link(unit.tx, request.case_(), request.person_id()));
    }
    if (!request.file_number().empty()) {
      TEILHABE_RETURN_IF_ERROR(store_.SetFileNumber(unit.tx, request.case_(), request.file_number()));
    }
    answer = ToAnswer(stored);
    return absl::OkStatus();
  });
  if (!opened.ok()) return opened;
  return answer;
}

absl::StatusOr<v1::WriteAnswer> Cases::RecordStep(const Actor& actor, const v1::RecordStepRequest& request) {
  return Write(actor, ToRequest("RecordStep", request), request.case_(), request.expected_head(),
               [&](dossier::Unit&, const CaseFile& file) -> absl::StatusOr<std::vector<wire::EventDraft>> {
                 v1::Procedure procedure = request.step();
                 if (procedure.has_decision() || procedure.has_next_stage() || procedure.has_sent()) {
                   return Refuse("STEP_NOT_RECORDED", "step", "this step has an rpc of its own");
                 }
                 TEILHABE_RETURN_IF_ERROR(Complete(self(), procedure));
                 TEILHABE_ASSIGN_OR_RETURN(const auto parts, PartsOf(request));
                 TEILHABE_ASSIGN_OR_RETURN(
                     Step step, ToStep(procedure, request.has_representation() ? &request.representation() : nullptr));
                 step.sequence = file.log.sequence() + 1;
                 TEILHABE_ASSIGN_OR_RETURN(step.day, ToDay(request.event_day(), "event_day"));
                 step.author = self();
                 TEILHABE_RETURN_IF_ERROR(CheckStep(file.folded, step, Today()));
                 std::vector drafts = {MakeDraft(procedure, parts, request.event_day(), request.backdating_evidence())};
                 if (procedure.medical_hint().objection()) WithdrawMedical(file.log, Today(), drafts);
                 return drafts;
               });
}

absl::StatusOr<v1::WriteAnswer> Cases::CorrectStep(const Actor& actor, const v1::CorrectStepRequest& request) {
  return Write(
      actor, ToRequest("CorrectStep", request), request.case_(), request.expected_head(),
      [&](dossier::Unit&, const CaseFile& file) -> absl::StatusOr<std::vector<wire::EventDraft>> {
        TEILHABE_RETURN_IF_ERROR(CheckText(request.reason(), 1000, "STEP_MALFORMED", "reason"));
        TEILHABE_ASSIGN_OR_RETURN(const v1::Procedure wrong, FindWrong(file, self(), request.sequence()));
        v1::Procedure procedure = request.step();
        std::optional<Step> replacement;
        if (!procedure.has_voided()) {
          if (procedure.step_case() != wrong.step_case()) {
            return FieldError(absl::StatusCode::kInvalidArgument, "STEP_MALFORMED", "step",
                              "a step of the same kind takes its place, or `voided`");
          }
          TEILHABE_RETURN_IF_ERROR(Complete(self(), procedure));
          TEILHABE_RETURN_IF_ERROR(CheckKept(wrong, procedure));
          const auto who = file.representations.find(request.sequence());
          TEILHABE_ASSIGN_OR_RETURN(replacement,
                                    ToStep(procedure, who == file.representations.end() ? nullptr : &who->second));
          const wire::EventHeader& recorded = file.events[request.sequence() - 1].header;
          replacement->sequence = request.sequence();
          replacement->day = dossier::ToCivil(recorded.event_day());
          replacement->author = self();
        }
        TEILHABE_RETURN_IF_ERROR(CheckReplacement(file.folded, file.course, request.sequence(), replacement, Today()));
        wire::EventDraft draft;
        wire::EventHeader& header = *draft.mutable_header();
        header.set_kind(wire::EVENT_KIND_CORRECTED);
        *header.mutable_event_day() = dossier::ToDate(Today());
        header.set_legal_basis("Art. 16 DSGVO");
        header.mutable_corrected()->set_sequence(request.sequence());
        header.mutable_corrected()->set_name("verfahren");
        header.mutable_corrected()->set_reason(request.reason());
        AddPart(MakePart("verfahren", wire::CATEGORY_PROCEDURE, procedure), *draft.add_sections());
        std::vector drafts = {std::move(draft)};
        // Without a hint medical data may no longer be given (§ 76 Abs. 2 Nr. 1 SGB X), as against an objection.
        const bool last_hint = wrong.has_medical_hint() && procedure.has_voided() && file.folded.hints.size() == 1;
        if (last_hint || procedure.medical_hint().objection()) WithdrawMedical(file.log, Today(), drafts);
        return drafts;
      });
}

absl::StatusOr<v1::WriteAnswer> Cases::Contribute(const Actor& actor, const v1::ContributeRequest& request) {
  TEILHABE_RETURN_IF_ERROR(MayWrite(actor.role, actor.caller.purpose));
  TEILHABE_RETURN_IF_ERROR(CheckReport(request.report()));
  TEILHABE_RETURN_IF_ERROR(CheckText(request.text().text(), 10'000, "STEP_MALFORMED", "text.text"));
  TEILHABE_RETURN_IF_ERROR(ToDay(request.event_day(), "event_day").status());
  v1::Procedure procedure;
  *procedure.mutable_report() = request.report();
  wire::StatementDraft draft;
  draft.mutable_header()->mutable_contribution()->set_record(RecordOf(procedure));
  *draft.mutable_header()->mutable_event_day() = request.event_day();
  draft.mutable_header()->set_legal_basis(std::string(LegalBasisOfRecord("report")));
  for (const Part& part : {MakePart("verfahren", wire::CATEGORY_PROCEDURE, procedure),
                           MakePart("bericht/p1", wire::CATEGORY_COURSE, request.text())}) {
    wire::SectionDraft& section = *draft.add_sections();
    AddPart(part, section);
  }
  v1::WriteAnswer answer;
  const absl::Status signed_status = dossiers_.Commit([&](dossier::Unit& unit) -> absl::Status {
    const dossier::Store& store = dossiers_.ledger().ports().store;
    TEILHABE_ASSIGN_OR_RETURN(const wire::LogState log, store.State(unit.tx, request.case_()));
    // Who was a party may still have to report; who never was one has no such case.
    if (RelationTo(log) == Relation::kNone) return Unknown();
    TEILHABE_ASSIGN_OR_RETURN(
        const auto stored,
        dossiers_.desk().Sign(unit, actor.caller, ToRequest("Contribute", request), request.case_(), draft));
    answer = ToAnswer(stored);
    return absl::OkStatus();
  });
  if (!signed_status.ok()) return signed_status;
  return answer;
}

absl::Status Cases::SetFileNumber(const Actor& actor, const v1::SetFileNumberRequest& request) {
  TEILHABE_RETURN_IF_ERROR(MayWrite(actor.role, actor.caller.purpose));
  TEILHABE_RETURN_IF_ERROR(CheckText(request.file_number(), 100, "FILE_NUMBER_INVALID", "file_number"));
  return dossiers_.Commit([&](dossier::Unit& unit) -> absl::Status {
    TEILHABE_RETURN_IF_ERROR(Read(unit.tx, request.case_()).status());
    TEILHABE_RETURN_IF_ERROR(store_.SetFileNumber(unit.tx, request.case_(), request.file_number()));
    return dossiers_.desk().Note(unit, actor.caller, "set-file-number", request.case_());
  });
}

absl::Status Cases::View(
    const Actor& actor, std::string_view action, const std::string& dossier,
    const std::function<absl::Status(dossier::Unit&, const CaseFile&, const std::set<Category>&)>& show) {
  return dossiers_.Commit([&](dossier::Unit& unit) -> absl::Status {
    const dossier::Store& store = dossiers_.ledger().ports().store;
    TEILHABE_ASSIGN_OR_RETURN(const wire::LogState log, store.State(unit.tx, dossier));
    TEILHABE_ASSIGN_OR_RETURN(const auto allowed,
                              VisibleTo(unit.tx, store, log, self(), Today(), actor.role, actor.caller.purpose));
    TEILHABE_ASSIGN_OR_RETURN(const CaseFile file, ReadCase(unit.tx, dossiers_.ledger(), log));
    TEILHABE_RETURN_IF_ERROR(show(unit, file, allowed));
    return dossiers_.desk().Note(unit, actor.caller, action, dossier);
  });
}

}  // namespace teilhabe::participants
