// Many questions against what must hold of all of them: an unknown fact is missing exactly where two ways to complete
// the facts differ in nothing else and have different outcomes; kind and intensity of need never refuse.
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "services/eligibility/domain/question_for_test.h"

namespace teilhabe::eligibility {
namespace {

using law::FactId;
using law::FactSet;

// The same numbers for the same seed, on every machine (xorshift64*).
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15U) {}
  std::size_t operator()() {
    state_ ^= state_ >> 12;
    state_ ^= state_ << 25;
    state_ ^= state_ >> 27;
    return (state_ * 0x2545F4914F6CDD1DU) >> 33;
  }

 private:
  std::uint64_t state_;
};

const AdmissionRules& Rules() { return AdmissionRules::Embedded(); }

// The facts that are this service's own, without those that only name another Träger.
std::vector<FactId> OwnFacts() {
  std::vector<FactId> facts;
  (law::FactsUsedBy(law::FactUser::kEligibility) - law::FactsUsedBy(law::FactUser::kCarriers))
      .ForEach([&facts](FactId fact) { facts.push_back(fact); });
  return facts;
}

// Values that stand for all others.
std::vector<std::int64_t> ValuesOf(FactId fact) {
  switch (law::Info(fact).type) {
    case law::FactType::kYesNo:
      return {0, 1};
    case law::FactType::kChoiceSet: {
      std::vector<std::int64_t> values;
      for (std::size_t at = 0; at < law::Info(fact).values.size(); ++at) values.push_back(std::int64_t{1} << at);
      return values;
    }
    default:
      return {2, 3, 12, 13, 25};
  }
}

struct Layer {
  const char* policy;
  reference::Land land;
};
constexpr Layer kLayers[] = {{"", reference::Land::kBayern},
                             {"nw-n", reference::Land::kNordrheinWestfalen},
                             {"th-t", reference::Land::kThueringen}};
const absl::CivilDay kDays[] = {absl::CivilDay(2018, 5, 31), absl::CivilDay(2019, 6, 1), absl::CivilDay(2020, 6, 1),
                                absl::CivilDay(2025, 3, 10)};

Question Frame(Stage stage, ProviderType provider, const Layer& layer, absl::CivilDay day) {
  Question question = Ask(stage, provider);
  question.land = layer.land;
  if (*layer.policy != '\0') question.policies = {layer.policy};
  question.event_day = day;
  question.decision_day = day;
  return question;
}

template <typename Visit>
void ForEachFrame(Visit visit) {
  for (const Stage stage : {kEv, kBbb, kAb}) {
    for (const ProviderType provider : {kWfbm, kAla}) {
      for (const Layer& layer : kLayers) {
        for (const absl::CivilDay day : kDays) visit(Frame(stage, provider, layer, day));
      }
    }
  }
}

// Facts by chance, mostly good ones, so that single faults show.
void FillByChance(Question& question, Chance& chance) {
  for (const FactId fact : OwnFacts()) {
    if (chance() % 4 != 0) continue;
    const auto values = ValuesOf(fact);
    question.facts.SetRaw(fact, values[chance() % values.size()]);
  }
  if (question.facts.Raw(FactId::kMindestmass) != 0) question.facts.SetRaw(FactId::kMindestmassLow, 1);
}

Outcome OutcomeOf(const Question& question) {
  const auto answer = Rules().Evaluate(question);
  EXPECT_TRUE(answer.ok()) << answer.status();
  return answer->outcome;
}

// All ways to complete the facts. Where the general standard holds and the low one does not, which contradicts, the low
// one counts for nothing.
void Complete(Question& question, const std::vector<FactId>& unknown, std::size_t from,
              std::map<std::vector<std::int64_t>, Outcome>& outcomes) {
  if (from == unknown.size()) {
    std::vector<std::int64_t> values;
    for (const FactId fact : unknown) values.push_back(question.facts.Raw(fact));
    Question sound = question;
    if (question.facts.Raw(FactId::kMindestmass) == 1) sound.facts.SetRaw(FactId::kMindestmassLow, 1);
    outcomes[values] = OutcomeOf(sound);
    return;
  }
  for (const std::int64_t value : ValuesOf(unknown[from])) {
    question.facts.SetRaw(unknown[from], value);
    Complete(question, unknown, from + 1, outcomes);
  }
}

// The facts on which alone two completions differ that have different outcomes.
FactSet Tipping(const std::vector<FactId>& unknown, const std::map<std::vector<std::int64_t>, Outcome>& outcomes) {
  FactSet tipping;
  for (std::size_t at = 0; at < unknown.size(); ++at) {
    std::map<std::vector<std::int64_t>, Outcome> seen;
    for (const auto& [values, outcome] : outcomes) {
      std::vector<std::int64_t> rest = values;
      rest[at] = 0;
      const auto [found, is_new] = seen.emplace(rest, outcome);
      if (!is_new && found->second != outcome) tipping.Add(unknown[at]);
    }
  }
  return tipping;
}

