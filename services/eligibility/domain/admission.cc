#include "services/eligibility/domain/admission.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/check.h"
#include "common/base/csv.h"
#include "common/base/day.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "embedded/eligibility.h"

namespace teilhabe::eligibility {
namespace {

using law::FactId;
using law::Force;
using law::Truth;

constexpr std::string_view kStages[kStageCount] = {"EV", "BBB", "AB"};
constexpr std::string_view kProviders[kProviderTypeCount] = {"wfbm", "ala"};

// Every reason that a row may give, with the force that it bears.
struct Reason {
  std::string_view name;
  Force force;
};
constexpr Reason kReasons[] = {
    {"APPLICATION_MISSING", Force::kMust},
    {"NO_TEILHABEPLAN", Force::kMust},
    {"FACHAUSSCHUSS_MISSING", Force::kMust},
    {"NEEDS_NOT_DETERMINED", Force::kMust},
    {"NOT_ENTITLED", Force::kMust},
    {"BETTER_ACCESS", Force::kMust},
    {"NO_MINDESTMASS", Force::kMust},
    {"EXCLUDED_219", Force::kMust},
    {"STAGE_OUT_OF_ORDER", Force::kMust},
    {"BASISMODUL_MISSING", Force::kMust},
    {"INITIAL_TOO_SHORT", Force::kMust},
    {"TOO_LONG", Force::kMust},
    {"AGE_LIMIT", Force::kSoll},
    {"FIRST_GRANT_LONG", Force::kSoll},
    {"STATEMENT_MISSING", Force::kSoll},
    {"ALA_DISCRETION", Force::kKann},
};

std::vector<std::string> Words(std::string_view text) { return absl::StrSplit(ToAbsl(text), ' ', absl::SkipEmpty()); }

// The list of a stage, and of a stage at a provider type or under a policy.
std::string ListOf(std::size_t stage) { return std::string(kStages[stage]); }
std::string ListOf(std::size_t stage, std::string_view layer) {
  return absl::StrCat(ToAbsl(kStages[stage]), "/", ToAbsl(layer));
}

// What stands behind the stroke: a provider type, a policy or nothing.
std::string LayerOf(const std::string& list) {
  const std::size_t stroke = list.find('/');
  return stroke == std::string::npos ? "" : list.substr(stroke + 1);
}

absl::Status Invalid(const std::string& id, std::string_view why) {
  return FieldError(absl::StatusCode::kInvalidArgument, "RULES_INVALID", id,
                    absl::StrCat("rule ", id, ": ", ToAbsl(why)));
}

// Sets a flag for each word. False where a word is not among the names.
template <std::size_t kCount>
bool ReadFlags(const std::string& text, const std::string_view (&names)[kCount], std::array<bool, kCount>& flags) {
  for (const std::string& word : Words(text)) {
    const auto* const found = std::find(std::begin(names), std::end(names), word);
    if (found == std::end(names)) return false;
    flags[static_cast<std::size_t>(found - names)] = true;
  }
  return std::find(flags.begin(), flags.end(), true) != flags.end();
}

Truth Or(Truth a, Truth b) {
  if (a == Truth::kYes || b == Truth::kYes) return Truth::kYes;
  return a == Truth::kNo && b == Truth::kNo ? Truth::kNo : Truth::kUnknown;
}

}  // namespace

bool Policy::Covers(const Question& question) const {
  return question.land == land && stages[static_cast<std::size_t>(question.stage)] &&
         providers[static_cast<std::size_t>(question.provider)] && !(first_day && question.decision_day < *first_day);
}

struct AdmissionRules::Context {
  const Question& question;
  const law::Facts& facts;
  const law::RuleBook::Period& period;
  std::vector<std::uint16_t> rows;     // All that speak, in the order of the table.
  std::vector<law::Verdict> verdicts;  // Of each row by itself.
  Admission answer;

