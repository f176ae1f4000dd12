#include "common/dossier/format.h"

#include <algorithm>
#include <set>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/dossier/days.h"

namespace teilhabe::dossier {
namespace {

constexpr char kEventDomain[] = "event";
constexpr char kStatementDomain[] = "statement";
constexpr std::size_t kMaxHeader = 65536;
constexpr std::size_t kMaxStatementHeader = 49152;  // One that is taken into the log must fit into an event's.
constexpr int kMaxSections = 64;
constexpr std::int64_t kLastSecond = 253402300799;  // Of the year 9999.
constexpr std::size_t kMaxPayload = 262144;
constexpr std::size_t kMaxPayloads = 2097152;  // Of one event: it travels as one item.
// The detail of kind k is field k + kDetailOffset of the header; OPENED and RECORDED have none.
constexpr int kDetailOffset = 17;

bool IsLowerOrDigit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool IsName(std::string_view text, std::string_view also) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [also](char c) {
    return IsLowerOrDigit(c) || also.find(c) != std::string_view::npos;
  });
}

bool IsMemberId(std::string_view text) {
  return IsName(text, "-._") && IsLowerOrDigit(text.front()) && IsLowerOrDigit(text.back());
}

bool IsDay(const google::type::Date& day) {
  const absl::CivilDay civil(day.year(), day.month(), day.day());
  return day.year() >= 1 && day.year() <= 9999 && civil.year() == day.year() && civil.month() == day.month() &&
         civil.day() == day.day();
}

// A text for people: not blank, bounded, nothing that moves a terminal.
bool IsText(std::string_view text, std::size_t max = 1000) {
  return text.size() <= max && text.find_first_not_of(' ') != std::string_view::npos &&
         std::none_of(text.begin(), text.end(), [](char c) { return (c >= 0 && c < 0x20) || c == 0x7f; });
}

bool IsHash(std::string_view bytes) { return bytes.size() == crypto::Digest::kSize; }

std::size_t MaxHeader(const v1::EventHeader&) { return kMaxHeader; }
std::size_t MaxHeader(const v1::StatementHeader&) { return kMaxStatementHeader; }

// Reads bytes that have one spelling only: what is signed must mean the same to everybody who reads it.
template <typename Message>
bool ParseStrictly(const std::string& bytes, Message& message) {
  if (bytes.size() > MaxHeader(message) || !message.ParseFromString(bytes)) return false;
  message.DiscardUnknownFields();
  return message.SerializeAsString() == bytes;
}

class Form {
 public:
  explicit Form(std::string_view reason) : reason_(reason) {}
  // Notes the first field that is wrong.
  void Check(bool good, std::string_view field) {
    if (!good && status_.ok()) {
      status_ =
          FieldError(absl::StatusCode::kInvalidArgument, reason_, field, absl::StrCat(ToAbsl(field), " is wrong"));
    }
  }
  const absl::Status& status() const { return status_; }

 private:
  std::string_view reason_;
  absl::Status status_;
};

// What events and statements have in common.
template <typename Header>
void CheckCommon(const Header& header, Form& form) {
  form.Check(IsDossierId(header.dossier()), "dossier");
  form.Check(header.class_() != v1::DOSSIER_CLASS_UNSPECIFIED && v1::DossierClass_IsValid(header.class_()), "class");
  form.Check(IsMemberId(header.author()), "author");
  form.Check(header.incarnation() >= 1, "incarnation");
  form.Check(header.official().empty() || IsMemberId(header.official()), "official");
  form.Check(IsDay(header.event_day()), "event_day");
  const auto& recorded = header.recorded_time();
  form.Check(recorded.seconds() > 0 && recorded.seconds() <= kLastSecond && recorded.nanos() >= 0 &&
                 recorded.nanos() < 1000000000,
             "recorded_time");
  form.Check(IsText(header.legal_basis()), "legal_basis");
  form.Check(header.sections_size() <= kMaxSections, "sections");
  std::set<std::string_view> names;
  for (const v1::SectionRef& section : header.sections()) {
    form.Check(IsName(section.name(), "-/") && names.insert(section.name()).second, "sections.name");
    form.Check(section.category() != v1::CATEGORY_UNSPECIFIED && v1::Category_IsValid(section.category()),
               "sections.category");
    form.Check(IsHash(section.digest()), "sections.digest");
  }
}

