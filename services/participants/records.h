#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/dossier/format.h"
#include "common/dossier/holder.h"
#include "common/dossier/ledger.h"
#include "common/dossier/store.h"
#include "services/participants/domain/access.h"
#include "services/participants/domain/case.h"
#include "teilhabe/participants/v1/cases.pb.h"

// How steps of a case lie in a dossier: contracts to domain and back.
namespace teilhabe::participants {

// A case as it lies in the store of this node.
struct CaseFile {
  dossier::v1::LogState log;
  std::vector<dossier::Event> events;
  Case folded;
  std::vector<v1::CaseStep> steps;  // As they count today.
  std::vector<Step> course;         // The same.
  std::set<std::int64_t> voided;    // Of what was recorded.
  std::set<std::int64_t> doubtful;  // Of events with a wrong clock (BoundClocks).
  // Where something was corrected: by the sequence of its event, what was wrong and what takes its place.
  std::map<std::int64_t, v1::Procedure> written;
  std::optional<v1::PersonIdentity> person;
  std::optional<v1::PersonContact> contact;
  std::map<std::int64_t, v1::Representation> representations;  // By sequence.
  std::map<std::int64_t, v1::Teilhabeplan> plans;              // The same.
  std::map<std::int64_t, v1::Needs> needs;                     // Of determinations.
};

// Reads a case whole: everything that this node was given. `outline`: only what its course rests on, without contact,
// needs, plans. Errors: those of the store.
absl::StatusOr<CaseFile> ReadCase(storage::Reader& reader, const dossier::Ledger& ledger,
                                  const dossier::v1::LogState& log, bool outline = false);

// What others recorded after the time at which this node wrote its next event, or after `now`, their clock had wrong:
// more than five minutes after it, time and day become those of that event. So nobody's clock reaches into the steps of
// others; the log itself stays as it was signed. A day in the past blocks nothing and stays. Returns the sequences.
std::set<std::int64_t> BoundClocks(std::vector<dossier::Event>& events, const std::string& self, absl::Time now);

// How a member stands to a case on a day, by its log. A log of another class, or of no events: kNone.
Relation RelationOf(const dossier::v1::LogState& log, const std::string& member, absl::CivilDay day);

// Gate 2 for a case at this node: what may be read by role, purpose and relation (domain/access.h), for a party bounded
// by its present grant and what was released to it. Errors: those of MayRead.
absl::StatusOr<std::set<Category>> VisibleTo(storage::Reader& reader, const dossier::Store& store,
                                             const dossier::v1::LogState& log, const std::string& member,
                                             absl::CivilDay day, CallerRole role, std::string_view purpose);

// The record that a step is kept under: `application`, `decision`, ... Empty: no step is set.
std::string RecordOf(const v1::Procedure& procedure);
// The citation of a record.
std::string_view LegalBasisOfRecord(std::string_view record);

// Reads a step. `who`: of a representation, where it is visible. Errors: kInvalidArgument STEP_MALFORMED with field.
absl::StatusOr<Step> ToStep(const v1::Procedure& procedure, const v1::Representation* who);

// A step as an event that the holder records; `sections` beside `verfahren`.
struct Part {
  std::string name;  // `bedarf/p1`
  dossier::v1::Category category = dossier::v1::CATEGORY_UNSPECIFIED;
  dossier::v1::SectionPayload payload;
};
template <typename Message>
Part MakePart(std::string name, dossier::v1::Category category, const Message& message) {
  Part part{std::move(name), category, {}};
  part.payload.set_type(message.GetDescriptor()->full_name());
  part.payload.set_content(message.SerializeAsString());
  return part;
}
dossier::v1::EventDraft MakeDraft(const v1::Procedure& procedure, const std::vector<Part>& parts,
                                  const google::type::Date& event_day, const std::string& evidence);
void AddPart(const Part& part, dossier::v1::SectionDraft& draft);

// Days and enumerations as both sides have them. Errors: kInvalidArgument STEP_MALFORMED with field.
absl::StatusOr<absl::CivilDay> ToDay(const google::type::Date& day, std::string_view field);
absl::StatusOr<Stage> ToStage(carriers::v1::Stage stage, std::string_view field);
carriers::v1::Stage ToProto(Stage stage);
carriers::v1::ProviderType ToProto(ProviderType type);
v1::Standing ToProto(dossier::Standing standing);
Category ToCategory(int category);

// Checks of what people wrote. Errors: kInvalidArgument PERSON_MALFORMED with field.
absl::Status CheckPerson(const v1::PersonIdentity& person, absl::CivilDay today);
absl::Status CheckContact(const v1::PersonContact& contact);
// Errors: kInvalidArgument STEP_MALFORMED with field: items that § 19 Abs. 2 or § 121 Abs. 4 SGB IX names are missing,
// twice or without text.
absl::Status CheckPlan(const v1::Teilhabeplan& plan, bool gesamtplan);
absl::Status CheckNeeds(const v1::Needs& needs);
// What takes the place of something that a case has is held to the same as what was there: `person/p1`, `kontakt/p1`,
// `plan/p1`, `bedarf/p1` by their own checks, and of their own type. Errors: those of the checks; kInvalidArgument
// STEP_MALFORMED (another content under such a name).
absl::Status CheckCorrection(const std::string& name, const dossier::v1::SectionPayload& payload, absl::CivilDay today);
// Errors: kInvalidArgument STEP_MALFORMED: a report of no kind of the contract.
absl::Status CheckReport(const v1::Report& report);
// One to `most` bytes of text for people. `reason`: of the error.
absl::Status CheckText(const std::string& text, std::size_t most, std::string_view reason, std::string_view field);

}  // namespace teilhabe::participants
