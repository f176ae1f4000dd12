#include "services/ctl/client.h"

#include <grpc/support/log.h>

#include <algorithm>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/rpc/gatekeeper.h"
#include "common/rpc/tls.h"
#include "google/protobuf/stubs/logging.h"
#include "services/ctl/network/start_folder.h"
#include "services/ctl/network/state_folder.h"

namespace teilhabe::ctl {
namespace {

absl::Status CheckMember(const Session& session, const trust::Directory& directory) {
  bool known = directory.Find(session.as) != nullptr && !directory.Find(session.as)->member.endpoint().empty();
  if (known && !session.network.empty()) {
    TEILHABE_ASSIGN_OR_RETURN(const StartFolder start, StartFolder::Read(session.network));
    known = std::any_of(start.members.begin(), start.members.end(),
                        [&session](const auto& member) { return member.id() == session.as; });
  }
  if (known) return absl::OkStatus();
  return FieldError(absl::StatusCode::kNotFound, "MEMBER_UNKNOWN", "--as",
                    absl::StrCat("'", session.as, "' has no node in this network; see teilhabe network status"));
}

}  // namespace

absl::Status Session::CheckPurpose() const {
  const bool good = std::all_of(purpose.begin(), purpose.end(), [](char letter) {
    return letter >= ' ' && letter <= '~';  // gRPC ends the process at others.
  });
  if (good) return absl::OkStatus();
  return FieldError(absl::StatusCode::kInvalidArgument, "PURPOSE_INVALID", "--purpose",
                    "a purpose is a word: case_work, handover, accounting, remedy, ...");
}

void Session::Bound(grpc::ClientContext& context) const {
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(timeout_seconds)));
  context.AddMetadata(rpc::kPurposeMetadata, purpose);
}

absl::StatusOr<std::shared_ptr<grpc::Channel>> Session::Channel(absl::Duration deadline) const {
  TEILHABE_RETURN_IF_ERROR(CheckPurpose());
  if (fixed_channel != nullptr) return fixed_channel;
  const StateFolder folder(state);
  TEILHABE_ASSIGN_OR_RETURN(const auto directory, folder.ReadDirectory());
  TEILHABE_RETURN_IF_ERROR(CheckMember(*this, *directory));
  const auto who = official.empty() ? folder.CliIdentity(as) : folder.OfficialIdentity(as, official);
  if (!trust::IsIdentityPart(official.empty() ? "cli" : official) || !std::filesystem::exists(who)) {
    return FieldError(absl::StatusCode::kNotFound, "OFFICIAL_UNKNOWN", "--official",
                      absl::StrCat("'", as, "' has no such official in this network; `network up` makes sb-1"));
  }
  TEILHABE_ASSIGN_OR_RETURN(const auto identity, rpc::NodeIdentity::Read(who, absl::Now()));
  const std::string endpoint = node.empty() ? directory->Find(as)->member.endpoint() : node;
  return rpc::MakeChannel(endpoint, as, identity, std::make_shared<trust::DirectoryHolder>(directory),
                          {deadline, 4 << 20});
}

absl::StatusOr<std::unique_ptr<carriers::v1::CarriersService::Stub>> Session::Carriers() const {
  TEILHABE_ASSIGN_OR_RETURN(const auto channel, Channel());
  return carriers::v1::CarriersService::NewStub(channel);
}

absl::StatusOr<std::unique_ptr<carriers::v1::CarriersService::Stub>> Session::CarriersForLong() const {
  TEILHABE_ASSIGN_OR_RETURN(const auto channel, Channel(absl::Hours(24)));
  return carriers::v1::CarriersService::NewStub(channel);
}

void SilenceLibraries() {
  gpr_set_log_function([](gpr_log_func_args*) {});
  google::protobuf::SetLogHandler(nullptr);
}

}  // namespace teilhabe::ctl
