// Arrays made comparable: quantile normalisation, after which every sample has the same distribution, the
// mean of the sorted samples (Bolstad et al., Bioinformatics 19, 2003). limma's normalizeQuantiles is the
// check.
#pragma once

#include <string>

#include "stats/linear_models.hpp"

namespace stroma::stats {

/// Whether samples (columns) differ so much in distribution that normalisation is called for: the largest
/// difference between two samples of a quartile or the median, in units of the mean interquartile range.
double distribution_spread(const Table& values);

/// Every column gets the mean quantiles; ties get the mean rank, missing values stay missing and a column's
/// quantiles are interpolated over those that are there. Every column needs at least 2 values; throws
/// StatisticsError otherwise.
void normalise_quantiles(Table& values);

}  // namespace stroma::stats
