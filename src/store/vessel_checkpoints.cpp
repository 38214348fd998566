#include "store/vessel_checkpoints.hpp"

#include <fmt/format.h>

#include "core/errors.hpp"
#include "io/file.hpp"
#include "store/checkpoints.hpp"

namespace stroma::store {

namespace fs = std::filesystem;

VesselCheckpoints::VesselCheckpoints(const fs::path& run, std::string engine_version, std::string model_hash)
    : folder_(run / "checkpoints"),
      engine_version_(std::move(engine_version)),
      model_hash_(model_hash.empty() ? "none" : std::move(model_hash)) {}

// What is written through a link lies in somebody else's folder.
void VesselCheckpoints::refuse_links(const fs::path& of_vessel) const {
  std::error_code ignored;
  for (const fs::path& folder : {folder_, of_vessel})
    if (fs::is_symlink(folder, ignored))
      throw core::IoError(fmt::format("cannot keep states in {}: it is a link", io::printable(folder)));
}

void VesselCheckpoints::save(const std::string& key, core::Tick tick,
                             const std::function<void(core::ArchiveWriter&)>& walk) {
  const std::scoped_lock lock(mutex_);
  refuse_links(folder_ / key);
  std::error_code error;
  fs::create_directories(folder_, error);
  if (error)
    throw core::IoError(
        fmt::format("cannot create the folder {}: {}", io::printable(folder_), error.message()));
  Checkpoints(folder_ / key).write({engine_version_, model_hash_, key, tick}, walk);
}

std::unique_ptr<core::ArchiveReader> VesselCheckpoints::open(const std::string& key) {
  const std::scoped_lock lock(mutex_);
  const Checkpoints kept(folder_ / key);
  if (kept.list().empty()) return nullptr;
  try {
    OpenedCheckpoint opened = kept.newest({engine_version_, model_hash_, key, {}});
    refused_.insert(refused_.end(), opened.refused.begin(), opened.refused.end());
    return std::move(opened.archive);
  } catch (const core::InputError& error) {
    refused_.insert(refused_.end(), error.diagnostics().begin(), error.diagnostics().end());
    return nullptr;
  }
}

void VesselCheckpoints::refuse(const std::string&, const core::InputError& why) {
  const std::scoped_lock lock(mutex_);
  refused_.insert(refused_.end(), why.diagnostics().begin(), why.diagnostics().end());
}

// One that cannot be removed does no harm: its vessel's result is asked for first.
void VesselCheckpoints::drop(const std::string& key) {
  const std::scoped_lock lock(mutex_);
  const Checkpoints kept(folder_ / key);
  std::error_code ignored;
  for (const core::Tick tick : kept.list()) fs::remove(kept.file_of(tick), ignored);
  fs::remove(folder_ / key, ignored);  // where nothing else lies there
  fs::remove(folder_, ignored);
}

std::vector<core::Diagnostic> VesselCheckpoints::refused() const {
  const std::scoped_lock lock(mutex_);
  return refused_;
}

}  // namespace stroma::store
