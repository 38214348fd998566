// How far a sample lies from what it should be, in standard errors that the sample itself gives. Bounds of
// the statistical tests of populations: a z beyond 4 has probability 6.3e-5, a sqrt(n) D beyond 2.2252 and a
// chi-square z beyond 3.72 1e-4. There are about 90 such checks of cells and cultures, so that the family
// errs with probability below 0.01; seeds are fixed.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "verification/random_statistics.hpp"

namespace stroma::test {

inline constexpr double z_bound = 4.0;
inline constexpr double chi_square_bound = 3.72;

struct Moments {
  double mean = 0.0, variance = 0.0, fourth = 0.0;  ///< central
};
inline Moments moments(const std::vector<double>& sample) {
  Moments m;
  const double n = static_cast<double>(sample.size());
  for (const double x : sample) m.mean += x / n;
  for (const double x : sample) {
    const double d = (x - m.mean) * (x - m.mean);
    m.variance += d / n;
    m.fourth += d * d / n;
  }
  return m;
}

inline double z_of_mean(const std::vector<double>& sample, double mean) {
  const Moments m = moments(sample);
  return (m.mean - mean) / std::sqrt(m.variance / static_cast<double>(sample.size()));
}
inline double z_of_variance(const std::vector<double>& sample, double variance) {
  const Moments m = moments(sample);
  return (m.variance - variance) /
         std::sqrt((m.fourth - m.variance * m.variance) / static_cast<double>(sample.size()));
}
/// Of `successes` out of n against a probability.
inline double z_of_share(double successes, double n, double p) {
  return (successes - n * p) / std::sqrt(n * p * (1.0 - p));
}

/// Of the ratio sum(part)/sum(whole) over independent clones against `share`; clones are of different sizes
/// and their cells alike, so the spread is that of the linearised ratio.
inline double z_of_clonal_share(const std::vector<double>& part, const std::vector<double>& whole,
                                double share) {
  double sum = 0.0, squares = 0.0;
  for (std::size_t i = 0; i < part.size(); ++i) {
    const double residual = part[i] - share * whole[i];
    sum += residual;
    squares += residual * residual;
  }
  return sum / std::sqrt(squares);
}

/// Erlang distribution of n stages with this mean.
inline double erlang_cdf(int n, double mean, double t) {
  const double x = n * t / mean;
  double term = 1.0, sum = 0.0;
  for (int k = 0; k < n; ++k) {
    sum += term;
    term *= x / (k + 1);
  }
  return 1.0 - std::exp(-x) * sum;
}

/// sqrt(n) D over the times at which the sample was looked at only: `reached[k]` of n had happened by
/// times[k]. At most that of all times.
template <class Cdf>
double kolmogorov_smirnov_at(const std::vector<double>& times, const std::vector<double>& reached, double n,
                             const Cdf& cdf) {
  double distance = 0.0;
  for (std::size_t k = 0; k < times.size(); ++k)
    distance = std::max(distance, std::abs(reached[k] / n - cdf(times[k])));
  return distance * std::sqrt(n);
}

}  // namespace stroma::test
