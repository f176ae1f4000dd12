#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace teilhabe::participants {

// A Land text that overlays federal law: policies.csv. One with signatories is a joint document of that name, in force
// from the day of its last signature (N-17); until then, and without such a dossier, federal law alone applies.
struct Policy {
  std::string id;
  std::string land;                      // 2 digits.
  std::vector<std::string> signatories;  // Member ids; empty: in force by its own day, for agencies of the Land.
  std::string name;

  bool Binds(std::string_view member) const;
  // Whether a joint document with these signatories is this policy: all of its parties, and nobody else.
  bool IsSignedBy(std::vector<std::string> members) const;
};

const std::vector<Policy>& Policies();
// Null: there is no such policy.
const Policy* FindPolicy(std::string_view id);

}  // namespace teilhabe::participants
