#include "common/law/expression.h"

#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/reason.h"
#include "common/base/strings.h"
#include "common/law/row_name_for_test.h"
#include "gtest/gtest.h"

namespace teilhabe::law {
namespace {

constexpr absl::CivilDay kEventDay(2025, 3, 10);

// Terms `t_yes`, `t_no`, `t_unknown` (whose truth hangs on drv_account), and parameters `wait` (180) and `gone` (none).
const Scope& TestScope() {
  static const auto* const scope =
      new Scope{[](std::string_view name) {
                  return name == "t_yes" ? 0 : name == "t_no" ? 1 : name == "t_unknown" ? 2 : -1;
                },
                [](std::string_view name) -> absl::StatusOr<std::int64_t> {
                  if (name == "wait") return 180;
                  return FieldError(absl::StatusCode::kFailedPrecondition, "PARAMETER_MISSING", name, "no such figure");
                }};
  return *scope;
}

Verdict OnTerm(std::size_t term) {
  if (term == 2) return {Truth::kUnknown, {FactId::kDrvAccount}};
  return {ToTruth(term == 0), {}};
}

Facts MakeFacts(const std::vector<std::pair<std::string, std::string>>& texts) {
  Facts facts;
  for (const auto& [name, value] : texts) {
    const absl::Status set = SetFact(facts, name, value, reference::EmbeddedReference());
    EXPECT_TRUE(set.ok()) << set;
  }
  return facts;
}

struct Evaluated {
  Verdict verdict;
  FactSet used;
};
Evaluated Evaluate(const std::string& condition, const Facts& facts) {
  const auto compiled = Expression::Compile(condition, TestScope());
  EXPECT_TRUE(compiled.ok()) << compiled.status();
  Evaluated made;
  if (compiled.ok()) made.verdict = compiled->Evaluate(facts, kEventDay, made.used, OnTerm);
  return made;
}

std::string Name(Truth truth) { return truth == Truth::kYes ? "yes" : truth == Truth::kNo ? "no" : "unknown"; }

struct Case {
  std::string condition;
  std::vector<std::pair<std::string, std::string>> facts;
  std::string want;
};
class Condition : public testing::TestWithParam<Case> {};
TEST_P(Condition, HoldsOrNot) {
  EXPECT_EQ(Name(Evaluate(GetParam().condition, MakeFacts(GetParam().facts)).verdict.truth), GetParam().want)
      << GetParam().condition;
}

std::string NameOf(const testing::TestParamInfo<Case>& tested) {
  return RowName(tested.index, tested.param.condition + " " + tested.param.want);
}

using Values = std::vector<Case>;
const Values kOperators = {
    {"always", {}, "yes"},
    {"not always", {}, "no"},
    {"open", {}, "unknown"},
    {"not open", {}, "unknown"},
    {"open or em_pension", {{"em_pension", "yes"}}, "yes"},
    {"open and em_pension", {{"em_pension", "no"}}, "no"},
    {"open and em_pension", {{"em_pension", "yes"}}, "unknown"},
    {"t_yes", {}, "yes"},
    {"t_no", {}, "no"},
    {"t_unknown", {}, "unknown"},
    {"em_pension", {{"em_pension", "yes"}}, "yes"},
    {"em_pension", {{"em_pension", "no"}}, "no"},
    {"em_pension", {}, "unknown"},
    {"cause has work_accident", {{"cause", "work_accident"}}, "yes"},
    {"cause has work_accident", {{"cause", "service_damage+work_accident"}}, "yes"},
    {"cause has work_accident", {{"cause", "service_damage"}}, "no"},
    {"cause has none", {{"cause", "none"}}, "yes"},
    {"cause has none", {{"cause", "service_damage"}}, "no"},
    {"cause several", {{"cause", "service_damage+work_accident"}}, "yes"},
    {"cause several", {{"cause", "service_damage"}}, "no"},
    {"cause several", {}, "unknown"},
    {"disability only psychological", {{"disability", "psychological"}}, "yes"},
    {"disability only psychological", {{"disability", "psychological+physical"}}, "no"},
    {"disability only psychological", {{"disability", "none"}}, "no"},
    {"area_number is none", {{"area_number", "none"}}, "yes"},
    {"area_number is none", {{"area_number", "11"}}, "no"},
    {"area_number is none", {}, "unknown"},
    {"insured_months >= 180", {{"insured_months", "180"}}, "yes"},
    {"insured_months >= 180", {{"insured_months", "179"}}, "no"},
    {"insured_months < 180", {{"insured_months", "179"}}, "yes"},
    {"insured_months < 180", {{"insured_months", "180"}}, "no"},
    {"insured_months >= $wait", {{"insured_months", "180"}}, "yes"},
    {"insured_months >= $wait", {{"insured_months", "179"}}, "no"},
    {"application_day >= 2024-01-01", {{"application_day", "2024-01-01"}}, "yes"},
    {"application_day >= 2024-01-01", {{"application_day", "2023-12-31"}}, "no"},
    {"application_day < 2024-01-01", {{"application_day", "2023-12-31"}}, "yes"},
    {"application_day < 2024-01-01", {{"application_day", "2024-01-01"}}, "no"},
    {"birth_date >= 2000-01-01", {{"birth_date", "2000-01-01"}}, "yes"},
    {"age >= 18", {{"birth_date", "2007-03-10"}}, "yes"},
    {"age >= 18", {{"birth_date", "2007-03-11"}}, "no"},
    {"age < 18", {{"birth_date", "2007-03-11"}}, "yes"},
    {"age < 18", {{"birth_date", "2007-03-10"}}, "no"},
    {"age < 18", {}, "unknown"},
    {"given birth_date", {{"birth_date", "2000-01-01"}}, "yes"},
    {"given birth_date", {}, "no"},
    {"given drv_account", {{"drv_account", "drv-bund"}}, "yes"},
    {"given first_application", {{"first_application", "this"}}, "yes"},
};
INSTANTIATE_TEST_SUITE_P(Operators, Condition, testing::ValuesIn(kOperators), NameOf);

// Kleene's tables: not, and, or.
const Values kTruthTables = {
    {"not t_yes", {}, "no"},
    {"not t_no", {}, "yes"},
    {"not t_unknown", {}, "unknown"},
    {"t_yes and t_yes", {}, "yes"},
    {"t_yes and t_no", {}, "no"},
    {"t_yes and t_unknown", {}, "unknown"},
    {"t_no and t_yes", {}, "no"},
    {"t_no and t_no", {}, "no"},
    {"t_no and t_unknown", {}, "no"},
    {"t_unknown and t_yes", {}, "unknown"},
    {"t_unknown and t_no", {}, "no"},
    {"t_unknown and t_unknown", {}, "unknown"},
    {"t_yes or t_yes", {}, "yes"},
    {"t_yes or t_no", {}, "yes"},
    {"t_yes or t_unknown", {}, "yes"},
    {"t_no or t_yes", {}, "yes"},
    {"t_no or t_no", {}, "no"},
    {"t_no or t_unknown", {}, "unknown"},
    {"t_unknown or t_yes", {}, "yes"},
    {"t_unknown or t_no", {}, "unknown"},
    {"t_unknown or t_unknown", {}, "unknown"},
};
INSTANTIATE_TEST_SUITE_P(TruthTables, Condition, testing::ValuesIn(kTruthTables), NameOf);

const Values kPrecedence = {
    {"t_yes or t_no and t_no", {}, "yes"},   // `and` before `or`,
    {"(t_yes or t_no) and t_no", {}, "no"},  // brackets before both,
    {"t_no and t_no or t_yes", {}, "yes"},   //
    {"t_no and (t_no or t_yes)", {}, "no"},  //
    {"not t_yes or t_yes", {}, "yes"},       // `not` before either.
    {"not (t_yes or t_yes)", {}, "no"},      //
    {"not t_no and t_no", {}, "no"},         //
    {"not (t_no and t_no)", {}, "yes"},      //
    {"not not t_yes", {}, "yes"},            //
    {"not given drv_account and t_yes", {}, "yes"},
    {"((t_yes))", {}, "yes"},
    {"  t_yes   or t_no  ", {}, "yes"},
};
INSTANTIATE_TEST_SUITE_P(Precedence, Condition, testing::ValuesIn(kPrecedence), NameOf);

TEST(Condition, MayBeLongButNotDeep) {
  std::string condition = "t_no";
  for (int more = 0; more < 200; ++more) condition += more % 2 == 0 ? " or not t_yes" : " or (t_no and t_yes)";
  EXPECT_EQ(Name(Evaluate(condition, Facts()).verdict.truth), "no");
  EXPECT_EQ(Name(Evaluate(condition + " or t_yes", Facts()).verdict.truth), "yes");
}

TEST(ConditionMissing, NamesFactsOnlyWhereTheyMatter) {
  const auto missing = [](const std::string& condition, const Facts& facts) {
    return Evaluate(condition, facts).verdict.missing;
  };
  const Facts nothing;
  const Facts pension = MakeFacts({{"em_pension", "yes"}});
  EXPECT_EQ(missing("em_pension or survivor_pension", nothing),
            FactSet({FactId::kEmPension, FactId::kSurvivorPension}));
  EXPECT_EQ(missing("em_pension and survivor_pension", pension), FactSet({FactId::kSurvivorPension}));
  EXPECT_EQ(missing("em_pension or survivor_pension", pension), FactSet());
  EXPECT_EQ(missing("survivor_pension or em_pension", pension), FactSet());
  EXPECT_EQ(missing("not em_pension and survivor_pension", pension), FactSet());
  EXPECT_EQ(missing("not survivor_pension", pension), FactSet({FactId::kSurvivorPension}));
  EXPECT_EQ(missing("open", nothing), FactSet()) << "no fact would settle it";
  EXPECT_EQ(missing("open and em_pension", nothing), FactSet({FactId::kEmPension}));
  EXPECT_EQ(missing("given survivor_pension", nothing), FactSet());
  EXPECT_EQ(missing("age < 18", nothing), FactSet({FactId::kBirthDate}));
  EXPECT_EQ(missing("t_unknown and em_pension", pension), FactSet({FactId::kDrvAccount})) << "what a term misses";
}

TEST(ConditionUsed, NamesKnownFactsThatWereLookedAt) {
  const Facts facts = MakeFacts({{"em_pension", "yes"}, {"survivor_pension", "no"}, {"birth_date", "2000-01-01"}});
  EXPECT_EQ(Evaluate("em_pension", facts).used, FactSet({FactId::kEmPension}));
  EXPECT_EQ(Evaluate("em_pension or survivor_pension", facts).used, FactSet({FactId::kEmPension})) << "decided before";
  EXPECT_EQ(Evaluate("survivor_pension or em_pension", facts).used,
            FactSet({FactId::kEmPension, FactId::kSurvivorPension}));
  EXPECT_EQ(Evaluate("age < 18 or given birth_date", facts).used, FactSet({FactId::kBirthDate}));
  EXPECT_EQ(Evaluate("given em_pension", facts).used, FactSet({FactId::kEmPension}));
  EXPECT_EQ(Evaluate("given cause or cause several", facts).used, FactSet()) << "unknown facts are not used";
}

TEST(ConditionFacts, NamesEveryFactOfTheText) {
  const auto compiled =
      Expression::Compile("cause several or not (age < 18 and given drv_account) or t_unknown", TestScope());
  ASSERT_TRUE(compiled.ok());
  EXPECT_EQ(compiled->facts(), FactSet({FactId::kCause, FactId::kBirthDate, FactId::kDrvAccount}));
}

// A broken condition, and what the error must say: the fault and the place of it.
struct Broken {
  std::string condition;
  std::string message;
};
class BrokenCondition : public testing::TestWithParam<Broken> {};
TEST_P(BrokenCondition, IsRejectedWithThePlace) {
  const absl::Status status = Expression::Compile(GetParam().condition, TestScope()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
  EXPECT_EQ(GetReason(status), "CONDITION_INVALID");
  EXPECT_TRUE(absl::StrContains(status.message(), GetParam().message)) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), absl::StrCat("in: ", GetParam().condition))) << status;
}
INSTANTIATE_TEST_SUITE_P(
    Errors, BrokenCondition,
    testing::Values(
        Broken{"", "unknown fact or term at ''"}, Broken{"causes several", "unknown fact or term at 'causes'"},
        Broken{"em_pension and", "unknown fact or term at ''"},
        Broken{"and em_pension", "unknown fact or term at 'and'"},
        Broken{"em_pension or or t_yes", "unknown fact or term at 'or'"}, Broken{"not", "unknown fact or term at ''"},
        Broken{"em_pension t_yes", "expected the end at 't_yes'"}, Broken{"t_yes)", "expected the end at ')'"},
        Broken{"(em_pension", "expected ) at ''"}, Broken{"(em_pension t_yes)", "expected ) at 't_yes'"},
        Broken{"()", "unknown fact or term at ')'"}, Broken{"given", "unknown fact or term at ''"},
        Broken{"given t_yes", "unknown fact or term at 't_yes'"},
        Broken{"cause", "expected has, only or several at ''"},
        Broken{"cause is none", "expected has, only or several at 'is'"},
        Broken{"cause has accident", "unknown value at 'accident'"}, Broken{"cause has", "unknown value at ''"},
        Broken{"disability only service_damage", "unknown value at 'service_damage'"},
        Broken{"insured_months", "expected >= or < at ''"}, Broken{"insured_months > 5", "expected >= or < at '>'"},
        Broken{"insured_months = 5", "expected >= or < at '='"},
        Broken{"insured_months >= many", "expected a number or a $parameter at 'many'"},
        Broken{"insured_months >=", "expected a number or a $parameter at ''"},
        Broken{"insured_months >= 2024-01-01", "expected a number or a $parameter at '2024-01-01'"},
        Broken{"insured_months >= 99999999999999999999", "expected a number or a $parameter"},
        Broken{"application_day >= 2024-02-30", "expected a day at '2024-02-30'"},
        Broken{"application_day >= 180", "expected a day at '180'"},
        Broken{"application_day < $wait", "expected a day at '$wait'"}, Broken{"age", "expected >= or < at ''"},
        Broken{"age < 2024-01-01", "expected a number or a $parameter"},
        Broken{"area_number", "expected is none at ''"}, Broken{"area_number is 11", "expected is none at '11'"},
        Broken{"drv_account", "can only be asked for with given at ''"},
        Broken{"first_application is none", "can only be asked for with given at 'is'"},
        Broken{"em_pension & t_yes", "expected the end at '&'"}, Broken{"T_YES", "unknown fact or term at 'T_YES'"},
        Broken{std::string(60, '(') + "t_yes" + std::string(60, ')'), "nested too deeply"}),
    [](const auto& tested) { return RowName(tested.index, tested.param.message); });

