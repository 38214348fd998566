#include "assays/section/radial_profile.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "core/errors.hpp"
#include "core/maths.hpp"

namespace stroma::assays {
namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

void require_shells(const Shells& shells) {
  core::require(shells.width > 0.0 && shells.dimensions >= 1 && shells.dimensions <= 3,
                "shells need a width and 1 to 3 dimensions");
}

double distance(const std::array<double, 3>& centre, int dimensions, double x, double y, double z) {
  const double dx = x - centre[0];
  const double dy = dimensions >= 2 ? y - centre[1] : 0.0;
  const double dz = dimensions >= 3 ? z - centre[2] : 0.0;
  return std::sqrt(dx * dx + dy * dy + dz * dz);
}

/// The shell of a distance, or `count` where it is outside all.
std::size_t shell_of(const Shells& shells, double away) {
  const double shell = std::floor(away / shells.width);
  return shell < static_cast<double>(shells.count) ? static_cast<std::size_t>(shell) : shells.count;
}

/// Weighted mean and standard error per shell by West's update (Commun ACM 22:532, 1979), which loses no
/// digits where the spread is small against the mean.
struct Sums {
  double weight = 0.0, weight2 = 0.0, mean = 0.0, square = 0.0;
  void add(double value, double w) {
    weight += w;
    weight2 += w * w;
    const double off = value - mean;
    mean += w / weight * off;
    square += w * off * (value - mean);
  }
  ShellMean result() const {
    if (weight <= 0.0) return {nothing, nothing, 0.0};
    const double n = weight * weight / weight2;
    const double sem = n > 1.0 ? std::sqrt(square / weight / (n - 1.0)) : nothing;
    return {mean, sem, weight};
  }
};

std::vector<ShellMean> results(const std::vector<Sums>& sums) {
  std::vector<ShellMean> out;
  for (const Sums& sum : sums) out.push_back(sum.result());
  return out;
}

void require_same_length(std::size_t n, std::size_t a, std::size_t b, std::size_t c) {
  core::require(n == a && n == b && n == c, "arrays of cells differ in length");
}

}  // namespace

namespace {

constexpr int parts = 8;  // sample points of a voxel along each direction that the distance sees

/// Squared offsets from the centre of a voxel's sample points along one direction.
struct Points {
  std::array<double, parts> square{};
  int count = 1;
  Points(const Shells& shells, const VoxelGrid& grid, std::size_t d, std::size_t index) {
    if (static_cast<int>(d) >= shells.dimensions) return;  // not seen: one point at no distance
    count = parts;
    for (int p = 0; p < parts; ++p) {
      const double inside = (p + 0.5) / parts;
      const double at = grid.origin[d] + grid.spacing[d] * (static_cast<double>(index) + inside);
      square[static_cast<std::size_t>(p)] = (at - shells.centre[d]) * (at - shells.centre[d]);
    }
  }
};

/// How many of a voxel's sample points lie within the radius.
int points_within(const Points& x, const Points& y, const Points& z, double radius) {
  int inside = 0;
  for (int c = 0; c < z.count; ++c)
    for (int b = 0; b < y.count; ++b) {
      const double rest =
          radius * radius - z.square[static_cast<std::size_t>(c)] - y.square[static_cast<std::size_t>(b)];
      for (int a = 0; a < x.count; ++a) inside += x.square[static_cast<std::size_t>(a)] < rest ? 1 : 0;
    }
  return inside;
}

}  // namespace

std::vector<ShellMean> profile_of_voxels(const Shells& shells, const VoxelGrid& grid,
                                         std::span<const double> values) {
  require_shells(shells);
  const auto& n = grid.voxels;
  core::require(values.size() == n[0] * n[1] * n[2], "a field has another size than its grid");
  const double volume = grid.spacing[0] * grid.spacing[1] * grid.spacing[2];
  const double half_diagonal =
      0.5 * std::sqrt(grid.spacing[0] * grid.spacing[0] + grid.spacing[1] * grid.spacing[1] +
                      grid.spacing[2] * grid.spacing[2]);

  std::vector<Sums> sums(shells.count);
  for (std::size_t k = 0; k < n[2]; ++k) {
    const Points z(shells, grid, 2, k);
    for (std::size_t j = 0; j < n[1]; ++j) {
      const Points y(shells, grid, 1, j);
      for (std::size_t i = 0; i < n[0]; ++i) {
        const auto middle_at = [&](std::size_t d, std::size_t index) {
          return grid.origin[d] + grid.spacing[d] * (static_cast<double>(index) + 0.5);
        };
        const double value = values[i + n[0] * (j + n[1] * k)];
        const double middle =
            distance(shells.centre, shells.dimensions, middle_at(0, i), middle_at(1, j), middle_at(2, k));
        const std::size_t first = shell_of(shells, std::max(0.0, middle - half_diagonal));
        const std::size_t last = shell_of(shells, middle + half_diagonal);
        if (first == last) {
          if (first < shells.count) sums[first].add(value, volume);
          continue;
        }
        const Points x(shells, grid, 0, i);
        const int all = x.count * y.count * z.count;
        int within = 0;  // of the shells so far
        for (std::size_t s = first; s <= last && s < shells.count; ++s) {
          const int up_to_here =
              s == last ? all : points_within(x, y, z, shells.width * static_cast<double>(s + 1));
          if (up_to_here > within) sums[s].add(value, volume * (up_to_here - within) / all);
          within = up_to_here;
        }
      }
    }
  }
  return results(sums);
}

