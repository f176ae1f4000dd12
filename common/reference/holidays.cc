#include "common/reference/holidays.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/reference/table_reader.h"

namespace teilhabe::reference {
namespace {

constexpr std::string_view kFile = "holidays.csv";
enum Column : std::size_t { kDate, kName, kLand, kPrefix, kScope, kCoverage, kRule, kNote };

}  // namespace

std::span<const Holidays::Row> Holidays::RowsOn(absl::CivilDay day) const {
  const auto at = static_cast<std::size_t>(day - first_);
  return std::span<const Row>(rows_).subspan(begin_[at], static_cast<std::size_t>(begin_[at + 1] - begin_[at]));
}

bool Holidays::Knows(Land land, absl::CivilDay day) const {
  if (!laender_[static_cast<std::size_t>(land)] || day < first_) return false;
  const auto year = static_cast<std::uint64_t>(day.year() - first_.year());
  return year < years_.size() && years_[year];
}

HolidayAnswer Holidays::On(const Place& place, absl::CivilDay day) const {
  if (!Knows(place.land, day)) return {};
  HolidayAnswer answer{HolidayState::kNo, {}, 0};
  const Row* decided = nullptr;  // The last row that decided its name; a shorter prefix of that name is passed over.
  for (const Row& row : RowsOn(day)) {
    if (decided != nullptr && decided->name == row.name) continue;
    if (!place.ags8.starts_with(row.prefix)) continue;
    decided = &row;
    if (row.coverage == Coverage::kFull) return {HolidayState::kYes, names_[row.name], row.row};
    if (row.coverage == Coverage::kPartial && answer.state == HolidayState::kNo) {
      answer = {HolidayState::kUndecided, names_[row.name], row.row};
    }
  }
  return answer;
}

HolidayAnswer Holidays::On(Land land, absl::CivilDay day) const {
  if (!Knows(land, day)) return {};
  HolidayAnswer answer{HolidayState::kNo, {}, 0};
  const std::span<const Row> rows = RowsOn(day);
  for (auto at = rows.begin(); at != rows.end();) {
    // The rows of one name: those of parts of the Land, then the Land's own, then the nationwide one.
    const std::uint16_t name = at->name;
    const Row* widest = nullptr;  // The widest row of the Land that says it is a holiday somewhere.
    bool whole_seen = false;
    bool everywhere = false;
    bool exception = false;  // A part of the Land says otherwise.
    for (; at != rows.end() && at->name == name; ++at) {
      const bool applies = at->land == 0 || at->land == static_cast<std::uint8_t>(land);
      if (!applies || whole_seen) continue;
      if (at->coverage != Coverage::kNone) widest = &*at;
      if (at->prefix.size() > 2) {
        exception = exception || at->coverage != Coverage::kFull;
      } else {
        whole_seen = true;
        everywhere = at->coverage == Coverage::kFull && !exception;
      }
    }
    if (everywhere) return {HolidayState::kYes, names_[name], widest->row};
    if (widest != nullptr && answer.state == HolidayState::kNo) {
      answer = {HolidayState::kUndecided, names_[name], widest->row};
    }
  }
  return answer;
}

absl::StatusOr<Holidays> Holidays::Load(const ReferenceTexts& texts, const Places& places, const DayRange& reach) {
  Holidays holidays;
  TEILHABE_RETURN_IF_ERROR(holidays.LoadRows(texts[DataTable::kHolidays], places));
  for (absl::CivilDay day = *reach.from; day <= *reach.to; day = absl::CivilDay(day.year() + 1, 1, 1)) {
    const bool covered = day >= holidays.first_ &&
                         static_cast<std::uint64_t>(day.year() - holidays.first_.year()) < holidays.years_.size() &&
                         holidays.years_[static_cast<std::size_t>(day.year() - holidays.first_.year())];
    if (!covered) {
      return ReferenceInvalid(kFile, 0, "date",
                              absl::StrCat("the manifest claims ", day.year(), ", which has no rows"));
    }
  }
  return holidays;
}

absl::Status Holidays::LoadRows(std::string_view text, const Places& places) {
  TEILHABE_ASSIGN_OR_RETURN(
      const TableReader reader,
      TableReader::Read(kFile, text, {"date", "name", "land", "scope_prefix", "scope", "coverage", "rule", "note"}));
  constexpr std::array<Keyword<Coverage>, 3> kCoverages = {
      {{"full", Coverage::kFull}, {"partial", Coverage::kPartial}, {"none", Coverage::kNone}}};
  constexpr std::array<Keyword<bool>, 2> kScopes = {{{"land", false}, {"regional", true}}};
  std::set<std::tuple<absl::CivilDay, std::uint16_t, std::string>> seen;
  for (std::size_t at = 0; at < reader.size(); ++at) {
    Row row;
    row.row = TableReader::RowNumber(at);
    TEILHABE_ASSIGN_OR_RETURN(row.day, reader.Day(at, kDate));
    if (reader.Cell(at, kName).empty()) return reader.Error(at, kName, "is empty");
    const auto name = std::find(names_.begin(), names_.end(), reader.Cell(at, kName));
    row.name = static_cast<std::uint16_t>(name - names_.begin());
    if (name == names_.end()) names_.push_back(reader.Cell(at, kName));
    const std::string& prefix = reader.Cell(at, kPrefix);
    if (reader.Cell(at, kLand) != "00") {
      const absl::StatusOr<Land> land = ParseLand(reader.Cell(at, kLand));
      if (!land.ok()) return reader.Error(at, kLand, "is neither a Land nor 00");
      row.land = static_cast<std::uint8_t>(*land);
      laender_[row.land] = true;
      if (!prefix.starts_with(LandCode(*land)) || !IsDigits(prefix, prefix.size()) || !places.KnowsPrefix(prefix)) {
        return reader.Error(at, kPrefix, "is not a part of the Land");
      }
      row.prefix = prefix;
    } else if (prefix != "00") {
      return reader.Error(at, kPrefix, "must be 00 as the column land");
    }
    TEILHABE_ASSIGN_OR_RETURN(const bool regional, reader.OneOf(at, kScope, kScopes));
    TEILHABE_ASSIGN_OR_RETURN(row.coverage, reader.OneOf(at, kCoverage, kCoverages));
    if (!regional && row.coverage != Coverage::kFull) return reader.Error(at, kCoverage, "must be full: scope is land");
    if (!regional && row.prefix.size() > 2) return reader.Error(at, kScope, "must be regional with this scope_prefix");
    if (!seen.emplace(row.day, row.name, prefix).second) return reader.Error(at, kDate, "has two rows of this name");
    rows_.push_back(std::move(row));
  }
  if (rows_.empty()) return ReferenceInvalid(kFile, 1, "date", "there is no row");
  std::sort(rows_.begin(), rows_.end(), [](const Row& a, const Row& b) {
    return std::make_tuple(a.day, a.name, b.prefix.size(), a.row) <
           std::make_tuple(b.day, b.name, a.prefix.size(), b.row);
  });
  first_ = absl::CivilDay(rows_.front().day.year(), 1, 1);
  const absl::CivilDay end(rows_.back().day.year() + 1, 1, 1);
  years_.resize(static_cast<std::size_t>(end.year() - first_.year()));
  std::size_t at = 0;
  for (absl::CivilDay day = first_; day <= end; ++day) {
    begin_.push_back(static_cast<std::uint16_t>(at));
    for (; at < rows_.size() && rows_[at].day == day; ++at) {
      if (rows_[at].land == 0) years_[static_cast<std::size_t>(day.year() - first_.year())] = true;
    }
  }
  return absl::OkStatus();
}

}  // namespace teilhabe::reference
