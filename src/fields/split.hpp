// One locally one-dimensional implicit step (Yanenko 1971): backward Euler along x, then y, then z, each line
// a tridiagonal system. Decay, uptake and sources sit in the systems of the last axis, entire, so that a
// uniform field decays the same in one, two and three dimensions. Each factor is an M-matrix: positive
// fields stay positive. First order in time; `advance` extrapolates it to second. Internal to the module.
#pragma once

#include <array>
#include <vector>

#include "core/parallel.hpp"
#include "fields/transport.hpp"

namespace stroma::fields {

/// Buffers of the split step: one set per thread, and sums per chunk.
struct SplitScratch {
  std::vector<AlignedDoubles> lines;
  std::vector<Terms> parts;
  std::array<std::vector<double>, 3> weight, ratio, diagonal;  ///< factors of the systems of each axis
};

/// result = one backward Euler step of `minutes` from `start`; they may be the same array. Saturable uptake
/// acts as U = Vmax/(Km + c*), c* the concentration before the last axis is swept: positive, first order.
/// Returns what happened; its `content` is summed from the result.
Terms split_step(double* result, const double* start, const Transport& transport, const Given& given,
                 double minutes, SplitScratch& scratch, core::Threads threads);

/// The same by general line systems, whatever the coefficients; `split_step` uses it where they are not
/// uniform, tests use it to check the vector kernels.
Terms split_step_general(double* result, const double* start, const Transport& transport, const Given& given,
                         double minutes, SplitScratch& scratch, core::Threads threads);

}  // namespace stroma::fields
