#include "common/law/facts.h"

#include <algorithm>
#include <bit>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/check.h"
#include "common/base/csv.h"
#include "common/base/day.h"
#include "common/base/reason.h"
#include "common/base/spelling.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "embedded/law.h"

namespace teilhabe::law {
namespace {

constexpr std::pair<std::string_view, FactType> kTypes[] = {
    {"choice_set", FactType::kChoiceSet},  {"yes_no", FactType::kYesNo},
    {"months", FactType::kMonths},         {"day", FactType::kDay},
    {"place", FactType::kPlace},           {"agency", FactType::kAgency},
    {"area_number", FactType::kAreaNumber}};

FactType ParseType(std::string_view text) {
  for (const auto& [name, type] : kTypes) {
    if (name == text) return type;
  }
  TEILHABE_CHECK(false && "facts.csv: unknown type");
}

constexpr std::string_view kUsers[kFactUserCount] = {"carriers", "eligibility"};

std::vector<std::string> Words(const std::string& text) { return absl::StrSplit(text, ' ', absl::SkipEmpty()); }

std::array<bool, kFactUserCount> ParseUsers(const std::string& text) {
  std::array<bool, kFactUserCount> users{};
  for (const std::string& word : Words(text)) {
    const auto* const found = std::find(std::begin(kUsers), std::end(kUsers), word);
    TEILHABE_CHECK(found != std::end(kUsers));
    users[static_cast<std::size_t>(found - kUsers)] = true;
  }
  return users;
}

std::vector<FactInfo> LoadCatalogue() {
  const auto table = CsvTable::Parse(embedded::law::facts_csv());
  TEILHABE_CHECK(table.ok());
  const auto at = table->Columns({"name", "type", "values", "regelfall", "suppliers", "used_by", "meaning", "source"});
  TEILHABE_CHECK(at.ok());
  TEILHABE_CHECK(table->rows().size() == kFactCount);
  std::vector<FactInfo> catalogue;
  for (const auto& row : table->rows()) {
    const auto cell = [&row, &at](std::size_t column) -> const std::string& { return row[(*at)[column]]; };
    catalogue.push_back({static_cast<FactId>(catalogue.size()), cell(0), ParseType(cell(1)), Words(cell(2)), cell(3),
                         Words(cell(4)), ParseUsers(cell(5)), cell(6), cell(7)});
  }
  return catalogue;
}

std::string Field(const FactInfo& info) { return absl::StrCat("facts.", info.name); }

// Like all errors here, it does not repeat the value: that is a person's, or whatever was pasted into its place.
absl::Status InvalidValue(const FactInfo& info, const std::string& expected) {
  return FieldError(absl::StatusCode::kInvalidArgument, "FACT_VALUE_INVALID", Field(info),
                    absl::StrCat("this is no value of ", info.name, "; expected ", expected));
}

absl::StatusOr<std::int64_t> ParseChoiceSet(const FactInfo& info, std::string_view value) {
  std::int64_t bits = 0;
  for (const absl::string_view word : absl::StrSplit(ToAbsl(value), '+')) {
    const auto found = std::find(info.values.begin(), info.values.end(), ToStd(word));
    if (found == info.values.end()) {
      return InvalidValue(info, absl::StrCat("one or more of ", absl::StrJoin(info.values, ", "), ", joined with +"));
    }
    bits |= std::int64_t{1} << (found - info.values.begin());
  }
  return bits;
}

absl::StatusOr<std::int64_t> ParseAgency(const FactInfo& info, std::string_view value,
                                         const reference::Reference& reference) {
  const auto agency = reference.FindAgency(value);
  if (!agency.ok()) {
    return FieldError(absl::StatusCode::kInvalidArgument, "AGENCY_UNKNOWN", Field(info),
                      absl::StrCat("no agency has this id; expected that of an agency of the kind ", info.values[0]));
  }
  const reference::AgencyKind kind = info.values[0] == "DRV" ? reference::AgencyKind::kDrv : reference::AgencyKind::kUv;
  if (reference.agency(*agency).kind != kind) {
    return FieldError(absl::StatusCode::kInvalidArgument, "AGENCY_WRONG_KIND", Field(info),
                      absl::StrCat("this agency is not of the kind ", info.values[0]));
  }
  return static_cast<std::int64_t>(*agency);
}

absl::StatusOr<std::int64_t> ParseNumber(const FactInfo& info, std::string_view value, int max,
                                         const std::string& expected) {
  int number = 0;
  const bool digits = !value.empty() && value.find_first_not_of("0123456789") == std::string_view::npos;
  if (!digits || !absl::SimpleAtoi(ToAbsl(value), &number) || number > max) return InvalidValue(info, expected);
  return number;
}

absl::StatusOr<std::int64_t> ParsePlace(const FactInfo& info, std::string_view value) {
  if (value == "this") return Facts::kThisPlace;
  const bool is_key = value.size() == 8 && value.find_first_not_of("0123456789") == std::string_view::npos;
  std::int64_t key = 0;
  if (!is_key || !absl::SimpleAtoi(ToAbsl(value), &key)) {
    return FieldError(
        absl::StatusCode::kInvalidArgument, "MUNICIPALITY_MALFORMED", Field(info),
        "this is no place; expected this (the municipality asked about) or a municipality key of 8 digits");
  }
  return key;
}

absl::StatusOr<std::int64_t> ParseAreaNumber(const FactInfo& info, std::string_view value,
                                             const reference::Reference& reference) {
  if (value == "none") return Facts::kNoAreaNumber;
  const auto area = reference.FindAreaNumber(value);
  if (!area.ok() || !area->agency.has_value()) {
    return FieldError(absl::StatusCode::kInvalidArgument, "AREA_NUMBER_UNKNOWN", Field(info),
                      "this begins no insurance number; expected its first two digits, no more, or none");
  }
  return ParseNumber(info, value, 99, "two digits");
}

absl::Status Contradiction(FactId fact, const std::string& why) {
  return FieldError(absl::StatusCode::kInvalidArgument, "FACTS_CONTRADICT", Field(Info(fact)), why);
}

}  // namespace

std::string_view TypeName(FactType type) {
  for (const auto& [name, known] : kTypes) {
    if (known == type) return name;
  }
  return {};
}

const std::vector<FactInfo>& FactCatalogue() {
  static const auto* const catalogue = new std::vector<FactInfo>(LoadCatalogue());
  return *catalogue;
}

const FactInfo& Info(FactId id) { return FactCatalogue()[static_cast<std::size_t>(id)]; }

FactSet FactsUsedBy(FactUser user) {
  static const auto* const sets = [] {
    auto* const made = new std::array<FactSet, kFactUserCount>();
    for (const FactInfo& info : FactCatalogue()) {
      for (std::size_t at = 0; at < kFactUserCount; ++at) {
        if (info.used_by[at]) (*made)[at].Add(info.id);
      }
    }
    return made;
  }();
  return (*sets)[static_cast<std::size_t>(user)];
}

absl::StatusOr<FactId> FindFact(std::string_view name) {
  for (const FactInfo& info : FactCatalogue()) {
    if (info.name == name) return info.id;
  }
  std::vector<std::string_view> names;
  for (const FactInfo& info : FactCatalogue()) names.push_back(info.name);
  const std::string_view near = NearestSpelling(name, names);
  return FieldError(absl::StatusCode::kInvalidArgument, "FACT_UNKNOWN", "facts",
                    absl::StrCat("there is no fact '", ToAbsl(name.substr(0, 64)), "'",
                                 near.empty() ? "" : absl::StrCat("; did you mean ", ToAbsl(near), "?")));
}

absl::StatusOr<std::int64_t> ParseFactValue(FactId id, std::string_view value, const reference::Reference& reference) {
  const FactInfo& info = Info(id);
  switch (info.type) {
    case FactType::kChoiceSet:
      return ParseChoiceSet(info, value);
    case FactType::kYesNo:
      if (value == "yes") return 1;
      if (value == "no") return 0;
      return InvalidValue(info, "yes or no; leave it out where it is unknown");
    case FactType::kMonths:
      return ParseNumber(info, value, 1200, "a number of calendar months from 0 to 1200");
    case FactType::kDay: {
      const auto day = ParseDay(value);
      if (!day.ok()) {
        return FieldError(absl::StatusCode::kInvalidArgument, "DAY_INVALID", Field(info),
                          "this is not a day; write YYYY-MM-DD, e.g. 2025-03-10");
      }
      return *day - absl::CivilDay(1970, 1, 1);
    }
    case FactType::kPlace:
      return ParsePlace(info, value);
    case FactType::kAgency:
      return ParseAgency(info, value, reference);
    case FactType::kAreaNumber:
      return ParseAreaNumber(info, value, reference);
  }
  return InvalidValue(info, "a value of its type");
}

absl::Status SetFact(Facts& facts, std::string_view name, std::string_view value,
                     const reference::Reference& reference) {
  TEILHABE_ASSIGN_OR_RETURN(const FactId id, FindFact(name));
  if (facts.Has(id)) {
    return FieldError(absl::StatusCode::kInvalidArgument, "FACT_TWICE", Field(Info(id)),
                      absl::StrCat(Info(id).name, " is given twice; join several values with +"));
  }
  TEILHABE_ASSIGN_OR_RETURN(const std::int64_t raw, ParseFactValue(id, value, reference));
  facts.SetRaw(id, raw);
  return absl::OkStatus();
}

std::string FormatFactValue(FactId id, std::int64_t value, const reference::Reference& reference) {
  const FactInfo& info = Info(id);
  switch (info.type) {
    case FactType::kChoiceSet: {
      std::vector<std::string> words;
      for (std::size_t at = 0; at < info.values.size(); ++at) {
        if ((value >> at & 1) != 0) words.push_back(info.values[at]);
      }
      return absl::StrJoin(words, "+");
    }
    case FactType::kYesNo:
      return value != 0 ? "yes" : "no";
    case FactType::kMonths:
      return absl::StrCat(value);
    case FactType::kDay:
      return FormatDay(absl::CivilDay(1970, 1, 1) + value);
    case FactType::kPlace:
      return value == Facts::kThisPlace ? "this" : absl::StrFormat("%08d", value);
    case FactType::kAgency:
      return std::string(reference.agency(static_cast<reference::AgencyIndex>(value)).id);
    case FactType::kAreaNumber:
      return value == Facts::kNoAreaNumber ? "none" : absl::StrFormat("%02d", value);
  }
  return {};
}

int MonthsBetween(absl::CivilDay from, absl::CivilDay to) {
  const int months = static_cast<int>((to.year() - from.year()) * 12 + to.month() - from.month());
  return months - (to.day() < from.day() ? 1 : 0);
}

int AgeOn(absl::CivilDay birth, absl::CivilDay day) {
  const int years = static_cast<int>(day.year() - birth.year());
  return years - (day < absl::CivilDay(day.year(), birth.month(), birth.day()) ? 1 : 0);
}

absl::Status CheckFacts(const Facts& facts, absl::CivilDay event_day) {
  for (const FactInfo& info : FactCatalogue()) {
    if (info.type == FactType::kChoiceSet && facts.Has(info.id) && (facts.Raw(info.id) & 1) != 0 &&
        facts.Raw(info.id) != 1) {
      return Contradiction(info.id, absl::StrCat(info.name, " says none beside something else"));
    }
  }
  const absl::CivilDay applied = facts.Has(FactId::kApplicationDay) ? facts.Day(FactId::kApplicationDay) : event_day;
  if (facts.Has(FactId::kBirthDate)) {
    const absl::CivilDay birth = facts.Day(FactId::kBirthDate);
    if (birth > event_day) return Contradiction(FactId::kBirthDate, "born after the first day of the service");
    if (birth > applied) return Contradiction(FactId::kBirthDate, "born after the application");
    if (facts.Has(FactId::kInsuredMonths)) {
      // Insured calendar months count whole; the month of birth and that of the application each may.
      const int months_lived = MonthsBetween(absl::CivilDay(birth.year(), birth.month(), 1), applied) + 1;
      if (facts.Raw(FactId::kInsuredMonths) > months_lived) {
        return Contradiction(FactId::kInsuredMonths, "more insured months than months of life by the application");
      }
    }
  }
  if (facts.Has(FactId::kDrvAccount) && facts.Has(FactId::kAreaNumber) &&
      facts.Raw(FactId::kAreaNumber) == Facts::kNoAreaNumber) {
    return Contradiction(FactId::kAreaNumber, "an account is held, yet no insurance number was issued");
  }
  const auto is = [&facts](FactId fact, bool yes) { return facts.Has(fact) && (facts.Raw(fact) != 0) == yes; };
  if (is(FactId::kMindestmass, true) && is(FactId::kMindestmassLow, false)) {
    return Contradiction(FactId::kMindestmassLow, "what meets the general standard meets the low one too");
  }
  constexpr std::int64_t kWorkAccident = 1 << 1;
  if (facts.Has(FactId::kAccidentInsurer) && facts.Has(FactId::kCause) &&
      (facts.Raw(FactId::kCause) & kWorkAccident) == 0) {
    return Contradiction(FactId::kAccidentInsurer,
                         "an accident insurer is named, yet the cause is no accident at work");
  }
  return absl::OkStatus();
}

}  // namespace teilhabe::law