TEST(Enumeration, N_02_MissingAreTheFactsThatCanTipTheOutcome) {
  constexpr std::uint64_t kSeed = 11;
  Chance chance(kSeed);
  const std::vector<FactId> facts = OwnFacts();
  std::map<Outcome, int> seen;
  ForEachFrame([&](const Question& frame) {
    for (int round = 0; round < 12; ++round) {
      Question question = frame;
      FillByChance(question, chance);
      std::vector<FactId> unknown;
      for (int pick = 0; pick < 5; ++pick) {
        const FactId fact = facts[chance() % facts.size()];
        if (!question.facts.Has(fact)) continue;
        question.facts.Forget(fact);
        unknown.push_back(fact);
      }
      const auto answer = Rules().Evaluate(question);
      ASSERT_TRUE(answer.ok()) << answer.status();
      ++seen[answer->outcome];
      std::map<std::vector<std::int64_t>, Outcome> outcomes;
      Question complete = question;
      Complete(complete, unknown, 0, outcomes);
      std::set<Outcome> possible;
      for (const auto& [values, outcome] : outcomes) possible.insert(outcome);
      const Outcome want = possible.size() == 1 ? *possible.begin() : Outcome::kUndetermined;
      EXPECT_EQ(answer->outcome, want) << Summary(*answer) << "; unknown: " << Names(question.facts.known());
      const FactSet tipping = want == Outcome::kUndetermined ? Tipping(unknown, outcomes) : FactSet();
      EXPECT_EQ(Names(answer->missing), Names(tipping)) << Summary(*answer) << ", seed " << kSeed;
    }
  });
  EXPECT_GT(seen[Outcome::kMet], 10);
  EXPECT_GT(seen[Outcome::kNotMet], 50);
  EXPECT_GT(seen[Outcome::kUndetermined], 50);
}

// Kind and intensity of need are never a ground: with and without them the same is said, but for what N-08 gives.
TEST(Enumeration, N_06_IntensityOfNeedChangesNothingButTheBasismodul) {
  constexpr std::uint64_t kSeed = 12;
  Chance chance(kSeed);
  ForEachFrame([&](const Question& frame) {
    for (int round = 0; round < 30; ++round) {
      Question question = frame;
      FillByChance(question, chance);
      question.facts.SetRaw(FactId::kVeryHighNeed, 0);
      const std::string without = Answer(question);
      const bool basismodul = question.stage == kBbb && !question.policies.empty() && question.policies[0] == "nw-n" &&
                              question.facts.Raw(FactId::kTwoYearsMayNotFit) == 1 &&
                              question.facts.Raw(FactId::kBasismodul) == 0;
      for (const bool known : {true, false}) {
        question.facts.SetRaw(FactId::kVeryHighNeed, 1);
        if (!known) question.facts.Forget(FactId::kVeryHighNeed);
        if (basismodul) continue;
        EXPECT_EQ(Answer(question), without) << "seed " << kSeed;
      }
    }
  });
}

TEST(Enumeration, N_02_OneRowAloneKnowsOfIntensityAndItRefusesNobodyToWhomTheModuleIsOffered) {
  std::set<std::string> named;
  for (const auto& period : Rules().book().periods()) {
    for (std::size_t at = 0; at < Rules().book().rules().size(); ++at) {
      const FactSet facts = law::RuleBook::FactsOf(period, static_cast<std::uint16_t>(at));
      if (facts.Has(FactId::kVeryHighNeed)) named.insert(Rules().book().rules()[at].id);
      // Nor do the kinds of disability, but to say that another Träger's procedure has no Gesamtplan.
      EXPECT_TRUE(!facts.Has(FactId::kDisability) || Rules().book().rules()[at].id == "s21_other_traeger");
    }
  }
  EXPECT_EQ(named, std::set<std::string>({"n08_basismodul"}));
}

// The policy's low standard can only help (N-03), and so can Thüringen's training (T-23).
TEST(Enumeration, N_03_DiscretionNeverHarms) {
  constexpr std::uint64_t kSeed = 13;
  Chance chance(kSeed);
  ForEachFrame([&](const Question& frame) {
    for (int round = 0; round < 30; ++round) {
      Question question = frame;
      FillByChance(question, chance);
      for (const FactId fact : {FactId::kMindestmassLow, FactId::kLabourMarketTraining, FactId::kLabourMarketAbility}) {
        Question helped = question;
        helped.facts.SetRaw(fact, 1);
        Question unhelped = question;
        unhelped.facts.SetRaw(fact, 0);
        if (fact == FactId::kMindestmassLow && question.facts.Raw(FactId::kMindestmass) == 1) continue;
        EXPECT_TRUE(OutcomeOf(unhelped) != Outcome::kMet || OutcomeOf(helped) == Outcome::kMet);
      }
    }
  });
}

// The rules name no other fact than those that the table of facts says they use, and all of those.
TEST(Enumeration, N_17_FactsOfTheRulesAreThoseThatTheTableNames) {
  FactSet named;
  for (const auto& period : Rules().book().periods()) {
    for (std::size_t at = 0; at < Rules().book().rules().size(); ++at) {
      named = named | law::RuleBook::FactsOf(period, static_cast<std::uint16_t>(at));
    }
  }
  EXPECT_EQ(Names(named), Names(law::FactsUsedBy(law::FactUser::kEligibility)));
}

}  // namespace
}  // namespace teilhabe::eligibility
