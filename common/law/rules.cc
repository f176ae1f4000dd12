#include "common/law/rules.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/check.h"
#include "common/base/csv.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "embedded/law.h"

namespace teilhabe::law {
namespace {

constexpr char kTerm[] = "term";

absl::Status Invalid(const std::string& id, std::string_view why) {
  return FieldError(absl::StatusCode::kInvalidArgument, "RULES_INVALID", id,
                    absl::StrCat("rule ", id, ": ", ToAbsl(why)));
}

// The rule that a mutation run switches off; never one in a release build.
bool IsSwitchedOff([[maybe_unused]] const std::string& id) {
#ifdef TEILHABE_RULE_SWITCH
  const char* off = std::getenv("TEILHABE_RULE_OFF");
  return off != nullptr && id == off;
#else
  return false;
#endif
}

absl::StatusOr<Force> ParseForce(const std::string& id, const std::string& text) {
  if (text == "must") return Force::kMust;
  if (text == "soll") return Force::kSoll;
  if (text == "kann") return Force::kKann;
  return Invalid(id, "force is must, soll or kann");
}

// The earliest of the days up to which the acts in a citation were checked.
std::optional<absl::CivilDay> CheckedUntil(const std::string& citation) {
  static const auto* const acts = [] {
    const auto table = CsvTable::Parse(embedded::law::checked_csv());
    TEILHABE_CHECK(table.ok());
    auto* const made = new std::vector<std::pair<std::string, absl::CivilDay>>();
    for (const auto& row : table->rows()) {
      const auto day = ParseDay(row[1]);
      TEILHABE_CHECK(day.ok());
      made->emplace_back(row[0], *day);
    }
    return made;
  }();
  std::optional<absl::CivilDay> earliest;
  for (const auto& [act, day] : *acts) {
    for (std::size_t at = citation.find(act); at != std::string::npos; at = citation.find(act, at + 1)) {
      const std::size_t end = at + act.size();  // "SGB X" is not cited by "SGB XII".
      if (end < citation.size() && absl::ascii_isalpha(static_cast<unsigned char>(citation[end]))) continue;
      if (!earliest || day < *earliest) earliest = day;
    }
  }
  return earliest;
}

absl::StatusOr<std::vector<Rule>> ParseRules(std::string_view csv) {
  TEILHABE_ASSIGN_OR_RETURN(const CsvTable table, CsvTable::Parse(csv));
  TEILHABE_ASSIGN_OR_RETURN(
      const auto at, table.Columns({"id", "list", "condition", "outcome", "valid_from", "valid_to", "force", "citation",
                                    "tests", "text_yes", "text_no", "text_unknown"}));
  std::vector<Rule> rules;
  for (const auto& row : table.rows()) {
    const auto cell = [&row, &at](std::size_t column) -> const std::string& { return row[at[column]]; };
    const std::string& id = cell(0);
    if (cell(1) == kTerm && FindFact(id).ok()) return Invalid(id, "a term has the name of a fact");
    if (id.empty() || cell(1).empty() || cell(7).empty()) return Invalid(id, "id, list and citation are needed");
    TEILHABE_ASSIGN_OR_RETURN(const Force force, ParseForce(id, cell(6)));
    const auto valid = ParseDayRange(cell(4), cell(5));
    if (!valid.ok()) return Invalid(id, ToStd(valid.status().message()));
    for (const Rule& other : rules) {
      if (other.id == id && other.valid.Overlaps(*valid)) {
        return Invalid(id, "two rows hold on the same day");
      }
    }
    rules.push_back({id, cell(1), IsSwitchedOff(id) && cell(1) == kTerm ? "not always" : cell(2), cell(3), *valid,
                     force, cell(7), cell(8), cell(9), cell(10), cell(11), CheckedUntil(cell(7))});
  }
  return rules;
}

}  // namespace

absl::StatusOr<RuleBook> RuleBook::Load(std::string_view csv, absl::CivilDay first_day, const Parameters& parameters) {
  RuleBook book;
  TEILHABE_ASSIGN_OR_RETURN(book.rules_, ParseRules(csv));
  std::set<absl::CivilDay> starts = {first_day};
  for (const Rule& rule : book.rules_) {
    if (IsSwitchedOff(rule.id)) book.complete_ = false;
    if (rule.valid.from) starts.insert(*rule.valid.from);
    if (rule.valid.to) starts.insert(*rule.valid.to + 1);
    for (std::size_t at = rule.condition.find('$'); at != std::string::npos; at = rule.condition.find('$', at + 1)) {
      const std::size_t end = rule.condition.find_first_of(" )", at);
      const std::string name = rule.condition.substr(at + 1, end == std::string::npos ? end : end - at - 1);
      for (const absl::CivilDay start : parameters.ChangesOf(name)) starts.insert(start);
    }
  }
  for (const absl::CivilDay start : starts) {
    if (start < first_day) continue;
    TEILHABE_ASSIGN_OR_RETURN(Period period, book.CompilePeriod(start, parameters));
    book.periods_.push_back(std::move(period));
  }
  return book;
}

absl::StatusOr<RuleBook::Period> RuleBook::CompilePeriod(absl::CivilDay from, const Parameters& parameters) const {
  Period period;
  period.from_ = from;
  period.expressions_.resize(rules_.size());
  std::map<std::string, int, std::less<>> terms;
  const Scope scope = {[&terms](std::string_view name) {
                         const auto found = terms.find(name);
                         return found == terms.end() ? -1 : found->second;
                       },
                       [&parameters, from](std::string_view name) -> absl::StatusOr<std::int64_t> {
                         TEILHABE_ASSIGN_OR_RETURN(const Figure figure, parameters.Get(name, from));
                         if (!figure.IsWhole()) {
                           return ReasonError(absl::StatusCode::kInvalidArgument, "CONDITION_INVALID",
                                              absl::StrCat("parameter ", ToAbsl(name), " is no whole number"));
                         }
                         return figure.Whole();
                       }};
  for (std::size_t at = 0; at < rules_.size(); ++at) {
    const Rule& rule = rules_[at];
    const bool is_term = rule.list == kTerm;
    if (!rule.valid.Contains(from) || (!is_term && IsSwitchedOff(rule.id))) continue;
    auto compiled = Expression::Compile(rule.condition, scope);
    if (!compiled.ok()) return Invalid(rule.id, ToStd(compiled.status().message()));
    period.expressions_[at] = *std::move(compiled);
    if (is_term) {
      terms[rule.id] = static_cast<int>(at);  // Usable from here on, so that no term can name itself.
      continue;
    }
    for (const absl::string_view name : absl::StrSplit(rule.list, ' ', absl::SkipEmpty())) {
      auto list = std::find_if(period.lists_.begin(), period.lists_.end(),
                               [name](const auto& entry) { return entry.first == name; });
      if (list == period.lists_.end()) list = period.lists_.insert(list, {std::string(name), {}});
      list->second.push_back(static_cast<std::uint16_t>(at));
    }
  }
  return period;
}

std::span<const std::uint16_t> RuleBook::Period::List(std::string_view list) const {
  for (const auto& [name, rows] : lists_) {
    if (name == list) return rows;
  }
  return {};
}

const RuleBook::Period& RuleBook::At(absl::CivilDay law_day) const {
  TEILHABE_CHECK(law_day >= first_day());
  const auto after = std::upper_bound(periods_.begin(), periods_.end(), law_day,
                                      [](absl::CivilDay day, const Period& period) { return day < period.from_; });
  return *(after - 1);
}

Verdict RuleBook::Evaluate(const Period& period, std::uint16_t rule, const Facts& facts, absl::CivilDay event_day,
                           Trace& trace) const {
  const auto on_term = [&](std::size_t term) {
    return Evaluate(period, static_cast<std::uint16_t>(term), facts, event_day, trace);
  };
  const Verdict verdict = period.expressions_[rule].Evaluate(facts, event_day, trace.used, on_term);
  trace.Add(rule, verdict.truth);
  return verdict;
}

}  // namespace teilhabe::law
