// Profiles of a spheroid or a colony against the distance from its centre: means of fields and of cells per
// shell, counts of live and dead cells, and the radii that a laboratory quotes, outer and necrotic.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace stroma::assays {

/// Shells of equal width: shell i is width i <= distance < width (i + 1).
struct Shells {
  std::array<double, 3> centre{};  ///< um
  double width = 0.0;              ///< um, > 0
  std::size_t count = 0;           ///< what lies further out belongs to no shell
  int dimensions = 3;              ///< 1, 2 (z is ignored) or 3
};

struct ShellMean {
  double mean = 0.0;    ///< NaN where the shell is empty
  double sem = 0.0;     ///< standard error: SD / sqrt(n), n = (sum w)^2 / sum w^2; NaN for n <= 1
  double weight = 0.0;  ///< um^3 of voxels
};

struct VoxelGrid {
  std::array<std::size_t, 3> voxels{};  ///< x, y, z; >= 1
  std::array<double, 3> origin{};       ///< corner of the first voxel, um
  std::array<double, 3> spacing{};      ///< um, > 0
};

/// Mean of voxel values (index i + nx (j + ny k)) per shell, each voxel weighted by the volume that it has in
/// the shell (8 sample points along each dimension, so a shell's volume is right to about 1 % where it is a
/// voxel wide).
std::vector<ShellMean> profile_of_voxels(const Shells& shells, const VoxelGrid& grid,
                                         std::span<const double> values);

/// Cells per shell.
struct ShellCounts {
  std::int64_t live = 0, dead = 0;
};
std::vector<ShellCounts> counts_of_cells(const Shells& shells, std::span<const double> x,
                                         std::span<const double> y, std::span<const double> z,
                                         std::span<const std::uint8_t> dead);

struct SpheroidRadii {
  /// Radius of the necrotic core, um: the sphere that best tells dead from live cells, that is, for which the
  /// number of live cells inside and of dead cells outside is least; 0 where no sphere is better than none.
  double necrotic = 0.0;
  /// Outer radius of the live rim, um: that of a uniform shell around the necrotic core whose mean squared
  /// distance is that of the live cells outside the core (3/5 (R^5 - a^5)/(R^3 - a^3) in 3-D). 0 without live
  /// cells.
  double live = 0.0;
};
/// `centre` and `dimensions` (2 or 3) as in Shells.
SpheroidRadii spheroid_radii(const std::array<double, 3>& centre, int dimensions, std::span<const double> x,
                             std::span<const double> y, std::span<const double> z,
                             std::span<const std::uint8_t> dead);

/// The mean position of cells, in the order in which they come; {0, 0, 0} without cells.
std::array<double, 3> mean_position(std::span<const double> x, std::span<const double> y,
                                    std::span<const double> z);

}  // namespace stroma::assays
