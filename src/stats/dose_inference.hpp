// What follows from a fitted dose-response curve: the ratio of two IC50s, the band around the curve, and the
// dose behind a response (back-calculation from a standard curve). All by the delta method (Bates and Watts
// 1988), doses on the logarithmic scale.
#pragma once

#include <span>
#include <string>
#include <variant>
#include <vector>

#include "stats/dose_response.hpp"
#include "stats/interval.hpp"

namespace stroma::stats {

/// Which of the two IC50s of a fit.
enum class Ic50Kind { relative, absolute };

/// IC50 of one fit over that of another.
struct Ic50Ratio {
  double ratio = 1.0;
  double log_se = 0.0;  ///< of ln(ratio): the errors of two independent fits add in squares
  double df = 0.0;      ///< Satterthwaite's
  Interval ci;
  double p = 1.0;             ///< two-sided t test, H0: ratio = 1
  bool extrapolated = false;  ///< one of the IC50s lies outside its tested doses
};

/// Why there is no ratio.
struct RatioUndefined {
  std::string reason;
};

/// Ratio of the IC50s of two fits to different observations; how many times more drug the first needs than
/// the second.
std::variant<Ic50Ratio, RatioUndefined> ic50_ratio(const DoseResponseFit& first,
                                                   const DoseResponseFit& second,
                                                   Ic50Kind kind = Ic50Kind::relative, double level = 0.95);

/// The curve and the pointwise confidence interval of its mean at one dose.
struct BandPoint {
  double dose = 0.0;
  double response = 0.0;
  Interval ci;  ///< infinite where the fit has no covariance
};

/// Band over doses >= 0. The fit must have a curve (not too_few); throws StatisticsError otherwise.
std::vector<BandPoint> confidence_band(const DoseResponseFit& fit, std::span<const double> doses,
                                       double level = 0.95);

enum class DoseRange { inside, below, above };

/// The dose behind a response.
struct BackCalculation {
  DoseRange range =
      DoseRange::inside;  ///< of the positive standards; not inside: below or above what was calibrated
  bool defined = false;   ///< false where the response lies beyond an asymptote: no dose gives it
  double response = 0.0;  ///< mean of the replicates
  double dose = 0.0;      ///< NaN where not defined
  Interval ci;            ///< of the dose, errors of curve and response; (0, infinity) where there is none
  double curve_log_se = 0.0;  ///< of ln(dose), by the curve's own error; infinite where not determined
  double noise_log_se = 0.0;  ///< and by that of the mean of the replicates, as the fit's residuals scatter
};

/// Reads the mean of n >= 1 replicate responses back from a usable fit (see DoseResponseFit::usable; throws
/// StatisticsError for another). `weight` is the replicates' weight in the sense of the fit's weights: their
/// variance is residual_sd^2 / weight.
BackCalculation back_calculate(const DoseResponseFit& fit, std::span<const double> responses,
                               double level = 0.95, double weight = 1.0);

}  // namespace stroma::stats
