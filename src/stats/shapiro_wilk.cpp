#include "stats/shapiro_wilk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "stats/descriptive.hpp"
#include "stats/distributions.hpp"
#include "stats/error.hpp"

namespace stroma::stats {
namespace {

/// c0 + c1 x + c2 x^2 + ...
template <std::size_t N>
double polynomial(const double (&c)[N], double x) {
  double value = 0.0;
  for (std::size_t i = N; i-- > 0;) value = value * x + c[i];
  return value;
}

// Royston's polynomials in 1 / sqrt(n), n and ln n.
constexpr double kLast[] = {0.0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056};
constexpr double kLastButOne[] = {0.0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633};
constexpr double kSmallLimit[] = {-2.273, 0.459};
constexpr double kSmallMean[] = {0.544, -0.39978, 0.025054, -6.714e-4};
constexpr double kSmallLogSd[] = {1.3822, -0.77857, 0.062767, -0.0020322};
constexpr double kLargeMean[] = {-1.5861, -0.31082, -0.083751, 0.0038915};
constexpr double kLargeLogSd[] = {-0.4803, -0.082676, 0.0030302};

/// The coefficients of the upper half of the order statistics, the largest first; those of the lower half are
/// their negatives.
std::vector<double> coefficients(std::size_t n) {
  const std::size_t half = n / 2;
  if (n == 3) return {std::numbers::sqrt2 / 2.0};
  std::vector<double> m(half);  // approximate expected normal order statistics, all positive
  double squares = 0.0;
  for (std::size_t i = 0; i < half; ++i) {
    m[i] = -normal_quantile((static_cast<double>(i) + 0.625) / (static_cast<double>(n) + 0.25));
    squares += 2.0 * m[i] * m[i];
  }
  const double root = 1.0 / std::sqrt(static_cast<double>(n));
  const std::size_t corrected = n > 5 ? 2 : 1;  // coefficients that get a correction of their own
  std::vector<double> a(half);
  a[0] = m[0] / std::sqrt(squares) + polynomial(kLast, root);
  if (corrected == 2) a[1] = m[1] / std::sqrt(squares) + polynomial(kLastButOne, root);
  double left = squares, unit = 1.0;
  for (std::size_t i = 0; i < corrected; ++i) {
    left -= 2.0 * m[i] * m[i];
    unit -= 2.0 * a[i] * a[i];
  }
  for (std::size_t i = corrected; i < half; ++i) a[i] = m[i] / std::sqrt(left / unit);
  return a;
}

double p_of(std::size_t n, double w, double rest) {
  if (n == 3)
    return std::max(0.0, 6.0 / std::numbers::pi * (std::asin(std::sqrt(w)) - std::numbers::pi / 3.0));
  const auto size = static_cast<double>(n);
  const double log_rest = std::log(rest);
  if (n <= 11) {
    const double limit = polynomial(kSmallLimit, size);
    if (log_rest >= limit) return 1e-99;
    const double sd = std::exp(polynomial(kSmallLogSd, size));
    return normal_cdf((std::log(limit - log_rest) + polynomial(kSmallMean, size)) / sd);
  }
  const double sd = std::exp(polynomial(kLargeLogSd, std::log(size)));
  return normal_cdf((polynomial(kLargeMean, std::log(size)) - log_rest) / sd);
}

}  // namespace

GoodnessOfFit shapiro_wilk(std::span<const double> x) {
  require_sample(x, 3, "Shapiro-Wilk test");
  if (x.size() > 5000)
    throw StatisticsError(
        fmt::format("Shapiro-Wilk test: {} values given, at most 5000 are covered", x.size()));
  std::vector<double> sorted(x.begin(), x.end());
  std::sort(sorted.begin(), sorted.end());
  const std::size_t n = sorted.size();
  const double range = sorted.back() - sorted.front();
  if (!(range > 0.0))
    throw StatisticsError("Shapiro-Wilk test: all values are the same, values that differ are needed");
  const std::vector<double> a = coefficients(n);
  const double middle = sorted[n / 2];
  for (double& v : sorted) v = (v - middle) / range;  // W has neither origin nor unit
  const Moments m = moments(sorted);
  long double product = 0.0L, weight = 0.0L;
  for (std::size_t i = 0; i < a.size(); ++i) {
    product += a[i] * (static_cast<long double>(sorted[n - 1 - i]) - sorted[i]);
    weight += 2.0L * a[i] * a[i];
  }
  // 1 - W as a product, which keeps its digits where W is close to 1.
  const long double whole = std::sqrt(weight * m.sum_of_squares);
  const auto rest = static_cast<double>((whole - product) * (whole + product) / (whole * whole));
  GoodnessOfFit g;
  g.statistic = 1.0 - rest;
  g.p = p_of(n, g.statistic, rest);
  return g;
}

}  // namespace stroma::stats
