// Checks of what people wrote (records.h).
#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/base/utf8.h"
#include "services/participants/records.h"

namespace teilhabe::participants {
namespace {

namespace wire = dossier::v1;

absl::Status Malformed(std::string_view field, std::string_view message) {
  return FieldError(absl::StatusCode::kInvalidArgument, "STEP_MALFORMED", field, message);
}

}  // namespace

absl::Status CheckText(const std::string& text, std::size_t most, std::string_view reason, std::string_view field) {
  // What people read in one line has no line ends.
  const bool one_line = most <= 1000;
  const bool blank = std::all_of(text.begin(), text.end(), [](char c) { return c == ' '; });
  const bool control = std::any_of(text.begin(), text.end(), [one_line](char c) {
    return static_cast<unsigned char>(c) < 0x20 && (one_line || c != '\n');
  });
  if (!blank && !control && text.size() <= most && IsUtf8(text)) return absl::OkStatus();
  return FieldError(absl::StatusCode::kInvalidArgument, reason, field,
                    absl::StrCat("write 1 to ", most, " bytes of text without control characters"));
}

absl::Status CheckPerson(const v1::PersonIdentity& person, absl::CivilDay today) {
  constexpr char kReason[] = "PERSON_MALFORMED";
  TEILHABE_RETURN_IF_ERROR(CheckText(person.family_name(), 200, kReason, "person.family_name"));
  TEILHABE_RETURN_IF_ERROR(CheckText(person.given_names(), 200, kReason, "person.given_names"));
  // A question with many names would be many questions (quota of HaveOpenCase).
  constexpr int kMostFormerNames = 8;
  if (person.former_names_size() > kMostFormerNames) {
    return FieldError(absl::StatusCode::kInvalidArgument, kReason, "person.former_names", "at most 8 former names");
  }
  for (const std::string& name : person.former_names()) {
    TEILHABE_RETURN_IF_ERROR(CheckText(name, 200, kReason, "person.former_names"));
  }
  if (!person.birth_place().empty()) {
    TEILHABE_RETURN_IF_ERROR(CheckText(person.birth_place(), 200, kReason, "person.birth_place"));
  }
  const auto born = ToDay(person.birth_day(), "person.birth_day");
  if (!born.ok() || *born > today || born->year() < 1900) {
    return FieldError(absl::StatusCode::kInvalidArgument, kReason, "person.birth_day",
                      "a day between 1900 and the network's day");
  }
  return absl::OkStatus();
}

absl::Status CheckContact(const v1::PersonContact& contact) {
  constexpr char kReason[] = "PERSON_MALFORMED";
  const std::string& ags = contact.municipality();
  const bool digits = std::all_of(ags.begin(), ags.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (ags.size() != 8 || !digits) {
    return FieldError(absl::StatusCode::kInvalidArgument, kReason, "contact.municipality",
                      "the municipality key (AGS) of the gewöhnlicher Aufenthalt, 8 digits");
  }
  const std::pair<const char*, const std::string*> texts[] = {{"contact.street", &contact.street()},
                                                              {"contact.postal_code", &contact.postal_code()},
                                                              {"contact.place", &contact.place()},
                                                              {"contact.phone", &contact.phone()},
                                                              {"contact.email", &contact.email()}};
  for (const auto& [field, text] : texts) {
    if (!text->empty()) TEILHABE_RETURN_IF_ERROR(CheckText(*text, 200, kReason, field));
  }
  return absl::OkStatus();
}

absl::Status CheckPlan(const v1::Teilhabeplan& plan, bool gesamtplan) {
  const auto check = [](const auto& items, int count, const std::string& field) -> absl::Status {
    if (items.size() != count) return Malformed(field, absl::StrCat("the law names ", count, " items; each is there"));
    for (int at = 0; at < count; ++at) {
      const auto& item = items[at];
      if (item.number() != at + 1) return Malformed(field, "items are in the order of the law");
      if (item.not_applicable() != item.text().empty()) {
        return Malformed(absl::StrCat(field, ".", at + 1), "a text, or that it does not apply");
      }
      if (!item.text().empty()) {
        TEILHABE_RETURN_IF_ERROR(CheckText(item.text(), 10'000, "STEP_MALFORMED", absl::StrCat(field, ".", at + 1)));
      }
    }
    return absl::OkStatus();
  };
  TEILHABE_RETURN_IF_ERROR(check(plan.items(), 12, "plan.items"));
  return check(plan.gesamtplan_items(), gesamtplan ? 7 : 0, "plan.gesamtplan_items");
}

absl::Status CheckCorrection(const std::string& name, const wire::SectionPayload& payload, absl::CivilDay today) {
  const auto check = [&](auto message, const auto& checked) -> absl::Status {
    if (payload.type() != message.GetDescriptor()->full_name() || !message.ParseFromString(payload.content())) {
      return Malformed("draft.sections", "what corrects this section is of the same kind");
    }
    return checked(message);
  };
  if (name == "person/p1") {
    return check(v1::PersonIdentity(), [today](const auto& person) { return CheckPerson(person, today); });
  }
  if (name == "kontakt/p1")
    return check(v1::PersonContact(), [](const auto& contact) { return CheckContact(contact); });
  if (name == "bedarf/p1") return check(v1::Needs(), [](const auto& needs) { return CheckNeeds(needs); });
  if (name == "plan/p1") {
    return check(v1::Teilhabeplan(),
                 [](const auto& plan) { return CheckPlan(plan, !plan.gesamtplan_items().empty()); });
  }
  return absl::OkStatus();
}

absl::Status CheckReport(const v1::Report& report) {
  constexpr std::array<std::string_view, 4> kKinds = {"fachliche_stellungnahme", "fachausschuss", "report",
                                                      "objection"};
  if (std::find(kKinds.begin(), kKinds.end(), report.kind()) != kKinds.end()) return absl::OkStatus();
  return Malformed("report.kind", "fachliche_stellungnahme, fachausschuss, report or objection");
}

absl::Status CheckNeeds(const v1::Needs& needs) {
  for (const auto& area : needs.areas()) {
    if (area.area() < 1 || area.area() > 9)
      return Malformed("needs.areas.area", "areas of life are 1 to 9 (§ 118 SGB IX)");
    TEILHABE_RETURN_IF_ERROR(CheckText(area.text(), 10'000, "STEP_MALFORMED", "needs.areas.text"));
  }
  return CheckText(needs.summary(), 10'000, "STEP_MALFORMED", "needs.summary");
}

}  // namespace teilhabe::participants
