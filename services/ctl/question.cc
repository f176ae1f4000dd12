#include "services/ctl/question.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/day.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/base/utf8.h"
#include "common/rpc/convert.h"
#include "services/ctl/input.h"

namespace teilhabe::ctl {
absl::StatusOr<carriers::v1::CompetenceQuestion> ToProto(const QuestionText& text) {
  carriers::v1::CompetenceQuestion question;
  if (!IsUtf8(text.municipality)) {
    return FieldError(absl::StatusCode::kInvalidArgument, "VALUE_NOT_UTF8", "municipality", "the text is not UTF-8");
  }
  question.set_municipality(text.municipality);
  TEILHABE_ASSIGN_OR_RETURN(const int stage,
                            FindEnumValue(*carriers::v1::Stage_descriptor(), "STAGE_", "stage", text.stage));
  question.set_stage(static_cast<carriers::v1::Stage>(stage));
  TEILHABE_ASSIGN_OR_RETURN(const int provider, FindEnumValue(*carriers::v1::ProviderType_descriptor(),
                                                              "PROVIDER_TYPE_", "provider", text.provider));
  question.set_provider_type(static_cast<carriers::v1::ProviderType>(provider));
  TEILHABE_ASSIGN_OR_RETURN(const absl::CivilDay event_day, ParseDay(text.event_day, "event_day"));
  *question.mutable_event_day() = rpc::ToProto(event_day);
  if (!text.law_day.empty()) {
    TEILHABE_ASSIGN_OR_RETURN(const absl::CivilDay law_day, ParseDay(text.law_day, "law_day"));
    *question.mutable_law_day() = rpc::ToProto(law_day);
  }
  if (!text.known_at.empty()) {
    TEILHABE_ASSIGN_OR_RETURN(const absl::CivilDay known_at, ParseDay(text.known_at, "known_at"));
    *question.mutable_known_at() = rpc::ToProto(known_at);
  }
  law::Facts facts;
  const reference::Reference& reference = reference::EmbeddedReference();
  for (const auto& [name, value] : text.facts) TEILHABE_RETURN_IF_ERROR(law::SetFact(facts, name, value, reference));
  *question.mutable_facts() = rpc::ToProto(facts, reference);
  return question;
}

std::string ShortName(carriers::v1::Outcome outcome) {
  return std::string(absl::StripPrefix(carriers::v1::Outcome_Name(outcome), "OUTCOME_"));
}

std::string ShortName(carriers::v1::CarrierKind kind) {
  return kind == carriers::v1::CARRIER_KIND_UNSPECIFIED
             ? ""
             : std::string(absl::StripPrefix(carriers::v1::CarrierKind_Name(kind), "CARRIER_KIND_"));
}

std::string ShortName(law::v1::FactName fact) {
  return absl::AsciiStrToLower(absl::StripPrefix(law::v1::FactName_Name(fact), "FACT_NAME_"));
}

}  // namespace teilhabe::ctl