template <typename Header>
absl::CivilDay RecordedDay(const Header& header) {
  return LegalDay(absl::FromUnixSeconds(header.recorded_time().seconds()));
}

void CheckGrantForm(const v1::Grant& grant, std::string_view field, Form& form) {
  form.Check(IsName(grant.relation(), "_") && (grant.medical_basis().empty() || IsText(grant.medical_basis())), field);
  for (int i = 0; i < grant.categories_size(); ++i) {
    form.Check(v1::Category_IsValid(grant.categories(i)) && grant.categories(i) > v1::CATEGORY_PROCEDURE &&
                   (i == 0 || grant.categories(i - 1) < grant.categories(i)),
               field);
  }
}

void CheckDetail(const v1::EventHeader& h, Form& form) {
  const bool has_none = h.kind() == v1::EVENT_KIND_OPENED || h.kind() == v1::EVENT_KIND_RECORDED;
  form.Check(h.detail_case() == (has_none ? 0 : h.kind() + kDetailOffset), "detail");
  switch (h.detail_case()) {
    case v1::EventHeader::kAnnounced:
      form.Check(IsMemberId(h.announced().to()), "announced.to");
      CheckGrantForm(h.announced().grant(), "announced.grant", form);
      break;
    case v1::EventHeader::kOffered:
      form.Check(IsMemberId(h.offered().to()), "offered.to");
      form.Check(h.offered().request_sequence() >= 0, "offered.request_sequence");
      form.Check(h.offered().place().size() <= 8, "offered.place");
      CheckGrantForm(h.offered().grant(), "offered.grant", form);
      break;
    case v1::EventHeader::kAccepted:
      form.Check(IsHash(h.accepted().offer_hash()), "accepted.offer_hash");
      break;
    case v1::EventHeader::kOfferClosed:
      form.Check(h.offer_closed().has_decline(), "offer_closed.decline");
      break;
    case v1::EventHeader::kForwarded:
      form.Check(IsMemberId(h.forwarded().to()), "forwarded.to");
      form.Check(IsDay(h.forwarded().eingang_day()), "forwarded.eingang_day");
      form.Check(h.forwarded().place().size() <= 8, "forwarded.place");
      CheckGrantForm(h.forwarded().grant(), "forwarded.grant", form);
      break;
    case v1::EventHeader::kSentOutside:
      form.Check(IsText(h.sent_outside().addressee(), 200), "sent_outside.addressee");
      form.Check(IsHash(h.sent_outside().package_hash()), "sent_outside.package_hash");
      form.Check(IsDay(h.sent_outside().review_day()), "sent_outside.review_day");
      break;
    case v1::EventHeader::kReceivedOutside:
      form.Check(IsHash(h.received_outside().sent_hash()), "received_outside.sent_hash");
      form.Check(IsDay(h.received_outside().received_day()), "received_outside.received_day");
      form.Check(IsText(h.received_outside().evidence()), "received_outside.evidence");
      break;
    case v1::EventHeader::kContributionTaken:
      form.Check(h.contribution_taken().has_contribution(), "contribution_taken.contribution");
      form.Check(h.contribution_taken().contribution().sections().empty(), "contribution_taken.contribution");
      break;
    case v1::EventHeader::kPartyAdmitted:
      form.Check(IsMemberId(h.party_admitted().member()), "party_admitted.member");
      form.Check(IsDay(h.party_admitted().from_day()), "party_admitted.from_day");
      form.Check(!h.party_admitted().has_to_day() || IsDay(h.party_admitted().to_day()), "party_admitted.to_day");
      CheckGrantForm(h.party_admitted().grant(), "party_admitted.grant", form);
      break;
    case v1::EventHeader::kPartyEnded:
      form.Check(IsMemberId(h.party_ended().member()), "party_ended.member");
      break;
    case v1::EventHeader::kReleased:
      form.Check(IsMemberId(h.released().member()), "released.member");
      form.Check(h.released().sections_size() > 0, "released.sections");
      break;
    case v1::EventHeader::kCorrected:
      form.Check(h.corrected().sequence() >= 1, "corrected.sequence");
      form.Check(h.corrected().name().empty() || IsName(h.corrected().name(), "-/"), "corrected.name");
      form.Check(IsText(h.corrected().reason()), "corrected.reason");
      break;
    case v1::EventHeader::kJointProposed:
      form.Check(IsName(h.joint_proposed().document(), "-"), "joint_proposed.document");
      form.Check(h.joint_proposed().version() >= 1, "joint_proposed.version");
      form.Check(h.joint_proposed().signatories_size() > 0, "joint_proposed.signatories");
      for (const std::string& member : h.joint_proposed().signatories()) {
        const auto& all = h.joint_proposed().signatories();
        form.Check(IsMemberId(member) && std::count(all.begin(), all.end(), member) == 1, "joint_proposed.signatories");
      }
      break;
    case v1::EventHeader::kSucceeded:
      form.Check(IsMemberId(h.succeeded().predecessor()), "succeeded.predecessor");
      form.Check(IsText(h.succeeded().act()), "succeeded.act");
      break;
    case v1::EventHeader::DETAIL_NOT_SET:
      break;
  }
}