std::vector<ShellCounts> counts_of_cells(const Shells& shells, std::span<const double> x,
                                         std::span<const double> y, std::span<const double> z,
                                         std::span<const std::uint8_t> dead) {
  require_shells(shells);
  require_same_length(dead.size(), x.size(), y.size(), z.size());
  std::vector<ShellCounts> counts(shells.count);
  for (std::size_t i = 0; i < dead.size(); ++i) {
    const std::size_t shell = shell_of(shells, distance(shells.centre, shells.dimensions, x[i], y[i], z[i]));
    if (shell < shells.count) ++(dead[i] != 0 ? counts[shell].dead : counts[shell].live);
  }
  return counts;
}

namespace {

/// Mean squared distance of a uniform shell a..R in d dimensions: d/(d+2) (R^(d+2) - a^(d+2)) / (R^d - a^d).
double mean_square(int d, double a, double outer) {
  if (outer <= a) return a * a;
  return d / (d + 2.0) * (core::maths::power(outer, d + 2) - core::maths::power(a, d + 2)) /
         (core::maths::power(outer, d) - core::maths::power(a, d));
}

double outer_radius(int d, double a, double square) {
  double low = std::max(a, std::sqrt(square)), high = std::max(low, std::sqrt((d + 2.0) / d * square));
  for (int i = 0; i < 100 && high - low > 1e-12 * high; ++i) {
    const double middle = 0.5 * (low + high);
    (mean_square(d, a, middle) < square ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

}  // namespace

SpheroidRadii spheroid_radii(const std::array<double, 3>& centre, int dimensions, std::span<const double> x,
                             std::span<const double> y, std::span<const double> z,
                             std::span<const std::uint8_t> dead) {
  core::require(dimensions == 2 || dimensions == 3, "a spheroid has 2 or 3 dimensions");
  require_same_length(dead.size(), x.size(), y.size(), z.size());
  struct Cell {
    double away;
    bool dead;
  };
  std::vector<Cell> cells;
  for (std::size_t i = 0; i < dead.size(); ++i)
    cells.push_back({distance(centre, dimensions, x[i], y[i], z[i]), dead[i] != 0});
  std::sort(cells.begin(), cells.end(), [](const Cell& a, const Cell& b) { return a.away < b.away; });

  // Walking outwards: a dead cell that comes inside is one error less, a live one an error more.
  SpheroidRadii radii;
  std::int64_t errors = 0, least = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    errors += cells[i].dead ? -1 : 1;
    if (errors >= least || (i + 1 < cells.size() && cells[i + 1].away == cells[i].away)) continue;
    least = errors;
    radii.necrotic = i + 1 < cells.size() ? 0.5 * (cells[i].away + cells[i + 1].away) : cells[i].away;
  }

  double square = 0.0;
  std::int64_t live = 0;
  for (const Cell& cell : cells)
    if (!cell.dead && cell.away >= radii.necrotic) {
      ++live;
      square += (cell.away * cell.away - square) / static_cast<double>(live);
    }
  if (live > 0) radii.live = outer_radius(dimensions, radii.necrotic, square);
  return radii;
}

std::array<double, 3> mean_position(std::span<const double> x, std::span<const double> y,
                                    std::span<const double> z) {
  require_same_length(x.size(), y.size(), z.size(), x.size());
  std::array<double, 3> mean{};
  for (std::size_t i = 0; i < x.size(); ++i) {
    mean[0] += x[i];
    mean[1] += y[i];
    mean[2] += z[i];
  }
  for (double& m : mean)
    if (!x.empty()) m /= static_cast<double>(x.size());
  return mean;
}

}  // namespace stroma::assays
