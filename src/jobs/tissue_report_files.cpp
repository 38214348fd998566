#include "jobs/tissue_report_files.hpp"

#include <fmt/format.h>

#include <optional>

#include "io/png.hpp"
#include "jobs/report_files.hpp"
#include "jobs/version.hpp"
#include "report/tissue_report.hpp"
#include "store/tissue_results.hpp"

namespace stroma::jobs {

void write_tissue_report(store::OutputFolder& folder, const TissueNow& t, bool svgs, Progress& progress) {
  const study::TissueResults results = store::read_tissue_results(folder.path(), t.experiment, t.state.tick);
  std::optional<store::Renderer> renderer;
  if (svgs) renderer.emplace();
  write_report(folder,
               report::make_tissue_report({t.experiment, t.plan, t.state, t.record, results, io::png_bytes}),
               renderer ? &*renderer : nullptr, progress);
}

std::string tissue_engine_name() {
  return fmt::format("stroma {} engine {}", version, study::tissue_engine_version);
}

}  // namespace stroma::jobs
