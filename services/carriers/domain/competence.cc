#include "services/carriers/domain/competence.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "common/base/check.h"
#include "common/base/day.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "embedded/carriers.h"

namespace teilhabe::carriers {
namespace {

using law::FactId;
using law::Truth;
using reference::Jurisdiction;

struct KindNames {
  std::string_view name;
  std::string_view german;
  std::string_view route;  // The list of routes to the agency; a view that outlives every call.
};
constexpr KindNames kKinds[kCarrierKindCount] = {
    {"NOBODY", "kein Träger", ""},
    {"ACCIDENT_INSURANCE", "gesetzliche Unfallversicherung", "route.ACCIDENT_INSURANCE"},
    {"SOCIAL_COMPENSATION", "Träger der Sozialen Entschädigung", "route.SOCIAL_COMPENSATION"},
    {"WAR_VICTIMS_WELFARE", "Kriegsopferfürsorge", "route.WAR_VICTIMS_WELFARE"},
    {"SOLDIERS_COMPENSATION", "Träger der Soldatenentschädigung", "route.SOLDIERS_COMPENSATION"},
    {"PENSION_INSURANCE", "gesetzliche Rentenversicherung", "route.PENSION_INSURANCE"},
    {"EMPLOYMENT_AGENCY", "Bundesagentur für Arbeit", "route.EMPLOYMENT_AGENCY"},
    {"YOUTH_WELFARE", "öffentliche Jugendhilfe", "route.YOUTH_WELFARE"},
    {"EINGLIEDERUNGSHILFE", "Träger der Eingliederungshilfe", "route.EINGLIEDERUNGSHILFE"},
    {"SOZIALHILFE", "Träger der Sozialhilfe", "route.SOZIALHILFE"},
};

std::size_t At(CarrierKind kind) { return static_cast<std::size_t>(kind); }
std::size_t At(OpenReason reason) { return static_cast<std::size_t>(reason); }

absl::Status InvalidRule(const law::Rule& rule, std::string_view why) {
  return FieldError(absl::StatusCode::kInvalidArgument, "RULES_INVALID", rule.id,
                    absl::StrCat("rule ", rule.id, ": ", ToAbsl(why)));
}

// The facts as they usually are; facts without a usual value are not in it.
const law::Facts& UsualFacts(const reference::Reference& reference) {
  static const auto* const usual = [&reference] {
    auto* const made = new law::Facts();
    for (const law::FactInfo& info : law::FactCatalogue()) {
      if (info.regelfall.empty()) continue;
      const auto value = law::ParseFactValue(info.id, info.regelfall, reference);
      TEILHABE_CHECK(value.ok());
      made->SetRaw(info.id, *value);
    }
    return made;
  }();
  return *usual;
}

}  // namespace

absl::CivilDay DataDay(const reference::Reference& reference) {
  absl::CivilDay newest = absl::CivilDay::min();
  for (const reference::TableVersion& version : reference.Versions()) newest = std::max(newest, version.as_of);
  return newest;
}

std::string_view KindName(CarrierKind kind) { return kKinds[At(kind)].name; }
std::string_view KindNameGerman(CarrierKind kind) { return kKinds[At(kind)].german; }

struct CompetenceRules::Context {
  const law::Facts& facts;
  const Question& question;
  const law::RuleBook::Period& period;
  Competence& answer;
};

absl::StatusOr<CompetenceRules::Result> CompetenceRules::ParseResult(const law::Rule& rule,
                                                                     const reference::Reference& reference) {
  if (rule.list == "I" || rule.list == "II") return ParseDecision(rule);
  for (const KindNames& kind : kKinds) {
    if (!kind.route.empty() &&
        (rule.list == kind.route || rule.list == absl::StrCat("regelfall.", ToAbsl(kind.name)))) {
      return ParseRoute(rule, reference);
    }
  }
  if (rule.list != "term" && rule.list != "ala") return InvalidRule(rule, "unknown list");
  if (!rule.outcome.empty()) return InvalidRule(rule, "a row of this list has no outcome");
  return Result{};
}

absl::StatusOr<CompetenceRules::Result> CompetenceRules::ParseDecision(const law::Rule& rule) {
  Result result;
  const std::pair<std::string, std::string> parts = absl::StrSplit(rule.outcome, absl::MaxSplits(':', 1));
  const auto& [word, branch] = parts;
  if (word == "open" || word == "human") {
    if (branch.empty()) return InvalidRule(rule, "the branch has no name");
    result.type = word == "open" ? Result::Type::kOpen : Result::Type::kHuman;
    return result;
  }
  if (rule.outcome == "stop") {
    result.type = Result::Type::kStop;
    return result;
  }
  for (std::size_t at = 0; at < kCarrierKindCount; ++at) {
    if (kKinds[at].name != rule.outcome) continue;
    result.type = Result::Type::kKind;
    result.kind = static_cast<CarrierKind>(at);
    return result;
  }
  return InvalidRule(rule, "unknown carrier kind");
}

absl::StatusOr<CompetenceRules::Result> CompetenceRules::ParseRoute(const law::Rule& rule,
                                                                    const reference::Reference& reference) {
  Result result;
  result.type = Result::Type::kRoute;
  const std::pair<std::string, std::string> parts = absl::StrSplit(rule.outcome, absl::MaxSplits(':', 1));
  const auto& [word, value] = parts;
  if (word == "agency") {
    const auto agency = reference.FindAgency(value);
    if (!agency.ok()) return InvalidRule(rule, "unknown agency");
    result.route = Result::Route::kFixed;
    result.agency = *agency;
    return result;
  }
  if (word == "residence") {
    if (value != "ba" && value != "drv") return InvalidRule(rule, "residence of ba or drv");
    result.route = value == "ba" ? Result::Route::kResidenceBa : Result::Route::kResidenceDrv;
    return result;
  }
  constexpr std::tuple<std::string_view, Result::Route, law::FactType> kFactRoutes[] = {
      {"fact", Result::Route::kFact, law::FactType::kAgency},
      {"area", Result::Route::kArea, law::FactType::kAreaNumber},
      {"place", Result::Route::kPlace, law::FactType::kPlace}};
  for (const auto& [name, route, type] : kFactRoutes) {
    if (name != word) continue;
    const auto fact = law::FindFact(value);
    if (!fact.ok() || law::Info(*fact).type != type) return InvalidRule(rule, "no fact that leads to an agency");
    result.route = route;
    result.fact = *fact;
    return result;
  }
  return InvalidRule(rule, "unknown route");
}

// A list must always decide: its last row holds whatever the facts are.
absl::Status CompetenceRules::CheckLists() const {
  for (const auto& period : book_.periods()) {
    for (const std::string_view list : {"I", "II"}) {
      const auto rows = period.List(list);
      if (rows.empty() || book_.rules()[rows.back()].condition != "always") {
        return ReasonError(absl::StatusCode::kInvalidArgument, "RULES_INVALID",
                           absl::StrCat("list ", ToAbsl(list), " does not end with a row that always holds"));
      }
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<CompetenceRules> CompetenceRules::Load(std::string_view csv, const law::Parameters& parameters,
                                                      const reference::Reference& reference) {
  CompetenceRules rules;
  rules.reference_ = &reference;
  TEILHABE_ASSIGN_OR_RETURN(rules.book_, law::RuleBook::Load(csv, kFirstDay, parameters));
  for (const law::Rule& rule : rules.book_.rules()) {
    TEILHABE_ASSIGN_OR_RETURN(Result result, ParseResult(rule, reference));
    rules.results_.push_back(result);
  }
  if (rules.book_.complete()) {
    TEILHABE_RETURN_IF_ERROR(rules.CheckLists());
  }
  return rules;
}

std::string_view CompetenceRules::EmbeddedText() { return embedded::carriers::rules_csv(); }

const CompetenceRules& CompetenceRules::Embedded() {
  static const auto* const rules = [] {
    auto loaded = Load(EmbeddedText(), law::Parameters::Embedded(), reference::EmbeddedReference());
    TEILHABE_CHECK(loaded.ok());
    return new CompetenceRules(*std::move(loaded));
  }();
  return *rules;
}

void CompetenceRules::DecideKind(Context& context) const {
  Competence& answer = context.answer;
  bool open_possible = false;
  std::size_t open_count = 0;
  const std::string_view list = context.question.stage == Stage::kArbeitsbereich ? "II" : "I";
  for (const std::uint16_t row : context.period.List(list)) {
    const law::Verdict verdict =
        book_.Evaluate(context.period, row, context.facts, context.question.event_day, answer.trace);
    if (verdict.truth == Truth::kNo) continue;
    const Result& result = results_[row];
    if (result.type == Result::Type::kStop) {
      if (verdict.truth == Truth::kYes) break;
      continue;
    }
    if (result.type == Result::Type::kKind) {
      answer.possible[At(result.kind)] = true;
    } else {
      open_possible = true;
    }
    answer.missing = answer.missing | verdict.missing;
    if (verdict.truth == Truth::kUnknown) continue;
    if (!answer.missing.empty()) answer.trace.DropLast();  // It would decide only if the unknown rows before it do not.
    if (result.type != Result::Type::kKind && open_count < answer.open_rules.size()) {
      answer.open[At(result.type == Result::Type::kHuman ? OpenReason::kHumanDecision : OpenReason::kBranchNotBuilt)] =
          true;
      answer.open_rules[open_count++] = row;
    }
    break;
  }
  const auto possible = std::count(answer.possible.begin(), answer.possible.end(), true);
  if (open_possible || possible != 1) {
    answer.open[At(OpenReason::kFactsMissing)] = !answer.missing.empty();
    for (std::size_t at = 1; at < kCarrierKindCount; ++at) {
      if (answer.possible[at]) AddRouteFacts(context, static_cast<CarrierKind>(at));
    }
    return;
  }
  // One kind whatever the unknown facts are: they do not matter for it.
  answer.missing = {};
  const auto only = std::find(answer.possible.begin(), answer.possible.end(), true) - answer.possible.begin();
  answer.kind = static_cast<CarrierKind>(only);
  answer.outcome = answer.kind == CarrierKind::kNone ? Outcome::kNobody : Outcome::kUndetermined;
  if (answer.kind != CarrierKind::kNone) DecideBody(context);
}

// Names the facts that would lead to the agency of a kind that is only possible yet.
void CompetenceRules::AddRouteFacts(Context& context, CarrierKind kind) const {
  law::Trace unheard;
  law::FactSet facts;
  for (const std::uint16_t row : context.period.List(kKinds[At(kind)].route)) {
    const law::Verdict verdict =
        book_.Evaluate(context.period, row, context.facts, context.question.event_day, unheard);
    if (verdict.truth == Truth::kYes) return;
    facts = facts | law::RuleBook::FactsOf(context.period, row);
  }
  context.answer.missing = context.answer.missing | (facts - context.facts.known());
}

void CompetenceRules::DecideBody(Context& context) const {
  Competence& answer = context.answer;
  law::FactSet facts;
  bool has_routes = false;
  for (const std::uint16_t row : context.period.List(kKinds[At(answer.kind)].route)) {
    has_routes = true;
    const law::Verdict verdict =
        book_.Evaluate(context.period, row, context.facts, context.question.event_day, answer.trace);
    if (verdict.truth == Truth::kYes) {
      if (FollowRoute(context, row)) {
        answer.outcome = Outcome::kDetermined;
      } else {
        answer.open[At(OpenReason::kNoAgencyData)] = true;
      }
      return;
    }
    facts = facts | law::RuleBook::FactsOf(context.period, row);
  }
  if (has_routes) {
    answer.missing = facts - context.facts.known();
    answer.open[At(OpenReason::kFactsMissing)] = true;
  } else {
    answer.open[At(OpenReason::kNoAgencyData)] = true;
  }
}

// Finds the agency that a route leads to; false where the reference data hold none.
bool CompetenceRules::FollowRoute(Context& context, std::uint16_t rule) const {
  Body& body = context.answer.body;
  const Result& result = results_[rule];
  const absl::CivilDay day = context.question.event_day;
  const auto take = [&body](const std::optional<reference::JurisdictionHit>& hit) {
    if (!hit) return false;
    body.agency = hit->agency;
    body.unverified = hit->basis == reference::Basis::kDomainKnowledge;
    return true;
  };
  switch (result.route) {
    case Result::Route::kFact:
      body.agency = static_cast<reference::AgencyIndex>(context.facts.Raw(result.fact));
      return true;
    case Result::Route::kFixed:
      body.agency = result.agency;
      return true;
    case Result::Route::kArea: {
      const auto area = reference_->FindAreaNumber(absl::StrFormat("%02d", context.facts.Raw(result.fact)));
      if (!area.ok() || !area->agency) return false;  // No number was issued, and the table has no row for that before.
      body.agency = area->agency;
      context.answer.account_may_have_moved = true;
      return true;
    }
    case Result::Route::kResidenceBa: {
      if (!take(reference_->Resolve(Jurisdiction::kBaRegional, context.answer.place, day))) return false;
      const auto office = reference_->Resolve(Jurisdiction::kBaAgency, context.answer.place, day);
      if (office) body.office = office->agency;
      return true;
    }
    case Result::Route::kResidenceDrv:
      return take(reference_->Resolve(Jurisdiction::kDrv, context.answer.place, day));
    case Result::Route::kPlace: {
      const std::int64_t place = context.facts.Raw(result.fact);
      if (place == law::Facts::kThisPlace) {
        return take(reference_->Resolve(Jurisdiction::kEgh, context.answer.place, day));
      }
      // The key was checked when the question was read; what fails now is a place without a row for the day.
      const auto frozen = reference_->FrozenEgh(absl::StrFormat("%08d", place), day);
      if (!frozen.ok() || !frozen->has_value()) return false;
      body.agency = (*frozen)->agency;
      body.unverified = (*frozen)->origin.basis == reference::Basis::kDomainKnowledge;
      return true;
    }
  }
  return false;
}

std::optional<Regelfall> CompetenceRules::AssumeRegelfall(const Question& question, const Context& context) const {
  law::Facts facts = context.facts;
  const law::Facts& usual = UsualFacts(*reference_);
  const law::FactSet assumed = usual.known() - facts.known();
  assumed.ForEach([&](FactId fact) { facts.SetRaw(fact, usual.Raw(fact)); });
  if (!law::CheckFacts(facts, question.event_day).ok()) return std::nullopt;
  Competence usual_answer;
  usual_answer.place = context.answer.place;
  Context usual_context{facts, question, context.period, usual_answer};
  DecideKind(usual_context);
  if (usual_answer.kind == CarrierKind::kNone) return std::nullopt;
  if (!usual_answer.body.agency && usual_answer.kind == CarrierKind::kPensionInsurance) {
    for (const std::uint16_t row : context.period.List("regelfall.PENSION_INSURANCE")) FollowRoute(usual_context, row);
  }
  // It says no more than the answer.
  if (usual_answer.kind == context.answer.kind && !usual_answer.body.agency) return std::nullopt;
  // Only what was looked at was assumed.
  const law::FactSet untouched = assumed - usual_answer.trace.used;
  return Regelfall{usual_answer.kind, usual_answer.body, assumed - untouched};
}

// The answer rests on every rule that spoke; the one checked least recently counts.
void CompetenceRules::AddWarnings(Context& context) const {
  const absl::CivilDay law_day = context.question.law_day.value_or(context.question.event_day);
  Competence& answer = context.answer;
  for (const law::RuleVerdict& verdict : answer.trace.verdicts()) {
    const auto& checked = book_.rules()[verdict.rule].checked_until;
    if (checked && *checked < law_day && (!answer.checked_until || *checked < *answer.checked_until)) {
      answer.checked_until = checked;
    }
  }
}

absl::StatusOr<Competence> CompetenceRules::Determine(const Question& question) const {
  TEILHABE_RETURN_IF_ERROR(
      reference_->CheckReach(reference::DataTable::kEghJurisdiction, question.event_day, "event_day"));
  const absl::CivilDay law_day = question.law_day.value_or(question.event_day);
  TEILHABE_RETURN_IF_ERROR(reference_->CheckReach(reference::DataTable::kEghJurisdiction, law_day, "law_day"));
  const absl::CivilDay known_from = DataDay(*reference_);
  if (question.known_at && *question.known_at < known_from) {
    return FieldError(absl::StatusCode::kInvalidArgument, "KNOWN_AT_BEFORE_DATA", "known_at",
                      absl::StrCat("the oldest version of the data held here is of ", FormatDay(known_from)));
  }
  Competence answer;
  TEILHABE_ASSIGN_OR_RETURN(answer.place,
                            reference_->FindPlace(question.municipality, question.event_day, "municipality"));
  TEILHABE_RETURN_IF_ERROR(law::CheckFacts(question.facts, question.event_day));
  for (const FactId fact : {FactId::kFirstApplication, FactId::kSgb12Place}) {
    if (!question.facts.Has(fact) || question.facts.Raw(fact) == law::Facts::kThisPlace) continue;
    const std::string key = absl::StrFormat("%08d", question.facts.Raw(fact));
    if (reference_->FrozenEgh(key, question.event_day).ok()) continue;
    return reference_->FrozenEgh(key, question.event_day, absl::StrCat("facts.", law::Info(fact).name)).status();
  }
  Context context{question.facts, question, book_.At(law_day), answer};
  DecideKind(context);
  if (question.provider == ProviderType::kAla) {
    for (const std::uint16_t row : context.period.List("ala")) {
      book_.Evaluate(context.period, row, context.facts, question.event_day, answer.trace);
    }
  }
  if (answer.outcome == Outcome::kUndetermined) answer.regelfall = AssumeRegelfall(question, context);
  AddWarnings(context);
  return answer;
}

}  // namespace teilhabe::carriers
