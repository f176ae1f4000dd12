#include "common/trust/gate.h"

#include "absl/strings/str_cat.h"
#include "common/base/check.h"
#include "common/base/csv.h"
#include "common/base/reason.h"
#include "common/base/strings.h"
#include "embedded/trust.h"

namespace teilhabe::trust {
namespace {

bool Cell(const std::string& text) {
  TEILHABE_CHECK(text == "yes" || text == "no");
  return text == "yes";
}

}  // namespace

const Gate& Gate::Embedded() {
  static const auto* const gate = [] {
    const auto table = CsvTable::Parse(embedded::trust::gate_csv());
    TEILHABE_CHECK(table.ok());
    const auto at = table->Columns({"method", "foreign_node", "own_node", "own_service", "own_system", "own_official",
                                    "own_guest", "own_person", "context"});
    TEILHABE_CHECK(at.ok());
    auto* const made = new Gate();
    for (const auto& row : table->rows()) {
      Row& read = made->rows_.emplace_back();
      read.method = row[(*at)[0]];
      read.foreign_node = Cell(row[(*at)[1]]);
      for (std::size_t kind = 0; kind < kIdentityKindCount; ++kind) read.own[kind] = Cell(row[(*at)[2 + kind]]);
      read.context = Cell(row[(*at)[8]]);
    }
    return made;
  }();
  return *gate;
}

const Gate::Row* Gate::Find(std::string_view method) const {
  for (const Row& row : rows_) {
    if (row.method == method) return &row;
  }
  return nullptr;
}

absl::Status Gate::Check(const Identity& caller, std::string_view agency, std::string_view method) const {
  const Row* row = Find(method);
  const bool own = caller.agency == agency;
  const bool allowed = row != nullptr && (own ? row->own[static_cast<int>(caller.kind)]
                                              : caller.kind == IdentityKind::kNode && row->foreign_node);
  if (allowed) return absl::OkStatus();
  return ReasonError(absl::StatusCode::kPermissionDenied, "METHOD_NOT_ALLOWED",
                     absl::StrCat(own ? "an identity of the kind " : "a foreign identity of the kind ",
                                  ToAbsl(KindName(caller.kind)), " may not call this method here"));
}

bool Gate::NeedsContext(std::string_view method) const {
  const Row* row = Find(method);
  return row == nullptr || row->context;
}

std::vector<std::string_view> Gate::Methods() const {
  std::vector<std::string_view> methods;
  for (const Row& row : rows_) methods.push_back(row.method);
  return methods;
}

}  // namespace teilhabe::trust
