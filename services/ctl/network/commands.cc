#include "services/ctl/network/commands.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <iostream>
#include <map>
#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "common/base/day.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"
#include "common/rpc/convert.h"
#include "common/rpc/network_clock.h"
#include "common/rpc/status.h"
#include "grpcpp/channel.h"
#include "services/ctl/network/processes.h"
#include "services/ctl/network/start_folder.h"
#include "services/ctl/network/state_folder.h"
#include "teilhabe/handover/v1/network_service.grpc.pb.h"

namespace teilhabe::ctl {
namespace {

namespace v1 = handover::v1;

constexpr int kWaitSeconds = 60;
constexpr int kStopSeconds = 15;

using Entry = trust::Directory::Entry;

// The members with a node, all or those of a start folder.
absl::StatusOr<std::vector<Entry>> Nodes(const StateFolder& state, const std::filesystem::path& folder) {
  TEILHABE_ASSIGN_OR_RETURN(const auto directory, state.ReadDirectory());
  std::vector<std::string> wanted;
  if (!folder.empty()) {
    TEILHABE_ASSIGN_OR_RETURN(const StartFolder start, StartFolder::Read(folder));
    for (const auto& member : start.members) wanted.push_back(member.id());
  }
  std::vector<Entry> nodes;
  for (const Entry& entry : directory->entries()) {
    const bool is_wanted = folder.empty() || std::find(wanted.begin(), wanted.end(), entry.member.id()) != wanted.end();
    if (is_wanted && !entry.member.endpoint().empty()) nodes.push_back(entry);
  }
  return nodes;
}

// One stub per node, as the member's own command line.
class Control {
 public:
  Control(const Session& session, const StateFolder& state) : session_(session), state_(state) {}

  absl::StatusOr<v1::NetworkService::Stub*> StubOf(const std::string& member) {
    auto& stub = stubs_[member];
    if (stub == nullptr) {
      Session as = session_;
      as.state = state_.root().string();
      as.as = member;
      as.node.clear();
      TEILHABE_ASSIGN_OR_RETURN(const auto channel, as.Channel());
      stub = v1::NetworkService::NewStub(channel);
    }
    return stub.get();
  }

  absl::StatusOr<v1::GetStatusResponse> Status(const std::string& member) {
    TEILHABE_ASSIGN_OR_RETURN(v1::NetworkService::Stub * stub, StubOf(member));
    v1::GetStatusResponse status;
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(5));
    // A node that starts: gRPC goes on with connecting only while a call waits for it.
    context.set_wait_for_ready(RunningNode(state_, member).has_value());
    TEILHABE_RETURN_IF_ERROR(rpc::FromGrpcStatus(stub->GetStatus(&context, {}, &status)));
    return status;
  }

