#include "common/reference/tables.h"

#include <openssl/evp.h>

#include <algorithm>
#include <optional>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/check.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/reference/table_reader.h"

namespace teilhabe::reference {
namespace {

constexpr std::array<Keyword<DataTable>, kDataTableCount> kFiles = {
    {{"districts.csv", DataTable::kDistricts},
     {"municipalities.csv", DataTable::kMunicipalities},
     {"municipalities_former.csv", DataTable::kMunicipalitiesFormer},
     {"municipality_snapshots.csv", DataTable::kMunicipalitySnapshots},
     {"municipality_days.csv", DataTable::kMunicipalityDays},
     {"carriers.csv", DataTable::kCarriers},
     {"successions.csv", DataTable::kSuccessions},
     {"egh_jurisdiction.csv", DataTable::kEghJurisdiction},
     {"ba_jurisdiction.csv", DataTable::kBaJurisdiction},
     {"drv_jurisdiction.csv", DataTable::kDrvJurisdiction},
     {"integrationsamt_jurisdiction.csv", DataTable::kIntegrationsamtJurisdiction},
     {"drv_area_numbers.csv", DataTable::kDrvAreaNumbers},
     {"holidays.csv", DataTable::kHolidays}}};

enum Column : std::size_t { kFile, kAsOf, kFrom, kTo, kLicence };

// Not from common/crypto: a version needs one digest and no keys.
std::string Sha256Hex(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  TEILHABE_CHECK(EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) == 1);
  std::string bytes(digest.begin(), digest.begin() + size);
  return absl::BytesToHexString(bytes);
}

}  // namespace

std::string_view FileName(DataTable table) { return KeywordText(table, kFiles); }

absl::StatusOr<TableVersions> LoadVersions(const ReferenceTexts& texts) {
  constexpr std::string_view kManifest = "manifest.csv";
  TEILHABE_ASSIGN_OR_RETURN(
      const TableReader reader,
      TableReader::Read(kManifest, texts.manifest, {"file", "as_of", "reach_from", "reach_to", "licence"}));
  TableVersions versions;
  for (std::size_t at = 0; at < reader.size(); ++at) {
    TEILHABE_ASSIGN_OR_RETURN(const DataTable table, reader.OneOf(at, kFile, kFiles));
    TableVersion& version = versions[static_cast<std::size_t>(table)];
    if (!version.file.empty()) return reader.Error(at, kFile, "has two rows");
    version.table = table;
    version.file = reader.Cell(at, kFile);
    version.sha256 = Sha256Hex(texts[table]);
    TEILHABE_ASSIGN_OR_RETURN(version.as_of, reader.Day(at, kAsOf));
    TEILHABE_ASSIGN_OR_RETURN(version.reach, reader.Range(at, kFrom));
    if (!version.reach.from) return reader.Error(at, kFrom, "must be a day");
    if (!version.reach.to) return reader.Error(at, kTo, "must be a day");
    if (reader.Cell(at, kLicence).empty()) return reader.Error(at, kLicence, "must say where the licence stands");
    version.licence = reader.Cell(at, kLicence);
  }
  for (const Keyword<DataTable>& file : kFiles) {
    if (versions[static_cast<std::size_t>(file.value)].file.empty()) {
      return ReferenceInvalid(kManifest, reader.size() + 2, "file", absl::StrCat("no row for ", ToAbsl(file.text)));
    }
  }
  return versions;
}

}  // namespace teilhabe::reference
