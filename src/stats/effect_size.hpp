// How large a difference is, with intervals: standardised differences of means (Cohen's d and Hedges' g, with
// limits from the noncentral t law; Hedges and Olkin 1985), the share of variance that a factor explains (eta
// squared, noncentral F; Steiger, Psychol. Methods 9, 2004), and the rank-based Cliff's delta (Psychol. Bull.
// 114, 1993), which is the rank-biserial correlation of two samples under another name.
#pragma once

#include <span>

#include "stats/anova.hpp"
#include "stats/interval.hpp"

namespace stroma::stats {

/// An effect size and its interval.
struct EffectSize {
  double value = 0.0;
  Interval ci;
};

/// Difference of means (first - second) over the pooled standard deviation, with the exact interval for
/// normal data of equal variance. Samples as for student_t_test.
EffectSize cohens_d(std::span<const double> x, std::span<const double> y, double level = 0.95);

/// Mean of the differences x - y over their standard deviation. Samples as for paired_t_test.
EffectSize cohens_d_paired(std::span<const double> x, std::span<const double> y, double level = 0.95);

/// Cohen's d without its small-sample bias: multiplied, ends included, by
/// Gamma(df/2) / (sqrt(df/2) Gamma((df-1)/2)).
EffectSize hedges_g(std::span<const double> x, std::span<const double> y, double level = 0.95);

/// Share of the sum of squares that lies between the groups (partial, where there are other factors), from an
/// F statistic; the ends are lambda / (lambda + df1 + df2 + 1) at the noncentralities that put F on the two
/// quantiles.
EffectSize eta_squared(double f, double df1, double df2, double level = 0.95);

/// P(x > y) - P(x < y) over all pairs, in [-1, 1]: 2 U / (n m) - 1. Interval from the consistent variance and
/// asymmetric about the value (Feng and Cliff, J. Mod. Appl. Stat. Methods 3, 2004). Each sample n >= 2.
EffectSize cliffs_delta(std::span<const double> x, std::span<const double> y, double level = 0.95);

}  // namespace stroma::stats
