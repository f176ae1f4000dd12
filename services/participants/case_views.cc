// What is shown of cases, and who has seen it.
#include <algorithm>
#include <set>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/audit/audit.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/dossier/days.h"
#include "services/participants/cases.h"
#include "services/participants/domain/rest.h"
#include "services/participants/domain/roles.h"
#include "services/participants/timeline.h"

namespace teilhabe::participants {
namespace {

namespace wire = dossier::v1;

constexpr int kDefaultPage = 50;
constexpr int kMaxPage = 1000;
constexpr std::int64_t kAccessQuestionsADay = 1000;  // Of one member.

// Errors: PAGE_SIZE.
absl::StatusOr<int> PageSize(int asked) {
  if (asked < 0) return FieldError(absl::StatusCode::kInvalidArgument, "PAGE_SIZE", "page_size", "send 0 or more");
  return asked == 0 ? kDefaultPage : std::min(asked, kMaxPage);
}

v1::RestKind ToProto(RestKind kind) {
  switch (kind) {
    case RestKind::kNothing:
      return v1::REST_KIND_UNSPECIFIED;
    case RestKind::kEnded:
      return v1::REST_KIND_ENDED;
    case RestKind::kService:
      return v1::REST_KIND_SERVICE;
    case RestKind::kGranted:
      return v1::REST_KIND_GRANTED;
    case RestKind::kApplication:
      return v1::REST_KIND_APPLICATION;
    case RestKind::kOutside:
      return v1::REST_KIND_OUTSIDE;
    case RestKind::kSolution:
      return v1::REST_KIND_INDIVIDUAL_SOLUTION;
    case RestKind::kOpened:
      return v1::REST_KIND_OPENED;
  }
  return v1::REST_KIND_UNSPECIFIED;
}

std::optional<RestKind> FromProto(v1::RestKind kind) {
  for (const RestKind known : {RestKind::kEnded, RestKind::kService, RestKind::kGranted, RestKind::kApplication,
                               RestKind::kOutside, RestKind::kSolution, RestKind::kOpened}) {
    if (ToProto(known) == kind) return known;
  }
  return std::nullopt;
}

v1::Rest ToProto(const Rest& rest, absl::CivilDay today) {
  v1::Rest shown;
  shown.set_kind(ToProto(rest.kind));
  if (rest.due) *shown.mutable_due_day() = dossier::ToDate(*rest.due);
  shown.set_overdue(rest.due && *rest.due < today);
  return shown;
}

// Categories that the case has and that are not shown to this caller.
void AddWithheld(const CaseFile& file, const std::set<Category>& allowed, v1::Case& shown) {
  std::set<int> withheld;
  for (const dossier::Event& event : file.events) {
    for (const wire::SectionRef& ref : event.header.sections()) {
      if (!allowed.contains(ToCategory(ref.category()))) withheld.insert(ref.category());
    }
  }
  if (!file.person) withheld.insert(wire::CATEGORY_IDENTITY);
  if (!file.contact) withheld.insert(wire::CATEGORY_CONTACT);
  for (const int category : withheld) shown.add_withheld(static_cast<wire::Category>(category));
}

void AddParties(const wire::LogState& log, v1::Case& shown) {
  for (const wire::Party& from : log.parties()) {
    v1::CaseParty& to = *shown.add_parties();
    to.set_member(from.member());
    to.set_relation(from.grant().relation());
    *to.mutable_categories() = from.grant().categories();
    if (from.has_from_day()) *to.mutable_from_day() = from.from_day();
    if (from.has_to_day()) *to.mutable_to_day() = from.to_day();
    to.set_ended(from.ended());
  }
}

// The filter is part of the token, so that a page goes on with what it began with.
std::string FilterText(const v1::ListCasesRequest& request) {
  v1::ListCasesRequest filter = request;
  filter.clear_page_token();
  filter.clear_page_size();
  return crypto::Hasher("page").Raw(filter.SerializeAsString()).Finish().Hex().substr(0, 16);
}

v1::Access ToAccess(const audit::Leaf& leaf, const std::string& self) {
  v1::Access access;
  access.set_agency(self);
  *access.mutable_time() = dossier::ToTimestamp(leaf.entry.time);
  access.set_actor(leaf.entry.actor);
  access.set_action(leaf.entry.action);
  access.set_purpose(leaf.entry.purpose);
  access.set_legal_basis(leaf.entry.legal_basis);
  return access;
}

absl::StatusOr<std::vector<v1::Access>> ReadAccesses(storage::Reader& reader, const std::string& dossier,
                                                     const std::string& self) {
  std::vector<v1::Access> accesses;
  for (std::uint64_t first = 0;;) {
    TEILHABE_ASSIGN_OR_RETURN(const auto leaves, audit::Entries(reader, dossier, first, audit::kMaxPage));
    for (const audit::Leaf& leaf : leaves) accesses.push_back(ToAccess(leaf, self));
    if (static_cast<std::int64_t>(leaves.size()) < audit::kMaxPage) return accesses;
    first = leaves.back().index + 1;
  }
}

// Everybody who is or was party: whoever wrote, was asked, or was admitted.
std::set<std::string> EverParty(const CaseFile& file) {
  std::set<std::string> members;
  for (const dossier::Event& event : file.events) {
    const wire::EventHeader& header = event.header;
    members.insert(header.author());
    for (const std::string& to :
         {header.announced().to(), header.offered().to(), header.forwarded().to(), header.party_admitted().member()}) {
      if (!to.empty()) members.insert(to);
    }
  }
  return members;
}

}  // namespace

absl::StatusOr<v1::Case> Cases::Get(const Actor& actor, const std::string& dossier) {
  v1::Case shown;
  const absl::Status viewed =
      View(actor, "get-case", dossier,
           [&](dossier::Unit& unit, const CaseFile& file, const std::set<Category>& allowed) -> absl::Status {
             shown.Clear();
             const wire::LogState& log = file.log;
             const absl::CivilDay today = Today();
             shown.set_case_(dossier);
             shown.set_head(log.head());
             shown.set_sequence(log.sequence());
             shown.set_holder(log.holder());
             shown.set_standing(participants::ToProto(dossier::StandingOf(log, self(), false)));
             for (const Leistender& leistender : RolesOn(file.folded, today).leistende) {
               shown.add_leistende_traeger(leistender.agency);
             }
             *shown.mutable_rest() = ToProto(RestOf(file.folded, today), today);
             if (allowed.contains(Category::kIdentity)) {
               if (file.person) *shown.mutable_person() = *file.person;
               for (const auto& [sequence, who] : file.representations) *shown.add_representations() = who;
             }
             if (allowed.contains(Category::kContact) && file.contact) *shown.mutable_contact() = *file.contact;
             for (const v1::CaseStep& step : file.steps) *shown.add_steps() = step;
             AddParties(log, shown);
             AddWithheld(file, allowed, shown);
             if (log.has_offer()) {
               shown.set_offer_hash(log.offer().hash());
               shown.set_offered_to(log.offer().to());
             }
             // What the agency to which it was announced last said, as long as it waits for the case.
             for (const wire::Announcement& announcement : log.announcements()) {
               const wire::Party* const party = dossier::FindParty(log, announcement.to());
               if (party == nullptr || party->ended() || !party->names_only()) continue;
               TEILHABE_ASSIGN_OR_RETURN(const auto ready, dossiers_.ledger().ports().store.StatementsAbout(
                                                               unit.tx, dossier, wire::StatementHeader::kReady,
                                                               announcement.hash(), announcement.to()));
               if (!ready.empty()) *shown.mutable_missing() = ready.back().header.ready().missing();
             }
             TEILHABE_ASSIGN_OR_RETURN(const auto row, store_.Get(unit.tx, dossier));
             if (row) {
               shown.set_file_number(row->file_number);
               if (allowed.contains(Category::kIdentity)) shown.set_person_id(row->person_id);
             }
             return absl::OkStatus();
           });
  if (!viewed.ok()) return viewed;
  return shown;
}

absl::StatusOr<v1::ListCasesResponse> Cases::List(const Actor& actor, const v1::ListCasesRequest& request) {
  TEILHABE_ASSIGN_OR_RETURN(const int size, PageSize(request.page_size()));
  std::string after;
  if (!request.page_token().empty()) {
    const std::string filter = FilterText(request);
    if (request.page_token().size() != filter.size() + 32 || !request.page_token().starts_with(filter)) {
      return FieldError(absl::StatusCode::kInvalidArgument, "PAGE_TOKEN", "page_token", "it is of another request");
    }
    after = request.page_token().substr(filter.size());
  }
  CaseFilter filter{request.held(), {}, FromProto(request.rest()), request.file_number()};
  if (request.has_due_by()) {
    TEILHABE_ASSIGN_OR_RETURN(filter.due_by, ToDay(request.due_by(), "due_by"));
  }
  // Without data of persons, yet for a purpose, and logged as one access that concerns no single case.
  TEILHABE_ASSIGN_OR_RETURN(const auto allowed, MayRead(actor.role, actor.caller.purpose, Relation::kHolder));
  v1::ListCasesResponse response;
  const absl::Status listed = dossiers_.Commit([&](dossier::Unit& unit) -> absl::Status {
    response.Clear();
    const dossier::Store& store = dossiers_.ledger().ports().store;
    TEILHABE_ASSIGN_OR_RETURN(const auto rows, store_.List(unit.tx, filter, after, size + 1));
    for (const CaseRow& row : rows) {
      if (&row - rows.data() == size) {
        response.set_next_page_token(FilterText(request) + rows[static_cast<std::size_t>(size) - 1].dossier);
        break;
      }
      TEILHABE_ASSIGN_OR_RETURN(const wire::LogState log, store.State(unit.tx, row.dossier));
      // As GetCase: who is no party, or no longer, has no such case.
      if (!MayRead(actor.role, actor.caller.purpose, RelationTo(log)).ok()) continue;
      v1::CaseSummary& summary = *response.add_cases();
      summary.set_case_(row.dossier);
      summary.set_file_number(row.file_number);
      summary.set_holder(row.holder);
      summary.set_standing(participants::ToProto(dossier::StandingOf(log, self(), false)));
      *summary.mutable_rest() = ToProto({row.rest, row.due}, Today());
      if (row.stage) summary.set_stage(participants::ToProto(*row.stage));
      if (allowed.contains(Category::kIdentity)) summary.set_person_id(row.person_id);
    }
    return dossiers_.desk().Note(unit, actor.caller, "list-cases", "");
  });
  if (!listed.ok()) return listed;
  return response;
}

absl::StatusOr<v1::GetTimelineResponse> Cases::Timeline(const Actor& actor, const v1::GetTimelineRequest& request) {
  TEILHABE_ASSIGN_OR_RETURN(const int size, PageSize(request.page_size()));
  const std::string& dossier = request.case_();
  CaseFile seen;
  std::vector<dossier::Statement> statements;
  const absl::Status viewed =
      View(actor, "get-timeline", dossier,
           [&](dossier::Unit& unit, const CaseFile& file, const std::set<Category>&) -> absl::Status {
             TEILHABE_ASSIGN_OR_RETURN(statements, dossiers_.ledger().ports().store.Statements(unit.tx, dossier));
             seen = file;
             return absl::OkStatus();
           });
  if (!viewed.ok()) return viewed;
  return MakeTimeline(seen, statements, size,
                      request.page_token());  // Costly in a long case, and no transaction waits for it.
}

absl::StatusOr<v1::ListAccessesResponse> Cases::ListAccesses(const Actor& actor, const std::string& dossier) {
  std::vector<v1::Access> accesses;
  std::set<std::string> others;
  const absl::Status viewed =
      View(actor, "list-accesses", dossier,
           [&](dossier::Unit& unit, const CaseFile& file, const std::set<Category>&) -> absl::Status {
             TEILHABE_ASSIGN_OR_RETURN(accesses, ReadAccesses(unit.tx, dossier, self()));
             others = EverParty(file);
             return absl::OkStatus();
           });
  if (!viewed.ok()) return viewed;
  others.erase(self());
  v1::ListAccessesResponse response;
  for (const std::string& member : others) {
    if (!dossiers_.ledger().ports().members.HasNode(member)) continue;
    v1::ListOwnAccessesRequest request;
    request.set_case_(dossier);
    auto answer = peers_.ListOwnAccesses(member, request);
    if (!answer.ok()) {
      v1::SilentAgency& silent = *response.add_silent();
      silent.set_agency(member);
      silent.set_reason(GetReason(answer.status()));
      continue;
    }
    for (v1::Access& access : *answer->mutable_accesses()) accesses.push_back(std::move(access));
  }
  std::stable_sort(accesses.begin(), accesses.end(), [](const v1::Access& a, const v1::Access& b) {
    return std::pair(a.time().seconds(), a.time().nanos()) < std::pair(b.time().seconds(), b.time().nanos());
  });
  for (v1::Access& access : accesses) *response.add_accesses() = std::move(access);
  return response;
}

absl::StatusOr<v1::ListOwnAccessesResponse> Cases::OwnAccesses(const std::string& member, const std::string& dossier) {
  v1::ListOwnAccessesResponse response;
  Actor actor;
  actor.caller.actor = absl::StrCat("member/", member);
  actor.caller.purpose = "information";
  actor.caller.legal_basis = std::string(LegalBasisOf("information"));
  const absl::Status read = dossiers_.Commit([&](dossier::Unit& unit) -> absl::Status {
    response.Clear();
    const dossier::Store& store = dossiers_.ledger().ports().store;
    TEILHABE_ASSIGN_OR_RETURN(const wire::LogState log, store.State(unit.tx, dossier));
    const auto unknown = [] {
      return FieldError(absl::StatusCode::kNotFound, "CASE_UNKNOWN", "case", "this agency has no such case");
    };
    // An ended party answers too: what it has logged remains.
    if (log.sequence() == 0 || log.class_() != wire::DOSSIER_CLASS_CASE) return unknown();
    TEILHABE_ASSIGN_OR_RETURN(const CaseFile file, ReadCase(unit.tx, dossiers_.ledger(), log));
    // Who asks may have become a party after this node's part ended; then it is the holder that vouches, and asks.
    if (!EverParty(file).contains(member)) return unknown();
    TEILHABE_ASSIGN_OR_RETURN(const std::int64_t asked,
                              store_.CountQuestion(unit.tx, absl::StrCat("accesses/", member), Today()));
    if (asked > kAccessQuestionsADay) {
      return ReasonError(absl::StatusCode::kResourceExhausted, "QUOTA_EXHAUSTED",
                         "too many questions of this member today");
    }
    TEILHABE_ASSIGN_OR_RETURN(const auto accesses, ReadAccesses(unit.tx, dossier, self()));
    for (const v1::Access& access : accesses) *response.add_accesses() = access;
    return dossiers_.desk().Note(unit, actor.caller, "list-accesses", dossier);
  });
  if (!read.ok()) return read;
  return response;
}

absl::StatusOr<v1::VerifyAccessLogResponse> Cases::VerifyAccessLog(const Actor& actor) {
  TEILHABE_RETURN_IF_ERROR(MayRead(actor.role, actor.caller.purpose, Relation::kHolder).status());
  TEILHABE_ASSIGN_OR_RETURN(const audit::Checkpoint head, dossiers_.VerifyAccessLog());
  v1::VerifyAccessLogResponse response;
  response.set_size(static_cast<std::int64_t>(head.size));
  response.set_root(std::string(head.root.bytes()));
  return response;
}

}  // namespace teilhabe::participants
