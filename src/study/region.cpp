#include "study/region.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace stroma::study {
namespace {

using core::Range;
namespace dim = core::dimension;

std::array<double, 3> middle(const fields::Grid& grid) {
  std::array<double, 3> point{};
  for (std::size_t a = 0; a < 3; ++a) point[a] = grid.origin[a] + 0.5 * grid.length(static_cast<int>(a));
  return point;
}

}  // namespace

bool Region::contains(const std::array<double, 3>& point, int dimensions) const {
  double squares = 0.0;
  for (int a = 0; a < dimensions; ++a) {
    const auto i = static_cast<std::size_t>(a);
    if (shape == Shape::box && (point[i] < low[i] || point[i] > high[i])) return false;
    if (shape == Shape::sphere || (shape == Shape::cylinder && a != axis))
      squares += (point[i] - centre[i]) * (point[i] - centre[i]);
  }
  return squares <= radius * radius || shape == Shape::box || shape == Shape::everywhere;
}

std::array<double, 3> read_point(core::Section& section, std::string_view key, const fields::Grid& grid) {
  std::array<double, 3> point = middle(grid);
  const auto texts = section.texts(key);
  if (section.has(key) && texts.size() != static_cast<std::size_t>(grid.dimensions) && texts.size() != 3)
    section.wrong(key, "wrong-length",
                  fmt::format("expected {} lengths such as \"10 um\", one per axis", grid.dimensions));
  for (std::size_t a = 0; a < std::min<std::size_t>(texts.size(), static_cast<std::size_t>(grid.dimensions));
       ++a) {
    const double low = grid.origin[a], high = low + grid.length(static_cast<int>(a));
    const auto value = core::check_quantity(texts[a].first, dim::length, Range::closed(low, high),
                                            texts[a].second, key, section.problems());
    point[a] = value.value_or(point[a]);
  }
  return point;
}

Region read_region(core::Section& section, const fields::Grid& grid) {
  Region region;
  region.shape = static_cast<Region::Shape>(section.word("shape"));
  region.centre = middle(grid);
  const bool is_round = region.shape == Region::Shape::sphere || region.shape == Region::Shape::cylinder;
  if (is_round) {
    region.centre = read_point(section, "centre", grid);
    region.radius = section.quantity("radius");
  }
  if (region.shape == Region::Shape::cylinder) region.axis = static_cast<int>(section.word("axis"));
  if (region.shape == Region::Shape::box) {
    region.low = read_point(section, "low", grid);
    region.high = read_point(section, "high", grid);
    for (std::size_t a = 0; a < static_cast<std::size_t>(grid.dimensions); ++a)
      if (region.low[a] > region.high[a]) section.wrong("high", "out-of-range", "lies below `low`");
  }
  return region;
}

std::vector<std::size_t> voxels_of(const Region& region, const fields::Grid& grid) {
  std::vector<std::size_t> voxels;
  for (std::size_t v = 0; v < grid.voxels(); ++v)
    if (region.contains(grid.centre(v), grid.dimensions)) voxels.push_back(v);
  if (voxels.empty()) {
    std::array<double, 3> c = region.centre;
    if (region.shape == Region::Shape::box)
      for (std::size_t a = 0; a < 3; ++a) c[a] = 0.5 * (region.low[a] + region.high[a]);
    voxels.push_back(grid.voxel_at(c[0], c[1], c[2]));
  }
  return voxels;
}

std::vector<std::array<double, 3>> packed_points(const Region& region, const fields::Grid& grid,
                                                 double spacing, double margin) {
  std::vector<std::array<double, 3>> points;
  const bool deep = grid.dimensions == 3;
  const double dy = spacing * std::sqrt(3.0) / 2.0, dz = deep ? spacing * std::sqrt(2.0 / 3.0) : 1.0;
  const std::array<double, 3> c =
      region.shape == Region::Shape::sphere || region.shape == Region::Shape::cylinder ? region.centre
                                                                                       : middle(grid);
  const auto reach = [&](int axis, double step) {
    return static_cast<int>(std::ceil(grid.length(axis) / step)) + 1;
  };
  const int layers = deep ? reach(2, dz) : 0;
  for (int k = -layers; k <= layers; ++k)
    for (int j = -reach(1, dy); j <= reach(1, dy); ++j)
      for (int i = -reach(0, spacing); i <= reach(0, spacing); ++i) {
        const int odd_layer = std::abs(k) % 2, odd_row = std::abs(j) % 2;
        std::array<double, 3> p = {c[0] + spacing * (i + 0.5 * odd_row + 0.5 * odd_layer),
                                   c[1] + dy * (j + odd_layer / 3.0), deep ? c[2] + dz * k : 0.0};
        bool inside = region.contains(p, grid.dimensions);
        for (std::size_t a = 0; a < static_cast<std::size_t>(grid.dimensions); ++a)
          inside = inside && p[a] >= grid.origin[a] + margin &&
                   p[a] <= grid.origin[a] + grid.length(static_cast<int>(a)) - margin;
        if (inside) points.push_back(p);
      }
  return points;
}

}  // namespace stroma::study
