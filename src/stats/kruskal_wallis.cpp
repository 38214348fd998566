#include "stats/kruskal_wallis.hpp"

#include <fmt/format.h>

#include "stats/distributions.hpp"
#include "stats/error.hpp"
#include "stats/ranks.hpp"

namespace stroma::stats {

GoodnessOfFit kruskal_wallis(const Groups& groups) {
  if (groups.size() < 2) {
    throw StatisticsError(
        fmt::format("Kruskal-Wallis test: {} groups given, at least 2 needed", groups.size()));
  }
  std::vector<double> all;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    require_sample(groups[i], 1, fmt::format("Kruskal-Wallis test, group {}", i + 1));
    all.insert(all.end(), groups[i].begin(), groups[i].end());
  }
  const Ranks ranks = average_ranks(all);
  const auto n = static_cast<double>(all.size());
  const double cubes = n * n * n - n;
  if (ranks.tie_sum >= cubes)
    throw StatisticsError("Kruskal-Wallis test: all values are the same, values that differ are needed");
  double between = 0.0;
  std::size_t at = 0;
  for (const auto& group : groups) {
    const auto size = static_cast<double>(group.size());
    double sum = 0.0;
    for (std::size_t i = 0; i < group.size(); ++i) sum += ranks.rank[at++] - 0.5 * (n + 1.0);
    between += sum * sum / size;
  }
  GoodnessOfFit g;
  g.df = static_cast<double>(groups.size() - 1);
  g.statistic = 12.0 * between / (n * (n + 1.0)) / (1.0 - ranks.tie_sum / cubes);
  g.p = chi_square_upper(g.statistic, g.df);
  return g;
}

}  // namespace stroma::stats
