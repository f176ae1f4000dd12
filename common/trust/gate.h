#pragma once

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "common/trust/identity.h"

namespace teilhabe::trust {

// Who may call what: gate 1 of three (identity × method; party, purpose and category come later). The table is
// gate.csv; a method that is not in it may be called by nobody.
class Gate {
 public:
  // The embedded table. A broken one ends the process.
  static const Gate& Embedded();

  // OK if `caller` may call `method` (`teilhabe.carriers.v1.CarriersService/DetermineCompetence`) at a node of
  // `agency`. Errors: kPermissionDenied, METHOD_NOT_ALLOWED; the same for a method that does not exist.
  absl::Status Check(const Identity& caller, std::string_view agency, std::string_view method) const;

  // Whether an inner call of this method must carry a call context.
  bool NeedsContext(std::string_view method) const;

  // All methods of the table, for the test that holds it against the contracts.
  std::vector<std::string_view> Methods() const;

 private:
  struct Row {
    std::string method;
    bool foreign_node = false;          // Nodes of other members.
    bool own[kIdentityKindCount] = {};  // Identities of the agency itself.
    bool context = false;
  };
  const Row* Find(std::string_view method) const;

  std::vector<Row> rows_;
};

}  // namespace teilhabe::trust
