#include "common/dossier/holder.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/dossier/days.h"
#include "common/dossier/relations.h"

namespace teilhabe::dossier {
namespace {

constexpr char kNextStage[] = "next_stage";
constexpr char kForwarding[] = "forwarding";
constexpr char kAdmission[] = "admission";

absl::Status Refuse(std::string_view reason, std::string_view field, std::string_view message) {
  return FieldError(absl::StatusCode::kFailedPrecondition, reason, field, message);
}

v1::Party* MutableParty(v1::LogState& log, std::string_view member) {
  const auto at = std::lower_bound(log.parties().begin(), log.parties().end(), member,
                                   [](const v1::Party& party, std::string_view id) { return party.member() < id; });
  if (at == log.parties().end() || at->member() != member) return nullptr;
  return log.mutable_parties(static_cast<int>(at - log.parties().begin()));
}

bool IsActiveParty(const v1::LogState& log, std::string_view member) {
  const v1::Party* const party = FindParty(log, member);
  return party != nullptr && !party->ended();
}

// Sets or replaces a party, keeping the order by member.
v1::Party& SetParty(v1::LogState& log, const std::string& member, const v1::Grant& grant, std::int64_t since) {
  v1::Party* party = MutableParty(log, member);
  if (party == nullptr) {
    log.add_parties()->set_member(member);
    std::sort(log.mutable_parties()->pointer_begin(), log.mutable_parties()->pointer_end(),
              [](const v1::Party* a, const v1::Party* b) { return a->member() < b->member(); });
    party = MutableParty(log, member);
  }
  party->Clear();
  party->set_member(member);
  *party->mutable_grant() = grant;
  party->set_since_sequence(since);
  return *party;
}

void RemoveParty(v1::LogState& log, std::string_view member) {
  const auto& parties = log.parties();
  const auto at = std::find_if(parties.begin(), parties.end(),
                               [member](const v1::Party& party) { return party.member() == member; });
  if (at != parties.end()) log.mutable_parties()->erase(at);
}

// Folds one event into a log, rule by rule.
class Fold {
 public:
  Fold(const v1::LogState& before, const Event& event, const Step& step)
      : before_(before), after_(before), event_(event), header_(event.header), step_(step) {}

  absl::StatusOr<v1::LogState> Run() {
    TEILHABE_RETURN_IF_ERROR(CheckPlace());
    TEILHABE_RETURN_IF_ERROR(CheckAuthor());
    after_.clear_forwarded_accepted_hash();  // Whatever follows `accepted` ends the chance to forward on.
    TEILHABE_RETURN_IF_ERROR(TakeKind());
    after_.set_sequence(header_.sequence());
    after_.set_epoch(header_.epoch());
    after_.set_head(std::string(event_.hash.bytes()));
    after_.set_last_kind(header_.kind());
    return std::move(after_);
  }

 private:
  // The event follows the last one of this dossier.
  absl::Status CheckPlace() {
    if (header_.sequence() > before_.sequence() + 1) {
      return WithDetail(Refuse("SEQUENCE_GAP", "sequence", "events before it are missing"), "expected",
                        std::to_string(before_.sequence() + 1));
    }
    if (header_.sequence() <= before_.sequence()) {
      return Refuse("DIVERGED", "sequence", "the log has another event there");
    }
    if (before_.sequence() == 0) {
      if (header_.kind() != v1::EVENT_KIND_OPENED) return Refuse("NOT_OPENED", "kind", "a log begins with OPENED");
    } else {
      if (header_.kind() == v1::EVENT_KIND_OPENED) return Refuse("ALREADY_OPENED", "kind", "only a log's first event");
      if (header_.dossier() != before_.dossier() || header_.class_() != before_.class_() ||
          header_.training() != before_.training()) {
        return Refuse("DOSSIER_MISMATCH", "dossier", "dossier, class and training are those of the first event");
      }
    }
    const std::string previous = before_.sequence() == 0 ? std::string(crypto::Digest::kSize, '\0') : before_.head();
    if (header_.previous_hash() != previous) {
      return Refuse("DIVERGED", "previous_hash", "it does not follow the last event");
    }
    const bool next_epoch = header_.kind() == v1::EVENT_KIND_ACCEPTED || header_.kind() == v1::EVENT_KIND_SUCCEEDED;
    if (header_.epoch() != before_.epoch() + (next_epoch ? 1 : 0)) {
      return Refuse("EPOCH_WRONG", "epoch", "each change of holder adds 1, nothing else does");
    }
    return absl::OkStatus();
  }

