#include "stats/ratio_of_means.hpp"

#include <cmath>
#include <limits>

#include "stats/descriptive.hpp"
#include "stats/distributions.hpp"
#include "stats/error.hpp"

namespace stroma::stats {

RatioOfMeans ratio_of_means(std::span<const double> x, std::span<const double> y, double level) {
  require_sample(x, 2, "ratio of means, first sample");
  require_sample(y, 2, "ratio of means, second sample");
  require_level(level);
  const double top = mean(x), bottom = mean(y);
  if (bottom == 0.0) throw StatisticsError("ratio of means: the mean of the second sample is 0");
  RatioOfMeans r;
  r.ratio = top / bottom;
  const auto n = static_cast<double>(x.size()), m = static_cast<double>(y.size());
  const double v = variance(x) / n, w = variance(y) / m;  // of the two means
  const double u = r.ratio * r.ratio * w;
  if (!(v + u > 0.0))
    throw StatisticsError("ratio of means: the values do not vary, so the error of their ratio is unknown");
  r.df = (v + u) * (v + u) / (v * v / (n - 1.0) + u * u / (m - 1.0));
  const double t = student_t_critical(level, r.df);
  const double g = t * t * w / (bottom * bottom);
  constexpr double open = std::numeric_limits<double>::quiet_NaN();
  r.ci = {open, open};
  if (g >= 1.0) return r;
  const double half = t / std::abs(bottom) * std::sqrt(v * (1.0 - g) + u) / (1.0 - g);
  r.ci = {r.ratio / (1.0 - g) - half, r.ratio / (1.0 - g) + half};
  return r;
}

}  // namespace stroma::stats
