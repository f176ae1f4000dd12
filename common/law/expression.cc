#include "common/law/expression.h"

#include <algorithm>
#include <bit>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/day.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"

namespace teilhabe::law {

class ExpressionParser {
 public:
  ExpressionParser(std::string_view text, const Scope& scope) : text_(text), scope_(scope) { Next(); }

  absl::StatusOr<Expression> Parse() {
    TEILHABE_ASSIGN_OR_RETURN([[maybe_unused]] const std::size_t root, ParseOr());
    if (!token_.empty()) return Error("expected the end");
    return std::move(made_);
  }

 private:
  using Op = Expression::Op;

  absl::Status Error(std::string_view what) const {
    return ReasonError(absl::StatusCode::kInvalidArgument, "CONDITION_INVALID",
                       absl::StrCat(ToAbsl(what), " at '", ToAbsl(token_), "' in: ", ToAbsl(text_)));
  }

  // Moves to the next token: a word, a number or day, a comparison, a bracket; empty at the end.
  void Next() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    const std::size_t start = at_;
    const auto is_word = [](char c) {
      return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '$' || c == '-';
    };
    if (at_ < text_.size() && is_word(text_[at_])) {
      while (at_ < text_.size() && is_word(text_[at_])) ++at_;
    } else if (at_ < text_.size()) {
      at_ += text_.substr(at_).starts_with(">=") ? 2 : 1;
    }
    token_ = text_.substr(start, at_ - start);
  }

  bool Accept(std::string_view token) {
    if (token_ != token) return false;
    Next();
    return true;
  }

  std::size_t Add(Expression::Node node) {
    made_.nodes_.push_back(node);
    return made_.nodes_.size() - 1;
  }

  std::size_t AddTest(Op op, FactId fact, std::int64_t operand = 0) {
    made_.facts_.Add(fact);
    return Add({op, fact, operand});
  }

  absl::StatusOr<std::size_t> ParseOr() {
    TEILHABE_ASSIGN_OR_RETURN(std::size_t left, ParseAnd());
    while (Accept("or")) {
      TEILHABE_ASSIGN_OR_RETURN(const std::size_t right, ParseAnd());
      left = Add({Op::kOr, {}, 0, left, right});
    }
    return left;
  }

  absl::StatusOr<std::size_t> ParseAnd() {
    TEILHABE_ASSIGN_OR_RETURN(std::size_t left, ParseNot());
    while (Accept("and")) {
      TEILHABE_ASSIGN_OR_RETURN(const std::size_t right, ParseNot());
      left = Add({Op::kAnd, {}, 0, left, right});
    }
    return left;
  }

  absl::StatusOr<std::size_t> ParseNot() {
    if (++depth_ > 50) return Error("nested too deeply");
    if (Accept("not")) {
      TEILHABE_ASSIGN_OR_RETURN(const std::size_t inner, ParseNot());
      --depth_;
      return Add({Op::kNot, {}, 0, inner, 0});
    }
    TEILHABE_ASSIGN_OR_RETURN(const std::size_t atom, ParseAtom());
    --depth_;
    return atom;
  }

  absl::StatusOr<std::size_t> ParseAtom() {
    if (Accept("(")) {
      TEILHABE_ASSIGN_OR_RETURN(const std::size_t inner, ParseOr());
      if (!Accept(")")) return Error("expected )");
      return inner;
    }
    if (Accept("always")) return Add({Op::kAlways});
    if (Accept("open")) return Add({Op::kOpen});
    if (Accept("given")) {
      TEILHABE_ASSIGN_OR_RETURN(const FactId fact, TakeFact());
      return AddTest(Op::kGiven, fact);
    }
    if (Accept("age")) return ParseComparison(FactId::kBirthDate, FactType::kMonths, Op::kAgeAtLeast, Op::kAgeBelow);
    if (const int term = scope_.term(token_); term >= 0) {
      Next();
      return Add({Op::kTerm, {}, term});
    }
    TEILHABE_ASSIGN_OR_RETURN(const FactId fact, TakeFact());
    const FactInfo& info = Info(fact);
    switch (info.type) {
      case FactType::kYesNo:
        return AddTest(Op::kYes, fact);
      case FactType::kChoiceSet:
        if (Accept("several")) return AddTest(Op::kSeveral, fact);
        if (Accept("has")) return ParseChoice(Op::kHas, info);
        if (Accept("only")) return ParseChoice(Op::kOnly, info);
        return Error("expected has, only or several");
      case FactType::kAreaNumber:
        if (Accept("is") && Accept("none")) return AddTest(Op::kEqual, fact, Facts::kNoAreaNumber);
        return Error("expected is none");
      case FactType::kMonths:
      case FactType::kDay:
        return ParseComparison(fact, info.type, Op::kAtLeast, Op::kBelow);
      default:
        return Error("this fact can only be asked for with given");
    }
  }

  absl::StatusOr<FactId> TakeFact() {
    const auto fact = FindFact(token_);
    if (!fact.ok()) return Error("unknown fact or term");
    Next();
    return *fact;
  }

  absl::StatusOr<std::size_t> ParseChoice(Op op, const FactInfo& info) {
    const auto found = std::find(info.values.begin(), info.values.end(), token_);
    if (found == info.values.end()) return Error("unknown value");
    Next();
    return AddTest(op, info.id, std::int64_t{1} << (found - info.values.begin()));
  }

  absl::StatusOr<std::size_t> ParseComparison(FactId fact, FactType type, Op at_least, Op below) {
    const bool is_below = token_ == "<";
    if (!is_below && token_ != ">=") return Error("expected >= or <");
    Next();
    TEILHABE_ASSIGN_OR_RETURN(const std::int64_t bound, TakeBound(type));
    return AddTest(is_below ? below : at_least, fact, bound);
  }

  // A day is compared with a day, months and years with a number.
  absl::StatusOr<std::int64_t> TakeBound(FactType type) {
    const std::string_view token = token_;
    std::int64_t number = 0;
    if (type == FactType::kDay) {
      const auto day = ParseDay(token);
      if (!day.ok()) return Error("expected a day");
      number = *day - absl::CivilDay(1970, 1, 1);
    } else if (token.starts_with('$')) {
      TEILHABE_ASSIGN_OR_RETURN(number, scope_.parameter(token.substr(1)));
    } else if (!absl::SimpleAtoi(ToAbsl(token), &number)) {
      return Error("expected a number or a $parameter");
    }
    Next();
    return number;
  }

  std::string_view text_;
  const Scope& scope_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::string_view token_;
  Expression made_;
};

absl::StatusOr<Expression> Expression::Compile(std::string_view text, const Scope& scope) {
  return ExpressionParser(text, scope).Parse();
}

bool Expression::Test(const Node& node, const Facts& facts, absl::CivilDay event_day) {
  const std::int64_t value = facts.Raw(node.fact);
  switch (node.op) {
    case Op::kYes:
      return value != 0;
    case Op::kHas:
      return (value & node.operand) != 0;
    case Op::kOnly:
    case Op::kEqual:
      return value == node.operand;
    case Op::kSeveral:
      return std::popcount(static_cast<std::uint64_t>(value)) > 1;
    case Op::kAtLeast:
      return value >= node.operand;
    case Op::kBelow:
      return value < node.operand;
    case Op::kAgeAtLeast:
      return AgeOn(facts.Day(node.fact), event_day) >= node.operand;
    case Op::kAgeBelow:
      return AgeOn(facts.Day(node.fact), event_day) < node.operand;
    default:
      return false;
  }
}

}  // namespace teilhabe::law
