#include "services/participants/projection.h"

#include "common/base/status_macros.h"
#include "common/dossier/days.h"
#include "google/protobuf/util/message_differencer.h"
#include "services/participants/cases.h"
#include "services/participants/domain/handover_list.h"
#include "services/participants/domain/policies.h"
#include "services/participants/domain/rest.h"

namespace teilhabe::participants {
namespace {

namespace wire = dossier::v1;

// The stage that the case is about: that of what was applied for or begun last.
std::optional<Stage> StageOf(const Case& folded) {
  if (folded.applications.empty()) return std::nullopt;
  const auto& application = folded.applications.back();
  if (folded.services.empty() || folded.services.back().sequence < application.sequence) return application.what.stage;
  const auto* const decision = Find(folded.decisions, folded.services.back().what.decision);
  return decision == nullptr ? application.what.stage : decision->what.stage;
}

// A person is known by what her case says, as soon as this node sees it; who she is among others an official confirms.
absl::Status UpdatePerson(dossier::Unit& unit, const CaseStore& store, const CaseFile& file, crypto::Rng& rng) {
  if (!file.person) return absl::OkStatus();
  const std::string& dossier = file.log.dossier();
  TEILHABE_ASSIGN_OR_RETURN(const auto row, store.Get(unit.tx, dossier));
  PersonRow person;
  person.id = row ? row->person_id : "";
  if (person.id.empty()) {
    person.id = dossier::NewDossierId(rng);
    person.identity = *file.person;
    TEILHABE_RETURN_IF_ERROR(store.PutPerson(unit.tx, person));
    return store.Link(unit.tx, dossier, person.id);
  }
  TEILHABE_ASSIGN_OR_RETURN(const auto cases, store.CasesOf(unit.tx, person.id));
  if (cases.size() > 1) return absl::OkStatus();
  auto known = store.GetPerson(unit.tx, person.id);
  if (absl::IsNotFound(known.status())) return absl::OkStatus();  // Erased, and stays so.
  if (!known.ok()) return known.status();
  person = *std::move(known);
  if (google::protobuf::util::MessageDifferencer::Equals(person.identity, *file.person)) return absl::OkStatus();
  person.identity = *file.person;  // Corrected.
  return store.PutPerson(unit.tx, person);
}

// The stage for which a case was announced.
std::optional<Stage> AnnouncedStage(storage::Reader& reader, const dossier::Store& store, const wire::LogState& log,
                                    const std::string& hash) {
  const auto section = store.SectionOf(reader, log.dossier(), hash, "verfahren");
  wire::SectionPayload payload;
  v1::Procedure procedure;
  if (!section.ok() || !payload.ParseFromString(section->payload()) || !procedure.ParseFromString(payload.content())) {
    return std::nullopt;
  }
  const auto stage = ToStage(procedure.next_stage().stage(), "stage");
  return stage.ok() ? std::optional(*stage) : std::nullopt;
}

// Answers announcements to this agency, once each.
absl::Status AnswerAnnouncements(dossier::Unit& unit, const dossier::Ledger& ledger, const CaseFile& file) {
  const dossier::Ports& ports = ledger.ports();
  const wire::LogState& log = file.log;
  for (const wire::Announcement& announcement : log.announcements()) {
    if (announcement.to() != ports.member || log.holder() == ports.member) continue;
    TEILHABE_ASSIGN_OR_RETURN(const auto ready,
                              ports.store.StatementsAbout(unit.tx, log.dossier(), wire::StatementHeader::kReady,
                                                          announcement.hash(), ports.member));
    const std::optional<Stage> stage = AnnouncedStage(unit.tx, ports.store, log, announcement.hash());
    if (!ready.empty() || !stage) continue;
    wire::StatementHeader draft;
    draft.set_to(log.holder());
    draft.set_legal_basis("§ 69 Abs. 1 Nr. 1 SGB X");
    *draft.mutable_event_day() = dossier::ToDate(ledger.Today());
    draft.mutable_ready()->set_announced_hash(announcement.hash());
    for (const std::string& item : MissingItems(HandoverListFor(*stage, ledger.Today()), PresentIn(file))) {
      draft.mutable_ready()->add_missing(item);
    }
    TEILHABE_RETURN_IF_ERROR(ledger.State(unit, log, std::move(draft), {}).status());
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CaseProjection::Update(dossier::Unit& unit, const std::string& dossier) {
  TEILHABE_ASSIGN_OR_RETURN(const wire::LogState log, dossiers_->ledger().ports().store.State(unit.tx, dossier));
  if (log.class_() == wire::DOSSIER_CLASS_CASE && log.sequence() > 0) return UpdateCase(unit, log);
  if (log.class_() == wire::DOSSIER_CLASS_POLICY) return UpdatePolicies(unit, log);
  return absl::OkStatus();
}

absl::Status CaseProjection::UpdateCase(dossier::Unit& unit, const wire::LogState& log) {
  const dossier::Ledger& ledger = dossiers_->ledger();
  TEILHABE_ASSIGN_OR_RETURN(const CaseFile file, ReadCase(unit.tx, ledger, log, true));
  const Rest rest = RestOf(file.folded, ledger.Today());
  CaseRow row;
  row.dossier = log.dossier();
  row.holder = log.holder();
  row.held = log.holder() == ledger.ports().member;
  row.rest = rest.kind;
  row.due = rest.due;
  row.stage = StageOf(file.folded);
  TEILHABE_RETURN_IF_ERROR(store_.Put(unit.tx, row));
  TEILHABE_RETURN_IF_ERROR(UpdatePerson(unit, store_, file, ledger.ports().rng));
  return AnswerAnnouncements(unit, ledger, file);
}

absl::Status CaseProjection::UpdatePolicies(dossier::Unit& unit, const wire::LogState& log) {
  for (const wire::JointDocument& document : log.joint_documents()) {
    const Policy* const policy = FindPolicy(document.document());
    if (policy == nullptr || !document.has_in_force_day()) continue;
    // A text of that name that not all of its parties have signed is none (N-17).
    if (!policy->IsSignedBy({document.signatories().begin(), document.signatories().end()})) continue;
    TEILHABE_RETURN_IF_ERROR(
        store_.PutPolicy(unit.tx, log.dossier(), document.document(), dossier::ToCivil(document.in_force_day())));
  }
  return absl::OkStatus();
}

}  // namespace teilhabe::participants
