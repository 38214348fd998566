#include "stats/anova.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "samples.hpp"
#include "stats/distributions.hpp"
#include "stats/error.hpp"
#include "stats/multiple_comparison.hpp"
#include "stats/studentized_range.hpp"
#include "stats/t_test.hpp"

namespace stroma::stats {
namespace anova_test {

using V = std::vector<double>;
const double kInf = std::numeric_limits<double>::infinity();

TEST(Anova, of_three_small_groups_by_hand) {
  // Means 2, 3, 7, grand mean 4: between 3 (4 + 1 + 9) = 42, within 2 + 2 + 2 = 6, F = 21 / 1.
  const V a{1, 2, 3}, b{2, 3, 4}, c{6, 7, 8};
  const Anova r = one_way_anova({a, b, c});
  EXPECT_NEAR(r.ss_between, 42.0, 1e-12);
  EXPECT_NEAR(r.ss_within, 6.0, 1e-12);
  EXPECT_NEAR(r.f, 21.0, 1e-12);
  // With 2 numerator degrees, P(F >= f) = (1 + 2 f / d)^(-d/2), d = 6.
  EXPECT_NEAR(r.p, std::pow(1.0 + 42.0 / 6.0, -3.0), 1e-12);
}

TEST(Anova, of_two_groups_is_the_square_of_the_t_test) {
  const auto& x = samples::sleep_one;
  const auto& y = samples::sleep_two;
  const TTest student = student_t_test(x, y);
  const Anova a = one_way_anova({x, y});
  EXPECT_NEAR(a.f, student.statistic * student.statistic, 1e-12);
  EXPECT_NEAR(a.p, student.p, 1e-12);
  const TTest welch = welch_t_test(x, y);
  const FTest bf = brown_forsythe_means({x, y});
  EXPECT_NEAR(bf.f, welch.statistic * welch.statistic, 1e-12);
  EXPECT_NEAR(bf.df2, welch.df, 1e-10);
  EXPECT_NEAR(bf.p, welch.p, 1e-12);
}

TEST(BrownForsythe, the_two_tests_of_that_name_ask_different_questions) {
  // Equal means, unequal spreads: only the test of variances may see it. And the other way round.
  const V narrow{-1.1, -0.9, -0.3, 0.2, 0.4, 0.8, 0.9}, wide{-31, -22, -13, 1, 12, 24, 29};
  EXPECT_GT(brown_forsythe_means({narrow, wide}).p, 0.9);
  EXPECT_LT(brown_forsythe_variances({narrow, wide}).p, 0.001);
  V shifted = narrow;
  for (double& v : shifted) v += 50.0;
  EXPECT_LT(brown_forsythe_means({narrow, shifted}).p, 1e-6);
  EXPECT_NEAR(brown_forsythe_variances({narrow, shifted}).p, 1.0, 1e-9);
}

TEST(Anova, refuses_one_group_empty_groups_and_data_without_spread) {
  const V a{1, 2, 3}, one{1}, none, flat{2, 2, 2}, bad{1, std::nan("")};
  EXPECT_THROW(one_way_anova({}), StatisticsError);
  EXPECT_THROW(one_way_anova({a}), StatisticsError);
  EXPECT_THROW(one_way_anova({a, none}), StatisticsError);
  EXPECT_THROW(one_way_anova({a, bad}), StatisticsError);
  EXPECT_THROW(one_way_anova({flat, flat}), StatisticsError);
  EXPECT_THROW(one_way_anova({one, one}), StatisticsError);
  EXPECT_NO_THROW(one_way_anova({a, one}));
  EXPECT_THROW(brown_forsythe_means({a, one}), StatisticsError);
  EXPECT_THROW(brown_forsythe_variances({a, one}), StatisticsError);
  EXPECT_THROW(tukey_hsd({flat, flat}), StatisticsError);
}

TEST(StudentizedRange, of_two_groups_is_student_s_t) {
  for (const double df : {1.0, 2.0, 5.0, 17.5, 100.0, 1e5}) {
    for (const double q : {0.01, 0.5, 2.0, 4.0, 9.0, 25.0}) {
      const double t = student_t_two_sided(q / std::sqrt(2.0), df);
      EXPECT_NEAR(studentized_range_upper(q, 2, df) / t, 1.0, 1e-8) << df << ' ' << q;
    }
  }
}

TEST(StudentizedRange, of_infinite_degrees_is_the_range_of_normals) {
  // Two normals: 2 P(Z > q / sqrt 2). Any k: large df converge to it as 1 / df.
  EXPECT_NEAR(studentized_range_upper(3.0, 2, kInf), normal_two_sided(3.0 / std::sqrt(2.0)), 1e-13);
  for (const int k : {3, 10, 50}) {
    EXPECT_NEAR(studentized_range_upper(4.0, k, 1e9), studentized_range_upper(4.0, k, kInf), 1e-8);
  }
}

TEST(StudentizedRange, agrees_with_published_tables_and_keeps_digits_in_the_tail) {
  EXPECT_NEAR(studentized_range_critical(0.05, 3, 10), 3.877, 5e-4);
  EXPECT_NEAR(studentized_range_critical(0.05, 10, 20), 5.008, 5e-4);
  EXPECT_NEAR(studentized_range_critical(0.01, 4, 6), 7.033, 5e-4);
  // Quadrature with 25 digits (mpmath), q = 40, three groups, six degrees.
  EXPECT_NEAR(studentized_range_upper(40.0, 3, 6) / 3.213075808374216e-7, 1.0, 1e-9);
}

TEST(StudentizedRange, critical_value_inverts_the_tail) {
  for (const double p : {0.9, 0.5, 0.05, 1e-3, 1e-8}) {
    for (const double df : {2.0, 6.0, 60.0, kInf}) {
      EXPECT_NEAR(studentized_range_upper(studentized_range_critical(p, 5, df), 5, df) / p, 1.0, 1e-7);
    }
  }
  EXPECT_EQ(studentized_range_upper(0.0, 3, 5), 1.0);
  EXPECT_EQ(studentized_range_upper(kInf, 3, 5), 0.0);
  EXPECT_THROW(studentized_range_upper(1.0, 1, 5), StatisticsError);
  EXPECT_THROW(studentized_range_upper(-1.0, 3, 5), StatisticsError);
  EXPECT_THROW(studentized_range_critical(0.0, 3, 5), StatisticsError);
}

TEST(Tukey, of_two_groups_is_student_s_t_test) {
  const auto pairs = tukey_hsd({samples::sleep_one, samples::sleep_two});
  const TTest t = student_t_test(samples::sleep_two, samples::sleep_one);
  ASSERT_EQ(pairs.size(), 1u);
  EXPECT_NEAR(pairs[0].difference, t.difference, 1e-12);
  EXPECT_NEAR(pairs[0].p_adjusted, t.p, 1e-9);
  EXPECT_NEAR(pairs[0].ci.low, t.ci.low, 1e-8);
}

TEST(Holm, by_hand) {
  const auto p = holm_adjust(V{0.01, 0.04, 0.03, 0.005});
  EXPECT_EQ(p, (V{0.03, 0.06, 0.06, 0.02}));
  EXPECT_EQ(holm_adjust(V{0.9, 0.8}), (V{1.0, 1.0}));
  EXPECT_THROW(holm_adjust(V{}), StatisticsError);
  EXPECT_THROW(holm_adjust(V{1.2}), StatisticsError);
}

}  // namespace anova_test
}  // namespace stroma::stats
