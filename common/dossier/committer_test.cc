#include "common/dossier/committer.h"

#include "common/dossier/testing/sample_log.h"
#include "common/storage/testing/backends.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace teilhabe::dossier {
namespace {

// What is committed and cannot be named must never be sent: the process ends at once, and the next start names it.
TEST(GroupCommitterDeathTest, AJournalThatFailsEndsTheProcessAndTheNextStartNamesWhatWasCommitted) {
  const storage::TemporaryFolder folder;
  const std::string connection = "sqlite:" + folder.path() + "/a.db";
  crypto::SeededRng rng(1);
  const KeyRing keys(crypto::AeadKey::Generate(rng), rng);
  const Store store(keys);
  const SampleMembers members;
  const Event opened = SampleLog().Opened("a");
  MemoryJournal journal;
  const auto commit = [&] {
    const auto database = storage::OpenDatabase(connection);
    if (!database.ok() || !MigrateStore(**database).ok()) return;
    journal.Fail();
    GroupCommitter committer(**database, journal);
    const storage::GroupCommitThread thread(committer.queue(), **database);
    const absl::Status returned = committer.Commit([&](Unit& unit) -> absl::Status {
      const auto after = Next({}, opened, SampleStep(members, true));
      if (!after.ok()) return after.status();
      unit.signed_records.push_back(ToRecord(opened));
      return store.AddEvent(unit.tx, {}, *after, opened);
    });
    std::fprintf(stderr, "returned %s\n", returned.ToString().c_str());
  };
  EXPECT_EXIT(commit(), testing::ExitedWithCode(kExitJournalFailed), "journal_failed");

  const auto database = storage::OpenDatabase(connection);
  ASSERT_TRUE(database.ok()) << database.status();
  EXPECT_EQ(store.State(**database, kSampleDossier)->sequence(), 1) << "it was committed";
  std::vector<crypto::Digest> named;
  const JournalVisitor note = [&](const JournalRecord& record) {
    named.push_back(record.hash);
    return absl::OkStatus();
  };
  ASSERT_TRUE(CompareWithJournal(**database, store, "a", journal, [&](const JournalVisitor& visit) {
                return journal.Read(visit);
              }).ok());
  ASSERT_TRUE(journal.Read(note).ok());
  EXPECT_THAT(named, testing::ElementsAre(opened.hash));
}

}  // namespace
}  // namespace teilhabe::dossier
