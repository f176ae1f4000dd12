#include "common/base/utf8.h"

namespace teilhabe {
namespace {

// Length of the letter that `text` begins with; 0 where it begins with none.
std::size_t LetterLength(std::string_view text) {
  const auto byte = [&text](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t at = 1; at < length; ++at) {
    if ((byte(at) & 0xC0) != 0x80) return 0;
  }
  // The second byte decides what the first alone cannot: overlong forms, surrogates, beyond U+10FFFF.
  const unsigned char second = byte(1);
  if (first == 0xE0 && second < 0xA0) return 0;
  if (first == 0xED && second > 0x9F) return 0;
  if (first == 0xF0 && second < 0x90) return 0;
  if (first == 0xF4 && second > 0x8F) return 0;
  return length;
}

}  // namespace

std::size_t ValidUtf8Prefix(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t length = LetterLength(text.substr(at));
    if (length == 0) break;
    at += length;
  }
  return at;
}

std::string ReplaceInvalidUtf8(std::string_view text) {
  std::string made;
  while (!text.empty()) {
    const std::size_t valid = ValidUtf8Prefix(text);
    made += text.substr(0, valid);
    text.remove_prefix(valid);
    if (text.empty()) break;
    made += "\xEF\xBF\xBD";
    text.remove_prefix(1);
  }
  return made;
}

}  // namespace teilhabe
