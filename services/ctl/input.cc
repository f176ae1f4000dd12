#include "services/ctl/input.h"

#include <cstdio>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "common/base/reason.h"
#include "common/base/spelling.h"
#include "common/base/strings.h"

namespace teilhabe::ctl {

absl::StatusOr<std::string> ReadInput(const std::string& path) {
  // Not a stream of the standard library: those throw where a folder is read.
  std::FILE* const file = path == "-" ? stdin : std::fopen(path.c_str(), "rb");
  std::string text;
  bool good = file != nullptr;
  if (good) {
    std::string part(std::size_t{64} << 10, '\0');
    while (const std::size_t got = std::fread(part.data(), 1, part.size(), file)) text.append(part, 0, got);
    good = std::ferror(file) == 0;
    if (file != stdin) std::fclose(file);
  }
  if (!good) {
    return FieldError(absl::StatusCode::kInvalidArgument, "INPUT_UNREADABLE", "input",
                      absl::StrCat("cannot read ", path == "-" ? "standard input" : path));
  }
  return text;
}

absl::StatusOr<int> FindEnumValue(const google::protobuf::EnumDescriptor& type, std::string_view prefix,
                                  std::string_view field, const std::string& text) {
  if (text.empty()) {
    return FieldError(absl::StatusCode::kInvalidArgument, "FIELD_REQUIRED", field,
                      absl::StrCat("the field ", ToAbsl(field), " is needed"));
  }
  std::vector<std::string> names;
  for (int at = 1; at < type.value_count(); ++at) {  // The first one is UNSPECIFIED.
    names.push_back(absl::AsciiStrToLower(absl::StripPrefix(type.value(at)->name(), ToAbsl(prefix))));
    if (names.back() == text) return type.value(at)->number();
  }
  const std::string_view near = NearestSpelling(text, {names.begin(), names.end()});
  return FieldError(absl::StatusCode::kInvalidArgument, "VALUE_UNKNOWN", field,
                    absl::StrCat("'", text.substr(0, 64), "' is no ", ToAbsl(field), "; ",
                                 near.empty() ? absl::StrCat("expected ", absl::StrJoin(names, ", "))
                                              : absl::StrCat("did you mean ", ToAbsl(near), "?")));
}

}  // namespace teilhabe::ctl
