// Profiles against a distance: known fields and known balls give the means, volumes and radii that geometry
// says.
#include "assays/section/radial_profile.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

namespace stroma::assays {
namespace radial_profile_test {

/// Volume of shell i: 4/3 pi (b^3 - a^3) um^3, pi (b^2 - a^2) um^2 or 2 (b - a) um.
double shell_volume(const Shells& shells, std::size_t i) {
  const double a = shells.width * static_cast<double>(i), b = shells.width * static_cast<double>(i + 1);
  if (shells.dimensions == 1) return 2.0 * (b - a);
  if (shells.dimensions == 2) return std::numbers::pi * (b * b - a * a);
  return 4.0 / 3.0 * std::numbers::pi * (b * b * b - a * a * a);
}

constexpr double pi = std::numbers::pi;

struct Cells {
  std::vector<double> x, y, z;
  std::vector<std::uint8_t> dead;
};

/// n cells uniform in a ball of radius `outer` around (50, -20, 10); those within `core` are dead.
Cells ball(int n, int dimensions, double outer, double core, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> uniform(-1.0, 1.0);
  Cells cells;
  while (static_cast<int>(cells.x.size()) < n) {
    const double a = uniform(random), b = uniform(random), c = dimensions == 3 ? uniform(random) : 0.0;
    const double r = std::sqrt(a * a + b * b + c * c);
    if (r > 1.0) continue;
    cells.x.push_back(50.0 + outer * a);
    cells.y.push_back(-20.0 + outer * b);
    cells.z.push_back(10.0 + outer * c);
    cells.dead.push_back(r * outer < core ? 1 : 0);
  }
  return cells;
}

TEST(VoxelProfile, shells_have_the_volume_of_spherical_shells) {
  // Oblong voxels; 8 points along each side leave well under 1 % in shells of a voxel's width, 2 % in the
  // innermost ones, which are of few voxels.
  const VoxelGrid grid{{40, 50, 80}, {-100.0, -100.0, -100.0}, {5.0, 4.0, 2.5}};
  const Shells shells{{1.0, -2.0, 0.5}, 5.0, 19, 3};
  const std::vector<double> ones(40 * 50 * 80, 1.0);
  const auto profile = profile_of_voxels(shells, grid, ones);
  for (std::size_t i = 0; i < shells.count; ++i) {
    EXPECT_NEAR(profile[i].weight / shell_volume(shells, i), 1.0, i < 2 ? 0.02 : 0.01) << i;
    EXPECT_EQ(profile[i].mean, 1.0);
    EXPECT_EQ(profile[i].sem, 0.0);
  }
}

TEST(VoxelProfile, in_two_dimensions_the_third_is_not_seen) {
  const VoxelGrid grid{{100, 100, 1}, {-100.0, -100.0, -7.0}, {2.0, 2.0, 14.0}};
  const Shells shells{{0.0, 0.0, 500.0}, 4.0, 20, 2};
  const std::vector<double> ones(100 * 100, 1.0);
  const auto profile = profile_of_voxels(shells, grid, ones);
  for (std::size_t i = 0; i < shells.count; ++i)
    EXPECT_NEAR(profile[i].weight / (14.0 * shell_volume(shells, i)), 1.0, 0.01) << i;
}

TEST(VoxelProfile, a_quadratic_field_has_the_mean_of_its_shell) {
  // <r^2> over a..b is 3/5 (b^5 - a^5) / (b^3 - a^3). A voxel of side h stands for its whole volume with the
  // value of its middle: the error is O(h^2), at most h^2 here.
  const double h = 2.0;
  const VoxelGrid grid{{100, 100, 100}, {-100.0, -100.0, -100.0}, {h, h, h}};
  const Shells shells{{0.0, 0.0, 0.0}, 10.0, 9, 3};
  std::vector<double> values;
  for (int k = 0; k < 100; ++k)
    for (int j = 0; j < 100; ++j)
      for (int i = 0; i < 100; ++i) {
        const double x = -99.0 + h * i, y = -99.0 + h * j, z = -99.0 + h * k;
        values.push_back(x * x + y * y + z * z);
      }
  const auto profile = profile_of_voxels(shells, grid, values);
  for (std::size_t i = 0; i < shells.count; ++i) {
    const double a = 10.0 * static_cast<double>(i), b = a + 10.0;
    const double exact = 0.6 * (std::pow(b, 5) - std::pow(a, 5)) / (std::pow(b, 3) - std::pow(a, 3));
    EXPECT_NEAR(profile[i].mean, exact, h * h) << i;
  }
}

TEST(VoxelProfile, is_the_same_wherever_the_grid_lies) {
  std::mt19937 random(5);
  std::vector<double> values(12 * 11 * 10);
  for (double& value : values) value = static_cast<double>(random()) * 1e-9;
  VoxelGrid grid{{12, 11, 10}, {-64.0, -32.0, -32.0}, {8.0, 8.0, 8.0}};
  Shells shells{{0.0, 0.0, 0.0}, 8.0, 6, 3};
  const auto here = profile_of_voxels(shells, grid, values);
  for (std::size_t d = 0; d < 3; ++d) {
    grid.origin[d] += 1024.0;  // exact in binary, so that not a bit may change
    shells.centre[d] += 1024.0;
  }
  const auto there = profile_of_voxels(shells, grid, values);
  for (std::size_t i = 0; i < here.size(); ++i) {
    EXPECT_EQ(here[i].mean, there[i].mean);
    EXPECT_EQ(here[i].sem, there[i].sem);
  }
}

TEST(VoxelProfile, means_and_errors_by_hand) {
  // On a line, three voxels of 10 um fill each of the first three shells.
  const std::vector<double> values{1.0, 2.0, 6.0, 0.0, 0.0, 0.0, 5.0, 5.0, 8.0};
  const auto profile = profile_of_voxels({{0.0, 0.0, 0.0}, 30.0, 4, 1},
                                         {{9, 1, 1}, {0.0, 0.0, 0.0}, {10.0, 10.0, 10.0}}, values);
  EXPECT_DOUBLE_EQ(profile[0].mean, 3.0);
  EXPECT_DOUBLE_EQ(profile[0].sem, std::sqrt(7.0 / 3.0));  // SD^2 = (4 + 1 + 9)/2 = 7
  EXPECT_DOUBLE_EQ(profile[0].weight, 3000.0);
  EXPECT_DOUBLE_EQ(profile[2].mean, 6.0);
  EXPECT_TRUE(std::isnan(profile[3].mean));
  const auto one =
      profile_of_voxels({{0.0, 0.0, 0.0}, 10.0, 2, 1}, {{1, 1, 1}, {0.0, 0.0, 0.0}, {10.0, 10.0, 10.0}},
                        std::vector<double>{5.0});
  EXPECT_DOUBLE_EQ(one[0].mean, 5.0);
  EXPECT_TRUE(std::isnan(one[0].sem));
}

TEST(CellProfile, counts_by_hand) {
  const std::vector<double> x{1.0, -2.0, 0.0, 11.0, 25.0, 99.0}, zero(6, 0.0);
  const std::vector<std::uint8_t> dead{0, 1, 1, 0, 0, 1};
  const auto counts = counts_of_cells({{0.0, 0.0, 0.0}, 10.0, 4, 3}, x, zero, zero, dead);
  EXPECT_EQ(counts[0].live, 1);
  EXPECT_EQ(counts[0].dead, 2);
  EXPECT_EQ(counts[1].live + counts[2].live, 2);
  EXPECT_EQ(counts[3].live + counts[3].dead, 0);
}

TEST(SpheroidRadii, of_a_uniform_ball_with_a_core) {
  // The mean of n squared distances has relative SD sqrt(12/175)/(3/5)/sqrt(n) = 0.44/sqrt(n), R half of it;
  // at n = 20 000 five SDs are 0.8 %. The core's edge lies between its outermost dead and innermost live
  // cell, whose gap is of the order of volume / (n area): here below 0.05 um.
  for (const int dimensions : {2, 3})
    for (const double core : {0.0, 60.0, 120.0}) {
      const Cells cells = ball(20'000, dimensions, 200.0, core, 7);
      const auto radii =
          spheroid_radii({50.0, -20.0, 10.0}, dimensions, cells.x, cells.y, cells.z, cells.dead);
      EXPECT_NEAR(radii.necrotic, core, 0.5) << dimensions << " " << core;
      EXPECT_NEAR(radii.live, 200.0, 0.008 * 200.0) << dimensions << " " << core;
    }
}

TEST(SpheroidRadii, single_dead_cells_in_the_rim_move_the_core_little) {
  Cells cells = ball(20'000, 3, 200.0, 100.0, 8);
  std::mt19937 random(9);
  for (std::uint8_t& dead : cells.dead)
    if (random() % 20 == 0) dead = dead == 0 ? 1 : 0;  // 5 % the other way round, on both sides
  const auto radii = spheroid_radii({50.0, -20.0, 10.0}, 3, cells.x, cells.y, cells.z, cells.dead);
  EXPECT_NEAR(radii.necrotic, 100.0, 2.0);
}

TEST(SpheroidRadii, of_extremes) {
  const Cells none = ball(0, 3, 1.0, 0.0, 1);
  EXPECT_EQ(spheroid_radii({}, 3, none.x, none.y, none.z, none.dead).live, 0.0);
  const Cells all_dead = ball(500, 3, 80.0, 1000.0, 1);
  const auto radii =
      spheroid_radii({50.0, -20.0, 10.0}, 3, all_dead.x, all_dead.y, all_dead.z, all_dead.dead);
  EXPECT_EQ(radii.live, 0.0);
  EXPECT_NEAR(radii.necrotic, 80.0, 1.0);
  const std::vector<double> one{3.0}, zero{0.0};
  const std::vector<std::uint8_t> live{0};
  EXPECT_NEAR(spheroid_radii({}, 3, one, zero, zero, live).live, 3.0 * std::sqrt(5.0 / 3.0), 1e-9);
}

TEST(MeanPosition, is_the_mean) {
  const Cells cells = ball(1000, 3, 10.0, 0.0, 2);
  const auto mean = mean_position(cells.x, cells.y, cells.z);
  EXPECT_NEAR(mean[0], 50.0, 10.0 / std::sqrt(5.0 * 1000.0) * 5.0);  // SD of a coordinate: R / sqrt(5)
  EXPECT_EQ(mean_position({}, {}, {})[0], 0.0);
}

TEST(ShellVolume, sums_to_the_ball) {
  const Shells shells{{}, 7.0, 12, 3};
  double sum = 0.0;
  for (std::size_t i = 0; i < shells.count; ++i) sum += shell_volume(shells, i);
  EXPECT_NEAR(sum, 4.0 / 3.0 * pi * std::pow(84.0, 3), 1e-6);
}

}  // namespace radial_profile_test
}  // namespace stroma::assays
