#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/rpc/dossier_store.h"
#include "services/participants/cases.h"
#include "services/participants/store.h"
#include "teilhabe/participants/v1/persons.pb.h"

namespace teilhabe::participants {

// Persons of this node: found by name and birth day, matched by an official, never by Versicherungsnummer but at BA, RV
// and UV nodes (§ 18f SGB IV). Errors: those of the contract (person_service.proto). Safe from any thread.
class Persons {
 public:
  // `may_use_number`: this agency is of § 18f Abs. 1 SGB IV. All outlive this.
  Persons(rpc::DossierStore& dossiers, const CaseStore& store, bool may_use_number)
      : dossiers_(dossiers), store_(store), may_use_number_(may_use_number) {}

  absl::StatusOr<v1::FindPersonsResponse> Find(const Actor& actor, const v1::FindPersonsRequest& request);
  absl::StatusOr<v1::LinkCaseResponse> Link(const Actor& actor, const v1::LinkCaseRequest& request);
  absl::StatusOr<v1::UnlinkCaseResponse> Unlink(const Actor& actor, const v1::UnlinkCaseRequest& request);
  absl::Status SetNumber(const Actor& actor, const v1::SetVersicherungsnummerRequest& request);

 private:
  absl::Status CheckOfficial(const Actor& actor) const;

  rpc::DossierStore& dossiers_;
  const CaseStore& store_;
  const bool may_use_number_;
};

}  // namespace teilhabe::participants
