#include "stats/logistic_curve.hpp"

#include <cmath>
#include <limits>

namespace stroma::stats {

double LogisticCurve::at(double dose) const {
  if (dose == 0.0) return at_zero();
  const double t = slope * (std::log(dose) - std::log(location));
  const double log_denominator =
      t > 35.0 ? t : std::log1p(std::exp(t));  // ln(1 + e^t) = t to a double beyond 35
  return lower + (upper - lower) * std::exp(-asymmetry * log_denominator);
}

double LogisticCurve::log_dose_at(double response) const {
  if (!(response > lower && response < upper)) return std::numeric_limits<double>::quiet_NaN();
  const double log_denominator = std::log((upper - lower) / (response - lower)) / asymmetry;
  return std::log(location) + std::log(std::expm1(log_denominator)) / slope;
}

}  // namespace stroma::stats
