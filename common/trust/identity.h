#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace teilhabe::trust {

// What an identity stands for. The kind fixes what it may call (gate.h).
enum class IdentityKind { kNode, kService, kSystem, kOfficial, kGuest, kPerson };
constexpr int kIdentityKindCount = 6;
// `node`, `service`, `system`, `official`, `guest`, `person`: as in the URI.
std::string_view KindName(IdentityKind kind);

// Who somebody is, as the URI in its certificate says:
// teilhabe://<network>/<agency>/{node|service/<n>|system/<n>|official/<pseudonym>|guest/<body>|person/<handle>}
struct Identity {
  std::string network;
  std::string agency;  // Member id.
  IdentityKind kind = IdentityKind::kNode;
  std::string name;  // Empty for a node.

  friend auto operator<=>(const Identity&, const Identity&) = default;
};

// Reads the URI. Each part is 1 to 64 of a-z, 0-9, '-', '.', '_' and
// begins and ends with a letter or digit, so that it may name a folder. Errors: kUnauthenticated, IDENTITY_MALFORMED.
absl::StatusOr<Identity> ParseIdentity(std::string_view uri);
std::string ToUri(const Identity& identity);

// Whether a network is one for training: its name is `schulung` or begins with `schulung-`, so that every identity, and
// with it every certificate, says so.
bool IsTrainingNetwork(std::string_view network);

// Whether `text` may be a part of an identity.
bool IsIdentityPart(std::string_view text);

}  // namespace teilhabe::trust
