#include "stats/studentized_range.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "stats/distributions.hpp"
#include "stats/error.hpp"
#include "stats/scale_mixture.hpp"

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
  return scale_mixture_upper(q, df, [&](double w) { return range_upper(w, groups); });
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
