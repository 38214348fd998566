// The checkpoints of vessels in hand: checkpoints/KEY/ of a result folder, each like those of a run in space
// (checkpoints.hpp). They go when their vessel is finished.
#pragma once

#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

#include "core/diagnostics.hpp"
#include "study/vessel_states.hpp"

namespace stroma::store {

class VesselCheckpoints : public study::VesselStates {
 public:
  /// In the folder of a run, with what they must agree with beside the vessel's key.
  VesselCheckpoints(const std::filesystem::path& run, std::string engine_version, std::string model_hash);
  void save(const std::string& key, core::Tick tick,
            const std::function<void(core::ArchiveWriter&)>& walk) override;
  std::unique_ptr<core::ArchiveReader> open(const std::string& key) override;
  void refuse(const std::string& key, const core::InputError& why) override;
  void drop(const std::string& key) override;

  /// Those that were not taken up, and why.
  std::vector<core::Diagnostic> refused() const;

 private:
  void refuse_links(const std::filesystem::path& of_vessel) const;

  std::filesystem::path folder_;
  std::string engine_version_, model_hash_;
  mutable std::mutex mutex_;  // the HDF5 library need not be safe for threads
  std::vector<core::Diagnostic> refused_;
};

}  // namespace stroma::store