  // Rules 1, 2 and 4: who may write, and when nobody may.
  absl::Status CheckAuthor() const {
    const bool frozen = before_.has_offer();
    if (header_.kind() != v1::EVENT_KIND_ACCEPTED) TEILHABE_RETURN_IF_ERROR(CheckNotEnded());
    switch (header_.kind()) {
      case v1::EVENT_KIND_OPENED:
        return absl::OkStatus();
      case v1::EVENT_KIND_ACCEPTED:
        if (!frozen) return Refuse("OFFER_NOT_OPEN", "kind", "nothing was offered");
        if (header_.author() != before_.offer().to() && step_.rules.addressee_accepts) {
          return Refuse("NOT_ADDRESSEE", "author", "it was offered to another agency");
        }
        return absl::OkStatus();
      case v1::EVENT_KIND_OFFER_CLOSED:
        if (header_.author() != before_.holder() && !IsSuccessor()) return NotHolder();
        if (!frozen) return Refuse("OFFER_NOT_OPEN", "kind", "no offer is open");
        return absl::OkStatus();
      case v1::EVENT_KIND_SUCCEEDED:
        if (!IsSuccessor()) return Refuse("SUCCESSION_UNKNOWN", "author", "the directory names no such successor");
        break;
      default:
        if (header_.author() != before_.holder()) return NotHolder();
    }
    if (frozen && step_.rules.frozen_is_frozen) {
      return Refuse("LOG_FROZEN", "kind", "an offer is open; nothing is appended until it is answered");
    }
    return absl::OkStatus();
  }

  static absl::Status NotHolder() { return Refuse("NOT_HOLDER", "author", "only the holder appends"); }

  // After its last day an agency appends nothing, whatever day it writes, so that never two may: the successor does. It
  // may still accept what was offered to it, which the successor then takes over with the rest.
  absl::Status CheckNotEnded() const {
    if (!step_.appending) return absl::OkStatus();
    const absl::CivilDay recorded = LegalDay(absl::FromUnixSeconds(header_.recorded_time().seconds()));
    if (!step_.members.Successor(header_.author(), recorded)) return absl::OkStatus();
    return Refuse("SUCCEEDED_BY_OTHER", "author", "this agency has ended; its successor writes");
  }

  bool IsSuccessor() const {
    const auto succession = step_.members.Successor(before_.holder(), ToCivil(header_.event_day()));
    return succession && succession->successor == header_.author();
  }

  absl::Status TakeSucceeded() {
    const v1::Succeeded& succeeded = header_.succeeded();
    if (succeeded.predecessor() != before_.holder()) {
      return Refuse("SUCCESSION_UNKNOWN", "succeeded.predecessor", "it does not hold");
    }
    if (step_.members.Successor(before_.holder(), ToCivil(header_.event_day()))->act != succeeded.act()) {
      return Refuse("SUCCESSION_UNKNOWN", "succeeded.act", "the directory names another act");
    }
    ChangeHolder();
    return absl::OkStatus();
  }

