#include "stats/studentized_range.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "stats/distributions.hpp"
#include "stats/error.hpp"

namespace stroma::stats {
namespace {

double normal_upper(double z) {
  return 0.5 * std::erfc(z / std::numbers::sqrt2);
}

// R(w) = k * integral of phi(z) { U(z)^(k-1) - [U(z) - U(z + w)]^(k-1) } dz with U the upper normal tail,
// which follows from the textbook cdf k * integral of phi(z) [Phi(z + w) - Phi(z)]^(k-1) dz and k * integral
// of phi U^(k-1) = 1. Every term is positive, so the tail keeps its digits. The integrand is analytic with
// Gaussian decay around z = -w/2, for which the trapezoid rule converges geometrically: error exp(-2 pi^2 s^2
// / h^2) for a peak of width s (s > 0.3, h = 0.25).
double range_upper(double w, int k) {
  if (w <= 0.0) return 1.0;
  constexpr double step = 0.25;
  constexpr int half_count = 34;
  double sum = 0.0;
  for (int i = -half_count; i <= half_count; ++i) {
    const double z = i * step - 0.5 * w;
    const double tail = normal_upper(z);
    const double beyond = normal_upper(z + w);
    const double lost = -std::expm1((k - 1) * std::log1p(-beyond / tail));
    sum += std::exp(-0.5 * z * z + (k - 1) * std::log(tail)) * lost;
  }
  return std::min(1.0, k * sum * step / std::sqrt(2.0 * std::numbers::pi));
}

/// 2 (df/2)^(df/2) e^(-df/2) / Gamma(df/2), the density of ln S at 0; by Stirling's series where the factors
/// overflow.
double peak_density(double df) {
  const double a = 0.5 * df;
  if (a < 20.0) return 2.0 * std::exp(a * std::log(a) - a - boost::math::lgamma(a));
  const double series = 1.0 / (12.0 * a) - 1.0 / (360.0 * a * a * a) + 1.0 / (1260.0 * std::pow(a, 5));
  return 2.0 * std::sqrt(a / (2.0 * std::numbers::pi)) * std::exp(-series);
}

void require_arguments(int groups, double df) {
  if (groups < 2)
    throw StatisticsError(fmt::format("studentized range: {} groups given, at least 2 needed", groups));
  if (!(df >= 1.0))
    throw StatisticsError(
        fmt::format("studentized range: {} degrees of freedom given, at least 1 needed", df));
}

}  // namespace

double studentized_range_upper(double q, int groups, double df) {
  require_arguments(groups, df);
  if (!(q >= 0.0))
    throw StatisticsError(fmt::format("studentized range: q = {} given, a number not below 0 is needed", q));
  if (q == 0.0) return 1.0;
  if (std::isinf(q)) return 0.0;
  if (std::isinf(df)) return range_upper(q, groups);
  // With u = ln s the density of S is peak * exp(df u - df (e^(2u) - 1) / 2).
  const double peak = peak_density(df);
  const auto integrand = [&](double u) {
    const double density = peak * std::exp(df * (u - 0.5 * std::expm1(2.0 * u)));
    return density == 0.0 ? 0.0 : density * range_upper(q * std::exp(u), groups);
  };
  // Left of the peak the density falls as exp(df (u + 1/2)), and the tail itself is no smaller than order
  // exp(-df ln q): below the left end lies 1e-11 of it. For many degrees the peak is Gaussian, with width 1 /
  // sqrt(2 df). Right of it the decay is doubly exponential.
  const double left = df < 50.0 ? -(25.0 / df + 0.5 + std::max(0.0, std::log(q))) : -12.0 / std::sqrt(df);
  const double right = std::min(2.4, 6.5 / std::sqrt(df));
  // This integrand, too, is analytic and vanishes with its derivatives at both ends: the trapezoid rule
  // again, with a step of 0.57 widths of the peak (or of the range's own scale), beyond which halving it
  // changes less than 1e-10.
  const int count = static_cast<int>(std::ceil((right - left) / std::min(0.15, 0.4 / std::sqrt(df))));
  const double step = (right - left) / count;
  double sum = 0.0;
  for (int i = 0; i <= count; ++i) sum += integrand(left + i * step);
  return std::min(1.0, sum * step);
}

double studentized_range_cdf(double q, int groups, double df) {
  return 1.0 - studentized_range_upper(q, groups, df);
}

double studentized_range_critical(double upper, int groups, double df) {
  require_arguments(groups, df);
  if (!(upper > 0.0 && upper < 1.0)) {
    throw StatisticsError(
        fmt::format("studentized range: tail area {} given, a number in (0, 1) is needed", upper));
  }
  // One pair alone is more often extreme than no pair and less often than any of them (Bonferroni): both are
  // t tests.
  const double pairs = 0.5 * groups * (groups - 1.0);
  const double low = std::numbers::sqrt2 * student_t_upper_quantile(0.5 * upper, df) * (1.0 - 1e-9);
  const double high = std::numbers::sqrt2 * student_t_upper_quantile(0.5 * upper / pairs, df) * (1.0 + 1e-9);
  const auto miss = [&](double q) { return std::log(studentized_range_upper(q, groups, df) / upper); };
  std::uintmax_t iterations = 100;
  const auto bracket = boost::math::tools::toms748_solve(
      miss, low, high, boost::math::tools::eps_tolerance<double>(34), iterations);
  return 0.5 * (bracket.first + bracket.second);
}

}  // namespace stroma::stats
