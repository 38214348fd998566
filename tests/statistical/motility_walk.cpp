// Persistent random walk and chemotaxis against their closed forms, at z < 4 with 1e4 cells: ten tests at
// 6e-5 each, together below 1e-3. Seeds are fixed. Every test rejects its mutant, the rate off by 10 %.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "cells/mechanics.hpp"
#include "cells/volume.hpp"

namespace stroma::cells {
namespace motility_walk {

constexpr std::size_t cells = 10000;
constexpr double bound = 4.0;

double z_of(const std::vector<double>& values, double truth) {
  const auto n = static_cast<double>(values.size());
  double sum = 0.0, squares = 0.0;
  for (const double v : values) sum += v;
  for (const double v : values) squares += (v - sum / n) * (v - sum / n);
  return std::abs(sum / n - truth) / std::sqrt(squares / (n - 1.0) / n);
}

// Cells without forces, far from the walls.
Bodies walkers(int dimensions) {
  Bodies bodies;
  for (std::size_t i = 0; i < cells; ++i) {
    const double x = 100.0 * (static_cast<double>(i % 100) - 50.0),
                 y = 100.0 * (static_cast<double>(i / 100) - 50.0);
    append(bodies, {x, y, dimensions == 3 ? 1.0 : 0.0, i, 0, 0, 1.0F, 1.0F});
  }
  return bodies;
}

MechanicsPlan free_plan(int dimensions) {
  MechanicsPlan plan;
  plan.domain.dimensions = dimensions;
  plan.domain.low = {-20000.0, -20000.0, -20000.0};
  plan.domain.high = {20000.0, 20000.0, 20000.0};
  plan.types = {{0.0, 0.0}};
  plan.tolerance = 0.0;
  plan.step = 7.5;
  return plan;
}

// Squared displacements after 15, 60 and 600 min at speed v and persistence P.
std::vector<std::vector<double>> squared_displacements(int dimensions, float speed, float persistence) {
  const MechanicsPlan plan = free_plan(dimensions);
  Bodies bodies = walkers(dimensions);
  const Bodies start = bodies;
  Neighbourhood neighbourhood;
  const std::vector<float> speeds(cells, speed), persistences(cells, persistence);
  Motion motion;
  motion.seed = 5;
  motion.speed = speeds;
  motion.persistence = persistences;
  std::vector<std::vector<double>> result;
  double now = 0.0;
  for (const double t : {15.0, 60.0, 600.0}) {
    const MoveReport report = move(bodies, plan, neighbourhood, motion, {}, core::to_tick(now), t - now, {1});
    EXPECT_EQ(report.reflections, 0);
    now = t;
    result.emplace_back();
    for (std::size_t i = 0; i < cells; ++i) {
      result.back().push_back(std::pow(bodies.x[i] - start.x[i], 2) + std::pow(bodies.y[i] - start.y[i], 2) +
                              std::pow(bodies.z[i] - start.z[i], 2));
    }
  }
  return result;
}

double mean_square(double v, double p, double t) {
  return 2.0 * v * v * p * (t - p * (1.0 - std::exp(-t / p)));
}

TEST(PersistentRandomWalk, has_the_mean_squared_displacement_of_the_closed_form) {
  EXPECT_NEAR(mean_square(1.0, 15.0, 60.0), 1358.2420, 1e-4);
  const double times[] = {15.0, 60.0, 600.0};
  for (const int dimensions : {2, 3}) {
    const auto walk = squared_displacements(dimensions, 1.0F, 15.0F);
    const auto slow_to_turn = squared_displacements(dimensions, 1.0F, 16.5F);
    const auto fast = squared_displacements(dimensions, 1.1F, 15.0F);
    for (std::size_t k = 0; k < 3; ++k) {
      const double truth = mean_square(1.0, 15.0, times[k]);
      EXPECT_LT(z_of(walk[k], truth), bound) << dimensions << "-D, " << times[k] << " min";
      EXPECT_GT(z_of(fast[k], truth), bound);
      const double z = z_of(slow_to_turn[k], truth);
      EXPECT_GT(z, k > 0 ? bound : 0.0);  // before it turns it hardly shows
    }
  }
}

TEST(PersistentRandomWalk, does_not_depend_on_the_length_of_the_steps) {
  // Same draws, exact between turns: only the rounding of the budget (float) differs.
  const auto end = [](double step) {
    MechanicsPlan plan = free_plan(3);
    plan.step = step;
    Bodies bodies = walkers(3);
    Neighbourhood neighbourhood;
    const std::vector<float> speeds(cells, 1.0F);
    Motion motion;
    motion.speed = speeds;
    move(bodies, plan, neighbourhood, motion, {}, {0}, 30.0, {1});
    return bodies.x;
  };
  const auto coarse = end(10.0), fine = end(1.0);
  for (std::size_t i = 0; i < cells; ++i) ASSERT_NEAR(coarse[i], fine[i], 1e-3);
}

// The component of new headings along the attraction; each cell turns eight times, because in 2-D at a bias
// of 1/4 the index of the mutant lies only 3 standard errors of 1e4 headings away.
std::vector<double> along(int dimensions, double bias) {
  Bodies bodies = walkers(dimensions);
  const std::vector<float> biases(cells, static_cast<float>(bias));
  std::vector<float> attraction(3 * cells, 0.0F);
  for (std::size_t i = 0; i < cells; ++i) {
    attraction[3 * i] = 0.6F;
    attraction[3 * i + 1] = 0.8F;
  }
  Motion motion;
  motion.seed = 9;
  motion.bias = biases;
  motion.attraction = attraction;
  std::vector<double> values;
  for (std::size_t k = 0; k < 8 * cells; ++k) {
    const std::size_t i = k % cells;
    turn(bodies, i, motion, dimensions);
    const float* const h = bodies.heading.data() + 3 * i;
    EXPECT_NEAR(std::hypot(h[0], h[1], h[2]), 1.0, 1e-6);
    values.push_back(0.6 * static_cast<double>(h[0]) + 0.8 * static_cast<double>(h[1]));
  }
  return values;
}

TEST(Chemotaxis, has_the_index_of_the_closed_form) {
  const double biases[] = {0.25, 0.5, 0.75};
  const double index_2d[] = {0.169084, 0.63661977, 0.971615}, index_3d[] = {0.222222, 0.666667, 0.962963};
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_LT(z_of(along(2, biases[k]), index_2d[k]), bound);
    EXPECT_GT(z_of(along(2, 1.1 * biases[k]), index_2d[k]), bound);
    EXPECT_LT(z_of(along(3, biases[k]), index_3d[k]), bound);
    EXPECT_GT(z_of(along(3, 1.1 * biases[k]), index_3d[k]), bound);
  }
}

TEST(Chemotaxis, without_a_gradient_there_is_no_direction) {
  Bodies bodies = walkers(2);
  const std::vector<float> biases(cells, 1.0F), attraction(3 * cells, 0.0F);
  Motion motion;
  motion.bias = biases;
  motion.attraction = attraction;
  std::vector<double> x;
  for (std::size_t i = 0; i < cells; ++i) {
    turn(bodies, i, motion, 2);
    x.push_back(static_cast<double>(bodies.heading[3 * i]));
    EXPECT_EQ(bodies.heading[3 * i + 2], 0.0F);
  }
  EXPECT_LT(z_of(x, 0.0), bound);
}

}  // namespace motility_walk
}  // namespace stroma::cells
