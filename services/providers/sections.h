#pragma once

#include <algorithm>
#include <string_view>

#include "common/trust/directory.h"
#include "services/providers/domain/provider.h"

// What a provider's dossier holds, and who may be what in it.
namespace teilhabe::providers {

inline constexpr char kProviderSection[] = "anbieter";
inline constexpr char kProviderRecord[] = "provider";
inline constexpr char kProviderType[] = "teilhabe.providers.v1.Provider";
inline constexpr char kVereinbarungSection[] = "vereinbarung";
inline constexpr char kVereinbarungRecord[] = "vereinbarung";
inline constexpr char kVereinbarungType[] = "teilhabe.providers.v1.Vereinbarung";

// As a contracting Träger; nothing where there is no such member.
inline MemberRoles RolesIn(const trust::Directory& directory, std::string_view member) {
  MemberRoles roles;
  const trust::Directory::Entry* const entry = directory.Find(member);
  if (entry == nullptr) return roles;
  for (const int role : entry->member.roles()) {
    roles.eingliederungshilfe =
        roles.eingliederungshilfe || role == trust::v1::ROLE_EGH_UEBEROERTLICH || role == trust::v1::ROLE_EGH_OERTLICH;
    roles.ba_drv_uv =
        roles.ba_drv_uv || role == trust::v1::ROLE_BA || role == trust::v1::ROLE_DRV || role == trust::v1::ROLE_UV;
  }
  return roles;
}

}  // namespace teilhabe::providers
