// The two-sample rank test (Wilcoxon, Biometrics 1, 1945; Mann and Whitney, Ann. Math. Stat. 18, 1947) and
// the shift between two samples as the median of all pairwise differences (Hodges and Lehmann, Ann. Math.
// Stat. 34, 1963; its interval by Bauer, J. Am. Stat. Assoc. 67, 1972). p is exact where both samples have
// fewer than 50 values: over all ways to choose the first sample's ranks among those that were seen, ties
// included (the permutation law; p is the chance of a sum at least as far from its mean). The interval with
// ties is that of the normal law, as in R's wilcox.test.
#pragma once

#include <cstddef>
#include <span>

#include "stats/interval.hpp"

namespace stroma::stats {

struct MannWhitney {
  std::size_t n_first = 0;
  std::size_t n_second = 0;
  double u = 0.0;                ///< pairs in which the first is larger, ties count one half; W in R
  double p = 1.0;                ///< two-sided, H0: both samples come from one distribution
  bool exact = false;            ///< otherwise the normal law, corrected for ties and continuity
  bool ties = false;             ///< some values are equal: the interval is that of the normal law
  double p_normal = 1.0;         ///< by the normal law, where there are ties or many values (R's p)
  double shift = 0.0;            ///< median of first - second over all pairs, in the unit of the data
  Interval ci;                   ///< of the shift; its ends are pairwise differences
  double achieved_level = 0.95;  ///< of an exact interval: at least the level asked for, less where the
                                 ///< samples are too small for it; the level asked for otherwise
};

/// Each sample n >= 1; not all values of both the same; level in (0, 1). Throws StatisticsError otherwise.
MannWhitney mann_whitney(std::span<const double> x, std::span<const double> y, double level = 0.95);

}  // namespace stroma::stats
