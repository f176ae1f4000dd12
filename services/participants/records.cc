#include "services/participants/records.h"

#include <algorithm>
#include <array>
#include <utility>

#include "common/base/day.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/dossier/days.h"

namespace teilhabe::participants {
namespace {

namespace wire = dossier::v1;
using dossier::ToCivil;

constexpr char kProcedureSection[] = "verfahren";

absl::Status Malformed(std::string_view field, std::string_view message) {
  return FieldError(absl::StatusCode::kInvalidArgument, "STEP_MALFORMED", field, message);
}

// A day that may be absent.
absl::StatusOr<std::optional<absl::CivilDay>> ToOptionalDay(bool present, const google::type::Date& day,
                                                            std::string_view field) {
  if (!present) return std::nullopt;
  TEILHABE_ASSIGN_OR_RETURN(const absl::CivilDay civil, ToDay(day, field));
  return civil;
}

// An enumeration whose domain type counts from 0 where the contract, after UNSPECIFIED, counts from 1.
template <typename To>
absl::StatusOr<To> ToEnum(int value, int last, std::string_view field) {
  if (value < 1 || value > last) return Malformed(field, "say which");
  return static_cast<To>(value - 1);
}

ProviderType ToProviderType(carriers::v1::ProviderType type) {
  return type == carriers::v1::PROVIDER_TYPE_WFBM  ? ProviderType::kWfbm
         : type == carriers::v1::PROVIDER_TYPE_ALA ? ProviderType::kAla
                                                   : ProviderType::kNone;
}

absl::StatusOr<Application> ToApplication(const v1::Application& from) {
  Application to;
  TEILHABE_ASSIGN_OR_RETURN(to.eingang, ToDay(from.eingang_day(), "step.application.eingang_day"));
  TEILHABE_ASSIGN_OR_RETURN(to.stage, ToStage(from.stage(), "step.application.stage"));
  TEILHABE_ASSIGN_OR_RETURN(to.applicant, ToEnum<Applicant>(from.applicant(), 3, "step.application.applicant"));
  to.wish = ToProviderType(from.provider_type());
  to.representation = from.representation();
  to.received_by = from.received_by();
  to.jointly_with.assign(from.jointly_with().begin(), from.jointly_with().end());
  return to;
}

absl::StatusOr<Representation> ToRepresentation(const v1::Representation& from) {
  Representation to;
  TEILHABE_ASSIGN_OR_RETURN(to.kind, ToEnum<RepresentationKind>(from.kind(), 6, "representation.kind"));
  for (const int matter : from.matters()) {
    TEILHABE_ASSIGN_OR_RETURN(const Matter read, ToEnum<Matter>(matter, 6, "representation.matters"));
    to.matters.push_back(read);
  }
  TEILHABE_ASSIGN_OR_RETURN(to.from, ToDay(from.from_day(), "representation.from_day"));
  TEILHABE_ASSIGN_OR_RETURN(to.to, ToOptionalDay(from.has_to_day(), from.to_day(), "representation.to_day"));
  TEILHABE_ASSIGN_OR_RETURN(
      to.exclusive, ToOptionalDay(from.has_exclusive_day(), from.exclusive_day(), "representation.exclusive_day"));
  TEILHABE_RETURN_IF_ERROR(CheckText(from.name(), 200, "STEP_MALFORMED", "representation.name"));
  if (!from.proof().empty()) {
    TEILHABE_RETURN_IF_ERROR(CheckText(from.proof(), 1000, "STEP_MALFORMED", "representation.proof"));
    TEILHABE_RETURN_IF_ERROR(ToDay(from.proof_day(), "representation.proof_day").status());
  }
  to.proved = !from.proof().empty();
  to.consent_reserved = from.consent_reserved();
  to.sole = from.sole();
  return to;
}

absl::StatusOr<RepresentationNote> ToNote(const v1::RepresentationNote& from, const v1::Representation* who) {
  RepresentationNote to;
  to.ends = from.ends();
  TEILHABE_ASSIGN_OR_RETURN(to.end_day,
                            ToOptionalDay(from.has_end_day(), from.end_day(), "step.representation.end_day"));
  if (who != nullptr) {
    TEILHABE_ASSIGN_OR_RETURN(to.who, ToRepresentation(*who));
  }
  return to;
}

absl::StatusOr<IndividualSolution> ToSolution(const v1::IndividualSolution& from) {
  IndividualSolution to;
  TEILHABE_ASSIGN_OR_RETURN(to.review, ToOptionalDay(from.has_review_day(), from.review_day(), "review_day"));
  return to;
}

absl::StatusOr<Ended> ToEnded(const v1::Ended& from) {
  Ended to;
  TEILHABE_ASSIGN_OR_RETURN(to.reason, ToEnum<EndReason>(from.reason(), 6, "ended.reason"));
  return to;
}

template <typename Message>
absl::StatusOr<Follow> ToFollow(const Message& from) {
  Follow to;
  if (from.has_individual_solution()) {
    TEILHABE_ASSIGN_OR_RETURN(to.solution, ToSolution(from.individual_solution()));
  }
  if (from.has_ended()) {
    TEILHABE_ASSIGN_OR_RETURN(to.end, ToEnded(from.ended()));
  }
  return to;
}

absl::StatusOr<Decision> ToDecision(const v1::Decision& from) {
  Decision to;
  to.application = from.application();
  TEILHABE_ASSIGN_OR_RETURN(const int outcome, ToEnum<int>(from.outcome(), 2, "decision.outcome"));
  to.granted = outcome == 0;
  TEILHABE_ASSIGN_OR_RETURN(to.stage, ToStage(from.stage(), "decision.stage"));
  to.provider_type = ToProviderType(from.provider_type());
  to.provider = from.provider();
  TEILHABE_ASSIGN_OR_RETURN(to.first_day, ToOptionalDay(from.has_first_day(), from.first_day(), "decision.first_day"));
  TEILHABE_ASSIGN_OR_RETURN(to.last_day, ToOptionalDay(from.has_last_day(), from.last_day(), "decision.last_day"));
  if (to.granted && !to.first_day) return Malformed("decision.first_day", "say from when");
  to.leistender_traeger = from.leistender_traeger();
  TEILHABE_ASSIGN_OR_RETURN(to.follow, ToFollow(from));
  return to;
}

absl::StatusOr<ServiceStarted> ToStarted(const v1::ServiceStarted& from) {
  ServiceStarted to{from.decision(), {}, from.provider()};
  TEILHABE_ASSIGN_OR_RETURN(to.first_day, ToDay(from.first_day(), "step.service_started.first_day"));
  return to;
}

absl::StatusOr<ServiceEnded> ToServiceEnded(const v1::ServiceEnded& from) {
  ServiceEnded to;
  to.service = from.service();
  TEILHABE_ASSIGN_OR_RETURN(to.last_day, ToDay(from.last_day(), "step.service_ended.last_day"));
  TEILHABE_ASSIGN_OR_RETURN(to.reason, ToEnum<ServiceEndReason>(from.reason(), 6, "step.service_ended.reason"));
  TEILHABE_ASSIGN_OR_RETURN(to.follow, ToFollow(from));
  return to;
}

absl::StatusOr<MedicalHint> ToHint(const v1::MedicalHint& from) {
  MedicalHint to;
  TEILHABE_ASSIGN_OR_RETURN(to.given, ToDay(from.given_day(), "step.medical_hint.given_day"));
  to.objection = from.objection();
  return to;
}

absl::StatusOr<Plan> ToPlan(const v1::PlanVersion& from) {
  Plan to{from.application(), from.version(), std::nullopt, from.gesamtplan()};
  TEILHABE_ASSIGN_OR_RETURN(to.review,
                            ToOptionalDay(from.has_review_day(), from.review_day(), "step.teilhabeplan.review_day"));
  return to;
}

absl::StatusOr<GesamtplanFinding> ToFinding(const v1::GesamtplanFinding& from) {
  GesamtplanFinding to;
  to.plan = from.plan();
  TEILHABE_ASSIGN_OR_RETURN(to.stage, ToStage(from.stage(), "step.gesamtplan_finding.stage"));
  return to;
}

absl::StatusOr<Joined> ToJoined(const v1::Joined& from) {
  Joined to{from.into(), {}};
  if (!dossier::IsDossierId(from.into())) return Malformed("step.joined.into", "name the case that leads");
  TEILHABE_ASSIGN_OR_RETURN(to.their_eingang, ToDay(from.their_eingang_day(), "step.joined.their_eingang_day"));
  return to;
}

template <typename What>
absl::Status Put(Step& step, absl::StatusOr<What> what) {
  if (!what.ok()) return what.status();
  step.what = *std::move(what);
  return absl::OkStatus();
}

// What says who the person is and where: whoever holds keeps it right (Art. 16 GDPR).
bool IsOfPerson(std::string_view section) { return section == "person/p1" || section == "kontakt/p1"; }

// Sections of a case by place, with what was corrected in the place of what was wrong.
class Contents {
 public:
  static absl::StatusOr<Contents> Read(storage::Reader& reader, const dossier::Store& store,
                                       const std::vector<dossier::Event>& events, const std::string& dossier,
                                       bool outline) {
    Contents contents;
    TEILHABE_ASSIGN_OR_RETURN(auto sections, store.Sections(reader, dossier, [outline](std::string_view name) {
      return !outline || name == kProcedureSection || name == "person/p1" || name == "vertretung/p1";
    }));
    std::map<std::string, std::map<std::string, std::string>> by_owner;  // Hash, name, payload.
    for (auto& owned : sections) {
      by_owner[owned.owner][owned.section.name()] = std::move(*owned.section.mutable_payload());
    }
    std::map<std::int64_t, std::string> authors;
    for (const dossier::Event& event : events) {
      // A contribution is not the holder's, who only took it.
      if (!event.header.has_contribution_taken()) authors[event.header.sequence()] = event.header.author();
      const auto found = by_owner.find(std::string(event.hash.bytes()));
      if (found == by_owner.end()) continue;
      for (auto& [name, payload] : found->second) {
        const bool corrects = event.header.has_corrected() && event.header.corrected().name() == name;
        // What an agency recorded or decided is its own (§§ 44 to 48 SGB X): a later holder contests it, and does not
        // put other words under the issuer's name.
        const std::int64_t sequence = event.header.sequence();
        const std::int64_t at = corrects ? event.header.corrected().sequence() : sequence;
        if (corrects && !IsOfPerson(name) && authors[at] != event.header.author()) continue;
        if (corrects && name == kProcedureSection) {
          contents.written_.try_emplace(at, contents.payloads_[{at, name}]);
          contents.written_[sequence] = payload;
          contents.corrected_by_[at] = sequence;
        }
        contents.payloads_[{at, name}] = payload;
      }
    }
    return contents;
  }

