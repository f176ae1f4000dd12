#pragma once

#include "common/rpc/gatekeeper.h"
#include "services/participants/cases.h"

namespace teilhabe::participants {

// Who calls, as gate 2 and the access log see it. Without a legal basis of its own the purpose's is taken.
Actor ToActor(const rpc::Caller& caller);

}  // namespace teilhabe::participants
