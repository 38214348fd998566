#include "stats/bartlett.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "stats/descriptive.hpp"
#include "stats/distributions.hpp"
#include "stats/error.hpp"

namespace stroma::stats {

GoodnessOfFit bartlett_test(const Groups& groups) {
  if (groups.size() < 2)
    throw StatisticsError(fmt::format("Bartlett's test: {} groups given, at least 2 needed", groups.size()));
  double squares = 0.0, df = 0.0, logs = 0.0, inverse = 0.0;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    require_sample(groups[i], 2, fmt::format("Bartlett's test, group {}", i + 1));
    const double v = variance(groups[i]);
    if (!(v > 0.0))
      throw StatisticsError(fmt::format("Bartlett's test, group {}: no spread, its variance is 0", i + 1));
    const auto d = static_cast<double>(groups[i].size() - 1);
    squares += d * v;
    df += d;
    logs += d * std::log(v);
    inverse += 1.0 / d;
  }
  const auto k = static_cast<double>(groups.size());
  GoodnessOfFit g;
  g.df = k - 1.0;
  g.statistic =
      std::max(0.0, (df * std::log(squares / df) - logs) / (1.0 + (inverse - 1.0 / df) / (3.0 * (k - 1.0))));
  g.p = chi_square_upper(g.statistic, g.df);
  return g;
}

}  // namespace stroma::stats
