#include "common/law/rules.h"

#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/day.h"
#include "common/base/reason.h"
#include "common/law/row_name_for_test.h"
#include "gtest/gtest.h"

namespace teilhabe::law {
namespace {

constexpr absl::CivilDay kFirstDay(2018, 1, 1);
constexpr char kHeader[] =
    "id,list,condition,outcome,valid_from,valid_to,force,citation,tests,text_yes,text_no,text_unknown\n";

absl::CivilDay Day(const std::string& text) { return ParseDay(text).value(); }

// A row with what matters in these tests; the rest is always right.
std::string Row(const std::string& id, const std::string& list, const std::string& condition,
                const std::string& from = "2018-01-01", const std::string& to = "",
                const std::string& citation = "§ 1 SGB IX") {
  return absl::StrCat(id, ",", list, ",", condition, ",out,", from, ",", to, ",must,", citation, ",T,yes,no,unknown\n");
}

const Parameters& TestParameters() {
  static const auto* const parameters =
      new Parameters(Parameters::Load("parameter,unit,value,region,valid_from,valid_to,source\n"
                                      "wait,months,180,DE,2018-01-01,2022-06-30,s\nwait,months,60,DE,2022-07-01,,s\n"
                                      "ends,months,12,DE,2018-01-01,2019-12-31,s\n"
                                      "gap,months,12,DE,2018-01-01,2018-12-31,s\ngap,months,,DE,2019-01-01,,s\n"
                                      "half,months,21.5,DE,,,s\n")
                         .value());
  return *parameters;
}

absl::StatusOr<RuleBook> LoadRows(const std::string& rows) {
  return RuleBook::Load(kHeader + rows, kFirstDay, TestParameters());
}

// Ids of a list's rows on a day, in order.
std::string Ids(const RuleBook& book, const std::string& list, const std::string& day) {
  std::vector<std::string> ids;
  for (const std::uint16_t at : book.At(Day(day)).List(list)) ids.push_back(book.rules()[at].id);
  return absl::StrJoin(ids, " ");
}

Facts MakeFacts(const std::vector<std::pair<std::string, std::string>>& texts) {
  Facts facts;
  for (const auto& [name, value] : texts) {
    EXPECT_TRUE(SetFact(facts, name, value, reference::EmbeddedReference()).ok()) << name;
  }
  return facts;
}

// --- Periods ---------------------------------------------------------------------------------------------------------

TEST(RuleBook, RowsHoldFromTheirFirstToTheirLastDay) {
  const auto book =
      LoadRows(Row("a", "L", "always", "2018-01-01", "2019-12-31") +
               Row("b", "L", "always", "2020-01-01", "2021-06-30") + Row("c", "L", "always", "2021-07-01") +
               Row("d", "L", "always", "", "2020-01-01") + Row("e", "M", "always", "", "") +
               Row("f", "M", "always", "2024-05-05") + Row("g", "M", "always", "2010-01-01", "2010-12-31"));
  ASSERT_TRUE(book.ok()) << book.status();
  EXPECT_EQ(Ids(*book, "L", "2018-01-01"), "a d");
  EXPECT_EQ(Ids(*book, "L", "2019-12-31"), "a d");
  EXPECT_EQ(Ids(*book, "L", "2020-01-01"), "b d");
  EXPECT_EQ(Ids(*book, "L", "2020-01-02"), "b");
  EXPECT_EQ(Ids(*book, "L", "2021-06-30"), "b");
  EXPECT_EQ(Ids(*book, "L", "2021-07-01"), "c");
  EXPECT_EQ(Ids(*book, "L", "2099-12-31"), "c");
  EXPECT_EQ(Ids(*book, "M", "2018-01-01"), "e");
  EXPECT_EQ(Ids(*book, "M", "2024-05-04"), "e");
  EXPECT_EQ(Ids(*book, "M", "2024-05-05"), "e f");
  EXPECT_EQ(Ids(*book, "M", "2099-12-31"), "e f");
  EXPECT_EQ(Ids(*book, "N", "2020-01-01"), "");
  std::vector<std::string> starts;
  for (const auto& period : book->periods()) starts.push_back(FormatDay(RuleBook::FirstDayOf(period)));
  EXPECT_EQ(starts, std::vector<std::string>({"2018-01-01", "2020-01-01", "2020-01-02", "2021-07-01", "2024-05-05"}))
      << "nothing before the first day";
  EXPECT_EQ(book->first_day(), kFirstDay);
}

TEST(RuleBook, OrderOfRowsIsOrderOfPrecedence) {
  const auto book = LoadRows(Row("z", "L", "always") + Row("m", "M", "always") + Row("a", "L", "always"));
  ASSERT_TRUE(book.ok()) << book.status();
  EXPECT_EQ(Ids(*book, "L", "2020-01-01"), "z a");
}

TEST(RuleBook, ARowMayBeOfSeveralLists) {
  const auto book = LoadRows(Row("a", "L M/x", "always") + Row("b", "M/x", "always") + Row("c", " L  N ", "always"));
  ASSERT_TRUE(book.ok()) << book.status();
  EXPECT_EQ(Ids(*book, "L", "2020-01-01"), "a c");
  EXPECT_EQ(Ids(*book, "M/x", "2020-01-01"), "a b");
  EXPECT_EQ(Ids(*book, "N", "2020-01-01"), "c");
  EXPECT_EQ(Ids(*book, "L M/x", "2020-01-01"), "");
}

TEST(RuleBook, ALaterRowMayReuseAnId) {
  const auto book = LoadRows(Row("a", "L", "always", "", "2019-12-31") + Row("a", "M", "always", "2020-01-01"));
  ASSERT_TRUE(book.ok()) << book.status();
  EXPECT_EQ(Ids(*book, "L", "2019-12-31") + "|" + Ids(*book, "M", "2019-12-31"), "a|");
  EXPECT_EQ(Ids(*book, "L", "2020-01-01") + "|" + Ids(*book, "M", "2020-01-01"), "|a");
}

TEST(RuleBook, AParameterHasItsFigureOfEachPeriod) {
  const auto book = LoadRows(Row("a", "L", "insured_months >= $wait"));
  ASSERT_TRUE(book.ok()) << book.status();
  const auto holds = [&book](const std::string& day, const std::string& months) {
    Trace trace;
    const RuleBook::Period& period = book->At(Day(day));
    return book->Evaluate(period, period.List("L")[0], MakeFacts({{"insured_months", months}}), Day(day), trace).truth;
  };
  EXPECT_EQ(holds("2022-06-30", "179"), Truth::kNo);
  EXPECT_EQ(holds("2022-06-30", "180"), Truth::kYes);
  EXPECT_EQ(holds("2022-07-01", "59"), Truth::kNo);
  EXPECT_EQ(holds("2022-07-01", "60"), Truth::kYes);
}

TEST(RuleBook, AParameterThatEndsIsNeverUsedBeyondItsEnd) {
  // Only a row that ends with it may use it.
  EXPECT_TRUE(LoadRows(Row("a", "L", "insured_months >= $ends", "2018-01-01", "2019-12-31")).ok());
  const absl::Status status = LoadRows(Row("a", "L", "insured_months >= $ends")).status();
  EXPECT_EQ(GetReason(status), "RULES_INVALID") << status;
  EXPECT_TRUE(absl::StrContains(status.message(), "no figure of ends (DE) holds on 2020-01-01")) << status;
}

// --- Evaluation ------------------------------------------------------------------------------------------------------

TEST(RuleBook, TermsSpeakBeforeTheRowThatNamesThemAndOnce) {
  const auto book =
      LoadRows(Row("pension", "term", "em_pension") + Row("survivor", "term", "survivor_pension") +
               Row("both", "term", "pension or survivor") + Row("row", "L", "both and pension and not rv_personal"));
  ASSERT_TRUE(book.ok()) << book.status();
  EXPECT_EQ(Ids(*book, "L", "2020-01-01"), "row");
  EXPECT_EQ(Ids(*book, "term", "2020-01-01"), "") << "terms are no list";
  Trace trace;
  const RuleBook::Period& period = book->At(kFirstDay);
  const Verdict verdict =
      book->Evaluate(period, period.List("L")[0], MakeFacts({{"em_pension", "yes"}}), kFirstDay, trace);
  EXPECT_EQ(verdict.truth, Truth::kUnknown);
  EXPECT_EQ(verdict.missing, FactSet({FactId::kRvPersonal}));
  EXPECT_EQ(trace.used, FactSet({FactId::kEmPension}));
  std::vector<std::string> spoken;
  for (const RuleVerdict& said : trace.verdicts()) {
    spoken.push_back(absl::StrCat(book->rules()[said.rule].id, ":", book->rules()[said.rule].Text(said.truth)));
  }
  EXPECT_EQ(spoken, std::vector<std::string>({"pension:yes", "both:yes", "row:unknown"}));
  EXPECT_EQ(RuleBook::FactsOf(period, period.List("L")[0]), FactSet({FactId::kRvPersonal})) << "of the row itself";
}

TEST(RuleBook, ATermHasTheMeaningOfThePeriod) {
  const auto book = LoadRows(Row("t", "term", "em_pension", "", "2019-12-31") +
                             Row("t", "term", "survivor_pension", "2020-01-01") + Row("row", "L", "t"));
  ASSERT_TRUE(book.ok()) << book.status();
  const auto missing = [&book](const std::string& day) {
    Trace trace;
    const RuleBook::Period& period = book->At(Day(day));
    return book->Evaluate(period, period.List("L")[0], Facts(), Day(day), trace).missing;
  };
  EXPECT_EQ(missing("2019-12-31"), FactSet({FactId::kEmPension}));
  EXPECT_EQ(missing("2020-01-01"), FactSet({FactId::kSurvivorPension}));
}

TEST(RuleBook, AgeIsThatOfTheEventDayAndNotOfTheLawDay) {
  const auto book = LoadRows(Row("row", "L", "age < 18"));
  ASSERT_TRUE(book.ok()) << book.status();
  const RuleBook::Period& period = book->At(Day("2030-01-01"));
  Trace trace;
  EXPECT_EQ(book->Evaluate(period, 0, MakeFacts({{"birth_date", "2007-03-11"}}), Day("2025-03-10"), trace).truth,
            Truth::kYes);
}

TEST(Trace, KeepsTheFirstVerdictOfARule) {
  Trace trace;
  trace.Add(3, Truth::kYes);
  trace.Add(3, Truth::kNo);
  ASSERT_EQ(trace.verdicts().size(), 1u);
  EXPECT_EQ(trace.verdicts()[0].truth, Truth::kYes);
}

TEST(Trace, TakesNoMoreThanItsBound) {
  Trace trace;
  for (std::uint16_t rule = 0; rule < 2 * Trace::kMax; ++rule) trace.Add(rule, Truth::kYes);
  EXPECT_EQ(trace.verdicts().size(), Trace::kMax);
}

TEST(Trace, DropsTheLastVerdictOnly) {
  Trace trace;
  trace.Add(7, Truth::kNo);
  trace.Add(8, Truth::kYes);
  trace.DropLast();
  ASSERT_EQ(trace.verdicts().size(), 1u);
  EXPECT_EQ(trace.verdicts()[0].rule, 7);
  trace.Add(8, Truth::kUnknown);
  EXPECT_EQ(trace.verdicts()[1].truth, Truth::kUnknown) << "it may speak again";
}

// --- Cells -----------------------------------------------------------------------------------------------------------

TEST(RuleBook, KeepsTheCellsOfARow) {
  const auto book =
      RuleBook::Load(absl::StrCat(kHeader, "a,L,always,X:y,2018-01-01,2020-01-01,kann,§ 60 SGB IX,C_05 A4,J,N,U\n",
                                  "b,L,always,,,,soll,§ 1 SGB VI,,J,,\n"),
                     kFirstDay, TestParameters());
  ASSERT_TRUE(book.ok()) << book.status();
  const Rule& rule = book->rules()[0];
  EXPECT_EQ(rule.id, "a");
  EXPECT_EQ(rule.list, "L");
  EXPECT_EQ(rule.condition, "always");
  EXPECT_EQ(rule.outcome, "X:y");
  EXPECT_EQ(rule.valid.from, Day("2018-01-01"));
  EXPECT_EQ(rule.valid.to, Day("2020-01-01"));
  EXPECT_EQ(rule.force, Force::kKann);
  EXPECT_EQ(rule.citation, "§ 60 SGB IX");
  EXPECT_EQ(rule.tests, "C_05 A4");
  EXPECT_EQ(rule.Text(Truth::kYes) + rule.Text(Truth::kNo) + rule.Text(Truth::kUnknown), "JNU");
  EXPECT_EQ(book->rules()[1].force, Force::kSoll);
  EXPECT_FALSE(book->rules()[1].valid.from.has_value());
}

struct Checked {
  std::string citation;
  std::string until;  // Empty: no act of the citation is in the table.
};
class CheckedUntil : public testing::TestWithParam<Checked> {};
TEST_P(CheckedUntil, IsTheEarliestDayOfTheActsCited) {
  const auto book = LoadRows(Row("a", "L", "always", "", "", GetParam().citation));
  ASSERT_TRUE(book.ok()) << book.status();
  const auto& until = book->rules()[0].checked_until;
  EXPECT_EQ(until ? FormatDay(*until) : "", GetParam().until);
}
INSTANTIATE_TEST_SUITE_P(
    Citations, CheckedUntil,
    testing::Values(Checked{"§ 63 Abs. 2 SGB IX", "2026-07-29"}, Checked{"§ 11 SGB VI", "2026-04-29"},
                    Checked{"§ 63 SGB IX; §§ 10 bis 12 SGB VI", "2026-04-29"},
                    Checked{"§§ 10 bis 12 SGB VI; § 63 SGB IX", "2026-04-29"}, Checked{"§ 35a SGB VIII", "2026-04-29"},
                    Checked{"§ 2 Abs. 2 VKVV", "2022-03-31"}, Checked{"§ 98 SGB XII und § 2 VKVV", "2022-03-31"},
                    // An act whose name begins like that of another.
                    Checked{"§ 37 SGB X", ""}, Checked{"§ 1 SGB VIa", ""}, Checked{"Bezirke der Bundesagentur", ""}),
    [](const auto& tested) { return RowName(tested.index, tested.param.citation); });

struct Broken {
  std::string name;
  std::string rows;
  std::string field;
  std::string message;
};
class BrokenRules : public testing::TestWithParam<Broken> {};
TEST_P(BrokenRules, AreRejectedWithTheId) {
  const absl::Status status = LoadRows(GetParam().rows).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
  EXPECT_EQ(GetReason(status), "RULES_INVALID");
  EXPECT_EQ(GetField(status), GetParam().field);
  EXPECT_TRUE(absl::StrContains(status.message(), GetParam().message)) << status;
}
const std::vector<Broken> kBroken = {
    {"NoId", Row("", "L", "always"), "", "id, list and citation are needed"},
    {"NoList", Row("a", "", "always"), "a", "id, list and citation are needed"},
    {"NoCitation", Row("a", "L", "always", "", "", ""), "a", "id, list and citation are needed"},
    {"ForceUnknown", "a,L,always,,,,should,§ 1,,,,\n", "a", "force is must, soll or kann"},
    {"ForceEmpty", "a,L,always,,,,,§ 1,,,,\n", "a", "force is must, soll or kann"},
    {"DayInvalid", Row("a", "L", "always", "2018-02-30"), "a", "2018-02-30"},
    {"RangeReversed", Row("a", "L", "always", "2019-01-01", "2018-12-31"), "a", "lies before"},
    {"NoCondition", Row("a", "L", ""), "a", "unknown fact or term at ''"},
    {"ConditionBroken", Row("a", "L", "em_pension or"), "a", "in: em_pension or"},
    {"FactUnknown", Row("a", "L", "income"), "a", "unknown fact or term at 'income'"},
    {"TermUnknown", Row("a", "L", "t"), "a", "unknown fact or term at 't'"},
    {"TermAfterItsUse", Row("a", "L", "t") + Row("t", "term", "always"), "a", "unknown fact or term at 't'"},
    {"TermOfItself", Row("t", "term", "t"), "t", "unknown fact or term at 't'"},
    {"TermNamedAsAFact", Row("cause", "term", "always"), "cause", "a term has the name of a fact"},
    {"TermEndsBeforeItsUse", Row("t", "term", "always", "", "2019-12-31") + Row("a", "L", "t"), "a",
     "unknown fact or term at 't'"},
    {"RowIsNoTerm", Row("a", "L", "always") + Row("b", "L", "a"), "b", "unknown fact or term at 'a'"},
    {"ParameterUnknown", Row("a", "L", "insured_months >= $no_such"), "a", "no figure of no_such (DE)"},
    {"ParameterNotKnownYet", Row("a", "L", "insured_months >= $gap"), "a", "no figure of gap (DE) holds on 2019-01-01"},
    {"ParameterNotWhole", Row("a", "L", "insured_months >= $half"), "a", "parameter half is no whole number"},
    {"TwiceOnOneDay", Row("a", "L", "always", "", "2020-01-01") + Row("a", "L", "always", "2020-01-01"), "a",
     "two rows hold on the same day"},
    {"TwiceInTwoLists", Row("a", "L", "always") + Row("a", "M", "always"), "a", "two rows hold on the same day"},
};
INSTANTIATE_TEST_SUITE_P(Errors, BrokenRules, testing::ValuesIn(kBroken),
                         [](const auto& tested) { return tested.param.name; });

TEST(BrokenRules, OfNoTableAreErrorsOfTheTable) {
  EXPECT_EQ(GetReason(RuleBook::Load("", kFirstDay, TestParameters()).status()), "CSV_EMPTY");
  EXPECT_EQ(GetReason(RuleBook::Load("id,list\n", kFirstDay, TestParameters()).status()), "CSV_COLUMN_MISSING");
  EXPECT_EQ(GetReason(LoadRows("a,L\n").status()), "CSV_MALFORMED");
}

// --- The switch of mutation runs -------------------------------------------------------------------------------------

// Switches a rule off while it lives.
class RuleOff {
 public:
  explicit RuleOff(const char* id) {
    if (const char* before = std::getenv("TEILHABE_RULE_OFF")) before_ = before;
    setenv("TEILHABE_RULE_OFF", id, 1);
  }
  RuleOff(const RuleOff&) = delete;
  RuleOff& operator=(const RuleOff&) = delete;
  ~RuleOff() {
    if (before_) {
      setenv("TEILHABE_RULE_OFF", before_->c_str(), 1);
    } else {
      unsetenv("TEILHABE_RULE_OFF");
    }
  }

