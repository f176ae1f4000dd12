#include "services/carriers/domain/text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "common/base/day.h"

namespace teilhabe::carriers {
namespace {

constexpr std::string_view kStages[] = {"das Eingangsverfahren", "den Berufsbildungsbereich", "den Arbeitsbereich"};
constexpr std::string_view kProviders[] = {"in einer Werkstatt", "bei einem anderen Leistungsanbieter"};

std::string BodyText(const reference::Reference& reference, const Body& body) {
  if (!body.agency) return "";
  std::string text(reference.agency(*body.agency).name);
  if (body.office) absl::StrAppend(&text, " (", reference.agency(*body.office).name, ")");
  return text;
}

std::string PlaceText(const reference::Reference& reference, const Competence& answer) {
  return std::string(reference.place(answer.place).name);
}

std::string ResultText(const CompetenceRules& rules, const Question& question, const Competence& answer) {
  const std::string service =
      absl::StrCat("Für ", std::string(kStages[static_cast<std::size_t>(question.stage)]), " ",
                   std::string(kProviders[static_cast<std::size_t>(question.provider)]), " ab dem ",
                   FormatDayGerman(question.event_day), ", wohnhaft in ", PlaceText(rules.reference(), answer), ", ");
  const std::string kind(KindNameGerman(answer.kind));
  switch (answer.outcome) {
    case Outcome::kDetermined:
      return absl::StrCat(service, "ist materiell zuständig: ", BodyText(rules.reference(), answer.body), " (", kind,
                          ").");
    case Outcome::kNobody:
      return absl::StrCat(service, "ist kein Träger materiell zuständig.");
    case Outcome::kUndetermined:
      break;
  }
  if (answer.kind != CarrierKind::kNone) {
    return absl::StrCat(service, "ist materiell zuständig: ", kind, ". Welche Behörde es ist, steht noch nicht fest.");
  }
  std::vector<std::string> kinds;
  for (std::size_t at = 0; at < kCarrierKindCount; ++at) {
    if (answer.possible[at]) kinds.emplace_back(KindNameGerman(static_cast<CarrierKind>(at)));
  }
  return absl::StrCat(service, "steht der materiell zuständige Träger noch nicht fest",
                      kinds.empty() ? "." : absl::StrCat(". In Frage kommen: ", absl::StrJoin(kinds, ", "), "."));
}

std::string RegelfallText(const reference::Reference& reference, const Regelfall& regelfall) {
  std::vector<std::string> assumed;
  regelfall.assumed.ForEach([&assumed](law::FactId fact) { assumed.push_back(law::Info(fact).name); });
  const std::string body = BodyText(reference, regelfall.body);
  return absl::StrCat("In der Regel: ", std::string(KindNameGerman(regelfall.kind)), body.empty() ? "" : ", " + body,
                      ", wenn nichts Besonderes gilt",
                      assumed.empty() ? "" : absl::StrCat(" (angenommen: ", absl::StrJoin(assumed, ", "), ")"),
                      ". Darauf darf keine Entscheidung gestützt werden.");
}

}  // namespace

std::string FindingText(const CompetenceRules& rules, const Question& question, const Competence& answer,
                        const law::RuleVerdict& verdict) {
  const std::string& text = rules.book().rules()[verdict.rule].Text(verdict.truth);
  if (text.find('{') == std::string::npos) return text;
  // A route that leads to no agency; AnswerText says so.
  if (!answer.body.agency && text.find("{agency}") != std::string::npos) return "";
  std::vector<std::pair<std::string, std::string>> values = {
      {"{agency}", BodyText(rules.reference(), answer.body)},
      {"{place}", PlaceText(rules.reference(), answer)},
  };
  question.facts.known().ForEach([&](law::FactId fact) {
    values.emplace_back(absl::StrCat("{", law::Info(fact).name, "}"),
                        law::FormatFactValue(fact, question.facts.Raw(fact), rules.reference()));
  });
  return absl::StrReplaceAll(text, values);
}

std::vector<std::string> AnswerText(const CompetenceRules& rules, const Question& question, const Competence& answer) {
  std::vector<std::string> lines = {ResultText(rules, question, answer)};
  for (const law::RuleVerdict& verdict : answer.trace.verdicts()) {
    const std::string text = FindingText(rules, question, answer, verdict);
    if (!text.empty()) lines.push_back(absl::StrCat(text, " [", rules.book().rules()[verdict.rule].citation, "]"));
  }
  if (answer.open[static_cast<std::size_t>(OpenReason::kNoAgencyData)]) {
    lines.emplace_back("Welche Behörde das für diesen Ort und Tag ist, enthalten die Stammdaten nicht.");
  }
  answer.missing.ForEach([&lines](law::FactId fact) {
    const law::FactInfo& info = law::Info(fact);
    lines.push_back(absl::StrCat("Es fehlt: ", info.meaning, " (", info.name, "). [", info.source, "]"));
  });
  if (answer.regelfall) lines.push_back(RegelfallText(rules.reference(), *answer.regelfall));
  if (answer.checked_until) {
    lines.push_back(absl::StrCat("Hinweis: Der Gesetzestext ist nur bis zum ", FormatDayGerman(*answer.checked_until),
                                 " geprüft; spätere Änderungen sind nicht berücksichtigt."));
  }
  if (answer.body.unverified) {
    lines.emplace_back("Hinweis: Für den Bezirk dieser Behörde wurde keine Quelle gelesen; bitte prüfen.");
  }
  return lines;
}

}  // namespace teilhabe::carriers
