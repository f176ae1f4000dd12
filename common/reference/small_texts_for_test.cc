#include "common/reference/small_texts_for_test.h"

#include "common/base/check.h"

namespace teilhabe::reference {

SmallTexts::SmallTexts() {
  (*this)[DataTable::kDistricts] =
      "ags5,name,kind,land,land_name,regbez,regbez_name,valid_from,valid_to\n"
      "05111,Düsseldorf,Kreisfreie Stadt,05,Nordrhein-Westfalen,051,Düsseldorf,,\n"
      "16056,Eisenach,Kreisfreie Stadt,16,Thüringen,,,,2021-06-30\n"
      "16063,Wartburgkreis,Landkreis,16,Thüringen,,,,\n";
  (*this)[DataTable::kMunicipalities] =
      "ags8,ars12,name,kind,ags5,land,association,population_2022,population_2019,first_seen\n"
      "05111000,051110000000,Düsseldorf,Kreisfreie Stadt,05111,05,,600000,610000,2020-12-31\n"
      "16063003,160630003003,Bad Salzungen,Stadt,16063,16,,20000,,2020-12-31\n"
      "16063105,160630105105,\"Eisenach, Stadt\",Große Kreisstadt,16063,16,,41000,,2022-05-15\n"
      "16063119,160635051119,Neudorf,,16063,16,VG Neudorf,,,2024-11-30\n";
  (*this)[DataTable::kMunicipalitiesFormer] =
      "ags8,name,kind,ags5,land,first_seen,last_seen\n"
      "16056000,\"Eisenach, Stadt\",Kreisfreie Stadt,16056,16,2020-12-31,2021-01-25\n"
      "16063028,Altdorf,Gemeinde,16063,16,2020-12-31,2022-05-15\n";
  (*this)[DataTable::kMunicipalitySnapshots] = "day,source\n2020-12-31,A\n2021-01-25,B\n2022-05-15,C\n2024-11-30,D\n";
  (*this)[DataTable::kMunicipalityDays] =
      "ags8,valid_from,valid_to,successor,source\n"
      "16056000,,2021-06-30,16063105,act\n"
      "16063105,2021-07-01,,,act\n";
  (*this)[DataTable::kCarriers] =
      "id,name,kind,land,scope,seat,seat_basis,office_ags8,part_of,valid_from,valid_to,basis,source\n"
      "lvr,LVR,EGH_UEBEROERTLICH,05,Land,Düsseldorf,source,05111000,,,,source,law\n"
      "lvr-amt,Amt,INTEGRATIONSAMT,05,Land,Düsseldorf,source,05111000,lvr,,,source,law\n"
      "egh-16056,Eisenach,EGH_OERTLICH,16,16056,Eisenach,source,16063105,,,2021-12-31,source,law\n"
      "egh-16063,Wartburgkreis,EGH_OERTLICH,16,16063,,,,,,,source,law\n"
      "rd-alle,Regionaldirektion,BA_REGIONALDIREKTION,05 16,Land,,,,,,,domain-knowledge,\n"
      "aa-alt,Agentur Alt,BA_AGENTUR,16,Kreise,,,,,2013-01-01,2022-12-31,source,press\n"
      "aa-ost,Agentur Ost,BA_AGENTUR,16,Kreise,,,,,2023-01-01,2025-12-31,source,press\n"
      "aa-west,Agentur West,BA_AGENTUR,16,Kreise,,,,,2023-01-01,,source,press\n"
      "aa-neu,Agentur Neu,BA_AGENTUR,16,Kreise,,,,,2026-01-01,,source,press\n"
      "drv-a,DRV A,DRV,05 16,Land,,,,,,,source,law\n";
  (*this)[DataTable::kSuccessions] =
      "old_id,new_id,day,area,act,basis,source\n"
      "egh-16056,egh-16063,2022-01-01,16063105,act,source,press\n"
      "aa-alt,aa-ost,2023-01-01,16063003 16063105,act,source,press\n"
      "aa-alt,aa-west,2023-01-01,16063028 16063119,act,source,press\n"
      "aa-ost,aa-neu,2026-01-01,16063,act,source,press\n";
  (*this)[DataTable::kEghJurisdiction] =
      "prefix,carrier_id,valid_from,valid_to,basis,source\n"
      "051,lvr,2018-01-01,2019-12-31,elimination,law\n"
      "051,lvr,2020-01-01,,source,law\n"
      "16056,egh-16056,2018-01-01,2021-06-30,source,law\n"
      "16063,egh-16063,2018-01-01,,source,law\n"
      "16063105,egh-16056,2021-07-01,2021-12-31,source,press\n";
  (*this)[DataTable::kBaJurisdiction] =
      "prefix,level,carrier_id,valid_from,valid_to,basis,source\n"
      "05,RD,rd-alle,,,domain-knowledge,\n"
      "16,RD,rd-alle,,,domain-knowledge,\n"
      "16063,AA,aa-alt,2013-01-01,2022-12-31,source,press\n";
  (*this)[DataTable::kDrvJurisdiction] =
      "prefix,carrier_id,valid_from,valid_to,basis,source\n"
      "05,drv-a,,,source,law\n"
      "16,drv-a,,,source,law\n";
  (*this)[DataTable::kIntegrationsamtJurisdiction] =
      "prefix,carrier_id,valid_from,valid_to,basis,source\n"
      "05,lvr-amt,,,source,law\n";
  (*this)[DataTable::kDrvAreaNumbers] =
      "area_number,class,carrier_id,region,source\n"
      "13,REGIONAL,drv-a,Rheinprovinz,VKVV\n"
      "40,ZULAGENUMMER,,Zulagenstelle,VKVV\n";
  (*this)[DataTable::kHolidays] =
      "date,name,land,scope_prefix,scope,coverage,rule,note\n"
      "2017-01-01,Neujahr,00,00,land,full,1 January,\n"
      "2018-01-01,Neujahr,00,00,land,full,1 January,\n"
      "2018-05-31,Fronleichnam,05,05,land,full,Easter + 60,\n"
      "2018-05-31,Fronleichnam,16,16,regional,partial,Easter + 60,part\n"
      "2018-05-31,Fronleichnam,16,16063,regional,none,Easter + 60,not here\n"
      "2018-05-31,Fronleichnam,16,16063003,regional,full,Easter + 60,but here\n";
  manifest_ = "file,as_of,reach_from,reach_to,licence\n";
  for (std::size_t table = 0; table < kDataTableCount; ++table) {
    const auto which = static_cast<DataTable>(table);
    manifest_ += std::string(FileName(which)) + ",2024-11-30," +
                 (which == DataTable::kHolidays ? "2017-01-01,2018-12-31" : "2018-01-01,2032-12-31") + ",none\n";
  }
}

SmallTexts& SmallTexts::Replace(DataTable table, std::string_view from, std::string_view to) {
  std::string& text = (*this)[table];
  const std::size_t at = text.find(from);
  TEILHABE_CHECK(at != std::string::npos);
  text.replace(at, from.size(), to);
  return *this;
}

ReferenceTexts SmallTexts::Texts() const {
  ReferenceTexts texts;
  for (std::size_t table = 0; table < kDataTableCount; ++table) texts.tables[table] = tables_[table];
  texts.manifest = manifest_;
  return texts;
}

}  // namespace teilhabe::reference
