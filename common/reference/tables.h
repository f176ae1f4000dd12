#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/base/day.h"

namespace teilhabe::reference {

// The files in data/. An answer cites one by its name and digest.
enum class DataTable : std::uint8_t {
  kDistricts,
  kMunicipalities,
  kMunicipalitiesFormer,
  kMunicipalitySnapshots,
  kMunicipalityDays,
  kCarriers,
  kSuccessions,
  kEghJurisdiction,
  kBaJurisdiction,
  kDrvJurisdiction,
  kIntegrationsamtJurisdiction,
  kDrvAreaNumbers,
  kHolidays,
};
inline constexpr std::size_t kDataTableCount = 13;

// The name of the file: "egh_jurisdiction.csv".
std::string_view FileName(DataTable table);

// The texts of all files. Load copies what it keeps.
struct ReferenceTexts {
  std::array<std::string_view, kDataTableCount> tables;
  std::string_view manifest;

  std::string_view& operator[](DataTable table) { return tables[static_cast<std::size_t>(table)]; }
  std::string_view operator[](DataTable table) const { return tables[static_cast<std::size_t>(table)]; }
};

// Which state of a file is loaded and what it can answer.
struct TableVersion {
  DataTable table{};
  std::string file;
  std::string sha256;    // Of the file's bytes; 64 lower-case hex digits.
  absl::CivilDay as_of;  // The state of the sources; where they give only a month, its first day.
  DayRange reach;        // First and last day a question may be about; both are set.
  std::string licence;   // With the credit line where one is due.
};

using TableVersions = std::array<TableVersion, kDataTableCount>;

// Reads the manifest and adds the digests; one row per table is required. Errors: REFERENCE_INVALID.
absl::StatusOr<TableVersions> LoadVersions(const ReferenceTexts& texts);

}  // namespace teilhabe::reference
