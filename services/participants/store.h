#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/crypto/aead.h"
#include "common/dossier/key_ring.h"
#include "common/dossier/store.h"
#include "common/storage/database.h"
#include "services/participants/domain/case.h"
#include "services/participants/domain/rest.h"
#include "teilhabe/participants/v1/case.pb.h"

namespace teilhabe::participants {

// What is listed of a case without reading it. A projection: made again from the dossier at each change.
struct CaseRow {
  std::string dossier;
  std::string holder;
  bool held = false;  // By this agency.
  RestKind rest = RestKind::kNothing;
  std::optional<absl::CivilDay> due;
  std::optional<Stage> stage;  // Of the newest service or application.
  std::string person_id;       // Empty: not linked, or the identity is not visible.
  std::string file_number;
};

struct CaseFilter {
  bool held = false;
  std::optional<absl::CivilDay> due_by = {};
  std::optional<RestKind> rest = {};
  std::string file_number = {};
};

// A person as this node knows her.
struct PersonRow {
  std::string id;
  v1::PersonIdentity identity;
  std::string versicherungsnummer;  // At BA, RV and UV nodes only.
};

// The tables of cases and persons beside the dossiers. Every call runs in the caller's transaction. Identities are
// sealed under a key per person; what they are searched by is an HMAC under a key of this node (no index can be read
// back, and none of the Versicherungsnummer exists but at BA, RV and UV nodes: § 18f SGB IV).
class CaseStore {
 public:
  // `rng` outlives this.
  CaseStore(const crypto::AeadKey& storage_key, crypto::Rng& rng);

  static absl::Status Migrate(storage::Database& database);

  // --- Cases.
  // Person and file number are kept.
  absl::Status Put(storage::Transaction& tx, const CaseRow& row) const;
  absl::StatusOr<std::optional<CaseRow>> Get(storage::Reader& reader, std::string_view dossier) const;
  // Ascending by dossier, after one.
  absl::StatusOr<std::vector<CaseRow>> List(storage::Reader& reader, const CaseFilter& filter, std::string_view after,
                                            int limit) const;
  absl::Status SetFileNumber(storage::Transaction& tx, std::string_view dossier, std::string_view file_number) const;
  // The missing items that the last `ready` of the announced agency named are the dossier's; nothing of them is here.

  // --- Persons.
  absl::Status PutPerson(storage::Transaction& tx, const PersonRow& person) const;
  // Errors: kNotFound PERSON_UNKNOWN.
  absl::StatusOr<PersonRow> GetPerson(storage::Reader& reader, std::string_view id) const;
  absl::Status Link(storage::Transaction& tx, std::string_view dossier, std::string_view person_id) const;
  absl::StatusOr<std::vector<std::string>> CasesOf(storage::Reader& reader, std::string_view person_id) const;
  // Ids of persons under any of these search keys, ascending.
  absl::StatusOr<std::vector<std::string>> PersonsUnder(storage::Reader& reader,
                                                        const std::vector<storage::Bytes>& keys) const;

  // What a person is found by: family name (and each former one) with the birth day; given names with the birth day.
  std::vector<storage::Bytes> KeysOf(const v1::PersonIdentity& person) const;
  storage::Bytes KeyOfNumber(std::string_view versicherungsnummer) const;

  // --- Policies: joint documents in force, as policy dossiers say.
  absl::Status PutPolicy(storage::Transaction& tx, std::string_view dossier, std::string_view policy,
                         absl::CivilDay from) const;
  // Ids of those in force on a day.
  absl::StatusOr<std::set<std::string>> PoliciesOn(storage::Reader& reader, absl::CivilDay day) const;

  // --- Questions of AskOpenCase.
  // How many members have been asked for an application; how many questions a member has asked on a day.
  absl::StatusOr<std::vector<std::string>> Asked(storage::Reader& reader, std::string_view dossier,
                                                 std::int64_t application) const;
  absl::Status AddAsked(storage::Transaction& tx, std::string_view dossier, std::int64_t application,
                        std::string_view member) const;
  absl::StatusOr<std::int64_t> CountQuestion(storage::Transaction& tx, std::string_view member,
                                             absl::CivilDay day) const;

 private:
  storage::Bytes Key(std::string_view kind, std::string_view name, std::string_view birth_day) const;

  const dossier::KeyRing keys_;
  const std::string search_key_;
};

// A name as it is compared: lower case, without accents, hyphens and spaces; ß as ss, ä as ae.
std::string FoldName(std::string_view name);
// Whether it is a person's family name, present or former, as names are compared.
bool HasFamilyName(const v1::PersonIdentity& person, std::string_view name);

}  // namespace teilhabe::participants
