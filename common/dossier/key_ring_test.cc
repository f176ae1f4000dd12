#include "common/dossier/key_ring.h"

#include <fstream>
#include <iterator>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/storage/testing/backends.h"
#include "gmock/gmock.h"

namespace teilhabe::dossier {
namespace {

using storage::Bytes;
using storage::Transaction;

constexpr std::size_t kOverhead = crypto::kAeadNonceSize + crypto::kAeadTagSize;

crypto::AeadKey StorageKey(char letter) { return crypto::AeadKey::FromBytes(std::string(32, letter)).value(); }

class KeyRings : public storage::BackendTest {
 protected:
  void SetUp() override {
    BackendTest::SetUp();
    if (HasFatalFailure()) return;
    ASSERT_TRUE(KeyRing::Migrate(db()).ok());
  }

  absl::StatusOr<std::string> Seal(const KeyRing& ring, std::string_view handle, std::string_view associated,
                                   std::string_view plain) {
    std::string sealed;
    const absl::Status status = db().Transact([&](Transaction& transaction) -> absl::Status {
      TEILHABE_ASSIGN_OR_RETURN(sealed, ring.Seal(transaction, handle, associated, plain));
      return absl::OkStatus();
    });
    if (!status.ok()) return status;
    return sealed;
  }
  absl::StatusOr<std::string> Seal(std::string_view handle, std::string_view plain) {
    return Seal(ring_, handle, "row", plain);
  }
  absl::StatusOr<std::string> Open(std::string_view handle, std::string_view sealed) {
    return ring_.Open(db(), handle, "row", sealed);
  }
  absl::Status Erase(std::string_view handle) {
    return db().Transact([&](Transaction& transaction) { return ring_.Erase(transaction, handle); });
  }
  std::int64_t Keys() { return db().Query("SELECT COUNT(*) FROM subject_key", {}).value().at(0).Int(0); }
  std::string StoredKey(std::string_view handle) {
    return db()
        .Query("SELECT sealed_key FROM subject_key WHERE handle = $1", {std::string(handle)})
        .value()
        .at(0)
        .Data(0);
  }

