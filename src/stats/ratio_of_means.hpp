// The ratio of the means of two independent samples with Fieller's interval (J. R. Stat. Soc. B 16, 1954):
// the ratios rho at which mean(x) - rho mean(y) is not told from 0 by a t test, variances free
// (Satterthwaite's degrees of freedom at the estimate).
#pragma once

#include <span>

#include "stats/interval.hpp"

namespace stroma::stats {

struct RatioOfMeans {
  double ratio = 0.0;
  double df = 0.0;
  /// Where mean(y) is not told from 0 at the level, no interval is bounded, and both ends are NaN.
  Interval ci;
};

/// mean(x) / mean(y). Each sample n >= 2 finite values, not both without spread; mean(y) other than 0. Throws
/// StatisticsError otherwise.
RatioOfMeans ratio_of_means(std::span<const double> x, std::span<const double> y, double level = 0.95);

}  // namespace stroma::stats
