// Objects on drawn masks: counts, measures and the splitting of discs that touch.
#include "imaging/objects.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>
#include <vector>

#include "support/pictures.hpp"

namespace stroma::imaging {
namespace objects_test {

Mask drawn(std::size_t width, std::size_t height, const std::vector<test::Disc>& discs) {
  Mask mask(width, height);
  for (std::size_t y = 0; y < height; ++y)
    for (std::size_t x = 0; x < width; ++x)
      for (const test::Disc& disc : discs)
        if (disc.holds(x, y)) mask.values[y * width + x] = 1;
  return mask;
}

TEST(Objects, connected_pixels_are_counted_in_the_order_of_their_first_pixel) {
  Mask mask(6, 4);
  for (const auto& [x, y] : {std::pair{4, 0}, {5, 1}, {0, 2}, {1, 3}, {1, 2}})
    mask.values[static_cast<std::size_t>(y * 6 + x)] = 1;
  const Labels labels = find_objects(mask);
  ASSERT_EQ(labels.objects.size(), 2U);  // diagonal neighbours belong together
  EXPECT_EQ(labels.objects[0].area, 2U);
  EXPECT_DOUBLE_EQ(labels.objects[0].x, 4.5);
  EXPECT_EQ(labels.objects[1].area, 3U);
  EXPECT_TRUE(labels.objects[1].cut);
  EXPECT_EQ(labels.mask().values, mask.values);
}

TEST(Objects, a_disc_is_round_and_a_line_is_not) {
  const Labels disc = find_objects(drawn(61, 61, {{30.0, 30.0, 20.0}}));
  ASSERT_EQ(disc.objects.size(), 1U);
  // Pixels change area and moments by some perimeter / area = 2 / r of their value at most.
  EXPECT_NEAR(disc.objects[0].roundness, 1.0, 2.0 / 20.0 / 10.0);
  EXPECT_LE(disc.objects[0].roundness, 1.0);
  EXPECT_NEAR(disc.objects[0].diameter(), 40.0, 0.5);
  // A rectangle a x b: area^2 / (2 pi area (a^2 + b^2) / 12) = 6 a b / (pi (a^2 + b^2)), exactly.
  Mask line(60, 10);
  for (std::size_t x = 5; x < 45; ++x)
    for (std::size_t y = 3; y < 5; ++y) line.values[y * 60 + x] = 1;
  EXPECT_NEAR(find_objects(line).objects[0].roundness, 6.0 * 40.0 * 2.0 / (std::numbers::pi * (1600.0 + 4.0)),
              1e-12);
}

TEST(Objects, discs_are_two_exactly_where_the_neck_is_narrow_enough) {
  // The half width of the neck is sqrt(1 - (s/2)^2) of the radius for centres s radii apart; digital
  // distances are off by up to one pixel at either, so that s is tested well away from where the neck is
  // 0.75.
  const double radius = 20.0;
  for (const double apart : {0.8, 1.0, 1.6, 1.8, 1.95}) {
    const double neck = std::sqrt(1.0 - 0.25 * apart * apart);
    const std::size_t meant = neck < 0.75 ? 2 : 1;
    ASSERT_GT(std::fabs(neck - 0.75), 2.0 / radius);
    for (const double angle : {0.0, 0.4, 0.7853981633974483, 1.3}) {
      const test::Disc first{50.0, 50.0, radius},
          second{50.0 + apart * radius * std::cos(angle), 50.0 + apart * radius * std::sin(angle), radius};
      const Labels labels = split_objects(drawn(140, 140, {first, second}), 0.75);
      EXPECT_EQ(labels.objects.size(), meant) << "apart " << apart << ", angle " << angle;
      if (meant == 2 && labels.objects.size() == 2) {
        const double total = static_cast<double>(labels.objects[0].area + labels.objects[1].area);
        // Equal halves, up to the pixels of the common border.
        EXPECT_NEAR(static_cast<double>(labels.objects[0].area), 0.5 * total, 2.0 * neck * radius + 2.0);
      }
    }
  }
}

TEST(Objects, pairs_at_1_4_radii_are_two_in_all_directions_and_single_things_stay_one) {
  // 120 directions and places between the pixels for each radius. Known of the method: 99 of 100 at least.
  std::mt19937_64 bits(1);
  const auto uniform = [&] { return static_cast<double>(bits() >> 11) * 0x1p-53; };
  for (const double radius : {6.0, 9.0, 14.0, 20.0, 34.0}) {
    int two = 0, one = 0;
    for (int k = 0; k < 120; ++k) {
      const auto side = static_cast<std::size_t>(5.0 * radius + 8.0);
      const double x = 0.5 * static_cast<double>(side) + uniform(),
                   y = 0.5 * static_cast<double>(side) + uniform(),
                   angle = 2.0 * std::numbers::pi * uniform(), half = 0.7 * radius;
      const double dx = half * std::cos(angle), dy = half * std::sin(angle);
      two += split_objects(drawn(side, side, {{x + dx, y + dy, radius}, {x - dx, y - dy, radius}}), 0.75)
                         .objects.size() == 2
                 ? 1
                 : 0;
      Mask ellipse(side, side);  // twice as long as wide
      for (std::size_t v = 0; v < side; ++v)
        for (std::size_t u = 0; u < side; ++u) {
          const double a = static_cast<double>(u) - x, b = static_cast<double>(v) - y;
          const double along = a * std::cos(angle) + b * std::sin(angle),
                       across = b * std::cos(angle) - a * std::sin(angle);
          ellipse.values[v * side + u] =
              along * along / (radius * radius) + 4.0 * across * across / (radius * radius) <= 1.0 ? 1 : 0;
        }
      one += split_objects(ellipse, 0.75).objects.size() == 1 ? 1 : 0;
    }
    EXPECT_GE(two, 118) << radius;
    EXPECT_GE(one, 117) << radius;
  }
}

TEST(Objects, without_a_watershed_touching_discs_are_one) {
  EXPECT_EQ(find_objects(drawn(140, 140, {{50.0, 50.0, 20.0}, {86.0, 50.0, 20.0}})).objects.size(), 1U);
}

TEST(Objects, a_chain_of_discs_is_as_many_objects) {
  std::vector<test::Disc> discs;
  for (int i = 0; i < 6; ++i) discs.push_back({20.0 + 22.0 * i, 25.0 + 6.0 * (i % 2), 12.0});
  EXPECT_EQ(split_objects(drawn(160, 60, discs), 0.75).objects.size(), 6U);
}

TEST(Objects, limits_keep_what_they_should_and_label_anew) {
  const Labels labels =
      find_objects(drawn(100, 50, {{20.0, 20.0, 3.0}, {50.0, 20.0, 10.0}, {99.0, 20.0, 9.0}}));
  ASSERT_EQ(labels.objects.size(), 3U);
  ObjectLimits limits;
  limits.least_area = 100.0;
  limits.whole = true;
  const Labels kept = keep_objects(labels, limits);
  ASSERT_EQ(kept.objects.size(), 1U);
  EXPECT_EQ(kept.objects[0].label, 1U);
  EXPECT_DOUBLE_EQ(kept.objects[0].x, 50.0);
}

TEST(Objects, the_distance_counts_the_picture_edge_as_outside) {
  const Plane distance = distance_inside(Mask(7, 5, true));
  EXPECT_FLOAT_EQ(distance.at(3, 2), 3.0F);
  EXPECT_FLOAT_EQ(distance.at(0, 0), 1.0F);
}

}  // namespace objects_test
}  // namespace stroma::imaging
