#pragma once

#include <string>

#include "absl/status/status.h"
#include "common/dossier/ledger.h"

// A correction reaches everybody who ever had what was wrong (Art. 16, 19 GDPR). Whom the log shows the new sections
// has them with the event CORRECTED; everybody else (an ended party, a former holder) is told by a statement that
// carries them and nothing more of the log. Each node tells whom it has given the old section, so that nobody must know
// all.
namespace teilhabe::dossier {

// The last event of `log` is an own CORRECTED: tells everybody, and notes who has to confirm.
absl::Status TellCorrection(const Ledger& ledger, Unit& unit, const v1::LogState& log);

// What another member corrected has arrived from `from`, as event or as statement: tells those to whom this node gave
// the old section. An event without its new sections is not passed on: the statement that brings them is.
absl::Status PassOn(const Ledger& ledger, Unit& unit, const v1::LogState& log, const Event& corrected,
                    const std::string& from);
absl::Status PassOn(const Ledger& ledger, Unit& unit, const v1::LogState& log, const Statement& correction,
                    const std::string& from);

// Whether a correction that arrives, by somebody who may say so, is one of this log and for this member. Errors:
// kFailedPrecondition NOT_ADDRESSEE, CORRECTION_INVALID with field; those of storage.
absl::Status CheckCorrection(const Ledger& ledger, storage::Reader& reader, const v1::LogState& log,
                             const v1::StatementHeader& header);

// Notes that `member` has an event and those of its sections that travel with it.
absl::Status NoteGiven(const Ledger& ledger, Unit& unit, const std::string& dossier, const Event& event,
                       const std::string& member);
// The same for what is handed to a peer as `masked`. A CORRECTED that shows the peer less by now than when it was fed
// (its party has ended meanwhile) is told by a statement instead.
absl::Status HandOut(const Ledger& ledger, Unit& unit, const v1::LogState& log, const Event& event,
                     const v1::SignedEvent& masked, const std::string& peer);

}  // namespace teilhabe::dossier
