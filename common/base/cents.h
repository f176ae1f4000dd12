#pragma once

#include <compare>
#include <cstdint>

namespace teilhabe {

// Euro cents: who rounds, and where, is a legal question.
class Cents {
 public:
  constexpr Cents() = default;
  constexpr explicit Cents(std::int64_t value) : value_(value) {}
  constexpr std::int64_t value() const { return value_; }
  friend constexpr auto operator<=>(Cents, Cents) = default;
  friend constexpr Cents operator+(Cents a, Cents b) { return Cents(a.value_ + b.value_); }
  friend constexpr Cents operator-(Cents a, Cents b) { return Cents(a.value_ - b.value_); }

 private:
  std::int64_t value_ = 0;
};

}  // namespace teilhabe
