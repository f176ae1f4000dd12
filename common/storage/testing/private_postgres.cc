#include "common/storage/testing/private_postgres.h"

#include <fcntl.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"

namespace teilhabe::storage {
namespace {

constexpr char kBinaries[] = "/usr/lib/postgresql/15/bin/";

// Starts a program whose output goes to `log`, as `user` where that is given. It ends with this process.
pid_t Spawn(const std::vector<std::string>& command, const std::string& log, const passwd* user) {
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child != 0) return child;
  // Between fork and exec only calls that need no lock of another thread.
  const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  dup2(out, STDOUT_FILENO);
  dup2(out, STDERR_FILENO);
  const bool changed = user == nullptr || (setgroups(0, nullptr) == 0 && setgid(user->pw_gid) == 0 &&
                                           setuid(user->pw_uid) == 0);  // The server refuses to run as root.
  prctl(PR_SET_PDEATHSIG, SIGQUIT);                                     // A crashed test leaves no server behind.
  if (changed && chdir("/") == 0 && getppid() == parent) execv(arguments[0], arguments.data());
  _exit(127);
}

struct Finish {
  void operator()(PGconn* session) const { PQfinish(session); }
};

}  // namespace

absl::StatusOr<PrivatePostgres*> PrivatePostgres::Shared() {
  static PrivatePostgres postgres;
  static const absl::Status started = postgres.Start();
  if (!started.ok()) return started;
  return &postgres;
}

PrivatePostgres::~PrivatePostgres() {
  if (server_ > 0) {
    kill(server_, SIGQUIT);  // At once: an orderly stop would first sync every file that is removed next.
    waitpid(server_, nullptr, 0);
  }
  std::error_code ignored;
  if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

absl::Status PrivatePostgres::Start() {
  const std::string binaries = kBinaries;
  if (!std::filesystem::exists(binaries + "initdb")) {
    return ReasonError(absl::StatusCode::kFailedPrecondition, "POSTGRES_MISSING",
                       "PostgreSQL 15 is needed for this test: apt-get install postgresql-15");
  }
  const passwd* user = nullptr;
  if (geteuid() == 0) {
    user = getpwnam("postgres");
    if (user == nullptr) {
      return ReasonError(absl::StatusCode::kFailedPrecondition, "POSTGRES_MISSING", "the user postgres is missing");
    }
  }
  std::string folder = "/tmp/teilhabe-pg-XXXXXX";  // Short: a socket's path has at most 107 bytes.
  if (mkdtemp(folder.data()) == nullptr) return Failed("mkdtemp");
  folder_ = folder;
  if (user != nullptr && chown(folder_.c_str(), user->pw_uid, user->pw_gid) != 0) return Failed("chown");

  const std::string log = folder_ + "/log";
  const std::string data = folder_ + "/data";
  int code = 0;
  const pid_t initdb = Spawn({binaries + "initdb", "--pgdata", data, "--username", "postgres", "--auth", "trust",
                              "--encoding", "UTF8", "--locale", "C", "--no-sync"},
                             log, user);
  if (waitpid(initdb, &code, 0) != initdb || code != 0) return Failed("initdb");

  server_ = Spawn({binaries + "postgres", "-D", data, "-k", folder_, "-c", "listen_addresses="}, log, user);
  const absl::Time deadline = absl::Now() + absl::Seconds(60);
  while (PQping(ConnectionString("postgres").c_str()) != PQPING_OK) {
    if (waitpid(server_, nullptr, WNOHANG) != 0) server_ = 0;
    if (server_ == 0 || absl::Now() > deadline) return Failed("start");
    absl::SleepFor(absl::Milliseconds(10));  // Another process gets ready; it has no other way to say so.
  }
  return absl::OkStatus();
}

absl::Status PrivatePostgres::Failed(const std::string& step) const {
  std::ifstream log(folder_ + "/log");
  const std::string text((std::istreambuf_iterator<char>(log)), std::istreambuf_iterator<char>());
  return ReasonError(absl::StatusCode::kUnavailable, "POSTGRES_FAILED",
                     absl::StrCat("private PostgreSQL failed at ", step, ": ",
                                  text.substr(text.size() > 2000 ? text.size() - 2000 : 0)));
}

std::string PrivatePostgres::ConnectionString(const std::string& database) const {
  return absl::StrCat("host=", folder_, " user=postgres dbname=", database);
}

absl::Status PrivatePostgres::Admin(const std::string& sql) { return Run(ConnectionString("postgres"), sql); }

absl::Status PrivatePostgres::Run(const std::string& connection_string, const std::string& sql) {
  const std::unique_ptr<PGconn, Finish> session(PQconnectdb(connection_string.c_str()));
  PGresult* result = PQexec(session.get(), sql.c_str());
  const ExecStatusType status = PQresultStatus(result);
  PQclear(result);
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ? absl::OkStatus() : Failed(sql);
}

absl::StatusOr<std::string> PrivatePostgres::CreateDatabase(const std::string& options) {
  const std::string name = absl::StrCat("test", ++databases_);
  TEILHABE_RETURN_IF_ERROR(Admin(absl::StrCat("CREATE DATABASE ", name, " TEMPLATE template0 ", options)));
  return ConnectionString(name);
}

}  // namespace teilhabe::storage
