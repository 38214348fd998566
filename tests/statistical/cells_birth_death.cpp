// The linear birth-death process: with e = exp((b - d) t),
//   mean n0 e;   variance n0 (b + d)/(b - d) e (e - 1);   extinction [d (e - 1)/(b e - d)]^n0.
// Every founder is its own experiment, told apart by its lineage. Mutant: hazard of death 10 % higher.
#include <gtest/gtest.h>

#include <cmath>

#include "support/lives.hpp"
#include "support/statistics.hpp"

namespace stroma {
namespace cells_birth_death {

struct Case {
  std::size_t n0;
  double b, d, t;
  double e() const { return std::exp((b - d) * t); }
  double mean() const { return static_cast<double>(n0) * e(); }
  double variance() const { return static_cast<double>(n0) * (b + d) / (b - d) * e() * (e() - 1.0); }
  double extinction() const { return std::pow(d * (e() - 1.0) / (b * e() - d), static_cast<double>(n0)); }
};

// Live cells of each of `trials` experiments of n0 founders.
std::vector<double> simulate(const Case& c, std::size_t trials, double death, double dt) {
  test::Lives lives(test::life_plan({{"cycle", 1.0 / c.b, 1}}, 77), trials * c.n0, {c.b, death, 0.0});
  lives.plan.early_apoptosis = lives.plan.late_apoptosis = {1.0, 1};
  lives.run(c.t, dt);
  const std::vector<double> clones = lives.clone_sizes(trials * c.n0);
  std::vector<double> out(trials, 0.0);
  for (std::size_t i = 0; i < clones.size(); ++i) out[i / c.n0] += clones[i];
  return out;
}

double worst_z(const Case& c, const std::vector<double>& sizes) {
  const double extinct = static_cast<double>(std::count(sizes.begin(), sizes.end(), 0.0));
  return std::max({std::abs(test::z_of_mean(sizes, c.mean())),
                   std::abs(test::z_of_variance(sizes, c.variance())),
                   std::abs(test::z_of_share(extinct, static_cast<double>(sizes.size()), c.extinction()))});
}

TEST(BirthDeath, formulas_give_the_reference_values) {
  const Case c{1, 0.04, 0.02, 50.0};
  EXPECT_NEAR(c.mean(), 2.718282, 5e-7);
  EXPECT_NEAR(c.variance(), 14.012323, 5e-7);
  EXPECT_NEAR(c.extinction(), 0.387300, 5e-7);
}

TEST(BirthDeath, mean_variance_and_extinction_are_those_of_theory) {
  for (const Case& c : {Case{1, 0.04, 0.02, 50.0}, Case{1, 0.06, 0.01, 30.0}, Case{5, 0.03, 0.05, 40.0},
                        Case{3, 0.02, 0.0195, 60.0}}) {
    const std::size_t trials = 40000;
    EXPECT_LT(worst_z(c, simulate(c, trials, c.d, 5.0)), test::z_bound) << c.b << " " << c.d;
    EXPECT_GT(worst_z(c, simulate(c, trials, 1.1 * c.d, 5.0)), test::z_bound) << c.b << " " << c.d;
  }
}

TEST(BirthDeath, does_not_know_how_long_the_steps_were) {
  const Case c{1, 0.04, 0.02, 50.0};
  for (const double dt : {0.5, 50.0}) EXPECT_LT(worst_z(c, simulate(c, 40000, c.d, dt)), test::z_bound) << dt;
}

}  // namespace cells_birth_death
}  // namespace stroma
