// The Shapiro-Wilk test of normality (Biometrika 52, 1965): W = (sum a_i x_(i))^2 / sum (x_i - m)^2, with
// Royston's approximations of the coefficients a and of the law of W (algorithm AS R94, Appl. Stat. 44,
// 1995).
#pragma once

#include <span>

#include "stats/goodness_of_fit.hpp"

namespace stroma::stats {

/// H0: the sample is normal; statistic W. 3 <= n <= 5000 values that are not all the same; throws
/// StatisticsError otherwise. p exact for n = 3; 1e-99 where W of n <= 11 is below what the approximation
/// covers.
GoodnessOfFit shapiro_wilk(std::span<const double> x);

}  // namespace stroma::stats
