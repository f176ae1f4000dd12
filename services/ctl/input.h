#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"

namespace teilhabe::ctl {

// The whole of a file, or of standard input where `path` is `-`. Errors: kInvalidArgument, INPUT_UNREADABLE with the
// field `input`: it does not exist, may not be read, is a folder.
absl::StatusOr<std::string> ReadInput(const std::string& path);

// The number of STAGE_ARBEITSBEREICH for `arbeitsbereich`, in an enum of the contracts whose values begin with
// `prefix`. Errors: kInvalidArgument with `field`: FIELD_REQUIRED; VALUE_UNKNOWN, with the nearest known value or all
// of them.
absl::StatusOr<int> FindEnumValue(const google::protobuf::EnumDescriptor& type, std::string_view prefix,
                                  std::string_view field, const std::string& text);

}  // namespace teilhabe::ctl