// Nothing is dated back without what proves it.
template <typename Header>
void CheckDay(const Header& header, Form& form) {
  if (!form.status().ok()) return;  // Days that do not exist are none to compare.
  const absl::CivilDay recorded = RecordedDay(header);
  form.Check(ToCivil(header.event_day()) <= recorded, "event_day");
  form.Check(ToCivil(header.event_day()) == recorded || IsText(header.backdating_evidence()), "backdating_evidence");
}

absl::Status CheckForm(const v1::EventHeader& header) {
  Form form("EVENT_MALFORMED");
  CheckCommon(header, form);
  form.Check(header.kind() != v1::EVENT_KIND_UNSPECIFIED && v1::EventKind_IsValid(header.kind()), "kind");
  form.Check(header.sequence() >= 1, "sequence");
  form.Check(header.epoch() >= 0, "epoch");
  form.Check(IsHash(header.previous_hash()), "previous_hash");
  form.Check((header.kind() == v1::EVENT_KIND_RECORDED) == IsName(header.record(), "_") &&
                 (header.kind() == v1::EVENT_KIND_RECORDED || header.record().empty()),
             "record");
  CheckDetail(header, form);
  CheckDay(header, form);
  return form.status();
}

// Receipts are of the day on which they are recorded.
bool IsDatedBack(const v1::StatementHeader& header) {
  return !header.backdating_evidence().empty() || ToCivil(header.event_day()) != RecordedDay(header);
}

