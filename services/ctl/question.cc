#include "services/ctl/question.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "common/base/day.h"
#include "common/base/reason.h"
#include "common/base/spelling.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/base/utf8.h"
#include "common/rpc/convert.h"

namespace teilhabe::ctl {
namespace {

// Finds `arbeitsbereich` for STAGE_ARBEITSBEREICH in an enum of the contract.
absl::StatusOr<int> FindValue(const google::protobuf::EnumDescriptor& type, std::string_view prefix,
                              std::string_view field, const std::string& text) {
  if (text.empty()) {
    return FieldError(absl::StatusCode::kInvalidArgument, "FIELD_REQUIRED", field,
                      absl::StrCat("the field ", ToAbsl(field), " is needed"));
  }
  std::vector<std::string> names;
  for (int at = 1; at < type.value_count(); ++at) {  // The first one is UNSPECIFIED.
    names.push_back(absl::AsciiStrToLower(absl::StripPrefix(type.value(at)->name(), ToAbsl(prefix))));
    if (names.back() == text) return type.value(at)->number();
  }
  const std::string_view near = NearestSpelling(text, {names.begin(), names.end()});
  return FieldError(absl::StatusCode::kInvalidArgument, "VALUE_UNKNOWN", field,
                    absl::StrCat("'", text.substr(0, 64), "' is no ", ToAbsl(field), "; ",
                                 near.empty() ? absl::StrCat("expected ", absl::StrJoin(names, ", "))
                                              : absl::StrCat("did you mean ", ToAbsl(near), "?")));
}

}  // namespace

absl::StatusOr<carriers::v1::CompetenceQuestion> ToProto(const QuestionText& text) {
  carriers::v1::CompetenceQuestion question;
  if (!IsUtf8(text.municipality)) {
    return FieldError(absl::StatusCode::kInvalidArgument, "VALUE_NOT_UTF8", "municipality", "the text is not UTF-8");
  }
  question.set_municipality(text.municipality);
  TEILHABE_ASSIGN_OR_RETURN(const int stage,
                            FindValue(*carriers::v1::Stage_descriptor(), "STAGE_", "stage", text.stage));
  question.set_stage(static_cast<carriers::v1::Stage>(stage));
  TEILHABE_ASSIGN_OR_RETURN(const int provider, FindValue(*carriers::v1::ProviderType_descriptor(), "PROVIDER_TYPE_",
                                                          "provider", text.provider));
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
