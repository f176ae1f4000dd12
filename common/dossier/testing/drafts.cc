#include "common/dossier/testing/drafts.h"

#include "common/dossier/days.h"

namespace teilhabe::dossier {
namespace {

constexpr char kBasis[] = "§ 19 Abs. 1 SGB IX";

template <typename Draft>
void AddSections(Draft& draft, const std::vector<NewSection>& sections) {
  for (const NewSection& section : sections) {
    v1::SectionDraft& added = *draft.add_sections();
    added.set_name(section.name);
    added.set_category(section.category);
    *added.mutable_payload() = section.payload;
  }
}

v1::EventDraft Draft(v1::EventKind kind) {
  v1::EventDraft draft;
  draft.mutable_header()->set_kind(kind);
  draft.mutable_header()->set_legal_basis(kBasis);
  return draft;
}

v1::StatementDraft Draft() {
  v1::StatementDraft draft;
  draft.mutable_header()->set_legal_basis(kBasis);
  return draft;
}

}  // namespace

v1::EventDraft OpenedDraft(const std::vector<NewSection>& sections) {
  v1::EventDraft draft = Draft(v1::EVENT_KIND_OPENED);
  draft.mutable_header()->set_class_(v1::DOSSIER_CLASS_CASE);
  AddSections(draft, sections);
  return draft;
}

v1::EventDraft RecordDraft(const std::string& record, const std::vector<NewSection>& sections) {
  v1::EventDraft draft = Draft(v1::EVENT_KIND_RECORDED);
  draft.mutable_header()->set_record(record);
  AddSections(draft, sections);
  return draft;
}

v1::EventDraft AnnounceDraft(const std::string& to, const Categories& categories) {
  v1::EventDraft draft = Draft(v1::EVENT_KIND_ANNOUNCED);
  draft.mutable_header()->mutable_announced()->set_to(to);
  *draft.mutable_header()->mutable_announced()->mutable_grant() = SampleGrant("next_stage", categories);
  return draft;
}

v1::EventDraft OfferDraft(const std::string& to, std::int64_t request_sequence, const Categories& categories) {
  v1::EventDraft draft = Draft(v1::EVENT_KIND_OFFERED);
  v1::Offered& offered = *draft.mutable_header()->mutable_offered();
  offered.set_to(to);
  offered.set_request_sequence(request_sequence);
  offered.set_place(kSamplePlace);
  *offered.mutable_grant() = SampleGrant("next_stage", categories);
  return draft;
}

v1::EventDraft ForwardDraft(const std::string& to, const Categories& categories) {
  v1::EventDraft draft = Draft(v1::EVENT_KIND_FORWARDED);
  v1::Forwarded& forwarded = *draft.mutable_header()->mutable_forwarded();
  forwarded.set_to(to);
  forwarded.set_place(kSamplePlace);
  *forwarded.mutable_grant() = SampleGrant("forwarding", categories);
  *forwarded.mutable_eingang_day() = ToDate(absl::CivilDay(2026, 2, 27));
  return draft;
}

v1::EventDraft AdmitDraft(const std::string& member, const v1::Grant& grant, absl::CivilDay from) {
  v1::EventDraft draft = Draft(v1::EVENT_KIND_PARTY_ADMITTED);
  v1::PartyAdmitted& admitted = *draft.mutable_header()->mutable_party_admitted();
  admitted.set_member(member);
  *admitted.mutable_grant() = grant;
  *admitted.mutable_from_day() = ToDate(from);
  return draft;
}

v1::EventDraft EndDraft(const std::string& member) {
  v1::EventDraft draft = Draft(v1::EVENT_KIND_PARTY_ENDED);
  draft.mutable_header()->mutable_party_ended()->set_member(member);
  return draft;
}

v1::EventDraft ReleaseDraft(const std::string& member, std::int64_t sequence, const std::string& section) {
  v1::EventDraft draft = Draft(v1::EVENT_KIND_RELEASED);
  draft.mutable_header()->mutable_released()->set_member(member);
  v1::ReleasedSection& released = *draft.mutable_header()->mutable_released()->add_sections();
  released.set_sequence(sequence);
  released.set_name(section);
  return draft;
}

v1::EventDraft CorrectDraft(std::int64_t sequence, const std::string& section, const NewSection& corrected) {
  v1::EventDraft draft = Draft(v1::EVENT_KIND_CORRECTED);
  draft.mutable_header()->mutable_corrected()->set_sequence(sequence);
  draft.mutable_header()->mutable_corrected()->set_name(section);
  draft.mutable_header()->mutable_corrected()->set_reason("Schreibfehler");
  AddSections(draft, {corrected});
  return draft;
}

v1::EventDraft ProposeDraft(const std::string& document, int version, const std::vector<std::string>& signatories) {
  v1::EventDraft draft = Draft(v1::EVENT_KIND_JOINT_PROPOSED);
  v1::JointProposed& proposed = *draft.mutable_header()->mutable_joint_proposed();
  proposed.set_document(document);
  proposed.set_version(version);
  for (const std::string& signatory : signatories) proposed.add_signatories(signatory);
  return draft;
}

v1::EventDraft SentOutsideDraft(const std::string& addressee) {
  v1::EventDraft draft = Draft(v1::EVENT_KIND_SENT_OUTSIDE);
  v1::SentOutside& sent = *draft.mutable_header()->mutable_sent_outside();
  sent.set_addressee(addressee);
  sent.set_package_hash(std::string(crypto::Digest::kSize, 'p'));
  *sent.mutable_review_day() = ToDate(absl::CivilDay(2026, 4, 2));
  return draft;
}

v1::EventDraft ReceivedOutsideDraft(const std::string& sent_hash, absl::CivilDay received) {
  v1::EventDraft draft = Draft(v1::EVENT_KIND_RECEIVED_OUTSIDE);
  v1::ReceivedOutside& outside = *draft.mutable_header()->mutable_received_outside();
  outside.set_sent_hash(sent_hash);
  *outside.mutable_received_day() = ToDate(received);
  outside.set_evidence("Rückschein");
  return draft;
}

v1::EventDraft SucceedDraft(const std::string& predecessor) {
  v1::EventDraft draft = Draft(v1::EVENT_KIND_SUCCEEDED);
  draft.mutable_header()->mutable_succeeded()->set_predecessor(predecessor);
  draft.mutable_header()->mutable_succeeded()->set_act(kSampleAct);
  return draft;
}

v1::StatementDraft ContributionDraft(const std::string& record, const std::vector<NewSection>& sections) {
  v1::StatementDraft draft = Draft();
  draft.mutable_header()->mutable_contribution()->set_record(record);
  AddSections(draft, sections);
  return draft;
}

v1::StatementDraft ReadyDraft(const std::string& announced_hash, const std::vector<std::string>& missing) {
  v1::StatementDraft draft = Draft();
  draft.mutable_header()->mutable_ready()->set_announced_hash(announced_hash);
  for (const std::string& item : missing) draft.mutable_header()->mutable_ready()->add_missing(item);
  return draft;
}

v1::StatementDraft ConsentDraft(const std::string& accepted_hash, const std::string& to) {
  v1::StatementDraft draft = Draft();
  draft.mutable_header()->set_class_(v1::DOSSIER_CLASS_CASE);
  draft.mutable_header()->set_to(to);
  draft.mutable_header()->mutable_consent()->set_accepted_hash(accepted_hash);
  return draft;
}

v1::StatementDraft WithdrawalDraft(const std::string& offer_hash) {
  v1::StatementDraft draft = Draft();
  draft.mutable_header()->mutable_withdrawal()->set_offer_hash(offer_hash);
  return draft;
}

v1::StatementDraft JointSignatureDraft(const std::string& proposed_hash) {
  v1::StatementDraft draft = Draft();
  draft.mutable_header()->mutable_joint_signature()->set_proposed_hash(proposed_hash);
  return draft;
}

NewSection SectionWithAttachment(const std::string& name, v1::Category category, const std::string& bytes,
                                 const std::string& media_type) {
  NewSection section = SampleSection(name, category);
  v1::Attachment& attachment = *section.payload.add_attachments();
  attachment.set_file_name("Anlage");
  attachment.set_media_type(media_type);
  attachment.set_size(static_cast<std::int64_t>(bytes.size()));
  attachment.set_digest(std::string(AttachmentDigest(bytes).bytes()));
  return section;
}

std::string Item(const v1::SignedEvent& event) {
  v1::DeliveryItem item;
  *item.mutable_event() = event;
  return item.SerializeAsString();
}

std::string Item(const Event& event) { return Item(event.bytes); }

std::string Item(const Statement& statement) {
  v1::DeliveryItem item;
  *item.mutable_statement() = statement.bytes;
  return item.SerializeAsString();
}

std::string Item(const v1::AttachmentChunk& chunk) {
  v1::DeliveryItem item;
  *item.mutable_chunk() = chunk;
  return item.SerializeAsString();
}

}  // namespace teilhabe::dossier
