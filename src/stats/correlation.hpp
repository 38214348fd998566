// Pearson's product-moment correlation with its t test and Fisher's z interval (Fisher, Metron 1, 1921):
// atanh r +- z / sqrt(n - 3).
#pragma once

#include <cstddef>
#include <span>

#include "stats/interval.hpp"

namespace stroma::stats {

/// Result of `pearson`. With n = 3 Fisher's interval does not exist and `ci` is [-1, 1].
struct Correlation {
  std::size_t n = 0;
  double r = 0.0;
  double statistic = 0.0;  ///< t = r sqrt(df / (1 - r^2)); infinite for a perfect line
  double df = 0.0;         ///< n - 2
  double p = 1.0;          ///< two-sided, H0: r = 0, for normal data
  Interval ci;
};

/// As many x as y, n >= 3 finite pairs, neither constant; throws StatisticsError otherwise.
Correlation pearson(std::span<const double> x, std::span<const double> y, double level = 0.95);

}  // namespace stroma::stats
