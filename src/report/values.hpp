// Values as every figure and table gives them. NaN: missing or not estimated.
#pragma once

#include <limits>
#include <string>

namespace stroma::report {

inline constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// Ends of an interval, in the unit of the value that it belongs to; NaN where there is none. An infinite end
/// means "not bounded by the data".
struct Interval {
  double low = missing;
  double high = missing;
};

/// A value with its interval (95 % unless the caption says otherwise).
struct Estimate {
  double value = missing;
  Interval interval;
};

/// A place on an axis that the reader should know: a treatment, a half-maximum, a threshold. Drawn as a thin
/// rule with its label.
struct LineMark {
  double at = 0;
  std::string label;
};

}  // namespace stroma::report