TEST(ConditionError, OfAParameterIsPassedOn) {
  const absl::Status status = Expression::Compile("insured_months >= $gone", TestScope()).status();
  EXPECT_EQ(GetReason(status), "PARAMETER_MISSING");
  EXPECT_EQ(GetField(status), "gone");
}

// --- Random conditions against a second reading of them --------------------------------------------------------------

// Facts that random conditions ask for, with values on both sides of what is asked.
struct Asked {
  FactId fact;
  std::vector<std::string> values;
  std::vector<std::string> tests;
};
const std::vector<Asked> kAsked = {
    {FactId::kCause,
     {"none", "work_accident", "work_accident+service_damage"},
     {"cause has work_accident", "cause several", "cause only none"}},
    {FactId::kRvPersonal, {"yes", "no"}, {"rv_personal"}},
    {FactId::kEmPension, {"yes", "no"}, {"em_pension"}},
    {FactId::kInsuredMonths, {"179", "180"}, {"insured_months >= $wait", "insured_months < 180"}},
    {FactId::kBirthDate, {"2007-03-10", "2007-03-11"}, {"age < 18", "age >= 18"}},
};

// A condition as a tree, written out with no more brackets than its meaning needs.
struct Tree {
  enum Kind { kTest, kNot, kAnd, kOr } kind = kTest;
  std::string test;
  std::vector<Tree> parts;

