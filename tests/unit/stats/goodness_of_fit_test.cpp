#include "stats/goodness_of_fit.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "stats/error.hpp"

namespace stroma::stats {
namespace goodness_of_fit_test {

using V = std::vector<double>;

/// A sample against the uniform law whose D is exactly d: order statistics at (i - 1)/n + d, capped.
V with_distance(int n, double d) {
  V x;
  for (int i = 0; i < n; ++i) x.push_back(std::min(1.0, static_cast<double>(i) / n + d));
  return x;
}

GoodnessOfFit uniform(const V& x) {
  return kolmogorov_smirnov(x, [](double v) { return v; });
}

TEST(KolmogorovSmirnov, agrees_with_published_critical_values) {
  // Miller, J. Am. Stat. Assoc. 51 (1956): two-sided 5 % points.
  for (const auto& [n, d] : {std::pair{5, 0.56328}, std::pair{10, 0.40925}, std::pair{20, 0.29408}}) {
    const GoodnessOfFit g = uniform(with_distance(n, d));
    EXPECT_NEAR(g.statistic, d, 1e-12);
    EXPECT_NEAR(g.p, 0.05, 2e-5) << n;
  }
}

TEST(KolmogorovSmirnov, of_one_value_is_exact) {
  // P(D_1 >= d) = 2 (1 - d) for d >= 1/2.
  EXPECT_NEAR(uniform({0.1}).p, 0.2, 1e-12);
  EXPECT_NEAR(uniform({0.5}).p, 1.0, 1e-12);
}

TEST(KolmogorovSmirnov, the_exact_and_the_limiting_law_meet) {
  for (const double x : {0.5, 0.8, 1.0, 1.36, 1.6}) {
    const double exact = uniform(with_distance(500, x / std::sqrt(500.0))).p;
    const double limiting = uniform(with_distance(501, x / std::sqrt(501.0))).p;
    EXPECT_NEAR(limiting / exact, 1.0, 5e-3) << x;
  }
  EXPECT_LT(uniform(with_distance(10000, 0.1)).p, 1e-80);
}

TEST(KolmogorovSmirnov, refuses_what_is_no_sample_and_no_distribution) {
  EXPECT_THROW(uniform({}), StatisticsError);
  EXPECT_THROW(uniform({0.5, std::nan("")}), StatisticsError);
  EXPECT_THROW(uniform({1.5}), StatisticsError);
}

TEST(ChiSquare, of_a_die_by_hand) {
  const GoodnessOfFit g = chi_square_test(V{5, 15, 10, 10, 8, 12}, V(6, 10.0));
  EXPECT_NEAR(g.statistic, (25.0 + 25.0 + 4.0 + 4.0) / 10.0, 1e-12);
  EXPECT_EQ(g.df, 5.0);
  // Two bins less a fitted parameter more: with df 2 the tail is exp(-x/2).
  EXPECT_NEAR(chi_square_test(V{4, 6, 5}, V{5, 5, 5}).p, std::exp(-0.2), 1e-12);
  EXPECT_THROW(chi_square_test(V{1, 2}, V{1, 2, 3}), StatisticsError);
  EXPECT_THROW(chi_square_test(V{1, 2}, V{0, 3}), StatisticsError);
  EXPECT_THROW(chi_square_test(V{1, 2}, V{1, 3}), StatisticsError);
  EXPECT_THROW(chi_square_test(V{1, 2}, V{1, 2}, 1), StatisticsError);
}

TEST(ChiSquare, small_bins_are_joined_and_no_count_is_lost) {
  const Bins b = pool_bins(V{1, 2, 3, 4, 5}, V{2, 3, 4, 4, 2});
  EXPECT_EQ(b.observed, (V{3, 12}));
  EXPECT_EQ(b.expected, (V{5, 10}));
}

TEST(ZTest, of_a_mean_and_of_a_proportion) {
  EXPECT_NEAR(z_test_mean(V{1, 2, 3, 4}, 2.0, 1.0).statistic, 1.0, 1e-12);
  EXPECT_NEAR(z_test_proportion(60, 100, 0.5).statistic, 2.0, 1e-12);
  EXPECT_NEAR(z_test_proportion(60, 100, 0.5).p, 0.04550026, 1e-8);
  EXPECT_THROW(z_test_mean(V{1}, 0.0, 0.0), StatisticsError);
  EXPECT_THROW(z_test_proportion(5, 4, 0.5), StatisticsError);
  EXPECT_THROW(z_test_proportion(1, 4, 1.0), StatisticsError);
}

}  // namespace goodness_of_fit_test
}  // namespace stroma::stats
