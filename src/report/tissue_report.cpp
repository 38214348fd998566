#include "report/tissue_report.hpp"

namespace stroma::report {

std::string tissue_report_html(const std::filesystem::path&, const study::TissueExperiment& experiment,
                               const tissue::TissuePlan&, const tissue::TissueState&, const io::TissueOutput&,
                               const io::RunRecord&) {
  return "<!doctype html><title>" + experiment.title + "</title>";
}

}  // namespace stroma::report
