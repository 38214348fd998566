#include "jobs/arm_recorder.hpp"

#include <vector>

#include "jobs/run_record.hpp"
#include "jobs/tissue_report_files.hpp"
#include "store/arm_folders.hpp"
#include "store/tissue_record.hpp"
#include "tissue/tissue.hpp"

namespace stroma::jobs {

namespace fs = std::filesystem;

ArmRecorder::ArmRecorder(const store::OutputFolder& folder, const study::Study& study,
                         const study::StudyOptions& options, const study::RunRecord& record,
                         Progress& progress)
    : folder_(folder), record_(record), progress_(progress) {
  std::vector<fs::path> wanted;
  for (std::size_t k = 0; k < study.experiments.size(); ++k) {
    if (!study.experiments[k].space) continue;
    for (const study::Vessel& vessel :
         study::expand(study.experiments[k], *study.model, options.seed, options.quick)) {
      wanted.push_back(store::arm_folder(study, k, vessel));
      places_.emplace(vessel.label, wanted.back());
    }
  }
  store::remove_other_arms(folder, wanted);
}

ArmRecorder::Open::Open(const fs::path& path, const study::TissueExperiment& t, const tissue::TissuePlan& p)
    : tissue(t),
      plan(p),
      folder(path, store::Existing::replace),
      output(folder, tissue, plan, tissue_engine_name()) {}

fs::path ArmRecorder::place(const study::Vessel& vessel) const {
  return folder_.path() / places_.at(vessel.label);
}

bool ArmRecorder::holds(const study::Vessel& vessel, const study::Outcome& outcome) {
  return store::is_complete(place(vessel), vessel.times.back(), outcome.state_hash);
}

void ArmRecorder::begin(const study::Vessel& vessel, const study::TissueExperiment& tissue,
                        const tissue::TissuePlan& plan) {
  open_[vessel.label] = std::make_unique<Open>(place(vessel), tissue, plan);
}

core::Tick ArmRecorder::next(const study::Vessel& vessel, core::Tick now, core::Tick end) {
  return open_.at(vessel.label)->output.next(now, end);
}

void ArmRecorder::record(const study::Vessel& vessel, const tissue::TissueState& state, bool last) {
  const auto open = open_.find(vessel.label);
  open->second->output.write(state, last);
  if (!last) return;
  finish(*open->second, state);
  open_.erase(open);
}

void ArmRecorder::finish(Open& open, const tissue::TissueState& state) {
  open.output.commit();
  study::RunRecord record = record_;
  end_record(record, begin_);
  write_tissue_report(open.folder, {open.tissue, open.plan, state, record}, false, progress_);
  open.folder.write("run.json", store::tissue_run_json(open.tissue, open.plan, state, record, true));
}

}  // namespace stroma::jobs
