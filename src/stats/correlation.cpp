#include "stats/correlation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "stats/descriptive.hpp"
#include "stats/distributions.hpp"
#include "stats/error.hpp"

namespace stroma::stats {

Correlation pearson(std::span<const double> x, std::span<const double> y, double level) {
  require_level(level);
  if (x.size() != y.size()) {
    throw StatisticsError(
        fmt::format("correlation: {} values against {}, pairs are needed", x.size(), y.size()));
  }
  require_sample(x, 3, "correlation, first variable");
  require_sample(y, 3, "correlation, second variable");
  const Moments mx = moments(x);
  const Moments my = moments(y);
  if (mx.sum_of_squares <= 0.0L || my.sum_of_squares <= 0.0L) {
    throw StatisticsError("correlation: a variable does not vary, both must");
  }
  long double products = 0.0L;
  for (std::size_t i = 0; i < x.size(); ++i) products += (x[i] - mx.mean) * (y[i] - my.mean);
  Correlation c;
  c.n = x.size();
  c.df = static_cast<double>(c.n - 2);
  const long double scale = std::sqrt(mx.sum_of_squares) * std::sqrt(my.sum_of_squares);
  const long double r = std::clamp(products / scale, -1.0L, 1.0L);
  c.r = static_cast<double>(r);
  const long double rest = (1.0L - r) * (1.0L + r);
  c.statistic = rest > 0.0L ? static_cast<double>(r * std::sqrt(c.df / rest))
                            : std::copysign(std::numeric_limits<double>::infinity(), c.r);
  c.p = student_t_two_sided(c.statistic, c.df);
  if (c.n == 3) {
    c.ci = {-1.0, 1.0};
  } else {
    const double half = normal_quantile(0.5 * (1.0 + level)) / std::sqrt(static_cast<double>(c.n - 3));
    c.ci = {std::tanh(std::atanh(c.r) - half), std::tanh(std::atanh(c.r) + half)};
  }
  return c;
}

}  // namespace stroma::stats
