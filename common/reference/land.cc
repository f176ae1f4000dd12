#include "common/reference/land.h"

#include "common/base/reason.h"

namespace teilhabe::reference {
namespace {

struct Names {
  std::string_view code;
  std::string_view name;
};
constexpr std::array<Names, kLandCount> kNames = {{{"01", "Schleswig-Holstein"},
                                                   {"02", "Hamburg"},
                                                   {"03", "Niedersachsen"},
                                                   {"04", "Bremen"},
                                                   {"05", "Nordrhein-Westfalen"},
                                                   {"06", "Hessen"},
                                                   {"07", "Rheinland-Pfalz"},
                                                   {"08", "Baden-Württemberg"},
                                                   {"09", "Bayern"},
                                                   {"10", "Saarland"},
                                                   {"11", "Berlin"},
                                                   {"12", "Brandenburg"},
                                                   {"13", "Mecklenburg-Vorpommern"},
                                                   {"14", "Sachsen"},
                                                   {"15", "Sachsen-Anhalt"},
                                                   {"16", "Thüringen"}}};

const Names& Of(Land land) { return kNames[static_cast<std::size_t>(land) - 1]; }

}  // namespace

constexpr std::array<Land, kLandCount> kLaender = {Land::kSchleswigHolstein,
                                                   Land::kHamburg,
                                                   Land::kNiedersachsen,
                                                   Land::kBremen,
                                                   Land::kNordrheinWestfalen,
                                                   Land::kHessen,
                                                   Land::kRheinlandPfalz,
                                                   Land::kBadenWuerttemberg,
                                                   Land::kBayern,
                                                   Land::kSaarland,
                                                   Land::kBerlin,
                                                   Land::kBrandenburg,
                                                   Land::kMecklenburgVorpommern,
                                                   Land::kSachsen,
                                                   Land::kSachsenAnhalt,
                                                   Land::kThueringen};

std::string_view LandCode(Land land) { return Of(land).code; }
std::string_view LandName(Land land) { return Of(land).name; }

absl::StatusOr<Land> ParseLand(std::string_view code, std::string_view field) {
  for (const Land land : kLaender) {
    if (LandCode(land) == code) return land;
  }
  return FieldError(absl::StatusCode::kInvalidArgument, "LAND_UNKNOWN", field,
                    "not a Land; send its two digits, 01 (Schleswig-Holstein) to 16 (Thüringen)");
}

}  // namespace teilhabe::reference
