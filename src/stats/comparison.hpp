// The comparison behind a finding: Welch's t test on the base-2 logarithms of a treated and a reference arm.
// The effect is the log2 ratio of geometric means, so it is 1 for a doubling and -1 for a halving, whatever
// the unit.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <variant>

#include "stats/interval.hpp"

namespace stroma::stats {

/// Two arms compared.
struct Comparison {
  double effect = 0.0;  ///< log2(geometric mean of treated / geometric mean of reference)
  Interval ci;          ///< of the effect, 95 % unless asked otherwise
  double p = 1.0;       ///< two-sided, H0: effect = 0
  double statistic = 0.0;
  double df = 0.0;
  std::size_t n_treated = 0;
  std::size_t n_reference = 0;
  std::string test;  ///< "Welch's t test of log2 values"
};

/// Why two arms cannot be compared on the log scale.
enum class NotComparableBecause { too_few_values, not_positive, not_finite, no_spread };

struct NotComparable {
  NotComparableBecause because{};
  std::string reason;  ///< a sentence with the numbers
};

using ComparisonOutcome = std::variant<Comparison, NotComparable>;

/// Compares two arms of a positive readout, each n >= 2. Data that do not allow it (fewer values, zeros,
/// neither arm with spread) give NotComparable, since such arms are results of experiments and not mistakes
/// of a caller; only a level outside (0, 1) throws StatisticsError.
ComparisonOutcome compare_log2_ratio(std::span<const double> treated, std::span<const double> reference,
                                     double level = 0.95);

}  // namespace stroma::stats