  // The message in a section; absent where this node was not given it, or where it is another.
  template <typename Message>
  std::optional<Message> Get(std::int64_t sequence, const std::string& name) const {
    const auto found = payloads_.find({sequence, name});
    return found == payloads_.end() ? std::nullopt : Parse<Message>(found->second);
  }

  // Sequence of the event that corrected a step last; 0: none did.
  std::int64_t CorrectedBy(std::int64_t sequence) const {
    const auto found = corrected_by_.find(sequence);
    return found == corrected_by_.end() ? 0 : found->second;
  }
  // Where a step was corrected, what each event wrote.
  std::map<std::int64_t, v1::Procedure> Written() const {
    std::map<std::int64_t, v1::Procedure> written;
    for (const auto& [sequence, payload] : written_) {
      if (auto procedure = Parse<v1::Procedure>(payload)) written[sequence] = *std::move(procedure);
    }
    return written;
  }

 private:
  template <typename Message>
  static std::optional<Message> Parse(const std::string& bytes) {
    wire::SectionPayload payload;
    Message message;
    // Another content under this name is no step of a case: whatever others write never holds a delivery up.
    if (!payload.ParseFromString(bytes) || payload.type() != Message::descriptor()->full_name() ||
        !message.ParseFromString(payload.content())) {
      return std::nullopt;
    }
    return message;
  }

