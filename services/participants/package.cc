#include "services/participants/package.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/day.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/dossier/days.h"
#include "services/participants/domain/case.h"
#include "services/participants/timeline.h"

namespace teilhabe::participants {

absl::StatusOr<std::string> MakePackage(const CaseFile& file, const v1::SendOutsideRequest& request,
                                        const std::string& sender, const crypto::Signer& signer) {
  const auto day = [](const google::type::Date& date) { return FormatDayGerman(dossier::ToCivil(date)); };
  const auto& application = *Find(file.folded.applications, request.application());
  // Names and addresses may come from elsewhere: none of them makes a line of its own.
  const auto line = [](std::string words) {
    std::replace_if(
        words.begin(), words.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    return words;
  };
  std::string text;
  absl::StrAppend(&text, "Absender:    ", sender, "\nEmpfänger:   ", request.addressee(),
                  "\nVersandt am: ", day(request.event_day()), "\nFall:        ", file.log.dossier(), "\n\n");
  absl::StrAppend(&text, "Weiterleitung eines Antrags auf Leistungen zur Teilhabe (§ 14 Abs. 1 Satz 2 SGB IX)\n\n");
  absl::StrAppend(&text, "Beantragt:   Leistungen im ", ToAbsl(StageGerman(application.what.stage)),
                  "\nEingegangen: ", FormatDayGerman(application.what.eingang), " bei ",
                  line(application.what.received_by), "\n");
  if (file.person) {
    absl::StrAppend(&text, "Person:      ", line(file.person->given_names()), " ", line(file.person->family_name()),
                    ", geboren am ", day(file.person->birth_day()), "\n");
  }
  if (file.contact) {
    absl::StrAppend(&text, "Anschrift:   ");
    if (!file.contact->street().empty()) absl::StrAppend(&text, line(file.contact->street()), ", ");
    if (!file.contact->place().empty()) {
      absl::StrAppend(&text, line(file.contact->postal_code()), " ", line(file.contact->place()), ", ");
    }
    absl::StrAppend(&text, "Gemeindeschlüssel ", file.contact->municipality(), "\n");
  }
  absl::StrAppend(
      &text,
      "\nMit dem Eingang bei Ihnen beginnt Ihre Frist (§ 14 Abs. 2 Satz 4 SGB IX). Bitte bestätigen Sie den "
      "Tag des Eingangs.\n\nBisheriger Verlauf:\n");
  for (const v1::CaseStep& step : file.steps) {
    absl::StrAppend(&text, "  ", day(step.event_day()), "  ", line(StepText(step.step())), "\n");
  }
  absl::StrAppend(&text, "\nStand der Akte: Eintrag ", file.log.sequence(), ", ",
                  absl::BytesToHexString(file.log.head()), "\n");
  TEILHABE_ASSIGN_OR_RETURN(const std::string signature, signer.Sign("package", text));
  absl::StrAppend(&text, "Signatur der Absenderin (ECDSA P-256, Base64):\n", absl::Base64Escape(signature), "\n");
  return text;
}

}  // namespace teilhabe::participants