 private:
  std::optional<std::string> before_;
};

const std::string kSwitchable =  // NOLINT: a text of the tests
    Row("t", "term", "always") + Row("a", "L", "not t") + Row("b", "L", "t") +
    Row("a", "M", "always", "2017-01-01", "2017-12-31");

std::string Off(const char* id) {
  const RuleOff off(id);
  const auto book = LoadRows(kSwitchable);
  if (!book.ok()) return book.status().ToString();
  std::string said = book->complete() ? "complete:" : "left out:";
  const RuleBook::Period& period = book->At(kFirstDay);
  for (const std::uint16_t row : period.List("L")) {
    Trace trace;
    const Truth truth = book->Evaluate(period, row, Facts(), kFirstDay, trace).truth;
    absl::StrAppend(&said, " ", book->rules()[row].id, truth == Truth::kYes ? "+" : "-");
  }
  return said;
}

#ifdef TEILHABE_RULE_SWITCH
TEST(RuleSwitch, LeavesARowOutAndMakesATermNo) {
  EXPECT_EQ(Off("nobody"), "complete: a- b+");
  EXPECT_EQ(Off(""), "complete: a- b+");
  EXPECT_EQ(Off("a"), "left out: b+");
  EXPECT_EQ(Off("b"), "left out: a-");
  EXPECT_EQ(Off("t"), "left out: a+ b-");
}
#else
TEST(RuleSwitch, DoesNothingOutsideTestBuilds) {
  for (const char* id : {"nobody", "", "a", "b", "t"}) EXPECT_EQ(Off(id), "complete: a- b+");
}
#endif

}  // namespace
}  // namespace teilhabe::law
