#include "stats/multiple_comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "stats/descriptive.hpp"
#include "stats/error.hpp"
#include "stats/studentized_range.hpp"

namespace stroma::stats {

std::vector<TukeyPair> tukey_hsd(const Groups& groups, double level) {
  require_level(level);
  const Anova a = one_way_anova(groups);
  const double mean_square = a.ss_within / a.df_within;
  const int k = static_cast<int>(groups.size());
  const double critical = studentized_range_critical(1.0 - level, k, a.df_within);
  std::vector<Moments> m;
  for (const auto& g : groups) m.push_back(moments(g, groups.front().front()));
  std::vector<TukeyPair> pairs;
  for (std::size_t i = 0; i < m.size(); ++i) {
    for (std::size_t j = i + 1; j < m.size(); ++j) {
      const double error = std::sqrt(0.5 * mean_square *
                                     (1.0 / static_cast<double>(m[i].n) + 1.0 / static_cast<double>(m[j].n)));
      TukeyPair pair{i, j, static_cast<double>(m[j].mean - m[i].mean), 0.0, 1.0, {}};
      pair.q = std::abs(pair.difference) / error;
      pair.p_adjusted = studentized_range_upper(pair.q, k, a.df_within);
      pair.ci = {pair.difference - critical * error, pair.difference + critical * error};
      pairs.push_back(pair);
    }
  }
  return pairs;
}

std::vector<double> holm_adjust(std::span<const double> p) {
  require_sample(p, 1, "Holm adjustment");
  for (const double v : p) {
    if (v < 0.0 || v > 1.0)
      throw StatisticsError(fmt::format("Holm adjustment: p = {} given, a number in [0, 1] is needed", v));
  }
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  std::vector<double> adjusted(p.size());
  double running = 0.0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    running = std::max(running, static_cast<double>(p.size() - rank) * p[order[rank]]);
    adjusted[order[rank]] = std::min(1.0, running);
  }
  return adjusted;
}

}  // namespace stroma::stats
