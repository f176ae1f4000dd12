#pragma once

#include <cstdint>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "teilhabe/dossier/v1/event.pb.h"
#include "teilhabe/dossier/v1/state.pb.h"

// What a party may see: relations.csv, the table relation × category of law.md 8a.5. One row per relation of today's
// law; the texts have not changed since 2022 where they were compared.
namespace teilhabe::dossier {

// A part needs a choice: only what the purpose requires.
enum class Share { kNo, kPart, kYes };
// How much of a category a relation may get at most. Unknown relations get nothing.
Share MostOf(std::string_view relation, v1::Category category);
// Whether a file is handed over under this relation: its addressee becomes holder.
bool IsTransfer(std::string_view relation);

// Errors: kFailedPrecondition GRANT_INVALID (no such relation, or a category that it does not have) with field,
// MEDICAL_BASIS_MISSING (medical data without a basis under § 76 SGB X, or such a basis without them).
absl::Status CheckGrant(const v1::Grant& grant, std::string_view field);

// Whether a member may be given a section of the event at `sequence`, by the log's present state and on that day.
bool MaySee(const v1::LogState& log, std::string_view member, std::int64_t sequence, const v1::SectionRef& section,
            absl::CivilDay day);

}  // namespace teilhabe::dossier