  absl::Status TakeKind() {
    switch (header_.kind()) {
      case v1::EVENT_KIND_OPENED:
        after_.set_dossier(header_.dossier());
        after_.set_class_(header_.class_());
        after_.set_training(header_.training());
        after_.set_holder(header_.author());
        return absl::OkStatus();
      case v1::EVENT_KIND_RECORDED:
        if (header_.record() == "application" || header_.record() == "gesamtplan_finding") {
          after_.add_request_sequences(header_.sequence());
        }
        if (header_.record() == "application") after_.set_forwards(0);  // § 14 SGB IX counts by application.
        return absl::OkStatus();
      case v1::EVENT_KIND_ANNOUNCED:
        return TakeAnnounced();
      case v1::EVENT_KIND_OFFERED:
        return TakeOffered();
      case v1::EVENT_KIND_FORWARDED:
        return TakeForwarded();
      case v1::EVENT_KIND_ACCEPTED:
        return TakeAccepted();
      case v1::EVENT_KIND_OFFER_CLOSED:
        return TakeClosed();
      case v1::EVENT_KIND_SENT_OUTSIDE:
        return TakeSentOutside();
      case v1::EVENT_KIND_RECEIVED_OUTSIDE:
        return TakeReceivedOutside();
      case v1::EVENT_KIND_CONTRIBUTION_TAKEN:
        return TakeContribution();
      case v1::EVENT_KIND_PARTY_ADMITTED:
        return TakePartyAdmitted();
      case v1::EVENT_KIND_PARTY_ENDED:
        if (!IsActiveParty(before_, header_.party_ended().member())) return PartyUnknown("party_ended.member");
        MutableParty(after_, header_.party_ended().member())->set_ended(true);
        return absl::OkStatus();
      case v1::EVENT_KIND_RELEASED:
        return TakeReleased();
      case v1::EVENT_KIND_CORRECTED:
        return CheckSequence(header_.corrected().sequence(), "corrected.sequence");
      case v1::EVENT_KIND_JOINT_PROPOSED:
        return TakeJointProposed();
      case v1::EVENT_KIND_SUCCEEDED:
        return TakeSucceeded();
      default:
        return Refuse("EVENT_MALFORMED", "kind", "an unknown kind");
    }
  }

  static absl::Status PartyUnknown(std::string_view field) {
    return Refuse("PARTY_UNKNOWN", field, "it is no party to the dossier");
  }

  absl::Status CheckSequence(std::int64_t sequence, std::string_view field) const {
    if (sequence <= before_.sequence()) return absl::OkStatus();
    return Refuse("SECTION_NOT_FOUND", field, "the log has no such event yet");
  }

  // Whom something may be addressed to. Binds the author; who follows the log takes what was appended.
  absl::Status CheckAddressee(const std::string& to, const v1::Grant& grant, const std::string& field) const {
    if (!step_.appending) return absl::OkStatus();
    const std::string to_field = absl::StrCat(field, ".to");
    if (!step_.members.Key(to)) return Refuse("ADDRESSEE_UNKNOWN", to_field, "the directory has no such member");
    if (!step_.members.HasNode(to)) {
      return Refuse("ADDRESSEE_WITHOUT_NODE", to_field, "it has no node; use sent_outside");
    }
    if (!step_.members.MayHold(to, header_.class_())) {
      return Refuse("ADDRESSEE_WRONG_KIND", to_field, "a member of this kind cannot hold such a dossier");
    }
    return CheckGrant(grant, absl::StrCat(field, ".grant"));
  }

  absl::Status CheckTransfer(const std::string& to, const v1::Grant& grant, const std::string& place,
                             const std::string& field) const {
    if (to == before_.holder()) return Refuse("ADDRESSEE_IS_HOLDER", absl::StrCat(field, ".to"), "it holds already");
    TEILHABE_RETURN_IF_ERROR(CheckAddressee(to, grant, field));
    if (!step_.appending) return absl::OkStatus();
    if (!IsTransfer(grant.relation())) {
      return Refuse("GRANT_INVALID", absl::StrCat(field, ".grant"), "no file is handed over under this relation");
    }
    if (!place.empty() && !step_.members.IsCompetentAt(to, place, ToCivil(header_.event_day()))) {
      return Refuse("ADDRESSEE_WRONG_PLACE", absl::StrCat(field, ".place"), "it is not competent at this place");
    }
    return absl::OkStatus();
  }

