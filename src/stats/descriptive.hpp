// Mean, spread, order statistics and the interval of a mean. Sums are taken over deviations from a first mean
// in extended precision (the corrected two-pass form of Chan, Golub and LeVeque, Am. Stat. 37, 1983), so that
// data with many constant leading digits keep theirs; the NIST univariate sets are the check.
#pragma once

#include <cstddef>
#include <span>

#include "stats/interval.hpp"

namespace stroma::stats {

/// Sums of a sample about its own mean, in the widest floating-point type; the base of every test here.
struct Moments {
  std::size_t n = 0;
  long double mean = 0.0L;            ///< relative to the origin given
  long double sum_of_squares = 0.0L;  ///< sum of (x - mean)^2
};

/// Moments of n >= 1 finite values; throws StatisticsError otherwise. With an origin near the data, means of
/// several samples can be subtracted without losing the digits that they share.
Moments moments(std::span<const double> x, double origin = 0.0);

/// Arithmetic mean of n >= 1 finite values.
double mean(std::span<const double> x);

/// Variance with denominator n - 1, n >= 2.
double variance(std::span<const double> x);

/// Standard deviation with denominator n - 1, n >= 2; at least 8 significant digits on data with 7 constant
/// leading digits.
double standard_deviation(std::span<const double> x);

/// Standard error of the mean, sd / sqrt(n), n >= 2.
double standard_error(std::span<const double> x);

/// Lag-1 autocorrelation, sum (x_i - m)(x_{i+1} - m) / sum (x_i - m)^2, n >= 2 values that are not all the
/// same.
double autocorrelation(std::span<const double> x);

/// Quantile of order p in [0, 1] by linear interpolation between order statistics, position 1 + (n - 1) p:
/// type 7 of Hyndman and Fan (Am. Stat. 50, 1996), the default of R and of NumPy. n >= 1.
double quantile(std::span<const double> x, double p);

/// quantile(x, 0.5).
double median(std::span<const double> x);

/// What a bar with a whisker shows.
struct Summary {
  std::size_t n = 0;
  double mean = 0.0;
  double sd = 0.0;
  double sem = 0.0;
};

/// n, mean, sd and SEM of n >= 2 values.
Summary summarise(std::span<const double> x);

/// Interval of the mean, mean +- t(n-1) sd / sqrt(n), n >= 2, at a confidence level in (0, 1).
Interval mean_interval(std::span<const double> x, double level = 0.95);

}  // namespace stroma::stats