  std::map<std::pair<std::int64_t, std::string>, std::string> payloads_;
  std::map<std::int64_t, std::string> written_;
  std::map<std::int64_t, std::int64_t> corrected_by_;
};

// Who holds from when, and why; who decides outside.
void TakeCourse(const Contents& contents, const dossier::Event& event, const wire::EventHeader* before, Case& folded) {
  const wire::EventHeader& header = event.header;
  const absl::CivilDay day = ToCivil(header.event_day());
  switch (header.kind()) {
    case wire::EVENT_KIND_OPENED:
      folded.opened = day;
      folded.tenures.push_back({header.author(), day, false, 0});
      break;
    case wire::EVENT_KIND_ACCEPTED: {
      Tenure& tenure = folded.tenures.emplace_back(Tenure{header.author(), day});
      tenure.sequence = header.sequence();
      if (before == nullptr) break;
      tenure.forwarded = before->has_forwarded();
      tenure.request = before->offered().request_sequence();
      const auto sent = contents.Get<v1::Procedure>(before->sequence(), kProcedureSection);
      if (tenure.forwarded && sent) tenure.request = sent->sent().application();
      break;
    }
    case wire::EVENT_KIND_SUCCEEDED:
      folded.tenures.push_back({header.author(), day, false, 0, true});
      break;
    default:
      break;
  }
}

void TakeOutsides(const Contents& contents, CaseFile& file) {
  for (const wire::Outside& from : file.log.outsides()) {
    Outside& to = file.folded.outsides.emplace_back();
    for (const dossier::Event& event : file.events) {
      if (event.hash.bytes() != from.sent_hash()) continue;
      to.sequence = event.header.sequence();
      const auto procedure = contents.Get<v1::Procedure>(event.header.sequence(), kProcedureSection);
      if (procedure) to.application = procedure->sent().application();
    }
    to.addressee = from.addressee();
    to.posted = ToCivil(from.posted_day());
    if (from.has_received_day()) to.received = ToCivil(from.received_day());
    if (from.has_review_day()) to.review = ToCivil(from.review_day());
  }
}

// What a step says beside its procedure.
void TakeParts(const Contents& contents, std::int64_t sequence, const v1::Procedure& procedure, CaseFile& file) {
  if (procedure.has_representation()) {
    const auto who = contents.Get<v1::Representation>(sequence, "vertretung/p1");
    if (who) file.representations[sequence] = *who;
  } else if (procedure.has_teilhabeplan()) {
    const auto plan = contents.Get<v1::Teilhabeplan>(sequence, "plan/p1");
    if (plan) file.plans[sequence] = *plan;
  } else if (procedure.has_determination()) {
    const auto needs = contents.Get<v1::Needs>(sequence, "bedarf/p1");
    if (needs) file.needs[sequence] = *needs;
  }
}

absl::Status TakeEvent(const Contents& contents, const dossier::Event& event, CaseFile& file) {
  const wire::EventHeader& header = event.header;
  const std::int64_t sequence = header.sequence();
  if (header.kind() == wire::EVENT_KIND_OPENED) {
    file.person = contents.Get<v1::PersonIdentity>(sequence, "person/p1");
    file.contact = contents.Get<v1::PersonContact>(sequence, "kontakt/p1");
    if (file.person) file.folded.birth_day = ToCivil(file.person->birth_day());
    return absl::OkStatus();
  }
  const auto procedure = contents.Get<v1::Procedure>(sequence, kProcedureSection);
  if (!procedure) return absl::OkStatus();
  // Whoever does not hold reports; what the case is, the holder records.
  if (header.has_contribution_taken() && !procedure->has_report()) return absl::OkStatus();
  if (procedure->has_voided()) file.voided.insert(sequence);
  TakeParts(contents, sequence, *procedure, file);
  const auto who = file.representations.find(sequence);
  auto step = ToStep(*procedure, who == file.representations.end() ? nullptr : &who->second);
  if (!step.ok()) return absl::OkStatus();  // Of a later version of the contract: shown, not folded.
  v1::CaseStep& shown = file.steps.emplace_back();
  shown.set_sequence(sequence);
  *shown.mutable_event_day() = header.event_day();
  shown.set_author(header.author());
  shown.set_official(header.official());
  if (header.has_contribution_taken()) {
    TEILHABE_ASSIGN_OR_RETURN(const auto statement, dossier::ReadStatement(header.contribution_taken().contribution()));
    // Nobody states anything after it was taken into the log.
    if (ToCivil(statement.header.event_day()) < ToCivil(header.event_day())) {
      *shown.mutable_event_day() = statement.header.event_day();
    }
    shown.set_author(statement.header.author());
    shown.set_official(statement.header.official());
  }
  *shown.mutable_step() = *procedure;
  shown.set_corrected_by(contents.CorrectedBy(sequence));
  step->sequence = sequence;
  step->day = ToCivil(shown.event_day());
  step->author = shown.author();
  // Nothing arrives after it was recorded, whatever its author's clock said.
  if (auto* const application = std::get_if<Application>(&step->what)) {
    application->eingang = std::min(application->eingang, step->day);
  }
  Apply(file.folded, *step);
  file.course.push_back(*std::move(step));
  return absl::OkStatus();
}

}  // namespace

std::set<std::int64_t> BoundClocks(std::vector<dossier::Event>& events, const std::string& self, absl::Time now) {
  constexpr absl::Duration kTolerance = absl::Minutes(5);
  std::set<std::int64_t> doubtful;
  absl::Time bound = now;
  for (auto event = events.rbegin(); event != events.rend(); ++event) {
    wire::EventHeader& header = event->header;
    const absl::Time recorded = dossier::ToTime(header.recorded_time());
    if (header.author() == self) {
      bound = std::min(bound, recorded);
    } else if (recorded > bound + kTolerance) {
      doubtful.insert(header.sequence());
      *header.mutable_recorded_time() = dossier::ToTimestamp(bound);
      if (ToCivil(header.event_day()) > LegalDay(bound)) *header.mutable_event_day() = dossier::ToDate(LegalDay(bound));
    }
  }
  return doubtful;
}

absl::StatusOr<CaseFile> ReadCase(storage::Reader& reader, const dossier::Ledger& ledger, const wire::LogState& log,
                                  bool outline) {
  constexpr int kPage = 1000;
  const dossier::Store& store = ledger.ports().store;
  CaseFile file;
  file.log = log;
  file.folded.id = log.dossier();
  for (std::int64_t from = 1; from <= log.sequence(); from += kPage) {
    TEILHABE_ASSIGN_OR_RETURN(auto events, store.EventsFrom(reader, log.dossier(), from, kPage));
    std::move(events.begin(), events.end(), std::back_inserter(file.events));
  }
  file.doubtful = BoundClocks(file.events, ledger.ports().member, ledger.ports().clock.Now());
  TEILHABE_ASSIGN_OR_RETURN(const Contents contents,
                            Contents::Read(reader, store, file.events, log.dossier(), outline));
  const wire::EventHeader* before = nullptr;
  for (const dossier::Event& event : file.events) {
    TakeCourse(contents, event, before, file.folded);
    TEILHABE_RETURN_IF_ERROR(TakeEvent(contents, event, file));
    before = &event.header;
  }
  TakeOutsides(contents, file);
  file.written = contents.Written();
  return file;
}

Relation RelationOf(const wire::LogState& log, const std::string& member, absl::CivilDay day) {
  if (log.sequence() == 0 || log.class_() != wire::DOSSIER_CLASS_CASE) return Relation::kNone;
  if (log.holder() == member) return Relation::kHolder;
  if (log.has_offer() && log.offer().to() == member) return Relation::kAsked;
  const wire::Party* const party = dossier::FindParty(log, member);
  if (party == nullptr || (party->has_from_day() && day < ToCivil(party->from_day()))) return Relation::kNone;
  if (party->ended() || (party->has_to_day() && day > ToCivil(party->to_day()))) return Relation::kEndedParty;
  return party->grant().relation() == "former_holder" ? Relation::kFormerHolder : Relation::kParty;
}

absl::StatusOr<std::set<Category>> VisibleTo(storage::Reader& reader, const dossier::Store& store,
                                             const wire::LogState& log, const std::string& member, absl::CivilDay day,
                                             CallerRole role, std::string_view purpose) {
  const Relation relation = RelationOf(log, member, day);
  TEILHABE_ASSIGN_OR_RETURN(std::set<Category> allowed, MayRead(role, purpose, relation));
  if (relation != Relation::kParty) return allowed;
  const wire::Party& party = *dossier::FindParty(log, member);
  std::set<Category> given = {Category::kProcedure, Category::kPublic};
  if (!party.names_only()) {
    for (const int category : party.grant().categories()) given.insert(ToCategory(category));
  }
  for (const wire::ReleasedSection& released : party.released()) {
    TEILHABE_ASSIGN_OR_RETURN(const dossier::Event event, store.EventAt(reader, log.dossier(), released.sequence()));
    for (const wire::SectionRef& ref : event.header.sections()) {
      if (ref.name() == released.name()) given.insert(ToCategory(ref.category()));
    }
  }
  std::erase_if(allowed, [&](Category category) { return !given.contains(category); });
  return allowed;
}

std::string RecordOf(const v1::Procedure& procedure) {
  const auto* const set = v1::Procedure::descriptor()->FindFieldByNumber(procedure.step_case());
  return set == nullptr ? "" : set->name();
}

std::string_view LegalBasisOfRecord(std::string_view record) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kBases = {{
      {"application", "§ 14 Abs. 1 SGB IX"},
      {"representation", "§§ 11 und 13 SGB X"},
      {"medical_hint", "§ 76 Abs. 2 Nr. 1 SGB X"},
      {"assessment", "§ 13 SGB IX"},
      {"determination", "§ 13 und § 14 Abs. 2 SGB IX"},
      {"teilhabeplan", "§ 19 SGB IX"},
      {"gesamtplan_finding", "§ 108 Abs. 2 SGB IX"},
      {"decision", "§ 14 Abs. 2 SGB IX"},
      {"service_started", "§§ 57 und 58 SGB IX"},
      {"service_ended", "§§ 57 und 58 SGB IX"},
      {"individual_solution", "§ 19 Abs. 3 SGB IX"},
      {"ended", "§ 39 Abs. 2 SGB X"},
      {"joined", "§ 14 SGB IX"},
      {"report", "§ 19 SGB IX"},
  }};
  const auto found = std::find_if(kBases.begin(), kBases.end(), [&](const auto& base) { return base.first == record; });
  return found == kBases.end() ? std::string_view() : found->second;
}

