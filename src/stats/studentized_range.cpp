#include "stats/studentized_range.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <cstdint>
#include <numbers>

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
// / h^2) for a peak of width s (s > 0.3, h = 0.15).
double range_upper(double w, int k) {
  if (w <= 0.0) return 1.0;
  constexpr double step = 0.15;
  constexpr int half_count = 60;
  double sum = 0.0;
  for (int i = -half_count; i <= half_count; ++i) {
    const double z = i * step - 0.5 * w;
    const double tail = normal_upper(z);
    const double beyond = normal_upper(z + w);
    const double lost = -std::expm1((k - 1) * std::log1p(-beyond / tail));
    sum += std::exp(-0.5 * z * z) * std::pow(tail, k - 1) * lost;
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
  if (std::isinf(df)) return range_upper(q, groups);
  // With u = ln s the density of S is 2 (df/2)^(df/2) / Gamma(df/2) exp(df u - df e^(2u) / 2); Stirling's
  // ratio keeps the constant finite for large df: a^a e^-a / Gamma(a) = gamma_p_derivative(a, a) * a.
  const double a = 0.5 * df;
  const double peak = boost::math::gamma_p_derivative(a, a) * df;
  const auto integrand = [&](double u) {
    const double density = peak * std::exp(df * (u - 0.5 * std::expm1(2.0 * u)));
    return density == 0.0 ? 0.0 : density * range_upper(q * std::exp(u), groups);
  };
  // Left of the peak the mass decays as exp(df u) and the range's tail is at most 1; the left end is where
  // that is 1e-16 of the smallest tail met, exp(-df ln q). Right of it the decay is doubly exponential.
  const double left = -(40.0 / df + std::max(0.0, std::log(q)) + 9.0 / std::sqrt(df));
  const double right = 9.0 / std::sqrt(df);
  double error = 0.0;
  using Rule = boost::math::quadrature::gauss_kronrod<double, 31>;
  const double low = Rule::integrate(integrand, left, -0.5 / std::sqrt(df), 8, 1e-10, &error);
  const double high = Rule::integrate(integrand, -0.5 / std::sqrt(df), right, 8, 1e-10, &error);
  return std::min(1.0, low + high);
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
  // On the scale of logarithms the tail is smooth and monotone over all magnitudes.
  const auto miss = [&](double log_q) {
    return std::log(studentized_range_upper(std::exp(log_q), groups, df) / upper);
  };
  std::uintmax_t iterations = 200;
  const auto bracket =
      boost::math::tools::bracket_and_solve_root([&](double q) { return miss(std::log(q)); }, 3.0, 1.5, false,
                                                 boost::math::tools::eps_tolerance<double>(36), iterations);
  return 0.5 * (bracket.first + bracket.second);
}

}  // namespace stroma::stats
