// The report of one tissue as files in its folder.
#pragma once

#include <string>

#include "jobs/job.hpp"
#include "store/output_folder.hpp"
#include "study/run_record.hpp"
#include "study/tissue_experiment.hpp"
#include "tissue/tissue.hpp"

namespace stroma::jobs {

/// A tissue as it stands; refers to what it is given.
struct TissueNow {
  const study::TissueExperiment& experiment;
  const tissue::TissuePlan& plan;
  const tissue::TissueState& state;
  const study::RunRecord& record;
};

/// Writes its report from the tables and pictures that are in the folder; `svgs`: with figures/*.svg.
void write_tissue_report(store::OutputFolder& folder, const TissueNow& tissue, bool svgs, Progress& progress);

/// The engine of tissues, as results.h5 and checkpoints name it.
std::string tissue_engine_name();

}  // namespace stroma::jobs
