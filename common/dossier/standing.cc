// The rest of holder.h: how a node stands to a log, and what it does with answers.
#include <algorithm>

#include "common/base/reason.h"
#include "common/dossier/days.h"
#include "common/dossier/holder.h"

namespace teilhabe::dossier {

Standing StandingOf(const v1::LogState& log, std::string_view self, bool declined) {
  if (log.sequence() == 0) return Standing::kNone;
  if (log.holder() == self) return log.has_offer() ? Standing::kOffered : Standing::kHolder;
  return log.has_offer() && log.offer().to() == self && !declined ? Standing::kAsked : Standing::kFollower;
}

std::string_view StandingName(Standing standing) {
  switch (standing) {
    case Standing::kNone:
      return "none";
    case Standing::kFollower:
      return "follower";
    case Standing::kAsked:
      return "asked";
    case Standing::kHolder:
      return "holder";
    case Standing::kOffered:
      return "offered";
  }
  return "none";
}

bool MayDecide(const v1::LogState& log, std::string_view self, const ProtocolRules& rules) {
  return log.sequence() > 0 && log.holder() == self && (!log.has_offer() || !rules.frozen_is_frozen);
}

bool IsBound(const v1::LogState& log, std::string_view self) { return log.sequence() > 0 && log.holder() == self; }

OnDecline ReceiveDecline(const v1::LogState& log, const Statement& decline, std::string_view self,
                         const ProtocolRules& rules) {
  if (log.holder() == self && log.has_offer() && !log.offer().forwarded() &&
      log.offer().to() == decline.header.author() && decline.header.to() == self &&
      decline.header.decision().outcome() == v1::OUTCOME_DECLINED &&
      (log.offer().hash() == decline.header.decision().offer_hash() || !rules.answer_names_offer)) {
    return OnDecline::kClose;
  }
  return log.holder() == decline.header.author() ? OnDecline::kAnswerWithLog : OnDecline::kKeep;
}

OnWithdrawal ReceiveWithdrawal(bool declined, bool accepted) {
  if (accepted) return OnWithdrawal::kAnswerWithLog;
  return declined ? OnWithdrawal::kAnswerStored : OnWithdrawal::kDecline;
}

absl::Status CheckReferences(const v1::LogState& log, const v1::StatementHeader& header, std::string_view author) {
  if (header.has_ready()) {
    const auto& all = log.announcements();
    if (std::none_of(all.begin(), all.end(), [&](const v1::Announcement& announcement) {
          return announcement.hash() == header.ready().announced_hash() && announcement.to() == author;
        })) {
      return FieldError(absl::StatusCode::kFailedPrecondition, "ANNOUNCEMENT_UNKNOWN", "ready.announced_hash",
                        "nothing of this hash was announced to it");
    }
  }
  if (header.has_joint_signature()) {
    const auto& all = log.joint_documents();
    if (std::none_of(all.begin(), all.end(), [&](const v1::JointDocument& joint) {
          return joint.proposed_hash() == header.joint_signature().proposed_hash() &&
                 std::count(joint.signatories().begin(), joint.signatories().end(), author) > 0;
        })) {
      return FieldError(absl::StatusCode::kFailedPrecondition, "JOINT_NOT_SIGNATORY", "joint_signature.proposed_hash",
                        "it has no document of this hash to sign");
    }
  }
  return absl::OkStatus();
}

bool InKlaerung(const v1::LogState& log, absl::CivilDay day, int after_days) {
  return log.has_offer() && day - ToCivil(log.offer().day()) > after_days;
}

}  // namespace teilhabe::dossier
