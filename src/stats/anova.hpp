// One factor, several groups: Fisher's analysis of variance, its Brown-Forsythe form for unequal variances,
// and the test whether the variances are equal. "Brown-Forsythe" names two different tests of the same
// authors; both are here: brown_forsythe_means compares means (Technometrics 16, 1974; the one that GraphPad
// Prism lists beside one-way ANOVA), brown_forsythe_variances compares spreads (J. Am. Stat. Assoc. 69, 1974;
// Levene's test about the medians).
#pragma once

#include <span>
#include <vector>

namespace stroma::stats {

/// The groups of one factor; each span is one group.
using Groups = std::vector<std::span<const double>>;

/// F test of one factor. Sums of squares are in the squared unit of the data.
struct Anova {
  double f = 0.0;
  double df_between = 0.0;
  double df_within = 0.0;
  double p = 1.0;
  double ss_between = 0.0;
  double ss_within = 0.0;
  double r_squared() const { return ss_between / (ss_between + ss_within); }
};

/// The spread that means are compared with, where it is not that within the groups (blocks were taken out).
struct ErrorTerm {
  double mean_square = 0.0;
  double df = 0.0;
};

/// H0: all group means are equal, variances assumed equal. At least 2 groups of n >= 1, more values than
/// groups, and spread within at least one group; throws StatisticsError otherwise. NIST's sets to at least 7
/// digits of F where the data, read as doubles, still hold them.
Anova one_way_anova(const Groups& groups);

inline ErrorTerm error_within(const Anova& a) {
  return {a.ss_within / a.df_within, a.df_within};
}

/// F test with a Satterthwaite denominator, without sums of squares.
struct FTest {
  double f = 0.0;
  double df1 = 0.0;
  double df2 = 0.0;
  double p = 1.0;
};

/// H0: all group means are equal, variances free: F* = sum n_i (m_i - m)^2 / sum (1 - n_i/N) s_i^2. Each
/// group n >= 2.
FTest brown_forsythe_means(const Groups& groups);

/// H0: all group variances are equal: one-way ANOVA of |x - median of its group|. Each group n >= 2.
Anova brown_forsythe_variances(const Groups& groups);

/// The same about the group means, Levene's original (in Olkin, Contributions to Probability and Statistics,
/// 1960); less robust against skewed data.
Anova levene_variances(const Groups& groups);

}  // namespace stroma::stats
