// What is shown of cases.
#include "services/ctl/cases.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status_macros.h"
#include "services/ctl/case_output.h"
#include "services/ctl/case_words.h"
#include "services/ctl/input.h"
#include "services/ctl/node_calls.h"
#include "teilhabe/participants/v1/case_service.grpc.pb.h"

namespace teilhabe::ctl {
namespace {

namespace parts = participants::v1;
namespace wire = dossier::v1;
using CaseStub = parts::CaseService::Stub;
using Pairs = std::vector<std::pair<std::string, std::string>>;

constexpr int kPage = 1000;

auto Order(const google::type::Date& day) { return std::tuple(day.year(), day.month(), day.day()); }

std::string Categories(const google::protobuf::RepeatedField<int>& categories) {
  std::vector<std::string> words;
  for (const int category : categories) words.push_back(CategoryWord(static_cast<wire::Category>(category)));
  return absl::StrJoin(words, ", ");
}

// Sign and word; nothing where nobody must act by a day.
std::string DueWord(const parts::Rest& rest) {
  if (!rest.has_due_day()) return "";
  return rest.overdue() ? "✗ überfällig" : "✓ in der Frist";
}

std::string Leistende(const parts::RolePeriod& period) {
  std::vector<std::string> words;
  for (const parts::LeistenderTraeger& leistender : period.leistende_traeger()) {
    words.push_back(absl::StrCat(leistender.agency(), " (", StageWord(leistender.stage()), ")"));
  }
  return absl::StrJoin(words, ", ");
}

// The roles on a day: the last period that has begun.
const parts::RolePeriod* RolesOn(const parts::GetTimelineResponse& timeline, const google::type::Date& day) {
  const parts::RolePeriod* found = nullptr;
  for (const parts::RolePeriod& period : timeline.roles()) {
    if (found == nullptr || Order(period.first_day()) <= Order(day)) found = &period;
  }
  return found;
}

void AddRoles(const parts::Case& shown, const parts::RolePeriod* roles, Pairs& pairs) {
  pairs.emplace_back("holder", absl::StrCat(NamedAgency(shown.holder()), "; ", StandingSentence(shown.standing())));
  const std::string leistender = "leistender Träger";
  if (roles == nullptr || roles->leistende_traeger().empty()) {
    pairs.emplace_back(leistender, "niemand: kein Antrag offen, keine Leistung läuft");
  } else {
    for (const parts::LeistenderTraeger& part : roles->leistende_traeger()) {
      pairs.emplace_back(leistender, absl::StrCat(NamedAgency(part.agency()), "; entscheidet und zahlt, ",
                                                  StageWord(part.stage()), " (Eintrag ", part.of(), ")"));
    }
  }
  if (roles == nullptr || roles->issuers().empty()) pairs.emplace_back("issuer", "niemand: kein Bescheid gilt heute");
  if (roles == nullptr) return;
  for (const std::string& issuer : roles->issuers()) {
    pairs.emplace_back("issuer", absl::StrCat(NamedAgency(issuer), "; hat den Bescheid erlassen, der heute gilt"));
  }
}

void AddPerson(const parts::Case& shown, Pairs& pairs) {
  if (shown.has_person()) {
    pairs.emplace_back("person", absl::StrCat(shown.person().given_names(), " ", shown.person().family_name(),
                                              ", geboren am ", GermanDay(shown.person().birth_day())));
  }
  if (shown.has_contact()) {
    const parts::PersonContact& contact = shown.contact();
    std::vector<std::string> lines;
    if (!contact.street().empty()) lines.push_back(contact.street());
    const std::string town =
        absl::StrCat(contact.postal_code(), contact.postal_code().empty() ? "" : " ", contact.place());
    if (!town.empty()) lines.push_back(town);
    lines.push_back(absl::StrCat("Gemeindeschlüssel ", contact.municipality()));
    pairs.emplace_back("address", absl::StrJoin(lines, ", "));
  }
  if (!shown.withheld().empty()) {
    pairs.emplace_back("withheld", absl::StrCat(Categories(shown.withheld()), "; vorhanden, hier nicht gezeigt"));
  }
  for (const parts::Representation& who : shown.representations()) {
    std::string text =
        absl::StrCat(who.name(), ", ", RepresentationWord(who.kind()), ", ab ", GermanDay(who.from_day()));
    if (who.has_to_day()) absl::StrAppend(&text, " bis ", GermanDay(who.to_day()));
    pairs.emplace_back("representative", text);
  }
  if (!shown.person_id().empty()) pairs.emplace_back("person id", shown.person_id());
}

void AddRest(const parts::Rest& rest, Pairs& pairs) {
  std::string text = RestWord(rest.kind());
  if (rest.has_due_day()) {
    absl::StrAppend(&text, ", zu handeln bis ", GermanDay(rest.due_day()), "  ", DueWord(rest));
  }
  pairs.emplace_back("rests on", text);
}

void AddSteps(const parts::Case& shown, const parts::GetTimelineResponse& timeline, Pairs& pairs) {
  std::map<std::int64_t, std::string> texts;
  for (const parts::TimelineEntry& entry : timeline.entries()) {
    if (entry.sequence() != 0) texts[entry.sequence()] = entry.text();
  }
  for (const parts::CaseStep& step : shown.steps()) {
    pairs.emplace_back(absl::StrCat("entry ", step.sequence()),
                       absl::StrCat(GermanDay(step.event_day()), "  ", step.author(), ": ", texts[step.sequence()]));
  }
}

void AddParties(const parts::Case& shown, Pairs& pairs) {
  for (const parts::CaseParty& party : shown.parties()) {
    std::string text = absl::StrCat(NamedAgency(party.member()), "; ", RelationWord(party.relation()));
    if (!party.categories().empty()) absl::StrAppend(&text, ": ", Categories(party.categories()));
    if (party.has_from_day()) absl::StrAppend(&text, ", ab ", GermanDay(party.from_day()));
    if (party.has_to_day()) absl::StrAppend(&text, " bis ", GermanDay(party.to_day()));
    if (party.ended()) absl::StrAppend(&text, "; beendet");
    pairs.emplace_back("party", text);
  }
}

// What the next stage's agency misses, as long as one is a party.
void AddMissing(const parts::Case& shown, Pairs& pairs) {
  const auto next = std::find_if(shown.parties().begin(), shown.parties().end(), [](const parts::CaseParty& party) {
    return party.relation() == "next_stage" && !party.ended();
  });
  if (next == shown.parties().end()) return;
  for (const std::string& item : shown.missing()) {
    pairs.emplace_back("missing", absl::StrCat(item, "; fehlt ", next->member(), " nach ihrer letzten Antwort"));
  }
}

// What the reader can do now.
std::string NextOf(const parts::Case& shown) {
  const std::string& id = shown.case_();
  if (shown.standing() == parts::STANDING_ASKED) return absl::StrCat("case accept ", id);
  if (shown.standing() == parts::STANDING_HOLDER && shown.rest().kind() == parts::REST_KIND_OPENED) {
    return absl::StrCat("case apply ", id, " --stage eingangsverfahren");
  }
  return absl::StrCat("case timeline ", id);
}

absl::StatusOr<parts::GetTimelineResponse> Timeline(const NodeCalls& calls, const std::string& id) {
  parts::GetTimelineRequest request;
  request.set_case_(id);
  request.set_page_size(1000);
  TEILHABE_ASSIGN_OR_RETURN(auto timeline, calls.Ask(&CaseStub::GetTimeline, request));
  while (!timeline.next_page_token().empty()) {
    request.set_page_token(timeline.next_page_token());
    TEILHABE_ASSIGN_OR_RETURN(const auto page, calls.Ask(&CaseStub::GetTimeline, request));
    timeline.mutable_entries()->MergeFrom(page.entries());
    timeline.set_next_page_token(page.next_page_token());
  }
  return timeline;
}

}  // namespace

absl::Status CaseList(const Session& session, const CaseListText& text) {
  parts::ListCasesRequest request;
  request.set_page_size(kPage);
  request.set_held(text.held);
  request.set_file_number(text.file_number);
  if (!text.due_by.empty()) {
    TEILHABE_ASSIGN_OR_RETURN(*request.mutable_due_by(), ReadDay(text.due_by, "due_by"));
  }
  if (!text.rest.empty()) {
    TEILHABE_ASSIGN_OR_RETURN(const int kind,
                              FindEnumValue(*parts::RestKind_descriptor(), "REST_KIND_", "rest", text.rest));
    request.set_rest(static_cast<parts::RestKind>(kind));
  }
  TEILHABE_ASSIGN_OR_RETURN(const NodeCalls calls, NodeCalls::Make(session));
  parts::ListCasesResponse all;
  do {
    TEILHABE_ASSIGN_OR_RETURN(parts::ListCasesResponse page, calls.Ask(&CaseStub::ListCases, request));
    for (parts::CaseSummary& summary : *page.mutable_cases()) *all.add_cases() = std::move(summary);
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  std::stable_sort(all.mutable_cases()->begin(), all.mutable_cases()->end(),
                   [](const parts::CaseSummary& a, const parts::CaseSummary& b) {
                     const auto key = [](const parts::CaseSummary& summary) {
                       return std::pair(!summary.rest().has_due_day(), Order(summary.rest().due_day()));
                     };
                     return key(a) < key(b);
                   });
  if (session.format == Format::kJson) {
    PrintJson(all);
    return absl::OkStatus();
  }
  std::vector<std::vector<std::string>> rows;
  for (const parts::CaseSummary& summary : all.cases()) {
    rows.push_back({summary.case_(), summary.file_number(), summary.holder(), StageWord(summary.stage()),
                    RestWord(summary.rest().kind()), DayCell(summary.rest().due_day()), DueWord(summary.rest())});
  }
  PrintTable({"case", "file number", "holder", "stage", "rests on", "due", "overdue"}, rows, session.format);
  if (session.format == Format::kTable) {
    PrintNextFor(session, all.cases().empty() ? std::string("case open --help")
                                              : absl::StrCat("case show ", all.cases(0).case_()));
  }
  return absl::OkStatus();
}

absl::Status CaseShow(const Session& session, const CaseText& text) {
  TEILHABE_ASSIGN_OR_RETURN(const NodeCalls calls, NodeCalls::Make(session));
  parts::GetCaseRequest request;
  TEILHABE_ASSIGN_OR_RETURN(*request.mutable_case_(), calls.CaseId(text.id));
  TEILHABE_ASSIGN_OR_RETURN(const parts::Case shown, calls.Ask(&CaseStub::GetCase, request));
  if (session.format == Format::kJson) {
    PrintJson(shown);
    return absl::OkStatus();
  }
  TEILHABE_ASSIGN_OR_RETURN(const auto timeline, Timeline(calls, shown.case_()));
  TEILHABE_ASSIGN_OR_RETURN(const google::type::Date today, calls.Today());
  Pairs pairs = {{"case", shown.case_()}};
  if (!shown.file_number().empty()) pairs.emplace_back("file number", shown.file_number());
  AddRoles(shown, RolesOn(timeline, today), pairs);
  AddPerson(shown, pairs);
  AddRest(shown.rest(), pairs);
  AddSteps(shown, timeline, pairs);
  AddParties(shown, pairs);
  if (!shown.offer_hash().empty()) {
    pairs.emplace_back("offer", absl::StrCat("offen, an ", NamedAgency(shown.offered_to()),
                                             "; bis zur Antwort ändert niemand den Fall"));
  }
  AddMissing(shown, pairs);
  PrintPairs(pairs, session.format);
  if (session.format == Format::kTable) PrintNextFor(session, NextOf(shown));
  return absl::OkStatus();
}

absl::Status CaseTimeline(const Session& session, const TimelineText& text) {
  TEILHABE_ASSIGN_OR_RETURN(const NodeCalls calls, NodeCalls::Make(session));
  TEILHABE_ASSIGN_OR_RETURN(const std::string id, calls.CaseId(text.id));
  TEILHABE_ASSIGN_OR_RETURN(const auto timeline, Timeline(calls, id));
  if (session.format == Format::kJson) {
    PrintJson(timeline);
    return absl::OkStatus();
  }
  if (!text.roles) {
    std::vector<std::vector<std::string>> rows;
    for (const parts::TimelineEntry& entry : timeline.entries()) {
      const std::string day = DayCell(entry.day());  // A receipt has none: it is of the day on which it was signed.
      rows.push_back({entry.sequence() == 0 ? "" : std::to_string(entry.sequence()),
                      day.empty() ? DayOfTime(entry.recorded_time()) : day, entry.agency(), entry.text()});
    }
    PrintTable({"entry", "day", "agency", "text"}, rows, session.format);
    if (session.format == Format::kCsv) return absl::OkStatus();  // One table in a file of CSV.
    std::printf("\n");
  }
  std::vector<std::vector<std::string>> rows;
  for (const parts::RolePeriod& period : timeline.roles()) {
    rows.push_back({DayCell(period.first_day()), DayCell(period.last_day()), period.holder(), Leistende(period),
                    absl::StrJoin(period.issuers(), ", ")});
  }
  PrintTable({"from", "to", "holder", "leistende Träger", "issuers"}, rows, session.format);
  if (session.format == Format::kTable) PrintNextFor(session, absl::StrCat("access list ", id));
  return absl::OkStatus();
}

}  // namespace teilhabe::ctl
