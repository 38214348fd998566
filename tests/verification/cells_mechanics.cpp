// Mechanics against mathematics: the resting distance of two cells, the chain of springs, the order of the
// steps, and the double-precision twin.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "support/aggregates.hpp"

namespace stroma {
namespace cells_mechanics {

using test::Aggregate;
using test::new_body;
using test::usual_plan;

double separation(const cells::Bodies& b) {
  return std::hypot(b.x[0] - b.x[1], b.y[0] - b.y[1], b.z[0] - b.z[1]);
}

TEST(TwoCells, rest_at_the_distance_of_the_closed_form) {
  EXPECT_NEAR(cells::resting_distance(16.825421, 10.0, 0.4, 1.25), 16.0242106, 1e-6);
  struct Case {
    double repulsion, adhesion, reach;
  };
  for (const Case& c : {Case{10.0, 0.4, 1.25}, Case{25.0, 3.0, 1.5}, Case{8.0, 2.0, 1.1}}) {
    for (const int dimensions : {2, 3}) {
      Aggregate a;
      a.plan = usual_plan(100.0, dimensions);
      a.plan.types[0] = {c.repulsion, c.adhesion};
      a.plan.reach = c.reach;
      const double d = dimensions == 3 ? 2.0 : 0.0;
      cells::append(a.bodies, new_body(-7.0, 1.0, d, 1, 8.4127105F));
      cells::append(a.bodies, new_body(7.5, 2.0, -d, 2, 8.4127105F));
      a.plan.step = 0.5;
      test::move(a, 600.0);
      const double sum = static_cast<double>(a.bodies.radius[0]) + static_cast<double>(a.bodies.radius[1]);
      const double s = cells::resting_distance(sum, c.repulsion, c.adhesion, c.reach);
      EXPECT_NEAR(separation(a.bodies) / s, 1.0, 1e-6);
    }
  }
}

TEST(TwoCells, push_each_other_with_opposite_velocities_to_the_bit) {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    core::Stream draw(11, core::Purpose::test, seed);
    Aggregate a;
    a.plan = usual_plan(500.0);
    a.plan.types = {{10.0, 0.4}, {7.0, 1.1}};
    a.plan.affinity = {1.0, 0.4, 0.7, 1.0};
    const double x = 400.0 * (draw.uniform() - 0.5);
    cells::append(a.bodies, new_body(x, 3.0 * draw.uniform(), 0.0, 1, 8.0F, 0));
    cells::append(a.bodies,
                  new_body(x + 20.0 * (draw.uniform() - 0.5), 12.0 * draw.uniform(), 5.0 * draw.uniform(), 2,
                           static_cast<float>(6.0 + 4.0 * draw.uniform()), seed % 2 != 0));
    const auto v = cells::velocities(a.bodies, a.plan, a.neighbourhood, {}, {}, {1});
    for (std::size_t k = 0; k < 3; ++k) ASSERT_EQ(v[k], -v[4 + k]) << "seed " << seed;
  }
}

TEST(Velocities, are_those_of_the_twin) {
  // Float has 24 bits: a pair's overlap (1 - d/R) carries an absolute error of about 2^-23, its force c_r
  // overlap^2 one of 2 c_r 2^-23 or less, and some ten overlap: 10 x 24 x 1.2e-7 = 3e-5 um/min; lattice
  // points add c_r spacing/R < 1e-6.
  for (const int dimensions : {2, 3}) {
    for (const bool mixed : {false, true}) {
      Aggregate a = test::random_cluster(700, 5, dimensions, 14.0, mixed);
      const auto v = cells::velocities(a.bodies, a.plan, a.neighbourhood, {}, {}, {1});
      const auto expected = reference::velocities(test::balls(a.bodies), test::law_of(a.plan));
      for (std::size_t i = 0; i < a.bodies.size(); ++i) {
        for (std::size_t k = 0; k < 3; ++k) ASSERT_NEAR(v[4 * i + k], expected[i][k], 3e-5);
      }
    }
  }
}

TEST(Velocities, follow_the_stickiness_of_each_cell) {
  Aggregate a = test::random_cluster(400, 8);
  std::vector<float> factor(a.bodies.size()), adhesion(a.bodies.size());
  auto twins = test::balls(a.bodies);
  for (std::size_t i = 0; i < factor.size(); ++i) {
    factor[i] = 0.1F * static_cast<float>(i % 30);
    twins[i].adhesion_factor = static_cast<double>(factor[i]);
    adhesion[i] = factor[i] * static_cast<float>(a.plan.types[a.bodies.type[i]].adhesion);
  }
  cells::Motion motion;
  motion.adhesion = adhesion;
  const auto v = cells::velocities(a.bodies, a.plan, a.neighbourhood, motion, {}, {1});
  const auto expected = reference::velocities(twins, test::law_of(a.plan));
  for (std::size_t i = 0; i < a.bodies.size(); ++i) {
    for (std::size_t k = 0; k < 3; ++k) ASSERT_NEAR(v[4 * i + k], expected[i][k], 3e-5);
  }
}

TEST(Moving, follows_the_twin_step_by_step) {
  Aggregate a = test::random_cluster(300, 6);
  auto twins = test::balls(a.bodies);
  test::move(a, 6.0);
  reference::move(twins, test::law_of(a.plan), 0.1, 60);
  for (std::size_t i = 0; i < a.bodies.size(); ++i) {
    // 3e-5 um/min over 6 min, and forces relax, so that errors do not grow
    EXPECT_NEAR(a.bodies.x[i], twins[i].at[0], 2e-4);
    EXPECT_NEAR(a.bodies.y[i], twins[i].at[1], 2e-4);
    EXPECT_NEAR(a.bodies.z[i], twins[i].at[2], 2e-4);
  }
}

TEST(Planes, hold_a_cell_at_the_distance_of_the_closed_form) {
  // the law of the pair with the radius instead of the sum of radii
  Aggregate a;
  a.plan = usual_plan(100.0);
  a.plan.types[0] = {0.0, 0.0};
  a.plan.domain.faces[3] = {20.0, 1.0};  // y high
  a.plan.step = 0.5;
  cells::append(a.bodies, new_body(0.0, 93.0, 0.0, 1));
  test::move(a, 600.0);
  const double s = cells::resting_distance(static_cast<double>(a.bodies.radius[0]), 20.0, 1.0, 1.25);
  EXPECT_NEAR((100.0 - a.bodies.y[0]) / s, 1.0, 1e-6);
  EXPECT_EQ(a.bodies.x[0], 0.0);
}

// A chain of `cells` beads at 0.5 um joined by springs of rest length 1 um. With deviations from the resting
// chain u: du/dt = kappa L u, L the second difference with free ends, whose modes are cos(pi m (j + 1/2)/N)
// with rates 2 - 2 cos(pi m/N): the matrix exponential in closed form.
struct Chain {
  static constexpr std::size_t cells = 11;
  static constexpr double kappa = 50.0 / 3.0, spacing = 0.5, rest = 1.0;

