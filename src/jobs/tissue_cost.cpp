#include "jobs/tissue_cost.hpp"

#include <cmath>

namespace stroma::jobs {

double expected_seconds(const study::TissueExperiment& e, std::size_t cells) {
  const double steps =
      std::ceil(static_cast<double>(e.duration.count) / static_cast<double>(e.setup.step.count));
  const double mechanics = steps * std::ceil(core::minutes(e.setup.step) / mechanics_step);
  const double values = static_cast<double>(e.setup.grid.voxels() * e.setup.substances.size());
  // Rates measured in docs/performance.md: mechanics, phenotype and fields, per thread.
  return static_cast<double>(cells) * (mechanics * 60e-9 + steps * 1500e-9) + values * steps * 60e-9;
}

}  // namespace stroma::jobs
