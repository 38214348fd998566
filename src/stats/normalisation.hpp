// Arrays made comparable: are the values logarithms already, and quantile normalisation, after which every
// sample has the same distribution, the mean of the sorted samples (Bolstad et al., Bioinformatics 19, 2003).
// limma's normalizeQuantiles is the check; the rule for logarithms is the one of GEO's own analysis, GEO2R.
#pragma once

#include <array>
#include <string>

#include "stats/linear_models.hpp"

namespace stroma::stats {

/// What the rule saw: quantiles of order 0, 0.25, 0.5, 0.75, 0.99, 1 of all values that are there.
struct LogScale {
  bool logarithms = true;
  std::array<double, 6> quantiles{};
  std::string reason;  ///< a sentence with the numbers
};

/// GEO2R's rule: values are not logarithms where the 0.99 quantile is above 100, or where the range is above
/// 50 and the lower quartile above 0. Throws StatisticsError for a table without values.
LogScale detect_log_scale(const Table& values);

/// Base-2 logarithms in place; a value not above 0 becomes missing. Returns how many did.
std::size_t take_log2(Table& values);

/// Whether samples (columns) differ so much in distribution that normalisation is called for: the largest
/// difference between two samples of a quartile or the median, in units of the mean interquartile range.
double distribution_spread(const Table& values);

/// Every column gets the mean quantiles; ties get the mean rank, missing values stay missing and a column's
/// quantiles are interpolated over those that are there. Every column needs at least 2 values; throws
/// StatisticsError otherwise.
void normalise_quantiles(Table& values);

}  // namespace stroma::stats
