// Spearman's rank correlation (Am. J. Psychol. 15, 1904): Pearson's r of the average ranks. p without ties
// from the law of S = sum (rank x - rank y)^2, exact for n <= 9 and by the Edgeworth series of Best and
// Roberts (algorithm AS 89, Appl. Stat. 24, 1975) up to n = 1290; with ties over all pairings of the ranks
// that were seen for n <= 11; otherwise from Student's t, as in R's cor.test. Far out in the tails that
// series turns negative, and R prints 0; there p is exact for n <= 12 and for a perfect order, and from t
// otherwise. The interval is Fisher's z with the variance (1 + r^2/2) / (n - 3) of Bonett and Wright
// (Psychometrika 65, 2000).
#pragma once

#include <cstddef>
#include <span>

#include "stats/interval.hpp"

namespace stroma::stats {

/// How a p value was found.
enum class SpearmanMethod { exact, edgeworth, student_t, permutation };

struct Spearman {
  std::size_t n = 0;
  double rho = 0.0;
  double s = 0.0;  ///< (n^3 - n) (1 - rho) / 6; the sum of squared rank differences where there are no ties
  double p = 1.0;  ///< two-sided, H0: no association
  SpearmanMethod method = SpearmanMethod::student_t;
  double p_student = 1.0;  ///< by Student's t (R's p where there are ties)
  Interval ci;             ///< [-1, 1] for n = 3
};

/// As many x as y, n >= 3 finite pairs, neither constant; level in (0, 1). Throws StatisticsError otherwise.
Spearman spearman(std::span<const double> x, std::span<const double> y, double level = 0.95);

}  // namespace stroma::stats