absl::StatusOr<Step> ToStep(const v1::Procedure& procedure, const v1::Representation* who) {
  Step step;
  absl::Status put;
  switch (procedure.step_case()) {
    case v1::Procedure::kApplication:
      put = Put(step, ToApplication(procedure.application()));
      break;
    case v1::Procedure::kRepresentation:
      put = Put(step, ToNote(procedure.representation(), who));
      break;
    case v1::Procedure::kMedicalHint:
      put = Put(step, ToHint(procedure.medical_hint()));
      break;
    case v1::Procedure::kAssessment:
      step.what = Assessment{procedure.assessment().application()};
      break;
    case v1::Procedure::kDetermination:
      step.what = Determination{procedure.determination().application(), procedure.determination().assessment()};
      break;
    case v1::Procedure::kTeilhabeplan:
      put = Put(step, ToPlan(procedure.teilhabeplan()));
      break;
    case v1::Procedure::kGesamtplanFinding:
      put = Put(step, ToFinding(procedure.gesamtplan_finding()));
      break;
    case v1::Procedure::kDecision:
      put = Put(step, ToDecision(procedure.decision()));
      break;
    case v1::Procedure::kServiceStarted:
      put = Put(step, ToStarted(procedure.service_started()));
      break;
    case v1::Procedure::kServiceEnded:
      put = Put(step, ToServiceEnded(procedure.service_ended()));
      break;
    case v1::Procedure::kIndividualSolution:
      put = Put(step, ToSolution(procedure.individual_solution()));
      break;
    case v1::Procedure::kEnded:
      put = Put(step, ToEnded(procedure.ended()));
      break;
    case v1::Procedure::kJoined:
      put = Put(step, ToJoined(procedure.joined()));
      break;
    case v1::Procedure::kReport:
      step.what = Report{procedure.report().kind()};
      break;
    case v1::Procedure::kNextStage:
    case v1::Procedure::kSent:
    case v1::Procedure::kVoided:
    case v1::Procedure::STEP_NOT_SET:
      return Malformed("step", "say which step");
  }
  if (!put.ok()) return put;
  return step;
}

