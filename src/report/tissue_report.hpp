// The report of a run in space: sections, growth curves, profiles, methods, on one page that opens offline.
#pragma once

#include <filesystem>
#include <string>

#include "io/results.hpp"
#include "io/tissue_output.hpp"
#include "study/tissue_experiment.hpp"
#include "tissue/tissue.hpp"

namespace stroma::report {

/// The page. Pictures and tables are read from `folder`, where `output` wrote them, so that a resumed run
/// shows all of its time. Throws core::IoError where they cannot be read.
std::string tissue_report_html(const std::filesystem::path& folder, const study::TissueExperiment& experiment,
                               const tissue::TissuePlan& plan, const tissue::TissueState& state,
                               const io::TissueOutput& output, const io::RunRecord& record);

}  // namespace stroma::report
