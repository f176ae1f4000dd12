#include "common/trust/directory_members.h"

#include <algorithm>

#include "common/dossier/days.h"

namespace teilhabe::trust {
namespace {

bool IsEgh(int role) { return role == v1::ROLE_EGH_UEBEROERTLICH || role == v1::ROLE_EGH_OERTLICH; }
bool IsTraeger(int role) { return IsEgh(role) || role == v1::ROLE_BA || role == v1::ROLE_DRV || role == v1::ROLE_UV; }
bool IsProvider(int role) { return role == v1::ROLE_WFBM || role == v1::ROLE_ALA; }

}  // namespace

std::optional<crypto::PublicKey> DirectoryMembers::Key(std::string_view member) const {
  const auto directory = directory_->Get();
  const Directory::Entry* const entry = directory->Find(member);
  return entry == nullptr ? std::nullopt : std::optional(entry->key);
}

bool DirectoryMembers::HasNode(std::string_view member) const {
  const auto directory = directory_->Get();
  const Directory::Entry* const entry = directory->Find(member);
  return entry != nullptr && !entry->member.endpoint().empty();
}

bool DirectoryMembers::MayHold(std::string_view member, dossier::v1::DossierClass dossier_class) const {
  const auto directory = directory_->Get();
  const Directory::Entry* const entry = directory->Find(member);
  if (entry == nullptr || entry->member.kind() == v1::MEMBER_KIND_GUEST ||
      entry->member.kind() == v1::MEMBER_KIND_OBSERVER) {
    return false;
  }
  const auto& roles = entry->member.roles();
  return std::any_of(roles.begin(), roles.end(), [dossier_class](int role) {
    switch (dossier_class) {
      case dossier::v1::DOSSIER_CLASS_CASE:
        return IsTraeger(role);
      case dossier::v1::DOSSIER_CLASS_PROVIDER:
      case dossier::v1::DOSSIER_CLASS_POLICY:
        return IsEgh(role);
      case dossier::v1::DOSSIER_CLASS_STATEMENT:
        return IsTraeger(role) || IsProvider(role);
      default:
        return false;
    }
  });
}

bool DirectoryMembers::MayTakePart(std::string_view member, dossier::v1::DossierClass dossier_class) const {
  const auto directory = directory_->Get();
  const Directory::Entry* const entry = directory->Find(member);
  return entry != nullptr &&
         (dossier_class != dossier::v1::DOSSIER_CLASS_CASE || entry->member.kind() != v1::MEMBER_KIND_OBSERVER);
}

std::string DirectoryMembers::Seat(std::string_view member) const {
  const auto directory = directory_->Get();
  const Directory::Entry* const entry = directory->Find(member);
  return entry == nullptr ? "" : entry->member.seat();
}

bool DirectoryMembers::IsCompetentAt(std::string_view member, std::string_view place, absl::CivilDay day) const {
  const auto directory = directory_->Get();
  const Directory::Entry* const entry = directory->Find(member);
  if (entry == nullptr) return false;
  const auto& all = entry->member.jurisdictions();
  return std::any_of(all.begin(), all.end(), [&](const v1::Jurisdiction& jurisdiction) {
    return place.starts_with(jurisdiction.prefix()) &&
           !(jurisdiction.has_valid_from() && day < dossier::ToCivil(jurisdiction.valid_from())) &&
           !(jurisdiction.has_valid_to() && day > dossier::ToCivil(jurisdiction.valid_to()));
  });
}

std::optional<dossier::Succession> DirectoryMembers::Successor(std::string_view member, absl::CivilDay day) const {
  const auto directory = directory_->Get();
  const Directory::Entry* const entry = directory->Find(member);
  if (entry == nullptr) return std::nullopt;
  for (const v1::Succession& succession : entry->member.successions()) {
    const absl::CivilDay first_day = dossier::ToCivil(succession.day());
    if (day >= first_day) return dossier::Succession{succession.successor(), first_day, succession.act()};
  }
  return std::nullopt;
}

}  // namespace teilhabe::trust
