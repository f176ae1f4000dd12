#include "common/dossier/journal_fixture_for_test.h"

namespace teilhabe::dossier {
namespace {

using namespace std::string_literals;

class JournalConformance : public FileJournalTest, public testing::WithParamInterface<bool> {
 protected:
  void SetUp() override {
    FileJournalTest::SetUp();
    if (GetParam()) memory_ = std::make_unique<MemoryJournal>();
    Restart();
  }
  void Restart() {
    file_.reset();
    if (!GetParam()) file_ = Open();
  }
  Journal& journal() { return GetParam() ? static_cast<Journal&>(*memory_) : *file_; }

 private:
  std::unique_ptr<MemoryJournal> memory_;
  std::unique_ptr<FileJournal> file_;
};

INSTANTIATE_TEST_SUITE_P(Journals, JournalConformance, testing::Bool(),
                         [](const auto& tested) { return tested.param ? "Memory" : "File"; });

TEST_P(JournalConformance, NamesInOrderWhatWasAppended) {
  std::vector<JournalRecord> want = RecordsOf(1, 5);
  want[1].header = want[1].signature = want[1].dossier = "";
  want[2].sequence = 0;
  want[2].kind = std::numeric_limits<int>::max();
  want[3].incarnation = std::numeric_limits<std::int64_t>::max();
  want[3].header = std::string(100'000, '\0');
  EXPECT_EQ(ReadAll(journal()), std::vector<JournalRecord>());
  ASSERT_TRUE(journal().Append({}).ok());
  ASSERT_TRUE(journal().Append(std::span(want).first(1)).ok());
  ASSERT_TRUE(journal().Append(std::span(want).subspan(1, 3)).ok());
  EXPECT_EQ(ReadAll(journal()), std::vector<JournalRecord>(want.begin(), want.begin() + 4));
  Restart();
  ASSERT_TRUE(journal().Append(std::span(want).last(1)).ok());
  EXPECT_EQ(ReadAll(journal()), want);
  Restart();
  EXPECT_EQ(ReadAll(journal()), want);
}

TEST_P(JournalConformance, AVisitorEndsTheReading) {
  ASSERT_TRUE(journal().Append(RecordsOf(1, 3)).ok());
  int seen = 0;
  const absl::Status enough = absl::CancelledError("enough");
  EXPECT_EQ(journal().Read([&](const JournalRecord&) { return ++seen == 2 ? enough : absl::OkStatus(); }), enough);
  EXPECT_EQ(seen, 2);
}

TEST_P(JournalConformance, CompactionForgetsBytesAndNoName) {
  std::vector<JournalRecord> want = RecordsOf(1, 40, 3000);
  for (const JournalRecord& record : want) ASSERT_TRUE(journal().Append({&record, 1}).ok());
  std::set<crypto::Digest> asked;
  const auto keep = [&](const crypto::Digest& hash) {
    asked.insert(hash);
    return hash == want[4].hash || hash == want[39].hash;
  };
  ASSERT_TRUE(journal().Compact(keep).ok());
  EXPECT_EQ(asked.size(), 40U);
  for (std::size_t i = 0; i < want.size(); ++i) {
    if (i == 4 || i == 39) continue;
    want[i].header.clear();
    want[i].signature.clear();
  }
  EXPECT_EQ(ReadAll(journal()), want);
  want.push_back(Record(41));
  ASSERT_TRUE(journal().Append({&want.back(), 1}).ok());
  EXPECT_EQ(ReadAll(journal()), want);
  Restart();
  EXPECT_EQ(ReadAll(journal()), want);
  // What is gone does not come back.
  ASSERT_TRUE(journal().Compact([](const crypto::Digest&) { return true; }).ok());
  EXPECT_EQ(ReadAll(journal()), want);
}

TEST(MemoryJournal, FailsForEverUntilMended) {
  MemoryJournal journal;
  ASSERT_TRUE(journal.Append(RecordsOf(1, 1)).ok());
  journal.Fail();
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(GetReason(journal.Append(RecordsOf(2, 2))), "JOURNAL_FAILED");
    EXPECT_EQ(GetReason(journal.Compact([](const crypto::Digest&) { return false; })), "JOURNAL_FAILED");
  }
  EXPECT_EQ(ReadAll(journal), RecordsOf(1, 1));
  journal.Mend();
  EXPECT_TRUE(journal.Append(RecordsOf(2, 2)).ok());
  EXPECT_EQ(ReadAll(journal), RecordsOf(1, 2));
}

// --- The file
// ---------------------------------------------------------------------------------------------------------

TEST_F(FileJournalTest, IsCreatedWholeAndForItsOwnerOnly) {
  {
    const auto journal = Open();
    EXPECT_TRUE(journal->created());
  }
  EXPECT_FALSE(Open()->created());
  EXPECT_EQ(Names(), std::vector<std::string>{"journal-node.log"});
  EXPECT_EQ(fs::status(Path()).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  const auto trace = disk::Trace();
  ASSERT_GE(trace.size(), 4U);
  EXPECT_TRUE(trace[0].starts_with("write journal-node.log.")) << trace[0];
  EXPECT_TRUE(trace[1].starts_with("sync journal-node.log.")) << trace[1];
  EXPECT_EQ(trace[2], "link journal-node.log");
  EXPECT_EQ(trace[3], "sync " + folder().filename().string());
}

// The format is a promise: a file of an older program can be read by every newer one. Made by Python from the
// description in journal_format.h.
TEST_F(FileJournalTest, HasTheDescribedFormat) {
  Append({{Record(1)}, {Record(2, 7), Record(3, 0)}});
  const std::string file = disk::ReadFile(Path());
  EXPECT_EQ(file.size(), kJournalGrowth);
  EXPECT_EQ(crypto::Sha256(file).Hex(), "aa2610258e91ed262f2dbdfc8a2add305b4b1ee710874eae5cc2b998658e87d7");
}

TEST_F(FileJournalTest, AnAppendIsOneWriteAndOneSync) {
  const auto journal = Open();
  for (const std::size_t count : {std::size_t{1}, std::size_t{64}}) {
    const std::size_t before = disk::Trace().size();
    ASSERT_TRUE(journal->Append(RecordsOf(1, static_cast<std::int64_t>(count))).ok());
    const auto trace = disk::Trace();
    EXPECT_EQ(std::vector<std::string>(trace.begin() + static_cast<std::ptrdiff_t>(before), trace.end()),
              (std::vector<std::string>{"write journal-node.log", "sync data journal-node.log"}));
  }
}

TEST_F(FileJournalTest, GrowsBeforeItIsFull) {
  std::int64_t last = 0;
  {
    const auto journal = Open();
    for (const std::size_t bytes : {300'000U, 400'000U, 348'300U, 16U, 3'000'000U, 5U, 1'000'000U}) {
      ++last;
      ASSERT_TRUE(journal->Append(RecordsOf(last, last, bytes)).ok());
      struct stat about {};
      ASSERT_EQ(stat(Path().c_str(), &about), 0);
      ASSERT_EQ(about.st_size % static_cast<off_t>(kJournalGrowth), 0);
      // Zeros that take no place would cost each Append a second wait.
      ASSERT_GE(about.st_blocks * 512, about.st_size);
    }
    EXPECT_EQ(Numbers(ReadAll(*journal)), UpTo(last));
  }
  EXPECT_EQ(Numbers(Reread()), UpTo(last));
  EXPECT_EQ(Reread()[4].header.size(), 3'000'000U);
}

// Every size around the end of the file: the zeros after the last entry may be none.
TEST_F(FileJournalTest, MayEndWithTheFile) {
  std::string body;
  AddJournalRecord(Record(1, 0), body);
  const std::size_t fits = kJournalGrowth - kJournalStart - 32 - body.size();
  for (const std::size_t bytes : {fits - 16, fits - 1, fits, fits + 1, fits + 16}) {
    fs::remove(Path());
    Append({{Record(1, bytes)}});
    EXPECT_EQ(fs::file_size(Path()), (bytes > fits ? 2 : 1) * kJournalGrowth) << bytes;
    EXPECT_EQ(Reread(), std::vector<JournalRecord>{Record(1, bytes)}) << bytes;
    Append({{Record(2)}});
    EXPECT_EQ(Numbers(Reread()), UpTo(2)) << bytes;
  }
}

TEST_F(FileJournalTest, RefusesWhatIsTooLargeAndGoesOn) {
  const auto journal = Open();
  EXPECT_EQ(GetReason(journal->Append({{Record(1), Record(2, kMaxJournalBody)}})), "JOURNAL_RECORD_TOO_LARGE");
  EXPECT_TRUE(journal->Append(RecordsOf(1, 1)).ok());
  EXPECT_EQ(Numbers(ReadAll(*journal)), UpTo(1));
}

TEST_F(FileJournalTest, TakesMuchInParts) {
  const auto journal = Open();
  const std::size_t before = disk::Trace().size();
  ASSERT_TRUE(journal->Append(RecordsOf(1, 3, kMaxJournalBody / 5 * 2)).ok());
  const auto trace = disk::Trace();
  EXPECT_EQ(std::count(trace.begin() + static_cast<std::ptrdiff_t>(before), trace.end(), "sync data journal-node.log"),
            2);
  EXPECT_EQ(Numbers(ReadAll(*journal)), UpTo(3));
}

TEST_F(FileJournalTest, HasOneWriter) {
  auto journal = Open();
  const auto in_use = [this] { return OpenReason() == "JOURNAL_IN_USE" ? 0 : 1; };
  EXPECT_EQ(in_use(), 0);
  EXPECT_EQ(disk::InAnotherProcess(in_use), 0);
  EXPECT_EQ(OpenStatus().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_NE(Open("other"), nullptr);
  // The lock is on what takes its place too.
  ASSERT_TRUE(journal->Compact([](const crypto::Digest&) { return true; }).ok());
  EXPECT_EQ(in_use(), 0);
  EXPECT_EQ(disk::InAnotherProcess(in_use), 0);
  journal.reset();
  EXPECT_EQ(disk::InAnotherProcess([this] { return OpenReason().empty() ? 0 : 1; }), 0);
}

// Another process may put a file in the place of the one that was opened, before that is locked.
TEST_F(FileJournalTest, WritesToTheFileOfItsName) {
  Append({RecordsOf(1, 1)});
  disk::BeforeLock([this] {
    fs::copy_file(Path(), folder() / "copy");
    fs::rename(folder() / "copy", Path());
  });
  Append({RecordsOf(2, 2)});
  EXPECT_EQ(Numbers(Reread()), UpTo(2));
  // And if it is put there again and again, that is another one's.
  std::function<void()> replace = [&] {
    fs::copy_file(Path(), folder() / "copy");
    fs::rename(folder() / "copy", Path());
    disk::BeforeLock(replace);
  };
  disk::BeforeLock(replace);
  EXPECT_EQ(OpenReason(), "JOURNAL_IN_USE");
}

TEST_F(FileJournalTest, RefusesNamesAndFoldersThatAreNone) {
  for (const char* name : {"", "A", "a b", "../a", "a.b", "\xc3\xa4", "123456789012345678901234567890123"}) {
    EXPECT_EQ(GetReason(FileJournal::Open(folder(), name).status()), "JOURNAL_NAME_INVALID") << name;
  }
  EXPECT_NE(Open("12345678901234567890123456789-az"), nullptr);
  EXPECT_EQ(GetReason(FileJournal::Open(folder() / "none", "node").status()), "JOURNAL_UNUSABLE");
  EXPECT_EQ(GetReason(HasJournals(folder() / "none").status()), "JOURNAL_UNUSABLE");
}

// --- Damage
// -----------------------------------------------------------------------------------------------------------

// Appends in another process, which tells the last number that was acknowledged, and is killed in between.
class KilledProcess {
 public:
  KilledProcess(const fs::path& folder, std::int64_t last, std::size_t seed, bool compacts) {
    EXPECT_EQ(pipe(told_), 0);
    child_ = fork();
    if (child_ != 0) {
      close(told_[1]);
      return;
    }
    disk::Reset();
    std::mt19937_64 random(seed);
    const auto journal = FileJournal::Open(folder, "node");
    if (!journal.ok()) _exit(1);
    std::thread compaction;
    if (compacts) {
      compaction = std::thread([&journal] {
        while ((*journal)->Compact([](const crypto::Digest& hash) { return hash.bytes()[0] % 2 == 0; }).ok()) {
        }
        _exit(2);
      });
    }
    while (true) {
      const std::int64_t next = last + static_cast<std::int64_t>(random() % 8 + 1);
      if (!(*journal)->Append(RecordsOf(last + 1, next, random() % 30'000)).ok()) _exit(3);
      last = next;
      if (write(told_[1], &last, sizeof(last)) != sizeof(last)) _exit(4);
    }
  }

  // Kills it after `told_before` numbers and a number of steps, and returns the last number that it told.
  std::int64_t Kill(std::int64_t last, std::size_t told_before, std::size_t steps) {
    for (std::size_t i = 0; i < told_before; ++i) EXPECT_EQ(read(told_[0], &last, sizeof(last)), 8);
    for (std::atomic<std::size_t> step = 0; step < steps; ++step) {  // So that it falls anywhere within an Append.
    }
    kill(child_, SIGKILL);
    while (read(told_[0], &last, sizeof(last)) == sizeof(last)) {
    }
    close(told_[0]);
    int status = 0;
    EXPECT_EQ(waitpid(child_, &status, 0), child_);
    EXPECT_TRUE(WIFSIGNALED(status)) << WEXITSTATUS(status);
    return last;
  }

 private:
  int told_[2] = {};
  pid_t child_ = -1;
};

class KillTest : public FileJournalTest, public testing::WithParamInterface<bool> {};

TEST_P(KillTest, CostsNothingThatWasAcknowledged) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937_64 random(seed);
  std::int64_t last = 0;
  for (int round = 0; round < 25; ++round) {
    KilledProcess process(folder(), last, random(), GetParam());
    const std::int64_t told = process.Kill(last, random() % 12, random() % 100'000);
    const auto records = Reread();
    ASSERT_GE(static_cast<std::int64_t>(records.size()), told);
    ASSERT_LE(static_cast<std::int64_t>(records.size()), told + 8);  // One Append more, and that whole.
    last = static_cast<std::int64_t>(records.size());
    ASSERT_EQ(Numbers(records), UpTo(last));
    for (const JournalRecord& record : records) {
      if (record.signature.empty()) {
        ASSERT_TRUE(GetParam() && record.hash.bytes()[0] % 2 != 0) << record.sequence;
      } else {
        ASSERT_EQ(record, Record(record.sequence, record.header.size()));
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Processes, KillTest, testing::Bool(),
                         [](const auto& tested) { return tested.param ? "Compacting" : "Appending"; });

// --- A disk that fails
// ------------------------------------------------------------------------------------------------

TEST_F(FileJournalTest, AFailedDiskIsNotTriedAgain) {
  std::int64_t last = 0;
  for (const char* step : {"write", "sync data"}) {
    auto journal = Open();
    ++last;
    ASSERT_TRUE(journal->Append(RecordsOf(last, last)).ok());
    disk::FailAt(step);
    const absl::Status failed = journal->Append(RecordsOf(last + 1, last + 1));
    EXPECT_EQ(GetReason(failed), "JOURNAL_FAILED") << step;
    EXPECT_EQ(failed.code(), absl::StatusCode::kFailedPrecondition);
    disk::FailAt("");  // A disk that is well again proves nothing about what it lost.
    const std::size_t calls = disk::Trace().size();
    EXPECT_EQ(journal->Append(RecordsOf(last + 1, last + 1)), failed);
    EXPECT_EQ(GetReason(journal->Compact([](const crypto::Digest&) { return true; })), "JOURNAL_FAILED");
    EXPECT_EQ(disk::Trace().size(), calls) << step;
    EXPECT_EQ(Numbers(ReadAll(*journal)), UpTo(last));
    journal.reset();
    last = static_cast<std::int64_t>(Reread().size());  // With it or without: nobody was told.
    EXPECT_EQ(Numbers(Reread()), UpTo(last));
  }
  disk::FailAt("sync data");  // What an ended process has left must be on the disk before anything rests on it.
  EXPECT_EQ(OpenReason(), "JOURNAL_UNUSABLE");
}

TEST_F(FileJournalTest, AFailedCreationLeavesNoJournal) {
  for (const std::string& step : {"write"s, "sync journal"s, "link"s, "sync " + folder().filename().string()}) {
    disk::FailAt(step);
    EXPECT_EQ(OpenReason(), "JOURNAL_UNUSABLE") << step;
    disk::FailAt("");
    fs::remove(Path());  // Only the last step leaves one, of which nobody knows whether it would outlive a crash.
    EXPECT_EQ(Names(), std::vector<std::string>()) << step;
  }
  EXPECT_TRUE(Open()->created());
}

// A limit stands for a full disk: the journal cannot grow.
TEST_F(FileJournalTest, AFullDiskCostsNothingThatWasAcknowledged) {
  const int acknowledged = disk::InAnotherProcess([this] {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{2 * kJournalGrowth, 2 * kJournalGrowth};
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return 255;
    const auto journal = Open();
    int last = 0;
    while (journal->Append(RecordsOf(last + 1, last + 1, 50'000)).ok()) ++last;
    return journal->Append({}).ok() && GetReason(journal->Append(RecordsOf(1, 1))) == "JOURNAL_FAILED" ? last : 254;
  });
  EXPECT_EQ(acknowledged, 2 * static_cast<int>(kJournalGrowth) / 50'100);
  EXPECT_EQ(Numbers(Reread()), UpTo(acknowledged));
  Append({RecordsOf(acknowledged + 1, acknowledged + 2, 50'000)});
  EXPECT_EQ(Numbers(Reread()), UpTo(acknowledged + 2));
}

// --- Several processes
// ------------------------------------------------------------------------------------------------

TEST_F(FileJournalTest, AFolderHoldsSeveral) {
  EXPECT_FALSE(HasJournals(folder()).value());
  EXPECT_EQ(ReadFolder(), std::pair(std::vector<std::int64_t>(), std::string()));
  disk::WriteFile(folder() / "incarnation", "not a journal");
  disk::WriteFile(folder() / "journal-b.log.new", "what a compaction left");
  EXPECT_FALSE(HasJournals(folder()).value());
  const auto b = Open("b");
  const auto a = Open("a");
  ASSERT_TRUE(b->Append(RecordsOf(3, 4)).ok());
  ASSERT_TRUE(a->Append(RecordsOf(1, 2)).ok());
  EXPECT_TRUE(HasJournals(folder()).value());
  EXPECT_EQ(ReadFolder(), std::pair(UpTo(4), std::string()));
  EXPECT_EQ(Numbers(ReadAll(*b)), (std::vector<std::int64_t>{3, 4}));
  EXPECT_EQ(ReadJournals(folder(), "", [](const JournalRecord&) { return absl::CancelledError("enough"); }),
            absl::CancelledError("enough"));
}

TEST_F(FileJournalTest, OneThatIsBeingWrittenCanBeRead) {
  auto journal = Open();
  std::atomic<std::int64_t> acknowledged = 0;
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    disk::SkipSyncs(true);
    for (std::int64_t last = 0; !stop; acknowledged = last) {
      ASSERT_TRUE(journal->Append(RecordsOf(last + 1, last + 5, 1500)).ok());
      last += 5;
      if (last % 500 != 0) continue;
      ASSERT_TRUE(journal->Compact([](const crypto::Digest&) { return false; }).ok());
    }
  });
  for (int i = 0; i < 100 && !HasFailure(); ++i) {
    const std::int64_t before = acknowledged;
    const auto [numbers, reason] = ReadFolder();
    EXPECT_EQ(reason, "");
    EXPECT_GE(static_cast<std::int64_t>(numbers.size()), before);
    EXPECT_TRUE(numbers == UpTo(static_cast<std::int64_t>(numbers.size())));
  }
  stop = true;
  writer.join();
}

// Its owner makes the file larger while it is read, and then gives it up: another has taken its place.
TEST_F(FileJournalTest, OneThatGrowsWhileItIsReadIsReadToItsEnd) {
  const auto journal = Open();
  ASSERT_TRUE(journal->Append(RecordsOf(1, 1)).ok());
  disk::BeforeLock([&] { ASSERT_TRUE(journal->Compact([](const crypto::Digest&) { return true; }).ok()); });
  std::vector<JournalRecord> read;
  const absl::Status status = ReadJournals(folder(), "", [&](const JournalRecord& record) {
    if (read.empty()) {
      EXPECT_TRUE(journal->Append(RecordsOf(2, 2, kJournalGrowth)).ok());
    }
    read.push_back(record);
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(Numbers(read), UpTo(2));
}

// The last entry as it looks while its owner writes it, from the first byte to the last.
TEST_F(FileJournalTest, HalfAnEntryOfARunningProcessIsTheEnd) {
  const auto ends = Append({RecordsOf(1, 2), {Record(3, 200)}});
  const auto journal = Open();
  const std::string whole = disk::ReadFile(Path());
  std::fstream file(Path(), std::ios::in | std::ios::out | std::ios::binary);
  for (std::size_t written = ends[0]; written < ends[1]; ++written) {
    std::string part = whole.substr(0, written);
    part.resize(ends[1]);
    file.seekp(0);
    file << part << std::flush;
    ASSERT_EQ(ReadFolder(), std::pair(UpTo(2), std::string())) << written;
  }
  // Not so before an entry that is whole: its owner has gone on.
  std::string damaged = whole.substr(0, ends[1]);
  damaged[kJournalStart + 20] ^= 1;
  file.seekp(0);
  file << damaged << std::flush;
  EXPECT_EQ(ReadFolder().second, "JOURNAL_DAMAGED");
}

// --- Compaction
// -------------------------------------------------------------------------------------------------------

TEST_F(FileJournalTest, CompactionMakesTheFileSmaller) {
  const auto journal = Open();
  for (std::int64_t i = 0; i < 40; ++i) ASSERT_TRUE(journal->Append(RecordsOf(i * 50 + 1, i * 50 + 50, 2000)).ok());
  EXPECT_GT(fs::file_size(Path()), 4'000'000U);
  const std::size_t before = disk::Trace().size();
  ASSERT_TRUE(journal->Compact([](const crypto::Digest&) { return false; }).ok());
  EXPECT_EQ(fs::file_size(Path()), kJournalGrowth);
  EXPECT_EQ(Numbers(ReadAll(*journal)), UpTo(2000));
  EXPECT_EQ(Names(), std::vector<std::string>{"journal-node.log"});
  // Nothing may take the place of the old file before it is on the disk.
  const auto trace = disk::Trace();
  std::vector<std::string> syncs;
  for (std::size_t i = before; i < trace.size(); ++i) {
    if (!trace[i].starts_with("write")) syncs.push_back(trace[i]);
  }
  EXPECT_EQ(absl::StrJoin(syncs, ", "),
            absl::StrCat("sync journal-node.log.new, sync journal-node.log.new, rename journal-node.log.new, sync ",
                         folder().filename().string()));
}

TEST_F(FileJournalTest, AppendsGoOnDuringACompaction) {
  const auto journal = Open();
  ASSERT_TRUE(journal->Append(RecordsOf(1, 3)).ok());
  std::int64_t last = 3;
  const auto keep = [&](const crypto::Digest& hash) {
    if (hash == Record(3).hash) {
      std::thread([&] {
        ++last;
        EXPECT_TRUE(journal->Append(RecordsOf(last, last)).ok());
      }).join();
    }
    return hash == Record(4).hash;
  };
  ASSERT_TRUE(journal->Compact(keep).ok());
  EXPECT_EQ(last, 4);
  const auto records = ReadAll(*journal);
  EXPECT_EQ(Numbers(records), UpTo(4));
  EXPECT_EQ(records[3], Record(4));
  EXPECT_EQ(records[0].header, "");
}

TEST_F(FileJournalTest, ACompactionEndsNoFailure) {
  auto journal = Open();
  ASSERT_TRUE(journal->Append(RecordsOf(1, 3)).ok());
  const auto keep = [&](const crypto::Digest& hash) {
    if (hash == Record(2).hash) {
      disk::FailAt("sync data");
      std::thread([&] { EXPECT_EQ(GetReason(journal->Append(RecordsOf(4, 4))), "JOURNAL_FAILED"); }).join();
      disk::FailAt("");
    }
    return false;
  };
  EXPECT_EQ(GetReason(journal->Compact(keep)), "JOURNAL_FAILED");
  EXPECT_EQ(GetReason(journal->Append(RecordsOf(4, 4))), "JOURNAL_FAILED");
  journal.reset();
  EXPECT_EQ(Reread()[0], Record(1)) << "the file is the one that failed";
  EXPECT_EQ(Names(), std::vector<std::string>{"journal-node.log"});
}

TEST_F(FileJournalTest, ACompactionThatFailsChangesNothing) {
  auto journal = Open();
  ASSERT_TRUE(journal->Append(RecordsOf(1, 3)).ok());
  const auto drop = [](const crypto::Digest&) { return false; };
  for (const char* step : {"write journal-node.log.new", "sync journal-node.log.new"}) {
    disk::FailAt(step);
    const absl::Status status = journal->Compact(drop);
    disk::FailAt("");
    EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << step;
    EXPECT_EQ(GetReason(status), "JOURNAL_NOT_COMPACTED") << step;
    EXPECT_EQ(ReadAll(*journal), RecordsOf(1, 3));
    EXPECT_EQ(Names(), std::vector<std::string>{"journal-node.log"});
  }
  ASSERT_TRUE(journal->Append(RecordsOf(4, 4)).ok());
  journal.reset();
  EXPECT_EQ(Reread(), RecordsOf(1, 4));
}

// Which of the two files a crash would leave is not known, so that nothing more may be written to either.
TEST_F(FileJournalTest, ACompactionThatFailsAtTheEndIsTheEnd) {
  std::int64_t last = 0;
  for (const std::string& step : {"rename"s, "sync " + folder().filename().string()}) {
    auto journal = Open();
    ++last;
    ASSERT_TRUE(journal->Append(RecordsOf(last, last)).ok());
    disk::FailAt(step);
    EXPECT_EQ(GetReason(journal->Compact([](const crypto::Digest&) { return false; })), "JOURNAL_FAILED") << step;
    disk::FailAt("");
    EXPECT_EQ(GetReason(journal->Append(RecordsOf(last + 1, last + 1))), "JOURNAL_FAILED") << step;
    journal.reset();
    EXPECT_EQ(Numbers(Reread()), UpTo(last)) << step;
  }
}

TEST_F(FileJournalTest, ACompactionDoesNotCopyDamage) {
  const auto ends = Append({RecordsOf(1, 2), RecordsOf(3, 4)});
  const auto journal = Open();
  std::string file = disk::ReadFile(Path());
  file[ends[0] + 20] ^= 1;
  disk::WriteFile(Path(), file);
  EXPECT_EQ(GetReason(journal->Compact([](const crypto::Digest&) { return false; })), "JOURNAL_DAMAGED");
  EXPECT_TRUE(disk::ReadFile(Path()) == file);
  const auto skip = [](const JournalRecord&) { return absl::OkStatus(); };
  EXPECT_EQ(GetReason(journal->Read(skip)), "JOURNAL_DAMAGED");
}

}  // namespace
}  // namespace teilhabe::dossier