  std::string Write() const {
    const auto bracketed = [](const Tree& part, Kind loosest) {
      return part.kind > loosest ? absl::StrCat("(", part.Write(), ")") : part.Write();
    };
    if (kind == kTest) return test;
    if (kind == kNot) return absl::StrCat("not ", bracketed(parts[0], kNot));
    return absl::StrCat(bracketed(parts[0], kind), kind == kAnd ? " and " : " or ", bracketed(parts[1], kind));
  }
  // `holds(test)` tells the truth of one test; the tables of and, or are least and greatest of no < unknown < yes.
  template <typename Holds>
  Truth Read(const Holds& holds) const {
    const auto rank = [](Truth truth) { return truth == Truth::kNo ? 0 : truth == Truth::kUnknown ? 1 : 2; };
    if (kind == kTest) return holds(test);
    const Truth left = parts[0].Read(holds);
    if (kind == kNot) return Not(left);
    const Truth right = parts[1].Read(holds);
    return (rank(left) < rank(right)) == (kind == kAnd) ? left : right;
  }
};

class RandomTrees {
 public:
  explicit RandomTrees(std::uint32_t seed) : random_(seed) {}
  Tree Make(int depth) {
    const std::size_t kind = depth == 0 ? 0 : Below(4);
    Tree tree;
    tree.kind = static_cast<Tree::Kind>(kind);
    if (tree.kind == Tree::kTest) {
      const Asked& asked = kAsked[Below(kAsked.size())];
      tree.test = asked.tests[Below(asked.tests.size())];
      return tree;
    }
    tree.parts.push_back(Make(depth - 1));
    if (tree.kind != Tree::kNot) tree.parts.push_back(Make(depth - 1));
    return tree;
  }

