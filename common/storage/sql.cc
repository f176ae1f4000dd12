#include "common/storage/sql.h"

#include <algorithm>
#include <array>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"

namespace teilhabe::storage {
namespace {

// No BEGIN, COMMIT or SAVEPOINT (Transact does that), no PRAGMA or SET (the driver does that).
constexpr std::array<std::string_view, 9> kFirstWords = {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH",
                                                         "CREATE", "ALTER",  "DROP",   "LOCK"};

constexpr std::size_t kMaxValue = 64U << 20U;  // Bytes; both engines take more, and neither likes it.

absl::Status SqlInvalid(std::string_view message) {
  return ReasonError(absl::StatusCode::kInternal, "SQL_INVALID", message);
}

bool StartsAsAllowed(std::string_view sql) {
  std::string word;
  for (const char c : sql.substr(std::min(sql.find_first_not_of(" \n"), sql.size()))) {
    if (!absl::ascii_isalpha(static_cast<unsigned char>(c))) break;
    word += absl::ascii_toupper(static_cast<unsigned char>(c));
  }
  return std::find(kFirstWords.begin(), kFirstWords.end(), word) != kFirstWords.end();
}

// The end of the quoted text or comment that starts at `at`; `at` itself where none does; npos where it never ends.
std::size_t SkipQuoted(std::string_view sql, std::size_t at) {
  std::string_view end;
  std::size_t skip = 1;
  if (sql[at] == '\'') {
    end = "'";
  } else if (sql[at] == '"') {
    end = "\"";
  } else if (sql.substr(at, 2) == "--") {
    end = "\n";
  } else if (sql.substr(at, 2) == "/*") {
    end = "*/";
    skip = 2;
  } else {
    return at;
  }
  const std::size_t found = sql.find(end, at + skip);
  return found == std::string_view::npos ? found : found + end.size();
}

bool IsUtf8WithoutNul(std::string_view text) {
  const auto byte = [&text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  for (std::size_t i = 0; i < text.size();) {
    const unsigned lead = byte(i);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (lead == 0 || (lead >= 0x80 && lead < 0xC2) || lead > 0xF4 || length > text.size() - i) return false;
    for (std::size_t k = 1; k < length; ++k) {
      if ((byte(i + k) & 0xC0U) != 0x80) return false;
    }
    if (length > 2) {  // Overlong forms, surrogates, and what lies above U+10FFFF.
      const unsigned second = byte(i + 1);
      if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) || (lead == 0xF0 && second < 0x90) ||
          (lead == 0xF4 && second > 0x8F)) {
        return false;
      }
    }
    i += length;
  }
  return true;
}

absl::Status ParameterCount(std::size_t expected, std::size_t got) {
  return ReasonError(absl::StatusCode::kInternal, "PARAMETER_COUNT",
                     absl::StrCat("the statement uses ", expected, " parameters, ", got, " were given"));
}

}  // namespace

absl::StatusOr<Statement> PrepareSql(std::string_view sql, DatabaseKind kind) {
  if (!StartsAsAllowed(sql)) return SqlInvalid("a statement starts with SELECT, INSERT, ... (README.md)");
  Statement statement{.sql = {}, .parameters = 0};
  std::set<std::size_t> numbers;
  for (std::size_t i = 0; i < sql.size();) {
    std::size_t next = SkipQuoted(sql, i);
    if (next == std::string_view::npos) return SqlInvalid("a quote or comment does not end");
    if (next == i && sql[i] == '{') {
      constexpr std::string_view kBytes = "{BYTES}";
      if (sql.substr(i, kBytes.size()) != kBytes) return SqlInvalid("the only placeholder is {BYTES}");
      statement.sql += kind == DatabaseKind::kSqlite ? "BLOB" : "BYTEA";
      i += kBytes.size();
      continue;
    }
    if (next == i && sql[i] == '$') {
      next = std::min(sql.find_first_not_of("0123456789", i + 1), sql.size());
      std::uint32_t number = 0;
      if (!absl::SimpleAtoi(ToAbsl(sql.substr(i + 1, next - i - 1)), &number) || number == 0) {
        return SqlInvalid("a parameter is $1 or higher");
      }
      numbers.insert(number);
    }
    next = std::max(next, i + 1);
    statement.sql += sql.substr(i, next - i);
    i = next;
  }
  statement.parameters = numbers.size();
  if (!numbers.empty() && *numbers.rbegin() != numbers.size()) return ParameterCount(*numbers.rbegin(), numbers.size());
  return statement;
}

absl::Status CheckParams(std::size_t expected, const Params& params) {
  if (params.size() != expected) return ParameterCount(expected, params.size());
  for (const Value& value : params) {
    const auto* text = std::get_if<std::string>(&value);
    const auto* bytes = std::get_if<Bytes>(&value);
    if ((text != nullptr && text->size() > kMaxValue) || (bytes != nullptr && bytes->data.size() > kMaxValue)) {
      return ReasonError(absl::StatusCode::kInvalidArgument, "VALUE_TOO_LARGE", "store it in parts of at most 64 MiB");
    }
    if (text != nullptr && !IsUtf8WithoutNul(*text)) {
      return ReasonError(absl::StatusCode::kInvalidArgument, "TEXT_INVALID", "send text as UTF-8 without NUL");
    }
  }
  return absl::OkStatus();
}

}  // namespace teilhabe::storage