absl::Status CheckForm(const v1::StatementHeader& header) {
  Form form("STATEMENT_MALFORMED");
  CheckCommon(header, form);
  form.Check(IsMemberId(header.to()), "to");
  form.Check(header.has_contribution() || header.has_correction() || header.sections().empty(), "sections");
  switch (header.detail_case()) {
    case v1::StatementHeader::kContribution:
      form.Check(IsName(header.contribution().record(), "_"), "contribution.record");
      form.Check(IsHash(header.contribution().after_hash()), "contribution.after_hash");
      break;
    case v1::StatementHeader::kReady:
      form.Check(IsHash(header.ready().announced_hash()), "ready.announced_hash");
      break;
    case v1::StatementHeader::kDecision: {
      const v1::Decision& decision = header.decision();
      form.Check(IsHash(decision.offer_hash()), "decision.offer_hash");
      const bool accepted = decision.outcome() == v1::OUTCOME_ACCEPTED;
      form.Check(accepted || decision.outcome() == v1::OUTCOME_DECLINED, "decision.outcome");
      form.Check(accepted == decision.reasons().empty(), "decision.reasons");
      for (const int reason : decision.reasons()) {
        form.Check(reason != v1::DECLINE_REASON_UNSPECIFIED && v1::DeclineReason_IsValid(reason), "decision.reasons");
      }
      const bool missing = std::count(decision.reasons().begin(), decision.reasons().end(),
                                      static_cast<int>(v1::DECLINE_REASON_ITEM_MISSING)) > 0;
      form.Check(missing != decision.missing().empty(), "decision.missing");
      form.Check(accepted ? IsHash(decision.accepted_hash()) : decision.accepted_hash().empty(),
                 "decision.accepted_hash");
      break;
    }
    case v1::StatementHeader::kConsent:
      form.Check(IsHash(header.consent().accepted_hash()), "consent.accepted_hash");
      break;
    case v1::StatementHeader::kWithdrawal:
      form.Check(IsHash(header.withdrawal().offer_hash()), "withdrawal.offer_hash");
      break;
    case v1::StatementHeader::kJointSignature:
      form.Check(IsHash(header.joint_signature().proposed_hash()), "joint_signature.proposed_hash");
      break;
    case v1::StatementHeader::kEingang:
      form.Check(IsHash(header.eingang().hash()), "eingang.hash");
      form.Check(header.eingang().sequence() >= 0, "eingang.sequence");
      break;
    case v1::StatementHeader::kWirksam:
      form.Check(IsHash(header.wirksam().accepted_hash()), "wirksam.accepted_hash");
      break;
    case v1::StatementHeader::kRejection:
      form.Check(IsHash(header.rejection().hash()), "rejection.hash");
      form.Check(IsText(header.rejection().reason(), 100) && header.rejection().field().size() <= 200,
                 "rejection.reason");
      break;
    case v1::StatementHeader::kCorrection:
      form.Check(header.correction().sequence() >= 1, "correction.sequence");
      form.Check(header.correction().name().empty() || IsName(header.correction().name(), "-/"), "correction.name");
      form.Check(IsText(header.correction().reason()), "correction.reason");
      form.Check(header.correction().corrected_sequence() > header.correction().sequence(),
                 "correction.corrected_sequence");
      form.Check(IsHash(header.correction().corrected_hash()), "correction.corrected_hash");
      break;
    case v1::StatementHeader::DETAIL_NOT_SET:
      form.Check(false, "detail");
      break;
  }
  CheckDay(header, form);
  if (form.status().ok() && (header.has_eingang() || header.has_wirksam() || header.has_rejection())) {
    form.Check(!IsDatedBack(header), "event_day");
  }
  return form.status();
}

absl::Status SectionError(std::string_view reason, std::string_view name) {
  // A name that nobody has signed may be anything.
  return FieldError(absl::StatusCode::kInvalidArgument, reason,
                    IsName(name, "-/") ? absl::StrCat("sections.", ToAbsl(name)) : "sections",
                    "the section is not the one that was signed");
}

template <typename Header>
absl::Status CheckSections(const Header& header, const google::protobuf::RepeatedPtrField<v1::Section>& sections) {
  std::set<std::string_view> seen;
  std::size_t total = 0;
  for (const v1::Section& section : sections) {
    total += section.payload().size();
    if (total > kMaxPayloads) return SectionError("SECTION_TOO_LARGE", section.name());
    const auto ref = std::find_if(header.sections().begin(), header.sections().end(),
                                  [&](const v1::SectionRef& r) { return r.name() == section.name(); });
    if (ref == header.sections().end() || !seen.insert(section.name()).second) {
      return SectionError("SECTION_UNKNOWN", section.name());
    }
    const auto digest = crypto::SectionDigest(section.salt(), section.name(), section.payload());
    v1::SectionPayload payload;
    if (!digest.ok() || digest->bytes() != ref->digest() || section.payload().size() > kMaxPayload ||
        !payload.ParseFromString(section.payload())) {
      return SectionError("SECTION_DIGEST", section.name());
    }
  }
  return absl::OkStatus();
}

