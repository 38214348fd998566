// Two factors, many against one, many tests at once, normality, equal variances.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "samples.hpp"
#include "stats/bartlett.hpp"
#include "stats/distributions.hpp"
#include "stats/dunnett.hpp"
#include "stats/error.hpp"
#include "stats/p_adjust.hpp"
#include "stats/shapiro_wilk.hpp"
#include "stats/studentized_range.hpp"
#include "stats/t_test.hpp"
#include "stats/two_way_anova.hpp"

namespace stroma::stats {
namespace designs_test {

using V = std::vector<double>;
using I = std::vector<std::size_t>;

TEST(TwoWayAnova, of_a_balanced_table_by_hand) {
  // Cell means 2, 6; 4, 12 with two values each at +-1: row means 4, 8, column means 3, 9, grand mean 6.
  const V y{1, 3, 5, 7, 3, 5, 11, 13};
  const I a{0, 0, 0, 0, 1, 1, 1, 1}, b{0, 0, 1, 1, 0, 0, 1, 1};
  for (const auto type : {SumsOfSquares::type_i, SumsOfSquares::type_ii}) {
    const TwoWayAnova t = two_way_anova(y, a, b, true, type);
    EXPECT_TRUE(t.balanced);
    EXPECT_NEAR(t.first.ss, 8 * 4.0, 1e-12);
    EXPECT_NEAR(t.second.ss, 8 * 9.0, 1e-12);
    ASSERT_TRUE(t.interaction);
    EXPECT_NEAR(t.interaction->ss, 8 * 1.0, 1e-12);
    EXPECT_NEAR(t.residual_ss, 8.0, 1e-12);
    EXPECT_EQ(t.residual_df, 4.0);
    EXPECT_NEAR(t.first.f, 32.0 / 2.0, 1e-12);
    EXPECT_NEAR(t.first.partial_eta_squared, 32.0 / 40.0, 1e-12);
  }
  const TwoWayAnova additive = two_way_anova(y, a, b, false);
  EXPECT_FALSE(additive.interaction);
  EXPECT_NEAR(additive.residual_ss, 16.0, 1e-12);
  EXPECT_EQ(additive.residual_df, 5.0);
}

TEST(TwoWayAnova, type_two_does_not_depend_on_the_order_of_the_factors_and_type_one_does) {
  const V y{1, 3, 5, 7, 3, 5, 11, 13, 2, 4.5};
  const I a{0, 0, 0, 0, 1, 1, 1, 1, 0, 0}, b{0, 0, 1, 1, 0, 0, 1, 1, 0, 0};
  const TwoWayAnova ab = two_way_anova(y, a, b), ba = two_way_anova(y, b, a);
  EXPECT_FALSE(ab.balanced);
  EXPECT_NEAR(ab.first.ss, ba.second.ss, 1e-12);
  const TwoWayAnova one = two_way_anova(y, a, b, true, SumsOfSquares::type_i);
  EXPECT_GT(std::abs(one.first.ss - ab.first.ss), 0.1);
  EXPECT_NEAR(one.second.ss, ab.second.ss, 1e-12);  // the second of type I is adjusted for the first
}

TEST(TwoWayAnova, keeps_digits_under_a_large_constant) {
  V y{1, 3, 5, 7, 3, 5, 11, 13, 2, 4.5};
  const I a{0, 0, 0, 0, 1, 1, 1, 1, 0, 0}, b{0, 0, 1, 1, 0, 0, 1, 1, 0, 0};
  const TwoWayAnova plain = two_way_anova(y, a, b);
  for (double& v : y) v += 1e12;  // exact in double
  EXPECT_NEAR(two_way_anova(y, a, b).first.f / plain.first.f, 1.0, 1e-12);
}

TEST(TwoWayAnova, refuses_designs_that_have_no_answer) {
  const V y{1, 2, 3, 5};
  EXPECT_THROW(two_way_anova(y, I{0, 0, 1, 1}, I{0, 1, 0, 1}), StatisticsError);  // no replicates
  EXPECT_NO_THROW(two_way_anova(y, I{0, 0, 1, 1}, I{0, 1, 0, 1}, false));
  EXPECT_THROW(two_way_anova(y, I{0, 0, 0, 0}, I{0, 1, 0, 1}), StatisticsError);  // one level
  EXPECT_THROW(two_way_anova(y, I{0, 0, 2, 2}, I{0, 1, 0, 1}), StatisticsError);  // a level without value
  EXPECT_THROW(two_way_anova(y, I{0, 0, 1}, I{0, 1, 0, 1}), StatisticsError);     // lengths
  EXPECT_THROW(two_way_anova(y, I{0, 0, 1, 1}, I{0, 0, 1, 1}), StatisticsError);  // one inside the other
  EXPECT_THROW(two_way_anova(V{1, 1, 2, 2, 3, 3, 4, 4}, I{0, 0, 0, 0, 1, 1, 1, 1}, I{0, 0, 1, 1, 0, 0, 1, 1}),
               StatisticsError);  // no error
}

TEST(Dunnett, of_one_treatment_is_student_s_t) {
  for (const double df : {1.0, 4.0, 30.0, 1e4})
    for (const double t : {0.1, 1.0, 3.0, 10.0})
      for (const double l : {0.2, std::sqrt(0.5), 0.99}) {
        const V loading{l};
        EXPECT_NEAR(dunnett_upper(t, loading, df) / student_t_two_sided(t, df), 1.0, 1e-8)
            << df << ' ' << t << ' ' << l;
      }
  const auto c = dunnett({samples::sleep_one, samples::sleep_two});
  const TTest t = student_t_test(samples::sleep_two, samples::sleep_one);
  ASSERT_EQ(c.size(), 1u);
  EXPECT_NEAR(c[0].p_adjusted, t.p, 1e-9);
  EXPECT_NEAR(c[0].ci.high, t.ci.high, 1e-8);
}

TEST(Dunnett, agrees_with_the_published_table) {
  // Dunnett, Biometrics 20 (1964), table 2: two-sided 5 %, treatments p and degrees of freedom.
  const double equal = std::sqrt(0.5);
  EXPECT_NEAR(dunnett_critical(0.05, V(2, equal), 10), 2.57, 0.005);
  EXPECT_NEAR(dunnett_critical(0.05, V(4, equal), 20), 2.65, 0.005);
  EXPECT_NEAR(dunnett_critical(0.05, V(9, equal), std::numeric_limits<double>::infinity()), 2.69, 0.0055);
  EXPECT_NEAR(dunnett_critical(0.01, V(3, equal), 20), 3.29, 0.0055);
}

TEST(Dunnett, lies_between_one_comparison_and_independent_ones) {
  for (const double d : {1.0, 2.5, 5.0}) {
    const double one = student_t_two_sided(d, 12.0);
    const double any = dunnett_upper(d, V{0.7, 0.6, 0.8}, 12.0);
    EXPECT_GT(any, one);
    EXPECT_LT(any, 3.0 * one);
    // Loadings close to 0 are independent given the scale, close to 1 one and the same.
    EXPECT_NEAR(dunnett_upper(d, V{0.9999, 0.9999}, 12.0), student_t_two_sided(d, 12.0), 0.03 * one);
  }
  EXPECT_THROW(dunnett_upper(1.0, V{}, 5.0), StatisticsError);
  EXPECT_THROW(dunnett_upper(1.0, V{1.0}, 5.0), StatisticsError);
  EXPECT_THROW(dunnett_critical(0.0, V{0.5}, 5.0), StatisticsError);
  EXPECT_THROW(dunnett({samples::sleep_one, samples::sleep_two}, 2), StatisticsError);
}

TEST(AdjustP, by_hand) {
  const V p{0.01, 0.04, 0.03, 0.005};
  EXPECT_EQ(adjust_p(p, Adjustment::none), p);
  EXPECT_EQ(adjust_p(p, Adjustment::bonferroni), (V{0.04, 0.16, 0.12, 0.02}));
  EXPECT_EQ(adjust_p(p, Adjustment::holm), (V{0.03, 0.06, 0.06, 0.02}));
  EXPECT_EQ(adjust_p(p, Adjustment::hochberg), (V{0.03, 0.04, 0.04, 0.02}));
  // Hommel's: the closed test with Simes' test of every subset of the four, by hand.
  EXPECT_EQ(adjust_p(p, Adjustment::hommel), (V{0.03, 0.04, 0.04, 0.02}));
  const V bh = adjust_p(p, Adjustment::benjamini_hochberg), expected{0.02, 0.04, 0.04, 0.02};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(bh[i], expected[i], 1e-15);
  const V by = adjust_p(p, Adjustment::benjamini_yekutieli);
  EXPECT_NEAR(by[0], 0.02 * (1.0 + 0.5 + 1.0 / 3.0 + 0.25), 1e-15);
}

TEST(AdjustP, a_test_without_p_does_not_count) {
  const double none = std::nan("");
  const V adjusted = adjust_p(V{0.01, none, 0.02}, Adjustment::bonferroni);
  EXPECT_EQ(adjusted[0], 0.02);
  EXPECT_TRUE(std::isnan(adjusted[1]));
  EXPECT_TRUE(std::isnan(adjust_p(V{none}, Adjustment::benjamini_hochberg)[0]));
  EXPECT_THROW(adjust_p(V{}, Adjustment::holm), StatisticsError);
  EXPECT_THROW(adjust_p(V{1.1}, Adjustment::holm), StatisticsError);
}

TEST(ShapiroWilk, has_neither_origin_nor_unit_and_knows_three_values) {
  // n = 3: W = (x3 - x1)^2 / 2 over the sum of squares; p = 6/pi (asin sqrt W - asin sqrt(3/4)).
  const GoodnessOfFit three = shapiro_wilk(V{1, 2, 4});
  const double w = 4.5 / (14.0 / 3.0);
  EXPECT_NEAR(three.statistic, w, 1e-14);
  EXPECT_NEAR(three.p, 6.0 / M_PI * (std::asin(std::sqrt(w)) - std::asin(std::sqrt(0.75))), 1e-14);
  V shifted = samples::sleep_one;
  for (double& v : shifted) v = 1e6 + 1024.0 * v;
  EXPECT_NEAR(shapiro_wilk(shifted).statistic, shapiro_wilk(samples::sleep_one).statistic, 1e-9);
  EXPECT_THROW(shapiro_wilk(V{1, 2}), StatisticsError);
  EXPECT_THROW(shapiro_wilk(V{1, 1, 1}), StatisticsError);
  EXPECT_THROW(shapiro_wilk(V(5001, 1.0)), StatisticsError);
}

TEST(Bartlett, of_equal_variances_is_zero) {
  EXPECT_NEAR(bartlett_test({V{1, 2, 3}, V{11, 12, 13}}).statistic, 0.0, 1e-12);
  EXPECT_THROW(bartlett_test({V{1, 2, 3}, V{5, 5}}), StatisticsError);
  EXPECT_THROW(bartlett_test({V{1, 2, 3}}), StatisticsError);
}

}  // namespace designs_test
}  // namespace stroma::stats
