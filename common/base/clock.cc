#include "common/base/clock.h"

#include "common/base/check.h"

namespace teilhabe {
namespace {

struct Berlin {
  absl::TimeZone zone;
  bool loaded = absl::LoadTimeZone("Europe/Berlin", &zone);
};

const Berlin& TheBerlin() {
  static const Berlin berlin;
  return berlin;
}

}  // namespace

bool CheckTimeZone() { return TheBerlin().loaded; }

absl::CivilDay LegalDay(absl::Time instant) {
  TEILHABE_CHECK(TheBerlin().loaded);
  return absl::ToCivilDay(instant, TheBerlin().zone);
}

}  // namespace teilhabe
