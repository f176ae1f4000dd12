#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "google/protobuf/message.h"

namespace teilhabe::ctl {

enum class Format { kTable, kJson, kCsv };

// Exit codes of the program, for scripts.
enum ExitCode : int {
  kExitOk = 0,  // Undetermined answers too; the output says so.
  kExitUnexpected = 1,
  kExitWrongCall = 2,
  kExitNotFound = 3,
  kExitRejected = 4,  // By a rule.
  kExitUnreachable = 5,
  kExitProtocol = 6,  // The node answered what the contract does not allow.
};

// Prints an error to standard error, what is wrong, the field, what to do next, and returns the exit code for it.
int PrintError(const absl::Status& status);
// The same of what may have gone well.
int ExitOf(const absl::Status& status);

// Rows under a header: aligned on a terminal, separated by tabs in a pipe; with kCsv as CSV.
void PrintTable(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows,
                Format format);

// Letters, not bytes: German texts hold two-byte letters.
std::size_t TextWidth(const std::string& text);

// One message as JSON with the contract's own field names.
void PrintJson(const google::protobuf::Message& message);
std::string ToJson(const google::protobuf::Message& message, bool pretty);

// The next useful command, as the last line for a person; nothing in a pipe.
void PrintNext(std::string_view command);

}  // namespace teilhabe::ctl
