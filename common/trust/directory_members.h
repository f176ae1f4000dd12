#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "common/dossier/members.h"
#include "common/trust/peer_check.h"

namespace teilhabe::trust {

// What the directory held now says of members.
class DirectoryMembers final : public dossier::Members {
 public:
  explicit DirectoryMembers(std::shared_ptr<const DirectoryHolder> directory) : directory_(std::move(directory)) {}

  std::optional<crypto::PublicKey> Key(std::string_view member) const override;
  bool HasNode(std::string_view member) const override;
  // A case: Träger (EGH, BA, DRV, UV). A provider's admission and a policy: EGH. A statement: these and providers with
  // a node. Observers and guests hold nothing.
  bool MayHold(std::string_view member, dossier::v1::DossierClass dossier_class) const override;
  bool MayTakePart(std::string_view member, dossier::v1::DossierClass dossier_class) const override;
  std::string Seat(std::string_view member) const override;
  bool IsCompetentAt(std::string_view member, std::string_view place, absl::CivilDay day) const override;
  std::optional<dossier::Succession> Successor(std::string_view member, absl::CivilDay day) const override;

 private:
  std::shared_ptr<const DirectoryHolder> directory_;
};

}  // namespace teilhabe::trust
