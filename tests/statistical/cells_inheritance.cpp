// Heritable traits: log m' = rho log m + sqrt(1 - rho^2) sigma xi in each daughter, so that the marginal
// stays lognormal(0, sigma), mother and daughter correlate by rho and sisters by rho^2. Mutant: rho or sigma
// off by 10 %.
#include <gtest/gtest.h>

#include <boost/math/distributions/normal.hpp>
#include <cmath>

#include "support/lives.hpp"
#include "support/statistics.hpp"

namespace stroma {
namespace cells_inheritance {

using test::Lives;
using verification::correlation;
using verification::kolmogorov_smirnov;
using verification::ks_bound;

constexpr double sigma = 0.5, rho = 0.8;
constexpr std::size_t founders = 40000;

Lives family() {
  cells::LifePlan plan = test::life_plan({{"cycle", 100.0, 2}}, 5);
  plan.traits.resize(2);
  plan.traits[0].sigma = sigma;
  plan.traits[1].sigma = 0.3;
  plan.heritability = rho;
  return Lives(plan, founders, {0.01, 0.0, 0.0});
}

std::vector<double> logs(const Lives& lives, std::size_t trait, std::size_t begin, std::size_t end) {
  std::vector<double> out;
  for (std::size_t i = begin; i < end; ++i)
    out.push_back(std::log(static_cast<double>(lives.cells.traits[trait][i])));
  return out;
}

double normal_cdf(double x, double sd) {
  return boost::math::cdf(boost::math::normal(0.0, sd), x);
}

// Fisher's z of a correlation.
double z_of_correlation(const std::vector<double>& a, const std::vector<double>& b, double r) {
  return (std::atanh(correlation(a, b)) - std::atanh(r)) * std::sqrt(static_cast<double>(a.size()) - 3.0);
}

void divide_all(Lives& lives) {
  std::fill(lives.cells.cycle_budget.begin(), lives.cells.cycle_budget.end(), 0.0f);
  lives.step(1e-9);
}

TEST(Inheritance, founders_are_lognormal) {
  const Lives lives = family();
  for (const std::size_t t : {0u, 1u}) {
    const double sd = t == 0 ? sigma : 0.3;
    const std::vector<double> sample = logs(lives, t, 0, founders);
    EXPECT_LT(kolmogorov_smirnov(sample, [sd](double x) { return normal_cdf(x, sd); }), ks_bound);
    EXPECT_GT(kolmogorov_smirnov(sample, [sd](double x) { return normal_cdf(x, 1.1 * sd); }), ks_bound);
    EXPECT_LT(std::abs(test::z_of_variance(sample, sd * sd)), test::z_bound);
  }
  EXPECT_LT(std::abs(z_of_correlation(logs(lives, 0, 0, founders), logs(lives, 1, 0, founders), 0.0)),
            test::z_bound)
      << "traits are independent of each other";
}

TEST(Inheritance, mother_and_daughters_correlate_by_the_heritability_and_sisters_by_its_square) {
  Lives lives = family();
  const std::vector<double> mother = logs(lives, 0, 0, founders);
  divide_all(lives);
  ASSERT_EQ(lives.cells.size(), 2 * founders);
  const std::vector<double> one = logs(lives, 0, 0, founders), other = logs(lives, 0, founders, 2 * founders);
  // Daughter founders + k is the one of mother k, because changes are in index order.
  for (std::size_t k = 0; k < founders; ++k) ASSERT_EQ(lives.changes[k].cell, k);
  EXPECT_LT(std::abs(z_of_correlation(mother, one, rho)), test::z_bound);
  EXPECT_LT(std::abs(z_of_correlation(mother, other, rho)), test::z_bound);
  EXPECT_LT(std::abs(z_of_correlation(one, other, rho * rho)), test::z_bound);
  EXPECT_GT(std::abs(z_of_correlation(mother, one, 0.9 * rho)), test::z_bound);
  EXPECT_GT(std::abs(z_of_correlation(one, other, 0.9 * rho * rho)), test::z_bound);
}

TEST(Inheritance, keeps_the_marginal_lognormal_over_generations) {
  Lives lives = family();
  const std::vector<double> first = logs(lives, 0, 0, founders);
  for (int generation = 0; generation < 4; ++generation) {
    divide_all(lives);
    // One cell per family, so that the sample is independent: places below `founders` keep their lineage.
    while (lives.cells.size() > founders) lives.cells.remove(lives.cells.size() - 1);
  }
  const std::vector<double> last = logs(lives, 0, 0, founders);
  EXPECT_LT(kolmogorov_smirnov(last, [](double x) { return normal_cdf(x, sigma); }), ks_bound);
  EXPECT_LT(std::abs(test::z_of_mean(last, 0.0)), test::z_bound);
  EXPECT_LT(std::abs(test::z_of_variance(last, sigma * sigma)), test::z_bound);
  EXPECT_GT(std::abs(test::z_of_variance(last, 1.1 * sigma * sigma)), test::z_bound);
  EXPECT_LT(std::abs(z_of_correlation(first, last, std::pow(rho, 4))), test::z_bound);
  EXPECT_GT(std::abs(z_of_correlation(first, last, std::pow(0.9 * rho, 4))), test::z_bound);
}

}  // namespace cells_inheritance
}  // namespace stroma
