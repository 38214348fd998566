// Bartlett's test of equal variances (Proc. R. Soc. A 160, 1937): chi-square of
//   [ (N - k) ln s^2 - sum (n_i - 1) ln s_i^2 ] / [ 1 + (sum 1/(n_i - 1) - 1/(N - k)) / (3 (k - 1)) ].
// Sensitive to departures from normality; brown_forsythe_variances is not.
#pragma once

#include "stats/anova.hpp"
#include "stats/goodness_of_fit.hpp"

namespace stroma::stats {

/// H0: all group variances are equal, values normal. At least 2 groups, each n >= 2 and with spread; throws
/// StatisticsError otherwise.
GoodnessOfFit bartlett_test(const Groups& groups);

}  // namespace stroma::stats
