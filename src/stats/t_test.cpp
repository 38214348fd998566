#include "stats/t_test.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "stats/descriptive.hpp"
#include "stats/distributions.hpp"
#include "stats/error.hpp"

namespace stroma::stats {
namespace {

TTest test_of(double difference, double standard_error, double df, double level) {
  TTest t{difference, standard_error, difference / standard_error, df, 1.0, {}};
  t.p = student_t_two_sided(t.statistic, df);
  const double half = student_t_critical(level, df) * standard_error;
  t.ci = {difference - half, difference + half};
  return t;
}

// A spread of a few roundings of the mean is the arithmetic's and not the data's (R's t.test draws the same
// line).
void require_spread(long double sum_of_squares, double df, long double largest_mean, const char* what) {
  const long double rounding = 10.0L * std::numeric_limits<double>::epsilon() * largest_mean;
  if (sum_of_squares <= df * rounding * rounding) {
    throw StatisticsError(fmt::format(
        "{}: the values do not vary, so their error is unknown; values that differ are needed", what));
  }
}

struct Two {
  Moments x, y;
  double difference;
};

Two two_samples(std::span<const double> x, std::span<const double> y, const char* what) {
  require_sample(x, 2, fmt::format("{}, first sample", what));
  require_sample(y, 2, fmt::format("{}, second sample", what));
  Two two{moments(x, y.front()), moments(y, y.front()), 0.0};
  require_spread(two.x.sum_of_squares + two.y.sum_of_squares, static_cast<double>(two.x.n + two.y.n - 2),
                 std::max(std::abs(two.x.mean + y.front()), std::abs(two.y.mean + y.front())), what);
  two.difference = static_cast<double>(two.x.mean - two.y.mean);
  return two;
}

}  // namespace

TTest one_sample_t_test(std::span<const double> x, double reference, double level) {
  require_sample(x, 2, "one-sample t test");
  require_sample({&reference, 1}, 1, "one-sample t test, reference");
  require_level(level);
  const Moments m = moments(x);
  const double df = static_cast<double>(m.n - 1);
  require_spread(m.sum_of_squares, df, std::abs(m.mean), "one-sample t test");
  const double error = std::sqrt(static_cast<double>(m.sum_of_squares) / df / static_cast<double>(m.n));
  return test_of(static_cast<double>(m.mean - reference), error, df, level);
}

TTest student_t_test(std::span<const double> x, std::span<const double> y, double level) {
  require_level(level);
  const Two two = two_samples(x, y, "Student's t test");
  const double df = static_cast<double>(two.x.n + two.y.n - 2);
  const double pooled = static_cast<double>(two.x.sum_of_squares + two.y.sum_of_squares) / df;
  const double error =
      std::sqrt(pooled * (1.0 / static_cast<double>(two.x.n) + 1.0 / static_cast<double>(two.y.n)));
  return test_of(two.difference, error, df, level);
}

TTest welch_t_test(std::span<const double> x, std::span<const double> y, double level) {
  require_level(level);
  const Two two = two_samples(x, y, "Welch's t test");
  const double dfx = static_cast<double>(two.x.n - 1);
  const double dfy = static_cast<double>(two.y.n - 1);
  const double vx = static_cast<double>(two.x.sum_of_squares) / dfx / static_cast<double>(two.x.n);
  const double vy = static_cast<double>(two.y.sum_of_squares) / dfy / static_cast<double>(two.y.n);
  // Shares of the squared error rather than the squares themselves: those may underflow.
  const double share = vx / (vx + vy);
  const double df = 1.0 / (share * share / dfx + (1.0 - share) * (1.0 - share) / dfy);
  return test_of(two.difference, std::sqrt(vx + vy), df, level);
}

TTest paired_t_test(std::span<const double> x, std::span<const double> y, double level) {
  if (x.size() != y.size()) {
    throw StatisticsError(
        fmt::format("paired t test: {} values against {}, pairs are needed", x.size(), y.size()));
  }
  require_sample(x, 2, "paired t test, first sample");
  require_sample(y, 2, "paired t test, second sample");
  std::vector<double> d(x.size());
  for (std::size_t i = 0; i < d.size(); ++i) d[i] = x[i] - y[i];
  return one_sample_t_test(d, 0.0, level);
}

EquivalenceTest equivalence_test(std::span<const double> x, std::span<const double> y, double low,
                                 double high, double alpha) {
  if (!(low < high)) {
    throw StatisticsError(
        fmt::format("equivalence test: bounds ({}, {}), the first must be below the second", low, high));
  }
  if (!(alpha > 0.0 && alpha < 0.5)) {
    throw StatisticsError(
        fmt::format("equivalence test: alpha {} given, a number in (0, 0.5) is needed", alpha));
  }
  const TTest t = welch_t_test(x, y, 1.0 - 2.0 * alpha);
  EquivalenceTest e;
  e.difference = t.difference;
  e.df = t.df;
  e.ci = t.ci;
  e.p_above_low = student_t_upper((t.difference - low) / t.standard_error, t.df);
  e.p_below_high = student_t_upper((high - t.difference) / t.standard_error, t.df);
  e.p = std::max(e.p_above_low, e.p_below_high);
  e.equivalent = e.p < alpha;
  return e;
}

}  // namespace stroma::stats
