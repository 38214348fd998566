// Quantiles of many pixels: the order statistic itself, found without sorting.
#pragma once

#include <vector>

namespace stroma::imaging {

/// The value at position floor((n - 1) p) of the sorted values, p in [0, 1]; always one of the values, so
/// that an integer picture has integer quantiles. Throws core::InternalError without values or with a p
/// outside.
double quantile_of(std::vector<float> values, double p);

/// 1.4826 x the median distance from the median: the standard deviation of normal noise under few bright
/// objects (Hampel, J. Am. Stat. Assoc. 69, 1974).
double robust_sd(const std::vector<float>& values);

}  // namespace stroma::imaging
