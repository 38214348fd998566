// The log-logistic curve of dose-response work, with 3, 4 or 5 parameters:
//   f(x) = lower + (upper - lower) / (1 + (x / location)^slope)^asymmetry
// Finney 1979 and Ritz et al., PLoS ONE 10 (2015); b, c, d, e, f of the R package drc are slope, lower,
// upper, location and asymmetry here. lower < upper always, so a positive slope descends with dose and a
// negative one ascends.
#pragma once

#include <array>

namespace stroma::stats {

enum class LogisticModel {
  three_parameter,  ///< lower fixed by the caller, asymmetry 1
  four_parameter,   ///< asymmetry 1
  five_parameter
};

/// A curve; responses in any unit, doses >= 0 in any unit, `location` > 0 in that of the doses.
struct LogisticCurve {
  double slope = 1.0;
  double lower = 0.0;
  double upper = 1.0;
  double location = 1.0;
  double asymmetry = 1.0;

  /// Response at a dose >= 0. At dose 0 the limit: upper for a descending curve, lower for an ascending one.
  double at(double dose) const;

  /// Response at dose 0, the limit.
  double at_zero() const { return slope > 0.0 ? upper : lower; }

  /// Derivatives of `at` by slope, lower, upper, ln location and ln asymmetry, in this order.
  std::array<double, 5> derivatives(double dose) const;

  /// ln of the dose that gives a response strictly between the asymptotes; NaN for one that the curve never
  /// takes.
  double log_dose_at(double response) const;
};

}  // namespace stroma::stats
