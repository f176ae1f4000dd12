#include "services/ctl/input.h"

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "common/base/reason.h"

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

}  // namespace teilhabe::ctl
