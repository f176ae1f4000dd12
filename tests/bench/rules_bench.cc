// Evaluations of the competence rules per second, in this process, beside what the same questions cost without a rule
// table: the same data look-ups with the order of § 63 written out as ifs over plain values.
#include <benchmark/benchmark.h>

#include <cstdio>

#include "common/base/check.h"
#include "services/carriers/domain/question_for_test.h"

namespace teilhabe::carriers {
namespace {

using law::FactId;
using reference::Jurisdiction;

constexpr char kBielefeld[] = "05711000";

Question EghQuestion() {
  return Ask(kBielefeld, kAb, "2025-03-10", "cause=none disability=intellectual first_application=this");
}
Question EmptyQuestion() { return Ask(kBielefeld, kAb, "2025-03-10"); }
Question InsuredQuestion() {
  return Ask(
      kBielefeld, kBbb, "2025-03-10",
      "cause=none application_day=2025-01-02 birth_date=1980-05-31 rv_personal=yes insured_months=179 em_pension=no "
      "em_pension_imminent=yes labour_market_prognosis=no survivor_pension=yes rv_exclusion=none "
      "drv_account=drv-westfalen");
}

void Determine(benchmark::State& state, const Question& question, Outcome outcome) {
  const CompetenceRules& rules = CompetenceRules::Embedded();
  TEILHABE_CHECK(rules.Determine(question)->outcome == outcome);
  for (auto step : state) {
    (void)step;
    benchmark::DoNotOptimize(rules.Determine(question));
  }
  state.SetItemsProcessed(state.iterations());
}

// The checks of the input and the look-ups in the data that Determine does too: a floor.
void LookUp(benchmark::State& state, const Question& question, Jurisdiction jurisdiction) {
  const reference::Reference& reference = reference::EmbeddedReference();
  for (auto step : state) {
    (void)step;
    benchmark::DoNotOptimize(reference.CheckReach(reference::DataTable::kEghJurisdiction, question.event_day));
    const auto place = reference.FindPlace(question.municipality, question.event_day);
    benchmark::DoNotOptimize(law::CheckFacts(question.facts, question.event_day));
    benchmark::DoNotOptimize(reference.Resolve(jurisdiction, *place, question.event_day));
  }
  state.SetItemsProcessed(state.iterations());
}

// What is left of the law without dates, citations, findings, unknown facts: plain ifs for today's complete facts.
CarrierKind PlainOrder(const Question& question) {
  const law::Facts& facts = question.facts;
  const auto yes = [&facts](FactId fact) { return facts.Raw(fact) == 1; };
  const std::int64_t cause = facts.Raw(FactId::kCause);
  if (cause == 2) return CarrierKind::kAccidentInsurance;
  if (cause == 4) return CarrierKind::kSocialCompensation;
  if (cause == 8) return CarrierKind::kSoldiersCompensation;
  if (question.stage == Stage::kArbeitsbereich) {
    const std::int64_t disability = facts.Raw(FactId::kDisability);
    const int age = law::AgeOn(facts.Day(FactId::kBirthDate), question.event_day);
    if (disability == 8 && (age < 18 || (age < 27 && yes(FactId::kYoungAdultHelp)))) return CarrierKind::kYouthWelfare;
    return disability == 1 ? CarrierKind::kNone : CarrierKind::kEingliederungshilfe;
  }
  const bool route = facts.Raw(FactId::kInsuredMonths) >= 180 || yes(FactId::kEmPension) ||
                     (yes(FactId::kEmPensionImminent) && yes(FactId::kLabourMarketPrognosis)) ||
                     yes(FactId::kSurvivorPension);
  return yes(FactId::kRvPersonal) && route && facts.Raw(FactId::kRvExclusion) == 1 ? CarrierKind::kPensionInsurance
                                                                                   : CarrierKind::kEmploymentAgency;
}

void Plain(benchmark::State& state, const Question& question, Jurisdiction jurisdiction) {
  const reference::Reference& reference = reference::EmbeddedReference();
  for (auto step : state) {
    (void)step;
    benchmark::DoNotOptimize(reference.CheckReach(reference::DataTable::kEghJurisdiction, question.event_day));
    const auto place = reference.FindPlace(question.municipality, question.event_day);
    benchmark::DoNotOptimize(law::CheckFacts(question.facts, question.event_day));
    benchmark::DoNotOptimize(PlainOrder(question));
    benchmark::DoNotOptimize(reference.Resolve(jurisdiction, *place, question.event_day));
  }
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK_CAPTURE(LookUp, egh, EghQuestion(), Jurisdiction::kEgh);
BENCHMARK_CAPTURE(Plain, egh, EghQuestion(), Jurisdiction::kEgh);
BENCHMARK_CAPTURE(Determine, egh_determined, EghQuestion(), Outcome::kDetermined);
BENCHMARK_CAPTURE(Determine, nothing_known, EmptyQuestion(), Outcome::kUndetermined);
BENCHMARK_CAPTURE(LookUp, list_i, InsuredQuestion(), Jurisdiction::kDrv);
BENCHMARK_CAPTURE(Plain, list_i, InsuredQuestion(), Jurisdiction::kDrv);
BENCHMARK_CAPTURE(Determine, list_i_all_facts, InsuredQuestion(), Outcome::kDetermined);

}  // namespace
}  // namespace teilhabe::carriers

BENCHMARK_MAIN();