  void OpenOffer(const std::string& to, const v1::Grant& grant, bool forwarded) {
    v1::OpenOffer& offer = *after_.mutable_offer();
    offer.set_hash(std::string(event_.hash.bytes()));
    offer.set_sequence(header_.sequence());
    offer.set_to(to);
    offer.set_forwarded(forwarded);
    *offer.mutable_day() = header_.event_day();
    *offer.mutable_grant() = grant;
    after_.clear_forwarded_accepted_hash();
  }

  absl::Status TakeAnnounced() {
    const v1::Announced& announced = header_.announced();
    if (announced.to() == before_.holder()) {
      return Refuse("ADDRESSEE_IS_HOLDER", "announced.to", "it holds already");
    }
    TEILHABE_RETURN_IF_ERROR(CheckAddressee(announced.to(), announced.grant(), "announced"));
    v1::Announcement& announcement = *after_.add_announcements();
    announcement.set_hash(std::string(event_.hash.bytes()));
    announcement.set_to(announced.to());
    if (!IsActiveParty(before_, announced.to())) {
      SetParty(after_, announced.to(), announced.grant(), header_.sequence()).set_names_only(true);
    }
    return absl::OkStatus();
  }

  absl::Status TakeOffered() {
    const v1::Offered& offered = header_.offered();
    // Each class has its own ways on; § 14 SGB IX is no offer.
    const bool admission = offered.grant().relation() == kAdmission;
    if (step_.appending &&
        (offered.grant().relation() == kForwarding || (header_.class_() == v1::DOSSIER_CLASS_CASE && admission))) {
      return Refuse("GRANT_INVALID", "offered.grant", "no such dossier is offered under this relation");
    }
    TEILHABE_RETURN_IF_ERROR(CheckTransfer(offered.to(), offered.grant(), offered.place(), "offered"));
    // § 108 SGB IX: no benefit of the next stage without an application or the finding in the Gesamtplan procedure.
    const auto& requests = before_.request_sequences();
    if ((offered.grant().relation() == kNextStage || offered.request_sequence() != 0) &&
        std::find(requests.begin(), requests.end(), offered.request_sequence()) == requests.end()) {
      return Refuse("REQUEST_MISSING", "offered.request_sequence",
                    "the next stage needs the person's application or the Gesamtplan finding");
    }
    OpenOffer(offered.to(), offered.grant(), false);
    return absl::OkStatus();
  }

  // Rule 7.
  absl::Status TakeForwarded() {
    const v1::Forwarded& forwarded = header_.forwarded();
    if (ToCivil(forwarded.eingang_day()) > ToCivil(header_.event_day())) {
      return Refuse("FORWARD_DAY", "forwarded.eingang_day", "what is forwarded has arrived before");
    }
    if (step_.appending && forwarded.grant().relation() != kForwarding) {
      return Refuse("GRANT_INVALID", "forwarded.grant", "what § 14 SGB IX forwards carries what it allows");
    }
    if (before_.forwards() >= 2) return Refuse("FORWARD_THIRD", "kind", "§ 14 SGB IX knows no third forwarding");
    if (before_.forwards() == 1 && before_.forwarded_accepted_hash().empty()) {
      return Refuse("FORWARD_NOT_NEXT", "kind", "forwarding on is the first thing that the second agency does");
    }
    TEILHABE_RETURN_IF_ERROR(CheckTransfer(forwarded.to(), forwarded.grant(), forwarded.place(), "forwarded"));
    if (before_.forwards() == 1) {
      TEILHABE_RETURN_IF_ERROR(CheckConsent(forwarded));
    } else if (forwarded.has_consent()) {
      return Refuse("CONSENT_INVALID", "forwarded.consent", "a first forwarding needs none");
    }
    OpenOffer(forwarded.to(), forwarded.grant(), true);
    after_.set_forwards(before_.forwards() + 1);
    return absl::OkStatus();
  }

