// Speed of the fields as plain functions: through fields::advance as a run calls it, the best of several
// repeats. `error` is relative, against the exact or the converged solution; `floor` is what moving the bytes
// of the method takes at the bandwidth measured beside it.
#pragma once

#include "bench/result.hpp"

namespace stroma::bench {

/// 128^3 voxels, double precision, constant coefficients, sealed: ten fixed split steps per call, as a
/// coupling step holds several; ns per voxel, substance and step.
Result diffusion_128_s1(int threads);
/// The same with eight substances.
Result diffusion_128_s8(int threads);
/// The same with one step per call, so that every step finds its substance in memory, not in a cache.
Result diffusion_128_s8_single(int threads);
/// The same as the first with uptake per voxel in the operator.
Result diffusion_128_uptake(int threads);
/// Oxygen in a spheroid of 75^3 voxels that grows by half a micrometre per solve (saturable uptake, values at
/// the faces), to 0.1 % of the converged answer, warm-started; ns per voxel and solve.
Result quasi_steady(int threads);

}  // namespace stroma::bench
