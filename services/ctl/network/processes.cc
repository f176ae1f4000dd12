#include "services/ctl/network/processes.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "common/base/durable_file.h"
#include "common/base/reason.h"

namespace teilhabe::ctl {
namespace {

namespace fs = std::filesystem;

// A descriptor that becomes readable when the process has ended; -1 where there is none.
int OpenProcess(pid_t process) { return static_cast<int>(syscall(SYS_pidfd_open, process, 0)); }

// Binds a port for a moment, 0: any; returns its number, 0 where it is taken.
int Bind(int port) {
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int reuse = 1;  // As a server's: a port whose last connection has just ended is free.
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  const bool bound = probe >= 0 && setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof(reuse)) == 0 &&
                     bind(probe, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                     getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  if (probe >= 0) close(probe);
  return bound ? ntohs(address.sin_port) : 0;
}

bool HasEnded(int descriptor, int seconds) {
  pollfd wait = {descriptor, POLLIN, 0};
  return poll(&wait, 1, seconds * 1000) == 1;
}

}  // namespace

absl::Status StartNode(const StateFolder& state, const trust::v1::Member& member) {
  const fs::path home = state.Member(member.id());
  const fs::path program = fs::read_symlink("/proc/self/exe").parent_path() / "teilhabe-node";
  std::vector<std::string> words = {program.string(),
                                    "--listen=" + member.endpoint(),
                                    "--identity=" + state.Identity(member.id()).string(),
                                    "--clock=" + state.clock().string(),
                                    "--data=" + (home / "data").string(),
                                    "--journal=" + (home / "journal").string()};
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, (home / "node.log").c_str(), O_WRONLY | O_CREAT | O_APPEND,
                                   0600);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);  // A terminal that closes does not end it.
  pid_t process = 0;
  const int error = posix_spawn(&process, program.c_str(), &actions, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    return FieldError(absl::StatusCode::kUnavailable, "PROCESS_NOT_STARTED", member.id(),
                      absl::StrCat(program.string(), " could not be started: ", strerror(error)));
  }
  return WriteDurably(home / "node.pid", absl::StrCat(process, "\n"));
}

std::optional<pid_t> RunningNode(const StateFolder& state, std::string_view member) {
  std::ifstream file(state.Member(member) / "node.pid");
  pid_t process = 0;
  if (!(file >> process) || process <= 1) return std::nullopt;
  // The number may have been given to another process since; ours names its data folder.
  std::ifstream command(absl::StrCat("/proc/", process, "/cmdline"), std::ios::binary);
  const std::string words(std::istreambuf_iterator<char>(command), {});
  const std::string ours = "--data=" + (state.Member(member) / "data").string() + '\0';
  return words.find(ours) == std::string::npos ? std::nullopt : std::optional(process);
}

bool StopNode(const StateFolder& state, std::string_view member, int seconds) {
  const auto process = RunningNode(state, member);
  if (!process) return false;
  const int descriptor = OpenProcess(*process);
  if (descriptor < 0) return false;
  kill(*process, SIGTERM);
  if (!HasEnded(descriptor, seconds)) {
    kill(*process, SIGKILL);
    HasEnded(descriptor, seconds);
  }
  close(descriptor);
  std::error_code ignored;
  fs::remove(state.Member(member) / "node.pid", ignored);
  return true;
}

long ResidentKib(pid_t process) {
  std::ifstream file(absl::StrCat("/proc/", process, "/status"));
  std::string word;
  while (file >> word) {
    long kib = 0;
    if (word == "VmRSS:" && file >> kib) return kib;
  }
  return 0;
}

bool IsFreePort(int port) { return Bind(port) > 0; }

absl::StatusOr<int> FreePort() {
  if (const int port = Bind(0); port > 0) return port;
  return FieldError(absl::StatusCode::kUnavailable, "PORT_NONE", "port", "no free port on 127.0.0.1");
}

}  // namespace teilhabe::ctl
