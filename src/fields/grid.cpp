// Places on the grid, and what makes a grid invalid.
#include "fields/grid.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace stroma::fields {

std::array<int, 3> Grid::place(std::size_t voxel) const {
  const std::size_t nx = size(0), ny = size(1);
  return {static_cast<int>(voxel % nx), static_cast<int>(voxel / nx % ny),
          static_cast<int>(voxel / (nx * ny))};
}

std::array<double, 3> Grid::centre(int i, int j, int k) const {
  return {origin[0] + (i + 0.5) * spacing[0], origin[1] + (j + 0.5) * spacing[1],
          origin[2] + (k + 0.5) * spacing[2]};
}

std::array<double, 3> Grid::centre(std::size_t voxel) const {
  const auto [i, j, k] = place(voxel);
  return centre(i, j, k);
}

bool Grid::contains(const std::array<double, 3>& point) const {
  for (int axis = 0; axis < dimensions; ++axis) {
    const auto a = static_cast<std::size_t>(axis);
    if (!(point[a] >= origin[a] && point[a] <= origin[a] + length(axis))) return false;
  }
  return true;
}

std::size_t Grid::voxel_at(double x, double y, double z) const {
  const std::array<double, 3> point{x, y, z};
  std::array<int, 3> at{};
  for (std::size_t a = 0; a < 3; ++a) {
    const double position = (point[a] - origin[a]) / spacing[a];
    at[a] = position >= n[a] - 1 ? n[a] - 1 : position > 0.0 ? static_cast<int>(position) : 0;
  }
  return index(at[0], at[1], at[2]);
}

void validate(const Grid& grid, const core::Place& place, core::Diagnostics& diagnostics) {
  constexpr std::array<char, 3> axes{'x', 'y', 'z'};
  if (grid.dimensions < 1 || grid.dimensions > 3)
    diagnostics.add("grid-dimensions", place, "dimensions",
                    fmt::format("a grid has 1, 2 or 3 dimensions, not {}", grid.dimensions));
  double voxels = 1.0;
  for (std::size_t a = 0; a < 3; ++a) {
    const int n = grid.n[a];
    const bool used = static_cast<int>(a) < grid.dimensions;
    voxels *= std::max(1, n);
    if (n < 1)
      diagnostics.add("grid-voxels", place, "n",
                      fmt::format("{} voxels along {}; expected at least 1", n, axes[a]));
    else if (!used && n != 1)
      diagnostics.add(
          "grid-voxels", place, "n",
          fmt::format("{} voxels along {}, which a grid of {} dimensions does not use; expected 1", n,
                      axes[a], grid.dimensions));
    if (!(std::isfinite(grid.spacing[a]) && grid.spacing[a] > 0.0))
      diagnostics.add(
          "grid-spacing", place, "spacing",
          fmt::format("spacing of {} um along {}; expected a positive length", grid.spacing[a], axes[a]),
          used ? "" : "the spacing of an axis that is not used is the thickness of the sample");
    if (!std::isfinite(grid.origin[a]))
      diagnostics.add(
          "grid-origin", place, "origin",
          fmt::format("origin of {} um along {}; expected a finite position", grid.origin[a], axes[a]));
  }
  if (voxels > 0x1p40)
    diagnostics.add("grid-too-large", place, "n",
                    fmt::format("{:.3g} voxels; at most 2^40 can be counted", voxels));
}

}  // namespace stroma::fields
