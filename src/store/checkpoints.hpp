// The checkpoints of one run: a folder of sealed archives named by their tick. A checkpoint is written aside,
// forced to disk and renamed; the one before it is kept until then and after, so that whatever happens to the
// newest, a whole one is there. The newest valid one is what a run resumes from.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/archive.hpp"
#include "core/diagnostics.hpp"
#include "core/time.hpp"
#include "io/hdf5_archive.hpp"

namespace stroma::store {

class OutputFolder;

/// What a checkpoint must agree with to be resumed from; what is not given is not asked (a fork changes the
/// configuration, and says so).
struct CheckpointWanted {
  std::optional<std::string> engine_version;
  std::optional<std::string> model_hash;
  std::optional<std::string> configuration_hash;
  std::optional<core::Tick> at_most;  ///< none later than this
};

struct OpenedCheckpoint {
  std::unique_ptr<io::Hdf5ArchiveReader> archive;
  std::filesystem::path file;
  /// Newer checkpoints that were refused, newest first, each with the file, the dataset and the one taken
  /// instead.
  std::vector<core::Diagnostic> refused;
};

class Checkpoints {
 public:
  static constexpr std::size_t keep_all = static_cast<std::size_t>(-1);

  /// The checkpoints in `folder`, which need not exist yet. `kept` >= 2 of them stay (the newest, and what
  /// stands behind it).
  explicit Checkpoints(std::filesystem::path folder, std::size_t kept = 2);
  /// Those of a run, in its subfolder "checkpoints"; files are listed as results of the run, whose lock
  /// `run` holds. `run` must outlive this object.
  explicit Checkpoints(OutputFolder& run, std::size_t kept = 2);

  /// Stores a checkpoint: `walk` names the arrays (core::Saving). Then older ones beyond `kept` are removed,
  /// and all later ones, which belong to a future that this run replaces. Throws core::IoError (disk full,
  /// read-only, folder gone); then all that were there are as they were.
  void write(const io::ArchiveHeader& header, const std::function<void(core::ArchiveWriter&)>& walk);

  /// Ticks of the files that are there, ascending; nothing is opened.
  std::vector<core::Tick> list() const;
  std::filesystem::path file_of(core::Tick tick) const;

  /// The newest checkpoint that is whole and wanted. Throws core::InputError where none is left: all
  /// refusals, or "no-checkpoint" where there is no file.
  OpenedCheckpoint newest(const CheckpointWanted& wanted = {}) const;
  /// That of one tick, or core::InputError that offers the one before it.
  OpenedCheckpoint at(core::Tick tick, const CheckpointWanted& wanted = {}) const;

 private:
  std::filesystem::path folder_;
  std::size_t kept_;
  OutputFolder* run_ = nullptr;
};

}  // namespace stroma::store