void AddPart(const Part& part, wire::SectionDraft& draft) {
  draft.set_name(part.name);
  draft.set_category(part.category);
  *draft.mutable_payload() = part.payload;
}

wire::EventDraft MakeDraft(const v1::Procedure& procedure, const std::vector<Part>& parts,
                           const google::type::Date& event_day, const std::string& evidence) {
  wire::EventDraft draft;
  wire::EventHeader& header = *draft.mutable_header();
  header.set_kind(wire::EVENT_KIND_RECORDED);
  header.set_record(RecordOf(procedure));
  *header.mutable_event_day() = event_day;
  header.set_backdating_evidence(evidence);
  header.set_legal_basis(std::string(LegalBasisOfRecord(header.record())));
  AddPart(MakePart(kProcedureSection, wire::CATEGORY_PROCEDURE, procedure), *draft.add_sections());
  for (const Part& part : parts) AddPart(part, *draft.add_sections());
  return draft;
}

absl::StatusOr<absl::CivilDay> ToDay(const google::type::Date& day, std::string_view field) {
  auto made = MakeDay(day.year(), day.month(), day.day(), field);
  if (!made.ok()) return Malformed(field, "this day is missing or does not exist");
  return made;
}

absl::StatusOr<Stage> ToStage(carriers::v1::Stage stage, std::string_view field) {
  return ToEnum<Stage>(stage, 3, field);
}

carriers::v1::Stage ToProto(Stage stage) { return static_cast<carriers::v1::Stage>(static_cast<int>(stage) + 1); }

carriers::v1::ProviderType ToProto(ProviderType type) {
  return type == ProviderType::kWfbm  ? carriers::v1::PROVIDER_TYPE_WFBM
         : type == ProviderType::kAla ? carriers::v1::PROVIDER_TYPE_ALA
                                      : carriers::v1::PROVIDER_TYPE_UNSPECIFIED;
}

v1::Standing ToProto(dossier::Standing standing) {
  switch (standing) {
    case dossier::Standing::kFollower:
      return v1::STANDING_FOLLOWER;
    case dossier::Standing::kAsked:
      return v1::STANDING_ASKED;
    case dossier::Standing::kHolder:
      return v1::STANDING_HOLDER;
    case dossier::Standing::kOffered:
      return v1::STANDING_OFFERED;
    case dossier::Standing::kNone:
      break;
  }
  return v1::STANDING_UNSPECIFIED;
}

Category ToCategory(int category) { return static_cast<Category>(category); }

}  // namespace teilhabe::participants
