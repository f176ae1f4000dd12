#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "teilhabe/trust/v1/directory.pb.h"

namespace teilhabe::ctl {

// What a start folder (deploy/network/nrw) says: who takes part. `network.json`; nothing secret.
struct StartFolder {
  std::string network;
  bool training = true;
  std::string first_day;  // Of the network's clock where the state folder is new.
  // Without endpoint, key and CA, which the state folder adds. What the reference data know of an agency is filled in:
  // name, seat, offices, jurisdictions, successions.
  std::vector<trust::v1::Member> members;

  // Errors: kInvalidArgument START_FOLDER_INVALID with the field; AGENCY_UNKNOWN.
  static absl::StatusOr<StartFolder> Read(const std::filesystem::path& folder);
};

}  // namespace teilhabe::ctl
