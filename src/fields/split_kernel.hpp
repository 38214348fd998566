// The vector loops of the split step: many lines side by side, one in each lane. No fused multiply-add and
// one order of operations per voxel: all instruction sets give the same concentrations bit for bit; sums are
// taken over eight strands whatever the width of the vectors. Internal to the module.
#pragma once

#include <cstddef>

namespace stroma::fields::kernel {

/// The factors of a tridiagonal system with constant off-diagonal -a: g_i = weight_i right_i + ratio_i
/// g_{i-1}, then c_i = g_i + ratio_i c_{i+1}.
struct Factors {
  const double *weight = nullptr, *ratio = nullptr;
  std::size_t n = 0;
  double add_low = 0.0, add_high = 0.0;  ///< what flows into the first and last voxel of every line in a step
  double ghost_low = 0.0, ghost_high = 0.0;  ///< the same as values of voxels beyond the ends: add/a
};

/// c summed over the first and over the last voxels of lines: what the sinks of two faces draw from.
struct Ends {
  double first = 0.0, last = 0.0;
};

/// Solves `rows` lines along x: row r of n voxels starts at r * n. `scratch` holds 16 n doubles. `result` may
/// be `start`.
Ends solve_rows(double* result, const double* start, std::size_t rows, const Factors& x, double* scratch);

/// Solves a plane along x, then along y; what is returned is that of x.
Ends solve_plane(double* result, const double* start, const Factors& x, const Factors& y, double* scratch);

/// Columns that a call solves at once; scratch of column solves holds 4 * columns_at_once * n doubles.
inline constexpr std::size_t columns_at_once = 128;

/// The last axis: sources and uptake per voxel, each null where it is absent, in the layout of c. With uptake
/// the factors are `diagonal` (n values, without uptake) and `coupling` a; without, those of Factors.
struct Reaction {
  const double *uptake = nullptr, *most = nullptr, *source = nullptr;
  const double* diagonal = nullptr;
  double coupling = 0.0, minutes = 0.0, half_uptake = 0.0;
};
struct ColumnSums {
  double content = 0.0;  ///< c
  Ends ends;
  double uptake = 0.0, saturable = 0.0, source = 0.0;  ///< U c, V/(Km + c*) c, S
  double lowest = 0.0;                                 ///< min(c, 0)
};
/// Solves lines with a stride in place: column i of `columns` <= columns_at_once begins at c + i.
ColumnSums react_columns(double* c, std::size_t stride, std::size_t columns, const Factors& factors,
                         const Reaction& reaction, double* scratch);

}  // namespace stroma::fields::kernel
