#pragma once

namespace teilhabe::law {

// Three-valued: what is not known is neither yes nor no (Kleene's logic).
enum class Truth : unsigned char { kNo, kYes, kUnknown };

constexpr Truth ToTruth(bool value) { return value ? Truth::kYes : Truth::kNo; }
constexpr Truth Not(Truth value) { return value == Truth::kUnknown ? value : ToTruth(value == Truth::kNo); }

// How strongly the source binds; fixes the severity of a finding: must = breach, soll = warning, kann = discretion.
enum class Force : unsigned char { kMust, kSoll, kKann };

}  // namespace teilhabe::law
