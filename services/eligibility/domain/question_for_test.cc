#include "services/eligibility/domain/question_for_test.h"

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/check.h"
#include "common/base/day.h"
#include "common/base/reason.h"
#include "common/base/strings.h"

namespace teilhabe::eligibility {
namespace {

constexpr std::string_view kOutcomes[] = {"MET", "NOT_MET", "UNDETERMINED"};
constexpr std::string_view kGood =
    "application_made=yes teilhabeplan=no gesamtplan=no several_traeger=no fachausschuss=yes needs_determined=yes "
    "personenkreis=yes better_access=no mindestmass=yes mindestmass_low=yes exclusion_219=none reasoned_prognosis=no "
    "ev_done=yes bbb_done=yes bbb_statement=yes labour_market_ability=no labour_market_training=no return_from=none "
    "very_high_need=no two_years_may_not_fit=no basismodul=no age_limit_reached=no initial_months=3";

std::string Rows(const std::vector<std::uint16_t>& rows, bool with_reason) {
  std::vector<std::string> words;
  for (const std::uint16_t row : rows) {
    const law::Rule& rule = AdmissionRules::Embedded().book().rules()[row];
    words.push_back(with_reason ? absl::StrCat(rule.id, " ", rule.outcome) : rule.id);
  }
  return absl::StrJoin(words, ", ");
}

}  // namespace

void Change(law::Facts& facts, std::string_view changes) {
  for (const absl::string_view text : absl::StrSplit(ToAbsl(changes), ' ', absl::SkipEmpty())) {
    if (text.front() == '-') {
      facts.Forget(law::FindFact(ToStd(text.substr(1))).value());
      continue;
    }
    const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(text, absl::MaxSplits('=', 1));
    const law::FactId fact = law::FindFact(ToStd(parts.first)).value();
    const auto raw = law::ParseFactValue(fact, ToStd(parts.second), reference::EmbeddedReference());
    if (!raw.ok()) std::fprintf(stderr, "%s\n", raw.status().ToString().c_str());
    TEILHABE_CHECK(raw.ok());
    facts.SetRaw(fact, *raw);
  }
}

Question Ask(Stage stage, ProviderType provider, std::string_view changes, std::string_view day) {
  Question question;
  question.stage = stage;
  question.provider = provider;
  question.land = reference::Land::kBayern;
  question.event_day = ParseDay(day).value();
  question.decision_day = question.event_day;
  Change(question.facts, kGood);
  if (stage == kBbb) Change(question.facts, "initial_months=12");
  if (stage == kAb) Change(question.facts, "gesamtplan=yes");
  Change(question.facts, changes);
  return question;
}

Question AskUnder(std::string_view policy, Stage stage, ProviderType provider, std::string_view changes,
                  std::string_view day) {
  const bool is_nrw = policy == "nw-n";
  Question question = Ask(stage, provider, is_nrw ? "teilhabeplan=yes" : "", day);
  Change(question.facts, changes);
  question.land = is_nrw ? reference::Land::kNordrheinWestfalen : reference::Land::kThueringen;
  question.policies.emplace_back(policy);
  return question;
}

std::string OutcomeName(const Admission& answer) {
  return std::string(kOutcomes[static_cast<std::size_t>(answer.outcome)]);
}

std::string Names(law::FactSet facts) {
  std::vector<std::string> names;
  facts.ForEach([&names](law::FactId fact) { names.push_back(law::Info(fact).name); });
  return absl::StrJoin(names, " ");
}

std::string Summary(const Admission& answer) {
  std::vector<std::string> parts;
  if (!answer.breaches.empty()) parts.push_back("breaches: " + Rows(answer.breaches, true));
  if (!answer.warnings.empty()) parts.push_back("warnings: " + Rows(answer.warnings, true));
  if (!answer.discretion.empty()) parts.push_back("discretion: " + Rows(answer.discretion, false));
  if (!answer.missing.empty()) parts.push_back("missing: " + Names(answer.missing));
  return absl::StrCat(OutcomeName(answer), parts.empty() ? "" : " ", absl::StrJoin(parts, "; "));
}

std::string Summary(const absl::StatusOr<Admission>& answer) {
  if (answer.ok()) return Summary(*answer);
  const std::string field = GetField(answer.status());
  return absl::StrCat(absl::StatusCodeToString(answer.status().code()), " ", GetReason(answer.status()),
                      field.empty() ? "" : " ", field);
}

std::string Answer(const Question& question) { return Summary(AdmissionRules::Embedded().Evaluate(question)); }

}  // namespace teilhabe::eligibility
