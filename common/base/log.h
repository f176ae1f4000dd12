#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <variant>

namespace teilhabe {

enum class LogLevel { kInfo, kWarning, kError };

// A value of a log line. There is no way to hand over a message or a fact set: what may be logged is named here, so
// that no person's data can get into a log.
using LogValue = std::variant<std::string_view, std::int64_t, bool>;
using LogFields = std::initializer_list<std::pair<std::string_view, LogValue>>;

// Writes one JSON object on one line to standard error: time, level, event, then the fields. Never throws; a field
// that is not UTF-8 is written with replacement characters.
void Log(LogLevel level, std::string_view event, LogFields fields = {});

}  // namespace teilhabe
