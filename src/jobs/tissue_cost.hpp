// What a run in space is expected to take before it runs.
#pragma once

#include <cstddef>

#include "study/tissue_experiment.hpp"

namespace stroma::jobs {

inline constexpr double mechanics_step = 0.3;  ///< min; what the steps of the mechanics come to

/// Seconds on one thread of this tissue with `cells` cells, before growth.
double expected_seconds(const study::TissueExperiment& experiment, std::size_t cells);

}  // namespace stroma::jobs