template <typename Header, typename Signed>
absl::Status CheckAuthor(const Header& header, const Signed& bytes, std::string_view domain, bool training,
                         const Members& members, const crypto::Verifier& verifier) {
  if (header.training() != training) {
    return FieldError(absl::StatusCode::kInvalidArgument, "TRAINING_MISMATCH", "training",
                      "training and real networks do not mix");
  }
  const auto key = members.Key(header.author());
  if (!key) {
    return FieldError(absl::StatusCode::kUnauthenticated, "MEMBER_UNKNOWN", "author",
                      "the directory has no such member");
  }
  const trust::v1::Signature& signature = bytes.signature();
  if (signature.key_id() != key->id().bytes() || signature.algorithm() != header.algorithm()) {
    return FieldError(absl::StatusCode::kUnauthenticated, "SIGNATURE_INVALID", "signature",
                      "the signature is not by the author's key");
  }
  const absl::Status verified = verifier.Verify(*key, static_cast<crypto::Algorithm>(signature.algorithm()), domain,
                                                bytes.header(), signature.signature());
  if (verified.ok()) return verified;
  return FieldError(absl::StatusCode::kUnauthenticated, GetReason(verified), "signature", "the signature is not valid");
}

template <typename Header>
absl::StatusOr<std::vector<v1::Section>> AddSections(Header& header, const std::vector<NewSection>& sections,
                                                     crypto::Rng& rng) {
  std::vector<v1::Section> salted;
  for (const NewSection& section : sections) {
    v1::SectionRef* ref = header.add_sections();
    ref->set_name(section.name);
    ref->set_category(section.category);
    v1::Section& made = salted.emplace_back();
    made.set_name(section.name);
    made.set_salt(rng.Bytes(crypto::kSaltSize));
    made.set_payload(section.payload.SerializeAsString());
    if (made.payload().size() > kMaxPayload) {
      return FieldError(absl::StatusCode::kInvalidArgument, "SECTION_TOO_LARGE",
                        absl::StrCat("sections.", section.name),
                        "a section has at most 262,144 bytes; use an attachment");
    }
    TEILHABE_ASSIGN_OR_RETURN(const crypto::Digest digest,
                              crypto::SectionDigest(made.salt(), made.name(), made.payload()));
    ref->set_digest(std::string(digest.bytes()));
  }
  return salted;
}

// Serializes once and signs what the checks of form let pass.
template <typename Message, typename Header>
absl::StatusOr<Message> Sign(Header header, const std::vector<v1::Section>& sections, std::string_view domain,
                             const crypto::Signer& signer) {
  header.DiscardUnknownFields();  // Of a newer client's draft: nobody could read what is signed.
  header.set_algorithm(static_cast<std::uint32_t>(signer.algorithm()));
  TEILHABE_RETURN_IF_ERROR(CheckForm(header));
  Message made;
  made.bytes.set_header(header.SerializeAsString());
  if (made.bytes.header().size() > MaxHeader(header)) {
    return FieldError(absl::StatusCode::kInvalidArgument, "HEADER_TOO_LARGE", "header",
                      absl::StrCat("it has at most ", MaxHeader(header), " bytes"));
  }
  for (const v1::Section& section : sections) *made.bytes.add_sections() = section;
  TEILHABE_RETURN_IF_ERROR(CheckSections(header, made.bytes.sections()));
  trust::v1::Signature& signature = *made.bytes.mutable_signature();
  TEILHABE_ASSIGN_OR_RETURN(*signature.mutable_signature(), signer.Sign(domain, made.bytes.header()));
  signature.set_key_id(std::string(signer.key_id().bytes()));
  signature.set_algorithm(static_cast<std::uint32_t>(signer.algorithm()));
  made.hash = crypto::DigestToSign(domain, made.bytes.header());
  made.header = std::move(header);
  return made;
}

