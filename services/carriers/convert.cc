#include "services/carriers/convert.h"

#include "absl/strings/str_cat.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/rpc/convert.h"
#include "services/carriers/domain/text.h"

namespace teilhabe::carriers {
namespace {

using rpc::FromProto;
using rpc::ToProto;

absl::Status Required(std::string_view field) {
  return FieldError(absl::StatusCode::kInvalidArgument, "FIELD_REQUIRED", field,
                    absl::StrCat("the field ", ToAbsl(field), " is needed"));
}

absl::StatusOr<std::optional<absl::CivilDay>> OptionalDay(bool given, const google::type::Date& day,
                                                          std::string_view field) {
  if (!given) return std::nullopt;
  TEILHABE_ASSIGN_OR_RETURN(const absl::CivilDay made, FromProto(day, field));
  return made;
}

void SetAgency(const reference::Reference& reference, reference::AgencyIndex index, v1::Agency* agency) {
  agency->set_id(reference.agency(index).id);
  agency->set_name(reference.agency(index).name);
}

void AddFindings(const CompetenceRules& rules, const Question& question, const Competence& answer, Detail detail,
                 v1::Competence* proto) {
  for (const law::RuleVerdict& verdict : answer.trace.verdicts()) {
    const law::Rule& rule = rules.book().rules()[verdict.rule];
    if (rule.Text(verdict.truth).empty()) continue;  // A rule that has nothing to say here.
    law::v1::Finding* finding = proto->add_findings();
    finding->set_rule_id(rule.id);
    finding->set_verdict(verdict.truth == law::Truth::kYes  ? law::v1::VERDICT_YES
                         : verdict.truth == law::Truth::kNo ? law::v1::VERDICT_NO
                                                            : law::v1::VERDICT_UNKNOWN);
    finding->set_force(static_cast<law::v1::Force>(static_cast<int>(rule.force) + 1));
    finding->set_citation(rule.citation);
    if (detail == Detail::kText) finding->set_text(FindingText(rules, question, answer, verdict));
  }
}

void SetRegelfall(const reference::Reference& reference, const Regelfall& regelfall, v1::Regelfall* proto) {
  proto->set_kind(static_cast<v1::CarrierKind>(regelfall.kind));
  if (regelfall.body.agency) SetAgency(reference, *regelfall.body.agency, proto->mutable_agency());
  if (regelfall.body.office) SetAgency(reference, *regelfall.body.office, proto->mutable_office());
  regelfall.assumed.ForEach([proto](law::FactId fact) { proto->add_assumed(ToProto(fact)); });
}

}  // namespace

absl::StatusOr<Question> FromProto(const v1::CompetenceQuestion& question, const reference::Reference& reference) {
  if (question.municipality().empty()) return Required("municipality");
  if (question.stage() < v1::STAGE_EINGANGSVERFAHREN || question.stage() > v1::STAGE_ARBEITSBEREICH) {
    return Required("stage");
  }
  if (question.provider_type() != v1::PROVIDER_TYPE_WFBM && question.provider_type() != v1::PROVIDER_TYPE_ALA) {
    return Required("provider_type");
  }
  if (!question.has_event_day()) return Required("event_day");
  Question made;
  made.municipality = question.municipality();
  made.stage = static_cast<Stage>(question.stage() - 1);
  made.provider = static_cast<ProviderType>(question.provider_type() - 1);
  TEILHABE_ASSIGN_OR_RETURN(made.event_day, FromProto(question.event_day(), "event_day"));
  TEILHABE_ASSIGN_OR_RETURN(made.law_day, OptionalDay(question.has_law_day(), question.law_day(), "law_day"));
  TEILHABE_ASSIGN_OR_RETURN(made.known_at, OptionalDay(question.has_known_at(), question.known_at(), "known_at"));
  TEILHABE_ASSIGN_OR_RETURN(made.facts, FromProto(question.facts(), reference));
  made.facts.Keep(law::FactsUsedBy(law::FactUser::kCarriers));
  return made;
}

void ToProto(const CompetenceRules& rules, const Question& question, const Competence& answer, Detail detail,
             v1::Competence* proto) {
  const reference::Reference& reference = rules.reference();
  proto->set_outcome(static_cast<v1::Outcome>(static_cast<int>(answer.outcome) + 1));
  proto->set_kind(static_cast<v1::CarrierKind>(answer.kind));
  if (answer.body.agency) SetAgency(reference, *answer.body.agency, proto->mutable_agency());
  if (answer.body.office) SetAgency(reference, *answer.body.office, proto->mutable_office());
  for (std::size_t at = 1; at < kCarrierKindCount; ++at) {
    if (answer.possible[at]) proto->add_possible_kinds(static_cast<v1::CarrierKind>(at));
  }
  for (std::size_t at = 0; at < answer.open.size(); ++at) {
    if (answer.open[at]) proto->add_open(static_cast<v1::OpenReason>(at + 1));
  }
  for (const std::int32_t rule : answer.open_rules) {
    if (rule < 0) continue;
    const std::string& outcome = rules.book().rules()[static_cast<std::size_t>(rule)].outcome;
    proto->add_open_branch(outcome.substr(outcome.find(':') + 1));
  }
  answer.missing.ForEach([&](law::FactId fact) {
    v1::MissingFact* missing = proto->add_missing();
    missing->set_fact(ToProto(fact));
    if (detail == Detail::kAnswer) return;
    const law::FactInfo& info = law::Info(fact);
    missing->mutable_suppliers()->Assign(info.suppliers.begin(), info.suppliers.end());
    if (detail == Detail::kText) missing->set_text(info.meaning);
  });
  if (answer.regelfall) SetRegelfall(reference, *answer.regelfall, proto->mutable_regelfall());
  if (answer.checked_until) {
    proto->add_warnings(v1::WARNING_LAW_NOT_CHECKED_SINCE);
    *proto->mutable_checked_until() = ToProto(*answer.checked_until);
  }
  if (answer.body.unverified) proto->add_warnings(v1::WARNING_JURISDICTION_UNVERIFIED);
  if (answer.account_may_have_moved) proto->add_warnings(v1::WARNING_ACCOUNT_MAY_HAVE_MOVED);
  if (detail == Detail::kAnswer) return;
  answer.trace.used.ForEach([proto](law::FactId fact) { proto->add_used(ToProto(fact)); });
  AddFindings(rules, question, answer, detail, proto);
  if (detail == Detail::kText) {
    for (std::string& line : AnswerText(rules, question, answer)) proto->add_text(std::move(line));
  }
}

}  // namespace teilhabe::carriers
