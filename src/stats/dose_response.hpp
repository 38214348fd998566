// Fits a logistic curve to doses and responses and says what it is worth: the IC50 with an interval on the
// logarithmic scale, or in words why there is none. Starting values come from a grid over slope and location
// in which the asymptotes are linear and solved for exactly, so the caller gives none. A dose of 0 is allowed
// and means the limit of the curve.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "stats/anova.hpp"
#include "stats/interval.hpp"
#include "stats/logistic_curve.hpp"
#include "stats/nonlinear_fit.hpp"

namespace stroma::stats {

/// What the caller knows about the sign of the effect.
enum class Direction { either, descending, ascending };

struct DoseResponseOptions {
  LogisticModel model = LogisticModel::four_parameter;
  Direction direction = Direction::either;
  double fixed_lower = 0.0;  ///< the lower asymptote of the 3-parameter model
  std::optional<double>
      half_response;  ///< response of the absolute IC50; half of the fitted response at dose 0 if not set
  std::vector<double> weights;  ///< one positive weight per observation, or none
  double level = 0.95;          ///< of intervals
  /// Outlying observations get less weight, or none: Tukey's biweight (see robust_dose_response.cpp). The
  /// F test against a constant is then that of the last weighted fit, an approximation.
  bool robust = false;
};

enum class DoseStatus {
  ok,
  outside_doses,   ///< a fit, but its IC50 lies beyond the tested doses: an extrapolation
  no_response,     ///< the doses explain no more than chance (F test against a constant, p >= 0.05)
  not_determined,  ///< the data leave a parameter open, for example a plateau that was not reached
  not_converged,   ///< no minimum was found
  too_few          ///< fewer distinct doses than parameters, or no observation to spare
};

/// A dose with a named meaning. `ci` is symmetric about the logarithm: value * exp(-+ t log_se); it is (0,
/// infinity) where the data leave it open.
struct Ic50 {
  bool defined = false;  ///< false where the curve never takes that response
  double value = 0.0;    ///< unit of the doses
  double log_se = 0.0;   ///< standard error of ln(value); infinite where the data leave it open
  Interval ci;
  double response = 0.0;  ///< the response at this dose
};

struct DoseResponseFit {
  DoseStatus status = DoseStatus::too_few;
  std::string message;  ///< a sentence where status is not ok
  LogisticModel model = LogisticModel::four_parameter;
  LogisticCurve curve;
  /// Estimates of slope, lower (not for 3 parameters), upper, ln location, ln asymmetry (5 parameters only),
  /// in this order.
  NonlinearFit fit;
  /// The dose of the response midway between the two fitted asymptotes (GraphPad's and drc's "relative"
  /// IC50).
  Ic50 relative_ic50;
  /// The dose of half of the response at dose 0, or of `half_response` ("absolute" IC50, 50 % of control).
  Ic50 absolute_ic50;
  double lowest_dose = 0.0;  ///< smallest positive dose
  double highest_dose = 0.0;
  double p_no_response = 1.0;  ///< F test of the curve against a constant
  double r_squared = 0.0;
  std::optional<FTest> lack_of_fit =
      std::nullopt;  ///< where doses are repeated (lack_of_fit.hpp); not of robust fits
  double level = 0.95;
  std::vector<double> robust_weights;  ///< of a robust fit, from 0 (ignored) to 1; otherwise empty

  /// A curve that may be drawn and inverted: ok or outside_doses.
  bool usable() const { return status == DoseStatus::ok || status == DoseStatus::outside_doses; }
  /// The curve with other values of the fit's parameters.
  LogisticCurve curve_of(std::span<const double> parameters) const;
};

/// Fits n observations; doses >= 0 and finite, at least one positive; responses finite; as many of both.
/// Throws StatisticsError for input that is none of this; a fit that fails has a status instead. Accuracy:
/// parameters to 1e-6 relative of the exact minimum (drc's ryegrass example to 1e-6).
DoseResponseFit fit_dose_response(std::span<const double> doses, std::span<const double> responses,
                                  const DoseResponseOptions& options = {});

}  // namespace stroma::stats
