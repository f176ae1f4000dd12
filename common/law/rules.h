#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/base/day.h"
#include "common/law/expression.h"
#include "common/law/parameters.h"
#include "common/law/truth.h"

namespace teilhabe::law {

// One row of a rule table. Who knows the table knows the law as the program has it.
struct Rule {
  std::string id;         // Stable, unique within its days of validity: `s63_1_3_rv`.
  std::string list;       // Which lists the row belongs to, a blank between two; `term` alone for a condition with a
                          // name, used by later rows.
  std::string condition;  // See Expression.
  std::string outcome;    // What follows; its meaning is the list's.
  DayRange valid;         // Of the text of law, by law_day.
  Force force = Force::kMust;
  std::string citation;
  std::string tests;  // The requirement that a test shows it by.
  // German sentences for each verdict; {name} is filled in with a fact or a name. Empty: nothing is said.
  std::string text_yes, text_no, text_unknown;

  const std::string& Text(Truth truth) const {
    return truth == Truth::kYes ? text_yes : truth == Truth::kNo ? text_no : text_unknown;
  }
  // The last day up to which every act that the citation names was checked; see data/checked.csv. Absent: none is
  // listed.
  std::optional<absl::CivilDay> checked_until;
};

// What a rule said.
struct RuleVerdict {
  std::uint16_t rule = 0;  // Index into RuleBook::rules().
  Truth truth = Truth::kUnknown;
};

// What an evaluation leaves behind: verdicts in the order in which the rules spoke, at most kMax of them.
class Trace {
 public:
  static constexpr std::size_t kMax = 48;
  void Add(std::uint16_t rule, Truth truth) {
    for (std::size_t at = 0; at < size_; ++at) {
      if (verdicts_[at].rule == rule) return;  // A term that two rows use speaks once.
    }
    if (size_ < kMax) verdicts_[size_++] = {rule, truth};
  }
  // Takes the last verdict back: what it says holds only under a condition that is not known.
  void DropLast() { --size_; }
  std::span<const RuleVerdict> verdicts() const { return {verdicts_.data(), size_}; }
  FactSet used;

 private:
  std::array<RuleVerdict, kMax> verdicts_;
  std::size_t size_ = 0;
};

// A rule table, validated and compiled: for each period between two changes of law the conditions that hold in it.
class RuleBook {
 public:
  // Columns: id, list, condition, outcome, valid_from, valid_to, force, citation, tests, text_yes, text_no,
  // text_unknown; the order of rows is the order of precedence. `first_day`: before it nothing is answered.
  // In test builds the rule named by the environment variable TEILHABE_RULE_OFF is left out: a row is gone, a term no.
  // Errors: kInvalidArgument, RULES_INVALID with the id: malformed cells, unknown names, one id twice on one day;
  // CSV_*.
  static absl::StatusOr<RuleBook> Load(std::string_view csv, absl::CivilDay first_day, const Parameters& parameters);

  const std::vector<Rule>& rules() const { return rules_; }
  absl::CivilDay first_day() const { return periods_.front().from_; }
  // False where a test build has left a rule out.
  bool complete() const { return complete_; }

  // A stretch of days with the same law.
  class Period {
   public:
    // Rows of a list valid in this period, in order of precedence.
    std::span<const std::uint16_t> List(std::string_view list) const;

   private:
    friend class RuleBook;
    absl::CivilDay from_;
    std::vector<Expression> expressions_;  // By rule index; terms and rows of this period only, else empty.
    std::vector<std::pair<std::string, std::vector<std::uint16_t>>> lists_;
  };

  // Precondition: law_day >= first_day().
  const Period& At(absl::CivilDay law_day) const;
  const std::vector<Period>& periods() const { return periods_; }
  static absl::CivilDay FirstDayOf(const Period& period) { return period.from_; }

  // Evaluates a row of the period; terms on the way, then the row, are added to `trace`.
  Verdict Evaluate(const Period& period, std::uint16_t rule, const Facts& facts, absl::CivilDay event_day,
                   Trace& trace) const;

  // The facts that the row's own condition names; those of its terms are not among them.
  static FactSet FactsOf(const Period& period, std::uint16_t rule) { return period.expressions_[rule].facts(); }

 private:
  absl::StatusOr<Period> CompilePeriod(absl::CivilDay from, const Parameters& parameters) const;

  std::vector<Rule> rules_;
  std::vector<Period> periods_;  // Ascending.
  bool complete_ = true;
};

}  // namespace teilhabe::law
