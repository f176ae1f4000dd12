#pragma once

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <random>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/reason.h"
#include "common/dossier/disk_for_test.h"
#include "common/dossier/journal.h"
#include "common/dossier/journal_format.h"
#include "gtest/gtest.h"

namespace teilhabe::dossier {

namespace fs = std::filesystem;

inline constexpr std::size_t kSector = 512;

inline JournalRecord Record(std::int64_t number, std::size_t bytes = 40) {
  JournalRecord record;
  record.dossier = "00112233445566778899aabbccddeeff";
  record.sequence = number;
  record.kind = static_cast<int>(number % 7);
  record.hash = crypto::Sha256(absl::StrCat(number));
  record.incarnation = 3;
  record.header = std::string(bytes, static_cast<char>('a' + number % 26));
  record.signature = std::string("\0signed", 7);
  return record;
}

inline std::vector<JournalRecord> RecordsOf(std::int64_t first, std::int64_t last, std::size_t bytes = 40) {
  std::vector<JournalRecord> records;
  for (std::int64_t i = first; i <= last; ++i) records.push_back(Record(i, bytes));
  return records;
}

inline std::vector<JournalRecord> ReadAll(const Journal& journal) {
  std::vector<JournalRecord> records;
  const absl::Status status = journal.Read([&records](const JournalRecord& record) {
    records.push_back(record);
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  return records;
}

// The sequence numbers of what is named, which these tests take in order.
inline std::vector<std::int64_t> Numbers(const std::vector<JournalRecord>& records) {
  std::vector<std::int64_t> numbers;
  numbers.reserve(records.size());
  for (const JournalRecord& record : records) numbers.push_back(record.sequence);
  return numbers;
}

inline std::vector<std::int64_t> UpTo(std::int64_t last) {
  std::vector<std::int64_t> numbers;
  for (std::int64_t i = 1; i <= last; ++i) numbers.push_back(i);
  return numbers;
}

class FileJournalTest : public disk::FolderTest {
 protected:
  fs::path Path(const std::string& name = "node") const { return folder() / ("journal-" + name + ".log"); }
  std::unique_ptr<FileJournal> Open(const std::string& name = "node") const {
    auto opened = FileJournal::Open(folder(), name);
    EXPECT_TRUE(opened.ok()) << opened.status();
    return opened.ok() ? *std::move(opened) : nullptr;
  }
  absl::Status OpenStatus() const { return FileJournal::Open(folder(), "node").status(); }
  std::string OpenReason() const { return GetReason(OpenStatus()); }
  std::vector<JournalRecord> Reread() const {
    const auto journal = Open();
    return journal == nullptr ? std::vector<JournalRecord>() : ReadAll(*journal);
  }
  // All journals of the folder, and the reason if that fails.
  std::pair<std::vector<std::int64_t>, std::string> ReadFolder() const {
    std::vector<JournalRecord> records;
    const absl::Status status = ReadJournals(folder(), "", [&records](const JournalRecord& record) {
      records.push_back(record);
      return absl::OkStatus();
    });
    return {Numbers(records), GetReason(status)};
  }
  // Where the entries of a file end, and what it holds.
  std::vector<std::size_t> Append(const std::vector<std::vector<JournalRecord>>& appends) const {
    const auto journal = Open();
    std::vector<std::size_t> ends;
    std::size_t end = kJournalStart;
    for (const auto& records : appends) {
      EXPECT_TRUE(journal->Append(records).ok());
      std::string body;
      for (const JournalRecord& record : records) AddJournalRecord(record, body);
      end += JournalEntry(end, body).size();
      ends.push_back(end);
    }
    return ends;
  }
};

// --- What every journal does
// ------------------------------------------------------------------------------------------

// A journal that can be opened again after what a crash would do to the process.

}  // namespace teilhabe::dossier
