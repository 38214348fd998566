// Benchmarks of cells in space: a packed aggregate of the field's benchmark (hexagonal close packing, spacing
// 0.95 diameters, 5 % jitter, 11-12 neighbours within the reach of adhesion), moved for many steps of 0.1 min
// with everything included: forces, moves, and lists made anew whenever they are due.
#pragma once

#include "bench/result.hpp"

namespace stroma::bench {

/// ns per cell and step of 0.1 min: 100 steps from the jittered aggregate, the first lists and
/// whatever lists become due included; the fastest of several repeats from the same start. `error` is the
/// largest difference of a velocity from the double-precision law, as a fraction of the largest velocity.
Result mechanics_1e5(int threads);
Result mechanics_1e6(int threads);

/// Moves an aggregate of 2000 cells for one minute in steps of 0.1 min, so many times; returns a coordinate,
/// so that nothing is left out. For counting instructions.
double move_aggregate(int times);

/// Bytes per cell of Bodies and Neighbourhood, lists and work arrays included, in the aggregate of 1e5.
Result cell_bytes(int threads);

}  // namespace stroma::bench
