#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/base/day.h"
#include "common/reference/agencies.h"
#include "common/reference/places.h"
#include "common/reference/tables.h"

namespace teilhabe::reference {

// A question of local competence. What the answer means for a case (residence gives only the default, § 98 SGB IX can
// freeze it; for the DRV the account decides first) is a rule of law and not known here.
enum class Jurisdiction : std::uint8_t {
  kEgh,              // Eingliederungshilfe for adults in the Arbeitsbereich.
  kBaRegional,       // Regionaldirektion of the Bundesagentur für Arbeit.
  kBaAgency,         // Agentur für Arbeit; NRW and Thüringen only.
  kDrv,              // Regional carrier of the Rentenversicherung.
  kIntegrationsamt,  // NRW and Thüringen only.
};
inline constexpr std::size_t kJurisdictionCount = 5;

// The file that answers.
DataTable TableOf(Jurisdiction jurisdiction);

// An answer with what it rests on: `row` of TableOf(jurisdiction), counted with the header as row 1.
struct JurisdictionHit {
  AgencyIndex agency{};
  Basis basis{};
  std::uint16_t row = 0;
};

struct JurisdictionRow {
  std::string prefix;
  AgencyIndex agency{};
  DayRange valid;
  Basis basis{};
  std::string source;  // Empty only where basis is kDomainKnowledge.
  std::uint16_t row = 0;
};

// Who is competent where, per day. Immutable; safe to share between threads.
class Jurisdictions {
 public:
  // Errors: REFERENCE_INVALID; among them two rows of one prefix and level on one day.
  static absl::StatusOr<Jurisdictions> Load(const ReferenceTexts& texts, const Places& places,
                                            const Agencies& agencies);

  // The row with the longest prefix of the place's key that is valid on `day`; nothing where there is none. Whether the
  // place was in force on that day is not asked: Places::Find does. Allocates nothing.
  std::optional<JurisdictionHit> Resolve(Jurisdiction jurisdiction, PlaceIndex place, absl::CivilDay day) const;

  // The row of a hit; null where the table has no such row.
  const JurisdictionRow* Row(Jurisdiction jurisdiction, std::uint16_t row) const;

 private:
  struct Candidates {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
  };
  struct Level {
    std::vector<JurisdictionRow> rows;      // In the order of the file.
    std::vector<std::uint16_t> candidates;  // Positions in rows, longest prefix first.
    std::vector<Candidates> of_place;       // By PlaceIndex: a part of candidates, shared within a district.
  };

  absl::Status LoadRows(DataTable table, std::string_view text, const Places& places, const Agencies& agencies);
  Level& At(Jurisdiction jurisdiction) { return levels_[static_cast<std::size_t>(jurisdiction)]; }
  const Level& At(Jurisdiction jurisdiction) const { return levels_[static_cast<std::size_t>(jurisdiction)]; }
  static void BuildCandidates(const Places& places, Level& level);

  std::array<Level, kJurisdictionCount> levels_;
};

}  // namespace teilhabe::reference
