#include "stats/scale_mixture.hpp"

#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <numbers>

namespace stroma::stats {
namespace {

/// 2 (df/2)^(df/2) e^(-df/2) / Gamma(df/2), the density of ln S at 0; by Stirling's series where the factors
/// overflow.
double peak_density(double df) {
  const double a = 0.5 * df;
  if (a < 20.0) return 2.0 * std::exp(a * std::log(a) - a - boost::math::lgamma(a));
  const double series = 1.0 / (12.0 * a) - 1.0 / (360.0 * a * a * a) + 1.0 / (1260.0 * std::pow(a, 5));
  return 2.0 * std::sqrt(a / (2.0 * std::numbers::pi)) * std::exp(-series);
}

}  // namespace

double scale_mixture_upper(double q, double df, const std::function<double(double)>& upper) {
  if (std::isinf(df)) return upper(q);
  // With u = ln s the density of S is peak * exp(df u - df (e^(2u) - 1) / 2).
  const double peak = peak_density(df);
  const auto integrand = [&](double u) {
    const double density = peak * std::exp(df * (u - 0.5 * std::expm1(2.0 * u)));
    return density == 0.0 ? 0.0 : density * upper(q * std::exp(u));
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

}  // namespace stroma::stats
