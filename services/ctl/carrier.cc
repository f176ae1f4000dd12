#include "services/ctl/carrier.h"

#include <unistd.h>

#include <cstdio>

#include "absl/strings/str_join.h"
#include "common/base/day.h"
#include "common/rpc/convert.h"
#include "common/rpc/status.h"

namespace teilhabe::ctl {
namespace {

namespace v1 = carriers::v1;

std::string DayCell(bool given, const google::type::Date& day) {
  if (!given) return "";
  const auto made = rpc::FromProto(day, "day");
  return made.ok() ? FormatDay(*made) : "";
}

std::string ForceName(law::v1::Force force) {
  return force == law::v1::FORCE_MUST ? "must" : force == law::v1::FORCE_SOLL ? "soll" : "kann";
}

}  // namespace

int CarrierLookup(const Session& session, const QuestionText& text) {
  const auto question = ToProto(text);
  if (!question.ok()) return PrintError(question.status());
  v1::DetermineCompetenceRequest request;
  *request.mutable_question() = *question;
  request.set_with_text(true);
  v1::DetermineCompetenceResponse response;
  grpc::ClientContext context;
  session.Bound(context);
  const auto stub = session.Carriers();
  if (!stub.ok()) return PrintError(stub.status());
  const grpc::Status status = (*stub)->DetermineCompetence(&context, request, &response);
  if (!status.ok()) return PrintError(rpc::FromGrpcStatus(status));
  const v1::Competence& answer = response.competence();
  if (session.format == Format::kJson) {
    PrintJson(response);
    return kExitOk;
  }
  if (session.format == Format::kCsv) {
    PrintTable({"outcome", "kind", "agency", "office"},
               {{ShortName(answer.outcome()), ShortName(answer.kind()), answer.agency().id(), answer.office().id()}},
               Format::kCsv);
    return kExitOk;
  }
  const char* sign = answer.outcome() == v1::OUTCOME_DETERMINED ? "✓"
                     : answer.outcome() == v1::OUTCOME_NOBODY   ? "✗"
                                                                : "?";
  for (int at = 0; at < answer.text_size(); ++at) {
    std::printf("%s %s\n", at == 0 ? sign : " ·", answer.text(at).c_str());
  }
  if (!answer.missing().empty()) {
    PrintNext("the same with --fact " + ShortName(answer.missing(0).fact()) + "=...   (teilhabe carrier facts)");
  } else {
    PrintNext("teilhabe carrier rules --date " + text.event_day);
  }
  return kExitOk;
}

int CarrierFacts(const Session& session) {
  v1::ListFactsResponse response;
  grpc::ClientContext context;
  session.Bound(context);
  const auto stub = session.Carriers();
  if (!stub.ok()) return PrintError(stub.status());
  const grpc::Status status = (*stub)->ListFacts(&context, {}, &response);
  if (!status.ok()) return PrintError(rpc::FromGrpcStatus(status));
  if (session.format == Format::kJson) {
    PrintJson(response);
    return kExitOk;
  }
  if (session.format == Format::kTable && isatty(STDOUT_FILENO) != 0) {  // Too wide for columns.
    for (const v1::FactDescription& fact : response.facts()) {
      std::printf("%s  (%s%s%s)\n  %s\n  von: %s   Quelle: %s\n", fact.name().c_str(), fact.type().c_str(),
                  fact.values().empty() ? "" : ": ", absl::StrJoin(fact.values(), ", ").c_str(), fact.meaning().c_str(),
                  absl::StrJoin(fact.suppliers(), ", ").c_str(), fact.source().c_str());
    }
    return kExitOk;
  }
  std::vector<std::vector<std::string>> rows;
  for (const v1::FactDescription& fact : response.facts()) {
    rows.push_back({fact.name(), fact.type(), absl::StrJoin(fact.values(), " "), absl::StrJoin(fact.suppliers(), " "),
                    fact.meaning(), fact.source()});
  }
  PrintTable({"name", "type", "values", "suppliers", "meaning", "source"}, rows, session.format);
  return kExitOk;
}

int CarrierRules(const Session& session, const std::string& date) {
  v1::ListRulesRequest request;
  if (!date.empty()) {
    const auto day = ParseDay(date, "date");
    if (!day.ok()) return PrintError(day.status());
    *request.mutable_law_day() = rpc::ToProto(*day);
  }
  v1::ListRulesResponse response;
  grpc::ClientContext context;
  session.Bound(context);
  const auto stub = session.Carriers();
  if (!stub.ok()) return PrintError(stub.status());
  const grpc::Status status = (*stub)->ListRules(&context, request, &response);
  if (!status.ok()) return PrintError(rpc::FromGrpcStatus(status));
  if (session.format == Format::kJson) {
    PrintJson(response);
    return kExitOk;
  }
  std::vector<std::vector<std::string>> rows;
  for (const v1::RuleDescription& rule : response.rules()) {
    rows.push_back({rule.list(), rule.rule_id(), rule.condition(), rule.outcome(),
                    DayCell(rule.has_valid_from(), rule.valid_from()), DayCell(rule.has_valid_to(), rule.valid_to()),
                    ForceName(rule.force()), rule.citation()});
  }
  PrintTable({"list", "rule", "condition", "outcome", "from", "to", "force", "citation"}, rows, session.format);
  return kExitOk;
}

}  // namespace teilhabe::ctl
