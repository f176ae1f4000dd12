#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/crypto/digest.h"
#include "common/crypto/key.h"
#include "common/crypto/random.h"
#include "common/dossier/members.h"
#include "teilhabe/dossier/v1/event.pb.h"
#include "teilhabe/dossier/v1/statement.pb.h"

// How events and statements are written down, signed and read: proto/teilhabe/dossier/FORMAT.md.
namespace teilhabe::dossier {

// An event whose form, signature and sections were checked, and its hash. The rules of the log are holder.h's.
struct Event {
  v1::SignedEvent bytes;
  v1::EventHeader header;
  crypto::Digest hash;
};

struct Statement {
  v1::SignedStatement bytes;
  v1::StatementHeader header;
  crypto::Digest hash;
};

crypto::Digest EventHash(std::string_view header);
crypto::Digest StatementHash(std::string_view header);
crypto::Digest AttachmentDigest(std::string_view bytes);

// A section as its author writes it.
struct NewSection {
  std::string name;
  v1::Category category = v1::CATEGORY_UNSPECIFIED;
  v1::SectionPayload payload;
};

// Salts the sections, names them in the header, sets the algorithm, serializes once and signs.
// Errors: those of the checks of form below, so that nothing is signed that others would reject.
absl::StatusOr<Event> SignEvent(v1::EventHeader header, const std::vector<NewSection>& sections,
                                const crypto::Signer& signer, crypto::Rng& rng);
// The same for sections that have their salt: those of a contribution, taken into the log, and of a correction.
absl::StatusOr<Event> SignEventWith(v1::EventHeader header, const std::vector<v1::Section>& sections,
                                    const crypto::Signer& signer);
absl::StatusOr<Statement> SignStatement(v1::StatementHeader header, const std::vector<NewSection>& sections,
                                        const crypto::Signer& signer, crypto::Rng& rng);
absl::StatusOr<Statement> SignStatementWith(v1::StatementHeader header, const std::vector<v1::Section>& sections,
                                            const crypto::Signer& signer);

// Reads and checks what came from outside: form, signature by the author's key, digests of the sections that are there.
// Errors: kInvalidArgument EVENT_MALFORMED or STATEMENT_MALFORMED with field, SECTION_DIGEST, SECTION_UNKNOWN (no ref
// of this name), TRAINING_MISMATCH; kUnauthenticated MEMBER_UNKNOWN, SIGNATURE_INVALID, SIGNATURE_ALGORITHM.
absl::StatusOr<Event> OpenEvent(const v1::SignedEvent& bytes, bool training, const Members& members,
                                const crypto::Verifier& verifier);
absl::StatusOr<Statement> OpenStatement(const v1::SignedStatement& bytes, bool training, const Members& members,
                                        const crypto::Verifier& verifier);

// Reads without checking: what this node's own store holds.
absl::StatusOr<Event> ReadEvent(v1::SignedEvent bytes);
absl::StatusOr<Statement> ReadStatement(v1::SignedStatement bytes);

// 32 lower-case hex digits of 16 random bytes.
std::string NewDossierId(crypto::Rng& rng);
bool IsDossierId(std::string_view text);

}  // namespace teilhabe::dossier
