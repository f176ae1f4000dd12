#include "services/ctl/case_words.h"

#include <map>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/base/day.h"
#include "common/reference/reference.h"

namespace teilhabe::ctl {
namespace {

namespace parts = participants::v1;
namespace wire = dossier::v1;

using Words = std::map<std::string, std::string>;

std::string Find(const Words& words, const std::string& id) {
  const auto found = words.find(id);
  return found == words.end() ? id : found->second;
}

absl::Time ToTime(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
}

}  // namespace

std::string StageWord(carriers::v1::Stage stage) {
  switch (stage) {
    case carriers::v1::STAGE_EINGANGSVERFAHREN:
      return "Eingangsverfahren";
    case carriers::v1::STAGE_BERUFSBILDUNGSBEREICH:
      return "Berufsbildungsbereich";
    case carriers::v1::STAGE_ARBEITSBEREICH:
      return "Arbeitsbereich";
    default:
      return "";
  }
}

std::string RestWord(parts::RestKind kind) {
  switch (kind) {
    case parts::REST_KIND_APPLICATION:
      return "offener Antrag";
    case parts::REST_KIND_GRANTED:
      return "bewilligte Leistung, noch nicht begonnen";
    case parts::REST_KIND_SERVICE:
      return "laufende Leistung";
    case parts::REST_KIND_INDIVIDUAL_SOLUTION:
      return "individuelle Lösung";
    case parts::REST_KIND_OUTSIDE:
      return "Entscheidung einer Stelle ohne Knoten";
    case parts::REST_KIND_ENDED:
      return "beendet";
    case parts::REST_KIND_OPENED:
      return "eröffnet, noch nichts beantragt";
    default:
      return "✗ nichts: der Fall ist herausgefallen";
  }
}

std::string StandingSentence(parts::Standing standing) {
  switch (standing) {
    case parts::STANDING_HOLDER:
      return "diese Stelle führt den Fall";
    case parts::STANDING_OFFERED:
      return "diese Stelle führt den Fall und hat ihn angeboten";
    case parts::STANDING_ASKED:
      return "diese Stelle ist gefragt, ob sie den Fall übernimmt";
    case parts::STANDING_FOLLOWER:
      return "diese Stelle ist beteiligt";
    default:
      return "diese Stelle war beteiligt";
  }
}

std::string CategoryWord(wire::Category category) {
  switch (category) {
    case wire::CATEGORY_PROCEDURE:
      return "Verfahren";
    case wire::CATEGORY_IDENTITY:
      return "Person";
    case wire::CATEGORY_CONTACT:
      return "Anschrift";
    case wire::CATEGORY_NEEDS:
      return "Bedarf";
    case wire::CATEGORY_MEDICAL:
      return "medizinische Unterlagen";
    case wire::CATEGORY_PLAN:
      return "Plan und Begründungen";
    case wire::CATEGORY_COURSE:
      return "Berichte zum Verlauf";
    case wire::CATEGORY_MONEY:
      return "Geld";
    case wire::CATEGORY_STAFF:
      return "Personal";
    case wire::CATEGORY_PUBLIC:
      return "Öffentliches";
    default:
      return wire::Category_Name(category);
  }
}

std::string RelationWord(const std::string& relation) {
  static const auto* const words = new Words{
      {"forwarding", "erhielt den Antrag weitergeleitet (§ 14 SGB IX)"},
      {"involved", "weiterer beteiligter Träger (§ 15 Abs. 2 SGB IX)"},
      {"split", "zuständig für einen Teil (§ 15 Abs. 1 SGB IX)"},
      {"next_stage", "zuständig für die nächste Stufe (§ 19 SGB IX)"},
      {"jugendhilfe", "Jugendhilfe, Zuständigkeitswechsel (§ 36b SGB VIII)"},
      {"conference", "Teilnahme an der Teilhabeplankonferenz (§ 20 SGB IX)"},
      {"provider", "Leistungserbringer (§ 123 SGB IX)"},
      {"statement", "Abrechnung (§ 123 Abs. 6 SGB IX)"},
      {"refund", "Erstattung (§ 16 SGB IX)"},
      {"labour_market", "Übergang auf den allgemeinen Arbeitsmarkt (§§ 185 bis 194 SGB IX)"},
      {"former_holder", "führte den Fall früher"},
      {"observer", "ohne Daten der Person"},
  };
  return Find(*words, relation);
}

std::string RepresentationWord(parts::RepresentationKind kind) {
  switch (kind) {
    case parts::REPRESENTATION_KIND_BEVOLLMAECHTIGTER:
      return "bevollmächtigt";
    case parts::REPRESENTATION_KIND_BETREUER:
      return "rechtliche Betreuung";
    case parts::REPRESENTATION_KIND_PARENT:
      return "Elternteil";
    case parts::REPRESENTATION_KIND_VORMUND:
      return "Vormundschaft";
    case parts::REPRESENTATION_KIND_BEISTAND:
      return "Beistand, beantragt nichts";
    case parts::REPRESENTATION_KIND_SPOUSE:
      return "Ehegatte, nur Gesundheitssorge";
    default:
      return "unbekannte Vertretung";
  }
}

std::string MatchWord(parts::MatchKind kind) {
  switch (kind) {
    case parts::MATCH_KIND_ALL:
      return "Name und Geburtstag stimmen überein";
    case parts::MATCH_KIND_PART:
      return "Geburtstag und ein Teil des Namens stimmen überein";
    case parts::MATCH_KIND_VERSICHERUNGSNUMMER:
      return "Versicherungsnummer stimmt überein";
    default:
      return "";
  }
}

std::string StepWord(const parts::Procedure& step) {
  static const auto* const reports = new Words{
      {"fachliche_stellungnahme", "fachliche Stellungnahme"},
      {"fachausschuss", "Stellungnahme des Fachausschusses"},
      {"objection", "Widerspruch"},
      {"report", "Bericht"},
  };
  if (step.has_report()) return Find(*reports, step.report().kind());
  const std::string name = step.step_case() == parts::Procedure::STEP_NOT_SET
                               ? ""
                               : parts::Procedure::descriptor()->FindFieldByNumber(step.step_case())->name();
  static const auto* const words = new Words{
      {"application", "Antrag"},
      {"representation", "Vertretung"},
      {"medical_hint", "Hinweis nach § 76 SGB X"},
      {"assessment", "Bedarfsermittlung"},
      {"determination", "Bedarfsfeststellung"},
      {"teilhabeplan", "Teilhabeplan"},
      {"gesamtplan_finding", "Feststellung im Gesamtplanverfahren"},
      {"decision", "Entscheidung"},
      {"service_started", "Beginn der Leistung"},
      {"service_ended", "Ende der Leistung"},
      {"individual_solution", "individuelle Lösung"},
      {"ended", "Ende des Falls"},
      {"joined", "Überführung in einen anderen Fall"},
  };
  return Find(*words, name);
}

std::string ActionWord(const std::string& action) {
  if (absl::StartsWith(action, "ask-open-case:")) {
    return absl::StrCat(action.substr(action.find(':') + 1), " nach einem offenen Fall gefragt");
  }
  static const auto* const words = new Words{
      {"open", "Fall eröffnet"},
      {"append", "Eintrag geschrieben"},
      {"accept", "Fall übernommen"},
      {"decline", "Fall nicht übernommen"},
      {"consent", "Weiterleitung zugestimmt"},
      {"sign", "Erklärung unterzeichnet"},
      {"deliver", "Sendung zugestellt"},
      {"get-case", "Fall angesehen"},
      {"get-timeline", "Verlauf angesehen"},
      {"list-cases", "Fälle aufgelistet"},
      {"list-accesses", "Zugriffe angesehen"},
      {"prepare-decision", "Entscheidung geprüft"},
      {"find-person", "bei einer Personensuche gezeigt"},
      {"link-case", "Person zugeordnet"},
      {"unlink-case", "Zuordnung der Person aufgehoben"},
      {"set-file-number", "Aktenzeichen gesetzt"},
      {"have-open-case", "Frage nach einem offenen Fall beantwortet"},
      {"show", "Akte angesehen"},
      {"list-events", "Einträge aufgelistet"},
      {"list-statements", "Erklärungen aufgelistet"},
      {"read-section", "Abschnitt gelesen"},
      {"add-attachment", "Anlage hinzugefügt"},
      {"read-attachment", "Anlage gelesen"},
      {"export-evidence", "Nachweis ausgegeben"},
  };
  return Find(*words, action);
}

std::string NamedAgency(const std::string& id) {
  const reference::Reference& reference = reference::EmbeddedReference();
  const auto found = reference.FindAgency(id);
  return found.ok() ? absl::StrCat(id, " (", reference.agency(*found).name, ")") : id;
}

std::string ShortActor(const std::string& uri) {
  const std::vector<std::string> words = absl::StrSplit(uri, '/');
  return words.size() < 2 ? uri : absl::StrCat(words[words.size() - 2], " ", words.back());
}

std::string DayCell(const google::type::Date& day) {
  const auto made = MakeDay(day.year(), day.month(), day.day());
  return made.ok() ? FormatDay(*made) : "";
}

std::string GermanDay(const google::type::Date& day) {
  const auto made = MakeDay(day.year(), day.month(), day.day());
  return made.ok() ? FormatDayGerman(*made) : "";
}

std::string TimeCell(const google::protobuf::Timestamp& time) {
  absl::TimeZone berlin;
  if (!absl::LoadTimeZone("Europe/Berlin", &berlin)) berlin = absl::UTCTimeZone();
  return absl::FormatTime("%Y-%m-%d %H:%M:%S", ToTime(time), berlin);
}

std::string DayOfTime(const google::protobuf::Timestamp& time) { return TimeCell(time).substr(0, 10); }

}  // namespace teilhabe::ctl
