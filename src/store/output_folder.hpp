// The result folder of one run. While an OutputFolder lives, no other Stroma process writes there; a folder
// that holds results is refused unless the user forces it, and then what an earlier run wrote is removed
// first, so that results of two runs are never mixed.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace stroma::store {

/// What to do with results that are there already.
enum class Existing {
  refuse,   ///< InputError "not-empty"
  replace,  ///< remove what an earlier run listed as its own, then write (--force); never through a link
  keep,     ///< leave everything and write beside it or over it (resume)
};

class OutputFolder {
 public:
  static constexpr std::string_view lock_name = ".stroma.lock";
  static constexpr std::string_view list_name = ".stroma.files";

  /// Creates the folder (with its parents) where needed, takes its lock and proves that it can be written.
  /// Throws core::InputError "folder-in-use" (with the pid), "not-empty", "not-a-folder" or, where results
  /// would be replaced that lie behind a symbolic link, "through-a-link"; and core::IoError where the disk
  /// refuses (read-only, full, no permission). What a killed process left half-written here is removed.
  explicit OutputFolder(std::filesystem::path path, Existing existing = Existing::refuse);
  ~OutputFolder();
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  /// The process that died while it held the folder, where there was one.
  std::optional<pid_t> dead_owner() const { return dead_owner_; }

  /// Writes `bytes` atomically to `relative` (folders are created), and lists the file as a result of this
  /// run. Thread-safe. Throws core::IoError; core::InternalError for a path that leaves the folder.
  void write(const std::filesystem::path& relative, std::string_view bytes);

  /// Removes what earlier runs listed here and this one has not written: a run that takes a folder up and
  /// writes all of its results again leaves none of an older program's beside them.
  void remove_unwritten();

 private:
  void take_lock();
  std::filesystem::path path_;
  bool follows_links_;
  int lock_ = -1;
  std::optional<pid_t> dead_owner_;
  std::mutex mutex_;
  std::set<std::string> listed_;
};

}  // namespace stroma::store
