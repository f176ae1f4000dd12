#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/dossier/journal.h"
#include "common/dossier/locked_file.h"

// The file of a journal:
//
//   head      the text kJournalHead, zero bytes up to 32
//   entries   one per Append (several where it is above 64 MiB), each from a multiple of 16 on:
//               4  "Jrnl"
//               4  length of the body, at least 1
//               8  start of SHA-256(tag `journal-entry-head` ‖ uint64 offset of the entry ‖ uint64 length)
//               n  body: the records; then zero bytes up to a multiple of 16
//              16  start of SHA-256(tag `journal-entry` ‖ uint64 offset ‖ uint64 length ‖ body and zero bytes)
//   zeros     up to the file's size, a multiple of 1 MiB
//   record    uint32 length ‖ dossier, uint64 sequence, uint32 kind, 32 bytes hash, uint64 incarnation,
//             uint32 length ‖ header, uint32 length ‖ signature
//
// Numbers are big endian. The zeros are written and synced before an entry takes their place, so that an Append changes
// neither the size nor the place of the file and waits for the disk once, whatever the file system. And they tell what
// a crash has left from what a disk has damaged: of an entry that was never acknowledged, some sectors hold zeros
// still. The offset in both checks finds what was written to the wrong place.
namespace teilhabe::dossier {

inline constexpr std::string_view kJournalHead = "teilhabe/journal/v1\n";
inline constexpr std::uint64_t kJournalStart = 32;  // Of the first entry.
inline constexpr std::uint64_t kJournalGrowth = std::uint64_t{1} << 20;
inline constexpr std::uint64_t kMaxJournalBody = std::uint64_t{64} << 20;

void AddJournalRecord(const JournalRecord& record, std::string& body);
// The entry that holds `body`, for this place in the file.
std::string JournalEntry(std::uint64_t offset, std::string_view body);

struct JournalTail {
  enum class Kind {
    kClean,    // Zeros follow, or nothing.
    kTorn,     // A part of an entry that was never acknowledged.
    kBroken,   // Something else that is no entry, and no entry after it.
    kDamaged,  // Something that is no entry before one that is.
  };
  Kind kind = Kind::kClean;
  std::uint64_t offset = 0;  // End of the last entry.
};

// Checks the head and the size, which it returns. Errors: kDataLoss JOURNAL_DAMAGED; those of reading.
absl::StatusOr<std::uint64_t> CheckJournalHead(const OpenFile& file);

// Visits the entries from `offset` on that end before `limit`, and says what follows. Errors: those of the visitor, of
// reading, and kDataLoss JOURNAL_DAMAGED for an entry whose records are none.
absl::StatusOr<JournalTail> ReadJournalEntries(const OpenFile& file, std::uint64_t offset, std::uint64_t limit,
                                               const JournalVisitor& visit);

absl::Status JournalDamaged(std::uint64_t offset);

}  // namespace teilhabe::dossier
