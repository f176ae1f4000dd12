#include "common/dossier/journal_fixture_for_test.h"

namespace teilhabe::dossier {
namespace {

using namespace std::string_literals;

// One bit is never the trace of a crash, so that none of them costs a name silently.
TEST_F(FileJournalTest, EveryFlippedBitIsFound) {
  const std::size_t end = Append({RecordsOf(1, 2, 5), {Record(3, 20)}}).back();
  disk::SkipSyncs(true);
  const std::string whole = disk::ReadFile(Path());
  std::fstream file(Path(), std::ios::in | std::ios::out | std::ios::binary);
  const auto put = [&file](std::size_t at, int byte) {
    file.seekp(static_cast<std::streamoff>(at));
    file.put(static_cast<char>(byte)).flush();
  };
  const std::size_t sector = (end / kSector + 1) * kSector;
  for (std::size_t bit = 0; bit < sector * 8; ++bit) {
    put(bit / 8, whole[bit / 8] ^ (1 << bit % 8));
    const absl::Status status = OpenStatus();
    ASSERT_EQ(status.code(), absl::StatusCode::kDataLoss) << bit;
    ASSERT_EQ(GetReason(status), "JOURNAL_DAMAGED") << bit;
    ASSERT_EQ(GetDetails(status)["file"], "journal-node.log");
    if (bit % 8 == bit / 8 % 8) {
      ASSERT_EQ(ReadFolder().second, "JOURNAL_DAMAGED") << bit;
    }
    put(bit / 8, whole[bit / 8]);
  }
  EXPECT_TRUE(disk::ReadFile(Path()) == whole) << "an open that fails changes nothing";
  // Further on it may be what a crash has left of an entry whose first sector was not written: it costs nothing.
  for (std::size_t bit = sector * 8; bit < whole.size() * 8; bit += 99'991) {
    put(bit / 8, 1 << bit % 8);
    ASSERT_EQ(Numbers(Reread()), UpTo(3)) << bit;
    ASSERT_TRUE(disk::ReadFile(Path()) == whole) << bit;
  }
}

TEST_F(FileJournalTest, EveryOtherLengthIsFound) {
  const std::size_t end = Append({RecordsOf(1, 2, 5), {Record(3, 20)}}).back();
  disk::SkipSyncs(true);
  const std::string whole = disk::ReadFile(Path());
  for (std::size_t length = 0; length < whole.size(); length += length < end + 20 ? 1 : 9973) {
    ASSERT_EQ(truncate(Path().c_str(), static_cast<off_t>(length)), 0);
    ASSERT_EQ(OpenReason(), "JOURNAL_DAMAGED") << length;
    ASSERT_EQ(ReadFolder().second, "JOURNAL_DAMAGED") << length;
    disk::WriteFile(Path(), whole);
  }
  disk::WriteFile(Path(), whole + "x");
  EXPECT_EQ(OpenReason(), "JOURNAL_DAMAGED");
}

// The same for a file that has grown, cut off where a size would be right.
TEST_F(FileJournalTest, AnEntryCutOffIsFound) {
  Append({{Record(1, 100)}, {Record(2, 1'500'000)}});
  fs::resize_file(Path(), kJournalGrowth);
  EXPECT_EQ(OpenReason(), "JOURNAL_DAMAGED");
}

struct Blow {
  const char* name;
  void (*make)(std::string& file, std::size_t first, std::size_t second);  // Ends of the first two of three entries.
};

class DamageTest : public FileJournalTest, public testing::WithParamInterface<Blow> {};

TEST_P(DamageTest, IsNotTakenForTheTraceOfACrash) {
  const auto ends = Append({RecordsOf(1, 1, 2000), RecordsOf(2, 2, 2000), RecordsOf(3, 3, 2000)});
  std::string file = disk::ReadFile(Path());
  GetParam().make(file, ends[0], ends[1]);
  disk::WriteFile(Path(), file);
  EXPECT_EQ(OpenReason(), "JOURNAL_DAMAGED");
  EXPECT_EQ(ReadFolder().second, "JOURNAL_DAMAGED");
  EXPECT_TRUE(disk::ReadFile(Path()) == file);
}

INSTANTIATE_TEST_SUITE_P(
    Blows, DamageTest,
    testing::Values(Blow{"FirstEntryZeroed",
                         [](std::string& file, std::size_t first, std::size_t) {
                           std::fill_n(file.begin() + kJournalStart, first - kJournalStart, '\0');
                         }},
                    Blow{"SecondEntryZeroed",
                         [](std::string& file, std::size_t first, std::size_t second) {
                           std::fill_n(file.begin() + static_cast<std::ptrdiff_t>(first), second - first, '\0');
                         }},
                    Blow{"SectorOfSecondZeroed",
                         [](std::string& file, std::size_t first, std::size_t) {
                           const std::size_t sector = (first / kSector + 1) * kSector;
                           std::fill_n(file.begin() + static_cast<std::ptrdiff_t>(sector), kSector, '\0');
                         }},
                    Blow{"HeadOfSecondZeroed",
                         [](std::string& file, std::size_t first, std::size_t) {
                           std::fill_n(file.begin() + static_cast<std::ptrdiff_t>(first), 16, '\0');
                         }},
                    Blow{"EntriesExchanged",
                         [](std::string& file, std::size_t first, std::size_t second) {
                           std::swap_ranges(file.begin() + kJournalStart,
                                            file.begin() + static_cast<std::ptrdiff_t>(first),
                                            file.begin() + static_cast<std::ptrdiff_t>(first));
                           ASSERT_EQ(first - kJournalStart, second - first);
                         }},
                    Blow{"EntryRepeatedAtTheEnd",
                         [](std::string& file, std::size_t first, std::size_t second) {
                           const std::string entry = file.substr(first, second - first);
                           file.replace(2 * second - first, entry.size(), entry);
                         }},
                    Blow{"SomethingInTheSectorOfTheEnd",
                         [](std::string& file, std::size_t, std::size_t second) {
                           const std::size_t end = second + (second - kJournalStart) / 2;
                           ASSERT_NE(end % kSector, 0U);
                           file[(end / kSector + 1) * kSector - 1] = 'x';
                         }},
                    Blow{"SectorOfLastZeroedAndSomethingLater",
                         [](std::string& file, std::size_t, std::size_t second) {
                           const std::size_t sector = (second / kSector + 1) * kSector;
                           std::fill_n(file.begin() + static_cast<std::ptrdiff_t>(sector), kSector, '\0');
                           file[file.size() - 1] = 'x';
                         }},
                    Blow{"ANewerHead", [](std::string& file, std::size_t, std::size_t) { file[18] = '2'; }},
                    Blow{"RecordsThatAreNone",
                         [](std::string& file, std::size_t, std::size_t second) {
                           const std::string entry = JournalEntry(second, "no record");
                           std::fill(file.begin() + static_cast<std::ptrdiff_t>(second), file.end(), '\0');
                           file.replace(second, entry.size(), entry);
                         }}),
    [](const auto& tested) { return tested.param.name; });

// --- Crashes
// ----------------------------------------------------------------------------------------------------------

// Of the last entry some sectors were written and some not; those of the others are as they were.
TEST_F(FileJournalTest, ATornLastEntryIsCutOff) {
  const auto ends = Append({RecordsOf(1, 2), {Record(3, 1000)}, {Record(4, 3000)}});
  disk::SkipSyncs(true);
  const std::string whole = disk::ReadFile(Path());
  const std::size_t begin = ends[1];
  const std::size_t first = begin / kSector;
  const std::size_t sectors = (ends[2] + kSector - 1) / kSector - first;
  ASSERT_GE(sectors, 6U);
  for (unsigned written = 0; written < 1U << sectors; ++written) {
    std::string file = whole;
    for (std::size_t i = 0; i < sectors; ++i) {
      if ((written >> i & 1U) != 0) continue;
      const std::size_t from = std::max(begin, (first + i) * kSector);
      const std::size_t to = std::min(ends[2], (first + i + 1) * kSector);
      std::fill_n(file.begin() + static_cast<std::ptrdiff_t>(from), to - from, '\0');
    }
    disk::WriteFile(Path(), file);
    const bool torn = written + 1 != 1U << sectors;
    ASSERT_EQ(ReadFolder(), std::pair(UpTo(torn ? 3 : 4), std::string())) << written;
    if (written % 16 == 0) {
      ASSERT_TRUE(disk::ReadFile(Path()) == file) << "only its owner cuts it off";
    }
    const std::size_t before = disk::Trace().size();
    ASSERT_EQ(Numbers(Reread()), UpTo(torn ? 3 : 4)) << written;
    if (torn && written != 0) {  // And durably, before anything is written there.
      const auto trace = disk::Trace();
      ASSERT_EQ(
          std::vector<std::string>(trace.begin() + static_cast<std::ptrdiff_t>(before), trace.end()),
          (std::vector<std::string>{"sync data journal-node.log", "write journal-node.log", "sync journal-node.log"}));
    }
    if (!torn || written % 16 != 0) continue;
    file = whole;
    std::fill(file.begin() + static_cast<std::ptrdiff_t>(begin), file.end(), '\0');
    ASSERT_TRUE(disk::ReadFile(Path()) == file) << written;
    Append({{Record(4, 2000)}});
    ASSERT_EQ(Numbers(Reread()), UpTo(4));
  }
}

// A process that is killed while it writes may stop within a sector.
TEST_F(FileJournalTest, AnEntryThatStopsIsCutOff) {
  const auto ends = Append({RecordsOf(1, 2), {Record(3, 700)}});
  disk::SkipSyncs(true);
  const std::string whole = disk::ReadFile(Path());
  for (std::size_t written = ends[0] + 16; written <= ends[1] - 16; ++written) {
    std::string file = whole;
    std::fill(file.begin() + static_cast<std::ptrdiff_t>(written), file.end(), '\0');
    disk::WriteFile(Path(), file);
    ASSERT_EQ(Numbers(Reread()), UpTo(2)) << written;
  }
}

// A disk that holds, at each sync that begins, what was synced before and any part of what was not: whatever it holds
// then, all that was acknowledged is named, and nothing but the one Append that runs may be named beside it.
TEST_F(FileJournalTest, APowerFailureCostsNothingThatWasAcknowledged) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937_64 random(seed);
  const fs::path crashed = folder() / "crashed";
  fs::create_directory(crashed);
  auto journal = Open();
  std::string durable = disk::ReadFile(Path());
  std::int64_t acknowledged = 0;
  std::int64_t running = 0;
  int crashes = 0;
  bool looking = false;
  disk::BeforeSync([&](const fs::path& path) {
    if (looking || path != fs::canonical(Path())) return;
    looking = true;  // What follows syncs too, to no purpose.
    disk::SkipSyncs(true);
    const std::string current = disk::ReadFile(Path());
    for (int i = 0; i < 3; ++i, ++crashes) {
      std::string image = current;
      if (random() % 2 == 0) image.resize(durable.size());
      for (std::size_t at = 0; at < image.size(); at += kSector) {
        if (at < durable.size() && current.compare(at, kSector, durable, at, kSector) == 0) continue;
        if (random() % 4 != 0) continue;
        const std::string old = at < durable.size() ? durable.substr(at, kSector) : std::string(kSector, '\0');
        image.replace(at, kSector, old);
      }
      disk::WriteFile(crashed / "journal-node.log", image);
      auto after = FileJournal::Open(crashed, "node");
      ASSERT_TRUE(after.ok()) << after.status() << " after " << acknowledged;
      const auto numbers = Numbers(ReadAll(**after));
      ASSERT_TRUE(numbers == UpTo(acknowledged) || numbers == UpTo(running)) << acknowledged;
      const auto next = static_cast<std::int64_t>(numbers.size()) + 1;
      ASSERT_TRUE((*after)->Append(RecordsOf(next, next)).ok());
      after->reset();
      ASSERT_EQ(Numbers(ReadAll(*FileJournal::Open(crashed, "node").value())), UpTo(next));
    }
    durable = current;
    disk::SkipSyncs(false);
    looking = false;
  });
  ASSERT_TRUE(journal->Append(RecordsOf(1, running = 1, kJournalGrowth - 50'000)).ok());  // So that it has to grow.
  acknowledged = 1;
  for (int round = 0; round < 60 && !HasFatalFailure(); ++round) {
    const std::size_t bytes = random() % 10 == 0 ? random() % 30'000 : random() % 2000;
    running = acknowledged + static_cast<std::int64_t>(random() % 4 + 1);
    ASSERT_TRUE(journal->Append(RecordsOf(acknowledged + 1, running, bytes)).ok());
    acknowledged = running;
  }
  disk::BeforeSync(nullptr);
  EXPECT_GE(crashes, 180);
  EXPECT_GT(durable.size(), kJournalGrowth);
}

}  // namespace
}  // namespace teilhabe::dossier
