// Every combination of the facts that a list's rows name, each unknown or on either side of what the rows ask, on both
// sides of each change of law: what is certain, what is possible and what is missing, against the union of the answers
// to all completions. Facts are completed independently of each other.
#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/day.h"
#include "gtest/gtest.h"
#include "services/carriers/domain/competence.h"
#include "services/carriers/domain/question_for_test.h"

namespace teilhabe::carriers {
namespace {

using law::FactId;
using law::FactSet;

// A fact and the values that stand for all others.
struct Dimension {
  FactId fact;
  std::vector<std::string> values;
};

const std::vector<std::string> kYesNo = {"yes", "no"};
const Dimension kCause = {
    FactId::kCause, {"none", "work_accident", "recognised_damage", "service_damage", "work_accident+service_damage"}};
const Dimension kApplicationDay = {FactId::kApplicationDay, {"2023-12-31", "2024-01-01"}};

const std::vector<Dimension> kListI = {
    kCause,
    kApplicationDay,
    {FactId::kRvPersonal, kYesNo},
    {FactId::kInsuredMonths, {"179", "180"}},
    {FactId::kEmPension, kYesNo},
    {FactId::kEmPensionImminent, kYesNo},
    {FactId::kLabourMarketPrognosis, kYesNo},
    {FactId::kSurvivorPension, kYesNo},
    {FactId::kRvExclusion, {"none", "old_age_pension", "public_service_provision", "benefit_until_old_age", "custody"}},
};

// Birth dates by the day asked about: aged 17 for one day more, 18 from today, 26 for one day more, 27 from today.
std::vector<Dimension> ListII(absl::CivilDay day) {
  const auto born = [day](int years, int days) {
    return FormatDay(absl::CivilDay(day.year() - years, day.month(), day.day()) + days);
  };
  return {kCause,
          kApplicationDay,
          {FactId::kDisability, {"none", "intellectual", "physical", "psychological", "psychological+intellectual"}},
          {FactId::kBirthDate, {born(18, 1), born(18, 0), born(27, 1), born(27, 0)}},
          {FactId::kYoungAdultHelp, kYesNo}};
}

// What an answer says of the kind, as one bit: a kind, or a branch that is open.
using Kinds = std::uint32_t;
constexpr Kinds kKindBits = (1U << kCarrierKindCount) - 1;

// Facts of which the answer says that they are missing, as bits of FactId.
using Bits = std::uint32_t;
Bits BitsOf(FactSet facts) {
  Bits bits = 0;
  facts.ForEach([&bits](FactId fact) { bits |= 1U << static_cast<unsigned>(fact); });
  return bits;
}

struct Counts {
  std::size_t questions = 0, certain = 0, open = 0, doubtful = 0, complete = 0;
};

// All combinations on one day for one stage.
class Enumeration {
 public:
  Enumeration(Stage stage, absl::CivilDay day, std::vector<Dimension> dimensions)
      : stage_(stage), day_(day), dimensions_(std::move(dimensions)) {
    for (const Dimension& dimension : dimensions_) {
      steps_.push_back(size_);
      size_ *= dimension.values.size() + 1;
      list_facts_.Add(dimension.fact);
      std::vector<std::int64_t> raws;
      for (const std::string& value : dimension.values) {
        raws.push_back(law::ParseFactValue(dimension.fact, value, reference::EmbeddedReference()).value());
      }
      raws_.push_back(std::move(raws));
    }
    base_ = FactsFrom("first_application=this sgb12_place=this drv_account=drv-bund");
    insurer_ = FactsFrom("accident_insurer=bgw").Raw(FactId::kAccidentInsurer);
  }

  // Fails at most a few times, so that a broken rule does not drown the log.
  void Check(Counts& counts) {
    Answer();
    Complete();
    for (std::size_t at = 0; at < size_ && failures_ < 3; ++at) CheckOne(at, counts);
  }

 private:
  static constexpr std::uint16_t kNoBranch = 0xffff;
  // What is kept of an answer.
  struct Kept {
    std::uint16_t possible = 0;
    std::uint16_t branch = kNoBranch;  // Index of the row that is open.
    Bits missing = 0;
    bool facts_missing = false, certain = false, one_row_decided = false;
  };

  std::size_t Choice(std::size_t at, std::size_t dimension) const {
    return at / steps_[dimension] % (dimensions_[dimension].values.size() + 1);
  }

