#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace teilhabe::rpc {

// The folders of one node, held for as long as the object lives: `data`, and `journal`, which must not lie inside one
// another, since a backup of the one must never hold or roll back the other.
class DataFolder {
 public:
  // Creates what is missing, with access for the owner only, marks `data` as a node's and locks it.
  // `agency`: whose node it is; a folder that another agency's node has used is refused. Empty: nobody's.
  // Errors: kInvalidArgument FOLDERS_NESTED; kFailedPrecondition DATA_FOLDER_FOREIGN (not empty and not a node's),
  // DATA_FOLDER_OF_ANOTHER, DATA_FOLDER_NEWER (made by a newer program), DATA_FOLDER_IN_USE (another process holds it);
  // kUnavailable FOLDER_UNUSABLE, FILE_UNWRITABLE; each with the field at fault.
  static absl::StatusOr<std::unique_ptr<DataFolder>> Open(const std::filesystem::path& data,
                                                          const std::filesystem::path& journal,
                                                          const std::string& agency = "");
  ~DataFolder();
  DataFolder(const DataFolder&) = delete;
  DataFolder& operator=(const DataFolder&) = delete;

  const std::filesystem::path& data() const { return data_; }
  const std::filesystem::path& journal() const { return journal_; }

 private:
  DataFolder(std::filesystem::path data, std::filesystem::path journal, int lock)
      : data_(std::move(data)), journal_(std::move(journal)), lock_(lock) {}

  std::filesystem::path data_;
  std::filesystem::path journal_;
  int lock_;  // File descriptor; the lock ends with it, also when the process is killed.
};

}  // namespace teilhabe::rpc
