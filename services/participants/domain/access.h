#pragma once

#include <set>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// Gate 2: whether somebody of this agency may read a category of a case's data: party, purpose, role, category. Gate 1
// (who may call the method at all) comes before it; what the agency was never given is not in its store.
namespace teilhabe::participants {

// In the order of the contract (dossier.v1.Category).
enum class Category {
  kProcedure = 1,
  kIdentity,
  kContact,
  kNeeds,
  kMedical,
  kPlan,
  kCourse,
  kMoney,
  kStaff,
  kPublic,
};
constexpr int kLastCategory = static_cast<int>(Category::kPublic);

// Who calls, by its identity.
enum class CallerRole { kSystem, kOfficial, kGuest, kPerson };

// How the agency stands to the case.
enum class Relation { kNone, kHolder, kAsked, kParty, kFormerHolder, kEndedParty };

// The categories that may be read. `purposes.csv` says which role may have which purpose, and what it shows; the
// relation bounds it: who no longer holds sees the procedure only, who no longer is a party nothing, but for what stays
// their own: objections, withdrawal and refunds of the issuer (law.md 8a.0), and information for the person on what is
// stored (§ 83 SGB X). Errors: kNotFound CASE_UNKNOWN (no party); kPermissionDenied PURPOSE_MISSING,
// PURPOSE_NOT_ALLOWED with field `purpose`.
absl::StatusOr<std::set<Category>> MayRead(CallerRole role, std::string_view purpose, Relation relation);

// Whether a role may write for a purpose. Errors: as MayRead; CASE_UNKNOWN is left to the log's own rules.
absl::Status MayWrite(CallerRole role, std::string_view purpose);

// The citation for a purpose, for the access log; empty: no such purpose.
std::string_view LegalBasisOf(std::string_view purpose);

}  // namespace teilhabe::participants
