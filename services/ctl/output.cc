#include "services/ctl/output.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/csv.h"
#include "common/base/reason.h"
#include "common/base/strings.h"
#include "common/base/utf8.h"
#include "google/protobuf/util/json_util.h"

namespace teilhabe::ctl {
namespace {

struct CodeInfo {
  const char* word;
  ExitCode exit;
};

CodeInfo InfoOf(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
      return {"Rejected", kExitWrongCall};
    case absl::StatusCode::kNotFound:
      return {"Not found", kExitNotFound};
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kResourceExhausted:
      return {"Rejected", kExitRejected};
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
      return {"Unreachable", kExitUnreachable};
    case absl::StatusCode::kUnimplemented:
    case absl::StatusCode::kDataLoss:
      return {"Protocol violated", kExitProtocol};
    default:
      return {"Unexpected", kExitUnexpected};
  }
}

// What helps against an error: the next command to type.
std::string NextFor(const absl::Status& status) {
  static const auto* const next = new std::map<std::string, std::string>{
      {"FACT_UNKNOWN", "teilhabe carrier facts"},
      {"FACT_VALUE_INVALID", "teilhabe carrier facts"},
      {"FACTS_CONTRADICT", "teilhabe carrier facts"},
      {"METHOD_UNKNOWN", "teilhabe rpc --list"},
      {"CALL_INVALID", "teilhabe --help"},
      {"CASE_UNKNOWN", "teilhabe case list"},
      {"HANDOVER_INCOMPLETE", "record what is missing, or offer the case with --incomplete"},
      {"OFFER_NOT_OPEN", "teilhabe case show CASE"},
      {"PERSON_UNKNOWN", "teilhabe person find"},
      {"HEAD_MOVED", "teilhabe case show CASE"},
      {"OFFICIAL_REQUIRED", "the same with --official sb-1"},
      {"PURPOSE_NOT_ALLOWED", "the same with another --purpose"},
  };
  const auto details = GetDetails(status);
  if (const auto successor = details.find("successor"); successor != details.end()) {
    return absl::StrCat("ask for --municipality ", successor->second);
  }
  // Who is competent is named where it is known.
  if (const auto agency = details.find("agency"); GetReason(status) == "NOT_COMPETENT" && agency != details.end()) {
    return absl::StrCat("teilhabe case forward CASE --to ", agency->second, " --application N");
  }
  if (InfoOf(status.code()).exit == kExitUnreachable) {
    return "start a node (deploy/demo --keep leaves one running), or name it with --node HOST:PORT";
  }
  const auto found = next->find(GetReason(status));
  return found == next->end() ? "" : found->second;
}

}  // namespace

std::size_t TextWidth(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char byte) { return (byte & 0xC0) != 0x80; }));
}

int PrintError(const absl::Status& status) {
  const CodeInfo info = InfoOf(status.code());
  const std::string reason = GetReason(status);
  std::string message = ReplaceInvalidUtf8(ToStd(status.message()));
  if (message.empty()) message = absl::StatusCodeToString(status.code());
  std::fprintf(stderr, "✗ %s: %s%s\n", info.word, message.c_str(),
               reason.empty() ? "" : absl::StrCat(" [", reason, "]").c_str());
  if (const std::string field = GetField(status); !field.empty()) std::fprintf(stderr, "  Field: %s\n", field.c_str());
  // What the rule adds: its citation, what is missing, who is competent.
  for (auto& [key, value] : GetDetails(status)) {
    if (key == "field" || key == "successor") continue;
    const std::string name =
        key == "citation"
            ? "Warum"
            : absl::StrCat(std::string(1, absl::ascii_toupper(static_cast<unsigned char>(key[0]))), key.substr(1));
    std::fprintf(stderr, "  %s: %s\n", name.c_str(), ReplaceInvalidUtf8(value).c_str());
  }
  if (const std::string next = NextFor(status); !next.empty()) std::fprintf(stderr, "  Next:  %s\n", next.c_str());
  return info.exit;
}

int ExitOf(const absl::Status& status) { return status.ok() ? kExitOk : PrintError(status); }

void PrintTable(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows,
                Format format) {
  std::vector<std::vector<std::string>> lines = rows;
  lines.insert(lines.begin(), header);
  if (format == Format::kCsv) {
    for (const auto& line : lines) std::fputs(CsvLine(line).c_str(), stdout);
    return;
  }
  if (isatty(STDOUT_FILENO) == 0) {
    for (const auto& line : lines) std::printf("%s\n", absl::StrJoin(line, "\t").c_str());
    return;
  }
  std::vector<std::size_t> widths(header.size());
  for (const auto& line : lines) {
    for (std::size_t at = 0; at < line.size(); ++at) widths[at] = std::max(widths[at], TextWidth(line[at]));
  }
  for (const auto& line : lines) {
    std::string text;
    for (std::size_t at = 0; at < line.size(); ++at) {
      text += line[at];
      if (at + 1 < line.size()) text.append(widths[at] - TextWidth(line[at]) + 2, ' ');
    }
    std::printf("%s\n", text.c_str());
  }
}

std::string ToJson(const google::protobuf::Message& message, bool pretty) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.add_whitespace = pretty;
  std::string json;
  if (!google::protobuf::util::MessageToJsonString(message, &json, options).ok()) return "{}\n";
  return pretty ? json : json + "\n";
}

void PrintJson(const google::protobuf::Message& message) { std::fputs(ToJson(message, true).c_str(), stdout); }

void PrintNext(std::string_view command) {
  if (isatty(STDOUT_FILENO) != 0) std::printf("\nNext: %.*s\n", static_cast<int>(command.size()), command.data());
}

}  // namespace teilhabe::ctl
