// Regions of a domain as a person writes them (sphere, cylinder, box, slab, everywhere), and the voxels and
// cells in them. One reader serves sources, sinks, vessels, matrix and cells.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/section.hpp"
#include "fields/grid.hpp"

namespace stroma::study {

struct Region {
  enum class Shape : std::uint8_t { everywhere, sphere, cylinder, box };
  Shape shape = Shape::everywhere;
  std::array<double, 3> centre{};       ///< um; sphere and cylinder
  double radius = 0.0;                  ///< um; sphere (2-D: disc) and cylinder
  int axis = 2;                         ///< of a cylinder
  std::array<double, 3> low{}, high{};  ///< um; box
  bool contains(const std::array<double, 3>& point, int dimensions) const;
};

/// Reads the keys shape, centre, radius, axis, low, high of a section (region_keys in keys.hpp). Where
/// `centre` is absent it is the middle of the domain. A region outside the domain is a problem.
Region read_region(core::Section& section, const fields::Grid& grid);

/// A point of one, two or three lengths, such as ["10 um", "20 um", "0 um"]; missing axes are the middle.
std::array<double, 3> read_point(core::Section& section, std::string_view key, const fields::Grid& grid);

/// Voxels whose centre lies in the region, ascending; where none does and the region is smaller than a voxel,
/// the voxel of its centre.
std::vector<std::size_t> voxels_of(const Region& region, const fields::Grid& grid);

/// Points of a hexagonal close packing (2-D: hexagonal) of spacing `spacing` um in the region and inside the
/// domain by at least `margin`, in the order z, y, x.
std::vector<std::array<double, 3>> packed_points(const Region& region, const fields::Grid& grid,
                                                 double spacing, double margin);

}  // namespace stroma::study
