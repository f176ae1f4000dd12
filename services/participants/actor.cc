#include "services/participants/actor.h"

namespace teilhabe::participants {

Actor ToActor(const rpc::Caller& caller) {
  Actor actor;
  switch (caller.identity.kind) {
    case trust::IdentityKind::kOfficial:
      actor.role = CallerRole::kOfficial;
      actor.caller.official = caller.identity.name;
      break;
    case trust::IdentityKind::kGuest:
      actor.role = CallerRole::kGuest;
      break;
    case trust::IdentityKind::kPerson:
      actor.role = CallerRole::kPerson;
      break;
    default:
      actor.role = CallerRole::kSystem;
  }
  actor.caller.actor = trust::ToUri(caller.identity);
  if (caller.context) {
    actor.caller.purpose = caller.context->purpose();
    actor.caller.legal_basis = caller.context->legal_basis();
  }
  if (actor.caller.legal_basis.empty()) actor.caller.legal_basis = std::string(LegalBasisOf(actor.caller.purpose));
  return actor;
}

}  // namespace teilhabe::participants
