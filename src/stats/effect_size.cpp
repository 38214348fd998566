#include "stats/effect_size.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <cstdint>
#include <functional>
#include <vector>

#include "stats/distributions.hpp"
#include "stats/error.hpp"
#include "stats/t_test.hpp"

namespace stroma::stats {
namespace {

/// The argument from `low` upward at which the increasing function `tail` takes the value `wanted`; it is
/// below it at `low`.
double solve(const std::function<double(double)>& tail, double wanted, double low) {
  double step = 1.0 + std::abs(low);
  double high = low + step;
  for (; tail(high) < wanted; step *= 2.0) high += step;
  std::uintmax_t iterations = 200;
  const auto bracket =
      boost::math::tools::toms748_solve([&](double v) { return tail(v) - wanted; }, low, high,
                                        boost::math::tools::eps_tolerance<double>(44), iterations);
  return 0.5 * (bracket.first + bracket.second);
}

/// The noncentralities of which t is the upper and the lower quantile; P(T >= t) grows with them.
Interval noncentrality_of_t(double t, double df, double level) {
  const double tail = 0.5 * (1.0 - level);
  const auto upper = [&](double delta) { return noncentral_t_upper(t, df, delta); };
  double low = t;
  for (double step = 1.0; upper(low) >= tail; step *= 2.0) low -= step;
  return {solve(upper, tail, low), solve(upper, 1.0 - tail, low)};
}

/// The t statistic and its noncentralities in units of the standard deviation.
EffectSize standardised(const TTest& t, double scale, double level) {
  const Interval ci = noncentrality_of_t(t.statistic, t.df, level);
  return {t.statistic * scale, {ci.low * scale, ci.high * scale}};
}

double root_of_inverse_sizes(std::size_t n, std::size_t m) {
  return std::sqrt(1.0 / static_cast<double>(n) + 1.0 / static_cast<double>(m));
}

}  // namespace

EffectSize cohens_d(std::span<const double> x, std::span<const double> y, double level) {
  return standardised(student_t_test(x, y, level), root_of_inverse_sizes(x.size(), y.size()), level);
}

EffectSize cohens_d_paired(std::span<const double> x, std::span<const double> y, double level) {
  return standardised(paired_t_test(x, y, level), 1.0 / std::sqrt(static_cast<double>(x.size())), level);
}

EffectSize hedges_g(std::span<const double> x, std::span<const double> y, double level) {
  const EffectSize d = cohens_d(x, y, level);
  const double half = 0.5 * static_cast<double>(x.size() + y.size() - 2);
  // One degree of freedom has no finite mean of d: the factor is 0 there (Gamma of 0 is infinite).
  const double factor = half > 0.5 ? boost::math::tgamma_ratio(half, half - 0.5) / std::sqrt(half) : 0.0;
  return {d.value * factor, {d.ci.low * factor, d.ci.high * factor}};
}

EffectSize eta_squared(double f, double df1, double df2, double level) {
  require_level(level);
  const double tail = 0.5 * (1.0 - level);
  const auto upper = [&](double lambda) { return noncentral_f_upper(f, df1, df2, lambda); };
  const double central = upper(0.0);
  const auto share_at = [&](double wanted) {
    if (central >= wanted) return 0.0;  // even no effect at all puts F higher
    const double lambda = solve(upper, wanted, 0.0);
    return lambda / (lambda + df1 + df2 + 1.0);
  };
  return {f * df1 / (f * df1 + df2), {share_at(tail), share_at(1.0 - tail)}};
}

EffectSize cliffs_delta(std::span<const double> x, std::span<const double> y, double level) {
  require_level(level);
  require_sample(x, 2, "Cliff's delta, first sample");
  require_sample(y, 2, "Cliff's delta, second sample");
  const auto n = static_cast<double>(x.size());
  const auto m = static_cast<double>(y.size());
  const auto sign = [](double a, double b) { return static_cast<double>((a > b) - (a < b)); };
  std::vector<double> row(x.size(), 0.0), column(y.size(), 0.0);
  double total = 0.0, squares = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t j = 0; j < y.size(); ++j) {
      const double s = sign(x[i], y[j]);
      row[i] += s / m;
      column[j] += s / n;
      total += s;
      squares += s * s;
    }
  }
  EffectSize e;
  const double d = e.value = total / (n * m);
  const double z = normal_quantile(0.5 * (1.0 + level));
  if (std::abs(d) == 1.0) {
    // No pair is out of order and the variance estimate is 0: Feng and Cliff's limit for that case.
    const double fewest = std::min(n, m);
    const double end = (fewest - z * z) / (fewest + z * z);
    e.ci = d > 0.0 ? Interval{end, 1.0} : Interval{-1.0, -end};
    return e;
  }
  double rows = 0.0, columns = 0.0;
  for (const double r : row) rows += (r - d) * (r - d);
  for (const double c : column) columns += (c - d) * (c - d);
  const double unbiased =
      (m * m * rows + n * n * columns - (squares - n * m * d * d)) / (n * m * (n - 1.0) * (m - 1.0));
  const double variance = std::max(unbiased, (1.0 - d * d) / (n * m - 1.0));
  const double rest = 1.0 - d * d;
  const double half = z * std::sqrt(variance) * std::sqrt(rest * rest + z * z * variance);
  const double scale = rest + z * z * variance;
  e.ci = {(d - d * d * d - half) / scale, (d - d * d * d + half) / scale};
  return e;
}

}  // namespace stroma::stats
