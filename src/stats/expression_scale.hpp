// On which scale a table of expression is: logarithms, intensities, FPKM or counts. The rule is that of GEO's
// own analysis, GEO2R (0.99 quantile above 100), made to hold for sequencing too: base-2 logarithms of a
// measurement do not exceed 30, since nothing is counted beyond 2^30, so what does is no logarithm. A few
// such values among many others are typing errors and do not decide. What stays unclear is for the user to
// say.
#pragma once

#include <array>
#include <cstddef>
#include <string>

#include "stats/linear_models.hpp"

namespace stroma::stats {

enum class ExpressionScale {
  log2,
  natural,  ///< natural logarithms
  log10,
  intensity,  ///< raw; the logarithm of what is not above 0 is missing
  fpkm,       ///< raw with zeros (FPKM, TPM): 1 is added before the logarithm
  counts,  ///< whole numbers of reads: log2 of counts per million, (c + 0.5) / (N + 1) 1e6, as limma's voom
  unclear,
};

/// "base-2 logarithms", "raw intensities", ...
std::string name_of(ExpressionScale scale);

/// What the rule saw of all values that are there.
struct LogScale {
  ExpressionScale scale = ExpressionScale::log2;
  std::array<double, 6> quantiles{};  ///< of order 0, 0.25, 0.5, 0.75, 0.99, 1
  std::size_t beyond = 0;             ///< values above 30, which no base-2 logarithm of expression reaches
  std::string reason;                 ///< a sentence with the numbers
  bool logarithms() const {
    return scale == ExpressionScale::log2 || scale == ExpressionScale::log10 ||
           scale == ExpressionScale::natural;
  }
};

/// The largest base-2 logarithm of expression that is believed: 2^30 molecules, reads or grey levels.
/// Assumption.
inline constexpr double largest_log2 = 30.0;

/// Looks at the values; log10 and natural logarithms are never found, only asked for (unclear) where all
/// values are small. Throws StatisticsError for a table without values.
LogScale detect_log_scale(const Table& values);

/// Base-2 logarithms in place, from any scale but `unclear`; a value that has none becomes missing. Counts
/// are taken per million of their column. Returns how many became missing.
std::size_t take_log2(Table& values, ExpressionScale from = ExpressionScale::intensity);

}  // namespace stroma::stats
