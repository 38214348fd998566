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

std::array<double, 5> LogisticCurve::derivatives(double dose) const {
  if (dose == 0.0) return {0.0, slope > 0.0 ? 0.0 : 1.0, slope > 0.0 ? 1.0 : 0.0, 0.0, 0.0};
  const double log_distance = std::log(dose) - std::log(location);
  const double t = slope * log_distance;
  const double log_denominator = t > 35.0 ? t : std::log1p(std::exp(t));
  const double shape = std::exp(-asymmetry * log_denominator);
  const double by_t = -(upper - lower) * asymmetry * shape / (1.0 + std::exp(-t));
  return {by_t * log_distance, 1.0 - shape, shape, -by_t * slope,
          -(upper - lower) * asymmetry * shape * log_denominator};
}

double LogisticCurve::log_dose_at(double response) const {
  if (!(response > lower && response < upper)) return std::numeric_limits<double>::quiet_NaN();
  const double log_denominator = std::log((upper - lower) / (response - lower)) / asymmetry;
  return std::log(location) + std::log(std::expm1(log_denominator)) / slope;
}

}  // namespace stroma::stats
