#include "common/audit/audit.h"

#include <functional>
#include <thread>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/crypto/merkle.h"
#include "common/storage/testing/backends.h"
#include "gmock/gmock.h"

namespace teilhabe::audit {
namespace {

using crypto::Digest;
using storage::Bytes;
using storage::Row;
using storage::Rows;
using storage::Transaction;

constexpr std::uint64_t kLeaves = 300;  // Complete subtrees of 256, 32, 8 and 4.

std::int64_t Int(std::uint64_t number) { return static_cast<std::int64_t>(number); }
Bytes ToBytes(const Digest& digest) { return Bytes{std::string(digest.bytes())}; }
Digest ToDigest(const Row& row, std::size_t column) { return Digest::FromBytes(row.Data(column)).value(); }

absl::Time Instant(std::int64_t micros) {
  return absl::FromCivil(absl::CivilSecond(2026, 3, 2, 8, 30, 0), absl::UTCTimeZone()) + absl::Microseconds(micros);
}

Entry MakeEntry(std::uint64_t number) {
  return {.time = Instant(Int(number)),
          .actor = absl::StrCat("teilhabe://nrw/lwl/official/p-", number % 7),
          .agency = "lwl",
          .action = number % 2 == 0 ? "READ_CASE" : "APPEND_EVENT",
          .purpose = "Teilhabeplanung",
          .legal_basis = "§ 69 Abs. 1 Nr. 1 SGB X",
          .dossier = absl::StrCat("d", number % 3),
          .details = DetailsDigest(std::string(32, '\7'), absl::StrCat("Seite ", number)).value()};
}

TEST(AuditFormatTest, IsTheWrittenOne) {
  Entry entry = MakeEntry(3);
  entry.time = Instant(123456);
  entry.actor = "teilhabe://nrw/lwl/official/p-17";
  entry.action = "READ_CASE";
  entry.dossier = "0123456789abcdef0123456789abcdef";
  // Both computed by Python's hashlib from README.md.
  EXPECT_EQ(entry.details.Hex(), "9efea2507469e12d870f42aad5491dc4c6f082be507e7455bd49d237c7863d21");
  EXPECT_EQ(crypto::MerkleLeaf(LeafBytes(5, entry, crypto::Sha256("previous"))).Hex(),
            "1933f1c590b16f9c64cbf07805c547f603b1f17b0e2f21232dc726f6deea6c71");
}

TEST(AuditFormatTest, EveryFieldIsInTheLeaf) {
  const Entry entry = MakeEntry(1);
  const std::string bytes = LeafBytes(1, entry, Digest());
  EXPECT_NE(LeafBytes(2, entry, Digest()), bytes);
  EXPECT_NE(LeafBytes(1, entry, crypto::Sha256("")), bytes);
  const std::function<void(Entry&)> changes[] = {
      [](Entry& e) { e.time += absl::Microseconds(1); },
      [](Entry& e) { e.actor += "x"; },
      [](Entry& e) { e.agency += "x"; },
      [](Entry& e) { e.action += "x"; },
      [](Entry& e) { e.purpose += "x"; },
      [](Entry& e) { e.legal_basis += "x"; },
      [](Entry& e) { e.dossier += "x"; },
      [](Entry& e) { e.details = Digest(); },
      [](Entry& e) { e.actor += "l", e.agency = "wl"; },  // The same letters in other fields.
  };
  for (const auto& change : changes) {
    Entry changed = entry;
    change(changed);
    EXPECT_NE(LeafBytes(1, changed, Digest()), bytes);
  }
}

TEST(AuditFormatTest, DetailsNeedASalt) {
  EXPECT_EQ(GetReason(DetailsDigest(std::string(31, 's'), "x").status()), "SALT_INVALID");
  EXPECT_EQ(GetReason(DetailsDigest(std::string(33, 's'), "x").status()), "SALT_INVALID");
  EXPECT_NE(DetailsDigest(std::string(32, 's'), "x").value(), DetailsDigest(std::string(32, 't'), "x").value());
}

class Audit : public storage::BackendTest {
 protected:
  void SetUp() override {
    BackendTest::SetUp();
    if (HasFatalFailure()) return;
    ASSERT_TRUE(Migrate(db()).ok());
  }

