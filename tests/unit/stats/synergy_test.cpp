// Planted surfaces whose answer is known without computation: two drugs that act independently, a drug
// combined with itself, and a surplus that was added.
#include "stats/synergy.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/random.hpp"

namespace stroma::stats {
namespace synergy_test {

constexpr std::size_t bliss = 0, loewe = 1, hsa = 2, zip = 3;

std::vector<double> doses(double top, std::size_t n) {
  std::vector<double> out{0.0};
  for (std::size_t k = 1; k < n; ++k)
    out.push_back(top * std::pow(2.0, static_cast<double>(k) - static_cast<double>(n - 1)));
  return out;
}

template <class Effect>
Checkerboard board(std::size_t n, Effect effect, int replicates = 1, double noise = 0.0,
                   std::uint64_t seed = 1) {
  Checkerboard out{doses(16.0, n), doses(8.0, n), {}};
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) {
      core::Stream stream(seed, core::Purpose::test, out.cell(i, j));
      std::vector<double> cell;
      for (int r = 0; r < replicates; ++r)
        cell.push_back(effect(out.doses1[i], out.doses2[j]) + noise * stream.normal());
      out.effects.push_back(cell);
    }
  return out;
}

const HillCurve first{1.0, 3.0, 1.4, true}, second{1.0, 1.5, 0.9, true};

double independent(double a, double b) {
  const double y1 = first.at(a), y2 = second.at(b);
  return y1 + y2 - y1 * y2;
}

double largest(const std::vector<double>& scores) {
  double most = 0.0;
  for (const double s : scores) most = std::max(most, std::isfinite(s) ? std::abs(s) : 1e9);
  return most;
}

const SynergyOptions no_bootstrap{0, 1, {}};

TEST(Synergy, of_independent_drugs_is_nothing_to_bliss_and_to_zip) {
  const Synergy s = analyse_synergy(board(8, independent), no_bootstrap);
  EXPECT_LT(largest(s.surfaces[bliss].scores), 1e-14);
  EXPECT_LT(largest(s.surfaces[zip].scores), 1e-6);  // fits converge to 1e-8 of their parameters
  EXPECT_GT(s.surfaces[hsa].mean, 0.05);             // both together beat the better one
  EXPECT_FALSE(s.replicated);
  EXPECT_TRUE(std::isinf(s.surfaces[bliss].ci.high));
}

// A drug combined with itself: effect of the sum of doses (the second in its own unit, twice as strong).
TEST(Synergy, of_a_drug_with_itself_is_nothing_to_loewe) {
  const HillCurve drug{0.9, 4.0, 1.7, true};
  const Synergy s =
      analyse_synergy(board(8, [&](double a, double b) { return drug.at(a + 2.0 * b); }), no_bootstrap);
  EXPECT_LT(largest(s.surfaces[loewe].scores), 1e-6);
  EXPECT_EQ(s.surfaces[loewe].undefined, 0u);
  // Bliss calls a drug with itself something else: at 2 and 1, equal to two doses of 2, the effects alone are
  // 0.9 * 2^1.7 / (2^1.7 + 4^1.7) = 0.2118, Bliss expects 0.3788 and the effect of 4 is 0.45.
  EXPECT_GT(largest(s.surfaces[bliss].scores), 0.07);
}

TEST(Synergy, that_was_planted_is_found_by_every_model) {
  const Synergy s = analyse_synergy(board(8,
                                          [](double a, double b) {
                                            return independent(a, b) +
                                                   (a > 0 && b > 0 ? 0.1 * (1.0 - independent(a, b)) : 0.0);
                                          }),
                                    no_bootstrap);
  for (const SynergySurface& surface : s.surfaces)
    EXPECT_GT(surface.mean, 0.01) << static_cast<int>(surface.model);
}

TEST(Synergy, is_undefined_to_loewe_beyond_the_weaker_drug_and_says_so) {
  const HillCurve weak{0.3, 2.0, 1.0, true};
  const Synergy s = analyse_synergy(board(8,
                                          [&](double a, double b) {
                                            const double y = first.at(a), z = weak.at(b);
                                            return y + z - y * z;
                                          }),
                                    no_bootstrap);
  EXPECT_GT(s.surfaces[loewe].undefined, 0u);
  EXPECT_NE(s.surfaces[loewe].why_undefined.find("maximum of the weaker drug"), std::string::npos);
  EXPECT_EQ(s.surfaces[bliss].undefined, 0u);
  EXPECT_TRUE(std::isnan(loewe_expectation(100.0, 1.0, first, weak)));
}

TEST(Loewe, solves_its_equation) {
  for (const double a : {0.1, 1.0, 5.0})
    for (const double b : {0.2, 2.0}) {
      const double effect = loewe_expectation(a, b, first, second);
      EXPECT_NEAR(a / first.dose_of(effect) + b / second.dose_of(effect), 1.0, 1e-9);
    }
}

// 100 boards of independent drugs with noise: the interval covers 0 in about 95 %, and where a tenth of
// control is added it does not. Bounds: binomial(100, 0.95) has a standard deviation of 2.2, four of them
// are 9.
TEST(Synergy, bootstrap_covers_the_truth_and_rejects_a_mutant) {
  int covered = 0, mutant = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const SynergyOptions options{100, seed, {}};
    const auto truth = analyse_synergy(board(4, independent, 4, 0.05, seed), options);
    const auto off = analyse_synergy(
        board(
            4, [](double a, double b) { return independent(a, b) + (a > 0 && b > 0 ? 0.1 : 0.0); }, 4, 0.05,
            seed),
        options);
    covered += truth.surfaces[bliss].ci.contains(0.0);
    mutant += off.surfaces[bliss].ci.contains(0.0);
  }
  EXPECT_GE(covered, 86);
  EXPECT_LE(mutant, 9);
}