  law::Facts FactsAt(std::size_t at) const {
    law::Facts facts = base_;
    for (std::size_t dimension = 0; dimension < dimensions_.size(); ++dimension) {
      const std::size_t choice = Choice(at, dimension);
      if (choice > 0) facts.SetRaw(dimensions_[dimension].fact, raws_[dimension][choice - 1]);
    }
    // Named where it is no contradiction, so that with all facts given the agency is known too.
    if (facts.Has(FactId::kCause) && (facts.Raw(FactId::kCause) & 2) != 0) {
      facts.SetRaw(FactId::kAccidentInsurer, insurer_);
    }
    return facts;
  }

  // The values that an unknown fact may have. An application of 2024 for an earlier service has to be stated: such a
  // case is unusual, so an unknown day of application does not unsettle the Kriegsopferfürsorge.
  std::size_t Completions(std::size_t dimension) const {
    if (dimensions_[dimension].fact == FactId::kApplicationDay && day_ < absl::CivilDay(2024, 1, 1)) return 1;
    return dimensions_[dimension].values.size();
  }

  void Answer() {
    const CompetenceRules& rules = CompetenceRules::Embedded();
    const std::string_view list = stage_ == kAb ? "II" : "I";
    const auto rows = rules.book().At(day_).List(list);
    kept_.resize(size_);
    Question question;
    question.municipality = "05315000";
    question.stage = stage_;
    question.event_day = day_;
    for (std::size_t at = 0; at < size_; ++at) {
      question.facts = FactsAt(at);
      const auto answer = rules.Determine(question);
      ASSERT_TRUE(answer.ok()) << answer.status();
      Kept& kept = kept_[at];
      for (std::size_t kind = 0; kind < kCarrierKindCount; ++kind) {
        if (answer->possible[kind]) kept.possible |= static_cast<std::uint16_t>(1U << kind);
      }
      if (answer->open_rules[0] >= 0) kept.branch = static_cast<std::uint16_t>(answer->open_rules[0]);
      kept.missing = BitsOf(answer->missing);
      kept.facts_missing = answer->open[static_cast<std::size_t>(OpenReason::kFactsMissing)];
      kept.certain = answer->kind != CarrierKind::kNone || answer->outcome == Outcome::kNobody;
      std::size_t yes = 0;
      std::size_t unknown = 0;
      for (const law::RuleVerdict& verdict : answer->trace.verdicts()) {
        if (std::find(rows.begin(), rows.end(), verdict.rule) == rows.end()) continue;
        yes += verdict.truth == law::Truth::kYes ? 1 : 0;
        unknown += verdict.truth == law::Truth::kUnknown ? 1 : 0;
      }
      kept.one_row_decided = yes == 1 && unknown == 0;
    }
  }

  // For each combination: the kinds of all completions, and the facts that decide in one of them. A combination with a
  // fact unknown comes before those that complete it, so the walk goes backwards.
  void Complete() {
    kinds_.assign(size_, 0);
    decisive_.assign(size_, 0);
    for (std::size_t at = size_; at-- > 0;) {
      std::size_t unknown = 0;
      std::size_t last = 0;
      for (std::size_t dimension = 0; dimension < dimensions_.size(); ++dimension) {
        if (Choice(at, dimension) > 0) continue;
        ++unknown;
        last = dimension;
        for (std::size_t value = 1; value <= Completions(dimension); ++value) {
          // What decides in a completion decides here too, whichever fact was completed first.
          kinds_[at] |= kinds_[at + value * steps_[dimension]];
          decisive_[at] |= decisive_[at + value * steps_[dimension]];
        }
      }
      if (unknown == 0) kinds_[at] = Full(kept_[at]);
      if (unknown == 1 && std::popcount(kinds_[at]) > 1) {
        decisive_[at] |= 1U << static_cast<unsigned>(dimensions_[last].fact);
      }
    }
  }

  // The bit of a complete combination: its kind, or its branch above all kinds.
  static Kinds Full(const Kept& kept) {
    static auto* const branches = new std::map<std::uint16_t, unsigned>();
    if (kept.branch == kNoBranch) return kept.possible;
    const auto known = branches->emplace(kept.branch, kCarrierKindCount + branches->size()).first;
    return 1U << known->second;
  }

  std::string Describe(std::size_t at) const {
    std::string text = FormatDay(day_);
    for (std::size_t dimension = 0; dimension < dimensions_.size(); ++dimension) {
      const std::size_t choice = Choice(at, dimension);
      if (choice == 0) continue;
      absl::StrAppend(&text, " ", law::Info(dimensions_[dimension].fact).name, "=",
                      dimensions_[dimension].values[choice - 1]);
    }
    return text;
  }

