// The levels of the multigrid solver: grids coarsened by two, and for each substance the weights of its
// equation and of the transfers between levels. A last voxel without partner stays alone, so coarse voxels
// may be of two widths. Internal to the module.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "core/parallel.hpp"
#include "fields/aligned.hpp"
#include "fields/multigrid_kernel.hpp"
#include "fields/transport.hpp"

namespace stroma::fields {

using AlignedFloats = AlignedArray<float>;

/// Local rate of the padding, which keeps its errors at 0: finite, so that weights of 0 hide it.
inline constexpr float padding_rate = 1e30f;

/// One grid. Rows along x are padded in front by row_unit zeros, at the end up to a multiple of row_unit.
struct Level {
  std::array<std::size_t, 3> n{1, 1, 1};
  std::array<std::vector<double>, 3> width;  ///< of voxels along each axis, um
  std::array<bool, 3> coarsen{};             ///< which axes the next level halves
  std::size_t size = 0;                      ///< padded length of a row
  AlignedFloats e, r, react;                 ///< error, residual, rate of everything local [1/min]
  std::size_t rows() const { return n[1] * n[2]; }
  std::size_t offset(std::size_t j, std::size_t k) const {
    return kernel::row_unit + (j + n[1] * k) * (size + kernel::row_unit);
  }
  std::size_t floats() const { return offset(0, n[2]) + 2 * kernel::row_unit; }
};

/// Calls body(j, k) for all rows of a level.
template <class Body>
void for_rows(const Level& level, core::Threads threads, const Body& body) {
  constexpr std::size_t voxels_per_chunk = 16384;
  const std::size_t chunk = std::max<std::size_t>(1, voxels_per_chunk / level.size);
  core::for_chunks(level.rows(), chunk, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row) body(row % level.n[1], row / level.n[1]);
  });
}

/// Halved where the coupling along the axis is within a factor of two of the strongest; down to one voxel.
std::vector<Level> make_levels(const Grid& grid);

/// Transfer along one axis from level l to l + 1. Fine voxel f: near[f] of coarse parent[f], far[f] of
/// other[f]. Coarse voxel c: low[c], high[c] of fine first[c] and the next, where it has `children` = 2.
struct Transfer {
  std::vector<std::size_t> first, children, parent, other;
  std::vector<float> low, high, near, far;
};

/// One substance on one level.
struct Weights {
  AlignedFloats x_low, x_high, x_diagonal;
  std::array<std::vector<float>, 3> low, high, diagonal;  ///< of axes y and z (and x, unpadded)
  std::array<AlignedFloats, 3> mobility;                  ///< at lower faces, in the layout of Level
  std::array<Transfer, 3> transfer;
  AlignedFloats x_restrict_low, x_restrict_high, x_even_near, x_even_far, x_odd_near, x_odd_far;
};

std::vector<Weights> make_weights(const std::vector<Level>& levels, const Transport& transport);

}  // namespace stroma::fields