  static double exact(std::size_t j, double t) {
    double x = 5.0 * spacing;  // the centre stays
    for (std::size_t m = 1; m < cells; ++m) {
      const auto mode = [&](std::size_t at) {
        return std::cos(std::numbers::pi * static_cast<double>(m) * (static_cast<double>(at) + 0.5) / cells);
      };
      double start = 0.0, target = 0.0;
      for (std::size_t at = 0; at < cells; ++at) {
        start += 2.0 / cells * mode(at) * spacing * static_cast<double>(at);
        target += 2.0 / cells * mode(at) * rest * static_cast<double>(at);
      }
      const double rate = 2.0 - 2.0 * std::cos(std::numbers::pi * static_cast<double>(m) / cells);
      x += mode(j) * (target + (start - target) * std::exp(-kappa * rate * t));
    }
    return x;
  }

  static Aggregate make(cells::Attachments& springs) {
    Aggregate a;
    a.plan = usual_plan(20.0);
    a.plan.types[0] = {0.0, 0.0};
    for (std::size_t j = 0; j < cells; ++j) {
      cells::append(a.bodies, new_body(spacing * static_cast<double>(j), 0.0, 0.0, j, 0.1F));
      if (j > 0) cells::attach(springs, j, j - 1, static_cast<float>(kappa), static_cast<float>(rest));
    }
    return a;
  }

