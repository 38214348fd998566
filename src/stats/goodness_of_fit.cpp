#include "stats/goodness_of_fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "stats/descriptive.hpp"
#include "stats/distributions.hpp"
#include "stats/error.hpp"

namespace stroma::stats {
namespace {

/// A square matrix times a power of ten: the powers of the Marsaglia matrix overflow a double.
struct Scaled {
  std::vector<double> m;
  int exponent = 0;
};

Scaled multiply(const Scaled& a, const Scaled& b, std::size_t size) {
  Scaled c{std::vector<double>(size * size, 0.0), a.exponent + b.exponent};
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t k = 0; k < size; ++k) {
      const double f = a.m[i * size + k];
      if (f == 0.0) continue;
      for (std::size_t j = 0; j < size; ++j) c.m[i * size + j] += f * b.m[k * size + j];
    }
  }
  if (c.m[(size / 2) * size + size / 2] > 1e140) {
    for (double& v : c.m) v *= 1e-140;
    c.exponent += 140;
  }
  return c;
}

/// P(D_n < d): the (k, k) entry of n! / n^n H^n, with H as in Marsaglia, Tsang and Wang, section 3.
double exact_below(std::size_t n, double d) {
  const double nd = static_cast<double>(n) * d;
  const auto k = static_cast<std::size_t>(nd) + 1;
  const std::size_t size = 2 * k - 1;
  const double h = static_cast<double>(k) - nd;
  Scaled power{std::vector<double>(size * size, 0.0), 0};
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = 0; j < size; ++j) power.m[i * size + j] = i + 1 >= j ? 1.0 : 0.0;
  }
  for (std::size_t i = 0; i < size; ++i) {
    power.m[i * size] -= std::pow(h, static_cast<double>(i + 1));
    power.m[(size - 1) * size + i] -= std::pow(h, static_cast<double>(size - i));
  }
  power.m[(size - 1) * size] +=
      2.0 * h - 1.0 > 0.0 ? std::pow(2.0 * h - 1.0, static_cast<double>(size)) : 0.0;
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = 0; j <= i + 1 && j < size; ++j) {
      for (std::size_t g = 1; g + j <= i + 1; ++g) power.m[i * size + j] /= static_cast<double>(g);
    }
  }
  Scaled result{std::vector<double>(size * size, 0.0), 0};
  for (std::size_t i = 0; i < size; ++i) result.m[i * size + i] = 1.0;
  for (std::size_t e = n; e > 0; e /= 2) {
    if (e % 2 == 1) result = multiply(result, power, size);
    if (e > 1) power = multiply(power, power, size);
  }
  double s = result.m[(k - 1) * size + k - 1];
  int exponent = result.exponent;
  for (std::size_t i = 1; i <= n; ++i) {
    s *= static_cast<double>(i) / static_cast<double>(n);
    if (s < 1e-140) {
      s *= 1e140;
      exponent -= 140;
    }
  }
  return s * std::pow(10.0, exponent);
}

/// Kolmogorov's limiting P(K >= x).
double limiting_upper(double x) {
  if (x < 0.2) return 1.0;
  if (x < 1.0) {  // the theta-function dual converges here, the alternating series does not
    double sum = 0.0;
    for (int j = 1; j <= 21; j += 2) {
      sum += std::exp(-j * j * std::numbers::pi * std::numbers::pi / (8.0 * x * x));
    }
    return 1.0 - std::sqrt(2.0 * std::numbers::pi) / x * sum;
  }
  double sum = 0.0;
  for (int j = 1; j <= 10; ++j) sum += (j % 2 == 1 ? 2.0 : -2.0) * std::exp(-2.0 * j * j * x * x);
  return sum;
}

double kolmogorov_upper(std::size_t n, double d) {
  const double root = std::sqrt(static_cast<double>(n));
  const double s = d * d * static_cast<double>(n);
  // Beyond s = 18 the p value is below 1e-15, where 1 - exact has no digit left and the limiting law has all
  // its own.
  if (n <= 500 && s < 18.0) return std::clamp(1.0 - exact_below(n, d), 0.0, 1.0);
  return std::clamp(limiting_upper(root * d + 1.0 / (6.0 * root)), 0.0, 1.0);
}

}  // namespace

