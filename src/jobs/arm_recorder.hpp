// Writes the tables, frames, pictures and report of every tissue of an experiment with arms into a folder of
// its own below the study's.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "jobs/job.hpp"
#include "store/output_folder.hpp"
#include "store/tissue_output.hpp"
#include "study/run_record.hpp"
#include "study/study.hpp"
#include "study/tissue_executor.hpp"

namespace stroma::jobs {

class ArmRecorder : public study::TissueRecorder {
 public:
  /// Into arms/ of `folder`, from which what tissues of other arms left there is removed. `record` is the
  /// study's; everything given must outlive this object.
  ArmRecorder(const store::OutputFolder& folder, const study::Study& study,
              const study::StudyOptions& options, const study::RunRecord& record, Progress& progress);

  bool holds(const study::Vessel& vessel, const study::Outcome& outcome) override;
  void begin(const study::Vessel& vessel, const study::TissueExperiment& tissue,
             const tissue::TissuePlan& plan) override;
  core::Tick next(const study::Vessel& vessel, core::Tick now, core::Tick end) override;
  void record(const study::Vessel& vessel, const tissue::TissueState& state, bool last) override;

 private:
  // What is being written; declared in the order in which it is made.
  struct Open {
    const study::TissueExperiment& tissue;
    const tissue::TissuePlan& plan;
    store::OutputFolder folder;
    store::TissueOutput output;
    Open(const std::filesystem::path& path, const study::TissueExperiment& t, const tissue::TissuePlan& p);
  };
  std::filesystem::path place(const study::Vessel& vessel) const;
  void finish(Open& open, const tissue::TissueState& state);

  const store::OutputFolder& folder_;
  const study::RunRecord& record_;
  Progress& progress_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::map<std::string, std::filesystem::path> places_;  // by the vessels' labels
  std::map<std::string, std::unique_ptr<Open>> open_;    // by the same
};

}  // namespace stroma::jobs