  crypto::SystemRng rng_;
  const KeyRing ring_{StorageKey('k'), rng_};
};
INSTANTIATE_TEST_SUITE_P(Backends, KeyRings, testing::ValuesIn(storage::AllBackends()), storage::BackendName);

TEST(PlaceTest, PartsDoNotRunTogether) {
  EXPECT_EQ(Place({"section", "d1"}), Place({"section", "d1"}));
  EXPECT_NE(Place({"section", "d1"}), Place({"sectiond", "1"}));
  EXPECT_NE(Place({"section", "d1"}), Place({"sectiond1"}));
  EXPECT_NE(Place({"section", "d1"}), Place({"section", "d1", ""}));
  EXPECT_NE(Place({"section", "d1"}), Place({"d1", "section"}));
}

TEST_P(KeyRings, OpensWhatItSealed) {
  std::string every_byte;
  for (int i = 0; i < 256; ++i) every_byte.push_back(static_cast<char>(i));
  std::vector<std::string> plain = {"", "Erika Muster", every_byte, std::string(100'000, 'x')};
  std::vector<std::string> sealed;
  for (const std::string& text : plain) {
    sealed.push_back(Seal("h1", text).value());
    EXPECT_EQ(sealed.back().size(), text.size() + kOverhead);
  }
  EXPECT_EQ(sealed[1].find("Muster"), std::string::npos);
  Reopen();
  for (std::size_t i = 0; i < plain.size(); ++i) EXPECT_EQ(Open("h1", sealed[i]).value(), plain[i]);
  EXPECT_EQ(Keys(), 1);
}

TEST_P(KeyRings, SealsNeverTwiceTheSame) {
  const std::string first = Seal("h1", "text").value();
  const std::string second = Seal("h1", "text").value();
  EXPECT_NE(first.substr(0, crypto::kAeadNonceSize), second.substr(0, crypto::kAeadNonceSize));
  EXPECT_NE(first.substr(crypto::kAeadNonceSize), second.substr(crypto::kAeadNonceSize));
}

TEST_P(KeyRings, OpensOnlyInItsPlaceAndForItsHandle) {
  const std::string sealed = Seal("h1", "text").value();
  ASSERT_TRUE(Seal("h2", "text").ok());
  EXPECT_EQ(GetReason(ring_.Open(db(), "h1", "other row", sealed).status()), "AEAD_OPEN_FAILED");
  EXPECT_EQ(GetReason(ring_.Open(db(), "h1", "", sealed).status()), "AEAD_OPEN_FAILED");
  EXPECT_EQ(GetReason(Open("h2", sealed).status()), "AEAD_OPEN_FAILED");
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_EQ(GetReason(Open("h1", sealed.substr(0, size)).status()), "AEAD_OPEN_FAILED") << size;
  }
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] ^= 1;
    EXPECT_EQ(Open("h1", changed).status().code(), absl::StatusCode::kDataLoss) << i;
  }
}

TEST_P(KeyRings, EachHandleHasItsOwnKey) {
  ASSERT_TRUE(Seal("h1", "text").ok());
  ASSERT_TRUE(Seal("h2", "text").ok());
  EXPECT_EQ(Keys(), 2);
  // Somebody puts the key of one into the row of the other.
  ASSERT_TRUE(
      db().Execute("UPDATE subject_key SET sealed_key = $1 WHERE handle = 'h1'", {Bytes{StoredKey("h2")}}).ok());
  const absl::Status status = Seal("h1", "text").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(GetReason(status), "SUBJECT_KEY_UNREADABLE");
  EXPECT_TRUE(Seal("h2", "text").ok());
}

TEST_P(KeyRings, AnotherStorageKeyOpensNothing) {
  const std::string sealed = Seal("h1", "text").value();
  const KeyRing other(StorageKey('l'), rng_);
  EXPECT_EQ(GetReason(other.Open(db(), "h1", "row", sealed).status()), "SUBJECT_KEY_UNREADABLE");
  EXPECT_EQ(GetReason(Seal(other, "h1", "row", "text").status()), "SUBJECT_KEY_UNREADABLE");
  const KeyRing same(StorageKey('k'), rng_);
  EXPECT_EQ(same.Open(db(), "h1", "row", sealed).value(), "text");
  ASSERT_TRUE(db().Execute("UPDATE subject_key SET sealed_key = $1", {Bytes{""}}).ok());
  EXPECT_EQ(GetReason(Open("h1", sealed).status()), "SUBJECT_KEY_UNREADABLE");
}

TEST_P(KeyRings, KeepsNoKeyInTheClear) {
  // All random bytes of this ring are known: first the key, then the nonce that it is stored under.
  crypto::SeededRng seeded(7);
  ASSERT_TRUE(Seal(KeyRing(StorageKey('k'), seeded), "h1", "row", "text").ok());
  const std::string key = crypto::SeededRng(7).Bytes(crypto::kAeadKeySize);
  EXPECT_EQ(StoredKey("h1").find(key), std::string::npos);
  EXPECT_EQ(StoredKey("h1").size(), crypto::kAeadKeySize + kOverhead);
}

TEST_P(KeyRings, WhatWasErasedStaysErased) {
  const std::string sealed = Seal("h1", "text").value();
  const std::string other = Seal("h2", "other").value();
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(Erase("h1").ok());
    const absl::Status opened = Open("h1", sealed).status();
    EXPECT_EQ(opened.code(), absl::StatusCode::kNotFound);
    EXPECT_EQ(GetReason(opened), "SUBJECT_ERASED");
    const absl::Status resealed = Seal("h1", "text").status();
    EXPECT_EQ(resealed.code(), absl::StatusCode::kNotFound);
    EXPECT_EQ(GetReason(resealed), "SUBJECT_ERASED");
    Reopen();
  }
  EXPECT_EQ(Open("h2", other).value(), "other");
  EXPECT_TRUE(Seal("h2", "more").ok());
}

TEST_P(KeyRings, AHandleCanBeErasedBeforeItsFirstUse) {
  ASSERT_TRUE(Erase("h1").ok());
  EXPECT_EQ(GetReason(Seal("h1", "text").status()), "SUBJECT_ERASED");
}

TEST_P(KeyRings, AMissingKeyIsNoErasure) {
  const std::string sealed = Seal("h1", "text").value();
  ASSERT_TRUE(db().Execute("DELETE FROM subject_key", {}).ok());
  const absl::Status status = Open("h1", sealed).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(GetReason(status), "SUBJECT_KEY_MISSING");
}

