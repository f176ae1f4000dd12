#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/dossier/ledger.h"
#include "teilhabe/dossier/v1/evidence.pb.h"

namespace teilhabe::dossier {

// Who acts at this node and why, for the access log.
struct Caller {
  std::string actor;     // Identity URI.
  std::string official;  // Pseudonym; empty: the agency's system.
  std::string purpose;
  std::string legal_basis;
};

// What may be repeated without harm: same id, same body, same answer.
struct Request {
  std::string id;
  crypto::Digest body;
};

// What a node shows of a dossier.
struct View {
  v1::LogState log;
  Standing standing = Standing::kNone;
  bool klaerung = false;
  std::vector<Statement> pending;  // Contributions that are not in the log yet.
  std::vector<Store::Unconfirmed> unconfirmed;
};

// The use cases of a dossier at one agency: what its officials and systems do. Each runs in the caller's transaction,
// leaves one access entry, and answers a repeated request as it did the first time. Errors of all, beside their own:
// kNotFound DOSSIER_UNKNOWN (also for a non-party); kInvalidArgument REQUEST_ID_MISSING, REQUEST_ID_REUSED.
class Desk {
 public:
  explicit Desk(const Ledger& ledger) : ledger_(ledger) {}

  // Opens a dossier under an id that the caller made. Errors: kAlreadyExists DOSSIER_EXISTS; kFailedPrecondition
  // HOLDER_WRONG_KIND; those of Ledger::Append.
  absl::StatusOr<v1::StoredAnswer> Open(Unit& unit, const Caller& caller, const Request& request,
                                        const std::string& dossier, const v1::EventDraft& draft) const;

  // Appends an event of the holder if the log's head still is `expected_head` (32 bytes). CONTRIBUTION_TAKEN,
  // ACCEPTED and OFFER_CLOSED are never drafted: EVENT_NOT_DRAFTED. The consent of a second FORWARDED is found here.
  // Errors: kAborted HEAD_MOVED; those of Ledger::Append.
  absl::StatusOr<v1::StoredAnswer> Append(Unit& unit, const Caller& caller, const Request& request,
                                          const std::string& dossier, const std::string& expected_head,
                                          const v1::EventDraft& draft) const {
    return AppendAll(unit, caller, request, dossier, expected_head, {draft});
  }
  // The same for several events that stand or fall together.
  absl::StatusOr<v1::StoredAnswer> AppendAll(Unit& unit, const Caller& caller, const Request& request,
                                             const std::string& dossier, const std::string& expected_head,
                                             const std::vector<v1::EventDraft>& drafts) const;

  // Accepts the open offer of this hash: appends `accepted`, the change of holder. Errors: kFailedPrecondition
  // OFFER_MISMATCH, OFFER_NOT_OPEN, OFFER_DECLINED, NOT_ADDRESSEE.
  absl::StatusOr<v1::StoredAnswer> Accept(Unit& unit, const Caller& caller, const Request& request,
                                          const std::string& dossier, const std::string& offer_hash,
                                          const std::string& legal_basis) const;

  // Declines it, for good. Errors: as Accept; FORWARD_NOT_DECLINABLE.
  absl::StatusOr<v1::StoredAnswer> Decline(Unit& unit, const Caller& caller, const Request& request,
                                           const std::string& dossier, const std::string& offer_hash,
                                           const std::string& legal_basis, const v1::Decision& reasons) const;

  // Signs a statement: contribution, ready, consent, withdrawal, joint signature. It goes to the holder, a withdrawal
  // to whom was offered. Decisions, receipts and corrections are never drafted: STATEMENT_NOT_DRAFTED. Of a consent to
  // what is not here yet: ADDRESSEE_UNKNOWN.
  absl::StatusOr<v1::StoredAnswer> Sign(Unit& unit, const Caller& caller, const Request& request,
                                        const std::string& dossier, const v1::StatementDraft& draft) const;

  absl::StatusOr<View> Show(Unit& unit, const Caller& caller, const std::string& dossier,
                            int klaerung_after_days) const;
  absl::StatusOr<std::vector<Event>> ListEvents(Unit& unit, const Caller& caller, const std::string& dossier,
                                                std::int64_t from, int limit) const;
  // After a hash, at most `limit`.
  absl::StatusOr<std::vector<Statement>> ListStatements(Unit& unit, const Caller& caller, const std::string& dossier,
                                                        const std::string& after, int limit) const;
  // Says what file will be uploaded, also for a dossier that is not opened yet. Errors: those of Attachments::Begin.
  absl::Status BeginAttachment(Unit& unit, const Caller& caller, const std::string& dossier,
                               const crypto::Digest& digest, const Attachment& attachment) const;
  // An attachment before its bytes are read. Errors: kNotFound ATTACHMENT_UNKNOWN.
  absl::StatusOr<Attachment> FindAttachment(Unit& unit, const Caller& caller, const std::string& dossier,
                                            const crypto::Digest& digest) const;
  // A section, decrypted. `hash`: of its event or statement. Errors: kNotFound EVENT_UNKNOWN, SECTION_ABSENT.
  absl::StatusOr<v1::Section> ReadSection(Unit& unit, const Caller& caller, const std::string& dossier,
                                          const std::string& hash, const std::string& name) const;
  // Everything that is here of the dossier, but for directory and certificates, which the caller adds before it signs.
  absl::StatusOr<v1::Evidence> Export(Unit& unit, const Caller& caller, const std::string& dossier) const;

  // The answer to a request that was made before. Errors: kInvalidArgument REQUEST_ID_MISSING, REQUEST_ID_REUSED.
  absl::StatusOr<std::optional<v1::StoredAnswer>> Before(Unit& unit, const Request& request,
                                                         const std::string& dossier) const;

  // The access entry of a use case beside these; an empty `dossier`: of none in particular.
  absl::Status Note(Unit& unit, const Caller& caller, std::string_view action, std::string_view dossier) const;

 private:
  // One event of the holder after `before`; returns the log's new state.
  absl::StatusOr<v1::LogState> AppendOne(Unit& unit, const Caller& caller, const std::string& dossier,
                                         const v1::LogState& before, const v1::EventDraft& draft) const;
  absl::StatusOr<v1::StoredAnswer> After(Unit& unit, const Caller& caller, const Request& request,
                                         std::string_view action, const v1::LogState& log,
                                         const std::string& statement_hash) const;
  absl::StatusOr<v1::LogState> Known(Unit& unit, const std::string& dossier) const;
  absl::Status CheckOffer(Unit& unit, const v1::LogState& log, const std::string& offer_hash) const;

  const Ledger& ledger_;
};

}  // namespace teilhabe::dossier
