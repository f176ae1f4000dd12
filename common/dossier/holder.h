#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/dossier/format.h"
#include "common/dossier/members.h"
#include "teilhabe/dossier/v1/state.pb.h"

// The change of holder as pure functions: what a log says, which event may come next, what a node may do. No clock, no
// storage, no transport. The rules are numbered as in the protocol's description.
namespace teilhabe::dossier {

// Test builds weaken a rule to show what it prevents; everybody else has all of them.
struct ProtocolRules {
  bool frozen_is_frozen = true;    // 2: after `offered` the holder appends nothing (counterexamples 1 and 4).
  bool only_answer_closes = true;  // 6: only the addressee's signed decline closes an offer (2).
  bool addressee_accepts = true;   // 4: the addressee's `accepted` is the change of holder, nobody else's (3).
  bool decline_is_durable = true;  // 5: a decline is stored before it is sent and final for its hash (5).
  bool answer_names_offer = true;  // 3: an answer names the hash of the offer, not only the epoch (6).
};
// The rules that a node follows: all of them. In test builds TEILHABE_RULE_OFF=<field> switches one off, so
// that a mutation run sees which test notices.
ProtocolRules DefaultRules();
// Their names, for `tests/run --mutate`.
inline constexpr std::string_view kProtocolRules[] = {"frozen_is_frozen", "only_answer_closes", "addressee_accepts",
                                                      "decline_is_durable", "answer_names_offer"};

// Returns the state after `event`, which its author may append to a log in state `before` (of no events: a default
// LogState). Pure: signatures and sections were checked by OpenEvent; those of embedded statements are checked here.
// Errors, kFailedPrecondition unless said otherwise, with field where one is at fault:
//   SEQUENCE_GAP (a later event than the next; detail `expected`), DIVERGED (another event than the one that follows,
//   by sequence or previous_hash), EPOCH_WRONG, DOSSIER_MISMATCH (other dossier, class or training than before)
//   NOT_HOLDER, NOT_ADDRESSEE (accepts what was not offered to it), LOG_FROZEN, OFFER_MISMATCH (accepted or closed
//   by another hash than that of the last event), OFFER_NOT_OPEN, FORWARD_NOT_DECLINABLE
//   ADDRESSEE_UNKNOWN, ADDRESSEE_WITHOUT_NODE, ADDRESSEE_WRONG_KIND, ADDRESSEE_WRONG_PLACE, ADDRESSEE_IS_HOLDER
//   REQUEST_MISSING (next stage without application or Gesamtplan finding), CONSENT_MISSING, CONSENT_INVALID,
//   FORWARD_THIRD, FORWARD_NOT_NEXT (a second one not as the event after `accepted`), DECLINE_INVALID
//   CONTRIBUTION_INVALID, CONTRIBUTION_TWICE
//   GRANT_INVALID (relation unknown, or a category that it does not have), MEDICAL_BASIS_MISSING, PARTY_UNKNOWN,
//   PARTY_WRONG_KIND, PARTY_ALREADY, SECTION_NOT_FOUND, JOINT_VERSION (not above the one before), JOINT_NOT_SIGNATORY,
//   OUTSIDE_UNKNOWN, OUTSIDE_DAY (received before it was posted, or after this record), OUTSIDE_KNOWN, FORWARD_DAY
//   (arrived after this record), SUCCESSION_UNKNOWN (another successor, predecessor, day or act than the directory's),
//   SUCCEEDED_BY_OTHER (its author had ended when it was recorded), ALREADY_OPENED, NOT_OPENED
// Those on `to`, on grants and SUCCEEDED_BY_OTHER bind the author and are checked when it appends (`appending`); one
// that only follows the log takes what was appended, since a directory or a table may have changed since.
struct Step {
  const Members& members;
  const crypto::Verifier& verifier;
  bool appending = false;
  ProtocolRules rules = {};
};
absl::StatusOr<v1::LogState> Next(const v1::LogState& before, const Event& event, const Step& step);

// How a node stands to a dossier by its own durable log.
enum class Standing { kNone, kFollower, kAsked, kHolder, kOffered };
// `log`: of no events: no copy. `declined`: this node has declined the open offer.
Standing StandingOf(const v1::LogState& log, std::string_view self, bool declined);
std::string_view StandingName(Standing standing);
// Invariants I1 and I2 are stated with these.
bool MayDecide(const v1::LogState& log, std::string_view self, const ProtocolRules& rules = {});
bool IsBound(const v1::LogState& log, std::string_view self);

// What a node does with a signed decline that arrives.
enum class OnDecline {
  kClose,          // It answers the open offer, which is ours: append `offer_closed`.
  kKeep,           // Of an offer that is not the last event (closed, other hash), or not ours: nothing; keep it.
  kAnswerWithLog,  // The log shows that its author accepted: nothing; answer with the log.
};
OnDecline ReceiveDecline(const v1::LogState& log, const Statement& decline, std::string_view self,
                         const ProtocolRules& rules);

// What a node does with a request to withdraw an offer that was made to it.
enum class OnWithdrawal {
  kDecline,        // Store a decline (marked withdrawn), then send it; also for an offer not yet seen.
  kAnswerStored,   // It has been declined before: the stored decline again.
  kAnswerWithLog,  // It has been accepted: the log is the answer.
};
// `declined`: this node has declined that hash; `accepted`: its log holds the `accepted` that answers it.
OnWithdrawal ReceiveWithdrawal(bool declined, bool accepted);

// Whether what a ready or joint signature of `author` names is in the log and was addressed to it. Errors:
// kFailedPrecondition ANNOUNCEMENT_UNKNOWN, JOINT_NOT_SIGNATORY with field.
absl::Status CheckReferences(const v1::LogState& log, const v1::StatementHeader& header, std::string_view author);

// Whether an offer is in Klärung on `day`: unanswered for more than `after_days`. Shown, never written.
bool InKlaerung(const v1::LogState& log, absl::CivilDay day, int after_days);

// The party that `member` is or was, or null. The holder is none.
const v1::Party* FindParty(const v1::LogState& log, std::string_view member);

}  // namespace teilhabe::dossier
