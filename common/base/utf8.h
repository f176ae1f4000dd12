#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace teilhabe {

// How many bytes at the start of `text` are valid UTF-8: no letter cut short, no overlong form, no surrogate.
std::size_t ValidUtf8Prefix(std::string_view text);

inline bool IsUtf8(std::string_view text) { return ValidUtf8Prefix(text) == text.size(); }

// The text with U+FFFD in place of each byte that is no part of a letter, e.g. where a text was cut to a length.
// Protocol Buffers refuse to read a string that is not UTF-8, and with it the whole message.
std::string ReplaceInvalidUtf8(std::string_view text);

}  // namespace teilhabe
