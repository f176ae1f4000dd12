#pragma once

#include "services/providers/domain/provider.h"

namespace teilhabe::providers {

inline Provider SampleWfbm() {
  return {"wfbm-teutoburg",      "Teutoburger Werkstätten (erfunden)",
          ProviderType::kWfbm,   {Stage::kEingangsverfahren, Stage::kBerufsbildungsbereich, Stage::kArbeitsbereich},
          {"05711000", "05754"}, "05711000"};
}

inline Provider SampleAla() {
  return {"ala-senne", "Senne Berufliche Teilhabe (erfunden)", ProviderType::kAla, {Stage::kArbeitsbereich}, {},
          "05711000"};
}

// § 125 SGB IX with lwl, all of 2025.
inline Vereinbarung Sample125(const std::string& id = "ab-2025") {
  return {id,
          VereinbarungKind::kSgb9Paragraph125,
          "lwl",
          {Stage::kArbeitsbereich},
          {absl::CivilDay(2025, 1, 1), absl::CivilDay(2025, 12, 31)},
          ""};
}

// Eingangsverfahren and Berufsbildungsbereich with rd-nrw, from 2025 on.
inline Vereinbarung SampleEvBbb(const std::string& id = "bbb-2025") {
  return {id,
          VereinbarungKind::kRehaEvBbb,
          "rd-nrw",
          {Stage::kEingangsverfahren, Stage::kBerufsbildungsbereich},
          {absl::CivilDay(2025, 1, 1), std::nullopt},
          "2024-1"};
}

}  // namespace teilhabe::providers
