#include "common/dossier/committer.h"

#include <cstdlib>
#include <iterator>
#include <set>
#include <utility>

#include "common/base/log.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"

namespace teilhabe::dossier {

absl::Status SingleCommitter::Commit(const UnitWork& work) {
  std::vector<JournalRecord> records;
  TEILHABE_RETURN_IF_ERROR(database_.Transact([&](storage::Transaction& tx) {
    Unit unit{tx};
    const absl::Status worked = work(unit);
    records = std::move(unit.signed_records);
    return worked;
  }));
  return records.empty() ? absl::OkStatus() : journal_.Append(records);
}

GroupCommitter::GroupCommitter(storage::Database& database, Journal& journal,
                               std::function<void(const std::set<std::string>&)> fed, UnitWorkAfter after)
    : journal_(journal), on_fed_(std::move(fed)), after_(std::move(after)), queue_(database, 1024, [this] {
        const std::vector<JournalRecord> records = std::exchange(records_, {});
        const std::set<std::string> members = std::exchange(fed_, {});
        if (!records.empty()) {
          if (const absl::Status named = journal_.Append(records); !named.ok()) {
            // What is committed and not named must never be sent, and this process cannot take it back: the next start
            // compares and names it.
            Log(LogLevel::kError, "journal_failed", {{"reason", GetReason(named)}});
            std::_Exit(kExitJournalFailed);
          }
        }
        if (on_fed_) on_fed_(members);
        return absl::OkStatus();
      }) {}

absl::Status GroupCommitter::Commit(const UnitWork& work) {
  std::vector<JournalRecord> signed_records;
  std::set<std::string> fed;
  return queue_.Commit(
      [&](storage::Transaction& tx) {
        Unit unit{tx};
        absl::Status worked = work(unit);
        if (worked.ok() && after_) worked = after_(unit);
        signed_records = std::move(unit.signed_records);
        fed = std::move(unit.fed);
        return worked;
      },
      [&] {
        records_.insert(records_.end(), std::make_move_iterator(signed_records.begin()),
                        std::make_move_iterator(signed_records.end()));
        fed_.merge(fed);
      });
}

absl::Status CompareWithJournal(storage::Database& database, const Store& store, const std::string& member,
                                Journal& own, const std::function<absl::Status(const JournalVisitor&)>& read_all) {
  std::set<crypto::Digest> named;
  TEILHABE_RETURN_IF_ERROR(read_all([&](const JournalRecord& record) {
    named.insert(record.hash);
    return absl::OkStatus();
  }));
  std::vector<JournalRecord> unnamed;
  std::set<crypto::Digest> missing = named;
  TEILHABE_RETURN_IF_ERROR(store.VisitSigned(database, member, [&](const JournalRecord& record) {
    missing.erase(record.hash);
    if (!named.contains(record.hash)) unnamed.push_back(record);
    return absl::OkStatus();
  }));
  if (!missing.empty()) {
    return WithDetail(FieldError(absl::StatusCode::kFailedPrecondition, "RESTORED", "data",
                                 "the journal names what the database does not hold: it was restored from a backup, "
                                 "and the node must not sign before it has greeted its peers"),
                      "missing", std::to_string(missing.size()));
  }
  return unnamed.empty() ? absl::OkStatus() : own.Append(unnamed);
}

}  // namespace teilhabe::dossier