  Truth TruthOf(std::uint16_t row) const {
    return verdicts[static_cast<std::size_t>(std::find(rows.begin(), rows.end(), row) - rows.begin())].truth;
  }
};

absl::Status AdmissionRules::ReadPolicies(std::string_view csv) {
  TEILHABE_ASSIGN_OR_RETURN(const CsvTable table, CsvTable::Parse(csv));
  TEILHABE_ASSIGN_OR_RETURN(const auto at,
                            table.Columns({"id", "land", "stages", "providers", "valid_from", "source"}));
  for (const auto& row : table.rows()) {
    Policy policy;
    policy.id = row[at[0]];
    policy.source = row[at[5]];
    if (policy.id.empty() || policy.source.empty()) return Invalid(policy.id, "id and source are needed");
    const auto land = reference::ParseLand(row[at[1]]);
    if (!land.ok()) return Invalid(policy.id, "unknown Land");
    policy.land = *land;
    if (!ReadFlags(row[at[2]], kStages, policy.stages) || !ReadFlags(row[at[3]], kProviders, policy.providers)) {
      return Invalid(policy.id, "stages are EV, BBB, AB, providers wfbm, ala; one of each at least");
    }
    const auto valid = ParseDayRange(row[at[4]], "");
    if (!valid.ok()) return Invalid(policy.id, ToStd(valid.status().message()));
    policy.first_day = valid->from;
    for (const Policy& other : policies_) {
      if (other.id == policy.id) return Invalid(policy.id, "the policy stands there twice");
    }
    policies_.push_back(std::move(policy));
  }
  return absl::OkStatus();
}

const Policy* AdmissionRules::PolicyOf(std::uint16_t rule) const {
  const std::vector<std::string> lists = Words(book_.rules()[rule].list);
  const std::string layer = LayerOf(lists.front());
  const auto found =
      std::find_if(policies_.begin(), policies_.end(), [&layer](const Policy& policy) { return policy.id == layer; });
  return found == policies_.end() ? nullptr : &*found;
}

absl::Status AdmissionRules::CheckRule(std::uint16_t at) const {
  const law::Rule& rule = book_.rules()[at];
  if (rule.list == "term") {
    return rule.outcome.empty() ? absl::OkStatus() : Invalid(rule.id, "a term has no outcome");
  }
  std::set<std::string> known;
  for (std::size_t stage = 0; stage < kStageCount; ++stage) {
    known.insert(ListOf(stage));
    for (const std::string_view provider : kProviders) known.insert(ListOf(stage, provider));
    for (const Policy& policy : policies_) {
      if (policy.stages[stage]) known.insert(ListOf(stage, policy.id));
    }
  }
  const Policy* const policy = PolicyOf(at);
  for (const std::string& list : Words(rule.list)) {
    if (!known.contains(list)) return Invalid(rule.id, "unknown list");
    if (policy != nullptr && LayerOf(list) != policy->id)
      return Invalid(rule.id, "a row of a policy is of no other list");
  }
  for (const Reason& reason : kReasons) {
    if (reason.name != rule.outcome) continue;
    const bool helps = rule.force == Force::kKann && reason.force == Force::kMust;
    return helps || reason.force == rule.force ? absl::OkStatus() : Invalid(rule.id, "the reason bears another force");
  }
  return Invalid(rule.id, "unknown reason");
}

// Without a row that binds, everybody would be admitted.
absl::Status AdmissionRules::CheckLists() const {
  for (const auto& period : book_.periods()) {
    for (std::size_t stage = 0; stage < kStageCount; ++stage) {
      const auto rows = period.List(kStages[stage]);
      const bool binds = std::any_of(rows.begin(), rows.end(),
                                     [this](std::uint16_t row) { return book_.rules()[row].force == Force::kMust; });
      if (!binds) return Invalid(std::string(kStages[stage]), "no row of this list binds");
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<AdmissionRules> AdmissionRules::Load(std::string_view rules_csv, std::string_view policies_csv,
                                                    const law::Parameters& parameters) {
  AdmissionRules rules;
  TEILHABE_RETURN_IF_ERROR(rules.ReadPolicies(policies_csv));
  TEILHABE_ASSIGN_OR_RETURN(rules.book_, law::RuleBook::Load(rules_csv, kFirstDay, parameters));
  for (std::size_t at = 0; at < rules.book_.rules().size(); ++at) {
    TEILHABE_RETURN_IF_ERROR(rules.CheckRule(static_cast<std::uint16_t>(at)));
  }
  if (rules.book_.complete()) TEILHABE_RETURN_IF_ERROR(rules.CheckLists());
  return rules;
}

std::string_view AdmissionRules::EmbeddedText() { return embedded::eligibility::rules_csv(); }
std::string_view AdmissionRules::EmbeddedPolicies() { return embedded::eligibility::policies_csv(); }

const AdmissionRules& AdmissionRules::Embedded() {
  static const auto* const rules = [] {
    auto loaded = Load(EmbeddedText(), EmbeddedPolicies(), law::Parameters::Embedded());
    TEILHABE_CHECK(loaded.ok());
    return new AdmissionRules(*std::move(loaded));
  }();
  return *rules;
}

// The rows that speak to this question, in the order of the table.
absl::StatusOr<std::vector<std::uint16_t>> AdmissionRules::RowsFor(const Question& question,
                                                                   const law::RuleBook::Period& period) const {
  const auto stage = static_cast<std::size_t>(question.stage);
  std::vector<std::string> lists = {ListOf(stage),
                                    ListOf(stage, kProviders[static_cast<std::size_t>(question.provider)])};
  for (const std::string& id : question.policies) {
    const auto policy =
        std::find_if(policies_.begin(), policies_.end(), [&id](const auto& one) { return one.id == id; });
    if (policy == policies_.end()) {
      return FieldError(absl::StatusCode::kInvalidArgument, "POLICY_UNKNOWN", "policies",
                        "a policy that is named is not among those whose rules are held here");
    }
    if (policy->Covers(question)) lists.push_back(ListOf(stage, id));
  }
  std::set<std::uint16_t> rows;  // A policy may be named twice.
  for (const std::string& list : lists) {
    for (const std::uint16_t row : period.List(list)) rows.insert(row);
  }
  return std::vector<std::uint16_t>(rows.begin(), rows.end());
}

// Whether a row that the law leaves to discretion can stand in for one that binds. What a policy demands it demands
// itself; nothing stands in for that.
bool AdmissionRules::Helps(std::uint16_t kann_row, std::uint16_t must_row) const {
  const law::Rule& kann = book_.rules()[kann_row];
  const law::Rule& must = book_.rules()[must_row];
  return kann.force == Force::kKann && must.force == Force::kMust && kann.outcome == must.outcome &&
         PolicyOf(must_row) == nullptr;
}

// A binding row together with the rows that help it.
law::Verdict AdmissionRules::Group(const Context& context, const law::Facts& facts, std::uint16_t must_row) const {
  law::Verdict group{Truth::kNo, {}};
  for (const std::uint16_t row : context.rows) {
    if (row != must_row && !Helps(row, must_row)) continue;
    law::Trace unheard;
    const law::Verdict verdict = book_.Evaluate(context.period, row, facts, context.question.event_day, unheard);
    group.truth = Or(group.truth, verdict.truth);
    group.missing = group.missing | verdict.missing;
  }
  if (group.truth != Truth::kUnknown) group.missing = {};
  return group;
}

// The unknown facts that could still change the outcome. A fact is not among them if every condition that names it is
// met in each case in which all conditions are: with the plan that the policy demands the Fachausschuss does not
// matter.
law::FactSet AdmissionRules::Missing(const Context& context) const {
  law::Facts facts = context.facts;  // With what must be so if the outcome is to be MET.
  law::FactSet needed;
  for (bool moved = true; moved;) {
    moved = false;
    for (const std::uint16_t row : context.rows) {
      if (book_.rules()[row].force != Force::kMust) continue;
      Group(context, facts, row).missing.ForEach([&](FactId fact) {
        if (law::Info(fact).type != law::FactType::kYesNo || facts.Has(fact)) return;
        for (const std::int64_t value : {0, 1}) {
          facts.SetRaw(fact, value);
          const bool fails = Group(context, facts, row).truth == Truth::kNo;
          facts.Forget(fact);
          if (!fails) continue;
          facts.SetRaw(fact, 1 - value);
          needed.Add(fact);
          moved = true;
          return;
        }
      });
    }
  }
  for (const std::uint16_t row : context.rows) {
    if (book_.rules()[row].force == Force::kMust) needed = needed | Group(context, facts, row).missing;
  }
  return needed;
}

// Whether the outcome rests on a row that helps: nothing of federal law meets the condition without it. Any other row
// of discretion is always said.
bool AdmissionRules::IsNeeded(const Context& context, std::uint16_t kann_row) const {
  bool helps = false;
  for (const std::uint16_t must : context.rows) {
    if (!Helps(kann_row, must)) continue;
    helps = true;
    const bool met = std::any_of(context.rows.begin(), context.rows.end(), [&](std::uint16_t row) {
      const bool other = row == must || (Helps(row, must) && PolicyOf(row) == nullptr);
      return row != kann_row && other && context.TruthOf(row) == Truth::kYes;
    });
    if (!met) return true;
  }
  return !helps;
}

void AdmissionRules::Weigh(Context& context) const {
  Admission& answer = context.answer;
  bool unknown = false;
  for (std::size_t at = 0; at < context.rows.size(); ++at) {
    const std::uint16_t row = context.rows[at];
    const Truth truth = context.verdicts[at].truth;
    switch (book_.rules()[row].force) {
      case Force::kMust: {
        const Truth group = Group(context, context.facts, row).truth;
        if (group == Truth::kNo) answer.breaches.push_back(row);
        unknown = unknown || group == Truth::kUnknown;
        break;
      }
      case Force::kSoll:
        if (truth == Truth::kNo) answer.warnings.push_back(row);
        break;
      case Force::kKann:
        if (truth == Truth::kYes && IsNeeded(context, row)) answer.discretion.push_back(row);
        break;
    }
  }
  answer.outcome = !answer.breaches.empty() ? Outcome::kNotMet : unknown ? Outcome::kUndetermined : Outcome::kMet;
  if (answer.outcome == Outcome::kUndetermined) answer.missing = Missing(context);
}

// The answer rests on every rule that spoke; the one checked least recently counts.
void AdmissionRules::AddWarnings(const Question& question, Admission& answer) const {
  const absl::CivilDay law_day = question.law_day.value_or(question.event_day);
  for (const law::RuleVerdict& verdict : answer.trace.verdicts()) {
    const auto& checked = book_.rules()[verdict.rule].checked_until;
    if (checked && *checked < law_day && (!answer.checked_until || *checked < *answer.checked_until)) {
      answer.checked_until = checked;
    }
  }
}

absl::StatusOr<Admission> AdmissionRules::Evaluate(const Question& question) const {
  const reference::Reference& reference = reference::EmbeddedReference();
  const absl::CivilDay law_day = question.law_day.value_or(question.event_day);
  constexpr auto kReach = reference::DataTable::kEghJurisdiction;  // As for the competence of the same service.
  TEILHABE_RETURN_IF_ERROR(reference.CheckReach(kReach, question.event_day, "event_day"));
  TEILHABE_RETURN_IF_ERROR(reference.CheckReach(kReach, law_day, "law_day"));
  if (question.known_at) {
    absl::CivilDay oldest = absl::CivilDay::min();
    for (const reference::TableVersion& version : reference.Versions()) oldest = std::max(oldest, version.as_of);
    if (*question.known_at < oldest) {
      return FieldError(absl::StatusCode::kFailedPrecondition, "BEFORE_DATA", "known_at",
                        absl::StrCat("the oldest version of the data held here is of ", FormatDay(oldest)));
    }
  }
  law::Facts facts = question.facts;
  facts.Keep(law::FactsUsedBy(law::FactUser::kEligibility));
  TEILHABE_RETURN_IF_ERROR(law::CheckFacts(facts, question.event_day));
  Context context{question, facts, book_.At(law_day), {}, {}, {}};
  TEILHABE_ASSIGN_OR_RETURN(context.rows, RowsFor(question, context.period));
  for (const std::uint16_t row : context.rows) {
    context.verdicts.push_back(book_.Evaluate(context.period, row, facts, question.event_day, context.answer.trace));
  }
  Weigh(context);
  AddWarnings(question, context.answer);
  return std::move(context.answer);
}

}  // namespace teilhabe::eligibility
