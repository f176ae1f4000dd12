#include "common/audit/audit.h"

#include <algorithm>
#include <bit>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/base/utf8.h"
#include "common/crypto/merkle.h"
#include "common/storage/migrations.h"

namespace teilhabe::audit {
namespace {

constexpr std::size_t kMaxActor = 256;
constexpr std::size_t kMaxWord = 64;
constexpr std::size_t kMaxText = 200;
constexpr std::int64_t kHashesAtOnce = 10'000;

// The row of the tree: its head, and what the next leaf needs.
struct Tree {
  crypto::MerkleAppender appender;
  crypto::Digest last;  // Hash of the last leaf; zeros before the first.
};

std::int64_t Int(std::uint64_t number) { return static_cast<std::int64_t>(number); }
storage::Bytes ToBytes(const crypto::Digest& digest) { return {std::string(digest.bytes())}; }

absl::Status EntryInvalid(std::string_view field, std::string_view message) {
  return FieldError(absl::StatusCode::kInvalidArgument, "AUDIT_ENTRY_INVALID", field, message);
}

absl::Status LeafBroken(std::uint64_t index) {
  return WithDetail(ReasonError(absl::StatusCode::kDataLoss, "AUDIT_LEAF_BROKEN",
                                "a leaf of the access log is not as it was appended; keep the database as it is"),
                    "index", absl::StrCat(index));
}

absl::Status TreeBroken() {
  return ReasonError(absl::StatusCode::kDataLoss, "AUDIT_TREE_BROKEN",
                     "the access log does not fit its tree; keep the database as it is");
}
absl::Status TreeBroken(std::uint64_t index) { return WithDetail(TreeBroken(), "index", absl::StrCat(index)); }

absl::Status CheckWord(std::string_view field, std::string_view word, std::size_t min, std::size_t max) {
  const bool printable = std::all_of(word.begin(), word.end(), [](char c) { return c > ' ' && c <= '~'; });
  if (printable && word.size() >= min && word.size() <= max) return absl::OkStatus();
  return EntryInvalid(field, "too short, too long, or not printable ASCII without blanks");
}

absl::Status CheckText(std::string_view field, std::string_view text) {
  if (text.size() <= kMaxText && IsUtf8(text) && text.find('\0') == std::string_view::npos) return absl::OkStatus();
  return EntryInvalid(field, "at most 200 bytes of UTF-8 without NUL");
}

absl::Status Check(const Entry& entry) {
  if (entry.time == absl::InfiniteFuture() || entry.time == absl::InfinitePast()) {
    return EntryInvalid("time", "an instant is finite");
  }
  TEILHABE_RETURN_IF_ERROR(CheckWord("actor", entry.actor, 1, kMaxActor));
  TEILHABE_RETURN_IF_ERROR(CheckWord("agency", entry.agency, 1, kMaxWord));
  TEILHABE_RETURN_IF_ERROR(CheckWord("action", entry.action, 1, kMaxWord));
  TEILHABE_RETURN_IF_ERROR(CheckText("purpose", entry.purpose));
  TEILHABE_RETURN_IF_ERROR(CheckText("legal_basis", entry.legal_basis));
  return CheckWord("dossier", entry.dossier, 0, kMaxWord);
}

// The columns below read what somebody may have changed by hand, so nothing about their kinds is taken for granted.
bool ReadColumn(const storage::Value& value, std::string& text) {
  const auto* held = std::get_if<std::string>(&value);
  if (held != nullptr) text = *held;
  return held != nullptr;
}

bool ReadColumn(const storage::Value& value, std::uint64_t& number) {
  const auto* held = std::get_if<std::int64_t>(&value);
  if (held != nullptr) number = static_cast<std::uint64_t>(*held);
  return held != nullptr;
}

bool ReadColumn(const storage::Value& value, absl::Time& time) {
  const auto* held = std::get_if<std::int64_t>(&value);
  if (held != nullptr) time = absl::FromUnixMicros(*held);
  return held != nullptr;
}

bool ReadColumn(const storage::Value& value, crypto::Digest& digest) {
  const auto* held = std::get_if<storage::Bytes>(&value);
  if (held == nullptr) return false;
  const auto read = crypto::Digest::FromBytes(held->data);
  if (read.ok()) digest = *read;
  return read.ok();
}

constexpr std::string_view kSelectLeaf =
    "SELECT leaf_index, time_us, actor, agency, action, purpose, legal_basis, dossier, details, previous, hash "
    "FROM audit_leaf ";

// None: no leaf looks like this.
std::optional<Leaf> ReadLeaf(const storage::Row& row) {
  Leaf leaf;
  Entry& entry = leaf.entry;
  const bool read =
      ReadColumn(row[0], leaf.index) && ReadColumn(row[1], entry.time) && ReadColumn(row[2], entry.actor) &&
      ReadColumn(row[3], entry.agency) && ReadColumn(row[4], entry.action) && ReadColumn(row[5], entry.purpose) &&
      ReadColumn(row[6], entry.legal_basis) && ReadColumn(row[7], entry.dossier) && ReadColumn(row[8], entry.details) &&
      ReadColumn(row[9], leaf.previous) && ReadColumn(row[10], leaf.hash);
  return read ? std::optional(std::move(leaf)) : std::nullopt;
}

// Of size, last, edge.
absl::StatusOr<Tree> ReadTree(const storage::Rows& rows) {
  std::uint64_t size = 0;
  Tree tree;
  if (rows.size() != 1 || !ReadColumn(rows[0][0], size)) return TreeBroken();
  // No literal of 32 zero bytes means the same to both engines, so the row of an empty log has no last hash at all.
  if (size != 0 && !ReadColumn(rows[0][1], tree.last)) return TreeBroken();
  const auto* edge = std::get_if<storage::Bytes>(&rows[0][2]);
  if (edge == nullptr) return TreeBroken();
  std::vector<crypto::Digest> roots;
  for (std::size_t at = 0; at < edge->data.size(); at += crypto::Digest::kSize) {
    const auto root = crypto::Digest::FromBytes(std::string_view(edge->data).substr(at, crypto::Digest::kSize));
    if (!root.ok()) return TreeBroken();
    roots.push_back(*root);
  }
  auto appender = crypto::MerkleAppender::FromEdge(size, std::move(roots));
  if (!appender.ok()) return TreeBroken();
  tree.appender = *std::move(appender);
  return tree;
}

absl::StatusOr<Tree> ReadTree(storage::Reader& reader) {
  TEILHABE_ASSIGN_OR_RETURN(const storage::Rows rows,
                            reader.Query("SELECT size, last, edge FROM audit_tree WHERE id = 1", {}));
  return ReadTree(rows);
}

// The first leaf of the first complete subtree whose root is another one.
std::uint64_t FirstDifference(const crypto::MerkleAppender& computed, const crypto::MerkleAppender& stored) {
  std::uint64_t first = 0;
  std::uint64_t rest = stored.size();
  for (std::size_t i = 0; rest != 0 && computed.edge()[i] == stored.edge()[i]; ++i) {
    const std::uint64_t subtree = std::bit_floor(rest);
    first += subtree;
    rest -= subtree;
  }
  return first;
}

absl::StatusOr<std::vector<crypto::Digest>> Hashes(storage::Reader& reader, std::uint64_t size) {
  TEILHABE_ASSIGN_OR_RETURN(const Tree tree, ReadTree(reader));
  if (size > tree.appender.size()) {
    return ReasonError(absl::StatusCode::kOutOfRange, "MERKLE_INDEX", "the log never had this size");
  }
  std::vector<crypto::Digest> hashes;
  while (hashes.size() < size) {
    const std::int64_t from = Int(hashes.size());
    TEILHABE_ASSIGN_OR_RETURN(const storage::Rows rows,
                              reader.Query("SELECT leaf_index, hash FROM audit_leaf "
                                           "WHERE leaf_index >= $1 AND leaf_index < $2 ORDER BY leaf_index",
                                           {from, std::min(Int(size), from + kHashesAtOnce)}));
    for (const storage::Row& row : rows) {
      std::uint64_t index = 0;
      crypto::Digest hash;
      if (!ReadColumn(row[0], index) || index != hashes.size() || !ReadColumn(row[1], hash)) break;
      hashes.push_back(hash);
    }
    if (hashes.size() != static_cast<std::uint64_t>(std::min(Int(size), from + kHashesAtOnce))) {
      return LeafBroken(hashes.size());
    }
  }
  return hashes;
}

}  // namespace

absl::Status Migrate(storage::Database& database) {
  return storage::Migrate(
      database, "audit",
      {{1,
        "log",
        {"CREATE TABLE audit_leaf ("
         "leaf_index BIGINT PRIMARY KEY NOT NULL CHECK (leaf_index >= 0), time_us BIGINT NOT NULL, "
         "actor TEXT NOT NULL, agency TEXT NOT NULL, action TEXT NOT NULL, purpose TEXT NOT NULL, "
         "legal_basis TEXT NOT NULL, dossier TEXT NOT NULL, details {BYTES} NOT NULL, previous {BYTES} NOT NULL, "
         "hash {BYTES} NOT NULL)",
         "CREATE INDEX audit_leaf_by_dossier ON audit_leaf (dossier, leaf_index)",
         "CREATE TABLE audit_tree (id BIGINT PRIMARY KEY NOT NULL CHECK (id = 1), size BIGINT NOT NULL, "
         "last {BYTES} NOT NULL, edge {BYTES} NOT NULL)",
         "INSERT INTO audit_tree (id, size, last, edge) VALUES (1, 0, CAST('' AS {BYTES}), CAST('' AS {BYTES}))"}}});
}

absl::StatusOr<crypto::Digest> DetailsDigest(std::string_view salt, std::string_view details) {
  if (salt.size() != crypto::kSaltSize) {
    return ReasonError(absl::StatusCode::kInvalidArgument, "SALT_INVALID", "the salt of details has 32 bytes");
  }
  return crypto::Hasher("audit-details").Raw(salt).Raw(details).Finish();
}

std::string LeafBytes(std::uint64_t index, const Entry& entry, const crypto::Digest& previous) {
  std::string bytes = crypto::DomainTag("audit-leaf");
  bytes += crypto::BigEndian64(index);
  bytes += crypto::BigEndian64(static_cast<std::uint64_t>(absl::ToUnixMicros(entry.time)));
  for (const std::string* field :
       {&entry.actor, &entry.agency, &entry.action, &entry.purpose, &entry.legal_basis, &entry.dossier}) {
    bytes += crypto::BigEndian32(static_cast<std::uint32_t>(field->size()));
    bytes += *field;
  }
  bytes += entry.details.bytes();
  bytes += previous.bytes();
  return bytes;
}

absl::StatusOr<std::uint64_t> Append(storage::Transaction& transaction, const Entry& entry) {
  TEILHABE_RETURN_IF_ERROR(Check(entry));
  // Takes the row's lock first: whoever else appends waits here, and no two leaves get one index.
  TEILHABE_ASSIGN_OR_RETURN(
      const storage::Rows rows,
      transaction.Query("UPDATE audit_tree SET size = size + 1 WHERE id = 1 RETURNING size - 1, last, edge", {}));
  TEILHABE_ASSIGN_OR_RETURN(Tree tree, ReadTree(rows));
  const std::uint64_t index = tree.appender.size();
  const crypto::Digest hash = crypto::MerkleLeaf(LeafBytes(index, entry, tree.last));
  TEILHABE_RETURN_IF_ERROR(tree.appender.Append(hash));
  TEILHABE_ASSIGN_OR_RETURN(
      const std::int64_t inserted,
      transaction.Execute(
          "INSERT INTO audit_leaf (leaf_index, time_us, actor, agency, action, purpose, legal_basis, "
          "dossier, details, previous, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) "
          "ON CONFLICT (leaf_index) DO NOTHING",
          {Int(index), absl::ToUnixMicros(entry.time), entry.actor, entry.agency, entry.action, entry.purpose,
           entry.legal_basis, entry.dossier, ToBytes(entry.details), ToBytes(tree.last), ToBytes(hash)}));
  if (inserted != 1) return TreeBroken(index);
  storage::Bytes edge;
  for (const crypto::Digest& root : tree.appender.edge()) edge.data += root.bytes();
  TEILHABE_RETURN_IF_ERROR(
      transaction.Execute("UPDATE audit_tree SET last = $1, edge = $2 WHERE id = 1", {ToBytes(hash), std::move(edge)})
          .status());
  return index;
}

absl::StatusOr<Checkpoint> Read(storage::Reader& reader) {
  TEILHABE_ASSIGN_OR_RETURN(const Tree tree, ReadTree(reader));
  return Checkpoint{tree.appender.size(), tree.appender.Root()};
}

absl::StatusOr<std::vector<crypto::Digest>> ProveInclusion(storage::Reader& reader, std::uint64_t index,
                                                           std::uint64_t size) {
  TEILHABE_ASSIGN_OR_RETURN(const std::vector<crypto::Digest> hashes, Hashes(reader, size));
  return crypto::InclusionProof(hashes, index);
}

absl::StatusOr<std::vector<crypto::Digest>> ProveConsistency(storage::Reader& reader, std::uint64_t old_size,
                                                             std::uint64_t size) {
  TEILHABE_ASSIGN_OR_RETURN(const std::vector<crypto::Digest> hashes, Hashes(reader, size));
  return crypto::ConsistencyProof(hashes, old_size);
}

absl::StatusOr<std::vector<Leaf>> Entries(storage::Reader& reader, std::string_view dossier, std::uint64_t first,
                                          std::int64_t at_most) {
  if (at_most < 1 || at_most > kMaxPage) {
    return ReasonError(absl::StatusCode::kInvalidArgument, "AUDIT_PAGE_SIZE", "ask for 1 to 1000 leaves");
  }
  std::vector<Leaf> leaves;
  if (first > crypto::kMerkleMaxSize) return leaves;
  TEILHABE_ASSIGN_OR_RETURN(
      const storage::Rows rows,
      reader.Query(
          absl::StrCat(ToAbsl(kSelectLeaf), "WHERE dossier = $1 AND leaf_index >= $2 ORDER BY leaf_index LIMIT $3"),
          {std::string(dossier), Int(first), at_most}));
  for (const storage::Row& row : rows) {
    std::optional<Leaf> leaf = ReadLeaf(row);
    if (!leaf.has_value()) return LeafBroken(leaves.empty() ? first : leaves.back().index + 1);
    leaves.push_back(*std::move(leaf));
  }
  return leaves;
}

absl::StatusOr<Checkpoint> Verify(storage::Reader& reader, std::span<const Checkpoint> witnessed) {
  TEILHABE_ASSIGN_OR_RETURN(const Tree tree, ReadTree(reader));
  const std::uint64_t size = tree.appender.size();
  crypto::MerkleAppender computed;
  crypto::Digest last;
  std::optional<std::uint64_t> changed;  // Size of the smallest witnessed head that is another one.
  const auto compare = [&] {
    for (const Checkpoint& head : witnessed) {
      if (head.size == computed.size() && head.root != computed.Root()) changed = changed.value_or(head.size);
    }
  };
  compare();
  while (computed.size() < size) {
    const std::uint64_t from = computed.size();
    TEILHABE_ASSIGN_OR_RETURN(
        const storage::Rows rows,
        reader.Query(
            absl::StrCat(ToAbsl(kSelectLeaf), "WHERE leaf_index >= $1 AND leaf_index < $2 ORDER BY leaf_index"),
            {Int(from), Int(std::min(size, from + static_cast<std::uint64_t>(kMaxPage)))}));
    if (rows.empty()) return LeafBroken(from);
    for (const storage::Row& row : rows) {
      const std::uint64_t index = computed.size();
      const std::optional<Leaf> leaf = ReadLeaf(row);
      if (!leaf.has_value() || leaf->index != index ||
          leaf->hash != crypto::MerkleLeaf(LeafBytes(index, leaf->entry, leaf->previous))) {
        return LeafBroken(index);
      }
      if (leaf->previous != last) return LeafBroken(index == 0 ? 0 : index - 1);
      TEILHABE_RETURN_IF_ERROR(computed.Append(leaf->hash));
      last = leaf->hash;
      compare();
    }
  }
  if (last != tree.last) return LeafBroken(size - 1);
  if (computed.edge() != tree.appender.edge()) return TreeBroken(FirstDifference(computed, tree.appender));
  // Asked in one statement with the size, so that an append beside this is no alarm.
  TEILHABE_ASSIGN_OR_RETURN(
      const storage::Rows beyond,
      reader.Query("SELECT COUNT(*) FROM audit_leaf WHERE leaf_index >= (SELECT size FROM audit_tree WHERE id = 1)",
                   {}));
  if (beyond.at(0).Int(0) != 0) return TreeBroken(size);
  for (const Checkpoint& head : witnessed) {
    if (head.size > size) changed = std::min(changed.value_or(head.size), head.size);
  }
  if (changed.has_value()) {
    return WithDetail(ReasonError(absl::StatusCode::kDataLoss, "AUDIT_HISTORY_CHANGED",
                                  "the access log does not contain a head that was noted earlier; keep the database"),
                      "size", absl::StrCat(*changed));
  }
  return Checkpoint{size, computed.Root()};
}

}  // namespace teilhabe::audit
