// What a run in space keeps about itself: its inputs, so that it can be resumed, forked and verified when the
// files have changed since, and run.json.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/output_folder.hpp"
#include "store/results.hpp"
#include "store/study_folder.hpp"

namespace stroma::tissue {
struct TissuePlan;
struct TissueState;
}  // namespace stroma::tissue

namespace stroma::store {

/// What decides a run besides the files: stored as input/request.json beside copies of the files.
struct TissueRequest {
  std::string name;  ///< of the experiment, such as "spheroid"
  /// Where the model was found when the run began; afterwards that of the copy in the run's folder (of runs
  /// before there were copies, where it was found); empty without a model.
  std::filesystem::path model_folder;
  std::string model_hash;
  std::vector<std::string> overrides, without;
  std::uint64_t seed = 1;
};

/// Whether the folder holds a run in space, finished or not.
bool holds_tissue_run(const std::filesystem::path& folder);
/// Writes input/: the request, every file that was read and the model's folder, so that the run can be moved
/// and goes on where its model has changed.
void write_inputs(OutputFolder& folder, const TissueRequest& request, const LoadedTissue& loaded);
/// Reads what write_inputs wrote. Throws core::InputError where the folder holds no run in space.
TissueRequest read_request(const std::filesystem::path& folder);
/// Loads the experiment and its model from the copies in `folder`. A copy that is not what the run began with
/// is refused ("not-a-run").
LoadedTissue load_inputs(const std::filesystem::path& folder, const TissueRequest& request,
                         double memory_limit);

/// Hashes of the state at checkpoints and at the end: tables/state-hashes.csv.
class HashLog {
 public:
  static constexpr const char* path = "tables/state-hashes.csv";
  void add(core::Tick tick, std::string hash);
  std::string csv() const;
  static HashLog read(const std::filesystem::path& folder, core::Tick until);
  const std::vector<std::pair<core::Tick, std::string>>& entries() const { return entries_; }

 private:
  std::vector<std::pair<core::Tick, std::string>> entries_;
};

/// run.json of a run in space.
std::string tissue_run_json(const study::TissueExperiment& experiment, const tissue::TissuePlan& plan,
                            const tissue::TissueState& state, const study::RunRecord& record, bool complete);

/// Whether run.json says that the run in `folder` was finished at `tick`; false where there is none.
/// `state_hash`: and at that state.
bool is_complete(const std::filesystem::path& folder, core::Tick tick, std::string_view state_hash = {});

}  // namespace stroma::store
