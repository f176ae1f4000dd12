#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/law/facts.h"
#include "common/law/rules.h"
#include "common/reference/reference.h"

namespace teilhabe::carriers {

enum class Stage : std::uint8_t { kEingangsverfahren, kBerufsbildungsbereich, kArbeitsbereich };
enum class ProviderType : std::uint8_t { kWfbm, kAla };

// Kinds of Rehabilitationsträger that can be competent here, in the order of the proto. Source: §§ 6, 63 SGB IX.
enum class CarrierKind : std::uint8_t {
  kNone,
  kAccidentInsurance,
  kSocialCompensation,
  kWarVictimsWelfare,
  kSoldiersCompensation,
  kPensionInsurance,
  kEmploymentAgency,
  kYouthWelfare,
  kEingliederungshilfe,
  kSozialhilfe,
};
constexpr std::size_t kCarrierKindCount = 10;
// The name that rule tables, CSV and the proto use: `PENSION_INSURANCE`.
std::string_view KindName(CarrierKind kind);
// German, for people.
std::string_view KindNameGerman(CarrierKind kind);

// A question without the person: who is materially competent for this service?
struct Question {
  std::string_view municipality;  // AGS, 8 digits.
  Stage stage = Stage::kEingangsverfahren;
  ProviderType provider = ProviderType::kWfbm;
  absl::CivilDay event_day;                // First day of the service; the day that picks the row of §§ 6, 63 SGB IX.
  std::optional<absl::CivilDay> law_day;   // Defaults to event_day.
  std::optional<absl::CivilDay> known_at;  // Defaults to the newest data.
  law::Facts facts;
};

enum class Outcome : std::uint8_t { kDetermined, kUndetermined, kNobody };
enum class OpenReason : std::uint8_t { kFactsMissing, kHumanDecision, kBranchNotBuilt, kNoAgencyData };

// Where a carrier of the answer comes from.
struct Body {
  std::optional<reference::AgencyIndex> agency;
  std::optional<reference::AgencyIndex> office;
  bool unverified = false;  // The jurisdiction row has no source (basis domain-knowledge).
};

struct Regelfall {
  CarrierKind kind = CarrierKind::kNone;
  Body body;
  law::FactSet assumed;
};

// The answer. By value, without allocation; texts are made on demand (text.h).
struct Competence {
  Outcome outcome = Outcome::kUndetermined;
  CarrierKind kind = CarrierKind::kNone;           // kNone unless certain.
  Body body;                                       // Empty unless certain.
  std::array<bool, kCarrierKindCount> possible{};  // Kinds still possible; kNone stands for nobody.
  std::array<bool, 4> open{};                      // By OpenReason.
  std::array<std::int32_t, 2> open_rules{-1, -1};  // Rules whose branch is not built or needs a human.
  law::Trace trace;
  law::FactSet missing;
  std::optional<Regelfall> regelfall;
  bool account_may_have_moved = false;
  std::optional<absl::CivilDay> checked_until;  // Set where an act the answer rests on was checked only up to this day,
                                                // before law_day: a warning.
  reference::PlaceIndex place{};
};

// The state of the reference data: the newest of its tables' days. There is one version of the data so far.
absl::CivilDay DataDay(const reference::Reference& reference);

// Decides by the rule table domain/rules.csv. Immutable; safe from any thread.
class CompetenceRules {
 public:
  // First day that is answered; Teil 1 of SGB IX begins (Art. 26 BTHG).
  static constexpr absl::CivilDay kFirstDay{2018, 1, 1};

  // Errors: RULES_INVALID, see RuleBook::Load; an outcome that is unknown; a list that does not end with a row that
  // always decides; in a test build with a rule switched off the last check is left out.
  static absl::StatusOr<CompetenceRules> Load(std::string_view csv, const law::Parameters& parameters,
                                              const reference::Reference& reference);
  // The embedded table over the embedded data. A broken one ends the process.
  static const CompetenceRules& Embedded();
  // Its text, for a digest that an answer can name.
  static std::string_view EmbeddedText();

  // Errors: see CarriersService.DetermineCompetence. Never a carrier while an unknown fact could change it.
  absl::StatusOr<Competence> Determine(const Question& question) const;

  const law::RuleBook& book() const { return book_; }
  const reference::Reference& reference() const { return *reference_; }

 private:
  // What a row of a list means.
  struct Result {
    // kStop: whatever the rows before it left unknown, no row after it is reached.
    enum class Type : std::uint8_t { kKind, kOpen, kHuman, kStop, kRoute, kNote } type = Type::kNote;
    CarrierKind kind = CarrierKind::kNone;
    enum class Route : std::uint8_t { kFact, kArea, kFixed, kResidenceBa, kResidenceDrv, kPlace } route = Route::kFact;
    law::FactId fact = law::FactId::kCause;
    reference::AgencyIndex agency{};
  };
  struct Context;  // One question on its way.

  static absl::StatusOr<Result> ParseResult(const law::Rule& rule, const reference::Reference& reference);
  static absl::StatusOr<Result> ParseDecision(const law::Rule& rule);
  static absl::StatusOr<Result> ParseRoute(const law::Rule& rule, const reference::Reference& reference);
  absl::Status CheckLists() const;
  void DecideKind(Context& context) const;
  void DecideBody(Context& context) const;
  bool FollowRoute(Context& context, std::uint16_t rule) const;
  void AddRouteFacts(Context& context, CarrierKind kind) const;
  void AddRegelfall(const Question& question, Context& context) const;
  std::optional<Regelfall> AssumeRegelfall(const Question& question, const Context& context) const;
  void AddWarnings(Context& context) const;

  const reference::Reference* reference_ = nullptr;
  law::RuleBook book_;
  std::vector<Result> results_;  // By rule index.
};

}  // namespace teilhabe::carriers
