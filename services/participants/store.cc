#include "services/participants/store.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/day.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/dossier/days.h"
#include "common/storage/migrations.h"

namespace teilhabe::participants {
namespace {

using storage::Bytes;

std::string AsText(std::string_view text) { return std::string(text); }

constexpr absl::CivilDay kEpoch(1970, 1, 1);
storage::Value DayValue(const std::optional<absl::CivilDay>& day) {
  if (!day) return storage::kNull;
  return static_cast<std::int64_t>(*day - kEpoch);
}
std::optional<absl::CivilDay> ReadDay(const storage::Row& row, std::size_t column) {
  if (row.IsNull(column)) return std::nullopt;
  return kEpoch + row.Int(column);
}

constexpr char kColumns[] =
    "SELECT c.dossier, c.holder, c.held, c.rest, c.due, c.stage, COALESCE(l.person, ''), COALESCE(f.number, '') "
    "FROM case_row c LEFT JOIN case_person l ON l.dossier = c.dossier LEFT JOIN case_file f ON f.dossier = c.dossier";

CaseRow ToRow(const storage::Row& row) {
  CaseRow made;
  made.dossier = row.Text(0);
  made.holder = row.Text(1);
  made.held = row.Int(2) != 0;
  made.rest = static_cast<RestKind>(row.Int(3));
  made.due = ReadDay(row, 4);
  if (!row.IsNull(5)) made.stage = static_cast<Stage>(row.Int(5));
  made.person_id = row.Text(6);
  made.file_number = row.Text(7);
  return made;
}

std::string HandleOf(std::string_view person_id) { return absl::StrCat("person/", ToAbsl(person_id)); }
std::string PlaceOf(std::string_view column, std::string_view person_id) {
  return dossier::Place({"person", column, person_id});
}

// Letters that German names are compared by; what is not here is kept.
struct Folding {
  std::string_view from, to;
};
constexpr Folding kFoldings[] = {
    {"ä", "ae"}, {"ö", "oe"}, {"ü", "ue"}, {"ß", "ss"}, {"Ä", "ae"}, {"Ö", "oe"}, {"Ü", "ue"}, {"ẞ", "ss"}, {"á", "a"},
    {"à", "a"},  {"â", "a"},  {"ã", "a"},  {"å", "a"},  {"Á", "a"},  {"À", "a"},  {"Â", "a"},  {"Å", "a"},  {"ç", "c"},
    {"Ç", "c"},  {"č", "c"},  {"Č", "c"},  {"ć", "c"},  {"Ć", "c"},  {"é", "e"},  {"è", "e"},  {"ê", "e"},  {"ë", "e"},
    {"É", "e"},  {"È", "e"},  {"Ê", "e"},  {"ę", "e"},  {"Ę", "e"},  {"ě", "e"},  {"í", "i"},  {"ì", "i"},  {"î", "i"},
    {"ï", "i"},  {"Í", "i"},  {"ı", "i"},  {"İ", "i"},  {"ł", "l"},  {"Ł", "l"},  {"ñ", "n"},  {"Ñ", "n"},  {"ń", "n"},
    {"Ń", "n"},  {"ó", "o"},  {"ò", "o"},  {"ô", "o"},  {"õ", "o"},  {"Ó", "o"},  {"ø", "oe"}, {"Ø", "oe"}, {"œ", "oe"},
    {"ř", "r"},  {"Ř", "r"},  {"ş", "s"},  {"Ş", "s"},  {"š", "s"},  {"Š", "s"},  {"ś", "s"},  {"Ś", "s"},  {"ú", "u"},
    {"ù", "u"},  {"û", "u"},  {"Ú", "u"},  {"ý", "y"},  {"Ý", "y"},  {"ž", "z"},  {"Ž", "z"},  {"ź", "z"},  {"Ź", "z"},
    {"ż", "z"},  {"Ż", "z"},  {"ğ", "g"},  {"Ğ", "g"},  {"æ", "ae"}, {"Æ", "ae"}, {"’", ""},   {"–", ""},
};

}  // namespace

std::string FoldName(std::string_view name) {
  std::string folded;
  for (std::size_t at = 0; at < name.size();) {
    const unsigned char byte = static_cast<unsigned char>(name[at]);
    if (byte < 0x80) {
      if (byte >= 'A' && byte <= 'Z') folded += static_cast<char>(byte - 'A' + 'a');
      if ((byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9')) folded += static_cast<char>(byte);
      ++at;
      continue;
    }
    const auto known = std::find_if(std::begin(kFoldings), std::end(kFoldings),
                                    [&](const Folding& folding) { return name.substr(at).starts_with(folding.from); });
    if (known != std::end(kFoldings)) {
      folded += known->to;
      at += known->from.size();
    } else {
      folded += name[at++];
    }
  }
  return folded;
}

bool HasFamilyName(const v1::PersonIdentity& person, std::string_view name) {
  const std::string folded = FoldName(name);
  const auto is = [&](const std::string& other) { return FoldName(other) == folded; };
  return is(person.family_name()) || std::any_of(person.former_names().begin(), person.former_names().end(), is);
}

CaseStore::CaseStore(const crypto::AeadKey& storage_key, crypto::Rng& rng)
    : keys_(storage_key, rng),
      search_key_(crypto::HmacSha256(storage_key.bytes(), "teilhabe/person-search/v1").bytes()) {}

absl::Status CaseStore::Migrate(storage::Database& database) {
  return storage::Migrate(
      database, "participants",
      {{1,
        "cases and persons",
        {
            "CREATE TABLE case_row (dossier TEXT NOT NULL PRIMARY KEY, holder TEXT NOT NULL, held BIGINT NOT NULL, "
            "rest BIGINT NOT NULL, due BIGINT, stage BIGINT)",
            "CREATE INDEX case_row_due ON case_row (due)",
            "CREATE TABLE case_file (dossier TEXT NOT NULL PRIMARY KEY, number TEXT NOT NULL)",
            "CREATE INDEX case_file_number ON case_file (number)",
            "CREATE TABLE person (id TEXT NOT NULL PRIMARY KEY, identity {BYTES} NOT NULL, number {BYTES} NOT NULL)",
            "CREATE TABLE person_key (search {BYTES} NOT NULL, person TEXT NOT NULL, PRIMARY KEY (search, person))",
            "CREATE INDEX person_key_person ON person_key (person)",
            "CREATE TABLE case_person (dossier TEXT NOT NULL PRIMARY KEY, person TEXT NOT NULL)",
            "CREATE INDEX case_person_person ON case_person (person)",
            "CREATE TABLE policy (dossier TEXT NOT NULL, policy TEXT NOT NULL, from_day BIGINT NOT NULL, "
            "PRIMARY KEY (dossier, policy, from_day))",
            "CREATE TABLE asked (dossier TEXT NOT NULL, application BIGINT NOT NULL, member TEXT NOT NULL, "
            "PRIMARY KEY (dossier, application, member))",
            "CREATE TABLE question (member TEXT NOT NULL, day BIGINT NOT NULL, number BIGINT NOT NULL, "
            "PRIMARY KEY (member, day))",
        }}});
}

absl::Status CaseStore::Put(storage::Transaction& tx, const CaseRow& row) const {
  storage::Params params = {
      row.dossier,       row.holder,    static_cast<std::int64_t>(row.held), static_cast<std::int64_t>(row.rest),
      DayValue(row.due), storage::kNull};
  if (row.stage) params.back() = static_cast<std::int64_t>(*row.stage);
  return tx
      .Execute(
          "INSERT INTO case_row (dossier, holder, held, rest, due, stage) VALUES ($1, $2, $3, $4, $5, $6) "
          "ON CONFLICT (dossier) DO UPDATE SET holder = $2, held = $3, rest = $4, due = $5, stage = $6",
          params)
      .status();
}

absl::StatusOr<std::optional<CaseRow>> CaseStore::Get(storage::Reader& reader, std::string_view dossier) const {
  TEILHABE_ASSIGN_OR_RETURN(const auto rows,
                            reader.Query(absl::StrCat(kColumns, " WHERE c.dossier = $1"), {AsText(dossier)}));
  if (rows.empty()) return std::nullopt;
  return ToRow(rows[0]);
}

absl::StatusOr<std::vector<CaseRow>> CaseStore::List(storage::Reader& reader, const CaseFilter& filter,
                                                     std::string_view after, int limit) const {
  std::string sql = absl::StrCat(kColumns, " WHERE c.dossier > $1");
  storage::Params params = {AsText(after)};
  const auto add = [&](std::string_view condition, storage::Value value) {
    params.push_back(std::move(value));
    absl::StrAppend(&sql, " AND ", ToAbsl(condition), " $", params.size());
  };
  if (filter.held) add("c.held =", std::int64_t{1});
  if (filter.due_by) add("c.due <=", DayValue(filter.due_by));
  if (filter.rest) add("c.rest =", static_cast<std::int64_t>(*filter.rest));
  if (!filter.file_number.empty()) add("f.number =", filter.file_number);
  params.emplace_back(static_cast<std::int64_t>(limit));
  absl::StrAppend(&sql, " ORDER BY c.dossier LIMIT $", params.size());
  TEILHABE_ASSIGN_OR_RETURN(const auto rows, reader.Query(sql, params));
  std::vector<CaseRow> cases;
  for (const storage::Row& row : rows) cases.push_back(ToRow(row));
  return cases;
}

absl::Status CaseStore::SetFileNumber(storage::Transaction& tx, std::string_view dossier,
                                      std::string_view file_number) const {
  return tx
      .Execute(
          "INSERT INTO case_file (dossier, number) VALUES ($1, $2) ON CONFLICT (dossier) DO UPDATE SET number = $2",
          {AsText(dossier), AsText(file_number)})
      .status();
}

absl::Status CaseStore::PutPerson(storage::Transaction& tx, const PersonRow& person) const {
  TEILHABE_ASSIGN_OR_RETURN(std::string identity, keys_.Seal(tx, HandleOf(person.id), PlaceOf("identity", person.id),
                                                             person.identity.SerializeAsString()));
  TEILHABE_ASSIGN_OR_RETURN(std::string number, keys_.Seal(tx, HandleOf(person.id), PlaceOf("number", person.id),
                                                           person.versicherungsnummer));
  TEILHABE_RETURN_IF_ERROR(tx.Execute("INSERT INTO person (id, identity, number) VALUES ($1, $2, $3) "
                                      "ON CONFLICT (id) DO UPDATE SET identity = $2, number = $3",
                                      {person.id, Bytes{std::move(identity)}, Bytes{std::move(number)}})
                               .status());
  TEILHABE_RETURN_IF_ERROR(tx.Execute("DELETE FROM person_key WHERE person = $1", {person.id}).status());
  std::vector<Bytes> keys = KeysOf(person.identity);
  if (!person.versicherungsnummer.empty()) keys.push_back(KeyOfNumber(person.versicherungsnummer));
  for (Bytes& key : keys) {
    TEILHABE_RETURN_IF_ERROR(tx.Execute("INSERT INTO person_key (search, person) VALUES ($1, $2) "
                                        "ON CONFLICT (search, person) DO NOTHING",
                                        {std::move(key), person.id})
                                 .status());
  }
  return absl::OkStatus();
}

absl::StatusOr<PersonRow> CaseStore::GetPerson(storage::Reader& reader, std::string_view id) const {
  TEILHABE_ASSIGN_OR_RETURN(const auto rows,
                            reader.Query("SELECT identity, number FROM person WHERE id = $1", {AsText(id)}));
  if (rows.empty()) {
    return FieldError(absl::StatusCode::kNotFound, "PERSON_UNKNOWN", "person_id", "this node knows no such person");
  }
  PersonRow person;
  person.id = AsText(id);
  TEILHABE_ASSIGN_OR_RETURN(const std::string identity,
                            keys_.Open(reader, HandleOf(id), PlaceOf("identity", id), rows[0].Data(0)));
  TEILHABE_ASSIGN_OR_RETURN(person.versicherungsnummer,
                            keys_.Open(reader, HandleOf(id), PlaceOf("number", id), rows[0].Data(1)));
  if (!person.identity.ParseFromString(identity)) {
    return ReasonError(absl::StatusCode::kDataLoss, "STORE_CORRUPT", "a stored person cannot be read");
  }
  return person;
}

absl::Status CaseStore::Link(storage::Transaction& tx, std::string_view dossier, std::string_view person_id) const {
  return tx
      .Execute(
          "INSERT INTO case_person (dossier, person) VALUES ($1, $2) ON CONFLICT (dossier) DO UPDATE SET person = $2",
          {AsText(dossier), AsText(person_id)})
      .status();
}

absl::StatusOr<std::vector<std::string>> CaseStore::CasesOf(storage::Reader& reader, std::string_view person_id) const {
  TEILHABE_ASSIGN_OR_RETURN(
      const auto rows,
      reader.Query("SELECT dossier FROM case_person WHERE person = $1 ORDER BY dossier", {AsText(person_id)}));
  std::vector<std::string> dossiers;
  for (const storage::Row& row : rows) dossiers.push_back(row.Text(0));
  return dossiers;
}

absl::StatusOr<std::vector<std::string>> CaseStore::PersonsUnder(storage::Reader& reader,
                                                                 const std::vector<Bytes>& keys) const {
  std::vector<std::string> persons;
  for (const Bytes& key : keys) {
    TEILHABE_ASSIGN_OR_RETURN(const auto rows, reader.Query("SELECT person FROM person_key WHERE search = $1", {key}));
    for (const storage::Row& row : rows) persons.push_back(row.Text(0));
  }
  std::sort(persons.begin(), persons.end());
  persons.erase(std::unique(persons.begin(), persons.end()), persons.end());
  return persons;
}

Bytes CaseStore::Key(std::string_view kind, std::string_view name, std::string_view birth_day) const {
  return Bytes{std::string(crypto::HmacSha256(search_key_, dossier::Place({kind, name, birth_day})).bytes())};
}

std::vector<Bytes> CaseStore::KeysOf(const v1::PersonIdentity& person) const {
  const std::string born = FormatDay(dossier::ToCivil(person.birth_day()));
  std::vector<Bytes> keys = {Key("given", FoldName(person.given_names()), born)};
  keys.push_back(Key("family", FoldName(person.family_name()), born));
  for (const std::string& name : person.former_names()) keys.push_back(Key("family", FoldName(name), born));
  return keys;
}

Bytes CaseStore::KeyOfNumber(std::string_view versicherungsnummer) const {
  return Key("number", versicherungsnummer, "");
}

absl::Status CaseStore::PutPolicy(storage::Transaction& tx, std::string_view dossier, std::string_view policy,
                                  absl::CivilDay from) const {
  return tx
      .Execute(
          "INSERT INTO policy (dossier, policy, from_day) VALUES ($1, $2, $3) "
          "ON CONFLICT (dossier, policy, from_day) DO NOTHING",
          {AsText(dossier), AsText(policy), DayValue(from)})
      .status();
}

absl::StatusOr<std::set<std::string>> CaseStore::PoliciesOn(storage::Reader& reader, absl::CivilDay day) const {
  TEILHABE_ASSIGN_OR_RETURN(const auto rows,
                            reader.Query("SELECT policy FROM policy WHERE from_day <= $1", {DayValue(day)}));
  std::set<std::string> policies;
  for (const storage::Row& row : rows) policies.insert(row.Text(0));
  return policies;
}

absl::StatusOr<std::vector<std::string>> CaseStore::Asked(storage::Reader& reader, std::string_view dossier,
                                                          std::int64_t application) const {
  TEILHABE_ASSIGN_OR_RETURN(
      const auto rows, reader.Query("SELECT member FROM asked WHERE dossier = $1 AND application = $2 ORDER BY member",
                                    {AsText(dossier), application}));
  std::vector<std::string> members;
  for (const storage::Row& row : rows) members.push_back(row.Text(0));
  return members;
}

absl::Status CaseStore::AddAsked(storage::Transaction& tx, std::string_view dossier, std::int64_t application,
                                 std::string_view member) const {
  return tx
      .Execute(
          "INSERT INTO asked (dossier, application, member) VALUES ($1, $2, $3) "
          "ON CONFLICT (dossier, application, member) DO NOTHING",
          {AsText(dossier), application, AsText(member)})
      .status();
}

absl::StatusOr<std::int64_t> CaseStore::CountQuestion(storage::Transaction& tx, std::string_view member,
                                                      absl::CivilDay day) const {
  TEILHABE_RETURN_IF_ERROR(tx.Execute("INSERT INTO question (member, day, number) VALUES ($1, $2, 1) "
                                      "ON CONFLICT (member, day) DO UPDATE SET number = question.number + 1",
                                      {AsText(member), DayValue(day)})
                               .status());
  TEILHABE_ASSIGN_OR_RETURN(const auto rows, tx.Query("SELECT number FROM question WHERE member = $1 AND day = $2",
                                                      {AsText(member), DayValue(day)}));
  return rows.at(0).Int(0);
}

}  // namespace teilhabe::participants
