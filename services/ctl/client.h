#pragma once

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "services/ctl/output.h"
#include "teilhabe/carriers/v1/carriers_service.grpc.pb.h"

namespace teilhabe::ctl {

// What every command has: where the node is, how long to wait, how to print.
struct Session {
  std::string node = "127.0.0.1:7400";
  double timeout_seconds = 10;
  Format format = Format::kTable;

  std::shared_ptr<grpc::Channel> Channel() const;
  std::unique_ptr<carriers::v1::CarriersService::Stub> Carriers() const;
  // For streams that may go on for long as long as something comes: bounds only the whole.
  std::unique_ptr<carriers::v1::CarriersService::Stub> CarriersForLong() const;
};

// What gRPC and Protocol Buffers say of their own accord would stand beside our own error; it is left out.
void SilenceLibraries();

}  // namespace teilhabe::ctl
