// One factor in blocks (experiments, plates, litters): y = block + group + e, groups of any sizes, blocks
// complete or not. The sum of squares of the groups is what they add beside the blocks, and that of the
// blocks what they add beside the groups (type II of two_way_anova; R: anova(lm(y ~ block + group))). Fisher,
// The Design of Experiments, 1935, chapter IV.
#pragma once

#include <cstddef>
#include <vector>

#include "stats/anova.hpp"

namespace stroma::stats {

struct BlockedAnova {
  Anova groups;  ///< beside the blocks; `ss_within`, `df_within`: what neither explains
  double ss_blocks = 0.0, df_blocks = 0.0, f_blocks = 0.0, p_blocks = 1.0;
  bool complete = false;  ///< every block holds every group equally often: the means compare as they are
};

/// `block`: the index of each value's block (from 0), as `groups`. At least 2 groups and 2 blocks, a residual
/// degree of freedom and residual spread, groups connected by blocks; throws StatisticsError otherwise.
BlockedAnova blocked_anova(const Groups& groups, const std::vector<std::vector<std::size_t>>& block);

}  // namespace stroma::stats
