#include "common/dossier/attachments.h"

#include <algorithm>
#include <functional>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/storage/testing/backends.h"
#include "gmock/gmock.h"

namespace teilhabe::dossier {
namespace {

using namespace std::string_literals;
using crypto::Digest;
using storage::Bytes;
using storage::Transaction;

constexpr std::int64_t kChunk = kAttachmentChunk;

Digest DigestOf(std::string_view bytes) { return crypto::Hasher("attachment").Raw(bytes).Finish(); }

// A file of `size` bytes that begins as one of its type does; no two chunks are alike.
std::string File(std::string_view start, std::int64_t size) {
  std::string bytes(start);
  crypto::SeededRng rng(static_cast<std::uint64_t>(size));
  bytes +=
      rng.Bytes(static_cast<std::size_t>(std::max<std::int64_t>(0, size - static_cast<std::int64_t>(start.size()))));
  bytes.resize(static_cast<std::size_t>(size));
  return bytes;
}
std::string Pdf(std::int64_t size) { return File("%PDF-1.7", size); }

std::string Chunk(std::string_view bytes, std::int64_t index) {
  return std::string(bytes.substr(static_cast<std::size_t>(index * kChunk), static_cast<std::size_t>(kChunk)));
}

Attachment About(std::string_view bytes, std::string media_type = "application/pdf") {
  return {.size = static_cast<std::int64_t>(bytes.size()), .media_type = std::move(media_type), .handle = "h1"};
}

class AttachmentStore : public storage::BackendTest {
 protected:
  void SetUp() override {
    BackendTest::SetUp();
    if (HasFatalFailure()) return;
    ASSERT_TRUE(KeyRing::Migrate(db()).ok());
    ASSERT_TRUE(Attachments::Migrate(db()).ok());
  }

