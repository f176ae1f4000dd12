#include "common/dossier/testing/node_core.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/audit/audit.h"
#include "common/base/check.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"

namespace teilhabe::dossier {
namespace {

template <typename T>
T Must(absl::StatusOr<T> got) {
  if (!got.ok()) std::fprintf(stderr, "%s\n", got.status().ToString().c_str());
  TEILHABE_CHECK(got.ok());
  return *std::move(got);
}

struct Table {
  const char* name;
  const char* columns;
};
constexpr Table kTables[] = {
    {"dossier", "dossier, sequence, head, holder, state"},
    {"event", "dossier, sequence, hash, author, header, signature"},
    {"statement", "dossier, hash, detail, about, author, arrival, header, signature"},
    {"section", "dossier, owner, name, handle, sealed"},
    {"attachment_ref", "dossier, owner, section, digest"},
    {"request", "dossier, request_id, body, answer"},
    {"feed_end", "member, position"},
    {"feed", "member, position, dossier, owner, kind, item, queued"},
    {"taken", "member, sequence"},
    {"given", "dossier, owner, section, member"},
    {"unconfirmed", "dossier, hash, member, sequence, by_event"},
    {"rejections", "member, signed"},
    {"arriving", "dossier, digest, member"},
    {"attachment", "dossier, digest, size, media_type, handle, finished"},
    {"attachment_chunk", "dossier, digest, chunk, sealed"},
    {"subject_key", "handle, sealed_key"},
    {"audit_leaf", "leaf_index, time_us, actor, agency, action, purpose, legal_basis, dossier, details, hash"},
};

std::string ToText(const storage::Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return absl::StrCat(*number);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* bytes = std::get_if<storage::Bytes>(&value)) return crypto::Sha256(bytes->data).Hex();
  return "null";
}

}  // namespace

absl::Status CrashingCommitter::Crash() {
  crashed_ = true;
  return ReasonError(absl::StatusCode::kUnavailable, "CRASHED", "the node stopped here");
}

absl::Status CrashingCommitter::Gate::Append(std::span<const JournalRecord> records) {
  return owner_.point_ == CrashPoint::kBeforeJournal ? owner_.Crash() : journal_.Append(records);
}

absl::Status CrashingCommitter::Commit(const UnitWork& work) {
  if (crashed_) return Crash();
  const absl::Status committed = inner_.Commit([&](Unit& unit) -> absl::Status {
    TEILHABE_RETURN_IF_ERROR(work(unit));
    signing_ = !unit.signed_records.empty();
    return signing_ && point_ == CrashPoint::kBeforeCommit ? Crash() : absl::OkStatus();
  });
  return committed.ok() && signing_ && point_ != CrashPoint::kNone ? Crash() : committed;
}

NodeCore::Process::Process(std::unique_ptr<storage::Database> opened, NodeCore& node)
    : database(std::move(opened)),
      keys(node.storage_key_, node.rng_),
      store(keys),
      attachments(keys),
      incarnation(node.incarnation_),
      ledger({.member = node.member_,
              .training = true,
              .signer = node.signer_,
              .verifier = node.verifier_,
              .members = node.members_,
              .clock = node.clock_,
              .rng = node.rng_,
              .store = store,
              .attachments = attachments,
              .incarnation = [this]() -> absl::StatusOr<std::int64_t> {
                TEILHABE_RETURN_IF_ERROR(incarnation.Check());
                return incarnation.number();
              },
              .rules = node.rules_}),
      desk(ledger),
      intake(ledger),
      committer(*database, node.journal_),
      exchange("participants", *database, committer, ledger) {}

NodeCore::NodeCore(std::string member, std::string connection, std::uint64_t seed, const Members& members,
                   const Clock& clock, const ProtocolRules& rules)
    : member_(std::move(member)),
      connection_(std::move(connection)),
      members_(members),
      clock_(clock),
      rules_(rules),
      signer_("node/" + member_),
      rng_(seed),
      storage_key_(crypto::AeadKey::Generate(rng_)) {}

absl::Status NodeCore::Start() {
  process_.reset();  // SQLite's file is locked while it is open.
  TEILHABE_ASSIGN_OR_RETURN(auto database, storage::OpenDatabase(connection_));
  process_ = std::make_unique<Process>(std::move(database), *this);
  stopped_ = true;
  TEILHABE_RETURN_IF_ERROR(MigrateStore(*process_->database));
  TEILHABE_RETURN_IF_ERROR(KeyRing::Migrate(*process_->database));
  TEILHABE_RETURN_IF_ERROR(Attachments::Migrate(*process_->database));
  TEILHABE_RETURN_IF_ERROR(audit::Migrate(*process_->database));
  TEILHABE_RETURN_IF_ERROR(CompareWithJournal(*process_->database, process_->store, member_, journal_,
                                              [this](const JournalVisitor& visit) { return journal_.Read(visit); }));
  stopped_ = false;
  return absl::OkStatus();
}

absl::Status NodeCore::Do(const UnitWork& work) {
  if (down()) return ReasonError(absl::StatusCode::kUnavailable, "NODE_DOWN", "the node has crashed");
  return process_->committer.Commit(work);
}

v1::LogState NodeCore::Log(const std::string& dossier) { return Must(store().State(database(), dossier)); }

Event NodeCore::EventAt(const std::string& dossier, std::int64_t sequence) {
  return Must(store().EventAt(database(), dossier, sequence));
}

std::vector<Event> NodeCore::Events(const std::string& dossier) {
  return Must(store().EventsFrom(database(), dossier, 1, 10000));
}

std::vector<Statement> NodeCore::Statements(const std::string& dossier) {
  return Must(store().Statements(database(), dossier));
}

std::vector<Statement> NodeCore::StatementsOf(const std::string& dossier, const std::string& author, int detail) {
  std::vector<Statement> of;
  for (Statement& statement : Statements(dossier)) {
    if (statement.header.author() == author && statement.header.detail_case() == detail) {
      of.push_back(std::move(statement));
    }
  }
  return of;
}

std::vector<std::string> NodeCore::Dossiers() { return Must(store().Dossiers(database(), "", 10000)); }

std::map<std::string, std::string> NodeCore::Dump() {
  std::map<std::string, std::string> dump;
  for (const Table& table : kTables) {
    const auto rows = Must(database().Query(
        absl::StrCat("SELECT ", table.columns, " FROM ", table.name, " ORDER BY ", table.columns), {}));
    std::string& text = dump[table.name];
    for (const storage::Row& row : rows) {
      for (std::size_t i = 0; i < row.size(); ++i) absl::StrAppend(&text, i == 0 ? "" : "|", ToText(row[i]));
      text += '\n';
    }
  }
  return dump;
}

}  // namespace teilhabe::dossier