  absl::StatusOr<std::uint64_t> AppendOne(const Entry& entry) {
    std::uint64_t index = 0;
    const absl::Status status = db().Transact([&](Transaction& transaction) -> absl::Status {
      TEILHABE_ASSIGN_OR_RETURN(index, Append(transaction, entry));
      return absl::OkStatus();
    });
    if (!status.ok()) return status;
    return index;
  }

  // Leaves `from` to `to` - 1 in one transaction.
  void Fill(std::uint64_t from, std::uint64_t to) {
    const absl::Status status = db().Transact([&](Transaction& transaction) -> absl::Status {
      for (std::uint64_t i = from; i < to; ++i) TEILHABE_RETURN_IF_ERROR(Append(transaction, MakeEntry(i)).status());
      return absl::OkStatus();
    });
    ASSERT_TRUE(status.ok()) << status;
  }

  std::vector<Digest> Hashes() {
    std::vector<Digest> hashes;
    const Rows rows = db().Query("SELECT hash FROM audit_leaf ORDER BY leaf_index", {}).value();
    for (const Row& row : rows) hashes.push_back(ToDigest(row, 0));
    return hashes;
  }

  // What Verify says after somebody did this by hand; then undoes it. "REASON at": of which leaf or size.
  std::string After(const std::function<void(Transaction&)>& tamper, const std::vector<Checkpoint>& witnessed = {}) {
    std::string found;
    const absl::Status status = db().Transact([&](Transaction& transaction) -> absl::Status {
      tamper(transaction);
      const absl::Status verdict = Verify(transaction, witnessed).status();
      found = "OK";
      if (!verdict.ok()) {
        EXPECT_EQ(verdict.code(), absl::StatusCode::kDataLoss) << verdict;
        auto details = GetDetails(verdict);
        found = absl::StrCat(GetReason(verdict), " ", details["index"], details["size"]);
      }
      return absl::AbortedError("undo");
    });
    EXPECT_EQ(status, absl::AbortedError("undo"));
    return found;
  }
};
INSTANTIATE_TEST_SUITE_P(Backends, Audit, testing::ValuesIn(storage::AllBackends()), storage::BackendName);

void Do(Transaction& transaction, std::string_view sql, const storage::Params& params, std::int64_t rows = 1) {
  const auto changed = transaction.Execute(sql, params);
  ASSERT_TRUE(changed.ok()) << sql << ": " << changed.status();
  ASSERT_EQ(*changed, rows) << sql;
}

// Computes hashes and links of all leaves from `first` on anew, as an insider with this code would.
void Rechain(Transaction& transaction, std::uint64_t first, std::uint64_t size) {
  Digest previous;
  if (first > 0) {
    const auto before = transaction.Query("SELECT hash FROM audit_leaf WHERE leaf_index = $1", {Int(first - 1)});
    previous = ToDigest(before.value().at(0), 0);
  }
  for (std::uint64_t i = first; i < size; ++i) {
    const Rows rows = transaction
                          .Query(
                              "SELECT time_us, actor, agency, action, purpose, legal_basis, dossier, details "
                              "FROM audit_leaf WHERE leaf_index = $1",
                              {Int(i)})
                          .value();
    const Row& row = rows.at(0);
    const Entry entry = {.time = absl::FromUnixMicros(row.Int(0)),
                         .actor = row.Text(1),
                         .agency = row.Text(2),
                         .action = row.Text(3),
                         .purpose = row.Text(4),
                         .legal_basis = row.Text(5),
                         .dossier = row.Text(6),
                         .details = ToDigest(row, 7)};
    const Digest hash = crypto::MerkleLeaf(LeafBytes(i, entry, previous));
    Do(transaction, "UPDATE audit_leaf SET previous = $2, hash = $3 WHERE leaf_index = $1",
       {Int(i), ToBytes(previous), ToBytes(hash)});
    previous = hash;
  }
}

// The tree's row as it should be for the first `size` leaves as they are.
void Regrow(Transaction& transaction, std::uint64_t size) {
  crypto::MerkleAppender tree;
  Digest last;
  const Rows rows = transaction.Query("SELECT hash FROM audit_leaf ORDER BY leaf_index", {}).value();
  for (std::uint64_t i = 0; i < size; ++i) {
    last = ToDigest(rows.at(i), 0);
    ASSERT_TRUE(tree.Append(last).ok());
  }
  Bytes edge;
  for (const Digest& root : tree.edge()) edge.data += root.bytes();
  Do(transaction, "UPDATE audit_tree SET size = $1, last = $2, edge = $3", {Int(size), ToBytes(last), edge});
}

TEST_P(Audit, GrowsATreeAsOfRfc6962) {
  EXPECT_EQ(Read(db()).value(), (Checkpoint{0, crypto::Sha256("")}));
  EXPECT_EQ(Verify(db()).value(), Read(db()).value());
  for (std::uint64_t i = 0; i < 70; ++i) {
    if (i % 16 == 0) Reopen();
    EXPECT_EQ(AppendOne(MakeEntry(i)).value(), i);
    const Checkpoint head = Read(db()).value();
    EXPECT_EQ(head, (Checkpoint{i + 1, crypto::MerkleRoot(Hashes())}));
    EXPECT_EQ(Verify(db()).value(), head);
  }
}

TEST_P(Audit, GivesBackWhatWasAppended) {
  Fill(0, 10);
  const std::vector<Digest> hashes = Hashes();
  for (const char* dossier : {"d0", "d1", "d2"}) {
    const std::vector<Leaf> leaves = Entries(db(), dossier, 0, kMaxPage).value();
    EXPECT_GE(leaves.size(), 3U);
    for (const Leaf& leaf : leaves) {
      EXPECT_EQ(leaf.entry, MakeEntry(leaf.index));
      EXPECT_EQ(leaf.entry.dossier, dossier);
      EXPECT_EQ(leaf.hash, hashes.at(leaf.index));
      EXPECT_EQ(leaf.previous, leaf.index == 0 ? Digest() : hashes.at(leaf.index - 1));
      EXPECT_EQ(leaf.hash, crypto::MerkleLeaf(LeafBytes(leaf.index, leaf.entry, leaf.previous)));
    }
  }
}

TEST_P(Audit, PagesThroughADossier) {
  Fill(0, 20);
  const auto indices = [this](std::string_view dossier, std::uint64_t first, std::int64_t at_most) {
    const std::vector<Leaf> leaves = Entries(db(), dossier, first, at_most).value();
    std::vector<std::uint64_t> found;
    found.reserve(leaves.size());
    for (const Leaf& leaf : leaves) found.push_back(leaf.index);
    return found;
  };
  EXPECT_THAT(indices("d1", 0, kMaxPage), testing::ElementsAre(1, 4, 7, 10, 13, 16, 19));
  EXPECT_THAT(indices("d1", 0, 3), testing::ElementsAre(1, 4, 7));
  EXPECT_THAT(indices("d1", 8, 3), testing::ElementsAre(10, 13, 16));
  EXPECT_THAT(indices("d1", 17, 3), testing::ElementsAre(19));
  EXPECT_THAT(indices("d1", 20, 3), testing::ElementsAre());
  EXPECT_THAT(indices("d1", ~std::uint64_t{0}, 3), testing::ElementsAre());
  EXPECT_THAT(indices("d", 0, 3), testing::ElementsAre());
  for (const std::int64_t size : {std::int64_t{-1}, std::int64_t{0}, kMaxPage + 1}) {
    EXPECT_EQ(GetReason(Entries(db(), "d1", 0, size).status()), "AUDIT_PAGE_SIZE");
  }
}

TEST_P(Audit, KeepsTheMicrosecondAndNoLess) {
  Entry entry = MakeEntry(0);
  entry.time = Instant(7) + absl::Nanoseconds(900);
  ASSERT_TRUE(AppendOne(entry).ok());
  entry.time = absl::UnixEpoch() - absl::Nanoseconds(1);
  ASSERT_TRUE(AppendOne(entry).ok());
  const std::vector<Leaf> leaves = Entries(db(), "d0", 0, 2).value();
  EXPECT_EQ(leaves.at(0).entry.time, Instant(7));
  EXPECT_EQ(leaves.at(1).entry.time, absl::UnixEpoch() - absl::Microseconds(1));
  EXPECT_TRUE(Verify(db()).ok());
}

TEST_P(Audit, TakesEntriesUpToTheirBounds) {
  struct Case {
    const char* name;
    std::function<void(Entry&)> change;
    const char* want;  // The field at fault; "": none.
  };
  const auto letters = [](std::size_t size) { return std::string(size, 'a'); };
  const Case cases[] = {
      {"plain", [](Entry&) {}, ""},
      {"endless", [](Entry& e) { e.time = absl::InfiniteFuture(); }, "time"},
      {"before all", [](Entry& e) { e.time = absl::InfinitePast(); }, "time"},
      {"no actor", [](Entry& e) { e.actor = ""; }, "actor"},
      {"longest actor", [&](Entry& e) { e.actor = letters(256); }, ""},
      {"longer actor", [&](Entry& e) { e.actor = letters(257); }, "actor"},
      {"a name", [](Entry& e) { e.actor = "Erika Muster"; }, "actor"},
      {"no ASCII", [](Entry& e) { e.actor = "Müller"; }, "actor"},
      {"first and last letter", [](Entry& e) { e.actor = "!~"; }, ""},
      {"control letter", [](Entry& e) { e.actor = "a\x7f"; }, "actor"},
      {"no agency", [](Entry& e) { e.agency = ""; }, "agency"},
      {"longest agency", [&](Entry& e) { e.agency = letters(64); }, ""},
      {"longer agency", [&](Entry& e) { e.agency = letters(65); }, "agency"},
      {"no action", [](Entry& e) { e.action = ""; }, "action"},
      {"longest action", [&](Entry& e) { e.action = letters(64); }, ""},
      {"longer action", [&](Entry& e) { e.action = letters(65); }, "action"},
      {"action in words", [](Entry& e) { e.action = "read case"; }, "action"},
      {"no purpose", [](Entry& e) { e.purpose = ""; }, ""},
      {"longest purpose", [&](Entry& e) { e.purpose = letters(200); }, ""},
      {"longer purpose", [&](Entry& e) { e.purpose = letters(201); }, "purpose"},
      {"purpose not UTF-8", [](Entry& e) { e.purpose = "\xff"; }, "purpose"},
      {"purpose with NUL", [](Entry& e) { e.purpose = std::string("a\0b", 3); }, "purpose"},
      {"no basis", [](Entry& e) { e.legal_basis = ""; }, ""},
      {"longest basis", [&](Entry& e) { e.legal_basis = letters(200); }, ""},
      {"longer basis", [&](Entry& e) { e.legal_basis = letters(201); }, "legal_basis"},
      {"no dossier", [](Entry& e) { e.dossier = ""; }, ""},
      {"longest dossier", [&](Entry& e) { e.dossier = letters(64); }, ""},
      {"longer dossier", [&](Entry& e) { e.dossier = letters(65); }, "dossier"},
      {"dossier in words", [](Entry& e) { e.dossier = "Akte Muster"; }, "dossier"},
  };
  std::uint64_t size = 0;
  for (const Case& tested : cases) {
    Entry entry = MakeEntry(0);
    tested.change(entry);
    const auto index = AppendOne(entry);
    if (*tested.want == '\0') {
      ASSERT_TRUE(index.ok()) << tested.name << ": " << index.status();
      EXPECT_EQ(*index, size++) << tested.name;
    } else {
      EXPECT_EQ(index.status().code(), absl::StatusCode::kInvalidArgument) << tested.name;
      EXPECT_EQ(GetReason(index.status()), "AUDIT_ENTRY_INVALID") << tested.name;
      EXPECT_EQ(GetField(index.status()), tested.want) << tested.name;
    }
  }
  EXPECT_EQ(Verify(db()).value().size, size);
}

TEST_P(Audit, WhatIsUndoneLeavesNoGap) {
  Fill(0, 3);
  const absl::Status undone = db().Transact([](Transaction& transaction) -> absl::Status {
    TEILHABE_RETURN_IF_ERROR(Append(transaction, MakeEntry(90)).status());
    return absl::AbortedError("undo");
  });
  EXPECT_EQ(undone, absl::AbortedError("undo"));
  // As an item of a group commit that fails alone.
  const absl::Status status = db().Transact([](Transaction& transaction) -> absl::Status {
    TEILHABE_RETURN_IF_ERROR(Append(transaction, MakeEntry(3)).status());
    EXPECT_FALSE(transaction
                     .Savepoint([](Transaction& part) -> absl::Status {
                       EXPECT_EQ(Append(part, MakeEntry(91)).value(), 4U);
                       return absl::AbortedError("undo");
                     })
                     .ok());
    EXPECT_EQ(Append(transaction, MakeEntry(4)).value(), 4U);
    return absl::OkStatus();
  });
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(Verify(db()).value().size, 5U);
  EXPECT_EQ(Entries(db(), "d1", 0, kMaxPage).value().back().entry, MakeEntry(4));
}

TEST_P(Audit, ManyAppendAtOnce) {
  constexpr std::uint64_t kThreads = 6;
  constexpr std::uint64_t kEach = 8;
  storage::Database* const databases[] = {&db(), &replica()};
  std::vector<std::thread> threads;
  std::vector<absl::Status> statuses(kThreads);
  for (std::uint64_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (std::uint64_t i = 0; i < kEach && statuses[t].ok(); ++i) {
        statuses[t] = databases[t % 2]->Transact(
            [&](Transaction& transaction) { return Append(transaction, MakeEntry(t * kEach + i)).status(); });
        // Beside the appends of the others: no false alarm.
        if (statuses[t].ok()) statuses[t] = Verify(*databases[t % 2]).status();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const absl::Status& status : statuses) EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(Verify(db()).value().size, kThreads * kEach);
  std::vector<std::int64_t> times;
  const Rows rows = db().Query("SELECT time_us FROM audit_leaf ORDER BY time_us", {}).value();
  ASSERT_EQ(rows.size(), kThreads * kEach);
  for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(rows[i].Int(0), absl::ToUnixMicros(Instant(Int(i))));
}

TEST_P(Audit, ProvesThatALeafIsThere) {
  Fill(0, 21);
  const std::vector<Digest> hashes = Hashes();
  const std::span<const Digest> all(hashes);
  for (std::uint64_t size = 1; size <= all.size(); size += 4) {
    const Digest root = crypto::MerkleRoot(all.first(size));
    for (std::uint64_t index = 0; index < size; ++index) {
      const auto proof = ProveInclusion(db(), index, size);
      ASSERT_TRUE(proof.ok()) << proof.status();
      EXPECT_TRUE(crypto::VerifyInclusion(all[index], index, size, root, *proof).ok()) << index << " of " << size;
    }
  }
  for (const auto& [index, size] : {std::pair<std::uint64_t, std::uint64_t>{21, 21}, {0, 0}, {0, 22}, {30, 40}}) {
    const auto proof = ProveInclusion(db(), index, size);
    EXPECT_EQ(proof.status().code(), absl::StatusCode::kOutOfRange) << index << " of " << size;
    EXPECT_EQ(GetReason(proof.status()), "MERKLE_INDEX") << index << " of " << size;
  }
}

TEST_P(Audit, ProvesThatItOnlyGrew) {
  std::vector<Checkpoint> heads;
  for (std::uint64_t size = 0; size <= 21; ++size) {
    heads.push_back(Read(db()).value());
    Fill(size, size + 1);
  }
  for (const Checkpoint& old : heads) {
    for (const Checkpoint& head : heads) {
      const auto proof = ProveConsistency(db(), old.size, head.size);
      if (old.size > head.size) {
        EXPECT_EQ(GetReason(proof.status()), "MERKLE_INDEX") << old.size << " to " << head.size;
        continue;
      }
      ASSERT_TRUE(proof.ok()) << proof.status();
      EXPECT_TRUE(crypto::VerifyConsistency(old.size, old.root, head.size, head.root, *proof).ok())
          << old.size << " to " << head.size;
    }
  }
  EXPECT_EQ(GetReason(ProveConsistency(db(), 3, 23).status()), "MERKLE_INDEX");
  EXPECT_TRUE(Verify(db(), heads).ok());
}

TEST_P(Audit, ReadsALongLogInPieces) {
  constexpr std::uint64_t kMany = 10'050;  // More than one page of hashes, and of leaves.
  // In parts: PostgreSQL keeps all versions of the tree's row until the transaction ends.
  for (std::uint64_t from = 0; from < kMany; from += 335) Fill(from, from + 335);
  const Checkpoint head = Verify(db()).value();
  EXPECT_EQ(head.size, kMany);
  const auto proof = ProveInclusion(db(), kMany - 1, kMany);
  ASSERT_TRUE(proof.ok()) << proof.status();
  EXPECT_TRUE(crypto::VerifyInclusion(Hashes().back(), kMany - 1, kMany, head.root, *proof).ok());
  ASSERT_TRUE(db().Execute("DELETE FROM audit_leaf WHERE leaf_index = 10020", {}).ok());
  EXPECT_EQ(GetDetails(Verify(db()).status())["index"], "10020");
  EXPECT_EQ(GetDetails(ProveInclusion(db(), 1, kMany).status())["index"], "10020");
  EXPECT_TRUE(ProveInclusion(db(), 1, 10'020).ok());
}

TEST_P(Audit, FindsEachEditedRow) {
  Fill(0, kLeaves);
  const Bytes other = ToBytes(crypto::Sha256("other"));
  const std::pair<const char*, storage::Value> edits[] = {
      {"time_us", std::int64_t{1}}, {"actor", "x"},     {"agency", "x"},    {"action", "x"},     {"purpose", "x"},
      {"legal_basis", "x"},         {"dossier", "x"},   {"details", other}, {"previous", other}, {"hash", other},
      {"details", Bytes{"short"}},  {"hash", Bytes{""}}};
  const auto after = [&](std::uint64_t index, std::size_t edit) {
    return After([&](Transaction& transaction) {
      Do(transaction, absl::StrCat("UPDATE audit_leaf SET ", edits[edit].first, " = $2 WHERE leaf_index = $1"),
         {Int(index), edits[edit].second});
    });
  };
  for (std::uint64_t index = 0; index < kLeaves; ++index) {
    EXPECT_EQ(after(index, index % std::size(edits)), absl::StrCat("AUDIT_LEAF_BROKEN ", index));
  }
  for (std::size_t edit = 0; edit < std::size(edits); ++edit) {
    EXPECT_EQ(after(7, edit), "AUDIT_LEAF_BROKEN 7") << edits[edit].first;
  }
  EXPECT_EQ(After([](Transaction&) {}), "OK");
}

TEST_P(Audit, FindsEachRowWhoseHashWasMadeAnew) {
  Fill(0, kLeaves);
  const auto edit = [](Transaction& transaction, std::uint64_t index) {
    Do(transaction, "UPDATE audit_leaf SET actor = 'x' WHERE leaf_index = $1", {Int(index)});
    Rechain(transaction, index, index + 1);
  };
  for (std::uint64_t index = 0; index < kLeaves; ++index) {
    EXPECT_EQ(After([&](Transaction& transaction) { edit(transaction, index); }),
              absl::StrCat("AUDIT_LEAF_BROKEN ", index));
  }
  // With all later leaves, and with what the tree's row says of the last one: the edge shows from where.
  const std::pair<std::uint64_t, const char*> from[] = {{0, "0"},     {255, "0"},   {256, "256"}, {287, "256"},
                                                        {288, "288"}, {296, "296"}, {299, "296"}};
  for (const auto& [index, subtree] : from) {
    EXPECT_EQ(After([&, index = index](Transaction& transaction) {
                edit(transaction, index);
                Rechain(transaction, index, kLeaves);
                Do(transaction,
                   "UPDATE audit_tree SET last = (SELECT hash FROM audit_leaf WHERE leaf_index = size - 1)", {});
              }),
              absl::StrCat("AUDIT_TREE_BROKEN ", subtree))
        << index;
  }
}

TEST_P(Audit, FindsEachDeletedRow) {
  Fill(0, kLeaves);
  for (std::uint64_t index = 0; index < kLeaves; ++index) {
    EXPECT_EQ(After([&](Transaction& transaction) {
                Do(transaction, "DELETE FROM audit_leaf WHERE leaf_index = $1", {Int(index)});
              }),
              absl::StrCat("AUDIT_LEAF_BROKEN ", index));
  }
  EXPECT_EQ(After([](Transaction& transaction) {
              Do(transaction, "DELETE FROM audit_leaf WHERE leaf_index >= 290", {}, 10);
            }),
            "AUDIT_LEAF_BROKEN 290");
  EXPECT_EQ(After([](Transaction& transaction) { Do(transaction, "DELETE FROM audit_leaf", {}, kLeaves); }),
            "AUDIT_LEAF_BROKEN 0");
}

TEST_P(Audit, FindsSwappedRows) {
  Fill(0, kLeaves);
  for (const auto& [low, high] :
       {std::pair<std::uint64_t, std::uint64_t>{0, 1}, {0, 299}, {17, 18}, {5, 260}, {298, 299}}) {
    const auto swap = [low = low, high = high](Transaction& transaction) {
      constexpr std::int64_t kAside = 1'000'000;
      const std::string_view move = "UPDATE audit_leaf SET leaf_index = $2 WHERE leaf_index = $1";
      Do(transaction, move, {Int(low), kAside});
      Do(transaction, move, {Int(high), Int(low)});
      Do(transaction, move, {kAside, Int(high)});
    };
    EXPECT_EQ(After(swap), absl::StrCat("AUDIT_LEAF_BROKEN ", low)) << low << " and " << high;
    EXPECT_EQ(After([&, low = low](Transaction& transaction) {
                swap(transaction);
                Rechain(transaction, low, kLeaves);
              }),
              "AUDIT_LEAF_BROKEN 299")  // The tree's row names another last leaf.
        << low << " and " << high;
  }
}

TEST_P(Audit, FindsLeavesThatWereMovedOrAdded) {
  Fill(0, kLeaves);
  const auto add = [](Transaction& transaction, std::int64_t index) {
    Do(transaction,
       "INSERT INTO audit_leaf (leaf_index, time_us, actor, agency, action, purpose, legal_basis, dossier, details, "
       "previous, hash) SELECT $1, time_us, actor, agency, action, purpose, legal_basis, dossier, details, previous, "
       "hash FROM audit_leaf WHERE leaf_index = 299",
       {index});
  };
  EXPECT_EQ(After([&](Transaction& transaction) { add(transaction, kLeaves); }), "AUDIT_TREE_BROKEN 300");
  EXPECT_EQ(After([&](Transaction& transaction) { add(transaction, 5000); }), "AUDIT_TREE_BROKEN 300");
  EXPECT_EQ(After([&](Transaction& transaction) {
              Do(transaction, "UPDATE audit_leaf SET leaf_index = 5000 WHERE leaf_index = 40", {});
            }),
            "AUDIT_LEAF_BROKEN 40");
  EXPECT_EQ(After([&](Transaction& transaction) {
              Do(transaction, "DELETE FROM audit_leaf WHERE leaf_index = 299", {});
              Do(transaction, "UPDATE audit_leaf SET leaf_index = 299 WHERE leaf_index = 298", {});
            }),
            "AUDIT_LEAF_BROKEN 298");
  EXPECT_EQ(GetReason(db().Execute("UPDATE audit_leaf SET leaf_index = -1 WHERE leaf_index = 0", {}).status()),
            "CONSTRAINT_VIOLATION");
}

TEST_P(Audit, FindsAChangedTree) {
  Fill(0, kLeaves);
  const auto set = [this](std::string_view column, const storage::Value& value) {
    return After([&](Transaction& transaction) {
      Do(transaction, absl::StrCat("UPDATE audit_tree SET ", std::string(column), " = $1"), {value});
    });
  };
  EXPECT_EQ(set("size", std::int64_t{299}), "AUDIT_TREE_BROKEN ");     // Its edge has another number of roots.
  EXPECT_EQ(set("size", std::int64_t{298}), "AUDIT_LEAF_BROKEN 297");  // As many roots, another last leaf.
  EXPECT_EQ(set("size", std::int64_t{-1}), "AUDIT_TREE_BROKEN ");
  EXPECT_EQ(set("size", std::int64_t{0}), "AUDIT_TREE_BROKEN ");
  EXPECT_EQ(set("size", std::int64_t{228}), "AUDIT_LEAF_BROKEN 227");
  EXPECT_EQ(set("size", std::int64_t{304}), "AUDIT_TREE_BROKEN ");
  EXPECT_EQ(set("size", std::int64_t{308}), "AUDIT_LEAF_BROKEN 300");
  EXPECT_EQ(set("edge", Bytes{""}), "AUDIT_TREE_BROKEN ");
  EXPECT_EQ(set("edge", Bytes{std::string(127, 'x')}), "AUDIT_TREE_BROKEN ");
  EXPECT_EQ(set("edge", Bytes{std::string(128, 'x')}), "AUDIT_TREE_BROKEN 0");
  EXPECT_EQ(set("edge", Bytes{std::string(129, 'x')}), "AUDIT_TREE_BROKEN ");
  EXPECT_EQ(set("last", Bytes{"x"}), "AUDIT_TREE_BROKEN ");
  EXPECT_EQ(set("last", ToBytes(crypto::Sha256("x"))), "AUDIT_LEAF_BROKEN 299");
  const std::string edge = db().Query("SELECT edge FROM audit_tree", {}).value().at(0).Data(0);
  const std::uint64_t subtrees[] = {0, 256, 288, 296};
  for (std::size_t i = 0; i < std::size(subtrees); ++i) {
    std::string changed = edge;
    changed.at(i * Digest::kSize + 5) ^= 1;
    EXPECT_EQ(set("edge", Bytes{changed}), absl::StrCat("AUDIT_TREE_BROKEN ", subtrees[i]));
  }
  EXPECT_EQ(After([](Transaction& transaction) { Do(transaction, "DELETE FROM audit_tree", {}); }),
            "AUDIT_TREE_BROKEN ");
}

TEST_P(Audit, AWitnessFindsALogThatWasRewrittenAsAWhole) {
  std::vector<Checkpoint> witnessed = {Read(db()).value()};
  for (const std::uint64_t size : {100U, 200U, 300U}) {
    Fill(witnessed.back().size, size);
    witnessed.push_back(Read(db()).value());
  }
  const auto edit = [](std::int64_t index) {
    return [index](Transaction& transaction) {
      Do(transaction, "UPDATE audit_leaf SET actor = 'x' WHERE leaf_index = $1", {index});
      Rechain(transaction, static_cast<std::uint64_t>(index), kLeaves);
      Regrow(transaction, kLeaves);
    };
  };
  const auto cut = [](std::uint64_t size) {
    return [size](Transaction& transaction) {
      Do(transaction, "DELETE FROM audit_leaf WHERE leaf_index >= $1", {Int(size)}, Int(kLeaves - size));
      Regrow(transaction, size);
    };
  };
  EXPECT_EQ(After([](Transaction&) {}, witnessed), "OK");
  EXPECT_EQ(After(edit(150)), "OK");  // By itself it is a sound log.
  EXPECT_EQ(After(edit(99), witnessed), "AUDIT_HISTORY_CHANGED 100");
  EXPECT_EQ(After(edit(100), witnessed), "AUDIT_HISTORY_CHANGED 200");
  EXPECT_EQ(After(edit(299), witnessed), "AUDIT_HISTORY_CHANGED 300");
  EXPECT_EQ(After(cut(299)), "OK");
  EXPECT_EQ(After(cut(299), witnessed), "AUDIT_HISTORY_CHANGED 300");
  EXPECT_EQ(After(cut(199), witnessed), "AUDIT_HISTORY_CHANGED 200");
  EXPECT_EQ(After(cut(200), {witnessed.rbegin(), witnessed.rend()}), "AUDIT_HISTORY_CHANGED 300");
  EXPECT_EQ(After([](Transaction&) {}, {{0, crypto::Sha256("x")}}), "AUDIT_HISTORY_CHANGED 0");
}

TEST_P(Audit, AppendsNothingToABrokenTree) {
  Fill(0, 3);
  const char* const changes[] = {"UPDATE audit_tree SET size = 1", "UPDATE audit_tree SET size = 2, edge = last",
                                 "UPDATE audit_tree SET edge = CAST('' AS {BYTES})", "DELETE FROM audit_tree"};
  for (const char* const change : changes) {
    absl::Status status;
    EXPECT_FALSE(db().Transact([&](Transaction& transaction) {
                       Do(transaction, change, {});
                       return status = Append(transaction, MakeEntry(3)).status();
                     })
                     .ok());
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << change;
    EXPECT_EQ(GetReason(status), "AUDIT_TREE_BROKEN") << change;
  }
  EXPECT_EQ(Verify(db()).value().size, 3U);
}

}  // namespace
}  // namespace teilhabe::audit
