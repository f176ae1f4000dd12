#include "services/ctl/case_output.h"

#include <algorithm>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "common/base/strings.h"

namespace teilhabe::ctl {

void PrintNextFor(const Session& session, std::string_view command) {
  const Session standard;
  PrintNext(absl::StrCat("teilhabe ", session.as == standard.as ? "" : absl::StrCat("--as ", session.as, " "),
                         ToAbsl(command)));
}

void PrintWritten(const Session& session, const participants::v1::WriteAnswer& answer, std::string_view sentence,
                  std::string_view next) {
  const std::string entry = std::to_string(answer.head().sequence());
  if (session.format == Format::kJson) {
    PrintJson(answer);
  } else if (session.format == Format::kCsv) {
    PrintTable({"case", "entry"}, {{answer.head().dossier(), entry}}, Format::kCsv);
  } else {
    std::printf("✓ Eintrag %s: %.*s\n", entry.c_str(), static_cast<int>(sentence.size()), sentence.data());
    PrintNextFor(session, next);
  }
}

void PrintPairs(const std::vector<std::pair<std::string, std::string>>& pairs, Format format) {
  if (format == Format::kCsv) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& [what, value] : pairs) rows.push_back({what, value});
    PrintTable({"what", "value"}, rows, format);
    return;
  }
  std::size_t width = 0;
  for (const auto& pair : pairs) width = std::max(width, TextWidth(pair.first));
  const std::string* before = nullptr;
  for (const auto& [what, value] : pairs) {
    const std::string label = before != nullptr && *before == what ? "" : what;  // Said once for several values.
    std::printf("%s%s  %s\n", label.c_str(), std::string(width - TextWidth(label), ' ').c_str(), value.c_str());
    before = &what;
  }
}

}  // namespace teilhabe::ctl
