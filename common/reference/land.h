#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "absl/status/statusor.h"

namespace teilhabe::reference {

// The 16 Länder; the value is the number that starts every key of a place.
enum class Land : std::uint8_t {
  kSchleswigHolstein = 1,
  kHamburg = 2,
  kNiedersachsen = 3,
  kBremen = 4,
  kNordrheinWestfalen = 5,
  kHessen = 6,
  kRheinlandPfalz = 7,
  kBadenWuerttemberg = 8,
  kBayern = 9,
  kSaarland = 10,
  kBerlin = 11,
  kBrandenburg = 12,
  kMecklenburgVorpommern = 13,
  kSachsen = 14,
  kSachsenAnhalt = 15,
  kThueringen = 16,
};

inline constexpr std::size_t kLandCount = 16;
// All Länder in the order of their numbers.
extern const std::array<Land, kLandCount> kLaender;

// The number as two digits: "05".
std::string_view LandCode(Land land);
// The German name: "Nordrhein-Westfalen".
std::string_view LandName(Land land);
// Reads two digits, "01" to "16". Errors: kInvalidArgument, LAND_UNKNOWN with `field`.
absl::StatusOr<Land> ParseLand(std::string_view code, std::string_view field = "land");

}  // namespace teilhabe::reference
