#include "stats/multiple_comparison.hpp"

#include <fmt/format.h>

#include <cmath>

#include "stats/descriptive.hpp"
#include "stats/error.hpp"
#include "stats/p_adjust.hpp"
#include "stats/studentized_range.hpp"

namespace stroma::stats {

std::vector<TukeyPair> tukey_hsd(const Groups& groups, double level, const std::optional<ErrorTerm>& given) {
  require_level(level);
  const auto [mean_square, df] = given ? *given : error_within(one_way_anova(groups));
  const int k = static_cast<int>(groups.size());
  const double critical = studentized_range_critical(1.0 - level, k, df);
  std::vector<Moments> m;
  for (const auto& g : groups) m.push_back(moments(g, groups.front().front()));
  std::vector<TukeyPair> pairs;
  for (std::size_t i = 0; i < m.size(); ++i) {
    for (std::size_t j = i + 1; j < m.size(); ++j) {
      const double error = std::sqrt(0.5 * mean_square *
                                     (1.0 / static_cast<double>(m[i].n) + 1.0 / static_cast<double>(m[j].n)));
      TukeyPair pair{i, j, static_cast<double>(m[j].mean - m[i].mean), 0.0, 1.0, {}};
      pair.q = std::abs(pair.difference) / error;
      pair.p_adjusted = studentized_range_upper(pair.q, k, df);
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
  return adjust_p(p, Adjustment::holm);
}

}  // namespace stroma::stats
