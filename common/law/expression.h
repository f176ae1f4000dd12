#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/law/facts.h"
#include "common/law/truth.h"

namespace teilhabe::law {

// What an evaluation said, and on what it rests. By value, without allocation.
struct Verdict {
  Truth truth = Truth::kUnknown;
  FactSet missing;  // Unknown facts on which the truth depends; empty unless it is unknown, or where the law is open.
};

// The names that a condition may use beside facts; given by whoever compiles it.
struct Scope {
  // Index of a term rule valid in this period, or -1.
  std::function<int(std::string_view)> term;
  // Value of a whole-numbered dated parameter, `$name` in the condition.
  std::function<absl::StatusOr<std::int64_t>(std::string_view)> parameter;
};

// A condition over facts, as a lawyer reads it in a rule table:
//
//   rv_s10 and (rv_s11_1 or em_pension) and not rv_s12     terms, yes_no facts, and / or / not, brackets
//   cause has work_accident      cause several             a set contains a value; contains more than one
//   disability only psychological                          a set is exactly this value
//   area_number is none                                    no number was issued
//   insured_months >= $rv_wartezeit_months                 numbers, dated parameters
//   application_day >= 2024-01-01                          days
//   age < 18                                               completed years on the event day, from birth_date
//   given drv_account                                      the fact was supplied; never unknown
//   always
//   open                                                   the sources leave it open: unknown, whatever the facts are
//
// Evaluated in three-valued logic: an unknown fact makes a condition unknown only where it matters.
class Expression {
 public:
  // Errors: kInvalidArgument, CONDITION_INVALID with the place in the text; what the scope returns.
  static absl::StatusOr<Expression> Compile(std::string_view text, const Scope& scope);

  // `on_term(index) -> Verdict` evaluates a term rule. `used` collects the known facts that were looked at.
  template <typename OnTerm>
  Verdict Evaluate(const Facts& facts, absl::CivilDay event_day, FactSet& used, OnTerm&& on_term) const {
    return EvaluateNode(nodes_.size() - 1, facts, event_day, used, on_term);
  }

  // Every fact the condition names.
  FactSet facts() const { return facts_; }

 private:
  friend class ExpressionParser;
  enum class Op : std::uint8_t {
    kAlways,
    kOpen,
    kAnd,
    kOr,
    kNot,
    kTerm,
    kGiven,
    kYes,
    kHas,
    kOnly,
    kSeveral,
    kEqual,
    kAtLeast,
    kBelow,
    kAgeAtLeast,
    kAgeBelow
  };
  struct Node {
    Op op;
    FactId fact = FactId::kCause;
    std::int64_t operand = 0;  // A value, or the index of a term.
    std::size_t left = 0;      // Children: indices of earlier nodes.
    std::size_t right = 0;
  };

  static bool Test(const Node& node, const Facts& facts, absl::CivilDay event_day);

  template <typename OnTerm>
  Verdict EvaluateNode(std::size_t at, const Facts& facts, absl::CivilDay event_day, FactSet& used,
                       OnTerm& on_term) const {
    const Node& node = nodes_[at];
    switch (node.op) {
      case Op::kAlways:
        return {Truth::kYes, {}};
      case Op::kOpen:
        return {Truth::kUnknown, {}};
      case Op::kAnd:
      case Op::kOr: {
        const Truth decisive = node.op == Op::kAnd ? Truth::kNo : Truth::kYes;
        const Verdict left = EvaluateNode(node.left, facts, event_day, used, on_term);
        if (left.truth == decisive) return left;
        const Verdict right = EvaluateNode(node.right, facts, event_day, used, on_term);
        if (right.truth == decisive || left.truth != Truth::kUnknown) return right;
        return {Truth::kUnknown, left.missing | right.missing};
      }
      case Op::kNot: {
        const Verdict inner = EvaluateNode(node.left, facts, event_day, used, on_term);
        return {Not(inner.truth), inner.missing};
      }
      case Op::kTerm:
        return on_term(static_cast<std::size_t>(node.operand));
      case Op::kGiven:
        if (facts.Has(node.fact)) used.Add(node.fact);
        return {ToTruth(facts.Has(node.fact)), {}};
      default:
        if (!facts.Has(node.fact)) return {Truth::kUnknown, {node.fact}};
        used.Add(node.fact);
        return {ToTruth(Test(node, facts, event_day)), {}};
    }
  }

  std::vector<Node> nodes_;  // Children before parents; the last one is the root.
  FactSet facts_;
};

}  // namespace teilhabe::law
