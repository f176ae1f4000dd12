// teilhabe-rules --list: the rules of law and of the change of holder that a test build can switch off, for `tests/run
// --mutate`. One line each: the id, a tab, the requirements that a test shows it by (the column `tests` of the rule
// table, of all its rows).
#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/dossier/holder.h"
#include "services/carriers/domain/competence.h"
#include "services/eligibility/domain/admission.h"

int main(int argc, char** argv) {
  if (argc != 2 || std::string_view(argv[1]) != "--list") {
    std::fputs("usage: teilhabe-rules --list\n", stderr);
    return 2;
  }
  std::vector<std::pair<std::string, std::string>> rules;
  for (const auto* book : {&teilhabe::carriers::CompetenceRules::Embedded().book(),
                           &teilhabe::eligibility::AdmissionRules::Embedded().book()}) {
    for (const auto& rule : book->rules()) {
      const auto known =
          std::find_if(rules.begin(), rules.end(), [&rule](const auto& other) { return other.first == rule.id; });
      if (known == rules.end()) {
        rules.emplace_back(rule.id, rule.tests);
      } else if (known->second != rule.tests) {
        absl::StrAppend(&known->second, " ", rule.tests);
      }
    }
  }
  for (const std::string_view rule : teilhabe::dossier::kProtocolRules) rules.emplace_back(rule, "C_06");
  for (const auto& [id, tests] : rules) std::printf("%s\t%s\n", id.c_str(), tests.c_str());
  return 0;
}
