#include "services/eligibility/convert.h"

#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/rpc/convert.h"
#include "services/eligibility/domain/text.h"

namespace teilhabe::eligibility {
namespace {

using rpc::FromProto;
using rpc::ToProto;

absl::StatusOr<std::optional<absl::CivilDay>> OptionalDay(bool given, const google::type::Date& day,
                                                          std::string_view field) {
  if (!given) return std::nullopt;
  TEILHABE_ASSIGN_OR_RETURN(const absl::CivilDay made, FromProto(day, field));
  return made;
}

law::v1::Verdict ToProto(law::Truth truth) {
  if (truth == law::Truth::kUnknown) return law::v1::VERDICT_UNKNOWN;
  return truth == law::Truth::kYes ? law::v1::VERDICT_YES : law::v1::VERDICT_NO;
}

void SetBreach(const AdmissionRules& rules, std::uint16_t row, v1::Breach* breach) {
  breach->set_rule_id(rules.book().rules()[row].id);
  breach->set_reason(rules.book().rules()[row].outcome);
}

void AddFindings(const AdmissionRules& rules, const Admission& answer, bool with_text, v1::Admission* proto) {
  for (const law::RuleVerdict& verdict : answer.trace.verdicts()) {
    const law::Rule& rule = rules.book().rules()[verdict.rule];
    // A term that has nothing to say here. Of a condition the verdict is said even without a sentence.
    if (rule.list == "term" && rule.Text(verdict.truth).empty()) continue;
    law::v1::Finding* finding = proto->add_findings();
    finding->set_rule_id(rule.id);
    finding->set_verdict(ToProto(verdict.truth));
    finding->set_force(static_cast<law::v1::Force>(static_cast<int>(rule.force) + 1));
    finding->set_citation(rule.citation);
    if (with_text) finding->set_text(FindingText(rules, verdict));
  }
}

}  // namespace

absl::StatusOr<Question> FromProto(const v1::AdmissionQuestion& question) {
  constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
  if (question.stage() < carriers::v1::STAGE_EINGANGSVERFAHREN ||
      question.stage() > carriers::v1::STAGE_ARBEITSBEREICH) {
    return FieldError(kInvalid, "STAGE_MISSING", "stage", "the stage is needed");
  }
  if (question.provider_type() != carriers::v1::PROVIDER_TYPE_WFBM &&
      question.provider_type() != carriers::v1::PROVIDER_TYPE_ALA) {
    return FieldError(kInvalid, "PROVIDER_TYPE_MISSING", "provider_type", "the type of the provider is needed");
  }
  Question made;
  made.stage = static_cast<Stage>(question.stage() - 1);
  made.provider = static_cast<ProviderType>(question.provider_type() - 1);
  TEILHABE_ASSIGN_OR_RETURN(made.land, reference::ParseLand(question.land()));
  TEILHABE_ASSIGN_OR_RETURN(made.event_day, FromProto(question.event_day(), "event_day"));
  TEILHABE_ASSIGN_OR_RETURN(made.decision_day, FromProto(question.decision_day(), "decision_day"));
  TEILHABE_ASSIGN_OR_RETURN(made.law_day, OptionalDay(question.has_law_day(), question.law_day(), "law_day"));
  TEILHABE_ASSIGN_OR_RETURN(made.known_at, OptionalDay(question.has_known_at(), question.known_at(), "known_at"));
  TEILHABE_ASSIGN_OR_RETURN(made.facts, FromProto(question.facts(), reference::EmbeddedReference()));
  made.policies.assign(question.policies().begin(), question.policies().end());
  return made;
}

void ToProto(const AdmissionRules& rules, const Question& question, const Admission& answer, bool with_text,
             v1::Admission* proto) {
  proto->set_outcome(static_cast<v1::AdmissionOutcome>(static_cast<int>(answer.outcome) + 1));
  AddFindings(rules, answer, with_text, proto);
  for (const std::uint16_t row : answer.breaches) SetBreach(rules, row, proto->add_breaches());
  for (const std::uint16_t row : answer.warnings) SetBreach(rules, row, proto->add_warnings());
  for (const std::uint16_t row : answer.discretion) proto->add_discretion(rules.book().rules()[row].id);
  answer.trace.used.ForEach([proto](law::FactId fact) { proto->add_used(rpc::ToProto(fact)); });
  answer.missing.ForEach([&](law::FactId fact) {
    const law::FactInfo& info = law::Info(fact);
    carriers::v1::MissingFact* missing = proto->add_missing();
    missing->set_fact(rpc::ToProto(fact));
    missing->mutable_suppliers()->Assign(info.suppliers.begin(), info.suppliers.end());
    if (with_text) missing->set_text(info.meaning);
  });
  if (answer.checked_until) *proto->mutable_checked_until() = rpc::ToProto(*answer.checked_until);
  if (!with_text) return;
  for (std::string& line : AnswerText(rules, question, answer)) proto->add_text(std::move(line));
}

}  // namespace teilhabe::eligibility
