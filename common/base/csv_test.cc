#include "common/base/csv.h"

#include "common/base/reason.h"
#include "gtest/gtest.h"

namespace teilhabe {
namespace {

TEST(Csv, ReadsQuotedCellsAndLineEnds) {
  const auto table = CsvTable::Parse("a,b\n1,\"x, \"\"y\"\"\nz\"\r\n2,\n");
  ASSERT_TRUE(table.ok()) << table.status();
  ASSERT_EQ(table->rows().size(), 2u);
  EXPECT_EQ(table->rows()[0][1], "x, \"y\"\nz");
  EXPECT_EQ(table->rows()[1][1], "");
}

TEST(Csv, SkipsAByteOrderMark) {
  EXPECT_EQ(CsvTable::Parse("\xEF\xBB\xBF"
                            "a\n1\n")
                ->header()[0],
            "a");
}

TEST(Csv, RejectsWhatIsNotATable) {
  EXPECT_EQ(GetReason(CsvTable::Parse("").status()), "CSV_EMPTY");
  EXPECT_EQ(GetReason(CsvTable::Parse("a,b\n1\n").status()), "CSV_MALFORMED");
  EXPECT_EQ(GetReason(CsvTable::Parse("a\n\"1\n").status()), "CSV_MALFORMED");
  EXPECT_EQ(GetField(CsvTable::Parse("a\n")->Columns({"b"}).status()), "b");
}

TEST(Csv, WritesWhatItReads) {
  const std::vector<std::string> cells = {"a", "b,c", "say \"x\"", "-5", ""};
  const auto back = CsvTable::Parse(CsvLine({"1", "2", "3", "4", "5"}) + CsvLine(cells));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->rows()[0], cells);
}

TEST(Csv, DefusesFormulas) { EXPECT_EQ(CsvLine({"=1+1", "@x", "+49", "-x"}), "'=1+1,'@x,+49,'-x\n"); }

}  // namespace
}  // namespace teilhabe
