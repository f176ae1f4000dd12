#pragma once

#include <string>

#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"
#include "teilhabe/carriers/v1/competence.pb.h"
#include "teilhabe/dossier/v1/section.pb.h"
#include "teilhabe/participants/v1/case.pb.h"
#include "teilhabe/participants/v1/cases.pb.h"
#include "teilhabe/participants/v1/persons.pb.h"

// German words for what contracts have as numbers and ids. What no table knows is shown as it came.
namespace teilhabe::ctl {

std::string StageWord(carriers::v1::Stage stage);
// On what a case rests: `laufende Leistung`.
std::string RestWord(participants::v1::RestKind kind);
// How this agency stands to a case, as a sentence.
std::string StandingSentence(participants::v1::Standing standing);
std::string CategoryWord(dossier::v1::Category category);
// `involved` as `weiterer beteiligter Träger (§ 15 SGB IX)`.
std::string RelationWord(const std::string& relation);
std::string RepresentationWord(participants::v1::RepresentationKind kind);
std::string MatchWord(participants::v1::MatchKind kind);
// What was recorded: `Teilhabeplan`.
std::string StepWord(const participants::v1::Procedure& step);
// An action of the access log: `Fall angesehen`.
std::string ActionWord(const std::string& action);

// `lwl (Landschaftsverband Westfalen-Lippe)`; the id alone where the reference data have none of that name.
std::string NamedAgency(const std::string& id);
// `official sb-1` of an identity URI: the network and the agency stand elsewhere.
std::string ShortActor(const std::string& uri);

// 2026-01-05 in tables, 05.01.2026 in sentences; empty where there is no day.
std::string DayCell(const google::type::Date& day);
std::string GermanDay(const google::type::Date& day);
// In Europe/Berlin: `2026-01-05 09:15:07`, and the day alone.
std::string TimeCell(const google::protobuf::Timestamp& time);
std::string DayOfTime(const google::protobuf::Timestamp& time);

}  // namespace teilhabe::ctl
