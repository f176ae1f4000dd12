#pragma once

#include <string>

#include "services/ctl/client.h"

namespace teilhabe::ctl {

// `teilhabe rpc METHOD JSON`: any method of the contracts built into this program. METHOD is
// `teilhabe.carriers.v1.CarriersService/DetermineCompetence` or its shortest unique end. JSON is one message, or for a
// stream an array of them; `-` reads it from standard input. Each answer is printed as JSON.
int RpcCall(const Session& session, const std::string& method, const std::string& json);

// Reads one message written as JSON; `-` reads it from standard input. Errors: kInvalidArgument, JSON_INVALID with the
// field `json`; those of ReadInput.
absl::Status ReadMessage(const std::string& json, google::protobuf::Message& message);

// `teilhabe rpc --lines`: for programs that make many calls. Each line of standard input is a call, a JSON object with
// `method`, `request` and, where they differ from the command's, `as`, `official`, `purpose`; one line of output
// answers it: `{"answer": ...}`, or `{"error": {"code", "reason", "message", "details"}}`. One after the other, over
// connections that stay. Unary methods only.
int RpcLines(const Session& session);

// `teilhabe rpc --list`: the methods.
int RpcList();

}  // namespace teilhabe::ctl
