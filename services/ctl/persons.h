#pragma once

#include <string>

#include "services/ctl/cases.h"

// The commands `teilhabe person`, `access` and `audit`: who a case is about, and who has seen it.
namespace teilhabe::ctl {

struct FindPersonText {
  std::string family_name, given_names, birth_day;
};
absl::Status PersonFind(const Session& session, const FindPersonText& text);

struct LinkText {
  std::string id, person;
};
absl::Status PersonLink(const Session& session, const LinkText& text);
absl::Status PersonUnlink(const Session& session, const CaseText& text);

// Who has seen a case, at every agency that is or was party; names those that did not answer.
absl::Status AccessList(const Session& session, const CaseText& text);

struct NoText {};
// Computes this node's access log anew.
absl::Status AuditVerify(const Session& session, const NoText& text);

}  // namespace teilhabe::ctl
