#include "report/pooled_curve.hpp"

#include <algorithm>
#include <cmath>

#include "stats/dose_inference.hpp"

namespace stroma::report {

std::vector<CurveSample> pooled_curve(const std::vector<double>& doses,
                                      const std::vector<double>& responses) {
  if (doses.empty() || *std::max_element(doses.begin(), doses.end()) <= 0.0) return {};
  const stats::DoseResponseFit fit = stats::fit_dose_response(doses, responses);
  if (!fit.usable()) return {};
  std::vector<double> at;
  for (int k = 0; k <= 60; ++k)
    at.push_back(fit.lowest_dose / 2.0 * std::pow(fit.highest_dose / fit.lowest_dose * 2.4, k / 60.0));
  std::vector<CurveSample> curve;
  for (const stats::BandPoint& p : stats::confidence_band(fit, at))
    curve.push_back({p.dose, p.response, {p.ci.low, p.ci.high}});
  return curve;
}

}  // namespace stroma::report