 private:
  std::size_t Below(std::size_t count) { return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_); }
  std::mt19937 random_;
};

// Each fact unknown or at one of its values: a number per fact, 0 for unknown.
Facts FactsOf(const std::vector<std::size_t>& choice) {
  Facts facts;
  for (std::size_t at = 0; at < choice.size(); ++at) {
    if (choice[at] == 0) continue;
    const auto raw = ParseFactValue(kAsked[at].fact, kAsked[at].values[choice[at] - 1], reference::EmbeddedReference());
    facts.SetRaw(kAsked[at].fact, raw.value());
  }
  return facts;
}

bool Next(std::vector<std::size_t>& choice) {
  for (std::size_t at = 0; at < choice.size(); ++at) {
    if (++choice[at] <= kAsked[at].values.size()) return true;
    choice[at] = 0;
  }
  return false;
}

TEST(ConditionProperty, IsReadAsWrittenAndADefiniteAnswerHoldsForEveryCompletion) {
  const auto seed = static_cast<std::uint32_t>(20250310 + testing::UnitTest::GetInstance()->random_seed());
  std::cout << "seed " << seed << "\n";
  RandomTrees trees(seed);
  int definite = 0;
  int unknown = 0;
  for (int round = 0; round < 60; ++round) {
    const Tree tree = trees.Make(4);
    const std::string text = tree.Write();
    SCOPED_TRACE(text);
    const auto compiled = Expression::Compile(text, TestScope());
    ASSERT_TRUE(compiled.ok()) << compiled.status();
    std::vector<std::size_t> choice(kAsked.size(), 0);
    do {
      const Facts facts = FactsOf(choice);
      FactSet used;
      const Verdict verdict = compiled->Evaluate(facts, kEventDay, used, OnTerm);
      const Truth read = tree.Read([&](const std::string& test) { return Evaluate(test, facts).verdict.truth; });
      ASSERT_EQ(Name(verdict.truth), Name(read));
      ASSERT_EQ(used - facts.known(), FactSet());
      ASSERT_EQ(verdict.missing - (compiled->facts() - facts.known()), FactSet());
      ASSERT_EQ(verdict.missing.empty(), verdict.truth != Truth::kUnknown);
      (verdict.truth == Truth::kUnknown ? unknown : definite)++;
      if (verdict.truth == Truth::kUnknown) continue;
      // One more fact known changes nothing; so, step by step, no completion does.
      for (std::size_t at = 0; at < choice.size(); ++at) {
        if (choice[at] != 0) continue;
        std::vector<std::size_t> more = choice;
        for (more[at] = 1; more[at] <= kAsked[at].values.size(); ++more[at]) {
          FactSet ignored;
          ASSERT_EQ(Name(compiled->Evaluate(FactsOf(more), kEventDay, ignored, OnTerm).truth), Name(verdict.truth));
        }
      }
    } while (Next(choice));
  }
  std::cout << definite << " definite answers, " << unknown << " unknown ones\n";
  EXPECT_GT(definite, 100);
  EXPECT_GT(unknown, 100);
}

}  // namespace
}  // namespace teilhabe::law
