#include "common/rpc/dossier_store.h"

#include "common/audit/audit.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"

namespace teilhabe::rpc {
namespace {

absl::Status JournalMissing() {
  return FieldError(absl::StatusCode::kFailedPrecondition, "JOURNAL_MISSING", "journal",
                    "this node has run before and its journal is gone; restore the journal folder");
}

dossier::Ports MakePorts(const DossierStore::Setup& setup, const crypto::Signer& signer,
                         const crypto::Verifier& verifier, const dossier::Members& members, crypto::Rng& rng,
                         const dossier::Store& store, const dossier::Attachments& attachments) {
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

DossierStore::DossierStore(Setup setup, std::unique_ptr<storage::Database> database,
                           std::unique_ptr<dossier::Journal> journal)
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
      committer_(std::make_unique<dossier::GroupCommitter>(*database_, *journal_, setup_.fed, Follow())),
      exchange_(std::make_unique<dossier::StoreExchange>(setup_.name, *database_, *committer_, ledger_)) {}

absl::StatusOr<std::unique_ptr<DossierStore>> DossierStore::Open(Setup setup) {
  TEILHABE_ASSIGN_OR_RETURN(auto database, storage::OpenDatabase(setup.database));
  TEILHABE_RETURN_IF_ERROR(dossier::MigrateStore(*database));
  TEILHABE_RETURN_IF_ERROR(dossier::KeyRing::Migrate(*database));
  TEILHABE_RETURN_IF_ERROR(dossier::Attachments::Migrate(*database));
  TEILHABE_RETURN_IF_ERROR(audit::Migrate(*database));
  if (setup.projection != nullptr) TEILHABE_RETURN_IF_ERROR(setup.projection->Migrate(*database));
  TEILHABE_ASSIGN_OR_RETURN(auto journal, dossier::FileJournal::Open(setup.journal, setup.name));
  const std::filesystem::path folder = setup.journal;
  const bool created = journal->created();
  std::unique_ptr<DossierStore> dossiers(new DossierStore(std::move(setup), std::move(database), std::move(journal)));
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
      std::filesystem::remove(folder / ("journal-" + dossiers->setup_.name + ".log"));
      return empty;
    }
  }
  TEILHABE_RETURN_IF_ERROR(dossier::CompareWithJournal(*dossiers->database_, dossiers->store_, dossiers->setup_.member,
                                                       *dossiers->journal_, [&](const dossier::JournalVisitor& visit) {
                                                         return dossier::ReadJournals(folder, dossiers->setup_.name,
                                                                                      visit);
                                                       }));
  dossiers->thread_ = std::make_unique<storage::GroupCommitThread>(dossiers->committer_->queue(), *dossiers->database_);
  return dossiers;
}

dossier::UnitWorkAfter DossierStore::Follow() const {
  if (setup_.projection == nullptr) return {};
  return [projection = setup_.projection](dossier::Unit& unit) -> absl::Status {
    // What an update signs touches the dossier again, and nothing new follows from that.
    for (const std::string& touched : std::set<std::string>(unit.touched)) {
      TEILHABE_RETURN_IF_ERROR(projection->Update(unit, touched));
    }
    return absl::OkStatus();
  };
}

DossierStore::~DossierStore() = default;

}  // namespace teilhabe::rpc
