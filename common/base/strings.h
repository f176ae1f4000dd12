#pragma once

#include <string_view>

#include "absl/strings/string_view.h"

namespace teilhabe {

// Debian's Abseil has a string_view of its own. Our interfaces take std::string_view; these convert at the edge.
inline absl::string_view ToAbsl(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view ToStd(absl::string_view text) { return {text.data(), text.size()}; }

}  // namespace teilhabe
