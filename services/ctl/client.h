#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/ctl/output.h"
#include "teilhabe/carriers/v1/carriers_service.grpc.pb.h"

namespace teilhabe::ctl {

// What every command has: as whom it calls which node, how long it waits, how it prints.
struct Session {
  std::string state = "build/network";           // State folder of the network.
  std::string network;                           // Start folder; if given, `as` must be one of its members.
  std::string as = "lwl";                        // Member whose node is asked, as its own system.
  std::string official;                          // Pseudonym; empty: the agency's system.
  std::string purpose = "case_work";             // For what it calls; see services/participants/domain/purposes.csv.
  std::string node;                              // HOST:PORT in place of the directory's endpoint.
  std::shared_ptr<grpc::Channel> fixed_channel;  // Used in place of a new one; for tests.
  double timeout_seconds = 10;
  Format format = Format::kTable;

  // Whether the purpose can be sent. Errors: kInvalidArgument PURPOSE_INVALID.
  absl::Status CheckPurpose() const;
  // Ends the call after the timeout, and says for what it is made.
  void Bound(grpc::ClientContext& context) const;
  // A channel to the node, with mutual TLS. Errors: those of CheckPurpose; kNotFound NETWORK_NOT_MADE, MEMBER_UNKNOWN;
  // those of reading the identity.
  absl::StatusOr<std::shared_ptr<grpc::Channel>> Channel() const { return Channel(absl::Seconds(timeout_seconds)); }
  absl::StatusOr<std::shared_ptr<grpc::Channel>> Channel(absl::Duration deadline) const;
  absl::StatusOr<std::unique_ptr<carriers::v1::CarriersService::Stub>> Carriers() const;
  // For streams that may go on for long as long as something comes: bounds only the whole.
  absl::StatusOr<std::unique_ptr<carriers::v1::CarriersService::Stub>> CarriersForLong() const;
};

// What gRPC and Protocol Buffers say of their own accord would stand beside our own error; it is left out.
void SilenceLibraries();

}  // namespace teilhabe::ctl
