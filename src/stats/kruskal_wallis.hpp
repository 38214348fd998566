// The one-way analysis of variance of ranks (Kruskal and Wallis, J. Am. Stat. Assoc. 47, 1952), corrected for
// ties:
//   H = 12 / (N (N + 1)) sum n_i (mean rank_i - (N + 1)/2)^2 / (1 - sum (t^3 - t) / (N^3 - N)).
#pragma once

#include "stats/anova.hpp"

namespace stroma::stats {

struct KruskalWallis {
  double statistic = 0.0;  ///< H
  double df = 0.0;         ///< groups - 1
  double p = 1.0;
  bool exact = false;         ///< p over all ways to deal the ranks that were seen out to the groups
  double p_chi_square = 1.0;  ///< the approximation for many values
};

/// H0: all groups have the same distribution. Exact where there are at most two million ways to deal the
/// ranks out (3 groups of 5), ties included; otherwise the chi-square law with groups - 1 degrees. At least 2
/// groups of n >= 1 and two values that differ; throws StatisticsError otherwise.
KruskalWallis kruskal_wallis(const Groups& groups);

}  // namespace stroma::stats
