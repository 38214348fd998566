// Many comparisons at once: all pairs of means by Tukey's honest significant difference (Kramer's form for
// unequal group sizes, Biometrics 12, 1956) and the step-down adjustment of any set of p values by Holm
// (Scand. J. Stat. 6, 1979).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "stats/anova.hpp"
#include "stats/interval.hpp"

namespace stroma::stats {

/// One pair of groups: `difference` = mean of group `second` - mean of group `first`, indices from 0.
struct TukeyPair {
  std::size_t first = 0;
  std::size_t second = 0;
  double difference = 0.0;
  double q = 0.0;           ///< |difference| / sqrt(MS_within / 2 (1/n1 + 1/n2))
  double p_adjusted = 1.0;  ///< P(Q >= q) of the studentized range
  Interval ci;              ///< simultaneous over all pairs
};

/// All pairs (0,1), (0,2), ..., (1,2), ... of the groups that one_way_anova takes. p to 1e-9 relative
/// (quadrature). `error`: another spread than that within the groups.
std::vector<TukeyPair> tukey_hsd(const Groups& groups, double level = 0.95,
                                 const std::optional<ErrorTerm>& error = {});

/// Holm's adjusted p values, in the order given; each p in [0, 1].
std::vector<double> holm_adjust(std::span<const double> p);

}  // namespace stroma::stats
