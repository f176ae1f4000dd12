#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/rpc/dossier_store.h"
#include "common/trust/directory_members.h"
#include "services/providers/domain/entry.h"
#include "services/providers/domain/provider.h"
#include "services/providers/store.h"
#include "teilhabe/providers/v1/provider.pb.h"

namespace teilhabe::providers {

// The register of providers: what this node's provider dossiers say, folded in the transaction that stores something of
// them, and the questions about it; usable without gRPC. Safe from any thread.
//
// What comes from others is data: a section that cannot be read, or that its author's own node would not have signed,
// is passed over and never holds a delivery up. Who may hold such a dossier, and who may contract, is asked of the
// directory at each question, so that a newer directory counts at once. Where several dossiers name one provider, the
// one that was opened first counts: at every node alike, unless one arrives more than five minutes after it says that
// it was opened; then arrival decides.
class Register final : public rpc::Projection {
 public:
  explicit Register(std::shared_ptr<const trust::DirectoryHolder> directory)
      : directory_(directory), members_(std::move(directory)) {}

  // The store whose projection this is; before anything is committed there. It and its database outlive every question.
  void Attach(const rpc::DossierStore& store) { store_ = &store; }

  absl::Status Migrate(storage::Database& database) override;
  absl::Status Update(dossier::Unit& unit, const std::string& dossier) override;

  // Errors: kNotFound PROVIDER_UNKNOWN.
  absl::StatusOr<v1::RegisteredProvider> Get(const std::string& provider) const;
  // Errors: kInvalidArgument PAGE_SIZE, PAGE_TOKEN, MUNICIPALITY_MALFORMED; PROVIDER_MALFORMED with field `type` or
  // `stage` for a value that is none.
  absl::StatusOr<v1::ListProvidersResponse> List(const v1::ListProvidersRequest& request) const;
  // Errors: those of FromProto.
  absl::StatusOr<v1::CheckProviderResponse> Check(const v1::CheckProviderRequest& request) const;

  // The dossier that counts for a provider; none: it is not registered.
  absl::StatusOr<std::vector<Row>> Find(storage::Reader& reader, const std::string& provider) const;
  // Of this dossier, whoever holds it. Errors: kNotFound DOSSIER_UNKNOWN.
  absl::StatusOr<v1::RegisteredProvider> OfDossier(const std::string& dossier) const;

 private:
  absl::StatusOr<std::vector<Record>> ReadRecords(dossier::Unit& unit, const std::string& dossier,
                                                  absl::Time& opened) const;
  bool Counts(const Row& row) const;
  MemberRoles RolesOf(std::string_view member) const;

  const std::shared_ptr<const trust::DirectoryHolder> directory_;
  const trust::DirectoryMembers members_;
  const rpc::DossierStore* store_ = nullptr;
  storage::Database* database_ = nullptr;
};

}  // namespace teilhabe::providers
