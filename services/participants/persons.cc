#include "services/participants/persons.h"

#include <algorithm>

#include "common/base/reason.h"
#include "common/base/status_macros.h"

namespace teilhabe::participants {
namespace {

constexpr std::size_t kMostMatches = 50;

absl::Status NumberNotAllowed() {
  return FieldError(absl::StatusCode::kPermissionDenied, "VERSICHERUNGSNUMMER_NOT_ALLOWED", "versicherungsnummer",
                    "only BA, RV and UV find persons by this number (§ 18f SGB IV)");
}

// 2 digits of the area, 6 of the birth day, a letter, 3 digits (§ 2 VKVV).
absl::Status CheckNumber(const std::string& number) {
  bool good = number.size() == 12;
  for (std::size_t at = 0; good && at < number.size(); ++at) {
    good = at == 8 ? (number[at] >= 'A' && number[at] <= 'Z') : (number[at] >= '0' && number[at] <= '9');
  }
  if (good) return absl::OkStatus();
  return FieldError(absl::StatusCode::kInvalidArgument, "VERSICHERUNGSNUMMER_MALFORMED", "versicherungsnummer",
                    "8 digits, a capital letter, 3 digits");
}

}  // namespace

absl::Status Persons::CheckOfficial(const Actor& actor) const {
  TEILHABE_RETURN_IF_ERROR(MayWrite(actor.role, actor.caller.purpose));
  if (actor.role == CallerRole::kOfficial) return absl::OkStatus();
  return FieldError(absl::StatusCode::kPermissionDenied, "OFFICIAL_REQUIRED", "official",
                    "an official confirms who a person is");
}

absl::StatusOr<v1::FindPersonsResponse> Persons::Find(const Actor& actor, const v1::FindPersonsRequest& request) {
  TEILHABE_ASSIGN_OR_RETURN(const auto allowed, MayRead(actor.role, actor.caller.purpose, Relation::kHolder));
  if (!allowed.contains(Category::kIdentity)) {
    return FieldError(absl::StatusCode::kPermissionDenied, "PURPOSE_NOT_ALLOWED", "purpose",
                      "it does not show who a person is");
  }
  v1::PersonIdentity asked;
  std::vector<storage::Bytes> keys;
  if (!request.versicherungsnummer().empty()) {
    if (!may_use_number_) return NumberNotAllowed();
    TEILHABE_RETURN_IF_ERROR(CheckNumber(request.versicherungsnummer()));
    keys = {store_.KeyOfNumber(request.versicherungsnummer())};
  } else {
    asked.set_family_name(request.family_name());
    asked.set_given_names(request.given_names());
    *asked.mutable_birth_day() = request.birth_day();
    TEILHABE_RETURN_IF_ERROR(CheckPerson(asked, dossiers_.ledger().Today()));
    keys = store_.KeysOf(asked);
  }
  v1::FindPersonsResponse response;
  const absl::Status found = dossiers_.Commit([&](dossier::Unit& unit) -> absl::Status {
    response.Clear();
    TEILHABE_ASSIGN_OR_RETURN(const auto candidates, store_.PersonsUnder(unit.tx, keys));
    for (const std::string& id : candidates) {
      TEILHABE_ASSIGN_OR_RETURN(const PersonRow person, store_.GetPerson(unit.tx, id));
      // As GetCase: a person is shown by cases in which this agency may see who she is.
      std::vector<std::string> visible;
      TEILHABE_ASSIGN_OR_RETURN(const auto linked, store_.CasesOf(unit.tx, id));
      for (const std::string& dossier : linked) {
        const dossier::Ledger& ledger = dossiers_.ledger();
        TEILHABE_ASSIGN_OR_RETURN(const auto log, ledger.ports().store.State(unit.tx, dossier));
        const auto seen = VisibleTo(unit.tx, ledger.ports().store, log, ledger.ports().member, ledger.Today(),
                                    actor.role, actor.caller.purpose);
        if (seen.ok() && seen->contains(Category::kIdentity)) visible.push_back(dossier);
      }
      if (visible.empty()) continue;
      v1::PersonMatch& match = *response.add_matches();
      match.set_person_id(id);
      *match.mutable_person() = person.identity;
      const bool all = HasFamilyName(person.identity, asked.family_name()) &&
                       FoldName(person.identity.given_names()) == FoldName(asked.given_names());
      match.set_kind(!request.versicherungsnummer().empty() ? v1::MATCH_KIND_VERSICHERUNGSNUMMER
                     : all                                  ? v1::MATCH_KIND_ALL
                                                            : v1::MATCH_KIND_PART);
      for (const std::string& dossier : visible) match.add_cases(dossier);
    }
    std::stable_sort(response.mutable_matches()->begin(), response.mutable_matches()->end(),
                     [](const v1::PersonMatch& a, const v1::PersonMatch& b) { return a.kind() < b.kind(); });
    // The best of all, not of the first ones under ids that are random.
    while (response.matches_size() > static_cast<int>(kMostMatches)) response.mutable_matches()->RemoveLast();
    for (const v1::PersonMatch& match : response.matches()) {
      for (const std::string& dossier : match.cases()) {
        TEILHABE_RETURN_IF_ERROR(dossiers_.desk().Note(unit, actor.caller, "find-person", dossier));
      }
    }
    return dossiers_.desk().Note(unit, actor.caller, "find-person", "");
  });
  if (!found.ok()) return found;
  return response;
}

absl::StatusOr<v1::LinkCaseResponse> Persons::Link(const Actor& actor, const v1::LinkCaseRequest& request) {
  TEILHABE_RETURN_IF_ERROR(CheckOfficial(actor));
  v1::LinkCaseResponse response;
  const absl::Status linked = dossiers_.Commit([&](dossier::Unit& unit) -> absl::Status {
    TEILHABE_ASSIGN_OR_RETURN(const auto row, store_.Get(unit.tx, request.case_()));
    if (!row || row->person_id.empty()) {
      return FieldError(absl::StatusCode::kNotFound, "CASE_UNKNOWN", "case",
                        "this agency knows no person of this case");
    }
    TEILHABE_RETURN_IF_ERROR(store_.GetPerson(unit.tx, request.person_id()).status());
    response.set_before(row->person_id);
    TEILHABE_RETURN_IF_ERROR(store_.Link(unit.tx, request.case_(), request.person_id()));
    return dossiers_.desk().Note(unit, actor.caller, "link-case", request.case_());
  });
  if (!linked.ok()) return linked;
  return response;
}

absl::StatusOr<v1::UnlinkCaseResponse> Persons::Unlink(const Actor& actor, const v1::UnlinkCaseRequest& request) {
  TEILHABE_RETURN_IF_ERROR(CheckOfficial(actor));
  v1::UnlinkCaseResponse response;
  const absl::Status done = dossiers_.Commit([&](dossier::Unit& unit) -> absl::Status {
    const dossier::Ports& ports = dossiers_.ledger().ports();
    TEILHABE_ASSIGN_OR_RETURN(const auto row, store_.Get(unit.tx, request.case_()));
    if (!row || row->person_id.empty()) {
      return FieldError(absl::StatusCode::kNotFound, "CASE_UNKNOWN", "case",
                        "this agency knows no person of this case");
    }
    TEILHABE_ASSIGN_OR_RETURN(const dossier::v1::LogState log, ports.store.State(unit.tx, request.case_()));
    TEILHABE_ASSIGN_OR_RETURN(const CaseFile file, ReadCase(unit.tx, dossiers_.ledger(), log));
    PersonRow person;
    person.id = dossier::NewDossierId(ports.rng);
    if (file.person) person.identity = *file.person;
    TEILHABE_RETURN_IF_ERROR(store_.PutPerson(unit.tx, person));
    TEILHABE_RETURN_IF_ERROR(store_.Link(unit.tx, request.case_(), person.id));
    response.set_person_id(person.id);
    return dossiers_.desk().Note(unit, actor.caller, "unlink-case", request.case_());
  });
  if (!done.ok()) return done;
  return response;
}

absl::Status Persons::SetNumber(const Actor& actor, const v1::SetVersicherungsnummerRequest& request) {
  TEILHABE_RETURN_IF_ERROR(MayWrite(actor.role, actor.caller.purpose));
  if (!may_use_number_) return NumberNotAllowed();
  if (!request.versicherungsnummer().empty()) TEILHABE_RETURN_IF_ERROR(CheckNumber(request.versicherungsnummer()));
  return dossiers_.Commit([&](dossier::Unit& unit) -> absl::Status {
    TEILHABE_ASSIGN_OR_RETURN(PersonRow person, store_.GetPerson(unit.tx, request.person_id()));
    person.versicherungsnummer = request.versicherungsnummer();
    TEILHABE_RETURN_IF_ERROR(store_.PutPerson(unit.tx, person));
    return dossiers_.desk().Note(unit, actor.caller, "set-versicherungsnummer", "");
  });
}

}  // namespace teilhabe::participants
