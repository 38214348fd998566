#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "samples.hpp"
#include "stats/correlation.hpp"
#include "stats/descriptive.hpp"
#include "stats/distributions.hpp"
#include "stats/error.hpp"
#include "stats/kruskal_wallis.hpp"
#include "stats/mann_whitney.hpp"
#include "stats/ranks.hpp"
#include "stats/spearman.hpp"

namespace stroma::stats {
namespace rank_tests_test {

using V = std::vector<double>;

TEST(Ranks, ties_share_the_mean_of_their_places) {
  const Ranks r = average_ranks(V{3, 1, 4, 1, 5, 3, 3});
  EXPECT_EQ(r.rank, (V{4, 1.5, 6, 1.5, 7, 4, 4}));
  EXPECT_EQ(r.tie_sum, (27.0 - 3.0) + (8.0 - 2.0));
  EXPECT_THROW(average_ranks(V{}), StatisticsError);
}

TEST(MannWhitney, exact_p_counts_the_arrangements) {
  // All of x below all of y: 2 of the C(6, 3) = 20 arrangements are as extreme.
  const MannWhitney t = mann_whitney(V{1, 2, 3}, V{4, 5, 6});
  EXPECT_TRUE(t.exact);
  EXPECT_EQ(t.u, 0.0);
  EXPECT_NEAR(t.p, 0.1, 1e-15);
  EXPECT_EQ(t.shift, -3.0);
  // 95 % cannot be had of 3 and 3: the widest interval, all differences, leaves out 2 of 20 arrangements.
  EXPECT_EQ(t.ci.low, -5.0);
  EXPECT_EQ(t.ci.high, -1.0);
  EXPECT_NEAR(t.achieved_level, 0.9, 1e-15);
}

TEST(MannWhitney, swapping_the_samples_mirrors_everything) {
  const MannWhitney a = mann_whitney(samples::sleep_one, samples::sleep_two);
  const MannWhitney b = mann_whitney(samples::sleep_two, samples::sleep_one);
  EXPECT_TRUE(a.ties);
  EXPECT_TRUE(a.exact);
  EXPECT_NEAR(a.p, 0.0658165364048, 1e-12);  // R: combn(20, 10) of the ranks
  EXPECT_NEAR(a.p_normal, 0.0693275754, 1e-9);
  EXPECT_EQ(a.u + b.u, 100.0);
  EXPECT_NEAR(a.p, b.p, 1e-15);
  EXPECT_NEAR(a.shift, -b.shift, 1e-15);
  EXPECT_NEAR(a.ci.low, -b.ci.high, 1e-15);
}

TEST(MannWhitney, does_not_change_under_an_increasing_transformation_but_its_shift_does) {
  V x = samples::sleep_one, y = samples::sleep_two;
  const double p = mann_whitney(x, y).p;
  for (double& v : x) v = std::exp(v);
  for (double& v : y) v = std::exp(v);
  EXPECT_EQ(mann_whitney(x, y).p, p);
}

TEST(KruskalWallis, of_two_groups_is_the_uncorrected_normal_test) {
  const V x{1.5, 2.5, 2.5, 9}, y{3, 4, 8, 8, 11};
  const MannWhitney t = mann_whitney(x, y);
  const KruskalWallis h = kruskal_wallis({x, y});
  // z^2 without the continuity correction, the variance corrected for two pairs of ties (6 + 6 of n^3 - n =
  // 720).
  const double z = (t.u - 10.0) / std::sqrt(20.0 / 12.0 * (10.0 - 12.0 / 72.0));
  EXPECT_NEAR(h.statistic, z * z, 1e-12);
  EXPECT_EQ(h.df, 1.0);
  EXPECT_NEAR(h.p_chi_square, normal_two_sided(z), 1e-12);
  EXPECT_TRUE(h.exact);
  EXPECT_NEAR(h.p, t.p, 1e-12);  // both count the same ways
}

TEST(RankTests, count_the_ways_where_ranks_are_tied) {
  // Three against three, tied within and apart between: 2 of 20 ways, as without ties; the normal law says
  // 0.047.
  const MannWhitney t = mann_whitney(V{1, 1, 1}, V{2, 2, 2});
  EXPECT_NEAR(t.p, 0.1, 1e-15);
  EXPECT_LT(t.p_normal, 0.05);
  EXPECT_NEAR(kruskal_wallis({V{1, 1, 1}, V{2, 2, 2}}).p, 0.1, 1e-15);
  // Three groups of two, apart: 6 of 90 ways.
  EXPECT_NEAR(kruskal_wallis({V{1, 2}, V{3, 4}, V{5, 6}}).p, 6.0 / 90.0, 1e-14);
  EXPECT_FALSE(kruskal_wallis({samples::sleep_one, samples::sleep_two, samples::sleep_one}).exact);
  // Eight pairs of scores (R: all 8! orders).
  EXPECT_NEAR(spearman(V{1, 1, 2, 2, 3, 3, 4, 4}, V{1, 2, 1, 3, 2, 3, 4, 3}).p, 0.0595238095238, 1e-12);
}

TEST(Spearman, is_pearson_of_ranks_and_exact_for_small_samples) {
  const V x{1, 2, 3, 4, 5}, y{2, 1, 4, 3, 5};
  const Spearman s = spearman(x, y);
  EXPECT_NEAR(s.rho, 0.8, 1e-15);
  EXPECT_NEAR(s.s, 4.0, 1e-12);
  // Of the 120 permutations one has S = 0, four S = 2, three S = 4: p = 2 * 8 / 120.
  EXPECT_NEAR(s.p, 16.0 / 120.0, 1e-14);
  EXPECT_EQ(s.method, SpearmanMethod::exact);
  EXPECT_NEAR(spearman(x, V{-5, -4, -3, -2, -1}).rho, 1.0, 1e-15);
  const V tied{1, 2, 2, 4, 5};
  EXPECT_EQ(spearman(x, tied).method, SpearmanMethod::permutation);
  EXPECT_NEAR(spearman(x, tied).p_student, pearson(x, average_ranks(tied).rank).p, 1e-15);
  EXPECT_NEAR(spearman(x, tied).p, 4.0 / 120.0, 1e-14);  // 1 2 2 4 5 and back, each in two ways
}

TEST(Spearman, series_continues_the_exact_law) {
  // One order of nine, and the same with a tenth at the end: rho and p change a little, the method does.
  const V order{4, 1, 3, 2, 8, 5, 6, 9, 7};
  V x9, x10, y10 = order;
  for (int i = 1; i <= 10; ++i) {
    if (i < 10) x9.push_back(i);
    x10.push_back(i);
  }
  y10.push_back(10);
  const Spearman nine = spearman(x9, order), ten = spearman(x10, y10);
  EXPECT_EQ(nine.method, SpearmanMethod::exact);
  EXPECT_EQ(ten.method, SpearmanMethod::edgeworth);
  EXPECT_LT(ten.p, nine.p);
  EXPECT_GT(ten.p, 0.1 * nine.p);
}

TEST(Spearman, p_is_never_zero_where_the_series_turns_negative) {
  // S = 0 for ten: 1 of 10! orders at either end. Best and Roberts' series is negative there, and R prints 0.
  V x(10), y(10);
  std::iota(x.begin(), x.end(), 1.0);
  y = x;
  const Spearman perfect = spearman(x, y);
  EXPECT_NEAR(perfect.p, 2.0 / 3628800.0, 1e-15);
  EXPECT_EQ(perfect.method, SpearmanMethod::exact);
  std::swap(y[8], y[9]);  // S = 2: 1 + 9 of 10! orders at either end
  EXPECT_NEAR(spearman(x, y).p, 20.0 / 3628800.0, 1e-15);
}

TEST(RankTests, refuse_samples_that_have_no_order) {
  EXPECT_THROW(mann_whitney(V{}, V{1}), StatisticsError);
  EXPECT_THROW(mann_whitney(V{2, 2}, V{2}), StatisticsError);
  EXPECT_THROW(mann_whitney(V{1, std::nan("")}, V{2}), StatisticsError);
  EXPECT_THROW(mann_whitney(V{1}, V{2}, 1.0), StatisticsError);
  EXPECT_THROW(kruskal_wallis({V{1, 2}}), StatisticsError);
  EXPECT_THROW(kruskal_wallis({V{1, 1}, V{1}}), StatisticsError);
  EXPECT_THROW(spearman(V{1, 2}, V{1, 2}), StatisticsError);
  EXPECT_THROW(spearman(V{1, 1, 1}, V{1, 2, 3}), StatisticsError);
}

}  // namespace rank_tests_test
}  // namespace stroma::stats
