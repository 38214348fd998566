#include "stats/dunnett.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "stats/descriptive.hpp"
#include "stats/distributions.hpp"
#include "stats/error.hpp"
#include "stats/scale_mixture.hpp"

namespace stroma::stats {
namespace {

struct Loading {
  double shared = 0.0;  // l
  double own = 1.0;     // t = sqrt(1 - l^2)
};

std::vector<Loading> checked(std::span<const double> loadings, double df) {
  if (loadings.empty()) throw StatisticsError("Dunnett's law: no treatment given, at least 1 needed");
  if (!(df >= 1.0))
    throw StatisticsError(fmt::format("Dunnett's law: {} degrees of freedom given, at least 1 needed", df));
  std::vector<Loading> l;
  for (const double v : loadings) {
    if (!(v > 0.0 && v < 1.0))
      throw StatisticsError(fmt::format("Dunnett's law: loading {} given, a number in (0, 1) is needed", v));
    l.push_back({v, std::sqrt((1.0 - v) * (1.0 + v))});
  }
  return l;
}

/// P(max |l_i Z + t_i Z_i| >= w). The integrand is even in z and analytic, with Gaussian decay beyond the
/// place where the largest l z reaches w: the trapezoid rule converges geometrically once its step is a
/// fraction of the narrowest factor, t / l.
double maximum_upper(double w, std::span<const Loading> loadings) {
  if (w <= 0.0) return 1.0;
  double narrowest = 1.0, largest = 0.0;
  for (const Loading& l : loadings) {
    narrowest = std::min(narrowest, l.own / l.shared);
    largest = std::max(largest, l.shared);
  }
  const double step = std::min(0.2, 0.4 * narrowest);
  const double end = std::min(largest * w + 9.0, 38.0);  // phi(38) is the smallest double
  double sum = 0.0;
  for (int i = 0; i * step <= end; ++i) {
    const double z = i * step;
    double log_inside = 0.0;
    for (const Loading& l : loadings) {
      const double outside = normal_cdf((l.shared * z - w) / l.own) + normal_cdf((-l.shared * z - w) / l.own);
      log_inside += std::log1p(-std::min(1.0, outside));
    }
    sum += (i == 0 ? 1.0 : 2.0) * std::exp(-0.5 * z * z) * -std::expm1(log_inside);
  }
  return std::min(1.0, sum * step / std::sqrt(2.0 * std::numbers::pi));
}

double upper_tail(double d, std::span<const Loading> loadings, double df) {
  return std::min(1.0, scale_mixture_upper(d, df, [&](double w) { return maximum_upper(w, loadings); }));
}

}  // namespace

double dunnett_upper(double d, std::span<const double> loadings, double df) {
  const auto l = checked(loadings, df);
  if (!(d >= 0.0))
    throw StatisticsError(fmt::format("Dunnett's law: d = {} given, a number not below 0 is needed", d));
  if (d == 0.0) return 1.0;
  if (std::isinf(d)) return 0.0;
  return upper_tail(d, l, df);
}

double dunnett_critical(double upper, std::span<const double> loadings, double df) {
  const auto l = checked(loadings, df);
  if (!(upper > 0.0 && upper < 1.0))
    throw StatisticsError(
        fmt::format("Dunnett's law: tail area {} given, a number in (0, 1) is needed", upper));
  // One treatment alone is more seldom extreme than any of them, and any of them less often than the sum.
  const double low = student_t_upper_quantile(0.5 * upper, df) * (1.0 - 1e-9);
  const double high =
      student_t_upper_quantile(0.5 * upper / static_cast<double>(l.size()), df) * (1.0 + 1e-9);
  const auto miss = [&](double d) { return std::log(upper_tail(d, l, df) / upper); };
  std::uintmax_t iterations = 100;
  const auto bracket = boost::math::tools::toms748_solve(
      miss, low, high, boost::math::tools::eps_tolerance<double>(34), iterations);
  return 0.5 * (bracket.first + bracket.second);
}

std::vector<DunnettComparison> dunnett(const Groups& groups, std::size_t control, double level,
                                       const std::optional<ErrorTerm>& given) {
  require_level(level);
  if (control >= groups.size()) {
    throw StatisticsError(
        fmt::format("Dunnett's test: control {} of {} groups does not exist", control + 1, groups.size()));
  }
  const auto [mean_square, df] = given ? *given : error_within(one_way_anova(groups));
  const double origin = groups[control].front();
  const Moments reference = moments(groups[control], origin);
  const auto n0 = static_cast<double>(reference.n);
  std::vector<double> loadings;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const auto n = static_cast<double>(groups[i].size());
    if (i != control) loadings.push_back(std::sqrt(n / (n + n0)));
  }
  const double critical = dunnett_critical(1.0 - level, loadings, df);
  std::vector<DunnettComparison> all;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (i == control) continue;
    const Moments m = moments(groups[i], origin);
    const double error = std::sqrt(mean_square * (1.0 / static_cast<double>(m.n) + 1.0 / n0));
    DunnettComparison c{i, static_cast<double>(m.mean - reference.mean), 0.0, 1.0, {}};
    c.statistic = c.difference / error;
    c.p_adjusted = dunnett_upper(std::abs(c.statistic), loadings, df);
    c.ci = {c.difference - critical * error, c.difference + critical * error};
    all.push_back(c);
  }
  return all;
}

}  // namespace stroma::stats
