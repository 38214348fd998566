#include "stats/descriptive.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "stats/distributions.hpp"
#include "stats/error.hpp"

namespace stroma::stats {
namespace descriptive_test {

const double kNan = std::numeric_limits<double>::quiet_NaN();
const double kInf = std::numeric_limits<double>::infinity();
using V = std::vector<double>;

TEST(Descriptive, mean_sd_and_sem_of_a_small_sample) {
  const V x{2, 4, 4, 4, 5, 5, 7, 9};  // sum of squares about 5 is 32
  EXPECT_DOUBLE_EQ(mean(x), 5.0);
  EXPECT_DOUBLE_EQ(variance(x), 32.0 / 7.0);
  EXPECT_DOUBLE_EQ(summarise(x).sem, std::sqrt(32.0 / 7.0 / 8.0));
}

TEST(Descriptive, quantiles_interpolate_between_order_statistics) {
  const V x{4, 1, 3, 2};
  EXPECT_DOUBLE_EQ(quantile(x, 0.0), 1.0);
  EXPECT_DOUBLE_EQ(quantile(x, 0.25), 1.75);
  EXPECT_DOUBLE_EQ(median(x), 2.5);
  EXPECT_DOUBLE_EQ(quantile(x, 1.0), 4.0);
  EXPECT_DOUBLE_EQ(quantile(V{7.0}, 0.3), 7.0);
}

TEST(Descriptive, mean_interval_of_two_values_uses_t_with_one_degree) {
  // t(0.975, 1) = tan(0.475 pi), as the t distribution with one degree is Cauchy's.
  const Interval ci = mean_interval(V{0.0, 2.0});
  EXPECT_NEAR(ci.high - 1.0, std::tan(0.475 * std::acos(-1.0)), 1e-10);
  EXPECT_NEAR(ci.low + ci.high, 2.0, 1e-12);
}

TEST(Descriptive, equal_values_have_exactly_no_spread) {
  EXPECT_EQ(standard_deviation(V(7, 0.1)), 0.0);
  EXPECT_EQ(mean(V(7, 0.1)), 0.1);
}

TEST(Descriptive, refuses_what_has_no_answer) {
  EXPECT_THROW(mean(V{}), StatisticsError);
  EXPECT_THROW(mean(V{1.0, kNan}), StatisticsError);
  EXPECT_THROW(mean(V{1.0, kInf}), StatisticsError);
  EXPECT_THROW(variance(V{1.0}), StatisticsError);
  EXPECT_THROW(standard_error(V{1.0}), StatisticsError);
  EXPECT_THROW(mean_interval(V{1.0}), StatisticsError);
  EXPECT_THROW(mean_interval(V{1.0, 2.0}, 1.0), StatisticsError);
  EXPECT_THROW(mean_interval(V{1.0, 2.0}, kNan), StatisticsError);
  EXPECT_THROW(quantile(V{1.0}, 1.1), StatisticsError);
  EXPECT_THROW(autocorrelation(V{3.0, 3.0}), StatisticsError);
}

TEST(Descriptive, an_error_says_what_is_wrong_and_what_is_needed) {
  try {
    standard_deviation(V{1.0});
    FAIL();
  } catch (const StatisticsError& e) {
    EXPECT_STREQ(e.what(), "standard deviation: 1 value given, at least 2 needed");
  }
}

TEST(Distributions, upper_tails_keep_their_digits) {
  // P(T >= t) with one degree of freedom is arctan(1/t) / pi; at t = 1e20 that is 1e-20 / pi.
  EXPECT_NEAR(student_t_upper(1e20, 1.0) * 1e20 * std::acos(-1.0), 1.0, 1e-12);
  // P(X >= x) with two degrees of freedom is exp(-x / 2).
  EXPECT_NEAR(chi_square_upper(600.0, 2.0) / std::exp(-300.0), 1.0, 1e-12);
  // F with (2, 2) degrees: 1 / (1 + f).
  EXPECT_NEAR(f_upper(1e12, 2.0, 2.0) * (1e12 + 1.0), 1.0, 1e-10);
  EXPECT_EQ(f_upper(kInf, 2.0, 2.0), 0.0);
  EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-13);
  EXPECT_THROW(student_t_upper(1.0, 0.0), StatisticsError);
  EXPECT_THROW(f_upper(-1.0, 1.0, 1.0), StatisticsError);
  EXPECT_THROW(normal_quantile(1.0), StatisticsError);
}

}  // namespace descriptive_test
}  // namespace stroma::stats
