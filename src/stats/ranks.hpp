// Average ranks: 1 for the smallest value, tied values share the mean of their places. The base of every rank
// test (Kruskal and Wallis, J. Am. Stat. Assoc. 47, 1952).
#pragma once

#include <span>
#include <vector>

namespace stroma::stats {

struct Ranks {
  std::vector<double> rank;  ///< in the order of the data, from 1
  double tie_sum = 0.0;      ///< sum over groups of t equal values of t^3 - t; 0 where no two are equal
};

/// Average ranks of finite values, at least one; throws StatisticsError otherwise.
Ranks average_ranks(std::span<const double> x);

}  // namespace stroma::stats