  void CheckOne(std::size_t at, Counts& counts) {
    const Kept& kept = kept_[at];
    const Kinds all = kinds_[at];
    const Bits missing = kept.missing & BitsOf(list_facts_);
    const bool complete = (FactsAt(at).known() | FactSet{FactId::kAccidentInsurer}) == CompleteFacts();
    ++counts.questions;
    counts.complete += complete ? 1 : 0;
    counts.certain += kept.certain ? 1 : 0;
    counts.open += kept.branch != kNoBranch ? 1 : 0;
    counts.doubtful += kept.facts_missing ? 1 : 0;
    bool good = kept.possible == (all & kKindBits);  // Neither a kind too many nor one too few.
    // A kind is certain exactly where every completion gives it, and an open branch where every one ends there.
    good = good && kept.certain == (std::popcount(all) == 1 && (all & kKindBits) != 0);
    good = good && (kept.branch != kNoBranch) == (std::popcount(all) == 1 && (all & kKindBits) == 0);
    // Missing are the facts that decide in some completion, and none where nothing is in doubt.
    good = good && kept.facts_missing == (std::popcount(all) > 1) && missing == decisive_[at];
    good = good && (!kept.facts_missing || kept.missing != 0);
    if (complete) good = good && !kept.facts_missing && kept.one_row_decided;
    if (good) return;
    ++failures_;
    ADD_FAILURE() << Describe(at) << ": possible " << kept.possible << ", of all completions " << all << "; missing "
                  << missing << ", decisive " << decisive_[at] << "; certain " << kept.certain << ", branch "
                  << kept.branch << ", facts missing " << kept.facts_missing << ", one row decided "
                  << kept.one_row_decided;
  }

  FactSet CompleteFacts() const { return list_facts_ | base_.known() | FactSet{FactId::kAccidentInsurer}; }

  Stage stage_;
  absl::CivilDay day_;
  std::vector<Dimension> dimensions_;
  std::vector<std::size_t> steps_;  // A combination is a number: the choices times these, summed up.
  std::size_t size_ = 1;
  FactSet list_facts_;
  std::vector<std::vector<std::int64_t>> raws_;
  law::Facts base_;
  std::int64_t insurer_ = 0;
  std::vector<Kept> kept_;
  std::vector<Kinds> kinds_;
  std::vector<Bits> decisive_;
  int failures_ = 0;
};

// Both sides of each change of law.
std::vector<absl::CivilDay> Days() {
  std::vector<absl::CivilDay> days;
  for (const auto& period : CompetenceRules::Embedded().book().periods()) {
    const absl::CivilDay from = law::RuleBook::FirstDayOf(period);
    if (from > CompetenceRules::kFirstDay) days.push_back(from - 1);
    days.push_back(from);
  }
  return days;
}

void Print(const Counts& counts, std::size_t days) {
  std::cout << counts.questions << " questions on " << days << " days: " << counts.certain << " certain kinds, "
            << counts.open << " open branches, " << counts.doubtful << " in doubt; " << counts.complete
            << " with all facts\n";
  EXPECT_GT(counts.certain, 0u);
  EXPECT_GT(counts.open, 0u);
  EXPECT_GT(counts.doubtful, 0u);
  EXPECT_GT(counts.complete, 0u);
}

TEST(Enumeration, C_05_A1_A5_ListIIsExactForEveryCombination) {
  Counts counts;
  std::size_t turn = 0;
  for (const absl::CivilDay day : Days()) {
    Enumeration(turn++ % 2 == 0 ? kEv : kBbb, day, kListI).Check(counts);
  }
  Print(counts, Days().size());
}

TEST(Enumeration, C_05_B1_B5_ListIIIsExactForEveryCombination) {
  Counts counts;
  for (const absl::CivilDay day : Days()) Enumeration(kAb, day, ListII(day)).Check(counts);
  Print(counts, Days().size());
}

TEST(Enumeration, C_05_DaysAreBothSidesOfEachChange) {
  std::string days;
  for (const absl::CivilDay day : Days()) absl::StrAppend(&days, FormatDay(day), " ");
  EXPECT_EQ(days,
            "2018-01-01 2019-12-31 2020-01-01 2021-06-30 2021-07-01 2023-12-31 2024-01-01 2024-12-31 2025-01-01 ");
}

}  // namespace
}  // namespace teilhabe::carriers
