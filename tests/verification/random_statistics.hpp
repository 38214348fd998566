// Distances between a sample and the distribution that it should come from, for the tests of random numbers.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

namespace stroma::verification {

/// sqrt(n) D of Kolmogorov and Smirnov; above 2.2252 with probability 1e-4: sqrt(-ln(0.5e-4) / 2).
inline double kolmogorov_smirnov(std::vector<double> sample, const std::function<double(double)>& cdf) {
  std::sort(sample.begin(), sample.end());
  const double n = static_cast<double>(sample.size());
  double distance = 0;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    const double f = cdf(sample[i]);
    distance = std::max({distance, f - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - f});
  }
  return distance * std::sqrt(n);
}
inline constexpr double ks_bound = 2.2252;

/// The z of a chi-square statistic with k degrees of freedom (Wilson and Hilferty).
inline double chi_square_z(double statistic, double k) {
  return (std::cbrt(statistic / k) - (1 - 2 / (9 * k))) / std::sqrt(2 / (9 * k));
}

/// How far mean and variance of a sample lie from the true ones, in standard errors. The variance of the
/// sample variance is (mu4 - sigma^4) / n for large n.
struct Deviation {
  double mean = 0, variance = 0;
  double worst() const { return std::max(std::abs(mean), std::abs(variance)); }
};
inline Deviation deviation(const std::vector<double>& sample, double mean, double variance, double mu4) {
  const double n = static_cast<double>(sample.size());
  double sum = 0, squares = 0;
  for (const double x : sample) {
    sum += x - mean;
    squares += (x - mean) * (x - mean);
  }
  return {sum / n / std::sqrt(variance / n),
          (squares / n - variance) / std::sqrt((mu4 - variance * variance) / n)};
}

inline double correlation(const std::vector<double>& a, const std::vector<double>& b) {
  const double n = static_cast<double>(a.size());
  double ma = 0, mb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ma += a[i] / n;
    mb += b[i] / n;
  }
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += (a[i] - ma) * (b[i] - mb);
    aa += (a[i] - ma) * (a[i] - ma);
    bb += (b[i] - mb) * (b[i] - mb);
  }
  return ab / std::sqrt(aa * bb);
}

}  // namespace stroma::verification