GoodnessOfFit kolmogorov_smirnov(std::span<const double> sample, const std::function<double(double)>& cdf) {
  require_sample(sample, 1, "Kolmogorov-Smirnov test");
  std::vector<double> sorted(sample.begin(), sample.end());
  std::sort(sorted.begin(), sorted.end());
  const auto n = static_cast<double>(sorted.size());
  GoodnessOfFit g;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const double f = cdf(sorted[i]);
    if (!(f >= 0.0 && f <= 1.0)) {
      throw StatisticsError(fmt::format(
          "Kolmogorov-Smirnov test: the cdf gives {} at {}, a number in [0, 1] is needed", f, sorted[i]));
    }
    g.statistic = std::max({g.statistic, f - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - f});
  }
  g.p = kolmogorov_upper(sorted.size(), g.statistic);
  return g;
}

GoodnessOfFit chi_square_test(std::span<const double> observed, std::span<const double> expected,
                              int fitted_parameters) {
  if (observed.size() != expected.size()) {
    throw StatisticsError(
        fmt::format("chi-square test: {} observed and {} expected counts, as many are needed",
                    observed.size(), expected.size()));
  }
  require_sample(observed, 2, "chi-square test, observed");
  require_sample(expected, 2, "chi-square test, expected");
  GoodnessOfFit g;
  double total_observed = 0.0;
  double total_expected = 0.0;
  for (std::size_t i = 0; i < observed.size(); ++i) {
    if (!(expected[i] > 0.0) || observed[i] < 0.0) {
      throw StatisticsError(fmt::format(
          "chi-square test, bin {}: observed {}, expected {}; a count and a positive number are needed",
          i + 1, observed[i], expected[i]));
    }
    const double d = observed[i] - expected[i];
    g.statistic += d * d / expected[i];
    total_observed += observed[i];
    total_expected += expected[i];
  }
  if (std::abs(total_observed - total_expected) > 1e-6 * total_expected) {
    throw StatisticsError(
        fmt::format("chi-square test: {} observed in total but {} expected; totals must agree",
                    total_observed, total_expected));
  }
  g.df = static_cast<double>(observed.size()) - 1.0 - fitted_parameters;
  if (fitted_parameters < 0 || g.df < 1.0) {
    throw StatisticsError(
        fmt::format("chi-square test: {} bins and {} fitted parameters leave no degrees of freedom",
                    observed.size(), fitted_parameters));
  }
  g.p = chi_square_upper(g.statistic, g.df);
  return g;
}

Bins pool_bins(std::span<const double> observed, std::span<const double> expected, double least) {
  if (observed.size() != expected.size()) {
    throw StatisticsError(fmt::format("pooling: {} observed and {} expected counts, as many are needed",
                                      observed.size(), expected.size()));
  }
  require_sample(observed, 1, "pooling, observed");
  require_sample(expected, 1, "pooling, expected");
  Bins bins;
  double o = 0.0;
  double e = 0.0;
  for (std::size_t i = 0; i < observed.size(); ++i) {
    o += observed[i];
    e += expected[i];
    if (e >= least) {
      bins.observed.push_back(o);
      bins.expected.push_back(e);
      o = e = 0.0;
    }
  }
  if (bins.expected.empty()) {
    bins.observed.push_back(o);
    bins.expected.push_back(e);
  } else {
    bins.observed.back() += o;
    bins.expected.back() += e;
  }
  return bins;
}

GoodnessOfFit z_test_mean(std::span<const double> sample, double mean_expected, double sd) {
  require_sample(sample, 1, "z test of a mean");
  if (!(sd > 0.0) || !std::isfinite(sd) || !std::isfinite(mean_expected)) {
    throw StatisticsError(
        fmt::format("z test of a mean: mean {} and sd {} given, a finite mean and a positive sd are needed",
                    mean_expected, sd));
  }
  GoodnessOfFit g;
  g.statistic = (mean(sample) - mean_expected) / sd * std::sqrt(static_cast<double>(sample.size()));
  g.p = normal_two_sided(g.statistic);
  return g;
}

GoodnessOfFit z_test_proportion(double successes, double trials, double probability) {
  if (!(trials >= 1.0) || !(successes >= 0.0 && successes <= trials) ||
      !(probability > 0.0 && probability < 1.0)) {
    throw StatisticsError(
        fmt::format("z test of a proportion: {} of {} at probability {}; 0 <= successes <= trials and a "
                    "probability in (0, 1) are needed",
                    successes, trials, probability));
  }
  GoodnessOfFit g;
  g.statistic = (successes - trials * probability) / std::sqrt(trials * probability * (1.0 - probability));
  g.p = normal_two_sided(g.statistic);
  return g;
}

}  // namespace stroma::stats
