#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/reference/reference.h"

namespace teilhabe::law {

// The closed list of facts, in the order of data/facts.csv, which says for each its values, meaning, who can supply it
// and the legal source. A test holds the two lists, and the proto's, against each other.
enum class FactId : std::uint8_t {
  kCause,
  kApplicationDay,
  kBirthDate,
  kDisability,
  kYoungAdultHelp,
  kFirstApplication,
  kSgb12Place,
  kRvPersonal,
  kInsuredMonths,
  kEmPension,
  kEmPensionImminent,
  kLabourMarketPrognosis,
  kSurvivorPension,
  kRvExclusion,
  kDrvAccount,
  kAreaNumber,
  kAccidentInsurer,
  kApplicationMade,
  kTeilhabeplan,
  kGesamtplan,
  kSeveralTraeger,
  kFachausschuss,
  kNeedsDetermined,
  kPersonenkreis,
  kBetterAccess,
  kMindestmass,
  kMindestmassLow,
  kExclusion219,
  kReasonedPrognosis,
  kEvDone,
  kBbbDone,
  kBbbStatement,
  kLabourMarketAbility,
  kLabourMarketTraining,
  kReturnFrom,
  kVeryHighNeed,
  kTwoYearsMayNotFit,
  kBasismodul,
  kAgeLimitReached,
  kInitialMonths,
};
constexpr std::size_t kFactCount = 40;

enum class FactType : std::uint8_t { kChoiceSet, kYesNo, kMonths, kDay, kPlace, kAgency, kAreaNumber };

// As in data/facts.csv: "choice_set", "day", ...
std::string_view TypeName(FactType type);

// Whose rules ask for a fact.
enum class FactUser : std::uint8_t { kCarriers, kEligibility };
constexpr std::size_t kFactUserCount = 2;

// One row of data/facts.csv.
struct FactInfo {
  FactId id;
  std::string name;  // As in the CLI, in CSV and in the proto.
  FactType type;
  std::vector<std::string> values;     // Of a choice set, in order; its first one is `none` and excludes the others.
  std::string regelfall;               // The value that holds in der Regel; empty where there is none.
  std::vector<std::string> suppliers;  // Who can supply it: person, pension_insurer, ...
  std::array<bool, kFactUserCount> used_by{};  // By FactUser.
  std::string meaning;                         // German.
  std::string source;                          // Citation.
};

// All facts, in order. Loaded once from the embedded table; a broken table ends the process.
const std::vector<FactInfo>& FactCatalogue();
const FactInfo& Info(FactId id);
// Errors: kInvalidArgument, FACT_UNKNOWN; the message names the nearest known one.
absl::StatusOr<FactId> FindFact(std::string_view name);

// A set of facts as bits.
class FactSet {
 public:
  constexpr FactSet() = default;
  constexpr FactSet(std::initializer_list<FactId> facts) {
    for (const FactId fact : facts) Add(fact);
  }
  constexpr void Add(FactId fact) { bits_ |= Bit(fact); }
  constexpr void Remove(FactId fact) { bits_ &= ~Bit(fact); }
  constexpr bool Has(FactId fact) const { return (bits_ & Bit(fact)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  friend constexpr FactSet operator|(FactSet a, FactSet b) { return FactSet(a.bits_ | b.bits_); }
  friend constexpr FactSet operator-(FactSet a, FactSet b) { return FactSet(a.bits_ & ~b.bits_); }
  friend constexpr FactSet operator&(FactSet a, FactSet b) { return FactSet(a.bits_ & b.bits_); }
  friend constexpr bool operator==(FactSet, FactSet) = default;
  // Calls `visit(FactId)` in the order of the table.
  template <typename Visit>
  void ForEach(Visit visit) const {
    for (std::size_t at = 0; at < kFactCount; ++at) {
      if (Has(static_cast<FactId>(at))) visit(static_cast<FactId>(at));
    }
  }

 private:
  constexpr explicit FactSet(std::uint64_t bits) : bits_(bits) {}
  static constexpr std::uint64_t Bit(FactId fact) { return std::uint64_t{1} << static_cast<unsigned>(fact); }
  static_assert(kFactCount <= 64);
  std::uint64_t bits_ = 0;
};

// The facts that the rules of a service ask for; it must not look at any other.
FactSet FactsUsedBy(FactUser user);

// What is known of one person, by value and without allocation. A fact that was not given is unknown.
class Facts {
 public:
  static constexpr std::int64_t kThisPlace = -1;    // Value of a place fact: the municipality asked about.
  static constexpr std::int64_t kNoAreaNumber = 0;  // Value of area_number: no number was issued.

  bool Has(FactId id) const { return known_.Has(id); }
  FactSet known() const { return known_; }

  // The raw value of a known fact: choice set: bits in the order of FactInfo::values; yes_no: 0 or 1; months: count;
  // day: days since 1970-01-01; place: AGS as a number or kThisPlace; agency: index; area_number: the number or
  // kNoAreaNumber.
  std::int64_t Raw(FactId id) const { return values_[static_cast<std::size_t>(id)]; }
  void SetRaw(FactId id, std::int64_t value) {
    known_.Add(id);
    values_[static_cast<std::size_t>(id)] = value;
  }
  void Forget(FactId id) { known_.Remove(id); }
  // Forgets every other fact.
  void Keep(FactSet facts) { known_ = known_ & facts; }

  absl::CivilDay Day(FactId id) const { return absl::CivilDay(1970, 1, 1) + Raw(id); }
  void SetDay(FactId id, absl::CivilDay day) { SetRaw(id, day - absl::CivilDay(1970, 1, 1)); }

 private:
  FactSet known_;
  std::array<std::int64_t, kFactCount> values_{};
};

// Sets one fact from its text (`work_accident+service_damage`, `yes`, `180`, `2001-05-31`, `this`, `05711000`,
// `drv-westfalen`, `11`). Errors, all kInvalidArgument: FACT_UNKNOWN with field `facts`; with field `facts.<name>`
// FACT_TWICE, FACT_VALUE_INVALID, DAY_INVALID, AGENCY_UNKNOWN, AGENCY_WRONG_KIND, AREA_NUMBER_UNKNOWN,
// MUNICIPALITY_MALFORMED. No message repeats the value.
absl::Status SetFact(Facts& facts, std::string_view name, std::string_view value,
                     const reference::Reference& reference);

// The same for a fact that is already known by its id and may replace an earlier value.
absl::StatusOr<std::int64_t> ParseFactValue(FactId id, std::string_view value, const reference::Reference& reference);

// The text that ParseFactValue reads back.
std::string FormatFactValue(FactId id, std::int64_t value, const reference::Reference& reference);

// Completed months from `from` to `to`; negative when `to` lies before it.
int MonthsBetween(absl::CivilDay from, absl::CivilDay to);
// Completed years of age on `day`; the birthday itself counts (§ 187 Abs. 2 Satz 2 BGB).
int AgeOn(absl::CivilDay birth, absl::CivilDay day);

// Rejects facts that exclude each other, or that the first day of the service excludes. Errors, all kInvalidArgument,
// FACTS_CONTRADICT with the field of the later fact.
absl::Status CheckFacts(const Facts& facts, absl::CivilDay event_day);

}  // namespace teilhabe::law
