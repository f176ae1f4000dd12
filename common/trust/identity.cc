#include "common/trust/identity.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/reason.h"
#include "common/base/strings.h"

namespace teilhabe::trust {
namespace {

constexpr std::string_view kScheme = "teilhabe://";
constexpr std::string_view kNames[kIdentityKindCount] = {"node", "service", "system", "official", "guest", "person"};

absl::Status Malformed() {
  return ReasonError(absl::StatusCode::kUnauthenticated, "IDENTITY_MALFORMED",
                     "the certificate's URI is no identity of this kind of network");
}

}  // namespace

std::string_view KindName(IdentityKind kind) { return kNames[static_cast<int>(kind)]; }

bool IsIdentityPart(std::string_view text) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !text.empty() && text.size() <= 64 && is_letter(text.front()) && is_letter(text.back()) &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-._") == std::string_view::npos;
}

bool IsTrainingNetwork(std::string_view network) { return network == "schulung" || network.starts_with("schulung-"); }

absl::StatusOr<Identity> ParseIdentity(std::string_view uri) {
  if (!uri.starts_with(kScheme) || uri.size() > 512) return Malformed();
  const std::vector<std::string> parts = absl::StrSplit(ToAbsl(uri.substr(kScheme.size())), '/');
  if (parts.size() < 3 || parts.size() > 4) return Malformed();
  for (const std::string& part : parts) {
    if (!IsIdentityPart(part)) return Malformed();
  }
  for (int at = 0; at < kIdentityKindCount; ++at) {
    if (parts[2] != kNames[at]) continue;
    const auto kind = static_cast<IdentityKind>(at);
    if ((kind == IdentityKind::kNode) != (parts.size() == 3)) return Malformed();
    return Identity{parts[0], parts[1], kind, parts.size() == 4 ? parts[3] : ""};
  }
  return Malformed();
}

std::string ToUri(const Identity& identity) {
  std::string uri =
      absl::StrCat(ToAbsl(kScheme), identity.network, "/", identity.agency, "/", ToAbsl(KindName(identity.kind)));
  if (identity.kind != IdentityKind::kNode) absl::StrAppend(&uri, "/", identity.name);
  return uri;
}

}  // namespace teilhabe::trust
