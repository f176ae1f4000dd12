#include "common/dossier/store.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/storage/migrations.h"

namespace teilhabe::dossier {
namespace {

using storage::Bytes;

Bytes AsBytes(std::string_view bytes) { return Bytes{std::string(bytes)}; }
std::string AsText(std::string_view text) { return std::string(text); }

absl::Status Missing(std::string_view reason, std::string_view message) {
  return ReasonError(absl::StatusCode::kNotFound, reason, message);
}

absl::Status Corrupt(std::string_view what) {
  return ReasonError(absl::StatusCode::kDataLoss, "STORE_CORRUPT",
                     absl::StrCat("a stored ", std::string(what), " cannot be read"));
}

// What a section's ciphertext belongs to.
std::string Associated(std::string_view owner, std::string_view name) { return Place({"section", owner, name}); }

constexpr char kEventColumns[] = "SELECT header, signature FROM event WHERE dossier = $1";
constexpr char kStatementColumns[] = "SELECT header, signature FROM statement WHERE dossier = $1";

absl::StatusOr<Event> ToEvent(const storage::Row& row) {
  v1::SignedEvent bytes;
  bytes.set_header(row.Data(0));
  if (!bytes.mutable_signature()->ParseFromString(row.Data(1))) return Corrupt("event");
  return ReadEvent(std::move(bytes));
}

absl::StatusOr<Statement> ToStatement(const storage::Row& row) {
  v1::SignedStatement bytes;
  bytes.set_header(row.Data(0));
  if (!bytes.mutable_signature()->ParseFromString(row.Data(1))) return Corrupt("statement");
  return ReadStatement(std::move(bytes));
}

absl::StatusOr<std::vector<Statement>> ToStatements(const storage::Rows& rows) {
  std::vector<Statement> statements;
  for (const storage::Row& row : rows) {
    TEILHABE_ASSIGN_OR_RETURN(Statement statement, ToStatement(row));
    statements.push_back(std::move(statement));
  }
  return statements;
}

}  // namespace

absl::Status MigrateStore(storage::Database& database) {
  return storage::Migrate(
      database, "dossier",
      {{1,
        "dossiers",
        {
            "CREATE TABLE dossier (dossier TEXT NOT NULL PRIMARY KEY, sequence BIGINT NOT NULL, head {BYTES} NOT NULL, "
            "holder TEXT NOT NULL, state {BYTES} NOT NULL)",
            "CREATE TABLE event (dossier TEXT NOT NULL, sequence BIGINT NOT NULL, hash {BYTES} NOT NULL, "
            "author TEXT NOT NULL, header {BYTES} NOT NULL, signature {BYTES} NOT NULL, PRIMARY KEY (dossier, "
            "sequence))",
            "CREATE UNIQUE INDEX event_hash ON event (dossier, hash)",
            "CREATE TABLE statement (dossier TEXT NOT NULL, hash {BYTES} NOT NULL, detail BIGINT NOT NULL, "
            "about {BYTES} NOT NULL, author TEXT NOT NULL, arrival BIGINT NOT NULL, header {BYTES} NOT NULL, "
            "signature {BYTES} NOT NULL, PRIMARY KEY (dossier, hash))",
            "CREATE INDEX statement_about ON statement (dossier, about, detail, author)",
            "CREATE TABLE section (dossier TEXT NOT NULL, owner {BYTES} NOT NULL, name TEXT NOT NULL, "
            "handle TEXT NOT NULL, sealed {BYTES} NOT NULL, PRIMARY KEY (dossier, owner, name))",
            "CREATE TABLE attachment_ref (dossier TEXT NOT NULL, owner {BYTES} NOT NULL, section TEXT NOT NULL, "
            "digest {BYTES} NOT NULL, PRIMARY KEY (dossier, owner, section, digest))",
            "CREATE TABLE request (dossier TEXT NOT NULL, request_id TEXT NOT NULL, body {BYTES} NOT NULL, "
            "answer {BYTES} NOT NULL, PRIMARY KEY (dossier, request_id))",
            "CREATE TABLE feed_end (member TEXT NOT NULL PRIMARY KEY, position BIGINT NOT NULL)",
            "CREATE TABLE feed (member TEXT NOT NULL, position BIGINT NOT NULL, dossier TEXT NOT NULL, "
            "owner {BYTES} NOT NULL, kind BIGINT NOT NULL, item BIGINT NOT NULL, queued BIGINT NOT NULL, "
            "PRIMARY KEY (member, position))",
            "CREATE TABLE taken (member TEXT NOT NULL PRIMARY KEY, sequence BIGINT NOT NULL)",
        }},
       {2,
        "recipients",
        {
            "CREATE TABLE given (dossier TEXT NOT NULL, owner {BYTES} NOT NULL, section TEXT NOT NULL, "
            "member TEXT NOT NULL, PRIMARY KEY (dossier, owner, section, member))",
            "CREATE TABLE unconfirmed (dossier TEXT NOT NULL, hash {BYTES} NOT NULL, member TEXT NOT NULL, "
            "sequence BIGINT NOT NULL, by_event BIGINT NOT NULL, PRIMARY KEY (dossier, hash, member))",
            "CREATE TABLE rejections (member TEXT NOT NULL PRIMARY KEY, signed BIGINT NOT NULL)",
            "CREATE TABLE arriving (dossier TEXT NOT NULL, digest {BYTES} NOT NULL, member TEXT NOT NULL, "
            "PRIMARY KEY (dossier, digest, member))",
        }}});
}

absl::StatusOr<v1::LogState> Store::State(storage::Reader& reader, std::string_view dossier) const {
  TEILHABE_ASSIGN_OR_RETURN(const auto rows,
                            reader.Query("SELECT state FROM dossier WHERE dossier = $1", {AsText(dossier)}));
  v1::LogState state;
  if (!rows.empty() && !state.ParseFromString(rows[0].Data(0))) return Corrupt("state");
  return state;
}

absl::StatusOr<Event> Store::EventAt(storage::Reader& reader, std::string_view dossier, std::int64_t sequence) const {
  TEILHABE_ASSIGN_OR_RETURN(
      const auto rows, reader.Query(absl::StrCat(kEventColumns, " AND sequence = $2"), {AsText(dossier), sequence}));
  if (rows.empty()) return Missing("EVENT_UNKNOWN", "the log has no such event");
  return ToEvent(rows[0]);
}

absl::StatusOr<Event> Store::EventByHash(storage::Reader& reader, std::string_view dossier,
                                         std::string_view hash) const {
  TEILHABE_ASSIGN_OR_RETURN(
      const auto rows, reader.Query(absl::StrCat(kEventColumns, " AND hash = $2"), {AsText(dossier), AsBytes(hash)}));
  if (rows.empty()) return Missing("EVENT_UNKNOWN", "the log has no such event");
  return ToEvent(rows[0]);
}

absl::StatusOr<std::vector<Event>> Store::EventsFrom(storage::Reader& reader, std::string_view dossier,
                                                     std::int64_t sequence, int limit) const {
  TEILHABE_ASSIGN_OR_RETURN(const auto rows,
                            reader.Query(absl::StrCat(kEventColumns, " AND sequence >= $2 ORDER BY sequence LIMIT $3"),
                                         {AsText(dossier), sequence, std::int64_t{limit}}));
  std::vector<Event> events;
  for (const storage::Row& row : rows) {
    TEILHABE_ASSIGN_OR_RETURN(Event event, ToEvent(row));
    events.push_back(std::move(event));
  }
  return events;
}

absl::StatusOr<Statement> Store::StatementByHash(storage::Reader& reader, std::string_view dossier,
                                                 std::string_view hash) const {
  TEILHABE_ASSIGN_OR_RETURN(const auto rows, reader.Query(absl::StrCat(kStatementColumns, " AND hash = $2"),
                                                          {AsText(dossier), AsBytes(hash)}));
  if (rows.empty()) return Missing("STATEMENT_UNKNOWN", "no such statement is stored");
  return ToStatement(rows[0]);
}

absl::StatusOr<std::vector<Statement>> Store::Statements(storage::Reader& reader, std::string_view dossier) const {
  TEILHABE_ASSIGN_OR_RETURN(const auto rows,
                            reader.Query(absl::StrCat(kStatementColumns, " ORDER BY hash"), {AsText(dossier)}));
  return ToStatements(rows);
}

absl::StatusOr<std::vector<Statement>> Store::StatementsAfter(storage::Reader& reader, std::string_view dossier,
                                                              std::string_view hash, int limit) const {
  TEILHABE_ASSIGN_OR_RETURN(const auto rows,
                            reader.Query(absl::StrCat(kStatementColumns, " AND hash > $2 ORDER BY hash LIMIT $3"),
                                         {AsText(dossier), AsBytes(hash), std::int64_t{limit}}));
  return ToStatements(rows);
}

absl::StatusOr<std::vector<Statement>> Store::StatementsAbout(storage::Reader& reader, std::string_view dossier,
                                                              int detail, std::string_view about,
                                                              std::string_view author) const {
  TEILHABE_ASSIGN_OR_RETURN(
      const auto rows,
      reader.Query(absl::StrCat(kStatementColumns, " AND about = $2 AND detail = $3 AND author = $4 ORDER BY hash"),
                   {AsText(dossier), AsBytes(about), std::int64_t{detail}, AsText(author)}));
  return ToStatements(rows);
}

absl::StatusOr<std::vector<Statement>> Store::Contributions(storage::Reader& reader, std::string_view dossier) const {
  TEILHABE_ASSIGN_OR_RETURN(
      const auto rows,
      reader.Query(absl::StrCat(kStatementColumns, " AND detail IN ($2, $3, $4) ORDER BY arrival"),
                   {AsText(dossier), std::int64_t{v1::StatementHeader::kContribution},
                    std::int64_t{v1::StatementHeader::kReady}, std::int64_t{v1::StatementHeader::kJointSignature}}));
  return ToStatements(rows);
}

absl::Status Store::AddEvent(storage::Transaction& tx, const v1::LogState& before, const v1::LogState& after,
                             const Event& event) const {
  const storage::Params state = {after.dossier(), after.sequence(), AsBytes(after.head()), after.holder(),
                                 AsBytes(after.SerializeAsString())};
  absl::StatusOr<std::int64_t> changed;
  if (before.sequence() == 0) {
    changed = tx.Execute(
        "INSERT INTO dossier (dossier, sequence, head, holder, state) VALUES ($1, $2, $3, $4, $5) "
        "ON CONFLICT (dossier) DO NOTHING",
        state);
  } else {
    storage::Params moved = state;
    moved.emplace_back(AsBytes(before.head()));
    changed = tx.Execute(
        "UPDATE dossier SET sequence = $2, head = $3, holder = $4, state = $5 WHERE dossier = $1 AND head = $6", moved);
  }
  if (!changed.ok()) return changed.status();
  if (*changed != 1) {
    return ReasonError(absl::StatusCode::kAborted, "HEAD_MOVED", "the log has a newer event; read it and decide anew");
  }
  return tx
      .Execute("INSERT INTO event (dossier, sequence, hash, author, header, signature) VALUES ($1, $2, $3, $4, $5, $6)",
               {after.dossier(), after.sequence(), AsBytes(event.hash.bytes()), event.header.author(),
                AsBytes(event.bytes.header()), AsBytes(event.bytes.signature().SerializeAsString())})
      .status();
}

absl::StatusOr<bool> Store::AddStatement(storage::Transaction& tx, const Statement& statement) const {
  TEILHABE_ASSIGN_OR_RETURN(
      const std::int64_t added,
      tx.Execute(
          "INSERT INTO statement (dossier, hash, detail, about, author, arrival, header, signature) "
          "SELECT $1, $2, $3, $4, $5, COUNT(*) + 1, $6, $7 FROM statement WHERE dossier = $1 "
          "ON CONFLICT (dossier, hash) DO NOTHING",
          {statement.header.dossier(), AsBytes(statement.hash.bytes()), std::int64_t{statement.header.detail_case()},
           AsBytes(AboutHash(statement.header)), statement.header.author(), AsBytes(statement.bytes.header()),
           AsBytes(statement.bytes.signature().SerializeAsString())}));
  return added == 1;
}

absl::StatusOr<int> Store::AddSections(storage::Transaction& tx, std::string_view dossier, std::string_view owner,
                                       const google::protobuf::RepeatedPtrField<v1::Section>& sections) const {
  int added = 0;
  for (const v1::Section& section : sections) {
    TEILHABE_ASSIGN_OR_RETURN(const auto known,
                              tx.Query("SELECT handle FROM section WHERE dossier = $1 AND owner = $2 AND name = $3",
                                       {AsText(dossier), AsBytes(owner), section.name()}));
    if (!known.empty()) continue;
    const std::string handle = SubjectHandle(dossier, section.name());
    const auto sealed = keys_.Seal(tx, handle, Associated(owner, section.name()), section.SerializeAsString());
    if (GetReason(sealed.status()) == "SUBJECT_ERASED") continue;  // It stays erased, whoever sends it again.
    if (!sealed.ok()) return sealed.status();
    TEILHABE_RETURN_IF_ERROR(
        tx.Execute("INSERT INTO section (dossier, owner, name, handle, sealed) VALUES ($1, $2, $3, $4, $5)",
                   {AsText(dossier), AsBytes(owner), section.name(), handle, AsBytes(*sealed)})
            .status());
    ++added;
  }
  return added;
}

absl::StatusOr<v1::Section> Store::SectionOf(storage::Reader& reader, std::string_view dossier, std::string_view owner,
                                             std::string_view name) const {
  TEILHABE_ASSIGN_OR_RETURN(
      const auto rows,
      reader.Query("SELECT handle, sealed FROM section WHERE dossier = $1 AND owner = $2 AND name = $3",
                   {AsText(dossier), AsBytes(owner), AsText(name)}));
  if (rows.empty()) return Missing("SECTION_ABSENT", "this node was not given the section, or it was deleted");
  TEILHABE_ASSIGN_OR_RETURN(const std::string plain,
                            keys_.Open(reader, rows[0].Text(0), Associated(owner, name), rows[0].Data(1)));
  v1::Section section;
  if (!section.ParseFromString(plain)) return Corrupt("section");
  return section;
}

absl::StatusOr<std::vector<Store::OwnedSection>> Store::Sections(
    storage::Reader& reader, std::string_view dossier, const std::function<bool(std::string_view)>& wanted) const {
  TEILHABE_ASSIGN_OR_RETURN(
      const auto rows,
      reader.Query("SELECT owner, name, handle, sealed FROM section WHERE dossier = $1", {AsText(dossier)}));
  std::vector<OwnedSection> sections;
  KeyRing::Opener opener(keys_, reader);
  for (const storage::Row& row : rows) {
    if (!wanted(row.Text(1))) continue;
    const auto plain = opener.Open(row.Text(2), Associated(row.Data(0), row.Text(1)), row.Data(3));
    if (GetReason(plain.status()) == "SUBJECT_ERASED") continue;
    if (!plain.ok()) return plain.status();
    OwnedSection& owned = sections.emplace_back();
    owned.owner = row.Data(0);
    if (!owned.section.ParseFromString(*plain)) return Corrupt("section");
  }
  return sections;
}

absl::StatusOr<std::vector<std::string>> Store::SectionNames(storage::Reader& reader, std::string_view dossier,
                                                             std::string_view owner) const {
  TEILHABE_ASSIGN_OR_RETURN(const auto rows,
                            reader.Query("SELECT name FROM section WHERE dossier = $1 AND owner = $2 ORDER BY name",
                                         {AsText(dossier), AsBytes(owner)}));
  std::vector<std::string> names;
  for (const storage::Row& row : rows) names.push_back(row.Text(0));
  return names;
}

absl::Status Store::AddAttachmentRef(storage::Transaction& tx, std::string_view dossier, std::string_view owner,
                                     std::string_view section, const crypto::Digest& digest) const {
  return tx
      .Execute(
          "INSERT INTO attachment_ref (dossier, owner, section, digest) VALUES ($1, $2, $3, $4) "
          "ON CONFLICT (dossier, owner, section, digest) DO NOTHING",
          {AsText(dossier), AsBytes(owner), AsText(section), AsBytes(digest.bytes())})
      .status();
}

absl::StatusOr<std::vector<Store::AttachmentRef>> Store::AttachmentRefs(storage::Reader& reader,
                                                                        std::string_view dossier,
                                                                        std::string_view owner) const {
  TEILHABE_ASSIGN_OR_RETURN(const auto rows,
                            reader.Query("SELECT section, digest FROM attachment_ref WHERE dossier = $1 AND owner = $2 "
                                         "ORDER BY section, digest",
                                         {AsText(dossier), AsBytes(owner)}));
  std::vector<AttachmentRef> refs;
  for (const storage::Row& row : rows) {
    TEILHABE_ASSIGN_OR_RETURN(const crypto::Digest digest, crypto::Digest::FromBytes(row.Data(1)));
    refs.push_back({row.Text(0), digest});
  }
  return refs;
}

absl::StatusOr<std::vector<Store::Naming>> Store::Namings(storage::Reader& reader, std::string_view dossier,
                                                          const crypto::Digest& digest) const {
  TEILHABE_ASSIGN_OR_RETURN(
      const auto rows,
      reader.Query(
          "SELECT owner, section FROM attachment_ref WHERE dossier = $1 AND digest = $2 ORDER BY owner, section",
          {AsText(dossier), AsBytes(digest.bytes())}));
  std::vector<Naming> namings;
  for (const storage::Row& row : rows) namings.push_back({row.Data(0), row.Text(1)});
  return namings;
}

absl::StatusOr<bool> Store::CountRejection(storage::Transaction& tx, std::string_view member) const {
  TEILHABE_ASSIGN_OR_RETURN(
      const std::int64_t counted,
      tx.Execute("INSERT INTO rejections (member, signed) VALUES ($1, 1) "
                 "ON CONFLICT (member) DO UPDATE SET signed = rejections.signed + 1 WHERE rejections.signed < $2",
                 {AsText(member), kMaxRejections}));
  return counted != 0;
}

absl::StatusOr<bool> Store::AddArriving(storage::Transaction& tx, std::string_view member, std::string_view dossier,
                                        const crypto::Digest& digest) const {
  TEILHABE_ASSIGN_OR_RETURN(
      const auto others,
      tx.Query("SELECT COUNT(*) FROM arriving WHERE member = $1 AND NOT (dossier = $2 AND digest = $3) AND NOT EXISTS "
               "(SELECT 1 FROM dossier WHERE dossier.dossier = arriving.dossier)",
               {AsText(member), AsText(dossier), AsBytes(digest.bytes())}));
  if (others[0].Int(0) >= kMaxArriving) {
    TEILHABE_ASSIGN_OR_RETURN(const auto known,
                              tx.Query("SELECT 1 FROM dossier WHERE dossier = $1", {AsText(dossier)}));
    if (known.empty()) return false;
  }
  TEILHABE_RETURN_IF_ERROR(tx.Execute("INSERT INTO arriving (dossier, digest, member) VALUES ($1, $2, $3) "
                                      "ON CONFLICT (dossier, digest, member) DO NOTHING",
                                      {AsText(dossier), AsBytes(digest.bytes()), AsText(member)})
                               .status());
  return true;
}

absl::Status Store::DropArriving(storage::Transaction& tx, std::string_view dossier,
                                 const crypto::Digest& digest) const {
  return tx
      .Execute("DELETE FROM arriving WHERE dossier = $1 AND digest = $2", {AsText(dossier), AsBytes(digest.bytes())})
      .status();
}

absl::Status Store::AddGiven(storage::Transaction& tx, std::string_view dossier, std::string_view owner,
                             std::string_view section, std::string_view member) const {
  return tx
      .Execute(
          "INSERT INTO given (dossier, owner, section, member) VALUES ($1, $2, $3, $4) "
          "ON CONFLICT (dossier, owner, section, member) DO NOTHING",
          {AsText(dossier), AsBytes(owner), AsText(section), AsText(member)})
      .status();
}

absl::StatusOr<std::vector<std::string>> Store::GivenTo(storage::Reader& reader, std::string_view dossier,
                                                        std::string_view owner, std::string_view section) const {
  TEILHABE_ASSIGN_OR_RETURN(
      const auto rows,
      reader.Query("SELECT member FROM given WHERE dossier = $1 AND owner = $2 AND section = $3 ORDER BY member",
                   {AsText(dossier), AsBytes(owner), AsText(section)}));
  std::vector<std::string> members;
  for (const storage::Row& row : rows) members.push_back(row.Text(0));
  return members;
}

absl::Status Store::AddUnconfirmed(storage::Transaction& tx, std::string_view dossier, const Unconfirmed& told) const {
  return tx
      .Execute(
          "INSERT INTO unconfirmed (dossier, hash, member, sequence, by_event) VALUES ($1, $2, $3, $4, $5) "
          "ON CONFLICT (dossier, hash, member) DO NOTHING",
          {AsText(dossier), AsBytes(told.hash), told.member, told.sequence, std::int64_t{told.by_event ? 1 : 0}})
      .status();
}

absl::StatusOr<std::vector<Store::Unconfirmed>> Store::AllUnconfirmed(storage::Reader& reader,
                                                                      std::string_view dossier) const {
  TEILHABE_ASSIGN_OR_RETURN(const auto rows,
                            reader.Query("SELECT sequence, member, hash, by_event FROM unconfirmed WHERE dossier = $1 "
                                         "ORDER BY sequence, member, hash",
                                         {AsText(dossier)}));
  std::vector<Unconfirmed> told;
  for (const storage::Row& row : rows) told.push_back({row.Int(0), row.Text(1), row.Data(2), row.Int(3) != 0});
  return told;
}

absl::StatusOr<bool> Store::DropUnconfirmed(storage::Transaction& tx, std::string_view dossier, std::string_view member,
                                            std::string_view hash) const {
  TEILHABE_ASSIGN_OR_RETURN(const std::int64_t dropped,
                            tx.Execute("DELETE FROM unconfirmed WHERE dossier = $1 AND member = $2 AND hash = $3",
                                       {AsText(dossier), AsText(member), AsBytes(hash)}));
  return dropped != 0;
}

absl::Status Store::Confirm(storage::Transaction& tx, std::string_view dossier, std::string_view member,
                            const v1::Eingang& eingang) const {
  return tx
      .Execute(
          "DELETE FROM unconfirmed WHERE dossier = $1 AND member = $2 AND (hash = $3 OR (by_event = 1 AND sequence <= "
          "$4))",
          {AsText(dossier), AsText(member), AsBytes(eingang.hash()), eingang.sequence()})
      .status();
}

absl::StatusOr<std::optional<v1::StoredAnswer>> Store::AnswerTo(storage::Reader& reader, std::string_view dossier,
                                                                std::string_view request_id,
                                                                const crypto::Digest& body) const {
  TEILHABE_ASSIGN_OR_RETURN(const auto rows,
                            reader.Query("SELECT body, answer FROM request WHERE dossier = $1 AND request_id = $2",
                                         {AsText(dossier), AsText(request_id)}));
  if (rows.empty()) return std::nullopt;
  if (rows[0].Data(0) != body.bytes()) {
    return FieldError(absl::StatusCode::kInvalidArgument, "REQUEST_ID_REUSED", "request_id",
                      "this request id was used for another request");
  }
  v1::StoredAnswer answer;
  if (!answer.ParseFromString(rows[0].Data(1))) return Corrupt("answer");
  return answer;
}

absl::Status Store::AddAnswer(storage::Transaction& tx, std::string_view dossier, std::string_view request_id,
                              const crypto::Digest& body, const v1::StoredAnswer& answer) const {
  return tx
      .Execute("INSERT INTO request (dossier, request_id, body, answer) VALUES ($1, $2, $3, $4)",
               {AsText(dossier), AsText(request_id), AsBytes(body.bytes()), AsBytes(answer.SerializeAsString())})
      .status();
}

absl::Status Store::Feed(storage::Transaction& tx, std::string_view member, const FeedEntry& entry) const {
  TEILHABE_ASSIGN_OR_RETURN(const auto rows,
                            tx.Query("INSERT INTO feed_end (member, position) VALUES ($1, 1) "
                                     "ON CONFLICT (member) DO UPDATE SET position = feed_end.position + 1 "
                                     "RETURNING position",
                                     {AsText(member)}));
  return tx
      .Execute(
          "INSERT INTO feed (member, position, dossier, owner, kind, item, queued) VALUES ($1, $2, $3, $4, $5, $6, $7)",
          {AsText(member), rows[0].Int(0), entry.dossier, AsBytes(entry.owner), static_cast<std::int64_t>(entry.kind),
           entry.index, absl::ToUnixMicros(entry.queued)})
      .status();
}

absl::StatusOr<std::vector<FeedEntry>> Store::ReadFeed(storage::Reader& reader, std::string_view member,
                                                       std::int64_t after, int limit) const {
  TEILHABE_ASSIGN_OR_RETURN(const auto rows,
                            reader.Query("SELECT position, dossier, owner, kind, item, queued FROM feed "
                                         "WHERE member = $1 AND position > $2 ORDER BY position LIMIT $3",
                                         {AsText(member), after, std::int64_t{limit}}));
  std::vector<FeedEntry> entries;
  for (const storage::Row& row : rows) {
    entries.push_back({row.Int(0), row.Text(1), row.Data(2), static_cast<FeedEntry::Kind>(row.Int(3)), row.Int(4),
                       absl::FromUnixMicros(row.Int(5))});
  }
  return entries;
}

absl::StatusOr<std::int64_t> Store::FeedEnd(storage::Reader& reader, std::string_view member) const {
  TEILHABE_ASSIGN_OR_RETURN(const auto rows,
                            reader.Query("SELECT position FROM feed_end WHERE member = $1", {AsText(member)}));
  return rows.empty() ? 0 : rows[0].Int(0);
}

absl::StatusOr<std::vector<std::string>> Store::FeedMembers(storage::Reader& reader) const {
  TEILHABE_ASSIGN_OR_RETURN(const auto rows, reader.Query("SELECT member FROM feed_end ORDER BY member", {}));
  std::vector<std::string> members;
  for (const storage::Row& row : rows) members.push_back(row.Text(0));
  return members;
}

absl::Status Store::TrimFeed(storage::Transaction& tx, std::string_view member, std::int64_t up_to) const {
  return tx.Execute("DELETE FROM feed WHERE member = $1 AND position <= $2", {AsText(member), up_to}).status();
}

absl::Status Store::VisitSigned(storage::Reader& reader, std::string_view member, const JournalVisitor& visit) const {
  constexpr std::int64_t kPage = 1000;
  std::string dossier;
  for (std::int64_t sequence = 0;;) {
    TEILHABE_ASSIGN_OR_RETURN(
        const auto rows, reader.Query("SELECT header, signature, dossier, sequence FROM event WHERE author = $1 AND "
                                      "(dossier > $2 OR (dossier = $2 AND sequence > $3)) "
                                      "ORDER BY dossier, sequence LIMIT $4",
                                      {AsText(member), dossier, sequence, kPage}));
    for (const storage::Row& row : rows) {
      TEILHABE_ASSIGN_OR_RETURN(const Event event, ToEvent(row));
      TEILHABE_RETURN_IF_ERROR(visit(ToRecord(event)));
      dossier = row.Text(2);
      sequence = row.Int(3);
    }
    if (rows.size() < static_cast<std::size_t>(kPage)) break;
  }
  dossier.clear();
  for (std::string hash;;) {
    TEILHABE_ASSIGN_OR_RETURN(
        const auto rows, reader.Query("SELECT header, signature, dossier, hash FROM statement WHERE author = $1 AND "
                                      "(dossier > $2 OR (dossier = $2 AND hash > $3)) ORDER BY dossier, hash LIMIT $4",
                                      {AsText(member), dossier, AsBytes(hash), kPage}));
    for (const storage::Row& row : rows) {
      TEILHABE_ASSIGN_OR_RETURN(const Statement statement, ToStatement(row));
      TEILHABE_RETURN_IF_ERROR(visit(ToRecord(statement)));
      dossier = row.Text(2);
      hash = row.Data(3);
    }
    if (rows.size() < static_cast<std::size_t>(kPage)) return absl::OkStatus();
  }
}

absl::StatusOr<std::int64_t> Store::Taken(storage::Reader& reader, std::string_view member) const {
  TEILHABE_ASSIGN_OR_RETURN(const auto rows,
                            reader.Query("SELECT sequence FROM taken WHERE member = $1", {AsText(member)}));
  return rows.empty() ? 0 : rows[0].Int(0);
}

absl::Status Store::SetTaken(storage::Transaction& tx, std::string_view member, std::int64_t sequence) const {
  return tx
      .Execute(
          "INSERT INTO taken (member, sequence) VALUES ($1, $2) "
          "ON CONFLICT (member) DO UPDATE SET sequence = $2",
          {AsText(member), sequence})
      .status();
}

absl::StatusOr<std::vector<std::string>> Store::Dossiers(storage::Reader& reader, std::string_view after,
                                                         int limit) const {
  TEILHABE_ASSIGN_OR_RETURN(const auto rows,
                            reader.Query("SELECT dossier FROM dossier WHERE dossier > $1 ORDER BY dossier LIMIT $2",
                                         {AsText(after), std::int64_t{limit}}));
  std::vector<std::string> dossiers;
  for (const storage::Row& row : rows) dossiers.push_back(row.Text(0));
  return dossiers;
}

std::string SubjectHandle(std::string_view dossier, std::string_view section_name) {
  const std::size_t slash = section_name.rfind('/');
  return slash == std::string_view::npos
             ? std::string(dossier)
             : absl::StrCat(std::string(dossier), "/", std::string(section_name.substr(slash + 1)));
}

JournalRecord ToRecord(const Event& event) {
  return {event.header.dossier(),
          event.header.sequence(),
          event.header.kind(),
          event.hash,
          event.header.incarnation(),
          event.bytes.header(),
          event.bytes.signature().SerializeAsString()};
}

JournalRecord ToRecord(const Statement& statement) {
  return {statement.header.dossier(),
          0,
          statement.header.detail_case(),
          statement.hash,
          statement.header.incarnation(),
          statement.bytes.header(),
          statement.bytes.signature().SerializeAsString()};
}

const Statement* FindDecline(const std::vector<Statement>& decisions, std::string_view to) {
  for (const Statement& decision : decisions) {
    if (decision.header.decision().outcome() == v1::OUTCOME_DECLINED && decision.header.to() == to) return &decision;
  }
  return nullptr;
}

std::string AboutHash(const v1::StatementHeader& header) {
  switch (header.detail_case()) {
    case v1::StatementHeader::kContribution:
      return header.contribution().after_hash();
    case v1::StatementHeader::kReady:
      return header.ready().announced_hash();
    case v1::StatementHeader::kDecision:
      return header.decision().offer_hash();
    case v1::StatementHeader::kConsent:
      return header.consent().accepted_hash();
    case v1::StatementHeader::kWithdrawal:
      return header.withdrawal().offer_hash();
    case v1::StatementHeader::kJointSignature:
      return header.joint_signature().proposed_hash();
    case v1::StatementHeader::kEingang:
      return header.eingang().hash();
    case v1::StatementHeader::kWirksam:
      return header.wirksam().accepted_hash();
    case v1::StatementHeader::kRejection:
      return header.rejection().hash();
    case v1::StatementHeader::kCorrection:
      return header.correction().corrected_hash();
    case v1::StatementHeader::DETAIL_NOT_SET:
      return "";
  }
  return "";
}

}  // namespace teilhabe::dossier
