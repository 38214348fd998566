// What a fork of vessels must have in common with the run that it leaves.
#pragma once

#include <span>
#include <string>

#include "core/diagnostics.hpp"
#include "core/time.hpp"
#include "study/vessels.hpp"

namespace stroma::study {

/// Adds to `problems` ("fork-differs", in `file`) how the history of the vessels of `after` before `tick` is
/// not that of the same vessels of `before`: each arm, dose, well and replicate of `after` must be there,
/// with the same cells, volume, medium and whatever is given before; in space, where arms share their seed,
/// an arm of a new name may have the history of any. In a culture, treatments, medium changes and readings
/// from then on may differ; in space, what check_fork of two tissues allows. `seed` is that of both.
void check_fork(const Experiment& before, const Experiment& after, const model::Model& model,
                std::uint64_t seed, bool quick, core::Tick tick, const std::string& file,
                core::Diagnostics& problems);

}  // namespace stroma::study
