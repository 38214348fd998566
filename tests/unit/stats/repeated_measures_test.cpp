// Blocks and repeated measures: tables by hand, identities with other tests, and mutants.
#include "stats/repeated_measures.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "stats/anova.hpp"
#include "stats/blocked_anova.hpp"
#include "stats/error.hpp"
#include "stats/t_test.hpp"

namespace stroma::stats {
namespace repeated_measures_test {

using V = std::vector<double>;
using I = std::vector<std::size_t>;

TEST(BlockedAnova, of_two_groups_in_pairs_is_the_paired_t_test) {
  const V x{0.7, -1.6, -0.2, -1.2, -0.1, 3.4}, y{1.9, 0.8, 1.1, 0.1, -0.1, 4.4};
  const BlockedAnova b = blocked_anova({x, y}, {I{0, 1, 2, 3, 4, 5}, I{0, 1, 2, 3, 4, 5}});
  const TTest t = paired_t_test(x, y, 0.95);
  EXPECT_TRUE(b.complete);
  EXPECT_NEAR(b.groups.f, t.statistic * t.statistic, 1e-12 * b.groups.f);
  EXPECT_NEAR(b.groups.p, t.p, 1e-12);
  EXPECT_EQ(b.groups.df_within, 5.0);
  // The mutant: without the blocks the answer is another one.
  EXPECT_GT(one_way_anova({x, y}).p, 10.0 * b.groups.p);
}

TEST(BlockedAnova, takes_incomplete_blocks_and_says_so) {
  const V x{1.0, 2.0, 4.1}, y{2.1, 3.2};
  const BlockedAnova b = blocked_anova({x, y}, {I{0, 1, 2}, I{0, 1}});
  EXPECT_FALSE(b.complete);
  // Only the two complete blocks tell of the groups: differences 1.1 and 1.2.
  EXPECT_NEAR(b.groups.ss_between, 2.0 * 1.15 * 1.15 / 2.0, 1e-12);
  EXPECT_NEAR(b.groups.ss_within, 2.0 * 0.05 * 0.05 / 2.0, 1e-12);
  EXPECT_THROW(blocked_anova({x, y}, {I{0, 1}, I{0, 1}}), StatisticsError);
}

TEST(RepeatedMeasures, of_two_levels_are_tests_of_differences_and_means) {
  const std::vector<V> y{{5, 7.5}, {6, 7.1}, {4, 6.8}, {5.5, 9}, {6.1, 10.2}, {5.2, 8.4}, {4.9, 9.3}};
  const I group{0, 0, 0, 1, 1, 1, 1};
  const RepeatedMeasures t = repeated_measures(y, group);
  V d0, d1, m0, m1;
  for (std::size_t s = 0; s < y.size(); ++s) {
    (group[s] == 0 ? d0 : d1).push_back(y[s][1] - y[s][0]);
    (group[s] == 0 ? m0 : m1).push_back(0.5 * (y[s][1] + y[s][0]));
  }
  const TTest differences = student_t_test(d0, d1, 0.95), means = student_t_test(m0, m1, 0.95);
  EXPECT_NEAR(t.interaction.f, differences.statistic * differences.statistic, 1e-10);
  EXPECT_NEAR(t.interaction.p, differences.p, 1e-12);
  EXPECT_NEAR(t.between.f, means.statistic * means.statistic, 1e-10);
  EXPECT_NEAR(t.between.p, means.p, 1e-12);
  EXPECT_EQ(t.epsilon, 1.0);
  EXPECT_EQ(t.error_within_df, 5.0);
}

// R 4.2: aov(y ~ group * day + Error(mouse / day)) and car::Anova of the same table (epsilon).
TEST(RepeatedMeasures, agree_with_r_for_groups_of_unequal_size) {
  const std::vector<V> y{{76.0, 140.3, 220.6}, {113.3, 182.0, 255.2}, {90.4, 151.9, 239.5},
                         {88.2, 120.4, 150.9}, {101.5, 130.8, 171.2}, {79.9, 118.0, 149.3},
                         {95.3, 141.7, 166.6}};
  const I group{0, 0, 0, 1, 1, 1, 1};
  const RepeatedMeasures t = repeated_measures(y, group);
  EXPECT_NEAR(t.between.f, 11.6103376817133, 1e-6 * 11.6103376817133);
  EXPECT_NEAR(t.within.f, 1088.944731264922, 1e-6 * 1088.944731264922);
  EXPECT_NEAR(t.interaction.f, 157.435212575948, 1e-6 * 157.435212575948);
  EXPECT_NEAR(t.interaction.p, 2.76343412358219e-08, 1e-6 * 2.76343412358219e-08);
  EXPECT_NEAR(t.epsilon, 0.745142260400516, 1e-6);
  EXPECT_NEAR(t.interaction_p_corrected, 1.32909874534855e-06, 1e-6 * 1.32909874534855e-06);
  // The mutant: subjects taken for replicates.
  V all;
  I a, b;
  for (std::size_t s = 0; s < y.size(); ++s)
    for (std::size_t j = 0; j < 3; ++j) {
      all.push_back(y[s][j]);
      a.push_back(group[s]);
      b.push_back(j);
    }
  EXPECT_LT(two_way_anova(all, a, b).interaction->f, 0.5 * t.interaction.f);
}

TEST(RepeatedMeasures, refuse_what_has_no_error) {
  EXPECT_THROW(repeated_measures({{1, 2}, {2, 3.5}}, I{0, 1}), StatisticsError);
  EXPECT_THROW(repeated_measures({{1, 2}, {2, 3.5, 4}, {2, 3}}, I{0, 1, 1}), StatisticsError);
  EXPECT_THROW(repeated_measures({{1, 2}, {2, 3.5}}, I{0, 0}), StatisticsError);
  EXPECT_THROW(repeated_measures({{1, 2}, {1, 2}, {2, 3}}, I{0, 0, 1}), StatisticsError);
}

}  // namespace repeated_measures_test
}  // namespace stroma::stats
