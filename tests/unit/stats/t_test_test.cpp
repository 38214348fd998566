#include "stats/t_test.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "samples.hpp"
#include "stats/comparison.hpp"
#include "stats/correlation.hpp"
#include "stats/distributions.hpp"
#include "stats/error.hpp"
#include "stats/ratio_of_means.hpp"
#include "stats/significance.hpp"

namespace stroma::stats {
namespace t_test_test {

using V = std::vector<double>;
const double kNan = std::numeric_limits<double>::quiet_NaN();

// The answers below are those printed in textbooks and by R's t.test for Student's sleep data.
TEST(TTest, gives_the_published_answers_for_the_sleep_data) {
  const TTest student = student_t_test(samples::sleep_one, samples::sleep_two);
  EXPECT_NEAR(student.statistic, -1.860813, 1e-6);
  EXPECT_EQ(student.df, 18.0);
  EXPECT_NEAR(student.p, 0.07918671, 1e-8);
  const TTest welch = welch_t_test(samples::sleep_one, samples::sleep_two);
  EXPECT_NEAR(welch.statistic, -1.860813, 1e-6);
  EXPECT_NEAR(welch.df, 17.77647, 1e-5);
  EXPECT_NEAR(welch.p, 0.07939414, 1e-8);
  EXPECT_NEAR(welch.ci.low, -3.3654832, 1e-7);
  EXPECT_NEAR(welch.ci.high, 0.2054832, 1e-7);
  const TTest paired = paired_t_test(samples::sleep_one, samples::sleep_two);
  EXPECT_NEAR(paired.statistic, -4.062128, 1e-6);
  EXPECT_NEAR(paired.p, 0.00283289, 1e-8);
}

TEST(TTest, the_interval_excludes_zero_exactly_where_p_is_below_its_level) {
  for (double shift = 0.0; shift < 6.0; shift += 0.25) {
    V y = samples::sleep_two;
    for (double& v : y) v += shift;
    const TTest t = welch_t_test(samples::sleep_one, y);
    EXPECT_EQ(t.p < 0.05, !t.ci.contains(0.0)) << shift;
  }
}

TEST(TTest, one_arm_without_spread_is_allowed_two_are_not) {
  EXPECT_NO_THROW(welch_t_test(V{1, 1, 1}, V{1, 2, 3}));
  EXPECT_EQ(welch_t_test(V{1, 1, 1}, V{1, 2, 3}).df, 2.0);
  EXPECT_THROW(welch_t_test(V{1, 1, 1}, V{2, 2, 2}), StatisticsError);
  EXPECT_THROW(student_t_test(V{1, 1}, V{1, 1}), StatisticsError);
  // 0.3 - 0.2 and 0.5 - 0.4 differ by a rounding: no spread that a test could use.
  EXPECT_THROW(paired_t_test(V{0.3, 0.5}, V{0.2, 0.4}), StatisticsError);
}

TEST(TTest, refuses_samples_that_are_too_small_or_not_numbers) {
  EXPECT_THROW(one_sample_t_test(V{}, 0.0), StatisticsError);
  EXPECT_THROW(one_sample_t_test(V{1.0}, 0.0), StatisticsError);
  EXPECT_THROW(one_sample_t_test(V{1.0, 2.0}, kNan), StatisticsError);
  EXPECT_THROW(welch_t_test(V{1.0}, V{1.0, 2.0}), StatisticsError);
  EXPECT_THROW(welch_t_test(V{1.0, kNan}, V{1.0, 2.0}), StatisticsError);
  EXPECT_THROW(paired_t_test(V{1.0, 2.0}, V{1.0, 2.0, 3.0}), StatisticsError);
}

TEST(Equivalence, holds_exactly_where_the_ninety_percent_interval_is_inside_the_bounds) {
  for (double bound = 0.25; bound < 8.0; bound += 0.25) {
    const EquivalenceTest e = equivalence_test(samples::sleep_one, samples::sleep_two, -bound, bound);
    EXPECT_EQ(e.equivalent, e.ci.low > -bound && e.ci.high < bound) << bound;
    EXPECT_EQ(e.equivalent, e.p < 0.05);
  }
  EXPECT_THROW(equivalence_test(samples::sleep_one, samples::sleep_two, 1.0, 1.0), StatisticsError);
  EXPECT_THROW(equivalence_test(samples::sleep_one, samples::sleep_two, -1.0, 1.0, 0.5), StatisticsError);
}

TEST(Equivalence, a_large_difference_that_is_significant_is_not_equivalence) {
  EXPECT_FALSE(equivalence_test(V{1.0, 1.1, 0.9}, V{9.0, 9.1, 8.9}, -1.0, 1.0).equivalent);
}

TEST(Correlation, a_line_correlates_perfectly_and_symmetric_data_not_at_all) {
  const Correlation line = pearson(V{1, 2, 3, 4}, V{3, 5, 7, 9});
  EXPECT_DOUBLE_EQ(line.r, 1.0);
  EXPECT_EQ(line.p, 0.0);
  const Correlation none = pearson(V{-2, -1, 0, 1, 2}, V{4, 1, 0, 1, 4});
  EXPECT_NEAR(none.r, 0.0, 1e-15);
  EXPECT_NEAR(none.p, 1.0, 1e-12);
  EXPECT_NEAR(none.ci.low, -none.ci.high, 1e-12);
  // atanh of the interval's end is z / sqrt(n - 3).
  EXPECT_NEAR(std::atanh(none.ci.high), 1.959963984540054 / std::sqrt(2.0), 1e-12);
}

TEST(Correlation, refuses_constants_and_fewer_than_three_pairs) {
  EXPECT_THROW(pearson(V{1, 2}, V{1, 2}), StatisticsError);
  EXPECT_THROW(pearson(V{1, 1, 1}, V{1, 2, 3}), StatisticsError);
  EXPECT_THROW(pearson(V{1, 2, 3}, V{1, 2}), StatisticsError);
  EXPECT_EQ(pearson(V{1, 2, 3}, V{1, 3, 2}).ci.low, -1.0);
}

TEST(Stars, are_those_of_the_field_and_of_the_paper_for_the_paper) {
  const std::pair<double, const char*> field[] = {
      {0.0, "****"},  {9.9e-5, "****"}, {1e-4, "***"}, {9.9e-4, "***"}, {1e-3, "**"},
      {0.0099, "**"}, {0.01, "*"},      {0.0499, "*"}, {0.05, "N.S."},  {1.0, "N.S."}};
  for (const auto& [p, label] : field) EXPECT_EQ(stars(p), label) << p;
  const std::pair<double, const char*> zhao[] = {{0.0, "****"},    {9.9e-6, "****"}, {1e-5, "***"},
                                                 {1e-4, "**"},     {1e-3, "*"},      {0.0099, "*"},
                                                 {0.01, "p<0.05"}, {0.05, "N.S."},   {1.0, "N.S."}};
  for (const auto& [p, label] : zhao) EXPECT_EQ(stars_of_zhao(p), label) << p;
  EXPECT_TRUE(significant(0.049));
  EXPECT_FALSE(significant(0.05));
  for (const double p : {kNan, -0.1}) {
    EXPECT_THROW(stars(p), StatisticsError);
    EXPECT_THROW(stars_of_zhao(p), StatisticsError);
  }
}

TEST(Comparison, a_doubling_is_one_and_a_swap_of_arms_changes_the_sign) {
  const V a{2.0, 4.0, 8.0};
  const V b{1.0, 2.0, 4.0};
  const auto there = std::get<Comparison>(compare_log2_ratio(a, b));
  const auto back = std::get<Comparison>(compare_log2_ratio(b, a));
  EXPECT_DOUBLE_EQ(there.effect, 1.0);
  EXPECT_DOUBLE_EQ(back.effect, -1.0);
  EXPECT_DOUBLE_EQ(there.p, back.p);
  EXPECT_DOUBLE_EQ(there.ci.low, -back.ci.high);
  // log2 values are 1..3 and 0..2: t = 1 / sqrt(1/3 + 1/3), df = 4.
  EXPECT_NEAR(there.statistic, std::sqrt(1.5), 1e-12);
  EXPECT_NEAR(there.df, 4.0, 1e-12);
  EXPECT_EQ(there.n_treated, 3u);
}

TEST(Comparison, does_not_depend_on_the_unit) {
  const V a{2.0, 3.0, 8.0}, b{1.0, 2.5, 4.0};
  V am, bm;
  for (const double v : a) am.push_back(v * 1e-9);
  for (const double v : b) bm.push_back(v * 1e-9);
  const auto one = std::get<Comparison>(compare_log2_ratio(a, b));
  const auto other = std::get<Comparison>(compare_log2_ratio(am, bm));
  EXPECT_NEAR(one.effect, other.effect, 1e-12);
  EXPECT_NEAR(one.p, other.p, 1e-12);
}

TEST(Comparison, what_cannot_be_compared_says_why) {
  const auto why = [](const V& a, const V& b) {
    return std::get<NotComparable>(compare_log2_ratio(a, b)).because;
  };
  EXPECT_EQ(why({1.0}, {1.0, 2.0}), NotComparableBecause::too_few_values);
  EXPECT_EQ(why({}, {}), NotComparableBecause::too_few_values);
  EXPECT_EQ(why({1.0, 0.0}, {1.0, 2.0}), NotComparableBecause::not_positive);
  EXPECT_EQ(why({1.0, 2.0}, {-1.0, 2.0}), NotComparableBecause::not_positive);
  EXPECT_EQ(why({1.0, kNan}, {1.0, 2.0}), NotComparableBecause::not_finite);
  EXPECT_EQ(why({2.0, 2.0}, {1.0, 1.0}), NotComparableBecause::no_spread);
  EXPECT_EQ(std::get<NotComparable>(compare_log2_ratio(V{1.0, 0.0}, V{1.0, 2.0})).reason,
            "the treated arm holds the value 0, which has no logarithm");
}

// Fieller's ends are the ratios rho at which the t test of mean(x) - rho mean(y) is at its limit: put in,
// they must give back the quantile. Means 4 and 2, variances of the means 1/2 and 1/8, by hand: df = 2 / (1/4
// / 3 + 1/4 / 3) * 2 = 6.
TEST(RatioOfMeans, ends_of_the_interval_are_the_limits_of_the_test) {
  const double a = std::sqrt(1.5);  // +-a, four values: variance 2, of the mean 1/2
  const V x{4.0 - a, 4.0 + a, 4.0 - a, 4.0 + a};
  const V y{2.0 - 0.5 * a, 2.0 + 0.5 * a, 2.0 - 0.5 * a, 2.0 + 0.5 * a};
  const RatioOfMeans r = ratio_of_means(x, y);
  EXPECT_NEAR(r.ratio, 2.0, 1e-14);
  EXPECT_NEAR(r.df, 6.0, 1e-12);
  const double t = student_t_critical(0.95, r.df);
  for (const double rho : {r.ci.low, r.ci.high})
    EXPECT_NEAR(std::abs(4.0 - rho * 2.0) / std::sqrt(0.5 + rho * rho * 0.125), t, 1e-10);
  EXPECT_LT(r.ci.low, 2.0);
  EXPECT_GT(r.ci.high, 2.0);
  // A numerator below 0 is a ratio below 0; both signs turned round are none.
  V minus = x, down = y;
  for (double& v : minus) v = -v;
  for (double& v : down) v = -v;
  EXPECT_NEAR(ratio_of_means(minus, y).ci.low, -r.ci.high, 1e-12);
  EXPECT_NEAR(ratio_of_means(minus, down).ci.low, r.ci.low, 1e-12);
  // A denominator that may be 0 leaves no bounded interval; one that is 0 no ratio.
  EXPECT_TRUE(std::isnan(ratio_of_means(x, V{-1.0, 1.5}).ci.low));
  EXPECT_THROW(ratio_of_means(x, V{-1.0, 1.0}), StatisticsError);
  EXPECT_THROW(ratio_of_means(V{1.0, 1.0}, V{2.0, 2.0}), StatisticsError);
  EXPECT_THROW(ratio_of_means(V{1.0}, y), StatisticsError);
}

}  // namespace t_test_test
}  // namespace stroma::stats
