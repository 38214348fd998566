// Erlang phases: the distribution of their durations, the growth they make, and that neither knows how long
// the steps were. Mutants: durations 10 % longer.
#include <gtest/gtest.h>

#include <cmath>

#include "support/lives.hpp"
#include "support/statistics.hpp"

namespace stroma {
namespace cells_cycle {

using test::Lives;
using verification::kolmogorov_smirnov;
using verification::ks_bound;

constexpr double hour = 60.0, day = 24.0 * hour;

// Durations of a phase, as drawn when a cell divides: budget over rate.
std::vector<double> durations(int n, std::size_t count, double mean = day) {
  Lives lives(test::life_plan({{"cycle", mean, n}}, 100 + static_cast<std::uint64_t>(n)), count / 2,
              {1.0 / mean, 0.0, 0.0});
  std::fill(lives.cells.cycle_budget.begin(), lives.cells.cycle_budget.end(), 0.0f);
  lives.step(1e-9);
  EXPECT_EQ(lives.cells.size(), count);
  std::vector<double> out;
  for (const float budget : lives.cells.cycle_budget) out.push_back(budget * mean / n);
  return out;
}

TEST(ErlangPhase, durations_follow_their_distribution) {
  for (const int n : {1, 4, 16}) {
    const std::vector<double> sample = durations(n, 100000);
    EXPECT_LT(kolmogorov_smirnov(sample, [n](double t) { return test::erlang_cdf(n, day, t); }), ks_bound)
        << n;
    EXPECT_GT(kolmogorov_smirnov(sample, [n](double t) { return test::erlang_cdf(n, 1.1 * day, t); }),
              ks_bound)
        << n;
  }
}

// CV = 1/sqrt(n). Its standard error for a gamma law of shape n is CV sqrt((1/2 + 1/(2n))/N) (delta method
// with kurtosis 3 + 6/n and skewness 2/sqrt(n)).
TEST(ErlangPhase, coefficient_of_variation_is_one_over_the_root_of_the_stages) {
  for (const int n : {1, 4, 16}) {
    const std::vector<double> sample = durations(n, 100000);
    const test::Moments m = test::moments(sample);
    const auto z = [&](double cv) {
      return (std::sqrt(m.variance) / m.mean - cv) /
             (cv * std::sqrt((0.5 + 0.5 / n) / static_cast<double>(sample.size())));
    };
    EXPECT_LT(std::abs(z(1.0 / std::sqrt(n))), test::z_bound) << n;
    EXPECT_GT(std::abs(z(1.0 / std::sqrt(1.1 * n))), test::z_bound) << n;
  }
}

// Cells that start a phase together and then wait for ever: how many have left it by each step's end.
TEST(ErlangPhase, ends_at_the_same_times_in_steps_of_six_minutes_and_of_a_day) {
  const int n = 4;
  for (const double dt : {0.1 * hour, 7.0 * hour, 24.0 * hour}) {
    Lives lives(test::life_plan({{"G1", day, n}, {"rest", 1e12, 1}}, 7), 10000, {1.0 / day, 0.0, 0.0});
    std::fill(lives.cells.phase.begin(), lives.cells.phase.end(), std::uint8_t{1});
    std::fill(lives.cells.cycle_budget.begin(), lives.cells.cycle_budget.end(), 0.0f);
    lives.step(1e-9);
    std::vector<double> times, left;
    for (double t = dt; t < 4.0 * day; t += dt) {
      lives.step(dt);
      times.push_back(t);
      left.push_back(static_cast<double>(std::count(lives.cells.phase.begin(), lives.cells.phase.end(), 1)));
    }
    EXPECT_LT(test::kolmogorov_smirnov_at(times, left, 20000.0,
                                          [&](double t) { return test::erlang_cdf(n, day, t); }),
              ks_bound)
        << dt;
    EXPECT_GT(test::kolmogorov_smirnov_at(times, left, 20000.0,
                                          [&](double t) { return test::erlang_cdf(n, 1.1 * day, t); }),
              ks_bound)
        << dt;
  }
}

// Founders of the stable distribution grow exactly exponentially in the mean: E clone = e^(a t).
double growth_z(int n, double dt, double mean) {
  const double t = 4.0 * day;
  const std::size_t founders = 4000;
  Lives lives(test::life_plan({{"cycle", mean, n}}, 31), founders, {1.0 / mean, 0.0, 0.0});
  lives.run(t, dt);
  const double a = n / day * (std::exp2(1.0 / n) - 1.0);
  return test::z_of_mean(lives.clone_sizes(founders), std::exp(a * t));
}

TEST(ErlangCycle, populations_grow_at_the_rate_of_theory) {
  for (const int n : {1, 4, 16}) {
    EXPECT_LT(std::abs(growth_z(n, hour, day)), test::z_bound) << n;
    EXPECT_GT(std::abs(growth_z(n, hour, 1.1 * day)), test::z_bound) << n;
  }
}

TEST(ErlangCycle, populations_grow_alike_in_steps_of_six_minutes_and_of_a_day) {
  for (const double dt : {0.1 * hour, 24.0 * hour, 96.0 * hour})
    EXPECT_LT(std::abs(growth_z(4, dt, day)), test::z_bound) << dt;
}

}  // namespace cells_cycle
}  // namespace stroma
