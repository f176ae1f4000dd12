#include "services/participants/domain/grounds.h"

#include <algorithm>

#include "common/law/facts.h"

namespace teilhabe::participants {
namespace {

std::optional<bool> StageDone(const Case& folded, Stage stage, absl::CivilDay day) {
  if (IsCompleted(folded, stage, day)) return true;
  const bool seen = std::any_of(folded.applications.begin(), folded.applications.end(),
                                [&](const auto& application) { return application.what.stage == stage; }) ||
                    std::any_of(folded.decisions.begin(), folded.decisions.end(),
                                [&](const auto& decision) { return decision.what.stage == stage; });
  if (seen) return false;
  return std::nullopt;
}

std::optional<int> InitialMonths(const Case& folded, const Decision& decision) {
  for (const auto& before : folded.decisions) {
    if (before.what.granted && before.what.stage == decision.stage && before.what.first_day && before.what.last_day) {
      return law::MonthsBetween(*before.what.first_day, *before.what.last_day + 1);
    }
  }
  if (!decision.first_day || !decision.last_day) return std::nullopt;
  return law::MonthsBetween(*decision.first_day, *decision.last_day + 1);
}

}  // namespace

Grounds GroundsOf(const Case& folded, const Decision& decision, absl::CivilDay day) {
  Grounds grounds;
  // What a decision rests on was there on its day (N-04).
  const auto of_application = [&](const auto& made) {
    return made.what.application == decision.application && made.day <= day;
  };
  for (const auto& made : folded.determinations) {
    if (of_application(made)) grounds.determination = made.sequence;
  }
  for (const auto& made : folded.plans) {
    if (!of_application(made)) continue;
    grounds.teilhabeplan = made.sequence;
    if (made.what.gesamtplan) grounds.gesamtplan = made.sequence;
  }
  for (const auto& report : folded.reports) {
    if (report.day > day) continue;
    if (report.what.kind == "fachliche_stellungnahme") grounds.bbb_statement = true;
    // Its statement is recorded by who holds; a party's bare word is none.
    const bool by_holder = std::any_of(folded.tenures.begin(), folded.tenures.end(),
                                       [&](const Tenure& tenure) { return tenure.holder == report.author; });
    if (report.what.kind == "fachausschuss" && by_holder) grounds.fachausschuss = true;
  }
  // Done when the next one begins: its end may be recorded, and the next one decided on, before.
  const absl::CivilDay begins = decision.first_day.value_or(day);
  grounds.ev_done = StageDone(folded, Stage::kEingangsverfahren, begins);
  grounds.bbb_done = StageDone(folded, Stage::kBerufsbildungsbereich, begins);
  grounds.initial_months = InitialMonths(folded, decision);
  return grounds;
}

}  // namespace teilhabe::participants
