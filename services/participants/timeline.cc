#include "services/participants/timeline.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/day.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/dossier/days.h"
#include "services/participants/domain/handover_list.h"
#include "services/participants/domain/roles.h"

namespace teilhabe::participants {
namespace {

namespace wire = dossier::v1;

std::string Day(const google::type::Date& day) { return FormatDayGerman(dossier::ToCivil(day)); }

std::string StageText(carriers::v1::Stage stage) {
  const auto read = ToStage(stage, "stage");
  return read.ok() ? std::string(StageGerman(*read)) : "unbekannte Stufe";
}

std::string EndText(v1::EndReason reason) {
  switch (reason) {
    case v1::END_REASON_DEATH:
      return "Tod der leistungsberechtigten Person";
    case v1::END_REASON_GENERAL_LABOUR_MARKET:
      return "Übergang auf den allgemeinen Arbeitsmarkt";
    case v1::END_REASON_WITHDRAWN:
      return "Antrag zurückgenommen oder Leistung nicht mehr gewünscht";
    case v1::END_REASON_AGE_LIMIT:
      return "Altersgrenze";
    case v1::END_REASON_OTHER_SUPPORT:
      return "Unterstützung durch ein anderes System";
    case v1::END_REASON_JOINED:
      return "in einen anderen Fall überführt";
    default:
      return "Grund unbekannt";
  }
}

std::string ServiceEndText(v1::ServiceEndReason reason) {
  switch (reason) {
    case v1::SERVICE_END_REASON_COMPLETED:
      return "abgeschlossen";
    case v1::SERVICE_END_REASON_LEFT:
      return "auf Wunsch der Person beendet";
    case v1::SERVICE_END_REASON_PROVIDER_ENDED:
      return "durch den anderen Leistungsanbieter beendet";
    case v1::SERVICE_END_REASON_GENERAL_LABOUR_MARKET:
      return "wegen Übergangs auf den allgemeinen Arbeitsmarkt beendet";
    case v1::SERVICE_END_REASON_AGE_LIMIT:
      return "wegen der Altersgrenze beendet";
    case v1::SERVICE_END_REASON_DEATH:
      return "durch Tod beendet";
    default:
      return "beendet";
  }
}

template <typename Message>
std::string FollowText(const Message& message) {
  if (message.has_individual_solution()) {
    return absl::StrCat("; individuelle Lösung, Überprüfung am ", Day(message.individual_solution().review_day()));
  }
  if (message.has_ended()) return absl::StrCat("; Fall beendet (", EndText(message.ended().reason()), ")");
  return "";
}

std::string DecisionText(const v1::Decision& decision) {
  if (decision.outcome() == v1::DECISION_OUTCOME_REFUSED) {
    return absl::StrCat(StageText(decision.stage()), " abgelehnt", FollowText(decision));
  }
  std::string text = absl::StrCat(StageText(decision.stage()), " bewilligt ab ", Day(decision.first_day()));
  if (decision.has_last_day()) absl::StrAppend(&text, " bis ", Day(decision.last_day()));
  if (!decision.provider().empty()) absl::StrAppend(&text, ", Leistungserbringer ", decision.provider());
  absl::StrAppend(&text, "; leistender Träger ", decision.leistender_traeger());
  if (!decision.competent_traeger().empty() && decision.competent_traeger() != decision.leistender_traeger()) {
    absl::StrAppend(&text, ", materiell zuständig ", decision.competent_traeger());
  }
  return text;
}

std::string ReportText(const std::string& kind) {
  if (kind == "fachliche_stellungnahme") return "Fachliche Stellungnahme";
  if (kind == "fachausschuss") return "Stellungnahme des Fachausschusses";
  if (kind == "objection") return "Widerspruch";
  return "Bericht";
}

// One sentence on an event; `step`: what a RECORDED or taken one says, where it is a step of a case.
std::string EventText(const wire::EventHeader& header, const v1::Procedure* step) {
  switch (header.kind()) {
    case wire::EVENT_KIND_OPENED:
      return "Fall eröffnet";
    case wire::EVENT_KIND_RECORDED:
      return step == nullptr ? absl::StrCat("Aufgezeichnet: ", header.record()) : StepText(*step);
    case wire::EVENT_KIND_CONTRIBUTION_TAKEN:
      return step == nullptr ? "Beitrag eines Beteiligten übernommen" : StepText(*step);
    case wire::EVENT_KIND_ANNOUNCED:
      return absl::StrCat("Übergabe angekündigt an ", header.announced().to());
    case wire::EVENT_KIND_OFFERED:
      return absl::StrCat("Fall angeboten an ", header.offered().to());
    case wire::EVENT_KIND_ACCEPTED:
      return absl::StrCat("Fall übernommen durch ", header.author());
    case wire::EVENT_KIND_OFFER_CLOSED:
      return "Angebot geschlossen: der Fall wurde nicht übernommen";
    case wire::EVENT_KIND_FORWARDED:
      return absl::StrCat("Antrag weitergeleitet an ", header.forwarded().to(), " (§ 14 SGB IX)");
    case wire::EVENT_KIND_SENT_OUTSIDE:
      return absl::StrCat("Signiertes Paket versandt an ", header.sent_outside().addressee());
    case wire::EVENT_KIND_RECEIVED_OUTSIDE:
      return absl::StrCat("Eingang des Pakets am ", Day(header.received_outside().received_day()), " nachgewiesen");
    case wire::EVENT_KIND_PARTY_ADMITTED:
      return absl::StrCat("Beteiligt: ", header.party_admitted().member());
    case wire::EVENT_KIND_PARTY_ENDED:
      return absl::StrCat("Beteiligung beendet: ", header.party_ended().member());
    case wire::EVENT_KIND_RELEASED:
      return absl::StrCat("Ältere Abschnitte freigegeben für ", header.released().member());
    case wire::EVENT_KIND_CORRECTED:
      return absl::StrCat("Berichtigt: Eintrag ", header.corrected().sequence());
    case wire::EVENT_KIND_JOINT_PROPOSED:
      return absl::StrCat("Gemeinsames Dokument vorgeschlagen: ", header.joint_proposed().document());
    case wire::EVENT_KIND_SUCCEEDED:
      return absl::StrCat("Rechtsnachfolge: ", header.author(), " führt den Fall von ",
                          header.succeeded().predecessor(), " weiter");
    default:
      return "Unbekannter Eintrag";
  }
}

template <typename Ids>
std::string ItemTexts(const Ids& ids) {
  std::vector<std::string> texts;
  for (const std::string& id : ids) texts.push_back(HandoverItemText(id));
  return absl::StrJoin(texts, ", ");
}

std::string DeclineText(const wire::Decision& decision) {
  std::vector<std::string> texts;
  for (const int reason : decision.reasons()) {
    switch (reason) {
      case wire::DECLINE_REASON_CHAIN_BROKEN:
        texts.push_back("die Kette der Einträge ist nicht in Ordnung");
        break;
      case wire::DECLINE_REASON_WRONG_KIND:
        texts.push_back("eine Stelle anderer Art ist zuständig");
        break;
      case wire::DECLINE_REASON_WRONG_PLACE:
        texts.push_back("eine Stelle eines anderen Ortes ist zuständig");
        break;
      case wire::DECLINE_REASON_ITEM_MISSING:
        texts.push_back(absl::StrCat("es fehlt: ", ItemTexts(decision.missing())));
        break;
      case wire::DECLINE_REASON_WITHDRAWN:
        texts.push_back("auf Bitte der abgebenden Stelle");
        break;
      default:
        break;
    }
  }
  return absl::StrJoin(texts, "; ");
}

// Old and new, in one sentence.
std::string CorrectedText(const wire::Corrected& corrected, const v1::Procedure& old, const v1::Procedure& now) {
  const std::string was = old.has_voided() ? "gestrichen" : absl::StrCat("„", StepText(old), "“");
  const std::string is = now.has_voided() ? "gestrichen" : absl::StrCat("„", StepText(now), "“");
  return absl::StrCat("Berichtigt: Eintrag ", corrected.sequence(), ", bisher ", was, ", jetzt ", is,
                      "; Grund: ", corrected.reason());
}

std::string StatementText(const wire::StatementHeader& header) {
  switch (header.detail_case()) {
    case wire::StatementHeader::kEingang:
      return header.eingang().sequence() > 0
                 ? absl::StrCat("Eingang von Eintrag ", header.eingang().sequence(), " bei ", header.author(),
                                " bestätigt")
                 : absl::StrCat("Eingang eines Beitrags bei ", header.author(), " bestätigt");
    case wire::StatementHeader::kDecision:
      return header.decision().outcome() == wire::OUTCOME_ACCEPTED
                 ? absl::StrCat(header.author(), " bestätigt die Übernahme")
                 : absl::StrCat(header.author(), " übernimmt den Fall nicht: ", DeclineText(header.decision()));
    case wire::StatementHeader::kWirksam:
      return absl::StrCat(header.author(), " bestätigt: Übergabe wirksam");
    case wire::StatementHeader::kWithdrawal:
      return absl::StrCat(header.author(), " bittet, das Angebot zurückzugeben");
    case wire::StatementHeader::kConsent:
      return absl::StrCat(header.author(), " stimmt der Weiterleitung zu (§ 14 Abs. 3 SGB IX)");
    case wire::StatementHeader::kReady:
      return header.ready().missing().empty()
                 ? absl::StrCat(header.author(), ": vollständig")
                 : absl::StrCat(header.author(), ": es fehlt noch: ", ItemTexts(header.ready().missing()));
    case wire::StatementHeader::kRejection:
      return absl::StrCat(header.author(), " hat eine Sendung zurückgewiesen");
    default:
      return "";
  }
}

// Where an entry stands: by time; of one instant, an answer behind what it answers.
struct Place {
  std::int64_t seconds = 0;
  std::int64_t nanos = 0;
  std::int64_t about = 0;  // Twice the sequence, plus 1 for a statement about it.
  std::string hash;        // Hex.
  friend auto operator<=>(const Place&, const Place&) = default;
};

template <typename Header>
Place PlaceOf(const Header& header, std::int64_t about, const crypto::Digest& hash) {
  return {header.recorded_time().seconds(), header.recorded_time().nanos(), about, hash.Hex()};
}

std::string ToToken(const std::string& dossier, const Place& place) {
  return absl::StrJoin(
      {dossier, std::to_string(place.seconds), std::to_string(place.nanos), std::to_string(place.about), place.hash},
      ".");
}
// Errors: PAGE_TOKEN.
absl::StatusOr<Place> FromToken(const std::string& dossier, const std::string& token) {
  const std::vector<std::string> parts = absl::StrSplit(token, '.');
  Place place;
  if (parts.size() == 5 && parts[0] == dossier && absl::SimpleAtoi(parts[1], &place.seconds) &&
      absl::SimpleAtoi(parts[2], &place.nanos) && absl::SimpleAtoi(parts[3], &place.about)) {
    place.hash = parts[4];
    return place;
  }
  return FieldError(absl::StatusCode::kInvalidArgument, "PAGE_TOKEN", "page_token", "it is of another request");
}

}  // namespace

std::string StepText(const v1::Procedure& step) {
  switch (step.step_case()) {
    case v1::Procedure::kApplication:
      return absl::StrCat("Antrag auf Leistungen im ", StageText(step.application().stage()), ", eingegangen am ",
                          Day(step.application().eingang_day()), " bei ", step.application().received_by());
    case v1::Procedure::kRepresentation:
      return step.representation().ends() == 0 ? "Vertretung eingetragen" : "Vertretung beendet";
    case v1::Procedure::kMedicalHint:
      return step.medical_hint().objection() ? "Hinweis nach § 76 SGB X gegeben; die Person widerspricht der Weitergabe"
                                             : "Hinweis nach § 76 SGB X gegeben";
    case v1::Procedure::kAssessment:
      return "Bedarf ermittelt";
    case v1::Procedure::kDetermination:
      return "Bedarf festgestellt";
    case v1::Procedure::kTeilhabeplan:
      return absl::StrCat(step.teilhabeplan().gesamtplan() ? "Teilhabe- und Gesamtplan" : "Teilhabeplan", ", Fassung ",
                          step.teilhabeplan().version(), ", Überprüfung am ", Day(step.teilhabeplan().review_day()));
    case v1::Procedure::kGesamtplanFinding:
      return absl::StrCat("Bedarf im Gesamtplanverfahren festgestellt: ", StageText(step.gesamtplan_finding().stage()));
    case v1::Procedure::kDecision:
      return DecisionText(step.decision());
    case v1::Procedure::kServiceStarted:
      return absl::StrCat("Leistung begonnen am ", Day(step.service_started().first_day()));
    case v1::Procedure::kServiceEnded:
      return absl::StrCat("Leistung ", ServiceEndText(step.service_ended().reason()), ", letzter Tag ",
                          Day(step.service_ended().last_day()), FollowText(step.service_ended()));
    case v1::Procedure::kIndividualSolution:
      return absl::StrCat("Individuelle Lösung, Überprüfung am ", Day(step.individual_solution().review_day()));
    case v1::Procedure::kEnded:
      return absl::StrCat("Fall beendet: ", EndText(step.ended().reason()));
    case v1::Procedure::kJoined:
      return absl::StrCat("In den Fall ", step.joined().into(), " überführt");
    case v1::Procedure::kReport:
      return ReportText(step.report().kind());
    case v1::Procedure::kNextStage:
      return StageText(step.next_stage().stage());
    case v1::Procedure::kSent:
    case v1::Procedure::kVoided:
    case v1::Procedure::STEP_NOT_SET:
      return "";
  }
  return "";
}

absl::StatusOr<v1::GetTimelineResponse> MakeTimeline(const CaseFile& file,
                                                     const std::vector<dossier::Statement>& statements, int size,
                                                     const std::string& token) {
  struct Placed {
    v1::TimelineEntry entry;
    Place place;
  };
  std::vector<Placed> placed;
  std::map<std::string, std::int64_t> sequences;  // By hash.
  std::map<std::int64_t, v1::Procedure> counted;  // Of what was corrected, up to the event at hand.
  v1::GetTimelineResponse response;
  std::optional<Place> after;
  if (!token.empty()) {
    TEILHABE_ASSIGN_OR_RETURN(after, FromToken(file.log.dossier(), token));
  }
  for (const dossier::Event& event : file.events) {
    placed.push_back({{}, PlaceOf(event.header, 2 * event.header.sequence(), event.hash)});
    sequences[std::string(event.hash.bytes())] = event.header.sequence();
    v1::TimelineEntry& entry = placed.back().entry;
    const auto step =
        std::lower_bound(file.steps.begin(), file.steps.end(), event.header.sequence(),
                         [](const v1::CaseStep& shown, std::int64_t sequence) { return shown.sequence() < sequence; });
    const bool found = step != file.steps.end() && step->sequence() == event.header.sequence();
    entry.set_sequence(event.header.sequence());
    *entry.mutable_day() = found ? step->event_day() : event.header.event_day();
    *entry.mutable_recorded_time() = event.header.recorded_time();
    entry.set_clock_doubtful(file.doubtful.contains(event.header.sequence()));
    entry.set_agency(found ? step->author() : event.header.author());
    entry.set_official(found ? step->official() : event.header.official());
    entry.set_kind(event.header.kind() == wire::EVENT_KIND_RECORDED ? event.header.record()
                                                                    : wire::EventKind_Name(event.header.kind()));
    entry.set_legal_basis(event.header.legal_basis());
    const auto written = file.written.find(event.header.sequence());
    if (written == file.written.end()) {
      entry.set_text(EventText(event.header, found ? &step->step() : nullptr));
    } else if (event.header.has_corrected()) {
      v1::Procedure& counts = counted[event.header.corrected().sequence()];
      entry.set_text(CorrectedText(event.header.corrected(), counts, written->second));
      counts = written->second;
    } else {
      entry.set_text(StepText(written->second));
      counted[event.header.sequence()] = written->second;
    }
  }
  for (const dossier::Statement& statement : statements) {
    const wire::StatementHeader& header = statement.header;
    const std::string text = StatementText(header);
    if (text.empty()) continue;  // A contribution: it stands in the log.
    const auto about = sequences.find(dossier::AboutHash(header));
    const std::int64_t answered = about == sequences.end() ? file.log.sequence() : about->second;
    placed.push_back({{}, PlaceOf(header, 2 * answered + 1, statement.hash)});
    v1::TimelineEntry& entry = placed.back().entry;
    *entry.mutable_day() = header.event_day();
    *entry.mutable_recorded_time() = header.recorded_time();
    entry.set_agency(header.author());
    entry.set_official(header.official());
    entry.set_kind(wire::StatementHeader::descriptor()->FindFieldByNumber(header.detail_case())->name());
    entry.set_legal_basis(header.legal_basis());
    entry.set_text(text);
  }
  std::sort(placed.begin(), placed.end(), [](const Placed& a, const Placed& b) { return a.place < b.place; });
  for (std::size_t at = 0; at < placed.size(); ++at) {
    if (after && placed[at].place <= *after) continue;
    if (response.entries_size() == size) {
      response.set_next_page_token(ToToken(file.log.dossier(), placed[at - 1].place));
      break;
    }
    *response.add_entries() = std::move(placed[at].entry);
  }
  if (after) return response;
  for (const RolePeriod& from : RolesOf(file.folded)) {
    v1::RolePeriod& to = *response.add_roles();
    *to.mutable_first_day() = dossier::ToDate(from.first);
    if (from.last) *to.mutable_last_day() = dossier::ToDate(*from.last);
    to.set_holder(from.roles.holder);
    for (const Leistender& leistender : from.roles.leistende) {
      v1::LeistenderTraeger& shown = *to.add_leistende_traeger();
      shown.set_agency(leistender.agency);
      shown.set_of(leistender.of);
      shown.set_stage(ToProto(leistender.stage));
    }
    for (const std::string& issuer : from.roles.issuers) to.add_issuers(issuer);
  }
  return response;
}

}  // namespace teilhabe::participants