  absl::StatusOr<Statement> OpenEmbedded(const v1::SignedStatement& bytes) const {
    TEILHABE_ASSIGN_OR_RETURN(Statement statement,
                              OpenStatement(bytes, header_.training(), step_.members, step_.verifier));
    if (statement.header.dossier() != header_.dossier() || statement.header.class_() != header_.class_()) {
      return Refuse("DOSSIER_MISMATCH", "dossier", "the statement is about another dossier");
    }
    return statement;
  }

  absl::Status CheckConsent(const v1::Forwarded& forwarded) const {
    if (!forwarded.has_consent()) {
      return Refuse("CONSENT_MISSING", "forwarded.consent", "forwarding on needs the third agency's consent");
    }
    const auto consent = OpenEmbedded(forwarded.consent());
    if (!consent.ok() || consent->header.author() != forwarded.to() || consent->header.to() != before_.holder() ||
        consent->header.consent().accepted_hash() != before_.forwarded_accepted_hash()) {
      return Refuse("CONSENT_INVALID", "forwarded.consent", "it is not this agency's consent to this forwarding");
    }
    return absl::OkStatus();
  }

  void ChangeHolder() {
    const std::string former = before_.holder();
    RemoveParty(after_, header_.author());
    v1::Grant grant;
    grant.set_relation("former_holder");
    SetParty(after_, former, grant, header_.sequence());
    after_.set_holder(header_.author());
    after_.clear_holder_grant();
    after_.set_holder_since_sequence(header_.sequence());
    after_.clear_forwarded_accepted_hash();
  }

  // Rule 4: this one durable write is the change of holder.
  absl::Status TakeAccepted() {
    if (header_.accepted().offer_hash() != before_.offer().hash()) {
      return Refuse("OFFER_MISMATCH", "accepted.offer_hash", "it answers another offer than the last event");
    }
    ChangeHolder();
    *after_.mutable_holder_grant() = before_.offer().grant();
    if (!step_.rules.addressee_accepts) after_.set_holder(before_.offer().to());
    if (before_.offer().forwarded()) {
      after_.set_forwarded_accepted_hash(std::string(event_.hash.bytes()));
    } else {
      after_.set_forwards(0);
    }
    after_.clear_offer();
    return absl::OkStatus();
  }

  // Rule 6.
  absl::Status TakeClosed() {
    if (before_.offer().forwarded()) {
      return Refuse("FORWARD_NOT_DECLINABLE", "kind", "a forwarding cannot be declined (§ 14 SGB IX)");
    }
    if (step_.rules.only_answer_closes) {
      const auto decline = OpenEmbedded(header_.offer_closed().decline());
      if (!decline.ok() || decline->header.decision().outcome() != v1::OUTCOME_DECLINED ||
          decline->header.author() != before_.offer().to() || decline->header.to() != before_.holder()) {
        return Refuse("DECLINE_INVALID", "offer_closed.decline", "it is not the addressee's signed decline");
      }
      if (decline->header.decision().offer_hash() != before_.offer().hash() && step_.rules.answer_names_offer) {
        return Refuse("OFFER_MISMATCH", "offer_closed.decline", "the decline is of another offer");
      }
    }
    after_.clear_offer();
    return absl::OkStatus();
  }

  absl::Status TakeSentOutside() {
    v1::Outside& outside = *after_.add_outsides();
    outside.set_sent_hash(std::string(event_.hash.bytes()));
    outside.set_addressee(header_.sent_outside().addressee());
    *outside.mutable_posted_day() = header_.event_day();
    *outside.mutable_review_day() = header_.sent_outside().review_day();
    return absl::OkStatus();
  }

