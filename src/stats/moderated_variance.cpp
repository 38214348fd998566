#include "stats/moderated_variance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/polygamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>
#include <cmath>
#include <limits>
#include <numeric>

#include "stats/descriptive.hpp"
#include "stats/distributions.hpp"
#include "stats/error.hpp"

namespace stroma::stats {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();
constexpr double infinite = std::numeric_limits<double>::infinity();

// y with trigamma(y) = x > 0. 1 / trigamma is nearly linear, so Newton's method on it converges from below
// (Smyth 2004, appendix); the limits are those of small and of large y.
double trigamma_inverse(double x) {
  if (x > 1e7) return 1.0 / std::sqrt(x);
  if (x < 1e-6) return 1.0 / x;
  double y = 0.5 + 1.0 / x;
  for (int i = 0; i < 50; ++i) {
    const double trigamma = boost::math::trigamma(y);
    const double step = trigamma * (1.0 - trigamma / x) / boost::math::polygamma(2, y);
    y += step;
    if (-step < 1e-12 * y) break;
  }
  return y;
}

// The variance of true effects in units of the residual one, from the genes with the largest |t|: what turns
// the quantile that chance alone would give to their rank into the t that was seen.
double effect_variance(const ModeratedTests& tests, const LinearModels& models, std::size_t contrast,
                       double proportion) {
  struct Gene {
    double t, error;
  };
  std::vector<Gene> genes;
  double most_df = 0.0;
  for (std::size_t g = 0; g < models.df.size(); ++g)
    if (!std::isnan(tests.t(g, contrast))) most_df = std::max(most_df, tests.df[g]);
  for (std::size_t g = 0; g < models.df.size(); ++g) {
    double t = std::abs(tests.t(g, contrast));
    if (std::isnan(t)) continue;
    if (tests.df[g] < most_df) {  // the t with the same tail at the most degrees of freedom
      const double tail = student_t_upper(t, tests.df[g]);
      if (tail > 0.0) t = student_t_upper_quantile(tail, most_df);
    }
    genes.push_back({t, models.unscaled_error(g, contrast)});
  }
  const double n = static_cast<double>(genes.size());
  const auto targets = static_cast<std::size_t>(std::ceil(proportion / 2.0 * n));
  if (targets < 1) return none;
  const double p = std::max(static_cast<double>(targets) / n, proportion);
  std::stable_sort(genes.begin(), genes.end(), [](const Gene& a, const Gene& b) { return a.t > b.t; });
  const double low = 0.1 * 0.1 / tests.prior.variance, high = 4.0 * 4.0 / tests.prior.variance;
  double total = 0.0;
  for (std::size_t k = 0; k < targets; ++k) {
    const double by_chance = student_t_two_sided(genes[k].t, most_df);
    const double target = ((static_cast<double>(k) + 0.5) / n - (1.0 - p) * by_chance) / p;
    double v = 0.0;
    if (target > by_chance) {
      const double ratio = genes[k].t / student_t_upper_quantile(0.5 * target, most_df);
      v = genes[k].error * genes[k].error * (ratio * ratio - 1.0);
    }
    total += std::clamp(v, low, high);
  }
  return total / static_cast<double>(targets);
}

}  // namespace

VariancePrior fit_variance_prior(std::span<const double> variance, std::span<const double> df) {
  if (variance.size() != df.size())
    throw StatisticsError(
        fmt::format("prior of variances: {} variances with {} df", variance.size(), df.size()));
  std::vector<double> s, d;
  for (std::size_t i = 0; i < df.size(); ++i)
    if (std::isfinite(variance[i]) && std::isfinite(df[i]) && df[i] > 0.0) {
      s.push_back(variance[i]);
      d.push_back(df[i]);
    }
  if (s.empty())
    throw StatisticsError(
        "prior of variances: no row has residual degrees of freedom, replicate samples are needed");
  VariancePrior prior;
  if (s.size() == 1) {
    prior.variance = s.front();
    return prior;
  }
  const double middle = median(s);
  if (middle == 0.0)
    prior.warning = "more than half of the variances are 0: moderated tests are unreliable";
  else if (std::find(s.begin(), s.end(), 0.0) != s.end())
    prior.warning = "some variances are 0; they were raised to 1e-5 of the median";
  const double least = 1e-5 * (middle > 0.0 ? middle : 1.0);
  std::vector<double> e;
  double trigamma = 0.0;
  for (std::size_t i = 0; i < s.size(); ++i) {
    s[i] = std::max(s[i], least);
    e.push_back(std::log(s[i]) - boost::math::digamma(0.5 * d[i]) + std::log(0.5 * d[i]));
    trigamma += boost::math::trigamma(0.5 * d[i]) / static_cast<double>(s.size());
  }
  const double beyond_chance = stats::variance(e) - trigamma;
  if (beyond_chance > 0.0) {
    prior.df = 2.0 * trigamma_inverse(beyond_chance);
    prior.variance = std::exp(mean(e) + boost::math::digamma(0.5 * prior.df) - std::log(0.5 * prior.df));
  } else {
    prior.df = infinite;
    prior.variance = mean(s);
  }
  return prior;
}

ModeratedTests moderate(const LinearModels& models, double proportion) {
  if (!(proportion > 0.0 && proportion < 1.0))
    throw StatisticsError(
        fmt::format("moderated tests: proportion {}, a number in (0, 1) is needed", proportion));
  const std::size_t genes = models.df.size(), contrasts = models.effect.columns;
  ModeratedTests tests;
  tests.prior = fit_variance_prior(models.variance, models.df);
  const auto& [s0, d0, warning] = tests.prior;
  const double all_df = std::accumulate(models.df.begin(), models.df.end(), 0.0);
  tests.t = {genes, contrasts, std::vector<double>(genes * contrasts, none)};
  tests.p = tests.log_odds = tests.t;
  for (std::size_t g = 0; g < genes; ++g) {
    const double d = models.df[g], s = d > 0.0 ? models.variance[g] : 0.0;
    tests.variance.push_back(std::isinf(d0) ? s0 : d + d0 > 0.0 ? (d * s + d0 * s0) / (d + d0) : none);
    tests.df.push_back(std::min(d + d0, all_df));
    for (std::size_t c = 0; c < contrasts; ++c) {
      const double t = models.effect(g, c) / (models.unscaled_error(g, c) * std::sqrt(tests.variance.back()));
      if (std::isnan(t)) continue;
      tests.t(g, c) = t;
      tests.p(g, c) = student_t_two_sided(t, tests.df.back());
    }
  }
  for (std::size_t c = 0; c < contrasts; ++c) {
    double v = effect_variance(tests, models, c, proportion);
    if (std::isnan(v)) v = 1.0 / s0;
    for (std::size_t g = 0; g < genes; ++g) {
      const double t = tests.t(g, c), u = models.unscaled_error(g, c), df = tests.df[g];
      if (std::isnan(t)) continue;
      const double r = (u * u + v) / (u * u);
      const double evidence = d0 > 1e6 ? 0.5 * t * t * (1.0 - 1.0 / r)
                                       : 0.5 * (1.0 + df) * std::log((t * t + df) / (t * t / r + df));
      tests.log_odds(g, c) = std::log(proportion / (1.0 - proportion)) - 0.5 * std::log(r) + evidence;
    }
  }
  return tests;
}

}  // namespace stroma::stats
