#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/base/day.h"
#include "common/reference/land.h"
#include "common/reference/places.h"
#include "common/reference/tables.h"

namespace teilhabe::reference {

// How far a row is backed; an answer passes it on.
enum class Basis : std::uint8_t {
  kSource,           // The source named in the row states it.
  kElimination,      // It follows from sourced rows.
  kDomainKnowledge,  // Generally known, but no source was read: verify before relying on it.
};
// As in the files: "source", "elimination", "domain-knowledge".
std::string_view BasisName(Basis basis);

enum class AgencyKind : std::uint8_t {
  kEghUeberoertlich,
  kEghOertlich,
  kBaRegionaldirektion,
  kBaAgentur,
  kDrv,
  kUv,
  kSer,
  kJugendhilfe,
  kIntegrationsamt,
  kObserver,  // A party without personal data; no carrier.
};
// As in carriers.csv: "EGH_OERTLICH".
std::string_view AgencyKindName(AgencyKind kind);

// An agency in this process's tables. Never stored or sent: the next version of the data numbers anew; store the id.
enum class AgencyIndex : std::uint16_t {};

// A carrier, one of its offices, or an observer.
struct Agency {
  std::string id;  // "lvr", "egh-16051", "aa-bielefeld".
  std::string name;
  AgencyKind kind{};
  std::vector<Land> lands;          // Empty: federal.
  std::string scope;                // The area in words.
  std::string seat;                 // Empty where not known; then `office` is absent too.
  std::optional<Basis> seat_basis;  // Of the seat alone.
  std::optional<PlaceIndex>
      office;  // Municipality of the seat: whose holidays count. Not the branch that handles a case.
  std::optional<AgencyIndex> part_of;
  DayRange valid;
  Basis basis{};
  std::string source;  // Empty only where basis is kDomainKnowledge.
};

// Who takes over from an agency that ended, the day after its last one.
struct Succession {
  AgencyIndex successor{};
  std::vector<std::string> area;  // Prefixes of places.
  std::string act;                // The law or decision that says so.
  std::uint16_t row = 0;          // Of successions.csv, as in SuccessionHit.
};

// Who stands in an agency's place. `row` is the row of successions.csv that led there, counted with the header as row
// 1; 0: the agency itself.
struct SuccessionHit {
  AgencyIndex agency{};
  std::uint16_t row = 0;
};

// Which kind of carrier gave out the numbers of an area (VKVV § 2 Abs. 2).
enum class AreaClass : std::uint8_t {
  kRegional,
  kBund,
  kKbs,
  kZulagenummer,  // Zentrale Zulagenstelle: no Versicherungsnummer, no carrier.
};

struct AreaNumber {
  AreaClass area_class{};
  std::optional<AgencyIndex> agency;  // Today's carrier of that area; absent for kZulagenummer.
  std::string_view region;            // Lives as long as the tables.
};

// Carriers with their successions, and the area numbers of the Rentenversicherung. Immutable; safe to share.
class Agencies {
 public:
  // Errors: REFERENCE_INVALID.
  static absl::StatusOr<Agencies> Load(const ReferenceTexts& texts, const Places& places);

  std::span<const Agency> all() const { return agencies_; }
  const Agency& at(AgencyIndex agency) const { return agencies_[static_cast<std::size_t>(agency)]; }
  std::optional<AgencyIndex> Lookup(std::string_view id) const;
  // The agency with this id, ended or not. Errors: kNotFound, AGENCY_UNKNOWN with `field`.
  absl::StatusOr<AgencyIndex> Find(std::string_view id, std::string_view field = "agency") const;

  // Of an agency that has ended, area by area; else none.
  std::span<const Succession> SuccessionsOf(AgencyIndex agency) const;
  // Who had taken over from `agency` by `day` for what concerns `place`, over all steps. Nothing where the agency had
  // not ended before `day`, or nobody is recorded for that place. The area of a succession is given by today's keys, so
  // a former place counts as its own successor too. Whether this is a succession in law depends: of a task it is, of
  // offices of one legal person (Agenturen für Arbeit) it is not, and old notices keep the old issuer.
  std::optional<SuccessionHit> Successor(AgencyIndex agency, PlaceIndex place, absl::CivilDay day,
                                         const Places& places) const;
  // The agency itself where it exists on `day`, else its Successor; nothing before its first day.
  std::optional<SuccessionHit> On(AgencyIndex agency, PlaceIndex place, absl::CivilDay day, const Places& places) const;

  // Errors: kInvalidArgument, AREA_NUMBER_MALFORMED (not two digits); kNotFound, AREA_NUMBER_UNKNOWN; with `field`.
  absl::StatusOr<AreaNumber> FindAreaNumber(std::string_view number, std::string_view field = "area_number") const;

 private:
  struct StoredAreaNumber {
    AreaClass area_class{};
    std::optional<AgencyIndex> agency;
    std::string region;
  };

  absl::Status LoadCarriers(std::string_view text, const Places& places);
  absl::Status LoadSuccessions(std::string_view text, const Places& places);
  absl::Status LoadAreaNumbers(std::string_view text);

  std::vector<Agency> agencies_;  // In the order of the file.
  absl::flat_hash_map<std::string, AgencyIndex> by_id_;
  absl::flat_hash_map<AgencyIndex, std::vector<Succession>> successions_;  // By the agency that ended.
  absl::flat_hash_map<std::string, StoredAreaNumber> area_numbers_;        // By the two digits.
};

}  // namespace teilhabe::reference
