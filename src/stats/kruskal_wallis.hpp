// The one-way analysis of variance of ranks (Kruskal and Wallis, J. Am. Stat. Assoc. 47, 1952), corrected for
// ties:
//   H = 12 / (N (N + 1)) sum n_i (mean rank_i - (N + 1)/2)^2 / (1 - sum (t^3 - t) / (N^3 - N)).
#pragma once

#include "stats/anova.hpp"
#include "stats/goodness_of_fit.hpp"

namespace stroma::stats {

/// H0: all groups have the same distribution; chi-square approximation with groups - 1 degrees. At least 2
/// groups of n >= 1 and two values that differ; throws StatisticsError otherwise.
GoodnessOfFit kruskal_wallis(const Groups& groups);

}  // namespace stroma::stats
