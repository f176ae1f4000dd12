#pragma once

#include <filesystem>
#include <string_view>

#include "absl/status/status.h"

namespace teilhabe {

// Replaces a file in one step: written beside it, synced, renamed, the folder synced. Afterwards either the old or the
// new text is there, whatever happens. Mode 0600. Errors: kUnavailable, FILE_UNWRITABLE with the file's name as field.
absl::Status WriteDurably(const std::filesystem::path& path, std::string_view text);

}  // namespace teilhabe
