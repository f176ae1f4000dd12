#include "services/providers/register.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/crypto/digest.h"
#include "common/dossier/days.h"
#include "services/providers/convert.h"
#include "services/providers/domain/check.h"
#include "services/providers/domain/input.h"
#include "services/providers/sections.h"

namespace teilhabe::providers {
namespace {

constexpr int kDefaultPage = 50;
constexpr int kMaxPage = 1000;
constexpr int kEventsAtOnce = 100;
constexpr int kRowsAtOnce = 200;

// What an event may say in this section; null: nothing.
const char* TypeOf(const dossier::v1::EventHeader& header, std::string_view name) {
  const bool corrected = header.kind() == dossier::v1::EVENT_KIND_CORRECTED && header.corrected().name() == name;
  const bool recorded = header.kind() == dossier::v1::EVENT_KIND_RECORDED;
  if (name == kProviderSection && (corrected || header.kind() == dossier::v1::EVENT_KIND_OPENED ||
                                   (recorded && header.record() == kProviderRecord))) {
    return kProviderType;
  }
  if (name == kVereinbarungSection && (corrected || (recorded && header.record() == kVereinbarungRecord))) {
    return kVereinbarungType;
  }
  return nullptr;
}

// What a section says; none: it cannot be read, or says what is no input.
std::optional<Record> ToRecord(const dossier::v1::EventHeader& header, const std::string& type,
                               const dossier::v1::Section& section) {
  dossier::v1::SectionPayload payload;
  if (!payload.ParseFromString(section.payload()) || payload.type() != type) return std::nullopt;
  Record record{header.sequence(), {}, header.corrected().sequence()};
  if (type == kProviderType) {
    v1::Provider read;
    if (!read.ParseFromString(payload.content())) return std::nullopt;
    auto provider = FromProto(read);
    if (!provider.ok()) return std::nullopt;
    record.content = *std::move(provider);
  } else {
    v1::Vereinbarung read;
    if (!read.ParseFromString(payload.content())) return std::nullopt;
    auto vereinbarung = FromProto(read);
    if (!vereinbarung.ok()) return std::nullopt;
    record.content = *std::move(vereinbarung);
  }
  return record;
}

// When a dossier that is new here was opened: as it says, unless that lies more than five minutes from when this node
// learnt of it. Nobody comes first by a day that nobody else has seen.
absl::Time OpenedAt(absl::Time claimed, absl::Time now) {
  constexpr absl::Duration kTolerance = absl::Minutes(5);
  return claimed < now - kTolerance || claimed > now + kTolerance ? now : claimed;
}

absl::Status Rejected(std::string_view reason, std::string_view field, std::string_view message) {
  return FieldError(absl::StatusCode::kInvalidArgument, reason, field, message);
}

// The filters that a page token is bound to.
std::string FiltersOf(const v1::ListProvidersRequest& request) {
  return crypto::Hasher("providers-page")
      .Number(static_cast<std::uint64_t>(request.type()))
      .Number(static_cast<std::uint64_t>(request.stage()))
      .Field(request.municipality())
      .Finish()
      .Hex()
      .substr(0, 16);
}

bool Matches(const v1::Provider& provider, const v1::ListProvidersRequest& request) {
  if (request.type() != 0 && provider.type() != request.type()) return false;
  const auto& stages = provider.stages();
  if (request.stage() != 0 && std::find(stages.begin(), stages.end(), request.stage()) == stages.end()) return false;
  if (request.municipality().empty() || provider.type() == carriers::v1::PROVIDER_TYPE_ALA) return true;
  const auto& area = provider.catchment();
  return std::any_of(area.begin(), area.end(),
                     [&](const std::string& prefix) { return request.municipality().starts_with(prefix); });
}

// Reads back what a row holds; it was checked before it was stored.
absl::StatusOr<Entry> ToEntry(const v1::RegisteredProvider& registered) {
  Entry entry;
  TEILHABE_ASSIGN_OR_RETURN(entry.provider, FromProto(registered.provider()));
  for (const v1::Vereinbarung& stored : registered.vereinbarungen()) {
    TEILHABE_ASSIGN_OR_RETURN(Vereinbarung one, FromProto(stored));
    entry.vereinbarungen.push_back(std::move(one));
  }
  return entry;
}

}  // namespace

absl::Status Register::Migrate(storage::Database& database) {
  database_ = &database;
  return MigrateRegister(database);
}

absl::StatusOr<std::vector<Record>> Register::ReadRecords(dossier::Unit& unit, const std::string& dossier,
                                                          absl::Time& opened) const {
  const dossier::Store& store = store_->ledger().ports().store;
  std::vector<Record> records;
  std::int64_t next = 1;
  for (bool more = true; more;) {
    TEILHABE_ASSIGN_OR_RETURN(const auto events, store.EventsFrom(unit.tx, dossier, next, kEventsAtOnce));
    for (const dossier::Event& event : events) {
      if (event.header.sequence() == 1) opened = dossier::ToTime(event.header.recorded_time());
      for (const dossier::v1::SectionRef& ref : event.header.sections()) {
        const char* const type = TypeOf(event.header, ref.name());
        if (type == nullptr || ref.category() != dossier::v1::CATEGORY_PUBLIC) continue;
        const auto section = store.SectionOf(unit.tx, dossier, event.hash.bytes(), ref.name());
        if (absl::IsNotFound(section.status())) continue;  // Not given, or erased.
        if (!section.ok()) return section.status();
        auto record = ToRecord(event.header, type, *section);
        if (record) records.push_back(*std::move(record));
      }
    }
    next += static_cast<std::int64_t>(events.size());
    more = events.size() == kEventsAtOnce;
  }
  return records;
}

absl::Status Register::Update(dossier::Unit& unit, const std::string& dossier) {
  TEILHABE_ASSIGN_OR_RETURN(const dossier::v1::LogState log, store_->ledger().ports().store.State(unit.tx, dossier));
  if (log.class_() != dossier::v1::DOSSIER_CLASS_PROVIDER) return absl::OkStatus();
  Row row;
  absl::Time claimed;
  TEILHABE_ASSIGN_OR_RETURN(const auto records, ReadRecords(unit, dossier, claimed));
  TEILHABE_ASSIGN_OR_RETURN(const auto known, RowOfDossier(unit.tx, dossier));
  row.opened = known.empty() ? OpenedAt(claimed, store_->ledger().ports().clock.Now()) : known[0].opened;
  const std::optional<Entry> entry = Fold(records);
  if (!entry) return RemoveRow(unit.tx, dossier);
  *row.entry.mutable_provider() = ToProto(entry->provider);
  row.entry.set_holder(log.holder());
  row.entry.set_dossier(dossier);
  row.entry.set_head(log.head());
  for (const Vereinbarung& one : entry->vereinbarungen) *row.entry.add_vereinbarungen() = ToProto(one);
  return PutRow(unit.tx, row);
}

bool Register::Counts(const Row& row) const {
  return members_.MayHold(row.entry.holder(), dossier::v1::DOSSIER_CLASS_PROVIDER);
}

MemberRoles Register::RolesOf(std::string_view member) const { return RolesIn(*directory_->Get(), member); }

absl::StatusOr<std::vector<Row>> Register::Find(storage::Reader& reader, const std::string& provider) const {
  if (!IsMemberId(provider)) return std::vector<Row>();
  TEILHABE_ASSIGN_OR_RETURN(auto rows, RowsOfProvider(reader, provider));
  std::erase_if(rows, [this](const Row& row) { return !Counts(row); });
  if (rows.size() > 1) rows.erase(rows.begin() + 1, rows.end());
  return rows;
}

absl::StatusOr<v1::RegisteredProvider> Register::OfDossier(const std::string& dossier) const {
  TEILHABE_ASSIGN_OR_RETURN(auto rows, RowOfDossier(*database_, dossier));
  if (rows.empty()) {
    return FieldError(absl::StatusCode::kNotFound, "DOSSIER_UNKNOWN", "dossier",
                      "this node has no such dossier of a provider");
  }
  return std::move(rows[0].entry);
}

absl::StatusOr<v1::RegisteredProvider> Register::Get(const std::string& provider) const {
  TEILHABE_ASSIGN_OR_RETURN(auto rows, Find(*database_, provider));
  if (rows.empty()) {
    return FieldError(absl::StatusCode::kNotFound, "PROVIDER_UNKNOWN", "provider", "the register has no such provider");
  }
  return std::move(rows[0].entry);
}

absl::StatusOr<v1::ListProvidersResponse> Register::List(const v1::ListProvidersRequest& request) const {
  if (request.page_size() < 0) return Rejected("PAGE_SIZE", "page_size", "send 0 or more");
  if (!request.municipality().empty() && !IsMunicipalityKey(request.municipality())) {
    return Rejected("MUNICIPALITY_MALFORMED", "municipality", "a municipality key has 8 digits");
  }
  if (!carriers::v1::ProviderType_IsValid(request.type())) {
    return Rejected("PROVIDER_MALFORMED", "type", "there is no such type");
  }
  if (!carriers::v1::Stage_IsValid(request.stage())) {
    return Rejected("PROVIDER_MALFORMED", "stage", "there is no such stage");
  }
  const int size = request.page_size() == 0 ? kDefaultPage : std::min(request.page_size(), kMaxPage);
  const std::string filters = FiltersOf(request) + "-";
  std::string last;  // The provider that was looked at last: what else names it does not count.
  if (!request.page_token().empty()) {
    if (request.page_token().starts_with(filters)) last = request.page_token().substr(filters.size());
    if (!IsMemberId(last)) {
      return Rejected("PAGE_TOKEN", "page_token", "it is of another question; begin again without one");
    }
  }
  v1::ListProvidersResponse response;
  Place place{last, absl::UnixEpoch(), ""};
  for (bool more = true; more;) {
    TEILHABE_ASSIGN_OR_RETURN(const auto rows, RowsAfter(*database_, place, kRowsAtOnce));
    for (const Row& row : rows) {
      place = PlaceOf(row);
      if (place.provider == last || !Counts(row)) continue;
      last = place.provider;
      if (!Matches(row.entry.provider(), request)) continue;
      if (response.providers_size() == size) {
        const auto& end = response.providers(size - 1).provider().id();
        response.set_next_page_token(filters + end);
        return response;
      }
      *response.add_providers() = row.entry;
    }
    more = rows.size() == kRowsAtOnce;
  }
  return response;
}

absl::StatusOr<v1::CheckProviderResponse> Register::Check(const v1::CheckProviderRequest& request) const {
  TEILHABE_ASSIGN_OR_RETURN(const Question question, FromProto(request));
  TEILHABE_ASSIGN_OR_RETURN(const auto rows, Find(*database_, request.provider()));
  std::optional<Entry> entry;
  if (!rows.empty()) {
    TEILHABE_ASSIGN_OR_RETURN(entry, ToEntry(rows[0].entry));
  }
  const Entry* const found = entry ? &*entry : nullptr;
  return ToProto(providers::Check(found, question, [this](std::string_view member) { return RolesOf(member); }), found);
}

}  // namespace teilhabe::providers
