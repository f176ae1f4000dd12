#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "common/base/day.h"

namespace teilhabe::providers {

enum class Stage : std::uint8_t { kEingangsverfahren, kBerufsbildungsbereich, kArbeitsbereich };
enum class ProviderType : std::uint8_t { kWfbm, kAla };

// What a Vereinbarung rests on. Source: requirement N-12, T-51.
enum class VereinbarungKind : std::uint8_t {
  kSgb9Paragraph125,  // Arbeitsbereich, with a Träger der Eingliederungshilfe.
  kRehaEvBbb,         // Eingangsverfahren and Berufsbildungsbereich, with BA, DRV or UV.
};

struct Provider {
  std::string id;  // Member id.
  std::string name;
  ProviderType type = ProviderType::kWfbm;
  std::set<Stage> stages;
  // Municipality keys or prefixes of them; empty for an aLA, which has no catchment area. Source: requirement T-50.
  std::vector<std::string> catchment;
  std::string seat;  // Municipality key.

  friend bool operator==(const Provider&, const Provider&) = default;
};

struct Vereinbarung {
  std::string id;  // Unique within the provider's dossier.
  VereinbarungKind kind = VereinbarungKind::kSgb9Paragraph125;
  std::string contracting_traeger;  // Member id.
  std::set<Stage> stages;
  DayRange valid;
  std::string basismodul;  // Version of the concept that is part of it; empty: none. Source: requirement N-12.
};

// What the directory says that a member is, as far as it matters for contracts.
struct MemberRoles {
  bool eingliederungshilfe = false;
  bool ba_drv_uv = false;
};

// The kind of Vereinbarung that a stage needs.
constexpr VereinbarungKind KindFor(Stage stage) {
  return stage == Stage::kArbeitsbereich ? VereinbarungKind::kSgb9Paragraph125 : VereinbarungKind::kRehaEvBbb;
}

// Who concludes a Vereinbarung of this kind. Source: § 123 Abs. 1, § 63 Abs. 1 SGB IX.
constexpr bool MayContract(VereinbarungKind kind, MemberRoles roles) {
  return kind == VereinbarungKind::kSgb9Paragraph125 ? roles.eingliederungshilfe : roles.ba_drv_uv;
}

}  // namespace teilhabe::providers
