#include "common/rpc/data_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "common/base/durable_file.h"
#include "common/base/reason.h"
#include "common/base/status_macros.h"

namespace teilhabe::rpc {
namespace {

namespace fs = std::filesystem;

constexpr char kMarker[] = "node.json";
constexpr char kMarkerNew[] = "node.json.new";
constexpr char kLock[] = "lock";
constexpr int kFormat = 1;

absl::Status Unusable(std::string_view field, const std::string& why) {
  return FieldError(absl::StatusCode::kUnavailable, "FOLDER_UNUSABLE", field, why);
}

absl::StatusOr<fs::path> Prepare(const fs::path& folder, std::string_view field) {
  std::error_code error;
  const bool made = fs::create_directories(folder, error);
  if (!error && made) fs::permissions(folder, fs::perms::owner_all, error);
  const fs::path whole = error ? fs::path() : fs::canonical(folder, error);
  if (error || access(whole.c_str(), R_OK | W_OK | X_OK) != 0) {
    return Unusable(field, absl::StrCat("the folder ", folder.string(), " cannot be created or written to"));
  }
  return whole;
}

// Where a folder will be, links followed as far as they exist.
fs::path Place(const fs::path& folder) {
  std::error_code error;
  const fs::path absolute = fs::absolute(folder, error);
  const fs::path place = fs::weakly_canonical(absolute, error);
  if (error) return absolute.lexically_normal();
  return place.has_filename() ? place : place.parent_path();  // `data/` is `data`.
}

// Whether `inner` is `outer` or lies below it.
bool LiesIn(const fs::path& inner, const fs::path& outer) {
  const auto [at, unused] = std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end());
  return at == outer.end();
}

absl::Status Foreign(const std::string& why) {
  return FieldError(absl::StatusCode::kFailedPrecondition, "DATA_FOLDER_FOREIGN", "data", why);
}

// Whether the folder may be used: its marker is ours, or nothing is in it. Changes nothing.
absl::Status CheckContents(const fs::path& data, const std::string& agency) {
  std::ifstream file(data / kMarker);
  if (file) {
    const auto marker = nlohmann::json::parse(file, nullptr, false);
    const auto format = marker.is_object() ? marker.find("format") : marker.end();
    if (format == marker.end() || !format->is_number_integer()) {
      return Foreign("the data folder's node.json is not readable");
    }
    if (format->get<std::int64_t>() == kFormat) {
      const auto owner = marker.find("agency");
      if ((owner != marker.end() && owner->is_string() ? owner->get<std::string>() : "") == agency) {
        return absl::OkStatus();
      }
      return FieldError(absl::StatusCode::kFailedPrecondition, "DATA_FOLDER_OF_ANOTHER", "data",
                        "the data folder belongs to the node of another agency");
    }
    return FieldError(absl::StatusCode::kFailedPrecondition, "DATA_FOLDER_NEWER", "data",
                      "the data folder was made by a newer program; install that one");
  }
  std::error_code error;
  for (fs::directory_iterator at(data, error), end; !error && at != end; at.increment(error)) {
    const fs::path name = at->path().filename();
    if (name != kLock && name != kMarkerNew) {
      return Foreign(absl::StrCat("the folder ", data.string(), " holds files of something else; name an empty one"));
    }
  }
  return absl::OkStatus();  // What cannot be listed cannot be prepared either.
}

}  // namespace

absl::StatusOr<std::unique_ptr<DataFolder>> DataFolder::Open(const fs::path& data, const fs::path& journal,
                                                             const std::string& agency) {
  // All that can be wrong with the configuration is found before anything is created.
  if (data.empty()) return Unusable("data", "no folder is named");
  if (journal.empty()) return Unusable("journal", "no folder is named");
  const fs::path place = Place(data);
  if (LiesIn(place, Place(journal)) || LiesIn(Place(journal), place)) {
    return FieldError(absl::StatusCode::kInvalidArgument, "FOLDERS_NESTED", "journal",
                      "data and journal must be two folders of which neither lies in the other");
  }
  TEILHABE_RETURN_IF_ERROR(CheckContents(place, agency));
  TEILHABE_ASSIGN_OR_RETURN(const fs::path whole_data, Prepare(data, "data"));
  TEILHABE_ASSIGN_OR_RETURN(const fs::path whole_journal, Prepare(journal, "journal"));
  const int lock = open((whole_data / kLock).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) return Unusable("data", "the lock file cannot be opened");
  if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
    close(lock);
    return FieldError(absl::StatusCode::kFailedPrecondition, "DATA_FOLDER_IN_USE", "data",
                      absl::StrCat("another process works on ", whole_data.string(), "; stop it first"));
  }
  std::unique_ptr<DataFolder> folder(new DataFolder(whole_data, whole_journal, lock));
  TEILHABE_RETURN_IF_ERROR(CheckContents(whole_data, agency));  // As it is now that nobody else changes it.
  if (!fs::exists(whole_data / kMarker)) {
    nlohmann::ordered_json marker = {{"format", kFormat}};
    if (!agency.empty()) marker["agency"] = agency;
    TEILHABE_RETURN_IF_ERROR(WriteDurably(whole_data / kMarker, marker.dump() + "\n"));
  }
  return folder;
}

DataFolder::~DataFolder() { close(lock_); }

}  // namespace teilhabe::rpc
