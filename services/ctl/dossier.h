#pragma once

#include <string>

#include "services/ctl/client.h"

namespace teilhabe::ctl {

// `teilhabe handover balance PEER`: what was sent to a peer and taken from it, as both sides count. Exit code 4 where
// something is open.
int HandoverBalance(const Session& session, const std::string& peer);
// `teilhabe dossier show ID`: who holds it, what is open, who is party to it, and its log.
int DossierShow(const Session& session, const std::string& dossier);
// `teilhabe dossier evidence ID --out FILE`: writes what proves the dossier's course, for tests/verify.
int DossierEvidence(const Session& session, const std::string& dossier, const std::string& path);

}  // namespace teilhabe::ctl
