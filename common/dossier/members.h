#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/time/civil_time.h"
#include "common/crypto/key.h"
#include "teilhabe/dossier/v1/section.pb.h"

namespace teilhabe::dossier {

// Who takes over from a member that ends.
struct Succession {
  std::string successor;
  absl::CivilDay first_day;
  std::string act;  // That says so.
};

// What a dossier needs to know of the network's members; the directory knows it. Safe from any thread.
class Members {
 public:
  virtual ~Members() = default;

  // The key that a member signs with; none: no such member.
  virtual std::optional<crypto::PublicKey> Key(std::string_view member) const = 0;
  // Whether it has a node: without one it never holds, and nothing is offered or forwarded to it in the log.
  virtual bool HasNode(std::string_view member) const = 0;
  // Whether it is of a kind that may hold a dossier of this class.
  virtual bool MayHold(std::string_view member, v1::DossierClass dossier_class) const = 0;
  // Whether it may be a party to a dossier of this class: an observer has no part in a person's case (N-01).
  virtual bool MayTakePart(std::string_view member, v1::DossierClass dossier_class) const = 0;
  // Municipality key of its seat; empty: none is known.
  virtual std::string Seat(std::string_view member) const = 0;
  // Whether it is competent, by its own jurisdictions, at a municipality on a day.
  virtual bool IsCompetentAt(std::string_view member, std::string_view place, absl::CivilDay day) const = 0;
  // Who takes over from a member that has ended by that day; none: it has not ended.
  virtual std::optional<Succession> Successor(std::string_view member, absl::CivilDay day) const = 0;
};

}  // namespace teilhabe::dossier