TEST_P(KeyRings, WhatIsUndoneLeavesNoKeyAndErasesNone) {
  const std::string kept = Seal("h1", "text").value();
  std::string lost;
  const absl::Status undone = db().Transact([&](Transaction& transaction) -> absl::Status {
    TEILHABE_ASSIGN_OR_RETURN(lost, ring_.Seal(transaction, "h2", "row", "text"));
    EXPECT_EQ(ring_.Open(transaction, "h2", "row", lost).value(), "text");  // It sees its own.
    TEILHABE_RETURN_IF_ERROR(ring_.Erase(transaction, "h1"));
    EXPECT_EQ(GetReason(ring_.Open(transaction, "h1", "row", kept).status()), "SUBJECT_ERASED");
    return absl::AbortedError("undo");
  });
  EXPECT_EQ(undone, absl::AbortedError("undo"));
  EXPECT_EQ(Open("h1", kept).value(), "text");
  EXPECT_EQ(GetReason(Open("h2", lost).status()), "SUBJECT_KEY_MISSING");
  const std::string anew = Seal("h2", "anew").value();
  EXPECT_EQ(Open("h2", anew).value(), "anew");
  EXPECT_EQ(GetReason(Open("h2", lost).status()), "AEAD_OPEN_FAILED");  // Another key.
}

TEST_P(KeyRings, HandlesHaveBounds) {
  const std::pair<std::string, bool> cases[] = {{"", false},
                                                {"a", true},
                                                {std::string(128, 'a'), true},
                                                {std::string(129, 'a'), false},
                                                {"aZ09/-._~!", true},
                                                {"a b", false},
                                                {"Müller", false},
                                                {"a\n", false},
                                                {"a\x7f", false},
                                                {std::string(1, '\0'), false}};
  for (const auto& [handle, good] : cases) {
    const std::string want = good ? "" : "SUBJECT_HANDLE_INVALID";
    EXPECT_EQ(GetReason(Seal(handle, "text").status()), want) << handle;
    EXPECT_EQ(GetReason(Erase(handle)), want) << handle;
    EXPECT_EQ(GetReason(Open(handle, "text").status()), good ? "SUBJECT_ERASED" : want) << handle;
  }
  EXPECT_EQ(GetReason(Seal("h1 ", "text").status()), "SUBJECT_HANDLE_INVALID");
}

TEST_P(KeyRings, ManySealAtOnceUnderOneNewHandle) {
  constexpr std::size_t kThreads = 6;
  storage::Database* const databases[] = {&db(), &replica()};
  std::vector<absl::Status> statuses(kThreads);
  std::vector<std::string> sealed(kThreads);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      statuses[t] = databases[t % 2]->Transact([&](Transaction& transaction) -> absl::Status {
        TEILHABE_ASSIGN_OR_RETURN(sealed[t], ring_.Seal(transaction, "h1", "row", absl::StrCat("text ", t)));
        return absl::OkStatus();
      });
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (std::size_t t = 0; t < kThreads; ++t) {
    ASSERT_TRUE(statuses[t].ok()) << statuses[t];
    EXPECT_EQ(Open("h1", sealed[t]).value(), absl::StrCat("text ", t));
  }
}

TEST_P(KeyRings, AReplicaSeesAnErasureAtOnce) {
  const std::string sealed = Seal("h1", "text").value();
  const KeyRing elsewhere(StorageKey('k'), rng_);
  EXPECT_EQ(elsewhere.Open(replica(), "h1", "row", sealed).value(), "text");
  ASSERT_TRUE(Erase("h1").ok());
  EXPECT_EQ(GetReason(elsewhere.Open(replica(), "h1", "row", sealed).status()), "SUBJECT_ERASED");
}

TEST_P(KeyRings, NoByteOfAnErasedKeyStaysInTheFile) {
  if (GetParam() != storage::DatabaseKind::kSqlite) return;  // PostgreSQL's dead rows go with VACUUM.
  const std::string path = connection_string().substr(std::string("sqlite:").size());
  const auto holds = [&](const std::string& bytes) {
    EXPECT_TRUE(db().Checkpoint(0).ok());
    Close();  // Reading the file drops SQLite's locks on it.
    std::ifstream file(path, std::ios::binary);
    const std::string content{std::istreambuf_iterator<char>(file), {}};
    Reopen();
    return content.find(bytes) != std::string::npos;
  };
  ASSERT_TRUE(Seal("h1", "text").ok());
  const std::string key = StoredKey("h1");
  const std::string part = key.substr(0, 20);
  EXPECT_TRUE(holds(part));
  ASSERT_TRUE(Erase("h1").ok());
  EXPECT_FALSE(holds(part));
  EXPECT_FALSE(holds(key.substr(40)));
}

}  // namespace
}  // namespace teilhabe::dossier
