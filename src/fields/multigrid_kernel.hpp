// The vector loops of the multigrid solver, over single rows of voxels along x, compiled for several
// instruction sets and chosen at run time. No fused multiply-add, sums in an order of their own: all
// instruction sets give the same bits. Internal to the module.
#pragma once

#include <cstddef>

namespace stroma::fields::kernel {

/// Rows of a level are padded to whole multiples of this many floats, with as many zeros before each row.
inline constexpr std::size_t row_unit = 16;

/// Least local rate of the finest level [1/min]: nothing beside any other rate, and what keeps the diagonal
/// of a single sealed voxel, where all that remains is a decay too slow for single precision, from being 0.
/// The cycles only correct; the equation that is solved keeps its own rate.
inline constexpr float least_rate = 1e-30f;

/// One row of a level, in single precision: sum_n w_n (e_n - e) - sink e - react e + r = 0. The x weights are
/// arrays, the others numbers; rows beyond the grid are rows of zeros. `react` is infinite where e is held at
/// 0, in the padding too.
struct Row {
  float* e = nullptr;
  const float *r = nullptr, *react = nullptr;
  const float *y_low = nullptr, *y_high = nullptr, *z_low = nullptr, *z_high = nullptr;  ///< e of neighbours
  const float *x_weight_low = nullptr, *x_weight_high = nullptr;
  const float* x_diagonal = nullptr;  ///< both x weights and the sinks of the x faces
  float y_weight_low = 0, y_weight_high = 0, z_weight_low = 0, z_weight_high = 0;
  float diagonal = 0;  ///< of y and z, sinks included
  /// Mobility at lower and upper faces; null where it is 1 everywhere. The diagonals then hold sinks only.
  const float *x_mobility = nullptr, *y_mobility_low = nullptr, *y_mobility_high = nullptr,
              *z_mobility_low = nullptr, *z_mobility_high = nullptr;
  std::size_t size = 0;  ///< a multiple of row_unit
};

/// Gauss-Seidel on one row: voxels of even i, then those of odd i, or the other way round.
void smooth(const Row& row, bool even_first);
/// sum[i] += weight * residual; the residual is 0 where e is held.
void add_residual(float* sum, const Row& row, float weight);
/// coarse[i] = low[i] fine[2 i] + high[i] fine[2 i + 1], for `size` coarse voxels.
void restrict_pairs(float* coarse, const float* fine, const float* low, const float* high, std::size_t size);
/// sum[i] += weight * row[i].
void add_row(float* sum, const float* row, float weight, std::size_t size);
/// fine[2 i] += even_near[i] coarse[i] + even_far[i] coarse[i-1]; fine[2 i + 1] += odd_near[i] coarse[i] +
/// odd_far[i] coarse[i+1].
void prolong_pairs(float* fine, const float* coarse, const float* even_near, const float* even_far,
                   const float* odd_near, const float* odd_far, std::size_t size);

/// e = 0 where it is held.
void hold(float* e, const float* react, std::size_t size);

/// One row of the finest level in double precision. Spans that are null are 0.
struct FineRow {
  const double *c = nullptr, *y_low = nullptr, *y_high = nullptr, *z_low = nullptr, *z_high = nullptr;
  const double *start = nullptr, *uptake = nullptr, *most = nullptr, *source = nullptr;
  double x_weight = 0, y_weight_low = 0, y_weight_high = 0, z_weight_low = 0, z_weight_high = 0;
  double sink = 0, inflow = 0;  ///< of y and z faces
  double x_sink_low = 0, x_sink_high = 0, x_inflow_low = 0, x_inflow_high = 0;
  double per_minute = 0;  ///< 1/step, 0 where steady
  double decay = 0, half_uptake = 0;
  bool lagged = true;  ///< saturable uptake at `start`, else at c, linearised
  std::size_t size = 0;
};

/// r = right side - operator c, react = 1/step + k + U + d(saturable)/dc, at least least_rate; both in the
/// layout of Row, as many as row.size.
void fine_residual(const FineRow& row, float* r, float* react);
struct Extremes {
  double correction = 0.0, largest = 0.0, lowest = 0.0;  ///< of |e|, |c|, c
};
/// c += e; with `bounded`, at least a twentieth of c is left.
Extremes correct(double* c, const float* e, std::size_t size, bool bounded);

}  // namespace stroma::fields::kernel
