#pragma once

#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "common/dossier/testing/sample_log.h"
#include "teilhabe/dossier/v1/delivery.pb.h"

// What officials write, in one line each, for tests. Without a day: the harness puts in the network's today.
namespace teilhabe::dossier {

using Categories = std::vector<v1::Category>;

v1::EventDraft OpenedDraft(const std::vector<NewSection>& sections = {});
v1::EventDraft RecordDraft(const std::string& record, const std::vector<NewSection>& sections = {});
v1::EventDraft AnnounceDraft(const std::string& to, const Categories& categories = {v1::CATEGORY_IDENTITY});
// For the next stage; `request_sequence`: of the application.
v1::EventDraft OfferDraft(const std::string& to, std::int64_t request_sequence = 2,
                          const Categories& categories = {v1::CATEGORY_IDENTITY, v1::CATEGORY_CONTACT});
v1::EventDraft ForwardDraft(const std::string& to,
                            const Categories& categories = {v1::CATEGORY_IDENTITY, v1::CATEGORY_CONTACT});
v1::EventDraft AdmitDraft(const std::string& member, const v1::Grant& grant,
                          absl::CivilDay from = absl::CivilDay(2026, 3, 2));
v1::EventDraft EndDraft(const std::string& member);
v1::EventDraft ReleaseDraft(const std::string& member, std::int64_t sequence, const std::string& section);
v1::EventDraft CorrectDraft(std::int64_t sequence, const std::string& section, const NewSection& corrected);
v1::EventDraft ProposeDraft(const std::string& document, int version, const std::vector<std::string>& signatories);
v1::EventDraft SentOutsideDraft(const std::string& addressee);
v1::EventDraft ReceivedOutsideDraft(const std::string& sent_hash, absl::CivilDay received);
v1::EventDraft SucceedDraft(const std::string& predecessor);

v1::StatementDraft ContributionDraft(const std::string& record, const std::vector<NewSection>& sections = {});
v1::StatementDraft ReadyDraft(const std::string& announced_hash, const std::vector<std::string>& missing = {});
// Addressed: the author may know nothing of the dossier but this.
v1::StatementDraft ConsentDraft(const std::string& accepted_hash, const std::string& to);
v1::StatementDraft WithdrawalDraft(const std::string& offer_hash);
v1::StatementDraft JointSignatureDraft(const std::string& proposed_hash);

// A section of one attachment, its digest worked out.
NewSection SectionWithAttachment(const std::string& name, v1::Category category, const std::string& bytes,
                                 const std::string& media_type = "application/pdf");

// As they travel.
std::string Item(const v1::SignedEvent& event);
std::string Item(const Event& event);
std::string Item(const Statement& statement);
std::string Item(const v1::AttachmentChunk& chunk);

}  // namespace teilhabe::dossier
