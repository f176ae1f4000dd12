#include "common/dossier/relations.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>

#include "common/base/check.h"
#include "common/base/csv.h"
#include "common/base/reason.h"
#include "common/dossier/days.h"
#include "common/dossier/holder.h"
#include "embedded/dossier.h"

namespace teilhabe::dossier {
namespace {

// Columns of relations.csv that are categories, as the enum has them from IDENTITY on.
constexpr std::array<std::string_view, 9> kColumns = {"identity", "contact", "needs", "medical", "plan",
                                                      "course",   "money",   "staff", "public"};

struct Relation {
  bool transfer = false;
  std::array<Share, kColumns.size()> shares{};
};

Share ReadShare(const std::string& cell) {
  if (cell == "no") return Share::kNo;
  if (cell == "part") return Share::kPart;
  TEILHABE_CHECK(cell == "yes");
  return Share::kYes;
}

const std::map<std::string, Relation, std::less<>>& Table() {
  static const auto* const table = [] {
    auto* const read = new std::map<std::string, Relation, std::less<>>;
    const auto csv = CsvTable::Parse(embedded::dossier::relations_csv());
    TEILHABE_CHECK(csv.ok());
    const auto names = csv->Columns({"relation", "transfer"});
    const auto categories = csv->Columns({kColumns.begin(), kColumns.end()});
    TEILHABE_CHECK(names.ok() && categories.ok());
    for (const auto& row : csv->rows()) {
      Relation relation{ReadShare(row[(*names)[1]]) == Share::kYes, {}};
      for (std::size_t i = 0; i < kColumns.size(); ++i) relation.shares[i] = ReadShare(row[(*categories)[i]]);
      TEILHABE_CHECK(read->emplace(row[(*names)[0]], relation).second);
    }
    return read;
  }();
  return *table;
}

const Relation* Find(std::string_view relation) {
  const auto found = Table().find(relation);
  return found == Table().end() ? nullptr : &found->second;
}

bool Grants(const v1::Grant& grant, v1::Category category) {
  return std::find(grant.categories().begin(), grant.categories().end(), category) != grant.categories().end();
}

}  // namespace

Share MostOf(std::string_view relation, v1::Category category) {
  const Relation* const row = Find(relation);
  if (row == nullptr) return Share::kNo;
  if (category == v1::CATEGORY_PROCEDURE) return Share::kYes;
  const int column = category - v1::CATEGORY_IDENTITY;
  if (column < 0 || column >= static_cast<int>(kColumns.size())) return Share::kNo;
  return row->shares[static_cast<std::size_t>(column)];
}

bool IsTransfer(std::string_view relation) {
  const Relation* const row = Find(relation);
  return row != nullptr && row->transfer;
}

absl::Status CheckGrant(const v1::Grant& grant, std::string_view field) {
  if (Find(grant.relation()) == nullptr) {
    return FieldError(absl::StatusCode::kFailedPrecondition, "GRANT_INVALID", field, "there is no such relation");
  }
  for (const int category : grant.categories()) {
    if (MostOf(grant.relation(), static_cast<v1::Category>(category)) == Share::kNo) {
      return FieldError(absl::StatusCode::kFailedPrecondition, "GRANT_INVALID", field,
                        "the relation does not have all of these categories");
    }
  }
  if (Grants(grant, v1::CATEGORY_MEDICAL) == grant.medical_basis().empty()) {
    return FieldError(absl::StatusCode::kFailedPrecondition, "MEDICAL_BASIS_MISSING", field,
                      "medical data need a basis under § 76 SGB X, and only they");
  }
  return absl::OkStatus();
}

bool MaySee(const v1::LogState& log, std::string_view member, std::int64_t sequence, const v1::SectionRef& section,
            absl::CivilDay day) {
  if (section.category() == v1::CATEGORY_PUBLIC) return true;
  if (log.holder() == member) {
    // What was left out at the handover stays left out, also when the former holder sends old events again.
    return !log.has_holder_grant() || sequence >= log.holder_since_sequence() ||
           section.category() == v1::CATEGORY_PROCEDURE || Grants(log.holder_grant(), section.category());
  }
  // A handover carries what its table names, older sections too.
  if (log.has_offer() && log.offer().to() == member) {
    if (section.category() == v1::CATEGORY_PROCEDURE || Grants(log.offer().grant(), section.category())) return true;
  }
  const v1::Party* const party = FindParty(log, member);
  if (party == nullptr || party->ended()) return false;
  if (party->has_from_day() && day < ToCivil(party->from_day())) return false;
  if (party->has_to_day() && day > ToCivil(party->to_day())) return false;
  if (section.category() == v1::CATEGORY_PROCEDURE) return true;
  for (const v1::ReleasedSection& released : party->released()) {
    if (released.sequence() == sequence && released.name() == section.name()) return true;
  }
  return !party->names_only() && sequence >= party->since_sequence() && Grants(party->grant(), section.category());
}

}  // namespace teilhabe::dossier
