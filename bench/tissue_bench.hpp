// Benchmarks of whole tissues: the cases of the field's published comparison, run through the same plan,
// state and loop as any experiment.
#pragma once

#include "bench/result.hpp"

namespace stroma::bench {

/// ns per cell and 6-min step of everything but mechanics and fields: receptors, a network of 100 nodes with
/// three rows each, rules, volumes, births and deaths, in 1e5 cells.
Result phenotype(int threads);

/// Seconds for 6 h of a 3-D tumour of 18 000 cells in 75^3 voxels of 20 um with oxygen (D 1e5 um^2/min, decay
/// 0.1/min, uptake 10/min per cell) and a secreted factor (D 1000, decay 0.016/min). `error` is the largest
/// difference of both fields at the end from a run with a twentieth of the error target, in parts of the
/// largest concentration.
Result whole_tumour(int threads);

/// Seconds for 360 min of 1300 cells in 2-D, 50 x 50 voxels of 20 um, 5 substances, 8 rules.
Result small_2d(int threads);

/// ns per cell and 6-min coupling step of 1e7 cells in 3-D with oxygen, everything included; `error` holds
/// the peak memory of the process in GiB.
Result cells_1e7(int threads);

}  // namespace stroma::bench
