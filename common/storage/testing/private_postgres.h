#pragma once

#include <sys/types.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace teilhabe::storage {

// A PostgreSQL cluster of this test process alone: in a fresh folder under /tmp, reached by a socket there, without a
// network port. Stopped and removed when the process ends.
class PrivatePostgres {
 public:
  // The one of this process, started by the first call.
  // Errors: kFailedPrecondition POSTGRES_MISSING, kUnavailable POSTGRES_FAILED with the end of its log.
  static absl::StatusOr<PrivatePostgres*> Shared();

  PrivatePostgres() = default;
  ~PrivatePostgres();
  PrivatePostgres(const PrivatePostgres&) = delete;
  PrivatePostgres& operator=(const PrivatePostgres&) = delete;

  // Creates an empty database and returns its connection string. `options` are those of CREATE DATABASE.
  absl::StatusOr<std::string> CreateDatabase(const std::string& options = "ENCODING 'UTF8' LOCALE 'C'");

  // Runs a statement as superuser in a session of its own, in the database `postgres` or in that of a string.
  absl::Status Admin(const std::string& sql);
  absl::Status Run(const std::string& connection_string, const std::string& sql);

 private:
  absl::Status Start();
  absl::Status Failed(const std::string& step) const;
  std::string ConnectionString(const std::string& database) const;

  std::string folder_;
  pid_t server_ = 0;
  int databases_ = 0;
};

}  // namespace teilhabe::storage