  absl::Status Begin(const Digest& digest, const Attachment& attachment) {
    return db().Transact([&](Transaction& transaction) { return store_.Begin(transaction, "d1", digest, attachment); });
  }
  absl::Status Put(const Digest& digest, std::int64_t index, std::string_view bytes) {
    return db().Transact(
        [&](Transaction& transaction) { return store_.PutChunk(transaction, "d1", digest, index, bytes); });
  }
  absl::Status Finish(const Digest& digest) {
    return db().Transact([&](Transaction& transaction) { return store_.Finish(transaction, "d1", digest); });
  }
  bool Drop(const Digest& digest) {
    bool dropped = false;
    const absl::Status status = db().Transact([&](Transaction& transaction) -> absl::Status {
      TEILHABE_ASSIGN_OR_RETURN(dropped, store_.Drop(transaction, "d1", digest));
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    return dropped;
  }
  absl::Status Erase(std::string_view handle) {
    return db().Transact([&](Transaction& transaction) { return keys_.Erase(transaction, handle); });
  }
  absl::StatusOr<std::string> Get(const Digest& digest, std::int64_t index) {
    return store_.GetChunk(db(), "d1", digest, index);
  }
  absl::StatusOr<Attachment> Find(const Digest& digest) { return store_.Find(db(), "d1", digest); }

  // Begin and all chunks of `bytes`, under a digest that may be another one.
  void Send(const Digest& digest, std::string_view bytes, const Attachment& attachment) {
    const absl::Status status = db().Transact([&](Transaction& transaction) -> absl::Status {
      TEILHABE_RETURN_IF_ERROR(store_.Begin(transaction, "d1", digest, attachment));
      for (std::int64_t i = 0; i < ChunkCount(attachment.size); ++i) {
        TEILHABE_RETURN_IF_ERROR(store_.PutChunk(transaction, "d1", digest, i, Chunk(bytes, i)));
      }
      return absl::OkStatus();
    });
    ASSERT_TRUE(status.ok()) << status;
  }
  Digest Store(std::string_view bytes) {
    Send(DigestOf(bytes), bytes, About(bytes));
    EXPECT_TRUE(Finish(DigestOf(bytes)).ok());
    return DigestOf(bytes);
  }
  std::int64_t Count(const std::string& table) {
    return db().Query("SELECT COUNT(*) FROM " + table, {}).value().at(0).Int(0);
  }

  crypto::SystemRng rng_;
  const KeyRing keys_{crypto::AeadKey::FromBytes(std::string(32, 'k')).value(), rng_};
  const Attachments store_{keys_};
};
INSTANTIATE_TEST_SUITE_P(Backends, AttachmentStore, testing::ValuesIn(storage::AllBackends()), storage::BackendName);

void ExpectError(const absl::Status& status, absl::StatusCode code, std::string_view reason, std::string_view field) {
  EXPECT_EQ(status.code(), code) << status;
  EXPECT_EQ(GetReason(status), reason) << status;
  EXPECT_EQ(GetField(status), field) << status;
}

TEST_P(AttachmentStore, GivesBackWhatWasStored) {
  for (const std::int64_t size : {std::int64_t{5}, kChunk - 1, kChunk, kChunk + 1, 3 * kChunk}) {
    const std::string bytes = Pdf(size);
    const Digest digest = Store(bytes);
    Reopen();
    EXPECT_EQ(Find(digest).value(), About(bytes));
    std::string got;
    for (std::int64_t i = 0; i < ChunkCount(size); ++i) got += Get(digest, i).value();
    EXPECT_EQ(got, bytes) << size;
    ExpectError(Get(digest, ChunkCount(size)).status(), absl::StatusCode::kInvalidArgument, "ATTACHMENT_CHUNK",
                "index");
    ExpectError(Get(digest, -1).status(), absl::StatusCode::kInvalidArgument, "ATTACHMENT_CHUNK", "index");
  }
  EXPECT_EQ(ChunkCount(kMaxAttachment), 191);
}

TEST_P(AttachmentStore, ChunksComeInAnyOrderAndTwice) {
  const std::string bytes = Pdf(3 * kChunk + 17);
  const Digest digest = DigestOf(bytes);
  ASSERT_TRUE(Begin(digest, About(bytes)).ok());
  for (const std::int64_t index : {3, 1, 3, 0, 2, 1}) ASSERT_TRUE(Put(digest, index, Chunk(bytes, index)).ok());
  ASSERT_TRUE(Begin(digest, About(bytes)).ok());  // Again: the chunks stay.
  ASSERT_TRUE(Finish(digest).ok());
  for (std::int64_t i = 0; i < 4; ++i) EXPECT_EQ(Get(digest, i).value(), Chunk(bytes, i));
  // The same again, from a peer that missed the answer: nothing changes.
  ASSERT_TRUE(Begin(digest, About(bytes)).ok());
  ASSERT_TRUE(Put(digest, 0, Chunk(bytes, 1)).ok());
  ASSERT_TRUE(Finish(digest).ok());
  EXPECT_EQ(Get(digest, 0).value(), Chunk(bytes, 0));
  EXPECT_EQ(Count("attachment_chunk"), 4);
}

TEST_P(AttachmentStore, TheLastOfTwoChunksCounts) {
  const std::string bytes = Pdf(kChunk + 1);
  const Digest digest = DigestOf(bytes);
  std::string wrong = bytes;
  wrong.back() ^= 1;
  Send(digest, wrong, About(bytes));
  ExpectError(Finish(digest), absl::StatusCode::kInvalidArgument, "ATTACHMENT_DIGEST", "digest");
  ASSERT_TRUE(Put(digest, 1, Chunk(bytes, 1)).ok());
  ASSERT_TRUE(Finish(digest).ok());
  EXPECT_EQ(Get(digest, 1).value(), Chunk(bytes, 1));
}

TEST_P(AttachmentStore, HasBounds) {
  const Digest digest = DigestOf("x");
  const auto begin = [&](std::int64_t size, std::string_view media_type) {
    return Begin(digest, {.size = size, .media_type = std::string(media_type), .handle = "h1"});
  };
  EXPECT_TRUE(begin(kMaxAttachment, "application/pdf").ok());
  EXPECT_TRUE(begin(1, "application/pdf").ok());
  ExpectError(begin(kMaxAttachment + 1, "application/pdf"), absl::StatusCode::kInvalidArgument, "ATTACHMENT_TOO_LARGE",
              "size");
  ExpectError(begin(0, "application/pdf"), absl::StatusCode::kInvalidArgument, "ATTACHMENT_EMPTY", "size");
  ExpectError(begin(-1, "application/pdf"), absl::StatusCode::kInvalidArgument, "ATTACHMENT_EMPTY", "size");
  for (const char* media_type : {"", "image/jpeg", "text/html", "application/pdf ", "APPLICATION/PDF"}) {
    ExpectError(begin(1, media_type), absl::StatusCode::kInvalidArgument, "ATTACHMENT_TYPE", "media_type");
  }
}

TEST_P(AttachmentStore, ChunksHaveTheirSize) {
  const std::string bytes = Pdf(kChunk + 10);
  const Digest digest = DigestOf(bytes);
  ASSERT_TRUE(Begin(digest, About(bytes)).ok());
  const auto refused = [&](std::int64_t index, std::int64_t size, std::string_view field) {
    const absl::Status status = Put(digest, index, std::string(static_cast<std::size_t>(size), 'x'));
    ExpectError(status, absl::StatusCode::kInvalidArgument, "ATTACHMENT_CHUNK", field);
  };
  refused(0, kChunk - 1, "bytes");
  refused(0, kChunk + 1, "bytes");
  refused(0, 0, "bytes");
  refused(0, 10, "bytes");
  refused(1, 9, "bytes");
  refused(1, 11, "bytes");
  refused(1, kChunk, "bytes");
  refused(2, 10, "index");
  refused(2, 0, "index");
  refused(-1, kChunk, "index");
  EXPECT_EQ(Count("attachment_chunk"), 0);
  // The same of a finished one, though nothing would be stored.
  const std::string other = Pdf(kChunk + 11);
  Store(other);
  ExpectError(Put(DigestOf(other), 1, "x"), absl::StatusCode::kInvalidArgument, "ATTACHMENT_CHUNK", "bytes");
}

TEST_P(AttachmentStore, TypesAreToldByContent) {
  struct Case {
    std::string start;
    std::string media_type;
    bool good;
  };
  const Case cases[] = {
      {"%PDF-", "application/pdf", true},
      {"%PDF", "application/pdf", false},
      {"%PDF_", "application/pdf", false},
      {" %PDF-1.7", "application/pdf", false},
      {"<html>", "application/pdf", false},
      {"%PDF-", "image/png", false},
      {"%PDF-", "image/tiff", false},
      {"\x89PNG\r\n\x1a\n", "image/png", true},
      {"\x89PNG\r\n\x1a", "image/png", false},
      {"\x89PNG\n\n\x1a\n", "image/png", false},
      {"\x89PNG\r\n\x1a\n", "application/pdf", false},
      {"II*\0"s, "image/tiff", true},
      {"MM\0*"s, "image/tiff", true},
      {"II*\0"s, "image/png", false},
      {"II\0*"s, "image/tiff", false},
      {"MM*\0"s, "image/tiff", false},
      {"II*", "image/tiff", false},
  };
  for (const Case& tested : cases) {
    const Digest digest = DigestOf(tested.start);  // The whole file is what tells its type.
    Send(digest, tested.start, About(tested.start, tested.media_type));
    const absl::Status status = Finish(digest);
    if (tested.good) {
      EXPECT_TRUE(status.ok()) << status;
      EXPECT_EQ(Find(digest).value().media_type, tested.media_type);
    } else {
      ExpectError(status, absl::StatusCode::kInvalidArgument, "ATTACHMENT_TYPE", "media_type");
      EXPECT_EQ(GetReason(Find(digest).status()), "ATTACHMENT_UNKNOWN");
    }
    Drop(digest);
  }
}

TEST_P(AttachmentStore, AnUnfinishedOneIsInvisible) {
  const std::string bytes = Pdf(3 * kChunk);
  const Digest digest = DigestOf(bytes);
  const auto unknown = [](const absl::Status& status) {
    ExpectError(status, absl::StatusCode::kNotFound, "ATTACHMENT_UNKNOWN", "");
  };
  unknown(Put(digest, 0, Chunk(bytes, 0)));
  unknown(Finish(digest));
  unknown(Find(digest).status());
  unknown(Get(digest, 0).status());
  ASSERT_TRUE(Begin(digest, About(bytes)).ok());
  for (const std::int64_t index : {2, 0, 1}) {
    const absl::Status status = Finish(digest);
    ExpectError(status, absl::StatusCode::kFailedPrecondition, "ATTACHMENT_INCOMPLETE", "index");
    EXPECT_EQ(GetDetails(status)["missing"], index == 1 ? "1" : "0");
    ASSERT_TRUE(Put(digest, index, Chunk(bytes, index)).ok());
    unknown(Find(digest).status());
    unknown(Get(digest, index).status());
  }
  ASSERT_TRUE(Finish(digest).ok());
  EXPECT_EQ(Get(digest, 1).value(), Chunk(bytes, 1));
  // Known in its dossier only, and by its digest only.
  unknown(store_.Find(db(), "d2", digest).status());
  unknown(store_.GetChunk(db(), "d2", digest, 0).status());
  unknown(Find(DigestOf("x")).status());
}

TEST_P(AttachmentStore, TheLastChunkIsMissedToo) {
  const std::string bytes = Pdf(2 * kChunk + 1);
  const Digest digest = DigestOf(bytes);
  ASSERT_TRUE(Begin(digest, About(bytes)).ok());
  for (const std::int64_t index : {0, 1}) ASSERT_TRUE(Put(digest, index, Chunk(bytes, index)).ok());
  EXPECT_EQ(GetDetails(Finish(digest))["missing"], "2");
}

TEST_P(AttachmentStore, TheDigestIsThatOfAttachments) {
  const std::string bytes = Pdf(1000);
  for (const Digest& digest : {crypto::Sha256(bytes), DigestOf(bytes + "x"), Digest()}) {
    Send(digest, bytes, About(bytes));
    ExpectError(Finish(digest), absl::StatusCode::kInvalidArgument, "ATTACHMENT_DIGEST", "digest");
    EXPECT_EQ(GetReason(Get(digest, 0).status()), "ATTACHMENT_UNKNOWN");
  }
  // Two chunks in the wrong order.
  const std::string two = Pdf(2 * kChunk);
  ASSERT_TRUE(Begin(DigestOf(two), About(two)).ok());
  ASSERT_TRUE(Put(DigestOf(two), 0, Chunk(two, 0)).ok());
  ASSERT_TRUE(Put(DigestOf(two), 1, Chunk(two, 0)).ok());
  ExpectError(Finish(DigestOf(two)), absl::StatusCode::kInvalidArgument, "ATTACHMENT_DIGEST", "digest");
}

TEST_P(AttachmentStore, BeginsAnewWithOtherWordsWhileUnfinished) {
  const std::string bytes = Pdf(2 * kChunk);
  const Digest digest = DigestOf(bytes);
  const Attachment right = About(bytes);
  const std::function<void(Attachment&)> changes[] = {
      [](Attachment& a) { a.size = 3 * kChunk; },
      [](Attachment& a) { a.media_type = "image/png"; },
      [](Attachment& a) { a.handle = "h2"; },
  };
  for (const auto& change : changes) {
    Attachment wrong = right;
    change(wrong);
    ASSERT_TRUE(Begin(digest, wrong).ok());
    ASSERT_TRUE(Put(digest, 0, Chunk(bytes, 0)).ok());
    ASSERT_TRUE(Begin(digest, right).ok());
    EXPECT_EQ(Count("attachment_chunk"), 0);
  }
  Store(bytes);
  EXPECT_EQ(Find(digest).value(), right);
  const char* const fields[] = {"size", "media_type", "handle"};
  for (std::size_t i = 0; i < std::size(changes); ++i) {
    Attachment wrong = right;
    changes[i](wrong);
    ExpectError(Begin(digest, wrong), absl::StatusCode::kAlreadyExists, "ATTACHMENT_EXISTS", fields[i]);
  }
  EXPECT_EQ(Get(digest, 1).value(), Chunk(bytes, 1));
}

TEST_P(AttachmentStore, CanBeDropped) {
  const std::string bytes = Pdf(kChunk + 1);
  const Digest digest = DigestOf(bytes);
  const Digest other = Store(Pdf(kChunk + 2));
  EXPECT_FALSE(Drop(digest));
  Send(digest, bytes, About(bytes));
  EXPECT_TRUE(Drop(digest));
  EXPECT_FALSE(Drop(digest));
  EXPECT_EQ(GetReason(Finish(digest)), "ATTACHMENT_UNKNOWN");
  Store(bytes);
  EXPECT_TRUE(Drop(digest));
  EXPECT_EQ(GetReason(Find(digest).status()), "ATTACHMENT_UNKNOWN");
  EXPECT_EQ(Count("attachment"), 1);
  EXPECT_EQ(Count("attachment_chunk"), 2);
  EXPECT_TRUE(Get(other, 1).ok());
}

TEST_P(AttachmentStore, IsUnreadableOnceItsSubjectIsErased) {
  const std::string bytes = Pdf(kChunk + 1);
  const Digest digest = Store(bytes);
  const std::string arriving = Pdf(kChunk + 2);
  Send(DigestOf(arriving), arriving, About(arriving));
  ASSERT_TRUE(Erase("h1").ok());
  EXPECT_EQ(GetReason(Get(digest, 0).status()), "SUBJECT_ERASED");
  EXPECT_EQ(GetReason(Finish(DigestOf(arriving))), "SUBJECT_ERASED");
  EXPECT_EQ(GetReason(Put(DigestOf(arriving), 0, Chunk(arriving, 0))), "SUBJECT_ERASED");
}

TEST_P(AttachmentStore, IsStoredSealedAndInItsPlace) {
  const std::string bytes = Pdf(3 * kChunk);
  const Digest digest = Store(bytes);
  const std::string sealed =
      db().Query("SELECT sealed FROM attachment_chunk WHERE chunk = 0", {}).value().at(0).Data(0);
  EXPECT_EQ(sealed.size(), static_cast<std::size_t>(kChunk + 28));
  EXPECT_EQ(sealed.find("%PDF-"), std::string::npos);
  EXPECT_EQ(sealed.find(bytes.substr(1000, 16)), std::string::npos);

  // What somebody with the database's password might try. Each is undone.
  const auto after = [&](std::string_view sql, const storage::Params& params, std::int64_t index) {
    std::string reason;
    const absl::Status undone = db().Transact([&](Transaction& transaction) -> absl::Status {
      EXPECT_EQ(transaction.Execute(sql, params).value(), 1) << sql;
      reason = GetReason(store_.GetChunk(transaction, "d1", digest, index).status());
      return absl::AbortedError("undo");
    });
    EXPECT_EQ(undone, absl::AbortedError("undo"));
    return reason;
  };
  EXPECT_EQ(after("UPDATE attachment_chunk SET sealed = $1 WHERE chunk = 1", {Bytes{sealed}}, 1), "AEAD_OPEN_FAILED");
  EXPECT_EQ(after("UPDATE attachment SET size = $1", {2 * kChunk}, 0), "AEAD_OPEN_FAILED");
  EXPECT_EQ(after("DELETE FROM attachment_chunk WHERE chunk = 1", {}, 1), "ATTACHMENT_INCOMPLETE");
  EXPECT_EQ(after("DELETE FROM attachment_chunk WHERE chunk = 1", {}, 0), "");

  // The same bytes in another dossier are other rows.
  ASSERT_TRUE(db().Execute("INSERT INTO attachment (dossier, digest, size, media_type, handle, finished) "
                           "SELECT 'd2', digest, size, media_type, handle, finished FROM attachment",
                           {})
                  .ok());
  ASSERT_TRUE(db().Execute("INSERT INTO attachment_chunk (dossier, digest, chunk, sealed) "
                           "SELECT 'd2', digest, chunk, sealed FROM attachment_chunk",
                           {})
                  .ok());
  EXPECT_EQ(GetReason(store_.GetChunk(db(), "d2", digest, 0).status()), "AEAD_OPEN_FAILED");
}

TEST_P(AttachmentStore, WhatIsUndoneLeavesNothing) {
  const std::string bytes = Pdf(100);
  const Digest digest = DigestOf(bytes);
  const absl::Status undone = db().Transact([&](Transaction& transaction) -> absl::Status {
    TEILHABE_RETURN_IF_ERROR(store_.Begin(transaction, "d1", digest, About(bytes)));
    TEILHABE_RETURN_IF_ERROR(store_.PutChunk(transaction, "d1", digest, 0, bytes));
    TEILHABE_RETURN_IF_ERROR(store_.Finish(transaction, "d1", digest));
    EXPECT_EQ(store_.GetChunk(transaction, "d1", digest, 0).value(), bytes);
    return absl::AbortedError("undo");
  });
  EXPECT_EQ(undone, absl::AbortedError("undo"));
  EXPECT_EQ(GetReason(Put(digest, 0, bytes)), "ATTACHMENT_UNKNOWN");
  EXPECT_EQ(Count("attachment_chunk"), 0);
}

TEST_P(AttachmentStore, ManySendTheSameAtOnce) {
  const std::string bytes = Pdf(2 * kChunk + 1);
  const Digest digest = DigestOf(bytes);
  storage::Database* const databases[] = {&db(), &replica()};
  std::vector<absl::Status> statuses(4);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < statuses.size(); ++t) {
    threads.emplace_back([&, t] {
      const auto run = [&](const storage::Work& work) {
        if (statuses[t].ok()) statuses[t] = databases[t % 2]->Transact(work);
      };
      run([&](Transaction& transaction) { return store_.Begin(transaction, "d1", digest, About(bytes)); });
      for (std::int64_t i = 0; i < 3; ++i) {
        run([&](Transaction& transaction) { return store_.PutChunk(transaction, "d1", digest, i, Chunk(bytes, i)); });
      }
      run([&](Transaction& transaction) { return store_.Finish(transaction, "d1", digest); });
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const absl::Status& status : statuses) EXPECT_TRUE(status.ok()) << status;
  for (std::int64_t i = 0; i < 3; ++i) EXPECT_EQ(Get(digest, i).value(), Chunk(bytes, i));
}

TEST_P(AttachmentStore, TakesTheLargest) {
  // Made chunk by chunk, as it is stored.
  const auto chunk = [](std::int64_t index) {
    std::string bytes(static_cast<std::size_t>(std::min(kChunk, kMaxAttachment - index * kChunk)),
                      static_cast<char>('a' + index % 26));
    if (index == 0) bytes.replace(0, 8, "%PDF-1.7");
    return bytes;
  };
  crypto::Hasher hasher("attachment");
  for (std::int64_t i = 0; i < ChunkCount(kMaxAttachment); ++i) hasher.Raw(chunk(i));
  const Digest digest = hasher.Finish();
  const Attachment attachment = {.size = kMaxAttachment, .media_type = "application/pdf", .handle = "h1"};
  ASSERT_TRUE(Begin(digest, attachment).ok());
  const absl::Status status = db().Transact([&](Transaction& transaction) -> absl::Status {
    for (std::int64_t i = ChunkCount(kMaxAttachment) - 1; i >= 0; --i) {
      TEILHABE_RETURN_IF_ERROR(store_.PutChunk(transaction, "d1", digest, i, chunk(i)));
    }
    return absl::OkStatus();
  });
  ASSERT_TRUE(status.ok()) << status;
  ASSERT_TRUE(Finish(digest).ok());
  EXPECT_EQ(Find(digest).value(), attachment);
  EXPECT_EQ(Get(digest, 190).value(), chunk(190));
}

}  // namespace
}  // namespace teilhabe::dossier
