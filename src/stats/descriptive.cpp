#include "stats/descriptive.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "stats/distributions.hpp"
#include "stats/error.hpp"

namespace stroma::stats {

Moments moments(std::span<const double> x, double origin) {
  require_sample(x, 1, "sample");
  const long double zero = origin;
  // Equal values have exactly no spread, which a rounded mean of theirs would deny.
  if (std::all_of(x.begin(), x.end(), [&](double v) { return v == x.front(); })) {
    return {x.size(), x.front() - zero, 0.0L};
  }
  const auto n = static_cast<long double>(x.size());
  long double total = 0.0L;
  for (const double v : x) total += v - zero;
  const long double first = total / n;
  // The first mean carries a rounding error; the mean of the deviations from it is that error, and takes it
  // back.
  long double rest = 0.0L;
  long double squares = 0.0L;
  for (const double v : x) {
    const long double d = (v - zero) - first;
    rest += d;
    squares += d * d;
  }
  return {x.size(), first + rest / n, std::max(0.0L, squares - rest * rest / n)};
}

double mean(std::span<const double> x) {
  return static_cast<double>(moments(x).mean);
}

double variance(std::span<const double> x) {
  require_sample(x, 2, "variance");
  const Moments m = moments(x);
  return static_cast<double>(m.sum_of_squares / static_cast<long double>(m.n - 1));
}

double standard_deviation(std::span<const double> x) {
  require_sample(x, 2, "standard deviation");
  return std::sqrt(variance(x));
}

double standard_error(std::span<const double> x) {
  require_sample(x, 2, "standard error of the mean");
  return std::sqrt(variance(x) / static_cast<double>(x.size()));
}

double autocorrelation(std::span<const double> x) {
  require_sample(x, 2, "autocorrelation");
  const Moments m = moments(x);
  if (m.sum_of_squares <= 0.0L) {
    throw StatisticsError("autocorrelation: all values are the same, values that differ are needed");
  }
  long double products = 0.0L;
  for (std::size_t i = 0; i + 1 < x.size(); ++i) products += (x[i] - m.mean) * (x[i + 1] - m.mean);
  return static_cast<double>(products / m.sum_of_squares);
}

double quantile(std::span<const double> x, double p) {
  require_sample(x, 1, "quantile");
  if (!(p >= 0.0 && p <= 1.0))
    throw StatisticsError(fmt::format("quantile: order {} given, a number in [0, 1] is needed", p));
  std::vector<double> sorted(x.begin(), x.end());
  std::sort(sorted.begin(), sorted.end());
  const double position = static_cast<double>(sorted.size() - 1) * p;
  const auto below = static_cast<std::size_t>(std::floor(position));
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (position - std::floor(position)) * (sorted[above] - sorted[below]);
}

double median(std::span<const double> x) {
  return quantile(x, 0.5);
}

Summary summarise(std::span<const double> x) {
  return {x.size(), mean(x), standard_deviation(x), standard_error(x)};
}

Interval mean_interval(std::span<const double> x, double level) {
  require_sample(x, 2, "interval of a mean");
  require_level(level);
  const double centre = mean(x);
  const double half = student_t_critical(level, static_cast<double>(x.size() - 1)) * standard_error(x);
  return {centre - half, centre + half};
}

}  // namespace stroma::stats
