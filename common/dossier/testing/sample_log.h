#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/crypto/keyed_hash.h"
#include "common/dossier/format.h"
#include "common/dossier/holder.h"
#include "common/dossier/members.h"

// Logs for tests: who may say what is a table, chains are made and signed (keyed hashes, so that each run is the same),
// and each part can be made wrong. Works out position, epoch and holder by itself and asks no rule under test.
namespace teilhabe::dossier {

inline constexpr char kSampleDossier[] = "0123456789abcdef0123456789abcdef";
inline constexpr char kSamplePlace[] = "05315000";  // Köln.
inline constexpr char kSampleAct[] = "Gesetz über die Neuordnung";

google::type::Date SampleDate(absl::CivilDay day);

// The key of a member, also of one that no directory knows.
crypto::KeyedHashSigner SampleSigner(std::string_view member);

// A directory as a table. At first: the agencies a to g, each with a node, of every kind and competent at kSamplePlace;
// `werk` and `heim`, bodies with a node that hold nothing; `gast`, a body without one; `amt`, an agency without one.
class SampleMembers : public Members {
 public:
  struct Entry {
    bool node = true;
    std::set<v1::DossierClass> holds;
    std::map<std::string, absl::CivilDay> places;  // First day of competence.
    std::string successor;
    absl::CivilDay successor_from;
  };

  SampleMembers();
  Entry& operator[](const std::string& member) { return entries_[member]; }
  void Succeed(const std::string& member, const std::string& successor, absl::CivilDay from = absl::CivilDay(2000));

  std::optional<crypto::PublicKey> Key(std::string_view member) const override;
  bool HasNode(std::string_view member) const override;
  bool MayHold(std::string_view member, v1::DossierClass dossier_class) const override;
  bool MayTakePart(std::string_view member, v1::DossierClass) const override { return Key(member).has_value(); }
  std::string Seat(std::string_view) const override { return ""; }
  bool IsCompetentAt(std::string_view member, std::string_view place, absl::CivilDay day) const override;
  std::optional<Succession> Successor(std::string_view member, absl::CivilDay day) const override;

 private:
  const Entry* Find(std::string_view member) const;

  std::map<std::string, Entry, std::less<>> entries_;
};

// Wrong ones: the header as it stands, signed by `signer` without any check of form.
Event Forge(const v1::EventHeader& header, std::string_view signer);
Statement Forge(const v1::StatementHeader& header, std::string_view signer);
// The same, changed and signed by the author whom it names then; its sections travel along.
Event Changed(const Event& event, const std::function<void(v1::EventHeader&)>& change);
Statement Changed(const Statement& statement, const std::function<void(v1::StatementHeader&)>& change);

NewSection SampleSection(const std::string& name, v1::Category category, const std::string& text = "Text");
v1::Grant SampleGrant(const std::string& relation, const std::vector<v1::Category>& categories = {},
                      const std::string& medical_basis = "");

// One dossier. Functions named for a kind make the event that comes next and do not add it; without an author it is the
// holder's. What SignEvent or SignStatement refuses throws, and fails the test.
class SampleLog {
 public:
  explicit SampleLog(std::string dossier = kSampleDossier) : dossier_(std::move(dossier)) {}

  // Takes the event as it is, right or wrong.
  const Event& Add(Event event);
  const std::vector<Event>& events() const { return events_; }
  const Event& last() const { return events_.back(); }
  const std::string& holder() const { return holder_; }
  std::int64_t epoch() const { return epoch_; }
  // Of the newest event of the kind; empty: there is none.
  std::string HashOf(v1::EventKind kind) const;
  // What Next makes of the events.
  absl::StatusOr<v1::LogState> Fold(const Members& members, bool appending = false,
                                    const ProtocolRules& rules = DefaultRules()) const;

  absl::CivilDay day = absl::CivilDay(2026, 3, 2);  // Of what is made from now on.

  // Everything that position and kind decide; no detail.
  v1::EventHeader Header(v1::EventKind kind, const std::string& author = "") const;
  static Event Sign(const v1::EventHeader& header, const std::vector<NewSection>& sections = {});

  Event Opened(const std::string& author) const;
  Event Record(const std::string& record, const std::string& author = "",
               const std::vector<NewSection>& sections = {}) const;
  Event Announce(const std::string& to, const std::string& author = "") const;
  // For a next stage, on the newest application.
  Event Offer(const std::string& to, const std::string& author = "") const;
  // Answers the newest offer or forwarding.
  Event Accept(const std::string& author) const;
  Event Close(const Statement& decline, const std::string& author = "") const;
  Event Forward(const std::string& to, const std::string& author = "") const;
  Event ForwardOn(const std::string& to, const Statement& consent, const std::string& author = "") const;
  Event SendOutside(const std::string& addressee, const std::string& author = "") const;
  Event ReceiveOutside(const std::string& sent_hash, absl::CivilDay received, const std::string& author = "") const;
  Event Take(const Statement& contribution, const std::string& author = "") const;
  Event Admit(const std::string& member, const v1::Grant& grant, const std::string& author = "") const;
  Event End(const std::string& member, const std::string& author = "") const;
  Event Release(const std::string& member, std::int64_t sequence, const std::string& section,
                const std::string& author = "") const;
  Event Correct(std::int64_t sequence, const std::string& author = "") const;
  Event Propose(const std::string& document, int version, const std::vector<std::string>& signatories,
                const std::string& author = "") const;
  Event Succeed(const std::string& predecessor, const std::string& author) const;

  // Statements are addressed to the holder. Decline: of the newest offer or forwarding, unless another hash is given.
  v1::StatementHeader StatementFrom(const std::string& author) const;
  Statement Sign(const v1::StatementHeader& header, const std::vector<NewSection>& sections = {}) const;
  Statement Decline(const std::string& author, const std::string& offer_hash = "",
                    v1::DeclineReason reason = v1::DECLINE_REASON_WRONG_PLACE) const;
  Statement AcceptDecision(const std::string& author, const std::string& offer_hash,
                           const std::string& accepted_hash) const;
  // Names the newest `accepted`, unless another hash is given.
  Statement Consent(const std::string& author, const std::string& accepted_hash = "") const;
  Statement Withdraw(const std::string& offer_hash, const std::string& to) const;
  Statement Contribute(const std::string& author, const std::string& record,
                       const std::vector<NewSection>& sections = {}) const;
  Statement Ready(const std::string& author, const std::string& announced_hash) const;
  Statement SignJointly(const std::string& author, const std::string& proposed_hash) const;

 private:
  std::string OfferHash() const;

  std::string dossier_;
  std::vector<Event> events_;
  std::string holder_;
  std::int64_t epoch_ = 0;
  std::int64_t request_sequence_ = 0;
};

// Verifies what SampleSigner signs; lives as long as the program.
const crypto::Verifier& SampleVerifier();

// What Next takes. With the rules of a node, so that a mutation run reaches the tests.
inline Step SampleStep(const Members& members, bool appending = false) {
  return {members, SampleVerifier(), appending, DefaultRules()};
}

}  // namespace teilhabe::dossier
