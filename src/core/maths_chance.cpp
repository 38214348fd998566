// Quantiles and probabilities of maths.hpp: what random draws are made of.
#include <array>
#include <cmath>
#include <numbers>

#include "core/maths.hpp"

namespace stroma::core::maths {
namespace {

using Coefficients = std::array<double, 8>;

// Ratio of two polynomials of degree 7, coefficients from the constant on.
double ratio(const Coefficients& above, const Coefficients& below, double x) {
  double a = 0.0, b = 0.0;
  for (std::size_t k = 8; k-- > 0;) {
    a = a * x + above[k];
    b = b * x + below[k];
  }
  return a / b;
}

// ln n! - ln(sqrt(2 pi n) (n/e)^n): what Stirling's formula leaves out. n >= 1.
double stirling_rest(double n) {
  if (n <= 15.0) {
    double factorial = 1.0;  // exact up to 18!
    for (int k = 2; k <= static_cast<int>(n); ++k) factorial *= k;
    return log(factorial) - (n + 0.5) * log(n) + n - 0.5 * log(2.0 * std::numbers::pi);
  }
  const double square = 1.0 / (n * n);
  return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - square / 1188) * square) * square) * square) /
         n;
}

// x ln(x/mean) + mean - x, whose terms cancel where x is near the mean; there a series in (x - mean)/(x +
// mean).
double deviance(double x, double mean) {
  if (std::abs(x - mean) >= 0.1 * (x + mean)) return x * log(x / mean) + mean - x;
  const double v = (x - mean) / (x + mean);
  double sum = (x - mean) * v, term = 2.0 * x * v;
  for (int j = 1; j < 1000; ++j) {
    term *= v * v;
    const double next = sum + term / (2 * j + 1);
    if (next == sum) break;
    sum = next;
  }
  return sum;
}

}  // namespace

double normal_quantile(double p) {
  constexpr Coefficients centre_above = {
      3.3871328727963666080e0,  1.3314166789178437745e+2, 1.9715909503065514427e+3, 1.3731693765509461125e+4,
      4.5921953931549871457e+4, 6.7265770927008700853e+4, 3.3430575583588128105e+4, 2.5090809287301226727e+3};
  constexpr Coefficients centre_below = {1.0,
                                         4.2313330701600911252e+1,
                                         6.8718700749205790830e+2,
                                         5.3941960214247511077e+3,
                                         2.1213794301586595867e+4,
                                         3.9307895800092710610e+4,
                                         2.8729085735721942674e+4,
                                         5.2264952788528545610e+3};
  constexpr Coefficients middle_above = {1.42343711074968357734e0,  4.63033784615654529590e0,
                                         5.76949722146069140550e0,  3.64784832476320460504e0,
                                         1.27045825245236838258e0,  2.41780725177450611770e-1,
                                         2.27238449892691845833e-2, 7.74545014278341407640e-4};
  constexpr Coefficients middle_below = {1.0,
                                         2.05319162663775882187e0,
                                         1.67638483018380384940e0,
                                         6.89767334985100004550e-1,
                                         1.48103976427480074590e-1,
                                         1.51986665636164571966e-2,
                                         5.47593808499534494600e-4,
                                         1.05075007164441684324e-9};
  constexpr Coefficients tail_above = {6.65790464350110377720e0,  5.46378491116411436990e0,
                                       1.78482653991729133580e0,  2.96560571828504891230e-1,
                                       2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                       2.71155556874348757815e-5, 2.01033439929228813265e-7};
  constexpr Coefficients tail_below = {1.0,
                                       5.99832206555887937690e-1,
                                       1.36929880922735805310e-1,
                                       1.48753612908506148525e-2,
                                       7.86869131145613259100e-4,
                                       1.84631831751005468180e-5,
                                       1.42151175831644588870e-7,
                                       2.04426310338993978564e-15};
  const double q = p - 0.5;
  if (std::abs(q) <= 0.425) return q * ratio(centre_above, centre_below, 0.180625 - q * q);
  const double r = std::sqrt(-log(q < 0.0 ? p : 1.0 - p));
  const double x =
      r <= 5.0 ? ratio(middle_above, middle_below, r - 1.6) : ratio(tail_above, tail_below, r - 5.0);
  return q < 0.0 ? -x : x;
}

double log_poisson(std::int64_t k, double mean) {
  if (k == 0) return -mean;
  const auto x = static_cast<double>(k);
  return -stirling_rest(x) - deviance(x, mean) - 0.5 * log(2.0 * std::numbers::pi * x);
}

double log_binomial(std::int64_t k, std::int64_t n, double p) {
  const auto x = static_cast<double>(k), all = static_cast<double>(n), other = static_cast<double>(n - k);
  if (k == 0) return all * log1p(-p);
  if (k == n) return all * log(p);
  return stirling_rest(all) - stirling_rest(x) - stirling_rest(other) - deviance(x, all * p) -
         deviance(other, all * (1.0 - p)) + 0.5 * log(all / (2.0 * std::numbers::pi * x * other));
}

}  // namespace stroma::core::maths
