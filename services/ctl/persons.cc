#include "services/ctl/persons.h"

#include <cstdio>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status_macros.h"
#include "services/ctl/case_output.h"
#include "services/ctl/case_words.h"
#include "services/ctl/node_calls.h"
#include "teilhabe/participants/v1/case_service.grpc.pb.h"
#include "teilhabe/participants/v1/person_service.grpc.pb.h"

namespace teilhabe::ctl {
namespace {

namespace parts = participants::v1;
using CaseStub = parts::CaseService::Stub;
using PersonStub = parts::PersonService::Stub;

}  // namespace

absl::Status PersonFind(const Session& session, const FindPersonText& text) {
  parts::FindPersonsRequest request;
  request.set_family_name(text.family_name);
  request.set_given_names(text.given_names);
  TEILHABE_ASSIGN_OR_RETURN(*request.mutable_birth_day(), ReadDay(text.birth_day, "birth_day"));
  TEILHABE_ASSIGN_OR_RETURN(const NodeCalls calls, NodeCalls::Make(session));
  TEILHABE_ASSIGN_OR_RETURN(const auto found, calls.Ask(&PersonStub::FindPersons, request));
  if (session.format == Format::kJson) {
    PrintJson(found);
    return absl::OkStatus();
  }
  std::vector<std::vector<std::string>> rows;
  for (const parts::PersonMatch& match : found.matches()) {
    rows.push_back({match.person_id(), match.person().family_name(), match.person().given_names(),
                    DayCell(match.person().birth_day()), MatchWord(match.kind()), absl::StrJoin(match.cases(), " ")});
  }
  PrintTable({"person", "family name", "given names", "born", "match", "cases"}, rows, session.format);
  if (session.format == Format::kTable) {
    PrintNextFor(session, found.matches().empty()
                              ? std::string("case open --help")
                              : absl::StrCat("person link CASE --person ", found.matches(0).person_id()));
  }
  return absl::OkStatus();
}

absl::Status PersonLink(const Session& session, const LinkText& text) {
  TEILHABE_ASSIGN_OR_RETURN(const NodeCalls calls, NodeCalls::Make(session));
  parts::LinkCaseRequest request;
  TEILHABE_ASSIGN_OR_RETURN(*request.mutable_case_(), calls.CaseId(text.id));
  request.set_person_id(text.person);
  TEILHABE_ASSIGN_OR_RETURN(const auto linked, calls.Ask(&PersonStub::LinkCase, request));
  if (session.format == Format::kJson) {
    PrintJson(linked);
  } else if (session.format == Format::kCsv) {
    PrintTable({"case", "person", "before"}, {{request.case_(), text.person, linked.before()}}, Format::kCsv);
  } else {
    std::printf("✓ Der Fall gehört zu Person %s, vorher zu %s\n", text.person.c_str(), linked.before().c_str());
    PrintNextFor(session,
                 absl::StrCat("person link ", request.case_(), " --person ", linked.before(), "   (takes it back)"));
  }
  return absl::OkStatus();
}

absl::Status PersonUnlink(const Session& session, const CaseText& text) {
  TEILHABE_ASSIGN_OR_RETURN(const NodeCalls calls, NodeCalls::Make(session));
  parts::UnlinkCaseRequest request;
  TEILHABE_ASSIGN_OR_RETURN(*request.mutable_case_(), calls.CaseId(text.id));
  TEILHABE_ASSIGN_OR_RETURN(const auto unlinked, calls.Ask(&PersonStub::UnlinkCase, request));
  if (session.format == Format::kJson) {
    PrintJson(unlinked);
  } else if (session.format == Format::kCsv) {
    PrintTable({"case", "person"}, {{request.case_(), unlinked.person_id()}}, Format::kCsv);
  } else {
    std::printf("✓ Der Fall gehört wieder zu einer eigenen Person, %s\n", unlinked.person_id().c_str());
    PrintNextFor(session, absl::StrCat("case show ", request.case_()));
  }
  return absl::OkStatus();
}

absl::Status AccessList(const Session& session, const CaseText& text) {
  TEILHABE_ASSIGN_OR_RETURN(const NodeCalls calls, NodeCalls::Make(session));
  parts::ListAccessesRequest request;
  TEILHABE_ASSIGN_OR_RETURN(*request.mutable_case_(), calls.CaseId(text.id));
  TEILHABE_ASSIGN_OR_RETURN(const auto listed, calls.Ask(&CaseStub::ListAccesses, request));
  if (session.format == Format::kJson) {
    PrintJson(listed);
    return absl::OkStatus();
  }
  std::vector<std::vector<std::string>> rows;
  for (const parts::Access& access : listed.accesses()) {
    rows.push_back({TimeCell(access.time()), access.agency(), ShortActor(access.actor()), ActionWord(access.action()),
                    access.purpose(), access.legal_basis()});
  }
  PrintTable({"time", "agency", "who", "what", "purpose", "legal basis"}, rows, session.format);
  // Beside a table of CSV, not in it.
  std::FILE* const out = session.format == Format::kCsv ? stderr : stdout;
  for (const parts::SilentAgency& silent : listed.silent()) {
    std::fprintf(out, "? %s hat nicht geantwortet, ihre Zugriffe fehlen hier [%s]\n",
                 NamedAgency(silent.agency()).c_str(), silent.reason().c_str());
  }
  if (session.format == Format::kTable) PrintNextFor(session, "audit verify");
  return absl::OkStatus();
}

absl::Status AuditVerify(const Session& session, const NoText&) {
  TEILHABE_ASSIGN_OR_RETURN(const NodeCalls calls, NodeCalls::Make(session));
  TEILHABE_ASSIGN_OR_RETURN(const auto log, calls.Ask(&CaseStub::VerifyAccessLog, parts::VerifyAccessLogRequest()));
  const std::string size = std::to_string(log.size());
  const std::string root = absl::BytesToHexString(log.root());
  if (session.format == Format::kJson) {
    PrintJson(log);
  } else if (session.format == Format::kCsv) {
    PrintTable({"size", "root"}, {{size, root}}, Format::kCsv);
  } else {
    std::printf("✓ Zugriffsprotokoll unversehrt: %s Einträge\n · Wurzel %s\n", size.c_str(), root.c_str());
    PrintNextFor(session, "case list --held");
  }
  return absl::OkStatus();
}

absl::Status CaseAsk(const Session& session, const AskText& text) {
  parts::AskOpenCaseRequest request;
  for (const std::string& agency : text.agencies) request.add_members(agency);
  request.set_application(text.application);
  request.set_person_was_asked(text.person_was_asked);
  request.set_request_id(NewId());
  TEILHABE_ASSIGN_OR_RETURN(const NodeCalls calls, NodeCalls::Make(session));
  TEILHABE_ASSIGN_OR_RETURN(*request.mutable_case_(), calls.CaseId(text.id));
  TEILHABE_ASSIGN_OR_RETURN(const auto response, calls.Ask(&CaseStub::AskOpenCase, request));
  if (session.format == Format::kJson) {
    PrintJson(response);
    return absl::OkStatus();
  }
  std::vector<std::vector<std::string>> rows;
  for (const parts::OpenCaseAnswer& answer : response.answers()) {
    const std::string said = !answer.silent().empty() ? absl::StrCat("? keine Antwort [", answer.silent(), "]")
                             : answer.case_().empty() ? "kein offener Fall"
                                                      : "✓ offener Fall";
    rows.push_back({answer.member(), said, answer.case_(), answer.holder(), DayCell(answer.eingang_day())});
  }
  PrintTable({"agency", "answer", "case", "holder", "eingang"}, rows, session.format);
  if (session.format == Format::kTable) PrintNextFor(session, absl::StrCat("case show ", request.case_()));
  return absl::OkStatus();
}

}  // namespace teilhabe::ctl
