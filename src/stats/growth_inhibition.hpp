// Growth-rate inhibition: the effect of a drug on the rate of growth instead of on the count at the end,
// which depends on how fast the control grew (Hafner et al., Nat. Methods 13, 2016):
//   GR(c) = 2^( log2(x(c)/x0) / log2(xctrl/x0) ) - 1,
// 1 for no effect, 0 for a standstill, below 0 for death; fitted by GR(c) = GRinf + (1 - GRinf) / (1 +
// (c/GEC50)^h).
#pragma once

#include <span>
#include <string>

#include "stats/dose_response.hpp"

namespace stroma::stats {

/// GR of one well: counts (or any measure of them) of the treated and of the control at the end and of both
/// at the beginning, all > 0, control above the beginning; throws StatisticsError otherwise.
double growth_rate_inhibition(double treated, double control, double at_start);

struct GrowthInhibitionFit {
  DoseStatus status = DoseStatus::too_few;
  std::string message;           ///< a sentence where status is not ok
  NonlinearFit fit;              ///< h, GRinf, ln GEC50
  LogisticCurve curve;           ///< slope h, lower GRinf, upper 1, location GEC50
  Ic50 gr50;                     ///< dose of GR = 0.5; not defined where the curve stays above
  double gr_inf = 0.0;           ///< effect of an infinite dose; the mean GR where there is no response
  double gr_max = 0.0;           ///< mean GR at the highest dose tested
  double area_over_curve = 0.0;  ///< mean of 1 - GR over log dose, by trapezoids
  double p_no_response = 1.0;    ///< F test of the curve against a constant
};

/// Fits GR values (at most some way above 1) at doses > 0; h in [0.1, 5] and GRinf in [-1, 1], as published.
/// At least 4 distinct doses. Errors as fit_dose_response.
GrowthInhibitionFit fit_growth_inhibition(std::span<const double> doses, std::span<const double> gr,
                                          double level = 0.95);

}  // namespace stroma::stats
