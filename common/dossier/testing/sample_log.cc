#include "common/dossier/testing/sample_log.h"

#include <algorithm>
#include <utility>

#include "absl/time/time.h"
#include "common/crypto/digest.h"
#include "common/crypto/random.h"

namespace teilhabe::dossier {
namespace {

template <typename Signed, typename Header>
Signed SignBytes(const Header& header, std::string_view domain, std::string_view member) {
  const crypto::KeyedHashSigner signer = SampleSigner(member);
  Signed bytes;
  bytes.set_header(header.SerializeAsString());
  bytes.mutable_signature()->set_key_id(std::string(signer.key_id().bytes()));
  bytes.mutable_signature()->set_algorithm(static_cast<std::uint32_t>(signer.algorithm()));
  bytes.mutable_signature()->set_signature(signer.Sign(domain, bytes.header()).value());
  return bytes;
}

// Salts are the same in each run and differ between authors and positions.
crypto::SeededRng RngOf(std::string_view author, std::int64_t position) {
  auto seed = static_cast<std::uint64_t>(position);
  for (const char c : author) seed = seed * 257 + static_cast<unsigned char>(c);
  return crypto::SeededRng(seed);
}

}  // namespace

google::type::Date SampleDate(absl::CivilDay day) {
  google::type::Date date;
  date.set_year(static_cast<int>(day.year()));
  date.set_month(day.month());
  date.set_day(day.day());
  return date;
}

crypto::KeyedHashSigner SampleSigner(std::string_view member) {
  return crypto::KeyedHashSigner("node/" + std::string(member));
}

const crypto::Verifier& SampleVerifier() {
  static const auto* const verifier = new crypto::KeyedHashVerifier;
  return *verifier;
}

SampleMembers::SampleMembers() {
  const std::set<v1::DossierClass> all = {v1::DOSSIER_CLASS_CASE, v1::DOSSIER_CLASS_PROVIDER, v1::DOSSIER_CLASS_POLICY,
                                          v1::DOSSIER_CLASS_STATEMENT};
  for (const char* id : {"a", "b", "c", "d", "e", "f", "g", "amt"}) {
    entries_[id].holds = all;
    entries_[id].places[kSamplePlace] = absl::CivilDay(2000);
  }
  for (const char* id : {"werk", "heim", "gast"}) entries_[id];
  entries_["amt"].node = false;
  entries_["gast"].node = false;
}

void SampleMembers::Succeed(const std::string& member, const std::string& successor, absl::CivilDay from) {
  entries_[member].successor = successor;
  entries_[member].successor_from = from;
}

const SampleMembers::Entry* SampleMembers::Find(std::string_view member) const {
  const auto found = entries_.find(member);
  return found == entries_.end() ? nullptr : &found->second;
}

std::optional<crypto::PublicKey> SampleMembers::Key(std::string_view member) const {
  if (Find(member) == nullptr) return std::nullopt;
  return SampleSigner(member).public_key();
}

bool SampleMembers::HasNode(std::string_view member) const {
  const Entry* const entry = Find(member);
  return entry != nullptr && entry->node;
}

bool SampleMembers::MayHold(std::string_view member, v1::DossierClass dossier_class) const {
  const Entry* const entry = Find(member);
  return entry != nullptr && entry->holds.contains(dossier_class);
}

bool SampleMembers::IsCompetentAt(std::string_view member, std::string_view place, absl::CivilDay day) const {
  const Entry* const entry = Find(member);
  if (entry == nullptr) return false;
  const auto found = entry->places.find(std::string(place));
  return found != entry->places.end() && day >= found->second;
}

std::optional<Succession> SampleMembers::Successor(std::string_view member, absl::CivilDay day) const {
  const Entry* const entry = Find(member);
  if (entry == nullptr || entry->successor.empty() || day < entry->successor_from) return std::nullopt;
  return Succession{entry->successor, entry->successor_from, kSampleAct};
}

Event Forge(const v1::EventHeader& header, std::string_view signer) {
  Event event;
  event.bytes = SignBytes<v1::SignedEvent>(header, "event", signer);
  event.header = header;
  event.hash = crypto::DigestToSign("event", event.bytes.header());
  return event;
}

Statement Forge(const v1::StatementHeader& header, std::string_view signer) {
  Statement statement;
  statement.bytes = SignBytes<v1::SignedStatement>(header, "statement", signer);
  statement.header = header;
  statement.hash = crypto::DigestToSign("statement", statement.bytes.header());
  return statement;
}

Event Changed(const Event& event, const std::function<void(v1::EventHeader&)>& change) {
  v1::EventHeader header = event.header;
  change(header);
  Event changed = Forge(header, header.author());
  *changed.bytes.mutable_sections() = event.bytes.sections();
  return changed;
}

Statement Changed(const Statement& statement, const std::function<void(v1::StatementHeader&)>& change) {
  v1::StatementHeader header = statement.header;
  change(header);
  Statement changed = Forge(header, header.author());
  *changed.bytes.mutable_sections() = statement.bytes.sections();
  return changed;
}

NewSection SampleSection(const std::string& name, v1::Category category, const std::string& text) {
  NewSection section;
  section.name = name;
  section.category = category;
  section.payload.set_type("text/plain");
  section.payload.set_content(text);
  return section;
}

v1::Grant SampleGrant(const std::string& relation, const std::vector<v1::Category>& categories,
                      const std::string& medical_basis) {
  v1::Grant grant;
  grant.set_relation(relation);
  for (const v1::Category category : categories) grant.add_categories(category);
  grant.set_medical_basis(medical_basis);
  return grant;
}

const Event& SampleLog::Add(Event event) {
  const v1::EventHeader& header = event.header;
  switch (header.kind()) {
    case v1::EVENT_KIND_OPENED:
    case v1::EVENT_KIND_ACCEPTED:
    case v1::EVENT_KIND_SUCCEEDED:
      holder_ = header.author();
      epoch_ = header.epoch();
      break;
    case v1::EVENT_KIND_RECORDED:
      if (header.record() == "application") request_sequence_ = header.sequence();
      break;
    default:
      break;
  }
  events_.push_back(std::move(event));
  return events_.back();
}

std::string SampleLog::HashOf(v1::EventKind kind) const {
  const auto found = std::find_if(events_.rbegin(), events_.rend(),
                                  [kind](const Event& event) { return event.header.kind() == kind; });
  return found == events_.rend() ? "" : std::string(found->hash.bytes());
}

std::string SampleLog::OfferHash() const {
  const auto found = std::find_if(events_.rbegin(), events_.rend(), [](const Event& event) {
    return event.header.has_offered() || event.header.has_forwarded();
  });
  // Of nothing; still of the right form.
  return found == events_.rend() ? std::string(crypto::Digest::kSize, '\1') : std::string(found->hash.bytes());
}

absl::StatusOr<v1::LogState> SampleLog::Fold(const Members& members, bool appending, const ProtocolRules& rules) const {
  v1::LogState state;
  for (const Event& event : events_) {
    absl::StatusOr<v1::LogState> next = Next(state, event, {members, SampleVerifier(), appending, rules});
    if (!next.ok()) return next.status();
    state = *std::move(next);
  }
  return state;
}

v1::EventHeader SampleLog::Header(v1::EventKind kind, const std::string& author) const {
  const bool changes_holder = kind == v1::EVENT_KIND_ACCEPTED || kind == v1::EVENT_KIND_SUCCEEDED;
  v1::EventHeader header;
  header.set_dossier(dossier_);
  header.set_class_(v1::DOSSIER_CLASS_CASE);
  header.set_training(true);
  header.set_sequence(static_cast<std::int64_t>(events_.size()) + 1);
  header.set_epoch(epoch_ + (changes_holder ? 1 : 0));
  header.set_author(author.empty() ? holder_ : author);
  header.set_incarnation(1);
  header.set_kind(kind);
  *header.mutable_event_day() = SampleDate(day);
  header.mutable_recorded_time()->set_seconds(
      absl::ToUnixSeconds(absl::FromCivil(absl::CivilHour(day) + 12, absl::UTCTimeZone())));
  header.set_legal_basis("§ 19 Abs. 1 SGB IX");
  header.set_previous_hash(events_.empty() ? std::string(crypto::Digest::kSize, '\0')
                                           : std::string(events_.back().hash.bytes()));
  header.set_algorithm(static_cast<std::uint32_t>(crypto::Algorithm::kSimulationKeyedHash));
  return header;
}

Event SampleLog::Sign(const v1::EventHeader& header, const std::vector<NewSection>& sections) {
  crypto::SeededRng rng = RngOf(header.author(), header.sequence());
  return SignEvent(header, sections, SampleSigner(header.author()), rng).value();
}

Event SampleLog::Opened(const std::string& author) const { return Sign(Header(v1::EVENT_KIND_OPENED, author)); }

Event SampleLog::Record(const std::string& record, const std::string& author,
                        const std::vector<NewSection>& sections) const {
  v1::EventHeader header = Header(v1::EVENT_KIND_RECORDED, author);
  header.set_record(record);
  return Sign(header, sections);
}

Event SampleLog::Announce(const std::string& to, const std::string& author) const {
  v1::EventHeader header = Header(v1::EVENT_KIND_ANNOUNCED, author);
  header.mutable_announced()->set_to(to);
  *header.mutable_announced()->mutable_grant() = SampleGrant("next_stage", {v1::CATEGORY_IDENTITY});
  return Sign(header);
}

Event SampleLog::Offer(const std::string& to, const std::string& author) const {
  v1::EventHeader header = Header(v1::EVENT_KIND_OFFERED, author);
  v1::Offered& offered = *header.mutable_offered();
  offered.set_to(to);
  *offered.mutable_grant() = SampleGrant("next_stage", {v1::CATEGORY_IDENTITY, v1::CATEGORY_CONTACT});
  offered.set_request_sequence(request_sequence_);
  offered.set_place(kSamplePlace);
  return request_sequence_ == 0 ? Forge(header, header.author()) : Sign(header);
}

Event SampleLog::Accept(const std::string& author) const {
  v1::EventHeader header = Header(v1::EVENT_KIND_ACCEPTED, author);
  header.mutable_accepted()->set_offer_hash(OfferHash());
  return Sign(header);
}

Event SampleLog::Close(const Statement& decline, const std::string& author) const {
  v1::EventHeader header = Header(v1::EVENT_KIND_OFFER_CLOSED, author);
  *header.mutable_offer_closed()->mutable_decline() = decline.bytes;
  return Forge(header, header.author());
}

Event SampleLog::Forward(const std::string& to, const std::string& author) const {
  v1::EventHeader header = Header(v1::EVENT_KIND_FORWARDED, author);
  v1::Forwarded& forwarded = *header.mutable_forwarded();
  forwarded.set_to(to);
  *forwarded.mutable_grant() = SampleGrant("forwarding", {v1::CATEGORY_IDENTITY, v1::CATEGORY_CONTACT});
  forwarded.set_place(kSamplePlace);
  *forwarded.mutable_eingang_day() = SampleDate(day);
  return Sign(header);
}

Event SampleLog::ForwardOn(const std::string& to, const Statement& consent, const std::string& author) const {
  return Changed(Forward(to, author), [&consent](v1::EventHeader& header) {
    *header.mutable_forwarded()->mutable_consent() = consent.bytes;
  });
}

Event SampleLog::SendOutside(const std::string& addressee, const std::string& author) const {
  v1::EventHeader header = Header(v1::EVENT_KIND_SENT_OUTSIDE, author);
  header.mutable_sent_outside()->set_addressee(addressee);
  header.mutable_sent_outside()->set_package_hash(std::string(crypto::Digest::kSize, 'p'));
  *header.mutable_sent_outside()->mutable_review_day() = SampleDate(day + 14);
  return Sign(header);
}

Event SampleLog::ReceiveOutside(const std::string& sent_hash, absl::CivilDay received,
                                const std::string& author) const {
  v1::EventHeader header = Header(v1::EVENT_KIND_RECEIVED_OUTSIDE, author);
  header.mutable_received_outside()->set_sent_hash(sent_hash);
  *header.mutable_received_outside()->mutable_received_day() = SampleDate(received);
  header.mutable_received_outside()->set_evidence("Rückschein");
  return Sign(header);
}

Event SampleLog::Take(const Statement& contribution, const std::string& author) const {
  v1::EventHeader header = Header(v1::EVENT_KIND_CONTRIBUTION_TAKEN, author);
  v1::SignedStatement& embedded = *header.mutable_contribution_taken()->mutable_contribution();
  embedded = contribution.bytes;
  embedded.clear_sections();
  *header.mutable_sections() = contribution.header.sections();
  Event event = Forge(header, header.author());
  *event.bytes.mutable_sections() = contribution.bytes.sections();
  return event;
}

Event SampleLog::Admit(const std::string& member, const v1::Grant& grant, const std::string& author) const {
  v1::EventHeader header = Header(v1::EVENT_KIND_PARTY_ADMITTED, author);
  header.mutable_party_admitted()->set_member(member);
  *header.mutable_party_admitted()->mutable_grant() = grant;
  *header.mutable_party_admitted()->mutable_from_day() = SampleDate(day);
  return Sign(header);
}

Event SampleLog::End(const std::string& member, const std::string& author) const {
  v1::EventHeader header = Header(v1::EVENT_KIND_PARTY_ENDED, author);
  header.mutable_party_ended()->set_member(member);
  return Sign(header);
}

Event SampleLog::Release(const std::string& member, std::int64_t sequence, const std::string& section,
                         const std::string& author) const {
  v1::EventHeader header = Header(v1::EVENT_KIND_RELEASED, author);
  header.mutable_released()->set_member(member);
  v1::ReleasedSection& released = *header.mutable_released()->add_sections();
  released.set_sequence(sequence);
  released.set_name(section);
  return Sign(header);
}

Event SampleLog::Correct(std::int64_t sequence, const std::string& author) const {
  v1::EventHeader header = Header(v1::EVENT_KIND_CORRECTED, author);
  header.mutable_corrected()->set_sequence(sequence);
  header.mutable_corrected()->set_reason("Tag des Eingangs falsch erfasst");
  return Sign(header);
}

Event SampleLog::Propose(const std::string& document, int version, const std::vector<std::string>& signatories,
                         const std::string& author) const {
  v1::EventHeader header = Header(v1::EVENT_KIND_JOINT_PROPOSED, author);
  header.mutable_joint_proposed()->set_document(document);
  header.mutable_joint_proposed()->set_version(version);
  for (const std::string& member : signatories) header.mutable_joint_proposed()->add_signatories(member);
  return Sign(header);
}

Event SampleLog::Succeed(const std::string& predecessor, const std::string& author) const {
  v1::EventHeader header = Header(v1::EVENT_KIND_SUCCEEDED, author);
  header.mutable_succeeded()->set_predecessor(predecessor);
  header.mutable_succeeded()->set_act(kSampleAct);
  return Sign(header);
}

v1::StatementHeader SampleLog::StatementFrom(const std::string& author) const {
  v1::StatementHeader header;
  header.set_dossier(dossier_);
  header.set_class_(v1::DOSSIER_CLASS_CASE);
  header.set_training(true);
  header.set_author(author);
  header.set_incarnation(1);
  *header.mutable_event_day() = SampleDate(day);
  header.mutable_recorded_time()->set_seconds(
      absl::ToUnixSeconds(absl::FromCivil(absl::CivilHour(day) + 12, absl::UTCTimeZone())));
  header.set_legal_basis("§ 14 Abs. 2 SGB IX");
  header.set_algorithm(static_cast<std::uint32_t>(crypto::Algorithm::kSimulationKeyedHash));
  header.set_to(holder_.empty() ? "a" : holder_);
  return header;
}

Statement SampleLog::Sign(const v1::StatementHeader& header, const std::vector<NewSection>& sections) const {
  // To oneself: wrong in any case, and whether by its form already is not the question here.
  if (header.to() == header.author()) return Forge(header, header.author());
  crypto::SeededRng rng = RngOf(header.author(), -static_cast<std::int64_t>(events_.size()));
  return SignStatement(header, sections, SampleSigner(header.author()), rng).value();
}

Statement SampleLog::Decline(const std::string& author, const std::string& offer_hash, v1::DeclineReason reason) const {
  v1::StatementHeader header = StatementFrom(author);
  header.mutable_decision()->set_offer_hash(offer_hash.empty() ? OfferHash() : offer_hash);
  header.mutable_decision()->set_outcome(v1::OUTCOME_DECLINED);
  header.mutable_decision()->add_reasons(reason);
  return Sign(header);
}

Statement SampleLog::AcceptDecision(const std::string& author, const std::string& offer_hash,
                                    const std::string& accepted_hash) const {
  v1::StatementHeader header = StatementFrom(author);
  header.mutable_decision()->set_offer_hash(offer_hash);
  header.mutable_decision()->set_outcome(v1::OUTCOME_ACCEPTED);
  header.mutable_decision()->set_accepted_hash(accepted_hash);
  return Sign(header);
}

Statement SampleLog::Consent(const std::string& author, const std::string& accepted_hash) const {
  std::string hash = accepted_hash.empty() ? HashOf(v1::EVENT_KIND_ACCEPTED) : accepted_hash;
  if (hash.empty()) hash = std::string(crypto::Digest::kSize, '\1');
  v1::StatementHeader header = StatementFrom(author);
  header.mutable_consent()->set_accepted_hash(hash);
  return Sign(header);
}

Statement SampleLog::Withdraw(const std::string& offer_hash, const std::string& to) const {
  v1::StatementHeader header = StatementFrom(holder_);
  header.set_to(to);
  header.mutable_withdrawal()->set_offer_hash(offer_hash);
  return Sign(header);
}

Statement SampleLog::Contribute(const std::string& author, const std::string& record,
                                const std::vector<NewSection>& sections) const {
  v1::StatementHeader header = StatementFrom(author);
  header.mutable_contribution()->set_record(record);
  header.mutable_contribution()->set_after_hash(std::string(events_.back().hash.bytes()));
  return Sign(header, sections);
}

Statement SampleLog::Ready(const std::string& author, const std::string& announced_hash) const {
  v1::StatementHeader header = StatementFrom(author);
  header.mutable_ready()->set_announced_hash(announced_hash);
  return Sign(header);
}

Statement SampleLog::SignJointly(const std::string& author, const std::string& proposed_hash) const {
  v1::StatementHeader header = StatementFrom(author);
  header.mutable_joint_signature()->set_proposed_hash(proposed_hash);
  return Sign(header);
}

}  // namespace teilhabe::dossier
