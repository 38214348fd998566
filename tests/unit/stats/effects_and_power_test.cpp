#include <gtest/gtest.h>

#include <cmath>

#include "samples.hpp"
#include "stats/descriptive.hpp"
#include "stats/distributions.hpp"
#include "stats/effect_size.hpp"
#include "stats/error.hpp"
#include "stats/power.hpp"
#include "stats/t_test.hpp"

namespace stroma::stats {
namespace effects_and_power_test {

using V = std::vector<double>;

TEST(CohensD, is_the_difference_in_pooled_standard_deviations) {
  const V x{1, 2, 3}, y{3, 4, 5};
  EXPECT_NEAR(cohens_d(x, y).value, -2.0, 1e-14);
  EXPECT_NEAR(cohens_d(y, x).ci.low, -cohens_d(x, y).ci.high, 1e-9);
  // J(4) = Gamma(2) / (sqrt(2) Gamma(3/2)).
  EXPECT_NEAR(hedges_g(x, y).value, -2.0 / (std::sqrt(2.0) * 0.5 * std::sqrt(M_PI)), 1e-14);
  EXPECT_NEAR(cohens_d_paired(V{2, 4, 7}, V{1, 2, 4}).value, 2.0, 1e-14);
}

TEST(CohensD, interval_excludes_zero_exactly_where_the_test_rejects) {
  for (const double level : {0.5, 0.9, 0.92, 0.93, 0.99}) {
    const bool rejects = student_t_test(samples::sleep_one, samples::sleep_two).p < 1.0 - level;
    EXPECT_EQ(!cohens_d(samples::sleep_one, samples::sleep_two, level).ci.contains(0.0), rejects) << level;
  }
}

TEST(EtaSquared, is_the_share_of_the_sum_of_squares_and_its_interval_begins_at_zero_for_a_weak_effect) {
  const EffectSize e = eta_squared(21.0, 2.0, 6.0);  // sums 42 and 6
  EXPECT_NEAR(e.value, 42.0 / 48.0, 1e-14);
  EXPECT_GT(e.ci.low, 0.0);
  EXPECT_LT(e.ci.high, 1.0);
  EXPECT_EQ(eta_squared(1.0, 2.0, 6.0).ci.low, 0.0);
  EXPECT_EQ(eta_squared(0.0, 2.0, 6.0).ci.high, 0.0);
}

TEST(CliffsDelta, counts_pairs) {
  EXPECT_NEAR(cliffs_delta(V{1, 2, 3}, V{2, 3, 4}).value, (1.0 - 6.0) / 9.0, 1e-14);
  const EffectSize apart = cliffs_delta(V{5, 6, 7, 8}, V{1, 2, 3});
  EXPECT_EQ(apart.value, 1.0);
  EXPECT_EQ(apart.ci.high, 1.0);
  const double z2 = std::pow(normal_quantile(0.975), 2);
  EXPECT_NEAR(apart.ci.low, (3.0 - z2) / (3.0 + z2), 1e-14);
  EXPECT_THROW(cliffs_delta(V{1}, V{1, 2}), StatisticsError);
}

TEST(Power, without_an_effect_is_the_level_of_the_test) {
  TPower t;
  t.n = 8.0;
  t.alpha = 0.03;
  t.strict = true;
  EXPECT_NEAR(power_t_test(t), 0.03, 1e-12);
  t.strict = false;
  EXPECT_NEAR(power_t_test(t), 0.015, 1e-12);
  EXPECT_NEAR(power_anova({4, 5, 0.0, 2.0, 0.03}), 0.03, 1e-12);
  EXPECT_NEAR(power_proportions({50, 0.3, 0.3, 0.03, true, true}), 0.03, 1e-12);
  EXPECT_NEAR(power_log_rank(1.0 + 1e-12, 100.0, 0.5, 0.03), 0.015, 1e-6);
}

TEST(Power, of_two_groups_by_anova_is_that_of_the_t_test) {
  // Between variance of two means at distance d is d^2 / 2.
  TPower t{9.0, 1.3, 1.1, 0.05, TDesign::two_sample, true, true};
  EXPECT_NEAR(power_anova({2, 9, 0.5 * 1.3 * 1.3, 1.1 * 1.1, 0.05}), power_t_test(t), 1e-9);
}

TEST(Power, solved_for_n_gives_the_power_back) {
  const auto power = [](double n) { return power_t_test({n, 0.7, 1.0}); };
  const double n = solve_power(power, 0.8, 2.0, 1e7, "n");
  EXPECT_NEAR(power(n), 0.8, 1e-9);
  EXPECT_THROW(solve_power(power, 0.8, 2.0, 3.0, "n"), StatisticsError);
  EXPECT_THROW(solve_power(power, 1.0, 2.0, 1e7, "n"), StatisticsError);
  const LogRankSize s = log_rank_size(0.5, 0.8, 0.6);
  EXPECT_NEAR(power_log_rank(0.5, s.events), 0.8, 1e-12);
  EXPECT_NEAR(s.subjects, s.events / 0.6, 1e-12);
  // Schoenfeld 1983: hazard ratio 2, power 0.8, alpha 0.05 two-sided, equal arms: 4 (1.96 + 0.8416)^2 /
  // ln(2)^2 = 65.35.
  EXPECT_NEAR(s.events, 65.35, 0.005);
}

TEST(Power, upper_limit_of_a_pilots_sd_is_that_of_chi_square) {
  // R: sqrt(4 / qchisq(0.2, 4)), sqrt(18 / qchisq(0.05, 18)).
  EXPECT_NEAR(sd_upper_limit(1.0, 4.0, 0.8), 1.55757542256, 1e-10);
  EXPECT_NEAR(sd_upper_limit(2.5, 18.0, 0.95), 2.5 * 1.38449991291, 1e-10);
  EXPECT_EQ(sd_upper_limit(0.0, 3.0, 0.8), 0.0);
  EXPECT_THROW(sd_upper_limit(1.0, 0.0, 0.8), StatisticsError);
  EXPECT_THROW(sd_upper_limit(1.0, 4.0, 1.0), StatisticsError);
}

TEST(Power, refuses_designs_that_are_none) {
  EXPECT_THROW(power_t_test({1.0, 1.0, 1.0}), StatisticsError);
  EXPECT_THROW(power_t_test({5.0, 1.0, 0.0}), StatisticsError);
  EXPECT_THROW(power_anova({1, 5, 1, 1, 0.05}), StatisticsError);
  EXPECT_THROW(power_proportions({10, 0.0, 0.5}), StatisticsError);
  EXPECT_THROW(log_rank_size(1.0, 0.8), StatisticsError);
  EXPECT_THROW(log_rank_size(2.0, 0.8, 0.0), StatisticsError);
}

}  // namespace effects_and_power_test
}  // namespace stroma::stats
