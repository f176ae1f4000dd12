#pragma once

#include "common/rpc/dossier_store.h"
#include "services/participants/store.h"

namespace teilhabe::participants {

// What participants keeps beside its dossiers: the row that a case is listed by, the person that it is of, the policies
// in force. And what its node answers by itself: `ready` to an announcement, by the own published list.
class CaseProjection final : public rpc::Projection {
 public:
  // `store` outlives this.
  explicit CaseProjection(const CaseStore& store) : store_(store) {}
  // Before the first update; `dossiers` outlives this.
  void Follow(const rpc::DossierStore& dossiers) { dossiers_ = &dossiers; }

  absl::Status Migrate(storage::Database& database) override { return CaseStore::Migrate(database); }
  absl::Status Update(dossier::Unit& unit, const std::string& dossier) override;

 private:
  absl::Status UpdateCase(dossier::Unit& unit, const dossier::v1::LogState& log);
  absl::Status UpdatePolicies(dossier::Unit& unit, const dossier::v1::LogState& log);

  const CaseStore& store_;
  const rpc::DossierStore* dossiers_ = nullptr;
};

// The tables and what is folded into them; made before the store of dossiers that they lie beside.
struct CaseTables {
  // `storage_key`: the node's.
  explicit CaseTables(const crypto::AeadKey& storage_key) : store(storage_key, rng), projection(store) {}
  crypto::SystemRng rng;
  const CaseStore store;
  CaseProjection projection;
};

}  // namespace teilhabe::participants
