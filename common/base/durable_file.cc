#include "common/base/durable_file.h"

#include <fcntl.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "common/base/reason.h"

namespace teilhabe {
namespace {

bool WriteAll(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool Replace(const std::filesystem::path& path, std::string_view text) {
  const std::filesystem::path fresh = path.string() + ".new";
  const int file = open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return false;
  const bool whole = WriteAll(file, text) && fsync(file) == 0;
  if (close(file) != 0 || !whole || std::rename(fresh.c_str(), path.c_str()) != 0) return false;
  const std::filesystem::path parent = path.has_parent_path() ? path.parent_path() : ".";
  const int folder = open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return false;
  const bool synced = fsync(folder) == 0;
  close(folder);
  return synced;
}

}  // namespace

absl::Status WriteDurably(const std::filesystem::path& path, std::string_view text) {
  if (Replace(path, text)) return absl::OkStatus();
  return FieldError(absl::StatusCode::kUnavailable, "FILE_UNWRITABLE", path.filename().string(),
                    absl::StrCat(path.string(), " cannot be written durably"));
}

}  // namespace teilhabe
