#include "services/participants/domain/access.h"

#include <array>
#include <map>
#include <string>

#include "absl/strings/str_split.h"
#include "common/base/check.h"
#include "common/base/csv.h"
#include "common/base/reason.h"
#include "embedded/participants.h"

namespace teilhabe::participants {
namespace {

constexpr std::array<std::string_view, 4> kRoles = {"system", "official", "guest", "person"};
// Columns that are categories, as the enum has them.
constexpr std::array<std::string_view, kLastCategory> kColumns = {
    "procedure", "identity", "contact", "needs", "medical", "plan", "course", "money", "staff", "public"};

struct Purpose {
  std::set<CallerRole> roles;
  bool write = false;
  bool after =
      false;  // Shows a former holder or ended party what it had: what it issued, paid and stores stays its own.
  std::set<Category> categories;
  std::string legal_basis;
};

bool ReadYes(const std::string& cell) {
  TEILHABE_CHECK(cell == "yes" || cell == "no");
  return cell == "yes";
}

CallerRole ReadRole(std::string_view word) {
  for (std::size_t at = 0; at < kRoles.size(); ++at) {
    if (kRoles[at] == word) return static_cast<CallerRole>(at);
  }
  TEILHABE_CHECK(false);
  return CallerRole::kPerson;
}

const std::map<std::string, Purpose, std::less<>>& Table() {
  static const auto* const table = [] {
    auto* const read = new std::map<std::string, Purpose, std::less<>>;
    const auto csv = CsvTable::Parse(embedded::participants::purposes_csv());
    TEILHABE_CHECK(csv.ok());
    const auto words = csv->Columns({"purpose", "roles", "write", "legal_basis", "after"});
    const auto categories = csv->Columns({kColumns.begin(), kColumns.end()});
    TEILHABE_CHECK(words.ok() && categories.ok());
    for (const auto& row : csv->rows()) {
      Purpose purpose;
      for (const std::string& role : std::vector<std::string>(absl::StrSplit(row[(*words)[1]], ' '))) {
        purpose.roles.insert(ReadRole(role));
      }
      purpose.write = ReadYes(row[(*words)[2]]);
      purpose.legal_basis = row[(*words)[3]];
      purpose.after = ReadYes(row[(*words)[4]]);
      for (std::size_t at = 0; at < kColumns.size(); ++at) {
        if (ReadYes(row[(*categories)[at]])) purpose.categories.insert(static_cast<Category>(at + 1));
      }
      TEILHABE_CHECK(read->emplace(row[(*words)[0]], std::move(purpose)).second);
    }
    return read;
  }();
  return *table;
}

absl::StatusOr<const Purpose*> PurposeFor(CallerRole role, std::string_view purpose) {
  if (purpose.empty()) {
    return FieldError(absl::StatusCode::kPermissionDenied, "PURPOSE_MISSING", "purpose",
                      "say for what: metadata `teilhabe-purpose`");
  }
  const auto found = Table().find(purpose);
  if (found == Table().end() || !found->second.roles.contains(role)) {
    return FieldError(absl::StatusCode::kPermissionDenied, "PURPOSE_NOT_ALLOWED", "purpose",
                      "there is no such purpose, or not for this role");
  }
  return &found->second;
}

}  // namespace

absl::StatusOr<std::set<Category>> MayRead(CallerRole role, std::string_view purpose, Relation relation) {
  auto allowed = PurposeFor(role, purpose);
  // A non-party learns nothing, not even what a purpose would have been good for.
  const bool over = relation == Relation::kEndedParty && !(allowed.ok() && (*allowed)->after);
  if (relation == Relation::kNone || over) {
    return FieldError(absl::StatusCode::kNotFound, "CASE_UNKNOWN", "case", "this agency has no such case");
  }
  if (!allowed.ok()) return allowed.status();
  std::set<Category> categories = (*allowed)->categories;
  if (relation == Relation::kFormerHolder && !(*allowed)->after) {
    std::erase_if(categories,
                  [](Category category) { return category != Category::kProcedure && category != Category::kPublic; });
  }
  return categories;
}

absl::Status MayWrite(CallerRole role, std::string_view purpose) {
  const auto allowed = PurposeFor(role, purpose);
  if (!allowed.ok()) return allowed.status();
  if (!(*allowed)->write) {
    return FieldError(absl::StatusCode::kPermissionDenied, "PURPOSE_NOT_ALLOWED", "purpose",
                      "nothing is written for it");
  }
  return absl::OkStatus();
}

std::string_view LegalBasisOf(std::string_view purpose) {
  const auto found = Table().find(purpose);
  return found == Table().end() ? std::string_view() : found->second.legal_basis;
}

}  // namespace teilhabe::participants
