#include "common/dossier/journal_format.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "absl/strings/str_cat.h"
#include "common/base/check.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"

namespace teilhabe::dossier {
namespace {

constexpr std::string_view kMagic = "Jrnl";
constexpr std::uint64_t kAlign = 16;
constexpr std::uint64_t kHead = 16;
constexpr std::uint64_t kCheck = 16;
constexpr std::uint64_t kSector = 512;  // A disk writes so much whole or not at all, or a multiple of it.
constexpr std::size_t kWindow = std::size_t{64} << 10;

static_assert(kSector % kAlign == 0, "a head and a check must each lie within one sector");

std::uint64_t Padded(std::uint64_t size) { return (size + kAlign - 1) / kAlign * kAlign; }
std::uint64_t EntrySize(std::uint64_t length) { return kHead + Padded(length) + kCheck; }

bool AllZero(std::string_view bytes) {
  return bytes.empty() || (bytes[0] == '\0' && std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

std::string EntryHead(std::uint64_t offset, std::uint64_t length) {
  const crypto::Digest digest = crypto::Hasher("journal-entry-head").Number(offset).Number(length).Finish();
  return absl::StrCat(std::string(kMagic), crypto::BigEndian32(static_cast<std::uint32_t>(length)),
                      std::string(digest.bytes().substr(0, 8)));
}

std::string EntryCheck(std::uint64_t offset, std::uint64_t length, std::string_view padded) {
  const crypto::Digest digest = crypto::Hasher("journal-entry").Number(offset).Number(length).Raw(padded).Finish();
  return std::string(digest.bytes().substr(0, kCheck));
}

// Reads big-endian numbers and texts from a body.
class BodyReader {
 public:
  explicit BodyReader(std::string_view rest) : rest_(rest) {}
  bool empty() const { return rest_.empty(); }
  bool good() const { return good_; }

  std::string_view Take(std::uint64_t size) {
    if (size > rest_.size()) {
      good_ = false;
      rest_ = {};
      return {};
    }
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  std::uint64_t Number(std::uint64_t size) {
    std::uint64_t number = 0;
    for (const char byte : Take(size)) number = number << 8 | static_cast<std::uint8_t>(byte);
    return number;
  }
  std::string Text() { return std::string(Take(Number(4))); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

std::optional<JournalRecord> ReadRecord(BodyReader& body) {
  JournalRecord record;
  record.dossier = body.Text();
  record.sequence = static_cast<std::int64_t>(body.Number(8));
  record.kind = static_cast<int>(body.Number(4));
  const auto hash = crypto::Digest::FromBytes(body.Take(crypto::Digest::kSize));
  record.incarnation = static_cast<std::int64_t>(body.Number(8));
  record.header = body.Text();
  record.signature = body.Text();
  if (!body.good() || !hash.ok()) return std::nullopt;
  record.hash = *hash;
  return record;
}

// Looks at a file below a limit, piece by piece.
class Window {
 public:
  Window(const OpenFile& file, std::uint64_t limit) : file_(file), limit_(limit) {}
  std::uint64_t limit() const { return limit_; }

  // Up to `size` bytes, fewer at the limit; valid until the next call.
  absl::StatusOr<std::string_view> At(std::uint64_t offset, std::uint64_t size) {
    size = offset < limit_ ? std::min(size, limit_ - offset) : 0;
    if (offset < start_ || offset + size > start_ + bytes_.size()) {
      const std::uint64_t more = std::max<std::uint64_t>(size, std::min<std::uint64_t>(kWindow, limit_ - offset));
      TEILHABE_ASSIGN_OR_RETURN(bytes_, ReadAt(file_, offset, more));
      start_ = offset;
      if (bytes_.size() < size) return JournalDamaged(offset + bytes_.size());  // It became shorter meanwhile.
    }
    return std::string_view(bytes_).substr(offset - start_, size);
  }

  absl::StatusOr<bool> Zero(std::uint64_t from, std::uint64_t to) {
    for (; from < to; from += kWindow) {
      TEILHABE_ASSIGN_OR_RETURN(const std::string_view bytes, At(from, std::min<std::uint64_t>(kWindow, to - from)));
      if (!AllZero(bytes)) return false;
    }
    return true;
  }

  // The length of the body whose entry's head stands here; none: no head does, or the entry goes beyond the limit.
  absl::StatusOr<std::optional<std::uint64_t>> Length(std::uint64_t offset) {
    TEILHABE_ASSIGN_OR_RETURN(const std::string_view head, At(offset, kHead));
    if (head.size() < kHead || head.substr(0, kMagic.size()) != kMagic) return std::nullopt;
    const std::uint64_t length = BodyReader(head.substr(kMagic.size(), 4)).Number(4);
    if (length == 0 || length > kMaxJournalBody || head != EntryHead(offset, length)) return std::nullopt;
    return length;
  }

  // The body of the entry that stands here; none: no whole one does. Valid until the next call.
  absl::StatusOr<std::optional<std::string_view>> Body(std::uint64_t offset) {
    TEILHABE_ASSIGN_OR_RETURN(const std::optional<std::uint64_t> length, Length(offset));
    if (!length) return std::nullopt;
    TEILHABE_ASSIGN_OR_RETURN(const std::string_view entry, At(offset, EntrySize(*length)));
    if (entry.size() < EntrySize(*length)) return std::nullopt;
    const std::string_view padded = entry.substr(kHead, Padded(*length));
    if (entry.substr(kHead + padded.size()) != EntryCheck(offset, *length, padded)) return std::nullopt;
    return padded.substr(0, *length);
  }

  // Whether a whole entry stands anywhere from `offset` on.
  absl::StatusOr<bool> AnyEntry(std::uint64_t offset) {
    while (offset < limit_) {
      TEILHABE_ASSIGN_OR_RETURN(const std::string_view bytes, At(offset, kWindow));
      const std::size_t found = bytes.find(kMagic);  // At a multiple of 16, so that no window cuts one in two.
      if (found == std::string_view::npos) {
        offset += bytes.size();
        continue;
      }
      offset += found;
      if (offset % kAlign == 0) {
        TEILHABE_ASSIGN_OR_RETURN(const auto body, Body(offset));
        if (body) return true;
      }
      offset = (offset / kAlign + 1) * kAlign;
    }
    return false;
  }

 private:
  const OpenFile& file_;
  const std::uint64_t limit_;
  std::uint64_t start_ = 0;
  std::string bytes_;
};

// Where the next sector begins.
std::uint64_t NextSector(std::uint64_t offset) { return (offset / kSector + 1) * kSector; }

// What stands at `offset`, where no whole entry does.
absl::StatusOr<JournalTail::Kind> TailKind(Window& window, std::uint64_t offset) {
  using Kind = JournalTail::Kind;
  const std::uint64_t limit = window.limit();
  TEILHABE_ASSIGN_OR_RETURN(const bool clean, window.Zero(offset, limit));
  if (clean) return Kind::kClean;
  // An Append begins when the one before it is durable, so that a whole entry later says that this one was.
  TEILHABE_ASSIGN_OR_RETURN(const bool later, window.AnyEntry(offset + kAlign));
  if (later) return Kind::kDamaged;
  TEILHABE_ASSIGN_OR_RETURN(const std::optional<std::uint64_t> length, window.Length(offset));
  if (!length) {
    TEILHABE_ASSIGN_OR_RETURN(const bool unwritten, window.Zero(offset, std::min(limit, NextSector(offset))));
    return unwritten ? Kind::kTorn : Kind::kBroken;
  }
  const std::uint64_t end = offset + EntrySize(*length);
  if (end > limit) return Kind::kBroken;
  TEILHABE_ASSIGN_OR_RETURN(const bool last, window.Zero(end, limit));
  if (!last) return Kind::kBroken;
  // Written from the front and stopped, or some sectors were written and some not. In each of these are 16 bytes or
  // more, of which a damaged disk makes zeros less easily than it makes one bit another.
  TEILHABE_ASSIGN_OR_RETURN(bool unwritten, window.Zero(end - kCheck, end));
  for (std::uint64_t at = offset; at < end && !unwritten; at = NextSector(at)) {
    TEILHABE_ASSIGN_OR_RETURN(unwritten, window.Zero(at, std::min(end, NextSector(at))));
  }
  return unwritten ? Kind::kTorn : Kind::kBroken;
}

}  // namespace

void AddJournalRecord(const JournalRecord& record, std::string& body) {
  const auto text = [&body](std::string_view bytes) {
    TEILHABE_CHECK(bytes.size() <= UINT32_MAX);
    body += crypto::BigEndian32(static_cast<std::uint32_t>(bytes.size()));
    body += bytes;
  };
  text(record.dossier);
  body += crypto::BigEndian64(static_cast<std::uint64_t>(record.sequence));
  body += crypto::BigEndian32(static_cast<std::uint32_t>(record.kind));
  body += record.hash.bytes();
  body += crypto::BigEndian64(static_cast<std::uint64_t>(record.incarnation));
  text(record.header);
  text(record.signature);
}

std::string JournalEntry(std::uint64_t offset, std::string_view body) {
  TEILHABE_CHECK(!body.empty() && body.size() <= kMaxJournalBody && offset % kAlign == 0);
  std::string entry = EntryHead(offset, body.size());
  entry += body;
  entry.resize(kHead + Padded(body.size()));
  entry += EntryCheck(offset, body.size(), std::string_view(entry).substr(kHead));
  return entry;
}

absl::StatusOr<std::uint64_t> CheckJournalHead(const OpenFile& file) {
  TEILHABE_ASSIGN_OR_RETURN(const std::uint64_t size, Size(file));
  TEILHABE_ASSIGN_OR_RETURN(const std::string head, ReadAt(file, 0, kJournalStart));
  std::string want(kJournalHead);
  want.resize(kJournalStart);
  if (head != want) return JournalDamaged(0);
  // It grows in one step, so that a file of another size was cut off by something else.
  if (size % kJournalGrowth != 0) return JournalDamaged(size);
  return size;
}

absl::StatusOr<JournalTail> ReadJournalEntries(const OpenFile& file, std::uint64_t offset, std::uint64_t limit,
                                               const JournalVisitor& visit) {
  Window window(file, limit);
  while (true) {
    TEILHABE_ASSIGN_OR_RETURN(const std::optional<std::string_view> found, window.Body(offset));
    if (!found) break;
    BodyReader body(*found);
    while (!body.empty()) {
      const std::optional<JournalRecord> record = ReadRecord(body);
      if (!record) return JournalDamaged(offset);
      TEILHABE_RETURN_IF_ERROR(visit(*record));
    }
    offset += EntrySize(found->size());
  }
  TEILHABE_ASSIGN_OR_RETURN(const JournalTail::Kind kind, TailKind(window, offset));
  return JournalTail{kind, offset};
}

absl::Status JournalDamaged(std::uint64_t offset) {
  return ReasonError(absl::StatusCode::kDataLoss, "JOURNAL_DAMAGED",
                     absl::StrCat("the journal is damaged at byte ", offset,
                                  ", or a newer program wrote it; restore it before the node starts"));
}

}  // namespace teilhabe::dossier
