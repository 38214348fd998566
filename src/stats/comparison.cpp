#include "stats/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "stats/error.hpp"
#include "stats/t_test.hpp"

namespace stroma::stats {
namespace {

std::optional<NotComparable> obstacle(std::span<const double> x, const char* arm) {
  using enum NotComparableBecause;
  if (x.size() < 2) {
    return NotComparable{too_few_values, fmt::format("the {} arm has {} value{}, at least 2 are needed", arm,
                                                     x.size(), x.size() == 1 ? "" : "s")};
  }
  for (const double v : x) {
    if (!std::isfinite(v))
      return NotComparable{not_finite, fmt::format("the {} arm holds a value that is not finite", arm)};
    if (v <= 0.0) {
      return NotComparable{not_positive,
                           fmt::format("the {} arm holds the value {:.6g}, which has no logarithm", arm, v)};
    }
  }
  return std::nullopt;
}

std::vector<double> log2_of(std::span<const double> x) {
  std::vector<double> y(x.size());
  std::transform(x.begin(), x.end(), y.begin(), [](double v) { return std::log2(v); });
  return y;
}

}  // namespace

ComparisonOutcome compare_log2_ratio(std::span<const double> treated, std::span<const double> reference,
                                     double level) {
  require_level(level);
  if (auto why = obstacle(treated, "treated")) return *why;
  if (auto why = obstacle(reference, "reference")) return *why;
  const std::vector<double> a = log2_of(treated);
  const std::vector<double> b = log2_of(reference);
  try {
    const TTest t = welch_t_test(a, b, level);
    return Comparison{t.difference, t.ci,     t.p,      t.statistic,
                      t.df,         a.size(), b.size(), "Welch's t test of log2 values"};
  } catch (
      const StatisticsError&) {  // everything else that the test could object to has been ruled out above
    return NotComparable{NotComparableBecause::no_spread,
                         "neither arm varies between its replicates, so the error is unknown"};
  }
}

}  // namespace stroma::stats
