#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "services/ctl/client.h"

// The commands `teilhabe case`: cases of persons as case workers have them. CASE is a case's id or this agency's file
// number. Texts are as they stand on the command line; an empty day is the network's today. A command that writes reads
// the case before, for its head, and makes a new request id; each prints by the session's format.
namespace teilhabe::ctl {

struct CaseText {
  std::string id;  // CASE
};

struct OpenCaseText {
  std::string family_name, given_names, birth_day;
  std::string municipality, street, postal_code, place;
  std::string file_number;
  std::string person;  // Id of a person of this agency whom an official has matched; empty: a new one.
  std::string day, evidence;
};
// Prints the new case's id. Where no answer came, the error has it, since the case may have been opened.
absl::Status CaseOpen(const Session& session, const OpenCaseText& text);

struct CaseListText {
  bool held = false;
  std::string due_by, rest, file_number;
};
// All cases, those first that are due first.
absl::Status CaseList(const Session& session, const CaseListText& text);

// Who holds it, who decides and pays, who issued what is in force, who she is, on what it rests, what happened.
absl::Status CaseShow(const Session& session, const CaseText& text);

struct TimelineText {
  std::string id;
  bool roles = false;  // The roles alone.
};
absl::Status CaseTimeline(const Session& session, const TimelineText& text);

struct InvolveText {
  std::string id, agency, relation;
  std::vector<std::string> categories;  // `needs`; none: all that the relation has without a choice.
  bool release_older = false;
  std::string until, medical_basis;
};
absl::Status CaseInvolve(const Session& session, const InvolveText& text);

struct AnnounceText {
  std::string id, to, stage;
};
absl::Status CaseAnnounce(const Session& session, const AnnounceText& text);

struct OfferText {
  std::string id, to;
  std::int64_t request = 0;  // Entry of the application or Gesamtplan finding.
  bool incomplete = false;
  std::string place, medical_basis;
};
absl::Status CaseOffer(const Session& session, const OfferText& text);

// Both answer the open offer of the case. Errors: kFailedPrecondition, OFFER_NOT_OPEN.
absl::Status CaseAccept(const Session& session, const CaseText& text);
struct DeclineText {
  std::string id;
  std::vector<std::string> reasons;  // `item_missing`
  std::vector<std::string> missing;  // Items of the own published list.
};
absl::Status CaseDecline(const Session& session, const DeclineText& text);

struct ForwardText {
  std::string id, to;
  std::int64_t application = 0;
  std::string place;
};
absl::Status CaseForward(const Session& session, const ForwardText& text);

struct SendOutsideText {
  std::string id, addressee;
  std::int64_t application = 0;
  std::string review, day;
  std::string out;  // File that does not exist yet.
};
// Writes the package. The file is made before the case is sent, so that no package gets lost. Errors: kInvalidArgument,
// OUTPUT_EXISTS, OUTPUT_UNWRITABLE.
absl::Status CaseSendOutside(const Session& session, const SendOutsideText& text);

struct ApplyText {
  std::string id, stage, provider;
  std::string eingang;  // Empty: the event's day.
  std::string day, evidence;
};
// Records the person's own application.
absl::Status CaseApply(const Session& session, const ApplyText& text);

struct CaseJsonText {
  std::string id;
  std::string json;  // `-`: standard input. Without case, request_id, expected_head.
  bool check = false;
};
// Any other step: a RecordStepRequest.
absl::Status CaseRecord(const Session& session, const CaseJsonText& text);
// A DecideRequest; with `check` nothing is written.
absl::Status CaseDecide(const Session& session, const CaseJsonText& text);

struct AskText {
  std::string id;
  std::vector<std::string> agencies;
  std::int64_t application = 0;
  std::string person_was_asked;
};
// Whether other agencies have an open case of the person.
absl::Status CaseAsk(const Session& session, const AskText& text);

}  // namespace teilhabe::ctl
