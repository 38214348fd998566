// The one exception of the module: an argument with which no statistic can be computed. Outcomes that data
// may legitimately have (a fit that fails, arms that cannot be compared) are values, not exceptions.
#pragma once

#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace stroma::stats {

/// A sample or option that a statistic is not defined for; the message says what was given and what is
/// needed.
class StatisticsError : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

/// Throws StatisticsError where `values` has fewer than `least` elements or one that is not finite; `what`
/// names it.
void require_sample(std::span<const double> values, std::size_t least, std::string_view what);

/// Throws StatisticsError where `level` is not inside (0, 1).
void require_level(double level);

}  // namespace stroma::stats
