// A uniform Cartesian grid of boxes (voxels) in one, two or three dimensions. Concentrations live at the
// centres of voxels; axes that are not used have one voxel whose spacing is the thickness of the sample.
#pragma once

#include <array>
#include <cstddef>
#include <string>

#include "core/diagnostics.hpp"

namespace stroma::fields {

/// n[a] voxels of spacing[a] um along axis a (x, y, z), the first corner at `origin` [um].
struct Grid {
  int dimensions = 3;                               ///< 1, 2 or 3; axes from `dimensions` on have n = 1
  std::array<int, 3> n{1, 1, 1};                    ///< voxels, >= 1
  std::array<double, 3> spacing{20.0, 20.0, 20.0};  ///< um, > 0
  std::array<double, 3> origin{0.0, 0.0, 0.0};      ///< um, the lowest corner

  bool operator==(const Grid&) const = default;

  /// Number of voxels; the length of every array over the grid. Arrays are contiguous, x fastest.
  std::size_t voxels() const { return size(0) * size(1) * size(2); }
  std::size_t size(int axis) const { return static_cast<std::size_t>(n[static_cast<std::size_t>(axis)]); }
  double voxel_volume() const { return spacing[0] * spacing[1] * spacing[2]; }  ///< um^3
  double length(int axis) const {                                               ///< um
    return spacing[static_cast<std::size_t>(axis)] * n[static_cast<std::size_t>(axis)];
  }

  std::size_t index(int i, int j, int k) const {
    return static_cast<std::size_t>(i) +
           size(0) * (static_cast<std::size_t>(j) + size(1) * static_cast<std::size_t>(k));
  }
  /// (i, j, k) of a voxel.
  std::array<int, 3> place(std::size_t voxel) const;
  /// Centre of a voxel [um].
  std::array<double, 3> centre(int i, int j, int k) const;
  std::array<double, 3> centre(std::size_t voxel) const;
  /// Whether a point [um] lies in the box, its faces included. Axes that are not used always contain it.
  bool contains(const std::array<double, 3>& point) const;
  /// The voxel of a point [um]; a point on a face between two voxels belongs to the upper one, a point
  /// outside to the nearest voxel. A coordinate that is not finite counts as the lowest.
  std::size_t voxel_at(double x, double y, double z) const;
};

/// Adds what is wrong with a grid: dimensions, n, spacing, origin; codes "grid-dimensions", "grid-voxels",
/// "grid-spacing", "grid-origin", "grid-too-large" (more than 2^40 voxels).
void validate(const Grid& grid, const core::Place& place, core::Diagnostics& diagnostics);

}  // namespace stroma::fields
