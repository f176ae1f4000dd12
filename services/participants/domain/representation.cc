#include "services/participants/domain/representation.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/reason.h"
#include "common/base/strings.h"
#include "common/law/facts.h"

namespace teilhabe::participants {
namespace {

constexpr int kMayApplyFrom = 15;  // § 36 Abs. 1 SGB I.
constexpr int kOfAge = 18;         // § 2 BGB.
// From this day a Betreuer who acts does not make the person incapable by that alone; an exclusive declaration does
// (§ 53 Abs. 2 ZPO, § 11 Abs. 3 SGB X).
constexpr absl::CivilDay kExclusiveSince(2023, 1, 1);

absl::Status Refuse(std::string_view reason, std::string_view field, std::string_view message) {
  return FieldError(absl::StatusCode::kFailedPrecondition, reason, field, message);
}

bool Covers(const Representation& who, Matter matter) {
  return std::any_of(who.matters.begin(), who.matters.end(),
                     [matter](Matter has) { return has == matter || has == Matter::kAll; });
}

// Whether the entry was in force on a day: begun, not over by itself, not ended by a later entry.
bool InForce(const Case& folded, const Recorded<RepresentationNote>& entry, absl::CivilDay day) {
  if (!entry.what.who) return false;
  const Representation& who = *entry.what.who;
  if (day < who.from || (who.to && day > *who.to)) return false;
  return std::none_of(folded.representations.begin(), folded.representations.end(), [&](const auto& later) {
    return later.what.ends == entry.sequence && later.what.end_day && day > *later.what.end_day;
  });
}

bool IsOfAge(const Case& folded, absl::CivilDay day) {
  return folded.birth_day && law::AgeOn(*folded.birth_day, day) >= kOfAge;
}
// A Betreuer may be ordered from 17, for the day of 18 (§ 1814 Abs. 5, § 1825 Abs. 4 BGB).
bool IsMinor(const Case& folded, absl::CivilDay day) {
  return folded.birth_day && law::AgeOn(*folded.birth_day, day) < kOfAge;
}

// Whether somebody else than the person must act or consent in the matter of social benefits that day.
bool IsIncapable(const Case& folded, absl::CivilDay day) {
  if (IsMinor(folded, day)) return false;
  return std::any_of(folded.representations.begin(), folded.representations.end(), [&](const auto& entry) {
    if (!InForce(folded, entry, day) || entry.what.who->kind != RepresentationKind::kBetreuer) return false;
    const Representation& who = *entry.what.who;
    if (!Covers(who, Matter::kSocialBenefits)) return false;
    if (who.consent_reserved) return true;
    return day >= kExclusiveSince && who.exclusive && day >= *who.exclusive;
  });
}

absl::Status CheckPerson(const Case& folded, absl::CivilDay day) {
  if (folded.birth_day && law::AgeOn(*folded.birth_day, day) < kMayApplyFrom) {
    return Refuse("APPLICANT_WITHOUT_CAPACITY", "step.application.applicant",
                  "under 15 nobody applies alone; the parents or the Vormund do (§ 36 SGB I, § 1629 BGB)");
  }
  if (IsIncapable(folded, day)) {
    return Refuse("APPLICANT_WITHOUT_CAPACITY", "step.application.applicant",
                  "in this matter the Betreuer acts or consents (§ 11 Abs. 2 and 3 SGB X)");
  }
  return absl::OkStatus();
}

absl::Status NotValid(std::string_view message) {
  return Refuse("REPRESENTATION_NOT_VALID", "step.application.representation", message);
}

// Parents act jointly, unless one has the custody alone (§ 1629 Abs. 1 BGB).
absl::Status CheckParent(const Case& folded, const Representation& who, absl::CivilDay day) {
  if (IsOfAge(folded, day)) {
    return NotValid("the person is of age; parents no longer represent (§ 1626 BGB)");
  }
  if (who.sole) return absl::OkStatus();
  int parents = 0;
  for (const auto& entry : folded.representations) {
    if (!InForce(folded, entry, day) || entry.what.who->kind != RepresentationKind::kParent) continue;
    if (!Covers(*entry.what.who, Matter::kSocialBenefits)) continue;
    if (entry.what.who->sole) return NotValid("the other parent has the custody alone (§ 1629 BGB)");
    ++parents;
  }
  if (parents < 2) return NotValid("parents act jointly, and the other one is not recorded (§ 1629 BGB)");
  return absl::OkStatus();
}

// Several Betreuer for one matter act jointly, unless the court lets one act alone (§ 1817 Abs. 3 BGB).
absl::Status CheckBetreuer(const Case& folded, const Application& application, const Representation& who) {
  const auto& jointly = application.jointly_with;
  for (const auto& entry : folded.representations) {
    const bool acts = InForce(folded, entry, application.eingang) && entry.what.who->proved &&
                      entry.what.who->kind == RepresentationKind::kBetreuer &&
                      Covers(*entry.what.who, Matter::kSocialBenefits);
    const bool named = std::find(jointly.begin(), jointly.end(), entry.sequence) != jointly.end();
    if (named && !acts) return NotValid("who states it together is a Betreuer for social benefits that day");
    if (acts && !named && !who.sole && entry.sequence != application.representation) {
      return NotValid("several Betreuer act jointly: name the others, or record that one acts alone (§ 1817 BGB)");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckApplicant(const Case& folded, const Application& application) {
  const absl::CivilDay day = application.eingang;
  switch (application.applicant) {
    case Applicant::kExOfficio:
      return absl::OkStatus();
    case Applicant::kPerson:
      return CheckPerson(folded, day);
    case Applicant::kRepresentative:
      break;
  }
  const Recorded<RepresentationNote>* const entry = Find(folded.representations, application.representation);
  if (entry == nullptr || !entry->what.who) {
    return Refuse("REPRESENTATION_MISSING", "step.application.representation",
                  "record first who acts for the person, with scope and proof");
  }
  if (!InForce(folded, *entry, day)) return NotValid("it was not in force on the day of arrival");
  const Representation& who = *entry->what.who;
  switch (who.kind) {
    case RepresentationKind::kBeistand:
      return NotValid("a Beistand attends and applies for nothing (§ 13 Abs. 4 SGB X)");
    case RepresentationKind::kSpouse:
      return NotValid("a spouse decides on health care only (§ 1358 BGB)");
    case RepresentationKind::kVormund:
      if (IsOfAge(folded, day)) return NotValid("the person is of age; a Vormund is for minors (§ 1789 BGB)");
      break;
    case RepresentationKind::kBetreuer:
      if (IsMinor(folded, day)) return NotValid("a Betreuer acts from the day of 18 on (§ 1814 BGB)");
      break;
    default:
      break;
  }
  if (!Covers(who, Matter::kSocialBenefits)) return NotValid("it does not cover social benefits");
  if (who.kind == RepresentationKind::kParent) return CheckParent(folded, who, day);
  if (!who.proved) return NotValid("its proof was not seen (§ 13 Abs. 1 SGB X)");
  if (who.kind == RepresentationKind::kBetreuer) return CheckBetreuer(folded, application, who);
  return absl::OkStatus();
}

absl::Status CheckRepresentation(const Representation& who) {
  const auto malformed = [](std::string_view field, std::string_view message) {
    return FieldError(absl::StatusCode::kInvalidArgument, "STEP_MALFORMED",
                      absl::StrCat("representation.", ToAbsl(field)), message);
  };
  if (who.to && *who.to < who.from) return malformed("to_day", "it ends before it begins");
  if (who.matters.empty()) return malformed("matters", "say for which matters");
  if (!who.proved && who.kind != RepresentationKind::kParent) return malformed("proof", "say what was seen, and when");
  return absl::OkStatus();
}

}  // namespace teilhabe::participants