  absl::Status TakeReceivedOutside() {
    const v1::ReceivedOutside& received = header_.received_outside();
    for (v1::Outside& outside : *after_.mutable_outsides()) {
      if (outside.sent_hash() != received.sent_hash()) continue;
      if (ToCivil(received.received_day()) < ToCivil(outside.posted_day()) ||
          ToCivil(received.received_day()) > ToCivil(header_.event_day())) {
        return Refuse("OUTSIDE_DAY", "received_outside.received_day",
                      "it arrives between the day of posting and the day of this record");
      }
      if (outside.has_received_day()) {
        return Refuse("OUTSIDE_KNOWN", "received_outside.sent_hash",
                      "its arrival is recorded; a wrong day is corrected");
      }
      *outside.mutable_received_day() = received.received_day();
      return absl::OkStatus();
    }
    return Refuse("OUTSIDE_UNKNOWN", "received_outside.sent_hash", "nothing of this hash was sent");
  }

  absl::Status TakeContribution() {
    constexpr char kField[] = "contribution_taken.contribution";
    const auto opened = OpenEmbedded(header_.contribution_taken().contribution());
    if (!opened.ok()) return Refuse("CONTRIBUTION_INVALID", kField, "it is not a signed statement about this dossier");
    const v1::StatementHeader& statement = opened->header;
    // Who has come to hold since takes its own too.
    if (statement.author() != before_.holder() && FindParty(before_, statement.author()) == nullptr) {
      return Refuse("PARTY_UNKNOWN", kField, "its author is and was no party to the dossier");
    }
    const std::string hash(opened->hash.bytes());
    const auto& taken = before_.contributions();
    if (std::find(taken.begin(), taken.end(), hash) != taken.end()) {
      return Refuse("CONTRIBUTION_TWICE", kField, "it is in the log already");
    }
    bool same_sections = statement.sections_size() == header_.sections_size();
    for (int i = 0; same_sections && i < statement.sections_size(); ++i) {
      same_sections = statement.sections(i).SerializeAsString() == header_.sections(i).SerializeAsString();
    }
    if (!same_sections) return Refuse("CONTRIBUTION_INVALID", "sections", "a contribution is taken unchanged");
    if (statement.has_joint_signature()) {
      TEILHABE_RETURN_IF_ERROR(TakeJointSignature(statement));
    } else if (statement.has_ready()) {
      if (!CheckReferences(before_, statement, statement.author()).ok()) {
        return Refuse("CONTRIBUTION_INVALID", kField, "nothing of this hash was announced to its author");
      }
    } else if (!statement.has_contribution()) {
      return Refuse("CONTRIBUTION_INVALID", kField, "a statement of this kind is not taken into the log");
    }
    after_.add_contributions(hash);
    return absl::OkStatus();
  }

  absl::Status TakeJointSignature(const v1::StatementHeader& statement) {
    for (v1::JointDocument& joint : *after_.mutable_joint_documents()) {
      if (joint.proposed_hash() != statement.joint_signature().proposed_hash()) continue;
      const auto& signatories = joint.signatories();
      if (std::find(signatories.begin(), signatories.end(), statement.author()) == signatories.end()) break;
      AddSignature(joint, statement.author(), statement.event_day());
      return absl::OkStatus();
    }
    return Refuse("JOINT_NOT_SIGNATORY", "contribution_taken.contribution", "it has no document to sign here");
  }

  // In force on the last signature.
  static void AddSignature(v1::JointDocument& joint, const std::string& member, const google::type::Date& day) {
    const auto& has = joint.signed_by();
    if (std::find(has.begin(), has.end(), member) == has.end()) joint.add_signed_by(member);
    // The last day counts, not the signature that arrived last.
    if (!joint.has_latest_signature_day() || ToCivil(joint.latest_signature_day()) < ToCivil(day)) {
      *joint.mutable_latest_signature_day() = day;
    }
    if (joint.signed_by_size() == joint.signatories_size() && !joint.has_in_force_day()) {
      *joint.mutable_in_force_day() = joint.latest_signature_day();
    }
  }