 private:
  const Session& session_;
  const StateFolder& state_;
  std::map<std::string, std::unique_ptr<v1::NetworkService::Stub>> stubs_;
};

bool IsGreen(const v1::GetStatusResponse& status, std::int64_t directory_version, std::size_t nodes) {
  return status.directory_version() == directory_version &&
         static_cast<std::size_t>(status.peers_size()) + 1 == nodes &&
         std::all_of(status.peers().begin(), status.peers().end(),
                     [](const v1::PeerStatus& peer) { return peer.state() == v1::PEER_STATE_OK; });
}

// Asks again and again until every node that runs has greeted every other that runs. A node that starts needs a moment.
bool WaitForGreen(const StateFolder& state, Control& control, const std::vector<Entry>& nodes,
                  std::int64_t directory_version) {
  const absl::Time end = absl::Now() + absl::Seconds(kWaitSeconds);
  for (;;) {
    bool green = true;
    for (const Entry& node : nodes) {
      if (!RunningNode(state, node.member.id())) return false;
      const auto status = control.Status(node.member.id());
      green = green && status.ok() && IsGreen(*status, directory_version, nodes.size());
    }
    if (green || absl::Now() > end) return green;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

std::string DayText(const google::type::Date& day) {
  const auto made = rpc::FromProto(day, "day");
  return made.ok() ? FormatDay(*made) : "-";
}

void PrintStatus(const Session& session, const StateFolder& state, Control& control, const std::vector<Entry>& nodes) {
  std::vector<std::vector<std::string>> rows;
  for (const Entry& node : nodes) {
    const std::string& id = node.member.id();
    const auto process = RunningNode(state, id);
    const auto status = control.Status(id);
    if (!status.ok()) {
      rows.push_back({id, process ? "✗ silent" : "✗ down", node.member.endpoint(), "-", "-", "-", "-", "-", "-",
                      node.member.name()});
      continue;
    }
    const auto good = std::count_if(status->peers().begin(), status->peers().end(),
                                    [](const auto& peer) { return peer.state() == v1::PEER_STATE_OK; });
    rows.push_back({id, good == status->peers_size() ? "✓ ok" : "! peers", node.member.endpoint(),
                    absl::StrCat(good, "/", status->peers_size()), absl::StrCat(status->directory_version()),
                    DayText(status->network_day()), absl::StrCat(status->open_items()),
                    FormatDay(LegalDay(absl::FromUnixSeconds(status->certificate_end_time().seconds()))),
                    process ? absl::StrFormat("%.1f MiB", static_cast<double>(ResidentKib(*process)) / 1024) : "-",
                    node.member.name()});
  }
  PrintTable({"node", "state", "endpoint", "peers", "directory", "day", "open", "certificate to", "memory", "name"},
             rows, session.format);
}

// The day that a node works with once it has read the clock; empty: it does not answer. A node that has started again
// leaves a connection behind that breaks at the next call.
std::string TakeClock(v1::NetworkService::Stub& stub) {
  const auto end = std::chrono::system_clock::now() + std::chrono::seconds(5);
  for (;;) {
    v1::TakeClockResponse response;
    grpc::ClientContext context;
    context.set_deadline(end);
    context.set_wait_for_ready(true);
    const grpc::Status status = stub.TakeClock(&context, {}, &response);
    if (status.ok()) return DayText(response.network_day());
    if (status.error_code() != grpc::StatusCode::UNAVAILABLE || std::chrono::system_clock::now() > end) return "";
  }
}

// Tells every running node to read the clock; it answers when it works with it. One that does not answer keeps nobody
// else from it, and is named. Errors: kUnavailable, CLOCK_NOT_TAKEN.
absl::Status TakeClockEverywhere(const StateFolder& state, Control& control, absl::CivilDay day, std::size_t& taken) {
  TEILHABE_ASSIGN_OR_RETURN(const auto nodes, Nodes(state, {}));
  std::vector<std::string> silent;
  for (const Entry& node : nodes) {
    const std::string& id = node.member.id();
    if (!RunningNode(state, id)) continue;
    TEILHABE_ASSIGN_OR_RETURN(v1::NetworkService::Stub * stub, control.StubOf(id));
    const bool answered = TakeClock(*stub) == FormatDay(day);
    if (answered) {
      ++taken;
    } else {
      silent.push_back(id);
    }
  }
  if (silent.empty()) return absl::OkStatus();
  return FieldError(absl::StatusCode::kUnavailable, "CLOCK_NOT_TAKEN", "clock",
                    absl::StrCat("the clock shows ", FormatDay(day), ", but these nodes have not taken it: ",
                                 absl::StrJoin(silent, ", "), "; set it again to the same day once they answer"));
}

// Waits until nothing is under way between running nodes any more: twice in a row, since what one has just taken it may
// still answer. Errors: kUnavailable, QUEUES_NOT_EMPTY.
absl::Status WaitForEmptyQueues(const StateFolder& state, Control& control, absl::Duration longest) {
  const absl::Time until = absl::Now() + longest;
  TEILHABE_ASSIGN_OR_RETURN(const auto nodes, Nodes(state, {}));
  for (int quiet = 0; quiet < 2;) {
    std::string busy;
    for (const Entry& node : nodes) {
      if (!RunningNode(state, node.member.id())) continue;
      const auto status = control.Status(node.member.id());
      if (!status.ok() || status->open_items() > 0) busy = node.member.id();
    }
    quiet = busy.empty() ? quiet + 1 : 0;
    if (!busy.empty()) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    if (!busy.empty() && absl::Now() > until) {
      return FieldError(absl::StatusCode::kUnavailable, "QUEUES_NOT_EMPTY", "clock",
                        absl::StrCat("the clock is moved, but ", busy,
                                     " still has something on its way; see `teilhabe network status`"));
    }
  }
  return absl::OkStatus();
}

// Nodes that ran before learn of the new members before these greet them.
absl::Status OfferDirectory(const StateFolder& state, Control& control, const trust::Directory& directory) {
  TEILHABE_ASSIGN_OR_RETURN(const auto nodes, Nodes(state, {}));
  for (const Entry& node : nodes) {
    if (!RunningNode(state, node.member.id())) continue;
    TEILHABE_ASSIGN_OR_RETURN(v1::NetworkService::Stub * stub, control.StubOf(node.member.id()));
    v1::OfferDirectoryRequest request;
    *request.mutable_directory() = directory.bytes();
    v1::OfferDirectoryResponse response;
    grpc::ClientContext context;
    TEILHABE_RETURN_IF_ERROR(rpc::FromGrpcStatus(stub->OfferDirectory(&context, request, &response)));
  }
  return absl::OkStatus();
}

// Gives one port after the other, from `base_port` on, that no member has yet; with 0 any that is free.
std::function<absl::StatusOr<int>()> NextPort(const StateFolder& state, int base_port) {
  std::set<std::string> taken;
  if (const auto directory = state.ReadDirectory(); directory.ok()) {
    for (const Entry& entry : (*directory)->entries()) taken.insert(entry.member.endpoint());
  }
  return [taken, port = base_port]() mutable -> absl::StatusOr<int> {
    if (port == 0) return FreePort();
    while (port < 65536 && (taken.count(absl::StrCat("127.0.0.1:", port)) == 1 || !IsFreePort(port))) ++port;
    return port++;
  };
}

absl::Status Up(const Session& session, const std::filesystem::path& folder, int base_port) {
  const absl::Time begin = absl::Now();
  StateFolder state(session.state);
  TEILHABE_ASSIGN_OR_RETURN(const StartFolder start, StartFolder::Read(folder));
  TEILHABE_ASSIGN_OR_RETURN(const auto lock, state.Lock());
  TEILHABE_RETURN_IF_ERROR(state.Join(start, NextPort(state, base_port)));
  TEILHABE_ASSIGN_OR_RETURN(const auto directory, state.ReadDirectory());
  TEILHABE_ASSIGN_OR_RETURN(const auto mine, Nodes(state, folder));
  Control control(session, state);
  TEILHABE_RETURN_IF_ERROR(OfferDirectory(state, control, *directory));
  for (const Entry& node : mine) {
    if (!RunningNode(state, node.member.id())) TEILHABE_RETURN_IF_ERROR(StartNode(state, node.member));
  }
  TEILHABE_ASSIGN_OR_RETURN(const auto all, Nodes(state, {}));
  std::vector<Entry> running;
  for (const Entry& node : all) {
    if (RunningNode(state, node.member.id())) running.push_back(node);
  }
  const bool green = running.size() == all.size() && WaitForGreen(state, control, running, directory->version());
  PrintStatus(session, state, control, all);
  std::fprintf(stderr, "%zu nodes in %.1f s\n", mine.size(), absl::ToDoubleSeconds(absl::Now() - begin));
  const bool all_mine = std::all_of(mine.begin(), mine.end(), [&state](const Entry& node) {
    return RunningNode(state, node.member.id()).has_value();
  });
  if (running.size() < all.size() && all_mine) {
    std::fprintf(stderr, "%zu nodes of other start folders are down\n", all.size() - running.size());
    return absl::OkStatus();
  }
  if (green) return absl::OkStatus();
  return ReasonError(
      absl::StatusCode::kUnavailable, "NETWORK_NOT_GREEN",
      absl::StrCat("not every node has greeted every other; logs: ", state.root().string(), "/members/*/node.log"));
}

using NextDay = std::function<absl::StatusOr<absl::CivilDay>(absl::CivilDay)>;

// Moves the clock on and prints the day when every running node works with it and nothing is under way.
absl::Status MoveClock(const StateFolder& state, Control& control, const NextDay& to) {
  TEILHABE_ASSIGN_OR_RETURN(const auto lock, state.Lock());
  TEILHABE_ASSIGN_OR_RETURN(const absl::CivilDay from, rpc::TrainingClock::Read(state.clock()));
  TEILHABE_ASSIGN_OR_RETURN(const absl::CivilDay day, to(from));
  // What was sent on a day arrives on it, unless somebody is down.
  WaitForEmptyQueues(state, control, absl::Seconds(5)).IgnoreError();
  TEILHABE_RETURN_IF_ERROR(rpc::TrainingClock::Set(state.clock(), day));
  std::size_t taken = 0;
  TEILHABE_RETURN_IF_ERROR(TakeClockEverywhere(state, control, day, taken));
  TEILHABE_RETURN_IF_ERROR(WaitForEmptyQueues(state, control, absl::Seconds(30)));
  std::printf("%s\n", FormatDay(day).c_str());
  std::fflush(stdout);
  std::fprintf(stderr, "%zu nodes have taken it\n", taken);
  return absl::OkStatus();
}

absl::Status MoveClock(const Session& session, const NextDay& to) {
  const StateFolder state(session.state);
  TEILHABE_RETURN_IF_ERROR(state.ReadDirectory().status());
  Control control(session, state);
  return MoveClock(state, control, to);
}

NextDay To(const std::string& text) {
  return [text](absl::CivilDay) { return ParseDay(text, "day"); };
}

// The same for each line of standard input, over connections that stay.
absl::Status MoveClockByLines(const Session& session) {
  const StateFolder state(session.state);
  TEILHABE_RETURN_IF_ERROR(state.ReadDirectory().status());
  Control control(session, state);
  for (std::string line; std::getline(std::cin, line);) {
    TEILHABE_RETURN_IF_ERROR(MoveClock(state, control, To(line)));
  }
  return absl::OkStatus();
}

int Exit(const absl::Status& status) { return status.ok() ? kExitOk : PrintError(status); }

}  // namespace

int NetworkUp(const Session& session, const std::filesystem::path& folder, int base_port) {
  const int exit_code = Exit(Up(session, folder, base_port));
  if (exit_code == kExitOk) PrintNext("teilhabe carrier lookup --help   or   teilhabe network status");
  return exit_code;
}

int NetworkDown(const Session& session, const std::filesystem::path& folder) {
  const StateFolder state(session.state);
  const auto nodes = Nodes(state, folder);
  if (!nodes.ok()) return PrintError(nodes.status());
  const auto lock = state.Lock();
  if (!lock.ok()) return PrintError(lock.status());
  std::size_t stopped = 0;
  for (const Entry& node : *nodes) stopped += StopNode(state, node.member.id(), kStopSeconds) ? 1 : 0;
  std::printf("%zu nodes ended\n", stopped);
  return kExitOk;
}

int NetworkStatus(const Session& session, const std::filesystem::path& folder) {
  const StateFolder state(session.state);
  const auto nodes = Nodes(state, folder);
  if (!nodes.ok()) return PrintError(nodes.status());
  Control control(session, state);
  PrintStatus(session, state, control, *nodes);
  return kExitOk;
}

int NetworkClockShow(const Session& session) {
  const auto day = rpc::TrainingClock::Read(StateFolder(session.state).clock());
  if (!day.ok()) return PrintError(day.status());
  std::printf("%s\n", FormatDay(*day).c_str());
  return kExitOk;
}

int NetworkClockAdvance(const Session& session, int days) {
  return Exit(MoveClock(session, [days](absl::CivilDay from) { return from + days; }));
}

int NetworkClockSet(const Session& session, const std::string& day) {
  return Exit(day == "-" ? MoveClockByLines(session) : MoveClock(session, To(day)));
}

}  // namespace teilhabe::ctl
