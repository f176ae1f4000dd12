#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/crypto/key.h"
#include "services/participants/records.h"

namespace teilhabe::participants {

// The letter that goes, on paper, to an agency without a node: what § 14 SGB IX forwards, in German, with the signature
// of the sending node beneath, so that whoever types it in again can check it. UTF-8.
absl::StatusOr<std::string> MakePackage(const CaseFile& file, const v1::SendOutsideRequest& request,
                                        const std::string& sender, const crypto::Signer& signer);

}  // namespace teilhabe::participants
