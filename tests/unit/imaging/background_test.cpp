// Backgrounds against closed forms and against the definition evaluated by brute force.
#include "imaging/background.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "support/pictures.hpp"

namespace stroma::imaging {
namespace background_test {

/// The opening by its definition: O(n^2) for a line.
std::vector<double> opening(const std::vector<double>& f, double k) {
  const auto sweep = [&](const std::vector<double>& g, double sign) {
    std::vector<double> out(g.size());
    for (std::size_t x = 0; x < g.size(); ++x) {
      double best = sign * 1e300;
      for (std::size_t u = 0; u < g.size(); ++u) {
        const double apart = static_cast<double>(x) - static_cast<double>(u);
        const double value = g[u] + sign * k * apart * apart;
        best = sign > 0.0 ? std::min(best, value) : std::max(best, value);
      }
      out[x] = best;
    }
    return out;
  };
  return sweep(sweep(f, 1.0), -1.0);
}

TEST(Background, the_rolling_ball_is_the_opening_by_its_definition) {
  test::Normal normal(3);
  std::vector<double> line(200);
  for (double& v : line) v = 50.0 + 20.0 * normal();
  const std::vector<double> found = rolling_background(line, 30.0, 1.0), meant = opening(line, 1.0 / 60.0);
  for (std::size_t i = 0; i < line.size(); ++i) EXPECT_NEAR(found[i], meant[i], 1e-9);
}

TEST(Background, in_the_plane_the_ball_is_the_definition_too) {
  test::Normal normal(4);
  Plane plane(24, 17);
  for (float& v : plane.values) v = static_cast<float>(50.0 + 20.0 * normal());
  const double k = 1.0 / (2.0 * 5.0);
  const Plane found = rolling_background(plane, 5.0, 1.0);
  const auto sweep = [&](const std::vector<double>& g, double sign) {
    std::vector<double> out(g.size());
    for (std::size_t i = 0; i < g.size(); ++i) {
      double best = sign * 1e300;
      for (std::size_t j = 0; j < g.size(); ++j) {
        const double dx = static_cast<double>(i % 24) - static_cast<double>(j % 24),
                     dy = static_cast<double>(i / 24) - static_cast<double>(j / 24);
        const double value = g[j] + sign * k * (dx * dx + dy * dy);
        best = sign > 0.0 ? std::min(best, value) : std::max(best, value);
      }
      out[i] = best;
    }
    return out;
  };
  const std::vector<double> meant = sweep(sweep({plane.values.begin(), plane.values.end()}, 1.0), -1.0);
  for (std::size_t i = 0; i < meant.size(); ++i)
    EXPECT_NEAR(found.values[i], meant[i], 1e-4);  // floats near 50: 4e-6
}

TEST(Background, a_ball_with_an_end_is_the_definition_within_its_reach) {
  test::Normal normal(6);
  Plane plane(41, 23);
  for (float& v : plane.values) v = static_cast<float>(50.0 + 20.0 * normal());
  for (const std::size_t reach : {1U, 4U, 11U, 60U}) {
    const double k = 0.01 / (2.0 * 5.0);
    const Plane found = rolling_background(plane, 5.0, 0.01, reach);
    const auto sweep = [&](const std::vector<double>& g, double sign) {
      std::vector<double> out(g.size());
      for (std::size_t i = 0; i < g.size(); ++i) {
        double best = sign * 1e300;
        for (std::size_t j = 0; j < g.size(); ++j) {
          const double dx = std::fabs(static_cast<double>(i % 41) - static_cast<double>(j % 41)),
                       dy = std::fabs(static_cast<double>(i / 41) - static_cast<double>(j / 41));
          if (dx > static_cast<double>(reach) || dy > static_cast<double>(reach)) continue;
          const double value = g[j] + sign * k * (dx * dx + dy * dy);
          best = sign > 0.0 ? std::min(best, value) : std::max(best, value);
        }
        out[i] = best;
      }
      return out;
    };
    const std::vector<double> meant = sweep(sweep({plane.values.begin(), plane.values.end()}, 1.0), -1.0);
    for (std::size_t i = 0; i < meant.size(); ++i) EXPECT_NEAR(found.values[i], meant[i], 1e-4) << reach;
  }
}

TEST(Background, a_slope_is_background_away_from_the_edges) {
  // A slope of g per pixel is touched by the paraboloid g / (2 k) = g r / step beside its top.
  Plane plane(120, 60);
  for (std::size_t y = 0; y < plane.height; ++y)
    for (std::size_t x = 0; x < plane.width; ++x)
      plane.at(x, y) = static_cast<float>(100.0 + 0.5 * static_cast<double>(x));
  const Plane found = rolling_background(plane, 20.0, 1.0);
  for (std::size_t y = 0; y < plane.height; ++y)
    for (std::size_t x = 11; x < plane.width - 11; ++x) EXPECT_NEAR(found.at(x, y), plane.at(x, y), 1e-3);
}

TEST(Background, under_a_flat_object_it_rises_by_no_more_than_the_bound) {
  std::vector<double> line(201, 100.0);
  const std::size_t width = 21;
  for (std::size_t i = 90; i < 90 + width; ++i) line[i] = 250.0;
  const double radius = 50.0, k = 1.0 / (2.0 * radius);
  const std::vector<double> found = rolling_background(line, radius, 1.0);
  const double bound =
      k * 0.25 * static_cast<double>((width + 1) * (width + 1));  // from free pixel to free pixel
  for (const double v : found) EXPECT_LE(v, 100.0 + bound + 1e-9);
  EXPECT_GT(*std::max_element(found.begin(), found.end()), 100.0 + 0.9 * bound);  // and the bound is sharp
}

TEST(Background, a_ball_smaller_than_the_object_swallows_it) {
  // The mutant of the bound above: a radius far too small.
  std::vector<double> line(201, 100.0);
  for (std::size_t i = 60; i < 140; ++i) line[i] = 110.0;
  const std::vector<double> found = rolling_background(line, 2.0, 1.0);
  EXPECT_GT(found[100], 109.9);
}

TEST(Background, the_rubber_band_is_the_largest_convex_function_below) {
  test::Normal normal(5);
  std::vector<double> line(150);
  for (std::size_t i = 0; i < line.size(); ++i)
    line[i] = 0.01 * std::pow(static_cast<double>(i) - 75.0, 2.0) + std::fabs(10.0 * normal());
  const std::vector<double> band = rubber_band(line);
  for (std::size_t i = 0; i < line.size(); ++i) EXPECT_LE(band[i], line[i] + 1e-9);
  for (std::size_t i = 1; i + 1 < line.size(); ++i)
    EXPECT_GE(band[i - 1] + band[i + 1] - 2.0 * band[i], -1e-9);
  // Largest: at every point some chord of the line through two of its points gives that value.
  for (std::size_t i = 0; i < line.size(); ++i) {
    double lowest_chord = line[i];
    for (std::size_t a = 0; a < i; ++a)
      for (std::size_t b = i + 1; b < line.size(); ++b)
        lowest_chord = std::min(lowest_chord, line[a] + (line[b] - line[a]) * static_cast<double>(i - a) /
                                                            static_cast<double>(b - a));
    EXPECT_NEAR(band[i], lowest_chord, 1e-9);
  }
}

TEST(Background, a_single_bright_pixel_is_no_signal) {
  Plane plane(9, 9, 10.0F);
  plane.at(4, 4) = 200.0F;
  EXPECT_EQ(despeckle(plane, 1).at(4, 4), 10.0F);
}

}  // namespace background_test
}  // namespace stroma::imaging
