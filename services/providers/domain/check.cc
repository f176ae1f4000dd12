#include "services/providers/domain/check.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/check.h"

namespace teilhabe::providers {
namespace {

using law::Force;
using law::Truth;

// One row of law. All are valid from kFirstDay on without an end; a change of law adds days to the rows.
struct Rule {
  std::string_view id;
  Force force;
  std::string_view citation;
  std::string_view yes, no, unknown;  // {stage}, {day}, {traeger} are filled in. Empty: it never says that.
};

constexpr Rule kRegistered = {
    "registered",
    Force::kMust,
    "§ 60 Abs. 1, § 219 Abs. 1 SGB IX",
    "Der Anbieter ist im Register der Anbieter geführt.",
    "Der Anbieter ist in keinem Register geführt; dass er die Leistung erbringen darf, ist nicht belegt.",
    ""};
constexpr Rule kWfbmOffers = {"wfbm_offers_stage",
                              Force::kMust,
                              "§ 1 Abs. 1 WVO",
                              "Die Werkstatt bietet {stage} an.",
                              "Die Werkstatt bietet {stage} nach dem Register nicht an.",
                              ""};
constexpr Rule kAlaOffers = {"ala_offers_stage",
                             Force::kMust,
                             "§ 60 Abs. 2 Nr. 3 SGB IX",
                             "Der andere Leistungsanbieter bietet {stage} an.",
                             "Der andere Leistungsanbieter hat sein Angebot beschränkt und bietet {stage} nicht an.",
                             ""};
constexpr Rule kVereinbarung125 = {
    "vereinbarung_sgb9_125",
    Force::kMust,
    "§ 123 Abs. 1, § 125 Abs. 1 SGB IX",
    "Am {day} gilt eine Vereinbarung nach § 125 SGB IX mit dem Träger der Eingliederungshilfe {traeger}.",
    "Am {day} gilt keine Vereinbarung nach § 125 SGB IX für {stage}; ohne sie wird die Leistung nur ausnahmsweise "
    "erbracht (§ 123 Abs. 5 SGB IX).",
    ""};
constexpr Rule kVereinbarungEvBbb = {
    "vereinbarung_reha_ev_bbb",
    Force::kMust,
    "§ 63 Abs. 1 SGB IX",
    "Am {day} gilt eine Vereinbarung für {stage} mit dem Rehabilitationsträger {traeger}.",
    "Am {day} gilt keine Vereinbarung eines Rehabilitationsträgers für {stage}.",
    ""};
constexpr Rule kInCatchment = {
    "wfbm_must_admit",
    Force::kMust,
    "§ 220 Abs. 1 SGB IX",
    "Die Person wohnt im Einzugsgebiet der Werkstatt, die sie aufnehmen muss, wenn die Voraussetzungen vorliegen.",
    "",
    "Ob die Person im Einzugsgebiet der Werkstatt wohnt, die sie dann aufnehmen muss, ist nicht bekannt."};
constexpr Rule kOutsideCatchment = {
    "wfbm_outside_catchment",
    Force::kSoll,
    "§ 220 Abs. 1 SGB IX",
    "",
    "Die Person wohnt nicht im Einzugsgebiet der Werkstatt; eine Pflicht zur Aufnahme besteht nicht.",
    ""};
constexpr Rule kAlaNoDuty = {"ala_no_duty_to_admit",
                             Force::kKann,
                             "§ 60 Abs. 2 Nr. 4 SGB IX",
                             "",
                             "Ein anderer Leistungsanbieter hat kein Einzugsgebiet und keine Pflicht zur Aufnahme.",
                             ""};

std::string_view StageText(Stage stage) {
  constexpr std::string_view kTexts[] = {"das Eingangsverfahren", "den Berufsbildungsbereich", "den Arbeitsbereich"};
  return kTexts[static_cast<std::size_t>(stage)];
}

std::string Fill(std::string_view text, const Question& question, const Vereinbarung* vereinbarung) {
  std::string filled(text);
  const auto put = [&filled](std::string_view name, std::string_view value) {
    const std::size_t at = filled.find(name);
    if (at != std::string::npos) filled.replace(at, name.size(), value);
  };
  put("{stage}", StageText(question.stage));
  put("{day}", FormatDayGerman(question.event_day));
  if (vereinbarung != nullptr) put("{traeger}", vereinbarung->contracting_traeger);
  return filled;
}

void Speak(const Rule& rule, Truth verdict, const Question& question, Answer& answer) {
  const std::string_view text = verdict == Truth::kYes ? rule.yes : verdict == Truth::kNo ? rule.no : rule.unknown;
  TEILHABE_CHECK(!text.empty());
  answer.findings.push_back({rule.id, verdict, rule.force, rule.citation, Fill(text, question, answer.vereinbarung)});
  if (rule.force == Force::kMust && verdict == Truth::kNo) answer.breaches.push_back(rule.id);
}

const Vereinbarung* FindInForce(const Entry& entry, const Question& question, const RolesOf& roles_of) {
  const Vereinbarung* found = nullptr;
  for (const Vereinbarung& one : entry.vereinbarungen) {
    if (one.kind != KindFor(question.stage) || !one.stages.contains(question.stage) ||
        !one.valid.Contains(question.event_day) || !MayContract(one.kind, roles_of(one.contracting_traeger))) {
      continue;
    }
    if (found == nullptr || found->valid.from < one.valid.from) found = &one;
  }
  return found;
}

void CheckCatchment(const Provider& provider, const Question& question, Answer& answer) {
  if (provider.type == ProviderType::kAla) {
    Speak(kAlaNoDuty, Truth::kNo, question, answer);
  } else if (question.municipality.empty() || provider.catchment.empty()) {
    Speak(kInCatchment, Truth::kUnknown, question, answer);
  } else {
    answer.in_catchment =
        std::any_of(provider.catchment.begin(), provider.catchment.end(),
                    [&](const std::string& prefix) { return question.municipality.starts_with(prefix); });
    if (answer.in_catchment) {
      Speak(kInCatchment, Truth::kYes, question, answer);
    } else {
      Speak(kOutsideCatchment, Truth::kNo, question, answer);
    }
  }
}

}  // namespace

Answer Check(const Entry* entry, const Question& question, const RolesOf& roles_of) {
  Answer answer;
  Speak(kRegistered, law::ToTruth(entry != nullptr), question, answer);
  if (entry == nullptr) return answer;
  const Provider& provider = entry->provider;
  Speak(provider.type == ProviderType::kAla ? kAlaOffers : kWfbmOffers,
        law::ToTruth(provider.stages.contains(question.stage)), question, answer);
  answer.vereinbarung = FindInForce(*entry, question, roles_of);
  Speak(question.stage == Stage::kArbeitsbereich ? kVereinbarung125 : kVereinbarungEvBbb,
        law::ToTruth(answer.vereinbarung != nullptr), question, answer);
  CheckCatchment(provider, question, answer);
  return answer;
}

}  // namespace teilhabe::providers
