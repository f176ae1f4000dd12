#include "services/carriers/domain/question_for_test.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/check.h"
#include "common/base/day.h"
#include "common/base/reason.h"
#include "common/base/strings.h"

namespace teilhabe::carriers {
namespace {

constexpr std::string_view kStages[] = {"eingangsverfahren", "berufsbildungsbereich", "arbeitsbereich"};
constexpr std::string_view kOutcomes[] = {"DETERMINED", "UNDETERMINED", "NOBODY"};
constexpr std::string_view kReasons[] = {"FACTS_MISSING", "HUMAN_DECISION", "BRANCH_NOT_BUILT", "NO_AGENCY_DATA"};

void Set(law::Facts& facts, law::FactId fact, std::string_view value) {
  const auto raw = law::ParseFactValue(fact, value, reference::EmbeddedReference());
  if (!raw.ok()) std::fprintf(stderr, "%s\n", raw.status().ToString().c_str());
  TEILHABE_CHECK(raw.ok());
  facts.SetRaw(fact, *raw);
}

}  // namespace

law::Facts FactsFrom(std::string_view facts) {
  law::Facts made;
  for (const absl::string_view text : absl::StrSplit(ToAbsl(facts), ' ', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(text, absl::MaxSplits('=', 1));
    Set(made, law::FindFact(ToStd(parts.first)).value(), ToStd(parts.second));
  }
  return made;
}

Question Ask(std::string_view municipality, Stage stage, std::string_view event_day, std::string_view facts) {
  Question question;
  question.municipality = municipality;
  question.stage = stage;
  question.event_day = ParseDay(event_day).value();
  question.facts = FactsFrom(facts);
  return question;
}

QuestionReader::QuestionReader(std::vector<std::string> header) : header_(std::move(header)) {
  for (const std::string& column : header_) {
    const auto fact = law::FindFact(column);
    facts_.push_back(fact.ok() ? std::optional(*fact) : std::nullopt);
  }
}

const std::string& QuestionReader::Cell(const std::vector<std::string>& cells, std::string_view column) const {
  const auto found = std::find(header_.begin(), header_.end(), column);
  TEILHABE_CHECK(found != header_.end());
  return cells[static_cast<std::size_t>(found - header_.begin())];
}

Question QuestionReader::Read(const std::vector<std::string>& cells) const {
  Question question;
  question.municipality = Cell(cells, "municipality");
  const auto* const stage = std::find(std::begin(kStages), std::end(kStages), Cell(cells, "stage"));
  TEILHABE_CHECK(stage != std::end(kStages));
  question.stage = static_cast<Stage>(stage - kStages);
  question.provider = Cell(cells, "provider") == "ala" ? ProviderType::kAla : ProviderType::kWfbm;
  question.event_day = ParseDay(Cell(cells, "event_day")).value();
  for (std::size_t at = 0; at < cells.size(); ++at) {
    if (facts_[at] && !cells[at].empty()) Set(question.facts, *facts_[at], cells[at]);
  }
  return question;
}

std::string OutcomeName(const Competence& answer) {
  return std::string(kOutcomes[static_cast<std::size_t>(answer.outcome)]);
}

std::string KindCell(const Competence& answer) {
  if (answer.outcome == Outcome::kNobody) return "NOBODY";
  return answer.kind == CarrierKind::kNone ? "" : std::string(KindName(answer.kind));
}

std::string AgencyId(const std::optional<reference::AgencyIndex>& agency) {
  return agency ? reference::EmbeddedReference().agency(*agency).id : "";
}

std::string PossibleKinds(const Competence& answer) {
  std::vector<std::string> names;
  for (std::size_t at = 0; at < kCarrierKindCount; ++at) {
    if (answer.possible[at]) names.emplace_back(KindName(static_cast<CarrierKind>(at)));
  }
  return absl::StrJoin(names, " ");
}

std::string Names(law::FactSet facts) {
  std::vector<std::string> names;
  facts.ForEach([&names](law::FactId fact) { names.push_back(law::Info(fact).name); });
  return absl::StrJoin(names, " ");
}

std::string Findings(const Competence& answer) {
  std::vector<std::string> said;
  for (const law::RuleVerdict& verdict : answer.trace.verdicts()) {
    const char* const sign = verdict.truth == law::Truth::kYes ? "+" : verdict.truth == law::Truth::kNo ? "-" : "?";
    said.push_back(absl::StrCat(CompetenceRules::Embedded().book().rules()[verdict.rule].id, sign));
  }
  return absl::StrJoin(said, " ");
}

std::string OpenBranch(const Competence& answer) {
  if (answer.open_rules[0] < 0) return "";
  const std::string& outcome =
      CompetenceRules::Embedded().book().rules()[static_cast<std::size_t>(answer.open_rules[0])].outcome;
  return outcome.substr(outcome.find(':') + 1);
}

std::string Summary(const Competence& answer) {
  std::vector<std::string> words = {OutcomeName(answer)};
  if (answer.outcome != Outcome::kNobody) words.push_back(KindCell(answer).empty() ? "?" : KindCell(answer));
  if (answer.body.agency) words.push_back(AgencyId(answer.body.agency));
  if (answer.body.office) absl::StrAppend(&words.back(), "/", AgencyId(answer.body.office));
  for (std::size_t at = 0; at < answer.open.size(); ++at) {
    if (!answer.open[at]) continue;
    words.emplace_back(kReasons[at]);
    if (at == 0) absl::StrAppend(&words.back(), "(", Names(answer.missing), ")");
    if (at == 1 || at == 2) absl::StrAppend(&words.back(), ":", OpenBranch(answer));
  }
  return absl::StrJoin(words, " ");
}

std::string Summary(const absl::StatusOr<Competence>& answer) {
  if (answer.ok()) return Summary(*answer);
  const std::string field = GetField(answer.status());
  return absl::StrCat(absl::StatusCodeToString(answer.status().code()), " ", GetReason(answer.status()),
                      field.empty() ? "" : " ", field);
}

}  // namespace teilhabe::carriers