  static double error(const Aggregate& a, double t) {
    double worst = 0.0;
    for (std::size_t j = 0; j < cells; ++j) worst = std::max(worst, std::abs(a.bodies.x[j] - exact(j, t)));
    return worst;
  }
};

TEST(ChainOfCells, converges_to_the_matrix_exponential_with_second_order) {
  const double t = 0.25;
  std::vector<double> errors;
  for (const double h : {0.25 / 32, 0.25 / 64, 0.25 / 128, 0.25 / 256}) {
    cells::Attachments springs;
    Aggregate a = Chain::make(springs);
    a.plan.step = h;
    test::move(a, t, 1, {}, springs);
    errors.push_back(Chain::error(a, t));
  }
  for (std::size_t k = 1; k < errors.size(); ++k) {
    const double order = std::log2(errors[k - 1] / errors[k]);
    RecordProperty("order_" + std::to_string(k), std::to_string(order));
    EXPECT_GT(order, 1.8) << errors[k - 1] << " -> " << errors[k];
  }
}

TEST(ChainOfCells, takes_short_steps_of_itself) {
  cells::Attachments springs;
  Aggregate a = Chain::make(springs);
  a.plan.tolerance = 0.001;
  const auto report = test::move(a, 2.0, 1, {}, springs);
  EXPECT_LT(Chain::error(a, 2.0), 0.002);
  EXPECT_GE(report.steps, 2.0 * 2.0 * Chain::kappa / 0.25);  // spring_fraction of the stiffest bead
  EXPECT_EQ(report.reflections, 0);
}

TEST(Steps, of_a_relaxing_cluster_converge_with_second_order) {
  // The pair law has a continuous first derivative and a bounded second one, as second order needs.
  const auto after = [](double h) {
    Aggregate a = test::jittered_cluster(6, 9);
    a.plan.step = h;
    test::move(a, 2.0);
    return a.bodies;
  };
  const cells::Bodies exact = after(0.2 / 128);
  std::vector<double> errors;
  for (const double h : {0.2, 0.1, 0.05, 0.025}) {
    const cells::Bodies b = after(h);
    double square = 0.0;
    for (std::size_t i = 0; i < b.size(); ++i) {
      square += std::pow(b.x[i] - exact.x[i], 2) + std::pow(b.y[i] - exact.y[i], 2) +
                std::pow(b.z[i] - exact.z[i], 2);
    }
    errors.push_back(std::sqrt(square / static_cast<double>(b.size())));
  }
  for (std::size_t k = 1; k < errors.size(); ++k) {
    EXPECT_GT(std::log2(errors[k - 1] / errors[k]), 1.6) << errors[k - 1] << " -> " << errors[k];
  }
}

TEST(Steps, keep_their_error_below_the_tolerance_and_lengthen_as_the_cluster_settles) {
  const auto after = [](double tolerance, double step) {
    Aggregate a = test::jittered_cluster(6, 9);
    a.plan.tolerance = tolerance;
    a.plan.step = step;
    const auto report = test::move(a, 60.0);
    return std::pair(a.bodies, report);
  };
  const auto [exact, fine] = after(0.0, 0.01);
  const auto [adapted, report] = after(0.02, 0.1);
  EXPECT_LE(report.largest_error, 0.02);
  EXPECT_LT(report.steps, 300);  // 600 of 0.1 min
  EXPECT_GT(report.longest_step, 0.5);
  double square = 0.0;
  for (std::size_t i = 0; i < exact.size(); ++i) {
    square += std::pow(adapted.x[i] - exact.x[i], 2) + std::pow(adapted.y[i] - exact.y[i], 2) +
              std::pow(adapted.z[i] - exact.z[i], 2);
  }
  EXPECT_LT(std::sqrt(square / static_cast<double>(exact.size())), 0.02);
}

}  // namespace cells_mechanics
}  // namespace stroma
