#include "jobs/study_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "jobs/duration.hpp"
#include "jobs/machine.hpp"
#include "jobs/tissue_cost.hpp"
#include "study/tissue_arms.hpp"
#include "tissue/tissue_setup.hpp"

namespace stroma::jobs {
namespace {

// An experiment in space: how many tissues of what size. What arms share is run once, and not counted less.
std::string tissues_text(const study::Study& study, const study::Experiment& e, const RunOptions& options) {
  const study::TissueExperiment& first = e.space->first;
  std::size_t largest = 0;
  double seconds = 0.0;
  for (const study::Vessel& v : study::expand(e, *study.model, options.seed, options.quick)) {
    largest = std::max(largest, static_cast<std::size_t>(v.plated));
    seconds += expected_seconds(first, static_cast<std::size_t>(v.plated));
  }
  const int threads = thread_count(options.threads);
  const std::size_t conditions = e.space->conditions.size();
  return fmt::format(
      "{:<16} {:>6} tissues: {} arms{} x {} replicates; up to {} cells at the start, {} voxels, {} h,\n"
      "                 about {:.1f} MiB each; about {} on {} thread{} before growth, less what arms share\n",
      e.name, conditions * static_cast<std::size_t>(e.replicates), e.arms.size(),
      conditions > e.arms.size() ? fmt::format(" ({} with their doses)", conditions) : "", e.replicates,
      largest, first.setup.grid.voxels(), core::minutes(first.duration) / 60.0,
      tissue::memory_estimate(first.setup, *study.model, largest) / 1048576.0,
      duration_text(seconds / threads), threads, threads == 1 ? "" : "s");
}

}  // namespace

bool has_tissues(const study::Study& study) {
  return std::any_of(study.experiments.begin(), study.experiments.end(),
                     [](const study::Experiment& e) { return e.space != nullptr; });
}

Result plan_of(const study::Study& study, const RunOptions& options) {
  Result out;
  std::size_t vessels = 0;
  double cell_steps = 0.0, largest = 0.0;
  for (const study::Experiment& e : study.experiments) {
    if (e.space) {
      out.text += tissues_text(study, e, options);
      continue;
    }
    const auto expanded = study::expand(e, *study.model, options.seed, options.quick);
    double cells = 0.0;
    for (const study::Vessel& v : expanded) {
      double mine = 0.0;
      for (const auto& c : v.setup.cells) mine += static_cast<double>(c.count);
      const double steps =
          static_cast<double>(v.times.back().count) / static_cast<double>(v.setup.step.count);
      cells += mine;
      cell_steps += mine * steps;
      largest = std::max(largest, mine);
    }
    vessels += expanded.size();
    out.text += fmt::format("{:<16} {:>6} vessels, {:>9.0f} cells plated\n", e.name, expanded.size(), cells);
  }
  if (vessels == 0) return out;
  const double bytes_per_cell = 4.0 * static_cast<double>(study.model->nodes.size()) + 120.0;
  out.text += fmt::format(
      "{:<16} {:>6} vessels, {:.2g} cell steps before growth, about {:.1f} MiB for the largest vessel at "
      "plating,\n"
      "                 about {:.1f} MiB of specimens on disk, no voxels (cultures have no space)\n",
      "all", vessels, cell_steps, largest * bytes_per_cell / 1048576.0,
      static_cast<double>(vessels) * 4.0 / 1024.0);
  return out;
}

}  // namespace stroma::jobs
