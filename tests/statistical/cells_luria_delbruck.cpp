// Luria and Delbrueck's fluctuation: mutations arise at a rate proportional to a deterministic exponential
// culture (age before the end exponential with the growth rate), m per culture in the mean, and each founds a
// clone that the population grows cell by cell. The number of mutants then has p0 = e^-m, p_n = (m/n) sum_i
// p_i/(n - i + 1) (Lea & Coulson 1949; Ma, Sandri & Sarkar 1992). Mutants of the test: mutation 10 % more
// frequent; mutants that grow 10 % more slowly.
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "support/lives.hpp"
#include "support/statistics.hpp"

namespace stroma {
namespace cells_luria_delbruck {

constexpr std::size_t bins = 21;  // 0 to 19, and 20 or more
constexpr std::size_t cultures = 10000;

std::array<double, bins> theory(double m) {
  std::array<double, bins> p{};
  p[0] = std::exp(-m);
  double rest = 1.0 - p[0];
  for (std::size_t n = 1; n + 1 < bins; ++n) {
    for (std::size_t i = 0; i < n; ++i)
      p[n] += m / static_cast<double>(n) * p[i] / static_cast<double>(n - i + 1);
    rest -= p[n];
  }
  p[bins - 1] = rest;
  return p;
}

// Cultures by their number of mutants. `fitness` scales the mutants' growth.
std::array<double, bins> simulate(double m, double fitness, double dt) {
  const double growth = 0.05;
  std::array<double, bins> counts{};
  std::uint64_t next_id = 1;
  test::Lives clone(test::life_plan({{"cycle", 1.0 / (fitness * growth), 1}}, 13), 0,
                    {fitness * growth, 0.0, 0.0});
  for (std::size_t culture = 0; culture < cultures; ++culture) {
    core::Stream draw(17, core::Purpose::test, culture);
    std::size_t mutants = 0;
    for (std::int64_t k = draw.poisson(m); k > 0; --k) {
      // A clone older than 10 doublings (1 in 1000) has more than 20 cells but for 2 % of them: it ends in
      // the last bin either way to within 2e-5.
      const double age = std::min(draw.exponential(), 10.0 * std::log(2.0)) / growth;
      clone.cells = {};
      cells::seed_founders(clone.cells, clone.plan, 1, next_id, fitness * growth);
      clone.next_id = next_id + 1;
      double left = age;
      for (; left > dt; left -= dt) clone.step(dt);
      clone.step(left);
      next_id = clone.next_id;
      mutants += clone.cells.size();
      for (const std::uint64_t lineage : clone.cells.lineage) EXPECT_EQ(lineage, clone.cells.lineage[0]);
    }
    counts[std::min(mutants, bins - 1)] += 1.0;
  }
  return counts;
}

double z_against(const std::array<double, bins>& counts, const std::array<double, bins>& p) {
  double chi_square = 0.0;
  for (std::size_t n = 0; n < bins; ++n) {
    const double expected = p[n] * static_cast<double>(cultures);
    chi_square += (counts[n] - expected) * (counts[n] - expected) / expected;
  }
  return verification::chi_square_z(chi_square, static_cast<double>(bins - 1));
}

TEST(LuriaDelbrueck, recursion_gives_the_reference_values) {
  const auto p = theory(3.0);
  EXPECT_NEAR(p[0], 0.049787, 5e-7);
  EXPECT_NEAR(p[1], 0.074681, 5e-7);
  EXPECT_NEAR(p[2], 0.080904, 5e-7);
  EXPECT_NEAR(p[3], 0.077792, 5e-7);
}

TEST(LuriaDelbrueck, clones_have_the_distribution_of_lea_and_coulson) {
  EXPECT_LT(z_against(simulate(3.0, 1.0, 1e9), theory(3.0)), test::chi_square_bound);
  EXPECT_LT(z_against(simulate(1.0, 1.0, 15.0), theory(1.0)), test::chi_square_bound);
}

TEST(LuriaDelbrueck, ten_percent_more_mutations_or_less_growth_would_be_seen) {
  EXPECT_GT(z_against(simulate(3.3, 1.0, 1e9), theory(3.0)), test::chi_square_bound);
  EXPECT_GT(z_against(simulate(3.0, 0.9, 1e9), theory(3.0)), test::chi_square_bound);
}

}  // namespace cells_luria_delbruck
}  // namespace stroma
