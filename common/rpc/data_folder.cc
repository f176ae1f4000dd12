#include "common/rpc/data_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"

namespace teilhabe::rpc {
namespace {

namespace fs = std::filesystem;

constexpr char kMarker[] = "node.json";
constexpr char kLock[] = "lock";
constexpr int kFormat = 1;

absl::StatusOr<fs::path> Prepare(const fs::path& folder, std::string_view field) {
  std::error_code error;
  const bool made = fs::create_directories(folder, error);
  if (!error && made) fs::permissions(folder, fs::perms::owner_all, error);
  const fs::path whole = error ? fs::path() : fs::canonical(folder, error);
  if (error || access(whole.c_str(), R_OK | W_OK | X_OK) != 0) {
    return FieldError(absl::StatusCode::kUnavailable, "FOLDER_UNUSABLE", field,
                      absl::StrCat("the folder ", folder.string(), " cannot be created or written to"));
  }
  return whole;
}

// Whether `inner` is `outer` or lies below it; both canonical.
bool LiesIn(const fs::path& inner, const fs::path& outer) {
  const auto [at, unused] = std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end());
  return at == outer.end();
}

absl::Status CheckMarker(const fs::path& data) {
  std::ifstream file(data / kMarker);
  if (file) {
    const auto marker = nlohmann::json::parse(file, nullptr, false);
    if (marker.is_object() && marker.value("format", 0) == kFormat) return absl::OkStatus();
    const bool newer = marker.is_object() && marker.value("format", 0) > kFormat;
    return FieldError(absl::StatusCode::kFailedPrecondition, newer ? "DATA_FOLDER_NEWER" : "DATA_FOLDER_FOREIGN",
                      "data",
                      newer ? "the data folder was made by a newer program; install that one"
                            : "the data folder's node.json is not readable");
  }
  for (const auto& entry : fs::directory_iterator(data)) {
    if (entry.path().filename() != kLock) {
      return FieldError(
          absl::StatusCode::kFailedPrecondition, "DATA_FOLDER_FOREIGN", "data",
          absl::StrCat("the folder ", data.string(), " holds files of something else; name an empty one"));
    }
  }
  std::ofstream made(data / kMarker);
  made << nlohmann::json{{"format", kFormat}} << "\n";
  made.close();
  if (!made) {
    return FieldError(absl::StatusCode::kUnavailable, "FOLDER_UNUSABLE", "data", "node.json cannot be written");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<DataFolder>> DataFolder::Open(const fs::path& data, const fs::path& journal) {
  TEILHABE_ASSIGN_OR_RETURN(const fs::path whole_data, Prepare(data, "data"));
  TEILHABE_ASSIGN_OR_RETURN(const fs::path whole_journal, Prepare(journal, "journal"));
  if (LiesIn(whole_data, whole_journal) || LiesIn(whole_journal, whole_data)) {
    return FieldError(absl::StatusCode::kInvalidArgument, "FOLDERS_NESTED", "journal",
                      "data and journal must be two folders of which neither lies in the other");
  }
  const int lock = open((whole_data / kLock).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) {
    return FieldError(absl::StatusCode::kUnavailable, "FOLDER_UNUSABLE", "data", "the lock file cannot be opened");
  }
  if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
    close(lock);
    return FieldError(absl::StatusCode::kFailedPrecondition, "DATA_FOLDER_IN_USE", "data",
                      absl::StrCat("another process works on ", whole_data.string(), "; stop it first"));
  }
  std::unique_ptr<DataFolder> folder(new DataFolder(whole_data, whole_journal, lock));
  TEILHABE_RETURN_IF_ERROR(CheckMarker(whole_data));
  return folder;
}

DataFolder::~DataFolder() { close(lock_); }

}  // namespace teilhabe::rpc
