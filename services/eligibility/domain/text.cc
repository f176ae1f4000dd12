#include "services/eligibility/domain/text.h"

#include "absl/strings/str_cat.h"
#include "common/base/day.h"

namespace teilhabe::eligibility {
namespace {

constexpr std::string_view kStages[] = {"das Eingangsverfahren", "den Berufsbildungsbereich", "den Arbeitsbereich"};
constexpr std::string_view kProviders[] = {"in einer Werkstatt", "bei einem anderen Leistungsanbieter"};
constexpr std::string_view kOutcomes[] = {"sind die Voraussetzungen erfüllt", "sind nicht alle Voraussetzungen erfüllt",
                                          "steht noch nicht fest, ob die Voraussetzungen erfüllt sind"};

std::string ResultText(const Question& question, const Admission& answer) {
  return absl::StrCat("Für ", std::string(kStages[static_cast<std::size_t>(question.stage)]), " ",
                      std::string(kProviders[static_cast<std::size_t>(question.provider)]), " ab dem ",
                      FormatDayGerman(question.event_day), " ",
                      std::string(kOutcomes[static_cast<std::size_t>(answer.outcome)]),
                      ". Die Entscheidung trifft ein Mensch.");
}

}  // namespace

const std::string& FindingText(const AdmissionRules& rules, const law::RuleVerdict& verdict) {
  return rules.book().rules()[verdict.rule].Text(verdict.truth);
}

std::vector<std::string> AnswerText(const AdmissionRules& rules, const Question& question, const Admission& answer) {
  std::vector<std::string> lines = {ResultText(question, answer)};
  for (const law::RuleVerdict& verdict : answer.trace.verdicts()) {
    const std::string& text = FindingText(rules, verdict);
    if (!text.empty()) lines.push_back(absl::StrCat(text, " [", rules.book().rules()[verdict.rule].citation, "]"));
  }
  answer.missing.ForEach([&lines](law::FactId fact) {
    const law::FactInfo& info = law::Info(fact);
    lines.push_back(absl::StrCat("Es fehlt: ", info.meaning, " (", info.name, "). [", info.source, "]"));
  });
  if (answer.checked_until) {
    lines.push_back(absl::StrCat("Hinweis: Der Gesetzestext ist nur bis zum ", FormatDayGerman(*answer.checked_until),
                                 " geprüft; spätere Änderungen sind nicht berücksichtigt."));
  }
  return lines;
}

}  // namespace teilhabe::eligibility
