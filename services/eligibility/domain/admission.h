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

namespace teilhabe::eligibility {

// In the order of the proto.
enum class Stage : std::uint8_t { kEingangsverfahren, kBerufsbildungsbereich, kArbeitsbereich };
constexpr std::size_t kStageCount = 3;
enum class ProviderType : std::uint8_t { kWfbm, kAla };
constexpr std::size_t kProviderTypeCount = 2;

// A question without the person: do the conditions of this stage hold?
struct Question {
  Stage stage = Stage::kEingangsverfahren;
  ProviderType provider = ProviderType::kWfbm;
  reference::Land land = reference::Land::kNordrheinWestfalen;  // Of the acting office.
  absl::CivilDay event_day;                                     // First day of the service.
  absl::CivilDay decision_day;                                  // The facts are as of it; policies hold by it.
  std::optional<absl::CivilDay> law_day;                        // Defaults to event_day.
  std::optional<absl::CivilDay> known_at;                       // Defaults to the newest data.
  law::Facts facts;
  std::vector<std::string> policies;  // Ids of those in force on decision_day; the caller knows who has signed (N-17).
};

enum class Outcome : std::uint8_t { kMet, kNotMet, kUndetermined };

// The answer. Rows are indices into the rules of the book; texts are made on demand (text.h).
struct Admission {
  Outcome outcome = Outcome::kUndetermined;
  law::Trace trace;
  std::vector<std::uint16_t> breaches;    // must, and not met.
  std::vector<std::uint16_t> warnings;    // soll, and not met.
  std::vector<std::uint16_t> discretion;  // kann, and it applies; of a row that helps: where the outcome rests on it.
  law::FactSet missing;                   // Unknown facts that could change the outcome; empty unless undetermined.
  std::optional<absl::CivilDay> checked_until;  // Set where an act the answer rests on was checked only up to this day,
                                                // before law_day: a warning.
};

// A Land policy, a layer over federal law with rows of its own.
struct Policy {
  std::string id;
  reference::Land land = reference::Land::kNordrheinWestfalen;
  std::array<bool, kStageCount> stages{};            // By Stage.
  std::array<bool, kProviderTypeCount> providers{};  // By ProviderType.
  std::optional<absl::CivilDay> first_day;           // By decision_day. Absent: known from its signatures only.
  std::string source;

  bool Covers(const Question& question) const;
};

// Decides by the rule table domain/rules.csv and the list of policies domain/policies.csv.
//
// A row belongs to one or more lists: of a stage (`EV`, `BBB`, `AB`), of a stage at a provider type (`AB/ala`), of a
// stage under a policy (`AB/nw-n`). Its condition says when the requirement is met, its outcome is the reason where it
// is not. A `kann` row helps: a `must` row of federal law with the same reason is met where either is. So a policy can
// lower what the law demands (N-03) only by such a row, and raise it by a `must` row of its own (N-04).
// Immutable; safe from any thread.
class AdmissionRules {
 public:
  // First day that is answered; Teil 1 of SGB IX begins (Art. 26 BTHG).
  static constexpr absl::CivilDay kFirstDay{2018, 1, 1};

  // Errors: RULES_INVALID, see RuleBook::Load; an unknown list, reason or policy; a force that the reason does not
  // bear; a stage without a row that binds; a malformed policy.
  static absl::StatusOr<AdmissionRules> Load(std::string_view rules_csv, std::string_view policies_csv,
                                             const law::Parameters& parameters);
  // The embedded tables. A broken one ends the process.
  static const AdmissionRules& Embedded();
  // Their texts, for a digest that an answer can name.
  static std::string_view EmbeddedText();
  static std::string_view EmbeddedPolicies();

  // Errors: kInvalidArgument POLICY_UNKNOWN, FACTS_CONTRADICT; kFailedPrecondition BEYOND_DATA, BEFORE_DATA, each with
  // its field. Facts that no rule here asks for are not looked at.
  absl::StatusOr<Admission> Evaluate(const Question& question) const;

  const law::RuleBook& book() const { return book_; }
  const std::vector<Policy>& policies() const { return policies_; }
  // The policy whose row this is; null for federal law.
  const Policy* PolicyOf(std::uint16_t rule) const;

 private:
  struct Context;  // One question on its way.

  absl::Status ReadPolicies(std::string_view csv);
  absl::Status CheckRule(std::uint16_t at) const;
  absl::Status CheckLists() const;
  absl::StatusOr<std::vector<std::uint16_t>> RowsFor(const Question& question,
                                                     const law::RuleBook::Period& period) const;
  bool Helps(std::uint16_t kann_row, std::uint16_t must_row) const;
  law::Verdict Group(const Context& context, const law::Facts& facts, std::uint16_t must_row) const;
  law::FactSet Missing(const Context& context) const;
  bool IsNeeded(const Context& context, std::uint16_t kann_row) const;
  void Weigh(Context& context) const;
  void AddWarnings(const Question& question, Admission& answer) const;

  law::RuleBook book_;
  std::vector<Policy> policies_;
};

}  // namespace teilhabe::eligibility
