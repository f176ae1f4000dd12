#include "services/carriers/domain/competence.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "common/base/csv.h"
#include "common/base/day.h"
#include "common/base/reason.h"
#include "gtest/gtest.h"
#include "services/carriers/domain/text.h"

namespace teilhabe::carriers {
namespace {

// A question as the golden table writes it: a cell per column, empty where unknown.
struct Row {
  std::map<std::string, std::string> cells;
  Question question;

  static Row Read(const std::vector<std::string>& header, const std::vector<std::string>& row) {
    Row made;
    for (std::size_t at = 0; at < header.size(); ++at) made.cells[header[at]] = row[at];
    return made;
  }
  void Build() {
    const std::map<std::string, Stage> stages = {{"eingangsverfahren", Stage::kEingangsverfahren},
                                                 {"berufsbildungsbereich", Stage::kBerufsbildungsbereich},
                                                 {"arbeitsbereich", Stage::kArbeitsbereich}};
    question.municipality = cells.at("municipality");
    question.stage = stages.at(cells.at("stage"));
    question.provider = cells.at("provider") == "ala" ? ProviderType::kAla : ProviderType::kWfbm;
    question.event_day = ParseDay(cells.at("event_day")).value();
    for (const law::FactInfo& info : law::FactCatalogue()) {
      const auto cell = cells.find(info.name);
      if (cell == cells.end() || cell->second.empty()) continue;
      const absl::Status set =
          law::SetFact(question.facts, info.name, cell->second, reference::EmbeddedReference());
      ASSERT_TRUE(set.ok()) << set;
    }
  }
};

std::string OutcomeName(Outcome outcome) {
  return outcome == Outcome::kDetermined ? "DETERMINED" : outcome == Outcome::kNobody ? "NOBODY" : "UNDETERMINED";
}

std::string AgencyId(const std::optional<reference::AgencyIndex>& agency) {
  return agency ? reference::EmbeddedReference().agency(*agency).id : "";
}

std::string KindCell(const Competence& answer) {
  if (answer.outcome == Outcome::kNobody) return "NOBODY";
  return answer.kind == CarrierKind::kNone ? "" : std::string(KindName(answer.kind));
}

// Compares every row of a table of the oracle with the answer given here.
void ExpectOracleTable(const std::string& path, const std::string& name_column) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  const auto table = CsvTable::Parse(text.str());
  ASSERT_TRUE(table.ok()) << table.status() << " in " << path;
  ASSERT_GT(table->rows().size(), 50u);
  for (const auto& cells : table->rows()) {
    Row row = Row::Read(table->header(), cells);
    row.Build();
    const auto answer = CompetenceRules::Embedded().Determine(row.question);
    const std::string where = name_column.empty() ? "row" : row.cells[name_column];
    ASSERT_TRUE(answer.ok()) << where << ": " << answer.status();
    EXPECT_EQ(OutcomeName(answer->outcome), row.cells["outcome"]) << where;
    EXPECT_EQ(KindCell(*answer), row.cells["kind"]) << where;
    EXPECT_EQ(AgencyId(answer->body.agency), row.cells["agency"]) << where;
    EXPECT_EQ(AgencyId(answer->body.office), row.cells["office"]) << where;
  }
}

TEST(Competence, C_05_AgreesWithTheGoldenRows) { ExpectOracleTable("tests/oracle/golden.csv", "name"); }

}  // namespace
}  // namespace teilhabe::carriers
