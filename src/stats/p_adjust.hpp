// Adjusted p values of many tests at once, as R's p.adjust gives them: of the family-wise error rate
// (Bonferroni; Holm, Scand. J. Stat. 6, 1979; Hochberg, Biometrika 75, 1988; Hommel, Biometrika 75, 1988) and
// of the false discovery rate
// (Benjamini and Hochberg, J. R. Stat. Soc. B 57, 1995; Benjamini and Yekutieli, Ann. Stat. 29, 2001, which
// holds under any dependence).
#pragma once

#include <span>
#include <vector>

namespace stroma::stats {

enum class Adjustment { none, bonferroni, holm, hochberg, hommel, benjamini_hochberg, benjamini_yekutieli };

/// Adjusted p values in the order given. Each p in [0, 1], or NaN for a test that gave none: that one stays
/// NaN and does not count as a test (R's policy for NA). Throws StatisticsError for an empty list and for
/// other numbers. Hommel's procedure takes time with the square of the number of tests, the others n log n.
std::vector<double> adjust_p(std::span<const double> p, Adjustment method);

}  // namespace stroma::stats
