// Does a sample follow a given law? Kolmogorov-Smirnov for continuous laws (exact small-sample distribution
// of Marsaglia, Tsang and Wang, J. Stat. Softw. 8(18), 2003), Pearson's chi-square for counts, z tests for a
// mean with known spread and for a proportion. Used by statistical tests all over the project.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace stroma::stats {

/// A statistic and its p value.
struct GoodnessOfFit {
  double statistic = 0.0;
  double df = 0.0;  ///< 0 where the test has none
  double p = 1.0;
};

/// Two-sided Kolmogorov-Smirnov: statistic D = sup |F_n - F|. `cdf` is the law's distribution function,
/// continuous and free of parameters estimated from the sample. n >= 1. p is exact to about 1e-13 (absolute)
/// for n <= 500; above, the limiting law with the first-order correction x = sqrt(n) D + 1 / (6 sqrt(n))
/// (Vrbik 2018), good to about 1e-3 relative.
GoodnessOfFit kolmogorov_smirnov(std::span<const double> sample, const std::function<double(double)>& cdf);

/// Pearson's chi-square of observed against expected counts of the same total; df = bins - 1 -
/// fitted_parameters. At least 2 bins; every expectation must be positive, and 5 or more for the law to hold
/// well (see pool_bins).
GoodnessOfFit chi_square_test(std::span<const double> observed, std::span<const double> expected,
                              int fitted_parameters = 0);

/// Neighbouring bins joined from left to right until each expects at least `least`; what is left over joins
/// the last one.
struct Bins {
  std::vector<double> observed;
  std::vector<double> expected;
};
Bins pool_bins(std::span<const double> observed, std::span<const double> expected, double least = 5.0);

/// H0: the mean of the sample is `mean`, the spread of one value known to be `sd` > 0. Statistic z.
GoodnessOfFit z_test_mean(std::span<const double> sample, double mean, double sd);

/// H0: `successes` of `trials` came with probability `probability` in (0, 1). Statistic z (normal
/// approximation: trials * probability * (1 - probability) of 10 or more).
GoodnessOfFit z_test_proportion(double successes, double trials, double probability);

}  // namespace stroma::stats
