// The area under a dose-response curve over the logarithm of dose, as a share of what an untreated control
// would have given: 1 for a drug without effect. It needs no IC50 (Fallahi-Sichani et al., Nat. Chem. Biol.
// 9, 2013).
#pragma once

#include <span>

#include "stats/logistic_curve.hpp"

namespace stroma::stats {

/// Trapezoids through the mean responses of the distinct positive doses, divided by ln(highest / lowest) and
/// by `control`. As many doses (>= 0) as responses, at least two distinct positive doses, control > 0; throws
/// StatisticsError otherwise.
double area_under_responses(std::span<const double> doses, std::span<const double> responses, double control);

/// The same of a curve between two doses, 0 < low < high; relative accuracy 1e-9.
double area_under_curve(const LogisticCurve& curve, double low, double high, double control);

}  // namespace stroma::stats