// A drug that has all of its effect at its lowest dose: from one start the fits end at a slope or a midpoint
// on its bound. Reference: the same surfaces in R by optim from 135 starts each
// (tests/crosscheck/r/zip_oracle.R).
TEST(Synergy, of_a_surface_with_several_minima_is_that_of_the_lowest) {
  Checkerboard board{{0, 5, 20, 80, 320}, {0, 0.2, 0.8, 3, 12, 50}, {}};
  for (const double a : board.doses1)
    for (const double b : board.doses2) {
      const double one = a > 0.0 ? 0.55 + 0.01 * std::sin(a) : 0.0;
      const double two = b > 0.0 ? 0.9 * b / (b + 2.0) - (b < 1.0 ? 0.2 : 0.0) : 0.0;
      board.effects.push_back({one + two - one * two + (a > 0.0 && b > 0.0 ? 0.05 : 0.0)});
    }
  const Synergy s = analyse_synergy(board, no_bootstrap);
  EXPECT_NEAR(s.surfaces[zip].mean, 0.028382877, 1e-5);
}

// The maximum of two noisy effects is higher on average over resamples than of their means: plain percentiles
// leave such a score out. Every interval holds its own estimate, whatever the surface.
TEST(Synergy, interval_holds_its_own_estimate) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto equal = [](double a, double b) { return std::max(a / (a + 4.0), b / (b + 2.0)); };
    const Synergy s = analyse_synergy(board(5, equal, 3, 0.05, seed), {200, seed, {}});
    for (const SynergySurface& surface : s.surfaces)
      EXPECT_TRUE(surface.ci.contains(surface.mean)) << seed << " " << static_cast<int>(surface.model);
  }
}

TEST(Synergy, is_the_same_with_any_number_of_threads) {
  const Checkerboard b = board(5, independent, 3, 0.05);
  const Synergy one = analyse_synergy(b, {100, 7, {1}}), three = analyse_synergy(b, {100, 7, {3}});
  for (std::size_t m = 0; m < 4; ++m) {
    EXPECT_EQ(one.surfaces[m].ci.low, three.surfaces[m].ci.low);
    EXPECT_EQ(one.surfaces[m].ci.high, three.surfaces[m].ci.high);
  }
}

}  // namespace synergy_test
}  // namespace stroma::stats
