#include "services/providers/domain/input.h"

#include <algorithm>
#include <set>
#include <string>

#include "common/base/reason.h"

namespace teilhabe::providers {
namespace {

constexpr std::size_t kMaxName = 200;
constexpr std::size_t kMaxId = 64;
constexpr std::size_t kMaxCatchment = 500;

bool IsDigits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Land, Regierungsbezirk, Kreis or municipality.
bool IsKeyPrefix(std::string_view text) {
  return (text.size() == 2 || text.size() == 3 || text.size() == 5 || text.size() == 8) && IsDigits(text);
}

bool IsText(std::string_view text) {
  return text.size() <= kMaxName && text.find_first_not_of(' ') != std::string_view::npos &&
         std::none_of(text.begin(), text.end(), [](char c) { return (c >= 0 && c < 0x20) || c == 0x7f; });
}

class Form {
 public:
  explicit Form(std::string_view reason) : reason_(reason) {}
  // Notes the first field that is wrong.
  void Check(bool good, std::string_view field, std::string_view message) {
    if (!good && status_.ok()) status_ = FieldError(absl::StatusCode::kInvalidArgument, reason_, field, message);
  }
  const absl::Status& status() const { return status_; }

 private:
  const std::string_view reason_;
  absl::Status status_;
};

constexpr std::string_view kIdMessage = "an id is 1 to 64 of a-z, 0-9, '-', '.', '_'";

}  // namespace

bool IsMemberId(std::string_view text) {
  const auto outer = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !text.empty() && text.size() <= kMaxId && outer(text.front()) && outer(text.back()) &&
         std::all_of(text.begin(), text.end(),
                     [&outer](char c) { return outer(c) || c == '-' || c == '.' || c == '_'; });
}

bool IsMunicipalityKey(std::string_view text) { return text.size() == 8 && IsDigits(text); }

absl::Status CheckInput(const Provider& provider) {
  Form form("PROVIDER_MALFORMED");
  form.Check(IsMemberId(provider.id), "provider.id", kIdMessage);
  form.Check(IsText(provider.name), "provider.name", "a name has 1 to 200 bytes and no control characters");
  form.Check(!provider.stages.empty(), "provider.stages", "name at least one stage");
  const std::vector<std::string>& area = provider.catchment;
  if (provider.type == ProviderType::kAla) {
    form.Check(area.empty(), "provider.catchment", "an anderer Leistungsanbieter has no catchment area");
  } else {
    form.Check(!area.empty() && area.size() <= kMaxCatchment, "provider.catchment",
               "the catchment area of a WfbM has 1 to 500 places");
  }
  form.Check(std::all_of(area.begin(), area.end(), IsKeyPrefix), "provider.catchment",
             "a place is a municipality key of 8 digits or its first 2, 3 or 5");
  form.Check(std::set<std::string>(area.begin(), area.end()).size() == area.size(), "provider.catchment",
             "name each place once");
  form.Check(IsMunicipalityKey(provider.seat), "provider.seat", "a municipality key has 8 digits");
  return form.status();
}

absl::Status CheckInput(const Vereinbarung& vereinbarung) {
  Form form("VEREINBARUNG_MALFORMED");
  form.Check(IsMemberId(vereinbarung.id), "vereinbarung.id", kIdMessage);
  form.Check(IsMemberId(vereinbarung.contracting_traeger), "vereinbarung.contracting_traeger", kIdMessage);
  form.Check(!vereinbarung.stages.empty(), "vereinbarung.stages", "name at least one stage");
  form.Check(std::all_of(vereinbarung.stages.begin(), vereinbarung.stages.end(),
                         [&](Stage stage) { return KindFor(stage) == vereinbarung.kind; }),
             "vereinbarung.stages",
             "SGB9_125 is for the Arbeitsbereich, REHA_EV_BBB for Eingangsverfahren and Berufsbildungsbereich");
  form.Check(vereinbarung.valid.from.has_value(), "vereinbarung.from_day", "name the first day");
  form.Check(!vereinbarung.valid.to || !vereinbarung.valid.from || *vereinbarung.valid.from <= *vereinbarung.valid.to,
             "vereinbarung.to_day", "the last day is not before the first");
  form.Check(vereinbarung.basismodul.empty() || IsText(vereinbarung.basismodul), "vereinbarung.basismodul",
             "a version has at most 200 bytes and no control characters");
  form.Check(vereinbarung.basismodul.empty() || vereinbarung.kind == VereinbarungKind::kRehaEvBbb,
             "vereinbarung.basismodul", "the Basismodul is part of the Berufsbildungsbereich, so not of § 125 SGB IX");
  return form.status();
}

}  // namespace teilhabe::providers