  absl::Status TakePartyAdmitted() {
    const v1::PartyAdmitted& admitted = header_.party_admitted();
    const v1::Party* const known = FindParty(before_, admitted.member());
    if (admitted.member() == before_.holder()) {
      return Refuse("ADDRESSEE_IS_HOLDER", "party_admitted.member", "the holder is none of the parties");
    }
    if (known != nullptr && !known->ended() && !known->names_only() && known->grant().relation() != "former_holder") {
      return Refuse("PARTY_ALREADY", "party_admitted.member", "it is a party; end that first");
    }
    if (step_.appending) {
      if (!step_.members.Key(admitted.member())) {
        return Refuse("ADDRESSEE_UNKNOWN", "party_admitted.member", "the directory has no such member");
      }
      if (!step_.members.MayTakePart(admitted.member(), header_.class_())) {
        return Refuse("PARTY_WRONG_KIND", "party_admitted.member",
                      "a member of this kind has no part in such a dossier");
      }
      TEILHABE_RETURN_IF_ERROR(CheckGrant(admitted.grant(), "party_admitted.grant"));
    }
    v1::Party& party = SetParty(after_, admitted.member(), admitted.grant(), header_.sequence());
    *party.mutable_from_day() = admitted.from_day();
    if (admitted.has_to_day()) *party.mutable_to_day() = admitted.to_day();
    return absl::OkStatus();
  }

  absl::Status TakeReleased() {
    const v1::Released& released = header_.released();
    if (!IsActiveParty(before_, released.member())) return PartyUnknown("released.member");
    for (const v1::ReleasedSection& section : released.sections()) {
      TEILHABE_RETURN_IF_ERROR(CheckSequence(section.sequence(), "released.sections"));
      *MutableParty(after_, released.member())->add_released() = section;
    }
    return absl::OkStatus();
  }

  absl::Status TakeJointProposed() {
    const v1::JointProposed& proposed = header_.joint_proposed();
    for (const v1::JointDocument& joint : before_.joint_documents()) {
      if (joint.document() == proposed.document() && joint.version() >= proposed.version()) {
        return Refuse("JOINT_VERSION", "joint_proposed.version", "the document has this version or a later one");
      }
    }
    v1::JointDocument& joint = *after_.add_joint_documents();
    joint.set_document(proposed.document());
    joint.set_version(proposed.version());
    joint.set_proposed_hash(std::string(event_.hash.bytes()));
    *joint.mutable_signatories() = proposed.signatories();
    const auto& signatories = proposed.signatories();
    if (std::find(signatories.begin(), signatories.end(), header_.author()) != signatories.end()) {
      AddSignature(joint, header_.author(), header_.event_day());  // Who proposes it signs it.
    }
    return absl::OkStatus();
  }

  const v1::LogState& before_;
  v1::LogState after_;
  const Event& event_;
  const v1::EventHeader& header_;
  const Step& step_;
};

}  // namespace

ProtocolRules DefaultRules() {
  ProtocolRules rules;
#ifdef TEILHABE_RULE_SWITCH
  const char* const off = std::getenv("TEILHABE_RULE_OFF");
  const std::string_view name = off == nullptr ? "" : off;
  rules.frozen_is_frozen = name != "frozen_is_frozen";
  rules.only_answer_closes = name != "only_answer_closes";
  rules.addressee_accepts = name != "addressee_accepts";
  rules.decline_is_durable = name != "decline_is_durable";
  rules.answer_names_offer = name != "answer_names_offer";
#endif
  return rules;
}

absl::StatusOr<v1::LogState> Next(const v1::LogState& before, const Event& event, const Step& step) {
  return Fold(before, event, step).Run();
}

const v1::Party* FindParty(const v1::LogState& log, std::string_view member) {
  for (const v1::Party& party : log.parties()) {
    if (party.member() == member) return &party;
  }
  return nullptr;
}

}  // namespace teilhabe::dossier
