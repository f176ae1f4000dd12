#include "services/participants/dossiers.h"

#include "common/audit/audit.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"

namespace teilhabe::participants {
namespace {

constexpr char kName[] = "participants";

absl::Status JournalMissing() {
  return FieldError(absl::StatusCode::kFailedPrecondition, "JOURNAL_MISSING", "journal",
                    "this node has run before and its journal is gone; restore the journal folder");
}

dossier::Ports MakePorts(const Dossiers::Setup& setup, const crypto::Signer& signer, const crypto::Verifier& verifier,
                         const dossier::Members& members, crypto::Rng& rng, const dossier::Store& store,
                         const dossier::Attachments& attachments) {
  return {.member = setup.member,
          .training = setup.training,
          .signer = signer,
          .verifier = verifier,
          .members = members,
          .clock = *setup.clock,
          .rng = rng,
          .store = store,
          .attachments = attachments,
          .incarnation = [incarnation = setup.incarnation]() -> absl::StatusOr<std::int64_t> {
            TEILHABE_RETURN_IF_ERROR(incarnation->Check());
            return incarnation->number();
          }};
}

}  // namespace

Dossiers::Dossiers(Setup setup, std::unique_ptr<storage::Database> database, std::unique_ptr<dossier::Journal> journal)
    : setup_(std::move(setup)),
      database_(std::move(database)),
      journal_(std::move(journal)),
      signer_(setup_.key),
      members_(setup_.directory),
      keys_(setup_.storage_key, rng_),
      attachments_(keys_),
      store_(keys_),
      ledger_(MakePorts(setup_, signer_, verifier_, members_, rng_, store_, attachments_)),
      desk_(ledger_),
      committer_(std::make_unique<dossier::GroupCommitter>(*database_, *journal_, setup_.fed)),
      exchange_(std::make_unique<dossier::StoreExchange>(kName, *database_, *committer_, ledger_)) {}

absl::StatusOr<std::unique_ptr<Dossiers>> Dossiers::Open(Setup setup) {
  TEILHABE_ASSIGN_OR_RETURN(auto database, storage::OpenDatabase(setup.database));
  TEILHABE_RETURN_IF_ERROR(dossier::MigrateStore(*database));
  TEILHABE_RETURN_IF_ERROR(dossier::KeyRing::Migrate(*database));
  TEILHABE_RETURN_IF_ERROR(dossier::Attachments::Migrate(*database));
  TEILHABE_RETURN_IF_ERROR(audit::Migrate(*database));
  TEILHABE_ASSIGN_OR_RETURN(auto journal, dossier::FileJournal::Open(setup.journal, kName));
  const std::filesystem::path folder = setup.journal;
  const bool created = journal->created();
  std::unique_ptr<Dossiers> dossiers(new Dossiers(std::move(setup), std::move(database), std::move(journal)));
  dossiers->first_start_ = created;
  if (created) {
    // A journal that is begun anew beside what it once named would hide a restore.
    const absl::Status empty =
        dossiers->setup_.ran_before
            ? JournalMissing()
            : dossiers->store_.VisitSigned(*dossiers->database_, dossiers->setup_.member,
                                           [](const dossier::JournalRecord&) { return JournalMissing(); });
    if (!empty.ok()) {
      // Not left behind: the next start must find the same.
      std::filesystem::remove(folder / ("journal-" + std::string(kName) + ".log"));
      return empty;
    }
  }
  TEILHABE_RETURN_IF_ERROR(dossier::CompareWithJournal(
      *dossiers->database_, dossiers->store_, dossiers->setup_.member, *dossiers->journal_,
      [&folder](const dossier::JournalVisitor& visit) { return dossier::ReadJournals(folder, visit); }));
  dossiers->thread_ = std::make_unique<storage::GroupCommitThread>(dossiers->committer_->queue(), *dossiers->database_);
  return dossiers;
}

Dossiers::~Dossiers() = default;

}  // namespace teilhabe::participants
