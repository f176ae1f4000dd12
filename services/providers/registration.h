#pragma once

#include "absl/status/statusor.h"
#include "common/rpc/dossier_store.h"
#include "services/providers/register.h"
#include "teilhabe/providers/v1/provider.pb.h"

namespace teilhabe::providers {

// What an agency's officials and systems write into provider dossiers. Each call is one durable unit. A request that
// is repeated changes nothing and is answered with what the register holds now.
class Registration {
 public:
  Registration(rpc::DossierStore& dossiers, const Register& registered) : dossiers_(dossiers), register_(registered) {}

  // Opens the dossier and makes every member with a node a party to what is public. Errors: those of the contract.
  absl::StatusOr<v1::RegisteredProvider> RegisterProvider(const dossier::Caller& caller,
                                                          const v1::RegisterProviderRequest& request);
  // Records a Vereinbarung; members that have joined the network since become parties. Errors: those of the contract.
  absl::StatusOr<v1::RegisteredProvider> RecordVereinbarung(const dossier::Caller& caller,
                                                            const v1::RecordVereinbarungRequest& request);

 private:
  absl::Status CheckMember(const Provider& provider) const;
  absl::Status CheckFree(dossier::Unit& unit, const std::string& dossier, const std::string& provider) const;
  // Admits whoever has a node and is and was no party. `answer`: of what came before; of a repeated request it is not
  // the log's head any more, and nobody is admitted.
  absl::Status AdmitAll(dossier::Unit& unit, const dossier::Caller& caller,
                        const dossier::v1::StoredAnswer& answer) const;

  rpc::DossierStore& dossiers_;
  const Register& register_;
};

}  // namespace teilhabe::providers
