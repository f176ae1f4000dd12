#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace teilhabe::ctl {

// The whole of a file, or of standard input where `path` is `-`. Errors: kInvalidArgument, INPUT_UNREADABLE with the
// field `input`: it does not exist, may not be read, is a folder.
absl::StatusOr<std::string> ReadInput(const std::string& path);

}  // namespace teilhabe::ctl
