// Many genes, few samples: residual variances borrow strength from each other (Smyth, Stat. Appl. Genet. Mol.
// Biol. 3, 2004, article 3). With s0^2 and d0 the scale and degrees of freedom of an inverse chi-square prior
// fitted to the log variances by their mean and variance,
//   s~^2 = (d0 s0^2 + d s^2) / (d0 + d),   t~ = effect / (s~ u),   df = d0 + d,
// u the unscaled error. The log odds that a gene changes at all take a share `proportion` of changing genes
// and a variance of true effects estimated from the largest t~. R's eBayes and topTable (limma) are the
// check.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "stats/linear_models.hpp"

namespace stroma::stats {

/// The prior of variances. Infinite `df`: the genes' variances differ no more than chance makes them.
struct VariancePrior {
  double variance = 0.0;
  double df = 0.0;
  std::string warning;  ///< a sentence where zero variances make the fit doubtful
};

/// Fitted to residual variances (NaN or without df: left out) with `df` each. At least one usable; from one
/// alone df = 0. Throws StatisticsError otherwise.
VariancePrior fit_variance_prior(std::span<const double> variance, std::span<const double> df);

/// Per gene, and genes x contrasts. NaN where there is no estimate.
struct ModeratedTests {
  VariancePrior prior;
  std::vector<double> variance;  ///< s~^2
  std::vector<double> df;        ///< d0 + d, at most the sum of all d
  Table t;
  Table p;         ///< two-sided
  Table log_odds;  ///< natural logarithm
};

/// `proportion` in (0, 1). Throws StatisticsError where no gene has residual degrees of freedom.
ModeratedTests moderate(const LinearModels& models, double proportion = 0.01);

}  // namespace stroma::stats
