#include "stats/blocked_anova.hpp"

#include <fmt/format.h>

#include "stats/error.hpp"
#include "stats/two_way_anova.hpp"

namespace stroma::stats {

BlockedAnova blocked_anova(const Groups& groups, const std::vector<std::vector<std::size_t>>& block) {
  if (block.size() != groups.size())
    throw StatisticsError(
        fmt::format("blocked ANOVA: {} groups with blocks of {}", groups.size(), block.size()));
  std::vector<double> values;
  std::vector<std::size_t> group, of_block;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (block[i].size() != groups[i].size() || groups[i].empty())
      throw StatisticsError(
          fmt::format("blocked ANOVA: group {} has {} values and {} blocks, as many are needed", i + 1,
                      groups[i].size(), block[i].size()));
    values.insert(values.end(), groups[i].begin(), groups[i].end());
    group.insert(group.end(), groups[i].size(), i);
    of_block.insert(of_block.end(), block[i].begin(), block[i].end());
  }
  const TwoWayAnova t = two_way_anova(values, group, of_block, false);
  BlockedAnova b;
  b.groups = {t.first.f, t.first.df, t.residual_df, t.first.p, t.first.ss, t.residual_ss};
  b.ss_blocks = t.second.ss;
  b.df_blocks = t.second.df;
  b.f_blocks = t.second.f;
  b.p_blocks = t.second.p;
  b.complete = t.balanced;
  return b;
}

}  // namespace stroma::stats