template <typename Message, typename Signed>
absl::StatusOr<Message> Read(Signed bytes, std::string_view domain, std::string_view reason) {
  Message read;
  if (!ParseStrictly(bytes.header(), read.header)) {
    return FieldError(absl::StatusCode::kInvalidArgument, reason, "header", "the header cannot be read");
  }
  read.hash = crypto::DigestToSign(domain, bytes.header());
  bytes.DiscardUnknownFields();  // Beside what is signed nothing is kept that others would refuse.
  read.bytes = std::move(bytes);
  return read;
}

template <typename Message, typename Signed>
absl::StatusOr<Message> Open(const Signed& bytes, std::string_view domain, std::string_view reason, bool training,
                             const Members& members, const crypto::Verifier& verifier) {
  TEILHABE_ASSIGN_OR_RETURN(Message read, Read<Message>(bytes, domain, reason));
  TEILHABE_RETURN_IF_ERROR(CheckForm(read.header));
  TEILHABE_RETURN_IF_ERROR(CheckAuthor(read.header, bytes, domain, training, members, verifier));
  TEILHABE_RETURN_IF_ERROR(CheckSections(read.header, bytes.sections()));
  return read;
}

}  // namespace

crypto::Digest EventHash(std::string_view header) { return crypto::DigestToSign(kEventDomain, header); }
crypto::Digest StatementHash(std::string_view header) { return crypto::DigestToSign(kStatementDomain, header); }
crypto::Digest AttachmentDigest(std::string_view bytes) { return crypto::Hasher("attachment").Raw(bytes).Finish(); }

absl::StatusOr<Event> SignEvent(v1::EventHeader header, const std::vector<NewSection>& sections,
                                const crypto::Signer& signer, crypto::Rng& rng) {
  TEILHABE_ASSIGN_OR_RETURN(const auto salted, AddSections(header, sections, rng));
  return Sign<Event>(std::move(header), salted, kEventDomain, signer);
}

absl::StatusOr<Event> SignEventWith(v1::EventHeader header, const std::vector<v1::Section>& sections,
                                    const crypto::Signer& signer) {
  return Sign<Event>(std::move(header), sections, kEventDomain, signer);
}

absl::StatusOr<Statement> SignStatement(v1::StatementHeader header, const std::vector<NewSection>& sections,
                                        const crypto::Signer& signer, crypto::Rng& rng) {
  TEILHABE_ASSIGN_OR_RETURN(const auto salted, AddSections(header, sections, rng));
  return Sign<Statement>(std::move(header), salted, kStatementDomain, signer);
}

absl::StatusOr<Statement> SignStatementWith(v1::StatementHeader header, const std::vector<v1::Section>& sections,
                                            const crypto::Signer& signer) {
  return Sign<Statement>(std::move(header), sections, kStatementDomain, signer);
}

absl::StatusOr<Event> OpenEvent(const v1::SignedEvent& bytes, bool training, const Members& members,
                                const crypto::Verifier& verifier) {
  return Open<Event>(bytes, kEventDomain, "EVENT_MALFORMED", training, members, verifier);
}

absl::StatusOr<Statement> OpenStatement(const v1::SignedStatement& bytes, bool training, const Members& members,
                                        const crypto::Verifier& verifier) {
  return Open<Statement>(bytes, kStatementDomain, "STATEMENT_MALFORMED", training, members, verifier);
}

absl::StatusOr<Event> ReadEvent(v1::SignedEvent bytes) {
  return Read<Event>(std::move(bytes), kEventDomain, "EVENT_MALFORMED");
}

absl::StatusOr<Statement> ReadStatement(v1::SignedStatement bytes) {
  return Read<Statement>(std::move(bytes), kStatementDomain, "STATEMENT_MALFORMED");
}

std::string NewDossierId(crypto::Rng& rng) {
  const std::string bytes = rng.Bytes(16);
  return absl::BytesToHexString(bytes);
}

bool IsDossierId(std::string_view text) {
  return text.size() == 32 &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace teilhabe::dossier
